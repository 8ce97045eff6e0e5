//! The pairs of each network worth introducing, kept in memory. They are found from the offers and needs
//! ([`giving::Pools`]), from who would learn what somebody can do, from who is at the same matter; what the ties say of
//! them ([`super::woven`], in a very large network [`super::near`]) and who answers readily goes into their score, as
//! *Next best introduction* says. A pair without a purpose is none, however well it would look in the network.
//!
//! A small network is thought through anew when the journal says that something changed; a large one on a thread of its
//! own, at most every [`EVERY`], while the pairs of before are shown.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use matching::{Cause, OwnerKind, Situation};
use network::introduction::choice::{both_ready, readiness};
use network::introduction::{List, Terms, score, together};
use store::ids::{ActorId, IntentId};
use store::{Database, Error, Reading, Viewer};

use super::woven::Web;
use super::{bringing, near, queries};
use crate::giving;

/// Up to so many members, offers and needs a network is thought through while somebody waits.
const SMALL: usize = 400;
/// How often a large network is thought through.
const EVERY: Duration = Duration::from_secs(600);
/// What was thought through within a day is good enough to draw from.
const DAY: Duration = Duration::from_secs(86_400);
/// Ten minutes, as ids of the journal count them: a transaction that took long stands before lines written since.
const AWHILE: i64 = 600_000 << 22;
/// Members above which ties are not looked at as a whole, but around the best pairs alone.
const WHOLE: i64 = 100_000;
/// The newest needs weighed.
const WEIGHED: usize = 1_500;
/// Offers and fellow seekers looked at for each need.
const EACH: usize = 5;
/// Lines of what members can do and would learn.
const TAUGHT: i64 = 100_000;
/// Teachers weighed for each who would learn.
const TEACHERS: usize = 3;
/// How much it counts that one would learn what the other can do, beside an open need.
const LEARNS: f64 = 0.4;
/// Pairs kept for a network.
const KEPT: usize = 5_000;

/// Why two should meet.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// An offer that meets a need.
    Help { offer: IntentId, need: IntentId, giver: ActorId, receiver: ActorId, why: Vec<matching::Why> },
    /// Both have the same need.
    Same { one: IntentId, other: IntentId },
    /// One would learn what the other can do.
    Learn { teacher: ActorId, learner: ActorId, category: &'static str },
}

/// What the ties say of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bond {
    /// So many know both.
    CommonContacts(usize),
    /// Many short ways lead from one to the other.
    Near,
    /// They move in the same circle.
    Circle,
    /// Nobody ties the part of the one to the part of the other.
    Joins,
    /// Their circles are hardly tied.
    Bridges,
    /// Many would be nearer to many.
    Shorter,
    /// The network would hang less on single members or ties.
    Sturdier,
    /// No short way leads from one to the other.
    Far,
    /// One of them, or both, have hardly any tie yet.
    First,
}

/// Two worth introducing.
#[derive(Debug, Clone)]
pub struct Pair {
    pub a: ActorId,
    pub b: ActorId,
    pub list: List,
    /// Without what the two have on their hands today, which [`super::choosing`] takes off.
    pub score: f64,
    pub terms: Terms,
    /// How many know both; none where the ties were not looked at.
    pub common: Option<usize>,
    /// The categories it is about, for lists that are not always the same.
    pub topics: Vec<u16>,
    /// The circles the two move in, where they are known.
    pub circles: Vec<u32>,
    pub purposes: Vec<Purpose>,
    /// Strongest first.
    pub bonds: Vec<Bond>,
}

impl Pair {
    /// The other one of the two.
    pub fn other(&self, one: ActorId) -> ActorId {
        if one == self.a { self.b } else { self.a }
    }

    /// After its terms changed.
    pub(super) fn rescore(&mut self) {
        self.score = score(&self.terms).unwrap_or(0.0);
    }
}

/// Best first. Ties in the score are broken by age of membership, so that the list stands still.
pub fn better(one: &Pair, other: &Pair) -> Ordering {
    other.score.total_cmp(&one.score).then((one.a, one.b).cmp(&(other.a, other.b)))
}

