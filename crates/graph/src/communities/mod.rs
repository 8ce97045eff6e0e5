//! Communities: groups with more ties among themselves than chance would make, found by the Leiden method.
//!
//! Traag, V. A., Waltman, L. & van Eck, N. J. (2019). From Louvain to Leiden: guaranteeing well-connected communities.
//! *Scientific Reports* 9, 5233. Actors move between communities while modularity rises; communities are then refined
//! into parts that hold together, and the parts become the actors of a smaller network. Same network, same result:
//! order is drawn from a fixed seed.

mod level;
mod refine;

use crate::components::Components;
use crate::csr::Csr;
use crate::groups::Groups;
use crate::network::Graph;
use crate::random::Random;
use level::{Level, Until};

/// Communities of the undirected projection by the weights of ties.
#[derive(Debug, Clone, PartialEq)]
pub struct Communities {
    /// For each actor its community; numbered from 0 by their first actor.
    pub of: Vec<u32>,
    pub count: usize,
    /// Newman's modularity with weights; none where there are no ties.
    pub modularity: Option<f64>,
}

/// How long to look for better communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Searches begun anew in another order; the best is kept.
    pub starts: u32,
    /// Searches begun from the best so far with a part of the actors taken out of their communities.
    pub kicks: u32,
    /// Rounds of one search at most; each begins with the communities of the one before.
    pub rounds: u32,
    pub seed: u64,
}

impl Effort {
    /// As much as takes about a second: many searches to the end for small networks, one short one for large.
    #[must_use]
    pub fn for_size(graph: &Graph) -> Self {
        let entries = graph.undirected().len().max(graph.actors()).max(1);
        let budget = if entries < 50_000 { 2_000_000 } else { 600_000 };
        let often = |most: usize| (budget / entries).min(most) as u32;
        let rounds = match entries {
            0..100_000 => 100,
            100_000..1_000_000 => 10,
            _ => 1,
        };
        Self { starts: often(30).max(1), kicks: often(300), rounds, seed: 1 }
    }
}

/// Finds communities of high modularity (resolution 1).
#[must_use]
pub fn communities(graph: &Graph, effort: Effort) -> Communities {
    let whole = Level::of(graph.undirected());
    let mut best: Option<(f64, Vec<u32>)> = None;
    for start in 0..u64::from(effort.starts.max(1)) {
        let mut random = Random::new(effort.seed.wrapping_add(start));
        let found = search(&whole, effort.rounds.max(1), &mut random);
        let value = whole.modularity(&found);
        if best.as_ref().is_none_or(|(most, _)| value > most + 1e-12) {
            best = Some((value, found));
        }
    }
    let mut best = best.unwrap_or_default();
    let mut random = Random::new(effort.seed.wrapping_sub(1));
    for _ in 0..effort.kicks {
        let mut of = kicked(&best.1, &mut random);
        settle(&whole, &mut of, effort.rounds.max(1), &mut random);
        let value = whole.modularity(&of);
        if value > best.0 + 1e-12 {
            best = (value, of);
        }
    }
    let parts = held_together(graph.undirected(), &best.1);
    let count = parts.count();
    let groups = Groups::new(parts.of);
    let modularity = crate::groups::weighted_modularity(graph, &groups);
    Communities { of: groups.of().to_vec(), count, modularity }
}

/// The communities, each that has come apart as its pieces: moving single actors last may take away one between others.
/// Modularity does not fall by that.
fn held_together(rows: &Csr, of: &[u32]) -> Components {
    let label = |actor: u32| of.get(actor as usize).copied();
    let mut piece: Vec<u32> = vec![u32::MAX; of.len()];
    let mut open = Vec::new();
    for first in rows.each_actor() {
        if piece.get(first as usize) != Some(&u32::MAX) {
            continue;
        }
        open.push(first);
        while let Some(actor) = open.pop() {
            match piece.get_mut(actor as usize) {
                Some(place) if *place == u32::MAX => *place = first,
                _ => continue,
            }
            let own = label(actor);
            open.extend(
                rows.neighbors(actor)
                    .iter()
                    .filter(|&&other| label(other) == own && piece.get(other as usize) == Some(&u32::MAX)),
            );
        }
    }
    Components::of_labels(piece)
}

