//! Actors and ties whose loss would part a component: articulation points and bridges, and the biconnected
//! components between them. One depth-first pass without recursion (Hopcroft & Tarjan 1973).

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::network::Graph;

const NONE: u32 = u32::MAX;

/// Where the network can be cut by taking away one actor or one tie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cuts {
    /// Actors without whom their component falls apart, ascending.
    pub articulation_points: Vec<u32>,
    /// Ties without which their component falls apart, as (lower, higher) actor, ascending.
    pub bridges: Vec<(u32, u32)>,
    /// Maximal groups of ties of which any two lie on a common cycle; a bridge is one alone.
    pub biconnected_components: u64,
    /// For each actor Σ s² over the parts its component falls into without it.
    pub(crate) squares_without: Vec<u128>,
}

/// Finds articulation points, bridges and the number of biconnected components of the undirected projection.
#[must_use]
pub fn cuts(graph: &Graph) -> Cuts {
    let mut search = Search::new(graph.actors());
    let rows = graph.undirected();
    for root in rows.each_actor() {
        if search.seen[root as usize] == NONE {
            search.component(rows, root);
        }
    }
    search.finished()
}

struct Search {
    seen: Vec<u32>,
    low: Vec<u32>,
    parent: Vec<u32>,
    /// actors at and below each in the tree of the search
    below: Vec<u32>,
    /// actors in parts that come off when the actor goes, and the sum of their squared sizes
    parted: Vec<u32>,
    squares: Vec<u128>,
    is_point: Vec<bool>,
    bridges: Vec<(u32, u32)>,
    blocks: u64,
    count: u32,
    order: Vec<u32>,
}

impl Search {
    fn new(actors: usize) -> Self {
        Self {
            seen: vec![NONE; actors],
            low: vec![NONE; actors],
            parent: vec![NONE; actors],
            below: vec![1; actors],
            parted: vec![0; actors],
            squares: vec![0; actors],
            is_point: vec![false; actors],
            bridges: Vec::new(),
            blocks: 0,
            count: 0,
            order: Vec::new(),
        }
    }

    fn component(&mut self, rows: &crate::csr::Csr, root: u32) {
        let mut path: Vec<(u32, u32)> = vec![(root, 0)];
        let first = self.count;
        self.order.clear();
        self.enter(root, NONE);
        let mut root_children = 0;
        while let Some(top) = path.last_mut() {
            let (actor, next) = *top;
            let Some(&neighbor) = rows.neighbors(actor).get(next as usize) else {
                path.pop();
                let Some(&(parent, _)) = path.last() else { break };
                root_children += u32::from(parent == root);
                self.leave(actor, parent, root);
                continue;
            };
            top.1 += 1;
            let seen = self.seen[neighbor as usize];
            if seen == NONE {
                self.enter(neighbor, actor);
                path.push((neighbor, 0));
            } else if neighbor != self.parent[actor as usize] {
                let low = &mut self.low[actor as usize];
                *low = (*low).min(seen);
            }
        }
        self.is_point[root as usize] = root_children > 1;
        let size = self.count - first;
        for &actor in &self.order {
            let rest = u128::from(size - 1 - self.parted[actor as usize]);
            self.squares[actor as usize] += rest * rest;
        }
    }

    fn enter(&mut self, actor: u32, parent: u32) {
        self.seen[actor as usize] = self.count;
        self.low[actor as usize] = self.count;
        self.parent[actor as usize] = parent;
        self.count += 1;
        self.order.push(actor);
    }

    fn leave(&mut self, actor: u32, parent: u32, root: u32) {
        let (a, p) = (actor as usize, parent as usize);
        self.below[p] += self.below[a];
        let low = self.low[a];
        self.low[p] = self.low[p].min(low);
        if low >= self.seen[p] {
            self.blocks += 1;
            self.is_point[p] |= parent != root;
            self.parted[p] += self.below[a];
            self.squares[p] += u128::from(self.below[a]) * u128::from(self.below[a]);
        }
        if low > self.seen[p] {
            self.bridges.push((actor.min(parent), actor.max(parent)));
        }
    }

    fn finished(mut self) -> Cuts {
        self.bridges.sort_unstable();
        let points = self.is_point.iter().enumerate().filter(|&(_, &is)| is);
        Cuts {
            articulation_points: points.map(|(actor, _)| actor as u32).collect(),
            bridges: self.bridges,
            biconnected_components: self.blocks,
            squares_without: self.squares,
        }
    }
}
