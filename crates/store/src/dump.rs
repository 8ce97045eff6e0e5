//! The whole store as one stream of lines, the same from both databases, and back: what `saan backup` and
//! `saan restore` write and read.
//!
//! ```text
//! {"saan_backup":1,"migrations":["0001_house",…],"at":1795323600000000}
//! {"table":"actor","columns":["id","kind",…]}
//! [4,"person",…]
//! {"end":true,"rows":123,"sha256":"…"}
//! ```
//!
//! Bytes stand as `{"hex":"…"}`. The last line counts the rows and holds the SHA-256 of every line before it, so that a
//! file that was cut off or changed is refused before anything is written.

use std::io::{BufRead, Write};

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::{Database, Error, Reading, Value, Viewer, migrations};

/// Rows read and written at a time: memory stays bounded whatever the size of the store.
const AT_A_TIME: usize = 2_000;
/// A line longer than this is no row of ours.
const LONGEST_LINE: usize = 256 * 1024 * 1024;

/// Why a backup cannot be taken or brought back.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the file cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    #[error("line {line} of the backup: {what}")]
    Damaged { line: usize, what: String },
    #[error("the store is not empty; a backup is brought back into an empty one")]
    NotEmpty,
    #[error("the backup was made by another version of the program")]
    OtherVersion,
}

struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    fn line(&mut self, line: &Json) -> Result<(), std::io::Error> {
        let mut text = line.to_string();
        text.push('\n');
        self.hash.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }
}

/// Writes the whole store, one state of it, while others go on writing. Answers how many rows.
///
/// # Errors
/// The database's or the file's own.
pub fn write(db: &Database, out: impl Write) -> Result<u64, DumpError> {
    let mut out = Hashed { out, hash: Sha256::new() };
    let rows = db.snapshot(&Viewer::System("backup"), |r| {
        out.line(&json!({"saan_backup": 1, "migrations": migrations::names(), "at": r.now().0}))?;
        let mut rows = 0;
        for table in migrations::tables() {
            rows += write_table(r, &table, &mut out)?;
        }
        Ok::<_, DumpError>(rows)
    })?;
    let hash: String = out.hash.clone().finalize().iter().map(|b| format!("{b:02x}")).collect();
    out.line(&json!({"end": true, "rows": rows, "sha256": hash}))?;
    out.out.flush()?;
    Ok(rows)
}

