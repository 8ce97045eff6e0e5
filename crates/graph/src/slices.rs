//! Rows laid out for multiplying by a vector again and again: eight rows of about one length side by side, so that eight
//! sums run at once and no time goes into where a row ends (Kreutzer et al. 2014, A unified sparse matrix data format,
//! SELL-C-σ).

#![expect(clippy::indexing_slicing, reason = "positions are made here and hold by construction; hot path")]

use crate::csr::Csr;

/// Rows side by side.
const SIDE: usize = 8;
/// Rows are put in the order of length within so many, which keeps those near each other that were.
const WINDOW: usize = 4096;
/// Longer rows stand alone: beside short ones they would be mostly empty.
const LONG: usize = 512;

/// The rows of a network in that layout.
pub(crate) struct Slices {
    /// for each slice its actors; the last may repeat one, all of whose entries then weigh nothing
    actors: Vec<[u32; SIDE]>,
    /// where each slice begins in `neighbors` and `weights`
    starts: Vec<usize>,
    neighbors: Vec<[u32; SIDE]>,
    weights: Vec<[f64; SIDE]>,
    long: Vec<(u32, Vec<u32>, Vec<f64>)>,
}

impl Slices {
    pub(crate) fn of(rows: &Csr) -> Self {
        let mut slices = Self {
            actors: Vec::with_capacity(rows.actors() / SIDE + 1),
            starts: vec![0],
            neighbors: Vec::with_capacity(rows.len() / SIDE + rows.len() / (8 * SIDE)),
            weights: Vec::with_capacity(rows.len() / SIDE + rows.len() / (8 * SIDE)),
            long: Vec::new(),
        };
        let mut window: Vec<u32> = Vec::with_capacity(WINDOW);
        for actor in rows.each_actor() {
            if rows.degree(actor) > LONG {
                slices.long.push((actor, rows.neighbors(actor).to_vec(), rows.weights(actor).to_vec()));
            } else {
                window.push(actor);
            }
            if window.len() == WINDOW {
                slices.add(rows, &mut window);
            }
        }
        slices.add(rows, &mut window);
        slices
    }

    fn add(&mut self, rows: &Csr, window: &mut Vec<u32>) {
        window.sort_unstable_by_key(|&actor| (std::cmp::Reverse(rows.degree(actor)), actor));
        for side in window.chunks(SIDE) {
            let longest = rows.degree(side[0]);
            let begin = self.neighbors.len();
            self.neighbors.resize(begin + longest, [side[0]; SIDE]);
            self.weights.resize(begin + longest, [0.0; SIDE]);
            let mut actors = [side[0]; SIDE];
            for (lane, &actor) in side.iter().enumerate() {
                actors[lane] = actor;
                for (at, (neighbor, weight)) in rows.ties(actor).enumerate() {
                    self.neighbors[begin + at][lane] = neighbor;
                    self.weights[begin + at][lane] = weight;
                }
            }
            self.actors.push(actors);
            self.starts.push(self.neighbors.len());
        }
        window.clear();
    }

    /// Writes for each actor the sum over its ties of weight times the neighbor's value.
    pub(crate) fn times(&self, values: &[f64], sums: &mut [f64]) {
        for (slice, actors) in self.actors.iter().enumerate() {
            let part = self.starts[slice]..self.starts[slice + 1];
            let mut sum = [0.0_f64; SIDE];
            for (neighbors, weights) in self.neighbors[part.clone()].iter().zip(&self.weights[part]) {
                for lane in 0..SIDE {
                    sum[lane] += values[neighbors[lane] as usize] * weights[lane];
                }
            }
            // backward, because a repeated actor is the first one
            for lane in (0..SIDE).rev() {
                sums[actors[lane] as usize] = sum[lane];
            }
        }
        for (actor, neighbors, weights) in &self.long {
            let ties = neighbors.iter().zip(weights);
            sums[*actor as usize] = ties.map(|(&neighbor, &weight)| values[neighbor as usize] * weight).sum();
        }
    }
}
