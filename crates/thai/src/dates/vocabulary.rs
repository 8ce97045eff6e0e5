//! The words a written date is made of, in Thai and English, and how a text is cut into them.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// value, digits written
    Number(i64, usize),
    Month(i8),
    Buddhist,
    Common,
    /// ปี, or an apostrophe before two digits
    YearWord,
    /// เวลา: a time follows
    Clock,
    /// น.: a time has ended
    OClock,
    Morning,
    Afternoon,
    /// / - . : between numbers
    Mark(char),
    Filler,
    Unknown,
}

const MONTHS: [&str; 48] = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
    "มค",
    "กพ",
    "มีค",
    "เมย",
    "พค",
    "มิย",
    "กค",
    "สค",
    "กย",
    "ตค",
    "พย",
    "ธค",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];

/// Spellings met beside the official ones, with the month each means.
const OTHER_MONTHS: [(&str, i8); 8] = [
    ("มกรา", 1),
    ("กุมภา", 2),
    ("มีนา", 3),
    ("เมษา", 4),
    ("พฤษภา", 5),
    ("มิถุนา", 6),
    ("กรกฏาคม", 7),
    ("sept", 9),
];

/// Words that may stand around a date and say nothing about it.
const FILLERS: [&str; 61] = [
    "วันที่",
    "วัน",
    "ที่",
    "เดือน",
    "เมื่อ",
    "ตั้งแต่",
    "ประมาณ",
    "ราว",
    "ช่วง",
    "ต้น",
    "กลาง",
    "ปลาย",
    "จันทร์",
    "อังคาร",
    "พุธ",
    "พฤหัสบดี",
    "พฤหัส",
    "ศุกร์",
    "เสาร์",
    "อาทิตย์",
    "จ",
    "อ",
    "พ",
    "พฤ",
    "ศ",
    "ส",
    "อา",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "the",
    "of",
    "on",
    "at",
    "in",
    "since",
    "about",
    "from",
    "st",
    "nd",
    "rd",
    "th",
    "hrs",
    "hr",
    "ณ",
    "ปีที่",
    "นาฬิกา",
];

fn vocabulary(word: &str) -> Option<Token> {
    if let Some(at) = MONTHS.iter().position(|m| *m == word) {
        return i8::try_from(at % 12 + 1).ok().map(Token::Month);
    }
    if let Some((_, month)) = OTHER_MONTHS.iter().find(|(name, _)| *name == word) {
        return Some(Token::Month(*month));
    }
    Some(match word {
        "พศ" | "be" => Token::Buddhist,
        "คศ" | "ad" | "ce" => Token::Common,
        "ปี" | "year" => Token::YearWord,
        "เวลา" | "time" => Token::Clock,
        "น" => Token::OClock,
        "am" => Token::Morning,
        "pm" => Token::Afternoon,
        word if FILLERS.contains(&word) => Token::Filler,
        _ => return None,
    })
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_letter = |c: char| c.is_alphabetic() || crate::text::is_thai(c);
        let length = if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if is_letter(first) {
            rest.find(|c: char| !(is_letter(c) || c == '.')).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (head, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if first.is_ascii_digit() {
            found.push(head.parse().map_or(Token::Unknown, |value| Token::Number(value, head.len())));
        } else if is_letter(first) {
            found.extend(words(&head.replace('.', "")));
        } else {
            match first {
                '/' | '-' | '.' | ':' => found.push(Token::Mark(first)),
                '–' | '—' => found.push(Token::Mark('-')),
                '\'' | '’' | '‘' => found.push(Token::YearWord),
                ' ' | ',' | '\n' | '(' | ')' => {}
                _ => found.push(Token::Unknown),
            }
        }
        rest = tail;
    }
    found
}

/// A run of letters cut into known words, longest first; one unknown letter makes the whole run unknown.
fn words(run: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = run;
    while !rest.is_empty() {
        let known = rest
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .rev()
            .find_map(|end| rest.get(..end).and_then(vocabulary).map(|token| (token, end)));
        let Some((token, end)) = known else { return vec![Token::Unknown] };
        found.push(token);
        rest = rest.get(end..).unwrap_or("");
    }
    found
}
