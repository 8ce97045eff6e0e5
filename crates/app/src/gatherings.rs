//! What a network comes together for: read as calendars hold it (RFC 5545), and for a page in the order in which it comes
//! next, since a weekly round that began years ago is still on every week.

mod queries;

use formats::export::Activity;
use formats::icalendar::{Event, Status};
use formats::intake::occurrences;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, Time};
use store::ids::ActorId;
use store::{Error, Micros, Reading, Value, audience};
use thai::Lang;

use crate::dates;
pub use queries::{OF_MEMBER, OF_NETWORK};

/// So many gatherings still to come are looked at for a page, those that began first before others.
const MOST_LOOKED_AT: usize = 500;
/// How far ahead the next time is looked for, in days: a yearly one in a leap year, and some.
const AHEAD_DAYS: i64 = 400;

/// A gathering on a page, at the time it comes next; of what is over, at the time it was last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub title: String,
    pub at: Micros,
    pub whole_day: bool,
    pub place: String,
    pub called_off: bool,
    /// Whether it does not come again.
    pub over: bool,
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
    let lasting = format!("{which} AND {}", queries::LASTING);
    let (mut coming, mut over): (Vec<Next>, Vec<Next>) =
        queries::read(r, &lasting, &parameters, "", MOST_LOOKED_AT)?
            .iter()
            .filter_map(|activity| next_of(activity, today))
            .partition(|next| !next.over);
    coming.sort_by_key(|next| next.at);
    if coming.len() < most {
        let past = format!("{which} AND {}", queries::PAST);
        let held = queries::read(r, &past, &parameters, "DESC", most)?;
        over.extend(held.iter().filter_map(|activity| next_of(activity, today)).filter(|next| next.over));
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
    queries::read(r, which, &[Value::Int(of.0), audience::parameter(r.viewer())], "", usize::MAX)
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
        over: at < today,
    })
}

/// A moment that the clock in Thailand shows.
#[must_use]
pub fn moment(local: DateTime) -> Micros {
    let since_midnight = local.time().duration_since(Time::midnight());
    dates::start_of(local.date()).plus(i64::try_from(since_midnight.as_micros()).unwrap_or(0))
}
