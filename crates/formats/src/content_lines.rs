//! The lines vCard and iCalendar are made of (RFC 6350 §3.3, RFC 5545 §3.1, vCard 2.1 §2.1.3), read by bytes.
//!
//! A line may be folded anywhere, also between the bytes of one Thai letter, and a quoted-printable value continues
//! after `=` at a line's end. So lines are put together first and letters are decoded last.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::encoding::{self, TextEncoding};
use crate::refusal::Refusal;

/// The longest unfolded line, in bytes.
pub const LONGEST_LINE: usize = 1_000_000;
/// The most folds of a property that is text; pictures, sounds and keys are held to [`LONGEST_LINE`] alone.
pub const MOST_FOLDS: u32 = 1_000;
/// The most properties of a file; beyond, it would not fit in memory safely.
const MOST_LINES: usize = 400_000;

/// One property as written: `group.NAME;PARAM=a,b:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The line it begins on, from 1.
    pub line: u32,
    /// The part before a full stop, as in `item1.TEL`.
    pub group: Option<String>,
    /// The name in capitals.
    pub name: String,
    /// Parameters in order, names in capitals.
    pub parameters: Vec<(String, Vec<String>)>,
    /// What stands after the colon.
    pub value: Value,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, letters decoded, backslashes still in place.
    Text(String),
    /// Bytes that were written in base64.
    Bytes(Vec<u8>),
}

impl Property {
    /// The values of a parameter, none where it is not there.
    pub fn parameter<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.parameters
            .iter()
            .filter(move |(key, _)| key == name)
            .flat_map(|(_, values)| values)
            .map(String::as_str)
    }

    /// The raw text, still with backslashes; empty for bytes.
    #[must_use]
    pub fn raw(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            Value::Bytes(_) => "",
        }
    }

    /// The property as one line again, in the manner of vCard 4.0, unfolded; bytes in base64.
    #[must_use]
    pub fn to_line(&self) -> String {
        let mut line = self.group.as_ref().map(|group| format!("{group}.")).unwrap_or_default();
        line.push_str(&self.name);
        for (name, values) in &self.parameters {
            // letters are UTF-8 and bytes base64 from here on
            if matches!(name.as_str(), "CHARSET" | "ENCODING") {
                continue;
            }
            let values: Vec<String> = values
                .iter()
                .map(|value| value.chars().filter(|c| !c.is_control() && *c != '"').collect::<String>())
                .map(|value| if value.contains([',', ':', ';']) { format!("\"{value}\"") } else { value })
                .collect();
            line.push_str(&format!(";{name}={}", values.join(",")));
        }
        line.push(':');
        match &self.value {
            Value::Text(text) => {
                line.extend(text.replace('\n', "\\n").chars().filter(|c| !c.is_control()));
            }
            Value::Bytes(bytes) => {
                line.push_str("data:application/octet-stream;base64,");
                line.push_str(&base64::engine::general_purpose::STANDARD.encode(bytes));
            }
        }
        line
    }

    /// The value as one text, backslashes resolved.
    #[must_use]
    pub fn text(&self) -> String {
        unescape(self.raw())
    }

    /// The parts of a structured value, split at semicolons that are not escaped.
    #[must_use]
    pub fn components(&self) -> Vec<String> {
        split_unescaped(self.raw(), ';').iter().map(|part| unescape(part)).collect()
    }

    /// The members of a list, split at commas that are not escaped.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        split_unescaped(self.raw(), ',').iter().map(|part| unescape(part)).collect()
    }
}

