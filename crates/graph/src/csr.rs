//! One view of a network in compressed sparse rows: for each actor its neighbors, ascending, and the weights of
//! those ties, side by side.
//!
//! *Invariant:* rows are sorted by neighbor, hold no loop and no neighbor twice, and every weight is finite and
//! above zero.

#![expect(
    clippy::indexing_slicing,
    reason = "row bounds are made here and hold by construction; this is the hot path"
)]

/// Ties are put into at most two to this power parts.
const PARTS_BITS: u32 = 8;
/// Rows up to this long are sorted by insertion.
const SHORT: usize = 40;

/// Rows of neighbors, one an actor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Csr {
    starts: Vec<usize>,
    neighbors: Vec<u32>,
    weights: Vec<f64>,
}

impl Csr {
    /// Rows from ties in any order. Parallel ties add their weights. Returns the rows.
    ///
    /// Ties are first put into few parts by source, then each part into its rows: the places written to at any time are
    /// few enough for the nearest caches, whatever the order of the ties.
    pub(crate) fn from_ties(actors: usize, sources: Vec<u32>, targets: Vec<u32>, weights: Vec<f64>) -> Self {
        let shift = (usize::BITS - actors.leading_zeros()).saturating_sub(PARTS_BITS);
        let mut next = vec![0_usize; (actors >> shift) + 2];
        for &source in &sources {
            next[(source as usize >> shift) + 1] += 1;
        }
        for part in 1..next.len() {
            next[part] += next[part - 1];
        }
        // one plain number a tie, so that each is written in one place: its source, its target and its weight
        let mut parted = vec![0_u128; sources.len()];
        for ((&source, &target), &weight) in sources.iter().zip(&targets).zip(&weights) {
            let place = &mut next[source as usize >> shift];
            let ends = u64::from(source) << 32 | u64::from(target);
            parted[*place] = u128::from(ends) << 64 | u128::from(weight.to_bits());
            *place += 1;
        }
        drop(sources);
        // the columns given are written over, so that two copies of the ties at most stand in memory
        let mut rows = Self::of_parts(actors, shift, &next, &parted, (targets, weights));
        drop(parted);
        rows.sort_rows();
        rows.sum_parallel();
        rows
    }

    /// Rows of weight 1 from lists of neighbors, each ascending.
    pub(crate) fn of_lists(lists: &[Vec<u32>]) -> Self {
        let mut starts = Vec::with_capacity(lists.len() + 1);
        let mut neighbors = Vec::new();
        starts.push(0);
        for list in lists {
            neighbors.extend_from_slice(list);
            starts.push(neighbors.len());
        }
        let weights = vec![1.0; neighbors.len()];
        Self { starts, neighbors, weights }
    }

    /// Rows in the order of coming, from ties in parts by source: source, target and weight in one number. `parts` says
    /// where each part ends; the columns to be written are as long as there are ties.
    fn of_parts(
        actors: usize,
        shift: u32,
        parts: &[usize],
        ties: &[u128],
        (mut neighbors, mut weights): (Vec<u32>, Vec<f64>),
    ) -> Self {
        let mut starts = Vec::with_capacity(actors + 1);
        let mut next: Vec<usize> = Vec::new();
        let mut begin = 0;
        for (part, first) in (0..actors).step_by(1 << shift).enumerate() {
            let of_part = begin..parts[part];
            next.clear();
            next.resize((1_usize << shift).min(actors - first), 0);
            for tie in &ties[of_part.clone()] {
                next[(tie >> 96) as usize - first] += 1;
            }
            for place in &mut next {
                starts.push(begin);
                begin += std::mem::replace(place, begin);
            }
            for tie in &ties[of_part] {
                let place = &mut next[(tie >> 96) as usize - first];
                (neighbors[*place], weights[*place]) = ((tie >> 64) as u32, f64::from_bits(*tie as u64));
                *place += 1;
            }
        }
        starts.push(begin);
        Self { starts, neighbors, weights }
    }

