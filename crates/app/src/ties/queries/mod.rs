//! The SQL of ties; what it reads and writes of contacts stands in [`contacts`].

mod contacts;

pub use contacts::*;
use store::ids::{ActorId, TieId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

use super::actions::Words;

/// A tie as its page shows it.
#[derive(Debug, Clone)]
pub struct Tie {
    pub id: TieId,
    pub subject: ActorId,
    pub object: ActorId,
    pub network: Option<ActorId>,
    pub relation: String,
    pub directed: bool,
    pub origin: String,
    pub introduced_by: Option<ActorId>,
    pub since: Option<String>,
    pub strength: Option<i64>,
    pub subject_offers: String,
    pub subject_asks: String,
    pub benefit: String,
    pub reversed: bool,
    pub object_offers: String,
    pub object_asks: String,
    pub object_benefit: String,
    pub state: String,
    pub lapses_at: Option<Micros>,
    pub subject_confirmed_at: Option<Micros>,
    pub object_confirmed_at: Option<Micros>,
    pub created_at: Micros,
    pub declined: bool,
}

impl FromRow for Tie {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            subject: c.take()?,
            object: c.take()?,
            network: c.take()?,
            relation: c.take()?,
            directed: c.take()?,
            origin: c.take()?,
            introduced_by: c.take()?,
            since: c.take()?,
            strength: c.take()?,
            subject_offers: c.take()?,
            subject_asks: c.take()?,
            benefit: c.take()?,
            reversed: c.take()?,
            object_offers: c.take()?,
            object_asks: c.take()?,
            object_benefit: c.take()?,
            state: c.take()?,
            lapses_at: c.take()?,
            subject_confirmed_at: c.take()?,
            object_confirmed_at: c.take()?,
            created_at: c.take()?,
            declined: c.take()?,
        })
    }
}

impl Tie {
    /// The other end.
    #[must_use]
    pub fn other(&self, one: ActorId) -> ActorId {
        if self.subject == one { self.object } else { self.subject }
    }
}

const TIE: &str = "t.id, t.subject_id, t.object_id, t.network_id, t.relation, t.directed, t.origin, t.introduced_by, \
                   t.since, t.strength, t.subject_offers, t.subject_asks, t.benefit, t.reversed, t.object_offers, \
                   t.object_asks, t.object_benefit, t.state, t.lapses_at, t.subject_confirmed_at, t.object_confirmed_at, t.created_at, t.object_declined_at IS NOT NULL";

/// A tie by its id, if this viewer may see it.
pub fn find(r: &Reading<'_>, id: TieId) -> Result<Tie, Error> {
    let sql = format!("SELECT {TIE} FROM tie t WHERE t.id = $1 AND {}", audience::visible("t.id", 2));
    r.one(&sql, &[Value::Int(id.0), audience::parameter(r.viewer())])
}

/// Any living tie between two members, whichever of them began it.
pub fn between(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Option<Tie>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t WHERE ((t.subject_id = $1 AND t.object_id = $2) OR (t.subject_id = $2 AND \
         t.object_id = $1)) AND t.state IN ('proposed', 'confirmed', 'active') ORDER BY t.state, t.id LIMIT 1"
    );
    r.first(&sql, params![a, b])
}

/// A tie of this relation between the two, ended ones included.
pub fn same(
    r: &Reading<'_>,
    subject: ActorId,
    object: ActorId,
    relation: &str,
) -> Result<Option<(TieId, String)>, Error> {
    r.first(
        "SELECT id, state FROM tie WHERE relation = $3 AND ((subject_id = $1 AND object_id = $2) \
         OR (NOT directed AND subject_id = $2 AND object_id = $1))",
        params![subject, object, relation],
    )
}

/// The ties of a member that this viewer may see, the living ones first.
pub fn of_member(r: &Reading<'_>, member: ActorId, rows: i64) -> Result<Vec<Tie>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t WHERE (t.subject_id = $1 OR t.object_id = $1) \
         AND t.state IN ('proposed', 'confirmed', 'active', 'quiet', 'dormant') AND {} \
         ORDER BY CASE t.state WHEN 'proposed' THEN 1 ELSE 0 END, t.id DESC LIMIT $3",
        audience::visible("t.id", 2)
    );
    r.all(&sql, &[Value::Int(member.0), audience::parameter(r.viewer()), Value::Int(rows)])
}