/// Resolves `\n`, `\,`, `\;`, `\:` and `\\`.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n' | 'N') => plain.push('\n'),
            Some(escaped @ (',' | ';' | ':' | '\\')) => plain.push(escaped),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn split_unescaped(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        if letter == separator && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// Reads every property of a file; lines without a colon are passed over.
///
/// # Errors
/// [`Refusal::LineTooLong`] beyond [`LONGEST_LINE`] or [`MOST_FOLDS`], [`Refusal::TooMany`] beyond what fits in memory.
pub fn read(bytes: &[u8]) -> Result<Vec<Property>, Refusal> {
    let declared = encoding::detect(bytes);
    let (body, inner) = encoding::splittable(bytes, declared);
    let mut physical = Lines { rest: &body, number: 0 };
    let mut lines = Vec::new();
    while let Some(line) = physical.next_unfolded()? {
        lines.push(line);
        if lines.len() > MOST_LINES {
            return Err(Refusal::TooMany);
        }
    }
    // a fold inside a letter looks like damage, so the letters are judged once the folds are gone; a property that
    // names its own letters says nothing about the others
    let inner = if declared == TextEncoding::Utf8Bom || inner != declared {
        inner
    } else {
        let undeclared = lines.iter().filter(|(_, line)| !names_letters(line));
        encoding::detect(
            &undeclared.flat_map(|(_, line)| line.iter().copied().chain([b'\n'])).collect::<Vec<u8>>(),
        )
    };
    Ok(lines.iter().filter_map(|(number, line)| parse(*number, line, inner)).collect())
}

fn names_letters(line: &[u8]) -> bool {
    let head = line.get(..value_start(line).unwrap_or(0)).unwrap_or_default().to_ascii_uppercase();
    head.split(|b| *b == b';').any(|part| part.starts_with(b"CHARSET="))
}

struct Lines<'a> {
    rest: &'a [u8],
    number: u32,
}

impl<'a> Lines<'a> {
    fn next_physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let end = self.rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(self.rest.len());
        let line = self.rest.get(..end).unwrap_or_default();
        let pair = self.rest.get(end..end + 2) == Some(b"\r\n");
        self.rest = self.rest.get(end + 1 + usize::from(pair)..).unwrap_or_default();
        Some(line)
    }

    fn next_unfolded(&mut self) -> Result<Option<(u32, Vec<u8>)>, Refusal> {
        let Some(first) = self.next_physical() else { return Ok(None) };
        let start = self.number;
        let mut line = first.to_vec();
        let manner = Manner::of(first);
        let mut folds = 0_u32;
        loop {
            if line.len() > LONGEST_LINE || (folds > MOST_FOLDS && !manner.binary) {
                return Err(Refusal::LineTooLong(start));
            }
            let soft = manner.quoted_printable && line.last() == Some(&b'=');
            let folded = matches!(self.rest.first(), Some(b' ' | b'\t'));
            let unindented = manner.base64 && base64_line(self.rest);
            if !(soft || folded || unindented) {
                return Ok(Some((start, line)));
            }
            let Some(next) = self.next_physical() else { return Ok(Some((start, line))) };
            folds += 1;
            if soft {
                line.pop();
                line.extend_from_slice(next);
            } else {
                line.extend_from_slice(next.get(usize::from(folded)..).unwrap_or_default());
            }
        }
    }
}

/// How a property's value is written, from its first line.
struct Manner {
    quoted_printable: bool,
    base64: bool,
    binary: bool,
}

impl Manner {
    fn of(line: &[u8]) -> Self {
        let head = line.get(..value_start(line).unwrap_or(0)).unwrap_or_default().to_ascii_uppercase();
        let name_end = head.iter().position(|b| matches!(b, b';' | b':')).unwrap_or(head.len());
        let name = head.get(..name_end).unwrap_or_default();
        let name = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
        let says = |word: &[u8]| head.split(|b| matches!(b, b';' | b'=' | b':')).any(|part| part == word);
        Self {
            quoted_printable: says(b"QUOTED-PRINTABLE"),
            base64: says(b"BASE64") || says(b"B"),
            binary: matches!(name, b"PHOTO" | b"LOGO" | b"KEY" | b"SOUND" | b"ATTACH"),
        }
    }
}

