//! How deep in the network an actor stands: the greatest k for which it belongs to a group each of whose members is
//! tied to k others of it.
//!
//! Seidman (1983); the algorithm is of Batagelj & Zaveršnik (2003), linear in the ties.

#![expect(
    clippy::indexing_slicing,
    reason = "positions are permuted in place among valid ones; this is the hot path"
)]

use crate::network::Graph;

/// For each actor its core number in the undirected projection.
#[must_use]
pub fn core_numbers(graph: &Graph) -> Vec<u32> {
    let rows = graph.undirected();
    let actors = rows.actors();
    let mut degree: Vec<u32> = rows.each_actor().map(|actor| rows.degree(actor) as u32).collect();
    let most = degree.iter().copied().max().unwrap_or(0) as usize;

    // actors in the order of degree; `bin[d]` is where those of degree d begin
    let mut bin = vec![0_u32; most + 2];
    for &d in &degree {
        bin[d as usize + 1] += 1;
    }
    for d in 0..=most {
        bin[d + 1] += bin[d];
    }
    let mut next = bin.clone();
    let mut order = vec![0_u32; actors];
    let mut position = vec![0_u32; actors];
    for actor in 0..actors {
        let place = &mut next[degree[actor] as usize];
        position[actor] = *place;
        order[*place as usize] = actor as u32;
        *place += 1;
    }

    for i in 0..actors {
        let actor = order[i];
        let k = degree[actor as usize];
        for &neighbor in rows.neighbors(actor) {
            let d = degree[neighbor as usize];
            if d > k {
                // the neighbor changes places with the first of its degree, and the bin begins one later
                let first_place = bin[d as usize];
                let first = order[first_place as usize];
                let place = position[neighbor as usize];
                order[first_place as usize] = neighbor;
                order[place as usize] = first;
                position[neighbor as usize] = first_place;
                position[first as usize] = place;
                bin[d as usize] += 1;
                degree[neighbor as usize] = d - 1;
            }
        }
    }
    degree
}
