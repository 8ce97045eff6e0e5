//! Actors and ties whose loss would part a component: articulation points and bridges, and the biconnected
//! components between them. One depth-first pass without recursion (Hopcroft & Tarjan 1973).

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;
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
    /// For each articulation point Σ s² over the parts its component falls into without it.
    pub(crate) squares_without: Vec<u128>,
}

/// Finds articulation points, bridges and the number of biconnected components of the undirected projection.
#[must_use]
pub fn cuts(graph: &Graph) -> Cuts {
    let rows = graph.undirected();
    let mut search = Search { seen: vec![NONE; graph.actors()], ..Search::default() };
    for root in rows.each_actor() {
        if search.seen[root as usize] == NONE {
            search.component(rows, root);
        }
    }
    search.finished()
}

/// All that is written to in no order is when each actor was first seen; the rest lies in stacks.
#[derive(Default)]
struct Search {
    seen: Vec<u32>,
    count: u32,
    path: Vec<Step>,
    /// the actors on the path from whom parts are known to come off, in the order of the path
    parting: Vec<Parting>,
    points: Vec<Parting>,
    bridges: Vec<(u32, u32)>,
    blocks: u64,
}

/// An actor on the path, which of its ties is looked at next, and the earliest actor its subtree has a tie to.
struct Step {
    actor: u32,
    low: u32,
    at: usize,
    end: usize,
}

/// How many actors come off in parts when this one goes, and the sum of their squared sizes.
struct Parting {
    actor: u32,
    parts: u32,
    parted: u32,
    squares: u128,
}

impl Search {
    fn component(&mut self, rows: &Csr, root: u32) {
        let (first, known) = (self.count, self.points.len());
        self.enter(rows, root);
        while let Some(step) = self.path.pop() {
            let parent = self.path.last().map_or(NONE, |above| above.actor);
            self.advance(rows, step, parent);
        }
        // what is left of the component when a point goes is known once all of it has been seen
        let size = self.count - first;
        for point in &mut self.points[known..] {
            let rest = u128::from(size - 1 - point.parted);
            point.squares += rest * rest;
        }
    }

    fn enter(&mut self, rows: &Csr, actor: u32) {
        self.seen[actor as usize] = self.count;
        let (at, end) = (rows.starts()[actor as usize], rows.starts()[actor as usize + 1]);
        self.path.push(Step { actor, low: self.count, at, end });
        self.count += 1;
    }

    /// Looks at ties until one leads to an actor not yet seen, or leaves.
    fn advance(&mut self, rows: &Csr, mut step: Step, parent: u32) {
        while step.at < step.end {
            let neighbor = rows.all_neighbors()[step.at];
            step.at += 1;
            let seen = self.seen[neighbor as usize];
            if seen == NONE {
                self.path.push(step);
                self.enter(rows, neighbor);
                return;
            }
            if seen < step.low && neighbor != parent {
                step.low = seen;
            }
        }
        self.leave(&step);
    }

    fn leave(&mut self, step: &Step) {
        let is_root = self.path.is_empty();
        if let Some(point) = self.parting.pop_if(|parting| parting.actor == step.actor)
            // whoever the search began with parts the rest only if there are two parts
            && (!is_root || point.parts > 1)
        {
            self.points.push(point);
        }
        let Some(above) = self.path.last_mut() else { return };
        above.low = above.low.min(step.low);
        let (parent, own) = (above.actor, self.seen[step.actor as usize]);
        let seen = self.seen[parent as usize];
        if step.low >= seen {
            self.blocks += 1;
            if self.parting.last().is_none_or(|parting| parting.actor != parent) {
                self.parting.push(Parting { actor: parent, parts: 0, parted: 0, squares: 0 });
            }
            // whoever was seen since stands below
            let below = self.count - own;
            if let Some(parting) = self.parting.last_mut() {
                parting.parts += 1;
                parting.parted += below;
                parting.squares += u128::from(below) * u128::from(below);
            }
        }
        if step.low > seen {
            self.bridges.push((step.actor.min(parent), step.actor.max(parent)));
        }
    }

    fn finished(mut self) -> Cuts {
        self.bridges.sort_unstable();
        self.points.sort_unstable_by_key(|point| point.actor);
        Cuts {
            articulation_points: self.points.iter().map(|point| point.actor).collect(),
            bridges: self.bridges,
            biconnected_components: self.blocks,
            squares_without: self.points.iter().map(|point| point.squares).collect(),
        }
    }
}
