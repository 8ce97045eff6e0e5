//! The suggestions themselves: near candidates scored one by one, all others in the order of what speaks for them
//! whoever asks.

#![expect(
    clippy::indexing_slicing,
    reason = "actors, groups and lists are numbered from 0 and made here; hot path"
)]

use super::features::{Best, Cause, FEATURES, Groups, NAMES, Row, Scales, Scene};
use super::fit::{Backtest, Weights, weigh};
use super::history::History;
use super::near::Near;
use super::snapshot::{Snapshot, TRAITS};
use super::trials::{Trials, dot};

/// Whether suggestions come with their reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The first ten carry the terms of their score.
    FirstTen,
    None,
}

/// One actor that another would do well to meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub actor: u32,
    /// Comparable among the suggestions to one actor only; 0 is an average candidate.
    pub score: f32,
    /// What the score is made of, the weightiest first; their weights add up to it.
    pub why: Vec<Term>,
}

/// One term of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub cause: Cause,
    pub weight: f32,
    /// Those through whom: common contacts, warmest first, at most five.
    pub with: Vec<u32>,
}

/// Suggests ties in one network.
#[derive(Debug)]
pub struct Recommender {
    snapshot: Snapshot,
    groups: Groups,
    scales: Scales,
    weights: Weights,
    backtest: Backtest,
    /// What speaks for each actor, whoever asks.
    appeal: Vec<f32>,
    /// Actors by falling appeal: of each group where groups are compared, else all in one list.
    lists: Vec<Vec<u32>>,
    /// Members of each group by falling appeal, where groups are too many to compare.
    own_lists: Vec<Vec<u32>>,
}

/// Room to look for one actor's suggestions after another's; one a thread.
#[derive(Debug)]
pub struct Search {
    near: Near,
    candidates: Vec<u32>,
    scored: Vec<(f32, u32)>,
}

/// How the features weigh before a network has a past, in units of their spread. Averages over the simulated kinds of
/// networks in the benchmark.
const PRIOR: [(usize, f32); 14] = [
    (0, 0.05),
    (1, 0.2),
    (2, 0.05),
    (3, -0.1),
    (5, 0.1),
    (12, 0.05),
    (13, 0.1),
    (14, 0.15),
    (17, 0.15),
    (18, 0.5),
    (19, 0.15),
    (22, 0.05),
    (25, 0.1),
    (26, 0.6),
];

fn prior() -> Row {
    let mut weights = [0.0; FEATURES];
    for (feature, weight) in PRIOR {
        weights[feature] = weight;
    }
    weights
}

/// Where the past is cut for backtests, the newest first.
const CUTS: [f64; 5] = [0.8, 0.7, 0.6, 0.5, 0.4];

impl Recommender {
    /// Learns from a history what foresees its ties. `groups` gives each actor's group, or is empty.
    #[must_use]
    pub fn learn(history: &History, groups: &[u32]) -> Self {
        Self::learn_without(history, groups, &[])
    }

    /// The same without some causes: what are they worth?
    #[must_use]
    pub fn learn_without(history: &History, groups: &[u32], without: &[Cause]) -> Self {
        let prior = prior();
        let groups = if groups.len() == history.actors { groups } else { &[] };
        let mut folds = Vec::new();
        for (fold, share) in CUTS.into_iter().enumerate() {
            folds.push(Trials::of_fold(history, groups, share, fold as u32, &prior));
        }
        let (weights, backtest) = weigh(folds, &prior, without);
        Self::at_the_end(history, groups, weights, backtest)
    }

    fn at_the_end(history: &History, groups: &[u32], weights: Weights, backtest: Backtest) -> Self {
        let snapshot = Snapshot::new(history.actors, &history.events, history.timed);
        let mut near = Near::new(history.actors);
        let scales = Scales::new(&snapshot, &mut near);
        let groups = Groups::new(groups, &snapshot);
        let zero = dot(&weights.mean, &weights.of);
        let of_traits = |traits: &[f32; TRAITS]| {
            traits.iter().zip(&weights.of).map(|(value, weight)| value * weight).sum::<f32>() - zero
        };
        let appeal: Vec<f32> = snapshot.traits.iter().map(of_traits).collect();
        let mut order: Vec<u32> = (0..history.actors as u32).filter(|&a| snapshot.seen[a as usize]).collect();
        order.sort_by(|&a, &b| appeal[b as usize].total_cmp(&appeal[a as usize]).then(a.cmp(&b)));
        let mut by_group = vec![Vec::new(); groups.count];
        for &actor in &order {
            if !groups.of.is_empty() {
                by_group[groups.of[actor as usize] as usize].push(actor);
            }
        }
        let (lists, own_lists) =
            if groups.compared() { (by_group, Vec::new()) } else { (vec![order], by_group) };
        Self { snapshot, groups, scales, weights, backtest, appeal, lists, own_lists }
    }

    /// What the network's past said about foreseeing its ties.
    #[must_use]
    pub fn backtest(&self) -> &Backtest {
        &self.backtest
    }

    /// Room for [`Recommender::suggest`].
    #[must_use]
    pub fn search(&self) -> Search {
        Search { near: Near::new(self.snapshot.actors()), candidates: Vec::new(), scored: Vec::new() }
    }

