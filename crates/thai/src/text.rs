//! Text as it is kept, shown and looked for.
//!
//! A word typed on a phone, pasted from a sheet and searched a year later must be one word. [`normalize`] is what
//! is stored and shown: it repairs what keyboards do wrongly (เเ for แ, นำ้ for น้ำ, invisible spaces) and changes
//! nothing a reader could see. [`fold`] goes further and is only for comparing and indexing (๒๕๖๙ and 2569,
//! มากกกก and มาก, PM 2.5 and pm25). [`truncate`] cuts for a list without tearing a letter from its marks.
//!
//! Source of the repairs: no Unicode normal form turns เเ into แ or moves a tone mark behind ำ; the list is the
//! project's own import rule on text, and W3C's Thai layout notes for cutting.

use std::borrow::Cow;

mod cut;
mod fold;
mod keyboard;

pub use cut::{ELLIPSIS, graphemes, truncate};
pub use fold::fold;
pub use keyboard::{could_be_thai, keyboard_slip};

const NIKHAHIT: char = '\u{0E4D}';
const SARA_AA: char = 'า';
const SARA_AM: char = 'ำ';

/// The four tone marks ่ ้ ๊ ๋.
#[must_use]
pub const fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{0E48}'..='\u{0E4B}')
}

/// A vowel sign that stands above or below its consonant (ั ิ ี ึ ื ุ ู ฺ ็); a tone mark is typed after it.
#[must_use]
pub const fn is_upper_or_lower_vowel(letter: char) -> bool {
    matches!(letter, '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}')
}

/// One of the 44 consonants, and ฤ ฦ, which begin words in the same way.
#[must_use]
pub const fn is_consonant(letter: char) -> bool {
    matches!(letter, 'ก'..='ฮ')
}

/// A vowel written before its consonant: เ แ โ ใ ไ.
#[must_use]
pub const fn is_leading_vowel(letter: char) -> bool {
    matches!(letter, 'เ'..='ไ')
}

/// Anything in the Thai block, signs and digits included.
#[must_use]
pub const fn is_thai(letter: char) -> bool {
    matches!(letter, '\u{0E00}'..='\u{0E7F}')
}

/// Whether a name or word can begin here: a consonant or a leading vowel, never a mark.
#[must_use]
pub const fn begins_syllable(letter: char) -> bool {
    is_consonant(letter) || is_leading_vowel(letter)
}

/// A letter, as `char::is_alphabetic`, but quick for Thai and ASCII, of which our texts are made.
pub(crate) fn is_letter(letter: char) -> bool {
    match letter {
        '\0'..='\x7f' => letter.is_ascii_alphabetic(),
        '\u{0E00}'..='\u{0E7F}' => matches!(letter, 'ก'..='\u{0E3A}' | 'เ'..='ๆ' | NIKHAHIT),
        other => other.is_alphabetic(),
    }
}

/// A letter or a digit of any script.
pub(crate) fn is_letter_or_digit(letter: char) -> bool {
    match letter {
        '\0'..='\x7f' => letter.is_ascii_alphanumeric(),
        '\u{0E00}'..='\u{0E7F}' => is_letter(letter) || matches!(letter, '๐'..='๙'),
        other => other.is_alphanumeric(),
    }
}

const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\0'..='\x08' | '\x0e'..='\x1f' | '\x7f')
}

/// A space of any width that is not a line break.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\n' | '\r')
}

/// Text as it is stored and shown: the same to every reader, the same to every comparison.
///
/// Unicode NFC; then NBSP and other widths of space → space; U+200B–200F, U+2060, U+FEFF and
/// control characters dropped; เเ → แ;
/// ํ(+tone)+า → tone+ำ; ำ+tone → tone+ำ; a tone before an upper or lower vowel → after it; a doubled tone → one;
/// runs of spaces → one; ends trimmed. Line breaks stay (as `\n`). Idempotent; borrowed when nothing changes.
///
/// ```
/// assert_eq!(thai::text::normalize("นำ้ใจ เเม่\u{a0} ทา "), "น้ำใจ แม่ ทา");
/// ```
#[must_use]
pub fn normalize(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    let mut repaired = repair(text);
    // only accents of other scripts among Thai marks can need a second round
    for _ in 0..8 {
        if is_normal(&repaired) || repaired.chars().all(is_plain) {
            break;
        }
        let again = repair(&repaired);
        if again == repaired {
            break;
        }
        repaired = again;
    }
    Cow::Owned(repaired)
}

