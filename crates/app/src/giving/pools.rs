//! The offers and needs of each network in memory, as the engine asks them. They are read once, in parts, when the
//! program starts, while everything else is served: until that is done nothing fits yet. From then on they follow what
//! is written as search does ([`crate::following`]).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use matching::learn::Answerer;
use matching::{
    ActorKey, Area, Cause, Day, Intent, IntentKey, Obstacle, OwnerKind, Pool, Reach, Situation, Taxonomy,
    Weights, Why, Window,
};
use network::vocabulary::{ActorKind, IntentState, Mode, Side};
use store::ids::{ActorId, IntentId};
use store::{Database, Error, Reading, Viewer};
use thai::Lang;

use super::learned::{Learned, Lesson, REMEMBERED};
use super::queries::{self, Answered, Card, Pooled};
use super::rules;
use crate::following::{Looks, WINDOW};

/// How long a question waits for the first reading before it answers that nothing fits yet.
const PATIENCE: Duration = Duration::from_millis(500);
/// Read at once.
const PART: usize = 500;
/// The engine is asked for so many, because not every one may be shown to everybody.
const ASKED: usize = 60;
/// The same for one's own together, of which a page shows three and at most twenty.
const ASKED_FOR_OWN: usize = 24;
/// Of what a member offers, so many are looked at, the newest first.
const OWN: i64 = 20;
/// What fits less was not what the one who replied had in mind.
const MEANT: f64 = 0.1;
/// Reasons shown.
const REASONS: usize = 3;

/// Something that fits, and why.
#[derive(Debug, Clone)]
pub struct Fit {
    pub card: Card,
    /// The own offer or need it fits.
    pub own: IntentId,
    /// 0 to 1, comparable within the instance.
    pub score: f64,
    pub why: Vec<Why>,
}

impl Fit {
    /// The reasons in one line: `ตรงเรื่อง · อยู่จังหวัดเดียวกัน`.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        let reasons = self.reasons().map(|why| why.text(lang));
        reasons.collect::<Vec<_>>().join(" · ")
    }

    /// The reasons that say something new, strongest first: of several ways to measure the same, one; and words that both
    /// use only where they do not have the matter itself in common, which says it better.
    pub fn reasons(&self) -> impl Iterator<Item = &Why> {
        let family = |why: &Why| match why.cause {
            Cause::Specificity | Cause::Concepts | Cause::Meaning => Cause::Topic,
            Cause::Spelling => Cause::Words,
            other => other,
        };
        let fresh = self.why.iter().enumerate().filter(move |(place, why)| {
            let said = self.why.iter().take(*place).any(|before| family(before) == family(why));
            let better =
                family(why) == Cause::Words && self.why.iter().any(|other| other.cause == Cause::Topic);
            !said && !better
        });
        fresh.map(|(_, why)| why).take(REASONS)
    }
}

/// Everything around one offer or need.
#[derive(Debug, Clone, Default)]
pub struct Fits {
    pub fit: Vec<Fit>,
    /// On the matter, but something is in the way.
    pub distant: Vec<(Card, Obstacle)>,
    /// For a need: others with the same one.
    pub same: Vec<Card>,
}

/// The pools of all networks. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Pools {
    pools: Arc<RwLock<HashMap<ActorId, Pool>>>,
    followed: Arc<Mutex<Followed>>,
    answers: Arc<Mutex<HashMap<IntentId, Answer>>>,
    learned: Arc<Mutex<Learned>>,
    state: Arc<AtomicU8>,
}

/// Nobody began to read: whoever asks first does it, as in tests and commands.
const EMPTY: u8 = 0;
const READING: u8 = 1;
const READY: u8 = 2;

#[derive(Debug, Default)]
struct Followed {
    looks: Looks,
    /// Which version of which was read, and in whose pool it is.
    known: HashMap<IntentId, (i64, ActorId)>,
    /// How often something of this side of a network came, went or changed.
    changes: HashMap<(ActorId, Side), u64>,
}

impl Pools {
    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The weights a network has learned, if any.
    #[must_use]
    pub fn weights(&self, network: ActorId) -> Option<Weights> {
        self.learned().weights(network)
    }

