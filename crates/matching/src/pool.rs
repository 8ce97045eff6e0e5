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

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::categorizer::Categorizer;
use crate::feasibility::obstacle;
use crate::intent::{ActorKey, Area, Day, Intent, IntentKey, Reach, Side};
use crate::measure::{Rarities, Words, circumstances, spelling, words};
use crate::reading::{Reading, shared, trigrams, word_hash};
use crate::score::{Measures, Weights};
use crate::shelf::{Entry, Look, Shelf};
use crate::taxonomy::CategoryId;
use crate::text;
use crate::ties::{Acquaintance, Ties, View};
use crate::why::{Cause, Detail, Obstacle, Why};

/// Spelling is compared for so many of the best candidates: it costs most and decides least.
const SPELLED: usize = 80;
/// What scores lower is not proposed.
const LEAST: f64 = 0.035;
/// What speaks of the same with less than this is not on the matter.
const ON_THE_MATTER: f64 = 0.3;

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

/// Offers and needs by their keys.
#[derive(Debug)]
pub struct Pool {
    categorizer: &'static Categorizer,
    allowed: Option<Vec<CategoryId>>,
    offers: Shelf,
    needs: Shelf,
    by_actor: HashMap<ActorKey, Vec<(Side, IntentKey)>>,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            categorizer: Categorizer::built_in(),
            allowed: None,
            offers: Shelf::default(),
            needs: Shelf::default(),
            by_actor: HashMap::new(),
        }
    }
}

impl Pool {
    /// A pool of these intents; of two with one key the later counts. Texts are read on all processors.
    pub fn build(intents: impl IntoIterator<Item = Intent>) -> Self {
        let mut pool = Self::default();
        pool.extend(intents);
        pool
    }

    /// An empty pool that reads texts with another categorizer, for measuring.
    #[must_use]
    pub fn reading_with(categorizer: &'static Categorizer) -> Self {
        Self { categorizer, ..Self::default() }
    }

    /// An empty pool that knows these categories only.
    #[must_use]
    pub fn within(allowed: &[CategoryId]) -> Self {
        Self { allowed: Some(allowed.to_vec()), ..Self::default() }
    }

    /// Puts many intents in.
    pub fn extend(&mut self, intents: impl IntoIterator<Item = Intent>) {
        let mut intents = intents.into_iter();
        loop {
            let part: Vec<Intent> = intents.by_ref().take(8_192).collect();
            if part.is_empty() {
                return;
            }
            for entry in self.read_all(part) {
                self.insert(entry);
            }
        }
    }

    /// Reads texts, on more than one thread if there are many.
    fn read_all(&self, intents: Vec<Intent>) -> Vec<Entry> {
        let threads =
            if intents.len() < 64 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
        let each = intents.len().div_ceil(threads).max(1);
        let mut parts: Vec<Vec<Intent>> = Vec::new();
        let mut intents = intents.into_iter();
        for _ in 0..threads {
            parts.push(intents.by_ref().take(each).collect());
        }
        let read =
            |part: Vec<Intent>| part.into_iter().map(|intent| self.read(intent)).collect::<Vec<Entry>>();
        std::thread::scope(|scope| {
            let handles: Vec<_> = parts.into_iter().map(|part| scope.spawn(|| read(part))).collect();
            handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
        })
    }

    fn read(&self, intent: Intent) -> Entry {
        let reading = Reading::of(&intent, self.categorizer, self.allowed.as_deref());
        Entry { intent, reading }
    }

    /// Puts an intent in, in place of the one with its key.
    pub fn upsert(&mut self, intent: Intent) {
        let entry = self.read(intent);
        self.insert(entry);
    }

    fn insert(&mut self, entry: Entry) {
        let (key, side, actor) = (entry.intent.key, entry.intent.side, entry.intent.actor);
        self.remove(key);
        if let Some(actor) = actor {
            self.by_actor.entry(actor).or_default().push((side, key));
        }
        match side {
            Side::Offer => self.offers.insert(entry),
            Side::Need => self.needs.insert(entry),
        }
    }

    /// Takes an intent out; whether it was there.
    pub fn remove(&mut self, key: IntentKey) -> bool {
        let Some(entry) = self.offers.remove(key).or_else(|| self.needs.remove(key)) else { return false };
        if let Some(actor) = entry.intent.actor
            && let Some(owned) = self.by_actor.get_mut(&actor)
        {
            owned.retain(|(_, own)| *own != key);
        }
        true
    }

