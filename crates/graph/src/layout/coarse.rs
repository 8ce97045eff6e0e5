//! A component and coarser pictures of it, in which actors who belong together are one.

#![expect(clippy::indexing_slicing, reason = "numbers are given here, below the number of actors; hot path")]

use super::Point;
use crate::csr::Csr;
use crate::random::Random;

const NONE: u32 = u32::MAX;
/// Pictures coarser than this are drawn as well without.
const COARSEST: usize = 60;

/// One picture of a component.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    starts: Vec<usize>,
    neighbors: Vec<u32>,
    pulls: Vec<f32>,
    /// In which actor of the coarser picture each of this one stands.
    parent: Vec<u32>,
}

impl Level {
    /// The actors of a component, numbered in the order of `members`, who are ascending.
    ///
    /// A tie pulls by how embedded it is: 1 for the tie itself and more for contacts that both share.
    pub fn new(rows: &Csr, members: &[u32]) -> Self {
        let mut level = Self { starts: vec![0], ..Self::default() };
        let number = |actor: u32| members.binary_search(&actor).unwrap_or_default() as u32;
        // looked up once an end; searching again for each tie would take longer than the layout
        let whole = members.len() == rows.actors();
        for &actor in members {
            for &other in rows.neighbors(actor) {
                level.neighbors.push(if whole { other } else { number(other) });
            }
            level.starts.push(level.neighbors.len());
        }
        level.pulls = vec![1.0; level.neighbors.len()];
        for at in 0..level.actors() {
            for slot in level.starts[at]..level.starts[at + 1] {
                let other = level.neighbors[slot] as usize;
                if other < at {
                    continue;
                }
                let pull = level.embedded(at, other);
                level.pulls[slot] = pull;
                if let Ok(back) = level.row(other).binary_search(&(at as u32)) {
                    level.pulls[level.starts[other] + back] = pull;
                }
            }
        }
        level
    }

    /// The share of contacts two have in common (Jaccard), as a pull.
    fn embedded(&self, a: usize, b: usize) -> f32 {
        let (x, y) = (self.row(a), self.row(b));
        // hubs have too many contacts to compare, and share few of them
        let alone = (FEW_TIES / x.len().min(y.len()) as f32).clamp(LEAST_PULL, 1.0);
        if x.len() + y.len() > 2_000 {
            return alone;
        }
        let (mut i, mut j, mut both) = (0, 0, 0_usize);
        while i < x.len() && j < y.len() {
            both += usize::from(x[i] == y[j]);
            let (step_x, step_y) = (x[i] <= y[j], y[j] <= x[i]);
            i += usize::from(step_x);
            j += usize::from(step_y);
        }
        alone + EMBEDDED_PULL * both as f32 / (x.len() + y.len() - both) as f32
    }

    /// How many ends of ties lead to one of the nearest.
    pub fn kept(&self, points: &[Point]) -> usize {
        let near = super::pack::nearest(points, super::NEAREST);
        let met = |(at, near): (usize, &Vec<u32>)| {
            near.iter().filter(|other| self.row(at).binary_search(other).is_ok()).count()
        };
        near.iter().enumerate().map(met).sum()
    }

