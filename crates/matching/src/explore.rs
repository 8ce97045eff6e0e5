//! Trying what the weights do not yet favor: one place of five goes to the offer that a draw from what is believed of
//! the weights puts first (Thompson sampling), so that an instance learns of more than what it shows anyway.
//!
//! What is believed is a normal distribution a weight: the mean is the weight, the precision grows with each answer by
//! p(1 − p)x², the curvature of the logistic loss (a diagonal Laplace approximation; Chapelle & Li 2011). Weights are
//! drawn at or above zero, so that also a draw never puts the farther offer before the nearer one for being farther.
//!
//! How likely each offer was to take the place (its propensity) is told with it and must be kept with the answer:
//! [`crate::learn`] needs it. Chance is handed in: the same draws give the same list.
//!
//! ```
//! use matching::explore::{Belief, explore};
//! use matching::Weights;
//!
//! let belief = Belief::new();
//! let shown = explore(Vec::new(), 5, &Weights::default(), &belief, &mut || 0.5);
//! assert!(shown.is_empty());
//! ```

use crate::intent::IntentKey;
use crate::learn::Answerer;
use crate::pool::Proposal;
use crate::score::{Measures, Weights, logistic};
use crate::why::Cause;

/// One place in so many is for trying.
pub const ONE_IN: usize = 5;
/// An offer is tried only if its score is at least this share of the best one's: what does not fit is never shown.
pub const STILL_FITS: f64 = 0.5;
/// Draws from which propensities are estimated.
const DRAWS: usize = 100;
/// Precision of a weight nobody has answered about: a standard deviation of one half.
const PRIOR: f64 = 4.0;

/// How surely each weight is known, for the one in need and for the giver.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    precision: [[f64; Cause::ALL.len()]; 2],
}

impl Default for Belief {
    fn default() -> Self {
        Self { precision: [[PRIOR; Cause::ALL.len()]; 2] }
    }
}

impl Belief {
    /// What is believed before anybody answered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that one side answered a proposal with these measures, under the weights in use.
    pub fn note(&mut self, who: Answerer, measures: &Measures, weights: &Weights) {
        let p = logistic(weights.log_odds(who, measures));
        for cause in Cause::ALL {
            let x = measures.get(cause);
            if let Some(precision) = self.at_mut(who, cause) {
                *precision += p * (1.0 - p) * x * x;
            }
        }
    }

    /// Standard deviation of a weight.
    #[must_use]
    pub fn deviation(&self, who: Answerer, cause: Cause) -> f64 {
        let side = self.precision.get(side(who));
        side.and_then(|side| side.get(cause.index())).map_or(0.0, |precision| precision.sqrt().recip())
    }

    fn at_mut(&mut self, who: Answerer, cause: Cause) -> Option<&mut f64> {
        self.precision.get_mut(side(who))?.get_mut(cause.index())
    }

    /// Weights drawn from what is believed. `chance` gives numbers evenly from 0 to 1, 1 excluded.
    pub fn draw(&self, weights: &Weights, chance: &mut impl FnMut() -> f64) -> Weights {
        let mut drawn = weights.clone();
        for who in [Answerer::Asker, Answerer::Giver] {
            for cause in Cause::ALL {
                let around = weights.of(who, cause);
                // a cause that is switched off stays so
                if around > 0.0 {
                    drawn.set_of(who, cause, around + normal(chance) * self.deviation(who, cause));
                }
            }
        }
        drawn
    }
}

const fn side(who: Answerer) -> usize {
    match who {
        Answerer::Asker => 0,
        Answerer::Giver => 1,
    }
}

/// One number of the standard normal distribution (Box & Muller 1958).
fn normal(chance: &mut impl FnMut() -> f64) -> f64 {
    let (a, b) = (chance().clamp(1e-12, 1.0), chance());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// A proposal with how it came to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What is shown
    pub proposal: Proposal,
    /// How likely it was to be shown at this place, above 0, at most 1; to be kept with the answer
    pub propensity: f64,
    /// Whether the place was one for trying
    pub tried: bool,
}

/// The best `k` of `fit` (best first), with each fifth place given to the offer that a draw of the weights puts first
/// among the rest. Scores and reasons stay those of the weights in use.
#[must_use]
pub fn explore(
    fit: Vec<Proposal>,
    k: usize,
    weights: &Weights,
    belief: &Belief,
    chance: &mut impl FnMut() -> f64,
) -> Vec<Shown> {
    let least = fit.first().map_or(0.0, |best| best.score * STILL_FITS);
    let mut rest = fit;
    let mut shown: Vec<Shown> = Vec::new();
    while shown.len() < k && !rest.is_empty() {
        let candidates = rest.iter().take_while(|proposal| proposal.score >= least).count();
        let trying = shown.len() % ONE_IN == ONE_IN - 1 && candidates > 1;
        let (place, propensity) = if trying {
            pick(rest.get(..candidates).unwrap_or_default(), weights, belief, chance)
        } else {
            (0, 1.0)
        };
        shown.push(Shown { proposal: rest.remove(place), propensity, tried: trying });
    }
    shown
}

