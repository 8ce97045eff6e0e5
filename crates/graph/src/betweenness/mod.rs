//! Betweenness: how often an actor lies on the shortest ways between others.
//!
//! Freeman, L. C. (1977). A set of measures of centrality based on betweenness. *Sociometry* 40. Exactly by Brandes'
//! algorithm (2001) after trees hanging from the network have been folded into their roots; at size by adaptive
//! sampling, in [`sampled`].

mod exact;
mod fold;
mod sampled;

pub use exact::betweenness;
pub use fold::Folded;
pub use sampled::{Sampled, sampled};

use crate::csr::Csr;
use crate::network::Graph;

/// Whether shortest paths follow the direction of ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// Along arcs; ordered pairs count.
    Directed,
    /// Along the undirected projection; each pair counts once.
    Undirected,
}

impl Paths {
    /// The rows that paths follow forward and backward, and what a pair found from both its ends counts.
    fn rows(self, graph: &Graph) -> (&Csr, &Csr, f64) {
        match self {
            Self::Directed => (graph.out(), graph.inward(), 1.0),
            Self::Undirected => (graph.undirected(), graph.undirected(), 0.5),
        }
    }
}

/// Freeman's centralization of undirected betweenness: Σ(max − b) / ((n−1)²(n−2)/2). None below three actors.
#[must_use]
pub fn betweenness_centralization(betweenness: &[f64], paths: Paths) -> Option<f64> {
    let n = betweenness.len() as f64;
    let most = (n - 1.0).powi(2) * (n - 2.0);
    let most = if paths == Paths::Undirected { most / 2.0 } else { most };
    crate::degrees::centralization(betweenness.iter().copied(), betweenness.len(), 3, most)
}
