use network::promise::Side;
use network::resource::{Held, fits};
use network::rights::{Action, may};
use network::vocabulary::{BookingState, Condition, ExchangeAction, ResourceKind, ResourceState};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience};

use super::queries::{self, Booking, Resource};
use super::{BookingId, ResourceId};
use crate::exchanges::{self, ExchangeError};
use crate::{members, notices};

/// Why something cannot be booked, or a booking not moved on.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// Somebody has it then.
    #[error("it is taken then")]
    Taken,
    /// It is not lent, broken or gone.
    #[error("it is not lent")]
    NotLent,
    /// The time is empty, over, or too long.
    #[error("the time is not right")]
    Time,
    /// This is not theirs to say, or the booking is past that.
    #[error("this booking is past that")]
    Past,
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    #[error(transparent)]
    Store(#[from] Error),
}

/// What is said of something to share.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kind: ResourceKind,
    pub title: String,
    pub text: String,
    pub category: Option<String>,
    pub quantity: i64,
    pub condition: Condition,
    pub lendable: bool,
    /// Where it is, in words.
    pub location: String,
}

/// The longest booking.
const LONGEST: i64 = 366 * Micros::DAY;

/// Shares something of a member's with their network.
///
/// # Errors
/// [`Error::NotFound`] for whoever may not write for the holder; the database's own.
pub fn put(
    w: &mut Writing<'_>,
    network: ActorId,
    holder: ActorId,
    draft: &Draft,
) -> Result<ResourceId, Error> {
    let role = members::role_in(w, network, holder)?.ok_or(Error::NotFound)?;
    if !may(role, Action::Weave) || !members::may_change(w, holder)? {
        return Err(Error::NotFound);
    }
    let id = queries::insert(w, network, holder, draft)?;
    audience::set(w, id.0, &[audience::own(holder), audience::members(network)])?;
    w.record(&Entry::new(Act::Give, "resources.put", id.0).in_network(network).fields(&["resource"]))?;
    Ok(id)
}

fn changeable(w: &Writing<'_>, id: ResourceId) -> Result<Resource, Error> {
    let resource = queries::find(w, id)?;
    if members::may_change(w, resource.holder)? { Ok(resource) } else { Err(Error::NotFound) }
}

/// Changes what is said of it.
pub fn change(w: &mut Writing<'_>, id: ResourceId, draft: &Draft) -> Result<(), Error> {
    let before = changeable(w, id)?;
    queries::update(w, id, draft)?;
    let entry = Entry::new(Act::Give, "resources.change", id.0).in_network(before.network);
    w.record(&entry.before("title", Some(before.title)).before("text", Some(before.text)))
}

/// It is not there any more: what was asked for of it is cancelled by whoever asked.
pub fn gone(w: &mut Writing<'_>, id: ResourceId) -> Result<(), Error> {
    let before = changeable(w, id)?;
    queries::set_state(w, id, ResourceState::Gone, before.condition)?;
    w.record(&Entry::new(Act::Give, "resources.gone", id.0).in_network(before.network).fields(&["state"]))
}

/// For when something is wanted, how much of it and what for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub from: Micros,
    /// The first moment after it.
    pub until: Micros,
    pub pieces: i64,
    pub purpose: String,
}

/// Asks for it; one's own is taken at once. Nothing is held before the holder agrees, but what is taken already is
/// refused here.
///
/// # Errors
/// [`BookingError`]; the database's own.
pub fn book(
    w: &mut Writing<'_>,
    id: ResourceId,
    borrower: ActorId,
    wanted: &Wanted,
) -> Result<BookingId, BookingError> {
    let resource = queries::find(w, id)?;
    if !members::may_change(w, borrower)? {
        return Err(Error::NotFound.into());
    }
    let role = members::role_in(w, resource.network, borrower)?.ok_or(Error::NotFound)?;
    if !may(role, Action::Weave) {
        return Err(Error::NotFound.into());
    }
    let length = wanted.until.0.saturating_sub(wanted.from.0);
    if !(1..=LONGEST).contains(&length) || wanted.until <= w.now() {
        return Err(BookingError::Time);
    }
    room(w, &resource, wanted, BookingId(0))?;
    let own = resource.holder == borrower;
    let state = if own { BookingState::Agreed } else { BookingState::Requested };
    let booking = queries::insert_booking(
        w,
        id,
        borrower,
        (wanted.from, wanted.until),
        (wanted.pieces, &wanted.purpose),
        state,
    )?;
    let mut keys = vec![audience::own(resource.holder), audience::own(borrower)];
    if queries::unclaimed(w, resource.holder)? || queries::unclaimed(w, borrower)? {
        keys.push(audience::coordinators(resource.network));
    }
    audience::set(w, booking.0, &keys)?;
    notices::tell(w, resource.holder, "booking_requested", booking.0, Some(borrower), &resource.title)?;
    let entry = Entry::new(Act::Receive, "resources.book", booking.0).in_network(resource.network);
    w.record(&entry.fields(&["booking"]))?;
    Ok(booking)
}

