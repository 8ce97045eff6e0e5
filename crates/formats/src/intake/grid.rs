//! From a sheet to its rows of data (rule 2): where the heading is, what merged cells and ditto marks stand for, and
//! which rows hold no entry.

use std::collections::HashMap;

use thai::text::normalize;

use super::headings::{self, CERTAIN, Column, Mapping, TableKind};
use super::plan::{Skipped, Source, TableRead};
use crate::table::{Cell, Row, Sheet};

/// A heading is looked for in so many rows from the top.
const HEADING_WITHIN: usize = 200;
/// A gap of more rows than this is the end of a table, not a list of blank rows.
const LONGEST_GAP: u32 = 1_000;
/// So many cells of merged blocks are filled, no more.
const MOST_FILLED: usize = 500_000;
/// A merged block this wide is a section's title.
const SECTION_WIDTH: u32 = 5;

/// A table understood.
#[derive(Debug)]
pub struct Grid {
    /// Which sheet of the file it is, from 0.
    pub number: u16,
    /// What it lists.
    pub kind: TableKind,
    /// How its columns were understood.
    pub read: TableRead,
    /// Its rows of data.
    pub rows: Vec<DataRow>,
    /// Rows that hold no entry.
    pub skipped: Vec<Skipped>,
    /// How many headings there are, known or not.
    pub headings: usize,
    columns: Vec<(usize, Column)>,
}

/// A row of data, merged cells and ditto marks filled in.
#[derive(Debug)]
pub struct DataRow {
    /// Where it stands.
    pub source: Source,
    /// Its cells by column.
    pub cells: Vec<Cell>,
    /// Some bytes were no letters.
    pub undecodable: bool,
}

impl Grid {
    /// Reads a sheet; `None` where no heading is found.
    #[must_use]
    pub fn read(sheet: Sheet, number: u16, mapping: &Mapping) -> Option<Self> {
        let heading = Heading::find(&sheet, mapping)?;
        let mut grid = Self {
            number,
            kind: heading.kind,
            read: TableRead {
                number,
                sheet: sheet.name.clone(),
                header_row: heading.first_row,
                first_data_row: heading.last_row + 1,
                columns: heading.shown(),
                certain: heading.kind != TableKind::Members
                    || headings::distinct(&heading.columns) >= CERTAIN,
            },
            rows: Vec::new(),
            skipped: Vec::new(),
            headings: heading.texts.len(),
            columns: heading.columns.clone(),
        };
        grid.fill(sheet, number, &heading, mapping);
        Some(grid)
    }

    fn fill(&mut self, sheet: Sheet, number: u16, heading: &Heading, mapping: &Mapping) {
        let merged = Merged::new(&sheet);
        let mut before = heading.last_row;
        let mut above: Vec<Cell> = Vec::new();
        for row in sheet.rows.into_iter().filter(|row| row.number > heading.last_row) {
            self.blanks(number, before, row.number);
            before = row.number;
            let source = Source { sheet: number, row: row.number };
            if let Some(what) = self.no_entry(&row, &merged, heading, mapping) {
                self.skipped.push(Skipped { source, what });
                continue;
            }
            let mut cells = row.cells;
            merged.fill(row.number, &mut cells);
            written_errors(&mut cells);
            if self.kind == TableKind::Members {
                repeat_dittos(&mut cells, &above);
                above.clone_from(&cells);
            }
            self.rows.push(DataRow { source, cells, undecodable: row.undecodable });
        }
        // rows without anything at the end are the end, no blank rows
        let last = self.rows.last().map_or(0, |row| row.source.row);
        let filled =
            self.skipped.iter().filter(|s| s.what != "blank").map(|s| s.source.row).max().unwrap_or(0);
        self.skipped.retain(|s| s.what != "blank" || s.source.row < last.max(filled));
    }

    fn blanks(&mut self, sheet: u16, before: u32, row: u32) {
        let gap = row.saturating_sub(before);
        if gap > LONGEST_GAP {
            return;
        }
        self.skipped
            .extend((before + 1..row).map(|row| Skipped { source: Source { sheet, row }, what: "blank" }));
    }

