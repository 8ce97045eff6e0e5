//! Turns: nobody is asked too much, nobody waits forever, and what fits best still comes first.
//!
//! The list of a need is put in order again by what its owners have been shown already. A load penalty
//! −λ·ln(1 + shown ⁄ fair share) works on the log-odds; a share cap (no owner takes more than a tenth of all
//! suggestions unless nobody else can) and the cap of open introductions take owners out; among those within a small
//! margin of the best, the one who waited longest comes first, and of those the smaller. What does not fit is never
//! brought in for the sake of fairness.
//!
//! Source: greedy with deficit counters, the practical form of Nash-welfare ranking (Tomita & Yokoyama 2024) at this
//! size.

use std::collections::HashMap;

use crate::intent::{ActorKey, IntentKey, OwnerKind};
use crate::pool::Proposal;

/// Limits and weights, editable per network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caps {
    /// Introductions an owner may be asked into at once
    pub open: u32,
    /// Share of all suggestions one owner may take, 0 to 1
    pub share: f64,
    /// The share is not held before so many suggestions were made
    pub share_from: f64,
    /// Weight of the load penalty
    pub load: f64,
    /// Scores within this share of the best count as equal
    pub margin: f64,
}

impl Default for Caps {
    fn default() -> Self {
        Self { open: 2, share: 0.10, share_from: 30.0, load: 0.35, margin: 0.05 }
    }
}

/// Whether caps and turns hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// They hold
    Usual,
    /// A disaster: the best first, whoever it is; consent still holds
    Emergency,
}

/// Who is shown: the owner, or the offer itself where no owner is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A member
    Actor(ActorKey),
    /// An offer without one
    Intent(IntentKey),
}

impl Owner {
    /// The owner of a proposal.
    #[must_use]
    pub fn of(proposal: &Proposal) -> Self {
        proposal.actor.map_or(Self::Intent(proposal.key), Self::Actor)
    }
}

/// What owners have been shown so far.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    shown: HashMap<Owner, f64>,
    open: HashMap<Owner, u32>,
    total: f64,
    owners: usize,
}

impl Turns {
    /// Turns among so many owners of active offers.
    #[must_use]
    pub fn among(owners: usize) -> Self {
        Self { owners, ..Self::default() }
    }

    /// Notes an introduction an owner is being asked into, or with `count` 0 none any more.
    pub fn set_open(&mut self, owner: Owner, count: u32) {
        self.open.insert(owner, count);
    }

    /// Notes that an owner was shown; `weight` 1 for the first place.
    pub fn note(&mut self, owner: Owner, weight: f64) {
        *self.shown.entry(owner).or_default() += weight;
        self.total += weight;
    }

    /// How much an owner was shown.
    #[must_use]
    pub fn shown(&self, owner: Owner) -> f64 {
        self.shown.get(&owner).copied().unwrap_or(0.0)
    }

    /// The Gini coefficient of exposure over all owners, with the small-sample correction; `None` below two owners.
    #[must_use]
    pub fn gini(&self) -> Option<f64> {
        let n = self.owners.max(self.shown.len());
        if n < 2 || self.total <= 0.0 {
            return None;
        }
        let mut values: Vec<f64> = self.shown.values().copied().collect();
        values.resize(n, 0.0);
        values.sort_by(f64::total_cmp);
        let weighted: f64 = values.iter().enumerate().map(|(place, value)| (place + 1) as f64 * value).sum();
        let n = n as f64;
        Some((2.0 * weighted / (n * self.total) - (n + 1.0) / n) * n / (n - 1.0))
    }

    fn fair_share(&self) -> f64 {
        (self.total / self.owners.max(1) as f64).max(1.0)
    }

    /// Whether an owner may be shown once more.
    fn free(&self, owner: Owner, caps: &Caps) -> bool {
        let open = self.open.get(&owner).copied().unwrap_or(0);
        let over = self.total >= caps.share_from && self.shown(owner) >= caps.share * self.total;
        open < caps.open && !over
    }

    /// The best `k` of a need's proposals with turns taken, noted as shown by their places. Scores stay as they were.
    pub fn order(
        &mut self,
        mut fit: Vec<Proposal>,
        k: usize,
        caps: &Caps,
        urgency: Urgency,
        kind: impl Fn(IntentKey) -> OwnerKind,
    ) -> Vec<Proposal> {
        let mut chosen = Vec::new();
        while chosen.len() < k && !fit.is_empty() {
            let next = match urgency {
                Urgency::Emergency => 0,
                Urgency::Usual => self.next(&fit, caps, &kind),
            };
            let proposal = fit.remove(next);
            let weight = 1.0 / (chosen.len() as f64 + 2.0).log2();
            self.note(Owner::of(&proposal), weight);
            chosen.push(proposal);
        }
        chosen
    }

