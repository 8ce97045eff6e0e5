//! "Did you mean …?": names and places spelled nearly right.
//!
//! Thai has several letters for one sound (ศ ษ ส, ณ น, ใ ไ), and people guess. [`skeleton`] writes a name by what is
//! heard of it, roughly; names with the same skeleton, or one letter apart, are offered by [`Suggestions`]. A suggestion
//! is shown and asked, never taken silently: วรรณา and วันนา may be two people.
//!
//! Source: consonant skeletons with symmetric deletes (after the SymSpell idea of W. Garbe: store each name under itself
//! and under every way of leaving one letter out); the merged letters are those of the Thai spelling of final and
//! initial sounds.

use crate::names::distance;
use crate::text::{fold, is_letter_or_digit, is_tone};
use std::collections::{BTreeMap, HashMap};

mod across;

pub use across::sounds;

const THANTHAKHAT: char = '\u{0E4C}';

/// A name by what is heard of it: tone marks and silenced letters (วงศ์ → วง) gone, letters of one sound merged
/// (ใ ไ, ร ล ฬ, ศ ษ ส ซ, ณ น, ญ ย, ฎ ด, ฏ ต, ฐ ถ, ฑ ธ ท, ฆ ค, ภ พ, ฌ ช), long and short vowels merged, spaces and
/// points gone; Latin letters lower case, doubled ones once, `ph` `th` `kh` without their h.
///
/// ```
/// use thai::spelling::skeleton;
/// assert_eq!(skeleton("ทองสุข วงศ์ดอยคำ"), skeleton("ทองสุข วงค์ดอยคำ"));
/// assert_eq!(skeleton("ศิริขวัญ"), skeleton("สิริขวัญ"));
/// assert_eq!(skeleton("Chiang Mai"), skeleton("chiangmai"));
/// ```
#[must_use]
pub fn skeleton(name: &str) -> String {
    let folded = fold(name);
    let letters: Vec<char> = folded.chars().collect();
    let mut heard: Vec<char> = Vec::with_capacity(letters.len());
    for (at, &letter) in letters.iter().enumerate() {
        if letter == THANTHAKHAT {
            silence(&mut heard);
            continue;
        }
        if let Some(sound) = sound(letter) {
            // ธรรม is heard as ทัม
            if sound == 'ล' && letter == 'ร' && at > 0 && letters.get(at - 1) == Some(&'ร') {
                heard.pop();
                heard.push('ั');
            } else {
                heard.push(sound);
            }
        }
    }
    let thai: String = heard.into_iter().collect();
    if thai.bytes().any(|b| b.is_ascii_alphabetic()) { latin(&thai) } else { thai }
}

/// ์ silences the consonant before it, with its vowel (สิทธิ์ → สิท).
fn silence(heard: &mut Vec<char>) {
    if heard.last().is_some_and(|c| matches!(c, 'ิ' | 'ุ')) {
        heard.pop();
    }
    heard.pop();
}

/// The letter that stands for all that sound alike; `None` for what is not heard.
fn sound(letter: char) -> Option<char> {
    Some(match letter {
        'ใ' => 'ไ',
        'ร' | 'ฬ' | 'ฤ' => 'ล',
        'ศ' | 'ษ' | 'ซ' => 'ส',
        'ณ' => 'น',
        'ญ' => 'ย',
        'ฎ' => 'ด',
        'ฏ' => 'ต',
        'ฐ' => 'ถ',
        'ฑ' | 'ธ' => 'ท',
        'ฆ' | 'ฅ' => 'ค',
        'ฃ' => 'ข',
        'ภ' => 'พ',
        'ฌ' => 'ช',
        'ฮ' => 'ห',
        'ี' => 'ิ',
        'ื' => 'ึ',
        'ู' => 'ุ',
        'ๅ' => 'า',
        'ะ' | '็' | 'ฯ' | 'ๆ' | '\u{0E3A}' => return None,
        tone if is_tone(tone) => return None,
        letter if is_letter_or_digit(letter) || matches!(letter, '\u{0E31}'..='\u{0E3A}') => letter,
        _ => return None,
    })
}

fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let after = out.chars().next_back();
        let aspirated = letter == 'h' && after.is_some_and(|c| matches!(c, 'p' | 't' | 'k'));
        if after != Some(letter) && !aspirated {
            out.push(letter);
        }
    }
    out
}

/// A suggestion and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion<'s, T> {
    /// The name as it was added.
    pub name: &'s str,
    /// What it stands for.
    pub item: &'s T,
    /// Edits between the skeletons: 0 sounds alike.
    pub heard: usize,
    /// Edits between the spellings, without spaces, lower case.
    pub written: usize,
}

/// Names that may be meant. Memory: about one short key a letter of each name.
#[derive(Debug, Clone)]
pub struct Suggestions<T> {
    names: Vec<(String, String, T)>,
    /// skeleton, whole and with one letter left out → names
    keys: HashMap<String, Vec<usize>>,
}

impl<T> Default for Suggestions<T> {
    fn default() -> Self {
        Self { names: Vec::new(), keys: HashMap::new() }
    }
}

