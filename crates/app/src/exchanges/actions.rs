use network::promise::{Act as PromiseAct, Side};
use network::rights::{Action, may};
use network::vocabulary::{
    Alone, Benefit, Channel, Direction, ExchangeAction, ExchangeState, Outcome, Side as IntentSide, Use,
};
use store::ids::{ActorId, IntentId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Writing, audience};

use super::ExchangeId;
use super::queries::{self, Exchange, NewExchange};
use crate::promises::{self, PromiseError, PromiseId};
use crate::{giving, members, notices, ties};

/// Why an exchange cannot be recorded or changed.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// With oneself.
    #[error("an exchange needs two members")]
    Oneself,
    /// It has not happened yet.
    #[error("the day lies in the future")]
    NotYet,
    /// This is not theirs to say, or it was said already.
    #[error("this exchange is past that")]
    Past,
    #[error(transparent)]
    Promise(#[from] PromiseError),
    #[error(transparent)]
    Store(#[from] Error),
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Draft {
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub what: String,
    pub action: ExchangeAction,
    /// In the words of who writes it: "20 ตัว", or empty.
    pub quantity: String,
    pub effort_minutes: Option<i64>,
    /// Days since 1970-01-01.
    pub on_day: i64,
    pub intent: Option<IntentId>,
    pub promise: Option<PromiseId>,
    /// What the receiver gained.
    pub benefits: Vec<Benefit>,
}

const fn who(exchange: &Exchange, side: Side) -> ActorId {
    match side {
        Side::Provider => exchange.provider,
        Side::Receiver => exchange.receiver,
    }
}

/// Who may see an exchange: both sides, and the coordinators who speak for one without an account or are asked for
/// help when it is disputed.
fn open_to(w: &mut Writing<'_>, exchange: &Exchange, disputed: &Disputed) -> Result<(), Error> {
    let mut keys = vec![audience::own(exchange.provider), audience::own(exchange.receiver)];
    let speaks = queries::unclaimed(w, exchange.provider)? || queries::unclaimed(w, exchange.receiver)?;
    if speaks || *disputed == Disputed::Yes {
        keys.push(audience::coordinators(exchange.network));
    }
    audience::set(w, exchange.id.0, &keys)
}

#[derive(Debug, PartialEq, Eq)]
enum Disputed {
    Yes,
    No,
}

/// Records what happened. Said by the receiver it is confirmed at once; said by the giver it waits for the receiver's
/// tap. The caller has checked that both may be written of (a form, a promise, a booking).
///
/// # Errors
/// [`ExchangeError`]; the database's own.
pub fn record(w: &mut Writing<'_>, draft: &Draft, side: Side) -> Result<ExchangeId, ExchangeError> {
    if draft.provider == draft.receiver {
        return Err(ExchangeError::Oneself);
    }
    if draft.on_day > w.now().day(7) {
        return Err(ExchangeError::NotYet);
    }
    let before = match draft.promise {
        Some(promise) => queries::of_promise(w, promise)?,
        None => None,
    };
    let new = NewExchange {
        network: draft.network,
        provider: draft.provider,
        receiver: draft.receiver,
        what: &draft.what,
        action: draft.action.word(),
        quantity: &draft.quantity,
        effort_minutes: draft.effort_minutes,
        on_day: draft.on_day,
        intent: draft.intent,
        promise: draft.promise,
    };
    let id = match before {
        // reported once before and disputed: it happened after all
        Some(id) => {
            queries::renew(w, id, draft.on_day)?;
            id
        }
        None => queries::insert(w, &new)?,
    };
    queries::put_benefits(w, id, draft.receiver, &draft.benefits)?;
    let exchange = queries::bare(w, id)?;
    open_to(w, &exchange, &Disputed::No)?;
    let act = if side == Side::Provider { Act::Give } else { Act::Receive };
    w.record(&Entry::new(act, "exchanges.record", id.0).in_network(draft.network).fields(&["exchange"]))?;
    match side {
        Side::Receiver => seal(w, &exchange)?,
        Side::Provider => {
            notices::tell(w, draft.receiver, "exchange_recorded", id.0, Some(draft.provider), &draft.what)?;
        }
    }
    Ok(id)
}

/// Records what a member says happened, for themselves or for somebody without an account.
pub fn say(w: &mut Writing<'_>, draft: &Draft) -> Result<ExchangeId, ExchangeError> {
    members::find(w, draft.provider)?;
    members::find(w, draft.receiver)?;
    let side = promises::side_of(w, draft.provider, draft.receiver)?.ok_or(Error::NotFound)?;
    let by = if side == Side::Provider { draft.provider } else { draft.receiver };
    let role = members::role_in(w, draft.network, by)?.ok_or(Error::NotFound)?;
    if !may(role, Action::Weave) {
        return Err(Error::NotFound.into());
    }
    record(w, draft, side)
}

/// What becomes of a promise that was kept: an exchange, confirmed at once where the receiver says so. A second tap,
/// of either side, finds it made: the receiver's confirms it. What was said without a signal counts for the day it was
/// said: it waited so many microseconds.
pub fn keep(w: &mut Writing<'_>, id: PromiseId, waited: i64) -> Result<ExchangeId, ExchangeError> {
    let promise = promises::find(w, id)?;
    let side = promises::side_of(w, promise.provider, promise.receiver)?.ok_or(Error::NotFound)?;
    if let Some(made) = queries::of_promise(w, id)? {
        let exchange = queries::find(w, made)?;
        if exchange.state != ExchangeState::Disputed {
            if side == Side::Receiver && exchange.state == ExchangeState::Recorded {
                confirm(w, made)?;
            }
            return Ok(made);
        }
    }
    let today = w.now().plus(-waited).day(7);
    promises::settle(w, &promise, PromiseAct::Keep, side, today)?;
    let draft = Draft {
        network: promise.network,
        provider: promise.provider,
        receiver: promise.receiver,
        what: promise.what,
        action: ExchangeAction::DeliverService,
        quantity: String::new(),
        effort_minutes: None,
        on_day: today,
        intent: promise.intent,
        promise: Some(id),
        benefits: Vec::new(),
    };
    record(w, &draft, side)
}

/// The receiver's one tap. A second one finds it confirmed.
///
/// # Errors
/// [`ExchangeError::Past`] for whoever is not the receiver or speaks for them; the database's own.
pub fn confirm(w: &mut Writing<'_>, id: ExchangeId) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    if side != Side::Receiver {
        return Err(ExchangeError::Past);
    }
    if exchange.state == ExchangeState::Confirmed {
        return Ok(());
    }
    if exchange.state == ExchangeState::Disputed
        && let Some(promise) = exchange.promise
    {
        // it came after all, and late is late
        let promise = promises::find(w, promise)?;
        promises::settle(w, &promise, PromiseAct::Keep, side, w.now().day(7))?;
    }
    seal(w, &exchange)?;
    w.record(
        &Entry::new(Act::Receive, "exchanges.confirm", id.0).in_network(exchange.network).fields(&["state"]),
    )?;
    Ok(())
}

/// Both sides have said it: it counts, and it keeps their ties alive.
fn seal(w: &mut Writing<'_>, exchange: &Exchange) -> Result<(), ExchangeError> {
    if !queries::confirm(w, exchange.id)? {
        return Ok(());
    }
    open_to(w, exchange, &Disputed::No)?;
    let contact = ties::log(
        w,
        &ties::ContactDraft {
            who: vec![exchange.provider, exchange.receiver],
            network: Some(exchange.network),
            at: Micros(exchange.on_day * Micros::DAY),
            whole_day: true,
            origin: ties::ContactOrigin::Exchange,
            channel: Channel::Other,
            direction: Direction::Mutual,
            summary: exchange.what.clone(),
            outcome: Outcome::Help,
        },
    )?;
    queries::put_contact(w, exchange.id, contact)?;
    notices::tell(
        w,
        exchange.provider,
        "exchange_confirmed",
        exchange.id.0,
        Some(exchange.receiver),
        &exchange.what,
    )?;
    Ok(())
}

/// The receiver says that it was not so: told to the giver and to the coordinators, and the promise is open again.
pub fn dispute(w: &mut Writing<'_>, id: ExchangeId, words: &str) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    if side != Side::Receiver {
        return Err(ExchangeError::Past);
    }
    if exchange.state == ExchangeState::Disputed {
        return Ok(());
    }
    if exchange.state != ExchangeState::Recorded {
        return Err(ExchangeError::Past);
    }
    queries::dispute(w, id, words)?;
    open_to(w, &exchange, &Disputed::Yes)?;
    if let Some(promise) = exchange.promise {
        let promise = promises::find(w, promise)?;
        promises::settle(w, &promise, PromiseAct::Dispute, side, w.now().day(7))?;
    }
    notices::tell(w, exchange.provider, "exchange_disputed", id.0, Some(exchange.receiver), &exchange.what)?;
    w.record(
        &Entry::new(Act::Receive, "exchanges.dispute", id.0).in_network(exchange.network).fields(&["state"]),
    )?;
    Ok(())
}