    /// Why a row is passed over, where it is.
    fn no_entry(
        &self,
        row: &Row,
        merged: &Merged,
        heading: &Heading,
        mapping: &Mapping,
    ) -> Option<&'static str> {
        if row.is_blank() {
            return Some("blank");
        }
        if merged.is_section(row.number) {
            return Some("section");
        }
        if heading.is_repeated(row, mapping) {
            return Some("repeated_header");
        }
        if self.kind != TableKind::Members {
            return None;
        }
        let first = row.cells.iter().find(|cell| !cell.is_blank())?;
        let Cell::Text(text) = first else { return None };
        let text = normalize(text);
        if text.starts_with("รวม") {
            return Some("summary");
        }
        text.starts_with("หมายเหตุ").then_some("note")
    }

    /// The cells of a row under the headings that mean a column, in order.
    pub fn cells<'a>(&'a self, row: &'a DataRow, column: Column) -> impl Iterator<Item = &'a Cell> {
        const NOTHING: &Cell = &Cell::Empty;
        self.columns
            .iter()
            .filter(move |(_, meaning)| *meaning == column)
            .map(|(at, _)| row.cells.get(*at).unwrap_or(NOTHING))
    }

    /// The first such cell that holds something.
    #[must_use]
    pub fn cell<'a>(&'a self, row: &'a DataRow, column: Column) -> &'a Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.cells(row, column).find(|cell| !cell.is_blank()).unwrap_or(NOTHING)
    }

    /// Columns that hold something known.
    pub fn columns(&self) -> impl Iterator<Item = (usize, Column)> {
        self.columns.iter().copied()
    }
}

struct Heading {
    kind: TableKind,
    first_row: u32,
    last_row: u32,
    columns: Vec<(usize, Column)>,
    texts: Vec<(usize, String)>,
}

impl Heading {
    fn find(sheet: &Sheet, mapping: &Mapping) -> Option<Self> {
        let top = || sheet.rows.iter().take(HEADING_WITHIN).enumerate();
        let sure = |kind: TableKind, columns: &[(usize, Column)]| {
            kind != TableKind::Members || headings::distinct(columns) >= CERTAIN
        };
        let known = |row: &Row| headings::heading_row(row, mapping);
        let (at, (kind, columns)) = top()
            .find_map(|(at, row)| {
                known(row).filter(|(kind, columns)| sure(*kind, columns)).map(|found| (at, found))
            })
            .or_else(|| top().find_map(|(at, row)| known(row).map(|found| (at, found))))?;
        let row = sheet.rows.get(at)?;
        let mut heading =
            Self { kind, first_row: row.number, last_row: row.number, columns, texts: texts_of(row) };
        if kind == TableKind::Members
            && let Some(next) = sheet.rows.get(at + 1).filter(|next| next.number == row.number + 1)
        {
            heading.take_second_row(next, sheet, mapping);
        }
        Some(heading)
    }

    /// A next row with two to seven more headings belongs to the heading, as จังหวัด อำเภอ ตำบล under ที่อยู่.
    fn take_second_row(&mut self, next: &Row, sheet: &Sheet, mapping: &Mapping) {
        let more: Vec<(usize, Column)> = headings::recognize(next, TableKind::Members, mapping)
            .into_iter()
            .filter(|(at, _)| self.is_open(*at, sheet))
            .collect();
        let filled = next.cells.iter().filter(|cell| !cell.is_blank()).count();
        if !(2..CERTAIN).contains(&more.len()) || filled > more.len() + 2 {
            return;
        }
        self.columns.retain(|(at, _)| !more.iter().any(|(other, _)| other == at));
        self.columns.extend(more);
        self.columns.sort_unstable();
        for (at, text) in texts_of(next) {
            self.texts.retain(|(other, _)| *other != at);
            self.texts.push((at, text));
        }
        self.texts.sort();
        self.last_row = next.number;
    }

    /// No heading of its own stands over the column: nothing known, or one that is merged across several.
    fn is_open(&self, column: usize, sheet: &Sheet) -> bool {
        let known = self.columns.iter().any(|(at, _)| *at == column);
        let wide = sheet.spans.iter().any(|span| {
            (span.first_row..=span.last_row).contains(&self.first_row)
                && span.width() > 1
                && (span.first_column..=span.last_column).contains(&u32::try_from(column).unwrap_or(u32::MAX))
        });
        !known || wide
    }

