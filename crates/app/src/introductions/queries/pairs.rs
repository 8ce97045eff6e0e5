//! What the pairs of a network are found from: who is in it, who is tied to whom, who would learn what from whom.

use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, listed, params};

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

/// The living ties of these members to members of a network: whose, to whom, last in contact; of each member so many at
/// most, those used last first.
pub fn ties_of(
    r: &Reading<'_>,
    network: ActorId,
    members: &[ActorId],
    each: i64,
) -> Result<Vec<(ActorId, ActorId, Option<Micros>)>, Error> {
    let mut parameters = params![network, each].to_vec();
    let ids = listed(&mut parameters, members);
    let sql = format!(
        "SELECT n.who, n.other, n.last FROM (SELECT x.who, x.other, x.last, ROW_NUMBER() OVER (PARTITION BY x.who \
         ORDER BY COALESCE(x.last, 0) DESC, x.other) AS nth FROM (SELECT subject_id AS who, object_id AS other, \
         last_contact_at AS last FROM tie WHERE subject_id IN ({ids}) AND state IN {LIVING} UNION ALL SELECT object_id, \
         subject_id, last_contact_at FROM tie WHERE object_id IN ({ids}) AND state IN {LIVING}) x \
         WHERE x.other <> x.who AND EXISTS (SELECT 1 FROM membership m WHERE m.whole_id = $1 AND m.part_id = x.other \
         AND m.state = 'member')) n WHERE n.nth <= $2 ORDER BY n.who, n.nth"
    );
    r.all(&sql, &parameters)
}

/// Somebody who could introduce two: who, how many they made or were asked to make in thirty days, how many they take on.
pub type Between = (ActorId, i64, i64);

/// Members of a network with an account who know both and were in contact with both not too long ago, whom they were in
/// contact with latest first, at most twenty.
pub fn between_now(
    r: &Reading<'_>,
    network: ActorId,
    (a, b): (ActorId, ActorId),
    silent_since: Micros,
    made_since: Micros,
    to_make: i64,
) -> Result<Vec<Between>, Error> {
    let side = |n: u8| {
        format!(
            "SELECT object_id AS who, COALESCE(last_contact_at, created_at) AS last FROM tie WHERE subject_id = ${n} \
             AND state IN {LIVING} UNION ALL SELECT subject_id, COALESCE(last_contact_at, created_at) FROM tie \
             WHERE object_id = ${n} AND state IN {LIVING}"
        )
    };
    let sql = format!(
        "SELECT w.id, (SELECT COUNT(*) FROM introduction n WHERE n.introducer_id = w.id AND n.created_at > $5 \
         AND n.origin <> 'found'), COALESCE((SELECT l.to_make FROM introduction_limit l WHERE l.actor_id = w.id), $6) \
         FROM (SELECT x.who, MAX(x.last) + MAX(y.last) AS last FROM ({}) x JOIN ({}) y ON y.who = x.who \
         WHERE x.last > $4 AND y.last > $4 GROUP BY x.who) c JOIN actor w ON w.id = c.who WHERE w.consent = 'given' \
         AND w.may_be_suggested AND w.gone_at IS NULL AND w.visibility <> 'private' AND (w.claimed_by IS NOT NULL OR EXISTS \
         (SELECT 1 FROM stewardship s WHERE s.actor_id = w.id AND s.until IS NULL)) AND EXISTS (SELECT 1 FROM membership m \
         WHERE m.whole_id = $3 AND m.part_id = w.id AND m.state = 'member') ORDER BY c.last DESC, w.id LIMIT 20",
        side(1),
        side(2)
    );
    r.all(&sql, params![a, b, network, silent_since, made_since, to_make])
}
