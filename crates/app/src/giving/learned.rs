//! What the answers of a network's members teach about what fits: whoever replies says yes to it, the owner's answer
//! is a yes or a no. Each network has weights of its own, watched by the judged needs ([`matching::learn`]), and what
//! it is unsure of is tried now and then ([`matching::explore`]). What was learned stands in memory only and is learned
//! anew from the last answers when the program starts: it says nothing of any member.

use std::collections::{HashMap, HashSet};

use matching::explore::{Belief, Shown, explore};
use matching::floor::grant;
use matching::learn::{Answer, Answerer, Gold, Learner};
use matching::{Day, Intent, IntentKey, Measures, Pool, Proposal, Situation, Weights};
use store::ids::ActorId;

use super::ReplyId;

/// So many answers of the past are learned from when the program starts.
pub const REMEMBERED: i64 = 1_000;
/// So many trials and days of showing are kept; then all are forgotten.
const KEPT: usize = 100_000;

/// What is learned of all networks.
#[derive(Debug, Default)]
pub struct Learned {
    networks: HashMap<ActorId, Lessons>,
    heard: HashSet<i64>,
    /// How likely an offer was to be shown where it was tried for a need.
    tried: HashMap<(IntentKey, IntentKey), f64>,
    last_shown: HashMap<IntentKey, Day>,
}

#[derive(Debug)]
struct Lessons {
    learner: Learner,
    belief: Belief,
}

/// An offer and a need about which both sides said what they think.
#[derive(Debug)]
pub struct Lesson {
    pub network: ActorId,
    pub need: IntentKey,
    pub offer: IntentKey,
    pub measures: Measures,
    /// Who replied; the other one is the owner.
    pub replied: Answerer,
    pub accepted: bool,
}

impl Learned {
    /// The weights of a network, where it has learned any.
    pub fn weights(&self, network: ActorId) -> Option<Weights> {
        self.networks.get(&network).map(|lessons| lessons.learner.weights().clone())
    }

    /// How many answers a network has learned from.
    pub fn answers(&self, network: ActorId) -> u32 {
        self.networks.get(&network).map_or(0, |lessons| lessons.learner.answers())
    }

    /// Whether nothing was learned from this reply yet.
    pub fn is_news(&self, reply: ReplyId) -> bool {
        !self.heard.contains(&reply.0)
    }

    /// Marks a reply as learned from, also where nothing could be.
    pub fn hear(&mut self, reply: ReplyId) {
        self.heard.insert(reply.0);
    }

    /// Learns what both sides said.
    pub fn learn(&mut self, lesson: &Lesson) {
        let gold = Gold::built_in();
        let fresh = || Lessons { learner: Learner::new(Weights::default(), gold), belief: Belief::new() };
        let lessons = self.networks.entry(lesson.network).or_insert_with(fresh);
        let propensity = self.tried.get(&(lesson.need, lesson.offer)).copied().unwrap_or(1.0);
        let owner = match lesson.replied {
            Answerer::Asker => Answerer::Giver,
            Answerer::Giver => Answerer::Asker,
        };
        let answer = if lesson.accepted { Answer::Yes } else { Answer::No };
        for (who, answer) in [(lesson.replied, Answer::Yes), (owner, answer)] {
            lessons.learner.learn(who, answer, &lesson.measures, propensity, gold);
            lessons.belief.note(who, &lesson.measures, lessons.learner.weights());
        }
    }

