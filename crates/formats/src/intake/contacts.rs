//! The contact log (rule 11): who spoke with whom, when, how, about what. Nobody is made a member of by a mention.

use std::collections::{BTreeMap, HashMap, HashSet};

use thai::dates::{DateSystem, Reading, Unread};
use thai::names::PersonName;
use thai::text::{is_empty_word, normalize};

use super::cells;
use super::grid::{self, DataRow, Grid};
use super::headings::Column;
use super::plan::{Channel, Meaning, Mention, PlannedContact, Rejected, Repeated, Source, Undecided};
use super::roster::{Roster, ShortForms};
use crate::table::Cell;

/// A log, read.
#[derive(Debug, Default)]
pub struct Log {
    /// Contacts that count.
    pub contacts: Vec<PlannedContact>,
    /// Entries that are not taken in.
    pub rejected: Vec<Rejected>,
    /// Entries that say again what an earlier one said.
    pub repeated: Vec<Repeated>,
    /// Entries a person must date.
    pub undecided: Vec<Undecided>,
}

/// What became of the mentions of entries that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MentionCounts {
    /// By full name.
    pub full: usize,
    /// By nickname or first name.
    pub short: usize,
    /// Organizations.
    pub organization: usize,
    /// Several could be meant.
    pub ambiguous: usize,
    /// Nobody known.
    pub unknown: usize,
}

impl Log {
    /// Entries by channel, those without a known channel under `other`.
    #[must_use]
    pub fn by_channel(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for contact in &self.contacts {
            *counts.entry(contact.channel.code()).or_default() += 1;
        }
        counts
    }

    /// What became of the mentions.
    #[must_use]
    pub fn mentions(&self) -> MentionCounts {
        let mut counts = MentionCounts::default();
        for mention in self.all_mentions().map(|(_, mention)| mention) {
            match mention.meaning {
                Meaning::Full(_) => counts.full += 1,
                Meaning::Short(_) => counts.short += 1,
                Meaning::Organization(_) => counts.organization += 1,
                Meaning::Ambiguous(_) => counts.ambiguous += 1,
                Meaning::Unknown => counts.unknown += 1,
            }
        }
        counts
    }

    /// Every mention with its place.
    pub fn all_mentions(&self) -> impl Iterator<Item = (Source, &Mention)> {
        self.contacts.iter().flat_map(|contact| {
            std::iter::once(&contact.who).chain(&contact.with).map(|mention| (contact.source, mention))
        })
    }
}

/// Reads a log. `known` are fingerprints of contacts that were brought before; new ones are added.
pub fn read(grid: &Grid, system: DateSystem, roster: &Roster, known: &mut HashSet<String>) -> Log {
    let mut log = Log::default();
    let mut last: Option<Reading> = None;
    let mut seen: HashMap<String, Source> = HashMap::new();
    let mut fresh: Vec<String> = Vec::new();
    for row in &grid.rows {
        let entry = match Entry::read(grid, row, roster) {
            Ok(entry) => entry,
            Err(reason) => {
                log.rejected.push(Rejected { source: row.source, reason });
                continue;
            }
        };
        let date = match date(grid.cell(row, Column::Date), system, last) {
            Ok(date) => date,
            Err(Trouble::Reject) => {
                log.rejected.push(Rejected { source: row.source, reason: "invalid_date" });
                continue;
            }
            Err(Trouble::Decide(reason)) => {
                let text = cells::text(grid.cell(row, Column::Date));
                log.undecided.push(Undecided { source: row.source, reason, text });
                continue;
            }
        };
        last = Some(date);
        let contact = entry.contact(row.source, date, roster);
        if let Some(first) = contact.fingerprints.iter().find_map(|print| seen.get(print)) {
            log.repeated.push(Repeated { source: row.source, same_as: *first });
            continue;
        }
        seen.extend(contact.fingerprints.iter().map(|print| (print.clone(), row.source)));
        let new = !contact.fingerprints.iter().any(|print| known.contains(print));
        fresh.extend(contact.fingerprints.iter().cloned());
        log.contacts.push(PlannedContact { new, ..contact });
    }
    known.extend(fresh);
    log
}

enum Trouble {
    Reject,
    Decide(&'static str),
}

fn date(cell: &Cell, system: DateSystem, last: Option<Reading>) -> Result<Reading, Trouble> {
    if grid::is_ditto(cell) {
        return last.ok_or(Trouble::Decide("missing_date"));
    }
    match cells::date(cell, system) {
        Ok(reading) if reading.date.day().is_none() => Err(Trouble::Decide("vague_date")),
        Ok(reading) if !reading.is_plausible() => Err(Trouble::Decide("implausible_date")),
        Ok(reading) => Ok(reading),
        Err(Unread::Empty) => Err(Trouble::Decide("missing_date")),
        Err(Unread::Vague) => Err(Trouble::Decide("vague_date")),
        Err(Unread::Invalid) => Err(Trouble::Reject),
    }
}

struct Entry {
    who: String,
    with: Vec<String>,
    channel: String,
    topic: String,
}

impl Entry {
    fn read(grid: &Grid, row: &DataRow, roster: &Roster) -> Result<Self, &'static str> {
        if row.undecodable {
            return Err("undecodable_bytes");
        }
        let filled = row.cells.iter().filter(|cell| !cell.is_blank()).count();
        if filled > grid.headings {
            return Err("too_many_fields");
        }
        let entry = Self {
            who: cells::said(grid.cell(row, Column::Who)),
            with: split_mentions(&cells::said(grid.cell(row, Column::With)), roster),
            channel: cells::said(grid.cell(row, Column::Channel)),
            topic: cells::text(grid.cell(row, Column::Topic)),
        };
        if entry.who.is_empty() || entry.with.is_empty() {
            return Err("missing_participant");
        }
        Ok(entry)
    }

