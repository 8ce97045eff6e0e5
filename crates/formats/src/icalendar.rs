//! Calendars: iCalendar (RFC 5545) as calendar programs and phones really write it.
//!
//! Several calendars in one file, zones with and without a definition, years of the Buddhist era, events that were
//! moved or called off. Times are given in Bangkok's time, where the networks live; a time without a zone is theirs.

mod recurrence;

use std::collections::HashMap;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan as _};

use crate::content_lines::{self, Property};
use crate::refusal::Refusal;

pub use recurrence::Rule;

/// How deep components may stand in components.
pub const DEEPEST: usize = 8;
/// Of one event so many are remembered by their address.
const MOST_ATTENDEES: usize = 1_000;
/// Bangkok is so many minutes ahead of UTC, all year, since 1920.
const BANGKOK: i32 = 7 * 60;

/// A calendar file, read.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// Its events in file order, also those without a start.
    pub events: Vec<Event>,
    /// Names of components that are no events: alarms, tasks, journals; each once, sorted.
    pub ignored: Vec<String>,
}

/// Whether it takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Yes, also where the file does not say.
    #[default]
    Confirmed,
    /// Perhaps.
    Tentative,
    /// No.
    Cancelled,
}

impl Status {
    /// The word in a report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A point in time as the file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Day and time in its own zone; midnight for a whole day.
    pub local: DateTime,
    /// Minutes from its own zone to Bangkok's.
    pub ahead: i32,
    /// A day without a time.
    pub whole_day: bool,
}

impl When {
    /// Day and time in Bangkok; a whole day is the same day everywhere.
    #[must_use]
    pub fn bangkok(&self) -> DateTime {
        if self.whole_day { self.local } else { shifted(self.local, self.ahead) }
    }
}

fn shifted(moment: DateTime, minutes: i32) -> DateTime {
    moment.checked_add(i64::from(minutes).minutes()).unwrap_or(moment)
}

/// What somebody asked to an event said (RFC 5545 §3.2.12, PARTSTAT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Comes; also who called the others together.
    Yes,
    /// Perhaps, or whoever was sent in their place.
    Perhaps,
    /// Does not come.
    No,
    /// Nothing yet.
    Nothing,
}

/// Somebody an event names by an address of e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// In small letters.
    pub email: String,
    /// What they said.
    pub reply: Reply,
}

/// One event.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// The line it begins on, from 1.
    pub line: u32,
    /// Its identifier.
    pub uid: String,
    /// Its revision.
    pub sequence: i64,
    /// Title.
    pub summary: String,
    /// Text.
    pub description: String,
    /// Place in words.
    pub location: String,
    /// Whether it takes place.
    pub status: Status,
    /// When it begins; `None` where the file does not say.
    pub start: Option<When>,
    /// The file gives a start that is no date.
    pub start_is_invalid: bool,
    /// When it ends; of whole days the day after the last.
    pub end: Option<When>,
    /// How it repeats.
    pub rule: Option<Rule>,
    /// Occurrences left out.
    pub except: Vec<When>,
    /// Occurrences added.
    pub also: Vec<When>,
    /// Which occurrence of its series this event replaces.
    pub replaces: Option<When>,
    /// Who was asked, and who asked, each once.
    pub attendees: Vec<Attendee>,
}

impl Event {
    /// Days of a whole-day event, at least one.
    #[must_use]
    pub fn days(&self) -> Option<i32> {
        let start = self.start.filter(|start| start.whole_day)?;
        let end = self.end.map_or(start.local, |end| end.local).date();
        let days = start.local.date().until(end).map_or(0, |span| span.get_days());
        Some(days.max(1))
    }

    /// True where it ends before it begins.
    #[must_use]
    pub fn ends_before_start(&self) -> bool {
        self.start.zip(self.end).is_some_and(|(start, end)| end.bangkok() < start.bangkok())
    }

