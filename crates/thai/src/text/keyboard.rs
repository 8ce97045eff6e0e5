//! The forgotten language key: `l;ylfu` typed for สวัสดี, and ้ำสสน for `hello`.
//!
//! The map is the Kedmanee layout (TIS 820-2538), key for key over a US keyboard.

use super::{is_consonant, is_leading_vowel, is_thai, is_tone, is_upper_or_lower_vowel};

/// US key, Thai letter; unshifted rows, then shifted.
const KEYS: [(char, char); 91] = [
    ('1', 'ๅ'),
    ('2', '/'),
    ('3', '-'),
    ('4', 'ภ'),
    ('5', 'ถ'),
    ('6', 'ุ'),
    ('7', 'ึ'),
    ('8', 'ค'),
    ('9', 'ต'),
    ('0', 'จ'),
    ('-', 'ข'),
    ('=', 'ช'),
    ('q', 'ๆ'),
    ('w', 'ไ'),
    ('e', 'ำ'),
    ('r', 'พ'),
    ('t', 'ะ'),
    ('y', 'ั'),
    ('u', 'ี'),
    ('i', 'ร'),
    ('o', 'น'),
    ('p', 'ย'),
    ('[', 'บ'),
    (']', 'ล'),
    ('a', 'ฟ'),
    ('s', 'ห'),
    ('d', 'ก'),
    ('f', 'ด'),
    ('g', 'เ'),
    ('h', '้'),
    ('j', '่'),
    ('k', 'า'),
    ('l', 'ส'),
    (';', 'ว'),
    ('\'', 'ง'),
    ('z', 'ผ'),
    ('x', 'ป'),
    ('c', 'แ'),
    ('v', 'อ'),
    ('b', 'ิ'),
    ('n', 'ื'),
    ('m', 'ท'),
    (',', 'ม'),
    ('.', 'ใ'),
    ('/', 'ฝ'),
    ('!', '+'),
    ('@', '๑'),
    ('#', '๒'),
    ('$', '๓'),
    ('%', '๔'),
    ('^', 'ู'),
    ('&', '฿'),
    ('*', '๕'),
    ('(', '๖'),
    (')', '๗'),
    ('_', '๘'),
    ('+', '๙'),
    ('Q', '๐'),
    ('W', '"'),
    ('E', 'ฎ'),
    ('R', 'ฑ'),
    ('T', 'ธ'),
    ('Y', 'ํ'),
    ('U', '๊'),
    ('I', 'ณ'),
    ('O', 'ฯ'),
    ('P', 'ญ'),
    ('{', 'ฐ'),
    ('}', ','),
    ('|', 'ฅ'),
    ('\\', 'ฃ'),
    ('A', 'ฤ'),
    ('S', 'ฆ'),
    ('D', 'ฏ'),
    ('F', 'โ'),
    ('G', 'ฌ'),
    ('H', '็'),
    ('J', '๋'),
    ('K', 'ษ'),
    ('L', 'ศ'),
    (':', 'ซ'),
    ('"', '.'),
    ('Z', '('),
    ('X', ')'),
    ('C', 'ฉ'),
    ('V', 'ฮ'),
    ('B', 'ฺ'),
    ('N', '์'),
    ('M', '?'),
    ('<', 'ฒ'),
    ('>', 'ฬ'),
];

/// What the same keys give on the other layout, if that reads like a text and the text given does not.
///
/// A suggestion for a search box ("did you mean สวัสดี?"), never a silent change.
///
/// ```
/// assert_eq!(thai::text::keyboard_slip("l;ylfu").as_deref(), Some("สวัสดี"));
/// assert_eq!(thai::text::keyboard_slip("flood"), None);
/// ```
#[must_use]
pub fn keyboard_slip(text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() < 3 {
        return None;
    }
    if text.is_ascii() {
        // a word of letters alone that spells no impossible Thai is English until shown otherwise
        let typed: String = text.chars().map(to_thai).collect();
        let all_thai = typed.chars().all(|c| is_thai(c) || c == ' ');
        let signs = text.chars().any(|c| !c.is_ascii_alphanumeric() && c != ' ');
        return (all_thai && could_be_thai(&typed) && (signs || !has_latin_vowel_rhythm(text)))
            .then_some(typed);
    }
    if could_be_thai(text) {
        return None;
    }
    let typed: String = text.chars().map(to_latin).collect();
    let reads = typed.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
    (reads && has_latin_vowel_rhythm(&typed)).then_some(typed)
}

