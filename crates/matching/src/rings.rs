//! Rings of giving: a gives to b, b to c, c to a. They reach what a swap between two cannot, and money need not.

use std::collections::HashMap;

use crate::intent::{ActorKey, IntentKey};
use crate::pool::{Pool, Situation};

/// A need follows this many of its best offers.
const BEST: usize = 10;
/// A step scores at least this.
const LEAST: f64 = 0.2;

/// A ring of giving: each step's giver meets a need of the next one's; the last closes the ring.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// The steps; the ring begins at its smallest actor
    pub steps: Vec<Step>,
    /// The geometric mean of its steps' scores
    pub score: f64,
}

/// One step of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Who gives
    pub giver: ActorKey,
    /// With this offer
    pub offer: IntentKey,
    /// To this need
    pub need: IntentKey,
    /// Of this one
    pub receiver: ActorKey,
    /// 0 to 1
    pub score: f64,
}

impl Pool {
    /// The rings of giving of two up to `longest` members (three at most), best first.
    #[must_use]
    pub fn rings(&self, longest: usize, situation: &Situation) -> Vec<Ring> {
        let steps = self.best_steps(situation);
        let mut from: HashMap<ActorKey, Vec<Step>> = HashMap::new();
        for step in steps.values() {
            from.entry(step.giver).or_default().push(*step);
        }
        let gives = |giver: ActorKey, receiver: ActorKey| steps.get(&(giver, receiver)).copied();
        let mut rings = Vec::new();
        for first in steps.values() {
            // each ring is found once, from its smallest member
            if first.receiver <= first.giver {
                continue;
            }
            if longest >= 2
                && let Some(back) = gives(first.receiver, first.giver)
            {
                rings.push(ring(vec![*first, back]));
            }
            if longest < 3 {
                continue;
            }
            for second in from.get(&first.receiver).map_or(&[][..], Vec::as_slice) {
                if second.receiver > first.giver
                    && second.receiver != first.receiver
                    && let Some(back) = gives(second.receiver, first.giver)
                {
                    rings.push(ring(vec![*first, *second, back]));
                }
            }
        }
        rings.sort_by(|a, b| {
            let members = |ring: &Ring| ring.steps.iter().map(|step| step.giver).collect::<Vec<_>>();
            b.score.total_cmp(&a.score).then_with(|| members(a).cmp(&members(b)))
        });
        rings
    }

    /// The best step from each giver to each receiver, among each need's best offers.
    fn best_steps(&self, situation: &Situation) -> HashMap<(ActorKey, ActorKey), Step> {
        let mut steps: HashMap<(ActorKey, ActorKey), Step> = HashMap::new();
        for need in self.needs() {
            let Some(receiver) = need.actor else { continue };
            for offer in self.offers_for(need, BEST, situation).fit {
                let Some(giver) = offer.actor.filter(|_| offer.score >= LEAST) else { continue };
                let step = Step { giver, offer: offer.key, need: need.key, receiver, score: offer.score };
                let best = steps.entry((giver, receiver)).or_insert(step);
                if step.score > best.score {
                    *best = step;
                }
            }
        }
        steps
    }
}

fn ring(steps: Vec<Step>) -> Ring {
    let score = steps.iter().map(|step| step.score).product::<f64>().powf(1.0 / steps.len() as f64);
    Ring { steps, score }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{Intent, Side};
    use crate::taxonomy::Taxonomy;

    #[test]
    fn finds_swaps_and_threes_once() {
        let mut key = 0;
        let mut intents = Vec::new();
        let mut member = |actor: u64, gives: &str, needs: &str| {
            for (side, code) in [(Side::Offer, gives), (Side::Need, needs)] {
                key += 1;
                let mut intent = Intent::new(IntentKey(key), side, "");
                intent.actor = Some(ActorKey(actor));
                intent.categories = vec![Taxonomy::built_in().find(code).unwrap()];
                intents.push(intent);
            }
        };
        member(1, "log.venue", "legal.debt");
        member(2, "farm.seed", "log.venue");
        member(3, "legal.debt", "farm.seed");
        member(4, "it.support", "art.music");
        member(5, "art.music", "it.support");
        member(6, "health.dental", "health.blood");
        let pool = Pool::build(intents);
        let rings = pool.rings(3, &Situation::default());
        let members: Vec<Vec<u64>> =
            rings.iter().map(|ring| ring.steps.iter().map(|step| step.giver.0).collect()).collect();
        assert_eq!(members.len(), 2, "{members:?}");
        assert!(members.contains(&vec![1, 2, 3]) && members.contains(&vec![4, 5]), "{members:?}");
        for ring in &rings {
            for (step, next) in ring.steps.iter().zip(ring.steps.iter().cycle().skip(1)) {
                assert_eq!(step.receiver, next.giver);
            }
        }
        assert_eq!(pool.rings(2, &Situation::default()).len(), 1);
    }
}