/// The ties of a member that lived and are over, the last first. A proposal that lapsed is none of them.
pub fn over(r: &Reading<'_>, member: ActorId, rows: i64) -> Result<Vec<Tie>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t WHERE (t.subject_id = $1 OR t.object_id = $1) AND t.state = 'ended' \
         AND t.object_confirmed_at IS NOT NULL AND {} ORDER BY t.updated_at DESC, t.id LIMIT $3",
        audience::visible("t.id", 2)
    );
    r.all(&sql, &[Value::Int(member.0), audience::parameter(r.viewer()), Value::Int(rows)])
}

/// The living ties of a member before an id (0: from the newest on), the newest first, for lists that are read to their end.
pub fn before(r: &Reading<'_>, member: ActorId, before: i64, rows: i64) -> Result<Vec<Tie>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t WHERE (t.subject_id = $1 OR t.object_id = $1) \
         AND t.state IN ('proposed', 'confirmed', 'active', 'quiet', 'dormant') \
         AND (CAST($4 AS BIGINT) = 0 OR t.id < $4) AND {} ORDER BY t.id DESC LIMIT $3",
        audience::visible("t.id", 2)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[Value::Int(member.0), viewer, Value::Int(rows), Value::Int(before)])
}

/// A proposal that waits for this member's answer.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub tie: Tie,
}

/// The proposals that wait for this member's answer.
///
/// # Errors
/// The database's own.
pub fn waiting_for(r: &Reading<'_>, member: ActorId) -> Result<Vec<Waiting>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t WHERE t.object_id = $1 AND t.state = 'proposed' AND t.object_declined_at IS NULL \
         AND (t.lapses_at IS NULL OR t.lapses_at > $2) ORDER BY t.id LIMIT 20"
    );
    Ok(r.all::<Tie>(&sql, params![member, r.now()])?.into_iter().map(|tie| Waiting { tie }).collect())
}

/// Somebody without an account whom a coordinator calls: who, the number, and what it is about.
#[derive(Debug, Clone)]
pub struct ToCall {
    pub tie: Tie,
    pub phone: Option<String>,
}

/// The proposals to members without an account in this network, for its coordinators to call about.
///
/// # Errors
/// The database's own.
pub fn to_call(r: &Reading<'_>, network: ActorId) -> Result<Vec<ToCall>, Error> {
    let sql = format!(
        "SELECT {TIE} FROM tie t JOIN actor o ON o.id = t.object_id WHERE t.state = 'proposed' \
         AND t.object_declined_at IS NULL AND (t.lapses_at IS NULL OR t.lapses_at > $2) AND o.claimed_by IS NULL \
         AND o.consent = 'given' AND NOT EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = o.id AND s.until IS NULL) \
         AND EXISTS (SELECT 1 FROM membership m WHERE m.whole_id = $1 AND m.part_id = o.id AND m.state = 'member') \
         ORDER BY t.id LIMIT 20"
    );
    let ties: Vec<Tie> = r.all(&sql, params![network, r.now()])?;
    ties.into_iter()
        .map(|tie| {
            let phone = r.first(
                "SELECT shown FROM contact_point WHERE actor_id = $1 AND kind = 'phone' ORDER BY id LIMIT 1",
                params![tie.object],
            )?;
            Ok(ToCall { tie, phone })
        })
        .collect()
}

/// Whether either of the two blocked the other.
pub fn blocked(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM block WHERE (actor_id = $1 AND blocked_id = $2) OR (actor_id = $2 AND blocked_id = $1)",
        params![a, b],
    )?;
    Ok(found.is_some())
}

/// Whether a member agreed to be contacted through the network.
pub fn may_be_contacted(r: &Reading<'_>, id: ActorId) -> Result<bool, Error> {
    let found: Option<i64> =
        r.first("SELECT 1 FROM actor WHERE id = $1 AND consent = 'given' AND gone_at IS NULL", params![id])?;
    Ok(found.is_some())
}

/// What a new tie says.
#[derive(Debug, Clone)]
pub struct NewTie<'a> {
    pub subject: ActorId,
    pub object: ActorId,
    pub network: Option<ActorId>,
    pub relation: &'a str,
    pub layer: &'a str,
    pub directed: bool,
    /// What the relation says is said by the object.
    pub reversed: bool,
    pub origin: &'a str,
    pub introduced_by: Option<ActorId>,
    pub offers: &'a str,
    pub asks: &'a str,
    pub benefit: &'a str,
    pub state: &'a str,
    pub confirmed: bool,
    pub lapses_at: Option<Micros>,
}