    /// At most `k` actors not yet tied to this one, best first. Actors never in contact with anyone are not suggested.
    /// An actor that does not exist gets none.
    #[must_use]
    pub fn suggest(&self, search: &mut Search, actor: u32, k: usize, why: Why) -> Vec<Suggestion> {
        if actor as usize >= self.snapshot.actors() || k == 0 {
            return Vec::new();
        }
        let near = &mut search.near;
        near.look(&self.snapshot, actor);
        let scene = Scene { snapshot: &self.snapshot, groups: &self.groups, scales: self.scales };
        search.candidates.clear();
        let untied = |other: &u32| *other != actor && !self.snapshot.tied(actor, *other);
        search.candidates.extend(near.touched().iter().copied().filter(untied));
        let best = Best::new(&self.snapshot, near, actor, &search.candidates);
        search.scored.clear();
        let zero = dot(&self.weights.mean, &self.weights.of);
        for &other in &search.candidates {
            let row = scene.row(near, best, actor, other);
            search.scored.push((dot(&row, &self.weights.of) - zero, other));
        }
        self.add_far(&mut search.scored, near, actor, k);
        let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if search.scored.len() > k {
            search.scored.select_nth_unstable_by(k, better);
            search.scored.truncate(k);
        }
        search.scored.sort_unstable_by(better);
        let mut suggestions = Vec::with_capacity(search.scored.len());
        for (place, &(score, other)) in search.scored.iter().enumerate() {
            let why = if why == Why::FirstTen && place < 10 {
                self.terms(&scene.row(near, best, actor, other), actor, other)
            } else {
                Vec::new()
            };
            suggestions.push(Suggestion { actor: other, score, why });
        }
        suggestions
    }

    /// Adds the best `k` of those with nothing between them and the actor.
    fn add_far(&self, scored: &mut Vec<(f32, u32)>, near: &Near, actor: u32, k: usize) {
        let able = |other: u32| other != actor && !near.has(other) && !self.snapshot.tied(actor, other);
        let own = self.groups.of.get(actor as usize).copied();
        let mut sources: Vec<(&[u32], f32)> = Vec::new();
        for (group, list) in self.lists.iter().enumerate() {
            let offset = match own {
                Some(own) if self.groups.compared() => self.group_part(own, group as u32),
                _ => 0.0,
            };
            sources.push((list, offset));
        }
        let mut own_source = None;
        if let Some(own) = own
            && let Some(list) = self.own_lists.get(own as usize)
        {
            own_source = Some(own);
            sources.push((list, self.group_part(own, own)));
        }
        // the list of all holds the own group too, without what the group adds
        let passed = |source: usize, other: u32| {
            !able(other)
                || (source == 0
                    && own_source.is_some()
                    && own_source == self.groups.of.get(other as usize).copied())
        };
        let mut heads = vec![0_usize; sources.len()];
        for _ in 0..k {
            let mut best: Option<(f32, usize, u32)> = None;
            for (source, (list, offset)) in sources.iter().enumerate() {
                while heads[source] < list.len() && passed(source, list[heads[source]]) {
                    heads[source] += 1;
                }
                let Some(&other) = list.get(heads[source]) else { continue };
                let score = self.appeal[other as usize] + offset;
                let ahead =
                    |(before, _, at): (f32, usize, u32)| score > before || (score == before && other < at);
                // of those alike the lower number, as everywhere
                if best.is_none_or(ahead) {
                    best = Some((score, source, other));
                }
            }
            let Some((score, source, other)) = best else { return };
            heads[source] += 1;
            scored.push((score, other));
        }
    }

    fn group_part(&self, own: u32, other: u32) -> f32 {
        let weights = &self.weights.of[FEATURES - 2..];
        self.groups.between(own, other).iter().zip(weights).map(|(value, weight)| value * weight).sum()
    }

    /// The score taken apart by cause.
    fn terms(&self, row: &Row, actor: u32, other: u32) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::new();
        for cause in Cause::ALL {
            let mut weight = 0.0;
            for (feature, &(_, about)) in NAMES.iter().enumerate() {
                if about == cause {
                    weight += self.weights.of[feature] * (row[feature] - self.weights.mean[feature]);
                }
            }
            if weight != 0.0 {
                let with =
                    if cause == Cause::CommonContacts { self.common(actor, other) } else { Vec::new() };
                terms.push(Term { cause, weight, with });
            }
        }
        terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.cause.cmp(&b.cause)));
        terms
    }

    /// The warmest common contacts, at most five.
    fn common(&self, a: u32, b: u32) -> Vec<u32> {
        let (few, many) = if self.snapshot.degree(a) <= self.snapshot.degree(b) { (a, b) } else { (b, a) };
        let mut found: Vec<(f32, u32)> = Vec::new();
        for at in self.snapshot.row(few) {
            let between = self.snapshot.neighbors[at];
            if let Ok(place) = self.snapshot.neighbors(many).binary_search(&between) {
                let other_side = self.snapshot.row(many).start + place;
                let warmth = self.snapshot.lasting[at] * self.snapshot.lasting[other_side];
                found.push((warmth / self.snapshot.degree(between) as f32, between));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(5).map(|(_, between)| between).collect()
    }
}
