//! The tables as sheets of one workbook; every cell is text, and formulas are defused, since a workbook may be saved
//! as text later.

use rust_xlsxwriter::{Format, FormatAlign, Workbook};
use thai::Lang;

use super::{ExportError, Network, Table, defuse, tables};

/// A network as a workbook.
///
/// # Errors
/// As [`workbook`].
pub fn xlsx(network: &Network, lang: Lang) -> Result<Vec<u8>, ExportError> {
    workbook(&tables(network, lang))
}

/// The workbook's bytes, a sheet for each table.
///
/// # Errors
/// [`ExportError::Workbook`], as for more rows than a sheet holds.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, ExportError> {
    /// The most letters of a cell.
    const LONGEST_CELL: usize = 32_000;
    let heading = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut workbook = Workbook::new();
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.name, &mut names))?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, text) in (0_u16..).zip(&table.columns) {
            sheet.write_string_with_format(0, column, text, &heading)?;
            sheet.set_column_width(column, 22)?;
        }
        for (number, row) in (1_u32..).zip(&table.rows) {
            for (column, text) in (0_u16..).zip(row) {
                if !text.is_empty() {
                    let whole = defuse(text);
                    let fits: String =
                        whole.chars().filter(|c| !is_forbidden(*c)).take(LONGEST_CELL).collect();
                    sheet.write_string_with_format(number, column, fits, &wrapped)?;
                }
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// Characters that XML does not hold.
const fn is_forbidden(letter: char) -> bool {
    matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// A sheet's name: at most 31 letters, none of those spreadsheets refuse, no name twice.
fn sheet_name(name: &str, taken: &mut Vec<String>) -> String {
    const LONGEST: usize = 28;
    let plain: String = name
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c })
        .take(LONGEST)
        .collect();
    let plain = if plain.is_empty() { "-".to_owned() } else { plain };
    let mut unique = plain.clone();
    let mut number = 2;
    while taken.iter().any(|other| other.eq_ignore_ascii_case(&unique)) {
        unique = format!("{plain} {number}");
        number += 1;
    }
    taken.push(unique.clone());
    unique
}
