//! PageRank: how often one who walks along ties, and now and then starts anew anywhere, comes by.
//!
//! Brin & Page (1998). From an actor without outgoing ties the walk starts anew anywhere.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::network::Graph;
use crate::slices::{Slices, add_scaled, dot};

/// PageRank with steps taken in proportion to the weights of arcs; sums to 1. Ends when one more step of the walk would
/// change the values together by less than `tolerance`, or no more is gained by numbers of this size. Empty where there
/// are no actors.
///
/// Actors without outgoing ties scale the result and nothing else, so they are left out of the equations (Del Corso,
/// Gullì & Romani 2005). These are solved by BiCGSTAB (van der Vorst 1992) on sweeps of Gauss and Seidel, in which each
/// actor is brought what those before it already have: in about a third of the steps of the plain walk. What it may lack
/// at last is walked.
#[must_use]
pub fn pagerank(graph: &Graph, damping: f64, tolerance: f64) -> Vec<f64> {
    let n = graph.actors();
    if n == 0 {
        return Vec::new();
    }
    let walk = Walk::new(graph, damping);
    let mut rank = vec![1.0; n];
    let mut lacking = vec![0.0; n];
    // the even rank of the size at which nothing is lacking on the whole
    walk.lacking(&rank, &mut lacking);
    let scale = n as f64 / (n as f64 - lacking.iter().sum::<f64>());
    rank.fill(if scale.is_finite() { scale } else { 1.0 });
    let mut lack = walk.lacking(&rank, &mut lacking);
    for _ in 0..SOLUTIONS {
        let total: f64 = rank.iter().sum();
        if lack <= tolerance * total {
            break;
        }
        let mut better = rank.clone();
        walk.solve(&mut better, &lacking, 0.5 * tolerance * total);
        let left = walk.lacking(&better, &mut lacking);
        if left < lack {
            (rank, lack) = (better, left);
        } else {
            lack = walk.lacking(&rank, &mut lacking);
            break;
        }
    }
    for _ in 0..ROUNDS {
        if lack <= tolerance * rank.iter().sum::<f64>() {
            break;
        }
        for (rank, more) in rank.iter_mut().zip(&lacking) {
            *rank += more;
        }
        let left = walk.lacking(&rank, &mut lacking);
        // at the end only rounding is left, which does not shrink
        if left > 0.999 * lack && lack < 1e-12 * n as f64 {
            break;
        }
        lack = left;
    }
    let total: f64 = rank.iter().sum();
    rank.iter().map(|value| value / total).collect()
}

/// Begun anew so often from what was reached, a solution is as exact as it will be.
const SOLUTIONS: usize = 4;
/// Steps of one solution: far more than the plain walk takes for fifteen digits at a damping of .85.
const STEPS: usize = 250;
/// More rounds than any tolerance above 10⁻¹⁵ needs at a damping of .85.
const ROUNDS: usize = 1000;

/// One step of the walk.
struct Walk {
    inward: Slices,
    /// what each actor passes on for every unit of weight
    shares: Vec<f64>,
}

impl Walk {
    fn new(graph: &Graph, damping: f64) -> Self {
        let out = graph.out();
        let share = |actor: u32| match out.strength(actor) {
            0.0 => 0.0,
            strength => damping / strength,
        };
        Self { inward: Slices::of(graph.inward()), shares: out.each_actor().map(share).collect() }
    }

    /// Writes what one step from the rank brings to each actor.
    fn step(&self, rank: &[f64], given: &mut Vec<f64>, brought: &mut [f64]) {
        given.clear();
        given.extend(rank.iter().zip(&self.shares).map(|(rank, share)| rank * share));
        self.inward.times(given, brought);
    }

    /// Writes 1 + (one step from the rank) − rank for each actor; returns the sum of their sizes.
    fn lacking(&self, rank: &[f64], lacking: &mut [f64]) -> f64 {
        self.step(rank, &mut Vec::new(), lacking);
        let mut sum = 0.0;
        for (lacks, rank) in lacking.iter_mut().zip(rank) {
            *lacks += 1.0 - rank;
            sum += lacks.abs();
        }
        sum
    }

    /// Writes what is lacking after each actor has been given, in turn, what is lacking at it and what that brings by those
    /// before it.
    fn swept_lacking(&self, lacking: &[f64], given: &mut [f64], swept: &mut [f64]) {
        given.fill(0.0);
        self.inward.sweep(given, |actor, brought| {
            swept[actor] = lacking[actor] + brought;
            swept[actor] * self.shares[actor]
        });
    }

    /// Writes by how much one sweep, in which each actor is brought what those before it already have, changes a rank.
    fn swept(&self, rank: &[f64], given: &mut [f64], change: &mut [f64]) {
        for ((given, rank), share) in given.iter_mut().zip(rank).zip(&self.shares) {
            *given = rank * share;
        }
        self.inward.sweep(given, |actor, brought| {
            change[actor] = rank[actor] - brought;
            brought * self.shares[actor]
        });
    }

    /// Brings the rank nearer to where nothing is lacking, until what is lacking sums to less than `enough`.
    fn solve(&self, rank: &mut [f64], lacking: &[f64], enough: f64) {
        let n = rank.len();
        let mut given = vec![0.0; n];
        let mut first = vec![0.0; n];
        self.swept_lacking(lacking, &mut given, &mut first);
        let mut lacking = first.clone();
        let (mut toward, mut moved, mut turned) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let (mut rho, mut alpha, mut omega) = (1.0_f64, 1.0_f64, 1.0_f64);
        for _ in 0..STEPS {
            let next_rho = dot(&first, &lacking);
            let beta = next_rho / rho * (alpha / omega);
            rho = next_rho;
            for ((toward, moved), lacks) in toward.iter_mut().zip(&moved).zip(&lacking) {
                *toward = lacks + beta * (*toward - omega * moved);
            }
            self.swept(&toward, &mut given, &mut moved);
            alpha = rho / dot(&first, &moved);
            for (lacks, moved) in lacking.iter_mut().zip(&moved) {
                *lacks -= alpha * moved;
            }
            self.swept(&lacking, &mut given, &mut turned);
            omega = dot(&turned, &lacking) / dot(&turned, &turned);
            // nothing is lacking any more, or the method has lost its way
            if !(alpha * omega).is_normal() {
                if alpha.is_finite() {
                    add_scaled(rank, &toward, alpha);
                }
                return;
            }
            let mut left = 0.0;
            for (((rank, toward), lacks), turned) in
                rank.iter_mut().zip(&toward).zip(&mut lacking).zip(&turned)
            {
                *rank += alpha * toward + omega * *lacks;
                *lacks -= omega * turned;
                left += lacks.abs();
            }
            if left < enough {
                return;
            }
        }
    }
}
