//! Pairs of keys within two edits, without comparing all with all.
//!
//! A key cut in three keeps at least one part untouched by two edits, moved by at most two places (the pigeonhole
//! principle of approximate matching; Wu and Manber 1992). So a part found again at such a place names a candidate,
//! and only candidates are measured.

use std::collections::{HashMap, HashSet};

use thai::names::within;

/// Most edits between two alike keys.
const EDITS: usize = 2;
/// So many comparisons are quicker made than avoided.
const FEW: usize = 4_096;
/// So many candidates are measured, no more: enough for twenty thousand names of one place, a second of work.
const MOST_MEASURED: usize = 2_000_000;
/// So many pairs are found, no more: nobody decides on as many by hand.
const MOST_PAIRS: usize = 50_000;
/// So many keys with one part in common are candidates of each other.
const MOST_WITH_PART: usize = 2_000;

/// Pairs (place in `one`, place in `other`) of different keys at most two edits apart, in order.
#[must_use]
pub fn pairs(one: &[&str], other: &[&str]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if one.len().saturating_mul(other.len()) <= FEW {
        for (i, a) in one.iter().enumerate() {
            for (j, b) in other.iter().enumerate() {
                if a != b && within(a, b, EDITS) {
                    found.push((i, j));
                }
            }
        }
        return found;
    }
    let others: Vec<Vec<char>> = other.iter().map(|key| key.chars().collect()).collect();
    let mut index: HashMap<(usize, usize, &[char]), Vec<usize>> = HashMap::new();
    for (j, key) in others.iter().enumerate() {
        for (part, range) in thirds(key.len()).into_iter().enumerate() {
            index.entry((key.len(), part, key.get(range).unwrap_or_default())).or_default().push(j);
        }
    }
    let mut measured = 0_usize;
    for (i, key) in one.iter().enumerate() {
        if measured > MOST_MEASURED || found.len() > MOST_PAIRS {
            break;
        }
        let letters: Vec<char> = key.chars().collect();
        let mut candidates: Vec<usize> = candidates(&letters, &index).into_iter().collect();
        candidates.sort_unstable();
        measured += candidates.len();
        found.extend(candidates.into_iter().filter_map(|j| {
            let b = other.get(j)?;
            (key != b && within(key, b, EDITS)).then_some((i, j))
        }));
    }
    found
}

fn thirds(length: usize) -> [std::ops::Range<usize>; 3] {
    let (first, second) = (length / 3, 2 * length / 3);
    [0..first, first..second, second..length]
}

fn candidates(letters: &[char], index: &HashMap<(usize, usize, &[char]), Vec<usize>>) -> HashSet<usize> {
    let mut found = HashSet::new();
    for length in letters.len().saturating_sub(EDITS)..=letters.len() + EDITS {
        for (part, range) in thirds(length).into_iter().enumerate() {
            for start in range.start.saturating_sub(EDITS)..=range.start + EDITS {
                if let Some(piece) = letters.get(start..start + range.len()) {
                    let with_part = index.get(&(length, part, piece)).into_iter().flatten();
                    found.extend(with_part.take(MOST_WITH_PART));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_index_finds_what_comparing_all_finds(keys in prop::collection::vec("[กขคง]{1,7}", 70..90)) {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let mut all = Vec::new();
            for (i, a) in keys.iter().enumerate() {
                for (j, b) in keys.iter().enumerate() {
                    if a != b && within(a, b, EDITS) {
                        all.push((i, j));
                    }
                }
            }
            prop_assert!(keys.len() * keys.len() > FEW);
            prop_assert_eq!(pairs(&keys, &keys), all);
        }
    }
}