/// The pairs of one network, best first.
#[derive(Debug, Default)]
pub struct Found {
    pub pairs: Vec<Pair>,
    /// How many members the network has, as far as they were counted.
    pub members: usize,
    by_member: HashMap<ActorId, Vec<usize>>,
    /// Which pairs were drawn to be left alone or proposed, and keep that side for a half-year.
    sides: HashMap<(ActorId, ActorId), bool>,
}

impl Found {
    /// Whether this pair is left alone, where it was drawn already.
    pub fn left_alone(&self, pair: &Pair) -> Option<bool> {
        self.sides.get(&ends(pair.a, pair.b)).copied()
    }

    /// The pairs a member stands in, best first.
    pub fn of(&self, member: ActorId) -> impl Iterator<Item = &Pair> {
        self.by_member.get(&member).into_iter().flatten().filter_map(|at| self.pairs.get(*at))
    }

    /// This pair.
    pub fn pair(&self, a: ActorId, b: ActorId) -> Option<&Pair> {
        self.of(a).find(|pair| pair.other(a) == b)
    }
}

#[derive(Debug, Default, Clone)]
struct Kept {
    found: Option<Arc<Found>>,
    /// How many changes the journal named after this line when it was begun.
    after: i64,
    changes: i64,
    at: Option<Instant>,
    small: bool,
    under_way: bool,
}

/// The pairs of all networks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pairs {
    kept: Arc<Mutex<HashMap<ActorId, Kept>>>,
    whole: i64,
}

impl Default for Pairs {
    fn default() -> Self {
        Self::whole_up_to(WHOLE)
    }
}

impl Pairs {
    /// Looks at the ties of networks of up to so many members as a whole, and of larger ones around the best pairs alone.
    pub fn whole_up_to(members: i64) -> Self {
        Self { kept: Arc::default(), whole: members }
    }

    fn change<T>(&self, network: ActorId, change: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        change(kept.entry(network).or_default())
    }

    /// The pairs of a network as they were found within the last day, without thinking it through.
    pub(super) fn kept(&self, network: ActorId) -> Option<Arc<Found>> {
        self.change(network, |kept| {
            let fresh = kept.at.is_some_and(|at| at.elapsed() < DAY);
            kept.found.clone().filter(|_| fresh && !kept.small)
        })
    }

    /// The pairs of a network as far as they are found; none where a large network is being thought through for the
    /// first time.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(
        &self,
        r: &Reading<'_>,
        db: &Arc<Database>,
        pools: &giving::Pools,
        network: ActorId,
    ) -> Result<Option<Arc<Found>>, Error> {
        let kept = self.change(network, |kept| kept.clone());
        if let Some(found) = &kept.found
            && kept.at.is_some_and(|at| at.elapsed() < EVERY)
            && (!kept.small || queries::changes_after(r, kept.after)? == kept.changes)
        {
            return Ok(Some(Arc::clone(found)));
        }
        let after = queries::newest_line(r)?.saturating_sub(AWHILE);
        let as_of = (after, queries::changes_after(r, after)?);
        let small = queries::members_of(r, network, SMALL as i64 + 1)?.len() <= SMALL
            && pools.with(r, network, matching::Pool::len)? <= SMALL;
        if small {
            let found = Arc::new(find(r, pools, network, self.whole)?);
            self.keep(network, &found, as_of, small);
            return Ok(Some(found));
        }
        if !self.change(network, |kept| std::mem::replace(&mut kept.under_way, true)) {
            self.begin(Arc::clone(db), pools.clone(), network, as_of);
        }
        Ok(kept.found)
    }

    fn keep(&self, network: ActorId, found: &Arc<Found>, (after, changes): (i64, i64), small: bool) {
        self.change(network, |kept| {
            *kept = Kept {
                found: Some(Arc::clone(found)),
                after,
                changes,
                at: Some(Instant::now()),
                small,
                under_way: false,
            };
        });
    }

    fn begin(&self, db: Arc<Database>, pools: giving::Pools, network: ActorId, as_of: (i64, i64)) {
        let pairs = self.clone();
        std::thread::spawn(move || {
            let started = Instant::now();
            match db.read(&Viewer::System("introductions"), |r| find(r, &pools, network, pairs.whole)) {
                Ok(found) => {
                    pairs.keep(network, &Arc::new(found), as_of, false);
                    tracing::info!("introductions: a network thought through in {:.1?}", started.elapsed());
                }
                Err(error) => {
                    tracing::error!("introductions: {error}");
                    pairs.change(network, |kept| kept.under_way = false);
                }
            }
        });
    }
}

