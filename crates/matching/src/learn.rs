//! Weights that learn from answers, and are rolled back when they learn nonsense.
//!
//! The hand-set weights are where an instance starts. Each answer (accepted, declined with a reason, helped) moves the
//! weights of the side that gave it by one step of logistic regression with AdaGrad steps, pulled back toward the
//! hand-set ones, so that few answers move little. A reason names its causes: only their weights move. Weights stay at
//! or above zero, so that nearer never scores worse.
//!
//! Guard: what is learned is tried aside first. After every answer it is measured how well the learned weights order a
//! fixed set of judged pairs ([`Gold`]); they come into use only while that is not more than [`ALLOWED_LOSS`] below its
//! best. If they stay below for [`PATIENCE`] answers, they are taken back to the best. A wrong teacher therefore never
//! costs more than that loss.

use std::collections::HashMap;

use serde::Deserialize;

use crate::intent::Side;
use crate::pool::{Pool, Situation};
use crate::score::{Measures, Weights, logistic};
use crate::why::Cause;

/// Loss of nDCG on the judged pairs that is still taken.
pub const ALLOWED_LOSS: f64 = 0.02;
/// The hand-set weights pull back as so many answers would; their pull fades as more come in.
const PRIOR: f64 = 200.0;
/// Answers after which weights that order worse are taken back.
pub const PATIENCE: u32 = 200;
const RATE: f64 = 0.5;
const FRESH: [[f64; Cause::ALL.len()]; 2] = [[0.01; Cause::ALL.len()]; 2];

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// The one in need
    Asker,
    /// The one who offers
    Giver,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes, or it helped
    Yes,
    /// No, without a reason
    No,
    /// ไกลเกินไป: too far
    TooFar,
    /// ไม่ตรงเรื่อง: off the matter
    OffTopic,
    /// ไม่ว่าง: not at that time
    NotThen,
    /// รู้จักกันแล้ว: known already
    KnownAlready,
}

impl Answer {
    fn concerns(self, cause: Cause) -> bool {
        match self {
            Self::Yes | Self::No => true,
            Self::TooFar => cause == Cause::Place,
            Self::OffTopic => matches!(
                cause,
                Cause::Topic
                    | Cause::Specificity
                    | Cause::Words
                    | Cause::Spelling
                    | Cause::Concepts
                    | Cause::Meaning
            ),
            Self::NotThen => matches!(cause, Cause::Time | Cause::Capacity),
            Self::KnownAlready => cause == Cause::Acquaintance,
        }
    }
}

/// A need's offers with how well each really fits (0 not, 1 helps, 2 solves it), as people judged them.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Measures and grade of each offer
    pub offers: Vec<(Measures, u8)>,
}

/// The judged needs by which learning is watched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gold(pub Vec<Judged>);

/// What a line of the judged set says of a need.
#[derive(Deserialize)]
struct Judgment {
    id: String,
    #[serde(default)]
    relevant: HashMap<String, u8>,
}

/// Offers weighed for each judged need, besides those judged to fit.
const RIVALS: usize = 12;

impl Gold {
    /// The judged needs shipped with the program (`data/judged.jsonl`), read once: each with the offers that fit it and
    /// those that come nearest by the hand-set weights.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static GOLD: std::sync::OnceLock<Gold> = std::sync::OnceLock::new();
        GOLD.get_or_init(|| Self::read(include_str!("../data/judged.jsonl")))
    }

    /// Reads lines of offers and needs, the needs with `relevant`: grades by the ids of offers. A test reads the
    /// shipped file, so what cannot be read is left out here.
    fn read(lines: &str) -> Self {
        let side =
            |side, first| crate::lines::read_intents(lines.as_bytes(), side, first).unwrap_or_default();
        let offers = side(Side::Offer, 0);
        let needs = side(Side::Need, offers.len() as u64);
        let grades: HashMap<String, HashMap<String, u8>> = lines
            .lines()
            .filter_map(|line| serde_json::from_str::<Judgment>(line).ok())
            .map(|judgment| (judgment.id, judgment.relevant))
            .collect();
        let pool = Pool::build(offers.iter().map(|named| named.intent.clone()));
        let situation = Situation::default();
        let judged = needs.iter().map(|need| {
            let grades = grades.get(&need.id);
            let grade = |id: &String| grades.and_then(|grades| grades.get(id)).copied().unwrap_or(0);
            let near = pool.offers_for(&need.intent, RIVALS, &situation).fit;
            let weighed = offers.iter().filter(|offer| {
                grade(&offer.id) > 0 || near.iter().any(|proposal| proposal.key == offer.intent.key)
            });
            let offers = weighed
                .map(|offer| (pool.between(&need.intent, &offer.intent, &situation), grade(&offer.id)))
                .collect();
            Judged { offers }
        });
        Self(judged.collect())
    }

    /// Mean nDCG@5 of these weights (gain 2^grade − 1), over the needs some offer fits; 1 if there is none.
    #[must_use]
    pub fn ndcg(&self, weights: &Weights) -> f64 {
        let (mut sum, mut n) = (0.0, 0_usize);
        for need in &self.0 {
            let mut scored: Vec<(f64, u8)> =
                need.offers.iter().map(|(m, g)| (weights.score(m), *g)).collect();
            let dcg = |scored: &[(f64, u8)]| -> f64 {
                let places = scored.iter().take(5).enumerate();
                places
                    .map(|(place, (_, grade))| (f64::from(*grade).exp2() - 1.0) / (place as f64 + 2.0).log2())
                    .sum()
            };
            // among equal scores the worse first: a tie earns nothing
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let reached = dcg(&scored);
            scored.sort_by_key(|(_, grade)| std::cmp::Reverse(*grade));
            let best = dcg(&scored);
            if best > 0.0 {
                sum += reached / best;
                n += 1;
            }
        }
        if n == 0 { 1.0 } else { sum / n as f64 }
    }
}

