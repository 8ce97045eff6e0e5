use store::ids::{ActorId, IntroductionId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

/// An introduction as one of the two sees it: who is proposed, and why.
#[derive(Debug, Clone)]
pub struct Asked {
    pub id: IntroductionId,
    pub other: ActorId,
    pub reason: String,
    pub gains: String,
    pub closes_at: Micros,
}

/// An introduction as the program sees it.
#[derive(Debug, Clone)]
pub struct Introduction {
    pub network: ActorId,
    pub introducer: ActorId,
    pub a: ActorId,
    pub b: ActorId,
    pub reason: String,
    pub state: String,
    pub closes_at: Micros,
}

impl FromRow for Introduction {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            network: c.take()?,
            introducer: c.take()?,
            a: c.take()?,
            b: c.take()?,
            reason: c.take()?,
            state: c.take()?,
            closes_at: c.take()?,
        })
    }
}

const INTRODUCTION: &str = "i.network_id, i.introducer_id, i.a_id, i.b_id, i.reason, i.state, i.closes_at";

/// What is asked of this member now and not answered yet.
///
/// # Errors
/// The database's own.
pub fn asked_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<Asked>, Error> {
    let rows: Vec<(IntroductionId, ActorId, String, String, Micros)> = r.all(
        "SELECT i.id, CASE WHEN i.a_id = $1 THEN i.b_id ELSE i.a_id END, i.reason, \
         CASE WHEN i.a_id = $1 THEN i.a_gains ELSE i.b_gains END, i.closes_at FROM introduction i \
         WHERE (i.a_id = $1 OR i.b_id = $1) AND i.state = 'asking' AND i.closes_at > $2 \
         AND NOT EXISTS (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = $1) \
         ORDER BY i.id LIMIT 5",
        params![member, r.now()],
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, other, reason, gains, closes_at)| Asked { id, other, reason, gains, closes_at })
        .collect())
}

/// An introduction by its id. The caller checks whether the viewer is one of the two or a coordinator.
pub fn find(r: &Reading<'_>, id: IntroductionId) -> Result<Introduction, Error> {
    r.one(&format!("SELECT {INTRODUCTION} FROM introduction i WHERE i.id = $1"), params![id])
}

/// The introductions of a network that are under way or came to something, newest first.
pub fn of_network(r: &Reading<'_>, network: ActorId) -> Result<Vec<Introduction>, Error> {
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE i.network_id = $1 AND i.state IN ('asking', 'connected') \
         ORDER BY i.id DESC LIMIT 30"
    );
    r.all(&sql, params![network])
}

/// Whether the two were introduced, asked or refused within a time: the same for all three.
pub fn met_since(r: &Reading<'_>, a: ActorId, b: ActorId, since: Micros) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM introduction WHERE ((a_id = $1 AND b_id = $2) OR (a_id = $2 AND b_id = $1)) AND created_at > $3",
        params![a, b, since],
    )?;
    Ok(found.is_some())
}

/// Whether there is a living tie or a proposal between the two, or one blocked the other.
pub fn apart(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM tie WHERE ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)) \
         AND state <> 'ended' UNION ALL SELECT 1 FROM block WHERE (actor_id = $1 AND blocked_id = $2) \
         OR (actor_id = $2 AND blocked_id = $1)",
        params![a, b],
    )?;
    Ok(found.is_none())
}

/// How many introductions wait for this member's answer, and how many were asked since a moment (matching.md, caps).
pub fn load(r: &Reading<'_>, member: ActorId, since: Micros) -> Result<(i64, i64), Error> {
    r.one(
        "SELECT COUNT(CASE WHEN state = 'asking' THEN 1 END), COUNT(CASE WHEN created_at > $2 THEN 1 END) \
         FROM introduction WHERE a_id = $1 OR b_id = $1",
        params![member, since],
    )
}

/// Whether a member agreed to be contacted and to be suggested to others.
pub fn may_be_suggested(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor WHERE id = $1 AND consent = 'given' AND may_be_suggested AND gone_at IS NULL \
         AND visibility <> 'private'",
        params![member],
    )?;
    Ok(found.is_some())
}

pub fn insert(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    (a, a_gains): (ActorId, &str),
    (b, b_gains): (ActorId, &str),
    reason: &str,
    closes_at: Micros,
) -> Result<IntroductionId, Error> {
    let (id, now) = (IntroductionId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO introduction (id, network_id, introducer_id, a_id, b_id, reason, a_gains, b_gains, state, \
         closes_at, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asking', $9, $10, $10, 1)",
        params![id, network, introducer, a, b, reason, a_gains, b_gains, closes_at, now],
    )?;
    Ok(id)
}

/// Locks the introduction, so that two answers at once see each other.
pub fn lock(w: &mut Writing<'_>, id: IntroductionId) -> Result<(), Error> {
    w.execute_one("UPDATE introduction SET version = version + 1 WHERE id = $1", params![id])
}

/// Writes down an answer; the first one stands.
pub fn put_answer(
    w: &mut Writing<'_>,
    id: IntroductionId,
    member: ActorId,
    answer: &str,
    manner: &str,
) -> Result<(), Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO introduction_answer (introduction_id, actor_id, answer, asked_by, manner, at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (introduction_id, actor_id) DO NOTHING",
        params![id, member, answer, by, manner, now],
    )?;
    Ok(())
}

