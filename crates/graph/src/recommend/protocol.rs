//! How well new ties are foreseen: the first 80 % of contacts are known, and asked is who of those known will meet
//! whom in the rest. Every candidate is ranked, none is drawn.

use super::features::{Best, Cause, Groups, NAMES, Row, Scales, Scene, speaks_against};
use super::fit::Foresight;
use super::history::History;
use super::near::Near;
use super::rank::{Recommender, Why};
use super::snapshot::Snapshot;
use super::trials::new_ties;

/// How well one way of scoring foresaw the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub name: &'static str,
    pub foresight: Foresight,
}

/// Actors asked, and the foresight of the recommender followed by that of each of its measures alone.
#[must_use]
pub fn measure(history: &History, groups: &[u32]) -> (usize, Vec<Measured>) {
    measured(history, groups, &[])
}

/// The foresight of the recommender that may not look at some causes.
#[must_use]
pub fn measure_without(history: &History, groups: &[u32], without: &[Cause]) -> Option<Foresight> {
    measured(history, groups, without).1.first().map(|all| all.foresight)
}

fn measured(history: &History, groups: &[u32], without: &[Cause]) -> (usize, Vec<Measured>) {
    let (known, future) = history.cut(0.8, 0);
    let past = History { actors: history.actors, events: known, timed: history.timed, loops: 0 };
    let recommender = Recommender::learn_without(&past, groups, without);
    let mut search = recommender.search();
    let snapshot = Snapshot::new(past.actors, &past.events, past.timed);
    let mut near = Near::new(past.actors);
    let scales = Scales::new(&snapshot, &mut near);
    let groups = Groups::new(groups, &snapshot);
    let scene = Scene { snapshot: &snapshot, groups: &groups, scales };
    let asked = new_ties(&snapshot, &future, usize::MAX);
    let mut ranks = vec![Vec::with_capacity(asked.len()); NAMES.len() + 1];
    for (actor, met) in &asked {
        let suggested = recommender.suggest(&mut search, *actor, past.actors, Why::None);
        let place = suggested.iter().position(|s| met.binary_search(&s.actor).is_ok());
        let (rows, wanted) = rows_of(&scene, &mut near, *actor, met);
        for (feature, into) in ranks.iter_mut().enumerate() {
            into.push(match feature.checked_sub(1) {
                None => place.map_or(f64::INFINITY, |place| place as f64 + 1.0),
                Some(feature) => rank_alone(&rows, &wanted, feature),
            });
        }
    }
    let names = std::iter::once("all together").chain(NAMES.iter().map(|&(name, _)| name));
    let measured = names
        .zip(&ranks)
        .map(|(name, ranks)| Measured { name, foresight: Foresight::of_ranks(ranks) })
        .collect();
    (asked.len(), measured)
}

fn rows_of(scene: &Scene<'_>, near: &mut Near, actor: u32, met: &[u32]) -> (Vec<Row>, Vec<bool>) {
    near.look(scene.snapshot, actor);
    let able = |other: &u32| {
        *other != actor
            && scene.snapshot.seen.get(*other as usize).copied().unwrap_or(false)
            && !scene.snapshot.tied(actor, *other)
    };
    let candidates: Vec<u32> = (0..scene.snapshot.actors() as u32).filter(able).collect();
    let best = Best::new(scene.snapshot, near, actor, &candidates);
    let rows = candidates.iter().map(|&other| scene.row(near, best, actor, other)).collect();
    (rows, candidates.iter().map(|other| met.binary_search(other).is_ok()).collect())
}

/// The rank of the best of those met by one measure; those held alike share the middle of their ranks.
fn rank_alone(rows: &[Row], met: &[bool], feature: usize) -> f64 {
    let sign = if speaks_against(feature) { -1.0 } else { 1.0 };
    let value = |row: &Row| sign * row.get(feature).copied().unwrap_or(0.0);
    let wanted = rows.iter().zip(met).filter(|(_, met)| **met).map(|(row, _)| value(row));
    let best = wanted.fold(f32::NEG_INFINITY, f32::max);
    let others = || rows.iter().zip(met).filter(|(_, met)| !**met).map(|(row, _)| value(row));
    let above = others().filter(|&value| value > best).count();
    let alike = others().filter(|&value| value == best).count();
    1.0 + above as f64 + alike as f64 / 2.0
}
