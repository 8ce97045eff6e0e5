//! Breadth-first search from 64 actors at once: each actor holds one bit a source, and a word is passed along a tie
//! instead of one visit (Then et al. 2014, The more the merrier: efficient multi-source graph traversal, PVLDB 8).

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;

/// Rooms that one search after another uses.
pub(crate) struct Waves {
    seen: Vec<u64>,
    now: Vec<u64>,
    next: Vec<u64>,
    front: Vec<u32>,
    coming: Vec<u32>,
    touched: Vec<u32>,
}

impl Waves {
    pub(crate) fn new(actors: usize) -> Self {
        Self {
            seen: vec![0; actors],
            now: vec![0; actors],
            next: vec![0; actors],
            front: Vec::new(),
            coming: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Searches from at most 64 different sources. Calls `reached` with the distance (from 1), an actor, and the
    /// bits of those sources that are that far from it.
    pub(crate) fn search(&mut self, rows: &Csr, sources: &[u32], mut reached: impl FnMut(u32, u32, u64)) {
        self.front.clear();
        for (bit, &source) in sources.iter().take(64).enumerate() {
            self.seen[source as usize] |= 1 << bit;
            self.now[source as usize] |= 1 << bit;
            self.front.push(source);
            self.touched.push(source);
        }
        let mut distance = 0;
        while !self.front.is_empty() {
            distance += 1;
            self.spread(rows);
            self.settle(distance, &mut reached);
        }
        for &actor in &self.touched {
            self.seen[actor as usize] = 0;
        }
        self.touched.clear();
    }

    /// Passes the bits of the front on to its neighbors.
    fn spread(&mut self, rows: &Csr) {
        self.coming.clear();
        for &actor in &self.front {
            let bits = self.now[actor as usize];
            self.now[actor as usize] = 0;
            for &neighbor in rows.neighbors(actor) {
                let place = &mut self.next[neighbor as usize];
                if *place == 0 {
                    self.coming.push(neighbor);
                }
                *place |= bits;
            }
        }
    }

    /// Keeps of the bits that came those that are new.
    fn settle(&mut self, distance: u32, reached: &mut impl FnMut(u32, u32, u64)) {
        self.front.clear();
        // a long front is walked in the order of actors, where memory is read as it lies
        if self.coming.len() > self.seen.len() / 16 {
            for actor in 0..self.next.len() {
                if self.next[actor] != 0 {
                    self.settle_one(actor, distance, reached);
                }
            }
        } else {
            for i in 0..self.coming.len() {
                self.settle_one(self.coming[i] as usize, distance, reached);
            }
        }
    }

    fn settle_one(&mut self, actor: usize, distance: u32, reached: &mut impl FnMut(u32, u32, u64)) {
        let before = self.seen[actor];
        let new = self.next[actor] & !before;
        self.next[actor] = 0;
        if new == 0 {
            return;
        }
        if before == 0 {
            self.touched.push(actor as u32);
        }
        self.seen[actor] = before | new;
        self.now[actor] = new;
        self.front.push(actor as u32);
        reached(distance, actor as u32, new);
    }
}

/// Counts for each of 64 bits how often it is set in a stream of words, in a few steps a word: plane p holds bit p of
/// each counter (Muła, Kurz & Lemire 2018 call it the positional population count).
#[derive(Default)]
pub(crate) struct BitCounts {
    planes: [u64; 32],
}

impl BitCounts {
    pub(crate) fn add(&mut self, word: u64) {
        let mut carry = word;
        for plane in &mut self.planes {
            let both = *plane & carry;
            *plane ^= carry;
            carry = both;
            if carry == 0 {
                return;
            }
        }
    }

    /// The counts so far, which begin again at 0.
    pub(crate) fn take(&mut self) -> [u64; 64] {
        let mut counts = [0; 64];
        for (p, mut plane) in std::mem::take(&mut self.planes).into_iter().enumerate() {
            while plane != 0 {
                if let Some(count) = counts.get_mut(plane.trailing_zeros() as usize) {
                    *count += 1 << p;
                }
                plane &= plane - 1;
            }
        }
        counts
    }
}
