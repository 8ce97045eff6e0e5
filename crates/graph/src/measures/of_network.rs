//! Measures of a network as a whole, and of each of its actors.

use super::analysis::{Analysis, CONFIDENCE, SEED};
use super::value::{Outcome, Value};
use crate::betweenness::{Paths, betweenness_centralization};
use crate::bound::Bound;
use crate::core_periphery::core_periphery;
use crate::holes::{Strength, constraint};
use crate::removal::{Remaining, best_single_removal as removal};
use crate::{
    components, cores, degrees, distances, dyads, eigenvector, holes, krackhardt, pagerank, triads, triangles,
};

pub(super) fn density(analysis: &Analysis) -> Outcome {
    Outcome::exact(match analysis.respondents() {
        Some(from) => from.density,
        None => degrees::density(analysis.graph()),
    })
}

pub(super) fn dyad_census(analysis: &Analysis) -> Outcome {
    let census = analysis.dyads();
    Outcome::exact(Value::Counts([census.mutual, census.asymmetric, census.null].map(u128::from).to_vec()))
}

pub(super) fn reciprocity_edge(analysis: &Analysis) -> Outcome {
    Outcome::exact(match analysis.respondents() {
        Some(from) => from.edge_reciprocity,
        None => analysis.dyads().edge_reciprocity(),
    })
}

pub(super) fn reciprocity_dyadic_nonnull(analysis: &Analysis) -> Outcome {
    Outcome::exact(analysis.dyads().dyadic_nonnull_reciprocity())
}

pub(super) fn reciprocity_dyadic(analysis: &Analysis) -> Outcome {
    Outcome::exact(analysis.dyads().dyadic_reciprocity())
}

pub(super) fn reciprocity_weighted(analysis: &Analysis) -> Outcome {
    Outcome::exact(dyads::weighted_reciprocity(analysis.graph()))
}

pub(super) fn triad_census(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Counts(triads::triad_census(analysis.graph()).to_vec()))
}

pub(super) fn centralization_indegree(analysis: &Analysis) -> Outcome {
    Outcome::exact(degrees::indegree_centralization(analysis.graph()))
}

pub(super) fn centralization_outdegree(analysis: &Analysis) -> Outcome {
    Outcome::exact(degrees::outdegree_centralization(analysis.graph()))
}

pub(super) fn krackhardt_connectedness(analysis: &Analysis) -> Outcome {
    Outcome::exact(components::connectedness(analysis.weak()))
}

pub(super) fn krackhardt_efficiency(analysis: &Analysis) -> Outcome {
    Outcome::exact(krackhardt::graph_efficiency(analysis.graph(), analysis.weak()))
}

pub(super) fn krackhardt_hierarchy(analysis: &Analysis) -> Outcome {
    let condensation = analysis.condensation();
    if analysis.is_exact() || krackhardt::hierarchy_steps(condensation) <= 5e9 {
        return Outcome::exact(krackhardt::hierarchy(condensation));
    }
    let size = affordable(condensation, 2_000);
    let (value, bound) = krackhardt::sampled_hierarchy(condensation, size, CONFIDENCE, SEED).unzip();
    Outcome::sampled(value, &format!("{size} random actors and those who reach them"), bound)
}

/// How many searches upward can be made in some seconds, at most.
fn affordable(condensation: &krackhardt::Condensation, most: usize) -> usize {
    (200_000_000 / (condensation.count() + 1)).clamp(200, most)
}

pub(super) fn krackhardt_lub(analysis: &Analysis) -> Outcome {
    let (condensation, weak) = (analysis.condensation(), analysis.weak());
    if analysis.is_exact() || krackhardt::lub_steps(condensation) <= 4e9 {
        return Outcome::exact(krackhardt::least_upper_boundedness(condensation, weak));
    }
    let pairs = affordable(condensation, 20_000);
    let (value, bound) = krackhardt::sampled_lub(condensation, weak, pairs, CONFIDENCE, SEED).unzip();
    Outcome::sampled(value, &format!("{pairs} random pairs"), bound)
}

pub(super) fn betweenness_directed(analysis: &Analysis) -> Outcome {
    betweenness(analysis, Paths::Directed)
}

pub(super) fn und_betweenness(analysis: &Analysis) -> Outcome {
    betweenness(analysis, Paths::Undirected)
}

fn betweenness(analysis: &Analysis, paths: Paths) -> Outcome {
    let between = analysis.between(paths);
    let values = Value::Numbers(analysis.as_given(between.values.iter().copied().map(Some).collect()));
    match &between.sampled {
        None => Outcome::exact(values),
        Some((method, bound)) => Outcome::sampled(values, method, Some(*bound)),
    }
}

pub(super) fn centralization_betweenness_directed(analysis: &Analysis) -> Outcome {
    centralization_betweenness(analysis, Paths::Directed)
}