    /// Begins reading on a thread of its own, if nobody did yet.
    pub fn prepare(&self, db: &Arc<Database>) {
        if self.state.compare_exchange(EMPTY, READING, Ordering::AcqRel, Ordering::Acquire).is_err() {
            return;
        }
        let (pools, db) = (self.clone(), Arc::clone(db));
        std::thread::spawn(move || {
            let started = Instant::now();
            let mut last = IntentId(0);
            let from = db.now().plus(-WINDOW);
            loop {
                // a read of its own for each part: no connection is kept from others for long
                let part = db.read(&Viewer::System("giving"), |r| pools.read_part(r, last));
                match part {
                    Ok(Some(end)) => last = end,
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!("giving: {error}");
                        // the next question reads for itself
                        pools.state.store(EMPTY, Ordering::Release);
                        return;
                    }
                }
            }
            pools.followed().looks = Looks::after_building(from);
            pools.state.store(READY, Ordering::Release);
            let past = db
                .read(&Viewer::System("giving"), |r| pools.learn(r, &queries::answered_last(r, REMEMBERED)?));
            if let Err(error) = past {
                tracing::error!("giving, learning from answers: {error}");
            }
            tracing::info!("giving: offers and needs read in {:.1?}", started.elapsed());
        });
    }

    /// Whether a question can be answered now or in a moment.
    fn ready_soon(&self, r: &Reading<'_>) -> Result<bool, Error> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.state.load(Ordering::Acquire) {
                READY => return Ok(true),
                READING if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
                READING => return Ok(false),
                _ => {
                    let mut followed = self.followed();
                    if self.state.load(Ordering::Acquire) != EMPTY {
                        continue;
                    }
                    let from = r.now().plus(-WINDOW);
                    let mut last = IntentId(0);
                    while let Some(end) = self.take_part(r, last, &mut followed)? {
                        last = end;
                    }
                    self.learn(r, &queries::answered_last(r, REMEMBERED)?)?;
                    followed.looks = Looks::after_building(from);
                    self.state.store(READY, Ordering::Release);
                }
            }
        }
    }

    fn read_part(&self, r: &Reading<'_>, after: IntentId) -> Result<Option<IntentId>, Error> {
        self.take_part(r, after, &mut self.followed())
    }

    /// Reads the next open ones after an id; the last of them.
    fn take_part(
        &self,
        r: &Reading<'_>,
        after: IntentId,
        followed: &mut Followed,
    ) -> Result<Option<IntentId>, Error> {
        let part = queries::open_after(r, after, i64::try_from(PART).unwrap_or(500))?;
        self.apply(r, &part, followed)?;
        Ok(part.last().copied())
    }

    fn follow(&self, r: &Reading<'_>) -> Result<(), Error> {
        let mut followed = self.followed();
        let look = followed.looks.next(r.now());
        let changed = queries::changed(r, look.since)?;
        // only later versions: another question may have looked at a later state of the store
        let fresh: Vec<IntentId> = changed
            .into_iter()
            .filter(|(id, version)| followed.known.get(id).is_none_or(|(known, _)| known < version))
            .map(|(id, _)| id)
            .collect();
        for part in fresh.chunks(PART) {
            self.apply(r, part, &mut followed)?;
            self.learn(r, &queries::answered_of(r, part)?)?;
        }
        // only now: what a failed look did not read is read by the next
        followed.looks.done(&look);
        Ok(())
    }

    fn apply(&self, r: &Reading<'_>, ids: &[IntentId], followed: &mut Followed) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = queries::pooled(r, ids)?;
        let mut pools = self.pools.write().unwrap_or_else(PoisonError::into_inner);
        let mut fresh: HashMap<ActorId, Vec<Intent>> = HashMap::new();
        for row in rows {
            let card = &row.card;
            let key = IntentKey(card.id.0.cast_unsigned());
            let before =
                followed.known.insert(card.id, (card.version, card.network)).map(|(_, before)| before);
            for network in before.into_iter().chain([card.network]) {
                *followed.changes.entry((network, card.side)).or_default() += 1;
            }
            if let Some(pool) = before.and_then(|before| pools.get_mut(&before)) {
                pool.remove(key);
            }
            if belongs(card) {
                fresh.entry(card.network).or_default().push(intent(&row));
            }
        }
        for (network, intents) in fresh {
            pools.entry(network).or_default().extend(intents);
        }
        Ok(())
    }

    /// Learns from answered replies, each once: of what the one who replied offers or needs, the one that fits best is
    /// taken for what was meant.
    fn learn(&self, r: &Reading<'_>, replies: &[Answered]) -> Result<(), Error> {
        let situation = Situation { today: Some(today(r)), ..Situation::default() };
        for reply in replies {
            if !self.learned().is_news(reply.id) {
                continue;
            }
            self.learned().hear(reply.id);
            let Some(asked) = queries::pooled(r, &[reply.intent])?.pop() else { continue };
            let Card { network, side, .. } = asked.card;
            let own = queries::own_open(r, network, (reply.actor, other(side)), OWN)?;
            let own = if own.is_empty() { continue } else { queries::pooled(r, &own)? };
            let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
            let Some(pool) = pools.get(&network) else { continue };
            let (asked, plain) = (intent(&asked), Weights::default());
            let lesson = own.iter().map(intent).map(|own| {
                let (need, offer) = if side == Side::Need { (&asked, &own) } else { (&own, &asked) };
                let replied = if side == Side::Need { Answerer::Giver } else { Answerer::Asker };
                let measures = pool.between(need, offer, &situation);
                let (need, offer) = (need.key, offer.key);
                Lesson { network, need, offer, measures, replied, accepted: reply.accepted }
            });
            let best = lesson.max_by(|a, b| plain.score(&a.measures).total_cmp(&plain.score(&b.measures)));
            // what is on another matter was not meant
            if let Some(lesson) = best.filter(|lesson| plain.score(&lesson.measures) >= MEANT) {
                self.learned().learn(&lesson);
            }
        }
        Ok(())
    }

    /// The pool of a network as it stands now, for what others ask of it; an empty one as long as it is being read.
    ///
    /// # Errors
    /// The database's own.
    pub fn with<T>(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        ask: impl FnOnce(&Pool) -> T,
    ) -> Result<T, Error> {
        let empty = Pool::default();
        if !self.ready_soon(r)? {
            return Ok(ask(&empty));
        }
        self.follow(r)?;
        let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
        Ok(ask(pools.get(&network).unwrap_or(&empty)))
    }

    /// What fits an offer or need, what would but cannot, and who has the same need: as far as this viewer may see it.
    ///
    /// # Errors
    /// The database's own.
    pub fn around(&self, r: &Reading<'_>, card: &Card, most: usize) -> Result<Fits, Error> {
        if rules::is_never_proposed(card.categories.iter().map(String::as_str)) {
            return Ok(Fits::default());
        }
        let own = intent(&Pooled { card: card.clone(), taken: queries::taken(r, card.id)? });
        let weights = self.weights(card.network);
        let situation =
            Situation { today: Some(today(r)), weights: weights.as_ref(), ..Situation::default() };
        let (mut found, same) = self.with(r, card.network, |pool| match card.side {
            Side::Need => (pool.offers_for(&own, ASKED, &situation), pool.same_need(&own, 20)),
            Side::Offer => (pool.needs_for(&own, ASKED, &situation), Vec::new()),
        })?;
        let mut ids: Vec<IntentId> = found.fit.iter().map(|p| back(p.key)).collect();
        ids.extend(found.distant.iter().map(|d| back(d.key)));
        let cards = queries::proposable(r, &ids, card.actor)?;
        found.fit.retain(|p| cards.iter().any(|card| card.id == back(p.key)));
        if card.side == Side::Need {
            let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(pool) = pools.get(&card.network) {
                let fit = std::mem::take(&mut found.fit);
                found.fit = self.learned().choose(pool, card.network, &own, fit, (most, &situation));
            }
        }
        let by_id = |key| cards.iter().find(|card| card.id == back(key)).cloned();
        let fit = found
            .fit
            .iter()
            .filter_map(|p| {
                Some(Fit { card: by_id(p.key)?, own: card.id, score: p.score, why: p.why.clone() })
            })
            .take(most)
            .collect();
        let distant =
            found.distant.iter().filter_map(|d| Some((by_id(d.key)?, d.obstacle))).take(most).collect();
        // of the same means the same matter, not a shared word
        let alike = same.iter().filter(|p| p.why.iter().any(|why| why.cause == Cause::Topic));
        let ids: Vec<IntentId> = alike.map(|p| back(p.key)).collect();
        let mut same = queries::proposable(r, &ids, card.actor)?;
        same.truncate(most);
        Ok(Fits { fit, distant, same })
    }

    /// The open needs this member could meet with what they offer, best first, without those they answered already.
    ///
    /// # Errors
    /// The database's own.
    pub fn open_needs_i_can_meet(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        actor: ActorId,
        most: usize,
    ) -> Result<Vec<Fit>, Error> {
        self.best_for(r, network, (actor, Side::Offer), most)
    }

    /// The open offers that could meet this member's needs, best first, without those they asked for already.
    ///
    /// # Errors
    /// The database's own.
    pub fn offers_i_could_use(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        actor: ActorId,
        most: usize,
    ) -> Result<Vec<Fit>, Error> {
        self.best_for(r, network, (actor, Side::Need), most)
    }

    /// What fits these of one member's own, each of the same side, best first.
    fn fits_of(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        (own, side): (&[IntentId], Side),
    ) -> Result<Vec<Fitting>, Error> {
        if !self.ready_soon(r)? {
            return Ok(Vec::new());
        }
        self.follow(r)?;
        let today = today(r);
        let asked: HashMap<IntentId, Asked> = {
            let followed = self.followed();
            let changes = followed.changes.get(&(network, other(side))).copied().unwrap_or(0);
            let version = |id: &IntentId| followed.known.get(id).map_or(0, |(version, _)| *version);
            let learned = self.learned().answers(network);
            own.iter().map(|id| (*id, Asked { version: version(id), changes, today, learned })).collect()
        };
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = {
            let answers = answers();
            let known = |id: &IntentId| {
                let answer = answers.get(id).filter(|answer| asked.get(id) == Some(&answer.asked))?;
                Some((*id, Arc::clone(&answer.fit)))
            };
            own.iter().filter_map(known).collect()
        };
        if found.len() == own.len() {
            return Ok(found);
        }
        let fresh: Vec<IntentId> =
            own.iter().copied().filter(|id| found.iter().all(|(known, _)| known != id)).collect();
        let fresh = queries::pooled(r, &fresh)?;
        let weights = self.weights(network);
        let situation = Situation { today: Some(today), weights: weights.as_ref(), ..Situation::default() };
        let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
        let Some(pool) = pools.get(&network) else { return Ok(found) };
        for own in fresh.iter().filter(|own| belongs(&own.card)) {
            let fit = match side {
                Side::Offer => pool.needs_for(&intent(own), ASKED_FOR_OWN, &situation).fit,
                Side::Need => pool.offers_for(&intent(own), ASKED_FOR_OWN, &situation).fit,
            };
            let fit = Arc::new(fit);
            found.push((own.card.id, Arc::clone(&fit)));
            if let Some(asked) = asked.get(&own.card.id) {
                let mut answers = answers();
                if answers.len() >= ANSWERS {
                    answers.clear();
                }
                answers.insert(own.card.id, Answer { asked: *asked, fit });
            }
        }
        Ok(found)
    }

    fn best_for(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        (actor, side): (ActorId, Side),
        most: usize,
    ) -> Result<Vec<Fit>, Error> {
        let own = queries::own_open(r, network, (actor, side), OWN)?;
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.fits_of(r, network, (&own, side))?;
        // of the offers that meet a need, the one that does it best
        let mut best: HashMap<IntentId, (IntentId, matching::Proposal)> = HashMap::new();
        for (own, proposals) in found {
            for proposal in proposals.iter().cloned() {
                let better = |known: &(IntentId, matching::Proposal)| known.1.score < proposal.score;
                if best.get(&back(proposal.key)).is_none_or(better) {
                    best.insert(back(proposal.key), (own, proposal));
                }
            }
        }
        let answered = queries::replied(r, actor)?;
        best.retain(|need, _| !answered.contains(need));
        let mut ranked: Vec<(IntentId, f64)> =
            best.iter().map(|(id, (_, proposal))| (*id, proposal.score)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        let ids: Vec<IntentId> = ranked.into_iter().map(|(id, _)| id).take(ASKED).collect();
        let mut fit = Vec::new();
        // most may be shown: so few are read at a time that seldom more is read than is shown
        for ids in ids.chunks((most + 1).next_power_of_two()) {
            let cards = queries::proposable(r, ids, actor)?;
            fit.extend(cards.into_iter().filter_map(|card| {
                let (own, proposal) = best.remove(&card.id)?;
                Some(Fit { card, own, score: proposal.score, why: proposal.why })
            }));
            if fit.len() >= most {
                break;
            }
        }
        fit.truncate(most);
        Ok(fit)
    }
}

