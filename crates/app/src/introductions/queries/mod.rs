mod candidates;
mod pairs;
mod parties;
mod readily;

pub use candidates::{counted, drawn, enter, lock_network, networks, worth};
pub use pairs::{
    Woven, between_now, changes_after, common, living_ties, members_of, newest_line, taught, tied_to,
    ties_of, woven,
};
pub use parties::{
    apart, coordinates, has_no_account, in_network, limits, load, may_be_suggested, may_meet, met_since,
    open_asks, put_limits, reach, taken,
};
pub use readily::answered;

use network::introduction::{Origin, Stage, Worth};
use store::ids::{ActorId, IntroductionId, TieId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

/// An introduction as the program sees it.
#[derive(Debug, Clone)]
pub struct Introduction {
    pub id: IntroductionId,
    pub network: ActorId,
    /// Who introduces; the network itself where its coordinators do.
    pub introducer: ActorId,
    pub a: ActorId,
    pub b: ActorId,
    pub origin: Origin,
    /// Which of the two asked for it.
    pub asker: Option<ActorId>,
    /// A kind of benefit.
    pub purpose: String,
    pub reason: String,
    pub a_gains: String,
    pub b_gains: String,
    /// What the one who asked wrote, to be passed on.
    pub note: String,
    /// What the one who introduces wrote to both.
    pub words: String,
    pub stage: Stage,
    pub closes_at: Micros,
    pub asked_at: Option<Micros>,
    pub put_aside_at: Option<Micros>,
    pub connected_at: Option<Micros>,
    pub tie: Option<TieId>,
    pub created_at: Micros,
}

impl Introduction {
    /// The other one of the two.
    pub fn other(&self, one: ActorId) -> ActorId {
        if one == self.a { self.b } else { self.a }
    }

    /// Whether this is one of the two who knows of it: until it was passed on only the one who asked does.
    pub fn concerns(&self, member: ActorId) -> bool {
        (member == self.a || member == self.b) && (self.asked_at.is_some() || self.asker == Some(member))
    }

    /// What this one of the two would gain.
    pub fn gains(&self, one: ActorId) -> &str {
        if one == self.a { &self.a_gains } else { &self.b_gains }
    }

    /// Whether anything can still come of it.
    pub fn is_open(&self, now: Micros) -> bool {
        matches!(self.stage, Stage::Drafted | Stage::Asking) && self.closes_at > now
    }

    /// The stage everybody sees: over at its time to the moment, whenever the program writes that down.
    pub fn stage_at(&self, now: Micros) -> Stage {
        if self.stage == Stage::Connected || self.is_open(now) { self.stage } else { Stage::Lapsed }
    }
}

impl FromRow for Introduction {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, network, introducer) = (c.take()?, c.take()?, c.take()?);
        let (a, b) = (c.take()?, c.take()?);
        let origin: String = c.take()?;
        let asker = c.take()?;
        let (purpose, reason, a_gains, b_gains) = (c.take()?, c.take()?, c.take()?, c.take()?);
        let (note, words) = (c.take()?, c.take()?);
        let stage: String = c.take()?;
        Ok(Self {
            id,
            network,
            introducer,
            a,
            b,
            origin: Origin::from_word(&origin).unwrap_or(Origin::Found),
            asker,
            purpose,
            reason,
            a_gains,
            b_gains,
            note,
            words,
            stage: Stage::from_word(&stage).unwrap_or(Stage::Lapsed),
            closes_at: c.take()?,
            asked_at: c.take()?,
            put_aside_at: c.take()?,
            connected_at: c.take()?,
            tie: c.take()?,
            created_at: c.take()?,
        })
    }
}

const INTRODUCTION: &str = "i.id, i.network_id, i.introducer_id, i.a_id, i.b_id, i.origin, i.asker_id, i.purpose, \
    i.reason, i.a_gains, i.b_gains, i.note, i.words, i.state, i.closes_at, i.asked_at, i.put_aside_at, \
    i.connected_at, i.tie_id, i.created_at";

/// An introduction by its id. The caller checks who may see it.
pub fn find(r: &Reading<'_>, id: IntroductionId) -> Result<Introduction, Error> {
    r.one(&format!("SELECT {INTRODUCTION} FROM introduction i WHERE i.id = $1"), params![id])
}