/// A line of bare base64, as old phones write below a picture, without the space a fold needs.
fn base64_line(rest: &[u8]) -> bool {
    let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
    let line = rest.get(..end).unwrap_or_default();
    !line.is_empty() && line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// Where the value begins: after the first colon outside quotes.
fn value_start(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    // a quote that never closes hides the colon: take the first one there is
    line.iter().position(|b| *b == b':').map(|at| at + 1)
}

fn parse(number: u32, line: &[u8], encoding: TextEncoding) -> Option<Property> {
    let start = value_start(line)?;
    let head = line.get(..start.checked_sub(1)?)?;
    let value = line.get(start..)?;
    let (head, _) = encoding::decode(head, encoding);
    let mut pieces = split_outside_quotes(&head, ';').into_iter();
    let full = pieces.next()?.trim().to_owned();
    let (group, name) = match full.rsplit_once('.') {
        Some((group, name)) => (Some(group.to_owned()), name),
        None => (None, full.as_str()),
    };
    let name = name.to_ascii_uppercase();
    if name.is_empty() {
        return None;
    }
    let parameters: Vec<(String, Vec<String>)> = pieces.filter_map(|piece| parameter(&piece)).collect();
    let value = decode_value(value, &parameters, encoding);
    Some(Property { line: number, group, name, parameters, value })
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        quoted ^= letter == '"';
        if letter == separator && !quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

fn parameter(piece: &str) -> Option<(String, Vec<String>)> {
    let piece = piece.trim();
    if piece.is_empty() {
        return None;
    }
    let Some((name, values)) = piece.split_once('=') else {
        // vCard 2.1 leaves the name out
        let word = piece.to_ascii_uppercase();
        let name = match word.as_str() {
            "QUOTED-PRINTABLE" | "BASE64" | "8BIT" | "7BIT" => "ENCODING",
            "INLINE" | "URL" | "CONTENT-ID" => "VALUE",
            _ => "TYPE",
        };
        return Some((name.to_owned(), vec![word]));
    };
    let values =
        split_outside_quotes(values, ',').iter().map(|v| v.trim().trim_matches('"').to_owned()).collect();
    Some((name.trim().to_ascii_uppercase(), values))
}

fn decode_value(value: &[u8], parameters: &[(String, Vec<String>)], encoding: TextEncoding) -> Value {
    let says = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, v)| v.first())
            .map(|v| v.to_ascii_uppercase())
    };
    let said = says("CHARSET").and_then(|label| charset(&label));
    // cards of several phones in one file: what is whole UTF-8 is UTF-8, whatever most of the file is
    let letters = |value: &[u8]| {
        said.unwrap_or_else(|| if value.is_ascii() { encoding } else { likely(value, encoding) })
    };
    match says("ENCODING").as_deref() {
        Some("BASE64" | "B") => Value::Bytes(base64_bytes(value)),
        Some("QUOTED-PRINTABLE") => {
            let bytes = quoted_printable(value);
            let (text, _) = encoding::decode(&bytes, letters(&bytes));
            Value::Text(text.replace("\r\n", "\n"))
        }
        _ => Value::Text(encoding::decode(value, letters(value)).0),
    }
}

/// The letters of a value that does not name them: UTF-8 where it can be, else the file's; where that is UTF-8 too,
/// the value is damaged or its phone wrote in a code page of its own.
fn likely(value: &[u8], file: TextEncoding) -> TextEncoding {
    if std::str::from_utf8(value).is_ok() {
        return TextEncoding::Utf8;
    }
    match file {
        TextEncoding::Utf8 | TextEncoding::Utf8Bom => match encoding::detect(value) {
            TextEncoding::Windows874 => TextEncoding::Windows874,
            _ => file,
        },
        other => other,
    }
}

fn charset(label: &str) -> Option<TextEncoding> {
    match label {
        "UTF-8" | "UTF8" | "US-ASCII" => Some(TextEncoding::Utf8),
        "TIS-620" | "TIS620" | "WINDOWS-874" | "CP874" | "ISO-8859-11" => Some(TextEncoding::Windows874),
        other => encoding_rs::Encoding::for_label(other.as_bytes()).map(TextEncoding::Other),
    }
}

/// Bytes of base64; what cannot be one is left out, a broken end gives what stood before it.
#[must_use]
pub fn base64_bytes(text: &[u8]) -> Vec<u8> {
    let forgiving = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, forgiving);
    let mut letters: Vec<u8> =
        text.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    engine.decode(&letters).unwrap_or_default()
}

