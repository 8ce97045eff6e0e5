//! PageRank: how often one who walks along ties, and now and then starts anew anywhere, comes by.
//!
//! Brin & Page (1998). From an actor without outgoing ties the walk starts anew anywhere.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::network::Graph;

/// PageRank with steps taken in proportion to the weights of arcs; sums to 1. Rounds end when the values together
/// change by less than `tolerance`. Empty where there are no actors.
#[must_use]
pub fn pagerank(graph: &Graph, damping: f64, tolerance: f64) -> Vec<f64> {
    let n = graph.actors();
    if n == 0 {
        return Vec::new();
    }
    let (out, inward) = (graph.out(), graph.inward());
    let shares: Vec<f64> = out
        .each_actor()
        .map(|actor| match out.strength(actor) {
            0.0 => 0.0,
            strength => damping / strength,
        })
        .collect();
    let (starts, sources, weights) = (inward.starts(), inward.all_neighbors(), inward.all_weights());
    let even = 1.0 / n as f64;
    let mut rank = vec![even; n];
    // what each actor passes on for every unit of weight
    let mut passed: Vec<f64> = shares.iter().map(|share| share * even).collect();
    let mut kept = idle_share(&shares, &rank);
    for _ in 0..ROUNDS {
        let base = (1.0 - damping + damping * kept) * even;
        let mut change = 0.0;
        for actor in 0..n {
            let row = starts[actor]..starts[actor + 1];
            let mut sum = base;
            for (&source, &weight) in sources[row.clone()].iter().zip(&weights[row]) {
                sum += passed[source as usize] * weight;
            }
            change += (sum - rank[actor]).abs();
            rank[actor] = sum;
        }
        for (passed, (rank, share)) in passed.iter_mut().zip(rank.iter().zip(&shares)) {
            *passed = rank * share;
        }
        kept = idle_share(&shares, &rank);
        if change < tolerance {
            break;
        }
    }
    let total: f64 = rank.iter().sum();
    rank.iter().map(|value| value / total).collect()
}

/// More rounds than any tolerance above 10⁻¹⁵ needs at a damping of .85.
const ROUNDS: usize = 1000;

/// How much rank rests on actors without outgoing ties.
fn idle_share(shares: &[f64], rank: &[f64]) -> f64 {
    shares.iter().zip(rank).filter(|&(&share, _)| share == 0.0).map(|(_, rank)| rank).sum()
}
