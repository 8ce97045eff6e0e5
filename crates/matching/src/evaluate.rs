//! Which of two ways to rank is better, told from answers: by mixing both into one list, or from the log alone.
//!
//! - [`interleave`] mixes two rankings so that each reader judges both (team draft: Radlinski, Kurup & Joachims 2008);
//!   [`preference`] sums up whose offers were taken.
//! - [`inverse_propensity`] says what another ranking would have earned, from what was shown by chance and how likely
//!   it was (self-normalized: Swaminathan & Joachims 2015), without showing it to anybody.
//! - [`seen`] is how likely a reader looks at a place at all; what stands low and is not taken says less.

use crate::intent::IntentKey;

/// Weights of single answers are cut at this: one rare showing must not decide.
pub const MOST_WEIGHT: f64 = 10.0;

/// Which ranking an offer of a mixed list came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Team {
    /// The ranking in use
    Current,
    /// The one that is tried
    Candidate,
}

/// Mixes two rankings into one list of at most `k`: in each round both pick their best offer that is not there yet,
/// who picks first is drawn. `chance` gives numbers evenly from 0 to 1.
pub fn interleave(
    current: &[IntentKey],
    candidate: &[IntentKey],
    k: usize,
    chance: &mut impl FnMut() -> f64,
) -> Vec<(IntentKey, Team)> {
    let mut mixed: Vec<(IntentKey, Team)> = Vec::new();
    loop {
        let before = mixed.len();
        let first = if chance() < 0.5 { Team::Current } else { Team::Candidate };
        let second = if first == Team::Current { Team::Candidate } else { Team::Current };
        for team in [first, second] {
            let ranking = if team == Team::Current { current } else { candidate };
            let next = ranking.iter().find(|key| mixed.iter().all(|(there, _)| there != *key));
            if let Some(next) = next.filter(|_| mixed.len() < k) {
                mixed.push((*next, team));
            }
        }
        if mixed.len() == before {
            return mixed;
        }
    }
}

/// What the readers of mixed lists preferred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preference {
    /// Lists in which more of the current ranking's offers were taken
    pub current: u32,
    /// Lists in which more of the candidate's were
    pub candidate: u32,
    /// How likely so clear a difference is by chance alone, 0 to 1 (two-sided sign test)
    pub p: f64,
}

/// Sums up mixed lists, each by how many offers of the current ranking and of the candidate were taken.
#[must_use]
pub fn preference(lists: &[(u32, u32)]) -> Preference {
    let count = |better: fn(&&(u32, u32)) -> bool| {
        u32::try_from(lists.iter().filter(better).count()).unwrap_or(u32::MAX)
    };
    let current = count(|(current, candidate)| current > candidate);
    let candidate = count(|(current, candidate)| candidate > current);
    Preference { current, candidate, p: sign_test(current.min(candidate), current + candidate) }
}

/// The probability that of `n` fair coins at most `k`, or at least `n − k`, show heads.
fn sign_test(k: u32, n: u32) -> f64 {
    if n == 0 {
        return 1.0;
    }
    // in logarithms, since the coefficients of many lists are larger than any number kept
    let mut log = -f64::from(n) * 2.0_f64.ln();
    let mut sum = log.exp();
    for i in 0..k {
        log += (f64::from(n - i) / f64::from(i + 1)).ln();
        sum += log.exp();
    }
    (2.0 * sum).min(1.0)
}

/// One answer as it was logged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logged {
    /// What came of it: 1 helped or accepted, 0 not
    pub reward: f64,
    /// How likely it was to be shown when it was, above 0
    pub propensity: f64,
    /// How likely the other ranking would have shown it, 0 to 1
    pub other: f64,
}

/// What another ranking would have earned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean reward
    pub mean: f64,
    /// Its standard error
    pub error: f64,
    /// As many evenly weighted answers would be as sure (Kish 1965)
    pub effective: f64,
}