/// Which introductions a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for this member's answer.
    ForMe,
    /// This member's own, as far as they know of them.
    Mine,
    /// Those that wait for this member to pass them on; for coordinators, with the network's id.
    ToPassOn,
    /// Those this member made.
    Made,
    /// Those of a network that its coordinators see.
    OfNetwork,
}

/// A page of introductions, newest first; `before` is an id or 0.
pub fn list(
    r: &Reading<'_>,
    which: Which,
    who: ActorId,
    before: i64,
    rows: i64,
) -> Result<Vec<Introduction>, Error> {
    let condition = match which {
        // who is gone, or wants to be asked nothing any more, waits for nobody's answer
        Which::ForMe => {
            "(i.a_id = $1 OR i.b_id = $1) AND i.state = 'asking' AND i.closes_at > $3 AND NOT EXISTS \
             (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = $1) AND EXISTS \
             (SELECT 1 FROM actor o WHERE o.id = CASE WHEN i.a_id = $1 THEN i.b_id ELSE i.a_id END \
             AND o.consent = 'given' AND o.gone_at IS NULL)"
        }
        Which::Mine => {
            "(i.a_id = $1 OR i.b_id = $1) AND (i.asked_at IS NOT NULL OR i.asker_id = $1) AND CAST($3 AS BIGINT) IS NOT NULL"
        }
        Which::ToPassOn => {
            "i.introducer_id = $1 AND i.state = 'drafted' AND i.closes_at > $3 AND i.put_aside_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = i.asker_id \
             AND n.answer = 'no')"
        }
        Which::Made => "i.introducer_id = $1 AND i.asked_at IS NOT NULL AND CAST($3 AS BIGINT) IS NOT NULL",
        Which::OfNetwork => {
            "i.network_id = $1 AND (i.asked_at IS NOT NULL OR i.origin = 'suggested') AND CAST($3 AS BIGINT) IS NOT NULL"
        }
    };
    let seen = if which == Which::OfNetwork {
        audience::visible("i.id", 5)
    } else {
        "CAST($5 AS BIGINT) IS NOT NULL".to_owned()
    };
    let viewer = if which == Which::OfNetwork { audience::parameter(r.viewer()) } else { Value::Int(0) };
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE {condition} AND (CAST($2 AS BIGINT) = 0 OR i.id < $2) AND {seen} \
         ORDER BY i.id DESC LIMIT $4"
    );
    let (who, now) = (Value::Int(who.0), Value::Int(r.now().0));
    r.all(&sql, &[who, Value::Int(before), now, Value::Int(rows), viewer])
}

/// What this member answered, if anything.
pub fn own_answer(r: &Reading<'_>, id: IntroductionId, member: ActorId) -> Result<Option<String>, Error> {
    r.first(
        "SELECT answer FROM introduction_answer WHERE introduction_id = $1 AND actor_id = $2",
        params![id, member],
    )
}

/// An introduction to be written.
#[derive(Debug)]
pub struct New<'a> {
    pub network: ActorId,
    pub introducer: ActorId,
    pub a: ActorId,
    pub b: ActorId,
    pub origin: Origin,
    pub asker: Option<ActorId>,
    pub purpose: &'a str,
    pub reason: &'a str,
    pub a_gains: &'a str,
    pub b_gains: &'a str,
    pub note: &'a str,
    pub words: &'a str,
    pub stage: Stage,
    pub closes_at: Micros,
}

pub fn insert(w: &mut Writing<'_>, new: &New<'_>) -> Result<IntroductionId, Error> {
    let (id, now) = (IntroductionId(w.new_id()), w.now());
    let asked_at = Some(now).filter(|_| new.stage == Stage::Asking);
    w.execute(
        "INSERT INTO introduction (id, network_id, introducer_id, a_id, b_id, origin, asker_id, purpose, reason, a_gains, \
         b_gains, note, words, state, closes_at, asked_at, created_at, updated_at, version) VALUES \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 1)",
        params![
            id,
            new.network,
            new.introducer,
            new.a,
            new.b,
            new.origin.word(),
            new.asker,
            new.purpose,
            new.reason,
            new.a_gains,
            new.b_gains,
            new.note,
            new.words,
            new.stage.word(),
            new.closes_at,
            asked_at,
            now
        ],
    )?;
    Ok(id)
}

