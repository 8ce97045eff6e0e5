//! Who may be introduced to whom.

#![expect(clippy::indexing_slicing, reason = "actors are numbered from 0 and have a row each")]

use super::Pairs;

/// How many by resource allocation are plausible for one actor.
const PLAUSIBLE: usize = 10;
/// Contacts of more than this many are passed over in large networks: they introduce nobody to anybody in particular.
const HUB: usize = 2_000;
const SMALL: usize = 3_000;
/// So many pairs are looked at one by one; beyond, only those of the actors with the most ties.
const MANY: usize = 4_000_000;

/// All pairs that may be introduced, each once with the lower actor first.
pub(super) fn pairs(neighbors: &[Vec<u32>], which: Pairs) -> Vec<(u32, u32)> {
    match which {
        Pairs::Plausible => plausible(neighbors),
        Pairs::Near => near(neighbors),
        Pairs::All => all(neighbors),
    }
}

fn hub_limit(neighbors: &[Vec<u32>]) -> usize {
    if neighbors.len() <= SMALL { usize::MAX } else { HUB }
}

/// Each actor's best ten by resource allocation, and those level with the tenth.
fn plausible(neighbors: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let limit = hub_limit(neighbors);
    let mut value = vec![0_f64; neighbors.len()];
    let mut touched: Vec<u32> = Vec::new();
    let mut pairs = Vec::new();
    for actor in 0..neighbors.len() as u32 {
        touched.clear();
        for &between in &neighbors[actor as usize] {
            let onward = &neighbors[between as usize];
            if onward.len() > limit {
                continue;
            }
            for &other in onward {
                if value[other as usize] == 0.0 {
                    touched.push(other);
                }
                value[other as usize] += 1.0 / onward.len() as f64;
            }
        }
        let own = &neighbors[actor as usize];
        let mut best: Vec<(f64, u32)> = touched
            .iter()
            .filter(|&&other| other != actor && own.binary_search(&other).is_err())
            .map(|&other| (value[other as usize], other))
            .collect();
        best.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        // those level with the tenth are as good as it; the order of adding must not part them
        let least = best.get(PLAUSIBLE - 1).map_or(0.0, |&(tenth, _)| tenth * (1.0 - 1e-12));
        let kept = best.iter().take_while(|&&(value, _)| value >= least);
        pairs.extend(kept.map(|&(_, other)| (actor.min(other), actor.max(other))));
        for &other in &touched {
            value[other as usize] = 0.0;
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Pairs two or three ties apart.
fn near(neighbors: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let limit = hub_limit(neighbors);
    let mut mark = vec![u32::MAX; neighbors.len()];
    let mut pairs = Vec::new();
    for actor in 0..neighbors.len() as u32 {
        mark[actor as usize] = actor;
        let mut edge = neighbors[actor as usize].clone();
        for &other in &edge {
            mark[other as usize] = actor;
        }
        for _ in 0..2 {
            let mut next = Vec::new();
            for &at in &edge {
                if neighbors[at as usize].len() > limit {
                    continue;
                }
                for &other in &neighbors[at as usize] {
                    if mark[other as usize] != actor {
                        mark[other as usize] = actor;
                        next.push(other);
                        if actor < other {
                            pairs.push((actor, other));
                        }
                    }
                }
            }
            edge = next;
        }
        if pairs.len() > MANY {
            break;
        }
    }
    pairs
}

/// Every pair without a tie, or those among the actors with the most ties where there are too many.
fn all(neighbors: &[Vec<u32>]) -> Vec<(u32, u32)> {
    let mut actors: Vec<u32> = (0..neighbors.len() as u32).collect();
    if actors.len() * actors.len() / 2 > MANY {
        actors.sort_by_key(|&actor| (std::cmp::Reverse(neighbors[actor as usize].len()), actor));
        actors.truncate(2_000);
        actors.sort_unstable();
    }
    let mut pairs = Vec::new();
    for (place, &a) in actors.iter().enumerate() {
        let own = &neighbors[a as usize];
        pairs
            .extend(actors[place + 1..].iter().filter(|&&b| own.binary_search(&b).is_err()).map(|&b| (a, b)));
    }
    pairs
}