/// Closes the need that this met, where its owner says so.
pub fn close_need(w: &mut Writing<'_>, id: ExchangeId) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let Some(intent) = exchange.intent else { return Ok(()) };
    match giving::find_card(w, intent) {
        Ok(card) if card.side == IntentSide::Need && card.actor == exchange.receiver => {
            if card.state == network::vocabulary::IntentState::Open {
                giving::close_met(w, intent, Some(exchange.provider), "")?;
            }
            Ok(())
        }
        Ok(_) | Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What one side gained, in place of what they said before.
pub fn put_benefits(w: &mut Writing<'_>, id: ExchangeId, benefits: &[Benefit]) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    queries::put_benefits(w, id, who(&exchange, side), benefits)?;
    let entry = Entry::new(Act::Do, "exchanges.benefit", id.0).in_network(exchange.network);
    w.record(&entry.fields(&["exchange_benefit"]))?;
    Ok(())
}

/// "Could you have done it alone?": each side's own answer, changeable until both have answered and no longer.
///
/// # Errors
/// [`ExchangeError::Past`] once both answered; the database's own.
pub fn put_alone(w: &mut Writing<'_>, id: ExchangeId, alone: Alone) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    let me = who(&exchange, side);
    let own = queries::alone_of(w, id, me)?;
    let other = queries::alone_of(w, id, exchange.other(me))?;
    if own == Some(alone) {
        return Ok(());
    }
    // with both answers there, another one would not be given apart any more
    if own.is_some() && other.is_some() {
        return Err(ExchangeError::Past);
    }
    queries::put_alone(w, id, me, alone)?;
    w.record(&Entry::new(Act::Do, "exchanges.alone", id.0).in_network(exchange.network))?;
    Ok(())
}

/// "Used it", "it helped": the receiver's one tap.
///
/// # Errors
/// [`ExchangeError::Past`] for whoever is not the receiver; the database's own.
pub fn put_use(w: &mut Writing<'_>, id: ExchangeId, use_: Use) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    if side != Side::Receiver {
        return Err(ExchangeError::Past);
    }
    // whoever says that it helped also says that they received it
    confirm(w, id)?;
    if queries::put_use(w, id, use_)? && use_ == Use::Helped {
        notices::tell(
            w,
            exchange.provider,
            "exchange_helped",
            id.0,
            Some(exchange.receiver),
            &exchange.what,
        )?;
    }
    w.record(
        &Entry::new(Act::Receive, "exchanges.use", id.0).in_network(exchange.network).fields(&["use_state"]),
    )?;
    Ok(())
}

/// Who may read words of thanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The two of us.
    Us,
    /// The members of the network.
    Network,
}

