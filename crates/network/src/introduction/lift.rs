//! What proposing introductions brings: of the pairs worth introducing nine in ten are proposed and one is left alone
//! ([`choice::held_out`]), and what became of both is compared (*Next best introduction*, Score).
//!
//! Every pair is counted on the side it was drawn for, whatever became of the proposal: whether anybody was asked, and
//! whether two who were left alone met by themselves or asked for it. So the draw alone tells the sides apart, and the
//! difference is what proposing does, not what those do who like to be introduced.
//!
//! [`choice::held_out`]: super::choice::held_out

use crate::share::Share;

/// Fewer pairs than this on either side say nothing: no share is shown then.
pub const FEWEST_PAIRS: u32 = 20;
/// Days from the day a pair stood among the candidates until it has become tied, or did not because of it.
pub const DAYS_UNTIL_TIED: i64 = 90;

/// What may become of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// They are tied, by themselves or through an introduction.
    Tied,
    /// They are tied through an introduction both agreed to.
    Agreed,
    /// Tied, and in contact within 30 days of it.
    Met,
    /// Tied, and one helped the other within 90 days of it, as the receiver confirmed.
    Exchanged,
    /// Tied, and still in contact in the second half of the 180 days after it.
    Alive,
}

impl Outcome {
    /// All of them, the first to come first.
    pub const ALL: [Self; 5] = [Self::Tied, Self::Agreed, Self::Met, Self::Exchanged, Self::Alive];

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tied => "tied",
            Self::Agreed => "agreed",
            Self::Met => "met",
            Self::Exchanged => "exchanged",
            Self::Alive => "alive",
        }
    }

    /// Days it has after the two became tied.
    #[must_use]
    pub const fn days_after_tie(self) -> i64 {
        match self {
            Self::Tied | Self::Agreed => 0,
            Self::Met => 30,
            Self::Exchanged => 90,
            Self::Alive => 180,
        }
    }

    /// Days after which it can be said of a pair: younger pairs are counted on neither side.
    #[must_use]
    pub const fn days(self) -> i64 {
        DAYS_UNTIL_TIED + self.days_after_tie()
    }
}

/// Of one side: how many pairs are old enough, and of how many of them it came true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    pub pairs: u32,
    pub came: u32,
}

/// What the interval around the difference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tells {
    /// It came true more often where the pair was proposed.
    More,
    /// More often where it was left alone.
    Less,
    /// Either may be.
    Nothing,
}

/// The two shares and how much more of the one than of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lift {
    pub proposed: Share,
    pub left_alone: Share,
    /// The difference of the shares, −1 to 1, with its 95 % interval.
    pub more: f64,
    pub low: f64,
    pub high: f64,
}

/// The difference of two independent shares with Newcombe's hybrid score interval (Newcombe 1998, *Statistics in
/// Medicine* 17:873–890, method 10): the distances from the shares to the ends of their Wilson intervals, added as the
/// sides of a right angle. None where either side has fewer than [`FEWEST_PAIRS`].
#[must_use]
pub fn lift(proposed: Side, left_alone: Side) -> Option<Lift> {
    if proposed.pairs < FEWEST_PAIRS || left_alone.pairs < FEWEST_PAIRS {
        return None;
    }
    difference(proposed, left_alone)
}

fn difference(one: Side, other: Side) -> Option<Lift> {
    let proposed = Share::wilson(one.came, one.pairs)?;
    let left_alone = Share::wilson(other.came, other.pairs)?;
    let more = proposed.value - left_alone.value;
    let below = (proposed.value - proposed.low).hypot(left_alone.high - left_alone.value);
    let above = (proposed.high - proposed.value).hypot(left_alone.value - left_alone.low);
    Some(Lift { proposed, left_alone, more, low: (more - below).max(-1.0), high: (more + above).min(1.0) })
}