impl<T> Suggestions<T> {
    /// Adds a name; the same name may stand for several items.
    pub fn add(&mut self, name: &str, item: T) {
        let heard = skeleton(name);
        let index = self.names.len();
        for key in with_deletes(&heard) {
            self.keys.entry(key).or_default().push(index);
        }
        self.names.push((name.to_owned(), heard, item));
    }

    /// At most `most` names that sound like the query or are one letter off, nearest first. A name spelled exactly
    /// as the query is among them, with both distances 0.
    ///
    /// ```
    /// let mut places = thai::spelling::Suggestions::default();
    /// places.add("สุราษฎร์ธานี", 84);
    /// places.add("อุดรธานี", 41);
    /// let near = places.suggest("สุราดธานี", 3);
    /// assert_eq!(near.first().map(|s| *s.item), Some(84));
    /// assert!(places.suggest("เชียงราย", 3).is_empty());
    /// ```
    #[must_use]
    pub fn suggest(&self, query: &str, most: usize) -> Vec<Suggestion<'_, T>> {
        let heard = skeleton(query);
        // of two letters everything is one letter off
        let furthest = if heard.chars().count() < 4 { 0 } else { 1 };
        let written = crate::names::short_key(query);
        let mut near: BTreeMap<usize, usize> = BTreeMap::new();
        for key in with_deletes(&heard) {
            for &index in self.keys.get(&key).into_iter().flatten() {
                let Some((_, other, _)) = self.names.get(index) else { continue };
                let apart = distance(&heard, other);
                if apart <= furthest {
                    near.insert(index, apart);
                }
            }
        }
        let mut found: Vec<Suggestion<'_, T>> = near
            .into_iter()
            .filter_map(|(index, heard)| {
                let (name, _, item) = self.names.get(index)?;
                let other = crate::names::short_key(name);
                // far longer than a name: how it sounds must do
                let long = written.len().max(other.len()) > 1000;
                let written = if long { heard } else { distance(&written, &other) };
                Some(Suggestion { name, item, heard, written })
            })
            .collect();
        found.sort_by_key(|s| (s.heard + s.written, s.written, s.name.len()));
        found.truncate(most);
        found
    }
}

/// A key and every key with one letter left out; names are short, a longer text is looked for whole.
fn with_deletes(key: &str) -> Vec<String> {
    const LONGEST: usize = 40;
    let letters: Vec<char> = key.chars().collect();
    let mut keys = vec![key.to_owned()];
    if letters.len() <= LONGEST {
        for left_out in 0..letters.len() {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != left_out);
            keys.push(kept.map(|(_, c)| c).collect());
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_sound_alike_have_one_skeleton() {
        let pairs = [
            ("วงศ์", "วงค์"),
            ("ศรีสะเกษ", "สรีสเกศ"),
            ("รักษ์ต้นน้ำ", "รักต้นน้ำ"),
            ("ใจดี", "ไจดี"),
            ("วรรณา", "วันา"),
            ("กรรณิการ์", "กันิกา"),
            ("ณรงค์", "นลง"),
            ("ญาดา", "ยาดา"),
            ("พรสวรรค์", "พรสวั"),
            ("ธนากร", "ทนากร"),
            ("สิทธิ์", "สิท"),
            ("Phattalung", "Patalung"),
        ];
        for (one, other) in pairs {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for (one, other) in [("สมชาย", "สมหญิง"), ("แดง", "ดง"), ("ข้าว", "ขาย"), ("เชียงใหม่", "เชียงราย")]
        {
            assert_ne!(skeleton(one), skeleton(other));
        }
    }

    #[test]
    fn suggestions_are_near_and_nearest_first() {
        let mut names = Suggestions::default();
        for (item, name) in ["สมชาย ใจดี", "สมชัย ใจดี", "ทองสุข วงศ์ดอยคำ", "นิด"].iter().enumerate()
        {
            names.add(name, item);
        }
        let near = names.suggest("ทองสุข วงค์ดอยคำ", 5);
        assert_eq!((near.len(), *near[0].item, near[0].heard, near[0].written), (1, 2, 0, 1));
        assert_eq!(names.suggest("สมชาย ไจดี", 5)[0].name, "สมชาย ใจดี");
        assert!(names.suggest("นก", 5).is_empty());
        assert!(names.suggest("", 5).is_empty());
        assert_eq!(Suggestions::<u8>::default().suggest("สมชาย", 5), []);
    }

    proptest! {
        #[test]
        fn one_letter_left_out_is_still_found(name in "[ก-ฮ]{6,12}", at in 0usize..6) {
            let mut names = Suggestions::default();
            names.add(&name, ());
            let short: String = name.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
            // รร is heard as one vowel, so leaving out one of them changes two letters
            prop_assume!(!name.contains("รร") && !short.contains("รร"));
            // and three of a letter count as one
            prop_assume!(fold(&name) == name && fold(&short) == short);
            prop_assert_eq!(names.suggest(&short, 1).len(), 1);
        }

        #[test]
        fn a_skeleton_of_any_text_is_bounded(text in "\\PC{0,40}") {
            prop_assert!(skeleton(&text).chars().count() <= fold(&text).chars().count());
        }
    }
}