/// One search: rounds until one changes nothing.
fn search(whole: &Level, rounds: u32, random: &mut Random) -> Vec<u32> {
    let mut of: Vec<u32> = (0..whole.len() as u32).collect();
    settle(whole, &mut of, rounds, random);
    of
}

fn settle(whole: &Level, of: &mut [u32], rounds: u32, random: &mut Random) {
    let mut before = f64::NEG_INFINITY;
    for _ in 0..rounds {
        round(whole, of, random);
        let now = whole.modularity(of);
        if now <= before + 1e-10 {
            break;
        }
        before = now;
    }
}

/// The same communities with up to a third of the actors, or one community, taken out to stand alone.
fn kicked(of: &[u32], random: &mut Random) -> Vec<u32> {
    let share = random.unit() / 3.0;
    let whole_community = random.below(2) == 0;
    let chosen = of.get(random.below(of.len() as u64) as usize).copied();
    let mut next = of.iter().max().map_or(0, |&last| last + 1);
    let mut kicked = of.to_vec();
    for label in &mut kicked {
        let out = if whole_community { Some(*label) == chosen } else { random.unit() < share };
        if out {
            *label = next;
            next += 1;
        }
    }
    // labels stay below the number of actors
    level::compact(&mut kicked, 0)
}

/// One round: move, refine and aggregate until nothing can be put together; then, from the coarsest network back to the
/// actors, move once more what the communities found above draw elsewhere (Rotta & Noack 2011, multilevel refinement).
fn round(whole: &Level, of: &mut [u32], random: &mut Random) {
    // each coarser network, with the node of it that each node of the one before is part of
    let mut coarser: Vec<(Vec<u32>, Level<'static>)> = Vec::new();
    let mut labels: Vec<u32> = of.to_vec();
    level::move_nodes(whole, &mut labels, random, Until::Sketched);
    loop {
        let level = coarser.last().map_or(whole, |(_, level)| level);
        let parts = refine::refined(level, &labels, random);
        let next = level.aggregated(&parts);
        let mut community = vec![0; next.len()];
        for (node, &part) in parts.of.iter().enumerate() {
            if let (Some(to), Some(&from)) = (community.get_mut(part as usize), labels.get(node)) {
                *to = from;
            }
        }
        let shrunk = next.len() < level.len();
        labels = level::compact(&mut community, next.len());
        let moved = level::move_nodes(&next, &mut labels, random, Until::Sketched);
        coarser.push((parts.of, next));
        if !moved || !shrunk {
            break;
        }
    }
    while let Some((part_of, _)) = coarser.pop() {
        labels = part_of.iter().filter_map(|&part| labels.get(part as usize)).copied().collect();
        let level = coarser.last().map_or(whole, |(_, level)| level);
        level::move_nodes(level, &mut labels, random, Until::Rest);
    }
    of.copy_from_slice(&labels);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::weak_components;
    use crate::network::Builder;
    use proptest::prelude::*;

    fn network(ties: impl Iterator<Item = (u32, u32)>) -> Graph {
        let mut builder = Builder::undirected(30);
        for (a, b) in ties {
            builder.tie(a, b, 1.0).unwrap();
        }
        builder.build().unwrap()
    }

    #[test]
    fn communities_that_have_come_apart_are_parted() {
        let path = network([(0, 1), (1, 2), (2, 3)].into_iter());
        let mut of = vec![9; 30];
        of[1] = 4;
        let parts = held_together(path.undirected(), &of);
        assert_eq!(parts.of[..4], [0, 1, 2, 2]);
        assert_eq!(parts.count(), 29);
    }

    proptest! {
        #[test]
        fn each_community_holds_together(
            ties in proptest::collection::vec((0_u32..30, 0_u32..30), 0..90), rounds in 1_u32..3, seed in 0_u64..9,
        ) {
            let graph = network(ties.iter().copied());
            let found = communities(&graph, Effort { starts: 1, kicks: 0, rounds, seed });
            let within = |&(a, b): &(u32, u32)| found.of[a as usize] == found.of[b as usize];
            let inside = network(ties.iter().copied().filter(within));
            prop_assert_eq!(weak_components(&inside).count(), found.count);
        }
    }
}
