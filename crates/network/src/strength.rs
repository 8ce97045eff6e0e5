//! How strong a tie is, from what happened on it (E7): it grows with every contact and fades with silence, by half in
//! one gap of its rhythm. Shown in words, never as a mark somebody gets.
//!
//! s = a / (a + 2), a = Σ w(kind) · 2^(−age / h); a contact that had no answer counts half.

use crate::rhythm::{Counted, LARGEST_SMALL_EVENT};
use crate::vocabulary::Channel;

/// What one contact of this kind weighs, 0.3 to 1. `exchange`: something was given.
#[must_use]
pub fn weight(channel: Channel, people: usize, exchange: bool) -> f64 {
    if exchange {
        return 1.0;
    }
    match channel {
        Channel::Meeting | Channel::Visit => 1.0,
        Channel::Phone | Channel::Online => 0.8,
        Channel::Event if people > LARGEST_SMALL_EVENT => 0.0,
        Channel::Event => 0.3,
        Channel::Line
        | Channel::Email
        | Channel::InApp
        | Channel::Facebook
        | Channel::Letter
        | Channel::Radio
        | Channel::Other => 0.5,
    }
}

/// One contact as strength sees it.
#[derive(Debug, Clone, Copy)]
pub struct Felt {
    pub counted: Counted,
    pub weight: f64,
    /// Whole days ago; a day to come counts as today.
    pub age: i64,
}

/// 0 (never in touch) to below 1. `half_life`: the ideal gap in days, at least 1.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "days of a life fit a double")]
pub fn strength(contacts: &[Felt], half_life: i64) -> f64 {
    let half_life = half_life.max(1) as f64;
    let a: f64 = contacts
        .iter()
        .map(|felt| {
            let part = match felt.counted {
                Counted::Touch { .. } => 1.0,
                Counted::Attempt | Counted::Inbound => 0.5,
                Counted::Nothing => 0.0,
            };
            part * felt.weight * (-(felt.age.max(0) as f64) / half_life).exp2()
        })
        .sum();
    a / (a + 2.0)
}

/// Strength in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warmth {
    /// Nothing on record that is still felt.
    Quiet,
    /// A thread.
    Thin,
    /// Growing, or fading.
    Warm,
    /// Well woven.
    Strong,
}

impl Warmth {
    /// One visit today makes a thread (s = 1/3); two good contacts in one gap are warm; four are strong.
    #[must_use]
    pub fn of(strength: f64) -> Self {
        match strength {
            s if s >= 0.6 => Self::Strong,
            s if s >= 0.4 => Self::Warm,
            s if s >= 0.1 => Self::Thin,
            _ => Self::Quiet,
        }
    }

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Thin => "thin",
            Self::Warm => "warm",
            Self::Strong => "strong",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOUCH: Counted = Counted::Touch { inbound: false };

    fn felt(counted: Counted, channel: Channel, age: i64) -> Felt {
        Felt { counted, weight: weight(channel, 2, false), age }
    }

    #[test]
    fn the_formula_gives_its_own_values() {
        assert!(strength(&[], 90) < f64::EPSILON);
        let visit = strength(&[felt(TOUCH, Channel::Visit, 0)], 90);
        assert!((visit - 1.0 / 3.0).abs() < 1e-12, "a = 1: 1/3, {visit}");
        let faded = strength(&[felt(TOUCH, Channel::Visit, 90)], 90);
        assert!((faded - 0.2).abs() < 1e-12, "a = 1/2 after one half-life: 0.5/2.5, {faded}");
        let phone = strength(&[felt(TOUCH, Channel::Phone, 0), felt(TOUCH, Channel::Line, 0)], 90);
        assert!((phone - 1.3 / 3.3).abs() < 1e-12);
        let tried = strength(&[felt(Counted::Attempt, Channel::Phone, 0)], 90);
        assert!((tried - 0.4 / 2.4).abs() < 1e-12, "no answer: half");
        assert!(strength(&[felt(Counted::Nothing, Channel::Line, 0)], 90) < f64::EPSILON);
    }

    #[test]
    fn words_follow_the_number() {
        assert_eq!(Warmth::of(0.0), Warmth::Quiet);
        assert_eq!(Warmth::of(1.0 / 3.0), Warmth::Thin);
        assert_eq!(Warmth::of(0.5), Warmth::Warm);
        assert_eq!(Warmth::of(0.6), Warmth::Strong);
    }

    proptest! {
        #[test]
        fn stronger_with_use_weaker_with_silence(ages in prop::collection::vec(0_i64..2000, 0..30), half in 1_i64..400) {
            let contacts: Vec<Felt> = ages.iter().map(|age| felt(TOUCH, Channel::Phone, *age)).collect();
            let now = strength(&contacts, half);
            prop_assert!((0.0..1.0).contains(&now));
            let mut more = contacts.clone();
            more.push(felt(TOUCH, Channel::Line, 0));
            prop_assert!(strength(&more, half) > now);
            let later: Vec<Felt> = ages.iter().map(|age| felt(TOUCH, Channel::Phone, age + 7)).collect();
            prop_assert!(strength(&later, half) <= now);
        }
    }
}
