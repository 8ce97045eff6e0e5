//! The names of all measures in the order in which they are shown.

use super::analysis::{Analysis, Trait};
use super::value::Outcome;
use super::{of_groups as g, of_network as n};

/// A measure: its name, what it needs and how it is found.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub name: &'static str,
    pub needs: Needs,
    compute: Compute,
}

#[derive(Debug, Clone, Copy)]
enum Compute {
    Whole(fn(&Analysis) -> Outcome),
    ByTrait(fn(&Analysis, &Trait) -> Outcome),
}

/// What a measure needs beside ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// Ties that differ from the ties back.
    Direction,
    /// A trait of the actors.
    Trait,
    /// Both.
    DirectionAndTrait,
}

impl Needs {
    #[must_use]
    pub fn direction(self) -> bool {
        matches!(self, Self::Direction | Self::DirectionAndTrait)
    }

    #[must_use]
    pub fn a_trait(self) -> bool {
        matches!(self, Self::Trait | Self::DirectionAndTrait)
    }
}

impl Measure {
    /// The value for a network; none where the measure needs a trait.
    #[must_use]
    pub fn of(&self, analysis: &Analysis) -> Option<Outcome> {
        match self.compute {
            Compute::Whole(compute) => Some(compute(analysis)),
            Compute::ByTrait(_) => None,
        }
    }

    /// The value for a network and a trait; none where the measure needs no trait.
    #[must_use]
    pub fn by(&self, analysis: &Analysis, by: &Trait) -> Option<Outcome> {
        match self.compute {
            Compute::Whole(_) => None,
            Compute::ByTrait(compute) => Some(compute(analysis, by)),
        }
    }
}

/// The measure of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

const fn any(name: &'static str, compute: fn(&Analysis) -> Outcome) -> Measure {
    Measure { name, needs: Needs::Nothing, compute: Compute::Whole(compute) }
}

const fn directed(name: &'static str, compute: fn(&Analysis) -> Outcome) -> Measure {
    Measure { name, needs: Needs::Direction, compute: Compute::Whole(compute) }
}

const fn by(name: &'static str, compute: fn(&Analysis, &Trait) -> Outcome) -> Measure {
    Measure { name, needs: Needs::Trait, compute: Compute::ByTrait(compute) }
}

/// All measures.
pub const MEASURES: &[Measure] = &[
    any("density", n::density),
    directed("dyad_census", n::dyad_census),
    directed("reciprocity_edge", n::reciprocity_edge),
    directed("reciprocity_dyadic_nonnull", n::reciprocity_dyadic_nonnull),
    directed("reciprocity_dyadic", n::reciprocity_dyadic),
    directed("reciprocity_weighted", n::reciprocity_weighted),
    directed("triad_census", n::triad_census),
    directed("centralization_indegree", n::centralization_indegree),
    directed("centralization_outdegree", n::centralization_outdegree),
    directed("krackhardt_connectedness", n::krackhardt_connectedness),
    directed("krackhardt_efficiency", n::krackhardt_efficiency),
    directed("krackhardt_hierarchy", n::krackhardt_hierarchy),
    directed("krackhardt_lub", n::krackhardt_lub),
    directed("betweenness_directed", n::betweenness_directed),
    directed("centralization_betweenness_directed", n::centralization_betweenness_directed),
    directed("strong_components", n::strong_components),
    directed("pagerank_weighted", n::pagerank_weighted),
    any("constraint_unweighted", n::constraint_unweighted),
    any("constraint_weighted", n::constraint_weighted),
    any("effective_size_unweighted", n::effective_size_unweighted),
    any("und_degree", n::und_degree),
    any("und_centralization_degree", n::und_centralization_degree),
    any("und_betweenness", n::und_betweenness),
    any("und_centralization_betweenness", n::und_centralization_betweenness),
    any("und_closeness", n::und_closeness),
    any("und_centralization_closeness", n::und_centralization_closeness),
    any("und_harmonic", n::und_harmonic),
    any("und_eigenvector", n::und_eigenvector),
    any("und_core_number", n::und_core_number),
    any("und_articulation_points", n::und_articulation_points),
    any("und_bridges", n::und_bridges),
    any("und_biconnected_components", n::und_biconnected_components),
    any("weak_components", n::weak_components),
    any("largest_component", n::largest_component),
    any("und_transitivity_global", n::und_transitivity_global),
    any("und_clustering_local", n::und_clustering_local),
    any("und_clustering_average", n::und_clustering_average),
    any("und_mean_distance", n::und_mean_distance),
    any("und_diameter", n::und_diameter),
    any("und_triangles", n::und_triangles),
    any("efficiency", n::efficiency),
    any("fragmentation", n::fragmentation),
    any("fragmentation_distance", n::fragmentation_distance),
    any("best_single_removal", n::best_single_removal),
    any("core_periphery_fit", n::core_periphery_fit),
    any("und_modularity_weighted", n::und_modularity_weighted),
    any("und_communities_weighted", n::und_communities_weighted),
    by("ei_index_arcs", g::ei_index_arcs),
    by("ei_index_und", g::ei_index_und),
    by("ei_index_node_und", g::ei_index_node_und),
    by("ei_expected", g::ei_expected),
    by("ei_p", g::ei_p),
    by("assortativity_und", g::assortativity_und),
    by("modularity_und", g::modularity_und),
    Measure { name: "brokerage", needs: Needs::DirectionAndTrait, compute: Compute::ByTrait(g::brokerage) },
    by("agreement", g::agreement),
    by("gini", g::gini),
];
