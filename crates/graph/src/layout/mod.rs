//! Where to draw each actor: a force layout that keeps those who are tied side by side.
//!
//! Ties pull, and actors drawn at random push, with the forces of LargeVis (Tang, Liu, Zhang, Mei 2016) on the kernel
//! 1/(1 + d²) of t-SNE (van der Maaten and Hinton 2008): near by they are strong, far away weak, so that neighborhoods
//! stay together, which is what a reader of a map looks for. A multilevel start (Walshaw 2003) untangles the whole
//! first. Ties inside dense neighborhoods pull harder. Components are laid out one by one and packed side by side.
//!
//! The same network and seed give the same map, whatever the machine's number of cores.

mod coarse;
mod forces;
mod pack;
mod springs;

use crate::csr::Csr;
use crate::network::Graph;
use crate::random::Random;
use coarse::Level;

/// A place on the map. One unit is about the distance of two actors who are tied.
pub type Point = [f32; 2];

/// Draws a network from nothing.
#[must_use]
pub fn layout(graph: &Graph, seed: u64) -> Vec<Point> {
    let mut map = vec![[0.0; 2]; graph.actors()];
    let mut pieces = Vec::new();
    let all_ties = graph.undirected().len();
    for members in members(graph) {
        let mut random = Random::new(seed ^ u64::from(members.first().copied().unwrap_or(0)));
        pieces.push((members.clone(), best_drawn(graph.undirected(), &members, &mut random, all_ties)));
    }
    pack::pack(&mut pieces);
    for (members, drawn) in pieces {
        place(&mut map, &members, &drawn);
    }
    map
}

/// Draws a network that has changed, starting from where its actors were. Those who were nowhere (none, or a place
/// that is not finite) start beside their contacts. Actors beyond the end of `before` count as new.
///
/// Those without new ties hardly move. Nothing is packed anew, but what is new and tied to nobody placed comes beside
/// the rest.
#[must_use]
pub fn continued(graph: &Graph, before: &[Option<Point>], seed: u64) -> Vec<Point> {
    let known = |actor: u32| {
        before.get(actor as usize).copied().flatten().filter(|p| p.iter().all(|c| c.is_finite()))
    };
    let mut map = vec![[0.0; 2]; graph.actors()];
    let mut fresh = Vec::new();
    let all_ties = graph.undirected().len();
    for members in members(graph) {
        let mut random = Random::new(seed ^ u64::from(members.first().copied().unwrap_or(0)));
        let starts: Vec<Option<Point>> = members.iter().map(|&actor| known(actor)).collect();
        let level = Level::new(graph.undirected(), &members);
        if starts.iter().all(Option::is_none) {
            let drawn = best_drawn(graph.undirected(), &members, &mut random, all_ties);
            fresh.push((members, drawn));
            continue;
        }
        let mut points = level.beside_contacts(&starts, &mut random);
        if starts.iter().any(Option::is_none) {
            forces::settle(&level, &mut points, &mut random, forces::Course::Gentle, all_ties);
        } else {
            forces::settle(&level, &mut points, &mut random, forces::Course::Least, all_ties);
        }
        place(&mut map, &members, &points);
    }
    let taken: Vec<Point> = (0..graph.actors() as u32).filter_map(known).collect();
    pack::pack_beside(&mut fresh, &taken);
    for (members, drawn) in fresh {
        place(&mut map, &members, &drawn);
    }
    map
}

fn place(map: &mut [Point], members: &[u32], drawn: &[Point]) {
    for (&actor, &point) in members.iter().zip(drawn) {
        if let Some(at) = map.get_mut(actor as usize) {
            *at = point;
        }
    }
}

/// The actors of each component, ascending, the largest component first.
fn members(graph: &Graph) -> Vec<Vec<u32>> {
    let pieces = crate::components::weak_components(graph);
    let mut members = vec![Vec::new(); pieces.count()];
    for (actor, &piece) in (0_u32..).zip(&pieces.of) {
        if let Some(of_piece) = members.get_mut(piece as usize) {
            of_piece.push(actor);
        }
    }
    members.sort_by_key(|of_piece: &Vec<u32>| std::cmp::Reverse(of_piece.len()));
    members
}

/// The best of several drawings of a small component, by how many ties lead to one of the nearest: as drawn, and with
/// springs on. A small one drawn once may have a knot that no small step undoes. A large one is drawn once.
fn best_drawn(rows: &Csr, members: &[u32], random: &mut Random, all_ties: usize) -> Vec<Point> {
    let level = Level::new(rows, members);
    let drawings = match members.len() {
        0..=NEAREST => 0,
        small if small <= SMALL => DRAWINGS,
        medium if medium <= MEDIUM => 1,
        _ => 0,
    };
    let mut best: Option<(usize, Vec<Point>)> = None;
    for _ in 0..drawings {
        for by in [By::Chance, By::Springs] {
            let points = drawn(level.clone(), random, all_ties, by);
            let kept = level.kept(&points);
            if best.as_ref().is_none_or(|(most, _)| kept > *most) {
                best = Some((kept, points));
            }
        }
    }
    best.map_or_else(|| drawn(level, random, all_ties, By::Chance), |(_, points)| points)
}

/// How a picture is brought to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Actors drawn at random push.
    Chance,
    /// All push.
    Springs,
}

/// As many count as near.
const NEAREST: usize = 10;
/// Components up to this size are drawn several times.
const SMALL: usize = 200;
const DRAWINGS: usize = 4;
/// Components up to this size are tried with springs.
const MEDIUM: usize = 1_500;

/// One component, from its coarsest picture to the actors themselves.
fn drawn(finest: Level, random: &mut Random, all_ties: usize, by: By) -> Vec<Point> {
    if finest.actors() < 3 {
        return (0..finest.actors()).map(|i| [i as f32, 0.0]).collect();
    }
    let mut levels = vec![finest];
    while let Some(coarser) = levels.last_mut().and_then(|last| last.coarser(random)) {
        levels.push(coarser);
    }
    let mut points: Vec<Point> = Vec::new();
    let coarsest = levels.len() - 1;
    for (depth, level) in levels.iter().enumerate().rev() {
        points = if depth == coarsest {
            let radius = (level.actors() as f64).sqrt();
            let mut at = || (random.unit() * 2.0 - 1.0) * radius;
            (0..level.actors()).map(|_| [at() as f32, at() as f32]).collect()
        } else {
            level.spread_out(&points, random)
        };
        let course = if depth == 0 { forces::Course::Full } else { forces::Course::Sketch };
        match by {
            By::Chance => forces::settle(level, &mut points, random, course, all_ties),
            By::Springs => springs::settle(level, &mut points),
        }
    }
    points
}

/// How many of all ties lead to one of the ten actors nearest on the map, from 0 to 1; each tie counts from both its
/// ends. None without ties.
///
/// # Panics
/// If there are fewer points than actors.
#[must_use]
pub fn neighbors_kept(rows: &Csr, map: &[Point]) -> Option<f64> {
    if rows.is_empty() {
        return None;
    }
    let kept = pack::nearest(map, NEAREST);
    let met = |(actor, near): (u32, &Vec<u32>)| near.iter().filter(|&&other| rows.has(actor, other)).count();
    let all: usize = (0_u32..).zip(&kept).map(met).sum();
    Some(all as f64 / rows.len() as f64)
}
