//! Which category a text speaks of.
//!
//! A small model shipped in the program reads the text ([`crate::model`]); its probabilities are calibrated on
//! sentences it never learned from (temperature scaling, Guo et al. 2017). It keeps silent when unsure: picking from
//! the list costs the reader less than a guess that is nearly always wrong.

use std::sync::OnceLock;

use crate::features::features;
use crate::model::Model;
use crate::taxonomy::{CategoryId, Taxonomy};
use crate::text::{Analyzed, analyze};

const SHIPPED: &[u8] = include_bytes!("../data/categories.model");

/// Below this probability of the likeliest category there is no guess.
const UNSURE: f64 = 0.12;
/// Categories less likely than this are not named.
const FAINT: f64 = 0.01;
/// No more guesses than this.
const MOST: usize = 8;

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
    model: Model,
}

impl Categorizer {
    /// The model shipped with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static CATEGORIZER: OnceLock<Categorizer> = OnceLock::new();
        CATEGORIZER.get_or_init(|| {
            // a test reads the shipped file, so the silent model can never ship
            let model = Model::read(SHIPPED)
                .unwrap_or_else(|_| Model::silent(Taxonomy::built_in().categories().len()));
            Self { model }
        })
    }

    /// A categorizer of another model, for measuring.
    #[must_use]
    pub fn of(model: Model) -> Self {
        Self { model }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The categories a text speaks of, likeliest first; empty where unsure. At most eight; p sums to at most 1.
    #[must_use]
    pub fn categorize(&self, text: &str) -> Vec<Guess> {
        self.guesses(text, |_| true)
    }

    /// The same among these categories only.
    #[must_use]
    pub fn categorize_within(&self, text: &str, only: &[CategoryId]) -> Vec<Guess> {
        self.guesses(text, |category| only.contains(&category))
    }

    fn guesses(&self, text: &str, allowed: impl Fn(CategoryId) -> bool) -> Vec<Guess> {
        let evidence = self.evidence(&analyze(text));
        let mut guesses = self.ranked(self.model.with_bias(&evidence), allowed);
        if guesses.first().is_none_or(|guess| guess.p < UNSURE) {
            return Vec::new();
        }
        guesses.retain(|guess| guess.p >= FAINT);
        guesses.truncate(MOST);
        guesses
    }

    /// The allowed categories by probability, largest first.
    fn ranked(&self, mut logits: Vec<f32>, allowed: impl Fn(CategoryId) -> bool) -> Vec<Guess> {
        for (place, logit) in logits.iter_mut().enumerate() {
            if !allowed(CategoryId::from_index(place)) {
                *logit = f32::NEG_INFINITY;
            }
        }
        let mut guesses: Vec<Guess> = self
            .model
            .probabilities(logits)
            .iter()
            .enumerate()
            .filter(|(place, _)| allowed(CategoryId::from_index(*place)))
            .map(|(place, p)| Guess { category: CategoryId::from_index(place), p: f64::from(*p) })
            .collect();
        guesses.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.category.cmp(&b.category)));
        guesses
    }

    /// What a text says for each category, calibrated, up to a constant; all 0 for a text of unknown words.
    pub(crate) fn evidence(&self, text: &Analyzed) -> Vec<f32> {
        self.model.evidence(&features(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_whole_and_small() {
        let model = Model::read(SHIPPED).unwrap();
        assert_eq!(model.categories(), Taxonomy::built_in().categories().len());
        assert!(SHIPPED.len() <= 3_000_000, "{}", SHIPPED.len());
    }

    #[test]
    fn reads_and_abstains() {
        let categorizer = Categorizer::built_in();
        let best = |text| categorizer.categorize(text).first().map(Guess::code);
        assert_eq!(best("ช่วยติดราวจับในห้องน้ำ"), Some("care.home_repair"));
        assert_eq!(best("ต้องการเลือดกรุ๊ปโอด่วน พรุ่งนี้ผ่าตัด"), Some("health.blood"));
        assert_eq!(best("Our laptop has a virus and the wifi keeps dropping"), Some("it.support"));
        for nothing in ["qwzx", "", "   ", "12345", "!!!", "\u{0e48}\u{0e48}"] {
            assert_eq!(categorizer.categorize(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn probabilities_are_probabilities() {
        for text in ["ยายล้ม พื้นลื่น", "rice", "ช่วยด้วย", "ทนาย lawyer"]
        {
            let guesses = Categorizer::built_in().categorize(text);
            let sum: f64 = guesses.iter().map(|g| g.p).sum();
            assert!(
                sum <= 1.0 + 1e-6 && guesses.iter().all(|g| g.p > 0.0 && g.p <= 1.0),
                "{text}: {guesses:?}"
            );
            assert!(guesses.windows(2).all(|pair| pair[0].p >= pair[1].p));
        }
    }

    #[test]
    fn stays_within_the_codes_allowed() {
        let taxonomy = Taxonomy::built_in();
        let only = [taxonomy.find("log.venue").unwrap(), taxonomy.find("edu.tutoring").unwrap()];
        let guesses = Categorizer::built_in().categorize_within("ติวคณิตให้เด็ก", &only);
        assert_eq!(guesses.first().map(|g| g.category), Some(only[1]));
        assert!(guesses.iter().all(|g| only.contains(&g.category)));
    }
}