/// What is known of a pair before it is scored.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    purposes: Vec<Purpose>,
    /// f of each direction and way.
    fits: Vec<f64>,
    goal: f64,
    topics: Vec<u16>,
    /// Somebody small would meet an organization that has what it takes.
    small_meets_large: bool,
}

impl Sketch {
    fn about(&mut self, category: usize) {
        let topic = u16::try_from(category).unwrap_or(u16::MAX);
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }
}

pub(super) type Sketches = BTreeMap<(ActorId, ActorId), Sketch>;

pub(super) fn ends(a: ActorId, b: ActorId) -> (ActorId, ActorId) {
    if a < b { (a, b) } else { (b, a) }
}

fn find(r: &Reading<'_>, pools: &giving::Pools, network: ActorId, whole_up_to: i64) -> Result<Found, Error> {
    let members = queries::members_of(r, network, whole_up_to + 1)?;
    let count = members.len();
    let mut sketches = Sketches::new();
    by_needs(r, pools, network, &mut sketches)?;
    by_learning(r, network, &mut sketches)?;
    let whole = i64::try_from(count).unwrap_or(i64::MAX) <= whole_up_to;
    let places: HashMap<ActorId, u32> =
        members.iter().zip(0_u32..).map(|(member, at)| (member.id, at)).collect();
    if whole {
        let willing = |id: &ActorId| {
            places.get(id).and_then(|at| members.get(*at as usize)).is_some_and(|member| member.willing)
        };
        sketches.retain(|(a, b), _| willing(a) && willing(b));
    }
    let web = if whole && !sketches.is_empty() {
        Web::of(places, &queries::woven(r, network)?, r.now(), &sketches)
    } else {
        None
    };
    let weighed = sketches.into_iter().filter_map(|(ends, sketch)| weigh(ends, sketch, web.as_ref()));
    let mut pairs: Vec<Pair> = weighed.collect();
    pairs.sort_by(better);
    pairs.truncate(KEPT);
    if !whole {
        near::look(r, network, &mut pairs)?;
    }
    by_readiness(r, &mut pairs)?;
    pairs.sort_by(better);
    let mut by_member: HashMap<ActorId, Vec<usize>> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        by_member.entry(pair.a).or_default().push(at);
        by_member.entry(pair.b).or_default().push(at);
    }
    Ok(Found { pairs, members: count, by_member, sides: bringing::sides(r, network)? })
}

/// Who answers readily comes sooner. It stands in no reason and on no page.
fn by_readiness(r: &Reading<'_>, pairs: &mut [Pair]) -> Result<(), Error> {
    let mut members: Vec<ActorId> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    members.sort_unstable();
    members.dedup();
    let known = queries::answered(r, &members)?;
    let ready = |member: ActorId| {
        let (agreed, passed) = known.get(&member).copied().unwrap_or_default();
        readiness(agreed, passed)
    };
    for pair in pairs {
        pair.terms.ready = both_ready(ready(pair.a), ready(pair.b));
        pair.rescore();
    }
    Ok(())
}

