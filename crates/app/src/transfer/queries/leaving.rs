//! What leaves with an export: every row asked for with the eyes of the one who takes it out (trap 7).

use formats::export::Activity;
use formats::icalendar::{Event, Rule, Status, When};
use jiff::civil::{DateTime, Time};
use store::ids::{ActorId, ContactId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, audience, params};

use crate::dates;

/// The network's name, if this viewer may see it.
pub fn name(r: &Reading<'_>, network: ActorId) -> Result<String, Error> {
    let sql = format!(
        "SELECT a.name FROM actor a WHERE a.id = $1 AND a.kind = 'network' AND {}",
        audience::visible("a.id", 2)
    );
    r.one(&sql, &seen(r, network))
}

pub(super) fn seen(r: &Reading<'_>, id: ActorId) -> [Value; 2] {
    [Value::Int(id.0), audience::parameter(r.viewer())]
}

/// A member as it leaves.
#[derive(Debug)]
pub struct Leaving {
    pub id: ActorId,
    pub kind: String,
    pub name: String,
    pub nickname: String,
    pub title: String,
    pub other_nicknames: String,
    pub place_words: String,
    pub province: Option<String>,
    pub contact_hours: String,
    pub consent: String,
    pub bio: String,
    pub card_uid: Option<String>,
    pub card_lines: String,
    pub birthday: Option<String>,
}

impl FromRow for Leaving {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            kind: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            title: c.take()?,
            other_nicknames: c.take()?,
            place_words: c.take()?,
            province: c.take()?,
            contact_hours: c.take()?,
            consent: c.take()?,
            bio: c.take()?,
            card_uid: c.take()?,
            card_lines: c.take()?,
            birthday: c.take()?,
        })
    }
}

/// Its members, in a stable order.
pub fn members(r: &Reading<'_>, network: ActorId) -> Result<Vec<Leaving>, Error> {
    let sql = format!(
        "SELECT a.id, a.kind, a.name, a.nickname, a.title, a.other_nicknames, a.place_words, a.province_code, \
         a.contact_hours, a.consent, a.bio, a.card_uid, a.card_lines, a.birthday FROM actor a JOIN membership m ON m.part_id = a.id \
         WHERE m.whole_id = $1 AND m.state = 'member' AND a.gone_at IS NULL AND {} ORDER BY a.id",
        audience::visible("a.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// How a member can be reached.
pub fn points(r: &Reading<'_>, member: ActorId) -> Result<Vec<(String, String)>, Error> {
    let sql = format!(
        "SELECT p.kind, p.value FROM contact_point p WHERE p.actor_id = $1 AND {} ORDER BY p.id",
        audience::visible("p.id", 2)
    );
    r.all(&sql, &seen(r, member))
}

pub(super) const INSIDE: &str =
    "SELECT i.part_id FROM membership i WHERE i.whole_id = $1 AND i.state = 'member'";

/// Who belongs to which group or organization inside: part, whole, title.
pub fn memberships(r: &Reading<'_>, network: ActorId) -> Result<Vec<(ActorId, ActorId, String)>, Error> {
    let sql = format!(
        "SELECT m.part_id, m.whole_id, CASE WHEN m.title <> '' THEN m.title ELSE m.role END FROM membership m \
         WHERE m.state = 'member' AND m.part_id IN ({INSIDE}) AND m.whole_id IN ({INSIDE}) ORDER BY m.id"
    );
    r.all(&sql, params![network])
}

/// Offers and needs: owner, side, text.
pub fn intents(r: &Reading<'_>, network: ActorId) -> Result<Vec<(ActorId, String, String)>, Error> {
    let sql = format!(
        "SELECT n.actor_id, n.side, n.text FROM intent n WHERE n.network_id = $1 AND n.state = 'open' AND {} ORDER BY n.id",
        audience::visible("n.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// A tie as it leaves.
#[derive(Debug)]
pub struct LeavingTie {
    pub subject: ActorId,
    pub object: ActorId,
    pub relation: String,
    pub directed: bool,
    pub strength: Option<i64>,
    pub since: Option<String>,
}

impl FromRow for LeavingTie {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            subject: c.take()?,
            object: c.take()?,
            relation: c.take()?,
            directed: c.take()?,
            strength: c.take()?,
            since: c.take()?,
        })
    }
}

/// Ties that both sides confirmed. A proposal is not told: whether it was declined must not show.
pub fn ties(r: &Reading<'_>, network: ActorId) -> Result<Vec<LeavingTie>, Error> {
    let sql = format!(
        "SELECT t.subject_id, t.object_id, t.relation, t.directed, t.strength, t.since FROM tie t \
         WHERE t.network_id = $1 AND t.state IN ('confirmed', 'active', 'quiet', 'dormant') AND {} ORDER BY t.id",
        audience::visible("t.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// Contacts: id, when, how, about what.
pub fn contacts(
    r: &Reading<'_>,
    network: ActorId,
) -> Result<Vec<(ContactId, Micros, String, String)>, Error> {
    let sql = format!(
        "SELECT c.id, c.at, c.channel, c.summary FROM contact c WHERE c.network_id = $1 AND {} ORDER BY c.at, c.id",
        audience::visible("c.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// Who took part, by name as far as this viewer may see them, else in the words that were written.
pub fn participants(r: &Reading<'_>, contact: ContactId) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT CASE WHEN a.id IS NULL THEN p.words ELSE a.name END FROM contact_participant p \
         LEFT JOIN actor a ON a.id = p.actor_id AND {} WHERE p.contact_id = $1 ORDER BY p.position",
        audience::visible("a.id", 2)
    );
    r.all(&sql, &[Value::Int(contact.0), audience::parameter(r.viewer())])
}

struct GatheringRow {
    id: i64,
    uid: String,
    title: String,
    text: String,
    place: String,
    starts_at: Micros,
    ends_at: Option<Micros>,
    whole_day: bool,
    recurrence: String,
    exceptions: String,
    status: String,
    sequence: i64,
}

impl FromRow for GatheringRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            uid: c.take()?,
            title: c.take()?,
            text: c.take()?,
            place: c.take()?,
            starts_at: c.take()?,
            ends_at: c.take()?,
            whole_day: c.take()?,
            recurrence: c.take()?,
            exceptions: c.take()?,
            status: c.take()?,
            sequence: c.take()?,
        })
    }
}

/// Gatherings, as a calendar holds them.
pub fn gatherings(r: &Reading<'_>, network: ActorId) -> Result<Vec<Activity>, Error> {
    let sql = format!(
        "SELECT g.id, g.uid, g.title, g.text, g.place, g.starts_at, g.ends_at, g.whole_day, g.recurrence, g.exceptions, \
         g.status, g.sequence FROM gathering g WHERE g.network_id = $1 AND {} ORDER BY g.starts_at, g.id",
        audience::visible("g.id", 2)
    );
    let rows: Vec<GatheringRow> = r.all(&sql, &seen(r, network))?;
    rows.into_iter()
        .map(|row| {
            let changed = changes(r, &row)?;
            Ok(Activity { changed, ..activity(row) })
        })
        .collect()
}

struct ChangeRow {
    replaces_at: Micros,
    title: String,
    text: String,
    place: String,
    starts_at: Micros,
    ends_at: Option<Micros>,
    whole_day: bool,
    status: String,
    sequence: i64,
}

impl FromRow for ChangeRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            replaces_at: c.take()?,
            title: c.take()?,
            text: c.take()?,
            place: c.take()?,
            starts_at: c.take()?,
            ends_at: c.take()?,
            whole_day: c.take()?,
            status: c.take()?,
            sequence: c.take()?,
        })
    }
}

