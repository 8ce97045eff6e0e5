//! Tables as delimited text: comma, semicolon or tab, quoted as in RFC 4180, in whatever encoding people have.
//!
//! Records are split by bytes before any letter is decoded, so that one row with damaged letters costs that row
//! only, and every record keeps its number: hint line, title, heading and blank line count, a quoted line break
//! does not.

use crate::encoding::{self, TextEncoding};
use crate::refusal::Refusal;
use crate::table::{Cell, Row, Sheet, Visibility};

/// The longest record that is read, in bytes.
pub const LONGEST_RECORD: usize = 1_000_000;
/// The most fields of a file; beyond, it would not fit in memory safely.
const MOST_FIELDS: usize = 4_000_000;
/// What a record counts at least, in fields.
const ROW_WEIGHT: usize = 4;

/// A delimited file, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Delimited {
    /// What the bytes were written in.
    pub encoding: TextEncoding,
    /// What stands between the fields.
    pub delimiter: char,
    /// The one table.
    pub sheet: Sheet,
}

/// Reads delimited text.
///
/// # Errors
/// [`Refusal::RowTooLong`] beyond [`LONGEST_RECORD`], [`Refusal::TooMany`] beyond the fields that fit in memory.
pub fn read(bytes: &[u8]) -> Result<Delimited, Refusal> {
    let declared = encoding::detect(bytes);
    let (body, inner) = encoding::splittable(bytes, declared);
    let delimiter = find_delimiter(&body);
    let mut rows = Vec::new();
    let mut fields = 0_usize;
    for (number, record) in (1_u32..).zip(Records::new(&body, &[delimiter])) {
        let record = record.map_err(|TooLong| Refusal::RowTooLong(number))?;
        let row = split(record, delimiter, inner, number);
        // a blank record also takes its place in the list of rows
        fields += row.cells.len().max(ROW_WEIGHT);
        if fields > MOST_FIELDS {
            return Err(Refusal::TooMany);
        }
        rows.push(row);
    }
    let sheet = Sheet { name: String::new(), visibility: Visibility::Visible, rows, spans: Vec::new() };
    Ok(Delimited { encoding: declared, delimiter: char::from(delimiter), sheet })
}

struct TooLong;

/// Records of a text: line by line, but a line break within quotes does not end one. Quotes open at the start of a
/// field only, so that 5" in a text stays what it is.
struct Records<'a> {
    rest: &'a [u8],
    delimiters: &'a [u8],
}

impl<'a> Records<'a> {
    const fn new(body: &'a [u8], delimiters: &'a [u8]) -> Self {
        Self { rest: body, delimiters }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<&'a [u8], TooLong>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut quoted = false;
        let mut field_starts = true;
        let mut end = self.rest.len();
        let mut next = self.rest.len();
        for (at, byte) in self.rest.iter().enumerate() {
            if at >= LONGEST_RECORD {
                self.rest = &[];
                return Some(Err(TooLong));
            }
            if quoted {
                // a doubled quote closes and opens again at once, as long as the closing counts as a start
                quoted = *byte != b'"';
                field_starts = !quoted;
                continue;
            }
            match byte {
                b'"' if field_starts => quoted = true,
                b'\n' | b'\r' => {
                    end = at;
                    let pair = *byte == b'\r' && self.rest.get(at + 1) == Some(&b'\n');
                    next = at + 1 + usize::from(pair);
                    break;
                }
                b' ' => {}
                other => field_starts = self.delimiters.contains(other),
            }
        }
        let record = self.rest.get(..end).unwrap_or_default();
        self.rest = self.rest.get(next..).unwrap_or_default();
        Some(Ok(record))
    }
}

const CANDIDATES: &[u8] = b",;\t|";

/// The delimiter a hint line names (`sep=;`), else the one most records agree on.
fn find_delimiter(body: &[u8]) -> u8 {
    const LOOKED_AT: usize = 50;
    let first: Vec<&[u8]> = Records::new(body, CANDIDATES).take(LOOKED_AT).map_while(Result::ok).collect();
    if let Some(hinted) = first.first().and_then(|line| hint(line)) {
        return hinted;
    }
    let mut best = (b',', 0_usize);
    for candidate in CANDIDATES.iter().copied() {
        let counts: Vec<usize> = first.iter().map(|record| delimiters_in(record, candidate)).collect();
        // how many records have the most common positive number of delimiters, weighed by that number
        let agreement = counts
            .iter()
            .filter(|count| **count > 0)
            .map(|count| counts.iter().filter(|other| *other == count).count() * (1 + count.min(&20)))
            .max()
            .unwrap_or(0);
        if agreement > best.1 {
            best = (candidate, agreement);
        }
    }
    best.0
}

/// Excel's hint line, as `sep=;`.
fn hint(line: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(line).ok()?.trim().trim_matches('"').to_ascii_lowercase();
    let mark = text.strip_prefix("sep=")?;
    match mark.as_bytes() {
        [] => Some(b'\t'),
        [one] => Some(*one),
        _ => None,
    }
}

