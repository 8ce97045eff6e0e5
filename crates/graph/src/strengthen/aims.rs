//! The choice itself, for paths, resilience and mixing: of the pairs that may be introduced, the one that brings most
//! now; then the same again.

#![expect(
    clippy::indexing_slicing,
    reason = "actors are numbered from 0 and every list is as long as they are many"
)]

use std::collections::BinaryHeap;

use super::blocks::Blocks;
use super::pairs::pairs;
use super::reach::Reach;
use super::{Pairs, Wish};
use crate::groups::{Groups, ei_expected};
use crate::network::Graph;

/// A network that ties are being added to.
pub(super) struct Network<'a> {
    pub neighbors: Vec<Vec<u32>>,
    pub reach: Reach,
    pub wish: Wish,
    /// In how many introductions each actor stands so far.
    pub used: Vec<usize>,
    groups: Option<&'a Groups>,
    /// Two actors each, and the gain in efficiency.
    pub chosen: Vec<(u32, u32, f64)>,
}

/// How many pairs are kept when there are too many to weigh each.
const SIEVED: usize = 12_000;
/// So many pairs are weighed each.
const FEW: usize = 60_000;
/// The sieve is filled anew after so many introductions.
const REFILL: usize = 10;

impl<'a> Network<'a> {
    pub fn new(graph: &Graph, groups: Option<&'a Groups>, wish: Wish) -> Self {
        let rows = graph.undirected();
        let neighbors: Vec<Vec<u32>> =
            rows.each_actor().map(|actor| rows.neighbors(actor).to_vec()).collect();
        let reach = Reach::new(&neighbors);
        let used = vec![0; neighbors.len()];
        Self { neighbors, reach, wish, used, groups, chosen: Vec::new() }
    }

    /// Whether both may still be introduced, and are not tied.
    pub fn may(&self, a: u32, b: u32) -> bool {
        self.used[a as usize] < self.wish.per_actor
            && self.used[b as usize] < self.wish.per_actor
            && self.neighbors[a as usize].binary_search(&b).is_err()
    }

    pub fn introduce(&mut self, a: u32, b: u32) {
        let gain = self.reach.gain(a, b);
        self.reach.add(a, b);
        for (own, other) in [(a, b), (b, a)] {
            let row = &mut self.neighbors[own as usize];
            let place = row.partition_point(|&before| before < other);
            row.insert(place, other);
            self.used[own as usize] += 1;
        }
        self.chosen.push((a, b, gain));
    }

    /// For efficiency.
    pub fn paths(mut self) -> Vec<(u32, u32, f64)> {
        let offered = pairs(&self.neighbors, self.wish.pairs);
        if offered.len() <= FEW {
            self.best_of(&offered, self.wish.count);
            return self.chosen;
        }
        let mut always = pairs(&self.neighbors, Pairs::Plausible);
        if self.wish.pairs == Pairs::All {
            always.extend(self.between_pieces());
        }
        while self.chosen.len() < self.wish.count {
            let before = self.chosen.len();
            let mut sieved = self.sieve(&offered);
            sieved.extend(&always);
            sieved.sort_unstable();
            sieved.dedup();
            self.best_of(&sieved, (before + REFILL).min(self.wish.count));
            if self.chosen.len() == before {
                break;
            }
        }
        self.chosen
    }

