//! Algebraic connectivity: the second smallest eigenvalue of the Laplacian (Fiedler 1973), by Lanczos steps on its
//! inverse, each solved by conjugate gradients.

#![expect(clippy::indexing_slicing, reason = "vectors are as long as there are actors")]

/// Steps of Lanczos at most; the largest eigenvalue of the inverse stands after few.
const STEPS: usize = 80;

/// The algebraic connectivity of a connected network given by rows of neighbors. None below two actors.
///
/// Accurate to about 1e-9 of its value.
pub(super) fn algebraic_connectivity(neighbors: &[Vec<u32>]) -> Option<f64> {
    let actors = neighbors.len();
    if actors < 2 {
        return None;
    }
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut vector: Vec<f64> = (0..actors).map(|i| ((i * 7919 + 13) % 1009) as f64 / 1009.0).collect();
    center(&mut vector);
    if normalize(&mut vector) == 0.0 {
        return None;
    }
    let (mut last, mut same) = (0.0_f64, 0);
    while basis.len() < STEPS.min(actors - 1) {
        let mut next = solve(neighbors, &vector);
        diagonal.push(dot(&next, &vector));
        basis.push(vector);
        // twice, as once leaves what rounding brought back
        for _ in 0..2 {
            for before in &basis {
                let part = dot(&next, before);
                next.iter_mut().zip(before).for_each(|(value, b)| *value -= part * b);
            }
        }
        center(&mut next);
        let left = normalize(&mut next);
        let value = largest(&diagonal, &beside);
        same = if (value - last).abs() <= 1e-13 * value { same + 1 } else { 0 };
        last = value;
        if same >= 2 || left < 1e-12 * value {
            break;
        }
        beside.push(left);
        vector = next;
    }
    (last > 0.0).then(|| 1.0 / last)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn center(vector: &mut [f64]) {
    let mean = vector.iter().sum::<f64>() / vector.len() as f64;
    vector.iter_mut().for_each(|value| *value -= mean);
}

fn normalize(vector: &mut [f64]) -> f64 {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    length
}

/// Solves L x = b for b and x of mean 0, by conjugate gradients with the degrees as preconditioner.
fn solve(neighbors: &[Vec<u32>], right: &[f64]) -> Vec<f64> {
    let actors = neighbors.len();
    let mut x = vec![0.0; actors];
    let mut residue = right.to_vec();
    let soften = |residue: &[f64]| -> Vec<f64> {
        residue.iter().zip(neighbors).map(|(r, row)| r / row.len().max(1) as f64).collect()
    };
    let mut soft = soften(&residue);
    let mut direction = soft.clone();
    let mut product = dot(&residue, &soft);
    let enough = 1e-24 * dot(right, right);
    let mut image = vec![0.0; actors];
    for _ in 0..(10 * actors).clamp(100, 5_000) {
        if dot(&residue, &residue) <= enough {
            break;
        }
        for (actor, row) in neighbors.iter().enumerate() {
            let sum: f64 = row.iter().map(|&other| direction[other as usize]).sum();
            image[actor] = row.len() as f64 * direction[actor] - sum;
        }
        let bent = dot(&direction, &image);
        if bent <= 0.0 {
            break;
        }
        let step = product / bent;
        for i in 0..actors {
            x[i] += step * direction[i];
            residue[i] -= step * image[i];
        }
        soft = soften(&residue);
        let before = product;
        product = dot(&residue, &soft);
        let keep = product / before;
        direction.iter_mut().zip(&soft).for_each(|(d, s)| *d = s + keep * *d);
    }
    center(&mut x);
    x
}

/// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection on how many lie above (Sturm).
fn largest(diagonal: &[f64], beside: &[f64]) -> f64 {
    let around = |i: usize| {
        let before = if i > 0 { beside[i - 1].abs() } else { 0.0 };
        before + beside.get(i).map_or(0.0, |b| b.abs())
    };
    let mut low = diagonal.iter().copied().fold(f64::INFINITY, f64::min);
    let mut high = diagonal.iter().enumerate().map(|(i, d)| d + around(i)).fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        let mut pivot = f64::NEG_INFINITY;
        let mut above = false;
        for (i, d) in diagonal.iter().enumerate() {
            let square = if i > 0 { beside[i - 1].powi(2) } else { 0.0 };
            pivot = d - middle - if i > 0 { square / pivot } else { 0.0 };
            if pivot == 0.0 {
                pivot = -1e-300;
            }
            above |= pivot > 0.0;
        }
        if above { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(actors: usize, ties: impl IntoIterator<Item = (usize, usize)>) -> f64 {
        let mut neighbors = vec![Vec::new(); actors];
        for (a, b) in ties {
            neighbors[a].push(b as u32);
            neighbors[b].push(a as u32);
        }
        algebraic_connectivity(&neighbors).unwrap()
    }

    #[test]
    fn known_networks_have_their_known_values() {
        use std::f64::consts::PI;
        // Fiedler 1973: path 2(1 − cos(π/n)), cycle 2(1 − cos(2π/n)), star 1, complete n
        for n in [2_usize, 3, 10, 300] {
            let path = 2.0 * (1.0 - (PI / n as f64).cos());
            assert!((of(n, (1..n).map(|i| (i - 1, i))) / path - 1.0).abs() < 1e-8, "path {n}");
            assert!(
                (of(n, (1..n).map(|i| (0, i))) - if n == 2 { 2.0 } else { 1.0 }).abs() < 1e-8,
                "star {n}"
            );
        }
        for n in [3_usize, 17, 200] {
            let cycle = 2.0 * (1.0 - (2.0 * PI / n as f64).cos());
            assert!((of(n, (0..n).map(|i| (i, (i + 1) % n))) / cycle - 1.0).abs() < 1e-8, "cycle {n}");
        }
        let complete = (0..9).flat_map(|a| (0..a).map(move |b| (a, b)));
        assert!((of(9, complete) - 9.0).abs() < 1e-8);
    }

    #[test]
    fn one_actor_has_none() {
        assert_eq!(algebraic_connectivity(&[]), None);
        assert_eq!(algebraic_connectivity(&[Vec::new()]), None);
    }
}
