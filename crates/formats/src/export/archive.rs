//! The tables as CSV files in one zip: UTF-8 with a byte-order mark, since spreadsheets otherwise take Thai for
//! something else; quoted as in RFC 4180; formulas defused.

use std::io::{Cursor, Write as _};

use thai::Lang;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{ExportError, Network, Table, defuse, tables};

/// A network as an archive.
///
/// # Errors
/// As [`archive`].
pub fn csv_zip(network: &Network, lang: Lang) -> Result<Vec<u8>, ExportError> {
    archive(&tables(network, lang))
}

/// The archive's bytes, a file for each table.
///
/// # Errors
/// [`ExportError::Archive`] or [`ExportError::Writing`].
pub fn archive(tables: &[Table]) -> Result<Vec<u8>, ExportError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for table in tables {
        archive.start_file(format!("{}.csv", file_name(&table.name)), SimpleFileOptions::default())?;
        archive.write_all(csv(table).as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A name without what file systems refuse.
fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect()
}

/// One table as text.
#[must_use]
pub fn csv(table: &Table) -> String {
    let mut text = "\u{feff}".to_owned();
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        let fields: Vec<String> = row.iter().map(|field| quoted(&defuse(field))).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
