//! A network some of whose nodes stand for several actors, and moving its nodes between communities.

#![expect(
    clippy::indexing_slicing,
    reason = "node and community numbers are below their counts; this is the hot path"
)]

use std::borrow::Cow;

use crate::components::Components;
use crate::csr::Csr;
use crate::random::Random;

pub(super) struct Level<'a> {
    starts: Cow<'a, [usize]>,
    heads: Cow<'a, [u32]>,
    weights: Cow<'a, [f64]>,
    /// twice the weight of the ties inside each node
    inside: Vec<f64>,
    /// the weight of all tie ends of each node, those inside included
    pub(super) strength: Vec<f64>,
    /// the weight of all tie ends
    pub(super) total: f64,
}

impl<'a> Level<'a> {
    pub(super) fn of(rows: &'a Csr) -> Self {
        let strength: Vec<f64> = rows.each_actor().map(|actor| rows.strength(actor)).collect();
        Self {
            starts: Cow::Borrowed(rows.starts()),
            heads: Cow::Borrowed(rows.all_neighbors()),
            weights: Cow::Borrowed(rows.all_weights()),
            inside: vec![0.0; rows.actors()],
            total: strength.iter().sum(),
            strength,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.strength.len()
    }

    pub(super) fn ties(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let row = self.starts[node as usize]..self.starts[node as usize + 1];
        self.heads[row.clone()].iter().copied().zip(self.weights[row].iter().copied())
    }

    pub(super) fn modularity(&self, of: &[u32]) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let mut within = 0.0;
        let mut ends = vec![0.0; self.len()];
        for node in 0..self.len() {
            ends[of[node] as usize] += self.strength[node];
            within += self.inside[node];
            let own = of[node];
            within += self
                .ties(node as u32)
                .filter(|&(other, _)| of[other as usize] == own)
                .map(|(_, w)| w)
                .sum::<f64>();
        }
        within / self.total - ends.iter().map(|ends| (ends / self.total).powi(2)).sum::<f64>()
    }

    /// The network whose nodes are the parts of this one.
    pub(super) fn aggregated(&self, parts: &Components) -> Level<'static> {
        let count = parts.count();
        let (member_starts, members) = by_part(parts);
        let mut starts = Vec::with_capacity(count + 1);
        let (mut heads, mut weights) = (Vec::new(), Vec::new());
        let (mut inside, mut strength) = (vec![0.0; count], vec![0.0; count]);
        let mut to = Tally::new(count);
        starts.push(0);
        for part in 0..count {
            for &node in &members[member_starts[part]..member_starts[part + 1]] {
                inside[part] += self.inside[node as usize];
                strength[part] += self.strength[node as usize];
                for (other, weight) in self.ties(node) {
                    to.add(parts.of[other as usize], weight);
                }
            }
            for &other in &to.touched {
                if other as usize == part {
                    inside[part] += to.weight[other as usize];
                } else {
                    heads.push(other);
                    weights.push(to.weight[other as usize]);
                }
            }
            to.clear();
            starts.push(heads.len());
        }
        Level {
            starts: Cow::Owned(starts),
            heads: Cow::Owned(heads),
            weights: Cow::Owned(weights),
            inside,
            strength,
            total: self.total,
        }
    }
}

fn by_part(parts: &Components) -> (Vec<usize>, Vec<u32>) {
    let mut starts = vec![0_usize; parts.count() + 1];
    for (part, &size) in parts.sizes.iter().enumerate() {
        starts[part + 1] = starts[part] + size as usize;
    }
    let mut next = starts.clone();
    let mut members = vec![0; parts.of.len()];
    for (node, &part) in parts.of.iter().enumerate() {
        members[next[part as usize]] = node as u32;
        next[part as usize] += 1;
    }
    (starts, members)
}

/// Weights by community, emptied in as many steps as it was filled.
pub(super) struct Tally {
    pub(super) weight: Vec<f64>,
    pub(super) touched: Vec<u32>,
}

impl Tally {
    pub(super) fn new(count: usize) -> Self {
        Self { weight: vec![0.0; count], touched: Vec::new() }
    }

