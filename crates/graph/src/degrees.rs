//! How many ties there are and how unevenly actors hold them.
//!
//! Freeman, L. C. (1979). Centrality in social networks: conceptual clarification. *Social Networks* 1, 215–239.

use crate::csr::Csr;
use crate::network::Graph;

/// The share of possible ties that exist, 0 to 1: arcs of n(n−1), or pairs of n(n−1)/2. None below two actors.
#[must_use]
pub fn density(graph: &Graph) -> Option<f64> {
    let n = graph.actors() as f64;
    let possible = if graph.is_directed() { n * (n - 1.0) } else { n * (n - 1.0) / 2.0 };
    (graph.actors() >= 2).then(|| graph.ties() as f64 / possible)
}

/// For each actor the number of others it is tied to, whichever way.
#[must_use]
pub fn degree(graph: &Graph) -> Vec<u64> {
    let rows = graph.undirected();
    rows.each_actor().map(|actor| rows.degree(actor) as u64).collect()
}

/// Freeman's centralization of the undirected degree: Σ(max − d) / ((n−1)(n−2)); a star is 1. None below three
/// actors.
#[must_use]
pub fn degree_centralization(graph: &Graph) -> Option<f64> {
    let n = graph.actors() as f64;
    of_counts(graph.undirected(), 3, (n - 1.0) * (n - 2.0))
}

/// Σ(max − d) over what the most centralized network has, in whole numbers as long as that is possible.
fn of_counts(rows: &Csr, least: usize, possible: f64) -> Option<f64> {
    if rows.actors() < least {
        return None;
    }
    let short = rows.most_neighbors() as u128 * rows.actors() as u128 - rows.len() as u128;
    Some(short as f64 / possible)
}

/// Freeman's centralization of the in-degree: Σ(max − d) / (n−1)². None below two actors.
#[must_use]
pub fn indegree_centralization(graph: &Graph) -> Option<f64> {
    of_counts(graph.inward(), 2, (graph.actors() as f64 - 1.0).powi(2))
}

/// Freeman's centralization of the out-degree: Σ(max − d) / (n−1)². None below two actors.
#[must_use]
pub fn outdegree_centralization(graph: &Graph) -> Option<f64> {
    of_counts(graph.out(), 2, (graph.actors() as f64 - 1.0).powi(2))
}

/// Σ(max − x) over what the most centralized network of that size has. None below `least` actors, where that is 0.
pub(crate) fn centralization(
    values: impl Iterator<Item = f64> + Clone,
    actors: usize,
    least: usize,
    most: f64,
) -> Option<f64> {
    if actors < least {
        return None;
    }
    let max = values.clone().fold(0.0, f64::max);
    Some(exact_sum(values.map(|value| max - value)) / most)
}

/// A sum that does not lose what is small beside it (Neumaier 1974): a million leaves of a star are such a case.
fn exact_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}
