//! What a file is: its bytes decide, never its name.

use crate::encoding;
use crate::intake::FileKind;
use crate::refusal::Refusal;

/// The largest file that is taken at all, in bytes.
pub const LARGEST_FILE: usize = 64_000_000;

/// Looks at the beginning of a file.
///
/// # Errors
/// [`Refusal::Empty`], [`Refusal::WebPage`], [`Refusal::OldOrLockedWorkbook`], [`Refusal::UnknownFormat`], or
/// [`Refusal::TooMany`] beyond [`LARGEST_FILE`].
pub fn detect(bytes: &[u8]) -> Result<FileKind, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::Empty);
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooMany);
    }
    if bytes.starts_with(b"PK") && bytes.get(2).is_none_or(|next| *next < 0x20) {
        return Ok(FileKind::Workbook);
    }
    // the compound file of Excel 97 to 2003, which also holds workbooks locked with a password
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Refusal::OldOrLockedWorkbook);
    }
    let head = beginning(bytes);
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).to_lowercase();
    if is_web_page(&head) {
        return Err(Refusal::WebPage);
    }
    if begins(&head, "begin:vcard") {
        return Ok(FileKind::Cards);
    }
    if begins(&head, "begin:vcalendar") || begins(&head, "begin:vevent") {
        return Ok(FileKind::Calendar);
    }
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    if is_binary(&head) || is_document(&head) {
        return Err(Refusal::UnknownFormat);
    }
    Ok(FileKind::Delimited)
}

fn beginning(bytes: &[u8]) -> String {
    const LOOKED_AT: usize = 4_096;
    let encoding = encoding::detect(bytes.get(..bytes.len().min(LOOKED_AT * 16)).unwrap_or(bytes));
    let head = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or(bytes);
    let (head, inner) = encoding::splittable(head, encoding);
    encoding::decode(&head, inner).0
}

fn is_web_page(head: &str) -> bool {
    let starts = ["<html", "<!doctype html", "<table", "<head", "<meta", "<body", "<style"];
    // a page saved whole by Excel is a mail with a page in it
    let saved_whole = head.starts_with("mime-version") && head.contains("text/html");
    starts.iter().any(|start| head.starts_with(start))
        || (head.starts_with('<') && head.contains("<html"))
        || saved_whole
}

/// At the start, or at the start of one of the first lines.
fn begins(head: &str, word: &str) -> bool {
    head.lines().take(5).any(|line| line.trim().starts_with(word))
}

/// Control characters that no text has; damaged letters do not make a text binary.
fn is_binary(head: &str) -> bool {
    let control = head
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9f}'))
        .count();
    control > 0 && control * 100 > head.chars().count()
}

fn is_document(head: &str) -> bool {
    ["%pdf", "{\\rtf", "<?xml", "<svg", "{\"", "[{", "<workbook"].iter().any(|start| head.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(detect(b""), Err(Refusal::Empty));
        assert_eq!(detect(b" \r\n"), Err(Refusal::Empty));
        assert_eq!(detect(b"\xef\xbb\xbf"), Err(Refusal::Empty));
        assert_eq!(detect(b"PK\x03\x04rest"), Ok(FileKind::Workbook));
        assert_eq!(detect(b"\xd0\xcf\x11\xe0\xa1\xb1"), Err(Refusal::OldOrLockedWorkbook));
        assert_eq!(detect(b"\xef\xbb\xbf<!DOCTYPE html><html>"), Err(Refusal::WebPage));
        assert_eq!(detect(b"begin:vcard\nend:vcard"), Ok(FileKind::Cards));
        assert_eq!(detect(b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n"), Ok(FileKind::Calendar));
        assert_eq!(detect(b"%PDF-1.7\n%\x01\x02"), Err(Refusal::UnknownFormat));
        assert_eq!(detect(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), Err(Refusal::UnknownFormat));
        assert_eq!(detect("ชื่อ,กลุ่ม\nPKก,ข".as_bytes()), Ok(FileKind::Delimited));
        let sixteen: Vec<u8> = "\u{feff}ชื่อ\tกลุ่ม".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&sixteen), Ok(FileKind::Delimited));
    }
}
