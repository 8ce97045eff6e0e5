//! Cards of an address book to entries (rule 13). No card carries consent: everybody in it is pending.

use jiff::civil::Date;
use thai::dates;
use thai::names::PersonName;
use thai::phones;
use thai::text::{is_empty_word, normalize};

use super::cells::{self, Answer};
use super::organizations::OrganizationName;
use super::people::{CardExtras, OrganizationEntry, PersonEntry, Reach};
use super::plan::{Rejected, Source, Warning};
use crate::content_lines::Property;
use crate::table::Cell;
use crate::vcard::{Card, Kind};

/// An address book, read.
#[derive(Debug, Default)]
pub struct Cards {
    /// Cards of persons.
    pub persons: Vec<PersonEntry>,
    /// Cards of groups and organizations.
    pub bodies: Vec<OrganizationEntry>,
    /// Cards that are not taken in.
    pub rejected: Vec<Rejected>,
    /// Values that were lost.
    pub warnings: Vec<Warning>,
}

/// Reads every card.
#[must_use]
pub fn read(cards: &[Card]) -> Cards {
    let mut read = Cards::default();
    for card in cards {
        let source = Source { sheet: 0, row: card.number };
        if !card.closed {
            read.rejected.push(Rejected { source, reason: "card_not_closed" });
            continue;
        }
        let Some(name) = name(card) else {
            read.rejected.push(Rejected { source, reason: "no_name" });
            continue;
        };
        let reach = reach(card, source, &mut read.warnings);
        if matches!(card.kind(), Kind::Individual | Kind::Location) {
            read.persons.push(person(card, source, &name, reach));
        } else {
            read.bodies.push(body(card, source, &name, reach));
        }
    }
    read
}

/// The name of `N`, else of `FN`; of groups and organizations `FN` first, since `N` takes a name apart.
fn name(card: &Card) -> Option<String> {
    let structured = card.structured_name();
    let formatted = card.formatted_name();
    let order = if matches!(card.kind(), Kind::Group | Kind::Organization) {
        [formatted, structured]
    } else {
        [structured, formatted]
    };
    order.into_iter().map(|name| normalize(&name).into_owned()).find(|name| !is_empty_word(name))
}

fn person(card: &Card, source: Source, name: &str, reach: Reach) -> PersonEntry {
    let role = ["TITLE", "ROLE"].into_iter().find_map(|key| text_of(card, key));
    let mut organizations: Vec<OrganizationName> = Vec::new();
    for property in card.all("ORG") {
        // the first part is the organization, the others are its departments
        let first = property.components().into_iter().next().unwrap_or_default();
        let name = OrganizationName::new(&first);
        if !is_empty_word(&first) && !name.key.is_empty() && organizations.iter().all(|o| o.key != name.key) {
            organizations.push(name);
        }
    }
    PersonEntry {
        source,
        name: PersonName::parse(name),
        nickname: text_of(card, "NICKNAME").unwrap_or_default(),
        organizations: organizations.into_iter().map(|name| (name, role.clone())).collect(),
        reach,
        consent: Answer::Unclear,
        offers: Vec::new(),
        needs: Vec::new(),
        submitted: None,
        extras: extras(card),
    }
}

fn body(card: &Card, source: Source, name: &str, reach: Reach) -> OrganizationEntry {
    OrganizationEntry {
        source,
        organizations: vec![OrganizationName::new(name)],
        reach,
        offers: Vec::new(),
        needs: Vec::new(),
        extras: extras(card),
        members: card.members(),
    }
}

fn text_of(card: &Card, name: &str) -> Option<String> {
    card.first(name)
        .map(|property| normalize(&property.text()).into_owned())
        .filter(|text| !is_empty_word(text))
}

fn extras(card: &Card) -> CardExtras {
    CardExtras {
        birthday: card.first("BDAY").and_then(|day| birthday(&day.text())),
        photo: card.photo(),
        uid: card.uid(),
        notes: card.all("NOTE").map(|note| note.text()).filter(|note| !is_empty_word(note)).collect(),
        lines: card
            .properties
            .iter()
            .filter(|property| !is_understood(&property.name))
            .map(Property::to_line)
            .collect(),
    }
}

/// Properties whose content becomes part of the member; the others are kept as they are.
fn is_understood(name: &str) -> bool {
    const UNDERSTOOD: [&str; 17] = [
        "VERSION",
        "UID",
        "KIND",
        "X-ADDRESSBOOKSERVER-KIND",
        "FN",
        "N",
        "NICKNAME",
        "TEL",
        "EMAIL",
        "IMPP",
        "ORG",
        "TITLE",
        "BDAY",
        "NOTE",
        "PHOTO",
        "MEMBER",
        "X-ADDRESSBOOKSERVER-MEMBER",
    ];
    UNDERSTOOD.contains(&name)
}

fn birthday(text: &str) -> Option<Date> {
    dates::parse(text).ok().and_then(|reading| reading.date.day())
}

fn reach(card: &Card, source: Source, warnings: &mut Vec<Warning>) -> Reach {
    let mut reach = Reach::default();
    let mut warn = |what: &str, text: &str| {
        warnings.push(Warning { source, what: what.to_owned(), text: text.to_owned() });
    };
    for property in card.all("TEL") {
        let text = property.text();
        let written = text.trim().strip_prefix("tel:").unwrap_or(&text);
        // the parameters of a tel: address, such as ;ext=4, are no second number
        let written = if text.trim().starts_with("tel:") {
            written.split(';').next().unwrap_or(written)
        } else {
            written
        };
        let cell = phones::parse_cell(written);
        if cell.is_invalid() {
            warn("invalid_phone", written);
        }
        push_all(&mut reach.phones, cell.numbers.iter().map(|phone| phone.e164().to_owned()));
    }
    for property in card.all("EMAIL") {
        let text = property.text();
        match cells::email(&text) {
            Some(address) => push_all(&mut reach.emails, std::iter::once(address)),
            None if !is_empty_word(&text) => warn("invalid_email", &text),
            None => {}
        }
    }
    for property in &card.properties {
        let id = match property.name.as_str() {
            "IMPP" => property.raw().trim().strip_prefix("line:").map(str::to_owned),
            "X-LINE" | "X-LINE-ID" => Some(property.text()),
            "X-SOCIALPROFILE" | "SOCIALPROFILE" => {
                let line = property.parameter("TYPE").chain(property.parameter("SERVICE-TYPE"));
                line.into_iter().any(|kind| kind.eq_ignore_ascii_case("line")).then(|| property.text())
            }
            _ => None,
        };
        push_all(&mut reach.line_ids, id.into_iter().filter_map(|id| cells::line_id(&Cell::Text(id))));
    }
    if let Some(address) = card.first("ADR") {
        let parts = address.components();
        let part = |at: usize| parts.get(at).map(|part| normalize(part).into_owned()).unwrap_or_default();
        reach.district = part(3);
        reach.province = part(4);
    }
    reach
}

fn push_all(list: &mut Vec<String>, new: impl Iterator<Item = String>) {
    for text in new {
        if !list.contains(&text) {
            list.push(text);
        }
    }
}
