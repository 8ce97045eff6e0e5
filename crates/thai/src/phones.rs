//! Telephone numbers as people write them into one cell, and as they are kept (E.164) and shown.
//!
//! `060-000-0000`, `O9O-OOO-OO11`, `66800000301` (a spreadsheet ate the zero), `053-000-101 ต่อ 12`, two numbers in
//! one cell, Thai digits, dots: all are read. What cannot be a Thai number is named, never guessed.
//!
//! Source: the project's import rule on phones; numbering plan of Thailand (ITU-T E.164, country code 66: mobile
//! 06/08/09 + 8 digits, fixed 02–05/07 + 7 digits).

use crate::text::{is_empty_word, normalize, western_digits};
use std::fmt;

/// A valid Thai number in E.164, such as `+66800000001`. Extensions are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// Fixed lines are shared by an office, mobiles belong to one person: only these tell people apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// 06, 08, 09
    Mobile,
    /// 02 to 05, 07
    Fixed,
}

impl Phone {
    /// Reads one number (not a cell of several); `None` if it cannot be a Thai number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = western_digits(text).into_owned();
        match read_part(&text) {
            Part::Number(phone) => Some(phone),
            Part::Nothing | Part::Unreadable => None,
        }
    }

    /// From the ten or nine digits dialled at home, leading zero included.
    fn from_domestic(digits: &str) -> Option<Self> {
        let mut letters = digits.bytes();
        let (zero, second) = (letters.next()?, letters.next()?);
        let length = match second {
            b'6' | b'8' | b'9' => 10,
            b'2'..=b'5' | b'7' => 9,
            _ => return None,
        };
        let valid = zero == b'0' && digits.len() == length && letters.all(|d| d.is_ascii_digit());
        valid
            .then(|| Self(format!("+66{}", digits.trim_start_matches('0'))))
            .filter(|phone| phone.0.len() == length + 2)
    }

    /// The number in E.164: `+66` and eight or nine digits.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Mobile or fixed line.
    #[must_use]
    pub fn line(&self) -> Line {
        match self.0.as_bytes().get(3) {
            Some(b'6' | b'8' | b'9') => Line::Mobile,
            _ => Line::Fixed,
        }
    }

    /// As dialled at home, without separators: `0800000001`.
    #[must_use]
    pub fn domestic(&self) -> String {
        format!("0{}", self.0.strip_prefix("+66").unwrap_or_default())
    }

    /// As read aloud at home: `080-000-0001`, `02-000-0001`, `053-000-001`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let digits = self.domestic();
        let (area, middle) = match (self.line(), digits.as_bytes().get(1)) {
            (Line::Mobile, _) => (3, 3),
            (Line::Fixed, Some(b'2')) => (2, 3),
            (Line::Fixed, _) => (3, 3),
        };
        let mut out = String::with_capacity(12);
        for (i, digit) in digits.chars().enumerate() {
            if i == area || i == area + middle {
                out.push('-');
            }
            out.push(digit);
        }
        out
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

/// What one cell held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PhoneCell {
    /// Valid numbers, in order, each once.
    pub numbers: Vec<Phone>,
    /// Parts that were meant as a number and are none, as written.
    pub unreadable: Vec<String>,
}

impl PhoneCell {
    /// A cell that says something, but no number: to be shown to whoever imports it.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.numbers.is_empty() && !self.unreadable.is_empty()
    }
}

/// More in one cell is no list of a person's numbers.
const MOST_PARTS: usize = 50;

/// Reads a cell of one or several numbers; no more than 50 are looked at.
///
/// Parts end at `/` `,` `;`, a line break, หรือ and และ; a following part of one or two digits is the tail of a range
/// and ignored; the letter O is 0; everything from ต่อ, ext or # on is an extension; a part with x beside a digit, or
/// in a spreadsheet's `8.0E+08`, is unreadable; lost leading zeros are given back.
///
/// ```
/// let cell = thai::phones::parse_cell("๐๘๐-๐๐๐-๐๓๒๘ / 053-000-101 ต่อ 12");
/// let kept: Vec<&str> = cell.numbers.iter().map(|n| n.e164()).collect();
/// assert_eq!(kept, ["+66800000328", "+6653000101"]);
/// assert!(thai::phones::parse_cell("08x-xxx-0330").is_invalid());
/// ```
#[must_use]
pub fn parse_cell(cell: &str) -> PhoneCell {
    let mut found = PhoneCell::default();
    if is_empty_word(cell) {
        return found;
    }
    let text = normalize(cell);
    let text = western_digits(&text);
    let text = text.replace("หรือ", "\n").replace("และ", "\n");
    let parts = text.split(['/', ',', ';', '\n']).map(str::trim).filter(|part| !is_empty_word(part));
    for (i, part) in parts.enumerate().take(MOST_PARTS) {
        if i > 0 && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        match read_part(part) {
            Part::Number(phone) => {
                if !found.numbers.contains(&phone) {
                    found.numbers.push(phone);
                }
            }
            Part::Nothing if i > 0 => {}
            Part::Nothing | Part::Unreadable => found.unreadable.push(part.to_owned()),
        }
    }
    found
}

