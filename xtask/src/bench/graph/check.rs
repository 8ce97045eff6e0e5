//! How far sampled values are from exact ones, beside the errors they state.

use std::path::Path;

use graph::Direction;
use graph::betweenness::{Folded, Paths, betweenness, sampled};
use graph::components::weak_components;
use graph::distances::{distances, sampled_distances};
use graph::read::{Times, ties};

/// Samples drawn of each kind.
const SEEDS: u64 = 20;
/// Sources that distances are found from.
const SOURCES: usize = 1024;

/// Prints, over many seeds, how often all values were within the error stated, and how far the worst was.
pub fn against_exact(path: &Path) -> Result<(), String> {
    let (graph, _) = ties(path, None, Times::Ignored)
        .and_then(|ties| ties.network(Direction::Directed))
        .map_err(|error| error.to_string())?;
    let weak = weak_components(&graph);
    println!(
        "| measure | samples with every value within its error | worst error, share of that stated | top 100 found |"
    );
    println!("|---|---|---|---|");
    for (name, paths) in [("betweenness", Paths::Directed), ("betweenness, undirected", Paths::Undirected)] {
        let exact = betweenness(&Folded::new(&graph, paths));
        let of_seed = |seed| {
            let found = sampled(&graph, paths, &weak, 0.95, seed);
            (worst(&exact, &found.values) / found.bound.error, top_found(&exact, &found.values))
        };
        line(name, &(1..=SEEDS).map(of_seed).collect::<Vec<_>>());
    }
    let exact = distances(&graph);
    let harmonic = exact.harmonic().ok_or("too few actors")?;
    let mut of_harmonic = Vec::new();
    let mut of_efficiency = Vec::new();
    for seed in 1..=SEEDS {
        let found = sampled_distances(&graph, SOURCES, seed);
        let (Some(values), Some(bound)) = (found.harmonic(), found.harmonic_bound(0.95)) else { continue };
        of_harmonic.push((worst(&harmonic, &values) / bound.error, top_found(&harmonic, &values)));
        let (Some(a), Some(b), Some(bound)) =
            (exact.efficiency(), found.efficiency(), found.efficiency_bound(0.95))
        else {
            continue;
        };
        of_efficiency.push(((a - b).abs() / bound.error, 0));
    }
    line(&format!("harmonic, {SOURCES} sources"), &of_harmonic);
    line(&format!("efficiency, {SOURCES} sources"), &of_efficiency);
    Ok(())
}

fn line(name: &str, samples: &[(f64, usize)]) {
    let within = samples.iter().filter(|(share, _)| *share <= 1.0).count();
    let worst = samples.iter().map(|(share, _)| *share).fold(0.0, f64::max);
    let top = samples.iter().map(|(_, top)| *top).sum::<usize>() as f64 / samples.len().max(1) as f64;
    println!("| {name} | {within} of {} | {worst:.2} | {top:.1} |", samples.len());
}

fn worst(exact: &[f64], found: &[f64]) -> f64 {
    exact.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// How many of the hundred greatest are among the hundred found greatest.
fn top_found(exact: &[f64], found: &[f64]) -> usize {
    let top = |values: &[f64]| {
        let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        order.into_iter().take(100).map(|(actor, _)| actor).collect::<std::collections::BTreeSet<usize>>()
    };
    top(exact).intersection(&top(found)).count()
}
