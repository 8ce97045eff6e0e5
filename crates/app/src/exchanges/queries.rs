use network::exchange::{Balance, WINDOW_DAYS};
use network::expectation::{ASKED_EVERY_DAYS, Hopes};
use network::vocabulary::{Alone, Benefit, ExchangeState, Use};
use store::ids::{ActorId, ContactId, IntentId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

use super::{AppreciationId, ExchangeId};
use crate::promises::PromiseId;

/// An exchange as its page shows it. A side that this viewer may not see any more has no name.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub id: ExchangeId,
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub what: String,
    pub action: String,
    pub quantity: String,
    pub effort_minutes: Option<i64>,
    /// Days since 1970-01-01.
    pub on_day: i64,
    pub intent: Option<IntentId>,
    pub promise: Option<PromiseId>,
    pub state: ExchangeState,
    pub dispute_words: String,
    pub use_: Option<Use>,
    pub created_at: Micros,
    pub provider_name: Option<String>,
    pub receiver_name: Option<String>,
}

impl FromRow for Exchange {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, network, provider, receiver) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (what, action, quantity, effort_minutes) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (on_day, intent, promise) = (c.take()?, c.take()?, c.take()?);
        let state: String = c.take()?;
        let dispute_words = c.take()?;
        let use_: String = c.take()?;
        Ok(Self {
            id,
            network,
            provider,
            receiver,
            what,
            action,
            quantity,
            effort_minutes,
            on_day,
            intent,
            promise,
            state: ExchangeState::from_word(&state).unwrap_or(ExchangeState::Recorded),
            dispute_words,
            use_: Use::from_word(&use_),
            created_at: c.take()?,
            provider_name: c.take()?,
            receiver_name: c.take()?,
        })
    }
}

impl Exchange {
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

/// A name as far as the viewer, parameter 1, may see it.
fn name(column: &str) -> String {
    format!(
        "(SELECT CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END FROM actor a WHERE a.id = {column} AND {})",
        audience::visible("a.id", 1)
    )
}

fn columns() -> String {
    format!(
        "e.id, e.network_id, e.provider_id, e.receiver_id, e.what, e.action, e.quantity, e.effort_minutes, e.on_day, \
         e.intent_id, e.promise_id, e.state, e.dispute_words, e.use_state, e.created_at, {}, {} FROM exchange e",
        name("e.provider_id"),
        name("e.receiver_id")
    )
}

fn many(r: &Reading<'_>, condition: &str, more: &[Value]) -> Result<Vec<Exchange>, Error> {
    let sql = format!("SELECT {} WHERE {} AND {condition}", columns(), audience::visible("e.id", 1));
    let mut parameters = vec![audience::parameter(r.viewer())];
    parameters.extend_from_slice(more);
    r.all(&sql, &parameters)
}

/// An exchange by its id, if this viewer may see it.
pub fn find(r: &Reading<'_>, id: ExchangeId) -> Result<Exchange, Error> {
    many(r, "e.id = $2", params![id])?.pop().ok_or(Error::NotFound)
}

/// An exchange by its id, before anybody was let see it.
pub fn bare(r: &Reading<'_>, id: ExchangeId) -> Result<Exchange, Error> {
    r.one(
        &format!("SELECT {} WHERE e.id = $2", columns()),
        &[audience::parameter(r.viewer()), Value::Int(id.0)],
    )
}

/// The exchange that fulfils a promise.
pub fn of_promise(r: &Reading<'_>, promise: PromiseId) -> Result<Option<ExchangeId>, Error> {
    r.first("SELECT id FROM exchange WHERE promise_id = $1", params![promise])
}

/// A member's exchanges, the newest first; `before` is an id or 0.
pub fn of_member(r: &Reading<'_>, member: ActorId, before: i64, rows: i64) -> Result<Vec<Exchange>, Error> {
    many(
        r,
        "(e.provider_id = $2 OR e.receiver_id = $2) AND (CAST($3 AS BIGINT) = 0 OR e.id < $3) ORDER BY e.id DESC LIMIT $4",
        params![member, before, rows],
    )
}

/// What passed between two members, the newest first.
///
/// # Errors
/// The database's own.
pub fn between(r: &Reading<'_>, a: ActorId, b: ActorId, rows: i64) -> Result<Vec<Exchange>, Error> {
    many(
        r,
        "((e.provider_id = $2 AND e.receiver_id = $3) OR (e.provider_id = $3 AND e.receiver_id = $2)) \
         ORDER BY e.on_day DESC, e.id DESC LIMIT $4",
        params![a, b, rows],
    )
}

/// What somebody says this member received, and they have not confirmed.
///
/// # Errors
/// The database's own.
pub fn waiting_for(r: &Reading<'_>, member: ActorId) -> Result<Vec<Exchange>, Error> {
    many(r, "e.receiver_id = $2 AND e.state = 'recorded' ORDER BY e.id LIMIT 10", params![member])
}

/// An exchange to be written.
#[derive(Debug, Clone)]
pub struct NewExchange<'a> {
    pub network: ActorId,
    pub provider: ActorId,
    pub receiver: ActorId,
    pub what: &'a str,
    pub action: &'a str,
    pub quantity: &'a str,
    pub effort_minutes: Option<i64>,
    pub on_day: i64,
    pub intent: Option<IntentId>,
    pub promise: Option<PromiseId>,
}