    /// The heading once more: as many known headings, or for a small table all of them, in their columns.
    fn is_repeated(&self, row: &Row, mapping: &Mapping) -> bool {
        // in nearly every row the name is no heading, and then nothing else needs to be looked at
        let key = self.columns.iter().find(|(_, column)| is_key(*column));
        if key.is_some_and(|(at, _)| headings::meaning(row.cell(*at), self.kind, mapping).is_none()) {
            return false;
        }
        let again = headings::recognize(row, self.kind, mapping);
        let same = again.iter().filter(|found| self.columns.contains(found)).count();
        if self.kind == TableKind::Members && self.columns.len() >= CERTAIN {
            return headings::distinct(&again) >= CERTAIN;
        }
        if same < self.columns.len() {
            return false;
        }
        let as_written = |(at, text): &(usize, String)| match row.cell(*at) {
            Cell::Text(cell) => normalize(cell) == text.as_str(),
            _ => false,
        };
        self.texts.iter().all(as_written)
    }

    fn shown(&self) -> Vec<(usize, String, Option<Column>)> {
        self.texts
            .iter()
            .map(|(at, text)| {
                (
                    *at,
                    text.clone(),
                    self.columns.iter().find(|(other, _)| other == at).map(|(_, column)| *column),
                )
            })
            .collect()
    }
}

const fn is_key(column: Column) -> bool {
    matches!(column, Column::Name | Column::With | Column::Target)
}

fn texts_of(row: &Row) -> Vec<(usize, String)> {
    row.cells
        .iter()
        .enumerate()
        .filter_map(|(at, cell)| match cell {
            Cell::Text(text) if !cell.is_blank() => Some((at, normalize(text).into_owned())),
            _ => None,
        })
        .collect()
}

/// The merged blocks of a sheet: their values and where they reach.
struct Merged {
    /// By row, the columns that take a value from the block's first cell.
    fills: HashMap<u32, Vec<(usize, Cell)>>,
    /// First and last rows of wide blocks.
    sections: Vec<(u32, u32)>,
}

impl Merged {
    fn new(sheet: &Sheet) -> Self {
        let by_number: HashMap<u32, &Row> = sheet.rows.iter().map(|row| (row.number, row)).collect();
        let mut merged = Self { fills: HashMap::new(), sections: Vec::new() };
        let mut room = MOST_FILLED;
        for span in &sheet.spans {
            if span.width() >= SECTION_WIDTH {
                merged.sections.push((span.first_row, span.last_row));
                continue;
            }
            let Some(first) = by_number.get(&span.first_row) else { continue };
            let column = span.first_column as usize;
            let value = first.cell(column);
            // blank rows have no row of their own: only those that are there are filled
            let from = sheet.rows.partition_point(|row| row.number <= span.first_row);
            for row in sheet.rows.iter().skip(from).take_while(|row| row.number <= span.last_row) {
                // blocks of a sheet never overlap; a file where they do is no reason to fill a cell a thousand times
                let Some(less) = room.checked_sub(1) else { break };
                room = less;
                merged.fills.entry(row.number).or_default().push((column, value.clone()));
            }
        }
        merged.sections.sort_unstable();
        merged
    }

    fn is_section(&self, row: u32) -> bool {
        self.sections.iter().any(|(first, last)| (*first..=*last).contains(&row))
    }

    fn fill(&self, row: u32, cells: &mut Vec<Cell>) {
        for (column, value) in self.fills.get(&row).into_iter().flatten() {
            if cells.len() <= *column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(cell) = cells.get_mut(*column) {
                value.clone_into(cell);
            }
        }
    }
}

/// True for 〃, a lone quotation mark, -"- and เหมือนบน.
#[must_use]
pub fn is_ditto(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    matches!(
        normalize(text).as_ref(),
        "〃" | "\""
            | "”"
            | "“"
            | "''"
            | "„"
            | "″"
            | "-\"-"
            | "-”-"
            | "-“-"
            | "- \" -"
            | "เหมือนบน"
            | "เหมือนข้างบน"
    )
}

/// A sheet that was saved as text, or pasted as values, has its errors as words.
fn written_errors(cells: &mut [Cell]) {
    const ERRORS: [&str; 9] =
        ["#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#error!"];
    for cell in cells {
        let Cell::Text(text) = cell else { continue };
        if text.contains('#') && ERRORS.contains(&normalize(text).to_lowercase().as_str()) {
            *cell = Cell::Error(normalize(text).into_owned());
        }
    }
}

fn repeat_dittos(cells: &mut [Cell], above: &[Cell]) {
    for (at, cell) in cells.iter_mut().enumerate() {
        if is_ditto(cell) {
            *cell = above.get(at).cloned().unwrap_or_default();
        }
    }
}
