//! Three-way rings of giving: a gives to b, b to c, c to a (E5, N7). Found by the engine among open offers and needs,
//! proposed by a coordinator, and made only when all three agree; who did not, nobody learns.

use matching::Situation;
use network::rights::Action;
use network::vocabulary::IntentState;
use store::ids::{ActorId, IntentId};
use store::journal::{self, Entry};
use store::{Error, Micros, Reading, Writing};

use super::RingId;
use super::actions::{self, Draft, PromiseError};
use super::queries::{self, RingSide};
use crate::giving::{self, Card, Pools};
use crate::{members, notices};

/// How long the three have, whoever answered what.
const WAITS: i64 = 14 * Micros::DAY;
/// Days until what the ring promises is due, as a first proposal that the three can move.
const DUE_DAYS: i64 = 30;
/// Looked through among the best found.
const LOOKED: usize = 60;
/// Shown at once.
pub const SHOWN: usize = 6;

/// One step of a ring that was found: whose offer meets whose need.
#[derive(Debug, Clone)]
pub struct Step {
    pub offer: Card,
    pub need: Card,
}

/// A ring that could be proposed.
#[derive(Debug, Clone)]
pub struct Found {
    pub steps: Vec<Step>,
    /// The ids of its needs in order: what tells one ring from another.
    pub key: String,
}

/// The rings of three that can be proposed in this network and were not before, best first, as far as the viewer may
/// see all of them. Nobody stands in two of them.
pub fn found(r: &Reading<'_>, network: ActorId, pools: &Pools) -> Result<Vec<Found>, Error> {
    let situation = Situation { today: Some(giving::today(r)), ..Situation::default() };
    let rings = pools.with(r, network, |pool| pool.rings(3, &situation))?;
    let mut found: Vec<Found> = Vec::new();
    let mut taken: Vec<ActorId> = Vec::new();
    for ring in rings.iter().filter(|ring| ring.steps.len() == 3).take(LOOKED) {
        let mut steps = Vec::new();
        for step in &ring.steps {
            let open = |key: u64, to: u64| {
                let to = ActorId(to.cast_signed());
                Ok::<_, Error>(giving::proposable(r, &[IntentId(key.cast_signed())], to)?.pop())
            };
            // nobody is proposed to who does not want to be, or whom the other blocked
            let offer = open(step.offer.0, step.receiver.0)?;
            let need = open(step.need.0, step.giver.0)?;
            // what its owner keeps among few is not told to three
            let told =
                |card: &Card| !card.restricted && matches!(card.visibility.as_str(), "network" | "public");
            if let (Some(offer), Some(need)) = (offer.filter(told), need.filter(told)) {
                steps.push(Step { offer, need });
            }
        }
        if steps.len() != 3 || steps.iter().any(|step| taken.contains(&step.offer.actor)) {
            continue;
        }
        let key = key(&steps);
        if queries::has_ring(r, network, &key)? {
            continue;
        }
        taken.extend(steps.iter().map(|step| step.offer.actor));
        found.push(Found { steps, key });
        if found.len() == SHOWN {
            break;
        }
    }
    Ok(found)
}

fn key(steps: &[Step]) -> String {
    let mut ids: Vec<String> = steps.iter().map(|step| step.need.id.to_string()).collect();
    ids.sort();
    ids.join(" ")
}

/// Asks the three of a ring that was found. A second tap finds it asked.
pub fn propose(
    w: &mut Writing<'_>,
    network: ActorId,
    by: ActorId,
    key: &str,
    pools: &Pools,
) -> Result<(), Error> {
    if queries::has_ring(w, network, key)? {
        return Ok(());
    }
    let ring = found(w, network, pools)?.into_iter().find(|found| found.key == key).ok_or(Error::NotFound)?;
    let sides: Vec<_> = ring
        .steps
        .iter()
        .map(|step| (step.offer.actor, step.need.actor, step.offer.id, step.need.id))
        .collect();
    let lapses_at = w.now().plus(WAITS);
    let id = queries::insert_ring(w, network, key, by, lapses_at, &sides)?;
    for step in &ring.steps {
        notices::tell(w, step.offer.actor, "promise_ring", id.0, Some(by), &step.offer.title)?;
    }
    w.record(
        &Entry::new(journal::Act::Introduce, "promises.ring", id.0).in_network(network).fields(&["ring"]),
    )
}

/// One of three answers. With the third yes three promises are made and all are told; a no changes nothing that
/// anybody can see.
pub fn answer(w: &mut Writing<'_>, id: RingId, member: ActorId, answer: Answer) -> Result<(), PromiseError> {
    let answered = |sides: &[RingSide]| -> Result<bool, Error> {
        let own = sides.iter().find(|side| side.provider == member).ok_or(Error::NotFound)?;
        Ok(!own.answer.is_empty())
    };
    // the same tap again, or another mind: the first answer stands
    if answered(&queries::ring_sides(w, id)?)? {
        return Ok(());
    }
    queries::hold_ring(w, id)?;
    if answered(&queries::ring_sides(w, id)?)? {
        return Ok(());
    }
    let word = match answer {
        Answer::Yes => "yes",
        Answer::NotNow => "no",
    };
    queries::answer_ring(w, id, member, word)?;
    let (network, ..) = queries::ring(w, id)?;
    w.record(&Entry::new(journal::Act::Do, "promises.ring_answer", id.0).in_network(network))?;
    let sides = queries::ring_sides(w, id)?;
    if sides.iter().any(|side| side.answer != "yes") {
        return Ok(());
    }
    for side in &sides {
        // what was met elsewhere in the meantime needs no promise; the ring lapses as any other
        match giving::find_card(w, side.need) {
            Ok(card) if card.state == IntentState::Open => {}
            Ok(_) | Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    let due_on = w.now().day(7) + DUE_DAYS;
    for side in sides {
        let draft = Draft {
            network,
            provider: side.provider,
            receiver: side.receiver,
            what: side.need_title.clone(),
            due_on: Some(due_on),
            intent: Some(side.need),
        };
        let promise = actions::made(w, &draft, None, Some(id))?;
        notices::tell(
            w,
            side.provider,
            "promise_ring_made",
            promise.0,
            Some(side.receiver),
            &side.need_title,
        )?;
    }
    queries::set_ring_state(w, id, "made")?;
    Ok(())
}

/// What one of the three says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    NotNow,
}

/// Whether the viewer may look for rings in this network.
pub fn may_propose(r: &Reading<'_>, network: ActorId) -> Result<bool, Error> {
    let Some(actor) = r.viewer().actor() else { return Ok(r.viewer().is_system()) };
    let role = members::role_in(r, network, actor)?;
    Ok(role.is_some_and(|role| network::rights::may(role, Action::Introduce)))
}
