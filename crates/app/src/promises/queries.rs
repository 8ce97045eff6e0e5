use network::promise::{REMINDED_BEFORE, Record, WAITS_DAYS};
use network::vocabulary::PromiseState;
use store::ids::{ActorId, IntentId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

use super::{PromiseId, RingId};

/// A promise as its page shows it. A side that this viewer may not see any more has no name.
#[derive(Debug, Clone)]
pub struct Promise {
    pub id: PromiseId,
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub proposed_by: ActorId,
    pub what: String,
    /// Days since 1970-01-01, the last day included.
    pub due_on: Option<i64>,
    /// Another day that the provider asks for.
    pub asked_due_on: Option<i64>,
    pub intent: Option<IntentId>,
    pub state: PromiseState,
    /// Why it was taken back.
    pub words: String,
    pub settled_on: Option<i64>,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub version: i64,
    pub provider_name: Option<String>,
    pub receiver_name: Option<String>,
}

impl FromRow for Promise {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, network, provider, receiver) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (proposed_by, what, due_on, asked_due_on) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let intent = c.take()?;
        let state: String = c.take()?;
        Ok(Self {
            id,
            network,
            provider,
            receiver,
            proposed_by,
            what,
            due_on,
            asked_due_on,
            intent,
            state: PromiseState::from_word(&state).unwrap_or(PromiseState::Lapsed),
            words: c.take()?,
            settled_on: c.take()?,
            created_at: c.take()?,
            updated_at: c.take()?,
            version: c.take()?,
            provider_name: c.take()?,
            receiver_name: c.take()?,
        })
    }
}

impl Promise {
    /// The other side.
    #[must_use]
    pub fn other(&self, one: ActorId) -> ActorId {
        if self.provider == one { self.receiver } else { self.provider }
    }

    /// The other side's name.
    #[must_use]
    pub fn other_name(&self, one: ActorId) -> Option<&str> {
        if self.provider == one { self.receiver_name.as_deref() } else { self.provider_name.as_deref() }
    }
}

/// The columns of [`Promise`]; the viewer is parameter 1 wherever these stand.
fn columns() -> String {
    let name = |column: &str| {
        format!(
            "(SELECT CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END FROM actor a WHERE a.id = {column} AND {})",
            audience::visible("a.id", 1)
        )
    };
    format!(
        "p.id, p.network_id, p.provider_id, p.receiver_id, p.proposed_by, p.what, p.due_on, p.asked_due_on, p.intent_id, \
         p.state, p.words, p.settled_on, p.created_at, p.updated_at, p.version, {}, {} FROM promise p",
        name("p.provider_id"),
        name("p.receiver_id")
    )
}

fn many(r: &Reading<'_>, condition: &str, more: &[Value]) -> Result<Vec<Promise>, Error> {
    let sql = format!("SELECT {} WHERE {} AND {condition}", columns(), audience::visible("p.id", 1));
    let mut parameters = vec![audience::parameter(r.viewer())];
    parameters.extend_from_slice(more);
    r.all(&sql, &parameters)
}

/// A promise by its id, if this viewer may see it.
///
/// # Errors
/// [`Error::NotFound`]; the database's own.
pub fn find(r: &Reading<'_>, id: PromiseId) -> Result<Promise, Error> {
    many(r, "p.id = $2", params![id])?.pop().ok_or(Error::NotFound)
}

/// The promises of a member, both ways, the open ones first and of these the soonest; `before` is an id or 0.
pub fn of_member(r: &Reading<'_>, member: ActorId, before: i64, rows: i64) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "(p.provider_id = $2 OR p.receiver_id = $2) AND p.state NOT IN ('proposed', 'accepted', 'lapsed') \
         AND (CAST($3 AS BIGINT) = 0 OR p.id < $3) ORDER BY p.id DESC LIMIT $4",
        params![member, before, rows],
    )
}

/// The open promises of a member, both ways, the soonest first.
pub fn open_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "(p.provider_id = $2 OR p.receiver_id = $2) AND p.state IN ('proposed', 'accepted') \
         ORDER BY p.due_on IS NULL, p.due_on, p.id LIMIT 100",
        params![member],
    )
}

