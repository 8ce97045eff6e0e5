use network::promise::{self, Act, Side};
use network::rights::{Action, may};
use network::vocabulary::{PromiseState, Side as IntentSide};
use store::ids::{ActorId, IntentId};
use store::journal::{self, Entry};
use store::{Error, Micros, Reading, Writing, audience};

use super::queries::{self, NewPromise, Promise};
use super::{PromiseId, RingId};
use crate::giving::{self, Agreement};
use crate::{members, notices};

/// How long a proposal waits: an answer that does not come is an answer.
const WAITS: i64 = 30 * Micros::DAY;

/// Why a promise cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PromiseError {
    /// To oneself.
    #[error("a promise needs two members")]
    Oneself,
    /// One blocked the other.
    #[error("this member cannot be reached through the network now")]
    Unreachable,
    /// It was settled already, or this is not theirs to say.
    #[error("this promise is past that")]
    Past,
    /// The day lies in the past.
    #[error("the day lies in the past")]
    DayOver,
    #[error(transparent)]
    Store(#[from] Error),
}

/// What is promised.
#[derive(Debug, Clone)]
pub struct Draft {
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub what: String,
    /// Days since 1970-01-01, the last day included.
    pub due_on: Option<i64>,
    pub intent: Option<IntentId>,
}

/// On which side the viewer stands, for themselves or for somebody without an account; nobody speaks for both.
///
/// # Errors
/// The database's own.
pub fn side_of(r: &Reading<'_>, provider: ActorId, receiver: ActorId) -> Result<Option<Side>, Error> {
    let actor = r.viewer().actor();
    if actor == Some(provider) {
        return Ok(Some(Side::Provider));
    }
    if actor == Some(receiver) {
        return Ok(Some(Side::Receiver));
    }
    if members::may_change(r, provider)? {
        return Ok(Some(Side::Provider));
    }
    Ok(members::may_change(r, receiver)?.then_some(Side::Receiver))
}

const fn who(promise: &Promise, side: Side) -> ActorId {
    match side {
        Side::Provider => promise.provider,
        Side::Receiver => promise.receiver,
    }
}

/// Who may see a promise: both sides, and the coordinators who speak for one without an account.
fn open_to(w: &mut Writing<'_>, id: i64, draft: &Draft) -> Result<(), Error> {
    let mut keys = vec![audience::own(draft.provider), audience::own(draft.receiver)];
    if queries::unclaimed(w, draft.provider)? || queries::unclaimed(w, draft.receiver)? {
        keys.push(audience::coordinators(draft.network));
    }
    audience::set(w, id, &keys)
}

fn check(w: &Writing<'_>, draft: &Draft) -> Result<(), PromiseError> {
    if draft.provider == draft.receiver {
        return Err(PromiseError::Oneself);
    }
    // whom the viewer may not see is not there
    members::find(w, draft.provider)?;
    members::find(w, draft.receiver)?;
    if queries::blocked(w, draft.provider, draft.receiver)? {
        return Err(PromiseError::Unreachable);
    }
    let today = w.now().day(7);
    if draft.due_on.is_some_and(|day| day < today) { Err(PromiseError::DayOver) } else { Ok(()) }
}

/// Proposes a promise: mine to them, or one that I ask of them. The other side agrees, or lets it lapse.
pub fn propose(w: &mut Writing<'_>, draft: &Draft) -> Result<PromiseId, PromiseError> {
    check(w, draft)?;
    let side = side_of(w, draft.provider, draft.receiver)?.ok_or(Error::NotFound)?;
    let (by, other) = match side {
        Side::Provider => (draft.provider, draft.receiver),
        Side::Receiver => (draft.receiver, draft.provider),
    };
    let role = members::role_in(w, draft.network, by)?.ok_or(Error::NotFound)?;
    if !may(role, Action::Weave) {
        return Err(Error::NotFound.into());
    }
    let lapses_at = w.now().plus(WAITS);
    let new = NewPromise {
        network: draft.network,
        provider: draft.provider,
        receiver: draft.receiver,
        proposed_by: by,
        what: &draft.what,
        due_on: draft.due_on,
        intent: draft.intent,
        reply: None,
        ring: None,
        state: PromiseState::Proposed,
        lapses_at: Some(lapses_at),
    };
    let id = queries::insert(w, &new)?;
    open_to(w, id.0, draft)?;
    let kind = if side == Side::Provider { "promise_offered" } else { "promise_asked" };
    notices::tell(w, other, kind, id.0, Some(by), &draft.what)?;
    w.record(
        &Entry::new(journal::Act::Propose, "promises.propose", id.0)
            .in_network(draft.network)
            .fields(&["promise"]),
    )?;
    Ok(id)
}

/// A promise that both sides agreed to elsewhere: a reply, a ring, a demo. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn made(
    w: &mut Writing<'_>,
    draft: &Draft,
    reply: Option<i64>,
    ring: Option<RingId>,
) -> Result<PromiseId, Error> {
    let new = NewPromise {
        network: draft.network,
        provider: draft.provider,
        receiver: draft.receiver,
        proposed_by: draft.provider,
        what: &draft.what,
        due_on: draft.due_on,
        intent: draft.intent,
        reply,
        ring,
        state: PromiseState::Accepted,
        lapses_at: None,
    };
    let id = queries::insert(w, &new)?;
    open_to(w, id.0, draft)?;
    Ok(id)
}