/// The occurrences of a gathering that were moved or changed, each saying which one it was.
fn changes(r: &Reading<'_>, gathering: &GatheringRow) -> Result<Vec<Event>, Error> {
    let rows: Vec<ChangeRow> = r.all(
        "SELECT replaces_at, title, text, place, starts_at, ends_at, whole_day, status, sequence FROM gathering_change \
         WHERE gathering_id = $1 ORDER BY replaces_at",
        params![gathering.id],
    )?;
    let event = |row: ChangeRow| {
        let when = |at: Micros, whole_day: bool| When { local: local(at), ahead: 0, whole_day };
        Event {
            line: 0,
            uid: gathering.uid.clone(),
            sequence: row.sequence,
            summary: row.title,
            description: row.text,
            location: row.place,
            status: status(&row.status),
            start: Some(when(row.starts_at, row.whole_day)),
            start_is_invalid: false,
            end: row.ends_at.map(|at| when(at, row.whole_day)),
            rule: None,
            except: Vec::new(),
            also: Vec::new(),
            replaces: Some(when(row.replaces_at, gathering.whole_day)),
        }
    };
    Ok(rows.into_iter().map(event).collect())
}

fn status(word: &str) -> Status {
    if word == "cancelled" { Status::Cancelled } else { Status::Confirmed }
}

fn activity(row: GatheringRow) -> Activity {
    let when = |at: Micros| When { local: local(at), ahead: 0, whole_day: row.whole_day };
    let except = row
        .exceptions
        .lines()
        .filter_map(|line| line.parse::<DateTime>().ok())
        .map(|local| When { local, ahead: 0, whole_day: row.whole_day })
        .collect();
    let event = Event {
        line: 0,
        uid: row.uid,
        sequence: row.sequence,
        summary: row.title,
        description: row.text,
        location: row.place,
        status: status(&row.status),
        start: Some(when(row.starts_at)),
        start_is_invalid: false,
        end: row.ends_at.map(when),
        rule: (!row.recurrence.is_empty()).then(|| Rule::read(&row.recurrence, 0)),
        except,
        also: Vec::new(),
        replaces: None,
    };
    Activity { event, changed: Vec::new() }
}

/// A moment by the clock in Thailand.
fn local(at: Micros) -> DateTime {
    let day = dates::day(at);
    let since = (at.0 - dates::start_of(day).0).max(0);
    let time = Time::midnight().wrapping_add(jiff::SignedDuration::from_micros(since));
    day.to_datetime(time)
}

/// The member of a network by name, as the command line names one.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn member_named(r: &Reading<'_>, network: ActorId, name: &str) -> Result<ActorId, Error> {
    r.one(
        "SELECT a.id FROM actor a JOIN membership m ON m.part_id = a.id WHERE m.whole_id = $1 AND m.state = 'member' \
         AND a.gone_at IS NULL AND (a.name = $2 OR a.nickname = $2 OR EXISTS (SELECT 1 FROM account_name n \
         JOIN account c ON c.id = n.account_id WHERE c.person_id = a.id AND n.name = $2)) ORDER BY a.id LIMIT 1",
        params![network, name],
    )
}