/// The open promises between two members.
///
/// # Errors
/// The database's own.
pub fn open_between(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "((p.provider_id = $2 AND p.receiver_id = $3) OR (p.provider_id = $3 AND p.receiver_id = $2)) \
         AND p.state IN ('proposed', 'accepted') ORDER BY p.due_on IS NULL, p.due_on, p.id LIMIT 20",
        params![a, b],
    )
}

/// All promises between two members, the newest first.
pub fn all_between(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "((p.provider_id = $2 AND p.receiver_id = $3) OR (p.provider_id = $3 AND p.receiver_id = $2)) \
         ORDER BY p.id DESC LIMIT 50",
        params![a, b],
    )
}

/// The promises that came of an offer or need.
pub fn of_intent(r: &Reading<'_>, intent: IntentId) -> Result<Vec<Promise>, Error> {
    many(r, "p.intent_id = $2 AND p.state <> 'lapsed' ORDER BY p.id LIMIT 20", params![intent])
}

/// What was proposed to this member and waits for their answer, another day that a provider asks for included.
///
/// # Errors
/// The database's own.
pub fn waiting_for(r: &Reading<'_>, member: ActorId) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "(p.provider_id = $2 OR p.receiver_id = $2) AND ((p.state = 'proposed' AND p.proposed_by <> $2 \
         AND (p.lapses_at IS NULL OR p.lapses_at > $3)) OR (p.state = 'accepted' AND p.receiver_id = $2 \
         AND p.asked_due_on IS NOT NULL)) ORDER BY p.id LIMIT 10",
        params![member, r.now()],
    )
}

/// What this member promised and is due within two days, today, or over: the longest over first.
///
/// # Errors
/// The database's own.
pub fn due_for(r: &Reading<'_>, member: ActorId) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "p.provider_id = $2 AND p.state = 'accepted' AND p.due_on <= $3 ORDER BY p.due_on, p.id LIMIT 10",
        params![member, r.now().day(7) + REMINDED_BEFORE],
    )
}

/// The open promises of a member with a day from `from` to `until` (days since 1970-01-01, both included): entries of a
/// calendar.
///
/// # Errors
/// The database's own.
pub fn days_of(r: &Reading<'_>, member: ActorId, from: i64, until: i64) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "(p.provider_id = $2 OR p.receiver_id = $2) AND p.state = 'accepted' AND p.due_on BETWEEN $3 AND $4 \
         ORDER BY p.due_on, p.id LIMIT 500",
        params![member, from, until],
    )
}

