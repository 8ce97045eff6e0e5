//! What leans to one side, said kindly to the one it concerns.

use network::exchange::{Balance, CIRCLE_LEAST, Lean, PAIR_LEAST, WINDOW_DAYS};
use store::Reading;
use store::ids::ActorId;
use web::Problem;

use crate::exchanges::queries;
use crate::giving::{Fit, Pools};

/// What leans to one side, and the step that would even it.
#[derive(Debug)]
pub struct Leaning {
    pub lean: Lean,
    /// The partner, or nobody: with all others together.
    pub with: Option<(ActorId, String)>,
    pub steps: Vec<Fit>,
}

/// Steps shown for one leaning.
const STEPS: usize = 2;
/// Leanings shown at once: a hint, not a list of debts.
const LEANINGS: usize = 2;

/// What leans, with all together and with single partners, each with a step.
pub fn leanings(
    r: &Reading<'_>,
    network: Option<ActorId>,
    me: ActorId,
    pools: &Pools,
    partners: &[(ActorId, String, Balance)],
) -> Result<Vec<Leaning>, Problem> {
    let Some(network) = network else { return Ok(Vec::new()) };
    let all = queries::balance_of(r, me, r.now().day(7) - WINDOW_DAYS)?;
    let mut found = Vec::new();
    let steps = |lean: Lean, with: Option<ActorId>| -> Result<Vec<Fit>, Problem> {
        let mut fits = match lean {
            Lean::Receives => pools.open_needs_i_can_meet(r, network, me, 20)?,
            Lean::Gives => pools.offers_i_could_use(r, network, me, 20)?,
        };
        if let Some(with) = with {
            fits.retain(|fit| fit.card.actor == with);
        }
        fits.truncate(STEPS);
        Ok(fits)
    };
    if let Some(lean) = all.lean(CIRCLE_LEAST) {
        found.push(Leaning { lean, with: None, steps: steps(lean, None)? });
    }
    for (id, name, balance) in partners {
        // what comes back through others is even: only what leans as the whole does is said
        let Some(lean) = balance.lean(PAIR_LEAST) else { continue };
        let even_in_the_circle = all.evenness().is_some_and(|even| even > 0.66);
        if found.len() < LEANINGS && !even_in_the_circle {
            found.push(Leaning { lean, with: Some((*id, name.clone())), steps: steps(lean, Some(*id))? });
        }
    }
    Ok(found)
}
