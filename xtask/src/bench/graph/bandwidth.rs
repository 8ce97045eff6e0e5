//! How fast this machine brings numbers from memory: what no measure can be faster than.

use std::hint::black_box;

/// Numbers in each of the three rows of the triad: 64 MB, more than any cache near by.
const TRIAD: usize = 1 << 23;
/// Numbers gathered from, 800 kB as the ranks of 100,000 actors, and how many are gathered.
const GATHERED_FROM: usize = 100_000;
const GATHERED: usize = 1 << 22;
const RUNS: usize = 7;

/// The triad of STREAM (McCalpin 1995) and the gathering of numbers in no order, by CPU time.
pub fn measured() -> String {
    format!(
        "Memory of this machine, one thread, best of {RUNS}: triad a = b + s·c over 3 × {} MB {:.1} GB/s; numbers gathered \
         in no order from {} kB {:.2} ns each.",
        (TRIAD * 8) >> 20,
        triad(),
        GATHERED_FROM * 8 / 1000,
        gathering()
    )
}

/// GB/s of two rows read and one written.
fn triad() -> f64 {
    let (mut a, b, c) = (vec![0.0_f64; TRIAD], vec![1.0_f64; TRIAD], vec![2.0_f64; TRIAD]);
    let best = best_of(|| {
        for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
            *a = b + 3.0 * c;
        }
        black_box(&mut a);
    });
    (3 * 8 * TRIAD) as f64 / best / 1e9
}

/// Nanoseconds for each number gathered and added.
fn gathering() -> f64 {
    let values = vec![1.0_f64; GATHERED_FROM];
    let mut at = 1_u64;
    let mut places = vec![0_u32; GATHERED];
    for place in &mut places {
        // the generator of Knuth's MMIX
        at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *place = ((at >> 33) % GATHERED_FROM as u64) as u32;
    }
    let best = best_of(|| {
        // four sums at once, because each addition waits for the one before
        let mut sums = [0.0; 4];
        for four in places.chunks_exact(4) {
            for (sum, &place) in sums.iter_mut().zip(four) {
                *sum += values.get(place as usize).copied().unwrap_or(0.0);
            }
        }
        black_box(sums);
    });
    best / GATHERED as f64 * 1e9
}

/// The CPU seconds that the fastest of the runs took.
fn best_of(mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let begun = super::cpu_seconds();
        run();
        best = best.min(super::cpu_seconds() - begun);
    }
    best
}