/// Weights that learn.
#[derive(Debug, Clone)]
pub struct Learner {
    /// in use
    weights: Weights,
    /// learned, not yet trusted
    trial: Weights,
    prior: Weights,
    squares: [[f64; Cause::ALL.len()]; 2],
    answers: u32,
    best: (f64, Weights),
    behind: u32,
    rollbacks: u32,
}

impl Learner {
    /// Starts from `prior`, the hand-set weights or those learned so far, watched by `gold`.
    #[must_use]
    pub fn new(prior: Weights, gold: &Gold) -> Self {
        Self {
            weights: prior.clone(),
            trial: prior.clone(),
            squares: FRESH,
            answers: 0,
            best: (gold.ndcg(&prior), prior.clone()),
            prior,
            behind: 0,
            rollbacks: 0,
        }
    }

    /// The weights in use.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How many answers were learned from.
    #[must_use]
    pub fn answers(&self) -> u32 {
        self.answers
    }

    /// How often the weights were taken back.
    #[must_use]
    pub fn rollbacks(&self) -> u32 {
        self.rollbacks
    }

    /// Learns from one answer to a proposal with these measures. `propensity` is how likely the proposal was to be
    /// shown where it stood, 0 to 1: what was hardly ever seen counts more, at most ten times.
    pub fn learn(
        &mut self,
        who: Answerer,
        answer: Answer,
        measures: &Measures,
        propensity: f64,
        gold: &Gold,
    ) {
        let yes = answer == Answer::Yes;
        let expected = logistic(self.trial.log_odds(who, measures));
        let weight = 1.0 / propensity.clamp(0.1, 1.0);
        let off = (if yes { 1.0 } else { 0.0 } - expected) * weight;
        for cause in Cause::ALL.into_iter().filter(|cause| answer.concerns(*cause)) {
            let measured = measures.get(cause);
            let (now, before) = (self.trial.of(who, cause), self.prior.of(who, cause));
            let gradient = off * measured - (now - before) / (PRIOR + f64::from(self.answers));
            let Some(square) = self
                .squares
                .get_mut(usize::from(who == Answerer::Giver))
                .and_then(|s| s.get_mut(cause.index()))
            else {
                continue;
            };
            *square += gradient * gradient;
            self.trial.set_of(who, cause, now + RATE * gradient / square.sqrt());
        }
        if matches!(answer, Answer::Yes | Answer::No) {
            self.trial.move_bias(who, RATE * 0.1 * off);
        }
        self.answers += 1;
        self.check(gold);
    }

