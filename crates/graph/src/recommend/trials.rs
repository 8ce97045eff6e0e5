//! What the network's own past says: for actors who made new ties, whom they might have met and whom they did.

use super::features::{Best, Groups, Row, Scales, Scene};
use super::history::{Event, History, spread};
use super::near::Near;
use super::snapshot::Snapshot;

/// Actors asked about in the newest part of the past, and in each older one.
const ASKED: usize = 700;
const ASKED_OLDER: usize = 300;
/// Candidates kept of each: those that look best beforehand, and some of the rest.
const PROMISING: usize = 120;
const ORDINARY: usize = 100;
/// Above this many actors, candidates far away are sampled before they are looked at.
const ALL_LOOKED_AT: usize = 4_000;
const FAR: usize = 300;

/// Candidates of many actors, with who was met.
#[derive(Debug, Default)]
pub(super) struct Trials {
    pub rows: Vec<Row>,
    pub met: Vec<bool>,
    /// ln of how many candidates this one stands for.
    pub stands_for: Vec<f32>,
    /// Where each asked actor's candidates begin, and at last the number of rows.
    pub starts: Vec<usize>,
}

impl Trials {
    pub fn asked(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Asks what followed after that share of the history.
    pub fn of_fold(history: &History, groups: &[u32], share: f64, fold: u32, first_guess: &Row) -> Self {
        let (known, future) = history.cut(share, fold);
        let mut trials = Self { starts: vec![0], ..Self::default() };
        if known.is_empty() || future.is_empty() {
            return trials;
        }
        let snapshot = Snapshot::new(history.actors, &known, history.timed);
        let mut near = Near::new(history.actors);
        let scales = Scales::new(&snapshot, &mut near);
        let groups = Groups::new(groups, &snapshot);
        let scene = Scene { snapshot: &snapshot, groups: &groups, scales };
        for (actor, met) in new_ties(&snapshot, &future, if fold == 0 { ASKED } else { ASKED_OLDER }) {
            trials.ask(&scene, &mut near, actor, &met, first_guess);
        }
        trials
    }

    fn ask(&mut self, scene: &Scene<'_>, near: &mut Near, actor: u32, met: &[u32], first_guess: &Row) {
        near.look(scene.snapshot, actor);
        let (mut candidates, far, far_stand_for) = candidates(scene.snapshot, near, actor, met);
        let best = Best::new(scene.snapshot, near, actor, &candidates);
        candidates.extend(far.iter().copied());
        let first_far = candidates.len() - far.len();
        let rows: Vec<Row> = candidates.iter().map(|&other| scene.row(near, best, actor, other)).collect();
        let mut looked: Vec<(f32, usize)> =
            rows.iter().enumerate().map(|(place, row)| (dot(row, first_guess), place)).collect();
        let better = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if looked.len() > PROMISING {
            looked.select_nth_unstable_by(PROMISING, better);
        }
        let rest = looked.len().saturating_sub(PROMISING);
        let step = (rest / ORDINARY).max(1);
        let skip = spread(u64::from(actor)) as usize % step;
        if let Some(ordinary) = looked.get_mut(PROMISING..) {
            // by number, so that a step takes them evenly
            ordinary.sort_unstable_by_key(|&(_, place)| place);
        }
        for (rank, &(_, place)) in looked.iter().enumerate() {
            let (Some(&other), Some(row)) = (candidates.get(place), rows.get(place)) else { continue };
            let was_met = met.binary_search(&other).is_ok();
            let ordinary = rank >= PROMISING;
            if !was_met && ordinary && (rank - PROMISING) % step != skip {
                continue;
            }
            let mut weight = if ordinary && !was_met { (step as f32).ln() } else { 0.0 };
            if place >= first_far && !was_met {
                weight += far_stand_for;
            }
            self.rows.push(*row);
            self.met.push(was_met);
            self.stands_for.push(weight);
        }
        self.starts.push(self.rows.len());
    }
}

pub(super) fn dot(row: &Row, weights: &Row) -> f32 {
    row.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// Actors already known with the known actors they newly met, ascending; evenly thinned to `most`.
pub(super) fn new_ties(snapshot: &Snapshot, future: &[Event], most: usize) -> Vec<(u32, Vec<u32>)> {
    let known = |actor: u32| snapshot.seen.get(actor as usize).copied().unwrap_or(false);
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for event in future {
        let (a, b) = (event.source, event.target);
        if known(a) && known(b) && !snapshot.tied(a, b) {
            pairs.push((a, b));
            pairs.push((b, a));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut asked: Vec<(u32, Vec<u32>)> = pairs
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|same| Some((same.first()?.0, same.iter().map(|&(_, met)| met).collect())))
        .collect();
    asked.sort_by_key(|&(actor, _)| spread(u64::from(actor)));
    asked.truncate(most);
    asked.sort_unstable();
    asked
}

/// Near candidates, far ones, and ln of how many each far one stands for.
fn candidates(snapshot: &Snapshot, near: &Near, actor: u32, met: &[u32]) -> (Vec<u32>, Vec<u32>, f32) {
    let able = |other: u32| {
        other != actor
            && snapshot.seen.get(other as usize).copied().unwrap_or(false)
            && !snapshot.tied(actor, other)
    };
    let mut close: Vec<u32> = near.touched().iter().copied().filter(|&other| able(other)).collect();
    close.sort_unstable();
    let is_far = |other: u32| able(other) && close.binary_search(&other).is_err();
    let actors = snapshot.actors() as u32;
    if actors as usize <= ALL_LOOKED_AT {
        let far = (0..actors).filter(|&other| is_far(other)).collect();
        return (close, far, 0.0);
    }
    let mut far: Vec<u32> = met.iter().copied().filter(|&other| is_far(other)).collect();
    let wanted = far.len() + FAR;
    for draw in 0..(FAR as u64 * 4) {
        let other = (spread(u64::from(actor) << 20 | draw) % u64::from(actors)) as u32;
        if far.len() < wanted && is_far(other) {
            far.push(other);
        }
    }
    far.sort_unstable();
    far.dedup();
    let rest = (actors as usize).saturating_sub(close.len()).max(1);
    let stands_for = (rest as f32 / far.len().max(1) as f32).max(1.0).ln();
    (close, far, stands_for)
}
