//! How far one reporter is believed: Beta counts a hazard class, moved only by verdicts, drifting back with time.
//!
//! False costs more than true earns. Trust that is as easily made as lost can be pumped by a crowd of made-up accounts
//! that confirm each other; it must cost more than it brings (Resnick and Sami, "Sybilproof transitive trust
//! protocols", EC 2009).

use crate::place::Moment;
use crate::{Finding, Polarity, Tier, Witness};

/// Days in which what was learned about a reporter fades by half.
pub const HALF_LIFE_DAYS: f64 = 180.0;
/// Pseudo-count a confirmed report earns.
pub const GAIN: f64 = 0.5;
/// Pseudo-count a refuted report costs.
pub const LOSS: f64 = 1.0;
/// Most a reporter earns a day.
pub const GAIN_A_DAY: f64 = 1.0;
/// Largest weight, either way.
pub const WEIGHT_LIMIT: f64 = 3.0;

/// Beta(a, b) counts of a reporter: `a` of being right, `b` of being wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    prior: (f64, f64),
    gained: f64,
    lost: f64,
    verdicts: u32,
    at: Moment,
    today: f64,
}

/// Prior counts of a tier.
#[must_use]
pub fn prior(tier: Tier) -> (f64, f64) {
    match tier {
        Tier::Official => (50.0, 1.0),
        Tier::Trained => (9.0, 1.0),
        // a guest has the counts of a member; a cap on its group limits what it adds
        Tier::Member | Tier::Guest => (2.6, 2.0),
    }
}

impl Reliability {
    /// The prior of a tier.
    #[must_use]
    pub fn of(tier: Tier, at: Moment) -> Self {
        Self { prior: prior(tier), gained: 0.0, lost: 0.0, verdicts: 0, at, today: 0.0 }
    }

    /// Counts (a, b) at a moment: what was learned has halved every 180 days.
    #[must_use]
    pub fn counts(&self, now: Moment) -> (f64, f64) {
        let kept = self.kept(now);
        (self.prior.0 + kept * self.gained, self.prior.1 + kept * self.lost)
    }

    /// Posterior mean a/(a+b), between 0 and 1.
    #[must_use]
    pub fn mean(&self, now: Moment) -> f64 {
        let (a, b) = self.counts(now);
        a / (a + b)
    }

    /// Weight ln(a/b), within ±3.
    #[must_use]
    pub fn weight(&self, now: Moment) -> f64 {
        let (a, b) = self.counts(now);
        (a / b).ln().clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT)
    }

    /// How the weight has moved from the tier's prior.
    #[must_use]
    pub fn learned(&self, now: Moment) -> f64 {
        self.weight(now) - (self.prior.0 / self.prior.1).ln()
    }

    /// How many verdicts have spoken about this reporter.
    #[must_use]
    pub fn verdicts(&self) -> u32 {
        self.verdicts
    }

    /// A verdict on a claim this reporter spoke about. `credit` says whether being right may earn.
    pub fn learn(&mut self, spoke: Polarity, finding: Finding, credit: Credit, now: Moment) {
        let right = (spoke == Polarity::Seen) == (finding == Finding::True);
        let kept = self.kept(now);
        if now.since(self.at) >= 86_400.0 {
            self.today = 0.0;
            self.at = now;
            self.gained *= kept;
            self.lost *= kept;
        }
        self.verdicts = self.verdicts.saturating_add(1);
        if !right {
            self.lost += LOSS;
            return;
        }
        if credit == Credit::None {
            return;
        }
        let gain = GAIN.min(GAIN_A_DAY - self.today).max(0.0);
        self.today += gain;
        self.gained += gain;
    }

    /// Letter of the Admiralty code, shown to staff.
    #[must_use]
    pub fn letter(&self, now: Moment) -> char {
        if self.verdicts < 5 {
            return 'F';
        }
        match self.mean(now) {
            m if m >= 0.95 => 'A',
            m if m >= 0.85 => 'B',
            m if m >= 0.70 => 'C',
            m if m >= 0.50 => 'D',
            _ => 'E',
        }
    }

    fn kept(&self, now: Moment) -> f64 {
        (-now.since(self.at).max(0.0) / 86_400.0 / HALF_LIFE_DAYS).exp2()
    }
}

/// Whether being right may earn trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    /// First-hand, and received before the claim was public.
    Earned,
    /// An echo: of the public claim, or of somebody else.
    None,
}

