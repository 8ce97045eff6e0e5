//! Lines of vCard and iCalendar, folded at 75 octets (RFC 6350 §3.2, RFC 5545 §3.1) and never inside a letter: not
//! between the bytes of a Thai letter, nor between a consonant and the vowel or tone that stands on it.

/// The most octets of a line, without its break.
const LONGEST: usize = 75;

/// Adds a line with its break, folded.
pub fn push_line(text: &mut String, line: &str) {
    let mut length = 0;
    let mut letters = line.chars().peekable();
    let mut cluster = String::new();
    while let Some(letter) = letters.next() {
        cluster.push(letter);
        let stays = letters.peek().is_some_and(|next| sits_on(*next)) && cluster.len() < LONGEST / 2;
        if stays {
            continue;
        }
        if length + cluster.len() > LONGEST {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push_str(&cluster);
        length += cluster.len();
        cluster.clear();
    }
    text.push_str("\r\n");
}

/// A vowel or tone above or below, or another mark without a place of its own.
const fn sits_on(letter: char) -> bool {
    matches!(letter, '\u{e31}' | '\u{e33}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0f}')
}

/// Text with what the two standards escape: backslash, comma, semicolon, line break. Other control characters go.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            ',' => out.push_str("\\,"),
            ';' => out.push_str("\\;"),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn folded_lines_are_short_whole_and_come_back(text in r"([ก-ฮ][ัิีึืุู]?[่้๊๋]?|[a-zเแำ ,;\\]){0,150}") {
            let mut folded = String::new();
            push_line(&mut folded, &format!("NOTE:{}", escaped(&text)));
            for line in folded.split_terminator("\r\n") {
                prop_assert!(line.len() <= LONGEST, "{} octets", line.len());
                let begins = line.strip_prefix(' ').and_then(|rest| rest.chars().next());
                prop_assert!(begins.is_none_or(|letter| !sits_on(letter)), "{line}");
            }
            let read = crate::content_lines::read(folded.as_bytes()).unwrap();
            prop_assert_eq!(read[0].text(), text);
        }
    }
}
