use network::referral::{State, Step};
use store::ids::{ActorId, IntentId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, audience, params};

use super::ReferralId;
use super::actions::{Draft, Subject};

/// A referral as the program sees it.
#[derive(Debug, Clone)]
pub struct Referral {
    pub id: ReferralId,
    pub network: ActorId,
    pub sender: ActorId,
    pub receiver: ActorId,
    pub subject: String,
    pub intent: Option<IntentId>,
    pub person: Option<ActorId>,
    pub title: String,
    pub reason: String,
    pub urgent: bool,
    pub consent_manner: Option<String>,
    pub consent_at: Option<Micros>,
    pub state: State,
    /// Days since 1970-01-01.
    pub due_on: i64,
    pub reply: String,
    pub feedback: Option<String>,
    pub feedback_words: String,
    pub secret: String,
    pub overdue_at: Option<Micros>,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub version: i64,
}

impl FromRow for Referral {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let mut referral = Self {
            id: c.take()?,
            network: c.take()?,
            sender: c.take()?,
            receiver: c.take()?,
            subject: c.take()?,
            intent: c.take()?,
            person: c.take()?,
            title: c.take()?,
            reason: c.take()?,
            urgent: c.take::<String>()? == "urgent",
            consent_manner: c.take()?,
            consent_at: c.take()?,
            state: State::Cancelled,
            due_on: 0,
            reply: String::new(),
            feedback: None,
            feedback_words: String::new(),
            secret: String::new(),
            overdue_at: None,
            created_at: Micros(0),
            updated_at: Micros(0),
            version: 0,
        };
        let word: String = c.take()?;
        referral.state = State::from_word(&word)
            .ok_or_else(|| Error::Fault(format!("a referral has the unknown state {word}")))?;
        referral.due_on = c.take()?;
        referral.reply = c.take()?;
        referral.feedback = c.take()?;
        referral.feedback_words = c.take()?;
        referral.secret = c.take()?;
        referral.overdue_at = c.take()?;
        referral.created_at = c.take()?;
        referral.updated_at = c.take()?;
        referral.version = c.take()?;
        Ok(referral)
    }
}

const COLUMNS: &str = "f.id, f.network_id, f.sender_id, f.receiver_id, f.subject, f.intent_id, f.person_id, f.title, \
     f.reason, f.urgency, f.consent_manner, f.consent_at, f.state, f.due_on, f.reply, f.feedback, f.feedback_words, \
     f.secret, f.overdue_at, f.created_at, f.updated_at, f.version";

/// A referral this viewer may see.
///
/// # Errors
/// [`Error::NotFound`] where there is none for them.
pub fn find(r: &Reading<'_>, id: ReferralId) -> Result<Referral, Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM referral f WHERE f.id = $1 AND {}", audience::visible("f.id", 2));
    r.one(&sql, &[store::Value::Int(id.0), audience::parameter(r.viewer())])
}

/// A referral whoever may see it: for the program itself, to decide who may see it from now on.
///
/// # Errors
/// [`Error::NotFound`]
pub fn of_program(w: &Writing<'_>, id: ReferralId) -> Result<Referral, Error> {
    w.one(&format!("SELECT {COLUMNS} FROM referral f WHERE f.id = $1"), params![id])
}

/// Where the referral of a printed letter is: state, when it changed, by when it is to be done.
pub fn by_secret(r: &Reading<'_>, secret: &str) -> Result<(String, Micros, i64), Error> {
    r.one("SELECT state, updated_at, due_on FROM referral WHERE secret = $1", params![secret])
}

/// Which of a member's referrals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Sent to me, and not over.
    ToMe,
    /// Sent by me.
    FromMe,
    /// About me.
    AboutMe,
    /// Of my network, and overdue.
    Overdue,
}

/// A list of referrals, newest first, from before `before` (0: from the newest).
pub fn list(
    r: &Reading<'_>,
    which: Which,
    who: ActorId,
    before: i64,
    rows: i64,
) -> Result<Vec<Referral>, Error> {
    let clause = match which {
        // a draft waits for the person's yes, and is nobody else's to know of
        Which::ToMe => "f.receiver_id = $1 AND f.state NOT IN ('draft', 'cancelled')",
        Which::FromMe => "f.sender_id = $1",
        Which::AboutMe => "f.person_id = $1 AND f.sender_id <> $1",
        Which::Overdue => {
            "f.network_id = $1 AND f.overdue_at IS NOT NULL AND f.state IN ('requested', 'received', 'accepted', \
             'in_progress')"
        }
    };
    let before = if before == 0 { i64::MAX } else { before };
    let sql = format!(
        "SELECT {COLUMNS} FROM referral f WHERE {clause} AND f.id < $2 AND {} ORDER BY f.id DESC LIMIT $4",
        audience::visible("f.id", 3)
    );
    let viewer = audience::parameter(r.viewer());
    let value = store::Value::Int;
    r.all(&sql, &[value(who.0), value(before), viewer, value(rows)])
}