fn record(rows: Vec<(String, i64)>) -> Record {
    let mut record = Record::default();
    for (word, count) in rows {
        if let Some(state) = PromiseState::from_word(&word) {
            record.add(state, u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    record
}

/// How a member kept what they promised: for their own eyes.
///
/// # Errors
/// The database's own.
pub fn record_of(r: &Reading<'_>, member: ActorId) -> Result<Record, Error> {
    let rows =
        r.all("SELECT state, COUNT(*) FROM promise WHERE provider_id = $1 GROUP BY state", params![member])?;
    Ok(record(rows))
}

/// How a network's members kept what they promised since a day, and how many of them promised anything.
///
/// # Errors
/// The database's own.
pub fn network_record(r: &Reading<'_>, network: ActorId, since: i64) -> Result<(Record, usize), Error> {
    let rows = r.all(
        "SELECT state, COUNT(*) FROM promise WHERE network_id = $1 AND settled_on >= $2 GROUP BY state",
        params![network, since],
    )?;
    let people: i64 = r.one(
        "SELECT COUNT(DISTINCT provider_id) FROM promise WHERE network_id = $1 AND settled_on >= $2 \
         AND state IN ('kept', 'late', 'broken', 'released')",
        params![network, since],
    )?;
    Ok((record(rows), usize::try_from(people).unwrap_or(0)))
}

/// The promise that came of a reply.
pub fn of_reply(r: &Reading<'_>, reply: i64) -> Result<Option<PromiseId>, Error> {
    r.first("SELECT id FROM promise WHERE reply_id = $1", params![reply])
}

/// Whether one of the two blocked the other.
pub fn blocked(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    Ok(r.first::<i64>(
        "SELECT 1 FROM block WHERE (actor_id = $1 AND blocked_id = $2) OR (actor_id = $2 AND blocked_id = $1)",
        params![a, b],
    )?
    .is_some())
}

/// Whether nobody has claimed this member: then a coordinator speaks for them.
pub fn unclaimed(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    r.one("SELECT claimed_by IS NULL AND kind = 'person' FROM actor WHERE id = $1", params![member])
}

/// A promise to be written.
#[derive(Debug, Clone)]
pub struct NewPromise<'a> {
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub proposed_by: ActorId,
    pub what: &'a str,
    pub due_on: Option<i64>,
    pub intent: Option<IntentId>,
    pub reply: Option<i64>,
    pub ring: Option<RingId>,
    pub state: PromiseState,
    pub lapses_at: Option<Micros>,
}

pub fn insert(w: &mut Writing<'_>, new: &NewPromise<'_>) -> Result<PromiseId, Error> {
    let (id, now, by) = (PromiseId(w.new_id()), w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO promise (id, network_id, provider_id, receiver_id, proposed_by, what, due_on, asked_due_on, intent_id, \
         reply_id, ring_id, state, words, lapses_at, settled_on, created_at, created_by, updated_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10, $11, '', $12, NULL, $13, $14, $13, 1)",
        params![
            id,
            new.network,
            new.provider,
            new.receiver,
            new.proposed_by,
            new.what,
            new.due_on,
            new.intent,
            new.reply,
            new.ring,
            new.state.word(),
            new.lapses_at,
            now,
            by
        ],
    )?;
    Ok(id)
}

/// Moves a promise to another state; [`Error::Changed`] when it moved in the meantime.
pub fn set_state(
    w: &mut Writing<'_>,
    promise: &Promise,
    state: PromiseState,
    settled_on: Option<i64>,
    words: &str,
) -> Result<(), Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE promise SET state = $3, settled_on = $4, words = $5, lapses_at = NULL, asked_due_on = NULL, \
         updated_at = $6, version = version + 1 WHERE id = $1 AND version = $2",
        params![promise.id, promise.version, state.word(), settled_on, words, now],
    )?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Sets the day, or another one that is asked for.
pub fn set_day(
    w: &mut Writing<'_>,
    promise: &Promise,
    due_on: Option<i64>,
    asked: Option<i64>,
) -> Result<(), Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE promise SET due_on = $3, asked_due_on = $4, updated_at = $5, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state IN ('proposed', 'accepted')",
        params![promise.id, promise.version, due_on, asked, now],
    )?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Proposals whose time is over.
pub fn lapsing(r: &Reading<'_>, rows: i64) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "p.state = 'proposed' AND p.lapses_at <= $2 ORDER BY p.lapses_at, p.id LIMIT $3",
        params![r.now(), rows],
    )
}

/// Promises that nobody spoke of for so long after their day that they count as broken.
pub fn forgotten(r: &Reading<'_>, rows: i64) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "p.state = 'accepted' AND p.due_on < $2 ORDER BY p.due_on, p.id LIMIT $3",
        params![r.now().day(7) - WAITS_DAYS, rows],
    )
}

/// Promises due from a day to a day.
pub fn due_between(r: &Reading<'_>, from: i64, until: i64) -> Result<Vec<Promise>, Error> {
    many(
        r,
        "p.state = 'accepted' AND p.due_on BETWEEN $2 AND $3 ORDER BY p.due_on, p.id LIMIT 5000",
        params![from, until],
    )
}

/// One step of a ring as those concerned read it: who would give what to whom, for which need.
#[derive(Debug, Clone)]
pub struct RingSide {
    pub ring: RingId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub need: IntentId,
    pub need_title: String,
    pub provider_name: String,
    pub receiver_name: String,
    pub answer: String,
}

impl FromRow for RingSide {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            ring: c.take()?,
            provider: c.take()?,
            receiver: c.take()?,
            need: c.take()?,
            need_title: c.take()?,
            provider_name: c.take()?,
            receiver_name: c.take()?,
            answer: c.take()?,
        })
    }
}