/// Thanks in words, to the other side. Thanking again replaces the words.
///
/// # Errors
/// [`ExchangeError`]; the database's own.
pub fn thank(
    w: &mut Writing<'_>,
    id: ExchangeId,
    words: &str,
    readers: Readers,
) -> Result<(), ExchangeError> {
    let exchange = queries::find(w, id)?;
    let side = promises::side_of(w, exchange.provider, exchange.receiver)?.ok_or(Error::NotFound)?;
    let me = who(&exchange, side);
    Ok(put_thanks(w, &exchange, me, words, readers)?)
}

/// Thanks of a side that was made out already.
fn put_thanks(
    w: &mut Writing<'_>,
    exchange: &Exchange,
    me: ActorId,
    words: &str,
    readers: Readers,
) -> Result<(), Error> {
    let to = exchange.other(me);
    let public = readers == Readers::Network;
    let (thanks, fresh) = queries::put_thanks(w, exchange, me, to, words, &public)?;
    let mut keys = vec![audience::own(me), audience::own(to)];
    if public {
        keys.push(audience::members(exchange.network));
    }
    audience::set(w, thanks.0, &keys)?;
    if fresh {
        notices::tell(w, to, "exchange_thanks", exchange.id.0, Some(me), words)?;
    }
    let entry = Entry::new(Act::Do, "exchanges.thank", thanks.0).in_network(exchange.network);
    w.record(&entry.fields(&["appreciation"]))
}

/// An exchange of the past that both sides spoke of, with the receiver's thanks where there are words: a demo.
///
/// # Errors
/// [`ExchangeError`]; the database's own.
pub fn record_thanked(
    w: &mut Writing<'_>,
    draft: &Draft,
    words: &str,
    readers: Readers,
) -> Result<ExchangeId, ExchangeError> {
    let id = record(w, draft, Side::Receiver)?;
    let exchange = queries::find(w, id)?;
    queries::put_use(w, id, Use::Helped)?;
    if !words.is_empty() {
        put_thanks(w, &exchange, draft.receiver, words, readers)?;
    }
    Ok(id)
}

/// What a member hopes to gain in a network, in place of what they said before; what came of a hope that stays is kept.
///
/// # Errors
/// The database's own.
pub fn put_hope(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    hopes: &[Benefit],
) -> Result<(), Error> {
    queries::put_hopes(w, network, member, hopes)?;
    w.record(&Entry::new(Act::Do, "exchanges.hope", member.0).in_network(network).fields(&["expectation"]))
}

/// How much of each hope came, 1 not at all to 5 fully.
///
/// # Errors
/// The database's own.
pub fn put_level(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    levels: &[(Benefit, i64)],
) -> Result<(), Error> {
    for (benefit, level) in levels {
        queries::put_level(w, network, member, benefit.word(), (*level).clamp(1, 5))?;
    }
    w.record(&Entry::new(Act::Do, "exchanges.level", member.0).in_network(network).fields(&["expectation"]))
}