/// One of a member's own, and what fits it.
type Fitting = (IntentId, Arc<Vec<matching::Proposal>>);

/// What the engine answered for one of a member's own, until that or what was looked through changes: a page is looked
/// at far more often than somebody writes down a need.
#[derive(Debug)]
struct Answer {
    asked: Asked,
    fit: Arc<Vec<matching::Proposal>>,
}

/// On which an answer depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    version: i64,
    /// Of the side that was looked through.
    changes: u64,
    today: Day,
    /// From how many answers the network had learned.
    learned: u32,
}

/// So many answers are kept, of a few kilobytes each; then all are forgotten, and asked again by whoever looks.
const ANSWERS: usize = 4_000;

const fn other(side: Side) -> Side {
    match side {
        Side::Offer => Side::Need,
        Side::Need => Side::Offer,
    }
}

fn back(key: IntentKey) -> IntentId {
    IntentId(key.0.cast_signed())
}

/// The calendar day in Thailand.
pub fn today(r: &Reading<'_>) -> Day {
    Day(i32::try_from(r.now().day(7)).unwrap_or(0))
}

/// What is open and not for people alone to see to.
fn belongs(card: &Card) -> bool {
    card.state == IntentState::Open && !rules::is_never_proposed(card.categories.iter().map(String::as_str))
}

