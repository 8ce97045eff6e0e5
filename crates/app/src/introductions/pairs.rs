//! The pairs of each network worth introducing, kept in memory. They are found from the offers and needs
//! ([`giving::Pools`]), from who would learn what somebody can do, from who is at the same matter, and from the ties
//! ([`graph::recommend`], [`graph::strengthen`]), and scored as *Next best introduction* says. A pair without a purpose is
//! none, however well it would look in the network.
//!
//! A small network is thought through anew when the journal says that something changed; a large one on a thread of its
//! own, at most every [`EVERY`], while the pairs of before are shown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use graph::recommend::{Columns, History, Recommender, Why};
use graph::strengthen::{Aim, Pairs as Among, Wish, strengthen};
use graph::{Builder, Graph, communities, components};
use matching::{Cause, OwnerKind, Situation};
use network::introduction::{List, Terms, bridges, joins, newcomer, score, together};
use store::ids::{ActorId, IntentId};
use store::{Database, Error, Micros, Reading, Viewer};

use super::queries;
use crate::giving;

/// Up to so many members, offers and needs a network is thought through while somebody waits.
const SMALL: usize = 400;
/// How often a large network is thought through.
const EVERY: Duration = Duration::from_secs(600);
/// Ten minutes, as ids of the journal count them: a transaction that took long stands before lines written since.
const AWHILE: i64 = 600_000 << 22;
/// Members above which ties are not looked at as a whole: what is left are needs, offers and learning.
const WHOLE: i64 = 100_000;
/// Above so many members whom the network needs is looked for among those near each other only.
const ALL_PAIRS: usize = 300;
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
/// Whom the ties foresee, so many for each.
const FORESEEN: usize = 20;
/// Circles need not be the best that can be found, only found soon.
const QUICK: communities::Effort = communities::Effort { starts: 2, kicks: 0, rounds: 10, seed: 1 };
/// Ties the whole is asked to choose.
const CHOSEN: usize = 60;

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
    /// One of them, or both, have hardly any tie yet.
    First,
}

/// Two worth introducing.
#[derive(Debug, Clone)]
pub struct Pair {
    pub a: ActorId,
    pub b: ActorId,
    pub list: List,
    pub score: f64,
    pub purposes: Vec<Purpose>,
    /// Strongest first.
    pub bonds: Vec<Bond>,
}

impl Pair {
    /// The other one of the two.
    pub fn other(&self, one: ActorId) -> ActorId {
        if one == self.a { self.b } else { self.a }
    }
}

/// The pairs of one network, best first.
#[derive(Debug, Default)]
pub struct Found {
    pub pairs: Vec<Pair>,
    by_member: HashMap<ActorId, Vec<usize>>,
}

impl Found {
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
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    kept: Arc<Mutex<HashMap<ActorId, Kept>>>,
}