    /// Starts from a time until before another, in Bangkok's time and in order. An event that does not repeat has
    /// one; a rule this program does not know gives the first alone.
    #[must_use]
    pub fn starts(&self, from: DateTime, before: DateTime) -> Vec<DateTime> {
        let Some(start) = self.start else { return Vec::new() };
        let mut starts = match &self.rule {
            None => vec![start.local],
            Some(rule) => rule.starts(start.local, shifted(before, -start.ahead)),
        };
        starts.retain(|moment| !self.except.iter().any(|except| is_same_start(except, *moment, &start)));
        let mut starts: Vec<DateTime> =
            starts.into_iter().map(|local| When { local, ..start }.bangkok()).collect();
        starts.extend(self.also.iter().map(When::bangkok));
        starts.retain(|moment| (from..before).contains(moment));
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// An exception names the start exactly, or its day.
fn is_same_start(except: &When, moment: DateTime, start: &When) -> bool {
    if except.whole_day {
        return except.local.date() == moment.date();
    }
    except.bangkok() == (When { local: moment, ..*start }).bangkok()
}

/// Reads a calendar file.
///
/// # Errors
/// Those of [`content_lines::read`], and [`Refusal::NestedTooDeep`] beyond [`DEEPEST`].
pub fn read(bytes: &[u8]) -> Result<Calendar, Refusal> {
    let mut calendar = Calendar::default();
    let mut zones: HashMap<String, i32> = HashMap::new();
    for component in components(content_lines::read(bytes)?)? {
        match component.name.as_str() {
            "VTIMEZONE" => zones.extend(component.zone()),
            "VEVENT" | "VCALENDAR" | "STANDARD" | "DAYLIGHT" => {}
            other => {
                if !calendar.ignored.iter().any(|name| name == other) {
                    calendar.ignored.push(other.to_owned());
                }
            }
        }
        if component.name == "VEVENT" {
            calendar.events.push(component.event(&zones));
        }
    }
    calendar.ignored.sort_unstable();
    Ok(calendar)
}

/// A component with its own properties; of zones also those of their parts.
struct Component {
    name: String,
    line: u32,
    properties: Vec<Property>,
    cancelled: bool,
}

/// Every component in the order they begin, zones first, since events may stand before the zone they name.
fn components(properties: Vec<Property>) -> Result<Vec<Component>, Refusal> {
    let mut done: Vec<Component> = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    for property in properties {
        let value = property.raw().trim().to_ascii_uppercase();
        if property.name == "BEGIN" {
            if open.len() >= DEEPEST {
                return Err(Refusal::NestedTooDeep(property.line));
            }
            let cancelled = open.last().is_some_and(|outer| outer.cancelled);
            open.push(Component { name: value, line: property.line, properties: Vec::new(), cancelled });
        } else if property.name == "END" {
            // an END that fits none is passed over, so that one bad line does not lose what follows
            while let Some(at) = open.iter().rposition(|component| component.name == value) {
                done.extend(open.drain(at..));
            }
        } else {
            let in_zone = open.iter().position(|component| component.name == "VTIMEZONE");
            let at = in_zone.or(open.len().checked_sub(1));
            if let Some(component) = at.and_then(|at| open.get_mut(at)) {
                component.cancelled |= property.name == "METHOD" && value == "CANCEL";
                component.properties.push(property);
            }
        }
    }
    done.extend(open);
    done.sort_by_key(|component| (component.name != "VTIMEZONE", component.line));
    Ok(done)
}

impl Component {
    fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    fn text(&self, name: &str) -> String {
        self.first(name).map(|property| property.text().trim().to_owned()).unwrap_or_default()
    }

    /// The zone's name and its standard offset in minutes.
    fn zone(&self) -> Option<(String, i32)> {
        let offset = self.first("TZOFFSETTO").and_then(|property| offset(&property.text()))?;
        Some((self.text("TZID"), offset))
    }

    fn event(&self, zones: &HashMap<String, i32>) -> Event {
        let start_property = self.first("DTSTART").filter(|property| !property.raw().trim().is_empty());
        let start = start_property.and_then(|property| moments(property, zones).into_iter().next());
        let all = |name: &str| {
            self.properties
                .iter()
                .filter(|p| p.name == name)
                .flat_map(|p| moments(p, zones))
                .collect::<Vec<When>>()
        };
        let status = match self.text("STATUS").to_ascii_uppercase().as_str() {
            "CANCELLED" => Status::Cancelled,
            _ if self.cancelled => Status::Cancelled,
            "TENTATIVE" => Status::Tentative,
            _ => Status::Confirmed,
        };
        let end =
            self.first("DTEND").and_then(|property| moments(property, zones).into_iter().next()).or_else(
                || start.zip(self.first("DURATION")).and_then(|(start, lasts)| after(start, &lasts.text())),
            );
        Event {
            line: self.line,
            uid: self.text("UID"),
            sequence: self.text("SEQUENCE").parse().unwrap_or(0),
            summary: self.text("SUMMARY"),
            description: self.text("DESCRIPTION"),
            location: self.text("LOCATION"),
            status,
            start,
            start_is_invalid: start_property.is_some() && start.is_none(),
            end,
            rule: self.first("RRULE").zip(start).map(|(rule, start)| Rule::read(rule.raw(), start.ahead)),
            except: all("EXDATE"),
            also: all("RDATE"),
            replaces: all("RECURRENCE-ID").into_iter().next(),
            attendees: self.attendees(),
        }
    }

    /// Who is named by an address of e-mail: rooms and other things, and whoever has another kind of address, are left out.
    fn attendees(&self) -> Vec<Attendee> {
        let mut found: Vec<Attendee> = Vec::new();
        let named = self.properties.iter().filter(|p| matches!(p.name.as_str(), "ATTENDEE" | "ORGANIZER"));
        for property in named {
            let kind = property.parameter("CUTYPE").next().unwrap_or_default().to_ascii_uppercase();
            let address = property.raw().trim();
            let email = address.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
            let Some((_, email)) = email.filter(|_| !matches!(kind.as_str(), "ROOM" | "RESOURCE")) else {
                continue;
            };
            let email = email.trim().to_lowercase();
            let said = property.parameter("PARTSTAT").next().unwrap_or_default().to_ascii_uppercase();
            let reply = match said.as_str() {
                "DECLINED" => Reply::No,
                "TENTATIVE" | "DELEGATED" => Reply::Perhaps,
                "ACCEPTED" | "COMPLETED" | "IN-PROCESS" => Reply::Yes,
                _ if property.name == "ORGANIZER" => Reply::Yes,
                _ => Reply::Nothing,
            };
            if let Some(other) = found.iter_mut().find(|other| other.email == email) {
                // who asked and stands among the asked answered there
                if property.name == "ATTENDEE" {
                    other.reply = reply;
                }
            } else if email.contains('@') && found.len() < MOST_ATTENDEES {
                found.push(Attendee { email, reply });
            }
        }
        found
    }
}

/// The times of a property, several where it is a list.
fn moments(property: &Property, zones: &HashMap<String, i32>) -> Vec<When> {
    let zone = property.parameter("TZID").next();
    property
        .raw()
        .split(',')
        .filter_map(|text| moment(text.split('/').next().unwrap_or(text).trim(), zone, zones))
        .collect()
}

fn moment(text: &str, zone: Option<&str>, zones: &HashMap<String, i32>) -> Option<When> {
    let utc = text.ends_with(['Z', 'z']);
    let text = text.trim_end_matches(['Z', 'z']);
    let (day, clock) = match text.split_once(['T', 't']) {
        Some((day, clock)) => (day, Some(clock)),
        None => (text, None),
    };
    let date = date(day)?;
    let time = match clock {
        Some(clock) => time(clock)?,
        None => Time::midnight(),
    };
    let ahead = if utc { BANGKOK } else { zone.and_then(|name| ahead(name, zones)).unwrap_or(0) };
    Some(When { local: date.to_datetime(time), ahead, whole_day: clock.is_none() })
}

fn date(digits: &str) -> Option<Date> {
    let digits: String = digits.chars().filter(|c| *c != '-').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = thai::dates::gregorian_year(digits.get(..4)?.parse().ok()?);
    Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?).ok()
}

fn time(digits: &str) -> Option<Time> {
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    let part = |from: usize| digits.get(from..from + 2)?.parse::<i8>().ok();
    // 60 is a leap second, which no clock in a village shows
    Time::new(part(0)?, part(2)?, part(4).unwrap_or(0).min(59), 0).ok()
}

/// Minutes from a named zone to Bangkok; `None` where the name says nothing, which is then Bangkok's own.
fn ahead(name: &str, zones: &HashMap<String, i32>) -> Option<i32> {
    let lower = name.to_ascii_lowercase();
    if lower.contains("bangkok") || lower == "se asia standard time" {
        return Some(0);
    }
    if let Some(offset) = zones.get(name) {
        return Some(BANGKOK - offset);
    }
    if matches!(lower.as_str(), "utc" | "etc/utc" | "gmt" | "etc/gmt" | "z") {
        return Some(BANGKOK);
    }
    let written = lower.split_once("utc").or_else(|| lower.split_once("gmt"))?.1;
    offset(written.split(')').next()?).map(|offset| BANGKOK - offset)
}

/// `+0700`, `+07:00`, `-0330` in minutes.
fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("00").parse().ok()?;
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// The end of an event that gives how long it lasts, as `PT1H30M` or `P2D`.
fn after(start: When, lasts: &str) -> Option<When> {
    let lasts = lasts.trim().trim_start_matches('+').strip_prefix('P')?;
    let mut span = Span::new();
    let mut number = String::new();
    for letter in lasts.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let count: i64 = if letter == 'T' { 0 } else { number.parse().ok()? };
        number.clear();
        span = match letter {
            'T' => span,
            'W' => span.try_weeks(count).ok()?,
            'D' => span.try_days(count).ok()?,
            'H' => span.try_hours(count).ok()?,
            'M' => span.try_minutes(count).ok()?,
            'S' => span.try_seconds(count).ok()?,
            _ => return None,
        };
    }
    Some(When { local: start.local.checked_add(span).ok()?, ..start })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn one(lines: &str) -> Event {
        let text =
            format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        read(text.as_bytes()).unwrap().events.remove(0)
    }

