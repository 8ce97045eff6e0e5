//! The pieces a network falls into, and how much it is in pieces.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;
use crate::network::Graph;

const NONE: u32 = u32::MAX;

/// Which component each actor belongs to. Components are numbered from 0 by their first actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// For each actor the number of its component.
    pub of: Vec<u32>,
    /// For each component how many actors it has.
    pub sizes: Vec<u64>,
}

impl Components {
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// The number of actors in the largest component; 0 where there are no actors.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.sizes.iter().copied().max().unwrap_or(0)
    }

    /// Σ s(s−1): ordered pairs of actors that have a path between them.
    #[must_use]
    pub fn joined_pairs(&self) -> u128 {
        self.sizes.iter().map(|&size| u128::from(size) * u128::from(size - 1)).sum()
    }

    /// Numbers anew in the order of first appearance, from any labels below the number of actors.
    pub(crate) fn of_labels(mut labels: Vec<u32>) -> Self {
        let mut numbers = vec![NONE; labels.len()];
        let mut sizes: Vec<u64> = Vec::new();
        for label in &mut labels {
            let number = &mut numbers[*label as usize];
            if *number == NONE {
                *number = sizes.len() as u32;
                sizes.push(0);
            }
            *label = *number;
            sizes[*label as usize] += 1;
        }
        Self { of: labels, sizes }
    }
}

/// Components of the undirected projection: actors with a path between them, whichever way its ties run.
///
/// Union–find with each root the least actor of its tree. Two ties of each actor come first; most actors are in one
/// component by then, and none of their other ties need be looked at (Sutton, Ben-Nun & Barak 2018, Afforest).
#[must_use]
pub fn weak_components(graph: &Graph) -> Components {
    let rows = graph.undirected();
    let mut parent: Vec<u32> = rows.each_actor().collect();
    for actor in rows.each_actor() {
        for &neighbor in rows.neighbors(actor).iter().take(FIRST_TIES) {
            link(&mut parent, actor, neighbor);
        }
    }
    flatten(&mut parent);
    let common = most_common(&parent);
    for actor in rows.each_actor() {
        // a tie to the common component stands in the row of its other actor too
        if parent[actor as usize] != common {
            for &neighbor in rows.neighbors(actor).iter().skip(FIRST_TIES) {
                link(&mut parent, actor, neighbor);
            }
        }
    }
    flatten(&mut parent);
    Components::of_labels(parent)
}

const FIRST_TIES: usize = 2;
/// So many actors tell which component is the most common: any answer is right, a good one is quick.
const ASKED: usize = 512;

/// Every actor directly under its root. Roots come before their trees, so one step in order suffices.
fn flatten(parent: &mut [u32]) {
    for actor in 0..parent.len() {
        parent[actor] = parent[parent[actor] as usize];
    }
}

/// The label that most of some evenly spread actors have.
fn most_common(labels: &[u32]) -> u32 {
    let mut asked: Vec<u32> = labels.iter().step_by(labels.len() / ASKED + 1).copied().collect();
    asked.sort_unstable();
    let runs = asked.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).and_then(<[u32]>::first).copied().unwrap_or(NONE)
}

/// Puts the trees of two actors under the lesser of their roots (Rem's algorithm: each step also shortens a path).
fn link(parent: &mut [u32], a: u32, b: u32) {
    let (mut low, mut high) = (a as usize, b as usize);
    while parent[low] != parent[high] {
        if parent[low] > parent[high] {
            std::mem::swap(&mut low, &mut high);
        }
        let above = parent[high] as usize;
        parent[high] = parent[low];
        if above == high {
            return;
        }
        high = above;
    }
}

/// Strong components: actors that reach each other along the direction of ties.
///
/// Most actors of a social network are in one of them. It is found first, as what both reaches and is reached from an
/// actor with many ties (Fleischer, Hendrickson & Pınar 2000): two breadth-first searches need no order in which actors
/// are left. The rest are found by Tarjan's search (1972), without recursion.
#[must_use]
pub fn strong_components(graph: &Graph) -> Components {
    let (out, inward) = (graph.out(), graph.inward());
    let ties = |&actor: &u32| out.degree(actor) as u128 * inward.degree(actor) as u128;
    let Some(center) = out.each_actor().max_by_key(ties) else { return Components::of_labels(Vec::new()) };
    let mut search = Tarjan::new(graph.actors());
    if ties(&center) > 0 {
        let (reached, reaching) = (reach(out, inward, center), reach(inward, out, center));
        for actor in out.each_actor() {
            if has(&reached, actor) && has(&reaching, actor) {
                search.label[actor as usize] = center;
                search.seen[actor as usize] = 0;
            }
        }
    }
    Components::of_labels(search.run(out))
}

