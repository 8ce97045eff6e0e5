//! Which introductions help a whole network most: ties chosen one after another, each for what it brings now that the
//! ones before are made, toward one aim.
//!
//! - [`Aim::Paths`]: efficiency, the mean of 1/d over all ordered pairs (Latora and Marchiori 2001);
//! - [`Aim::Resilience`]: fewer articulation points and bridges;
//! - [`Aim::Islands`]: components tied to the largest, by two ties each, so that none hangs on one actor or tie;
//! - [`Aim::Mixing`]: the E-I index toward what group sizes lead one to expect (Krackhardt and Stern 1988).
//!
//! Greedy choice is not the best of all sets, which no one knows how to find (Moskvina and Liu 2016 show that it is
//! NP-hard). Ties count as undirected. The same network gives the same introductions.

mod aims;
mod blocks;
mod fiedler;
mod islands;
mod pairs;
mod reach;

use crate::groups::Groups;
use crate::network::{Builder, Graph};
use crate::{components, cuts, distances, groups};
use aims::Network;

/// What the introductions are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    Paths,
    Resilience,
    Islands,
    Mixing,
}

/// Which actors may be introduced to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pairs {
    /// Those within either's best ten by resource allocation (Zhou, Lü, Zhang 2009).
    #[default]
    Plausible,
    /// Those two or three ties apart.
    Near,
    All,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub aim: Aim,
    /// How many introductions at most.
    pub count: usize,
    pub pairs: Pairs,
    /// In how many of them one actor may stand.
    pub per_actor: usize,
}

/// How a network stands. None where a figure is undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Mean of 1/d over ordered pairs, 0 to 1; from a sample of sources where the network is large.
    pub efficiency: Option<f64>,
    /// Actors in the largest component.
    pub largest_component: u64,
    pub articulation_points: usize,
    pub bridges: usize,
    /// Second smallest eigenvalue of the Laplacian of the largest component; none where it is one actor.
    pub algebraic_connectivity: Option<f64>,
    /// Components beside the largest.
    pub islands: usize,
    /// (external − internal) / all ties; none without groups or ties.
    pub e_i_index: Option<f64>,
}

/// What one introduction changes: after less before.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gain {
    /// In efficiency; from a sample of sources where the network is large.
    pub efficiency: f64,
    pub articulation_points: i64,
    pub bridges: i64,
    pub islands: i64,
    pub e_i_index: Option<f64>,
}

/// Two actors to introduce to one another.
#[derive(Debug, Clone, PartialEq)]
pub struct Introduction {
    pub a: u32,
    pub b: u32,
    /// Who could introduce them: contacts of both, those with the fewest ties first, at most five.
    pub via: Vec<u32>,
    pub gain: Gain,
}

/// The introductions and what they bring together.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub introductions: Vec<Introduction>,
    pub before: Standing,
    pub after: Standing,
    /// Whether efficiencies are from a sample of sources.
    pub sampled: bool,
}

/// Chooses introductions. Fewer than asked for come back where there are no more that help.
///
/// `Aim::Mixing` needs groups and chooses none without.
#[must_use]
pub fn strengthen(graph: &Graph, of_groups: Option<&Groups>, wish: Wish) -> Plan {
    let network = Network::new(graph, of_groups, wish);
    let chosen = match wish.aim {
        Aim::Paths => network.paths(),
        Aim::Resilience => network.resilience(),
        Aim::Islands => network.islands(),
        Aim::Mixing => network.mixing(),
    };
    let sampled = graph.actors() > SAMPLED_ABOVE;
    let before = standing(graph, of_groups);
    let after_graph = with_ties(graph, &chosen);
    let after = standing(&after_graph, of_groups);
    let introductions = explained(graph, of_groups, chosen, before);
    Plan { introductions, before, after, sampled }
}

/// Above so many actors efficiency is taken from a sample of sources.
const SAMPLED_ABOVE: usize = 20_000;
const SAMPLE: usize = 1_024;

