use network::resource::{Coverage, Held};
use network::vocabulary::{BookingState, Condition, ResourceKind, ResourceState};
use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

use super::actions::Draft;
use super::{BookingId, ResourceId};
use crate::exchanges::ExchangeId;

/// Something to share, as lists and its page show it.
#[derive(Debug, Clone)]
pub struct Resource {
    pub id: ResourceId,
    pub network: ActorId,
    pub holder: ActorId,
    pub kind: ResourceKind,
    pub title: String,
    pub text: String,
    pub category: Option<String>,
    pub quantity: i64,
    pub condition: Condition,
    pub lendable: bool,
    pub location: String,
    pub state: ResourceState,
    pub holder_name: Option<String>,
}

impl FromRow for Resource {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, network, holder) = (c.take()?, c.take()?, c.take()?);
        let kind: String = c.take()?;
        let (title, text, category, quantity) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let condition: String = c.take()?;
        let (lendable, location) = (c.take()?, c.take()?);
        let state: String = c.take()?;
        Ok(Self {
            id,
            network,
            holder,
            kind: ResourceKind::from_word(&kind).unwrap_or(ResourceKind::Thing),
            title,
            text,
            category,
            quantity,
            condition: Condition::from_word(&condition).unwrap_or(Condition::Good),
            lendable,
            location,
            state: ResourceState::from_word(&state).unwrap_or(ResourceState::Gone),
            holder_name: c.take()?,
        })
    }
}

/// A name as far as the viewer, parameter 1, may see it.
fn name(column: &str) -> String {
    format!(
        "(SELECT CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END FROM actor a WHERE a.id = {column} AND {})",
        audience::visible("a.id", 1)
    )
}

fn many(r: &Reading<'_>, condition: &str, more: &[Value]) -> Result<Vec<Resource>, Error> {
    let sql = format!(
        "SELECT s.id, s.network_id, s.holder_id, s.kind, s.title, s.text, s.category, s.quantity, s.condition, s.lendable, \
         s.location, s.state, {} FROM resource s WHERE {} AND {condition}",
        name("s.holder_id"),
        audience::visible("s.id", 1)
    );
    let mut parameters = vec![audience::parameter(r.viewer())];
    parameters.extend_from_slice(more);
    r.all(&sql, &parameters)
}

/// One, if this viewer may see it.
pub fn find(r: &Reading<'_>, id: ResourceId) -> Result<Resource, Error> {
    many(r, "s.id = $2", params![id])?.pop().ok_or(Error::NotFound)
}

/// What is there in a network, the newest first; of one kind, or of all where it is empty. `before` is an id or 0. A
/// holder whom the viewer may not see takes what they have along.
pub fn list(
    r: &Reading<'_>,
    network: ActorId,
    kind: &str,
    before: i64,
    rows: i64,
) -> Result<Vec<Resource>, Error> {
    let seen = audience::visible("s.holder_id", 1);
    many(
        r,
        &format!(
            "s.network_id = $2 AND s.state <> 'gone' AND ($3 = '' OR s.kind = $3) AND {seen} \
             AND (CAST($4 AS BIGINT) = 0 OR s.id < $4) ORDER BY s.id DESC LIMIT $5"
        ),
        params![network, kind, before, rows],
    )
}

/// What a member shares.
pub fn of_holder(r: &Reading<'_>, holder: ActorId) -> Result<Vec<Resource>, Error> {
    many(r, "s.holder_id = $2 AND s.state <> 'gone' ORDER BY s.id LIMIT 50", params![holder])
}

fn cells(draft: &Draft) -> Vec<(&'static str, Value)> {
    vec![
        ("kind", Value::Text(draft.kind.word().to_owned())),
        ("title", Value::Text(draft.title.clone())),
        ("text", Value::Text(draft.text.clone())),
        ("category", draft.category.clone().map_or(Value::Null, Value::Text)),
        ("quantity", Value::Int(draft.quantity.clamp(1, 9999))),
        ("condition", Value::Text(draft.condition.word().to_owned())),
        ("lendable", Value::Bool(draft.lendable)),
        ("location", Value::Text(draft.location.clone())),
    ]
}

pub fn insert(
    w: &mut Writing<'_>,
    network: ActorId,
    holder: ActorId,
    draft: &Draft,
) -> Result<ResourceId, Error> {
    let (id, now, by) = (ResourceId(w.new_id()), w.now(), w.viewer().person());
    let mut all = cells(draft);
    let rest = params![id, network, holder, "available", now, by, now, 1_i64];
    let names =
        ["id", "network_id", "holder_id", "state", "created_at", "created_by", "updated_at", "version"];
    all.extend(names.into_iter().zip(rest.iter().cloned()));
    w.insert("resource", &all)?;
    Ok(id)
}

