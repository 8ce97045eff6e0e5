//! The form in which words are compared and indexed; never shown.

use super::{
    is_letter, is_letter_or_digit, is_plain, is_tone, is_upper_or_lower_vowel, normalize, put, western_digit,
};

const THANTHAKHAT: char = '\u{0E4C}';

/// Text as it is compared and indexed: what two people typed differently and meant alike becomes equal.
///
/// [`normalize`], then ๐–๙ → 0–9, full-width → ASCII, lower case, a letter repeated three times or more → once
/// (มากกกก → มาก), a repeated mark → once, ์ before its vowel → after it, ๆ → a word break, `PM 2.5` → `pm25`, runs
/// of white space → one space. Idempotent. Tone marks stay: ข้าว is never ข่าว.
///
/// ```
/// assert_eq!(thai::text::fold("ฝุ่น PM 2.5 เยอะมากกกก ๆ ปี ๒๕๖๙"), "ฝุ่น pm25 เยอะมาก ปี 2569");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = fold_once(text);
    if text.chars().all(is_plain) {
        return folded;
    }
    // lower case and half width of far scripts may need composing again; two rounds settle all but noise
    for _ in 0..8 {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

fn fold_once(text: &str) -> String {
    let text = normalize(text);
    let mut letters: Vec<char> = Vec::with_capacity(text.len() / 2);
    for letter in text.chars() {
        let letter = half_width(western_digit(letter));
        if letter == 'ๆ' || letter.is_whitespace() {
            if letters.last().is_some_and(|&last| last != ' ') {
                letters.push(' ');
            }
        } else if letter.is_ascii() || super::is_thai(letter) {
            put_folded(&mut letters, letter.to_ascii_lowercase());
        } else {
            letter.to_lowercase().for_each(|lower| put_folded(&mut letters, lower));
        }
    }
    if letters.last() == Some(&' ') {
        letters.pop();
    }
    let out = collapse(&letters);
    ["pm", "พีเอ็ม"]
        .into_iter()
        .fold(out, |out, word| if out.contains(word) { particulate(&out, word) } else { out })
}

fn half_width(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    }
}

/// สิทธ์ิ is typed as often as สิทธิ์ and looks the same.
fn put_folded(out: &mut Vec<char>, letter: char) {
    if out.last() == Some(&THANTHAKHAT) && (is_upper_or_lower_vowel(letter) || is_tone(letter)) {
        out.pop();
        put_folded(out, letter);
        out.push(THANTHAKHAT);
    } else if !(is_mark(letter) && out.last() == Some(&letter)) {
        put(out, letter);
    }
}

/// Three of a letter or more are one, except where they are the whole word (www, iii).
fn collapse(letters: &[char]) -> String {
    let mut out = String::with_capacity(letters.len() * 3);
    let mut inside_word = false;
    let mut runs = letters.chunk_by(|a, b| a == b).peekable();
    while let Some(run) = runs.next() {
        let Some(&letter) = run.first() else { continue };
        let continues = runs.peek().and_then(|next| next.first()).is_some_and(|c| is_letter_or_digit(*c));
        let whole_word = letter.is_ascii() && !inside_word && !continues;
        let once = is_mark(letter) || (run.len() >= 3 && is_letter(letter) && !whole_word);
        out.extend(run.iter().take(if once { 1 } else { run.len() }));
        inside_word = is_letter_or_digit(letter);
    }
    out
}

const fn is_mark(letter: char) -> bool {
    is_tone(letter) || is_upper_or_lower_vowel(letter) || letter == THANTHAKHAT
}

/// `pm 2.5`, `pm2.5`, `พีเอ็ม 2.5` → `pm25`; `pm 10` → `pm10`: the dust people speak of, as one word.
fn particulate(text: &str, word: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let Some(at) = rest.find(word) else {
            out.push_str(rest);
            return out;
        };
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let after = from.strip_prefix(word).unwrap_or("");
        let number = after.trim_start_matches([' ', '.', '-']);
        let inside_word = before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        let size = ["2.5", "2,5", "25", "10"].into_iter().find(|size| {
            number.strip_prefix(size).is_some_and(|tail| !tail.starts_with(|c: char| c.is_ascii_digit()))
        });
        match size {
            Some(size) if !inside_word => {
                out.push_str(if size == "10" { "pm10" } else { "pm25" });
                rest = number.strip_prefix(size).unwrap_or("");
                if rest.starts_with(is_letter_or_digit) {
                    out.push(' ');
                }
            }
            _ => {
                out.push_str(word);
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_meant_alike_becomes_equal() {
        let cases = [
            ("๒๕๖๙", "2569"),
            ("LINE กลุ่ม", "line กลุ่ม"),
            ("เลยยย", "เลย"),
            ("มากกกก", "มาก"),
            ("เด็ก ๆ ชอบ", "เด็ก ชอบ"),
            ("มากๆเลย", "มาก เลย"),
            ("PM2.5", "pm25"),
            ("pm 2.5 สูง", "pm25 สูง"),
            ("ฝุ่นPM2.5สูง", "ฝุ่นpm25 สูง"),
            ("พีเอ็ม 2.5", "pm25"),
            ("PM 10", "pm10"),
            ("2 pm", "2 pm"),
            ("rpm 25", "rpm 25"),
            ("สิทธ์ิ", "สิทธิ์"),
            ("กิิน", "กิน"),
            ("1,000 บาท 10000", "1,000 บาท 10000"),
            ("www.example.org", "www.example.org"),
            ("helloooo", "hello"),
            ("ＡＢＣ１２", "abc12"),
            ("กรรม", "กรรม"),
            ("ฯลฯ", "ฯลฯ"),
        ];
        for (typed, folded) in cases {
            assert_eq!(fold(typed), folded, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in super::super::tests::scrambled()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_sees_through_normalizing(text in super::super::tests::scrambled()) {
            prop_assert_eq!(fold(&normalize(&text)), fold(&text));
        }
    }
}