/// Bytes of quoted-printable (RFC 2045 §6.7); a `=` that begins no byte stays.
fn quoted_printable(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        let pair = (*byte == b'=').then(|| value.get(at + 1..at + 3)).flatten();
        match pair.and_then(hexadecimal) {
            Some(decoded) => {
                bytes.push(decoded);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

fn hexadecimal(pair: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(pair).ok()?;
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_inside_a_thai_letter_is_undone_before_letters_are_read() {
        let mut bytes = b"NOTE:".to_vec();
        let letters = "เรียน".as_bytes();
        bytes.extend_from_slice(&letters[..10]);
        bytes.extend_from_slice(b"\r\n ");
        bytes.extend_from_slice(&letters[10..]);
        bytes.extend_from_slice(b"\r\n");
        let properties = read(&bytes).unwrap();
        assert_eq!(properties[0].text(), "เรียน");
    }

    #[test]
    fn groups_parameters_and_quotes() {
        let line = "item1.TEL;VALUE=uri;TYPE=\"cell,voice\";PREF:tel:+66-90\n";
        let property = read(line.as_bytes()).unwrap().remove(0);
        assert_eq!(property.group.as_deref(), Some("item1"));
        assert_eq!(property.parameter("TYPE").collect::<Vec<_>>(), ["cell,voice", "PREF"]);
        assert_eq!(property.raw(), "tel:+66-90");
    }

    #[test]
    fn quoted_printable_continues_inside_a_letter() {
        let text = "n;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E0=B8=\r\n=81;=E0=B8=82\r\nEND:VCARD\r\n";
        let properties = read(text.as_bytes()).unwrap();
        assert_eq!(properties[0].components(), ["ก", "ข"]);
        assert_eq!(properties[1].name, "END");
    }

    #[test]
    fn tis_620_is_read_as_windows_874() {
        let mut bytes = b"FN;CHARSET=TIS-620:".to_vec();
        bytes.extend_from_slice(&encoding_rs::WINDOWS_874.encode("สมชาย…").0);
        assert_eq!(read(&bytes).unwrap()[0].text(), "สมชาย…");
    }

    #[test]
    fn cards_of_different_letters_stand_in_one_file() {
        let thai = |text: &str| encoding_rs::WINDOWS_874.encode(text).0.into_owned();
        let mut bytes = b"FN;CHARSET=TIS-620;ENCODING=8BIT:".to_vec();
        for _ in 0..20 {
            bytes.extend_from_slice(&thai("มะลิวัลย์ ทองคำขาว"));
        }
        bytes.extend_from_slice("\nFN:ไพลิน คงทอง\nNOTE;ENCODING=QUOTED-PRINTABLE:".as_bytes());
        bytes.extend(thai("ทะเล").iter().flat_map(|byte| format!("={byte:02X}").into_bytes()));
        let properties = read(&bytes).unwrap();
        assert!(properties[0].text().starts_with("มะลิวัลย์ ทองคำขาว"));
        assert_eq!(properties[1].text(), "ไพลิน คงทอง");
        assert_eq!(properties[2].text(), "ทะเล");
        // and where most of the file is in the code page, what is UTF-8 stays so
        let mut bytes = b"NOTE:".to_vec();
        bytes.extend(thai("ยินดีที่ได้รู้จัก").repeat(5));
        bytes.extend_from_slice("\nFN:ไพลิน คงทอง\n".as_bytes());
        let properties = read(&bytes).unwrap();
        assert!(properties[0].text().starts_with("ยินดีที่ได้รู้จักยินดี"));
        assert_eq!(properties[1].text(), "ไพลิน คงทอง");
    }

    #[test]
    fn escapes_are_resolved_once() {
        let property = read(b"ADR:a\\;b;c\\\\;d\\nE\\,f\n").unwrap().remove(0);
        assert_eq!(property.components(), ["a;b", "c\\", "d\nE,f"]);
    }

    #[test]
    fn too_many_folds_refuse_a_text_but_not_a_picture() {
        let folded = |name: &str| format!("{name}:AAAA\n{}", " AAAA\n".repeat(1001));
        assert_eq!(read(folded("NOTE").as_bytes()), Err(Refusal::LineTooLong(1)));
        let photo = read(folded("PHOTO;ENCODING=b").as_bytes()).unwrap().remove(0);
        assert_eq!(photo.value, Value::Bytes(vec![0; 1002 * 3]));
    }

    #[test]
    fn base64_without_indents_is_still_the_picture() {
        let text = "PHOTO;ENCODING=BASE64;TYPE=JPEG:\nAAEC\nAwQF\n\nTEL:1\n";
        let properties = read(text.as_bytes()).unwrap();
        assert_eq!(properties[0].value, Value::Bytes(vec![0, 1, 2, 3, 4, 5]));
        assert_eq!(properties[1].name, "TEL");
    }
}
