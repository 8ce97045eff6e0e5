//! Ties within and between given groups: by village, by kind of organization, by any trait.

#![expect(
    clippy::indexing_slicing,
    reason = "actor and group numbers are below their counts; this is the hot path"
)]

use crate::bound::Bound;
use crate::csr::Csr;
use crate::network::Graph;
use crate::random::Random;

/// Which group each actor belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    of: Vec<u32>,
    count: usize,
}

impl Groups {
    /// Groups numbered from 0, one an actor. Numbers may be passed over.
    #[must_use]
    pub fn new(of: Vec<u32>) -> Self {
        let count = of.iter().max().map_or(0, |&last| last as usize + 1);
        Self { of, count }
    }

    /// The group of each actor.
    #[must_use]
    pub fn of(&self) -> &[u32] {
        &self.of
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    fn sizes(&self) -> Vec<u64> {
        let mut sizes = vec![0; self.count];
        for &group in &self.of {
            sizes[group as usize] += 1;
        }
        sizes
    }
}

/// Entries of the rows between different groups.
fn external(rows: &Csr, of: &[u32]) -> u64 {
    let mut count = 0;
    for actor in rows.each_actor() {
        let own = of[actor as usize];
        count += rows.neighbors(actor).iter().filter(|&&other| of[other as usize] != own).count() as u64;
    }
    count
}

fn index(external: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| (2.0 * external as f64 - all as f64) / all as f64)
}

/// The E-I index: (external − internal) / all ties, −1 (all within groups) to 1 (all between); over arcs where the
/// network is directed (Krackhardt & Stern 1988). None where there are no ties.
#[must_use]
pub fn ei_index(graph: &Graph, groups: &Groups) -> Option<f64> {
    let rows = graph.out();
    index(external(rows, &groups.of), rows.len() as u64)
}

/// The E-I index over the undirected projection.
#[must_use]
pub fn ei_index_undirected(graph: &Graph, groups: &Groups) -> Option<f64> {
    let rows = graph.undirected();
    index(external(rows, &groups.of), rows.len() as u64)
}

/// For each actor (external − internal) / degree in the undirected projection; none for an actor without ties.
#[must_use]
pub fn ei_index_of_actors(graph: &Graph, groups: &Groups) -> Vec<Option<f64>> {
    let rows = graph.undirected();
    let value = |actor: u32| {
        let own = groups.of[actor as usize];
        let neighbors = rows.neighbors(actor);
        let between = neighbors.iter().filter(|&&other| groups.of[other as usize] != own).count();
        index(between as u64, neighbors.len() as u64)
    };
    rows.each_actor().map(value).collect()
}

/// The E-I index that ties without regard to groups would have: (E* − I*) / (E* + I*) over all possible pairs. None
/// below two actors.
#[must_use]
pub fn ei_expected(groups: &Groups) -> Option<f64> {
    let n = groups.of.len() as u128;
    let all = n * n.saturating_sub(1) / 2;
    let within: u128 =
        groups.sizes().iter().map(|&size| u128::from(size) * u128::from(size.saturating_sub(1)) / 2).sum();
    (all > 0).then(|| (all as f64 - 2.0 * within as f64) / all as f64)
}

/// How often groups dealt out anew at random lie at least as far from the expected E-I index of the undirected
/// projection as the true ones do: (1 + such deals) / (1 + deals), two-sided. With its bound. None where there are no
/// ties.
#[must_use]
pub fn ei_permutation_p(graph: &Graph, groups: &Groups, deals: usize, seed: u64) -> Option<(f64, Bound)> {
    let rows = graph.undirected();
    let (all, expected) = (rows.len() as u64, ei_expected(groups)?);
    let observed = (index(external(rows, &groups.of), all)? - expected).abs();
    let mut random = Random::new(seed);
    let mut dealt = groups.of.clone();
    let mut as_far = 0;
    for _ in 0..deals {
        random.shuffle(&mut dealt);
        let off = (index(external(rows, &dealt), all)? - expected).abs();
        // the same count of ties may differ by rounding
        as_far += usize::from(off >= observed - 1e-12);
    }
    let p = (1 + as_far) as f64 / (1 + deals) as f64;
    let confidence: f64 = 0.95;
    let error = ((2.0 / (1.0 - confidence)).ln() / (2.0 * deals as f64)).sqrt() + 1.0 / (1.0 + deals as f64);
    Some((p, Bound { error, confidence }))
}

/// For each group the share of tie ends inside ties within it, and of all tie ends, in the undirected projection.
fn shares(rows: &Csr, groups: &Groups) -> Vec<(f64, f64)> {
    let mut within = vec![0_u64; groups.count];
    let mut ends = vec![0_u64; groups.count];
    for actor in rows.each_actor() {
        let own = groups.of[actor as usize];
        let neighbors = rows.neighbors(actor);
        ends[own as usize] += neighbors.len() as u64;
        within[own as usize] +=
            neighbors.iter().filter(|&&other| groups.of[other as usize] == own).count() as u64;
    }
    let all = rows.len() as f64;
    within.iter().zip(&ends).map(|(&within, &ends)| (within as f64 / all, ends as f64 / all)).collect()
}

