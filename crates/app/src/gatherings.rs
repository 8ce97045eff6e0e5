//! What a network comes together for: read as calendars hold it (RFC 5545), and for a page in the order in which it comes
//! next, since a weekly round that began years ago is still on every week.

use std::collections::HashMap;

use formats::export::Activity;
use formats::icalendar::{Event, Rule, Status, When};
use formats::intake::occurrences;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};
use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, Value, audience};
use thai::Lang;

use crate::dates;

/// So many gatherings still to come are looked at for a page, those that began first before others.
const MOST_LOOKED_AT: usize = 500;
/// How far ahead the next time is looked for, in days: a yearly one in a leap year, and some.
const AHEAD_DAYS: i64 = 400;

/// The network's own.
pub const OF_NETWORK: &str = "g.network_id = $1";
/// Those of a network and those a member said to come to, or was asked to and did not decline.
pub const OF_MEMBER: &str = "g.id IN (SELECT n.id FROM gathering n WHERE n.network_id = $1 UNION \
     SELECT a.gathering_id FROM attendance a WHERE a.actor_id = $1 AND a.state <> 'declined')";

/// A gathering on a page, at the time it comes next; of what is over, at the time it was last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub title: String,
    pub at: Micros,
    pub whole_day: bool,
    pub place: String,
    pub called_off: bool,
}

impl Next {
    /// The day, with the time where there is one.
    #[must_use]
    pub fn when(&self, lang: Lang) -> String {
        if self.whole_day { dates::short(self.at, lang) } else { dates::with_time(self.at, lang) }
    }
}

/// What is to come, soonest first, then what was held, latest first; what this viewer may see of it.
///
/// # Errors
/// The database's own.
pub fn next(r: &Reading<'_>, which: &str, of: ActorId, most: usize) -> Result<Vec<Next>, Error> {
    let today = dates::day(r.now()).at(0, 0, 0, 0);
    let from = dates::start_of(today.date());
    let parameters = [Value::Int(of.0), audience::parameter(r.viewer()), Value::Int(from.0)];
    let lasting = format!(
        "{which} AND (g.recurrence <> '' OR g.starts_at >= $3 OR EXISTS (SELECT 1 FROM gathering_change c \
         WHERE c.gathering_id = g.id AND c.starts_at >= $3))"
    );
    let (mut coming, mut over): (Vec<Next>, Vec<Next>) = read(r, &lasting, &parameters, "", MOST_LOOKED_AT)?
        .iter()
        .filter_map(|activity| next_of(activity, today))
        .partition(|next| next.at >= from);
    coming.sort_by_key(|next| next.at);
    if coming.len() < most {
        let past = format!("{which} AND g.recurrence = '' AND g.starts_at < $3");
        let held = read(r, &past, &parameters, "DESC", most)?;
        over.extend(
            held.iter().filter_map(|activity| next_of(activity, today)).filter(|next| next.at < from),
        );
        over.sort_by_key(|next| std::cmp::Reverse(next.at));
        coming.extend(over);
    }
    coming.truncate(most);
    Ok(coming)
}

/// All of these, each with the occurrences that were moved; `which` is a condition on `g` with the parameter `$1`.
///
/// # Errors
/// The database's own.
pub fn all(r: &Reading<'_>, which: &str, of: ActorId) -> Result<Vec<Activity>, Error> {
    read(r, which, &[Value::Int(of.0), audience::parameter(r.viewer())], "", usize::MAX)
}

fn read(
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

/// When it comes next, from the beginning of today; of what is over, when it was last.
fn next_of(activity: &Activity, today: DateTime) -> Option<Next> {
    let event = &activity.event;
    let changed: Vec<(DateTime, Event)> = activity
        .changed
        .iter()
        .filter_map(|change| Some((change.replaces?.bangkok(), change.clone())))
        .collect();
    let within = |from: DateTime, before: DateTime| occurrences(event, &changed, from, before);
    let ahead = today.checked_add(AHEAD_DAYS.days()).unwrap_or(today);
    let behind = today.checked_sub(AHEAD_DAYS.days()).unwrap_or(today);
    let at = within(today, ahead)
        .first()
        .copied()
        .or_else(|| within(behind, today).last().copied())
        .or_else(|| event.start.map(|start| start.bangkok()))?;
    // what was changed of this one occurrence stands before what the series says
    let moved = changed.iter().map(|(_, change)| change).find(|change| {
        change.status != Status::Cancelled && change.start.is_some_and(|start| start.bangkok() == at)
    });
    let told = |of: fn(&Event) -> &String| {
        moved.map(of).filter(|words| !words.is_empty()).unwrap_or_else(|| of(event)).clone()
    };
    Some(Next {
        title: told(|event| &event.summary),
        at: moment(at),
        whole_day: moved.unwrap_or(event).start.is_some_and(|start| start.whole_day),
        place: told(|event| &event.location),
        called_off: event.status == Status::Cancelled,
    })
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

/// A moment that the clock in Thailand shows.
#[must_use]
pub fn moment(local: DateTime) -> Micros {
    let since_midnight = local.time().duration_since(Time::midnight());
    dates::start_of(local.date()).plus(i64::try_from(since_midnight.as_micros()).unwrap_or(0))
}