/// Locks the introduction, so that two answers at once see each other.
pub fn lock(w: &mut Writing<'_>, id: IntroductionId) -> Result<(), Error> {
    w.execute_one("UPDATE introduction SET version = version + 1 WHERE id = $1", params![id])
}

/// The one in between passes it on, in their own name and words: from now on both are asked.
pub fn pass_on(
    w: &mut Writing<'_>,
    id: IntroductionId,
    introducer: ActorId,
    words: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE introduction SET state = 'asking', asked_at = $2, introducer_id = $3, words = $4, updated_at = $2 \
         WHERE id = $1",
        params![id, now, introducer, words],
    )
}

/// The one in between puts it aside, which nobody else sees.
pub fn put_aside(w: &mut Writing<'_>, id: IntroductionId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one("UPDATE introduction SET put_aside_at = $2 WHERE id = $1", params![id, now])
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

/// Takes a yes back.
pub fn take_back(w: &mut Writing<'_>, id: IntroductionId, member: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE introduction_answer SET answer = 'no', at = $3 WHERE introduction_id = $1 AND actor_id = $2",
        params![id, member, now],
    )?;
    Ok(())
}

/// An introduction that was over when it began: two who are no pair, as one member said.
const NO_PAIR: &str = "network_id = $1 AND introducer_id = $2 AND origin = 'found' AND state = 'lapsed' \
    AND asked_at IS NULL AND asker_id IS NULL AND put_aside_at IS NOT NULL";

/// The pairs this member said of that they are none, since a moment, newest first.
pub fn resting(
    r: &Reading<'_>,
    network: ActorId,
    who: ActorId,
    since: Micros,
) -> Result<Vec<(IntroductionId, ActorId, ActorId)>, Error> {
    let sql = format!(
        "SELECT id, a_id, b_id FROM introduction WHERE {NO_PAIR} AND created_at > $3 ORDER BY id DESC LIMIT 20"
    );
    r.all(&sql, params![network, who, since])
}

/// Takes back that two are no pair.
pub fn pair_again(
    w: &mut Writing<'_>,
    network: ActorId,
    who: ActorId,
    id: IntroductionId,
) -> Result<(), Error> {
    w.execute_one(&format!("DELETE FROM introduction WHERE id = $3 AND {NO_PAIR}"), params![network, who, id])
}

/// Whether both of the two said yes.
pub fn both_said_yes(r: &Reading<'_>, introduction: &Introduction) -> Result<bool, Error> {
    let count: i64 = r.one(
        "SELECT COUNT(*) FROM introduction_answer WHERE introduction_id = $1 AND answer = 'yes' AND actor_id IN ($2, $3)",
        params![introduction.id, introduction.a, introduction.b],
    )?;
    Ok(count == 2)
}

/// Both said yes.
pub fn connect(w: &mut Writing<'_>, id: IntroductionId, tie: TieId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE introduction SET state = 'connected', tie_id = $2, connected_at = $3, updated_at = $3 WHERE id = $1",
        params![id, tie, now],
    )
}

/// Closes introductions at their time; refused and unanswered ones alike.
pub fn lapse_due(w: &mut Writing<'_>) -> Result<u64, Error> {
    let now = w.now();
    w.execute(
        "UPDATE introduction SET state = 'lapsed', updated_at = $1, version = version + 1 \
         WHERE state IN ('drafted', 'asking') AND closes_at <= $1",
        params![now],
    )
}

/// Those who met so long ago that they are asked whether it was worth it, and were not told yet.
pub fn worth_due(r: &Reading<'_>, since: Micros, rows: i64) -> Result<Vec<Introduction>, Error> {
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE i.state = 'connected' AND i.worth_asked_at IS NULL \
         AND i.connected_at <= $1 ORDER BY i.connected_at LIMIT $2"
    );
    r.all(&sql, params![since, rows])
}