fn write_table(r: &Reading<'_>, table: &str, out: &mut Hashed<impl Write>) -> Result<u64, DumpError> {
    let columns = r.columns(table)?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    out.line(&json!({"table": table, "columns": names}))?;
    let key = migrations::primary_key(table);
    let list = names.join(", ");
    let mut count = 0;
    let mut after: Option<Vec<Value>> = None;
    loop {
        // by the primary key, so that each step goes on where the last one ended
        let (condition, mut parameters) = match &after {
            None => (String::new(), Vec::new()),
            Some(last) => {
                let marks: Vec<String> = (1..=last.len()).map(|n| format!("${n}")).collect();
                (format!("WHERE ({}) > ({})", key.join(", "), marks.join(", ")), last.clone())
            }
        };
        parameters.push(Value::Int(i64::try_from(AT_A_TIME).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT {list} FROM {table} {condition} ORDER BY {} LIMIT ${}",
            key.join(", "),
            parameters.len()
        );
        let rows: Vec<Vec<Value>> = r.all(&sql, &parameters)?;
        let full = rows.len() == AT_A_TIME;
        after = rows.last().map(|row| {
            key.iter()
                .filter_map(|k| names.iter().position(|n| n == k).and_then(|at| row.get(at).cloned()))
                .collect()
        });
        for row in rows {
            let cells: Vec<Json> =
                row.into_iter().zip(&columns).map(|(value, (_, kind))| to_json(value, kind)).collect();
            out.line(&Json::Array(cells))?;
            count += 1;
        }
        if !full {
            return Ok(count);
        }
    }
}

fn to_json(value: Value, kind: &str) -> Json {
    match value {
        Value::Null => Json::Null,
        // SQLite keeps booleans as numbers
        Value::Int(n) if kind == "boolean" => Json::Bool(n != 0),
        Value::Int(n) => json!(n),
        Value::Real(x) => json!(x),
        Value::Bool(b) => Json::Bool(b),
        Value::Text(text) => Json::String(text),
        Value::Bytes(bytes) => json!({"hex": bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()}),
    }
}

fn from_json(cell: Json, kind: &str) -> Option<Value> {
    Some(match (cell, kind) {
        (Json::Null, _) => Value::Null,
        (Json::Bool(b), "boolean") => Value::Bool(b),
        (Json::Number(n), "double") => Value::Real(n.as_f64()?),
        (Json::Number(n), "bigint") => Value::Int(n.as_i64()?),
        (Json::String(text), "text") => Value::Text(text),
        (Json::Object(object), "bytes") => Value::Bytes(unhex(&object)?),
        _ => return None,
    })
}

fn unhex(object: &Map<String, Json>) -> Option<Vec<u8>> {
    let text = object.get("hex")?.as_str()?;
    if text.len() % 2 != 0 {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Reads a backup twice: `open` gives it from the start each time. The first time it is checked whole; the second time
/// it is written, all or nothing. Answers how many rows.
///
/// # Errors
/// A damaged file, a store that is not empty, the database's or the file's own.
pub fn restore<R: BufRead>(
    db: &Database,
    mut open: impl FnMut() -> Result<R, std::io::Error>,
) -> Result<u64, DumpError> {
    let rows = check(&mut open()?)?;
    db.bookkeeping("restore", |w| {
        if !is_empty(w)? {
            return Err(DumpError::NotEmpty);
        }
        // opening the empty store counted one
        w.execute("DELETE FROM opening", &[])?;
        let mut reader = open()?;
        let mut target: Option<Target> = None;
        let mut number = 0;
        while let Some(line) = next_line(&mut reader, &mut number)? {
            match line {
                Json::Array(cells) => {
                    let Some(target) = &mut target else {
                        return Err(DumpError::Damaged {
                            line: number,
                            what: "a row without its table".to_owned(),
                        });
                    };
                    target.take(cells, number)?;
                    if target.rows.len() >= AT_A_TIME {
                        target.flush(w)?;
                    }
                }
                Json::Object(object) => {
                    if let Some(mut done) = target.take() {
                        done.flush(w)?;
                    }
                    if let Some(table) = object.get("table").and_then(Json::as_str) {
                        target = Some(Target::of(w, table, &object, number)?);
                    }
                }
                _ => {
                    return Err(DumpError::Damaged {
                        line: number,
                        what: "neither a row nor a table".to_owned(),
                    });
                }
            }
        }
        Ok(())
    })?;
    Ok(rows)
}

/// Whether nobody wrote anything into this store yet.
///
/// # Errors
/// The database's own.
pub fn is_empty(r: &Reading<'_>) -> Result<bool, Error> {
    for table in ["actor", "account", "journal"] {
        if r.first::<i64>(&format!("SELECT 1 FROM {table} LIMIT 1"), &[])?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Target {
    table: String,
    columns: Vec<(String, String)>,
    rows: Vec<Vec<Value>>,
}

impl Target {
    fn of(r: &Reading<'_>, table: &str, object: &Map<String, Json>, line: usize) -> Result<Self, DumpError> {
        let known = migrations::tables().into_iter().find(|known| known == table);
        let there = r.columns(known.as_deref().ok_or(DumpError::OtherVersion)?)?;
        let names: Vec<&str> = object
            .get("columns")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let columns = names
            .iter()
            .map(|name| there.iter().find(|(known, _)| known == name).cloned())
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| DumpError::Damaged { line, what: format!("{table} has other columns here") })?;
        Ok(Self { table: table.to_owned(), columns, rows: Vec::new() })
    }

    fn take(&mut self, cells: Vec<Json>, line: usize) -> Result<(), DumpError> {
        let damaged = |what: &str| DumpError::Damaged { line, what: what.to_owned() };
        if cells.len() != self.columns.len() {
            return Err(damaged("a row with more or fewer cells than columns"));
        }
        let row = cells
            .into_iter()
            .zip(&self.columns)
            .map(|(cell, (_, kind))| from_json(cell, kind))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| damaged("a cell of another type than its column"))?;
        self.rows.push(row);
        Ok(())
    }

    fn flush(&mut self, w: &mut crate::Writing<'_>) -> Result<(), Error> {
        let columns: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        w.insert_rows(&self.table, &columns, &self.rows)?;
        self.rows.clear();
        Ok(())
    }
}

/// Reads the whole file and compares its end with what stood before it.
fn check(reader: &mut impl BufRead) -> Result<u64, DumpError> {
    let mut hash = Sha256::new();
    let mut rows = 0;
    let mut number = 0;
    let mut buffer = String::new();
    loop {
        buffer.clear();
        number += 1;
        if read_line(reader, &mut buffer)? == 0 {
            return Err(DumpError::Damaged { line: number, what: "the file ends before its end".to_owned() });
        }
        let line: Json = serde_json::from_str(&buffer)
            .map_err(|e| DumpError::Damaged { line: number, what: format!("no JSON ({e})") })?;
        if number == 1 && line.get("saan_backup") != Some(&json!(1)) {
            return Err(DumpError::Damaged { line: 1, what: "this is no backup of Saan".to_owned() });
        }
        if number == 1 && line.get("migrations") != Some(&json!(migrations::names())) {
            return Err(DumpError::OtherVersion);
        }
        if line.get("end") == Some(&Json::Bool(true)) {
            let found: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
            if line.get("sha256") != Some(&json!(found)) || line.get("rows") != Some(&json!(rows)) {
                return Err(DumpError::Damaged {
                    line: number,
                    what: "the content does not match its checksum".to_owned(),
                });
            }
            return Ok(rows);
        }
        rows += u64::from(line.is_array());
        hash.update(buffer.as_bytes());
    }
}

fn next_line(reader: &mut impl BufRead, number: &mut usize) -> Result<Option<Json>, DumpError> {
    let mut buffer = String::new();
    *number += 1;
    if read_line(reader, &mut buffer)? == 0 {
        return Ok(None);
    }
    serde_json::from_str(&buffer)
        .map(Some)
        .map_err(|e| DumpError::Damaged { line: *number, what: format!("no JSON ({e})") })
}

fn read_line(reader: &mut impl BufRead, buffer: &mut String) -> Result<usize, std::io::Error> {
    let mut limited = std::io::Read::take(reader, LONGEST_LINE as u64);
    BufRead::read_line(&mut limited, buffer)
}