/// "Yes please, by …": the owner of a need or offer agrees to a reply, and it is a promise. A second tap finds it made.
pub fn agree(
    w: &mut Writing<'_>,
    reply: giving::ReplyId,
    due_on: Option<i64>,
) -> Result<PromiseId, PromiseError> {
    if let Some(id) = queries::of_reply(w, reply.0)? {
        // it is shown to those it belongs to alone
        return Ok(queries::find(w, id)?.id);
    }
    let said = giving::find_reply(w, reply)?;
    giving::put_answer(w, reply, Agreement::Yes)?;
    let card = giving::find_card(w, said.intent)?;
    // helping with a need is the replier's to do, giving what is offered the owner's
    let (provider, receiver) = match card.side {
        IntentSide::Need => (said.actor, card.actor),
        IntentSide::Offer => (card.actor, said.actor),
    };
    let draft = Draft {
        network: card.network,
        provider,
        receiver,
        what: card.title.clone(),
        due_on,
        intent: Some(card.id),
    };
    check(w, &draft)?;
    let id = made(w, &draft, Some(reply.0), None)?;
    w.record(
        &Entry::new(journal::Act::Do, "promises.agree", id.0).in_network(card.network).fields(&["promise"]),
    )?;
    Ok(id)
}

/// What somebody does to a promise they are a side of, with a word on why.
pub fn act(w: &mut Writing<'_>, id: PromiseId, act: Act, words: &str) -> Result<(), PromiseError> {
    let promise = queries::find(w, id)?;
    let side = side_of(w, promise.provider, promise.receiver)?.ok_or(Error::NotFound)?;
    if act == Act::Accept && who(&promise, side) == promise.proposed_by {
        return Err(PromiseError::Past);
    }
    let today = w.now().day(7);
    let next = promise::after(promise.state, act, side, promise.due_on, today);
    // the same tap again finds it done
    let Some(next) = next else {
        return if again(promise.state, act) { Ok(()) } else { Err(PromiseError::Past) };
    };
    let settled = (!matches!(next, PromiseState::Accepted | PromiseState::Proposed)).then_some(today);
    queries::set_state(w, &promise, next, settled, words)?;
    let (me, other) = (who(&promise, side), promise.other(who(&promise, side)));
    let kind = match (act, next) {
        (Act::Accept, _) => Some("promise_accepted"),
        // a proposal that does not suit goes as one that nobody answered
        (_, PromiseState::Lapsed) => None,
        (Act::Break, PromiseState::Broken) => Some("promise_broken"),
        _ => Some("promise_released"),
    };
    if let Some(kind) = kind {
        notices::tell(w, other, kind, id.0, Some(me), &promise.what)?;
    }
    let entry = Entry::new(journal::Act::Do, "promises.act", id.0).in_network(promise.network);
    w.record(&entry.before("state", Some(promise.state.word().to_owned())))?;
    Ok(())
}

/// Whether the promise already is where this act leads.
const fn again(state: PromiseState, act: Act) -> bool {
    matches!(
        (state, act),
        (PromiseState::Accepted, Act::Accept)
            | (PromiseState::Released | PromiseState::Lapsed, Act::Release)
            | (PromiseState::Broken, Act::Break)
    )
}

/// Moves the day: the receiver may, the provider asks.
pub fn another_day(w: &mut Writing<'_>, id: PromiseId, day: i64) -> Result<(), PromiseError> {
    let promise = queries::find(w, id)?;
    let side = side_of(w, promise.provider, promise.receiver)?.ok_or(Error::NotFound)?;
    if promise.state != PromiseState::Accepted {
        return Err(PromiseError::Past);
    }
    if day < w.now().day(7) {
        return Err(PromiseError::DayOver);
    }
    let me = who(&promise, side);
    let kind = match side {
        Side::Provider => {
            queries::set_day(w, &promise, promise.due_on, Some(day))?;
            "promise_day_asked"
        }
        Side::Receiver => {
            queries::set_day(w, &promise, Some(day), None)?;
            "promise_day_moved"
        }
    };
    notices::tell(w, promise.other(me), kind, id.0, Some(me), &promise.what)?;
    let entry = Entry::new(journal::Act::Do, "promises.day", id.0).in_network(promise.network);
    w.record(&entry.before("due_on", promise.due_on.map(|day| day.to_string())))?;
    Ok(())
}

/// What an exchange says of the promise it fulfils: it was kept on this day, or what was reported did not come. The
/// caller journals it and has found out on which side the viewer stands.
///
/// # Errors
/// [`PromiseError::Past`] where it cannot be kept or disputed any more.
pub fn settle(
    w: &mut Writing<'_>,
    promise: &Promise,
    act: Act,
    side: Side,
    on_day: i64,
) -> Result<(), PromiseError> {
    let next = promise::after(promise.state, act, side, promise.due_on, on_day).ok_or(PromiseError::Past)?;
    let settled = (next != PromiseState::Accepted).then_some(on_day);
    Ok(queries::set_state(w, promise, next, settled, "")?)
}