fn to_thai(key: char) -> char {
    match key {
        '?' => 'ฦ',
        key => KEYS.iter().find(|(latin, _)| *latin == key).map_or(key, |&(_, thai)| thai),
    }
}

fn to_latin(letter: char) -> char {
    match letter {
        'ฦ' => '?',
        letter => KEYS.iter().find(|(_, thai)| *thai == letter).map_or(letter, |&(latin, _)| latin),
    }
}

/// A fifth to two thirds of the letters are vowels and never five consonants in a row, as in English words.
fn has_latin_vowel_rhythm(text: &str) -> bool {
    let (mut vowels, mut letters, mut row) = (0usize, 0usize, 0usize);
    for letter in text.chars().filter(char::is_ascii_alphabetic) {
        letters += 1;
        if matches!(letter.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y') {
            vowels += 1;
            row = 0;
        } else {
            row += 1;
            if row >= 5 {
                return false;
            }
        }
    }
    letters > 0 && vowels * 5 >= letters && vowels * 3 <= letters * 2 + 1
}

/// Whether every mark stands where Thai spelling lets it: a vowel sign or tone on a consonant, a leading vowel
/// before one. Says nothing about meaning.
#[must_use]
pub fn could_be_thai(text: &str) -> bool {
    let mut before: Option<char> = None;
    let mut consonants = 0usize;
    for letter in text.chars().filter(|&c| is_thai(c) || c.is_whitespace()) {
        let stands = match letter {
            c if is_upper_or_lower_vowel(c) => before.is_some_and(is_consonant),
            c if is_tone(c) => before.is_some_and(|b| is_consonant(b) || is_upper_or_lower_vowel(b)),
            '\u{0E4C}' => before.is_some_and(|b| is_consonant(b) || is_upper_or_lower_vowel(b)),
            'ะ' | 'า' | 'ำ' => before
                .is_some_and(|b| is_consonant(b) || is_tone(b) || (letter == 'ะ' && b == 'า') || b == 'ั'),
            c if is_leading_vowel(c) => before.is_none_or(|b| !is_leading_vowel(b)),
            _ => is_consonant(letter) || !before.is_some_and(is_leading_vowel),
        };
        if !stands {
            return false;
        }
        consonants += usize::from(is_consonant(letter));
        before = if letter.is_whitespace() { None } else { Some(letter) };
    }
    consonants > 0 && !before.is_some_and(is_leading_vowel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forgotten_language_key_is_seen_both_ways() {
        for (typed, meant) in [("l;ylfu", "สวัสดี"), ("ohemj;,", "น้ำท่วม"), ("้ำสสน", "hello")]
        {
            assert_eq!(keyboard_slip(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn ordinary_words_are_left_alone() {
        for word in ["flood", "nurse", "network", "นิดหน่อย", "น้ำท่วม", "ที่นี่", "ab", "", "เราะ", "ตัวะ", "PM2.5"]
        {
            assert_eq!(keyboard_slip(word), None, "{word}");
        }
    }

    #[test]
    fn each_key_has_one_letter() {
        let mut latin: Vec<char> = KEYS.iter().map(|k| k.0).collect();
        let mut thai: Vec<char> = KEYS.iter().map(|k| k.1).collect();
        latin.sort_unstable();
        latin.dedup();
        thai.sort_unstable();
        thai.dedup();
        assert_eq!((latin.len(), thai.len()), (KEYS.len(), KEYS.len()));
    }
}