impl Pairs {
    fn change<T>(&self, network: ActorId, change: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        change(kept.entry(network).or_default())
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
            let found = Arc::new(find(r, pools, network)?);
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
            match db.read(&Viewer::System("introductions"), |r| find(r, &pools, network)) {
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
struct Sketch {
    purposes: Vec<Purpose>,
    /// f of each direction and way.
    fits: Vec<f64>,
    goal: f64,
    /// Somebody small would meet an organization that has what it takes.
    small_meets_large: bool,
}

type Sketches = BTreeMap<(ActorId, ActorId), Sketch>;

fn ends(a: ActorId, b: ActorId) -> (ActorId, ActorId) {
    if a < b { (a, b) } else { (b, a) }
}

fn find(r: &Reading<'_>, pools: &giving::Pools, network: ActorId) -> Result<Found, Error> {
    let members = queries::members_of(r, network, WHOLE + 1)?;
    let mut sketches = Sketches::new();
    by_needs(r, pools, network, &mut sketches)?;
    by_learning(r, network, &mut sketches)?;
    let whole = i64::try_from(members.len()).unwrap_or(i64::MAX) <= WHOLE;
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
    let mut pairs: Vec<Pair> = Vec::new();
    for ((a, b), sketch) in sketches {
        if let Some(pair) = weigh((a, b), sketch, web.as_ref()) {
            pairs.push(pair);
        }
    }
    // ties in the score are broken by age of membership, so that the list stands still
    pairs.sort_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    pairs.truncate(KEPT);
    let mut by_member: HashMap<ActorId, Vec<usize>> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        by_member.entry(pair.a).or_default().push(at);
        by_member.entry(pair.b).or_default().push(at);
    }
    Ok(Found { pairs, by_member })
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
        let Some(code) = taxonomy.find(&category).map(|id| taxonomy.code(id)) else { continue };
        able.sort();
        for (asked, teacher) in able.iter_mut().filter(|(_, teacher)| *teacher != learner).take(TEACHERS) {
            *asked += 1;
            let sketch = sketches.entry(ends(*teacher, learner)).or_default();
            sketch.fits.push(LEARNS);
            sketch.purposes.push(Purpose::Learn { teacher: *teacher, learner, category: code });
        }
    }
    Ok(())
}

/// What the ties of a network say, for its pairs.
struct Web {
    places: HashMap<ActorId, u32>,
    graph: Graph,
    pieces: components::Components,
    circles: Circles,
    /// Each tie with how warm it is, for those in pairs.
    warm: HashMap<(u32, u32), f64>,
    foreseen: HashMap<(u32, u32), Vec<graph::recommend::Cause>>,
    chosen: HashMap<(u32, u32), graph::strengthen::Gain>,
}

/// Which circle each is in, and how many ties lead from one to another.
struct Circles {
    of: Vec<u32>,
    sizes: Vec<f64>,
    between: HashMap<(u32, u32), f64>,
    /// The share of all pairs that are tied.
    density: f64,
}

impl Circles {
    fn of(graph: &Graph) -> Self {
        let found = communities::communities(graph, QUICK);
        let of = found.of;
        let mut sizes = vec![0.0; of.iter().max().map_or(0, |most| *most as usize + 1)];
        for circle in &of {
            if let Some(size) = sizes.get_mut(*circle as usize) {
                *size += 1.0;
            }
        }
        let rows = graph.undirected();
        let mut between: HashMap<(u32, u32), f64> = HashMap::new();
        let mut ties = 0.0;
        for a in rows.each_actor() {
            for b in rows.neighbors(a).iter().filter(|b| a < **b) {
                ties += 1.0;
                if let (Some(g), Some(h)) = (of.get(a as usize), of.get(*b as usize)) {
                    *between.entry((*g.min(h), *g.max(h))).or_default() += 1.0;
                }
            }
        }
        let n = of.len() as f64;
        let density = if n > 1.0 { 2.0 * ties / (n * (n - 1.0)) } else { 0.0 };
        Self { of, sizes, between, density }
    }

    fn same(&self, a: u32, b: u32) -> bool {
        self.of.get(a as usize) == self.of.get(b as usize)
    }

