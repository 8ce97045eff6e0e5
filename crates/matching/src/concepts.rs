//! Things that are the same under other words or in the other language: "ยาย" and "grandmother", "ที่นอนลม" and the
//! category it belongs to.
//!
//! Two lists, both ours: `data/concepts.tsv` names things of daily life in both languages; `data/lexicon.tsv` and the
//! taxonomy's synonyms name what points to a category. Terms are looked up along the pieces of a text, so that "ตา"
//! is not found inside "ตาราง".

use std::sync::OnceLock;

use crate::taxonomy::{CategoryId, Taxonomy};
use crate::text::{Analyzed, Fnv, HashedMap, analyze};

/// Terms of more pieces are not looked up.
const LONGEST: usize = 6;
const TERM: u8 = 5;

/// What a term stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concept {
    /// A thing of daily life, by its line in the list
    Thing(u16),
    /// A word of a category
    Of(CategoryId),
}

/// The terms by the hash of their pieces written together (64 bits: no two of a few thousand terms share one).
#[derive(Debug)]
pub struct Concepts {
    terms: HashedMap<u64, Vec<Concept>>,
}

impl Concepts {
    /// The lists shipped with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static CONCEPTS: OnceLock<Concepts> = OnceLock::new();
        CONCEPTS.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut concepts = Self { terms: HashedMap::default() };
        let lines = include_str!("../data/concepts.tsv").lines().filter(|line| !line.starts_with('#'));
        for (number, line) in (0_u16..).zip(lines) {
            for term in line.split(['\t', '|']) {
                concepts.add(term, Concept::Thing(number));
            }
        }
        for line in include_str!("../data/lexicon.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let category = columns.next().and_then(|code| Taxonomy::built_in().find(code));
            let (Some(category), Some(terms)) = (category, columns.nth(1)) else { continue };
            for term in terms.split('|') {
                concepts.add(term, Concept::Of(category));
            }
        }
        for (id, category) in Taxonomy::built_in().iter() {
            for term in category.syn_th.iter().chain(&category.syn_en).chain([&category.th, &category.en]) {
                concepts.add(term, Concept::Of(id));
            }
        }
        concepts
    }

    fn add(&mut self, term: &str, concept: Concept) {
        let term = analyze(term);
        let mut state = Fnv::of(TERM);
        if term.pieces().next().is_none() {
            return;
        }
        term.pieces().for_each(|piece| state.add(piece.as_bytes()));
        let meanings = self.terms.entry(state.whole()).or_default();
        if !meanings.contains(&concept) {
            meanings.push(concept);
        }
    }

    /// The concepts a text names, each once, sorted.
    #[must_use]
    pub fn find(&self, text: &Analyzed) -> Vec<Concept> {
        let pieces: Vec<&str> = text.pieces().collect();
        let mut found = Vec::new();
        for start in 0..pieces.len() {
            let mut state = Fnv::of(TERM);
            for piece in pieces.iter().skip(start).take(LONGEST) {
                state.add(piece.as_bytes());
                if let Some(meanings) = self.terms.get(&state.whole()) {
                    found.extend_from_slice(meanings);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_name_one_thing() {
        let concepts = Concepts::built_in();
        let thai = concepts.find(&analyze("หลังคาบ้านยายรั่ว"));
        let english = concepts.find(&analyze("Grandma's roof is leaking"));
        let shared = thai.iter().filter(|c| matches!(c, Concept::Thing(_)) && english.contains(c)).count();
        assert!(shared >= 3, "{thai:?} {english:?}");
        assert_eq!(concepts.find(&analyze("ตาราง")).iter().filter(|c| **c == Concept::Thing(1)).count(), 0);
    }
}