pub(super) fn und_centralization_betweenness(analysis: &Analysis) -> Outcome {
    centralization_betweenness(analysis, Paths::Undirected)
}

fn centralization_betweenness(analysis: &Analysis, paths: Paths) -> Outcome {
    let between = analysis.between(paths);
    let value = betweenness_centralization(&between.values, paths);
    match &between.sampled {
        None => Outcome::exact(value),
        Some((method, bound)) => {
            // the greatest value may be off by the error, and so may each of the others
            let n = analysis.graph().actors() as f64;
            let pairs = (n - 1.0) * (n - 2.0) * if paths == Paths::Directed { 1.0 } else { 0.5 };
            let error = 2.0 * bound.error / pairs * n / (n - 1.0);
            Outcome::sampled(value, method, Some(Bound { error, ..*bound }))
        }
    }
}

pub(super) fn strong_components(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Count(analysis.strong().count() as u128))
}

pub(super) fn pagerank_weighted(analysis: &Analysis) -> Outcome {
    // as near as numbers of this size allow; rounding alone is about 10⁻¹⁶
    let rank = pagerank::pagerank(analysis.graph(), 0.85, 1e-14);
    Outcome::exact(Value::Numbers(analysis.as_given(rank.into_iter().map(Some).collect())))
}

pub(super) fn constraint_unweighted(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Numbers(analysis.as_given(constraint(analysis.graph(), Strength::Binary))))
}

pub(super) fn constraint_weighted(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Numbers(analysis.as_given(constraint(analysis.graph(), Strength::Weighted))))
}

pub(super) fn effective_size_unweighted(analysis: &Analysis) -> Outcome {
    let sizes = holes::effective_size(analysis.graph(), analysis.triangles());
    Outcome::exact(Value::Numbers(analysis.as_given(sizes)))
}

pub(super) fn und_degree(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Whole(analysis.as_given(degrees::degree(analysis.graph()))))
}

pub(super) fn und_centralization_degree(analysis: &Analysis) -> Outcome {
    Outcome::exact(degrees::degree_centralization(analysis.graph()))
}

fn distance_method(analysis: &Analysis) -> String {
    let size = analysis.distances().sampled().unwrap_or_default();
    format!("distances from {size} random actors")
}

pub(super) fn und_closeness(analysis: &Analysis) -> Outcome {
    if analysis.weak().count() != 1 {
        return Outcome::exact(Value::Undefined);
    }
    let closeness = analysis.distances().closeness(analysis.weak());
    let values = Value::from(closeness.map(|values| analysis.as_given(values)));
    Outcome::sampled(values, &distance_method(analysis), closeness_bound(analysis))
}

fn closeness_bound(analysis: &Analysis) -> Option<Bound> {
    let (_, most) = analysis.diameter()?;
    analysis.distances().closeness_bound(most, CONFIDENCE)
}

pub(super) fn und_centralization_closeness(analysis: &Analysis) -> Outcome {
    if analysis.weak().count() != 1 {
        return Outcome::exact(Value::Undefined);
    }
    let closeness = analysis.distances().closeness(analysis.weak());
    let value = closeness.and_then(|closeness| distances::closeness_centralization(&closeness));
    let n = analysis.graph().actors() as f64;
    let bound = closeness_bound(analysis).map(|bound| Bound {
        error: 2.0 * bound.error * n * (2.0 * n - 3.0) / ((n - 1.0) * (n - 2.0)),
        ..bound
    });
    Outcome::sampled(value, &distance_method(analysis), bound)
}

pub(super) fn und_harmonic(analysis: &Analysis) -> Outcome {
    let distances = analysis.distances();
    let values = Value::from(distances.harmonic().map(|values| analysis.as_given(values)));
    Outcome::sampled(values, &distance_method(analysis), distances.harmonic_bound(CONFIDENCE))
}

pub(super) fn und_eigenvector(analysis: &Analysis) -> Outcome {
    match eigenvector::eigenvector(analysis.graph(), analysis.weak()) {
        None => Outcome::exact(Value::Undefined),
        Some(found) => {
            // without a known gap to the next eigenvector nothing narrower can be said
            let bound = (!found.converged).then_some(Bound { error: 1.0, confidence: 1.0 });
            let values = Value::from(Some(analysis.as_given(found.values)));
            Outcome::sampled(values, "ended before it settled", bound)
        }
    }
}

pub(super) fn und_core_number(analysis: &Analysis) -> Outcome {
    let cores = cores::core_numbers(analysis.graph());
    Outcome::exact(Value::Whole(analysis.as_given(cores.into_iter().map(u64::from).collect())))
}

pub(super) fn und_articulation_points(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Actors(analysis.given_numbers(&analysis.cuts().articulation_points)))
}

