//! Workbooks (.xlsx, ECMA-376): visible and hidden sheets, merged cells, cached results of formulas, error values,
//! both date systems.
//!
//! A workbook is a zip archive of XML. Before anything is parsed, every part is inflated once and counted
//! ([`guard`]), because the sizes an archive declares are whatever its maker wrote. Sheets are then read cell by
//! cell: a sheet with one cell in its last corner takes the memory of one cell.

mod guard;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};

use thai::dates::DateSystem;

use crate::refusal::Refusal;
use crate::table::{Cell, Row, Sheet, Span, Visibility};

pub use guard::{LARGEST_PART, LARGEST_WORKBOOK};

/// The most cells of a workbook; beyond, it would not fit in memory safely.
const MOST_CELLS: usize = 2_000_000;
/// The most bytes of text in all cells: one shared text may stand in every cell of a sheet.
const MOST_TEXT: usize = 50_000_000;
/// The most columns of a sheet that are looked at.
const MOST_COLUMNS: u32 = 1_000;
/// The most tabs of a workbook.
const MOST_SHEETS: usize = 250;
/// The most merged blocks of a sheet.
const MOST_SPANS: usize = 100_000;

/// A workbook, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// Which day its serial numbers count from.
    pub date_system: DateSystem,
    /// Its sheets, in the order of their tabs, hidden ones without rows.
    pub sheets: Vec<Sheet>,
}

/// Reads a workbook.
///
/// # Errors
/// [`Refusal::Incomplete`], [`Refusal::ExpandsTooFar`], [`Refusal::NotAWorkbook`], [`Refusal::DamagedWorkbook`] or
/// [`Refusal::TooMany`].
pub fn read(bytes: &[u8]) -> Result<Workbook, Refusal> {
    guard::check(bytes)?;
    // the parser below is another's: should some archive make it panic, that is a damaged workbook, no crash
    catch_unwind(AssertUnwindSafe(|| parse(bytes)))
        .unwrap_or_else(|_| Err(Refusal::DamagedWorkbook("xl/workbook.xml".to_owned())))
}

fn parse(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged("xl/workbook.xml"))?;
    let date_system = if workbook.has_1904_epoch() { DateSystem::Since1904 } else { DateSystem::Since1900 };
    let tabs = workbook.sheets_metadata().to_vec();
    if tabs.len() > MOST_SHEETS {
        return Err(Refusal::TooMany);
    }
    let mut sheets = Vec::new();
    let mut room = MOST_CELLS;
    for tab in tabs {
        if tab.typ != SheetType::WorkSheet {
            continue;
        }
        let visibility = match tab.visible {
            SheetVisible::Visible => Visibility::Visible,
            SheetVisible::Hidden => Visibility::Hidden,
            SheetVisible::VeryHidden => Visibility::VeryHidden,
        };
        let mut sheet = Sheet { name: tab.name, visibility, rows: Vec::new(), spans: Vec::new() };
        if visibility == Visibility::Visible {
            sheet.rows = rows(&mut workbook, &sheet.name, &mut room)?;
            sheet.spans = spans(&mut workbook, &sheet.name)?;
        }
        sheets.push(sheet);
    }
    Ok(Workbook { date_system, sheets })
}

fn damaged(place: &str) -> Refusal {
    Refusal::DamagedWorkbook(place.to_owned())
}

type Open<'a> = Xlsx<Cursor<&'a [u8]>>;

fn rows(workbook: &mut Open<'_>, name: &str, room: &mut usize) -> Result<Vec<Row>, Refusal> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| damaged(name))?;
    let mut rows: Vec<Row> = Vec::new();
    let mut ordered = true;
    let mut written = 0_usize;
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(|_| damaged(name))? {
        let (row, column) = record.pos;
        let value = cell(record.value, record.formula.is_some());
        if value == Cell::Empty || column >= MOST_COLUMNS {
            continue;
        }
        if let Cell::Text(text) = &value {
            written += text.len();
            if written > MOST_TEXT {
                return Err(Refusal::TooMany);
            }
        }
        let number = row.saturating_add(1);
        let fresh = rows.last().is_none_or(|last| last.number != number);
        if fresh {
            ordered &= rows.last().is_none_or(|last| last.number < number);
            rows.push(Row { number, ..Row::default() });
        }
        let Some(last) = rows.last_mut() else { continue };
        let at = column as usize;
        if last.cells.len() <= at {
            let grown = at + 1 - last.cells.len();
            *room = room.checked_sub(grown).ok_or(Refusal::TooMany)?;
            last.cells.resize(at + 1, Cell::Empty);
        }
        if let Some(place) = last.cells.get_mut(at) {
            *place = value;
        }
    }
    if !ordered {
        rows.sort_by_key(|row| row.number);
        merge_same_numbers(&mut rows);
    }
    Ok(rows)
}

/// A sheet may name a row twice; its cells are one row to the person who sees it.
fn merge_same_numbers(rows: &mut Vec<Row>) {
    rows.dedup_by(|later, earlier| {
        if later.number != earlier.number {
            return false;
        }
        for (at, cell) in later.cells.drain(..).enumerate() {
            if cell == Cell::Empty {
                continue;
            }
            if earlier.cells.len() <= at {
                earlier.cells.resize(at + 1, Cell::Empty);
            }
            if let Some(place) = earlier.cells.get_mut(at) {
                *place = cell;
            }
        }
        true
    });
}

fn cell(value: DataRef<'_>, formula: bool) -> Cell {
    match value {
        DataRef::Empty if formula => Cell::FormulaWithoutValue,
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(&text),
        DataRef::SharedString(text) => text_cell(text),
        #[expect(clippy::cast_precision_loss, reason = "a cell's whole numbers are doubles in the file too")]
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::Bool(truth) => Cell::Logical(truth),
        DataRef::DateTime(moment) if moment.is_datetime() => Cell::Serial(moment.as_f64()),
        DataRef::DateTime(duration) => Cell::Number(duration.as_f64()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.replace("_x000D_", "").replace("\r\n", "\n")) }
}

fn spans(workbook: &mut Open<'_>, name: &str) -> Result<Vec<Span>, Refusal> {
    let merged = workbook.merge_cells_by_sheet_name(name).map_err(|_| damaged(name))?;
    if merged.len() > MOST_SPANS {
        return Err(Refusal::TooMany);
    }
    Ok(merged
        .iter()
        .map(|block| Span {
            first_row: block.start.0.saturating_add(1),
            last_row: block.end.0.saturating_add(1),
            first_column: block.start.1,
            last_column: block.end.1,
        })
        .collect())
}