pub fn update(w: &mut Writing<'_>, id: ResourceId, draft: &Draft) -> Result<(), Error> {
    let now = w.now();
    let all = cells(draft);
    let sets: Vec<String> =
        all.iter().enumerate().map(|(n, (column, _))| format!("{column} = ${}", n + 3)).collect();
    let mut parameters = params![id, now].to_vec();
    parameters.extend(all.into_iter().map(|(_, value)| value));
    w.execute_one(
        &format!(
            "UPDATE resource SET {}, state = CASE WHEN condition = 'broken' THEN 'broken' ELSE 'available' END, \
             updated_at = $2, version = version + 1 WHERE id = $1",
            sets.join(", ")
        ),
        &parameters,
    )
}

pub fn set_state(
    w: &mut Writing<'_>,
    id: ResourceId,
    state: ResourceState,
    condition: Condition,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE resource SET state = $2, condition = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        params![id, state.word(), condition.word(), now],
    )
}

/// Takes what is booked for oneself until the transaction ends, so that of two who want it at once the second sees what
/// the first took; answers how many pieces there are.
pub fn hold(w: &mut Writing<'_>, id: ResourceId) -> Result<i64, Error> {
    let held: Option<(i64, i64)> = w.first(
        "UPDATE resource SET version = version + 1 WHERE id = $1 AND lendable AND state = 'available' \
         RETURNING version, quantity",
        params![id],
    )?;
    held.map(|(_, quantity)| quantity).ok_or(Error::NotFound)
}

/// What takes it up from a moment to a moment, but for one booking.
pub fn held(
    r: &Reading<'_>,
    id: ResourceId,
    from: Micros,
    until: Micros,
    but: BookingId,
) -> Result<Vec<Held>, Error> {
    let rows: Vec<(i64, i64, i64)> = r.all(
        "SELECT from_at, until_at, quantity FROM booking WHERE resource_id = $1 AND state IN ('agreed', 'handed_over') \
         AND from_at < $3 AND until_at > $2 AND id <> $4",
        params![id, from, until, but],
    )?;
    Ok(rows.into_iter().map(|(from, until, pieces)| Held { from, until, pieces }).collect())
}

/// A booking as its page shows it.
#[derive(Debug, Clone)]
pub struct Booking {
    pub id: BookingId,
    pub resource: ResourceId,
    pub title: String,
    pub network: ActorId,
    pub holder: ActorId,
    pub borrower: ActorId,
    pub from: Micros,
    /// The first moment after it.
    pub until: Micros,
    pub quantity: i64,
    pub purpose: String,
    pub state: BookingState,
    pub condition_out: String,
    pub condition_back: String,
    pub words: String,
    pub exchange: Option<ExchangeId>,
    pub version: i64,
    pub updated_at: Micros,
    pub holder_name: Option<String>,
    pub borrower_name: Option<String>,
}

impl FromRow for Booking {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, resource, title, network) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (holder, borrower, from, until) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (quantity, purpose) = (c.take()?, c.take()?);
        let state: String = c.take()?;
        Ok(Self {
            id,
            resource,
            title,
            network,
            holder,
            borrower,
            from,
            until,
            quantity,
            purpose,
            state: BookingState::from_word(&state).unwrap_or(BookingState::Cancelled),
            condition_out: c.take()?,
            condition_back: c.take()?,
            words: c.take()?,
            exchange: c.take()?,
            version: c.take()?,
            updated_at: c.take()?,
            holder_name: c.take()?,
            borrower_name: c.take()?,
        })
    }
}

fn bookings(r: &Reading<'_>, condition: &str, more: &[Value]) -> Result<Vec<Booking>, Error> {
    let sql = format!(
        "SELECT b.id, b.resource_id, s.title, s.network_id, s.holder_id, b.borrower_id, b.from_at, b.until_at, b.quantity, \
         b.purpose, b.state, b.condition_out, b.condition_back, b.words, b.exchange_id, b.version, b.updated_at, {}, {} \
         FROM booking b JOIN resource s ON s.id = b.resource_id WHERE {} AND {condition}",
        name("s.holder_id"),
        name("b.borrower_id"),
        audience::visible("b.id", 1)
    );
    let mut parameters = vec![audience::parameter(r.viewer())];
    parameters.extend_from_slice(more);
    r.all(&sql, &parameters)
}

/// A booking by its id, if this viewer may see it.
pub fn find_booking(r: &Reading<'_>, id: BookingId) -> Result<Booking, Error> {
    bookings(r, "b.id = $2", params![id])?.pop().ok_or(Error::NotFound)
}

/// The bookings of a member under way, theirs and of what they have, the soonest first.
pub fn bookings_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<Booking>, Error> {
    bookings(
        r,
        "(b.borrower_id = $2 OR s.holder_id = $2) AND b.state IN ('requested', 'agreed', 'handed_over') \
         ORDER BY b.from_at, b.id LIMIT 50",
        params![member],
    )
}

/// The bookings of one thing that are not over, as far as the viewer may see them.
pub fn bookings_on(r: &Reading<'_>, id: ResourceId) -> Result<Vec<Booking>, Error> {
    bookings(
        r,
        "b.resource_id = $2 AND b.state IN ('requested', 'agreed', 'handed_over') ORDER BY b.from_at, b.id LIMIT 50",
        params![id],
    )
}

