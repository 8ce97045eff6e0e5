//! How often people here report and answer, and how often they are right: counts that start from what the calibration
//! seeds showed and move with every verdict.
//!
//! A network whose members seldom answer must not take silence for denial, and one full of people who say yes to
//! everything must not take a yes for proof. So the engine learns both from the claims stewards have decided.

use crate::policy::Hazard;
use crate::{Finding, Polarity, Tier};

/// Pseudo-counts of a share: `yes` of `all`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    yes: f64,
    all: f64,
}

impl Share {
    /// A share expected at `mean`, as firmly as `strength` observations.
    #[must_use]
    pub fn new(mean: f64, strength: f64) -> Self {
        Self { yes: mean * strength, all: strength }
    }

    /// Counts one observation.
    pub fn count(&mut self, yes: bool) {
        self.yes += f64::from(u8::from(yes));
        self.all += 1.0;
    }

    /// The expected share, strictly between 0 and 1.
    #[must_use]
    pub fn mean(&self) -> f64 {
        (self.yes / self.all).clamp(0.001, 0.999)
    }
}

/// How one member has answered when asked about claims that stewards have decided.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Record {
    yes_if_true: Tally,
    yes_if_false: Tally,
}

/// Yes among all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Tally {
    yes: f64,
    all: f64,
}

impl Tally {
    fn count(&mut self, yes: bool) {
        self.yes += f64::from(u8::from(yes));
        self.all += 1.0;
    }

    /// The share, drawn toward what is usual as firmly as [`OWN`] answers.
    fn toward(&self, usual: f64) -> f64 {
        ((OWN * usual + self.yes) / (OWN + self.all)).clamp(0.01, 0.99)
    }
}

/// People differ much: three answers of one's own weigh as much as what is usual.
const OWN: f64 = 3.0;

impl Record {
    /// An answer to a claim that a steward has decided.
    pub fn count(&mut self, said: Polarity, finding: Finding) {
        match finding {
            Finding::True => self.yes_if_true.count(said == Polarity::Seen),
            Finding::False => self.yes_if_false.count(said == Polarity::Seen),
        }
    }
}

/// What is known about a standing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Habits {
    /// Reports what happens at home, a hazard each.
    reports: [Share; 4],
    /// Answers when asked.
    answers: Share,
    /// Says yes when it is so.
    yes_if_true: Share,
    /// Says yes when it is not so.
    yes_if_false: Share,
}

/// Learned habits of trained observers and of members.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    trained: Habits,
    member: Habits,
    photo_if_true: Share,
    photo_if_false: Share,
    observers_right: Share,
}

impl Default for Crowd {
    fn default() -> Self {
        let habits = |report: f64, quake: f64, answers: f64, yes_if_true: f64, yes_if_false: f64| Habits {
            reports: [
                Share::new(report, 100.0),
                Share::new(report, 100.0),
                Share::new(report, 100.0),
                Share::new(quake, 100.0),
            ],
            answers: Share::new(answers, 50.0),
            yes_if_true: Share::new(yes_if_true, 30.0),
            yes_if_false: Share::new(yes_if_false, 30.0),
        };
        Self {
            trained: habits(0.6, 0.22, 0.4, 0.93, 0.04),
            member: habits(0.14, 0.05, 0.2, 0.8, 0.18),
            // together the +.35 of the plain formulae
            photo_if_true: Share::new(0.27, 20.0),
            photo_if_false: Share::new(0.19, 20.0),
            // the Beta(9, 1) of a trained observer
            observers_right: Share::new(0.9, 10.0),
        }
    }
}

impl Crowd {
    fn of(&self, tier: Tier) -> &Habits {
        match tier {
            Tier::Official | Tier::Trained => &self.trained,
            Tier::Member | Tier::Guest => &self.member,
        }
    }

    fn of_mut(&mut self, tier: Tier) -> &mut Habits {
        match tier {
            Tier::Official | Tier::Trained => &mut self.trained,
            Tier::Member | Tier::Guest => &mut self.member,
        }
    }

    /// Chance that somebody of this standing reports what happens at home, sooner or later.
    #[must_use]
    pub fn reports(&self, tier: Tier, hazard: Hazard) -> f64 {
        let [hail, wind, flood, quake] = &self.of(tier).reports;
        let share = match hazard {
            Hazard::Hail => hail,
            Hazard::Wind => wind,
            Hazard::Flood => flood,
            Hazard::Quake => quake,
        };
        share.mean()
    }

    /// Chance that somebody of this standing answers when asked.
    #[must_use]
    pub fn answers(&self, tier: Tier) -> f64 {
        self.of(tier).answers.mean()
    }

    /// Log-likelihood ratio of an answer, if the event covers the place, by somebody of this standing and record.
    #[must_use]
    pub fn answer_weight(&self, tier: Tier, record: &Record, said: Polarity) -> f64 {
        let habits = self.of(tier);
        let t = record.yes_if_true.toward(habits.yes_if_true.mean());
        let f = record.yes_if_false.toward(habits.yes_if_false.mean());
        match said {
            Polarity::Seen => (t / f).ln(),
            Polarity::NotSeen => ((1.0 - t) / (1.0 - f)).ln(),
        }
    }

    /// Log-likelihood ratio of a new first-hand photo; never below 0, for a photo is no reason to doubt.
    #[must_use]
    pub fn photo_weight(&self) -> f64 {
        (self.photo_if_true.mean() / self.photo_if_false.mean()).ln().max(0.0)
    }

    /// How much trained observers here have shown to be better than a new one: added to the weight of each.
    #[must_use]
    pub fn observers_learned(&self) -> f64 {
        let right = self.observers_right.mean();
        (right / (1.0 - right)).ln() - 9.0f64.ln()
    }