    pub(super) fn add(&mut self, community: u32, weight: f64) {
        let sum = &mut self.weight[community as usize];
        // weights are above zero, so that zero means untouched
        if *sum == 0.0 {
            self.touched.push(community);
        }
        *sum += weight;
    }

    pub(super) fn clear(&mut self) {
        for &community in &self.touched {
            self.weight[community as usize] = 0.0;
        }
        self.touched.clear();
    }
}

/// Labels numbered anew from 0 in the order of first appearance.
pub(super) fn compact(labels: &mut [u32], bound: usize) -> Vec<u32> {
    let most = labels.iter().max().map_or(0, |&label| label as usize + 1).max(bound);
    let mut number = vec![u32::MAX; most];
    let mut next = 0;
    for &label in labels.iter() {
        if number[label as usize] == u32::MAX {
            number[label as usize] = next;
            next += 1;
        }
    }
    labels.iter().map(|&label| number[label as usize]).collect()
}

/// Nodes in random order; of many, only those near each other change places, so that rows are read about as they lie in
/// memory.
pub(super) fn shuffled(nodes: usize, random: &mut Random) -> Vec<u32> {
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    if nodes <= MANY {
        random.shuffle(&mut order);
    } else {
        order.chunks_mut(NEAR).for_each(|near| random.shuffle(near));
    }
    order
}

const MANY: usize = 20_000;
const NEAR: usize = 512;

/// How long nodes are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Nobody gains.
    Rest,
    /// As [`Until::Rest`], but of many nodes hardly more than each was looked at once: what is left to gain will be gained
    /// by coarser nodes at less cost, or by the same ones later.
    Sketched,
}

/// Moves nodes one at a time to the neighboring (or an empty) community where modularity gains most, and looks again
/// at the neighbors of those moved. Returns whether anyone moved.
pub(super) fn move_nodes(level: &Level, of: &mut [u32], random: &mut Random, until: Until) -> bool {
    let n = level.len();
    let mut looks_left = if until == Until::Sketched && n > MANY { n + n / 5 } else { usize::MAX };
    if level.total <= 0.0 {
        return false;
    }
    let mut strength_of = vec![0.0; n];
    let mut size_of = vec![0_u32; n];
    for node in 0..n {
        strength_of[of[node] as usize] += level.strength[node];
        size_of[of[node] as usize] += 1;
    }
    let mut empty: Vec<u32> =
        (0..n as u32).rev().filter(|&community| size_of[community as usize] == 0).collect();
    let order = shuffled(n, random);
    let mut queue: std::collections::VecDeque<u32> = order.into();
    let mut waiting = vec![true; n];
    let mut tally = Tally::new(n);
    let mut moved_any = false;
    while let Some(node) = queue.pop_front() {
        if looks_left == 0 {
            break;
        }
        looks_left -= 1;
        waiting[node as usize] = false;
        let own = of[node as usize];
        let strength = level.strength[node as usize];
        for (other, weight) in level.ties(node) {
            tally.add(of[other as usize], weight);
        }
        strength_of[own as usize] -= strength;
        let scale = strength / level.total;
        let stay = tally.weight[own as usize] - scale * strength_of[own as usize];
        let (mut best, mut most) = (own, stay);
        for &community in &tally.touched {
            let gain = tally.weight[community as usize] - scale * strength_of[community as usize];
            if gain > most + 1e-12 * strength {
                (best, most) = (community, gain);
            }
        }
        if most < -1e-12 * strength && size_of[own as usize] > 1 {
            // alone is better than anywhere
            best = empty.last().copied().unwrap_or(own);
        }
        tally.clear();
        strength_of[best as usize] += strength;
        if best == own {
            continue;
        }
        moved_any = true;
        of[node as usize] = best;
        if size_of[best as usize] == 0 {
            empty.pop();
        }
        size_of[best as usize] += 1;
        size_of[own as usize] -= 1;
        if size_of[own as usize] == 0 {
            strength_of[own as usize] = 0.0;
            empty.push(own);
        }
        for (other, _) in level.ties(node) {
            if of[other as usize] != best && !waiting[other as usize] {
                waiting[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
    moved_any
}