    fn contact(self, source: Source, date: Reading, roster: &Roster) -> PlannedContact {
        let mention = |text: &String| Mention {
            text: text.clone(),
            meaning: roster.mention(text, ShortForms::WithoutKinship),
        };
        let mut contact = PlannedContact {
            date,
            who: mention(&self.who),
            with: self.with.iter().map(mention).collect(),
            channel: channel(&self.channel),
            channel_text: self.channel,
            topic: self.topic,
            fingerprints: Vec::new(),
            new: true,
            source,
        };
        contact.fingerprints = fingerprints(&contact, roster);
        contact
    }
}

/// What makes a contact the same in another row or file: date, people, channel and topic; the people once as they
/// are written, without titles, and once by who they are.
fn fingerprints(contact: &PlannedContact, roster: &Roster) -> Vec<String> {
    let written = |mention: &Mention| PersonName::parse(&mention.text).key().as_str().to_owned();
    let meant = |mention: &Mention| {
        let known = mention.meaning.actor().and_then(|no| roster.get(no));
        known.map_or_else(
            || written(mention),
            |actor| PersonName::parse(&actor.name).key().as_str().to_owned(),
        )
    };
    let channel = match contact.channel {
        Channel::Other => cells::intent_key(&contact.channel_text),
        known => known.code().to_owned(),
    };
    let topic = cells::intent_key(&contact.topic);
    let print = |mark: &str, name: &dyn Fn(&Mention) -> String| {
        let mut with: Vec<String> = contact.with.iter().map(name).collect();
        with.sort_unstable();
        format!(
            "{mark}|{}|{}|{}|{channel}|{topic}",
            contact.date.date.iso(),
            name(&contact.who),
            with.join("+")
        )
    };
    vec![print("w", &written), print("m", &meant)]
}

/// Who the second column names: parted at line breaks, commas, `/`, `+`, และ and กับ. These two may stand inside a
/// name (ศูนย์ป้องกันและบรรเทาภัย), so without spaces around them they part only where that names somebody.
fn split_mentions(cell: &str, roster: &Roster) -> Vec<String> {
    let text = normalize(cell).replace(" และ ", "\n").replace(" กับ ", "\n");
    let known = |text: &str| roster.mention(text, ShortForms::WithoutKinship) != Meaning::Unknown;
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(['\n', ',', '/', '+']).map(str::trim).filter(|part| !is_empty_word(part)) {
        let pieces: Vec<&str> =
            part.split("และ").flat_map(|piece| piece.split("กับ")).map(str::trim).collect();
        if pieces.len() > 1 && !known(part) && pieces.iter().any(|piece| known(piece)) {
            parts.extend(pieces.into_iter().filter(|piece| !is_empty_word(piece)).map(str::to_owned));
        } else {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// The channel's code; the first that fits, in this order, so that a call by LINE is LINE where it says so.
fn channel(text: &str) -> Channel {
    const ONLINE: &str = "\u{1}";
    const WORDS: [(Channel, &[&str]); 9] = [
        (Channel::Phone, &["โทร"]),
        (Channel::Line, &["ไลน์", "line"]),
        (Channel::InPerson, &["เจอตัว", "พบ", "เยี่ยม", "ลงพื้นที่", "ไปหา"]),
        (Channel::Meeting, &["ประชุม"]),
        (Channel::Facebook, &["เฟส", "เฟซ", "facebook"]),
        (Channel::Email, &["อีเมล", "email", "e-mail"]),
        (Channel::Online, &["ซูม", "zoom", ONLINE]),
        (Channel::Radio, &["วิทยุ"]),
        (Channel::Letter, &["จดหมาย"]),
    ];
    // the word for "online" ends in the name of LINE
    let text = text.to_lowercase().replace("ออนไลน์", ONLINE).replace("online", ONLINE);
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)))
        .map_or(Channel::Other, |(channel, _)| *channel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::known::{ActorKind, Known, KnownActor};

    #[test]
    fn channels_by_the_first_word_that_fits() {
        let cases = [
            ("โทร.", Channel::Phone),
            ("LINE call", Channel::Line),
            ("เยี่ยมบ้าน", Channel::InPerson),
            ("ประชุมออนไลน์", Channel::Meeting),
            ("ออนไลน์", Channel::Online),
            ("เฟซบุ๊ก", Channel::Facebook),
            ("โทรทางไลน์", Channel::Phone),
            ("ควันไฟ", Channel::Other),
            ("ซูม", Channel::Online),
        ];
        for (text, expected) in cases {
            assert_eq!(channel(text), expected, "{text}");
        }
    }

    #[test]
    fn mentions_are_parted() {
        let person = |name: &str| KnownActor { name: name.into(), ..KnownActor::new(1, ActorKind::Person) };
        let roster = Roster::new(&Known { actors: vec![person("คำ ใจดี")], ..Known::default() });
        assert_eq!(split_mentions("ป้าคำ และ ชลธิชา ยอดดอย", &roster), ["ป้าคำ", "ชลธิชา ยอดดอย"]);
        assert_eq!(split_mentions("ก / ข, ค\nง + จ กับ ฉ", &roster), ["ก", "ข", "ค", "ง", "จ", "ฉ"]);
        assert_eq!(split_mentions("ป้าคำและชลธิชา", &roster), ["ป้าคำ", "ชลธิชา"]);
        assert_eq!(split_mentions("ศูนย์ป้องกันและบรรเทาภัย", &roster), ["ศูนย์ป้องกันและบรรเทาภัย"]);
        assert!(split_mentions("-", &roster).is_empty());
    }
}