pub fn insert(w: &mut Writing<'_>, tie: &NewTie<'_>) -> Result<TieId, Error> {
    let (id, now) = (TieId(w.new_id()), w.now());
    let by = w.viewer().person();
    w.execute(
        "INSERT INTO tie (id, subject_id, object_id, network_id, relation, layer, directed, origin, introduced_by, \
         subject_offers, subject_asks, benefit, subject_confirmed_at, object_confirmed_at, recorded_by, state, note, \
         lapses_at, created_at, created_by, updated_at, version, reversed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', $17, $13, $15, $13, 1, $18)",
        params![
            id,
            tie.subject,
            tie.object,
            tie.network,
            tie.relation,
            tie.layer,
            tie.directed,
            tie.origin,
            tie.introduced_by,
            tie.offers,
            tie.asks,
            tie.benefit,
            now,
            tie.confirmed.then_some(now),
            by,
            tie.state,
            tie.lapses_at,
            tie.reversed
        ],
    )?;
    Ok(id)
}

/// Proposes an ended or lapsed tie anew.
pub fn revive(w: &mut Writing<'_>, id: TieId, tie: &NewTie<'_>) -> Result<(), Error> {
    let now = w.now();
    // who agreed to what was proposed before did not agree to this
    w.execute("DELETE FROM tie_consent WHERE tie_id = $1", params![id])?;
    w.execute_one(
        "UPDATE tie SET subject_id = $2, object_id = $3, subject_offers = $4, subject_asks = $5, benefit = $6, \
         state = $7, subject_confirmed_at = $8, object_confirmed_at = $9, object_declined_at = NULL, lapses_at = $10, \
         reversed = $11, object_offers = '', object_asks = '', object_benefit = '', updated_at = $8, version = version + 1 WHERE id = $1",
        params![
            id,
            tie.subject,
            tie.object,
            tie.offers,
            tie.asks,
            tie.benefit,
            tie.state,
            now,
            tie.confirmed.then_some(now),
            tie.lapses_at,
            tie.reversed
        ],
    )
}

/// What the one who was asked offers, asks and gains.
pub fn set_answer(w: &mut Writing<'_>, id: TieId, words: &Words) -> Result<(), Error> {
    w.execute_one(
        "UPDATE tie SET object_offers = $2, object_asks = $3, object_benefit = $4 WHERE id = $1",
        params![id, words.offers.as_str(), words.asks.as_str(), words.benefit.as_str()],
    )
}

/// What good a tie does its object, where nothing was said of it yet.
///
/// # Errors
/// The database's own.
pub fn gains(w: &mut Writing<'_>, id: TieId, object: ActorId, words: &str) -> Result<(), Error> {
    w.execute(
        "UPDATE tie SET object_benefit = $3 WHERE id = $1 AND object_id = $2 AND object_benefit = ''",
        params![id, object, words],
    )?;
    Ok(())
}

/// Confirms a proposal that is still open; answers whether it was.
pub fn confirm(w: &mut Writing<'_>, id: TieId) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE tie SET state = 'confirmed', object_confirmed_at = $2, lapses_at = NULL, updated_at = $2, \
         version = version + 1 WHERE id = $1 AND state = 'proposed' AND (lapses_at IS NULL OR lapses_at > $2)",
        params![id, now],
    )?;
    Ok(changed > 0)
}

/// Notes a no, for the one who said it alone: nothing the other side sees changes.
pub fn decline(w: &mut Writing<'_>, id: TieId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE tie SET object_declined_at = $2 WHERE id = $1 AND state = 'proposed' AND object_declined_at IS NULL",
        params![id, now],
    )?;
    Ok(())
}

/// Lets proposals lapse whose time is over, answered no or not at all alike.
pub fn lapse_due(w: &mut Writing<'_>) -> Result<u64, Error> {
    let now = w.now();
    w.execute(
        "UPDATE tie SET state = 'ended', updated_at = $1, version = version + 1 \
         WHERE state = 'proposed' AND lapses_at <= $1",
        params![now],
    )
}

