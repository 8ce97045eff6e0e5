//! Thai order for any database: the keys of a collation, as text.
//!
//! Thai sorts by consonant, not by the vowel written before it (กา เก่า แกะ ไก่ ขา เขา), which no database does by
//! itself in the same way. [`sort_key`] turns a text into lower-case hexadecimal whose order, byte by byte, is the
//! order of CLDR's Thai collation; stored in a TEXT column it sorts and pages alike everywhere. Which part of a name
//! is sorted by (given name without title, usual in Thailand) is the caller's choice.
//!
//! Source: Unicode Collation Algorithm (UTS #10) with CLDR's tailoring for th, by ICU4X.

use crate::text::normalize;
use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Changes when keys made before must be made again: store it beside them.
pub const SORT_KEY_VERSION: u32 = 1;

/// Letters looked at; two texts alike so far sort as equal.
const MOST_LETTERS: usize = 80;
/// Bytes of the key kept; twice as many characters of text.
const MOST_BYTES: usize = 160;

static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("th").into(), CollatorOptions::default()).ok());

/// The key by which a text sorts, at most 320 characters of `0-9a-f`.
///
/// ```
/// use thai::sorting::sort_key;
/// assert!(sort_key("เก่า") < sort_key("ขา"));
/// assert!(sort_key("กิน") < sort_key("เก่า"));
/// ```
#[must_use]
pub fn sort_key(text: &str) -> String {
    let text = normalize(text);
    let start: String = text.chars().take(MOST_LETTERS).collect();
    let mut bytes = Vec::with_capacity(start.len() * 2);
    match COLLATOR.as_ref() {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(&start, &mut bytes);
        }
        // the data is compiled in; without it, code points are still a stable order
        None => bytes.extend_from_slice(start.as_bytes()),
    }
    bytes.truncate(MOST_BYTES);
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Compares two texts as [`sort_key`] would order them, without making keys.
#[must_use]
pub fn compare(one: &str, other: &str) -> Ordering {
    match COLLATOR.as_ref() {
        Some(collator) => collator.compare(&normalize(one), &normalize(other)),
        None => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_order_of_a_thai_dictionary() {
        let words = [
            "๑๐ คน",
            "1669",
            "กา",
            "กาว",
            "ก้าว",
            "กิน",
            "เก่า",
            "แกะ",
            "โกรธ",
            "ไก่",
            "ขา",
            "เขา",
            "ฉัน",
            "บ้าน",
            "แม่",
            "ยาย",
            "สมชาย",
            "เสือ",
            "แสงดาว",
            "หมอ",
            "apple",
            "Zebra",
        ];
        let mut by_key = words;
        by_key.sort_by_key(|w| sort_key(w));
        assert_eq!(by_key, words);
        let mut compared = words;
        compared.reverse();
        compared.sort_by(|a, b| compare(a, b));
        assert_eq!(compared, words);
    }

    #[test]
    fn keys_are_bounded_text() {
        let key = sort_key(&"เชียงใหม่".repeat(10_000));
        assert!(key.len() <= 320);
        assert!(key.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        assert!(sort_key("") < sort_key("ก"));
        assert_eq!(sort_key("นำ้"), sort_key("น้ำ"));
    }

    proptest! {
        #[test]
        fn keys_order_as_the_collation_does(a in "[ก-ฮะ-ูเ-ไ็-์ a-z0-9]{0,10}", b in "[ก-ฮะ-ูเ-ไ็-์ a-z0-9]{0,10}") {
            prop_assert_eq!(sort_key(&a).cmp(&sort_key(&b)), compare(&a, &b));
        }
    }
}