    /// The intent of a key.
    #[must_use]
    pub fn get(&self, key: IntentKey) -> Option<&Intent> {
        self.offers.get(key).or_else(|| self.needs.get(key)).map(|entry| &entry.intent)
    }

    /// How many offers and needs it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offers.len() + self.needs.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The offers in the order in which they came.
    pub fn offers(&self) -> impl Iterator<Item = &Intent> {
        self.offers.iter().map(|entry| &entry.intent)
    }

    /// The needs in the order in which they came.
    pub fn needs(&self) -> impl Iterator<Item = &Intent> {
        self.needs.iter().map(|entry| &entry.intent)
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
        let situation = Situation::default();
        let query = Query::new(self, need, &situation);
        let mut alike: Vec<Scored> = Vec::new();
        let rarities = Rarities::of(&query.reading, &self.needs);
        for other in self.needs.candidates(need, &query.reading, Look::Beyond) {
            if query.may_see(other) {
                alike.push(query.score(other, words(&query.reading, &rarities, &other.reading, &self.needs)));
            }
        }
        query.finish(alike, k, &self.needs)
    }

    /// What would be measured of this offer for this need, whether or not they are in the pool or feasible: to learn
    /// from an answer that was given about them.
    #[must_use]
    pub fn between(&self, need: &Intent, offer: &Intent, situation: &Situation) -> Measures {
        let query = Query::new(self, need, situation);
        let entry = self.read(offer.clone());
        let rarities = Rarities::of(&query.reading, &self.offers);
        let mut found = words(&query.reading, &rarities, &entry.reading, &self.offers);
        circumstances(&mut found.measures, offer, need, situation.today, found.bearing);
        query.relations(&mut found, &entry);
        found.measures.set(Cause::Spelling, spelling(&query.trigrams, &offer.text, &self.offers));
        found.measures
    }

    fn search(&self, asked: &Intent, side: Side, k: usize, situation: &Situation) -> Found {
        let shelf = if side == Side::Offer { &self.offers } else { &self.needs };
        let query = Query::new(self, asked, situation);
        let mut scored = Vec::new();
        let rarities = Rarities::of(&query.reading, shelf);
        for other in shelf.candidates(asked, &query.reading, Look::Within) {
            let (offer, need) = query.sides(other);
            if !query.may_see(other) || obstacle(offer, need, situation.today).is_some() {
                continue;
            }
            let mut found = words(&query.reading, &rarities, &other.reading, shelf);
            circumstances(&mut found.measures, offer, need, situation.today, found.bearing);
            query.relations(&mut found, other);
            scored.push(query.score(other, found));
        }
        Found { fit: query.finish(scored, k, shelf), distant: query.distant(shelf, k) }
    }
}

/// One question while it is answered.
struct Query<'a> {
    pool: &'a Pool,
    asked: &'a Intent,
    reading: Reading,
    trigrams: Vec<u16>,
    /// The text asked in pieces, once a reason needs them.
    pieces: OnceCell<text::Analyzed>,
    situation: &'a Situation<'a>,
    weights: std::borrow::Cow<'a, Weights>,
    view: Option<View<'a>>,
}

struct Scored<'a> {
    entry: &'a Entry,
    category: Option<CategoryId>,
    measures: Measures,
    score: f64,
}

impl<'a> Query<'a> {
    fn new(pool: &'a Pool, asked: &'a Intent, situation: &'a Situation<'a>) -> Self {
        let known = match asked.side {
            Side::Offer => pool.offers.get(asked.key),
            Side::Need => pool.needs.get(asked.key),
        };
        // what is in the pool unchanged need not be read again
        let reading = match known {
            Some(entry) if entry.intent == *asked => entry.reading.clone(),
            _ => Reading::of(asked, pool.categorizer, pool.allowed.as_deref()),
        };
        let weights = situation
            .weights
            .map_or_else(|| std::borrow::Cow::Owned(Weights::default()), std::borrow::Cow::Borrowed);
        let view = situation.ties.zip(asked.actor).map(|(ties, actor)| ties.seen_by(actor));
        Self {
            pool,
            asked,
            reading,
            trigrams: trigrams(&asked.text),
            pieces: OnceCell::new(),
            situation,
            weights,
            view,
        }
    }

