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
/// The first look at the counts; each next one after half as many paths again.
const FIRST_LOOK: u64 = 4096;
/// Half of the risk is for this many actors of the highest degree, who have the higher betweenness.
const PROMINENT: usize = 4096;

/// Estimates betweenness within the error stated but for a chance of 1 − `confidence`; `weak` spares looking for paths
/// between components.
#[must_use]
pub fn sampled(graph: &Graph, paths: Paths, weak: &Components, confidence: f64, seed: u64) -> Sampled {
    let n = graph.actors();
    let mut sampler = Sampler::new(graph, paths);
    let mut random = Random::new(seed);
    let (prominent, others) = by_prominence(graph);
    let mut drawn = 0;
    let mut look = FIRST_LOOK;
    let mut looks = 0;
    let error = loop {
        while drawn < look && n >= 2 {
            let (source, target) = pair(&mut random, n as u64);
            if weak.of[source as usize] == weak.of[target as usize] {
                sampler.draw(source, target, &mut random);
            }
            drawn += 1;
        }
        looks += 1;
        // risks halve from look to look, so that all together stay within what is allowed
        let risk = (1.0 - confidence) * 0.5_f64.powi(looks) / 2.0;
        let of = |actors: &[u32]| {
            let most = actors.iter().map(|&actor| sampler.counts[actor as usize]).max().unwrap_or(0);
            binomial_error(most, drawn, risk / actors.len().max(1) as f64)
        };
        let error = of(&prominent).max(of(&others));
        if error <= ERROR || sampler.steps >= MOST_STEPS || n < 2 {
            break error;
        }
        look += look / 2;
    };
    let pairs = n as f64 * (n as f64 - 1.0) * if paths == Paths::Directed { 1.0 } else { 0.5 };
    Sampled {
        values: sampler.counts.iter().map(|&count| count as f64 / drawn.max(1) as f64 * pairs).collect(),
        bound: Bound { error: error * pairs, confidence },
        method: format!("{drawn} random shortest paths"),
        paths: drawn,
    }
}

fn by_prominence(graph: &Graph) -> (Vec<u32>, Vec<u32>) {
    let rows = graph.undirected();
    let mut actors: Vec<u32> = rows.each_actor().collect();
    if actors.len() <= PROMINENT {
        return (actors, Vec::new());
    }
    actors.select_nth_unstable_by_key(PROMINENT, |&actor| (std::cmp::Reverse(rows.degree(actor)), actor));
    let others = actors.split_off(PROMINENT);
    (actors, others)
}

fn pair(random: &mut Random, n: u64) -> (u32, u32) {
    let source = random.below(n);
    let target = random.below(n - 1);
    (source as u32, (target + u64::from(target >= source)) as u32)
}

/// How far the true share may be from `count` of `all`, on either side, but for a chance of `risk`.
fn binomial_error(count: u64, all: u64, risk: f64) -> f64 {
    let p = count as f64 / all as f64;
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

/// One search from each end.
struct Side<'a> {
    rows: &'a Csr,
    /// rows the other way, along which a path is walked back
    back: &'a Csr,
    distance: Vec<u32>,
    paths: Vec<f64>,
    /// all that is reached, the present front last
    reached: Vec<u32>,
    front: usize,
    depth: u32,
    /// how many ties the next step looks at
    work: usize,
}

const FAR: u32 = u32::MAX;

impl<'a> Side<'a> {
    fn new(rows: &'a Csr, back: &'a Csr) -> Self {
        let n = rows.actors();
        Self {
            rows,
            back,
            distance: vec![FAR; n],
            paths: vec![0.0; n],
            reached: Vec::new(),
            front: 0,
            depth: 0,
            work: 0,
        }
    }

    fn start(&mut self, actor: u32) {
        for &actor in &self.reached {
            self.distance[actor as usize] = FAR;
        }
        self.reached.clear();
        self.reached.push(actor);
        self.distance[actor as usize] = 0;
        self.paths[actor as usize] = 1.0;
        (self.front, self.depth) = (0, 0);
        self.work = self.rows.degree(actor);
    }

    fn is_stuck(&self) -> bool {
        self.front == self.reached.len()
    }

    /// Goes one step further. Ties to what the other side has reached are noted as meetings, as seen from here.
    fn step(&mut self, other: &Self, meetings: &mut Vec<(u32, u32, f64)>) {
        let end = self.reached.len();
        let next = self.depth + 1;
        for i in self.front..end {
            let actor = self.reached[i];
            let paths = self.paths[actor as usize];
            for &neighbor in self.rows.neighbors(actor) {
                let a = neighbor as usize;
                if other.distance[a] != FAR {
                    meetings.push((actor, neighbor, paths * other.paths[a]));
                } else if self.distance[a] == FAR {
                    self.distance[a] = next;
                    self.paths[a] = paths;
                    self.reached.push(neighbor);
                } else if self.distance[a] == next {
                    self.paths[a] += paths;
                }
            }
        }
        self.front = end;
        self.depth = next;
        self.work = self.reached[end..].iter().map(|&actor| self.rows.degree(actor)).sum();
        self.keep_finite();
    }

    /// Counts of paths stay within what a number can hold; only their ratios within a front matter.
    fn keep_finite(&mut self) {
        let front = &self.reached[self.front..];
        if front.iter().any(|&actor| self.paths[actor as usize] > 1e100) {
            for &actor in front {
                let paths = &mut self.paths[actor as usize];
                *paths = (*paths * 1e-100).max(f64::MIN_POSITIVE);
            }
        }
    }

    /// Counts those between an actor and the end of this side on one path drawn at random, the actor too unless it is
    /// that end.
    fn count_back(&self, mut actor: u32, counts: &mut [u64], random: &mut Random) {
        while self.distance[actor as usize] > 0 {
            counts[actor as usize] += 1;
            let before = self.distance[actor as usize] - 1;
            let come_from = self.back.neighbors(actor).iter().copied();
            let come_from = come_from.filter(|&other| self.distance[other as usize] == before);
            let weighed = come_from.map(|other| (other, self.paths[other as usize]));
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
    forward: Side<'a>,
    backward: Side<'a>,
    meetings: Vec<(u32, u32, f64)>,
    counts: Vec<u64>,
    steps: u64,
}

impl<'a> Sampler<'a> {
    fn new(graph: &'a Graph, paths: Paths) -> Self {
        let (rows, back, _) = paths.rows(graph);
        Self {
            forward: Side::new(rows, back),
            backward: Side::new(back, rows),
            meetings: Vec::new(),
            counts: vec![0; graph.actors()],
            steps: 0,
        }
    }

    /// Draws one shortest path between two actors, if there is any, and counts those inside it.
    fn draw(&mut self, source: u32, target: u32, random: &mut Random) {
        self.forward.start(source);
        self.backward.start(target);
        self.meetings.clear();
        let mut turned = false;
        while self.meetings.is_empty() {
            if self.forward.is_stuck() || self.backward.is_stuck() {
                return;
            }
            let (ahead, behind) = (self.forward.work, self.backward.work);
            self.steps += ahead.min(behind) as u64 + 1;
            turned = behind < ahead;
            if turned {
                self.backward.step(&self.forward, &mut self.meetings);
            } else {
                self.forward.step(&self.backward, &mut self.meetings);
            }
        }
        let weighed = self.meetings.iter().map(|&(here, there, weight)| ((here, there), weight));
        let Some((here, there)) = drawn_by_weight(weighed, random) else { return };
        let (before, after) = if turned { (there, here) } else { (here, there) };
        self.forward.count_back(before, &mut self.counts, random);
        self.backward.count_back(after, &mut self.counts, random);
    }
}