/// Notes that both were told; false where another process was quicker.
pub fn worth_asked(w: &mut Writing<'_>, id: IntroductionId) -> Result<bool, Error> {
    let now = w.now();
    let count = w.execute(
        "UPDATE introduction SET worth_asked_at = $2 WHERE id = $1 AND worth_asked_at IS NULL",
        params![id, now],
    )?;
    Ok(count == 1)
}

/// What one of the two said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub actor: ActorId,
    pub worth: Worth,
    /// A word of what came of a contact.
    pub outcome: String,
    pub thanks: String,
    pub shared: bool,
    pub at: Micros,
}

impl FromRow for Said {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let actor = c.take()?;
        let worth: String = c.take()?;
        Ok(Self {
            actor,
            worth: Worth::from_word(&worth).unwrap_or(Worth::Early),
            outcome: c.take()?,
            thanks: c.take()?,
            shared: c.take()?,
            at: c.take()?,
        })
    }
}

/// What the two said of it so far.
pub fn said(r: &Reading<'_>, id: IntroductionId) -> Result<Vec<Said>, Error> {
    r.all(
        "SELECT actor_id, worth, outcome, thanks, shared, at FROM introduction_worth WHERE introduction_id = $1 ORDER BY actor_id",
        params![id],
    )
}

pub fn put_said(w: &mut Writing<'_>, id: IntroductionId, said: &Said) -> Result<(), Error> {
    w.execute(
        "INSERT INTO introduction_worth (introduction_id, actor_id, worth, outcome, thanks, shared, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (introduction_id, actor_id) DO UPDATE SET worth = $3, \
         outcome = $4, thanks = $5, shared = $6, at = $7",
        params![id, said.actor, said.worth.word(), said.outcome, said.thanks, said.shared, said.at],
    )?;
    Ok(())
}

/// Those of a member that it is time to say of whether they were worth it: nothing said yet, or too early last time.
pub fn worth_to_say(
    r: &Reading<'_>,
    member: ActorId,
    met_before: Micros,
    said_before: Micros,
) -> Result<Vec<Introduction>, Error> {
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE (i.a_id = $1 OR i.b_id = $1) AND i.state = 'connected' \
         AND i.connected_at <= $2 AND NOT EXISTS (SELECT 1 FROM introduction_worth s WHERE s.introduction_id = i.id \
         AND s.actor_id = $1 AND (s.worth <> 'early' OR s.at > $3)) AND EXISTS (SELECT 1 FROM actor o \
         WHERE o.id = CASE WHEN i.a_id = $1 THEN i.b_id ELSE i.a_id END AND o.consent = 'given') ORDER BY i.id LIMIT 3"
    );
    r.all(&sql, params![member, met_before, said_before])
}

/// Those who met since a moment, and can reach each other: for their first word to each other.
///
/// # Errors
/// The database's own.
pub fn just_met(r: &Reading<'_>, member: ActorId, since: Micros) -> Result<Vec<Introduction>, Error> {
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE (i.a_id = $1 OR i.b_id = $1) AND i.state = 'connected' \
         AND i.connected_at > $2 AND NOT EXISTS (SELECT 1 FROM block b WHERE (b.actor_id = i.a_id AND b.blocked_id = i.b_id) \
         OR (b.actor_id = i.b_id AND b.blocked_id = i.a_id)) ORDER BY i.id LIMIT 3"
    );
    r.all(&sql, params![member, since])
}

/// Somebody to call: the introduction, who, about whom, the number.
pub type Call = (IntroductionId, ActorId, ActorId, Option<String>);

