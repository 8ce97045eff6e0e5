//! The table of actors: a column `id`, then columns of what is known of each.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{Problem, ReadError};
use super::ids::Ids;
use super::records::Records;

/// The actors of a network and the columns of their traits.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    pub ids: Ids,
    pub columns: Vec<Column>,
}

/// What one column says of each actor.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    /// For each actor the number of its label.
    pub codes: Vec<u32>,
    /// The different texts of the column, in the order of first appearance. An empty cell is the label "".
    pub labels: Ids,
}

impl Actors {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl Column {
    /// What the column says of an actor.
    #[must_use]
    pub fn label(&self, actor: u32) -> Option<&str> {
        self.labels.get(*self.codes.get(actor as usize)?)
    }
}

const EXPECTED: &str = "id and then the columns of traits";

/// Reads the table of actors.
///
/// # Errors
/// When the file cannot be read, has no column `id`, or an id is empty or stands there twice.
pub fn actors(path: &Path) -> Result<Actors, ReadError> {
    let file = path.display().to_string();
    match File::open(path) {
        Ok(input) => actors_from(input, &file),
        Err(error) => Err(ReadError { file, line: 0, column: 0, problem: Problem::Io(error) }),
    }
}

/// Reads the table of actors from any source; `file` is what errors call it.
///
/// # Errors
/// As [`actors`].
pub fn actors_from(input: impl Read, file: &str) -> Result<Actors, ReadError> {
    let mut records = Records::new(input, file)?;
    let names = header(&mut records, EXPECTED)?;
    let Some(id_field) = names.iter().position(|name| name.eq_ignore_ascii_case("id")) else {
        return Err(records.error(0, Problem::NoColumn { name: "id", expected: EXPECTED }));
    };
    let mut ids = Ids::new();
    let column = |name: &String| Column { name: name.clone(), codes: Vec::new(), labels: Ids::new() };
    let mut columns: Vec<Column> = names.iter().map(column).collect();
    while records.advance()? {
        check_width(&records, names.len())?;
        let id = records.text(id_field)?;
        if id.is_empty() {
            return Err(records.error_in(id_field, Problem::NoId));
        }
        let expected = ids.len();
        match ids.number(id) {
            Some(number) if number as usize == expected => {}
            Some(_) => return Err(records.error_in(id_field, Problem::IdTwice { id: id.to_owned() })),
            None => return Err(records.error(0, too_many())),
        }
        for (field, column) in columns.iter_mut().enumerate() {
            if field == id_field {
                continue;
            }
            let code =
                column.labels.number(records.text(field)?).ok_or_else(|| records.error(0, too_many()))?;
            column.codes.push(code);
        }
    }
    columns.remove(id_field);
    Ok(Actors { ids, columns })
}

pub(super) fn too_many() -> Problem {
    Problem::TooManyActors { limit: u32::MAX - 1 }
}

/// The names in the header, none twice.
pub(super) fn header<R: Read>(
    records: &mut Records<R>,
    expected: &'static str,
) -> Result<Vec<String>, ReadError> {
    if !records.advance()? {
        return Err(records.error(0, Problem::Empty { expected }));
    }
    let mut names: Vec<String> = Vec::with_capacity(records.len());
    for field in 0..records.len() {
        let name = records.text(field)?.trim().to_owned();
        if !name.is_empty() && names.contains(&name) {
            return Err(records.error_in(field, Problem::ColumnTwice { name }));
        }
        names.push(name);
    }
    Ok(names)
}

/// A line may leave off empty fields at its end, but the first columns must be there.
pub(super) fn check_width<R: Read>(records: &Records<R>, expected: usize) -> Result<(), ReadError> {
    let found = records.len();
    if found == expected { Ok(()) } else { Err(records.error(0, Problem::Fields { found, expected })) }
}