/// One of the last hundred between two members that the viewer may see.
pub fn between(r: &Reading<'_>, a: ActorId, b: ActorId, rows: i64) -> Result<Vec<Referral>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM referral f WHERE ((f.sender_id = $1 AND f.receiver_id = $2) OR (f.sender_id = $2 AND \
         f.receiver_id = $1)) AND {} ORDER BY f.id DESC LIMIT $4",
        audience::visible("f.id", 3)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[store::Value::Int(a.0), store::Value::Int(b.0), viewer, store::Value::Int(rows)])
}

/// One line of the trail.
#[derive(Debug, Clone)]
pub struct TrailLine {
    pub at: Micros,
    pub by: ActorId,
    pub step: String,
    pub to: Option<ActorId>,
    pub words: String,
}

impl FromRow for TrailLine {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { at: c.take()?, by: c.take()?, step: c.take()?, to: c.take()?, words: c.take()? })
    }
}

/// The trail, oldest first. The caller has found the referral for the viewer.
pub fn trail(r: &Reading<'_>, id: ReferralId) -> Result<Vec<TrailLine>, Error> {
    r.all(
        "SELECT at, by_id, step, to_id, words FROM referral_step WHERE referral_id = $1 ORDER BY id",
        params![id],
    )
}

/// Everybody it has gone through, the present receiver left out: they keep seeing where it is.
pub fn hands(r: &Reading<'_>, id: ReferralId) -> Result<Vec<ActorId>, Error> {
    r.all("SELECT DISTINCT by_id FROM referral_step WHERE referral_id = $1 AND step = 'pass_on'", params![id])
}

/// The numbers and addresses by which the person it speaks of can be reached. Only for those whom [`find`] shows it
/// to, and only after the person agreed: the caller has checked both.
pub fn reach(r: &Reading<'_>, person: ActorId) -> Result<Vec<(String, String, String)>, Error> {
    r.all(
        "SELECT kind, value, shown FROM contact_point WHERE actor_id = $1 AND kind IN ('phone', 'line', 'email') \
         ORDER BY kind, value LIMIT 5",
        params![person],
    )
}

/// Whether somebody may be referred to: in the network, agreed to be contacted, not gone, no block either way.
pub fn reachable(r: &Reading<'_>, network: ActorId, sender: ActorId, to: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor a JOIN membership m ON m.part_id = a.id WHERE a.id = $2 AND m.whole_id = $1 \
         AND m.state = 'member' AND a.consent = 'given' AND a.gone_at IS NULL AND a.visibility <> 'private' \
         AND NOT EXISTS (SELECT 1 FROM block b WHERE (b.actor_id = $2 AND b.blocked_id = $3) \
         OR (b.actor_id = $3 AND b.blocked_id = $2))",
        params![network, to, sender],
    )?;
    Ok(found.is_some())
}

/// How many requests a member takes on a month, and how many came since a moment.
pub fn load(r: &Reading<'_>, member: ActorId, since: Micros) -> Result<(i64, i64), Error> {
    r.one(
        "SELECT a.capacity_a_month, (SELECT COUNT(*) FROM referral f WHERE f.receiver_id = $1 AND f.created_at > $2 \
         AND f.state NOT IN ('draft', 'rejected', 'cancelled')) FROM actor a WHERE a.id = $1",
        params![member, since],
    )
}

/// The same matter, from the same sender to the same member, not over yet.
pub fn same(
    r: &Reading<'_>,
    sender: ActorId,
    to: ActorId,
    subject: &Subject,
) -> Result<Option<ReferralId>, Error> {
    let (column, id) = match subject {
        Subject::Need(intent) => ("intent_id", intent.0),
        Subject::Person(person) => ("person_id", person.0),
        Subject::Question => return Ok(None),
    };
    let sql = format!(
        "SELECT id FROM referral WHERE sender_id = $1 AND receiver_id = $2 AND {column} = $3 \
         AND state NOT IN ('completed', 'rejected', 'cancelled')"
    );
    r.first(&sql, params![sender, to, id])
}

/// Whether nobody can answer for this member in the program: no account, no steward.
pub fn has_no_account(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor a WHERE a.id = $1 AND a.claimed_by IS NULL AND NOT EXISTS (SELECT 1 FROM stewardship s \
         WHERE s.actor_id = a.id AND s.until IS NULL)",
        params![member],
    )?;
    Ok(found.is_some())
}

/// How the person agreed, and by whom it was written down.
#[derive(Debug, Clone, Copy)]
pub struct Agreed<'a> {
    pub manner: &'a str,
}