fn repair(text: &str) -> String {
    let mut visible: String = text.chars().filter(|&c| !is_invisible(c)).collect();
    if !visible.chars().all(is_plain) {
        visible = icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(&visible).into_owned();
    }
    let mut out: Vec<char> = Vec::with_capacity(visible.len() / 2);
    let mut after_return = false;
    for letter in visible.chars() {
        let second_half = letter == '\n' && after_return;
        after_return = letter == '\r';
        match letter {
            // \r\n and a lone \r are the line breaks of other systems
            '\n' if second_half => {}
            '\r' => out.push('\n'),
            space if is_space(space) => {
                if out.last() != Some(&' ') {
                    out.push(' ');
                }
            }
            letter => put(&mut out, letter),
        }
    }
    let joined: String = out.into_iter().collect();
    joined.trim().to_owned()
}

/// Adds one letter, repairing the order of marks with what already stands.
fn put(out: &mut Vec<char>, letter: char) {
    match (out.last().copied(), letter) {
        (Some('เ'), 'เ') => {
            out.pop();
            out.push('แ');
        }
        (Some(NIKHAHIT), SARA_AA) => {
            out.pop();
            put(out, SARA_AM);
        }
        (Some(tone), SARA_AA)
            if is_tone(tone) && out.len() >= 2 && out.get(out.len() - 2) == Some(&NIKHAHIT) =>
        {
            out.pop();
            out.pop();
            put(out, tone);
            put(out, SARA_AM);
        }
        // two of them are no spelling and stay as they are
        (Some(SARA_AM), tone) if is_tone(tone) && !out.ends_with(&[SARA_AM, SARA_AM]) => {
            out.pop();
            put(out, tone);
            out.push(SARA_AM);
        }
        (Some(before), tone) if is_tone(tone) && before == tone => {}
        (Some(tone), vowel) if is_tone(tone) && is_upper_or_lower_vowel(vowel) => put_below(out, vowel),
        _ => out.push(letter),
    }
}

/// Puts a vowel before the tones that were typed too early. Heaps of tones are no spelling and stay as they are.
fn put_below(out: &mut Vec<char>, vowel: char) {
    const HEAP: usize = 4;
    let tones = out.iter().rev().take_while(|c| is_tone(**c)).take(HEAP).count();
    if tones == HEAP {
        out.push(vowel);
        return;
    }
    let early = out.split_off(out.len() - tones);
    put(out, vowel);
    early.into_iter().for_each(|tone| put(out, tone));
}

/// Whether [`normalize`] would change nothing; most text is like that, and then nothing is copied.
fn is_normal(text: &str) -> bool {
    let mut before = ' ';
    let mut first = true;
    for letter in text.chars() {
        if letter == ' ' {
            if before == ' ' {
                return false; // also a leading space
            }
        } else if letter.is_ascii() {
            if is_invisible(letter) || (letter.is_whitespace() && (letter != '\n' || first)) {
                return false;
            }
        } else if is_thai(letter) {
            if matches!(letter, NIKHAHIT | '\u{0E3A}')
                || (letter == 'เ' && before == 'เ')
                || (is_tone(letter) && (before == SARA_AM || before == letter))
                || (is_tone(before) && is_upper_or_lower_vowel(letter))
            {
                return false;
            }
        } else if !is_settled(letter) {
            return false;
        }
        before = letter;
        first = false;
    }
    !before.is_whitespace() || text.is_empty()
}