    /// Of what fits a need, the `most` that are shown: the best, in the fifth place what is tried today, in the last
    /// what is owed a showing.
    pub fn choose(
        &mut self,
        pool: &Pool,
        network: ActorId,
        need: &Intent,
        fit: Vec<Proposal>,
        (most, situation): (usize, &Situation<'_>),
    ) -> Vec<Proposal> {
        let Some(today) = situation.today else { return fit };
        if self.tried.len() > KEPT || self.last_shown.len() > KEPT {
            self.tried.clear();
            self.last_shown.clear();
        }
        let (plain, unsure) = (Weights::default(), Belief::new());
        let lessons = self.networks.get(&network);
        let weights = lessons.map_or(&plain, |lessons| lessons.learner.weights());
        let belief = lessons.map_or(&unsure, |lessons| &lessons.belief);
        let shown = explore(fit.clone(), most, weights, belief, &mut dice(need.key, today));
        for Shown { proposal, propensity, .. } in shown.iter().filter(|shown| shown.tried) {
            self.tried.insert((need.key, proposal.key), *propensity);
        }
        let mut shown: Vec<Proposal> = shown.into_iter().map(|shown| shown.proposal).collect();
        let below: Vec<Proposal> =
            fit.into_iter().filter(|one| shown.iter().all(|there| there.key != one.key)).collect();
        let last_shown = |key| self.last_shown.get(&key).copied();
        // where only one is shown it is the best
        if most > 1
            && let Some(owed) = pool.owed(need.key, &below, situation, last_shown)
        {
            grant(&mut shown, owed.clone(), most);
        }
        self.last_shown.extend(shown.iter().map(|proposal| (proposal.key, today)));
        shown
    }
}

/// Numbers from 0 to 1 that stay the same for a need all day, so that a page looked at twice shows the same
/// (splitmix64: Steele, Lea & Flood 2014).
fn dice(need: IntentKey, today: Day) -> impl FnMut() -> f64 {
    let mut state = need.0 ^ u64::from(today.0.unsigned_abs()).rotate_left(40);
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use matching::{ActorKey, Cause, Side, Taxonomy};

    use super::*;

    fn about(key: u64, side: Side, code: &str) -> Intent {
        let mut intent = Intent::new(IntentKey(key), side, "");
        intent.actor = Some(ActorKey(key));
        intent.categories = Taxonomy::built_in().find(code).into_iter().collect();
        intent
    }

    fn situation(day: i32) -> Situation<'static> {
        Situation { today: Some(Day(day)), ..Situation::default() }
    }

    #[test]
    fn what_waited_has_its_turn_and_the_same_look_shows_the_same() {
        let need = about(99, Side::Need, "log.venue");
        let offers = (0..30).map(|key| about(key, Side::Offer, "log.venue"));
        let pool = Pool::build(offers.chain([need.clone()]));
        let mut learned = Learned::default();
        let mut seen = HashSet::new();
        for day in 0..13 {
            for _ in 0..2 {
                let fit = pool.offers_for(&need, 60, &situation(day)).fit;
                let best: Vec<IntentKey> = fit.iter().take(4).map(|one| one.key).collect();
                let shown = learned.choose(&pool, ActorId(1), &need, fit, (5, &situation(day)));
                assert_eq!(shown.len(), 5);
                assert_eq!(shown.iter().take(4).map(|one| one.key).collect::<Vec<_>>(), best);
                seen.extend(shown.iter().map(|one| one.key));
            }
        }
        assert_eq!(seen.len(), 30, "each within a fortnight");
        // nobody is due any more: the fifth place is tried, the same all day
        let fit = pool.offers_for(&need, 60, &situation(13)).fit;
        let mut look = || learned.choose(&pool, ActorId(1), &need, fit.clone(), (5, &situation(13)));
        assert_eq!(look(), look());
        assert!(learned.tried.values().all(|p| *p > 0.0 && *p <= 1.0) && !learned.tried.is_empty());
    }

    #[test]
    fn answers_move_the_weights_of_their_network_alone() {
        let mut learned = Learned::default();
        let mut measures = Measures::default();
        measures.set(Cause::Topic, 0.9);
        measures.set(Cause::Place, 0.9);
        let lesson = Lesson {
            network: ActorId(1),
            need: IntentKey(1),
            offer: IntentKey(2),
            measures,
            replied: Answerer::Giver,
            accepted: true,
        };
        for _ in 0..40 {
            learned.learn(&lesson);
        }
        let weights = learned.weights(ActorId(1)).unwrap();
        assert!(weights.score(&measures) > Weights::default().score(&measures));
        assert_eq!(learned.answers(ActorId(1)), 80);
        assert!(learned.weights(ActorId(2)).is_none());
    }
}