/// Newman's assortativity of the groups in the undirected projection, unweighted (2003, Mixing patterns in networks).
/// None where there are no ties or all ties are of one group.
#[must_use]
pub fn assortativity(graph: &Graph, groups: &Groups) -> Option<f64> {
    let rows = graph.undirected();
    if rows.is_empty() {
        return None;
    }
    let shares = shares(rows, groups);
    let by_chance: f64 = shares.iter().map(|(_, ends)| ends * ends).sum();
    let within: f64 = shares.iter().map(|(within, _)| within).sum();
    if shares.iter().any(|&(_, ends)| ends >= 1.0) {
        return None;
    }
    Some((within - by_chance) / (1.0 - by_chance))
}

/// Newman's modularity of the groups in the undirected projection, unweighted. None where there are no ties.
#[must_use]
pub fn modularity(graph: &Graph, groups: &Groups) -> Option<f64> {
    let rows = graph.undirected();
    (!rows.is_empty()).then(|| shares(rows, groups).iter().map(|(within, ends)| within - ends * ends).sum())
}

/// Newman's modularity of the groups in the undirected projection with the weights of ties. None where there are no
/// ties.
#[must_use]
pub fn weighted_modularity(graph: &Graph, groups: &Groups) -> Option<f64> {
    let rows = graph.undirected();
    let mut within = vec![0.0; groups.count];
    let mut ends = vec![0.0; groups.count];
    for actor in rows.each_actor() {
        let own = groups.of[actor as usize];
        for (other, weight) in rows.ties(actor) {
            ends[own as usize] += weight;
            if groups.of[other as usize] == own {
                within[own as usize] += weight;
            }
        }
    }
    let all: f64 = ends.iter().sum();
    (all > 0.0)
        .then(|| within.iter().zip(&ends).map(|(within, ends)| within / all - (ends / all).powi(2)).sum())
}

/// How often an actor v stands between two actors a → v → b without an arc a → b, by their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Brokerage {
    /// a, v, b of one group (`w_I`).
    pub coordinator: u64,
    /// a and b of one group, v of another (`w_O`).
    pub itinerant: u64,
    /// a and v of one group, b of another (`b_IO`).
    pub representative: u64,
    /// v and b of one group, a of another (`b_OI`).
    pub gatekeeper: u64,
    /// three groups (`b_O`).
    pub liaison: u64,
}

impl Brokerage {
    #[must_use]
    pub fn total(&self) -> u64 {
        self.coordinator + self.itinerant + self.representative + self.gatekeeper + self.liaison
    }

    /// In the order of R's `sna`: `w_I`, `w_O`, `b_IO`, `b_OI`, `b_O` and their sum.
    #[must_use]
    pub fn columns(&self) -> [u64; 6] {
        let Self { coordinator, itinerant, representative, gatekeeper, liaison } = *self;
        [coordinator, itinerant, representative, gatekeeper, liaison, self.total()]
    }

    fn add(&mut self, [a, v, b]: [u32; 3], count: i64) {
        let role = match (a == v, v == b, a == b) {
            (true, true, _) => &mut self.coordinator,
            (_, _, true) => &mut self.itinerant,
            (true, _, _) => &mut self.representative,
            (_, true, _) => &mut self.gatekeeper,
            _ => &mut self.liaison,
        };
        *role = role.wrapping_add_signed(count);
    }
}

/// For each actor its brokerage roles (Gould & Fernandez 1989, Structures of mediation).
#[must_use]
pub fn brokerage(graph: &Graph, groups: &Groups) -> Vec<Brokerage> {
    let (out, inward) = (graph.out(), graph.inward());
    // how many of v's targets each group has
    let mut targets_in = vec![0_i64; groups.count];
    let mut is_target = vec![false; graph.actors()];
    let mut result = Vec::with_capacity(graph.actors());
    for v in out.each_actor() {
        let targets = out.neighbors(v);
        for &b in targets {
            targets_in[groups.of[b as usize] as usize] += 1;
            is_target[b as usize] = true;
        }
        let mut roles = Brokerage::default();
        let own = groups.of[v as usize];
        for &a in inward.neighbors(v) {
            let of_a = groups.of[a as usize];
            add_all(&mut roles, of_a, own, &targets_in, targets.len() as i64);
            if is_target[a as usize] {
                roles.add([of_a, own, of_a], -1);
            }
            let known = out.neighbors(a);
            let mut closed = |b: u32| roles.add([of_a, own, groups.of[b as usize]], -1);
            if known.len() > 16 * targets.len() {
                targets.iter().filter(|b| known.binary_search(b).is_ok()).for_each(|&b| closed(b));
            } else {
                known.iter().filter(|&&b| is_target[b as usize]).for_each(|&b| closed(b));
            }
        }
        for &b in targets {
            targets_in[groups.of[b as usize] as usize] = 0;
            is_target[b as usize] = false;
        }
        result.push(roles);
    }
    result
}

/// Counts every target of v for one source, whether or not the source is tied to it.
fn add_all(roles: &mut Brokerage, of_source: u32, own: u32, targets_in: &[i64], targets: i64) {
    let in_source = targets_in[of_source as usize];
    let in_own = targets_in[own as usize];
    roles.add([of_source, own, of_source], in_source);
    if of_source == own {
        roles.representative = roles.representative.wrapping_add_signed(targets - in_own);
        return;
    }
    roles.add([of_source, own, own], in_own);
    roles.liaison = roles.liaison.wrapping_add_signed(targets - in_source - in_own);
}
