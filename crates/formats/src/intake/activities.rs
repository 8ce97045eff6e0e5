//! Events of a calendar to activities (rule 14): one for each identifier, its highest revision, occurrences that were
//! moved beside it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::DateTime;

use super::plan::PlannedActivity;
use super::roster::Roster;
use crate::icalendar::{Calendar, Event, Status};

/// A calendar, understood.
#[derive(Debug, Default)]
pub struct Activities {
    /// Activities that count, in file order.
    pub planned: Vec<PlannedActivity>,
    /// Identifiers that are not taken in, with the reason.
    pub rejected: Vec<(String, &'static str)>,
    /// Identifiers a person must decide on, with the reason.
    pub undecided: Vec<(String, &'static str)>,
    /// Components that are no events.
    pub ignored: Vec<String>,
}

impl Activities {
    /// Activities that repeat.
    #[must_use]
    pub fn recurring(&self) -> usize {
        self.planned.iter().filter(|a| a.event.rule.is_some() || !a.event.also.is_empty()).count()
    }

    /// Activities that were called off.
    #[must_use]
    pub fn cancelled(&self) -> usize {
        self.planned.iter().filter(|a| a.event.status == Status::Cancelled).count()
    }
}

impl PlannedActivity {
    /// When it takes place from a time until before another, as [`occurrences`] of its event has it.
    #[must_use]
    pub fn occurrences(&self, from: DateTime, before: DateTime) -> Vec<DateTime> {
        occurrences(&self.event, &self.changed, from, before)
    }
}

/// When an event takes place from a time until before another, occurrences that were moved where they were moved to and
/// those that were called off left out. `changed`: from the time an occurrence had to the event it became.
#[must_use]
pub fn occurrences(
    event: &Event,
    changed: &[(DateTime, Event)],
    from: DateTime,
    before: DateTime,
) -> Vec<DateTime> {
    let mut starts = event.starts(from, before);
    let changes = |start: &DateTime, (was, event): &(DateTime, Event)| {
        // some programs name the occurrence by its day alone
        let by_day = event.replaces.is_some_and(|replaced| replaced.whole_day);
        was == start || by_day && was.date() == start.date()
    };
    starts.retain(|start| !changed.iter().any(|change| changes(start, change)));
    let moved = changed.iter().filter(|(_, event)| event.status != Status::Cancelled);
    starts.extend(
        moved
            .filter_map(|(_, event)| Some(event.start.or(event.replaces)?.bangkok()))
            .filter(|s| (from..before).contains(s)),
    );
    starts.sort_unstable();
    starts
}

/// What the network, or an earlier file, holds of an activity.
pub type KnownActivities = HashMap<String, (Option<i64>, i64)>;

/// Plans the activities of a calendar. `known` gains them; who comes is looked for among the members by their e-mail, and
/// nobody is made a member for having been asked.
pub fn read(calendar: Calendar, known: &mut KnownActivities, roster: &Roster) -> Activities {
    let mut activities = Activities { ignored: calendar.ignored, ..Activities::default() };
    let mut order: Vec<String> = Vec::new();
    let mut masters: HashMap<String, Event> = HashMap::new();
    let mut changes: HashMap<String, BTreeMap<DateTime, Event>> = HashMap::new();
    for event in calendar.events {
        let uid = if event.uid.is_empty() { made_up(&event) } else { event.uid.clone() };
        if !order.contains(&uid) {
            order.push(uid.clone());
        }
        if let Some(was) = event.replaces {
            let list = changes.entry(uid).or_default();
            if list.get(&was.bangkok()).is_none_or(|other| other.sequence <= event.sequence) {
                list.insert(was.bangkok(), event);
            }
        } else if masters.get(&uid).is_none_or(|other| other.sequence <= event.sequence) {
            masters.insert(uid, event);
        }
    }
    for uid in order {
        let mut changed = changes.remove(&uid).unwrap_or_default();
        // a calendar may hold the moved occurrence alone, without its series
        let Some(event) = masters.remove(&uid).or_else(|| changed.pop_first().map(|(_, event)| event)) else {
            continue;
        };
        if event.start.is_none() {
            let reason = if event.start_is_invalid { "invalid_date" } else { "no_start" };
            activities.rejected.push((uid, reason));
            continue;
        }
        if event.ends_before_start() {
            activities.undecided.push((uid, "end_before_start"));
            continue;
        }
        let before = known.get(&uid).copied();
        let new = before.is_none_or(|(_, sequence)| sequence < event.sequence);
        if new {
            known.insert(uid.clone(), (before.and_then(|(id, _)| id), event.sequence));
        }
        let attendees =
            event.attendees.iter().filter_map(|a| Some((roster.by_email(&a.email)?, a.reply))).collect();
        activities.planned.push(PlannedActivity {
            attendees,
            existing: before.and_then(|(id, _)| id),
            event: Event { uid, ..event },
            changed: changed.into_iter().collect(),
            new,
        });
    }
    activities
}

/// Without an identifier, title and start tell one event from another.
fn made_up(event: &Event) -> String {
    let start = event.start.map(|start| start.bangkok().to_string()).unwrap_or_default();
    format!("{start}/{}", event.summary)
}