    fn bridges(&self, a: u32, b: u32) -> f64 {
        let (Some(g), Some(h)) = (self.of.get(a as usize), self.of.get(b as usize)) else { return 0.0 };
        if g == h {
            return 0.0;
        }
        let size = |of: &u32| self.sizes.get(*of as usize).copied().unwrap_or(0.0);
        let ties = self.between.get(&(*g.min(h), *g.max(h))).copied().unwrap_or(0.0);
        bridges(ties, self.density * size(g) * size(h))
    }
}

fn key(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

/// s = a/(a+2), from the last contact alone: a contact today counts 1 and half as much after 90 days.
fn warmth(last: Option<Micros>, now: Micros) -> f64 {
    let Some(last) = last else { return 0.2 };
    let days = ((now.0 - last.0).max(0) / Micros::DAY) as f64;
    let a = 1.0 + (-days / 90.0).exp2();
    a / (a + 2.0)
}

impl Web {
    fn of(
        places: HashMap<ActorId, u32>,
        ties: &[queries::Woven],
        now: Micros,
        sketches: &Sketches,
    ) -> Option<Self> {
        let members = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let mut builder = Builder::undirected(members);
        let (mut sources, mut targets, mut times) = (Vec::new(), Vec::new(), Vec::new());
        let mut warm = HashMap::new();
        for tie in ties {
            let (Some(one), Some(other)) = (places.get(&tie.one), places.get(&tie.other)) else { continue };
            if one == other || builder.tie(*one, *other, 1.0).is_err() {
                continue;
            }
            for at in std::iter::once(tie.since).chain(tie.last) {
                sources.push(*one);
                targets.push(*other);
                times.push(at.0 as f64);
            }
            let felt = warmth(tie.last, now);
            let known: &mut f64 = warm.entry(key(*one, *other)).or_default();
            *known = known.max(felt);
        }
        let graph = builder.build().ok()?;
        let weights = vec![1.0; sources.len()];
        let columns = Columns { sources: &sources, targets: &targets, weights: &weights, times: &times };
        let history = History::new(places.len(), columns).unwrap_or_default();
        let circles = Circles::of(&graph);
        let foreseen = foreseen(&history, &circles, &places, sketches);
        let pieces = components::weak_components(&graph);
        let chosen = chosen(&graph, &pieces);
        Some(Self { places, pieces, circles, warm, foreseen, chosen, graph })
    }

    fn of_pair(&self, a: ActorId, b: ActorId, terms: &mut Terms) -> (Vec<Bond>, usize) {
        let (Some(a), Some(b)) = (self.places.get(&a).copied(), self.places.get(&b).copied()) else {
            return (Vec::new(), 0);
        };
        let rows = self.graph.undirected();
        let mut bonds = Vec::new();
        let common: Vec<u32> =
            rows.neighbors(a).iter().copied().filter(|&between| rows.has(b, between)).collect();
        let felt = |one: u32, other: u32| self.warm.get(&key(one, other)).copied().unwrap_or(0.0);
        terms.warmth = together(common.iter().map(|&w| felt(a, w) * felt(w, b)));
        terms.newcomer = newcomer(rows.degree(a) as u64, rows.degree(b) as u64);
        let mut structure: Vec<(f64, Bond)> = Vec::new();
        let part = |at: u32| self.pieces.of.get(at as usize).copied();
        if part(a) != part(b) {
            let size =
                |of: Option<u32>| of.and_then(|of| self.pieces.sizes.get(of as usize)).copied().unwrap_or(0);
            structure
                .push((joins(size(part(a)), size(part(b)), rows.actors() as u64).max(0.05), Bond::Joins));
        }
        let bridge = self.circles.bridges(a, b);
        if bridge > 0.0 && part(a) == part(b) {
            structure.push((bridge, Bond::Bridges));
        }
        if let Some(gain) = self.chosen.get(&key(a, b)) {
            if gain.articulation_points < 0 || gain.bridges < 0 {
                structure.push((1.0, Bond::Sturdier));
            }
            if gain.efficiency > 0.0 {
                structure.push((0.8, Bond::Shorter));
            }
        }
        structure.sort_by(|x, y| y.0.total_cmp(&x.0));
        terms.structure = structure.first().map_or(0.0, |(value, _)| *value);
        bonds.extend(structure.into_iter().map(|(_, bond)| bond));
        if !common.is_empty() {
            bonds.insert(0, Bond::CommonContacts(common.len()));
        }
        if rows.degree(a).min(rows.degree(b)) <= 1 {
            bonds.push(Bond::First);
        }
        for cause in self.foreseen.get(&key(a, b)).into_iter().flatten() {
            match cause {
                graph::recommend::Cause::Near if common.is_empty() => bonds.push(Bond::Near),
                graph::recommend::Cause::Group if self.circles.same(a, b) => bonds.push(Bond::Circle),
                _ => {}
            }
        }
        (bonds, common.len())
    }
}

/// For the pairs that the past of the ties foresees: what speaks for them.
fn foreseen(
    history: &History,
    circles: &Circles,
    places: &HashMap<ActorId, u32>,
    sketches: &Sketches,
) -> HashMap<(u32, u32), Vec<graph::recommend::Cause>> {
    let recommender = Recommender::learn(history, &circles.of);
    let mut search = recommender.search();
    let mut asked: Vec<u32> =
        sketches.keys().flat_map(|(a, b)| [a, b]).filter_map(|id| places.get(id)).copied().collect();
    asked.sort_unstable();
    asked.dedup();
    let mut found: HashMap<(u32, u32), Vec<graph::recommend::Cause>> = HashMap::new();
    for actor in asked {
        for suggestion in recommender.suggest(&mut search, actor, FORESEEN, Why::FirstTen) {
            let causes = suggestion.why.iter().filter(|term| term.weight > 0.0).map(|term| term.cause);
            let known = found.entry(key(actor, suggestion.actor)).or_default();
            for cause in causes {
                if !known.contains(&cause) {
                    known.push(cause);
                }
            }
        }
    }
    found
}

/// The ties that would help the whole most, by what it lacks: parts to be joined, single members and ties it hangs on, or
/// long ways.
fn chosen(graph: &Graph, pieces: &components::Components) -> HashMap<(u32, u32), graph::strengthen::Gain> {
    if graph.actors() < 3 || graph.ties() == 0 {
        return HashMap::new();
    }
    let scattered = pieces.largest() * 10 < graph.actors() as u64 * 6;
    let aims: &[Aim] = if scattered { &[Aim::Islands] } else { &[Aim::Resilience, Aim::Paths] };
    let pairs = if graph.actors() <= ALL_PAIRS { Among::All } else { Among::Near };
    let mut chosen = HashMap::new();
    for aim in aims {
        let wish = Wish { aim: *aim, count: CHOSEN, pairs, per_actor: 5 };
        for introduction in strengthen(graph, None, wish).introductions {
            chosen.entry(key(introduction.a, introduction.b)).or_insert(introduction.gain);
        }
    }
    chosen
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
    Some(Pair { a, b, list, score, purposes: sketch.purposes, bonds })
}