/// How many of the two said yes.
pub fn yes_count(r: &Reading<'_>, id: IntroductionId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM introduction_answer WHERE introduction_id = $1 AND answer = 'yes'",
        params![id],
    )
}

/// Both said yes.
pub fn connect(w: &mut Writing<'_>, id: IntroductionId, tie: store::ids::TieId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE introduction SET state = 'connected', tie_id = $2, updated_at = $3 WHERE id = $1",
        params![id, tie, now],
    )
}

/// Closes introductions at their time; refused and unanswered ones alike.
pub fn lapse_due(w: &mut Writing<'_>) -> Result<u64, Error> {
    let now = w.now();
    w.execute(
        "UPDATE introduction SET state = 'lapsed', updated_at = $1, version = version + 1 \
         WHERE state = 'asking' AND closes_at <= $1",
        params![now],
    )
}

/// Somebody to call: the introduction, who, about whom, the number.
pub type Call = (IntroductionId, ActorId, ActorId, Option<String>);

/// Those of the two who have no account and no steward with one, are in this network, and were not asked yet; with a
/// number to call.
pub fn to_call(r: &Reading<'_>, network: ActorId) -> Result<Vec<Call>, Error> {
    r.all(
        "SELECT i.id, x.id, CASE WHEN i.a_id = x.id THEN i.b_id ELSE i.a_id END, (SELECT MIN(p.shown) FROM contact_point p \
         WHERE p.actor_id = x.id AND p.kind = 'phone') FROM introduction i JOIN actor x ON x.id = i.a_id OR x.id = i.b_id \
         WHERE i.network_id = $1 AND i.state = 'asking' AND i.closes_at > $2 AND x.claimed_by IS NULL \
         AND NOT EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = x.id AND s.until IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = x.id) \
         ORDER BY i.id LIMIT 20",
        params![network, r.now()],
    )
}

/// An open offer or need, as the engine reads it: id, side, owner, kind of owner, text, mode, areas, everywhere,
/// first and last day.
#[derive(Debug, Clone)]
pub struct OpenIntent {
    pub id: i64,
    pub side: String,
    pub actor: ActorId,
    pub kind: String,
    pub title: String,
    pub text: String,
    pub mode: String,
    pub areas: String,
    pub everywhere: bool,
    pub starts_on: Option<i64>,
    pub ends_on: Option<i64>,
}

impl FromRow for OpenIntent {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            side: c.take()?,
            actor: c.take()?,
            kind: c.take()?,
            title: c.take()?,
            text: c.take()?,
            mode: c.take()?,
            areas: c.take()?,
            everywhere: c.take()?,
            starts_on: c.take()?,
            ends_on: c.take()?,
        })
    }
}

/// The open offers and needs of a network that may be proposed: nobody's restricted need, nobody without consent.
pub fn open_intents(r: &Reading<'_>, network: ActorId, rows: i64) -> Result<Vec<OpenIntent>, Error> {
    r.all(
        "SELECT n.id, n.side, n.actor_id, a.kind, n.title, n.text, n.mode, n.areas, n.everywhere, n.starts_on, n.ends_on \
         FROM intent n JOIN actor a ON a.id = n.actor_id WHERE n.network_id = $1 AND n.state = 'open' \
         AND n.valid_until > $2 AND n.restricted_to IS NULL AND n.visibility IN ('network', 'public') \
         AND a.consent = 'given' AND a.may_be_suggested AND a.gone_at IS NULL AND a.visibility <> 'private' \
         ORDER BY n.id DESC LIMIT $3",
        params![network, r.now(), rows],
    )
}

/// The category codes of an offer or need that its author chose.
pub fn tapped(r: &Reading<'_>, intent: i64) -> Result<Vec<String>, Error> {
    r.all("SELECT category FROM intent_category WHERE intent_id = $1 AND tapped", params![intent])
}

/// The two of an introduction both agreed to, and who introduced them; nobody before.
pub fn concerned(r: &Reading<'_>, id: IntroductionId) -> Result<Vec<ActorId>, Error> {
    let found: Option<(ActorId, ActorId, ActorId)> = r.first(
        "SELECT a_id, b_id, introducer_id FROM introduction WHERE id = $1 AND state = 'connected'",
        params![id],
    )?;
    Ok(found.map(|(a, b, introducer)| vec![a, b, introducer]).unwrap_or_default())
}