impl Lift {
    /// Whether the interval lies on one side of nothing.
    #[must_use]
    pub fn tells(&self) -> Tells {
        if self.low > 0.0 {
            Tells::More
        } else if self.high < 0.0 {
            Tells::Less
        } else {
            Tells::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(came: u32, pairs: u32) -> Side {
        Side { pairs, came }
    }

    #[test]
    fn newcombes_interval_is_that_of_his_table() {
        // Newcombe 1998, table II, method 10, contrasts a to h
        for (one, other, low, high) in [
            (side(56, 70), side(48, 80), 0.0524, 0.3339),
            (side(9, 10), side(3, 10), 0.1705, 0.8090),
            (side(6, 7), side(2, 7), 0.0582, 0.8062),
            (side(5, 56), side(0, 29), -0.0381, 0.1926),
            (side(0, 10), side(0, 20), -0.1611, 0.2775),
            (side(0, 10), side(0, 10), -0.2775, 0.2775),
            (side(10, 10), side(0, 20), 0.6791, 1.0),
            (side(10, 10), side(0, 10), 0.6075, 1.0),
        ] {
            let found = difference(one, other).unwrap();
            assert!((found.low - low).abs() < 5.1e-5 && (found.high - high).abs() < 5.1e-5, "{found:?}");
        }
    }

    #[test]
    fn few_pairs_on_either_side_say_nothing() {
        assert_eq!(lift(side(10, 500), side(3, 19)), None);
        assert_eq!(lift(side(10, 19), side(3, 500)), None);
        assert!(lift(side(10, 20), side(3, 20)).is_some());
        let clear = lift(side(90, 180), side(2, 20)).unwrap();
        assert_eq!(clear.tells(), Tells::More, "{clear:?}");
        assert_eq!(lift(side(4, 40), side(30, 40)).unwrap().tells(), Tells::Less);
        assert_eq!(lift(side(30, 180), side(2, 20)).unwrap().tells(), Tells::Nothing);
        assert_eq!(difference(side(3, 2), side(0, 20)), None, "more than there are");
    }

    #[test]
    fn an_outcome_waits_until_it_may_have_come() {
        let days: Vec<i64> = Outcome::ALL.iter().map(|outcome| outcome.days()).collect();
        assert_eq!(days, [90, 90, 120, 180, 270]);
    }

    proptest! {
        #[test]
        fn the_difference_lies_in_its_interval_and_turns_with_the_sides(
            n in 20_u32..2_000, m in 20_u32..2_000, a in 0_u32..2_000, b in 0_u32..2_000,
        ) {
            prop_assume!(a <= n && b <= m);
            let found = lift(side(a, n), side(b, m)).unwrap();
            prop_assert!(found.low <= found.more + 1e-12 && found.more <= found.high + 1e-12);
            prop_assert!(found.low >= -1.0 && found.high <= 1.0);
            let turned = lift(side(b, m), side(a, n)).unwrap();
            prop_assert!((turned.low + found.high).abs() < 1e-12 && (turned.high + found.low).abs() < 1e-12);
        }

        #[test]
        fn more_pairs_with_the_same_shares_tell_more(n in 20_u32..500, a in 0_u32..500, b in 0_u32..500) {
            prop_assume!(a <= n && b <= n);
            let few = lift(side(a, n), side(b, n)).unwrap();
            let many = lift(side(4 * a, 4 * n), side(4 * b, 4 * n)).unwrap();
            prop_assert!(many.high - many.low < few.high - few.low);
        }

        #[test]
        fn the_share_of_ties_among_the_proposed_raises_the_difference(n in 20_u32..500, a in 0_u32..499, b in 0_u32..500) {
            prop_assume!(a < n && b <= n);
            let before = lift(side(a, n), side(b, n)).unwrap();
            let after = lift(side(a + 1, n), side(b, n)).unwrap();
            prop_assert!(after.more > before.more && after.low >= before.low && after.high >= before.high);
        }
    }
}