    fn starts(lines: &str, year: i16) -> Vec<String> {
        one(lines)
            .starts(date(year, 1, 1).at(0, 0, 0, 0), date(year + 1, 1, 1).at(0, 0, 0, 0))
            .iter()
            .map(|moment| moment.strftime("%m-%dT%H:%M").to_string())
            .collect()
    }

    #[test]
    fn who_is_asked_is_read_with_what_they_said() {
        let event = one("ORGANIZER;CN=\"แก้ว; ใจดี\":MAILTO:Kaeo@Example.org\r\n\
             ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=accepted:mailto:a@example.org\r\n\
             ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.org\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:c@example.org\r\n\
             ATTENDEE:mailto:d@example.org\r\nATTENDEE;CUTYPE=ROOM:mailto:hall@example.org\r\n\
             ATTENDEE:tel:+66812223333\r\nATTENDEE:mailto:nothing\r\n\
             ATTENDEE;PARTSTAT=DECLINED:mailto:kaeo@example.org");
        let said: Vec<(&str, Reply)> = event.attendees.iter().map(|a| (a.email.as_str(), a.reply)).collect();
        let expected = [
            ("kaeo@example.org", Reply::No),
            ("a@example.org", Reply::Yes),
            ("b@example.org", Reply::No),
            ("c@example.org", Reply::Perhaps),
            ("d@example.org", Reply::Nothing),
        ];
        assert_eq!(said, expected, "who asked may say no in the list of those asked");
        assert_eq!(
            one("ORGANIZER:mailto:e@example.org").attendees.first().map(|a| a.reply),
            Some(Reply::Yes)
        );
    }

