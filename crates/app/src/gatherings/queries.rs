//! Gatherings and the occurrences of them that were moved, as rows and as events.

use std::collections::HashMap;

use formats::export::Activity;
use formats::icalendar::{Event, Rule, Status, When};
use jiff::civil::{DateTime, Time};
use store::{Cells, Error, FromRow, Micros, Reading, Value, audience};

use crate::dates;

/// The network's own.
pub const OF_NETWORK: &str = "g.network_id = $1";
/// Those of a network and those a member said to come to, or was asked to and did not decline.
pub const OF_MEMBER: &str = "g.id IN (SELECT n.id FROM gathering n WHERE n.network_id = $1 UNION \
     SELECT a.gathering_id FROM attendance a WHERE a.actor_id = $1 AND a.state <> 'declined')";

/// What comes again and again, begins from `$3` on, or was moved to later than that.
pub const LASTING: &str = "(g.recurrence <> '' OR g.starts_at >= $3 OR EXISTS (SELECT 1 FROM gathering_change c \
     WHERE c.gathering_id = g.id AND c.starts_at >= $3))";
/// What began once, before `$3`.
pub const PAST: &str = "g.recurrence = '' AND g.starts_at < $3";

/// Those of a condition that this viewer may see, by the time they began first, each with what was moved of it.
pub fn read(
    r: &Reading<'_>,
    which: &str,
    parameters: &[Value],
    order: &str,
    most: usize,
) -> Result<Vec<Activity>, Error> {
    let seen = audience::visible("g.id", 2);
    let limit = if most == usize::MAX { String::new() } else { format!(" LIMIT {most}") };
    let rows: Vec<Row> = r.all(
        &format!(
            "SELECT g.id, g.uid, g.title, g.text, g.place, g.starts_at, g.ends_at, g.whole_day, g.recurrence, \
             g.exceptions, g.status, g.sequence FROM gathering g WHERE {which} AND {seen} \
             ORDER BY g.starts_at {order}, g.id {order}{limit}"
        ),
        parameters,
    )?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let changes: Vec<Change> = r.all(
        &format!(
            "SELECT x.gathering_id, x.replaces_at, x.title, x.text, x.place, x.starts_at, x.ends_at, x.whole_day, \
             x.status, x.sequence FROM gathering_change x JOIN gathering g ON g.id = x.gathering_id \
             WHERE {which} AND {seen} ORDER BY x.gathering_id, x.replaces_at"
        ),
        parameters,
    )?;
    let mut changed: HashMap<i64, Vec<Change>> = HashMap::new();
    for change in changes {
        changed.entry(change.gathering).or_default().push(change);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let changes = changed.remove(&row.id).unwrap_or_default();
            let changed = changes.into_iter().map(|change| change.event(&row.uid, row.whole_day)).collect();
            Activity { event: row.event(), changed }
        })
        .collect())
}

struct Row {
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

impl FromRow for Row {
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

impl Row {
    fn event(self) -> Event {
        let when = |local: DateTime| When { local, ahead: 0, whole_day: self.whole_day };
        let except = self.exceptions.lines().filter_map(|line| line.parse().ok()).map(when).collect();
        Event {
            start: Some(when(local(self.starts_at))),
            end: self.ends_at.map(|at| when(local(at))),
            except,
            rule: (!self.recurrence.is_empty()).then(|| Rule::read(&self.recurrence, 0)),
            uid: self.uid,
            sequence: self.sequence,
            summary: self.title,
            description: self.text,
            location: self.place,
            status: status(&self.status),
            ..Event::default()
        }
    }
}

struct Change {
    gathering: i64,
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

impl FromRow for Change {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            gathering: c.take()?,
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

impl Change {
    /// The occurrence, saying which one of the series it was.
    fn event(self, uid: &str, whole_days: bool) -> Event {
        let when = |at: Micros, whole_day: bool| When { local: local(at), ahead: 0, whole_day };
        Event {
            uid: uid.to_owned(),
            sequence: self.sequence,
            summary: self.title,
            description: self.text,
            location: self.place,
            status: status(&self.status),
            start: Some(when(self.starts_at, self.whole_day)),
            end: self.ends_at.map(|at| when(at, self.whole_day)),
            replaces: Some(when(self.replaces_at, whole_days)),
            ..Event::default()
        }
    }
}

fn status(word: &str) -> Status {
    if word == "cancelled" { Status::Cancelled } else { Status::Confirmed }
}

/// A moment by the clock in Thailand.
fn local(at: Micros) -> DateTime {
    let day = dates::day(at);
    let since = (at.0 - dates::start_of(day).0).max(0);
    day.to_datetime(Time::midnight().wrapping_add(jiff::SignedDuration::from_micros(since)))
}
