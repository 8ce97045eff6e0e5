//! Giving and receiving without a currency (E7, N7): counts by kind, both ways, judged over a long time and over the
//! whole circle, never per deal; and whether a result was more than either could have done alone (E5).

use crate::vocabulary::Alone;

/// So many exchanges are needed before two sides are spoken of (indicators.md E7c).
pub const PAIR_LEAST: u32 = 3;
/// And so many for one member with all others.
pub const CIRCLE_LEAST: u32 = 5;
/// Only what happened in so many days is looked at.
pub const WINDOW_DAYS: i64 = 365;
/// A balance below this leans to one side: five to one does, two to one does not.
const LEANS: f64 = 0.34;

/// How many times somebody gave and received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub given: u32,
    pub received: u32,
}

/// To which side a balance leans, seen from the one it is told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// Mostly gives: what would they like to receive?
    Gives,
    /// Mostly receives: what could they give?
    Receives,
}

impl Balance {
    /// B = 1 − |given − received| / (given + received): 1 both ways alike, 0 one way only; nothing where nothing was
    /// exchanged (indicators.md E7c).
    #[must_use]
    pub fn evenness(&self) -> Option<f64> {
        let (given, received) = (f64::from(self.given), f64::from(self.received));
        let all = given + received;
        (all > 0.0).then(|| 1.0 - (given - received).abs() / all)
    }

    /// Whether it leans so far, and is about so much, that it is kind to say so.
    #[must_use]
    pub fn lean(&self, least: u32) -> Option<Lean> {
        if self.given.saturating_add(self.received) < least || self.evenness()? >= LEANS {
            return None;
        }
        Some(if self.given > self.received { Lean::Gives } else { Lean::Receives })
    }
}

/// Pairs of members by the direction of what they gave each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dyads {
    pub mutual: u32,
    pub one_way: u32,
}

impl Dyads {
    /// Counts pairs from arcs (giver, receiver), each arc once. Giving to oneself is no arc.
    #[must_use]
    pub fn of(arcs: &[(i64, i64)]) -> Self {
        let mut arcs: Vec<(i64, i64)> = arcs.iter().copied().filter(|(a, b)| a != b).collect();
        arcs.sort_unstable();
        arcs.dedup();
        let mut dyads = Self::default();
        for (a, b) in &arcs {
            let back = arcs.binary_search(&(*b, *a)).is_ok();
            // a mutual pair is met twice and counted at its smaller end
            if back && a < b {
                dyads.mutual += 1;
            } else if !back {
                dyads.one_way += 1;
            }
        }
        dyads
    }
}

/// What both sides of one exchange said, apart from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// One of them, or both, have not answered.
    Unknown,
    /// Both say that they could not have done it alone: 1 + 1 > 2.
    More,
    /// At least one could have.
    NotMore,
}

/// Reads two independent answers (indicators.md E5d: both sides must say so).
#[must_use]
pub const fn together(provider: Option<Alone>, receiver: Option<Alone>) -> Together {
    match (provider, receiver) {
        (Some(Alone::CouldNot), Some(Alone::CouldNot)) => Together::More,
        (Some(_), Some(_)) => Together::NotMore,
        _ => Together::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unequal_is_fine_and_one_way_only_is_said() {
        let lean = |given, received| Balance { given, received }.lean(PAIR_LEAST);
        assert_eq!(lean(2, 0), None, "two are no habit");
        assert_eq!(lean(3, 0), Some(Lean::Gives));
        assert_eq!(lean(0, 3), Some(Lean::Receives));
        assert_eq!(lean(2, 1), None);
        assert_eq!(lean(4, 2), None, "twice as much is fine");
        assert_eq!(lean(5, 1), Some(Lean::Gives));
        assert_eq!(Balance::default().evenness(), None);
    }

    #[test]
    fn additionality_needs_both_voices() {
        assert_eq!(together(Some(Alone::CouldNot), None), Together::Unknown);
        assert_eq!(together(Some(Alone::CouldNot), Some(Alone::CouldNot)), Together::More);
        assert_eq!(together(Some(Alone::CouldNot), Some(Alone::WithEffort)), Together::NotMore);
    }

    proptest! {
        #[test]
        fn evenness_is_a_share_and_the_same_from_both_sides(given in 0_u32..500, received in 0_u32..500) {
            let (mine, theirs) = (Balance { given, received }, Balance { given: received, received: given });
            prop_assert_eq!(mine.evenness(), theirs.evenness());
            if let Some(evenness) = mine.evenness() { prop_assert!((0.0..=1.0).contains(&evenness)); }
            let back = |lean| match lean { Lean::Gives => Lean::Receives, Lean::Receives => Lean::Gives };
            prop_assert_eq!(mine.lean(PAIR_LEAST).map(back), theirs.lean(PAIR_LEAST));
        }

        #[test]
        fn every_pair_is_counted_once(arcs in prop::collection::vec((0_i64..6, 0_i64..6), 0..40)) {
            let dyads = Dyads::of(&arcs);
            let mut pairs: Vec<(i64, i64)> =
                arcs.iter().filter(|(a, b)| a != b).map(|(a, b)| (*a.min(b), *a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            prop_assert_eq!(dyads.mutual as usize + dyads.one_way as usize, pairs.len());
            let both = pairs.iter().filter(|(a, b)| arcs.contains(&(*a, *b)) && arcs.contains(&(*b, *a))).count();
            prop_assert_eq!(dyads.mutual as usize, both);
        }
    }
}