/// The place a draw puts first, and how likely that was: its share of many draws, smoothed so that none is 0.
fn pick(
    rest: &[Proposal],
    weights: &Weights,
    belief: &Belief,
    chance: &mut impl FnMut() -> f64,
) -> (usize, f64) {
    let mut first = || {
        let drawn = belief.draw(weights, chance);
        let scored = rest.iter().map(|proposal| drawn.score(&proposal.measures)).enumerate();
        // among equals the earlier
        scored.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best }).0
    };
    let picked = first();
    let times = (0..DRAWS).filter(|_| first() == picked).count();
    (picked, (times as f64 + 1.0) / (DRAWS as f64 + rest.len() as f64))
}

/// The keys of what was tried, with their propensities, as they are logged.
pub fn tried(shown: &[Shown]) -> impl Iterator<Item = (IntentKey, f64)> + '_ {
    shown.iter().filter(|one| one.tried).map(|one| (one.proposal.key, one.propensity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::Dice;

    fn proposal(key: u64, topic: f64, words: f64) -> Proposal {
        let mut measures = Measures::default();
        measures.set(Cause::Topic, topic);
        measures.set(Cause::Words, words);
        let score = Weights::default().score(&measures);
        Proposal { key: IntentKey(key), actor: None, score, why: vec![], measures }
    }

    fn sorted(mut fit: Vec<Proposal>) -> Vec<Proposal> {
        fit.sort_by(|a, b| b.score.total_cmp(&a.score));
        fit
    }

    #[test]
    fn one_place_of_five_is_tried_and_nothing_unfit_is() {
        let fit: Vec<Proposal> = (0..12).map(|n| proposal(n, 0.9 - 0.005 * n as f64, 0.0)).collect();
        let mut with_unfit = fit.clone();
        with_unfit.push(proposal(99, 0.05, 0.0));
        let mut dice = Dice(1);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..60 {
            let shown =
                explore(with_unfit.clone(), 10, &Weights::default(), &Belief::new(), &mut || dice.roll());
            let tries: Vec<usize> = (0..shown.len()).filter(|place| shown[*place].tried).collect();
            assert_eq!(tries, [4, 9]);
            assert!(shown.iter().all(|one| one.proposal.key != IntentKey(99)));
            assert!(shown.iter().all(|one| one.propensity > 0.0 && one.propensity <= 1.0));
            assert!(shown.iter().filter(|one| !one.tried).all(|one| one.propensity >= 1.0));
            seen.extend(tried(&shown).map(|(key, _)| key));
        }
        assert!(!seen.is_empty());
    }

    #[test]
    fn answers_make_surer() {
        let mut belief = Belief::new();
        let before = belief.deviation(Answerer::Asker, Cause::Topic);
        let measures = proposal(1, 0.9, 0.0).measures;
        (0..50).for_each(|_| belief.note(Answerer::Asker, &measures, &Weights::default()));
        assert!(belief.deviation(Answerer::Asker, Cause::Topic) < before);
        assert!((belief.deviation(Answerer::Giver, Cause::Topic) - before).abs() < 1e-12);
        assert!((belief.deviation(Answerer::Asker, Cause::Words) - before).abs() < 1e-12);
    }

    /// The stated propensities are how often each really is tried.
    #[test]
    fn propensities_are_frequencies() {
        let fit = sorted((0..8).map(|n| proposal(n, 0.6, 0.08 * n as f64)).collect());
        let mut dice = Dice(7);
        let rounds = 600;
        let mut counts: std::collections::HashMap<u64, (f64, f64)> = std::collections::HashMap::new();
        for _ in 0..rounds {
            let shown = explore(fit.clone(), 5, &Weights::default(), &Belief::new(), &mut || dice.roll());
            let (key, propensity) = tried(&shown).next().unwrap();
            let entry = counts.entry(key.0).or_default();
            *entry = (entry.0 + 1.0, entry.1 + propensity);
        }
        let total: f64 = counts.values().map(|(times, _)| times).sum();
        assert!((total - f64::from(rounds)).abs() < 1e-9);
        for (key, (times, stated)) in counts.into_iter().filter(|(_, (times, _))| *times >= 60.0) {
            let (real, stated) = (times / f64::from(rounds), stated / times);
            assert!((real - stated).abs() < 0.08, "{key}: {real} and {stated}");
        }
    }

    #[test]
    fn drawn_weights_stay_at_or_above_zero() {
        let mut dice = Dice(3);
        for _ in 0..200 {
            let drawn = Belief::new().draw(&Weights::default(), &mut || dice.roll());
            for cause in Cause::ALL {
                let (asker, giver) = drawn.get(cause);
                assert!(asker >= 0.0 && giver >= 0.0);
            }
        }
    }
}