    /// The pairs that promise most at a glance.
    fn sieve(&self, offered: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let glance = self.reach.glance();
        let mut guessed: Vec<(f32, u32, u32)> = offered
            .iter()
            .filter(|&&(a, b)| self.may(a, b))
            .map(|&(a, b)| (glance.guess(a, b), a, b))
            .collect();
        let better =
            |x: &(f32, u32, u32), y: &(f32, u32, u32)| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2)));
        if guessed.len() > SIEVED {
            guessed.select_nth_unstable_by(SIEVED, better);
            guessed.truncate(SIEVED);
        }
        guessed.into_iter().map(|(_, a, b)| (a, b)).collect()
    }

    /// Introduces the best of these pairs, and again until so many are chosen. A gain known from before is taken as a
    /// bound for what the pair brings now (Minoux 1978): ties added before leave less to gain.
    fn best_of(&mut self, offered: &[(u32, u32)], until: usize) {
        let mut heap = BinaryHeap::with_capacity(offered.len());
        for &(a, b) in offered {
            if self.may(a, b) {
                heap.push(Entry {
                    value: self.reach.bound(a, b),
                    a,
                    b,
                    known: Known::Bound,
                    at: self.chosen.len(),
                });
            }
        }
        while self.chosen.len() < until {
            let Some(entry) = heap.pop() else { return };
            let (a, b) = (entry.a, entry.b);
            if entry.value <= 0.0 || !self.may(a, b) {
                continue;
            }
            let at = self.chosen.len();
            match entry.known {
                Known::Gain if entry.at == at => self.introduce(a, b),
                Known::Bound if entry.at == at => {
                    heap.push(Entry { value: self.reach.gain(a, b), known: Known::Gain, ..entry });
                }
                _ => heap.push(Entry { value: self.reach.bound(a, b), known: Known::Bound, at, ..entry }),
            }
        }
    }

    /// For fewer articulation points and bridges.
    pub fn resilience(mut self) -> Vec<(u32, u32, f64)> {
        let offered = match self.wish.pairs {
            Pairs::All => Vec::new(),
            which => pairs(&self.neighbors, which),
        };
        while self.chosen.len() < self.wish.count {
            let blocks = Blocks::new(&self.neighbors);
            let between_leaves;
            let offered = match self.wish.pairs {
                Pairs::All => {
                    between_leaves = self.between_leaves(&blocks);
                    &between_leaves
                }
                _ => &offered,
            };
            let mut best: Option<(f64, u32, u32)> = None;
            for &(a, b) in offered {
                if !self.may(a, b) {
                    continue;
                }
                // of those that mend as much, the two nearest to one another are easiest to bring together
                let apart = self.reach.between(a, b).map_or(0.0, f64::from).min(999.0);
                let worth = blocks.worth(a, b);
                let value = worth - apart * 1e-6;
                if worth > 0.0 && best.is_none_or(|(before, _, _)| value > before) {
                    best = Some((value, a, b));
                }
            }
            let Some((_, a, b)) = best else { break };
            self.introduce(a, b);
        }
        self.chosen
    }

    /// Pairs of actors from different leaves of the tree of blocks; no pair mends more than the best of these.
    fn between_leaves(&self, blocks: &Blocks) -> Vec<(u32, u32)> {
        let able = |actor: &&u32| self.used[**actor as usize] < self.wish.per_actor;
        let degree = |actor: &&u32| (self.neighbors[**actor as usize].len(), std::cmp::Reverse(**actor));
        let mut ends: Vec<u32> = Vec::new();
        for leaf in blocks.leaves() {
            ends.extend(leaf.iter().filter(able).max_by_key(degree));
        }
        // longest ways first where there are too many leaves: those far from where the first one hangs
        if ends.len() > 1_500
            && let Some(&first) = ends.first()
        {
            ends.sort_by(|&x, &y| blocks.worth(first, y).total_cmp(&blocks.worth(first, x)).then(x.cmp(&y)));
            ends.truncate(1_500);
        }
        let mut pairs = Vec::new();
        for (place, &a) in ends.iter().enumerate() {
            pairs.extend(ends[..place].iter().map(|&b| (a.min(b), a.max(b))));
        }
        pairs
    }

    /// For the E-I index that group sizes lead one to expect: first between groups that meet least beside what is
    /// expected of them, and of those the pair that brings most efficiency.
    pub fn mixing(mut self) -> Vec<(u32, u32, f64)> {
        let Some(groups) = self.groups else { return Vec::new() };
        let Some(expected) = ei_expected(groups) else { return Vec::new() };
        let mut meetings = Meetings::new(groups, &self.neighbors);
        let mut offered = pairs(&self.neighbors, self.wish.pairs);
        let apart = meetings.index() < expected;
        offered.retain(|&(a, b)| (groups.of()[a as usize] != groups.of()[b as usize]) == apart);
        if offered.len() > FEW {
            offered = self.sieve(&offered);
        }
        let mut gains: Vec<f64> = offered.iter().map(|&(a, b)| self.reach.bound(a, b)).collect();
        let most = gains.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        gains.iter_mut().for_each(|gain| *gain /= most);
        while self.chosen.len() < self.wish.count {
            let mut best: Option<(f64, usize)> = None;
            for (place, &(a, b)) in offered.iter().enumerate() {
                let (g, h) = (groups.of()[a as usize], groups.of()[b as usize]);
                let value = meetings.missing(g, h) + 0.25 * gains[place];
                if best.is_none_or(|(before, _)| value > before) && self.may(a, b) {
                    best = Some((value, place));
                }
            }
            let Some((_, place)) = best else { break };
            let (a, b) = offered[place];
            let before = (meetings.index() - expected).abs();
            meetings.meet(groups.of()[a as usize], groups.of()[b as usize]);
            if (meetings.index() - expected).abs() >= before {
                break;
            }
            self.introduce(a, b);
        }
        self.chosen
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Bound,
    Gain,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    value: f64,
    a: u32,
    b: u32,
    known: Known,
    /// How many introductions were chosen when the value was taken.
    at: usize,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.total_cmp(&other.value).then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == std::cmp::Ordering::Equal
    }
}

impl Eq for Entry {}

/// How often groups meet, beside what their sizes lead one to expect.
struct Meetings {
    ties: std::collections::BTreeMap<(u32, u32), f64>,
    sizes: Vec<f64>,
    between: f64,
    all: f64,
    possible: f64,
}

impl Meetings {
    fn new(groups: &Groups, neighbors: &[Vec<u32>]) -> Self {
        let mut sizes = vec![0.0; groups.count()];
        for &group in groups.of() {
            sizes[group as usize] += 1.0;
        }
        let n = neighbors.len() as f64;
        let mut meetings = Self {
            ties: std::collections::BTreeMap::new(),
            sizes,
            between: 0.0,
            all: 0.0,
            possible: (n * (n - 1.0) / 2.0).max(1.0),
        };
        for (a, row) in neighbors.iter().enumerate() {
            for &b in row.iter().filter(|&&b| b as usize > a) {
                meetings.meet(groups.of()[a], groups.of()[b as usize]);
            }
        }
        meetings
    }

    fn meet(&mut self, g: u32, h: u32) {
        *self.ties.entry((g.min(h), g.max(h))).or_insert(0.0) += 1.0;
        self.all += 1.0;
        self.between += f64::from(u8::from(g != h));
    }

    /// (E − I) / (E + I); −1 without any tie, so that the first comes between groups.
    fn index(&self) -> f64 {
        if self.all > 0.0 { (2.0 * self.between - self.all) / self.all } else { -1.0 }
    }

    /// The share missing of the ties expected between two groups, 0 to 1.
    fn missing(&self, g: u32, h: u32) -> f64 {
        let (g_size, h_size) = (self.sizes[g as usize], self.sizes[h as usize]);
        let pairs = if g == h { g_size * (g_size - 1.0) / 2.0 } else { g_size * h_size };
        let expected = self.all * pairs / self.possible;
        let ties = self.ties.get(&(g.min(h), g.max(h))).copied().unwrap_or(0.0);
        if expected > 0.0 { (1.0 - ties / expected).max(0.0) } else { 0.0 }
    }
}