pub fn insert(
    w: &mut Writing<'_>,
    network: ActorId,
    sender: ActorId,
    draft: &Draft,
    person: Option<ActorId>,
    (state, agreed): (State, Option<Agreed<'_>>),
    secret: &str,
) -> Result<ReferralId, Error> {
    let (id, now, by) = (ReferralId(w.new_id()), w.now(), w.viewer().person());
    let (subject, intent) = match draft.subject {
        Subject::Need(intent) => ("need", Some(intent)),
        Subject::Person(_) => ("person", None),
        Subject::Question => ("question", None),
    };
    let urgency = if draft.urgent { "urgent" } else { "routine" };
    w.execute(
        "INSERT INTO referral (id, network_id, sender_id, receiver_id, subject, intent_id, person_id, title, reason, \
         urgency, consent_manner, consent_at, consent_by, state, due_on, reply, feedback_words, secret, created_at, \
         created_by, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         '', '', $16, $17, $18, $17, 1)",
        params![
            id,
            network,
            sender,
            draft.to,
            subject,
            intent,
            person,
            draft.title,
            draft.reason,
            urgency,
            agreed.map(|a| a.manner),
            agreed.map(|_| now),
            agreed.and(by),
            state.word(),
            draft.due_on,
            secret,
            now,
            by
        ],
    )?;
    Ok(id)
}

/// Locks it, so that two steps at once see each other.
pub fn lock(w: &mut Writing<'_>, id: ReferralId) -> Result<(), Error> {
    w.execute_one("UPDATE referral SET version = version + 1 WHERE id = $1", params![id])
}

pub fn set_state(
    w: &mut Writing<'_>,
    id: ReferralId,
    state: State,
    receiver: ActorId,
    reply: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE referral SET state = $2, receiver_id = $3, reply = CASE WHEN $4 <> '' THEN $4 ELSE reply END, \
         updated_at = $5 WHERE id = $1",
        params![id, state.word(), receiver, reply, now],
    )
}

pub fn set_consent(w: &mut Writing<'_>, id: ReferralId, manner: &str) -> Result<(), Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute_one(
        "UPDATE referral SET consent_manner = $2, consent_at = $3, consent_by = $4 WHERE id = $1",
        params![id, manner, now, by],
    )
}

/// More time, because it begins anew with somebody else.
pub fn begin_anew(w: &mut Writing<'_>, id: ReferralId, due_on: i64) -> Result<(), Error> {
    w.execute_one("UPDATE referral SET due_on = $2, overdue_at = NULL WHERE id = $1", params![id, due_on])
}

pub fn set_feedback(w: &mut Writing<'_>, id: ReferralId, word: &str, words: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE referral SET feedback = $2, feedback_words = $3, updated_at = $4 WHERE id = $1",
        params![id, word, words, now],
    )
}

pub fn add_step(
    w: &mut Writing<'_>,
    id: ReferralId,
    by: ActorId,
    step: Step,
    to: Option<ActorId>,
    words: &str,
) -> Result<(), Error> {
    add_line(w, id, by, step.word(), to, words)
}

/// A line of the trail that is no step: sent, feedback given.
pub fn add_line(
    w: &mut Writing<'_>,
    id: ReferralId,
    by: ActorId,
    word: &str,
    to: Option<ActorId>,
    words: &str,
) -> Result<(), Error> {
    let (line, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO referral_step (id, referral_id, at, by_id, step, to_id, words) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![line, id, now, by, word, to, words],
    )?;
    Ok(())
}

/// What should have been done by today and was not said to be overdue yet.
pub fn newly_overdue(r: &Reading<'_>, today: i64) -> Result<Vec<Referral>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM referral f WHERE f.state IN ('requested', 'received', 'accepted', 'in_progress') \
         AND f.due_on < $1 AND f.overdue_at IS NULL ORDER BY f.id LIMIT 200"
    );
    r.all(&sql, params![today])
}

pub fn mark_overdue(w: &mut Writing<'_>, id: ReferralId) -> Result<bool, Error> {
    let now = w.now();
    Ok(w.execute(
        "UPDATE referral SET overdue_at = $2 WHERE id = $1 AND overdue_at IS NULL",
        params![id, now],
    )? == 1)
}

/// The coordinators of a network.
pub fn coordinators(r: &Reading<'_>, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' \
         ORDER BY part_id LIMIT 50",
        params![network],
    )
}

/// The members of a network whose offers speak of the same categories as a need, to choose from.
pub fn could_act(r: &Reading<'_>, network: ActorId, intent: IntentId) -> Result<Vec<ActorId>, Error> {
    let sql = format!(
        "SELECT o.actor_id FROM intent o JOIN intent_category oc ON oc.intent_id = o.id JOIN intent_category nc \
         ON nc.category = oc.category AND nc.intent_id = $1 WHERE o.network_id = $2 AND o.side = 'offer' \
         AND o.state = 'open' AND {} GROUP BY o.actor_id ORDER BY MAX(oc.weight) DESC, o.actor_id LIMIT 8",
        audience::visible("o.id", 3)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[store::Value::Int(intent.0), store::Value::Int(network.0), viewer])
}
