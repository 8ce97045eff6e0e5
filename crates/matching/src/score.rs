//! The score of an offer for a need: P(the one in need says yes) and P(the giver says yes), each the logistic of a
//! weighted sum, joined by their geometric mean since help takes both.

use crate::learn::Answerer;
use crate::why::Cause;

/// What the engine weighs, each 0 to 1, the larger the better.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures([f64; Cause::ALL.len()]);

impl Measures {
    /// The measure of a cause.
    #[must_use]
    pub fn get(&self, cause: Cause) -> f64 {
        self.0.get(cause.index()).copied().unwrap_or(0.0)
    }

    /// Sets a measure; values outside 0 to 1 (and NaN) are brought inside.
    pub fn set(&mut self, cause: Cause, value: f64) {
        if let Some(slot) = self.0.get_mut(cause.index()) {
            *slot = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        }
    }

    /// The same without one cause.
    #[must_use]
    pub fn without(mut self, cause: Cause) -> Self {
        self.set(cause, 0.0);
        self
    }
}

/// How much each cause counts for each side. Never negative, so that a better measure never lowers a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    pub(crate) asker: [f64; Cause::ALL.len()],
    pub(crate) giver: [f64; Cause::ALL.len()],
    pub(crate) asker_bias: f64,
    pub(crate) giver_bias: f64,
}

/// The hand-set weights: cause, weight for the one in need, weight for the giver.
const HAND_SET: [(Cause, f64, f64); 16] = [
    (Cause::Topic, 6.0, 6.0),
    (Cause::Specificity, 0.3, 0.3),
    (Cause::Words, 1.5, 1.5),
    (Cause::Spelling, 1.0, 1.0),
    (Cause::Concepts, 1.5, 1.5),
    (Cause::Meaning, 5.0, 5.0),
    (Cause::Place, 0.5, 0.5),
    (Cause::Time, 0.4, 0.2),
    (Cause::Mode, 0.2, 0.2),
    (Cause::Capacity, 0.0, 0.4),
    (Cause::Freshness, 0.2, 0.2),
    (Cause::Language, 0.1, 0.1),
    (Cause::Reliability, 0.4, 0.0),
    (Cause::Reciprocity, 0.2, 0.8),
    (Cause::Complementarity, 0.3, 0.5),
    (Cause::Acquaintance, 0.4, 0.6),
];

impl Default for Weights {
    fn default() -> Self {
        let mut weights = Self {
            asker: [0.0; Cause::ALL.len()],
            giver: [0.0; Cause::ALL.len()],
            asker_bias: -5.5,
            giver_bias: -5.5,
        };
        for (cause, asker, giver) in HAND_SET {
            weights.set(cause, asker, giver);
        }
        weights
    }
}

impl Weights {
    /// Sets the weight of a cause for the one in need and for the giver; below 0 counts as 0.
    pub fn set(&mut self, cause: Cause, asker: f64, giver: f64) {
        if let Some(slot) = self.asker.get_mut(cause.index()) {
            *slot = asker.max(0.0);
        }
        if let Some(slot) = self.giver.get_mut(cause.index()) {
            *slot = giver.max(0.0);
        }
    }

    /// The weight of a cause for the one in need and for the giver.
    #[must_use]
    pub fn get(&self, cause: Cause) -> (f64, f64) {
        let at = |weights: &[f64; Cause::ALL.len()]| weights.get(cause.index()).copied().unwrap_or(0.0);
        (at(&self.asker), at(&self.giver))
    }

    /// The score of these measures, 0 to 1.
    #[must_use]
    pub fn score(&self, measures: &Measures) -> f64 {
        let asker = logistic(self.log_odds(Answerer::Asker, measures));
        let giver = logistic(self.log_odds(Answerer::Giver, measures));
        (asker * giver).sqrt()
    }

    /// The weight of a cause for one side.
    #[must_use]
    pub fn of(&self, who: Answerer, cause: Cause) -> f64 {
        let (asker, giver) = self.get(cause);
        if who == Answerer::Asker { asker } else { giver }
    }

    pub(crate) fn set_of(&mut self, who: Answerer, cause: Cause, weight: f64) {
        let (asker, giver) = self.get(cause);
        match who {
            Answerer::Asker => self.set(cause, weight, giver),
            Answerer::Giver => self.set(cause, asker, weight),
        }
    }

    pub(crate) fn move_bias(&mut self, who: Answerer, by: f64) {
        match who {
            Answerer::Asker => self.asker_bias += by,
            Answerer::Giver => self.giver_bias += by,
        }
    }

    /// The log-odds that one side says yes.
    #[must_use]
    pub fn log_odds(&self, who: Answerer, measures: &Measures) -> f64 {
        let bias = if who == Answerer::Asker { self.asker_bias } else { self.giver_bias };
        bias + Cause::ALL.into_iter().map(|cause| self.of(who, cause) * measures.get(cause)).sum::<f64>()
    }

    /// What a cause adds to the log-odds, mean of both sides.
    #[must_use]
    pub fn share(&self, cause: Cause, measures: &Measures) -> f64 {
        let (asker, giver) = self.get(cause);
        f64::midpoint(asker, giver) * measures.get(cause)
    }
}

pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
