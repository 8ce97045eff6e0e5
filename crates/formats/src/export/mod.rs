//! A network taken out again: as a workbook, a zip of tables, an address book, a calendar, or a graph.
//!
//! The program fills [`Network`] with what its reader may see; nothing here decides about that. What goes out comes in
//! again: the workbook and the tables carry the headings the import knows, so that nobody is locked in (D1).

mod archive;
mod calendar;
mod cards;
mod defuse;
mod fold;
mod graph;
mod tables;
mod workbook;

use std::collections::HashMap;

use jiff::civil::{Date, DateTime};
use serde::Serialize;
use thai::Lang;
use thai::dates::PartialDate;

pub use archive::{archive, csv_zip};
pub use calendar::icalendar;
pub use cards::vcard;
pub(crate) use defuse::armed;
pub use defuse::defuse;
pub use fold::{escaped, push_line};
pub use graph::{gexf, graphml, kumu};
pub use tables::{Table, tables};
pub use workbook::{workbook, xlsx};

use crate::icalendar::Event;
use crate::intake::ActorKind;

/// A file that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The workbook's library refused.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The archive could not be written.
    #[error("the archive could not be written: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Bytes could not be written.
    #[error("the file could not be written: {0}")]
    Writing(#[from] std::io::Error),
}

/// Everything that is taken out.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// When it was taken out, in UTC.
    pub at: DateTime,
    /// Members of every kind.
    pub members: Vec<Member>,
    /// Who belongs where.
    pub memberships: Vec<Membership>,
    /// Offers and needs.
    pub intents: Vec<Intent>,
    /// Ties.
    pub ties: Vec<Tie>,
    /// Contacts that took place.
    pub contacts: Vec<Contact>,
    /// Activities.
    pub activities: Vec<Activity>,
    /// Further tables as they are: what the readers here do not know yet still leaves with the rest.
    pub further: Vec<Table>,
    /// Tables with every column, for programs: they stand in the JSON alone, since a sheet of them would be read as
    /// another list when the workbook comes in again.
    pub whole: Vec<Table>,
}

/// A member.
#[derive(Debug, Clone, Serialize)]
pub struct Member {
    /// The id others in this export call it by.
    pub id: String,
    /// Person, group or organization.
    #[serde(serialize_with = "kind_code")]
    pub kind: ActorKind,
    /// Name without title.
    pub name: String,
    /// Title.
    pub title: String,
    /// Nicknames.
    pub nicknames: Vec<String>,
    /// Telephone numbers in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// LINE ids.
    pub line_ids: Vec<String>,
    /// จังหวัด.
    pub province: String,
    /// อำเภอ.
    pub district: String,
    /// ตำบล.
    pub subdistrict: String,
    /// When it is convenient.
    pub availability: String,
    /// True where consent is on record.
    pub consented: bool,
    /// About the member.
    pub note: String,
    /// Day of birth.
    #[serde(serialize_with = "day")]
    pub birthday: Option<Date>,
    /// A picture's bytes.
    #[serde(skip)]
    pub photo: Option<Vec<u8>>,
    /// Identifier in an address book.
    pub card_uid: Option<String>,
    /// Lines of a card that this program does not know, kept as they came.
    pub card_lines: Vec<String>,
}

fn kind_code<S: serde::Serializer>(kind: &ActorKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code_of(*kind))
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.serialize_some(&day.to_string()),
        None => serializer.serialize_none(),
    }
}

/// The word of a kind.
#[must_use]
pub const fn code_of(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Group => "group",
        ActorKind::Organization => "organization",
    }
}

impl Member {
    /// A member of whom nothing but id, kind and name is known.
    #[must_use]
    pub fn new(id: &str, kind: ActorKind, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            name: name.to_owned(),
            title: String::new(),
            nicknames: Vec::new(),
            phones: Vec::new(),
            emails: Vec::new(),
            line_ids: Vec::new(),
            province: String::new(),
            district: String::new(),
            subdistrict: String::new(),
            availability: String::new(),
            consented: false,
            note: String::new(),
            birthday: None,
            photo: None,
            card_uid: None,
            card_lines: Vec::new(),
        }
    }
}

/// Who belongs where; ids of [`Member`].
#[derive(Debug, Clone, Serialize)]
pub struct Membership {
    /// Who.
    pub member: String,
    /// Where.
    pub organization: String,
    /// As what.
    pub role: String,
}

/// An offer or a need.
#[derive(Debug, Clone, Serialize)]
pub struct Intent {
    /// Whose; id of a [`Member`].
    pub owner: String,
    /// True for an offer, false for a need.
    pub offers: bool,
    /// In the owner's words.
    pub text: String,
}

/// A tie; ids of [`Member`].
#[derive(Debug, Clone, Serialize)]
pub struct Tie {
    /// From whom.
    pub subject: String,
    /// To whom.
    pub object: String,
    /// The relation's code.
    pub relation: String,
    /// True where it runs from one to the other.
    pub directed: bool,
    /// 1 to 5.
    pub strength: Option<u8>,
    /// Since when.
    #[serde(serialize_with = "iso")]
    pub since: Option<PartialDate>,
}

fn iso<S: serde::Serializer>(since: &Option<PartialDate>, serializer: S) -> Result<S::Ok, S::Error> {
    match since {
        Some(since) => serializer.serialize_some(&since.iso()),
        None => serializer.serialize_none(),
    }
}

/// A contact that took place.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// The day, and the time where it is known.
    pub at: String,
    /// Who made it, by name.
    pub who: String,
    /// With whom, by name.
    pub with: Vec<String>,
    /// How, in words.
    pub channel: String,
    /// About what.
    pub topic: String,
}

/// An activity with the occurrences that were moved.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The activity.
    pub event: Event,
    /// Occurrences that differ; each says which it replaces.
    pub changed: Vec<Event>,
}

/// Members by id.
struct ById<'a>(HashMap<&'a str, &'a Member>);

impl<'a> ById<'a> {
    fn of(network: &'a Network) -> Self {
        Self(network.members.iter().map(|member| (member.id.as_str(), member)).collect())
    }

    fn get(&self, id: &str) -> Option<&'a Member> {
        self.0.get(id).copied()
    }

    /// The name; the id itself where the member is not among those taken out.
    fn name(&self, id: &'a str) -> &'a str {
        self.get(id).map_or(id, |member| &member.name)
    }
}

/// The whole as one JSON object, for programs.
#[must_use]
pub fn json(network: &Network, lang: Lang) -> serde_json::Value {
    let further: serde_json::Map<String, serde_json::Value> = network
        .further
        .iter()
        .chain(&network.whole)
        .map(|table| (table.name.clone(), serde_json::json!({"columns": table.columns, "rows": table.rows})))
        .collect();
    serde_json::json!({
        "network": network.name,
        "lang": lang.tag(),
        "at": format!("{}Z", network.at),
        "members": network.members,
        "memberships": network.memberships,
        "intents": network.intents,
        "ties": network.ties,
        "contacts": network.contacts,
        "activities": icalendar(network),
        "further": further,
    })
}