/// Estimates the mean reward of another ranking from a log; `None` where the log shows nothing it would show.
#[must_use]
pub fn inverse_propensity(log: &[Logged]) -> Option<Estimate> {
    let weight = |one: &Logged| (one.other / one.propensity.max(1e-9)).clamp(0.0, MOST_WEIGHT);
    let total: f64 = log.iter().map(weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = log.iter().map(|one| weight(one) * one.reward).sum::<f64>() / total;
    let squares: f64 = log.iter().map(|one| weight(one).powi(2)).sum();
    let spread: f64 = log.iter().map(|one| (weight(one) * (one.reward - mean)).powi(2)).sum();
    Some(Estimate { mean, error: spread.sqrt() / total, effective: total * total / squares })
}

/// How likely the place of a list (from 0) is looked at, estimated from tried offers, which stand at each place by
/// chance alone: the yeses at the place over the yeses at the first, smoothed, never above the place before.
///
/// `places` holds, a place, how often something was shown there by chance and how often it was taken.
#[must_use]
pub fn seen(places: &[(u32, u32)]) -> Vec<f64> {
    // as if four showings at each place had gone as they do on the whole
    let (all, taken) =
        places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + f64::from(place.0), sum.1 + f64::from(place.1)));
    let usual = if all > 0.0 { taken / all } else { 0.0 };
    let rate = |place: &(u32, u32)| (f64::from(place.1) + 4.0 * usual) / (f64::from(place.0) + 4.0);
    let first = places.first().map_or(0.0, rate);
    let mut most = 1.0_f64;
    places
        .iter()
        .map(|place| {
            let share = if first > 0.0 { rate(place) / first } else { 1.0 };
            most = most.min(share).clamp(0.05, 1.0);
            most
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::Dice;
    use proptest::prelude::*;

    fn keys(list: &[u64]) -> Vec<IntentKey> {
        list.iter().map(|key| IntentKey(*key)).collect()
    }

    #[test]
    fn the_better_ranking_is_preferred() {
        // the candidate has the one right offer first, the current one has it fifth
        let (current, candidate) = (keys(&[1, 2, 3, 4, 9]), keys(&[9, 1, 2, 3, 4]));
        let mut dice = Dice(11);
        let lists: Vec<(u32, u32)> = (0..100)
            .map(|_| {
                let mixed = interleave(&current, &candidate, 5, &mut || dice.roll());
                let took = mixed.iter().find(|(key, _)| *key == IntentKey(9)).map(|(_, team)| *team);
                // one reader in five takes any offer
                let team =
                    if dice.roll() < 0.2 { mixed[(dice.roll() * 5.0) as usize].1 } else { took.unwrap() };
                if team == Team::Current { (1, 0) } else { (0, 1) }
            })
            .collect();
        let found = preference(&lists);
        assert!(found.candidate > found.current && found.p < 0.001, "{found:?}");
    }

    #[test]
    fn the_sign_test_is_the_binomial_one() {
        // 1 of 10: 2 · (1 + 10) / 1024
        assert!((sign_test(1, 10) - 22.0 / 1024.0).abs() < 1e-12);
        assert!((sign_test(5, 10) - 1.0).abs() < 1e-12);
        assert!(sign_test(100, 4_000) < 1e-12);
        assert!((preference(&[(1, 1), (0, 0)]).p - 1.0).abs() < 1e-12);
    }

    /// Offers A and B are taken with .3 and .6; the log shows A in four of five. Always showing B would earn .6.
    #[test]
    fn the_log_tells_what_was_hardly_shown() {
        let mut dice = Dice(5);
        let log: Vec<Logged> = (0..5_000)
            .map(|_| {
                let shows_b = dice.roll() < 0.2;
                let (rate, propensity) = if shows_b { (0.6, 0.2) } else { (0.3, 0.8) };
                let reward = f64::from(u8::from(dice.roll() < rate));
                Logged { reward, propensity, other: f64::from(u8::from(shows_b)) }
            })
            .collect();
        let naive = log.iter().map(|one| one.reward).sum::<f64>() / log.len() as f64;
        let found = inverse_propensity(&log).unwrap();
        assert!((naive - 0.36).abs() < 0.03, "{naive}");
        assert!((found.mean - 0.6).abs() < 3.0 * found.error && found.error < 0.03, "{found:?}");
        assert_eq!(inverse_propensity(&[Logged { reward: 1.0, propensity: 0.5, other: 0.0 }]), None);
        assert_eq!(inverse_propensity(&[]), None);
    }

    #[test]
    fn lower_places_are_looked_at_less() {
        let found = seen(&[(400, 80), (400, 40), (400, 44), (400, 8)]);
        assert!((found[0] - 1.0).abs() < 1e-12);
        assert!((found[1] - 0.5).abs() < 0.03, "{found:?}");
        assert!((found[2] - found[1]).abs() < 1e-12);
        assert!((found[3] - 0.1).abs() < 0.03);
        assert_eq!(seen(&[(0, 0), (0, 0)]), [1.0, 1.0]);
    }

    proptest! {
        #[test]
        fn a_mixed_list_holds_each_once_and_begins_with_a_best(
            a in proptest::collection::vec(0_u64..9, 0..7), b in proptest::collection::vec(0_u64..9, 0..7),
            k in 0_usize..8, seed in any::<u64>()
        ) {
            let mut dice = Dice(seed);
            let mixed = interleave(&keys(&a), &keys(&b), k, &mut || dice.roll());
            let mut unique: Vec<IntentKey> = mixed.iter().map(|(key, _)| *key).collect();
            unique.sort_unstable();
            unique.dedup();
            prop_assert_eq!(unique.len(), mixed.len());
            let mut both: Vec<u64> = a.iter().chain(&b).copied().collect();
            both.sort_unstable();
            both.dedup();
            prop_assert_eq!(mixed.len(), both.len().min(k));
            if let Some((first, _)) = mixed.first() {
                prop_assert!(a.first() == Some(&first.0) || b.first() == Some(&first.0));
            }
        }
    }
}