/// The steps of a ring, in its order. Their names are told to the three and their coordinators, who all are members of
/// one network.
pub fn ring_sides(r: &Reading<'_>, ring: RingId) -> Result<Vec<RingSide>, Error> {
    r.all(
        "SELECT s.ring_id, s.provider_id, s.receiver_id, s.need_id, n.title, \
         CASE WHEN p.nickname <> '' THEN p.nickname ELSE p.name END, \
         CASE WHEN q.nickname <> '' THEN q.nickname ELSE q.name END, s.answer FROM ring_side s \
         JOIN intent n ON n.id = s.need_id JOIN actor p ON p.id = s.provider_id \
         JOIN actor q ON q.id = s.receiver_id WHERE s.ring_id = $1 ORDER BY s.id",
        params![ring],
    )
}

/// A ring: its network, state and when it lapses.
pub fn ring(r: &Reading<'_>, id: RingId) -> Result<(ActorId, String, Micros), Error> {
    r.one("SELECT network_id, state, lapses_at FROM ring WHERE id = $1", params![id])
}

/// The rings that ask this member and that they have not answered.
///
/// # Errors
/// The database's own.
pub fn rings_asked_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<RingId>, Error> {
    r.all(
        "SELECT g.id FROM ring g JOIN ring_side s ON s.ring_id = g.id WHERE s.provider_id = $1 AND s.answer = '' \
         AND g.state = 'asked' AND g.lapses_at > $2 ORDER BY g.id LIMIT 3",
        params![member, r.now()],
    )
}

/// The newest rings of a network: id, state, when it lapses.
pub fn rings_of(r: &Reading<'_>, network: ActorId) -> Result<Vec<(RingId, String, Micros)>, Error> {
    r.all(
        "SELECT id, state, lapses_at FROM ring WHERE network_id = $1 ORDER BY id DESC LIMIT 20",
        params![network],
    )
}

/// Whether a ring with these needs was proposed before.
pub fn has_ring(r: &Reading<'_>, network: ActorId, key: &str) -> Result<bool, Error> {
    Ok(r.first::<i64>("SELECT 1 FROM ring WHERE network_id = $1 AND ring_key = $2", params![network, key])?
        .is_some())
}

/// Writes a ring that asks its members.
pub fn insert_ring(
    w: &mut Writing<'_>,
    network: ActorId,
    key: &str,
    by: ActorId,
    lapses_at: Micros,
    sides: &[(ActorId, ActorId, IntentId, IntentId)],
) -> Result<RingId, Error> {
    let (id, now) = (RingId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO ring (id, network_id, ring_key, state, proposed_by, lapses_at, created_at, updated_at, version) \
         VALUES ($1, $2, $3, 'asked', $4, $5, $6, $6, 1)",
        params![id, network, key, by, lapses_at, now],
    )?;
    let rows: Vec<Vec<Value>> = sides
        .iter()
        .map(|(provider, receiver, offer, need)| {
            params![w.new_id(), id, *provider, *receiver, *offer, *need, ""].to_vec()
        })
        .collect();
    let columns = ["id", "ring_id", "provider_id", "receiver_id", "offer_id", "need_id", "answer"];
    w.insert_rows("ring_side", &columns, &rows)?;
    Ok(id)
}

/// Takes the ring for oneself until the transaction ends, so that the last of three answers at once sees the others.
pub fn hold_ring(w: &mut Writing<'_>, id: RingId) -> Result<(), Error> {
    let now = w.now();
    let held: Option<i64> = w.first(
        "UPDATE ring SET version = version + 1 WHERE id = $1 AND state = 'asked' AND lapses_at > $2 RETURNING version",
        params![id, now],
    )?;
    held.map(|_| ()).ok_or(Error::NotFound)
}

pub fn answer_ring(w: &mut Writing<'_>, id: RingId, member: ActorId, answer: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE ring_side SET answer = $3, answered_at = $4 WHERE ring_id = $1 AND provider_id = $2 AND answer = ''",
        params![id, member, answer, now],
    )
}

pub fn set_ring_state(w: &mut Writing<'_>, id: RingId, state: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one("UPDATE ring SET state = $2, updated_at = $3 WHERE id = $1", params![id, state, now])
}

/// Lets rings lapse whose time is over, answered no or not at all alike.
pub fn lapse_rings(w: &mut Writing<'_>) -> Result<u64, Error> {
    let now = w.now();
    w.execute(
        "UPDATE ring SET state = 'lapsed', updated_at = $1, version = version + 1 WHERE state = 'asked' AND lapses_at <= $1",
        params![now],
    )
}
