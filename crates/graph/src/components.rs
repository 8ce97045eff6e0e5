//! The pieces a network falls into, and how much it is in pieces.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

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
/// Union–find over the outward rows with each root the least actor of its tree, so no other view is needed.
#[must_use]
pub fn weak_components(graph: &Graph) -> Components {
    let rows = graph.out();
    let mut parent: Vec<u32> = rows.each_actor().collect();
    for actor in rows.each_actor() {
        for &neighbor in rows.neighbors(actor) {
            link(&mut parent, actor, neighbor);
        }
    }
    for actor in 0..parent.len() {
        // roots come before their trees, so one step suffices
        parent[actor] = parent[parent[actor] as usize];
    }
    Components::of_labels(parent)
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

/// Strong components: actors that reach each other along the direction of ties (Tarjan 1972, without recursion).
#[must_use]
pub fn strong_components(graph: &Graph) -> Components {
    Components::of_labels(Tarjan::new(graph.actors()).run(graph))
}

struct Tarjan {
    /// the order in which an actor was first seen; then, once its component is known, past every such number
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

    fn run(mut self, graph: &Graph) -> Vec<u32> {
        let rows = graph.out();
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
