//! How far actors are from one another while ties are being added, and what one more tie would gain in efficiency.
//!
//! A tie u–v shortens the way from x to y only where x is nearer to u by two steps or more and y to v, so its gain is
//! summed over those two sides alone. An upper bound needs only how many actors stand at each pair of distances, by
//! d(x, y) ≤ min(d(x, v) + d(v, y), d(x, u) + d(u, y)); for actors in different components it is the gain itself.

#![expect(clippy::indexing_slicing, reason = "the table has a row an actor and a column a source; hot path")]

use crate::csr::Csr;
use crate::waves::Waves;

/// No way leads there. Twice as much still fits.
const NEVER: u16 = 30_000;
/// Up to this many actors distances between all are kept; above, those from evenly spread sources.
const ALL_PAIRS: usize = 3_000;
const SOURCES: usize = 1_024;
/// Bytes the table may take.
const ROOM: usize = 400 << 20;

/// Distances from sources to all actors. With every actor a source, all that follows is exact.
#[derive(Debug)]
pub(super) struct Reach {
    rows: Vec<u16>,
    sources: Vec<u32>,
    /// 1/d by distance, 0 for never.
    inverse: Vec<f32>,
    /// How many ordered pairs one pair of sources stands for, over all ordered pairs.
    share: f64,
    a_side: Vec<Far>,
    b_side: Vec<Far>,
    counts: Vec<(u16, u16, u32)>,
    b_counts: Vec<(u16, u16, u32)>,
}

/// A source on one side of a tie.
#[derive(Debug, Clone, Copy)]
struct Far {
    source: u32,
    near: u16,
    other: u16,
}

impl Reach {
    pub fn new(neighbors: &[Vec<u32>]) -> Self {
        let actors = neighbors.len();
        let wanted = if actors <= ALL_PAIRS { actors } else { SOURCES.min(ROOM / 2 / actors).max(64) };
        let sources: Vec<u32> = (0..wanted).map(|i| (i * actors / wanted.max(1)) as u32).collect();
        let mut rows = vec![NEVER; actors * wanted];
        let ties = Csr::of_lists(neighbors);
        let mut waves = Waves::new(actors);
        for (batch, sources) in sources.chunks(64).enumerate() {
            let first = batch * 64;
            for (bit, &source) in sources.iter().enumerate() {
                rows[source as usize * wanted + first + bit] = 0;
            }
            waves.search(&ties, sources, |distance, actor, bits| {
                let row = &mut rows[actor as usize * wanted + first..];
                let distance = distance.min(u32::from(NEVER - 1)) as u16;
                let mut left = bits;
                while left != 0 {
                    row[left.trailing_zeros() as usize] = distance;
                    left &= left - 1;
                }
            });
        }
        let longest = rows.iter().copied().filter(|&d| d < NEVER).max().unwrap_or(0);
        let pairs = (actors as f64 * (actors as f64 - 1.0)).max(1.0);
        let each = actors as f64 / wanted.max(1) as f64;
        let inverse = |d: usize| if d == 0 { 0.0 } else { 1.0 / d as f32 };
        // two ways of the longest kind and ties between; the last entry is never
        let mut inverse: Vec<f32> = (0..(usize::from(longest) * 4 + 64)).map(inverse).collect();
        inverse.push(0.0);
        Self {
            rows,
            sources,
            inverse,
            share: each * each / pairs,
            a_side: Vec::new(),
            b_side: Vec::new(),
            counts: Vec::new(),
            b_counts: Vec::new(),
        }
    }

    fn columns(&self) -> usize {
        self.sources.len()
    }

    pub fn is_exact(&self) -> bool {
        self.columns() * self.columns() == self.rows.len()
    }

    fn row(&self, actor: u32) -> &[u16] {
        &self.rows[actor as usize * self.columns()..(actor as usize + 1) * self.columns()]
    }

    /// The distance, where every actor is a source.
    pub fn between(&self, a: u32, b: u32) -> Option<u16> {
        self.is_exact().then(|| self.row(a)[b as usize])
    }

