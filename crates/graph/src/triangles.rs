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

/// A triangle of three actors a, b and c: the positions of its ties among the oriented ones, (a,b), (a,c), (b,c).
pub(crate) struct Triangle {
    pub ties: [usize; 3],
}

impl Oriented {
    pub(crate) fn new(graph: &Graph) -> Self {
        let rows = graph.undirected();
        let mut starts = Vec::with_capacity(rows.actors() + 1);
        let degrees: Vec<u32> = rows.each_actor().map(|actor| rows.degree(actor) as u32).collect();
        // room for one more, because each entry is written before it is known to be kept
        let mut heads = vec![0_u32; rows.len() / 2 + 1];
        let mut kept = 0;
        starts.push(0);
        for actor in rows.each_actor() {
            let own = (degrees[actor as usize], actor);
            for &other in rows.neighbors(actor) {
                heads[kept] = other;
                kept += usize::from((degrees[other as usize], other) > own);
            }
            starts.push(kept);
        }
        heads.truncate(kept);
        Self { starts, heads }
    }

    /// Every tie once: its tail, its head and its position.
    pub(crate) fn ties(&self) -> impl Iterator<Item = (u32, u32, usize)> + '_ {
        (0..self.starts.len() - 1).flat_map(move |tail| {
            (self.starts[tail]..self.starts[tail + 1]).map(move |at| (tail as u32, self.heads[at], at))
        })
    }

    /// How many triangles there are and how many each actor belongs to: as [`Oriented::each_triangle`], but with
    /// one bit an actor for marks, which stay in the nearest cache.
    fn counted(&self) -> Triangles {
        let actors = self.starts.len() - 1;
        let mut of = vec![0_u64; actors];
        let mut count = 0;
        let mut marked = vec![0_u64; actors.div_ceil(64)];
        for tail in 0..actors {
            let row = &self.heads[self.starts[tail]..self.starts[tail + 1]];
            if row.len() < 2 {
                continue;
            }
            for &head in row {
                marked[head as usize / 64] |= 1 << (head % 64);
            }
            let mut of_tail = 0;
            for &middle in row {
                let mut of_middle = 0;
                for &third in &self.heads[self.starts[middle as usize]..self.starts[middle as usize + 1]] {
                    if marked[third as usize / 64] >> (third % 64) & 1 == 1 {
                        of[third as usize] += 1;
                        of_middle += 1;
                    }
                }
                of[middle as usize] += of_middle;
                of_tail += of_middle;
            }
            of[tail] += of_tail;
            count += of_tail;
            for &head in row {
                marked[head as usize / 64] = 0;
            }
        }
        Triangles { of, count }
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
                        found(Triangle { ties: [at, row.start + mark as usize - 1, third] });
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
    Oriented::new(graph).counted()
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
