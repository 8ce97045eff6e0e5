//! How far actors are from each other in the undirected projection, in ties.
//!
//! Exactly, from every actor, or from a random sample of actors with an error that holds with a stated confidence.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::bound::{Bound, Spread};
use crate::components::Components;
use crate::csr::Csr;
use crate::network::Graph;
use crate::random::Random;
use crate::waves::{BitCounts, Waves};

/// Distances from every actor, or from a sample of actors, to all others.
#[derive(Debug, Clone)]
pub struct Distances {
    actors: usize,
    /// For each actor Σ 1/d over the sources other than itself; unreachable ones give 0.
    inverse_sums: Vec<f64>,
    /// For each actor Σ d over the sources it is reached from.
    sums: Vec<u64>,
    /// At `d`, how many ordered pairs (source, other actor) are at that distance; at 0, none.
    pairs_at: Vec<u64>,
    sample: Option<Sample>,
}

/// What is kept of a sample besides, to tell how far off it may be.
#[derive(Debug, Clone)]
struct Sample {
    size: usize,
    degrees: Vec<u32>,
    /// For each actor how many sources are its neighbors, Σ 1/d² and Σ d².
    near: Vec<u32>,
    inverse_squares: Vec<f64>,
    squares: Vec<u64>,
    /// Over the sources: their Σ 1/d beyond neighbors as a share of the actors, and their Σ d.
    far_of_source: Spread,
    sum_of_source: Spread,
}

/// Distances between all pairs of actors, in about n·m/64 steps.
#[must_use]
pub fn distances(graph: &Graph) -> Distances {
    let rows = graph.undirected();
    let sources: Vec<u32> = rows.each_actor().filter(|&actor| rows.degree(actor) > 0).collect();
    let mut distances = Distances::empty(rows, None);
    let mut waves = Waves::new(rows.actors());
    for batch in sources.chunks(64) {
        waves.search(rows, batch, |distance, actor, bits| distances.reach(distance, actor, bits));
    }
    distances
}

/// After so many visits no further actors are drawn: a chain of a hundred thousand takes many more than a village.
const MOST_VISITS: u64 = 100_000_000;

/// Distances between up to `size` actors drawn at random (the same actor may be drawn twice) and all others.
#[must_use]
pub fn sampled_distances(graph: &Graph, size: usize, seed: u64) -> Distances {
    let rows = graph.undirected();
    let n = rows.actors();
    let mut random = Random::new(seed);
    let mut sources: Vec<u32> = (0..size).map(|_| random.below(n as u64) as u32).collect();
    if n == 0 {
        sources.clear();
    }
    let mut distances = Distances::empty(rows, Some(Sample::empty(rows)));
    let mut visits = 0;
    let mut waves = Waves::new(n);
    for batch in sources.chunks(64) {
        if visits > MOST_VISITS {
            break;
        }
        let mut counts = BitCounts::default();
        let mut far = [0.0_f64; 64];
        let mut sums = [0_u64; 64];
        let mut level = 0;
        let mut close = |level: u32, counts: &mut BitCounts| {
            for (bit, count) in counts.take().into_iter().enumerate() {
                sums[bit] += count * u64::from(level);
                if level > 1 {
                    far[bit] += count as f64 / f64::from(level);
                }
            }
        };
        waves.search(rows, batch, |distance, actor, bits| {
            if distance != level {
                close(level, &mut counts);
                level = distance;
            }
            counts.add(bits);
            visits += 1;
            distances.reach(distance, actor, bits);
        });
        close(level, &mut counts);
        if let Some(sample) = &mut distances.sample {
            sample.size += batch.len();
            for bit in 0..batch.len() {
                sample.far_of_source.add(far[bit] / (n as f64 - 1.0).max(1.0));
                sample.sum_of_source.add(sums[bit] as f64);
            }
        }
    }
    distances
}

impl Sample {
    fn empty(rows: &Csr) -> Self {
        let n = rows.actors();
        Self {
            size: 0,
            degrees: rows.each_actor().map(|actor| rows.degree(actor) as u32).collect(),
            near: vec![0; n],
            inverse_squares: vec![0.0; n],
            squares: vec![0; n],
            far_of_source: Spread::default(),
            sum_of_source: Spread::default(),
        }
    }
}