pub fn insert(w: &mut Writing<'_>, new: &NewExchange<'_>) -> Result<ExchangeId, Error> {
    let (id, now, by) = (ExchangeId(w.new_id()), w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO exchange (id, network_id, provider_id, receiver_id, what, action, quantity, effort_minutes, on_day, \
         intent_id, promise_id, state, recorded_by, confirmed_at, dispute_words, use_state, used_at, contact_id, created_at, \
         updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'recorded', $12, NULL, '', 'not_yet', \
         NULL, NULL, $13, $13, 1)",
        params![
            id,
            new.network,
            new.provider,
            new.receiver,
            new.what,
            new.action,
            new.quantity,
            new.effort_minutes,
            new.on_day,
            new.intent,
            new.promise,
            by,
            now
        ],
    )?;
    Ok(id)
}

/// Reports anew what was disputed.
pub fn renew(w: &mut Writing<'_>, id: ExchangeId, on_day: i64) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE exchange SET state = 'recorded', on_day = $2, dispute_words = '', updated_at = $3, version = version + 1 \
         WHERE id = $1 AND state = 'disputed'",
        params![id, on_day, now],
    )
}

/// Confirms; answers whether it was not confirmed before.
pub fn confirm(w: &mut Writing<'_>, id: ExchangeId) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE exchange SET state = 'confirmed', confirmed_at = $2, dispute_words = '', updated_at = $2, \
         version = version + 1 WHERE id = $1 AND state <> 'confirmed'",
        params![id, now],
    )?;
    Ok(changed > 0)
}

pub fn dispute(w: &mut Writing<'_>, id: ExchangeId, words: &str) -> Result<(), Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE exchange SET state = 'disputed', dispute_words = $2, updated_at = $3, version = version + 1 \
         WHERE id = $1 AND state = 'recorded'",
        params![id, words, now],
    )?;
    if changed == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// Which contact of the tie this was.
pub fn put_contact(w: &mut Writing<'_>, id: ExchangeId, contact: ContactId) -> Result<(), Error> {
    w.execute_one("UPDATE exchange SET contact_id = $2 WHERE id = $1", params![id, contact])
}

/// What became of it; answers whether that is new.
pub fn put_use(w: &mut Writing<'_>, id: ExchangeId, use_: Use) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE exchange SET use_state = $2, used_at = $3, updated_at = $3, version = version + 1 \
         WHERE id = $1 AND use_state <> $2",
        params![id, use_.word(), now],
    )?;
    Ok(changed > 0)
}

/// What one side gained, in place of what was said.
pub fn put_benefits(
    w: &mut Writing<'_>,
    id: ExchangeId,
    member: ActorId,
    benefits: &[Benefit],
) -> Result<(), Error> {
    w.execute("DELETE FROM exchange_benefit WHERE exchange_id = $1 AND actor_id = $2", params![id, member])?;
    let mut benefits = benefits.to_vec();
    benefits.sort_unstable();
    benefits.dedup();
    let rows: Vec<Vec<Value>> =
        benefits.iter().map(|benefit| params![id, member, benefit.word()].to_vec()).collect();
    w.insert_rows("exchange_benefit", &["exchange_id", "actor_id", "benefit"], &rows)?;
    Ok(())
}

/// What one side gained.
pub fn benefits_of(r: &Reading<'_>, id: ExchangeId, member: ActorId) -> Result<Vec<Benefit>, Error> {
    let words: Vec<String> = r.all(
        "SELECT benefit FROM exchange_benefit WHERE exchange_id = $1 AND actor_id = $2 ORDER BY benefit",
        params![id, member],
    )?;
    Ok(words.iter().filter_map(|word| Benefit::from_word(word)).collect())
}