impl Credit {
    /// Only first-hand words received before the claim was public earn.
    #[must_use]
    pub fn of(witness: Witness, received: Moment, public: Option<Moment>) -> Self {
        let before = public.is_none_or(|p| received <= p);
        if witness == Witness::Firsthand && before { Self::Earned } else { Self::None }
    }
}

/// Digit of the Admiralty code for a claim, from confirmation, probability and whether anything speaks at all.
#[must_use]
pub fn digit(confirmed: bool, p: Option<f64>) -> u8 {
    match p {
        _ if confirmed => 1,
        None => 6,
        Some(p) if p >= 0.8 => 2,
        Some(p) if p >= 0.5 => 3,
        Some(p) if p >= 0.2 => 4,
        Some(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T0: Moment = Moment(0);

    #[test]
    fn priors_give_the_published_weights() {
        assert!((Reliability::of(Tier::Trained, T0).weight(T0) - 2.197).abs() < 5e-4);
        assert!((Reliability::of(Tier::Member, T0).weight(T0) - 0.262).abs() < 5e-4);
        // ln 50 is beyond the limit
        assert!((Reliability::of(Tier::Official, T0).weight(T0) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn false_costs_twice_what_true_earns() {
        let mut r = Reliability::of(Tier::Member, T0);
        r.learn(Polarity::Seen, Finding::True, Credit::Earned, T0);
        assert_eq!(r.counts(T0), (3.1, 2.0));
        r.learn(Polarity::Seen, Finding::False, Credit::Earned, T0);
        assert_eq!(r.counts(T0), (3.1, 3.0));
        r.learn(Polarity::NotSeen, Finding::False, Credit::Earned, T0);
        assert_eq!(r.counts(T0), (3.6, 3.0));
    }

    #[test]
    fn an_echo_earns_nothing_but_still_loses() {
        let mut r = Reliability::of(Tier::Member, T0);
        r.learn(Polarity::Seen, Finding::True, Credit::None, T0);
        assert_eq!(r.counts(T0), (2.6, 2.0));
        r.learn(Polarity::Seen, Finding::False, Credit::None, T0);
        assert_eq!(r.counts(T0), (2.6, 3.0));
        assert_eq!(Credit::of(Witness::Hearsay, T0, None), Credit::None);
        assert_eq!(Credit::of(Witness::Firsthand, Moment(60), Some(T0)), Credit::None);
        assert_eq!(Credit::of(Witness::Firsthand, T0, Some(Moment(60))), Credit::Earned);
    }

    #[test]
    fn gains_are_capped_a_day() {
        let mut r = Reliability::of(Tier::Member, T0);
        for _ in 0..5 {
            r.learn(Polarity::Seen, Finding::True, Credit::Earned, T0);
        }
        assert_eq!(r.counts(T0), (3.6, 2.0));
        let tomorrow = Moment(86_400);
        r.learn(Polarity::Seen, Finding::True, Credit::Earned, tomorrow);
        assert!(r.counts(tomorrow).0 > 4.0);
    }

    #[test]
    fn what_was_learned_halves_in_180_days() {
        let mut r = Reliability::of(Tier::Member, T0);
        r.learn(Polarity::Seen, Finding::False, Credit::Earned, T0);
        let (a, b) = r.counts(Moment(180 * 86_400));
        assert!((a - 2.6).abs() < 1e-12 && (b - 2.5).abs() < 1e-12);
    }

    #[test]
    fn letters_need_five_verdicts() {
        let mut r = Reliability::of(Tier::Trained, T0);
        assert_eq!(r.letter(T0), 'F');
        for day in 0..5 {
            r.learn(Polarity::Seen, Finding::True, Credit::Earned, Moment(day * 86_400));
        }
        assert_eq!(r.letter(Moment(4 * 86_400)), 'B');
        assert_eq!((digit(true, None), digit(false, None), digit(false, Some(0.5))), (1, 6, 3));
    }

    proptest! {
        #[test]
        fn a_verdict_against_never_raises_the_weight(n in 0usize..20, m in 0usize..20) {
            let mut r = Reliability::of(Tier::Member, T0);
            for day in 0..n {
                r.learn(Polarity::Seen, Finding::True, Credit::Earned, Moment(day as i64 * 86_400));
            }
            let now = Moment(20 * 86_400);
            for _ in 0..m {
                let before = r.weight(now);
                r.learn(Polarity::Seen, Finding::False, Credit::Earned, now);
                prop_assert!(r.weight(now) <= before);
                prop_assert!(r.weight(now).abs() <= WEIGHT_LIMIT);
            }
        }
    }
}
