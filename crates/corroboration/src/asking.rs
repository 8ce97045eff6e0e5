//! Whom to ask: the members whose answer is expected to tell the most.
//!
//! Worth of asking somebody = chance that the event, if real, covers their home × chance of an answer × how much an
//! answer of their standing weighs × how reliable they have been. Nobody is asked who has spoken, whose account is
//! young, of a burst or vouched for from afar, who shares a device with a reporter, or who was asked often enough
//! this month. The more often somebody was asked this month, the likelier a claim must be to ask them again, so that
//! hopeless claims do not use up the patience a real one will need.

use crate::belief::Belief;
use crate::claim::Claim;
use crate::crowd::Crowd;
use crate::footprint::Footprint;
use crate::members::Members;
use crate::place::Moment;
use crate::policy::{Policy, Term};

/// Least chance of standing in the event for which somebody is troubled.
const LEAST_CHANCE: f64 = 0.20;

/// The members to ask about a claim now, best first.
pub(crate) fn choose(
    policy: &Policy,
    members: &Members,
    crowd: &Crowd,
    claim: &Claim,
    belief: &Belief,
    now: Moment,
) -> Vec<u32> {
    let reach = Footprint::reach_km(claim.hazard.radius_km()).min(12.0);
    let p = policy.probability(belief.log_odds);
    let few = members.near(claim.center, reach).take(policy.ask_few).count() < policy.ask_few;
    let month = if few { policy.ask_month_few } else { policy.ask_month };
    let mut candidates: Vec<(f64, u32)> = Vec::new();
    for (number, account, x, y) in members.near(claim.center, reach) {
        let price = policy.ask_price * account.asks_this_month(now) as f64;
        if p < price
            || !account.may_be_asked(policy, month, now)
            || claim.asked.contains(&number)
            || claim.has_spoken(number)
        {
            continue;
        }
        if account.device.is_some() && claim.observations.iter().any(|o| o.links.device == account.device) {
            continue;
        }
        let covered = belief.footprint.covers(x, y);
        if covered < LEAST_CHANCE {
            continue;
        }
        let worth = covered * crowd.worth(account.tier, &account.record) * account.reliability.mean(now);
        candidates.push((worth, number));
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    candidates
        .into_iter()
        .map(|(_, number)| number)
        .filter(|number| !policy.uses(Term::Bursts) || members.burst(*number).is_none())
        .filter(|number| !policy.uses(Term::Vouching) || !members.vouched_from_afar(*number))
        .take(policy.ask_round)
        .collect()
}
