use formats::export::{escaped, push_line};
use jiff::Timestamp;
use jiff::civil::Date;
use network::rhythm::{Day as DayNumber, date_of};
use store::Micros;

use crate::parts::Day;

fn plain(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn stamp(at: Micros) -> String {
    let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// How a feed looks.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Titles without names, and no links.
    pub reduced: bool,
    /// Whole days instead of tasks, for programs that show no tasks.
    pub as_events: bool,
}

/// A calendar of these days (RFC 5545). `origin` is where links lead.
#[must_use]
pub fn icalendar(days: &[Day], name: &str, origin: &str, manner: Manner) -> String {
    let mut text = String::new();
    let mut line = |line: &str| push_line(&mut text, line);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Saan//calendar//TH");
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT6H");
    for day in days {
        let (component, title) = (
            if manner.as_events { "VEVENT" } else { "VTODO" },
            if manner.reduced { &day.reduced } else { &day.title },
        );
        line(&format!("BEGIN:{component}"));
        line(&format!("UID:{}@saan", day.uid));
        line(&format!("DTSTAMP:{}", stamp(day.changed_at)));
        line(&format!("SEQUENCE:{}", day.sequence));
        if manner.as_events {
            line(&format!("DTSTART;VALUE=DATE:{}", plain(day.on)));
            // the day after the last one, as the standard counts
            line(&format!("DTEND;VALUE=DATE:{}", plain(day.on.tomorrow().unwrap_or(day.on))));
            line("TRANSP:TRANSPARENT");
        } else {
            line(&format!("DUE;VALUE=DATE:{}", plain(day.on)));
            line("STATUS:NEEDS-ACTION");
        }
        line(&format!("SUMMARY:{}", escaped(title)));
        if !manner.reduced {
            line(&format!("URL:{origin}{}", day.link));
        }
        line(&format!("END:{component}"));
    }
    line("END:VCALENDAR");
    text
}

/// Somebody of one's contacts, as a card says it.
#[derive(Debug, Clone)]
pub struct Contact {
    pub uid: String,
    /// Whether it is a person; else a group or organization.
    pub person: bool,
    pub name: String,
    pub nickname: String,
    pub title: String,
    pub position: String,
    /// `phone`, `email`, `line`, … and the value.
    pub points: Vec<(String, String)>,
    pub every: i64,
    pub last: Option<DayNumber>,
    pub why: String,
}

/// Cards of these contacts (RFC 6350), each with its rhythm.
#[must_use]
pub fn vcards(contacts: &[Contact]) -> String {
    let mut text = String::new();
    for contact in contacts {
        let mut line = |line: &str| push_line(&mut text, line);
        line("BEGIN:VCARD");
        line("VERSION:4.0");
        line(&format!("UID:{}", escaped(&contact.uid)));
        line(&format!("KIND:{}", if contact.person { "individual" } else { "org" }));
        line(&format!("FN:{}", escaped(&contact.name)));
        if contact.person {
            // given names stand first in Thai
            let (given, family) = contact.name.split_once(' ').unwrap_or((&contact.name, ""));
            line(&format!("N:{};{};;{};", escaped(family), escaped(given), escaped(&contact.title)));
        } else {
            line(&format!("ORG:{}", escaped(&contact.name)));
        }
        if !contact.nickname.is_empty() {
            line(&format!("NICKNAME:{}", escaped(&contact.nickname)));
        }
        if !contact.position.is_empty() {
            line(&format!("TITLE:{}", escaped(&contact.position)));
        }
        for (kind, value) in &contact.points {
            match kind.as_str() {
                "phone" => line(&format!("TEL;VALUE=uri:tel:{}", escaped(value))),
                "email" => line(&format!("EMAIL:{}", escaped(value))),
                "line" => line(&format!("IMPP:line:{}", escaped(value))),
                "web" | "facebook" => line(&format!("URL:{}", escaped(value))),
                _ => {}
            }
        }
        if !contact.why.is_empty() {
            line(&format!("NOTE:{}", escaped(&contact.why)));
        }
        line(&format!("X-SAAN-CADENCE;VALUE=duration:P{}D", contact.every));
        if let Some(last) = contact.last {
            line(&format!("X-SAAN-LAST-TOUCH;VALUE=date:{}", plain(date_of(last))));
        }
        line("END:VCARD");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Day {
        Day {
            uid: "car_1".to_owned(),
            on: jiff::civil::date(2026, 12, 31),
            title: "ติดต่อยายบุญมี, ผู้ใหญ่บ้านหมู่บ้านดอนแก้วเหนือที่อยู่ไกลมากจากตัวอำเภอ".to_owned(),
            reduced: "ติดต่อ".to_owned(),
            link: "/members/mem_1".to_owned(),
            sequence: 3,
            changed_at: Micros(1_795_323_600_000_000),
        }
    }

    #[test]
    fn a_whole_day_ends_on_the_next_and_comes_back_as_it_was() {
        let manner = Manner { reduced: false, as_events: true };
        let text = icalendar(&[day()], "สาน", "https://saan.example", manner);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "folded at 75 octets");
        let read = formats::icalendar::read(text.as_bytes()).unwrap();
        let event = &read.events[0];
        assert_eq!(event.summary, day().title);
        assert_eq!(event.days(), Some(1));
        assert_eq!(event.start.unwrap().local.date(), day().on);
        assert_eq!(event.sequence, 3);
        assert!(text.contains("TRANSP:TRANSPARENT") && text.contains("DTEND;VALUE=DATE:20270101"));
    }

    #[test]
    fn a_task_has_a_due_day_and_no_rule_and_a_reduced_one_no_name() {
        let manner = Manner { reduced: true, as_events: false };
        let text = icalendar(&[day()], "สาน", "https://saan.example", manner);
        assert!(text.contains("BEGIN:VTODO") && text.contains("DUE;VALUE=DATE:20261231"));
        assert!(!text.contains("RRULE") && !text.contains("บุญมี") && !text.contains("mem_1"));
    }

    #[test]
    fn a_card_carries_its_rhythm() {
        let contact = Contact {
            uid: "mem_1".to_owned(),
            person: true,
            name: "บุญมี ใจดี".to_owned(),
            nickname: "ยายบุญมี".to_owned(),
            title: "นาง".to_owned(),
            position: String::new(),
            points: vec![("phone".to_owned(), "+66812345678".to_owned())],
            every: 30,
            last: Some(20_779),
            why: "ถามทุกข์สุข; แบ่งเมล็ดพันธุ์".to_owned(),
        };
        let text = vcards(&[contact]);
        let cards = formats::vcard::read(text.as_bytes()).unwrap();
        assert_eq!(cards[0].formatted_name(), "บุญมี ใจดี");
        assert_eq!(cards[0].first("X-SAAN-CADENCE").unwrap().raw(), "P30D");
        assert_eq!(cards[0].first("X-SAAN-LAST-TOUCH").unwrap().raw(), "20261122");
        assert_eq!(cards[0].first("NOTE").unwrap().text(), "ถามทุกข์สุข; แบ่งเมล็ดพันธุ์");
    }
}