    /// Sorts each row by neighbor; parallel ties stay in the order of coming.
    fn sort_rows(&mut self) {
        let mut long: Vec<(u32, f64)> = Vec::new();
        for actor in 0..self.actors() {
            let row = self.starts[actor]..self.starts[actor + 1];
            let (neighbors, weights) = (&mut self.neighbors[row.clone()], &mut self.weights[row]);
            if neighbors.len() > SHORT {
                long.clear();
                long.extend(neighbors.iter().copied().zip(weights.iter().copied()));
                long.sort_by_key(|&(neighbor, _)| neighbor);
                for ((neighbor, weight), sorted) in neighbors.iter_mut().zip(weights).zip(&long) {
                    (*neighbor, *weight) = *sorted;
                }
                continue;
            }
            for i in 1..neighbors.len() {
                let (neighbor, weight) = (neighbors[i], weights[i]);
                let mut to = i;
                while to > 0 && neighbors[to - 1] > neighbor {
                    (neighbors[to], weights[to]) = (neighbors[to - 1], weights[to - 1]);
                    to -= 1;
                }
                (neighbors[to], weights[to]) = (neighbor, weight);
            }
        }
    }

    /// The same ties seen from the other end. Rows come out sorted even when these are not.
    #[must_use]
    pub(crate) fn transposed(&self) -> Self {
        let actors = self.actors();
        let starts = starts_of(actors, &self.neighbors);
        let mut next = starts.clone();
        let mut neighbors = vec![0_u32; self.neighbors.len()];
        let mut weights = vec![0_f64; self.neighbors.len()];
        for actor in 0..actors {
            for at in self.starts[actor]..self.starts[actor + 1] {
                let to = &mut next[self.neighbors[at] as usize];
                neighbors[*to] = actor as u32;
                weights[*to] = self.weights[at];
                *to += 1;
            }
        }
        Self { starts, neighbors, weights }
    }

    /// Makes one tie of several to the same neighbor, in place.
    fn sum_parallel(&mut self) {
        let mut kept = 0;
        let mut start = 0;
        for actor in 0..self.actors() {
            let end = self.starts[actor + 1];
            let row_start = kept;
            for at in start..end {
                if kept > row_start && self.neighbors[kept - 1] == self.neighbors[at] {
                    self.weights[kept - 1] += self.weights[at];
                } else {
                    self.neighbors[kept] = self.neighbors[at];
                    self.weights[kept] = self.weights[at];
                    kept += 1;
                }
            }
            start = end;
            self.starts[actor + 1] = kept;
        }
        self.neighbors.truncate(kept);
        self.weights.truncate(kept);
    }