    /// Mean of 1/d from this actor to the sources.
    pub fn closeness(&self, actor: u32) -> f64 {
        self.row(actor).iter().map(|&d| f64::from(self.inverse_of(d))).sum::<f64>()
            / self.columns().max(1) as f64
    }

    fn inverse_of(&self, distance: u16) -> f32 {
        self.inverse[usize::from(distance).min(self.inverse.len() - 1)]
    }

    /// At least the gain in efficiency that a tie between these two would bring.
    pub fn bound(&mut self, u: u32, v: u32) -> f64 {
        self.split(u, v);
        count_alike(&self.a_side, &mut self.counts);
        count_alike(&self.b_side, &mut self.b_counts);
        let mut sum = 0.0;
        for &(a, a_other, a_many) in &self.counts {
            for &(b, b_other, b_many) in &self.b_counts {
                let before = (a_other + b).min(a + b_other);
                let gain = self.inverse_of(a + 1 + b) - self.inverse_of(before);
                if gain > 0.0 {
                    sum += f64::from(gain) * f64::from(a_many) * f64::from(b_many);
                }
            }
        }
        // both orders of each pair; rounding must not make it less than the gain
        2.0 * sum * self.share * (1.0 + 1e-6)
    }

    /// The gain in efficiency that a tie between these two would bring.
    pub fn gain(&mut self, u: u32, v: u32) -> f64 {
        self.split(u, v);
        let last = self.inverse.len() - 1;
        let mut sum = 0.0;
        for x in &self.a_side {
            let row = self.row(self.sources[x.source as usize]);
            let mut of_x = 0.0_f32;
            for y in &self.b_side {
                let before = row[y.source as usize];
                let after = x.near + 1 + y.near;
                if after < before {
                    of_x += self.inverse[usize::from(after).min(last)]
                        - self.inverse[usize::from(before).min(last)];
                }
            }
            sum += f64::from(of_x);
        }
        2.0 * sum * self.share
    }

    /// The sources nearer by two or more to one end, and those to the other.
    fn split(&mut self, u: u32, v: u32) {
        let (mut a_side, mut b_side) = (std::mem::take(&mut self.a_side), std::mem::take(&mut self.b_side));
        a_side.clear();
        b_side.clear();
        for (source, (&from_u, &from_v)) in self.row(u).iter().zip(self.row(v)).enumerate() {
            let source = source as u32;
            if from_u + 1 < from_v {
                a_side.push(Far { source, near: from_u, other: from_v });
            } else if from_v + 1 < from_u {
                b_side.push(Far { source, near: from_v, other: from_u });
            }
        }
        (self.a_side, self.b_side) = (a_side, b_side);
    }

    /// A look at few columns, for sieving pairs by the million.
    pub fn glance(&self) -> Glance {
        let step = (self.columns() / GLANCED).max(1);
        let actors = self.rows.len() / self.columns().max(1);
        let mut rows = Vec::new();
        for actor in 0..actors as u32 {
            rows.extend(self.row(actor).iter().step_by(step).map(|&d| self.inverse_of(d)));
        }
        Glance { columns: self.columns().div_ceil(step).max(1), rows }
    }

    /// Adds a tie.
    pub fn add(&mut self, u: u32, v: u32) {
        let columns = self.columns();
        let (row_u, row_v) = (self.row(u).to_vec(), self.row(v).to_vec());
        let ends = self.end_columns(u, v, &row_u, &row_v);
        for (row, (to_u, to_v)) in self.rows.chunks_exact_mut(columns.max(1)).zip(ends) {
            if to_u + 1 < to_v {
                for (d, &onward) in row.iter_mut().zip(&row_v) {
                    *d = (*d).min((to_u + 1 + onward).min(NEVER));
                }
            } else if to_v + 1 < to_u {
                for (d, &onward) in row.iter_mut().zip(&row_u) {
                    *d = (*d).min((to_v + 1 + onward).min(NEVER));
                }
            }
        }
        let longest = row_u.iter().chain(&row_v).copied().filter(|&d| d < NEVER).max().unwrap_or(0);
        self.lengthen(usize::from(longest) * 4 + 64);
    }