fn delimiters_in(record: &[u8], delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in record {
        if *byte == b'"' {
            quoted = !quoted;
        } else if *byte == delimiter && !quoted {
            count += 1;
        }
    }
    count
}

fn split(record: &[u8], delimiter: u8, encoding: TextEncoding, number: u32) -> Row {
    let mut row = Row { number, ..Row::default() };
    if record.is_empty() {
        return row;
    }
    let mut field: Vec<u8> = Vec::new();
    let mut quoted = false;
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            if byte != b'"' {
                field.push(byte);
            } else if bytes.peek() == Some(&b'"') {
                bytes.next();
                field.push(b'"');
            } else {
                quoted = false;
            }
        } else if byte == b'"' && field.iter().all(|b| *b == b' ') {
            field.clear();
            quoted = true;
        } else if byte == delimiter {
            push(&mut row, &mut field, encoding);
        } else {
            field.push(byte);
        }
    }
    push(&mut row, &mut field, encoding);
    row
}

fn push(row: &mut Row, field: &mut Vec<u8>, encoding: TextEncoding) {
    let (text, damaged) = encoding::decode(field, encoding);
    row.undecodable |= damaged;
    row.cells.push(if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
    field.clear();
}

/// True where a spreadsheet would run the text as a formula, or it was made to look so.
///
/// After spaces: `=` or the wide `＝`; `+`, `-` or `@` followed at once by letters and `(`; or any of `= + - @` with
/// `cmd|` in it. A telephone number, a bullet and a LINE ID are not.
#[must_use]
pub fn formula_like(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t', '\u{a0}']);
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return false };
    match first {
        '=' | '＝' => true,
        '+' | '-' | '@' => {
            let rest = letters.as_str();
            let word = rest.chars().take_while(char::is_ascii_alphabetic).count();
            let called = word > 0 && rest.chars().nth(word) == Some('(');
            called || rest.to_ascii_lowercase().contains("cmd|")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &Row) -> Vec<String> {
        row.cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => text.clone(),
                _ => String::new(),
            })
            .collect()
    }

    #[test]
    fn records_keep_their_numbers() {
        let file = read(b"sep=;\nTitle\n\na;b;c\r\n\"x\ny\";\"he said \"\"no\"\"\";z\rlast;;\n").unwrap();
        assert_eq!(file.delimiter, ';');
        let rows = &file.sheet.rows;
        assert_eq!(rows.len(), 6);
        assert!(rows[2].is_blank());
        assert_eq!(texts(&rows[4]), ["x\ny", "he said \"no\"", "z"]);
        assert_eq!((rows[5].number, texts(&rows[5])), (6, vec!["last".into(), String::new(), String::new()]));
    }

    #[test]
    fn the_delimiter_is_what_the_records_agree_on() {
        assert_eq!(read("ชื่อ\tกลุ่ม\nก, ข\tค; ง\n".as_bytes()).unwrap().delimiter, '\t');
        assert_eq!(read(b"a,b,c\n1,2;3,4\n").unwrap().delimiter, ',');
        assert_eq!(read(b"a;b;c\n\"1;2\";3,4,5,6;7\n").unwrap().delimiter, ';');
    }

    #[test]
    fn a_quoted_field_may_be_alone_a_quote() {
        let file = read(b"a;b\n\"\"\"\";x\n").unwrap();
        assert_eq!(texts(&file.sheet.rows[1]), ["\"", "x"]);
    }

    #[test]
    fn a_quote_within_a_field_is_only_a_quote() {
        let file = read(b"a,b\n5\" pipe,x\ny,z\n").unwrap();
        assert_eq!(texts(&file.sheet.rows[1]), ["5\" pipe", "x"]);
        assert_eq!(texts(&file.sheet.rows[2]), ["y", "z"]);
    }

    #[test]
    fn a_damaged_row_is_marked_alone() {
        let (mut bytes, _, _) = encoding_rs::WINDOWS_874.encode("วันที่;ใคร;คุยกับใคร\nแดง;ดำ;");
        bytes.to_mut().extend_from_slice(&[0xfc, b'\n']);
        bytes.to_mut().extend_from_slice(&encoding_rs::WINDOWS_874.encode("ขาว;ดำ;เขียว\n").0);
        let file = read(&bytes).unwrap();
        let damaged: Vec<bool> = file.sheet.rows.iter().map(|row| row.undecodable).collect();
        assert_eq!(damaged, [false, true, false]);
    }

    #[test]
    fn a_row_beyond_the_limit_refuses_the_file() {
        let mut bytes = b"a,b\n".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', LONGEST_RECORD + 1));
        assert_eq!(read(&bytes), Err(Refusal::RowTooLong(2)));
    }

    #[test]
    fn formulas_are_told_from_phones_bullets_and_line_ids() {
        for text in ["=1+1", " ＝A1", "\t=cmd", "@SUM(1)", "+HYPERLINK(x)", "-2+3+cmd|' /C calc'!A0"] {
            assert!(formula_like(text), "{text}");
        }
        for text in ["+66 80 000 0903", "-", "- สอนจักสาน", "@chomrom", "a=b", "", "-5", "+ (x)"]
        {
            assert!(!formula_like(text), "{text}");
        }
    }
}
