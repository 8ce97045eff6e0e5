//! Whose leaving would break the network most.
//!
//! Borgatti, S. P. (2006). Identifying sets of key players in a social network (KPP-NEG, for one actor).

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::bound::Bound;
use crate::components::Components;
use crate::cuts::Cuts;
use crate::distances::{distances, sampled_distances};
use crate::network::Graph;

/// The actor whose removal leaves most pairs without a path, and what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Removal {
    pub actor: u32,
    /// The share of pairs of the remaining actors without a path.
    pub fragmentation: f64,
    /// 1 − the mean of 1/d over the pairs of the remaining actors.
    pub fragmentation_distance: f64,
    /// How much fragmentation rises by the removal.
    pub loss: f64,
    /// How far the distance-weighted value may be off, where it is from a sample.
    pub bound: Option<Bound>,
}

/// How the distances that remain are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Remaining {
    /// Exactly, for each actor whose removal fragments the network alike.
    Exact,
    /// From a sample of that many actors; of those whose removal fragments alike, for the one with the most ties.
    Sampled { size: usize, seed: u64 },
}

/// The best single removal: the greatest fragmentation, of those alike the greatest distance-weighted fragmentation,
/// then the first actor. None below three actors, when nothing is left to fragment.
#[must_use]
pub fn best_single_removal(
    graph: &Graph,
    components: &Components,
    cuts: &Cuts,
    remaining: Remaining,
) -> Option<Removal> {
    let n = graph.actors();
    if n < 3 {
        return None;
    }
    let pairs = (n as u128 - 1) * (n as u128 - 2);
    let joined: Vec<u128> = joined_without(components, cuts);
    let least = joined.iter().copied().min()?;
    let fragmentation = (pairs - least) as f64 / pairs as f64;
    let loss = fragmentation - crate::components::fragmentation(components)?;
    let mut alike: Vec<u32> = (0..n as u32).filter(|&actor| joined[actor as usize] == least).collect();
    if let Remaining::Sampled { .. } = remaining {
        let rows = graph.undirected();
        alike = alike.into_iter().max_by_key(|&actor| (rows.degree(actor), !actor)).into_iter().collect();
    }
    let mut best: Option<Removal> = None;
    for actor in alike {
        let rest = graph.without(actor);
        let distances = match remaining {
            Remaining::Exact => distances(&rest),
            Remaining::Sampled { size, seed } => sampled_distances(&rest, size, seed),
        };
        let fragmentation_distance = 1.0 - distances.efficiency()?;
        if best.is_none_or(|best| fragmentation_distance > best.fragmentation_distance + 1e-12) {
            let bound = distances.efficiency_bound(0.95);
            best = Some(Removal { actor, fragmentation, fragmentation_distance, loss, bound });
        }
    }
    best
}

/// For each actor Σ s(s−1) over the components that are left without it.
fn joined_without(components: &Components, cuts: &Cuts) -> Vec<u128> {
    let all = components.joined_pairs();
    let size = |actor: usize| u128::from(components.sizes[components.of[actor] as usize]);
    // whoever parts nobody leaves a component of one less
    let mut joined: Vec<u128> = (0..components.of.len()).map(|actor| all - 2 * (size(actor) - 1)).collect();
    for (&point, &squares) in cuts.articulation_points.iter().zip(&cuts.squares_without) {
        let own = size(point as usize);
        joined[point as usize] = all - own * (own - 1) + squares - (own - 1);
    }
    joined
}
