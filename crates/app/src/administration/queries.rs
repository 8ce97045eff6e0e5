use store::ids::{ActorId, ConcernId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

/// Somebody who asks to join.
#[derive(Debug, Clone)]
pub struct Application {
    pub person: ActorId,
    pub name: String,
    pub nickname: String,
    pub words: String,
    pub at: Micros,
    /// What they ask to be part of: the network, or a group or organization in it.
    pub whole: ActorId,
    pub whole_name: String,
}

impl FromRow for Application {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            person: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            words: c.take()?,
            at: c.take()?,
            whole: c.take()?,
            whole_name: c.take()?,
        })
    }
}

/// A group or organization of the network $1.
const IN_IT: &str = "SELECT i.part_id FROM membership i JOIN actor g ON g.id = i.part_id WHERE i.whole_id = $1 \
    AND i.state = 'member' AND g.kind IN ('group', 'organization') AND g.gone_at IS NULL";

/// Somebody who signs in acts for what membership m is of, and answers for it.
const SPEAKS_FOR_ITSELF: &str = "EXISTS (SELECT 1 FROM stewardship s JOIN account c ON c.person_id = s.person_id \
    WHERE s.actor_id = m.whole_id AND s.until IS NULL AND c.state = 'active')";

/// Those who ask to join a network, or to belong to a group or organization in it that nobody speaks for, the longest
/// waiting first.
pub fn applications(r: &Reading<'_>, network: ActorId) -> Result<Vec<Application>, Error> {
    r.all(
        &format!(
            "SELECT a.id, a.name, a.nickname, m.answers, m.updated_at, w.id, w.name FROM membership m \
             JOIN actor a ON a.id = m.part_id JOIN actor w ON w.id = m.whole_id \
             WHERE m.state = 'applied' AND (m.whole_id = $1 OR m.whole_id IN ({IN_IT})) AND a.gone_at IS NULL \
             AND NOT (m.whole_id <> $1 AND {SPEAKS_FOR_ITSELF}) \
             ORDER BY m.updated_at, m.id LIMIT 100"
        ),
        params![network],
    )
}

/// Whether this is a group or organization of the network.
pub fn is_in(r: &Reading<'_>, network: ActorId, whole: ActorId) -> Result<bool, Error> {
    let found: Option<i64> =
        r.first(&format!("SELECT 1 FROM actor WHERE id = $2 AND id IN ({IN_IT})"), params![network, whole])?;
    Ok(found.is_some())
}

/// Whether somebody asks to join.
pub fn applied(r: &Reading<'_>, network: ActorId, person: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'applied'",
        params![network, person],
    )?;
    Ok(found.is_some())
}

/// Whether a group or organization answers for itself who belongs to it.
pub fn answers_itself(r: &Reading<'_>, whole: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        &format!("SELECT 1 FROM membership m WHERE m.whole_id = $1 AND {SPEAKS_FOR_ITSELF}"),
        params![whole],
    )?;
    Ok(found.is_some())
}

/// As what somebody asks to belong to a group or organization.
pub fn title_asked(r: &Reading<'_>, whole: ActorId, person: ActorId) -> Result<String, Error> {
    r.one("SELECT title FROM membership WHERE whole_id = $1 AND part_id = $2", params![whole, person])
}

/// What a member brought to the coordinators' attention.
#[derive(Debug, Clone)]
pub struct Concern {
    pub id: ConcernId,
    pub object: i64,
    /// What kind of member it is about, or nothing when it is an offer or need.
    pub kind: Option<String>,
    pub title: Option<String>,
    pub by: String,
    pub words: String,
    pub state: String,
    pub answer: String,
    pub at: Micros,
}

impl FromRow for Concern {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            object: c.take()?,
            kind: c.take()?,
            title: c.take()?,
            by: c.take()?,
            words: c.take()?,
            state: c.take()?,
            answer: c.take()?,
            at: c.take()?,
        })
    }
}

/// The concerns of a network: open ones first, then the newest.
pub fn concerns(r: &Reading<'_>, network: ActorId) -> Result<Vec<Concern>, Error> {
    r.all(
        "SELECT c.id, c.object_id, a.kind, CASE WHEN a.id IS NULL THEN i.title \
         WHEN a.nickname <> '' THEN a.nickname ELSE a.name END, CASE WHEN b.nickname <> '' THEN b.nickname ELSE b.name END, \
         c.words, c.state, c.answer, c.at FROM concern c JOIN actor b ON b.id = c.by_id \
         LEFT JOIN actor a ON a.id = c.object_id LEFT JOIN intent i ON i.id = c.object_id WHERE c.network_id = $1 \
         ORDER BY CASE c.state WHEN 'open' THEN 0 ELSE 1 END, c.id DESC LIMIT 100",
        params![network],
    )
}

/// Settles an open concern; answers who brought it.
pub fn settle(w: &mut Writing<'_>, network: ActorId, id: ConcernId, answer: &str) -> Result<ActorId, Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute_one(
        "UPDATE concern SET state = 'settled', answer = $3, settled_at = $4, settled_by = $5 \
         WHERE id = $1 AND network_id = $2 AND state = 'open'",
        params![id, network, answer, now, by],
    )?;
    w.one("SELECT by_id FROM concern WHERE id = $1", params![id])
}

/// How people come into a network: `ask` or `invitation`.
pub fn joining(r: &Reading<'_>, network: ActorId) -> Result<String, Error> {
    r.one(
        "SELECT COALESCE(joining, 'invitation') FROM actor WHERE id = $1 AND kind = 'network'",
        params![network],
    )
}

pub fn put_joining(w: &mut Writing<'_>, network: ActorId, how: &str) -> Result<(), Error> {
    w.execute_one(
        "UPDATE actor SET joining = $2, version = version + 1 WHERE id = $1 AND kind = 'network'",
        params![network, how],
    )
}

/// How many coordinators a network has besides this member.
pub fn other_coordinators(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM membership WHERE whole_id = $1 AND part_id <> $2 AND role = 'coordinator' AND state = 'member'",
        params![network, member],
    )
}

/// Whether a member of this network is a person without an account.
pub fn is_unclaimed(r: &Reading<'_>, network: ActorId, person: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 AND m.part_id = $2 \
         AND m.state = 'member' AND a.kind = 'person' AND a.claimed_by IS NULL AND a.gone_at IS NULL",
        params![network, person],
    )?;
    Ok(found.is_some())
}