/// When it is taken from now on: for everybody, without names.
pub fn taken(r: &Reading<'_>, id: ResourceId) -> Result<Vec<(Micros, Micros, i64)>, Error> {
    r.all(
        "SELECT from_at, until_at, quantity FROM booking WHERE resource_id = $1 AND state IN ('agreed', 'handed_over') \
         AND until_at > $2 ORDER BY from_at LIMIT 30",
        params![id, r.now()],
    )
}

/// What a member has in hand and must be back before a moment.
pub fn to_return(r: &Reading<'_>, member: ActorId, before: Micros) -> Result<Vec<Booking>, Error> {
    bookings(
        r,
        "b.borrower_id = $2 AND b.state = 'handed_over' AND b.until_at <= $3 ORDER BY b.until_at LIMIT 5",
        params![member, before],
    )
}

/// Everything handed over that must be back between two moments.
pub fn all_to_return(r: &Reading<'_>, from: Micros, until: Micros) -> Result<Vec<Booking>, Error> {
    bookings(
        r,
        "b.state = 'handed_over' AND b.until_at >= $2 AND b.until_at <= $3 ORDER BY b.until_at LIMIT 2000",
        params![from, until],
    )
}

pub fn insert_booking(
    w: &mut Writing<'_>,
    resource: ResourceId,
    borrower: ActorId,
    (from, until): (Micros, Micros),
    (quantity, purpose): (i64, &str),
    state: BookingState,
) -> Result<BookingId, Error> {
    let (id, now, by) = (BookingId(w.new_id()), w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO booking (id, resource_id, borrower_id, from_at, until_at, quantity, purpose, state, condition_out, \
         condition_back, words, exchange_id, created_at, created_by, updated_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', NULL, $9, $10, $9, 1)",
        params![id, resource, borrower, from, until, quantity, purpose, state.word(), now, by],
    )?;
    Ok(id)
}

/// Moves a booking on; [`Error::Changed`] when it moved in the meantime.
pub fn set_booking(
    w: &mut Writing<'_>,
    booking: &Booking,
    state: BookingState,
    (out, back): (&str, &str),
    words: &str,
) -> Result<(), Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE booking SET state = $3, condition_out = $4, condition_back = $5, words = $6, updated_at = $7, \
         version = version + 1 WHERE id = $1 AND version = $2",
        params![booking.id, booking.version, state.word(), out, back, words, now],
    )?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

pub fn put_exchange(w: &mut Writing<'_>, id: BookingId, exchange: ExchangeId) -> Result<(), Error> {
    w.execute_one("UPDATE booking SET exchange_id = $2 WHERE id = $1", params![id, exchange])
}

/// Whether nobody has claimed this member: then a coordinator speaks for them.
pub fn unclaimed(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    r.one("SELECT claimed_by IS NULL AND kind = 'person' FROM actor WHERE id = $1", params![member])
}

/// How what is needed in a network is covered, as far as the viewer may see the needs and those who could meet them.
pub fn coverage(r: &Reading<'_>, network: ActorId) -> Result<Coverage, Error> {
    let needed = format!(
        "SELECT c.category, i.actor_id FROM intent i JOIN intent_category c ON c.intent_id = i.id \
         WHERE i.network_id = $2 AND i.side = 'need' AND i.state = 'open' AND i.valid_until > $3 \
         AND (c.tapped OR c.weight >= 0.5) AND {}",
        audience::visible("i.id", 1)
    );
    let parameters = [audience::parameter(r.viewer()), Value::Int(network.0), Value::Int(r.now().0)];
    let needed: Vec<(String, i64)> = r.all(&needed, &parameters)?;
    let held = format!(
        "SELECT c.category, i.actor_id FROM intent i JOIN intent_category c ON c.intent_id = i.id \
         WHERE i.network_id = $2 AND i.side = 'offer' AND i.state = 'open' AND i.valid_until > $3 \
         AND (c.tapped OR c.weight >= 0.5) AND {} \
         UNION SELECT c.category, c.actor_id FROM capability c JOIN membership m ON m.part_id = c.actor_id \
         WHERE m.whole_id = $2 AND m.state = 'member' AND NOT c.wants_to_learn AND {} \
         UNION SELECT s.category, s.holder_id FROM resource s WHERE s.network_id = $2 AND s.state = 'available' \
         AND s.category IS NOT NULL AND {}",
        audience::visible("i.id", 1),
        audience::visible("c.actor_id", 1),
        audience::visible("s.id", 1)
    );
    let held: Vec<(String, i64)> = r.all(&held, &parameters)?;
    Ok(Coverage::of(&needed, &held))
}

/// What others need and this member alone could give, as far as the viewer may see it: why the network needs them.
///
/// # Errors
/// The database's own.
pub fn why_needed(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<Vec<String>, Error> {
    let sole = coverage(r, network)?.sole;
    Ok(sole.into_iter().filter(|(_, who)| *who == member.0).map(|(what, _)| what).collect())
}