impl Distances {
    fn empty(rows: &Csr, sample: Option<Sample>) -> Self {
        let actors = rows.actors();
        Self { actors, inverse_sums: vec![0.0; actors], sums: vec![0; actors], pairs_at: vec![0], sample }
    }

    /// How many actors were drawn; none where distances are exact.
    #[must_use]
    pub fn sampled(&self) -> Option<usize> {
        self.sample.as_ref().map(|sample| sample.size)
    }

    /// Notes that the sources of these bits are that far from the actor.
    fn reach(&mut self, distance: u32, actor: u32, bits: u64) {
        let count = bits.count_ones();
        let (actor, d) = (actor as usize, f64::from(distance));
        self.inverse_sums[actor] += f64::from(count) / d;
        self.sums[actor] += u64::from(count) * u64::from(distance);
        let at = distance as usize;
        if at >= self.pairs_at.len() {
            self.pairs_at.resize(at + 1, 0);
        }
        self.pairs_at[at] += u64::from(count);
        if let Some(sample) = &mut self.sample {
            sample.inverse_squares[actor] += f64::from(count) / (d * d);
            sample.squares[actor] += u64::from(count) * u64::from(distance) * u64::from(distance);
            if distance == 1 {
                sample.near[actor] += count;
            }
        }
    }

    /// Harmonic centrality: for each actor Σ 1/d over the others divided by their number, 0 to 1, unreachable ones
    /// giving 0 (Marchiori & Latora 2000; Rochat 2009). None below two actors.
    #[must_use]
    pub fn harmonic(&self) -> Option<Vec<f64>> {
        if self.actors < 2 {
            return None;
        }
        let others = self.actors as f64 - 1.0;
        let Some(sample) = &self.sample else {
            return Some(self.inverse_sums.iter().map(|sum| sum / others).collect());
        };
        // neighbors are known; the sample speaks of those further off
        let scale = self.actors as f64 / sample.size as f64;
        let value = |actor: usize| {
            let far = self.inverse_sums[actor] - f64::from(sample.near[actor]);
            (f64::from(sample.degrees[actor]) + far * scale) / others
        };
        Some((0..self.actors).map(value).collect())
    }

    /// How far an actor's harmonic centrality from a sample may be off, over all actors at once; none where it is
    /// exact.
    #[must_use]
    pub fn harmonic_bound(&self, confidence: f64) -> Option<Bound> {
        let sample = self.sample.as_ref()?;
        let n = self.actors as f64;
        let error = (0..self.actors).fold(0.0, |error: f64, actor| {
            let near = f64::from(sample.near[actor]);
            let spread = Spread::of_sums(
                sample.size,
                self.inverse_sums[actor] - near,
                sample.inverse_squares[actor] - near,
            );
            error.max(spread.error(0.5, (1.0 - confidence) / n))
        });
        Some(Bound { error: error * n / (n - 1.0), confidence })
    }

    /// Global efficiency: the mean of 1/d over all ordered pairs, 0 to 1 (Latora & Marchiori 2001). One minus it is
    /// the distance-weighted fragmentation of Borgatti (2006). None below two actors.
    #[must_use]
    pub fn efficiency(&self) -> Option<f64> {
        if self.actors < 2 {
            return None;
        }
        let n = self.actors as f64;
        match &self.sample {
            None => Some(self.inverse_total() / (n * (n - 1.0))),
            Some(sample) => Some(sample.degree_share(n) + sample.far_of_source.mean()),
        }
    }

    /// How far the efficiency from a sample may be off; none where it is exact.
    #[must_use]
    pub fn efficiency_bound(&self, confidence: f64) -> Option<Bound> {
        let error = self.sample.as_ref()?.far_of_source.error(0.5, 1.0 - confidence);
        Some(Bound { error, confidence })
    }

    fn inverse_total(&self) -> f64 {
        let at = self.pairs_at.iter().enumerate().skip(1);
        at.map(|(distance, &pairs)| pairs as f64 / distance as f64).sum()
    }

