//! Numbers for actors under which neighbors lie near each other in memory.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::network::Graph;

const NONE: u32 = u32::MAX;

/// For each actor a new number, in the order of breadth-first searches that each begin at the first actor not yet
/// reached: communities come out together, for about half of what the true hierarchy of villages would gain.
#[must_use]
pub fn near_neighbors(graph: &Graph) -> Vec<u32> {
    let rows = graph.undirected();
    let mut place = vec![NONE; rows.actors()];
    let mut queue: Vec<u32> = Vec::with_capacity(rows.actors());
    let mut at = 0;
    for root in rows.each_actor() {
        if place[root as usize] != NONE {
            continue;
        }
        place[root as usize] = queue.len() as u32;
        queue.push(root);
        while let Some(&actor) = queue.get(at) {
            at += 1;
            for &neighbor in rows.neighbors(actor) {
                if place[neighbor as usize] == NONE {
                    place[neighbor as usize] = queue.len() as u32;
                    queue.push(neighbor);
                }
            }
        }
    }
    place
}
