//! What lies near one actor: common contacts, resource allocation, paths of three ties, and a random walk that returns.
//!
//! - common contacts, counted;
//! - resource allocation Σ 1/deg(z) over common contacts z (Zhou, Lü, Zhang 2009), also weighted by how warm and how
//!   recent the two ties to z are;
//! - paths of three ties, normalized by the root of the degrees on the way: the third term of a Katz index (Katz 1953)
//!   on the normalized network;
//! - personalized PageRank by local push (Andersen, Chung, Lang 2006), walking along warm ties more often.
//!
//! Work is bounded for each actor, so that a hub of a million ties costs no more than a village.

#![expect(
    clippy::indexing_slicing,
    reason = "cells are as many as actors, and every neighbor is one; hot path"
)]

use super::snapshot::Snapshot;

/// Measures between the actor and one other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cell {
    pub common: f32,
    pub allocation: f32,
    pub allocation_lasting: f32,
    pub allocation_recent: f32,
    pub three_ties: f32,
    pub walk: f32,
    two_ties: f32,
    residue: f32,
}

/// How much one actor's surroundings may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Ties looked at for paths of two, for paths of three, and for the walk.
    ties: usize,
    /// The walk stops where less than this much probability a tie is left.
    residue: f32,
}

impl Effort {
    /// All there is in small networks; at a million actors about a quarter of a millisecond.
    pub fn for_network(actors: usize) -> Self {
        match actors {
            0..=5_000 => Self { ties: 200_000, residue: 2e-5 },
            5_001..=50_000 => Self { ties: 50_000, residue: 4e-5 },
            _ => Self { ties: 12_000, residue: 1e-4 },
        }
    }
}

/// The probability that the walk returns at each step.
const RETURN: f32 = 0.3;

/// The surroundings of one actor at a time; made once and used for many actors.
#[derive(Debug)]
pub(super) struct Near {
    cells: Vec<Cell>,
    touched: Vec<u32>,
    order: Vec<u32>,
    queue: std::collections::VecDeque<u32>,
    effort: Effort,
}

impl Near {
    pub fn new(actors: usize) -> Self {
        Self {
            cells: vec![Cell::default(); actors],
            touched: Vec::new(),
            order: Vec::new(),
            queue: std::collections::VecDeque::new(),
            effort: Effort::for_network(actors),
        }
    }

    /// What lies between the actor last looked at and another.
    pub fn cell(&self, other: u32) -> Cell {
        self.cells[other as usize]
    }

    /// Whether anything lies between the actor last looked at and another.
    pub fn has(&self, other: u32) -> bool {
        self.cell(other) != Cell::default()
    }

    /// Actors with anything between them and the actor last looked at, the actor and its contacts among them.
    pub fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// Looks around one actor.
    pub fn look(&mut self, snapshot: &Snapshot, actor: u32) {
        for &other in &self.touched {
            self.cells[other as usize] = Cell::default();
        }
        self.touched.clear();
        if snapshot.degree(actor) == 0 {
            return;
        }
        self.two_ties(snapshot, actor);
        self.three_ties(snapshot);
        self.walk(snapshot, actor);
    }

    fn two_ties(&mut self, snapshot: &Snapshot, actor: u32) {
        let row = snapshot.row(actor);
        self.order.clear();
        self.order.extend(row.start as u32..row.end as u32);
        // a contact of few says most; hubs come last and may be left out
        let degree = |at: &u32| snapshot.degree(snapshot.neighbors[*at as usize]);
        let mut left = self.effort.ties;
        if row.len() > left
            || snapshot.neighbors(actor).iter().map(|&z| snapshot.degree(z)).sum::<usize>() > left
        {
            self.order.sort_by_key(degree);
        }
        let own_root = (row.len() as f32).sqrt();
        for place in 0..self.order.len() {
            let at = self.order[place] as usize;
            let between = snapshot.neighbors[at];
            let onward = snapshot.row(between);
            if onward.len() > left {
                break;
            }
            left -= onward.len();
            let share = 1.0 / onward.len() as f32;
            let (lasting, recent) = (snapshot.lasting[at] * share, snapshot.recent[at] * share);
            let path = share / own_root;
            for next in onward {
                let other = snapshot.neighbors[next];
                let cell = &mut self.cells[other as usize];
                if cell.common == 0.0 {
                    self.touched.push(other);
                }
                cell.common += 1.0;
                cell.allocation += share;
                cell.allocation_lasting += lasting * snapshot.lasting[next];
                cell.allocation_recent += recent * snapshot.recent[next];
                cell.two_ties += path;
            }
        }
    }

    fn three_ties(&mut self, snapshot: &Snapshot) {
        self.order.clone_from(&self.touched);
        let mut left = self.effort.ties;
        let all: usize = self.order.iter().map(|&other| snapshot.degree(other)).sum();
        if all > left {
            let cells = &self.cells;
            // what a step onward brings: the path so far over the degree
            let gain = |other: u32| cells[other as usize].two_ties / snapshot.degree(other) as f32;
            self.order.sort_by(|&a, &b| gain(b).total_cmp(&gain(a)).then(a.cmp(&b)));
        }
        for place in 0..self.order.len() {
            let between = self.order[place];
            let onward = snapshot.row(between);
            if onward.len() > left {
                break;
            }
            left -= onward.len();
            // two_ties lacks 1/√deg(between), and the step adds another: together 1/deg
            let path = self.cells[between as usize].two_ties / onward.len() as f32;
            for next in onward {
                let other = snapshot.neighbors[next];
                let cell = &mut self.cells[other as usize];
                if cell.common == 0.0 && cell.three_ties == 0.0 {
                    self.touched.push(other);
                }
                cell.three_ties += path;
            }
        }
        for &other in &self.touched {
            let cell = &mut self.cells[other as usize];
            cell.three_ties /= (snapshot.degree(other) as f32).sqrt();
        }
    }

    fn walk(&mut self, snapshot: &Snapshot, actor: u32) {
        self.queue.clear();
        self.add_residue(actor, 1.0);
        self.queue.push_back(actor);
        let mut left = self.effort.ties;
        while let Some(at) = self.queue.pop_front() {
            let residue = std::mem::take(&mut self.cells[at as usize].residue);
            self.cells[at as usize].walk += residue * RETURN;
            let row = snapshot.row(at);
            if row.len() > left {
                break;
            }
            left -= row.len();
            let onward = residue * (1.0 - RETURN) / snapshot.warmth_sum[at as usize];
            for next in row {
                let other = snapshot.neighbors[next];
                let limit = self.effort.residue * snapshot.degree(other) as f32;
                let before = self.add_residue(other, onward * snapshot.warmth[next]);
                let now = self.cells[other as usize].residue;
                if before < limit && now >= limit {
                    self.queue.push_back(other);
                }
            }
        }
        for &other in &self.touched {
            let cell = &mut self.cells[other as usize];
            // what was not walked on rests where it stands
            cell.walk += std::mem::take(&mut cell.residue) * RETURN;
        }
    }

    /// Adds probability still to be walked on; what there was before.
    fn add_residue(&mut self, other: u32, more: f32) -> f32 {
        let cell = &mut self.cells[other as usize];
        let before = cell.residue;
        if before == 0.0 && cell.walk == 0.0 && cell.three_ties == 0.0 && cell.common == 0.0 {
            self.touched.push(other);
        }
        cell.residue += more;
        before
    }
}
