//! Triangles: how often those tied to the same actor are tied to each other.
//!
//! Each tie is turned toward the end with more ties, and every triangle is found once from its least actor in that
//! order: at most m^1.5 steps even around the largest hub (Latapy 2008).

#![expect(clippy::indexing_slicing, reason = "rows are made here; this is the hot path")]

use crate::network::Graph;

/// Ties turned from the actor of lesser degree to that of greater, with what is known of each.
pub(crate) struct Oriented {
    starts: Vec<usize>,
    heads: Vec<u32>,
}

/// A triangle: its three actors and the positions of its three ties among the oriented ones, (a,b), (a,c), (b,c).
pub(crate) struct Triangle {
    pub actors: [u32; 3],
    pub ties: [usize; 3],
}

impl Oriented {
    pub(crate) fn new(graph: &Graph) -> Self {
        let rows = graph.undirected();
        let mut starts = Vec::with_capacity(rows.actors() + 1);
        let mut heads = Vec::with_capacity(rows.len() / 2);
        starts.push(0);
        for actor in rows.each_actor() {
            let own = (rows.degree(actor), actor);
            heads.extend(rows.neighbors(actor).iter().filter(|&&other| (rows.degree(other), other) > own));
            starts.push(heads.len());
        }
        Self { starts, heads }
    }

    /// Every tie once: its tail, its head and its position.
    pub(crate) fn ties(&self) -> impl Iterator<Item = (u32, u32, usize)> + '_ {
        (0..self.starts.len() - 1).flat_map(move |tail| {
            (self.starts[tail]..self.starts[tail + 1]).map(move |at| (tail as u32, self.heads[at], at))
        })
    }

    /// Calls `found` with each triangle once.
    pub(crate) fn each_triangle(&self, mut found: impl FnMut(Triangle)) {
        let actors = self.starts.len() - 1;
        // for each actor one more than the position of the tie to it from the present tail, if there is one
        let mut marked = vec![0_u32; actors];
        for tail in 0..actors {
            let row = self.starts[tail]..self.starts[tail + 1];
            if row.len() < 2 {
                continue;
            }
            for at in row.clone() {
                marked[self.heads[at] as usize] = (at - row.start + 1) as u32;
            }
            for at in row.clone() {
                let middle = self.heads[at] as usize;
                for third in self.starts[middle]..self.starts[middle + 1] {
                    let mark = marked[self.heads[third] as usize];
                    if mark != 0 {
                        found(Triangle {
                            actors: [tail as u32, middle as u32, self.heads[third]],
                            ties: [at, row.start + mark as usize - 1, third],
                        });
                    }
                }
            }
            for at in row {
                marked[self.heads[at] as usize] = 0;
            }
        }
    }
}

/// Triangles in the undirected projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triangles {
    /// For each actor how many it belongs to: the ties among its neighbors.
    pub of: Vec<u64>,
    pub count: u64,
}

/// Counts triangles, and for each actor those it belongs to.
#[must_use]
pub fn triangles(graph: &Graph) -> Triangles {
    let mut of = vec![0_u64; graph.actors()];
    let mut count = 0;
    Oriented::new(graph).each_triangle(|triangle| {
        count += 1;
        for actor in triangle.actors {
            of[actor as usize] += 1;
        }
    });
    Triangles { of, count }
}

/// Global transitivity: 3 × triangles / paths of two ties, 0 to 1 (Luce & Perry 1949). None where there is no such
/// path.
#[must_use]
pub fn transitivity(graph: &Graph, triangles: &Triangles) -> Option<f64> {
    let rows = graph.undirected();
    let paths: u128 = rows
        .each_actor()
        .map(|actor| {
            let degree = rows.degree(actor) as u128;
            degree * degree.saturating_sub(1) / 2
        })
        .sum();
    (paths > 0).then(|| 3.0 * triangles.count as f64 / paths as f64)
}

/// For each actor the share of pairs of its neighbors that are tied (Watts & Strogatz 1998); 0 with fewer than two
/// neighbors.
#[must_use]
pub fn local_clustering(graph: &Graph, triangles: &Triangles) -> Vec<f64> {
    let rows = graph.undirected();
    rows.each_actor()
        .zip(&triangles.of)
        .map(|(actor, &count)| {
            let degree = rows.degree(actor) as f64;
            if degree < 2.0 { 0.0 } else { count as f64 / (degree * (degree - 1.0) / 2.0) }
        })
        .collect()
}
