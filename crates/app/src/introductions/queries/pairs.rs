//! What the pairs of a network are found from: who is in it, who is tied to whom, who would learn what from whom.

use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, params};

/// The states of a tie that lives.
pub const LIVING: &str = "('confirmed', 'active', 'quiet', 'dormant')";

/// A member of the network; whether they may be proposed to others.
#[derive(Debug, Clone)]
pub struct Membered {
    pub id: ActorId,
    pub willing: bool,
}

impl FromRow for Membered {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, willing: c.take::<i64>()? == 1 })
    }
}

/// The members of a network, the oldest first, at most so many.
pub fn members_of(r: &Reading<'_>, network: ActorId, most: i64) -> Result<Vec<Membered>, Error> {
    r.all(
        "SELECT a.id, CASE WHEN a.consent = 'given' AND a.may_be_suggested AND a.visibility <> 'private' \
         THEN 1 ELSE 0 END FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
         AND m.state = 'member' AND a.gone_at IS NULL ORDER BY a.id LIMIT $2",
        params![network, most],
    )
}

/// A tie that lives: its two ends, since when, and when they were last in contact.
#[derive(Debug, Clone)]
pub struct Woven {
    pub one: ActorId,
    pub other: ActorId,
    pub since: Micros,
    pub last: Option<Micros>,
}

impl FromRow for Woven {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { one: c.take()?, other: c.take()?, since: c.take()?, last: c.take()? })
    }
}

/// The living ties that begin at a member of this network.
pub fn woven(r: &Reading<'_>, network: ActorId) -> Result<Vec<Woven>, Error> {
    let sql = format!(
        "SELECT t.subject_id, t.object_id, t.created_at, t.last_contact_at FROM membership m \
         JOIN tie t ON t.subject_id = m.part_id WHERE m.whole_id = $1 AND m.state = 'member' AND t.state IN {LIVING} \
         ORDER BY t.id"
    );
    r.all(&sql, params![network])
}

/// What each willing member of a network can do or would learn: member, category, would learn.
pub fn taught(r: &Reading<'_>, network: ActorId, most: i64) -> Result<Vec<(ActorId, String, bool)>, Error> {
    r.all(
        "SELECT c.actor_id, c.category, c.wants_to_learn FROM membership m JOIN capability c ON c.actor_id = m.part_id \
         WHERE m.whole_id = $1 AND m.state = 'member' ORDER BY c.id DESC LIMIT $2",
        params![network, most],
    )
}

/// The newest line of the journal; 0 where there is none.
pub fn newest_line(r: &Reading<'_>) -> Result<i64, Error> {
    Ok(r.first("SELECT id FROM journal ORDER BY id DESC LIMIT 1", params![])?.unwrap_or(0))
}

/// How many lines of the journal after this one may have changed who fits whom.
pub fn changes_after(r: &Reading<'_>, line: i64) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM journal WHERE id > $1 AND (verb LIKE 'ties.%' OR verb LIKE 'giving.%' \
         OR verb LIKE 'members.%' OR verb LIKE 'joining.%' OR verb LIKE 'transfer.%' OR verb LIKE 'administration.%' \
         OR verb = 'introductions.connect')",
        params![line],
    )
}

/// With whom a member has a living tie.
pub fn tied_to(r: &Reading<'_>, member: ActorId, most: i64) -> Result<Vec<ActorId>, Error> {
    let sql = format!(
        "SELECT t.object_id FROM tie t WHERE t.subject_id = $1 AND t.state IN {LIVING} UNION \
         SELECT t.subject_id FROM tie t WHERE t.object_id = $1 AND t.state IN {LIVING} ORDER BY 1 LIMIT $2"
    );
    r.all(&sql, params![member, most])
}

/// Whether two have a living tie.
pub fn living_ties(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let sql = format!(
        "SELECT 1 FROM tie WHERE ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)) \
         AND state IN {LIVING}"
    );
    Ok(r.first::<i64>(&sql, params![a, b])?.is_some())
}

/// Those who know both, whom they were last in contact with latest first, at most twenty.
pub fn common(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Vec<ActorId>, Error> {
    let side = |n: u8| {
        format!(
            "SELECT t.object_id AS who, t.last_contact_at AS last FROM tie t WHERE t.subject_id = ${n} AND t.state IN {LIVING} \
             UNION ALL SELECT t.subject_id, t.last_contact_at FROM tie t WHERE t.object_id = ${n} AND t.state IN {LIVING}"
        )
    };
    let sql = format!(
        "SELECT x.who FROM ({}) x JOIN ({}) y ON y.who = x.who GROUP BY x.who \
         ORDER BY COALESCE(MIN(x.last), 0) + COALESCE(MIN(y.last), 0) DESC, x.who LIMIT 20",
        side(1),
        side(2)
    );
    r.all(&sql, params![a, b])
}
