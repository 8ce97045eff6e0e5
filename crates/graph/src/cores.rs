//! How deep in the network an actor stands: the greatest k for which it belongs to a group each of whose members is
//! tied to k others of it.
//!
//! Seidman (1983); peeled off level by level as Batagelj & Zaveršnik (2003) do, linear in the ties, but with
//! a list of who is left in place of bins: nothing is moved when an actor loses a neighbor.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;
use crate::network::Graph;

/// For each actor its core number in the undirected projection.
#[must_use]
pub fn core_numbers(graph: &Graph) -> Vec<u32> {
    let rows = graph.undirected();
    // what is written to in no order lies in half the room where that suffices
    if u16::try_from(rows.most_neighbors()).is_ok() {
        return peeled(rows, |degree| degree as u16).into_iter().map(u32::from).collect();
    }
    peeled(rows, |degree| degree as u32)
}

/// A count of neighbors.
trait Count: Copy + Ord + std::ops::Add<Output = Self> + std::ops::Sub<Output = Self> + From<bool> {}
impl Count for u16 {}
impl Count for u32 {}

fn peeled<D: Count>(rows: &Csr, count: impl Fn(usize) -> D) -> Vec<D> {
    // once an actor is peeled off, what it had left stays as its core number
    let mut degree: Vec<D> = rows.each_actor().map(|actor| count(rows.degree(actor))).collect();
    let mut left: Vec<u32> = rows.each_actor().collect();
    let mut k = D::from(false);
    while !left.is_empty() {
        let mut behind = sweep(rows, &mut degree, &mut left, k);
        while behind.len() > left.len() / 64 {
            behind = sweep(rows, &mut degree, &mut left, k);
        }
        let mut next = 0;
        while let Some(&actor) = behind.get(next) {
            next += 1;
            peel(rows, &mut degree, actor, k, |neighbor| behind.push(neighbor));
        }
        k = k + D::from(true);
    }
    degree
}

/// Peels off those left with k neighbors, in the order in which rows lie in memory. Returns those who came to k behind
/// the place of the sweep. Those below k were peeled off in an earlier round; an actor stays in the list for as many
/// rounds as its core number says, so all looks at the list together are no more than ties.
fn sweep<D: Count>(rows: &Csr, degree: &mut [D], left: &mut Vec<u32>, k: D) -> Vec<u32> {
    let mut behind = Vec::new();
    let mut kept = 0;
    for i in 0..left.len() {
        let actor = left[i];
        let d = degree[actor as usize];
        if d > k {
            left[kept] = actor;
            kept += 1;
        } else if d == k {
            peel(rows, degree, actor, k, |neighbor| {
                if neighbor < actor {
                    behind.push(neighbor);
                }
            });
        }
    }
    left.truncate(kept);
    behind
}

/// Takes one actor away from its neighbors; tells who is left with k by that.
fn peel<D: Count>(rows: &Csr, degree: &mut [D], actor: u32, k: D, mut came_to_k: impl FnMut(u32)) {
    let next = k + D::from(true);
    for &neighbor in rows.neighbors(actor) {
        // written in any case: whether it is above k cannot be foretold, that it comes to k is rare
        let d = &mut degree[neighbor as usize];
        let before = *d;
        *d = before - D::from(before > k);
        if before == next {
            came_to_k(neighbor);
        }
    }
}