    /// For each actor its distances to both ends: exact where the ends are sources, else by the nearest way over a
    /// source.
    fn end_columns(&self, u: u32, v: u32, row_u: &[u16], row_v: &[u16]) -> Vec<(u16, u16)> {
        let actors = self.rows.len() / self.columns().max(1);
        let to = |end: u32, row_end: &[u16], actor: u32| {
            if self.is_exact() {
                return self.row(actor)[end as usize];
            }
            let ways = self.row(actor).iter().zip(row_end).map(|(&a, &b)| (a + b).min(NEVER));
            ways.min().unwrap_or(NEVER)
        };
        (0..actors as u32).map(|actor| (to(u, row_u, actor), to(v, row_v, actor))).collect()
    }

    fn lengthen(&mut self, entries: usize) {
        if self.inverse.len() > entries {
            return;
        }
        self.inverse = (0..entries).map(|d| if d == 0 { 0.0 } else { 1.0 / d as f32 }).collect();
        self.inverse.push(0.0);
    }
}

/// Columns of the table that a sieve looks at.
const GLANCED: usize = 48;

/// 1/d to few sources.
#[derive(Debug)]
pub(super) struct Glance {
    columns: usize,
    rows: Vec<f32>,
}

impl Glance {
    /// A guess at the gain of a tie, up to a factor.
    ///
    /// What each end would gain for itself, times how many stand behind it: those who gain as it does, only less.
    pub fn guess(&self, u: u32, v: u32) -> f32 {
        let row = |actor: u32| &self.rows[actor as usize * self.columns..(actor as usize + 1) * self.columns];
        let (mut pull_u, mut pull_v, mut weight_u, mut weight_v) = (0.0_f32, 0.0_f32, 0.05_f32, 0.05_f32);
        for (&to_u, &to_v) in row(u).iter().zip(row(v)) {
            // 1/(d + 1) of the far end, from 1/d; 0 stands for the source itself, which a sieve may overlook
            let (over_v, over_u) = (to_v / (1.0 + to_v), to_u / (1.0 + to_u));
            let (more_u, more_v) = ((over_v - to_u).max(0.0), (over_u - to_v).max(0.0));
            pull_u += more_u;
            pull_v += more_v;
            // only those nearer by two or more to this end stand behind it
            weight_u += if more_v > 0.0 { to_u } else { 0.0 };
            weight_v += if more_u > 0.0 { to_v } else { 0.0 };
        }
        pull_u * weight_u + pull_v * weight_v
    }
}

/// How many stand at the same two distances.
fn count_alike(side: &[Far], into: &mut Vec<(u16, u16, u32)>) {
    into.clear();
    for far in side {
        match into.iter_mut().find(|(near, other, _)| (*near, *other) == (far.near, far.other)) {
            Some((_, _, many)) => *many += 1,
            None => into.push((far.near, far.other, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn efficiency(neighbors: &[Vec<u32>]) -> f64 {
        let reach = Reach::new(neighbors);
        let n = neighbors.len() as f64;
        (0..neighbors.len() as u32).map(|actor| reach.closeness(actor)).sum::<f64>() / (n - 1.0)
    }

    proptest! {
        #[test]
        fn the_gain_is_what_a_tie_brings_and_the_bound_no_less(
            ties in proptest::collection::vec((0_u32..16, 0_u32..16), 0..30), u in 0_u32..16, v in 0_u32..16,
        ) {
            let mut neighbors = vec![Vec::new(); 16];
            for (a, b) in ties {
                if a != b && !neighbors[a as usize].contains(&b) {
                    neighbors[a as usize].push(b);
                    neighbors[b as usize].push(a);
                }
            }
            prop_assume!(u != v && !neighbors[u as usize].contains(&v));
            let before = efficiency(&neighbors);
            let mut reach = Reach::new(&neighbors);
            let (gain, bound) = (reach.gain(u, v), reach.bound(u, v));
            reach.add(u, v);
            neighbors[u as usize].push(v);
            neighbors[v as usize].push(u);
            prop_assert!((efficiency(&neighbors) - before - gain).abs() < 1e-5);
            prop_assert!(bound >= gain - 1e-7);
            prop_assert_eq!(&reach.rows, &Reach::new(&neighbors).rows);
        }
    }
}
