//! The ids people and programs give to actors, each with the number of the actor: the first id seen is 0.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Numbers below this may be found by position and not by hash, five times faster.
const NUMBERS: usize = 1 << 24;
/// A number is found by position where the table need have no more than eight places for each id, of which so many are taken
/// for granted: 4 MB for a file that names one high number, 64 MB at most.
const FEW: usize = 1 << 17;
/// No actor has this number.
pub(super) const NONE: u32 = u32::MAX;

/// Distinct texts numbered in the order of first appearance. All text stands in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    text: String,
    ends: Vec<usize>,
    /// the number of the text "7" stands at 7
    by_number: Vec<u32>,
    /// all others, and numbers that were too high when they came
    by_text: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Ids {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text with that number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&str> {
        text_at(&self.text, &self.ends, number)
    }

    /// All texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> + '_ {
        (0..self.ends.len() as u32).filter_map(|number| self.get(number))
    }

    /// The number of that text.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        let place = plain_number(id.as_bytes()).and_then(|number| self.by_number.get(number));
        if let Some(&found) = place.filter(|&&found| found != NONE) {
            return Some(found);
        }
        let hash = self.hasher.hash_one(id);
        let same = |&number: &u32| text_at(&self.text, &self.ends, number) == Some(id);
        self.by_text.find(hash, same).copied()
    }

    /// The number of that text, given it now if it is new; none if there are already 2³² − 1 texts.
    pub fn number(&mut self, id: &str) -> Option<u32> {
        let position = plain_number(id.as_bytes()).filter(|&number| self.reaches(number));
        if let Some(&known) = position.and_then(|at| self.by_number.get(at)).filter(|&&known| known != NONE) {
            return Some(known);
        }
        let hash = self.hasher.hash_one(id);
        let (text, ends) = (&self.text, &self.ends);
        let same = |&number: &u32| text_at(text, ends, number) == Some(id);
        let known = self.by_text.find(hash, same).copied();
        let number = match known {
            Some(known) => known,
            None => self.push(id)?,
        };
        if let Some(place) = position.and_then(|at| self.by_number.get_mut(at)) {
            *place = number;
        } else if known.is_none() {
            let (text, ends, hasher) = (&self.text, &self.ends, &self.hasher);
            let rehash = |&number: &u32| hasher.hash_one(text_at(text, ends, number).unwrap_or_default());
            self.by_text.insert_unique(hash, number, rehash);
        }
        Some(number)
    }

    /// Whether a number has a place in the table, which is made longer for it where that is worth its memory.
    fn reaches(&mut self, number: usize) -> bool {
        if number >= self.by_number.len() && number < 8 * (self.ends.len() + FEW) {
            self.by_number.resize((number + 1).next_power_of_two().min(NUMBERS), NONE);
        }
        number < self.by_number.len()
    }

    /// The number of the text that this number is written as, where it is found by position; [`NONE`] where it is not, or there
    /// is none.
    pub(super) fn known(&self, value: u32) -> u32 {
        self.by_number.get(value as usize).copied().unwrap_or(NONE)
    }

    /// As [`Ids::number`] for the text a number below 2²⁴ is written as.
    pub(super) fn number_number(&mut self, value: u32) -> Option<u32> {
        match self.known(value) {
            NONE => self.number(&value.to_string()),
            known => Some(known),
        }
    }

    fn push(&mut self, id: &str) -> Option<u32> {
        let new = u32::try_from(self.ends.len()).ok().filter(|&new| new < NONE - 1)?;
        self.text.push_str(id);
        self.ends.push(self.text.len());
        Some(new)
    }
}

fn text_at<'a>(text: &'a str, ends: &[usize], number: u32) -> Option<&'a str> {
    let number = number as usize;
    let end = *ends.get(number)?;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    text.get(start..end)
}

/// The value of a number written as people write small numbers: digits alone, no zero before them.
fn plain_number(id: &[u8]) -> Option<usize> {
    let (&first, rest) = id.split_first()?;
    if id.len() > 8 || !first.is_ascii_digit() || (first == b'0' && !rest.is_empty()) {
        return None;
    }
    let mut value = 0;
    for &byte in id {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + usize::from(byte - b'0');
    }
    (value < NUMBERS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number_however_it_looks() {
        let mut ids = Ids::new();
        let texts = ["7", "07", "ป้าสมศรี", "16777216", "16777215", "", "7 ", "0", "00", "-1"];
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(ids.number(text), Some(number as u32));
        }
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(ids.number(text), Some(number as u32));
            assert_eq!(ids.find(text), Some(number as u32));
            assert_eq!(ids.get(number as u32), Some(*text));
        }
        assert_eq!(ids.find("16777214"), None);
        assert_eq!(ids.find("8"), None);
        assert_eq!(ids.find("สมชาย"), None);
        assert_eq!(ids.iter().collect::<Vec<_>>(), texts);
    }

    #[test]
    fn one_high_number_takes_no_table_and_many_do() {
        let mut ids = Ids::new();
        assert_eq!(ids.number("15000000"), Some(0));
        assert!(ids.by_number.is_empty());
        for number in 0..2_000_000 {
            assert_eq!(ids.number_number(number), Some(number + 1));
        }
        assert_eq!((ids.number("15000000"), ids.find("15000000")), (Some(0), Some(0)));
        assert_eq!(ids.known(15_000_000), 0, "found by position from now on");
        assert_eq!(ids.number("15000001"), Some(2_000_001));
        assert_eq!(ids.len(), 2_000_002);
    }
}
