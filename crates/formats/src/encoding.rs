//! Which letters the bytes of a text file stand for.
//!
//! Thai spreadsheets save text as UTF-8 (with or without a byte-order mark), as "Unicode text" (UTF-16) or in the
//! Windows code page 874, which holds TIS-620 and adds … – “ ” and the like. The bytes decide, never the name.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_874};

/// How a file's bytes are read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Bom,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// Windows-874, of which TIS-620 is a part.
    Windows874,
    /// Another code page, by the name the web knows it by.
    Other(&'static Encoding),
}

impl TextEncoding {
    /// The name in a report.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Utf8 => "utf-8".to_owned(),
            Self::Utf8Bom => "utf-8 with BOM".to_owned(),
            Self::Utf16Le => "utf-16le".to_owned(),
            Self::Utf16Be => "utf-16be".to_owned(),
            Self::Windows874 => "windows-874".to_owned(),
            Self::Other(encoding) => encoding.name().to_ascii_lowercase(),
        }
    }
}

/// What the bytes are written in.
#[must_use]
pub fn detect(bytes: &[u8]) -> TextEncoding {
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        return TextEncoding::Utf8Bom;
    }
    if bytes.starts_with(&[0xff, 0xfe]) {
        return TextEncoding::Utf16Le;
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return TextEncoding::Utf16Be;
    }
    if let Some(sixteen) = unmarked_utf16(bytes) {
        return sixteen;
    }
    if mostly_utf8(bytes) {
        return TextEncoding::Utf8;
    }
    code_page(bytes)
}

/// UTF-16 without its mark: every second byte is 0 (Latin) or 0x0e (Thai).
fn unmarked_utf16(bytes: &[u8]) -> Option<TextEncoding> {
    const SAMPLE: usize = 4096;
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or(bytes);
    let pairs = sample.len() / 2;
    if pairs < 4 || !sample.contains(&0) {
        return None;
    }
    let high = |at: usize| {
        sample.chunks_exact(2).filter(|pair| matches!(pair.get(at), Some(0 | 0x0e))).count() * 10 > pairs * 8
    };
    if high(1) {
        Some(TextEncoding::Utf16Le)
    } else if high(0) {
        Some(TextEncoding::Utf16Be)
    } else {
        None
    }
}

/// UTF-8, allowing for a damaged letter here and there: fewer than one letter in fifty beyond ASCII.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let mut letters = 0_usize;
    let mut damaged = 0_usize;
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    damaged == 0 || damaged * 50 < letters
}

fn code_page(bytes: &[u8]) -> TextEncoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"th"), Utf8Detection::Deny);
    if guess == WINDOWS_874 || thai_bytes(bytes) {
        return TextEncoding::Windows874;
    }
    TextEncoding::Other(guess)
}

/// Nearly all high bytes are Thai letters of TIS-620.
fn thai_bytes(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let thai = bytes.iter().filter(|b| matches!(**b, 0xa1..=0xda | 0xdf..=0xfb)).count();
    thai * 10 >= high * 8
}

/// Text of some bytes; the flag says that some stood for no letter and became U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8], encoding: TextEncoding) -> (String, bool) {
    let page = match encoding {
        TextEncoding::Utf8 | TextEncoding::Utf8Bom => {
            let text = String::from_utf8_lossy(bytes);
            let damaged = matches!(text, std::borrow::Cow::Owned(_));
            return (text.into_owned(), damaged);
        }
        TextEncoding::Utf16Le => UTF_16LE,
        TextEncoding::Utf16Be => UTF_16BE,
        TextEncoding::Windows874 => WINDOWS_874,
        TextEncoding::Other(encoding) => encoding,
    };
    let (text, damaged) = page.decode_without_bom_handling(bytes);
    // the web's table maps the holes of code page 874 to control characters nobody types
    let holes = text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}'));
    (text.into_owned(), damaged || holes)
}

/// The whole file as UTF-8 bytes where it is UTF-16, so that it can be split at ASCII bytes; else without its mark.
#[must_use]
pub fn splittable(bytes: &[u8], encoding: TextEncoding) -> (std::borrow::Cow<'_, [u8]>, TextEncoding) {
    use std::borrow::Cow;
    match encoding {
        TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
            let body = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
                bytes.get(2..).unwrap_or_default()
            } else {
                bytes
            };
            (Cow::Owned(decode(body, encoding).0.into_bytes()), TextEncoding::Utf8)
        }
        TextEncoding::Utf8Bom => (Cow::Borrowed(bytes.get(3..).unwrap_or_default()), TextEncoding::Utf8),
        other => (Cow::Borrowed(bytes), other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide() {
        assert_eq!(detect("ชื่อ,กลุ่ม".as_bytes()), TextEncoding::Utf8);
        assert_eq!(detect("\u{feff}ชื่อ".as_bytes()), TextEncoding::Utf8Bom);
        let (thai, _, _) = WINDOWS_874.encode("ชื่อ;หน่วยงาน “แม่น้ำใส” … – จบ");
        assert_eq!(detect(&thai), TextEncoding::Windows874);
        assert_eq!(decode(&thai, TextEncoding::Windows874).0, "ชื่อ;หน่วยงาน “แม่น้ำใส” … – จบ");
        let little: Vec<u8> = "ชื่อ,name".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&little), TextEncoding::Utf16Le);
        let big: Vec<u8> = "ชื่อ,name".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect(&big), TextEncoding::Utf16Be);
        assert_eq!(detect(b"plain,ascii"), TextEncoding::Utf8);
    }

    #[test]
    fn one_damaged_letter_does_not_turn_a_file_into_another_code_page() {
        let mut bytes =
            "ชื่อ-นามสกุล,หน่วยงาน,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ช่วงเวลาที่สะดวก,ยินยอม\n".as_bytes().to_vec();
        bytes.push(0xe0);
        bytes.extend_from_slice(b"\nok");
        assert_eq!(detect(&bytes), TextEncoding::Utf8);
    }

    #[test]
    fn a_hole_in_the_code_page_is_damage() {
        assert!(decode(&[0xa1, 0x81], TextEncoding::Windows874).1);
        assert!(decode(&[0xa1, 0xdb], TextEncoding::Windows874).1);
        assert!(!decode(&[0xa1, 0x85], TextEncoding::Windows874).1);
    }
}