    #[test]
    fn every_zone_becomes_bangkoks_time() {
        let cases = [
            ("DTSTART:20250430T180000Z", "2025-05-01T01:00:00"),
            ("DTSTART;TZID=SE Asia Standard Time:20250424T190000", "2025-04-24T19:00:00"),
            ("DTSTART;TZID=\"(UTC+07:00) Bangkok, Hanoi, Jakarta\":20250424T190000", "2025-04-24T19:00:00"),
            ("DTSTART;TZID=\"(UTC+09:00) Tokyo\":20250424T190000", "2025-04-24T17:00:00"),
            ("DTSTART:25680424T190000", "2025-04-24T19:00:00"),
            ("DTSTART;VALUE=DATE:20250413", "2025-04-13T00:00:00"),
        ];
        for (line, expected) in cases {
            assert_eq!(one(line).start.unwrap().bangkok().to_string(), expected, "{line}");
        }
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=Own:20250101T100000\nEND:VEVENT\nBEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n";
        let event = read(text.as_bytes()).unwrap().events.remove(0);
        assert_eq!(event.start.unwrap().bangkok().to_string(), "2025-01-01T08:00:00");
    }

    #[test]
    fn a_start_that_is_none_is_told_from_no_start() {
        assert!(one("SUMMARY:x").start.is_none());
        assert!(!one("SUMMARY:x").start_is_invalid);
        assert!(one("DTSTART:20250231T100000").start_is_invalid);
    }

    #[test]
    fn lengths() {
        let ends = |lines: &str| one(lines).end.unwrap().bangkok().to_string();
        assert_eq!(ends("DTSTART:20250101T100000\nDURATION:PT1H30M"), "2025-01-01T11:30:00");
        assert_eq!(one("DTSTART;VALUE=DATE:20250413\nDTEND;VALUE=DATE:20250416").days(), Some(3));
        assert_eq!(one("DTSTART;VALUE=DATE:20250413").days(), Some(1));
        assert!(one("DTSTART:20250102T100000\nDTEND:20250101T100000").ends_before_start());
    }

    #[test]
    fn exceptions_leave_out_and_additions_add() {
        let lines = "DTSTART;TZID=Asia/Bangkok:20250107T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20250114T020000Z\nRDATE;TZID=Asia/Bangkok:20250201T080000";
        assert_eq!(starts(lines, 2025), ["01-07T09:00", "01-21T09:00", "02-01T08:00"]);
    }

    #[test]
    fn a_rule_runs_in_the_events_own_zone() {
        // Wednesday evening in UTC is Thursday in Bangkok
        let lines = "DTSTART:20250101T180000Z\nRRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2";
        assert_eq!(starts(lines, 2025), ["01-02T01:00", "01-09T01:00"]);
    }

    #[test]
    fn components_nested_without_end_are_refused() {
        let text = "BEGIN:VEVENT\n".repeat(20);
        assert!(matches!(read(text.as_bytes()), Err(Refusal::NestedTooDeep(_))));
    }
}