/// Whether there is room, under the lock of what is booked.
fn room(
    w: &mut Writing<'_>,
    resource: &Resource,
    wanted: &Wanted,
    but: BookingId,
) -> Result<(), BookingError> {
    let pieces = match queries::hold(w, resource.id) {
        Ok(pieces) => pieces,
        Err(Error::NotFound) => return Err(BookingError::NotLent),
        Err(error) => return Err(error.into()),
    };
    let held = queries::held(w, resource.id, wanted.from, wanted.until, but)?;
    let one = Held { from: wanted.from.0, until: wanted.until.0, pieces: wanted.pieces };
    if fits(pieces, &held, one) { Ok(()) } else { Err(BookingError::Taken) }
}

/// What moves a booking on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The holder agrees.
    Agree,
    /// It does not suit the holder.
    Decline,
    /// The borrower needs it no longer.
    Cancel,
    /// The holder hands it over, in this condition.
    HandOver(Condition),
    /// The holder has it back, in this condition, with a word.
    Return(Condition, String),
}

/// On which side of a booking the viewer stands: the holder is the giver.
pub fn side_of(r: &Reading<'_>, booking: &Booking) -> Result<Option<Side>, Error> {
    crate::promises::side_of(r, booking.holder, booking.borrower)
}

/// Moves a booking on. The same step twice changes nothing.
///
/// # Errors
/// [`BookingError`]; the database's own.
pub fn step(w: &mut Writing<'_>, id: BookingId, step: &Step) -> Result<(), BookingError> {
    let booking = queries::find_booking(w, id)?;
    let side = side_of(w, &booking)?.ok_or(Error::NotFound)?;
    let (state, kind) = match (step, side, booking.state) {
        (Step::Agree, Side::Provider, BookingState::Agreed | BookingState::HandedOver)
        | (Step::Decline, Side::Provider, BookingState::Declined)
        | (Step::Cancel, _, BookingState::Cancelled)
        | (Step::HandOver(_), Side::Provider, BookingState::HandedOver)
        | (Step::Return(..), Side::Provider, BookingState::Returned) => return Ok(()),
        (Step::Agree, Side::Provider, BookingState::Requested) => (BookingState::Agreed, "booking_agreed"),
        (Step::Decline, Side::Provider, BookingState::Requested) => {
            (BookingState::Declined, "booking_declined")
        }
        (Step::Cancel, _, BookingState::Requested | BookingState::Agreed) => {
            (BookingState::Cancelled, "booking_cancelled")
        }
        (Step::HandOver(_), Side::Provider, BookingState::Agreed) => {
            (BookingState::HandedOver, "booking_handed")
        }
        (Step::Return(..), Side::Provider, BookingState::HandedOver) => {
            (BookingState::Returned, "booking_returned")
        }
        _ => return Err(BookingError::Past),
    };
    if *step == Step::Agree {
        let wanted = Wanted {
            from: booking.from,
            until: booking.until,
            pieces: booking.quantity,
            purpose: String::new(),
        };
        let resource = queries::find(w, booking.resource)?;
        room(w, &resource, &wanted, id)?;
    }
    let mut said = (booking.condition_out.as_str(), booking.condition_back.as_str(), booking.words.as_str());
    match step {
        Step::HandOver(condition) => said.0 = condition.word(),
        Step::Return(condition, words) => {
            said.1 = condition.word();
            said.2 = words;
        }
        Step::Agree | Step::Decline | Step::Cancel => {}
    }
    queries::set_booking(w, &booking, state, (said.0, said.1), said.2)?;
    if let Step::Return(condition, _) = step {
        returned(w, &booking, *condition)?;
    }
    let (me, other) = match side {
        Side::Provider => (booking.holder, booking.borrower),
        Side::Receiver => (booking.borrower, booking.holder),
    };
    notices::tell(w, other, kind, id.0, Some(me), &booking.title)?;
    let entry = Entry::new(Act::Give, "resources.step", id.0).in_network(booking.network);
    w.record(&entry.before("state", Some(booking.state.word().to_owned())))?;
    Ok(())
}

/// What was lent is an exchange that the borrower confirms; what came back broken is not lent on.
fn returned(w: &mut Writing<'_>, booking: &Booking, condition: Condition) -> Result<(), BookingError> {
    let state = if condition == Condition::Broken { ResourceState::Broken } else { ResourceState::Available };
    // of many pieces one that broke does not take the others away
    let one = queries::find(w, booking.resource)?.quantity <= 1;
    if one {
        queries::set_state(w, booking.resource, state, condition)?;
    }
    if booking.holder == booking.borrower {
        return Ok(());
    }
    let draft = exchanges::Draft {
        network: booking.network,
        provider: booking.holder,
        receiver: booking.borrower,
        what: booking.title.clone(),
        action: ExchangeAction::Use,
        quantity: if booking.quantity > 1 { booking.quantity.to_string() } else { String::new() },
        effort_minutes: None,
        on_day: w.now().day(7).min(booking.until.plus(-1).day(7)),
        intent: None,
        promise: None,
        benefits: Vec::new(),
    };
    let exchange = exchanges::record(w, &draft, Side::Provider)?;
    queries::put_exchange(w, booking.id, exchange)?;
    Ok(())
}
