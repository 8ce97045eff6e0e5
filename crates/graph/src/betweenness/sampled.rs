//! Betweenness of large networks from random shortest paths.
//!
//! As KADABRA does (Borassi & Natale 2016, KADABRA is an adaptive algorithm for betweenness via random approximation):
//! two actors are drawn, one of their shortest paths is drawn by searching from both ends at once, and those inside it
//! count one; sampling ends as soon as every value is known well enough. Each count is binomial, so its error follows
//! from Chernoff's bound with the Kullback–Leibler divergence, shared out over all actors and all looks at the counts.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use super::Paths;
use crate::bound::Bound;
use crate::components::Components;
use crate::csr::Csr;
use crate::network::Graph;
use crate::random::Random;

/// Betweenness of all actors from a sample.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// On the scale of [`super::betweenness`].
    pub values: Vec<f64>,
    /// On the same scale, for all actors at once.
    pub bound: Bound,
    pub method: String,
    /// How many paths were drawn.
    pub paths: u64,
}

/// The error at which sampling ends, as a share of the pairs of actors.
const ERROR: f64 = 0.005;
/// Ties looked at after which it ends all the same, with the error reached by then.
const MOST_STEPS: u64 = 4_000_000_000;
/// Paths drawn first, to see who lies on many and how many paths that will take; they count for nothing else, so that
/// what is chosen by them is no choice among the paths that do.
const PILOT: u64 = 4096;
/// The fewest paths that count.
const LEAST: u64 = 1024;
/// Those on most paths of the pilot, those on fewer and all others share the risk in equal parts: the few whose error is
/// the largest by chance are then few to be sure about.
const TIERS: [usize; 2] = [32, 1024];
/// The part of the risk that is for the first look at the counts; later ones share what is left, each half of it.
const FIRST_LOOK: f64 = 0.75;

/// Estimates betweenness within the error stated but for a chance of 1 − `confidence`; `weak` spares looking for paths
/// between components.
#[must_use]
pub fn sampled(graph: &Graph, paths: Paths, weak: &Components, confidence: f64, seed: u64) -> Sampled {
    let n = graph.actors();
    let mut sampler = Sampler::new(graph, paths, weak);
    let mut random = Random::new(seed);
    let mut drawn = 0;
    let mut error = 1.0;
    if n >= 2 {
        sampler.draw_so_many(PILOT, &mut random);
        let tiers = Tiers::new(graph, &sampler.counts);
        let first = FIRST_LOOK * (1.0 - confidence);
        let affordable = (MOST_STEPS as f64 / (sampler.steps as f64 / PILOT as f64).max(1.0)) as u64;
        let mut look = tiers.paths_wanted(&sampler.counts, first).clamp(LEAST, affordable.max(LEAST));
        sampler.counts.fill(0);
        let mut risk = first;
        loop {
            sampler.draw_so_many(look - drawn, &mut random);
            drawn = look;
            error = tiers.error(&sampler.counts, drawn, risk);
            if error <= ERROR || drawn >= affordable {
                break;
            }
            risk = if risk < first { risk / 2.0 } else { (1.0 - confidence - first) / 2.0 };
            look += look / 4;
        }
    }
    let pairs = n as f64 * (n as f64 - 1.0) * if paths == Paths::Directed { 1.0 } else { 0.5 };
    Sampled {
        values: sampler.counts.iter().map(|&count| count as f64 / drawn.max(1) as f64 * pairs).collect(),
        bound: Bound { error: error * pairs, confidence },
        method: format!("{drawn} random shortest paths"),
        paths: drawn,
    }
}

/// Actors by how many paths of the pilot they were on.
struct Tiers(Vec<Vec<u32>>);

impl Tiers {
    fn new(graph: &Graph, counts: &[u64]) -> Self {
        let rows = graph.undirected();
        let prominence =
            |actor: &u32| (std::cmp::Reverse((counts[*actor as usize], rows.degree(*actor))), *actor);
        let mut left: Vec<u32> = rows.each_actor().collect();
        let mut tiers = Vec::new();
        for most in TIERS {
            if left.len() <= most {
                break;
            }
            left.select_nth_unstable_by_key(most, prominence);
            let others = left.split_off(most);
            tiers.push(std::mem::replace(&mut left, others));
        }
        tiers.push(left);
        Self(tiers)
    }

    /// For each tier the greatest count and the risk that is for each of its actors.
    fn each(&self, counts: &[u64], risk: f64) -> impl Iterator<Item = (u64, f64)> {
        let share = risk / self.0.len() as f64;
        self.0.iter().map(move |actors| {
            let most = actors.iter().map(|&actor| counts[actor as usize]).max().unwrap_or(0);
            (most, share / actors.len().max(1) as f64)
        })
    }

