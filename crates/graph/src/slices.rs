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

/// Weights in half the room where they fit it exactly, as whole numbers do: time goes into bringing them from memory.
enum Weights {
    Single(Vec<[f32; SIDE]>),
    Double(Vec<[f64; SIDE]>),
}

/// The rows of a network in that layout.
pub(crate) struct Slices {
    /// for each slice its actors; the last may repeat one, all of whose entries then weigh nothing
    actors: Vec<[u32; SIDE]>,
    /// where each slice begins in `neighbors` and `weights`
    starts: Vec<usize>,
    neighbors: Vec<[u32; SIDE]>,
    weights: Weights,
    long: Vec<(u32, Vec<u32>, Vec<f64>)>,
}

impl Slices {
    /// With the weights of ties.
    pub(crate) fn of(rows: &Csr) -> Self {
        Self::laid_out(rows, |actor| rows.weights(actor))
    }

    /// With a weight of 1 for every tie.
    pub(crate) fn binary(rows: &Csr) -> Self {
        Self::laid_out(rows, |_| &[])
    }

    /// Ties for which no weight is given weigh 1.
    fn laid_out<'a>(rows: &'a Csr, given: impl Fn(u32) -> &'a [f64]) -> Self {
        let fits = |&weight: &f64| f64::from(weight as f32) == weight;
        let room = rows.len() / SIDE + rows.len() / (8 * SIDE);
        let mut slices = Self {
            actors: Vec::with_capacity(rows.actors() / SIDE + 1),
            starts: vec![0],
            neighbors: Vec::with_capacity(room),
            weights: match rows.each_actor().all(|actor| given(actor).iter().all(fits)) {
                true => Weights::Single(Vec::with_capacity(room)),
                false => Weights::Double(Vec::with_capacity(room)),
            },
            long: Vec::new(),
        };
        let mut window: Vec<u32> = Vec::with_capacity(WINDOW);
        for actor in rows.each_actor() {
            if rows.degree(actor) > LONG {
                let mut weights = given(actor).to_vec();
                weights.resize(rows.degree(actor), 1.0);
                slices.long.push((actor, rows.neighbors(actor).to_vec(), weights));
            } else {
                window.push(actor);
            }
            if window.len() == WINDOW {
                slices.add(rows, &given, &mut window);
            }
        }
        slices.add(rows, &given, &mut window);
        slices
    }

    fn add<'a>(&mut self, rows: &'a Csr, given: &impl Fn(u32) -> &'a [f64], window: &mut Vec<u32>) {
        window.sort_unstable_by_key(|&actor| (std::cmp::Reverse(rows.degree(actor)), actor));
        for side in window.chunks(SIDE) {
            let longest = rows.degree(side[0]);
            let begin = self.neighbors.len();
            self.neighbors.resize(begin + longest, [side[0]; SIDE]);
            match &mut self.weights {
                Weights::Single(weights) => weights.resize(begin + longest, [0.0; SIDE]),
                Weights::Double(weights) => weights.resize(begin + longest, [0.0; SIDE]),
            }
            let mut actors = [side[0]; SIDE];
            for (lane, &actor) in side.iter().enumerate() {
                actors[lane] = actor;
                let weights = given(actor);
                for (at, &neighbor) in rows.neighbors(actor).iter().enumerate() {
                    let weight = weights.get(at).copied().unwrap_or(1.0);
                    self.neighbors[begin + at][lane] = neighbor;
                    match &mut self.weights {
                        Weights::Single(weights) => weights[begin + at][lane] = weight as f32,
                        Weights::Double(weights) => weights[begin + at][lane] = weight,
                    }
                }
            }
            self.actors.push(actors);
            self.starts.push(self.neighbors.len());
        }
        window.clear();
    }

    /// Writes for each actor the sum over its ties of weight times the neighbor's value.
    pub(crate) fn times(&self, values: &[f64], sums: &mut [f64]) {
        match &self.weights {
            Weights::Single(weights) => self.times_of(weights, values, sums),
            Weights::Double(weights) => self.times_of(weights, values, sums),
        }
        for (actor, neighbors, weights) in &self.long {
            let ties = neighbors.iter().zip(weights);
            sums[*actor as usize] = ties.map(|(&neighbor, &weight)| values[neighbor as usize] * weight).sum();
        }
    }

    /// Goes through the rows in a fixed order with the sums of [`Slices::times`], of values that change on the way: `each`
    /// is told an actor and its sum and says what its value is from now on. Rows side by side see the same values.
    pub(crate) fn sweep(&self, values: &mut [f64], mut each: impl FnMut(usize, f64) -> f64) {
        for (actor, neighbors, weights) in &self.long {
            let ties = neighbors.iter().zip(weights);
            let sum = ties.map(|(&neighbor, &weight)| values[neighbor as usize] * weight).sum();
            values[*actor as usize] = each(*actor as usize, sum);
        }
        match &self.weights {
            Weights::Single(weights) => self.sweep_of(weights, values, &mut each),
            Weights::Double(weights) => self.sweep_of(weights, values, &mut each),
        }
    }

    fn sweep_of<W: Copy + Into<f64>>(
        &self,
        weights: &[[W; SIDE]],
        values: &mut [f64],
        each: &mut impl FnMut(usize, f64) -> f64,
    ) {
        for (slice, actors) in self.actors.iter().enumerate() {
            let sum = self.sums(slice, weights, values);
            // backward, because a repeated actor is the first one
            for lane in (0..SIDE).rev() {
                let actor = actors[lane] as usize;
                values[actor] = each(actor, sum[lane]);
            }
        }
    }

    fn sums<W: Copy + Into<f64>>(&self, slice: usize, weights: &[[W; SIDE]], values: &[f64]) -> [f64; SIDE] {
        let part = self.starts[slice]..self.starts[slice + 1];
        let mut sum = [0.0_f64; SIDE];
        for (neighbors, weights) in self.neighbors[part.clone()].iter().zip(&weights[part]) {
            for lane in 0..SIDE {
                sum[lane] += values[neighbors[lane] as usize] * weights[lane].into();
            }
        }
        sum
    }

    fn times_of<W: Copy + Into<f64>>(&self, weights: &[[W; SIDE]], values: &[f64], sums: &mut [f64]) {
        for (slice, actors) in self.actors.iter().enumerate() {
            let sum = self.sums(slice, weights, values);
            // backward, because a repeated actor is the first one
            for lane in (0..SIDE).rev() {
                sums[actors[lane] as usize] = sum[lane];
            }
        }
    }
}

/// The sum of products.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // four sums at once, because each addition waits for the one before
    let mut sums = [0.0; 4];
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The sum of all.
pub(crate) fn sum(values: &[f64]) -> f64 {
    let (four, rest) = values.as_chunks::<4>();
    // four sums at once, because each addition waits for the one before
    let mut sums = [0.0; 4];
    for values in four {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }
    sums.iter().chain(rest).sum()
}

/// Adds so many times the second to the first.
pub(crate) fn add_scaled(to: &mut [f64], what: &[f64], scale: f64) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += scale * what;
    }
}