pub(super) fn und_bridges(analysis: &Analysis) -> Outcome {
    let (from, to): (Vec<u32>, Vec<u32>) = analysis.cuts().bridges.iter().copied().unzip();
    let ends = analysis.given_numbers(&from).into_iter().zip(analysis.given_numbers(&to));
    Outcome::exact(Value::Pairs(ends.collect()))
}

pub(super) fn und_biconnected_components(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Count(u128::from(analysis.cuts().biconnected_components)))
}

pub(super) fn weak_components(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Count(analysis.weak().count() as u128))
}

pub(super) fn largest_component(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Count(u128::from(analysis.weak().largest())))
}

pub(super) fn und_transitivity_global(analysis: &Analysis) -> Outcome {
    Outcome::exact(triangles::transitivity(analysis.graph(), analysis.triangles()))
}

pub(super) fn und_clustering_local(analysis: &Analysis) -> Outcome {
    let values = triangles::local_clustering(analysis.graph(), analysis.triangles());
    Outcome::exact(Some(analysis.as_given(values)))
}

pub(super) fn und_clustering_average(analysis: &Analysis) -> Outcome {
    let values = triangles::local_clustering(analysis.graph(), analysis.triangles());
    Outcome::exact((!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64))
}

pub(super) fn und_mean_distance(analysis: &Analysis) -> Outcome {
    let distances = analysis.distances();
    let bound = analysis
        .diameter()
        .and_then(|(_, most)| distances.mean_distance_bound(analysis.weak(), most, CONFIDENCE));
    Outcome::sampled(distances.mean_distance(analysis.weak()), &distance_method(analysis), bound)
}

pub(super) fn und_diameter(analysis: &Analysis) -> Outcome {
    match analysis.diameter() {
        None => Outcome::exact(Value::Undefined),
        Some((low, high)) if low == high => Outcome::exact(Value::Count(u128::from(low))),
        Some((low, high)) => Outcome::sampled(
            Value::Count(u128::from(low)),
            "the greatest distance found in 200 searches; the greatest possible is no more than the error above",
            Some(Bound { error: f64::from(high - low), confidence: 1.0 }),
        ),
    }
}

pub(super) fn und_triangles(analysis: &Analysis) -> Outcome {
    Outcome::exact(Value::Count(u128::from(analysis.triangles().count)))
}

pub(super) fn efficiency(analysis: &Analysis) -> Outcome {
    let distances = analysis.distances();
    Outcome::sampled(
        distances.efficiency(),
        &distance_method(analysis),
        distances.efficiency_bound(CONFIDENCE),
    )
}

pub(super) fn fragmentation(analysis: &Analysis) -> Outcome {
    Outcome::exact(components::fragmentation(analysis.weak()))
}

pub(super) fn fragmentation_distance(analysis: &Analysis) -> Outcome {
    let distances = analysis.distances();
    let value = distances.efficiency().map(|efficiency| 1.0 - efficiency);
    Outcome::sampled(value, &distance_method(analysis), distances.efficiency_bound(CONFIDENCE))
}

pub(super) fn best_single_removal(analysis: &Analysis) -> Outcome {
    let rows = analysis.graph().undirected();
    // as many networks as there are actors may have to be searched
    let steps = (rows.actors() as f64).powi(2) * (rows.len() + rows.actors()) as f64 / 64.0;
    let size = analysis.sample_size();
    let remaining = if analysis.is_exact() || steps <= 1e9 {
        Remaining::Exact
    } else {
        Remaining::Sampled { size, seed: SEED }
    };
    let Some(best) = removal(analysis.graph(), analysis.weak(), analysis.cuts(), remaining) else {
        return Outcome::exact(Value::Undefined);
    };
    let actor = analysis.given_numbers(&[best.actor]).first().copied().unwrap_or(best.actor);
    let numbers = vec![
        ("fragmentation", best.fragmentation),
        ("fragmentation_distance", best.fragmentation_distance),
        ("loss", best.loss),
    ];
    let method = format!("fragmentation_distance from up to {size} random actors");
    Outcome::sampled(Value::Actor(actor, numbers), &method, best.bound)
}

pub(super) fn core_periphery_fit(analysis: &Analysis) -> Outcome {
    Outcome::exact(core_periphery(analysis.graph()).map(|found| found.fit))
}

pub(super) fn und_modularity_weighted(analysis: &Analysis) -> Outcome {
    Outcome::exact(analysis.communities().modularity)
}

pub(super) fn und_communities_weighted(analysis: &Analysis) -> Outcome {
    let of = analysis.as_given(analysis.communities().of.clone());
    // numbered by the first actor as they are given
    let labels = crate::components::Components::of_labels(of).of;
    Outcome::exact(Value::Whole(labels.into_iter().map(u64::from).collect()))
}