    /// The place of the proposal whose turn it is.
    fn next(&self, fit: &[Proposal], caps: &Caps, kind: &impl Fn(IntentKey) -> OwnerKind) -> usize {
        let free: Vec<(usize, &Proposal)> =
            fit.iter().enumerate().filter(|(_, p)| self.free(Owner::of(p), caps)).collect();
        // the only ones who can help are asked even so, but for those who are asked too much already
        let open = |p: &Proposal| self.open.get(&Owner::of(p)).copied().unwrap_or(0) < caps.open;
        let eligible =
            if free.is_empty() { fit.iter().enumerate().filter(|(_, p)| open(p)).collect() } else { free };
        let adjusted = |p: &Proposal| {
            let load = self.shown(Owner::of(p)) / self.fair_share();
            logit(p.score) - caps.load * load.ln_1p()
        };
        let best = eligible.iter().map(|(_, p)| adjusted(p)).fold(f64::NEG_INFINITY, f64::max);
        let small = |p: &Proposal| match kind(p.key) {
            OwnerKind::Person => 0,
            OwnerKind::Group => 1,
            OwnerKind::Organization => 2,
        };
        let turn = |a: &&(usize, &Proposal), b: &&(usize, &Proposal)| {
            let waited = self.shown(Owner::of(a.1)).total_cmp(&self.shown(Owner::of(b.1)));
            waited.then(small(a.1).cmp(&small(b.1))).then(a.0.cmp(&b.0))
        };
        let near = eligible.iter().filter(|(_, p)| adjusted(p) >= best - caps.margin);
        near.min_by(turn).map_or(0, |(place, _)| *place)
    }
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Measures;

    fn proposal(key: u64, score: f64) -> Proposal {
        let key = IntentKey(key);
        Proposal { key, actor: Some(ActorKey(key.0)), score, why: vec![], measures: Measures::default() }
    }

    fn first(turns: &mut Turns, fit: &[(u64, f64)], urgency: Urgency) -> u64 {
        let fit = fit.iter().map(|(key, score)| proposal(*key, *score)).collect();
        turns.order(fit, 1, &Caps::default(), urgency, |_| OwnerKind::Person)[0].key.0
    }

    #[test]
    fn equals_take_turns_and_the_clearly_better_stays_first() {
        let mut turns = Turns::among(2);
        let equals = [(1, 0.6), (2, 0.6)];
        let order: Vec<u64> = (0..4).map(|_| first(&mut turns, &equals, Urgency::Usual)).collect();
        assert_eq!(order, [1, 2, 1, 2]);
        assert_eq!(first(&mut turns, &[(1, 0.9), (2, 0.3)], Urgency::Usual), 1);
    }

    #[test]
    fn nobody_takes_more_than_the_share_unless_alone() {
        let mut turns = Turns::among(50);
        for other in 10..50 {
            turns.note(Owner::Actor(ActorKey(other)), 1.0);
        }
        turns.note(Owner::Actor(ActorKey(1)), 10.0);
        assert_eq!(first(&mut turns, &[(1, 0.9), (2, 0.2)], Urgency::Usual), 2);
        assert_eq!(first(&mut turns, &[(1, 0.9)], Urgency::Usual), 1);
        assert_eq!(first(&mut turns, &[(1, 0.9), (2, 0.2)], Urgency::Emergency), 1);
    }

    #[test]
    fn who_is_asked_enough_is_left_alone() {
        let mut turns = Turns::among(2);
        turns.set_open(Owner::Actor(ActorKey(1)), 2);
        assert_eq!(first(&mut turns, &[(1, 0.9), (2, 0.2)], Urgency::Usual), 2);
    }

    #[test]
    fn gini_is_one_when_one_holds_all() {
        let mut turns = Turns::among(5);
        turns.note(Owner::Actor(ActorKey(1)), 3.0);
        assert!((turns.gini().unwrap() - 1.0).abs() < 1e-12);
        for other in 2..=5 {
            turns.note(Owner::Actor(ActorKey(other)), 3.0);
        }
        assert!(turns.gini().unwrap().abs() < 1e-12);
    }
}