/// A number from a numeric cell, where the leading zero is gone: 800000001 is 080-000-0001.
#[must_use]
pub fn parse_number(value: f64) -> PhoneCell {
    if (0.0..1e16).contains(&value) && value.fract() == 0.0 {
        return parse_cell(&format!("{value:.0}"));
    }
    PhoneCell { numbers: Vec::new(), unreadable: vec![value.to_string()] }
}

enum Part {
    Number(Phone),
    /// no digit at all: a word beside the number
    Nothing,
    Unreadable,
}

fn read_part(part: &str) -> Part {
    let part = letter_o_to_zero(part);
    let dialled = before_extension(&part);
    if hides_digits(dialled) {
        return Part::Unreadable;
    }
    let dialled = without_trunk_zero(dialled);
    let digits = digits_of(&dialled);
    if digits.is_empty() {
        return Part::Nothing;
    }
    if let Some(phone) = complete(&digits) {
        return Part::Number(phone);
    }
    // 074-000121-2: the last group is how far a range of office lines goes
    let Some((main, tail)) = dialled.rsplit_once(['-', '–']) else { return Part::Unreadable };
    let tail_digits = digits_of(tail).len();
    if !(1..=2).contains(&tail_digits) {
        return Part::Unreadable;
    }
    complete(&digits_of(main)).map_or(Part::Unreadable, Part::Number)
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Puts back what spreadsheets and country codes took away, and checks the result.
fn complete(digits: &str) -> Option<Phone> {
    let national = digits
        .strip_prefix("0066")
        .or_else(|| digits.strip_prefix("66"))
        .filter(|rest| matches!(rest.len(), 8 | 9));
    if let Some(rest) = national {
        return Phone::from_domestic(&format!("0{rest}"));
    }
    let lost_zero = match digits.as_bytes().first()? {
        b'6' | b'8' | b'9' => digits.len() == 9,
        b'2'..=b'5' | b'7' => digits.len() == 8,
        _ => false,
    };
    if lost_zero { Phone::from_domestic(&format!("0{digits}")) } else { Phone::from_domestic(digits) }
}

/// O and o are zeros where no other Latin letter stands beside them (not in "No. 080…").
fn letter_o_to_zero(part: &str) -> String {
    let letters: Vec<char> = part.chars().collect();
    let mut out = String::with_capacity(part.len());
    for word in letters.chunk_by(|a, b| a.is_ascii_alphabetic() == b.is_ascii_alphabetic()) {
        let zeros = word.iter().all(|c| matches!(c, 'o' | 'O'));
        out.extend(word.iter().map(|&c| if zeros { '0' } else { c }));
    }
    out
}

fn before_extension(part: &str) -> &str {
    let lower = part.to_ascii_lowercase();
    let cut = ["ต่อ", "ext", "#"].iter().filter_map(|mark| lower.find(mark)).min();
    cut.and_then(|at| part.get(..at)).unwrap_or(part)
}

/// `08x-xxx-0330` was blacked out, `8.0E+08` was rounded: no digit of it can be trusted.
fn hides_digits(part: &str) -> bool {
    let letters: Vec<char> = part.chars().flat_map(char::to_lowercase).collect();
    letters.windows(2).any(|pair| match pair {
        ['e', '+'] => true,
        [a, b] => (*a == 'x' && b.is_ascii_digit()) || (a.is_ascii_digit() && *b == 'x'),
        _ => false,
    })
}

/// `+66(0)80…`: the zero in brackets is not dialled from abroad.
fn without_trunk_zero(part: &str) -> String {
    let Some((before, after)) = part.split_once("(0)") else { return part.to_owned() };
    if matches!(digits_of(before).as_str(), "66" | "0066") {
        return format!("{before}{after}");
    }
    part.to_owned()
}

/// A number of three or four digits that everyone in Thailand can dial, with what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortNumber {
    /// As dialled.
    pub number: &'static str,
    /// What answers, in Thai.
    pub th: &'static str,
    /// What answers, in English.
    pub en: &'static str,
}

/// Emergency and public help lines, as announced by the agencies that run them. Not a member's phone.
pub const SHORT_NUMBERS: [ShortNumber; 18] = [
    short("191", "เหตุด่วนเหตุร้าย (ตำรวจ)", "police emergency"),
    short("199", "ดับเพลิงและกู้ภัย", "fire and rescue"),
    short("1669", "การแพทย์ฉุกเฉิน", "medical emergency"),
    short("1784", "สายด่วน ปภ. (สาธารณภัย)", "disaster prevention and mitigation"),
    short("1111", "ศูนย์บริการข้อมูลภาครัฐ", "government contact center"),
    short("1129", "การไฟฟ้าส่วนภูมิภาค", "provincial electricity"),
    short("1146", "กรมทางหลวงชนบท", "rural roads"),
    short("1155", "ตำรวจท่องเที่ยว", "tourist police"),
    short("1182", "กรมอุตุนิยมวิทยา", "weather forecast"),
    short("1193", "ตำรวจทางหลวง", "highway police"),
    short("1300", "ศูนย์ช่วยเหลือสังคม", "social assistance"),
    short("1323", "สายด่วนสุขภาพจิต", "mental health"),
    short("1330", "สายด่วน สปสช. (สิทธิบัตรทอง)", "universal health coverage"),
    short("1362", "สายด่วนพิทักษ์ป่า (ไฟป่า)", "forest protection and wildfire"),
    short("1422", "กรมควบคุมโรค", "disease control"),
    short("1567", "ศูนย์ดำรงธรรม", "complaints to the province"),
    short("1586", "กรมทางหลวง", "highways"),
    short("1650", "กรมควบคุมมลพิษ", "pollution control"),
];

