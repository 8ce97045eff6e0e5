//! The offers and needs of an instance, kept in memory, and the questions asked of them.
//!
//! ```
//! use matching::{Intent, IntentKey, Pool, Side, Situation};
//!
//! let mut pool = Pool::build([
//!     Intent::new(IntentKey(1), Side::Offer, "ช่างไม้รับติดราวจับในห้องน้ำให้ผู้สูงอายุ"),
//!     Intent::new(IntentKey(2), Side::Offer, "สอนการบ้านเด็กประถมวันเสาร์"),
//! ]);
//! let need = Intent::new(IntentKey(3), Side::Need, "ห้องน้ำยายพื้นลื่น อยากได้ราวจับ");
//! let found = pool.offers_for(&need, 5, &Situation::default());
//! assert_eq!(found.fit[0].key, IntentKey(1));
//! pool.remove(IntentKey(1));
//! ```

use std::collections::{BTreeMap, HashSet};

use crate::categorizer::Categorizer;
use crate::intent::{ActorKey, Day, Intent, IntentKey, Reach, Side};
use crate::score::{Measures, Weights};
use crate::taxonomy::CategoryId;
use crate::text;
use crate::ties::Ties;
use crate::why::{Cause, Detail, Obstacle, Why};

/// What an answer depends on besides the pool.
#[derive(Debug, Clone, Default)]
pub struct Situation<'a> {
    /// The day of asking; without it nothing is over yet and nothing grows old
    pub today: Option<Day>,
    /// Weights that were learned; without them the hand-set ones
    pub weights: Option<&'a Weights>,
    /// Who is tied to whom; without it nobody is
    pub ties: Option<&'a Ties>,
    /// Owners that must not be proposed: blocked, or declined lately
    pub excluded: &'a [ActorKey],
}

/// An intent that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its key
    pub key: IntentKey,
    /// Its owner, where known
    pub actor: Option<ActorKey>,
    /// 0 to 1; comparable within one instance
    pub score: f64,
    /// The terms of the score above 0, largest first. Show three at most
    pub why: Vec<Why>,
    /// What was measured, for learning from the answer
    pub measures: Measures,
}

/// An intent on the matter that cannot help now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distant {
    /// Its key
    pub key: IntentKey,
    /// Its owner, where known
    pub actor: Option<ActorKey>,
    /// What stands in the way
    pub obstacle: Obstacle,
}

/// What was found for an intent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// What fits, best first
    pub fit: Vec<Proposal>,
    /// What is on the matter but cannot help now, nearest first; shown apart
    pub distant: Vec<Distant>,
}

/// A ring of giving: each step's giver meets a need of the next one's; the last closes the ring.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// The steps; the ring begins at its smallest actor
    pub steps: Vec<Step>,
    /// The geometric mean of its steps' scores
    pub score: f64,
}

/// One step of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Who gives
    pub giver: ActorKey,
    /// With this offer
    pub offer: IntentKey,
    /// To this need
    pub need: IntentKey,
    /// Of this one
    pub receiver: ActorKey,
    /// 0 to 1
    pub score: f64,
}

/// Offers and needs by their keys.
#[derive(Debug, Default)]
pub struct Pool {
    intents: BTreeMap<IntentKey, Intent>,
}

impl Pool {
    /// A pool of these intents; of two with one key the later counts.
    pub fn build(intents: impl IntoIterator<Item = Intent>) -> Self {
        Self { intents: intents.into_iter().map(|intent| (intent.key, intent)).collect() }
    }

    /// Puts an intent in, in place of the one with its key.
    pub fn upsert(&mut self, intent: Intent) {
        self.intents.insert(intent.key, intent);
    }

    /// Takes an intent out; whether it was there.
    pub fn remove(&mut self, key: IntentKey) -> bool {
        self.intents.remove(&key).is_some()
    }

    /// The intent of a key.
    #[must_use]
    pub fn get(&self, key: IntentKey) -> Option<&Intent> {
        self.intents.get(&key)
    }

