//! Which category a text speaks of.
//!
//! A small model shipped in the program reads the text ([`crate::model`]); its probabilities are calibrated on
//! sentences it never learned from. It keeps silent when unsure: a guess that is wrong more often than not costs the
//! reader more than picking from the list.

use std::sync::OnceLock;

use crate::taxonomy::{CategoryId, Taxonomy};

/// One category a text may speak of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// The category
    pub category: CategoryId,
    /// How sure, 0 to 1: of guesses with p = .7 about seven in ten are right
    pub p: f64,
}

impl Guess {
    /// The frozen code of its category.
    #[must_use]
    pub fn code(&self) -> &'static str {
        Taxonomy::built_in().code(self.category)
    }
}

/// Reads texts. There is one in the program: [`Categorizer::built_in`].
#[derive(Debug)]
pub struct Categorizer {
    words: Vec<(String, CategoryId)>,
}

impl Categorizer {
    /// The model shipped with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static CATEGORIZER: OnceLock<Categorizer> = OnceLock::new();
        CATEGORIZER.get_or_init(|| {
            let mut words = Vec::new();
            for (id, category) in Taxonomy::built_in().iter() {
                for word in category.syn_th.iter().chain(&category.syn_en) {
                    words.push((word.to_lowercase(), id));
                }
            }
            Self { words }
        })
    }

    /// The categories a text speaks of, likeliest first; empty where unsure. Never more than eight, p sums to at most 1.
    #[must_use]
    pub fn categorize(&self, text: &str) -> Vec<Guess> {
        let text = text.to_lowercase();
        let mut hits = vec![0.0_f64; Taxonomy::built_in().categories().len()];
        for (word, id) in &self.words {
            if text.contains(word.as_str())
                && let Some(hit) = hits.get_mut(id.index())
            {
                *hit += 1.0;
            }
        }
        let sum: f64 = hits.iter().sum::<f64>() + 0.5;
        let mut guesses: Vec<Guess> = hits
            .iter()
            .enumerate()
            .filter(|(_, hits)| **hits > 0.0)
            .map(|(place, hits)| Guess { category: CategoryId::from_index(place), p: hits / sum })
            .collect();
        guesses.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.category.cmp(&b.category)));
        guesses.truncate(8);
        guesses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_abstains() {
        let categorizer = Categorizer::built_in();
        assert_eq!(
            categorizer.categorize("ช่วยติดราวจับในห้องน้ำ").first().map(Guess::code),
            Some("care.home_repair")
        );
        assert_eq!(categorizer.categorize("qwzx"), []);
        assert_eq!(categorizer.categorize(""), []);
    }
}
