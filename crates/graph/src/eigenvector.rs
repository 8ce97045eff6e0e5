//! Eigenvector centrality: an actor stands as high as those it is tied to (Bonacich 1972).
//!
//! Lanczos' method begun anew from its best vector until nothing more is gained, which also ends on networks where
//! plain multiplication would take thousands of rounds.

#![expect(clippy::indexing_slicing, reason = "vectors all have one length; this is the hot path")]

use crate::components::Components;
use crate::network::Graph;
use crate::slices::{Slices, add_scaled, dot};

/// Values of the principal eigenvector.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenvector {
    pub values: Vec<f64>,
    /// Whether they are as exact as numbers allow; in a very long chain they may not be after the work allowed.
    pub converged: bool,
}

/// The principal eigenvector of the binary undirected adjacency within the largest component, scaled to a maximum of
/// 1; actors outside have 0. None where there are no ties or several components are largest.
#[must_use]
pub fn eigenvector(graph: &Graph, components: &Components) -> Option<Eigenvector> {
    let rows = graph.undirected();
    let largest = components.largest();
    if rows.is_empty() || components.sizes.iter().filter(|&&size| size == largest).count() > 1 {
        return None;
    }
    let which = components.sizes.iter().position(|&size| size == largest)? as u32;
    let inside = |actor: u32| f64::from(u8::from(components.of[actor as usize] == which));
    let mut vector: Vec<f64> =
        rows.each_actor().map(|actor| inside(actor) * (rows.degree(actor) as f64).sqrt()).collect();
    normalize(&mut vector);
    let slices = Slices::binary(rows);
    let mut residual = f64::INFINITY;
    let mut converged = false;
    // keeping many vectors apart costs more than it gains where they are long
    let steps = if rows.actors() > 50_000 { 10 } else { 24 };
    let restarts = (WORK / rows.actors() / steps / steps).clamp(8, RESTARTS);
    for _ in 0..restarts {
        let (next, left) = lanczos(&slices, &vector, steps);
        if left >= residual * 0.5 && left < 1e-10 {
            converged = true;
            break;
        }
        vector = next;
        residual = left;
    }
    polish(&slices, &mut vector);
    let max = vector.iter().fold(0.0_f64, |max, value| max.max(value.abs()));
    let values = vector.iter().map(|value| value.abs() / max).collect();
    Some(Eigenvector { values, converged: converged || residual < 1e-12 })
}

const RESTARTS: usize = 200;
/// Multiplications and additions allowed, some seconds.
const WORK: usize = 1_000_000_000;

/// The best vector within reach of so many multiplications, and how far it is from an eigenvector.
fn lanczos(rows: &Slices, start: &[f64], steps: usize) -> (Vec<f64>, f64) {
    let mut basis: Vec<Vec<f64>> = vec![start.to_vec()];
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut left = 0.0;
    while let Some(last) = basis.last() {
        let mut next = multiplied(rows, last);
        diagonal.push(dot(&next, last));
        // twice, because once leaves what rounding put in
        for _ in 0..2 {
            for vector in &basis {
                let share = dot(&next, vector);
                add_scaled(&mut next, vector, -share);
            }
        }
        left = normalize(&mut next);
        let scale = diagonal.iter().fold(1.0_f64, |max, value| max.max(value.abs()));
        if basis.len() == steps || left <= 1e-13 * scale {
            break;
        }
        beside.push(left);
        basis.push(next);
    }
    let (value, coefficients) = top_of_tridiagonal(&diagonal, &beside);
    let mut vector = vec![0.0; start.len()];
    for (basis, &coefficient) in basis.iter().zip(&coefficients) {
        add_scaled(&mut vector, basis, coefficient);
    }
    normalize(&mut vector);
    let last = coefficients.last().copied().unwrap_or(0.0);
    (vector, (left * last).abs() / value.abs().max(1.0))
}

/// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection on the signs of Sturm's sequence, and its
/// vector of length 1, by inverse iteration.
fn top_of_tridiagonal(diagonal: &[f64], beside: &[f64]) -> (f64, Vec<f64>) {
    let k = diagonal.len();
    let reach = |i: usize| {
        let before = if i > 0 { beside[i - 1].abs() } else { 0.0 };
        before + beside.get(i).map_or(0.0, |value| value.abs())
    };
    let mut low = (0..k).map(|i| diagonal[i] - reach(i)).fold(f64::INFINITY, f64::min);
    let mut high = (0..k).map(|i| diagonal[i] + reach(i)).fold(f64::NEG_INFINITY, f64::max);
    let all_below = |x: f64| {
        let mut q = 1.0;
        for i in 0..k {
            let coupling = if i > 0 { beside[i - 1] * beside[i - 1] / q } else { 0.0 };
            q = x - diagonal[i] - coupling;
            if q <= 0.0 {
                return false;
            }
        }
        true
    };
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if all_below(middle) { high = middle } else { low = middle }
    }
    let shift = high + high.abs().max(1.0) * 1e-14;
    let mut vector = vec![1.0; k];
    for _ in 0..4 {
        solve_tridiagonal(diagonal, beside, shift, &mut vector);
        normalize(&mut vector);
    }
    (high, vector)
}

/// Solves (shift − T) x = b in place; above all eigenvalues no pivoting is needed.
fn solve_tridiagonal(diagonal: &[f64], beside: &[f64], shift: f64, b: &mut [f64]) {
    let k = diagonal.len();
    let mut pivots = vec![0.0; k];
    for i in 0..k {
        let mut pivot = shift - diagonal[i];
        if i > 0 {
            pivot -= beside[i - 1] * beside[i - 1] / pivots[i - 1];
            b[i] += beside[i - 1] / pivots[i - 1] * b[i - 1];
        }
        pivots[i] = if pivot.abs() < f64::MIN_POSITIVE { f64::EPSILON } else { pivot };
    }
    for i in (0..k).rev() {
        let above = if i + 1 < k { beside[i] * b[i + 1] } else { 0.0 };
        b[i] = (b[i] + above) / pivots[i];
    }
}

/// A few plain rounds of (A + I): small values far from the center become right in proportion, not only in size.
fn polish(rows: &Slices, vector: &mut Vec<f64>) {
    for value in vector.iter_mut() {
        *value = value.abs();
    }
    for _ in 0..20 {
        let mut next = multiplied(rows, vector);
        add_scaled(&mut next, vector, 1.0);
        normalize(&mut next);
        *vector = next;
    }
}

fn multiplied(rows: &Slices, vector: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; vector.len()];
    rows.times(vector, &mut product);
    product
}

/// Scales to length 1; returns the length before.
fn normalize(vector: &mut [f64]) -> f64 {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for value in vector {
            *value /= length;
        }
    }
    length
}