    /// An intent and the one asked for, as offer and need.
    fn sides<'b>(&'b self, other: &'b Entry) -> (&'b Intent, &'b Intent) {
        match other.intent.side {
            Side::Offer => (&other.intent, self.asked),
            Side::Need => (self.asked, &other.intent),
        }
    }

    /// Neither the asker's own nor excluded.
    fn may_see(&self, other: &Entry) -> bool {
        let own = other.intent.key == self.asked.key
            || (other.intent.actor.is_some() && other.intent.actor == self.asked.actor);
        !own && other.intent.actor.is_none_or(|actor| !self.situation.excluded.contains(&actor))
    }

    fn score<'b>(&self, entry: &'b Entry, found: Words) -> Scored<'b> {
        let score = self.weights.score(&found.measures);
        Scored { entry, category: found.category, measures: found.measures, score }
    }

    /// What the two owners are to each other.
    fn relations(&self, found: &mut Words, other: &Entry) {
        let (Some(own), Some(theirs)) = (self.asked.actor, other.intent.actor) else { return };
        if let Some(view) = &self.view {
            let known = match view.acquaintance(theirs) {
                Acquaintance::Tied => 0.0,
                Acquaintance::Strangers => 0.2,
                Acquaintance::TwoBetween => 0.4,
                Acquaintance::Through(_, strength) => 0.5 + 0.5 * strength,
            };
            found.measures.set(Cause::Acquaintance, known * found.bearing);
        }
        let (back, forth) = (self.pool.meets(own, theirs), self.pool.meets(theirs, own));
        let (asker_gives, giver_gives) =
            if other.intent.side == Side::Offer { (back, forth) } else { (forth, back) };
        found.measures.set(Cause::Reciprocity, asker_gives.best * found.bearing);
        let both = f64::midpoint(asker_gives.share, giver_gives.share);
        // one direction alone is the match itself
        let complementary = if asker_gives.share > 0.0 { both } else { 0.0 };
        found.measures.set(Cause::Complementarity, complementary * found.bearing);
    }

    /// Compares spelling among the best, then keeps the best `k` with their reasons.
    fn finish(&self, mut scored: Vec<Scored>, k: usize, shelf: &Shelf) -> Vec<Proposal> {
        sort(&mut scored);
        scored.truncate(SPELLED.max(k));
        for found in &mut scored {
            found.measures.set(Cause::Spelling, spelling(&self.trigrams, &found.entry.intent.text, shelf));
            found.score = self.weights.score(&found.measures);
        }
        scored.retain(|found| found.score >= LEAST);
        sort(&mut scored);
        scored.truncate(k);
        scored.into_iter().map(|found| self.proposal(&found, shelf)).collect()
    }

    fn proposal(&self, found: &Scored, shelf: &Shelf) -> Proposal {
        let mut why: Vec<Why> = Cause::ALL
            .into_iter()
            .map(|cause| Why {
                cause,
                weight: self.weights.share(cause, &found.measures),
                detail: Detail::None,
            })
            .filter(|why| why.weight > 1e-9)
            .collect();
        why.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.cause.cmp(&b.cause)));
        for why in &mut why {
            why.detail = self.detail(why.cause, found, shelf);
        }
        let intent = &found.entry.intent;
        Proposal { key: intent.key, actor: intent.actor, score: found.score, why, measures: found.measures }
    }

    fn detail(&self, cause: Cause, found: &Scored, shelf: &Shelf) -> Detail {
        match cause {
            Cause::Topic | Cause::Specificity | Cause::Meaning => {
                found.category.or(found.entry.reading.topics.first()).map_or(Detail::None, Detail::Category)
            }
            Cause::Words => Detail::Words(self.shared_words(found.entry, shelf)),
            Cause::Place => {
                let (offer, need) = self.sides(found.entry);
                match (crate::feasibility::nearness(offer, need), province(need)) {
                    (1, Some(province)) => Detail::Province(province),
                    (near, _) => Detail::Near(near),
                }
            }
            Cause::Acquaintance => {
                let view = self.view.as_ref().zip(found.entry.intent.actor);
                match view.map(|(view, other)| view.acquaintance(other)) {
                    Some(Acquaintance::Through(introducer, _)) => Detail::Introducer(introducer),
                    Some(Acquaintance::Strangers) => Detail::Strangers,
                    _ => Detail::None,
                }
            }
            _ => Detail::None,
        }
    }

    /// Up to three shared words, rarest first, as they stand in the text asked.
    fn shared_words(&self, other: &Entry, shelf: &Shelf) -> Vec<String> {
        let shared: HashSet<u32> = shared(&self.reading.words, &other.reading.words).collect();
        let text = self.pieces.get_or_init(|| text::analyze(&self.asked.text));
        let mut words: Vec<(f64, &str)> = Vec::new();
        for (stem, whole) in text.pieces().zip(text.whole_pieces()) {
            let hash = word_hash(stem);
            if shared.contains(&hash) && words.iter().all(|(_, word)| *word != whole) {
                words.push((shelf.word_rarity(hash), whole));
            }
        }
        words.sort_by(|a, b| b.0.total_cmp(&a.0));
        words.into_iter().take(3).map(|(_, word)| word.to_owned()).collect()
    }

    /// What is on the matter but cannot help: the surest and nearest first.
    fn distant(&self, shelf: &Shelf, k: usize) -> Vec<Distant> {
        let mut found: Vec<(f64, Distant)> = Vec::new();
        for other in shelf.candidates(self.asked, &self.reading, Look::Beyond) {
            let (offer, need) = self.sides(other);
            let (topic, _) = self.reading.topics.agreement(&other.reading.topics);
            if topic < ON_THE_MATTER || !self.may_see(other) {
                continue;
            }
            if let Some(obstacle) = obstacle(offer, need, self.situation.today) {
                let near = if obstacle == Obstacle::Place { 0.2 * closeness(offer, need) } else { 0.2 };
                let distant = Distant { key: other.intent.key, actor: other.intent.actor, obstacle };
                found.push((topic + near, distant));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.key.cmp(&b.1.key)));
        found.into_iter().take(k).map(|(_, distant)| distant).collect()
    }
}