    /// The mean distance over ordered pairs with a path between them. None where there is no such pair.
    #[must_use]
    pub fn mean_distance(&self, components: &Components) -> Option<f64> {
        let pairs = components.joined_pairs();
        if pairs == 0 {
            return None;
        }
        let Some(sample) = &self.sample else {
            let at = self.pairs_at.iter().enumerate();
            let sum: u128 = at.map(|(distance, &pairs)| distance as u128 * u128::from(pairs)).sum();
            return Some(sum as f64 / pairs as f64);
        };
        Some(sample.sum_of_source.mean() * self.actors as f64 / pairs as f64)
    }

    /// How far the mean distance from a sample may be off, when no two actors are further apart than `diameter`;
    /// none where it is exact.
    #[must_use]
    pub fn mean_distance_bound(
        &self,
        components: &Components,
        diameter: u32,
        confidence: f64,
    ) -> Option<Bound> {
        let sample = self.sample.as_ref()?;
        let most = components.largest().saturating_sub(1) as f64 * f64::from(diameter);
        let scale = self.actors as f64 / components.joined_pairs() as f64;
        Some(Bound { error: sample.sum_of_source.error(most, 1.0 - confidence) * scale, confidence })
    }

    /// The largest finite distance, where distances are exact; none where no actor has a tie.
    #[must_use]
    pub fn diameter(&self) -> Option<u32> {
        match self.pairs_at.len() - 1 {
            0 => None,
            diameter => self.sample.is_none().then_some(diameter as u32),
        }
    }

    /// Closeness: (n−1) / Σ d (Freeman 1979), in a connected network of two actors and more; else none.
    #[must_use]
    pub fn closeness(&self, components: &Components) -> Option<Vec<f64>> {
        if self.actors < 2 || components.count() != 1 {
            return None;
        }
        let others = self.actors as f64 - 1.0;
        // a sample may miss an actor only when it is that actor alone
        let scale = self.sample.as_ref().map_or(1.0, |sample| self.actors as f64 / sample.size as f64);
        Some(self.sums.iter().map(|&sum| (others / (sum as f64 * scale).max(others)).min(1.0)).collect())
    }

    /// How far an actor's closeness from a sample may be off, over all actors at once, when no two actors are further
    /// apart than `diameter`; none where it is exact.
    #[must_use]
    pub fn closeness_bound(&self, diameter: u32, confidence: f64) -> Option<Bound> {
        let sample = self.sample.as_ref()?;
        let n = self.actors as f64;
        let mut error = 0.0_f64;
        for actor in 0..self.actors {
            let spread = Spread::of_sums(sample.size, self.sums[actor] as f64, sample.squares[actor] as f64);
            let off = spread.error(f64::from(diameter), (1.0 - confidence) / n);
            // closeness is the inverse of the mean distance, which is 1 at least
            let mean = spread.mean().max(1.0);
            error = error.max(1.0 / (mean - off).max(1.0) - 1.0 / (mean + off));
        }
        Some(Bound { error, confidence })
    }
}

impl Sample {
    fn degree_share(&self, n: f64) -> f64 {
        self.degrees.iter().map(|&degree| f64::from(degree)).sum::<f64>() / (n * (n - 1.0))
    }
}

/// Freeman's centralization of closeness: Σ(max − c) / ((n−1)(n−2)/(2n−3)). None below three actors.
#[must_use]
pub fn closeness_centralization(closeness: &[f64]) -> Option<f64> {
    let n = closeness.len() as f64;
    let most = (n - 1.0) * (n - 2.0) / (2.0 * n - 3.0);
    crate::degrees::centralization(closeness.iter().copied(), closeness.len(), 3, most)
}