    /// Every tie of either, the weights of ties in both added: with a network's rows and their transpose this is
    /// its undirected projection.
    #[must_use]
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let actors = self.actors();
        let mut rows = Self {
            starts: Vec::with_capacity(actors + 1),
            neighbors: Vec::with_capacity(self.joined_len(other)),
            weights: Vec::new(),
        };
        rows.weights.reserve_exact(rows.neighbors.capacity());
        rows.starts.push(0);
        for actor in 0..actors as u32 {
            let (a, a_weights) = (self.neighbors(actor), self.weights(actor));
            let (b, b_weights) = (other.neighbors(actor), other.weights(actor));
            let (mut i, mut j) = (0, 0);
            while i < a.len() || j < b.len() {
                let from_a = j == b.len() || (i < a.len() && a[i] <= b[j]);
                let from_b = i == a.len() || (j < b.len() && b[j] <= a[i]);
                let mut weight = 0.0;
                rows.neighbors.push(if from_a { a[i] } else { b[j] });
                if from_a {
                    weight += a_weights[i];
                    i += 1;
                }
                if from_b {
                    weight += b_weights[j];
                    j += 1;
                }
                rows.weights.push(weight);
            }
            rows.starts.push(rows.neighbors.len());
        }
        rows
    }

    /// How many entries [`Csr::joined`] will hold, so that it can be given exactly that room.
    fn joined_len(&self, other: &Self) -> usize {
        let mut both = 0;
        for actor in 0..self.actors() as u32 {
            both += common(self.neighbors(actor), other.neighbors(actor));
        }
        self.len() + other.len() - both
    }

    /// The same network with actor `i` called `place[i]`.
    #[must_use]
    pub(crate) fn renumbered(&self, place: &[u32]) -> Self {
        let mut at = vec![0_u32; place.len()];
        for (actor, &p) in place.iter().enumerate() {
            at[p as usize] = actor as u32;
        }
        let mut starts = Vec::with_capacity(self.starts.len());
        let mut neighbors = Vec::with_capacity(self.len());
        let mut weights = Vec::with_capacity(self.len());
        let mut row: Vec<(u32, f64)> = Vec::new();
        starts.push(0);
        for &actor in &at {
            row.clear();
            row.extend(self.ties(actor).map(|(neighbor, weight)| (place[neighbor as usize], weight)));
            row.sort_unstable_by_key(|&(neighbor, _)| neighbor);
            for &(neighbor, weight) in &row {
                neighbors.push(neighbor);
                weights.push(weight);
            }
            starts.push(neighbors.len());
        }
        Self { starts, neighbors, weights }
    }

    /// The rows without one actor; those after it are called one less.
    #[must_use]
    pub(crate) fn without(&self, gone: u32) -> Self {
        let mut rows = Self { starts: vec![0], ..Self::default() };
        for actor in self.each_actor().filter(|&actor| actor != gone) {
            for (neighbor, weight) in self.ties(actor).filter(|&(neighbor, _)| neighbor != gone) {
                rows.neighbors.push(neighbor - u32::from(neighbor > gone));
                rows.weights.push(weight);
            }
            rows.starts.push(rows.neighbors.len());
        }
        rows
    }

    /// Rows, one an actor.
    #[must_use]
    pub fn actors(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Entries in all rows together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.neighbors.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.neighbors.is_empty()
    }

    /// The actor's neighbors, ascending.
    ///
    /// # Panics
    /// If there is no such actor.
    #[must_use]
    pub fn neighbors(&self, actor: u32) -> &[u32] {
        &self.neighbors[self.starts[actor as usize]..self.starts[actor as usize + 1]]
    }

    /// The weights of the actor's ties, in the order of [`Csr::neighbors`].
    ///
    /// # Panics
    /// If there is no such actor.
    #[must_use]
    pub fn weights(&self, actor: u32) -> &[f64] {
        &self.weights[self.starts[actor as usize]..self.starts[actor as usize + 1]]
    }

    /// The actor's neighbors with the weights of the ties.
    pub fn ties(&self, actor: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.neighbors(actor).iter().copied().zip(self.weights(actor).iter().copied())
    }

    /// How many neighbors the actor has.
    #[must_use]
    pub fn degree(&self, actor: u32) -> usize {
        self.starts[actor as usize + 1] - self.starts[actor as usize]
    }

    /// The sum of the weights of the actor's ties.
    #[must_use]
    pub fn strength(&self, actor: u32) -> f64 {
        self.weights(actor).iter().sum()
    }

    /// Whether the actor has that neighbor.
    #[must_use]
    pub fn has(&self, actor: u32, neighbor: u32) -> bool {
        self.neighbors(actor).binary_search(&neighbor).is_ok()
    }

    /// The weight of that tie, or none where there is no tie.
    #[must_use]
    pub fn weight(&self, actor: u32, neighbor: u32) -> Option<f64> {
        let at = self.neighbors(actor).binary_search(&neighbor).ok()?;
        self.weights(actor).get(at).copied()
    }

    /// Where each row begins in [`Csr::all_neighbors`], and at last its length: one more than there are actors.
    #[must_use]
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// All rows one after another.
    #[must_use]
    pub fn all_neighbors(&self) -> &[u32] {
        &self.neighbors
    }

    /// The weights of all rows one after another.
    #[must_use]
    pub fn all_weights(&self) -> &[f64] {
        &self.weights
    }

    /// Iterates over actor numbers.
    pub fn each_actor(&self) -> std::ops::Range<u32> {
        0..self.actors() as u32
    }
}

fn starts_of(actors: usize, keys: &[u32]) -> Vec<usize> {
    let mut starts = vec![0_usize; actors + 1];
    for &key in keys {
        starts[key as usize + 1] += 1;
    }
    for i in 0..actors {
        starts[i + 1] += starts[i];
    }
    starts
}

/// How many numbers two ascending lists share.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        both += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    both
}