    /// How far any value may be from the true one after so many paths.
    fn error(&self, counts: &[u64], drawn: u64, risk: f64) -> f64 {
        let of = |(most, risk)| binomial_error(most as f64 / drawn as f64, drawn, risk);
        self.each(counts, risk).map(of).fold(0.0, f64::max)
    }

    /// How many paths will do, from the counts of the pilot and by how much they may be below what is true.
    fn paths_wanted(&self, counts: &[u64], risk: f64) -> u64 {
        let (mut least, mut most) = (0, 1_u64 << 40);
        while most - least > 1 + most / 1000 {
            let middle = least + (most - least) / 2;
            let of = |(count, risk): (u64, f64)| {
                let above = count as f64 + (count as f64).sqrt();
                binomial_error((above / PILOT as f64).min(1.0), middle, risk)
            };
            let enough = self.each(counts, risk).map(of).fold(0.0, f64::max) <= ERROR;
            if enough { most = middle } else { least = middle }
        }
        most
    }
}

fn pair(random: &mut Random, n: u64) -> (u32, u32) {
    let source = random.below(n);
    let target = random.below(n - 1);
    (source as u32, (target + u64::from(target >= source)) as u32)
}

/// How far the true share may be from a share `p` of `all`, on either side, but for a chance of `risk`.
fn binomial_error(p: f64, all: u64, risk: f64) -> f64 {
    let limit = (2.0 / risk).ln() / all as f64;
    let reach = |end: f64| {
        // the divergence grows from p toward either end: halve in on where it passes the limit
        let (mut inside, mut outside) = (p, end);
        for _ in 0..100 {
            let middle = 0.5 * (inside + outside);
            if divergence(p, middle) <= limit { inside = middle } else { outside = middle }
        }
        (outside - p).abs()
    };
    reach(1.0).max(reach(0.0))
}

/// The Kullback–Leibler divergence of two chances.
fn divergence(p: f64, q: f64) -> f64 {
    let part = |p: f64, q: f64| if p > 0.0 { p * (p / q).ln() } else { 0.0 };
    part(p, q) + part(1.0 - p, 1.0 - q)
}

/// How far each actor is from the end that reached it, in both searches: an actor reached by one is where they meet for
/// the other.
struct Reached {
    /// the distance, doubled, and the bit of the side; [`FAR`] where neither has been
    mark: Vec<u32>,
    paths: Vec<f64>,
}

const FAR: u32 = u32::MAX;
/// Counts of paths are kept within what a number can hold every so many steps: no step makes them more than 2³² times
/// as many.
const OFTEN: u32 = 16;

/// One search from each end.
struct Side<'a> {
    rows: &'a Csr,
    /// rows the other way, along which a path is walked back
    back: &'a Csr,
    /// all that is reached, the present front last
    reached: Vec<u32>,
    front: usize,
    depth: u32,
    /// how many ties the next step looks at
    work: usize,
    /// 0 for one side and 1 for the other
    bit: u32,
}

impl<'a> Side<'a> {
    fn new(rows: &'a Csr, back: &'a Csr, bit: u32) -> Self {
        Self { rows, back, reached: Vec::new(), front: 0, depth: 0, work: 0, bit }
    }

    fn start(&mut self, actor: u32, seen: &mut Reached) {
        self.reached.clear();
        self.reached.push(actor);
        seen.mark[actor as usize] = self.bit;
        seen.paths[actor as usize] = 1.0;
        (self.front, self.depth) = (0, 0);
        self.work = self.rows.degree(actor);
    }

    fn end(&self, seen: &mut Reached) {
        for &actor in &self.reached {
            seen.mark[actor as usize] = FAR;
        }
    }

    fn is_stuck(&self) -> bool {
        self.front == self.reached.len()
    }

    /// Goes one step further. Ties to what the other side has reached are noted as meetings, as seen from here; once there
    /// is one, nobody further away is of interest.
    fn step(&mut self, seen: &mut Reached, meetings: &mut Vec<(u32, u32, f64)>) {
        let end = self.reached.len();
        let next = (self.depth + 1) << 1 | self.bit;
        for i in self.front..end {
            let actor = self.reached[i];
            let paths = seen.paths[actor as usize];
            if !meetings.is_empty() {
                self.meet(actor, seen, meetings);
                continue;
            }
            for &neighbor in self.rows.neighbors(actor) {
                let a = neighbor as usize;
                let mark = seen.mark[a];
                if mark == FAR {
                    seen.mark[a] = next;
                    seen.paths[a] = paths;
                    self.reached.push(neighbor);
                } else if mark == next {
                    seen.paths[a] += paths;
                } else if mark & 1 != self.bit {
                    meetings.push((actor, neighbor, paths * seen.paths[a]));
                }
            }
        }
        self.front = end;
        self.depth += 1;
        if meetings.is_empty() {
            self.work = self.reached[end..].iter().map(|&actor| self.rows.degree(actor)).sum();
            if self.depth.is_multiple_of(OFTEN) {
                self.keep_finite(seen);
            }
        }
    }