    /// How many offers and needs it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.intents.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty()
    }

    /// The `k` offers that meet `need` best, which itself need not be in the pool.
    #[must_use]
    pub fn offers_for(&self, need: &Intent, k: usize, situation: &Situation) -> Found {
        self.search(need, Side::Offer, k, situation)
    }

    /// The `k` needs that `offer` meets best, which itself need not be in the pool.
    #[must_use]
    pub fn needs_for(&self, offer: &Intent, k: usize, situation: &Situation) -> Found {
        self.search(offer, Side::Need, k, situation)
    }

    /// The `k` needs most like `need`, wherever and whenever: who has the same trouble.
    #[must_use]
    pub fn same_need(&self, need: &Intent, k: usize) -> Vec<Proposal> {
        self.search(need, Side::Need, k, &Situation::default()).fit
    }

    /// The rings of giving of two up to `longest` (at most three) members, best first, each from `situation`'s view.
    #[must_use]
    pub fn rings(&self, longest: usize, situation: &Situation) -> Vec<Ring> {
        let _ = (longest, situation);
        Vec::new()
    }

    fn search(&self, query: &Intent, side: Side, k: usize, situation: &Situation) -> Found {
        let asked = Topic::of(query);
        let weights = Weights::default();
        let weights = situation.weights.unwrap_or(&weights);
        let mut found = Found::default();
        for intent in self.intents.values() {
            if intent.side != side
                || intent.key == query.key
                || intent.actor.is_some_and(|a| situation.excluded.contains(&a))
            {
                continue;
            }
            let topic = Topic::of(intent);
            let mut measures = Measures::default();
            measures.set(Cause::Topic, asked.cosine(&topic));
            measures.set(Cause::Words, asked.words(&topic));
            let (need, offer) = if side == Side::Offer { (query, intent) } else { (intent, query) };
            if let Some(obstacle) = obstacle(offer, need, situation.today) {
                if measures.get(Cause::Topic) > 0.5 {
                    found.distant.push(Distant { key: intent.key, actor: intent.actor, obstacle });
                }
                continue;
            }
            let score = weights.score(&measures);
            let mut why: Vec<Why> = Cause::ALL
                .into_iter()
                .map(|cause| Why { cause, weight: weights.share(cause, &measures), detail: Detail::None })
                .filter(|why| why.weight > 0.0)
                .collect();
            why.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            if !why.is_empty() {
                found.fit.push(Proposal { key: intent.key, actor: intent.actor, score, why, measures });
            }
        }
        found.fit.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
        found.fit.truncate(k);
        found.distant.truncate(k);
        found
    }
}

struct Topic {
    guesses: Vec<(CategoryId, f64)>,
    words: HashSet<String>,
}

impl Topic {
    fn of(intent: &Intent) -> Self {
        let guesses = if intent.categories.is_empty() {
            Categorizer::built_in().categorize(&intent.text).iter().map(|g| (g.category, g.p)).collect()
        } else {
            intent.categories.iter().map(|&c| (c, 1.0)).collect()
        };
        Self { guesses, words: text::analyze(&intent.text).pieces().map(str::to_owned).collect() }
    }

    fn cosine(&self, other: &Self) -> f64 {
        let norm = |t: &Self| t.guesses.iter().map(|(_, p)| p * p).sum::<f64>().sqrt();
        let dot: f64 = self
            .guesses
            .iter()
            .filter_map(|(id, p)| other.guesses.iter().find(|(o, _)| o == id).map(|(_, q)| p * q))
            .sum();
        if dot == 0.0 { 0.0 } else { dot / (norm(self) * norm(other)) }
    }

    fn words(&self, other: &Self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a text has few words")]
        let ratio = self.words.intersection(&other.words).count() as f64 / self.words.len().max(1) as f64;
        ratio
    }
}

/// What keeps an offer from meeting a need; `None` if it can.
#[must_use]
pub fn obstacle(offer: &Intent, need: &Intent, today: Option<Day>) -> Option<Obstacle> {
    let shared = offer.window.shared(need.window);
    let Some(shared) = shared else { return Some(Obstacle::Time) };
    if let (Some(today), Some(last)) = (today, shared.until)
        && last < today
    {
        return Some(Obstacle::Time);
    }
    if offer.capacity == Some(0) {
        return Some(Obstacle::Capacity);
    }
    let online = offer.mode.online() && need.mode.online();
    let onsite = offer.mode.onsite() && need.mode.onsite();
    if online || (onsite && reaches(&offer.reach, &need.reach)) {
        return None;
    }
    Some(if onsite { Obstacle::Place } else { Obstacle::Mode })
}

fn reaches(offer: &Reach, need: &Reach) -> bool {
    let (Reach::Areas(served), Reach::Areas(wanted)) = (offer, need) else { return true };
    served.iter().any(|s| wanted.iter().any(|w| s.overlaps(*w)))
}
