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

/// Rows of neighbors, one an actor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Csr {
    starts: Vec<usize>,
    neighbors: Vec<u32>,
    weights: Vec<f64>,
    /// entries of the longest row
    longest: usize,
}

impl Csr {
    fn of_columns(starts: Vec<usize>, neighbors: Vec<u32>, weights: Vec<f64>) -> Self {
        let longest = starts.windows(2).map(|row| row[1] - row[0]).max().unwrap_or(0);
        Self { starts, neighbors, weights, longest }
    }

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
        let rows = Self::of_parts(actors, shift, &next, &parted, (targets, weights));
        drop(parted);
        rows.settle_rows()
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
        Self::of_columns(starts, neighbors, weights)
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
        Self::of_columns(starts, neighbors, weights)
    }

    /// Sorts each row by neighbor and makes one tie of several to the same neighbor, their weights added in the order of
    /// coming.
    fn settle_rows(mut self) -> Self {
        // neighbor and place in the row as one plain number, which is sorted without a jump a comparison
        let mut keys: Vec<u64> = Vec::new();
        let mut before: Vec<f64> = Vec::new();
        let (mut start, mut kept) = (0, 0);
        for actor in 0..self.actors() {
            let row = start..self.starts[actor + 1];
            start = row.end;
            if self.settle_short(row.clone(), kept) {
                kept += row.len();
                self.starts[actor + 1] = kept;
                continue;
            }
            keys.clear();
            keys.extend(
                self.neighbors[row.clone()].iter().zip(0_u64..).map(|(&n, at)| u64::from(n) << 32 | at),
            );
            keys.sort_unstable();
            before.clear();
            before.extend_from_slice(&self.weights[row]);
            let first = kept;
            for &key in &keys {
                let (neighbor, weight) = ((key >> 32) as u32, before[key as u32 as usize]);
                if kept > first && self.neighbors[kept - 1] == neighbor {
                    self.weights[kept - 1] += weight;
                    continue;
                }
                (self.neighbors[kept], self.weights[kept]) = (neighbor, weight);
                kept += 1;
            }
            self.starts[actor + 1] = kept;
        }
        self.neighbors.truncate(kept);
        self.weights.truncate(kept);
        Self::of_columns(self.starts, self.neighbors, self.weights)
    }

    /// Writes a short row, sorted, to a place not behind its own. False, with nothing written, where it is long or names a
    /// neighbor twice.
    ///
    /// A neighbor stands where as many stand before it as are less: all are compared with all, several at once, which in
    /// short rows is sooner done than jumps that cannot be foretold.
    fn settle_short(&mut self, row: std::ops::Range<usize>, to: usize) -> bool {
        const SHORT: usize = 24;
        let length = row.len();
        if length > SHORT {
            return false;
        }
        let (mut neighbors, mut weights) = ([u32::MAX; SHORT], [0.0; SHORT]);
        neighbors[..length].copy_from_slice(&self.neighbors[row.clone()]);
        weights[..length].copy_from_slice(&self.weights[row]);
        let mut ranks = [0_u32; SHORT];
        // eight at once; those behind the end are greater than all
        let compared = length.next_multiple_of(8).min(SHORT);
        for &other in &neighbors[..length] {
            for (rank, &own) in ranks[..compared].iter_mut().zip(&neighbors[..compared]) {
                *rank += u32::from(other < own);
            }
        }
        let all: u32 = ranks[..length].iter().sum();
        if all as usize != length * length.saturating_sub(1) / 2 {
            // of two that are alike neither is less
            return false;
        }
        for at in 0..length {
            let place = to + ranks[at] as usize;
            (self.neighbors[place], self.weights[place]) = (neighbors[at], weights[at]);
        }
        true
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
        Self::of_columns(starts, neighbors, weights)
    }

    /// Every tie of either, the weights of ties in both added: with a network's rows and their transpose this is
    /// its undirected projection.
    #[must_use]
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let actors = self.actors();
        let mut starts = Vec::with_capacity(actors + 1);
        // room for all entries of both: pages that are never written to take no memory, and the rest is given back
        let mut neighbors = vec![0_u32; self.len() + other.len()];
        let mut weights = vec![0_f64; neighbors.len()];
        let mut kept = 0;
        starts.push(0);
        for actor in 0..actors as u32 {
            let of_self = (self.neighbors(actor), self.weights(actor));
            let of_other = (other.neighbors(actor), other.weights(actor));
            kept += join(of_self, of_other, &mut neighbors[kept..], &mut weights[kept..]);
            starts.push(kept);
        }
        neighbors.truncate(kept);
        weights.truncate(kept);
        neighbors.shrink_to_fit();
        weights.shrink_to_fit();
        Self::of_columns(starts, neighbors, weights)
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
        Self::of_columns(starts, neighbors, weights)
    }

    /// The rows without one actor; those after it are called one less.
    #[must_use]
    pub(crate) fn without(&self, gone: u32) -> Self {
        let (mut starts, mut neighbors, mut weights) = (vec![0], Vec::new(), Vec::new());
        for actor in self.each_actor().filter(|&actor| actor != gone) {
            for (neighbor, weight) in self.ties(actor).filter(|&(neighbor, _)| neighbor != gone) {
                neighbors.push(neighbor - u32::from(neighbor > gone));
                weights.push(weight);
            }
            starts.push(neighbors.len());
        }
        Self::of_columns(starts, neighbors, weights)
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

    /// How many neighbors the actor has who has most; 0 without actors. Known since the rows were made.
    #[must_use]
    pub fn most_neighbors(&self) -> usize {
        self.longest
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

/// Merges two ascending rows, the weights of neighbors in both added; returns how many there are. Nothing is decided by a
/// jump until one row ends: which row comes next cannot be foretold.
fn join(
    (a, a_weights): (&[u32], &[f64]),
    (b, b_weights): (&[u32], &[f64]),
    neighbors: &mut [u32],
    weights: &mut [f64],
) -> usize {
    let chosen = |weight: f64, yes: bool| f64::from_bits(weight.to_bits() & u64::from(yes).wrapping_neg());
    let (mut i, mut j, mut kept) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        let (from_a, from_b) = (x <= y, y <= x);
        neighbors[kept] = x.min(y);
        weights[kept] = chosen(a_weights[i], from_a) + chosen(b_weights[j], from_b);
        i += usize::from(from_a);
        j += usize::from(from_b);
        kept += 1;
    }
    let rest = if i < a.len() { (&a[i..], &a_weights[i..]) } else { (&b[j..], &b_weights[j..]) };
    let end = kept + rest.0.len();
    neighbors[kept..end].copy_from_slice(rest.0);
    weights[kept..end].copy_from_slice(rest.1);
    end
}
