//! Values, rows and how Rust types become them. Five types are all the dialect has: text, 64-bit integers, doubles,
//! booleans and bytes.

use crate::Error;

/// One cell or one parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// What may stand behind `$1`.
pub trait ToValue {
    fn to_value(&self) -> Value;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
}
impl ToValue for i32 {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}
impl ToValue for u32 {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}
impl ToValue for usize {
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}
impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}
impl ToValue for str {
    /// U+0000 is refused by PostgreSQL and means nothing in a text: it is dropped.
    fn to_value(&self) -> Value {
        if self.contains('\0') { Value::Text(self.replace('\0', "")) } else { Value::Text(self.to_owned()) }
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

/// The parameters of a statement, in the order of `$1`, `$2` …
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] };
}

/// Puts these ids behind the parameters and answers how `IN (…)` names them. There are always 1, 2, 4, 8 … of them, the
/// last one repeated, so that a database meets few different statements and keeps each prepared; an empty list is one id
/// that nothing has.
///
/// `let ids = listed(&mut parameters, found);` `format!("… WHERE id IN ({ids})")`
pub fn listed<T: ToValue>(parameters: &mut Vec<Value>, ids: impl IntoIterator<Item = T>) -> String {
    let first = parameters.len();
    parameters.extend(ids.into_iter().map(|id| id.to_value()));
    let count = (parameters.len() - first).max(1).next_power_of_two();
    let last = if parameters.len() > first { parameters.last().cloned() } else { None };
    parameters.resize(first + count, last.unwrap_or(Value::Int(0)));
    let marks: Vec<String> = (first + 1..=first + count).map(|n| format!("${n}")).collect();
    marks.join(", ")
}

/// One row as the database gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The cells from left to right.
    #[must_use]
    pub fn cells(self) -> Cells {
        Cells { cells: self.0.into_iter(), taken: 0 }
    }

    /// The raw values, for dumps that know no type.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.0
    }
}

/// Reads a row from left to right, so that a struct's fields stand in the order of the SELECT.
#[derive(Debug)]
pub struct Cells {
    cells: std::vec::IntoIter<Value>,
    taken: usize,
}

impl Cells {
    /// The next cell.
    ///
    /// # Errors
    /// [`Error::Fault`] when there is none or it is of another type.
    pub fn take<T: FromCell>(&mut self) -> Result<T, Error> {
        self.taken += 1;
        let cell = self.cells.next().ok_or_else(|| Error::Fault(format!("no column {}", self.taken)))?;
        T::from_cell(cell).map_err(|found| {
            Error::Fault(format!("column {} is {found}, not {}", self.taken, std::any::type_name::<T>()))
        })
    }
}

/// What a cell may become. The error is the name of what was found.
pub trait FromCell: Sized {
    /// # Errors
    /// The kind of cell found, when it is not of this type.
    fn from_cell(cell: Value) -> Result<Self, &'static str>;
}

impl Value {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Bool(_) => "a boolean",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

impl FromCell for Value {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        Ok(cell)
    }
}
impl FromCell for i64 {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Int(n) => Ok(n),
            other => Err(other.kind()),
        }
    }
}
impl FromCell for f64 {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Real(x) => Ok(x),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite gives whole reals back as integers at times"
            )]
            Value::Int(n) => Ok(n as f64),
            other => Err(other.kind()),
        }
    }
}
impl FromCell for bool {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Bool(b) => Ok(b),
            // SQLite has no booleans of its own
            Value::Int(n) => Ok(n != 0),
            other => Err(other.kind()),
        }
    }
}
impl FromCell for String {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Text(text) => Ok(text),
            other => Err(other.kind()),
        }
    }
}
impl FromCell for Vec<u8> {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(other.kind()),
        }
    }
}
impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Value) -> Result<Self, &'static str> {
        match cell {
            Value::Null => Ok(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

/// What a row may become.
pub trait FromRow: Sized {
    /// # Errors
    /// [`Error::Fault`] when a column is missing or of another type.
    fn from_row(cells: &mut Cells) -> Result<Self, Error>;
}

impl FromRow for Row {
    fn from_row(cells: &mut Cells) -> Result<Self, Error> {
        Ok(Self(cells.cells.by_ref().collect()))
    }
}
impl<T: FromCell> FromRow for T {
    fn from_row(cells: &mut Cells) -> Result<Self, Error> {
        cells.take()
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => { $(
        impl<$($name: FromCell),+> FromRow for ($($name,)+) {
            fn from_row(cells: &mut Cells) -> Result<Self, Error> {
                Ok(($(cells.take::<$name>()?,)+))
            }
        }
    )+ };
}
tuples! { A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I; }

/// A column's name and its type by the word both databases share.
pub(crate) fn column(row: Row) -> Result<(String, String), Error> {
    let mut cells = row.cells();
    let (name, kind): (String, String) = (cells.take()?, cells.take()?);
    let kind = match kind.as_str() {
        "double precision" => "double",
        "bytea" => "bytes",
        other => other,
    };
    Ok((name, kind.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_any_length_make_few_statements() {
        let mut parameters = params!["first"].to_vec();
        assert_eq!(listed(&mut parameters, [7_i64, 8, 9]), "$2, $3, $4, $5");
        let ids: Vec<Value> = [7, 8, 9, 9].map(Value::Int).to_vec();
        assert_eq!(parameters.get(1..), Some(ids.as_slice()), "the last one stands again in what is left");
        assert_eq!(listed(&mut parameters, [4_i64]), "$6");

        let mut none = Vec::new();
        assert_eq!(listed::<i64>(&mut none, []), "$1");
        assert_eq!(none, [Value::Int(0)], "an id nothing has");
    }
}