fn sort(scored: &mut [Scored]) {
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.intent.key.cmp(&b.entry.intent.key)));
}

fn province(intent: &Intent) -> Option<u8> {
    match &intent.reach {
        Reach::Areas(areas) => areas.first().and_then(|area| area.province()),
        Reach::Everywhere => None,
    }
}

/// Of two places out of each other's reach: 1 neighboring provinces, .5 one region, 0 far apart.
fn closeness(offer: &Intent, need: &Intent) -> f64 {
    let (Reach::Areas(served), Reach::Areas(wanted)) = (&offer.reach, &need.reach) else { return 0.0 };
    let pairs = served.iter().flat_map(|s| wanted.iter().map(move |w| between(*s, *w)));
    pairs.fold(0.0, f64::max)
}

fn between(one: Area, other: Area) -> f64 {
    use thai::places::{Nearness, PlaceCode, nearness};
    let code = |area: Area| PlaceCode::from_number(u32::from(area.province()?));
    let (Some(one), Some(other)) = (code(one), code(other)) else { return 0.0 };
    match nearness(one, other) {
        Nearness::Far => 0.0,
        Nearness::Region => 0.5,
        _ => 1.0,
    }
}

/// How the offers of one member meet the needs of another.
#[derive(Debug, Clone, Copy, Default)]
struct Meets {
    /// The best match, 0 to 1
    best: f64,
    /// The share of the needs that some offer meets
    share: f64,
}

impl Pool {
    /// How `giver`'s offers meet `asker`'s needs, by what they are about and whether they can.
    fn meets(&self, giver: ActorKey, asker: ActorKey) -> Meets {
        let owned = |actor, side| {
            let keys = self.by_actor.get(&actor).map_or(&[][..], Vec::as_slice);
            // who holds hundreds is judged by the first
            keys.iter().filter(move |(s, _)| *s == side).take(32).map(|(_, key)| *key)
        };
        let (mut met, mut all, mut best) = (0.0, 0.0, 0.0_f64);
        for need in owned(asker, Side::Need).filter_map(|key| self.needs.get(key)) {
            let mut here = 0.0_f64;
            for offer in owned(giver, Side::Offer).filter_map(|key| self.offers.get(key)) {
                if obstacle(&offer.intent, &need.intent, None).is_none() {
                    here = here.max(need.reading.topics.agreement(&offer.reading.topics).0);
                }
            }
            all += 1.0;
            met += if here >= 0.5 { 1.0 } else { 0.0 };
            best = best.max(here);
        }
        Meets {
            best: if best >= ON_THE_MATTER { best } else { 0.0 },
            share: if all > 0.0 { met / all } else { 0.0 },
        }
    }
}
