//! A table as people draw it: rows with their own numbers, cells of a few kinds, merged spans.
//!
//! Workbooks and delimited text both become this, so that the rules of an import are written once.

/// One cell, as stored: nothing is trimmed or normalized yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing there.
    #[default]
    Empty,
    /// Text as written, line breaks kept.
    Text(String),
    /// A plain number.
    Number(f64),
    /// A number shown as a date or time: days since the workbook's epoch.
    Serial(f64),
    /// TRUE or FALSE.
    Logical(bool),
    /// An error value such as `#N/A`.
    Error(String),
    /// A formula that was saved without its result.
    FormulaWithoutValue,
}

impl Cell {
    /// True where there is nothing to read: no cell, or text of spaces only.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| {
                c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}')
            }),
            _ => false,
        }
    }
}

/// One row; cells by column from 0, missing ones at the end are empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The number a person sees: the sheet's own row number, or the record's number in a text, from 1.
    pub number: u32,
    /// The cells.
    pub cells: Vec<Cell>,
    /// Some bytes of this row are no letters in the file's encoding.
    pub undecodable: bool,
}

impl Row {
    /// The cell of a column, [`Cell::Empty`] beyond the row's end.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(NOTHING)
    }

    /// True where no cell holds anything.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// A merged block: rows by number from 1, columns from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First row number.
    pub first_row: u32,
    /// Last row number.
    pub last_row: u32,
    /// First column.
    pub first_column: u32,
    /// Last column.
    pub last_column: u32,
}

impl Span {
    /// How many columns wide.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.last_column.saturating_sub(self.first_column).saturating_add(1)
    }
}

/// Whether a person sees the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Shown as a tab.
    Visible,
    /// Hidden by a person.
    Hidden,
    /// Hidden by a program.
    VeryHidden,
}

/// A named table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The tab's name; empty for a text file.
    pub name: String,
    /// Whether a person sees it.
    pub visibility: Visibility,
    /// Rows that hold something, in order; blank rows of a workbook may be missing.
    pub rows: Vec<Row>,
    /// Merged blocks.
    pub spans: Vec<Span>,
}

/// The spreadsheet's name of a cell: column 0, row 2 is `A2`.
#[must_use]
pub fn cell_name(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    let mut name: String = letters.iter().rev().collect();
    name.push_str(&row.to_string());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_a_spreadsheet_names_them() {
        assert_eq!(cell_name(0, 2), "A2");
        assert_eq!(cell_name(25, 1), "Z1");
        assert_eq!(cell_name(26, 10), "AA10");
        assert_eq!(cell_name(16_383, 1), "XFD1");
    }

    #[test]
    fn a_cell_of_spaces_and_invisible_letters_is_blank() {
        assert!(Cell::Text(" \u{a0}\u{200b}\n".into()).is_blank());
        assert!(!Cell::Number(0.0).is_blank());
    }
}
