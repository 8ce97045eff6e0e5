//! What single cells say: text, consent (rule 3), e-mail (rule 9), LINE ids (rule 5), lists of offers and needs
//! (rule 7), dates (rule 10).

use thai::dates::{self, DateSystem, Reading, Unread};
use thai::text::{is_empty_word, normalize, western_digits};

use crate::table::Cell;

/// The text a cell shows, normalized; numbers without a trailing `.0`. Errors and missing results are empty.
#[must_use]
pub fn text(cell: &Cell) -> String {
    match cell {
        // an export of ours puts an apostrophe before what a spreadsheet would run
        Cell::Text(text) => normalize(crate::export::armed(text)).into_owned(),
        Cell::Number(number) | Cell::Serial(number) => number_text(*number),
        Cell::Logical(true) => "TRUE".to_owned(),
        Cell::Logical(false) => "FALSE".to_owned(),
        Cell::Empty | Cell::Error(_) | Cell::FormulaWithoutValue => String::new(),
    }
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

/// The text of a cell, empty where it only says that there is nothing.
#[must_use]
pub fn said(cell: &Cell) -> String {
    let text = text(cell);
    if is_empty_word(&text) { String::new() } else { text }
}

/// What a cell of consent says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Clearly yes.
    Yes,
    /// Clearly no.
    No,
    /// Anything else, also nothing.
    Unclear,
}

/// Reads consent. Only what is clear counts: somebody who wrote "ask my husband first" has not agreed.
#[must_use]
pub fn consent(cell: &Cell) -> Answer {
    const YES: [&str; 19] = [
        "ยินยอม",
        "ยินยอมค่ะ",
        "ยินยอมครับ",
        "ยินยอมคะ",
        "ยินยอมให้เก็บข้อมูลเพื่อประสานงาน",
        "ใช่",
        "ได้",
        "ตกลง",
        "ยินดี",
        "ไม่ขัดข้อง",
        "ok",
        "yes",
        "y",
        "true",
        "✓",
        "✔",
        "/",
        "1",
        "☑",
    ];
    const NO: [&str; 6] = ["ไม่", "ไม่ให้", "no", "n", "false", "0"];
    let answer: String =
        text(cell).to_lowercase().chars().filter(|c| !matches!(c, '\u{fe0f}' | '(' | ')')).collect();
    let answer = answer.trim();
    let close: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
    if YES.contains(&close.as_str()) {
        Answer::Yes
    } else if close.starts_with("ไม่ยินยอม") || NO.contains(&close.as_str()) {
        Answer::No
    } else {
        Answer::Unclear
    }
}

/// An e-mail address, made comparable; `None` for anything that is none. Nothing is repaired.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let address = text.strip_prefix("mailto:").unwrap_or(&text);
    let (local, domain) = address.split_once('@')?;
    let local_fits = !local.is_empty()
        && local.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-'));
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_fits = labels.len() >= 2
        && labels.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    (local_fits && domain_fits).then(|| address.to_owned())
}

/// A LINE id in small letters; `None` where the cell says that there is none or points to the telephone.
#[must_use]
pub fn line_id(cell: &Cell) -> Option<String> {
    let id = said(cell).to_lowercase();
    let id = id.trim();
    (!id.is_empty() && id != "เบอร์โทร" && !id.starts_with("ตามเบอร์")).then(|| id.to_owned())
}

/// A date cell. Plain numbers are serials in the workbook's date system.
///
/// # Errors
/// As [`dates::parse`] and [`dates::from_serial`].
pub fn date(cell: &Cell, system: DateSystem) -> Result<Reading, Unread> {
    match cell {
        Cell::Serial(serial) | Cell::Number(serial) => dates::from_serial(*serial, system),
        Cell::Text(text) => dates::parse(text),
        Cell::Empty => Err(Unread::Empty),
        Cell::Logical(_) | Cell::Error(_) | Cell::FormulaWithoutValue => Err(Unread::Vague),
    }
}

/// The offers or needs of a cell: line breaks, bullets, numbers in sequence, semicolons and commas part them.
#[must_use]
pub fn intents(cell: &Cell) -> Vec<String> {
    let whole = said(cell);
    if whole.is_empty() {
        return Vec::new();
    }
    numbered(&whole)
        .iter()
        .flat_map(|part| part.split('\n'))
        .flat_map(bulleted)
        .flat_map(|part| outside_brackets(&part))
        .map(|part| without_bullet(&part).to_owned())
        .filter(|part| !is_empty_word(part))
        .collect()
}

/// Key by which two texts of one owner are the same offer: no spaces, small letters.
#[must_use]
pub fn intent_key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn without_bullet(part: &str) -> &str {
    let part = part.trim();
    match part.strip_prefix(['-', '–', '*']) {
        Some(rest) => rest.trim(),
        None => part,
    }
}

fn bulleted(line: &str) -> Vec<String> {
    line.split(['•', '●', '▪', '·', '✓', '✔', '➤']).map(|part| without_bullet(part).to_owned()).collect()
}

/// Parts at `;` and `,` outside brackets; a comma between two digits is part of a number.
fn outside_brackets(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| is_digit(*c));
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let number = *letter == ',' && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if depth == 0 && matches!(letter, ';' | ',') && !number {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*letter);
        }
    }
    parts
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || ('๐'..='๙').contains(&letter)
}