/// One side's own answer to "could you have done it alone?". Never read for the other side's eyes.
pub fn alone_of(r: &Reading<'_>, id: ExchangeId, member: ActorId) -> Result<Option<Alone>, Error> {
    let word: Option<String> = r.first(
        "SELECT alone FROM exchange_answer WHERE exchange_id = $1 AND actor_id = $2",
        params![id, member],
    )?;
    Ok(word.and_then(|word| Alone::from_word(&word)))
}

pub fn put_alone(w: &mut Writing<'_>, id: ExchangeId, member: ActorId, alone: Alone) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO exchange_answer (exchange_id, actor_id, alone, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (exchange_id, actor_id) DO UPDATE SET alone = excluded.alone, at = excluded.at",
        params![id, member, alone.word(), now],
    )?;
    Ok(())
}

/// Thanks as they are read.
#[derive(Debug, Clone)]
pub struct Thanks {
    pub exchange: ExchangeId,
    pub from: ActorId,
    pub from_name: Option<String>,
    pub words: String,
    pub public: bool,
    pub at: Micros,
}

impl FromRow for Thanks {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            exchange: c.take()?,
            from: c.take()?,
            words: c.take()?,
            public: c.take()?,
            at: c.take()?,
            from_name: c.take()?,
        })
    }
}

fn thanks(r: &Reading<'_>, condition: &str, more: &[Value]) -> Result<Vec<Thanks>, Error> {
    let sql = format!(
        "SELECT t.exchange_id, t.from_id, t.words, t.public, t.at, {} FROM appreciation t WHERE {} AND {condition}",
        name("t.from_id"),
        audience::visible("t.id", 1)
    );
    let mut parameters = vec![audience::parameter(r.viewer())];
    parameters.extend_from_slice(more);
    r.all(&sql, &parameters)
}

/// The words of thanks of an exchange.
pub fn thanks_of(r: &Reading<'_>, id: ExchangeId) -> Result<Vec<Thanks>, Error> {
    thanks(r, "t.exchange_id = $2 ORDER BY t.id", params![id])
}

/// What a member was thanked for since a moment, as far as the viewer may read it, the newest first.
///
/// # Errors
/// The database's own.
pub fn thanks_for(r: &Reading<'_>, member: ActorId, since: Micros, rows: i64) -> Result<Vec<Thanks>, Error> {
    thanks(
        r,
        "t.to_id = $2 AND t.at >= $3 ORDER BY t.at DESC, t.id DESC LIMIT $4",
        params![member, since, rows],
    )
}

/// Writes thanks; answers its id and whether it is the first of this member for this exchange.
pub fn put_thanks(
    w: &mut Writing<'_>,
    exchange: &Exchange,
    from: ActorId,
    to: ActorId,
    words: &str,
    public: &bool,
) -> Result<(AppreciationId, bool), Error> {
    let now = w.now();
    let before: Option<AppreciationId> = w.first(
        "SELECT id FROM appreciation WHERE exchange_id = $1 AND from_id = $2",
        params![exchange.id, from],
    )?;
    if let Some(id) = before {
        w.execute(
            "UPDATE appreciation SET words = $2, public = $3 WHERE id = $1",
            params![id, words, *public],
        )?;
        return Ok((id, false));
    }
    let id = AppreciationId(w.new_id());
    w.execute(
        "INSERT INTO appreciation (id, exchange_id, network_id, from_id, to_id, words, public, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, exchange.id, exchange.network, from, to, words, *public, now],
    )?;
    Ok((id, true))
}

/// Whether nobody has claimed this member: then a coordinator speaks for them.
pub fn unclaimed(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    r.one("SELECT claimed_by IS NULL AND kind = 'person' FROM actor WHERE id = $1", params![member])
}

fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How often a member gave and received since a day, confirmed ones alone.
///
/// # Errors
/// The database's own.
pub fn balance_of(r: &Reading<'_>, member: ActorId, since: i64) -> Result<Balance, Error> {
    let (given, received): (i64, i64) = r.one(
        "SELECT COUNT(CASE WHEN provider_id = $1 THEN 1 END), COUNT(CASE WHEN receiver_id = $1 THEN 1 END) \
         FROM exchange WHERE (provider_id = $1 OR receiver_id = $1) AND state = 'confirmed' AND on_day >= $2",
        params![member, since],
    )?;
    Ok(Balance { given: count(given), received: count(received) })
}