    fn meet(&self, actor: u32, seen: &Reached, meetings: &mut Vec<(u32, u32, f64)>) {
        let paths = seen.paths[actor as usize];
        for &neighbor in self.rows.neighbors(actor) {
            let mark = seen.mark[neighbor as usize];
            if mark != FAR && mark & 1 != self.bit {
                meetings.push((actor, neighbor, paths * seen.paths[neighbor as usize]));
            }
        }
    }

    /// Counts of paths stay within what a number can hold; only their ratios within a front matter.
    fn keep_finite(&self, seen: &mut Reached) {
        let front = &self.reached[self.front..];
        let most = front.iter().map(|&actor| seen.paths[actor as usize]).fold(0.0, f64::max);
        if most > 1e50 {
            for &actor in front {
                let paths = &mut seen.paths[actor as usize];
                *paths = (*paths / most).max(f64::MIN_POSITIVE);
            }
        }
    }

    /// Counts those between an actor and the end of this side on one path drawn at random, the actor too unless it is
    /// that end.
    fn count_back(&self, mut actor: u32, seen: &Reached, counts: &mut [u64], random: &mut Random) {
        while seen.mark[actor as usize] > 1 {
            counts[actor as usize] += 1;
            let before = seen.mark[actor as usize] - 2;
            let come_from = self.back.neighbors(actor).iter().copied();
            let come_from = come_from.filter(|&other| seen.mark[other as usize] == before);
            let weighed = come_from.map(|other| (other, seen.paths[other as usize]));
            let Some(previous) = drawn_by_weight(weighed, random) else { return };
            actor = previous;
        }
    }
}

/// One of the items, each as likely as its weight says.
fn drawn_by_weight<T>(items: impl Iterator<Item = (T, f64)>, random: &mut Random) -> Option<T> {
    let mut sum = 0.0;
    let mut chosen = None;
    for (item, weight) in items {
        sum += weight;
        // the first is always taken, a later one with the chance of its share so far
        if chosen.is_none() || random.unit() * sum < weight {
            chosen = Some(item);
        }
    }
    chosen
}

struct Sampler<'a> {
    weak: &'a Components,
    seen: Reached,
    forward: Side<'a>,
    backward: Side<'a>,
    meetings: Vec<(u32, u32, f64)>,
    counts: Vec<u64>,
    steps: u64,
}

impl<'a> Sampler<'a> {
    fn new(graph: &'a Graph, paths: Paths, weak: &'a Components) -> Self {
        let (rows, back, _) = paths.rows(graph);
        let n = graph.actors();
        Self {
            weak,
            seen: Reached { mark: vec![FAR; n], paths: vec![0.0; n] },
            forward: Side::new(rows, back, 0),
            backward: Side::new(back, rows, 1),
            meetings: Vec::new(),
            counts: vec![0; n],
            steps: 0,
        }
    }

    /// Draws so many pairs of actors and a path for each.
    fn draw_so_many(&mut self, many: u64, random: &mut Random) {
        for _ in 0..many {
            let (source, target) = pair(random, self.counts.len() as u64);
            if self.weak.of[source as usize] == self.weak.of[target as usize] {
                self.draw(source, target, random);
            }
        }
    }

    /// Draws one shortest path between two actors, if there is any, and counts those inside it.
    fn draw(&mut self, source: u32, target: u32, random: &mut Random) {
        self.forward.start(source, &mut self.seen);
        self.backward.start(target, &mut self.seen);
        self.meetings.clear();
        if let Some((before, after)) = self.meeting(random) {
            self.forward.count_back(before, &self.seen, &mut self.counts, random);
            self.backward.count_back(after, &self.seen, &mut self.counts, random);
        }
        self.forward.end(&mut self.seen);
        self.backward.end(&mut self.seen);
    }

    /// A tie in which the searches meet on a path drawn at random, if they do.
    fn meeting(&mut self, random: &mut Random) -> Option<(u32, u32)> {
        let mut turned = false;
        while self.meetings.is_empty() {
            if self.forward.is_stuck() || self.backward.is_stuck() {
                return None;
            }
            let (ahead, behind) = (self.forward.work, self.backward.work);
            self.steps += ahead.min(behind) as u64 + 1;
            turned = behind < ahead;
            let side = if turned { &mut self.backward } else { &mut self.forward };
            side.step(&mut self.seen, &mut self.meetings);
        }
        let weighed = self.meetings.iter().map(|&(here, there, weight)| ((here, there), weight));
        let (here, there) = drawn_by_weight(weighed, random)?;
        Some(if turned { (there, here) } else { (here, there) })
    }
}