/// Letters outside Thai that no rule and no NFC changes: Latin-1 letters and common punctuation.
const fn is_settled(letter: char) -> bool {
    matches!(letter, '\u{A1}'..='\u{2FF}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}')
}

/// Letters that NFC leaves alone wherever they stand.
const fn is_plain(letter: char) -> bool {
    letter.is_ascii() || (is_thai(letter) && letter != '\u{0E3A}') || is_settled(letter)
}

/// Thai digits ๐–๙ written 0–9; everything else as it was.
#[must_use]
pub fn western_digits(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| matches!(c, '๐'..='๙')) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(western_digit).collect())
}

/// One Thai digit as 0–9.
pub(crate) fn western_digit(letter: char) -> char {
    match letter {
        '๐'..='๙' => {
            let value = u32::from(letter) - u32::from('๐');
            char::from_digit(value, 10).unwrap_or(letter)
        }
        other => other,
    }
}

/// Words that mean "nothing here" when they fill a whole cell.
const EMPTY_WORDS: [&str; 15] = [
    "-",
    "–",
    "—",
    ".",
    "ไม่มี",
    "ยังไม่มี",
    "ไม่แน่ใจ",
    "ไม่ระบุ",
    "ยังนึกไม่ออก",
    "n/a",
    "na",
    "ไม่สังกัด",
    "อิสระ",
    "บุคคลทั่วไป",
    "ประชาชนทั่วไป",
];