/// The largest finite distance as the bounds it is proven to lie in; both are the same unless more than `searches`
/// breadth-first searches would be needed. None where no actor has a tie.
///
/// Each search from an actor of eccentricity e bounds that of every other actor by its distance; searches start in
/// turn where the lower and the upper bounds leave most open (Takes & Kosters 2011, 2013).
#[must_use]
pub fn diameter(graph: &Graph, components: &Components, searches: usize) -> Option<(u32, u32)> {
    let rows = graph.undirected();
    if rows.is_empty() {
        return None;
    }
    let mut by_size: Vec<u32> = (0..components.count() as u32).collect();
    by_size.sort_by_key(|&component| std::cmp::Reverse(components.sizes[component as usize]));
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut place = vec![u32::MAX; components.count()];
    // components too small to hold the diameter found so far are passed over, so few are ever listed
    let large: Vec<u32> =
        by_size.into_iter().filter(|&component| components.sizes[component as usize] > 1).collect();
    for (i, &component) in large.iter().enumerate() {
        place[component as usize] = i as u32;
        members.push(Vec::new());
    }
    for actor in rows.each_actor() {
        if let Some(list) = members.get_mut(place[components.of[actor as usize] as usize] as usize) {
            list.push(actor);
        }
    }
    let mut search = Eccentricities::new(rows, searches);
    let (mut lower, mut upper) = (0, 0);
    for list in &members {
        if list.len() as u32 - 1 <= lower {
            break;
        }
        let (low, high) = search.component(list, lower);
        lower = lower.max(low);
        upper = upper.max(high);
    }
    Some((lower, upper.max(lower)))
}

struct Eccentricities<'a> {
    rows: &'a Csr,
    distance: Vec<u32>,
    low: Vec<u32>,
    high: Vec<u32>,
    queue: Vec<u32>,
    searches: usize,
}

impl<'a> Eccentricities<'a> {
    fn new(rows: &'a Csr, searches: usize) -> Self {
        let n = rows.actors();
        Self {
            rows,
            distance: vec![u32::MAX; n],
            low: vec![0; n],
            high: vec![u32::MAX; n],
            queue: Vec::new(),
            searches,
        }
    }

    /// Bounds on the diameter of a component that matter beside one already found.
    fn component(&mut self, members: &[u32], found: u32) -> (u32, u32) {
        let mut open: Vec<u32> = members.to_vec();
        let mut lower = found;
        let mut upper = members.len() as u32 - 1;
        let mut from_high = true;
        let first = members.iter().copied().max_by_key(|&actor| (self.rows.degree(actor), !actor));
        let mut next = first;
        while let Some(source) = next {
            if self.searches == 0 {
                return (lower, upper);
            }
            self.searches -= 1;
            let eccentricity = self.search(source);
            lower = lower.max(eccentricity);
            upper = upper.min(2 * eccentricity);
            let rest = |distance: u32| eccentricity - distance.min(eccentricity);
            for &actor in &open {
                let a = actor as usize;
                let d = self.distance[a];
                self.low[a] = self.low[a].max(d.max(rest(d)));
                self.high[a] = self.high[a].min(eccentricity + d);
            }
            (self.low[source as usize], self.high[source as usize]) = (eccentricity, eccentricity);
            open.retain(|&actor| self.high[actor as usize] > lower && actor != source);
            upper =
                upper.min(open.iter().map(|&actor| self.high[actor as usize]).max().unwrap_or(0).max(lower));
            if upper <= lower {
                return (lower, lower);
            }
            next = if from_high {
                open.iter().copied().max_by_key(|&a| (self.high[a as usize], self.rows.degree(a), !a))
            } else {
                open.iter().copied().min_by_key(|&a| (self.low[a as usize], !self.rows.degree(a), a))
            };
            from_high = !from_high;
        }
        (lower, upper.max(lower))
    }

    /// Distances from one actor to its component; returns the largest.
    fn search(&mut self, source: u32) -> u32 {
        for &actor in &self.queue {
            self.distance[actor as usize] = u32::MAX;
        }
        self.queue.clear();
        self.queue.push(source);
        self.distance[source as usize] = 0;
        let mut at = 0;
        let mut far = 0;
        while let Some(&actor) = self.queue.get(at) {
            at += 1;
            far = self.distance[actor as usize];
            for &neighbor in self.rows.neighbors(actor) {
                if self.distance[neighbor as usize] == u32::MAX {
                    self.distance[neighbor as usize] = far + 1;
                    self.queue.push(neighbor);
                }
            }
        }
        far
    }
}