    pub fn actors(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn row(&self, at: usize) -> &[u32] {
        &self.neighbors[self.starts[at]..self.starts[at + 1]]
    }

    pub fn pulls(&self, at: usize) -> &[f32] {
        &self.pulls[self.starts[at]..self.starts[at + 1]]
    }

    /// A picture of about half as many, joining those most drawn to one another; none where this is coarse enough or
    /// cannot be made much coarser.
    pub fn coarser(&mut self, random: &mut Random) -> Option<Self> {
        let actors = self.actors();
        if actors <= COARSEST {
            return None;
        }
        let mut order: Vec<u32> = (0..actors as u32).collect();
        random.shuffle(&mut order);
        // those with few ties choose first: they have least choice
        order.sort_by_key(|&at| self.row(at as usize).len());
        let mut parent = vec![NONE; actors];
        let mut count = 0;
        for &at in &order {
            if parent[at as usize] != NONE {
                continue;
            }
            let mut best: Option<(f32, u32)> = None;
            for (&other, &pull) in self.row(at as usize).iter().zip(self.pulls(at as usize)) {
                let fit = pull / self.row(other as usize).len() as f32;
                if parent[other as usize] == NONE && best.is_none_or(|(before, _)| fit > before) {
                    best = Some((fit, other));
                }
            }
            match (best, self.row(at as usize).first()) {
                (Some((_, other)), _) => {
                    parent[at as usize] = count;
                    parent[other as usize] = count;
                    count += 1;
                }
                // all contacts are taken: in with the first of them, so that stars grow coarser too
                (None, Some(&hub)) => parent[at as usize] = parent[hub as usize],
                (None, None) => {
                    parent[at as usize] = count;
                    count += 1;
                }
            }
        }
        self.parent = parent;
        (count as usize * 10 < actors * 9).then(|| self.joined(count as usize))
    }

    fn joined(&self, count: usize) -> Self {
        let mut children = vec![Vec::new(); count];
        for (at, &parent) in self.parent.iter().enumerate() {
            children[parent as usize].push(at);
        }
        let mut level = Self { starts: vec![0], ..Self::default() };
        let mut sums = vec![0_f32; count];
        let mut touched: Vec<u32> = Vec::new();
        for (own, members) in children.iter().enumerate() {
            touched.clear();
            for &at in members {
                for (&other, &pull) in self.row(at).iter().zip(self.pulls(at)) {
                    let other = self.parent[other as usize];
                    if other as usize == own {
                        continue;
                    }
                    if sums[other as usize] == 0.0 {
                        touched.push(other);
                    }
                    sums[other as usize] += pull;
                }
            }
            touched.sort_unstable();
            for &other in &touched {
                level.neighbors.push(other);
                level.pulls.push(std::mem::take(&mut sums[other as usize]));
            }
            level.starts.push(level.neighbors.len());
        }
        level
    }

    /// Places each beside where it stood in the coarser picture.
    pub fn spread_out(&self, coarser: &[Point], random: &mut Random) -> Vec<Point> {
        let scale = (self.actors() as f32 / coarser.len() as f32).sqrt();
        let mut near = || (random.unit() as f32 - 0.5) * 0.5;
        let beside = |&parent: &u32| {
            let [x, y] = coarser[parent as usize];
            [x * scale + near(), y * scale + near()]
        };
        self.parent.iter().map(beside).collect()
    }

    /// Places those who have no place at the middle of their contacts who have one, those further off after them.
    pub fn beside_contacts(&self, starts: &[Option<Point>], random: &mut Random) -> Vec<Point> {
        let mut placed: Vec<Option<Point>> = starts.to_vec();
        let mut open: Vec<usize> = (0..self.actors()).filter(|&at| placed[at].is_none()).collect();
        while !open.is_empty() {
            let mut found = Vec::new();
            for &at in &open {
                let near: Vec<Point> =
                    self.row(at).iter().filter_map(|&other| placed[other as usize]).collect();
                if near.is_empty() {
                    continue;
                }
                let middle = |axis: usize| near.iter().map(|p| p[axis]).sum::<f32>() / near.len() as f32;
                let mut jitter = || (random.unit() as f32 - 0.5) * 0.5;
                found.push((at, [middle(0) + jitter(), middle(1) + jitter()]));
            }
            if found.is_empty() {
                break;
            }
            for &(at, point) in &found {
                placed[at] = Some(point);
            }
            open.retain(|&at| placed[at].is_none());
        }
        placed.into_iter().map(|point| point.unwrap_or_default()).collect()
    }
}

const LEAST_PULL: f32 = 0.15;
/// Who has no more ties than this can have all of them near by.
const FEW_TIES: f32 = 3.0;
const EMBEDDED_PULL: f32 = 3.0;
