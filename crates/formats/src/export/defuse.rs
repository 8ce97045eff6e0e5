//! Text that a spreadsheet would run as a formula, made text again by an apostrophe before it.

use std::borrow::Cow;

/// Puts an apostrophe before text that a spreadsheet could run.
///
/// Text that begins with `=` is always one. With `+`, `-` or `@` it is one unless it is plainly something else: a
/// number, a bullet, the name of a LINE account.
///
/// ```
/// use formats::export::defuse;
/// assert_eq!(defuse("=1+1"), "'=1+1");
/// assert_eq!(defuse("+66 80 000 0001"), "+66 80 000 0001");
/// assert_eq!(defuse("- สอนจักสาน"), "- สอนจักสาน");
/// ```
#[must_use]
pub fn defuse(text: &str) -> Cow<'_, str> {
    if needs_one(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text without the apostrophe [`defuse`] put before it.
#[must_use]
pub fn armed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if needs_one(rest) => rest,
        _ => text,
    }
}

/// Dangerous text, and text that would be taken for such with its apostrophe already before it.
fn needs_one(text: &str) -> bool {
    is_dangerous(text.trim_start_matches('\''))
}

fn is_dangerous(text: &str) -> bool {
    let trimmed = text.trim_start_matches([' ', '\t', '\r', '\n', '\u{a0}']);
    let mut letters = trimmed.chars();
    let rest = match letters.next() {
        Some('=' | '＝') => return true,
        Some('+' | '-' | '@' | '＋' | '－' | '＠') => letters.as_str(),
        _ => return false,
    };
    let number = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')'));
    let account = trimmed.starts_with('@')
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let bullet = trimmed.starts_with("- ") && !rest.contains(['|', '(', '!']);
    !(number || account || bullet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_runs_is_defused_and_the_rest_stays() {
        for text in
            ["=A1", "＝A1", " =A1", "\t=A1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x", "+A1", "-A1"]
        {
            assert_eq!(defuse(text), format!("'{text}"), "{text}");
        }
        for text in ["", "-", "+66-80 000", "@chomrom", "- ก", "a=b", "'quoted", "ก-ข", "-5.5"] {
            assert_eq!(defuse(text), text);
        }
    }

    proptest! {
        #[test]
        fn defused_text_is_never_formula_like_and_comes_back(text in "[=+@ '(a-z0-9|ก\t-]{0,12}") {
            let safe = defuse(&text);
            prop_assert!(!crate::delimited::formula_like(&safe));
            prop_assert_eq!(armed(&safe), text.as_str());
        }
    }
}