    fn check(&mut self, gold: &Gold) {
        let now = gold.ndcg(&self.trial);
        if now >= self.best.0 - ALLOWED_LOSS {
            self.weights = self.trial.clone();
            self.behind = 0;
            if now >= self.best.0 {
                self.best = (now, self.trial.clone());
            }
            return;
        }
        self.behind += 1;
        if self.behind >= PATIENCE {
            self.trial = self.best.1.clone();
            self.weights = self.best.1.clone();
            self.squares = FRESH;
            self.behind = 0;
            self.rollbacks += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_dice::Dice;

    #[test]
    fn the_shipped_judgments_watch_the_hand_set_weights() {
        let gold = Gold::built_in();
        assert_eq!(gold.0.len(), 72);
        let fitting = gold.0.iter().filter(|need| need.offers.iter().any(|(_, grade)| *grade > 0)).count();
        assert_eq!(fitting, 70);
        let hand_set = gold.ndcg(&Weights::default());
        let mut blind = Weights::default();
        for cause in Cause::ALL {
            blind.set(cause, 0.0, 0.0);
        }
        assert!(hand_set > 0.8 && gold.ndcg(&blind) < hand_set - 0.3, "{hand_set} {}", gold.ndcg(&blind));
    }

    /// Needs with one fitting offer among twelve: topic and meaning tell it most of the time, place and time say
    /// nothing of it.
    fn judged(needs: usize, seed: u64) -> Gold {
        let mut dice = Dice(seed);
        let mut need = || {
            let fitting = (dice.roll() * 12.0) as usize;
            let offer = |place: usize, dice: &mut Dice| {
                let fits = place == fitting;
                let mut measures = Measures::default();
                let clear = if fits { 0.45 } else { 0.0 };
                measures.set(Cause::Topic, clear + 0.55 * dice.roll() * if fits { 1.0 } else { 0.9 });
                measures.set(Cause::Meaning, clear + 0.55 * dice.roll());
                for cause in [Cause::Words, Cause::Place, Cause::Time, Cause::Language, Cause::Freshness] {
                    measures.set(cause, dice.roll());
                }
                (measures, if fits { 2 } else { 0 })
            };
            Judged { offers: (0..12).map(|place| offer(place, &mut dice)).collect() }
        };
        Gold((0..needs).map(|_| need()).collect())
    }

    fn spoiled() -> Weights {
        let mut weights = Weights::default();
        weights.set(Cause::Topic, 0.3, 0.3);
        weights.set(Cause::Meaning, 0.2, 0.2);
        weights.set(Cause::Place, 6.0, 6.0);
        weights.set(Cause::Time, 5.0, 5.0);
        weights.set(Cause::Language, 4.0, 4.0);
        weights
    }

    /// Both sides answer the three best of a random need by its grade; the teacher is wrong with this probability.
    fn teach(learner: &mut Learner, world: &Gold, gold: &Gold, answers: u32, wrong: f64, dice: &mut Dice) {
        while learner.answers() < answers {
            let need = &world.0[(dice.roll() * world.0.len() as f64) as usize];
            let mut order: Vec<&(Measures, u8)> = need.offers.iter().collect();
            order.sort_by(|a, b| learner.weights().score(&b.0).total_cmp(&learner.weights().score(&a.0)));
            // one of three shown is picked at random, so that what ranks low is tried as well
            let tried = order[(dice.roll() * 12.0) as usize];
            for (measures, grade) in [order[0], order[1], tried] {
                let says = (*grade > 0) != (dice.roll() < wrong);
                let answer = if says { Answer::Yes } else { Answer::No };
                for who in [Answerer::Asker, Answerer::Giver] {
                    learner.learn(who, answer, measures, 1.0, gold);
                }
            }
        }
    }

    #[test]
    fn spoiled_weights_regain_what_they_lost() {
        let (world, gold, unseen) = (judged(200, 1), judged(60, 2), judged(300, 3));
        let good = unseen.ndcg(&Weights::default());
        let mut learner = Learner::new(spoiled(), &gold);
        assert!(unseen.ndcg(learner.weights()) < 0.75 * good);
        let mut dice = Dice(4);
        while unseen.ndcg(learner.weights()) < 0.95 * good && learner.answers() < 4_000 {
            let answers = learner.answers() + 100;
            teach(&mut learner, &world, &gold, answers, 0.1, &mut dice);
        }
        let now = unseen.ndcg(learner.weights());
        println!("{} answers regain {now:.3} of {good:.3}", learner.answers());
        assert!(now >= 0.95 * good, "{now} of {good}");
    }

    #[test]
    fn a_wrong_teacher_is_taken_back() {
        let (world, gold) = (judged(200, 1), judged(120, 2));
        let start = gold.ndcg(&Weights::default());
        let mut learner = Learner::new(Weights::default(), &gold);
        let mut dice = Dice(5);
        let mut least = start;
        for answers in 1..2_000 {
            teach(&mut learner, &world, &gold, answers, 0.95, &mut dice);
            least = least.min(gold.ndcg(learner.weights()));
        }
        assert!(learner.rollbacks() > 0);
        assert!(least >= start - ALLOWED_LOSS, "{least} from {start}");
    }

    #[test]
    fn a_reason_moves_its_own_cause_only() {
        let gold = Gold::default();
        let mut measures = Measures::default();
        Cause::ALL.into_iter().for_each(|cause| measures.set(cause, 0.8));
        let before = Weights::default();
        let mut learner = Learner::new(before.clone(), &gold);
        learner.learn(Answerer::Asker, Answer::TooFar, &measures, 1.0, &gold);
        for cause in Cause::ALL {
            let (asker, giver) = learner.weights().get(cause);
            let (asker_before, giver_before) = before.get(cause);
            assert!((giver - giver_before).abs() < 1e-12);
            assert_eq!((asker - asker_before).abs() > 1e-9, cause == Cause::Place, "{}", cause.name());
        }
    }

    #[test]
    fn weights_never_fall_below_zero() {
        let gold = Gold::default();
        let mut learner = Learner::new(Weights::default(), &gold);
        let mut measures = Measures::default();
        Cause::ALL.into_iter().for_each(|cause| measures.set(cause, 1.0));
        for _ in 0..3_000 {
            learner.learn(Answerer::Giver, Answer::No, &measures, 0.1, &gold);
        }
        for cause in Cause::ALL {
            let (asker, giver) = learner.weights().get(cause);
            assert!(asker >= 0.0 && giver >= 0.0);
        }
    }
}