/// Offers that meet needs, and needs that are the same.
fn by_needs(
    r: &Reading<'_>,
    pools: &giving::Pools,
    network: ActorId,
    sketches: &mut Sketches,
) -> Result<(), Error> {
    let (today, weights) = (giving::today(r), pools.weights(network));
    pools.with(r, network, |pool| {
        let mut needs: Vec<_> = pool.needs().filter(|need| need.actor.is_some()).collect();
        needs.sort_by_key(|need| std::cmp::Reverse(need.key));
        for need in needs.into_iter().take(WEIGHED) {
            let Some(owner) = need.actor else { continue };
            let receiver = ActorId(owner.0.cast_signed());
            let own = [owner];
            let weights = weights.as_ref();
            let situation = Situation { today: Some(today), weights, excluded: &own, ..Situation::default() };
            for proposal in pool.offers_for(need, EACH, &situation).fit {
                let Some(giver) = proposal.actor.map(|actor| ActorId(actor.0.cast_signed())) else {
                    continue;
                };
                let sketch = sketches.entry(ends(giver, receiver)).or_default();
                sketch.fits.push(proposal.score);
                let large =
                    pool.get(proposal.key).is_some_and(|offer| offer.owner == OwnerKind::Organization);
                for category in &need.categories {
                    sketch.about(category.index());
                }
                sketch.small_meets_large |= large && need.owner != OwnerKind::Organization;
                sketch.purposes.push(Purpose::Help {
                    offer: IntentId(proposal.key.0.cast_signed()),
                    need: IntentId(need.key.0.cast_signed()),
                    giver,
                    receiver,
                    why: proposal.why,
                });
            }
            for same in pool.same_need(need, EACH) {
                let Some(other) = same.actor.map(|actor| ActorId(actor.0.cast_signed())) else { continue };
                // of the same means the same matter, not a shared word
                if other == receiver || !same.why.iter().any(|why| why.cause == Cause::Topic) {
                    continue;
                }
                let sketch = sketches.entry(ends(other, receiver)).or_default();
                sketch.goal = sketch.goal.max(same.score);
                for category in &need.categories {
                    sketch.about(category.index());
                }
                let (one, other) = (need.key.0.min(same.key.0), need.key.0.max(same.key.0));
                let same =
                    Purpose::Same { one: IntentId(one.cast_signed()), other: IntentId(other.cast_signed()) };
                if !sketch.purposes.contains(&same) {
                    sketch.purposes.push(same);
                }
            }
        }
    })
}

/// Who would learn what somebody else can do; those who taught fewest so far come first, as the pairs have it.
fn by_learning(r: &Reading<'_>, network: ActorId, sketches: &mut Sketches) -> Result<(), Error> {
    let taxonomy = matching::Taxonomy::built_in();
    let mut teachers: HashMap<String, Vec<(usize, ActorId)>> = HashMap::new();
    let mut learners = Vec::new();
    for (actor, category, learns) in queries::taught(r, network, TAUGHT)? {
        if giving::is_never_proposed(std::iter::once(category.as_str())) {
            continue;
        }
        if learns {
            learners.push((category, actor));
        } else {
            teachers.entry(category).or_default().push((0, actor));
        }
    }
    learners.sort();
    for (category, learner) in learners {
        let Some(able) = teachers.get_mut(&category) else { continue };
        let Some(id) = taxonomy.find(&category) else { continue };
        let code = taxonomy.code(id);
        able.sort();
        for (asked, teacher) in able.iter_mut().filter(|(_, teacher)| *teacher != learner).take(TEACHERS) {
            *asked += 1;
            let sketch = sketches.entry(ends(*teacher, learner)).or_default();
            sketch.fits.push(LEARNS);
            sketch.about(id.index());
            sketch.purposes.push(Purpose::Learn { teacher: *teacher, learner, category: code });
        }
    }
    Ok(())
}

fn weigh((a, b): (ActorId, ActorId), sketch: Sketch, web: Option<&Web>) -> Option<Pair> {
    let mut terms = Terms {
        fit: together(sketch.fits.iter().copied()),
        goal: sketch.goal,
        equity: f64::from(u8::from(sketch.small_meets_large)),
        ..Terms::default()
    };
    let (bonds, common) = match web {
        Some(web) => web.of_pair(a, b, &mut terms),
        None => (Vec::new(), 0),
    };
    let score = score(&terms)?;
    let list = List::of(common, terms.structure);
    let circles = web.map_or_else(Vec::new, |web| web.circles_of(a, b));
    Some(Pair {
        a,
        b,
        list,
        score,
        terms,
        common: web.map(|_| common),
        topics: sketch.topics,
        circles,
        purposes: sketch.purposes,
        bonds,
    })
}
