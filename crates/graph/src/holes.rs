//! Structural holes: how far an actor's contacts lead to the same people.
//!
//! Burt, R. S. (1992). *Structural Holes*.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;
use crate::network::Graph;
use crate::triangles::Triangles;

/// What counts as the strength of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Each arc counts 1, so that a mutual tie is twice as strong as a one-way tie.
    Binary,
    /// Each arc counts its weight.
    Weighted,
}

/// Burt's constraint: Σ_j (p_ij + Σ_q p_iq p_qj)² over direct contacts j in either direction, with
/// p_ij = (a_ij + a_ji) / Σ_k (a_ik + a_ki). None for an actor without ties.
#[must_use]
pub fn constraint(graph: &Graph, strength: Strength) -> Vec<Option<f64>> {
    let rows = graph.undirected();
    match strength {
        Strength::Weighted => constraint_of(rows, rows.all_weights()),
        Strength::Binary => constraint_of(rows, &arc_counts(graph)),
    }
}

/// For each entry of the undirected rows how many arcs it stands for.
fn arc_counts(graph: &Graph) -> Vec<f64> {
    let rows = graph.undirected();
    if !graph.is_directed() {
        return vec![1.0; rows.len()];
    }
    let (out, inward) = (graph.out(), graph.inward());
    let mut counts = Vec::with_capacity(rows.len());
    for actor in rows.each_actor() {
        let (mut to, mut back) = (out.neighbors(actor), inward.neighbors(actor));
        for neighbor in rows.neighbors(actor) {
            let mut arcs = 0.0;
            for end in [&mut to, &mut back] {
                if end.first() == Some(neighbor) {
                    arcs += 1.0;
                    *end = &end[1..];
                }
            }
            counts.push(arcs);
        }
    }
    counts
}

fn constraint_of(rows: &Csr, weights: &[f64]) -> Vec<Option<f64>> {
    let starts = rows.starts();
    let row = |actor: u32| {
        let bounds = starts[actor as usize]..starts[actor as usize + 1];
        (rows.neighbors(actor), &weights[bounds])
    };
    let total = |actor: u32| row(actor).1.iter().sum::<f64>();
    let inverse: Vec<f64> = rows.each_actor().map(|actor| 1.0 / total(actor)).collect();
    // p_iq of the present actor i, by q
    let mut own = vec![0.0_f64; rows.actors()];
    let mut result = Vec::with_capacity(rows.actors());
    for actor in rows.each_actor() {
        let (contacts, strengths) = row(actor);
        if contacts.is_empty() {
            result.push(None);
            continue;
        }
        let scale = inverse[actor as usize];
        for (&contact, &weight) in contacts.iter().zip(strengths) {
            // divided by the contact's own sum at once, as in p_iq p_qj
            own[contact as usize] = weight * scale * inverse[contact as usize];
        }
        let mut sum = 0.0;
        for (&contact, &weight) in contacts.iter().zip(strengths) {
            let (theirs, their_weights) = row(contact);
            let through = if theirs.len() > 16 * contacts.len() {
                through_few(contacts, &own, theirs, their_weights)
            } else {
                theirs.iter().zip(their_weights).map(|(&q, &w)| own[q as usize] * w).sum()
            };
            sum += (weight * scale + through).powi(2);
        }
        for &contact in contacts {
            own[contact as usize] = 0.0;
        }
        result.push(Some(sum));
    }
    result
}

/// Σ_q p_iq p_qj where j has far more contacts than i: i's are looked up among them.
fn through_few(contacts: &[u32], own: &[f64], theirs: &[u32], their_weights: &[f64]) -> f64 {
    let found = |&contact: &u32| {
        let at = theirs.binary_search(&contact).ok()?;
        Some(own[contact as usize] * their_weights[at])
    };
    contacts.iter().filter_map(found).sum()
}

/// Effective size of an actor's neighborhood in the undirected projection: d − 2t/d for d neighbors with t ties among
/// them (Borgatti 1997). None for an actor without ties.
#[must_use]
pub fn effective_size(graph: &Graph, triangles: &Triangles) -> Vec<Option<f64>> {
    let rows = graph.undirected();
    rows.each_actor()
        .zip(&triangles.of)
        .map(|(actor, &ties)| {
            let degree = rows.degree(actor) as f64;
            (degree > 0.0).then(|| degree - 2.0 * ties as f64 / degree)
        })
        .collect()
}
