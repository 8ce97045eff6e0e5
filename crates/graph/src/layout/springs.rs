//! Springs along ties and a push between any two, all of them looked at: for components small enough, where trees and
//! chains come out cleaner than by random pushes.
//!
//! Hu, Y. (2005). Efficient and high quality force-directed graph drawing. *Mathematica Journal* 10, with the push
//! falling off with the square of the distance.

#![expect(clippy::indexing_slicing, reason = "points and rows are as many as actors; hot path")]

use super::Point;
use super::coarse::Level;

/// Pairs looked at, all rounds together.
const WORK: usize = 200_000_000;
/// How strong a push is beside a pull.
const PUSH: f32 = 0.2;
/// How much the length of a step changes, and after how many rounds that went well it grows.
const CHANGE: f32 = 0.9;
const GOOD_ROUNDS: u32 = 5;

/// Moves the points toward rest, from where they are.
pub(super) fn settle(level: &Level, points: &mut [Point]) {
    let actors = level.actors();
    let rounds = (WORK / (actors * actors).max(1)).clamp(20, 400);
    let (mut step, mut before, mut good) = (1.0_f32, f32::INFINITY, 0);
    for _ in 0..rounds {
        let mut energy = 0.0;
        for at in 0..actors {
            let force = force(level, points, at);
            let square = force[0] * force[0] + force[1] * force[1];
            energy += square;
            if square > 0.0 {
                let scale = step / square.sqrt();
                points[at] = [points[at][0] + force[0] * scale, points[at][1] + force[1] * scale];
            }
        }
        if energy < before {
            good += 1;
            if good >= GOOD_ROUNDS {
                good = 0;
                step /= CHANGE;
            }
        } else {
            good = 0;
            step *= CHANGE;
        }
        before = energy;
    }
}

fn force(level: &Level, points: &[Point], at: usize) -> Point {
    let own = points[at];
    let (mut x, mut y) = (0.0, 0.0);
    for other in points {
        let (dx, dy) = (own[0] - other[0], own[1] - other[1]);
        // the cube of the distance, of which one gives the direction; nobody pushes from where it stands itself
        let square = dx * dx + dy * dy + 1e-4;
        let push = PUSH / (square * square.sqrt());
        x += dx * push;
        y += dy * push;
    }
    for &other in level.row(at) {
        let other = points[other as usize];
        let (dx, dy) = (other[0] - own[0], other[1] - own[1]);
        let distance = (dx * dx + dy * dy).sqrt();
        x += dx * distance;
        y += dy * distance;
    }
    [x, y]
}
