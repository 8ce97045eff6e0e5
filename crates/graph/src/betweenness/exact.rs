//! Brandes' algorithm over the core of a folded network, weighted by what is folded into each actor.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use super::Folded;
use crate::csr::Csr;

/// For each actor the number of pairs of others whose shortest path leads through it, in shares where there are
/// several. Not divided by the number of pairs. n·m steps at most ([`Folded::steps`]).
#[must_use]
pub fn betweenness(folded: &Folded) -> Vec<f64> {
    let core = CoreRows::new(folded);
    let n = folded.is_core.len();
    let k = core.actors.len();
    let mut search = Search::new(k);
    let (mut through, mut reached, mut reaching) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for source in 0..k as u32 {
        search.from(&core, source);
        let actor = core.actors[source as usize] as usize;
        let weight = folded.sources[actor];
        for &other in search.order.iter().skip(1) {
            let to = core.actors[other as usize] as usize;
            through[to] += weight * search.dependency[other as usize];
            reached[actor] += folded.targets[to];
            reaching[to] += weight;
        }
    }
    folded.unfolded(&through, &reached, &reaching)
}

/// The core's ties alone, with its actors numbered from 0.
struct CoreRows {
    starts: Vec<usize>,
    heads: Vec<u32>,
    actors: Vec<u32>,
    targets: Vec<f64>,
}

impl CoreRows {
    fn new(folded: &Folded) -> Self {
        let rows: &Csr = folded.forward;
        let actors: Vec<u32> = rows.each_actor().filter(|&actor| folded.is_core[actor as usize]).collect();
        let mut number = vec![u32::MAX; rows.actors()];
        for (i, &actor) in actors.iter().enumerate() {
            number[actor as usize] = i as u32;
        }
        let mut starts = vec![0];
        let mut heads = Vec::new();
        for &actor in &actors {
            let known = rows.neighbors(actor).iter().map(|&other| number[other as usize]);
            heads.extend(known.filter(|&other| other != u32::MAX));
            starts.push(heads.len());
        }
        let targets = actors.iter().map(|&actor| folded.targets[actor as usize]).collect();
        Self { starts, heads, actors, targets }
    }

    fn row(&self, actor: u32) -> &[u32] {
        &self.heads[self.starts[actor as usize]..self.starts[actor as usize + 1]]
    }
}

const FAR: u32 = u32::MAX;
/// Counts of paths are scaled down before they pass what a number can hold; ratios within a level stay.
const MANY: f64 = 1e100;
const SCALE: f64 = 1e-100;

struct Search {
    distance: Vec<u32>,
    paths: Vec<f64>,
    dependency: Vec<f64>,
    order: Vec<u32>,
    /// where each distance begins in `order`, and what its counts were multiplied by
    levels: Vec<(usize, f64)>,
}

impl Search {
    fn new(actors: usize) -> Self {
        Self {
            distance: vec![FAR; actors],
            paths: vec![0.0; actors],
            dependency: vec![0.0; actors],
            order: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Counts the shortest paths from one actor, and for each actor reached the pairs they make it lie between.
    fn from(&mut self, core: &CoreRows, source: u32) {
        for &actor in &self.order {
            self.distance[actor as usize] = FAR;
        }
        self.order.clear();
        self.levels.clear();
        self.visit(source, 0);
        self.paths[source as usize] = 1.0;
        let mut start = 0;
        while start < self.order.len() {
            self.levels.push((start, 1.0));
            self.rescale(start);
            let end = self.order.len();
            self.forward(core, start, end);
            start = end;
        }
        self.backward(core);
    }

    fn visit(&mut self, actor: u32, distance: u32) {
        self.distance[actor as usize] = distance;
        self.paths[actor as usize] = 0.0;
        self.dependency[actor as usize] = 0.0;
        self.order.push(actor);
    }

    fn forward(&mut self, core: &CoreRows, start: usize, end: usize) {
        let next = self.levels.len() as u32;
        for i in start..end {
            let actor = self.order[i];
            let paths = self.paths[actor as usize];
            for &other in core.row(actor) {
                if self.distance[other as usize] == FAR {
                    self.visit(other, next);
                }
                if self.distance[other as usize] == next {
                    self.paths[other as usize] += paths;
                }
            }
        }
    }

    fn rescale(&mut self, start: usize) {
        let level = &self.order[start..];
        if level.iter().any(|&actor| self.paths[actor as usize] > MANY) {
            for &actor in level {
                let paths = &mut self.paths[actor as usize];
                *paths = (*paths * SCALE).max(f64::MIN_POSITIVE);
            }
            if let Some(last) = self.levels.last_mut() {
                last.1 = SCALE;
            }
        }
    }

    fn backward(&mut self, core: &CoreRows) {
        let mut end = self.order.len();
        let mut scale_below = 1.0;
        for level in (0..self.levels.len()).rev() {
            let (start, scale) = self.levels[level];
            let below = level as u32 + 1;
            for i in start..end {
                let actor = self.order[i];
                let mut sum = 0.0;
                for &other in core.row(actor) {
                    if self.distance[other as usize] == below {
                        let o = other as usize;
                        sum += (core.targets[o] + self.dependency[o]) / self.paths[o];
                    }
                }
                self.dependency[actor as usize] = sum * self.paths[actor as usize] * scale_below;
            }
            end = start;
            scale_below = scale;
        }
    }
}