/// What a member gave and received by kind of benefit: the kind, given, received; the most frequent first.
pub fn kinds_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<(Benefit, Balance)>, Error> {
    let rows: Vec<(String, i64, i64)> = r.all(
        "SELECT b.benefit, COUNT(CASE WHEN e.provider_id = $1 THEN 1 END), COUNT(CASE WHEN e.receiver_id = $1 THEN 1 END) \
         FROM exchange e JOIN exchange_benefit b ON b.exchange_id = e.id AND b.actor_id = e.receiver_id \
         WHERE (e.provider_id = $1 OR e.receiver_id = $1) AND e.state = 'confirmed' GROUP BY b.benefit \
         ORDER BY COUNT(*) DESC, b.benefit",
        params![member],
    )?;
    Ok(kinds(rows))
}

fn kinds(rows: Vec<(String, i64, i64)>) -> Vec<(Benefit, Balance)> {
    rows.into_iter()
        .filter_map(|(word, given, received)| {
            Some((Benefit::from_word(&word)?, Balance { given: count(given), received: count(received) }))
        })
        .collect()
}

/// With whom a member exchanged in the last year, and how often each way; the viewer sees those they may see.
pub fn partners_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<(ActorId, String, Balance)>, Error> {
    let sql = format!(
        "SELECT a.id, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, \
         COUNT(CASE WHEN e.provider_id = $2 THEN 1 END), COUNT(CASE WHEN e.receiver_id = $2 THEN 1 END) \
         FROM exchange e JOIN actor a ON a.id = CASE WHEN e.provider_id = $2 THEN e.receiver_id ELSE e.provider_id END \
         WHERE (e.provider_id = $2 OR e.receiver_id = $2) AND e.state = 'confirmed' AND e.on_day >= $3 AND {} \
         GROUP BY a.id, a.nickname, a.name ORDER BY MAX(e.on_day) DESC, a.id LIMIT 30",
        audience::visible("a.id", 1)
    );
    let since = r.now().day(7) - WINDOW_DAYS;
    let parameters = [audience::parameter(r.viewer()), Value::Int(member.0), Value::Int(since)];
    let rows: Vec<(ActorId, String, i64, i64)> = r.all(&sql, &parameters)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, given, received)| {
            (id, name, Balance { given: count(given), received: count(received) })
        })
        .collect())
}

/// What was given in a network since a day by kind of benefit, and by how many different members each.
pub fn network_kinds(
    r: &Reading<'_>,
    network: ActorId,
    since: i64,
) -> Result<Vec<(Benefit, i64, i64)>, Error> {
    let rows: Vec<(String, i64, i64)> = r.all(
        "SELECT b.benefit, COUNT(*), COUNT(DISTINCT e.provider_id) FROM exchange e \
         JOIN exchange_benefit b ON b.exchange_id = e.id AND b.actor_id = e.receiver_id \
         WHERE e.network_id = $1 AND e.state = 'confirmed' AND e.on_day >= $2 GROUP BY b.benefit ORDER BY 2 DESC, 1",
        params![network, since],
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|(word, times, people)| Some((Benefit::from_word(&word)?, times, people)))
        .collect())
}

/// Who gave to whom in a network since a day, each pair and direction once.
pub fn arcs(r: &Reading<'_>, network: ActorId, since: i64) -> Result<Vec<(i64, i64)>, Error> {
    r.all(
        "SELECT DISTINCT provider_id, receiver_id FROM exchange WHERE network_id = $1 AND state = 'confirmed' AND on_day >= $2",
        params![network, since],
    )
}

/// Confirmed exchanges since a day: all, those that helped, and those confirmed among all recorded.
pub fn network_counts(r: &Reading<'_>, network: ActorId, since: i64) -> Result<(i64, i64, i64), Error> {
    r.one(
        "SELECT COUNT(CASE WHEN state = 'confirmed' THEN 1 END), \
         COUNT(CASE WHEN state = 'confirmed' AND use_state = 'helped' THEN 1 END), COUNT(*) FROM exchange \
         WHERE network_id = $1 AND on_day >= $2",
        params![network, since],
    )
}

/// The answers of both sides of every result that both answered: giver and theirs, receiver and theirs. For counting
/// alone.
pub fn both_alone(
    r: &Reading<'_>,
    network: ActorId,
    since: i64,
) -> Result<Vec<(i64, String, i64, String)>, Error> {
    r.all(
        "SELECT e.provider_id, p.alone, e.receiver_id, q.alone FROM exchange e JOIN exchange_answer p ON p.exchange_id = e.id AND p.actor_id = e.provider_id \
         JOIN exchange_answer q ON q.exchange_id = e.id AND q.actor_id = e.receiver_id \
         WHERE e.network_id = $1 AND e.state = 'confirmed' AND e.on_day >= $2",
        params![network, since],
    )
}