/// How a network stands now.
#[must_use]
pub fn standing(graph: &Graph, of_groups: Option<&Groups>) -> Standing {
    let pieces = components::weak_components(graph);
    let cut = cuts::cuts(graph);
    let found = if graph.actors() > SAMPLED_ABOVE {
        distances::sampled_distances(graph, SAMPLE, 1)
    } else {
        distances::distances(graph)
    };
    Standing {
        efficiency: found.efficiency(),
        largest_component: pieces.largest(),
        articulation_points: cut.articulation_points.len(),
        bridges: cut.bridges.len(),
        algebraic_connectivity: fiedler::algebraic_connectivity(&largest(graph, &pieces)),
        islands: pieces.count().saturating_sub(1),
        e_i_index: of_groups.and_then(|of| groups::ei_index_undirected(graph, of)),
    }
}

/// The rows of the largest component, of the first such by its first actor.
fn largest(graph: &Graph, pieces: &components::Components) -> Vec<Vec<u32>> {
    let most = pieces.largest();
    let Some(wanted) = pieces.sizes.iter().position(|&size| size == most) else { return Vec::new() };
    let rows = graph.undirected();
    let mut number = vec![0_u32; graph.actors()];
    let mut members = Vec::new();
    for ((actor, place), &piece) in (0_u32..).zip(&mut number).zip(&pieces.of) {
        if piece as usize == wanted {
            *place = members.len() as u32;
            members.push(actor);
        }
    }
    let renumbered = |&actor: &u32| {
        rows.neighbors(actor).iter().filter_map(|&other| number.get(other as usize)).copied().collect()
    };
    members.iter().map(renumbered).collect()
}

/// The same network, undirected and with more ties.
fn with_ties(graph: &Graph, more: &[(u32, u32, f64)]) -> Graph {
    let mut builder = Builder::undirected(graph.actors() as u32);
    let rows = graph.undirected();
    let old = rows
        .each_actor()
        .flat_map(|a| rows.ties(a).filter(move |&(b, _)| a < b).map(move |(b, w)| (a, b, w)));
    for (a, b, weight) in old.chain(more.iter().map(|&(a, b, _)| (a, b, 1.0))) {
        // a tie of a network that stands is one of the next
        if builder.tie(a, b, weight).is_err() {
            continue;
        }
    }
    builder.build().unwrap_or_else(|_| graph.clone())
}

/// Adds to each introduction who could make it and what it changes when those before it are made.
fn explained(
    graph: &Graph,
    of_groups: Option<&Groups>,
    chosen: Vec<(u32, u32, f64)>,
    before: Standing,
) -> Vec<Introduction> {
    let rows = graph.undirected();
    let mut introductions = Vec::with_capacity(chosen.len());
    let (mut points, mut bridges) = (before.articulation_points as i64, before.bridges as i64);
    let (mut islands, mut mixing) = (before.islands as i64, before.e_i_index);
    // structure is measured again for each, which takes longer than choosing where the network is large
    let each = chosen.len().saturating_mul(rows.len()) < 200_000_000;
    for place in 0..chosen.len() {
        let Some(&(a, b, efficiency)) = chosen.get(place) else { break };
        let mut gain = Gain { efficiency, ..Gain::default() };
        if each {
            let now = with_ties(graph, chosen.get(..=place).unwrap_or_default());
            let cut = cuts::cuts(&now);
            let (now_points, now_bridges) = (cut.articulation_points.len() as i64, cut.bridges.len() as i64);
            let now_islands = components::weak_components(&now).count() as i64 - 1;
            let now_mixing = of_groups.and_then(|of| groups::ei_index_undirected(&now, of));
            gain.articulation_points = now_points - points;
            gain.bridges = now_bridges - bridges;
            gain.islands = now_islands - islands;
            gain.e_i_index = now_mixing.map(|now| now - mixing.unwrap_or(0.0));
            (points, bridges, islands, mixing) = (now_points, now_bridges, now_islands, now_mixing);
        }
        let mut via: Vec<u32> =
            rows.neighbors(a).iter().copied().filter(|&between| rows.has(b, between)).collect();
        via.sort_by_key(|&between| (rows.degree(between), between));
        via.truncate(5);
        introductions.push(Introduction { a, b, via, gain });
    }
    introductions
}