/// Whether a cell, or one part of it, says that there is nothing: blank, `-`, ไม่มี, `n/a` and their like.
///
/// ```
/// assert!(thai::text::is_empty_word(" ไม่มี "));
/// assert!(!thai::text::is_empty_word("ไม่มีรถ"));
/// ```
#[must_use]
pub fn is_empty_word(cell: &str) -> bool {
    let text = normalize(cell);
    // the longest of them has fewer bytes
    if text.len() > 60 {
        return false;
    }
    let lower = text.trim().to_lowercase();
    lower.is_empty() || EMPTY_WORDS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_import_rule_holds_case_by_case() {
        let cases = [
            ("เเม่เเตง", "แม่แตง"),
            ("นำ้", "น้ำ"),
            ("นํ้า", "น้ำ"),
            ("น้ํา", "น้ำ"),
            ("คํา", "คำ"),
            ("ที่", "ที่"),
            ("ท่ี", "ที่"),
            ("ก้ัน", "กั้น"),
            ("ผู้่", "ผู้่"),
            ("ผู้", "ผู้"),
            ("แม่่ทา", "แม่ทา"),
            ("รัตนาภรณ์ ทาแกงสุข\u{200b}", "รัตนาภรณ์ ทาแกงสุข"),
            ("น.ส.บัวผัน\u{a0}มูลเมืองคำ ", "น.ส.บัวผัน มูลเมืองคำ"),
            ("\u{feff}ก\u{200c}ข\u{200d}", "กข"),
            ("  หลาย   ช่อง \t ว่าง ", "หลาย ช่อง ว่าง"),
            ("บรรทัด\r\nใหม่\rและ\nอีก", "บรรทัด\nใหม่\nและ\nอีก"),
            ("ฐิตธมฺโม", "ฐิตธมฺโม"),
            ("cafe\u{301}", "café"),
            ("เ\u{200b}เพร่", "แพร่"),
        ];
        for (typed, kept) in cases {
            assert_eq!(normalize(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn words_that_differ_by_one_mark_stay_apart() {
        for (one, other) in [("ข้าว", "ข่าว"), ("ป่า", "ป้า"), ("เสือ", "เสื้อ"), ("วงศ์", "วงค์")]
        {
            assert_ne!(normalize(one), normalize(other));
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn letters_are_those_of_unicode() {
        for letter in ('\0'..='\u{3000}').filter(|c| !matches!(c, '\u{0E00}'..='\u{0E7F}')) {
            assert_eq!(is_letter(letter), letter.is_alphabetic(), "{letter:?}");
            assert_eq!(is_letter_or_digit(letter), letter.is_alphanumeric(), "{letter:?}");
        }
        for letter in '\u{0E01}'..='\u{0E5B}' {
            assert_eq!(is_letter(letter), letter.is_alphabetic(), "{letter:?}");
            assert_eq!(is_letter_or_digit(letter), letter.is_alphanumeric(), "{letter:?}");
        }
    }

    #[test]
    fn clean_text_is_not_copied() {
        for text in ["", "น้ำท่วมบ้านผู้สูงอายุ 3 หลัง", "two lines\nof text", "“ฝากไว้ก่อน” – …"]
        {
            assert!(matches!(normalize(text), Cow::Borrowed(_)), "{text:?}");
        }
    }

    #[test]
    fn heaps_of_marks_do_no_harm() {
        for heap in ["่้", "ิ่", "ำ่", "ํ่า", "์ิ", "เ", "pm", "ก.", "(", "่้ิ", "\u{301}่", "ดร."]
        {
            let long = heap.repeat(20_000);
            let kept = normalize(&long).into_owned();
            assert_eq!(normalize(&kept), kept);
            assert!(fold(&long).len() <= long.len());
            let _ = truncate(&long, 20);
            let _ = crate::names::PersonName::parse(&long);
            let _ = crate::phones::parse_cell(&long);
            let _ = crate::dates::parse(&long);
            let _ = crate::spelling::skeleton(&long);
            let _ = crate::places::read_address(&long);
        }
    }

    #[test]
    fn empty_words_are_tested_on_the_whole_cell() {
        for word in ["", "  ", "-", "—", "N/A", "na", " ยังไม่มี ", "ไม่แน่ใจ\u{200b}", "บุคคลทั่วไป"]
        {
            assert!(is_empty_word(word), "{word:?}");
        }
        for word in ["--", "ไม่มีรถ", "นา", "0"] {
            assert!(!is_empty_word(word), "{word:?}");
        }
    }

    /// Thai letters and marks in any order, with the troublemakers over-represented.
    pub(super) fn scrambled() -> impl Strategy<Value = String> {
        let letter = prop_oneof![
            4 => proptest::char::range('ก', '๛'),
            3 => proptest::sample::select(vec!['เ', '่', '้', 'ำ', '\u{0E4D}', 'า', 'ี', 'ู', '\u{0E3A}']),
            1 => proptest::sample::select(vec![' ', '\u{a0}', '\u{200b}', '\n', '\r', 'e', '\u{301}', 'A', '1']),
            1 => any::<char>(),
        ];
        proptest::collection::vec(letter, 0..24).prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(text in scrambled()) {
            let once = normalize(&text).into_owned();
            prop_assert_eq!(normalize(&once).into_owned(), once.clone());
        }

        #[test]
        fn the_fast_path_agrees_with_the_rules(text in scrambled()) {
            let once = normalize(&text).into_owned();
            let left_over = ["เเ", "  ", "\u{200b}"].iter().any(|pair| once.contains(pair));
            prop_assert!(!left_over, "{:?}", once);
            prop_assert_eq!(once.trim(), once.as_str());
            let letters: Vec<char> = once.chars().collect();
            for five in letters.windows(2).filter(|pair| is_upper_or_lower_vowel(pair[1]) && is_tone(pair[0])) {
                // only behind a heap of tones, which is no spelling
                let heap = letters.windows(5).any(|w| w[..4].iter().all(|c| is_tone(*c)) && w[4] == five[1]);
                prop_assert!(heap, "{:?}", once);
            }
            for pair in letters.windows(2) {
                prop_assert!(!(is_tone(pair[0]) && pair[0] == pair[1]), "{:?}", once);
                prop_assert!(!(pair[0] == 'ำ' && is_tone(pair[1])) || once.contains("ำำ"), "{:?}", once);
            }
        }
    }
}