/// The actors reached along the rows from one of them, as bits; `back` are the rows the other way.
///
/// Once many are reached, those who are not look for one among their own few, in the order in which rows lie in memory
/// (Beamer, Asanović & Patterson 2012, Direction-optimizing breadth-first search); the last are reached forward again.
fn reach(rows: &Csr, back: &Csr, from: u32) -> Vec<u64> {
    let mut reached = vec![0_u64; rows.actors().div_ceil(64)];
    reached[from as usize / 64] |= 1 << (from % 64);
    let mut queue = vec![from];
    spread(rows, &mut reached, &mut queue, rows.actors() / 16);
    if queue.is_empty() {
        return reached;
    }
    loop {
        queue.clear();
        for actor in rows.each_actor() {
            if !has(&reached, actor) && back.neighbors(actor).iter().any(|&before| has(&reached, before)) {
                reached[actor as usize / 64] |= 1 << (actor % 64);
                queue.push(actor);
            }
        }
        if queue.len() <= rows.actors() / 64 {
            break;
        }
    }
    // whoever was not reached in the last round can be so only from those who were reached in it
    spread(rows, &mut reached, &mut queue, usize::MAX);
    reached
}

/// Goes on from those in the queue until it is empty or so many have been in it.
fn spread(rows: &Csr, reached: &mut [u64], queue: &mut Vec<u32>, most: usize) {
    let mut next = 0;
    while let Some(&actor) = queue.get(next) {
        if next > most {
            return;
        }
        next += 1;
        for &neighbor in rows.neighbors(actor) {
            let word = &mut reached[neighbor as usize / 64];
            let bit = 1 << (neighbor % 64);
            if *word & bit == 0 {
                *word |= bit;
                queue.push(neighbor);
            }
        }
    }
    queue.clear();
}

fn has(bits: &[u64], actor: u32) -> bool {
    bits[actor as usize / 64] >> (actor % 64) & 1 == 1
}

/// Finds the components of actors not yet labeled; those labeled before are passed over.
struct Tarjan {
    /// the order in which an actor was first seen
    seen: Vec<u32>,
    low: Vec<u32>,
    label: Vec<u32>,
    open: Vec<u32>,
    path: Vec<(u32, usize)>,
    count: u32,
}

impl Tarjan {
    fn new(actors: usize) -> Self {
        Self {
            seen: vec![NONE; actors],
            low: vec![NONE; actors],
            label: vec![NONE; actors],
            open: Vec::new(),
            path: Vec::new(),
            count: 0,
        }
    }

    fn run(mut self, rows: &Csr) -> Vec<u32> {
        for root in rows.each_actor() {
            if self.seen[root as usize] == NONE {
                self.enter(root);
            }
            while let Some(&(actor, next)) = self.path.last() {
                match rows.neighbors(actor).get(next) {
                    Some(&neighbor) => {
                        if let Some(top) = self.path.last_mut() {
                            top.1 += 1;
                        }
                        self.look(actor, neighbor);
                    }
                    None => self.leave(actor),
                }
            }
        }
        self.label
    }

    fn enter(&mut self, actor: u32) {
        self.seen[actor as usize] = self.count;
        self.low[actor as usize] = self.count;
        self.count += 1;
        self.open.push(actor);
        self.path.push((actor, 0));
    }

    fn look(&mut self, actor: u32, neighbor: u32) {
        if self.seen[neighbor as usize] == NONE {
            self.enter(neighbor);
        } else if self.label[neighbor as usize] == NONE {
            let low = &mut self.low[actor as usize];
            *low = (*low).min(self.seen[neighbor as usize]);
        }
    }

    fn leave(&mut self, actor: u32) {
        self.path.pop();
        let low = self.low[actor as usize];
        if let Some(&(above, _)) = self.path.last() {
            let of_above = &mut self.low[above as usize];
            *of_above = (*of_above).min(low);
        }
        if low == self.seen[actor as usize] {
            while let Some(member) = self.open.pop() {
                self.label[member as usize] = actor;
                if member == actor {
                    break;
                }
            }
        }
    }
}

/// Krackhardt's connectedness: the share of pairs with a path between them in the undirected projection (Krackhardt
/// 1994, Graph theoretical dimensions of informal organizations). None below two actors.
#[must_use]
pub fn connectedness(components: &Components) -> Option<f64> {
    let n = components.of.len() as f64;
    (components.of.len() >= 2).then(|| components.joined_pairs() as f64 / (n * (n - 1.0)))
}

/// Fragmentation: the share of pairs without a path between them, 1 − [`connectedness`] (Borgatti 2006, Identifying
/// sets of key players in a social network). None below two actors.
#[must_use]
pub fn fragmentation(components: &Components) -> Option<f64> {
    let n = components.of.len() as u128;
    let pairs = n * n.saturating_sub(1);
    (pairs > 0).then(|| (pairs - components.joined_pairs()) as f64 / pairs as f64)
}