    /// A first-hand report by a trained observer of a claim that a steward has decided.
    pub fn count_observer(&mut self, right: bool) {
        self.observers_right.count(right);
    }

    /// A first-hand report of a claim that a steward has decided, with or without a new photo.
    pub fn count_photo(&mut self, photo: bool, finding: Finding) {
        match finding {
            Finding::True => self.photo_if_true.count(photo),
            Finding::False => self.photo_if_false.count(photo),
        }
    }

    /// What an ask to somebody of this standing and record is worth: expected absolute log-likelihood ratio of the answer.
    #[must_use]
    pub fn worth(&self, tier: Tier, record: &Record) -> f64 {
        let yes = self.answer_weight(tier, record, Polarity::Seen).abs();
        let no = self.answer_weight(tier, record, Polarity::NotSeen).abs();
        self.answers(tier) * (yes + no) / 2.0
    }

    /// A member was asked, and the claim is over.
    pub fn count_ask(&mut self, tier: Tier, answered: bool) {
        self.of_mut(tier).answers.count(answered);
    }

    /// An answer to a claim that a steward has decided.
    pub fn count_answer(&mut self, tier: Tier, said: Polarity, finding: Finding) {
        let habits = self.of_mut(tier);
        match finding {
            Finding::True => habits.yes_if_true.count(said == Polarity::Seen),
            Finding::False => habits.yes_if_false.count(said == Polarity::Seen),
        }
    }

    /// Somebody at the spot of a true event did or did not report it.
    pub fn count_report(&mut self, tier: Tier, hazard: Hazard, reported: bool) {
        let [hail, wind, flood, quake] = &mut self.of_mut(tier).reports;
        let share = match hazard {
            Hazard::Hail => hail,
            Hazard::Wind => wind,
            Hazard::Flood => flood,
            Hazard::Quake => quake,
        };
        share.count(reported);
    }
}

/// Share of the reports of an event that have come `minutes` after it was first observed, of those that will.
#[must_use]
pub fn arrived(minutes: f64) -> f64 {
    // reports trickle in over about half an hour, a few are sent only when the phone finds a signal
    const TYPICAL_MIN: f64 = 22.0;
    1.0 - (-minutes.max(0.0) / TYPICAL_MIN).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_weigh_by_how_often_they_were_right() {
        let mut crowd = Crowd::default();
        let fresh = Record::default();
        let before = crowd.answer_weight(Tier::Member, &fresh, Polarity::Seen);
        for _ in 0..30 {
            crowd.count_answer(Tier::Member, Polarity::Seen, Finding::False);
        }
        let after = crowd.answer_weight(Tier::Member, &fresh, Polarity::Seen);
        assert!(after < before / 2.0, "{before} then {after}");
        // (.18 * 30 + 30) / 60 = .59 against .8
        assert!((after - (0.8f64 / 0.59).ln()).abs() < 1e-9);
        let trained = crowd.answer_weight(Tier::Trained, &fresh, Polarity::Seen);
        assert!((trained - (0.93f64 / 0.04).ln()).abs() < 1e-9, "trained observers are counted apart");
    }

    #[test]
    fn who_says_yes_to_everything_soon_proves_nothing() {
        let crowd = Crowd::default();
        let mut record = Record::default();
        let before = crowd.answer_weight(Tier::Member, &record, Polarity::Seen);
        record.count(Polarity::Seen, Finding::False);
        let after = crowd.answer_weight(Tier::Member, &record, Polarity::Seen);
        // (3 * .18 + 1) / 4 = .385 against .8
        assert!((after - (0.8f64 / 0.385).ln()).abs() < 1e-9);
        assert!(after < before);
        record.count(Polarity::Seen, Finding::False);
        record.count(Polarity::Seen, Finding::False);
        assert!(crowd.answer_weight(Tier::Member, &record, Polarity::Seen) < 0.4);
    }

    #[test]
    fn photos_weigh_what_they_have_been_worth() {
        let mut crowd = Crowd::default();
        assert!((crowd.photo_weight() - 0.351).abs() < 1e-3);
        for _ in 0..40 {
            crowd.count_photo(false, Finding::False);
        }
        assert!((crowd.photo_weight() - (0.27f64 / (3.8 / 60.0)).ln()).abs() < 1e-9);
    }

    #[test]
    fn trained_observers_are_believed_as_they_have_been_right() {
        let mut crowd = Crowd::default();
        assert!(crowd.observers_learned().abs() < 1e-12);
        for _ in 0..20 {
            crowd.count_observer(true);
        }
        // 29 of 30 right: odds 29 against 9
        assert!((crowd.observers_learned() - (29.0f64 / 9.0).ln()).abs() < 1e-9);
        for _ in 0..20 {
            crowd.count_observer(false);
        }
        assert!(crowd.observers_learned() < -1.5);
    }

    #[test]
    fn a_silent_network_is_learned() {
        let mut crowd = Crowd::default();
        for _ in 0..100 {
            crowd.count_report(Tier::Member, Hazard::Hail, false);
            crowd.count_ask(Tier::Member, false);
        }
        assert!((crowd.reports(Tier::Member, Hazard::Hail) - 0.07).abs() < 1e-9);
        assert!((crowd.reports(Tier::Member, Hazard::Wind) - 0.14).abs() < 1e-9);
        assert!((crowd.answers(Tier::Member) - 10.0 / 150.0).abs() < 1e-9);
    }

    #[test]
    fn reports_arrive_with_time() {
        assert_eq!(arrived(-5.0), 0.0);
        assert!(arrived(10.0) > 0.3 && arrived(10.0) < 0.5);
        assert!(arrived(120.0) > 0.99);
    }
}