/// As the engine reads it.
fn intent(pooled: &Pooled) -> Intent {
    let card = &pooled.card;
    let side = match card.side {
        Side::Offer => matching::Side::Offer,
        Side::Need => matching::Side::Need,
    };
    let text = if card.text.starts_with(card.title.trim_end_matches('…')) {
        card.text.clone()
    } else {
        format!("{} {}", card.title, card.text)
    };
    let mut intent = Intent::new(IntentKey(card.id.0.cast_unsigned()), side, text);
    intent.actor = Some(ActorKey(card.actor.0.cast_unsigned()));
    intent.owner = match card.owner_kind {
        ActorKind::Person | ActorKind::Service => OwnerKind::Person,
        ActorKind::Group => OwnerKind::Group,
        ActorKind::Organization | ActorKind::Network => OwnerKind::Organization,
    };
    intent.mode = match card.mode {
        Mode::Onsite => matching::Mode::Onsite,
        Mode::Online => matching::Mode::Online,
        Mode::Either => matching::Mode::Either,
    };
    let areas: Vec<Area> = card.areas.iter().filter_map(|code| Area::parse(code)).collect();
    intent.reach = if card.everywhere || areas.is_empty() { Reach::Everywhere } else { Reach::Areas(areas) };
    let day = |day: Option<i64>| day.and_then(|n| i32::try_from(n).ok()).map(Day);
    intent.window = Window { from: day(card.starts_on), until: day(card.ends_on) };
    // 0: its file did not say
    let limited = card.side == Side::Offer && card.capacity > 0;
    intent.capacity = u32::try_from((card.capacity - pooled.taken).max(0)).ok().filter(|_| limited);
    intent.lang = Lang::from_tag(&card.lang).unwrap_or_default();
    intent.renewed = i32::try_from(card.updated_at.day(7)).ok().map(Day);
    if card.tapped {
        let taxonomy = Taxonomy::built_in();
        intent.categories = card.categories.iter().filter_map(|code| taxonomy.find(code)).collect();
    }
    intent
}
