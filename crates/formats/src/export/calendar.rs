//! Activities as a calendar: iCalendar (RFC 5545), in Bangkok's time.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::Network;
use super::fold::{escaped, push_line};
use crate::icalendar::{Event, Status, When};

/// The calendar.
#[must_use]
pub fn icalendar(network: &Network) -> String {
    let mut text = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Saan//Saan//TH", "CALSCALE:GREGORIAN"] {
        push_line(&mut text, line);
    }
    push_line(&mut text, &format!("X-WR-CALNAME:{}", escaped(&network.name)));
    for line in [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Bangkok",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
    ] {
        push_line(&mut text, line);
    }
    for activity in &network.activities {
        event(&mut text, &activity.event, &activity.event.uid, network.at);
        for changed in &activity.changed {
            event(&mut text, changed, &activity.event.uid, network.at);
        }
    }
    push_line(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, event: &Event, uid: &str, at: DateTime) {
    let mut line = |line: &str| push_line(text, line);
    line("BEGIN:VEVENT");
    line(&format!("UID:{}", escaped(uid)));
    line(&format!("DTSTAMP:{}Z", at.strftime("%Y%m%dT%H%M%S")));
    line(&format!("SEQUENCE:{}", event.sequence));
    for (name, value) in
        [("SUMMARY", &event.summary), ("DESCRIPTION", &event.description), ("LOCATION", &event.location)]
    {
        if !value.is_empty() {
            line(&format!("{name}:{}", escaped(value)));
        }
    }
    match event.status {
        Status::Confirmed => line("STATUS:CONFIRMED"),
        Status::Tentative => line("STATUS:TENTATIVE"),
        Status::Cancelled => line("STATUS:CANCELLED"),
    }
    for (name, when) in [("RECURRENCE-ID", event.replaces), ("DTSTART", event.start), ("DTEND", event.end)] {
        if let Some(when) = when {
            line(&format!("{name}{}", moment(when)));
        }
    }
    if let Some(rule) = &event.rule {
        let one_line: String = rule.text.chars().filter(|c| !c.is_control()).collect();
        line(&format!("RRULE:{one_line}"));
    }
    for (name, list) in [("EXDATE", &event.except), ("RDATE", &event.also)] {
        for when in list {
            line(&format!("{name}{}", moment(*when)));
        }
    }
    line("END:VEVENT");
}

/// A time in Bangkok's zone; one that came in another zone goes out in UTC, so that its rule keeps its days.
fn moment(when: When) -> String {
    if when.whole_day {
        return format!(";VALUE=DATE:{}", when.local.strftime("%Y%m%d"));
    }
    if when.ahead == 0 {
        return format!(";TZID=Asia/Bangkok:{}", when.local.strftime("%Y%m%dT%H%M%S"));
    }
    let utc = when.bangkok().checked_sub(7.hours()).unwrap_or_else(|_| when.bangkok());
    format!(":{}Z", utc.strftime("%Y%m%dT%H%M%S"))
}