/// Parts at 1. 2. 3. (also `1)`, `(1)`, `๑)`), where the cell begins with 1 and the numbers follow in sequence.
fn numbered(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let Some((_, mut start)) = mark(&letters, 0).filter(|(number, _)| *number == 1) else {
        return vec![text.to_owned()];
    };
    let mut parts = Vec::new();
    let mut wanted = 2;
    let mut at = start;
    while at < letters.len() {
        let fresh = at
            .checked_sub(1)
            .and_then(|before| letters.get(before))
            .is_none_or(|c| !is_digit(*c) && *c != '(');
        match mark(&letters, at).filter(|(number, _)| fresh && *number == wanted) {
            Some((_, after)) => {
                parts.push(letters.get(start..at).unwrap_or_default().iter().collect());
                (start, at, wanted) = (after, after, wanted + 1);
            }
            None => at += 1,
        }
    }
    parts.push(letters.get(start..).unwrap_or_default().iter().collect());
    parts
}

/// A number with its mark at a place, and where it ends: `1.`, `1)`, `(1)`; never the start of 1.5.
fn mark(letters: &[char], at: usize) -> Option<(u32, usize)> {
    let opened = letters.get(at) == Some(&'(');
    let from = at + usize::from(opened);
    let digits: String = letters.iter().skip(from).take_while(|c| is_digit(**c)).take(3).collect();
    let number: u32 = western_digits(&digits).parse().ok()?;
    let end = from + digits.chars().count();
    let closes = match letters.get(end) {
        Some(')') => true,
        Some('.') => !opened && !letters.get(end + 1).is_some_and(|c| is_digit(*c)),
        _ => false,
    };
    closes.then_some((number, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn only_clear_words_are_consent() {
        for yes in
            ["ยินยอม ", "ยินยอม(ค่ะ)", "ยินยอม ครับ", "OK", "✓", "/", "ไม่ขัดข้อง", "ยินยอมให้เก็บข้อมูลเพื่อประสานงาน"]
        {
            assert_eq!(consent(&cell(yes)), Answer::Yes, "{yes}");
        }
        assert_eq!(consent(&Cell::Logical(true)), Answer::Yes);
        assert_eq!(consent(&Cell::Number(1.0)), Answer::Yes);
        for no in ["ไม่ยินยอม", "ไม่ยินยอมค่ะ", "ไม่", "No", "n", "ไม่ให้"]
        {
            assert_eq!(consent(&cell(no)), Answer::No, "{no}");
        }
        assert_eq!(consent(&Cell::Logical(false)), Answer::No);
        assert_eq!(consent(&Cell::Number(0.0)), Answer::No);
        for unclear in ["", "x", "-", "ขอถามสามีก่อน", "ไม่แน่ใจ"] {
            assert_eq!(consent(&cell(unclear)), Answer::Unclear, "{unclear}");
        }
        assert_eq!(consent(&Cell::Empty), Answer::Unclear);
    }

    #[test]
    fn addresses_are_never_repaired() {
        assert_eq!(email(" MEMBER01@NET.EXAMPLE.AC.TH ").as_deref(), Some("member01@net.example.ac.th"));
        assert_eq!(email("mailto:a.b+c@example.org").as_deref(), Some("a.b+c@example.org"));
        for bad in [
            "kannika.example.org",
            "mayuree@ example.org",
            "โชคดี@example.org",
            "rewat@@example.org",
            "a@b",
            "a@b..c",
        ] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn offers_are_parted_where_people_part_them() {
        let cases: [(&str, &[&str]); 14] = [
            ("• เล่านิทาน\n• สอนจักสาน", &["เล่านิทาน", "สอนจักสาน"]),
            ("๑) คนพาไปตรวจตา ๒) ไม้เท้า", &["คนพาไปตรวจตา", "ไม้เท้า"]),
            ("๑) ตรวจดิน 2) ปุ๋ย 50 กก.", &["ตรวจดิน", "ปุ๋ย 50 กก."]),
            ("1. PM2.5 จำนวน 5 เครื่อง\n2. วิทยุ", &["PM2.5 จำนวน 5 เครื่อง", "วิทยุ"]),
            ("(1) ก (2) ข", &["ก", "ข"]),
            ("รถกระบะ (คนขับพร้อม, เติมน้ำมัน)", &["รถกระบะ (คนขับพร้อม, เติมน้ำมัน)"]),
            ("กล้ากาแฟ 1,000 ต้น, ปุ๋ย", &["กล้ากาแฟ 1,000 ต้น", "ปุ๋ย"]),
            ("พิมพ์เอกสาร/ทำป้าย และเดินสาย", &["พิมพ์เอกสาร/ทำป้าย และเดินสาย"]),
            ("- ก\n- ข-ค\n* ง", &["ก", "ข-ค", "ง"]),
            ("ก; ข ✓ ค", &["ก", "ข", "ค"]),
            ("ไม่มี", &[]),
            ("ก, -, ไม่มี", &["ก"]),
            ("1.5 ไร่ และ 2. อื่น", &["1.5 ไร่ และ 2. อื่น"]),
            ("1) ก 3) ข 2) ค", &["ก 3) ข", "ค"]),
        ];
        for (written, parts) in cases {
            assert_eq!(intents(&cell(written)), parts, "{written}");
        }
    }
}