/// Those of the two who have no account and no steward with one, are in this network, and were not asked yet; with a
/// number to call. Not those of introductions in which who looks, or a group they act for, is the other one of the two:
/// they would hear a refusal that must look like silence to them, so that another coordinator calls.
pub fn to_call(r: &Reading<'_>, network: ActorId) -> Result<Vec<Call>, Error> {
    r.all(
        "SELECT i.id, x.id, CASE WHEN i.a_id = x.id THEN i.b_id ELSE i.a_id END, (SELECT MIN(p.shown) FROM contact_point p \
         WHERE p.actor_id = x.id AND p.kind = 'phone') FROM introduction i JOIN actor x ON x.id = i.a_id OR x.id = i.b_id \
         WHERE i.network_id = $1 AND i.state = 'asking' AND i.closes_at > $2 AND x.claimed_by IS NULL \
         AND x.gone_at IS NULL AND x.consent = 'given' \
         AND NOT EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = x.id AND s.until IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = x.id) \
         AND $3 NOT IN (i.a_id, i.b_id) AND $4 NOT IN (i.a_id, i.b_id) AND NOT EXISTS (SELECT 1 FROM stewardship t \
         WHERE t.person_id = $4 AND t.actor_id IN (i.a_id, i.b_id) AND t.until IS NULL) ORDER BY i.id LIMIT 20",
        &[
            Value::Int(network.0),
            Value::Int(r.now().0),
            audience::parameter(r.viewer()),
            Value::Int(r.viewer().person().map_or(0, |person| person.0)),
        ],
    )
}

/// Those whom the one who introduces calls, because no coordinator can: each is one of the two, or acts for one of them,
/// and would hear a refusal that must look like silence to them. With the number, as far as who introduces may see it.
pub fn to_call_instead(r: &Reading<'_>, introducer: ActorId) -> Result<Vec<Call>, Error> {
    let sql = format!(
        "SELECT i.id, x.id, CASE WHEN i.a_id = x.id THEN i.b_id ELSE i.a_id END, (SELECT MIN(p.shown) FROM contact_point p \
         WHERE p.actor_id = x.id AND p.kind = 'phone' AND {}) FROM introduction i \
         JOIN actor x ON x.id = i.a_id OR x.id = i.b_id \
         WHERE i.introducer_id = $1 AND i.state = 'asking' AND i.closes_at > $2 AND x.claimed_by IS NULL \
         AND x.gone_at IS NULL AND x.consent = 'given' \
         AND NOT EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = x.id AND s.until IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM introduction_answer n WHERE n.introduction_id = i.id AND n.actor_id = x.id) \
         AND $1 NOT IN (i.a_id, i.b_id) AND $4 NOT IN (i.a_id, i.b_id) AND NOT EXISTS (SELECT 1 FROM stewardship t \
         WHERE t.person_id = $4 AND t.actor_id IN (i.a_id, i.b_id) AND t.until IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM membership m JOIN actor c ON c.id = m.part_id WHERE m.whole_id = i.network_id \
         AND m.role = 'coordinator' AND m.state = 'member' AND c.claimed_by IS NOT NULL AND c.gone_at IS NULL \
         AND m.part_id NOT IN (i.a_id, i.b_id) AND NOT EXISTS (SELECT 1 FROM stewardship u \
         WHERE u.person_id = m.part_id AND u.actor_id IN (i.a_id, i.b_id) AND u.until IS NULL)) ORDER BY i.id LIMIT 20",
        audience::visible("p.id", 3)
    );
    r.all(
        &sql,
        &[
            Value::Int(introducer.0),
            Value::Int(r.now().0),
            audience::parameter(r.viewer()),
            Value::Int(r.viewer().person().map_or(0, |person| person.0)),
        ],
    )
}

/// The two of an introduction both agreed to, and who introduced them; nobody before.
pub fn concerned(r: &Reading<'_>, id: IntroductionId) -> Result<Vec<ActorId>, Error> {
    let found: Option<(ActorId, ActorId, ActorId)> = r.first(
        "SELECT a_id, b_id, introducer_id FROM introduction WHERE id = $1 AND state = 'connected'",
        params![id],
    )?;
    Ok(found.map(|(a, b, introducer)| vec![a, b, introducer]).unwrap_or_default())
}

/// Who introduced these two, and when they said yes.
pub fn between(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Vec<Introduction>, Error> {
    let sql = format!(
        "SELECT {INTRODUCTION} FROM introduction i WHERE ((i.a_id = $1 AND i.b_id = $2) OR (i.a_id = $2 AND i.b_id = $1)) \
         AND i.state = 'connected' ORDER BY i.id DESC LIMIT 5"
    );
    r.all(&sql, params![a, b])
}

/// The introduction through which these two met, the latest.
///
/// # Errors
/// The database's own.
pub fn met(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<Option<IntroductionId>, Error> {
    Ok(between(r, a, b)?.first().map(|one| one.id))
}
