//! What the ties of a network say of its pairs, looked at as a whole: who knows both, which part of the network hangs on
//! whom, which circles are hardly tied, whom the past foresees.

use std::collections::HashMap;

use graph::recommend::{Columns, History, Recommender, Why};
use graph::strengthen::{Aim, Pairs as Among, Wish, strengthen};
use graph::{Builder, Graph, communities, components};
use network::introduction::{Terms, bridges, joins, newcomer, together};
use store::Micros;
use store::ids::ActorId;

use super::pairs::{Bond, Sketches};
use super::queries;

/// Above so many members whom the network needs is looked for among those near each other only.
const ALL_PAIRS: usize = 300;
/// Whom the ties foresee, so many for each.
const FORESEEN: usize = 20;
/// Circles need not be the best that can be found, only found soon.
const QUICK: communities::Effort = communities::Effort { starts: 2, kicks: 0, rounds: 10, seed: 1 };
/// Ties the whole is asked to choose.
const CHOSEN: usize = 60;

/// What the ties of a network say, for its pairs.
pub(super) struct Web {
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
pub(super) fn warmth(last: Option<Micros>, now: Micros) -> f64 {
    let Some(last) = last else { return 0.2 };
    let days = ((now.0 - last.0).max(0) / Micros::DAY) as f64;
    let a = 1.0 + (-days / 90.0).exp2();
    a / (a + 2.0)
}

impl Web {
    pub(super) fn of(
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

    /// The circles the two move in.
    pub(super) fn circles_of(&self, a: ActorId, b: ActorId) -> Vec<u32> {
        let circle = |id: ActorId| self.circles.of.get(*self.places.get(&id)? as usize).copied();
        let mut circles: Vec<u32> = [a, b].into_iter().filter_map(circle).collect();
        circles.dedup();
        circles
    }

    /// What the ties say of a pair: into its terms, the bonds, and how many know both.
    pub(super) fn of_pair(&self, a: ActorId, b: ActorId, terms: &mut Terms) -> (Vec<Bond>, usize) {
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