/// When a living tie between two of those who took part was last used.
pub fn touch(w: &mut Writing<'_>, a: ActorId, b: ActorId, at: Micros) -> Result<(), Error> {
    // a back-filled contact never moves it backwards (trap 11)
    w.execute(
        "UPDATE tie SET last_contact_at = $3, state = CASE WHEN state = 'confirmed' THEN 'active' ELSE state END \
         WHERE ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)) \
         AND state IN ('confirmed', 'active', 'quiet', 'dormant') AND (last_contact_at IS NULL OR last_contact_at < $3)",
        params![a, b, at],
    )?;
    Ok(())
}

/// A tie was last used when the rhythm of its ends says: after a contact was taken back.
pub fn touched_as_kept(w: &mut Writing<'_>, a: ActorId, b: ActorId) -> Result<(), Error> {
    w.execute(
        "UPDATE tie SET last_contact_at = (SELECT MAX(c.last_touch_at) FROM care c WHERE (c.holder_id = $1 \
         AND c.other_id = $2) OR (c.holder_id = $2 AND c.other_id = $1)) \
         WHERE (subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)",
        params![a, b],
    )?;
    Ok(())
}

/// Ends a living tie; whether it lived.
pub fn end(w: &mut Writing<'_>, id: TieId) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE tie SET state = 'ended', updated_at = $2, version = version + 1 WHERE id = $1 \
         AND state IN ('confirmed', 'active', 'quiet', 'dormant')",
        params![id, now],
    )?;
    Ok(changed > 0)
}

/// How many living ties two members have.
pub fn living_between(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM tie WHERE state IN ('confirmed', 'active', 'quiet', 'dormant') \
         AND ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1))",
        params![a, b],
    )
}

/// How many stewards of a group must agree before it does: what its rule says, and never more than it has.
pub fn stewards_asked(r: &Reading<'_>, group: ActorId) -> Result<i64, Error> {
    let rule: Option<i64> =
        r.first("SELECT stewards FROM answer_rule WHERE actor_id = $1", params![group])?;
    let there: i64 =
        r.one("SELECT COUNT(*) FROM stewardship WHERE actor_id = $1 AND until IS NULL", params![group])?;
    Ok(rule.unwrap_or(1).min(there))
}

pub fn set_rule(w: &mut Writing<'_>, group: ActorId, stewards: i64) -> Result<(), Error> {
    w.execute(
        "INSERT INTO answer_rule (actor_id, stewards) VALUES ($1, $2) ON CONFLICT (actor_id) DO UPDATE SET stewards = $2",
        params![group, stewards],
    )?;
    Ok(())
}

/// Notes that a steward agrees; how many of those who still act for the group have.
pub fn agree(w: &mut Writing<'_>, tie: TieId, person: ActorId) -> Result<i64, Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO tie_consent (tie_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (tie_id, person_id) DO NOTHING",
        params![tie, person, now],
    )?;
    agreed(w, tie)
}

/// How many stewards agreed to a proposal so far.
pub fn agreed(r: &Reading<'_>, tie: TieId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM tie_consent c JOIN tie t ON t.id = c.tie_id JOIN stewardship s ON s.actor_id = t.object_id \
         AND s.person_id = c.person_id AND s.until IS NULL WHERE c.tie_id = $1",
        params![tie],
    )
}

/// The note one side keeps for itself.
pub fn note(r: &Reading<'_>, tie: TieId, side: ActorId) -> Result<String, Error> {
    let words: Option<String> =
        r.first("SELECT words FROM tie_note WHERE tie_id = $1 AND actor_id = $2", params![tie, side])?;
    Ok(words.unwrap_or_default())
}

pub fn set_note(w: &mut Writing<'_>, tie: TieId, side: ActorId, words: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO tie_note (tie_id, actor_id, words, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tie_id, actor_id) DO UPDATE SET words = $3, updated_at = $4",
        params![tie, side, words, now],
    )?;
    Ok(())
}

/// The two ends of a living tie: those concerned with what is written on it.
pub fn ends(r: &Reading<'_>, id: TieId) -> Result<Vec<ActorId>, Error> {
    let found: Option<(ActorId, ActorId)> = r.first(
        "SELECT subject_id, object_id FROM tie WHERE id = $1 AND state IN ('confirmed', 'active', 'quiet', 'dormant')",
        params![id],
    )?;
    Ok(found.map(|(a, b)| vec![a, b]).unwrap_or_default())
}

/// The network a tie began in.
pub fn network_of(r: &Reading<'_>, id: TieId) -> Result<Option<ActorId>, Error> {
    r.one("SELECT network_id FROM tie WHERE id = $1", params![id])
}
