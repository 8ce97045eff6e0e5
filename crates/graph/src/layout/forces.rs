//! Pulling and pushing: stochastic descent as in LargeVis and UMAP (McInnes, Healy, Melville 2018), in a fixed order.

#![expect(clippy::indexing_slicing, reason = "points and rows are as many as actors; hot path")]

use super::Point;
use super::coarse::Level;
use crate::random::Random;

/// How far a picture may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// A coarse picture on the way to a finer one.
    Sketch,
    /// The actors themselves, drawn for the first time.
    Full,
    /// A drawn picture with newcomers.
    Gentle,
    /// A drawn picture in which ties may have changed.
    Least,
}

/// How far forces are felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those of t-SNE.
    Near,
    /// A pull that grows with the distance and a push of 1/d, as in ForceAtlas2 (Jacomy and others 2014).
    Far,
}

/// Actors that push, for each tie that pulls.
const PUSHING: usize = 4;
/// How strong a push is beside a pull (γ of LargeVis).
const PUSH: f32 = 1.0;
/// No one moves further than this at once.
const LEAP: f32 = 4.0;

/// Moves the points toward rest. `all_ties` is how many the whole network has: it sets what rest may cost.
pub(super) fn settle(
    level: &Level,
    points: &mut [Point],
    random: &mut Random,
    course: Course,
    all_ties: usize,
) {
    let actors = level.actors();
    if actors < 2 {
        return;
    }
    let (rounds, first) = match course {
        Course::Sketch => (40, 1.0),
        // small networks can afford to come to rest
        Course::Full => (rounds_for(all_ties), 0.7),
        Course::Gentle => (40, 0.15),
        Course::Least => (20, 0.05),
    };
    // a tie drawn with a chance in keeping with its pull takes one step of size 1
    let most = (0..actors).flat_map(|at| level.pulls(at)).copied().fold(f32::MIN_POSITIVE, f32::max);
    for round in 0..rounds {
        // far-reaching forces first, so that branches come to lie beside one another
        let reach = match course {
            Course::Sketch => Reach::Far,
            Course::Full if round * 10 < rounds * 3 => Reach::Far,
            _ => Reach::Near,
        };
        let rate = first * (1.0 - round as f32 / rounds as f32);
        for at in 0..actors {
            for (&other, &pull) in level.row(at).iter().zip(level.pulls(at)) {
                let chance = (pull / most).max(0.02);
                if random.unit() as f32 >= chance {
                    continue;
                }
                draw(points, at, other as usize, rate, reach);
                for _ in 0..PUSHING {
                    let stranger = random.below(actors as u64) as usize;
                    if stranger != at {
                        push(points, at, stranger, rate, reach);
                    }
                }
            }
        }
    }
}

/// Rounds of the actors themselves: what takes less than a second may take one, what takes longer some ten.
fn rounds_for(all_ties: usize) -> usize {
    let all_ties = all_ties.max(1);
    if all_ties <= LARGE {
        (16_000_000 / all_ties).clamp(60, 1_200)
    } else {
        (480_000_000 / all_ties).clamp(60, 300)
    }
}

const LARGE: usize = 500_000;

/// Both ends of a tie toward one another.
fn draw(points: &mut [Point], a: usize, b: usize, rate: f32, reach: Reach) {
    let (p, q) = (points[a], points[b]);
    let (x, y) = (p[0] - q[0], p[1] - q[1]);
    let square = x * x + y * y;
    let force = match reach {
        Reach::Near => rate * 2.0 / (1.0 + square),
        Reach::Far => rate * 0.4,
    };
    let (x, y) = ((x * force).clamp(-LEAP, LEAP) / 2.0, (y * force).clamp(-LEAP, LEAP) / 2.0);
    points[a] = [p[0] - x, p[1] - y];
    points[b] = [q[0] + x, q[1] + y];
}

/// The first away from the second.
fn push(points: &mut [Point], a: usize, b: usize, rate: f32, reach: Reach) {
    let (p, q) = (points[a], points[b]);
    let (x, y) = (p[0] - q[0], p[1] - q[1]);
    let square = x * x + y * y;
    let force = match reach {
        Reach::Near => rate * PUSH / ((0.01 + square) * (1.0 + square)),
        Reach::Far => rate * 0.4 / (0.1 + square),
    };
    points[a] = [p[0] + (x * force).clamp(-LEAP, LEAP), p[1] + (y * force).clamp(-LEAP, LEAP)];
}
