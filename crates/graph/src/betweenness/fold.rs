//! Trees that hang from a network, folded into the actors they hang from. All paths in and out of such a tree lead
//! through its root, so its actors' betweenness follows from counting, and only the rest needs searches
//! (Baglioni et al. 2012). A star, a chain or any tree folds to one actor.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use super::Paths;
use crate::csr::Csr;
use crate::network::Graph;

/// A network whose hanging trees are folded.
pub struct Folded<'a> {
    pub(super) forward: &'a Csr,
    pub(super) share: f64,
    /// Folded actors in the order of folding, with the actor each was folded into and whether there is an arc to it
    /// and from it.
    leaves: Vec<Leaf>,
    pub(super) is_core: Vec<bool>,
    /// How many actors, itself included, come out at each actor of what is folded into it, and how many can be
    /// reached from it there.
    pub(super) sources: Vec<f64>,
    pub(super) targets: Vec<f64>,
    /// Betweenness for pairs within what is folded into each actor.
    within: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Leaf {
    actor: u32,
    root: u32,
    up: bool,
    down: bool,
}

impl<'a> Folded<'a> {
    #[must_use]
    pub fn new(graph: &'a Graph, paths: Paths) -> Self {
        let (forward, _, share) = paths.rows(graph);
        let either = graph.undirected();
        let n = either.actors();
        let mut folded = Self {
            forward,
            share,
            leaves: Vec::new(),
            is_core: vec![true; n],
            sources: vec![1.0; n],
            targets: vec![1.0; n],
            within: vec![0.0; n],
        };
        let mut degree: Vec<u32> = either.each_actor().map(|actor| either.degree(actor) as u32).collect();
        let mut queue: Vec<u32> = either.each_actor().filter(|&actor| degree[actor as usize] == 1).collect();
        let mut at = 0;
        while let Some(&actor) = queue.get(at) {
            at += 1;
            // the last of a tree has nobody left to be folded into
            if degree[actor as usize] != 1 {
                continue;
            }
            let mut open =
                either.neighbors(actor).iter().copied().filter(|&other| folded.is_core[other as usize]);
            let Some(root) = open.next() else { continue };
            folded.fold(actor, root);
            degree[actor as usize] = 0;
            degree[root as usize] -= 1;
            if degree[root as usize] == 1 {
                queue.push(root);
            }
        }
        folded
    }

    fn fold(&mut self, actor: u32, root: u32) {
        let leaf =
            Leaf { actor, root, up: self.forward.has(actor, root), down: self.forward.has(root, actor) };
        let (a, r) = (actor as usize, root as usize);
        let out = if leaf.up { self.sources[a] } else { 0.0 };
        let into = if leaf.down { self.targets[a] } else { 0.0 };
        self.within[r] += out * (self.targets[r] - 1.0) + (self.sources[r] - 1.0) * into;
        self.sources[r] += out;
        self.targets[r] += into;
        self.is_core[a] = false;
        self.leaves.push(leaf);
    }

    /// About how many ties all searches from what is not folded visit, to choose by.
    #[must_use]
    pub fn steps(&self) -> f64 {
        let (mut actors, mut entries) = (0.0, 0.0);
        for actor in self.forward.each_actor().filter(|&actor| self.is_core[actor as usize]) {
            let degree = self.forward.neighbors(actor).iter().filter(|&&other| self.is_core[other as usize]);
            let degree = degree.count() as f64;
            actors += f64::from(u8::from(degree > 0.0));
            entries += degree;
        }
        actors * entries
    }

    /// The betweenness of all from that of the core: `core` holds the pairs whose ways lead through others' searches,
    /// `reached` and `reaching` how many targets each core actor reaches and sources reach it in other core actors.
    pub(super) fn unfolded(&self, core: &[f64], reached: &[f64], reaching: &[f64]) -> Vec<f64> {
        let n = core.len();
        let mut result = vec![0.0; n];
        // how many others each actor reaches, and how many reach it, in the whole network
        let mut ahead = vec![0.0; n];
        let mut behind = vec![0.0; n];
        for actor in 0..n {
            if self.is_core[actor] {
                let (own_sources, own_targets) = (self.sources[actor] - 1.0, self.targets[actor] - 1.0);
                ahead[actor] = own_targets + reached[actor];
                behind[actor] = own_sources + reaching[actor];
                let through = own_sources * reached[actor] + reaching[actor] * own_targets;
                result[actor] = (core[actor] + through + self.within[actor]) * self.share;
            }
        }
        for leaf in self.leaves.iter().rev() {
            let (a, r) = (leaf.actor as usize, leaf.root as usize);
            let (out, into) = (self.sources[a], self.targets[a]);
            let beyond = if leaf.up { 1.0 + ahead[r] - if leaf.down { into } else { 0.0 } } else { 0.0 };
            let before = if leaf.down { 1.0 + behind[r] - if leaf.up { out } else { 0.0 } } else { 0.0 };
            ahead[a] = into - 1.0 + beyond;
            behind[a] = out - 1.0 + before;
            let through = (out - 1.0) * beyond + before * (into - 1.0);
            result[a] = (through + self.within[a]) * self.share;
        }
        result
    }
}
