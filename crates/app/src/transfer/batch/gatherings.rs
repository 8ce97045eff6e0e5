//! Activities of a calendar to rows: the series, the occurrences that were moved, and the members who come.

use formats::icalendar::Event;
use formats::intake::PlannedActivity;
use jiff::civil::DateTime;
use store::{audience, params};

use super::Maker;
use super::rows::{ATTENDANCES, CHANGES, GATHERINGS};
use super::words::{reply_word, status_word};
use crate::gatherings::moment;

impl Maker<'_> {
    pub(super) fn gathering(&mut self, activity: &PlannedActivity, file: &str) {
        let event = &activity.event;
        let Some(start) = event.start else { return };
        let (id, now) = (self.db.new_id(), self.now);
        let recurrence = event.rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
        let exceptions =
            event.except.iter().map(|when| when.bangkok().to_string()).collect::<Vec<_>>().join("\n");
        let row = params![
            id,
            self.network,
            event.uid,
            event.summary,
            event.description,
            event.location,
            moment(start.bangkok()),
            event.end.map(|end| moment(end.bangkok())),
            start.whole_day,
            "Asia/Bangkok",
            recurrence,
            exceptions,
            status_word(event.status),
            event.sequence,
            "network",
            now,
            now,
            1_i64
        ];
        self.batch.push(GATHERINGS, row.to_vec());
        let keys = vec![audience::members(self.network), audience::coordinators(self.network)];
        self.batch.open_to(id, keys);
        self.made("gathering", id, file, None);
        for (was, changed) in &activity.changed {
            self.change(id, *was, changed);
        }
        for (no, reply) in &activity.attendees {
            if let Some(actor) = self.id(*no) {
                self.batch.push(ATTENDANCES, params![id, actor, reply_word(*reply), now].to_vec());
            }
        }
    }

    /// An occurrence that was moved, changed or called off. What the calendar left out of it is as in its series.
    fn change(&mut self, gathering: i64, was: DateTime, event: &Event) {
        let start = event.start.map_or(was, |start| start.bangkok());
        let row = params![
            self.db.new_id(),
            gathering,
            moment(was),
            event.summary,
            event.description,
            event.location,
            moment(start),
            event.end.map(|end| moment(end.bangkok())),
            event.start.is_some_and(|start| start.whole_day),
            status_word(event.status),
            event.sequence
        ];
        self.batch.push(CHANGES, row.to_vec());
    }
}