const fn short(number: &'static str, th: &'static str, en: &'static str) -> ShortNumber {
    ShortNumber { number, th, en }
}

/// The public line behind a short number, if it is one; Thai digits and dashes do not matter.
#[must_use]
pub fn short_number(text: &str) -> Option<ShortNumber> {
    let digits = digits_of(&western_digits(text));
    SHORT_NUMBERS.iter().find(|line| line.number == digits).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(cell: &str) -> Vec<String> {
        parse_cell(cell).numbers.iter().map(|n| n.e164().to_owned()).collect()
    }

    #[test]
    fn every_way_a_sheet_writes_one_number() {
        let cases = [
            ("060-000-0000", "+66600000000"),
            ("800000001", "+66800000001"),
            ("060 000 0003  ", "+66600000003"),
            ("+66 80 000 0004", "+66800000004"),
            ("๐๙๐-๐๐๐-๐๐๐๕", "+66900000005"),
            ("66600000006", "+66600000006"),
            ("080.000.0007", "+66800000007"),
            ("โทร. 090-0000008", "+66900000008"),
            ("060-0000009 (แม่บ้านรับ)", "+66600000009"),
            ("O9O-OOO-OO11", "+66900000011"),
            ("053-000-101 ต่อ 12", "+6653000101"),
            ("53000101", "+6653000101"),
            ("074-000121-2", "+6674000121"),
            ("02-000-0121-25", "+6620000121"),
            ("0066 80 000 0004", "+66800000004"),
            ("+66(0)80 000 0004", "+66800000004"),
            ("+66 (0) 80 000 0004", "+66800000004"),
            ("6653000182", "+6653000182"),
            ("tel:+66-90-000-0605", "+66900000605"),
            ("053-000-101 ext. 4", "+6653000101"),
            ("053-000-101 #4", "+6653000101"),
            ("No. 080-000-0001", "+66800000001"),
            ("0800000001, 02", "+66800000001"),
        ];
        for (cell, kept) in cases {
            assert_eq!(read(cell), [kept], "{cell}");
        }
    }

    #[test]
    fn several_numbers_and_none() {
        assert_eq!(read("080-000-0328 / 090-000-0329"), ["+66800000328", "+66900000329"]);
        assert_eq!(read("080-000-0328 หรือ 080.000.0328\n053000101"), ["+66800000328", "+6653000101"]);
        for cell in ["", "-", "ไม่มี", "\u{200b}"] {
            assert_eq!(parse_cell(cell), PhoneCell::default(), "{cell:?}");
        }
        for cell in ["08x-xxx-0330", "8.0E+08", "1669", "081-xxx-0611", "0000000000", "ถามแม่", "0100000000"]
        {
            assert!(parse_cell(cell).is_invalid(), "{cell}");
        }
    }

    #[test]
    fn numeric_cells_have_lost_their_zero() {
        assert_eq!(parse_number(800_000_001.0).numbers[0].e164(), "+66800000001");
        assert!(parse_number(1669.0).is_invalid());
        assert!(parse_number(0.5).is_invalid());
        assert!(parse_number(f64::NAN).is_invalid());
    }

    #[test]
    fn shown_in_the_usual_groups() {
        for (number, shown) in
            [("0800000001", "080-000-0001"), ("020000001", "02-000-0001"), ("053000101", "053-000-101")]
        {
            let phone = Phone::parse(number).unwrap();
            assert_eq!(phone.to_string(), shown);
            assert_eq!(phone.domestic(), number);
        }
        assert_eq!(Phone::parse("0800000001").unwrap().line(), Line::Mobile);
        assert_eq!(Phone::parse("020000001").unwrap().line(), Line::Fixed);
    }

    #[test]
    fn short_numbers_are_public_lines() {
        assert_eq!(short_number("๑๖๖๙").map(|s| s.en), Some("medical emergency"));
        assert_eq!(short_number("1660"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(second in prop_oneof!["[689][0-9]{8}", "[2-57][0-9]{7}"]) {
            let phone = Phone::parse(&format!("0{second}")).unwrap();
            prop_assert_eq!(Phone::parse(&phone.grouped()), Some(phone.clone()));
            prop_assert_eq!(Phone::parse(phone.e164()), Some(phone.clone()));
            prop_assert_eq!(Phone::parse(&second), Some(phone));
        }

        #[test]
        fn no_cell_is_too_strange(cell in "\\PC{0,40}") {
            for phone in parse_cell(&cell).numbers {
                prop_assert!(matches!(phone.e164().len(), 11 | 12));
            }
        }
    }
}
