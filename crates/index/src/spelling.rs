//! "Did you mean …?": words of titles that sound like the one typed, or are one letter off. Only words that this person
//! would find something with: a name that is hidden from them is never suggested.

use std::collections::BTreeMap;

use crate::index::{Index, Word};
use crate::scan::Seer;

/// Words by how they sound.
#[derive(Debug, Default)]
pub struct Spellings {
    by_sound: BTreeMap<Box<str>, Vec<Box<str>>>,
}

impl Spellings {
    pub fn add(&mut self, word: &Word<'_>) {
        if word.heard.is_empty() {
            return;
        }
        let known = match self.by_sound.get_mut(word.heard) {
            Some(known) => known,
            None => self.by_sound.entry(word.heard.into()).or_default(),
        };
        if !known.iter().any(|term| **term == *word.term) {
            known.push(word.term.into());
        }
    }

    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.by_sound.retain(|_, terms| {
            terms.retain(|term| keep(term));
            !terms.is_empty()
        });
    }
}

/// Words of three sounds or less have too many neighbors one letter off.
const SHORT: usize = 4;

impl Index {
    /// At most `most` words near this one, nearest first, that this seer would find something with; never the word
    /// itself. `heard` is how it sounds, as in [`Word`].
    #[must_use]
    pub fn suggest(&self, word: &Word<'_>, seer: Seer<'_>, most: usize) -> Vec<String> {
        let letters: Vec<char> = word.heard.chars().collect();
        let reach = usize::from(letters.len() >= SHORT);
        let mut near: Vec<(usize, usize, &str)> = Vec::new();
        for (heard, terms) in &self.spellings().by_sound {
            let Some(apart) = apart(&letters, heard, reach) else { continue };
            for term in terms.iter().filter(|term| ***term != *word.term) {
                near.push((apart, changed(word.term, term), term));
            }
        }
        near.sort_unstable();
        let seen = near.into_iter().map(|(_, _, term)| term).filter(|term| self.anybody_sees(term, seer));
        seen.take(most).map(str::to_owned).collect()
    }
}

/// 0 for the same sounds, 1 for one letter more, less or other; `None` beyond `reach`.
fn apart(letters: &[char], heard: &str, reach: usize) -> Option<usize> {
    let mut other = heard.chars().peekable();
    let mut at = 0;
    while let (Some(a), Some(b)) = (letters.get(at), other.peek()) {
        if a != b {
            break;
        }
        at += 1;
        other.next();
    }
    let rest: Vec<char> = other.collect();
    let left = letters.get(at..).unwrap_or_default();
    if left.is_empty() && rest.is_empty() {
        return Some(0);
    }
    let one_off = left.get(1..).is_some_and(|left| left == rest)
        || rest.get(1..).is_some_and(|rest| left == rest)
        || matches!((left.get(1..), rest.get(1..)), (Some(a), Some(b)) if a == b)
        || matches!((left, rest.as_slice()), ([a, b, l @ ..], [c, d, r @ ..]) if a == d && b == c && l == r);
    (one_off && reach >= 1).then_some(1)
}

/// How many letters differ in writing, roughly: for the order among words that sound alike.
fn changed(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let end = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    let longest = one.chars().count().max(other.chars().count());
    longest.saturating_sub(same + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_more_less_other_or_swapped() {
        let near = |a: &str, b: &str| apart(&a.chars().collect::<Vec<_>>(), b, 1);
        assert_eq!(near("สมชย", "สมชย"), Some(0));
        for other in ["สมช", "สมชยา", "สมชน", "มสชย", "สชย"] {
            assert_eq!(near("สมชย", other), Some(1), "{other}");
        }
        for other in ["สม", "กมชน", "สมชยนา", "ยชมส"] {
            assert_eq!(near("สมชย", other), None, "{other}");
        }
    }
}