/// A hope: the kind of benefit, how much came, when it was answered.
pub type Hope = (Benefit, Option<i64>, Option<Micros>);

/// What a member hopes for in a network.
pub fn hopes_of(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<Vec<Hope>, Error> {
    let rows: Vec<(String, Option<i64>, Option<Micros>)> = r.all(
        "SELECT benefit, level, answered_at FROM expectation WHERE network_id = $1 AND actor_id = $2 ORDER BY id",
        params![network, member],
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|(word, level, at)| Some((Benefit::from_word(&word)?, level, at)))
        .collect())
}

/// Replaces the hopes; one that stays keeps its answer.
pub fn put_hopes(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    hopes: &[Benefit],
) -> Result<(), Error> {
    let now = w.now();
    let before = hopes_of(w, network, member)?;
    for (benefit, ..) in before.iter().filter(|(benefit, ..)| !hopes.contains(benefit)) {
        w.execute(
            "DELETE FROM expectation WHERE network_id = $1 AND actor_id = $2 AND benefit = $3",
            params![network, member, benefit.word()],
        )?;
    }
    for (place, benefit) in hopes.iter().enumerate() {
        let id = w.new_id();
        w.execute(
            "INSERT INTO expectation (id, network_id, actor_id, benefit, importance, level, hoped_at, answered_at) \
             VALUES ($1, $2, $3, $4, $5, NULL, $6, NULL) ON CONFLICT (network_id, actor_id, benefit) DO NOTHING",
            params![id, network, member, benefit.word(), place + 1, now],
        )?;
    }
    Ok(())
}

pub fn put_level(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    benefit: &str,
    level: i64,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE expectation SET level = $4, answered_at = $5 WHERE network_id = $1 AND actor_id = $2 AND benefit = $3",
        params![network, member, benefit, level, now],
    )?;
    Ok(())
}

/// What a member is asked about their hopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HopesAsked {
    /// What they hope for: in the first month, and for two weeks twice a year as long as they did not say it.
    First,
    /// What came of it: half a year after it was said or last answered.
    Again,
}

/// What a member is to be asked about their hopes now.
///
/// # Errors
/// The database's own.
pub fn hopes_due(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<Option<HopesAsked>, Error> {
    if has_hopes(r, network, member)? {
        return Ok(came_due(r, network, member)?.then_some(HopesAsked::Again));
    }
    let joined: Option<Micros> = r.first(
        "SELECT created_at FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'member'",
        params![network, member],
    )?;
    let Some(joined) = joined else { return Ok(None) };
    let days = (r.now().0 - joined.0).max(0) / Micros::DAY;
    Ok((days < 30 || days % ASKED_EVERY_DAYS < 14).then_some(HopesAsked::First))
}

fn came_due(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<bool, Error> {
    let before = r.now().plus(-ASKED_EVERY_DAYS * Micros::DAY);
    let due: i64 = r.one(
        "SELECT COUNT(*) FROM expectation WHERE network_id = $1 AND actor_id = $2 AND COALESCE(answered_at, hoped_at) < $3",
        params![network, member, before],
    )?;
    Ok(due > 0)
}

/// Whether a member said what they hope for.
pub fn has_hopes(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<bool, Error> {
    Ok(r.first::<i64>(
        "SELECT 1 FROM expectation WHERE network_id = $1 AND actor_id = $2",
        params![network, member],
    )?
    .is_some())
}

/// What everybody in a network hoped for and got, by kind of member: for counting alone.
pub fn all_hopes(r: &Reading<'_>, network: ActorId) -> Result<Vec<Hopes>, Error> {
    let rows: Vec<(i64, String, Option<i64>)> = r.all(
        "SELECT x.actor_id, a.kind, x.level FROM expectation x JOIN actor a ON a.id = x.actor_id \
         JOIN membership m ON m.part_id = a.id AND m.whole_id = x.network_id AND m.state = 'member' \
         WHERE x.network_id = $1 ORDER BY x.actor_id",
        params![network],
    )?;
    let mut hopes: Vec<(i64, Hopes)> = Vec::new();
    for (member, kind, level) in rows {
        match hopes.last_mut() {
            Some((last, one)) if *last == member => one.levels.push(level),
            _ => hopes.push((member, Hopes { kind, levels: vec![level] })),
        }
    }
    Ok(hopes.into_iter().map(|(_, one)| one).collect())
}
