//! Address books: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), as phones and mail programs really write them.
//!
//! Every property is kept, known or not, so that a card can be written out again whole.

use crate::content_lines::{self, Property, Value};
use crate::refusal::Refusal;

/// How deep cards may stand in cards (`AGENT` of vCard 2.1).
pub const DEEPEST: usize = 4;

/// The most cards of a file, so that it fits in memory with all that is made of it.
pub const MOST_CARDS: u32 = 30_000;

/// What a card stands for (RFC 6350 §6.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One human being; also where the card does not say.
    Individual,
    /// A list of people.
    Group,
    /// An organization.
    Organization,
    /// A place.
    Location,
}

/// One card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which `BEGIN:VCARD` of the file it is, from 1.
    pub number: u32,
    /// The line it begins on, from 1.
    pub line: u32,
    /// False where the next card or the end of the file came before `END:VCARD`.
    pub closed: bool,
    /// Its properties in order, without BEGIN and END.
    pub properties: Vec<Property>,
}

/// Reads every card of a file. Cards inside cards are counted but stay part of the outer one.
///
/// # Errors
/// Those of [`content_lines::read`], [`Refusal::NestedTooDeep`] beyond [`DEEPEST`] and [`Refusal::TooMany`]
/// beyond [`MOST_CARDS`].
pub fn read(bytes: &[u8]) -> Result<Vec<Card>, Refusal> {
    let mut cards: Vec<Card> = Vec::new();
    let mut open: Option<Card> = None;
    let mut inner = 0_usize;
    let mut number = 0_u32;
    let mut begun = 0_usize;
    for property in content_lines::read(bytes)? {
        if is_card(&property, "BEGIN") {
            number += 1;
            begun += 1;
            if number > MOST_CARDS {
                return Err(Refusal::TooMany);
            }
            // one card without an end is a slip; five in a row are no address book
            if begun > DEEPEST {
                return Err(Refusal::NestedTooDeep(property.line));
            }
            let card = Card { number, line: property.line, closed: false, properties: Vec::new() };
            match &mut open {
                Some(outer) if inner > 0 || holds_agent(outer) => inner += 1,
                _ => cards.extend(open.replace(card)),
            }
        } else if is_card(&property, "END") {
            begun = 0;
            if inner > 0 {
                inner -= 1;
            } else if let Some(mut card) = open.take() {
                card.closed = true;
                cards.push(card);
            }
        } else if inner == 0
            && let Some(card) = &mut open
        {
            card.properties.push(property);
        }
    }
    cards.extend(open);
    Ok(cards)
}

fn is_card(property: &Property, name: &str) -> bool {
    property.name == name && property.raw().trim().eq_ignore_ascii_case("VCARD")
}

/// The last line of the card says that a card of its agent follows.
fn holds_agent(card: &Card) -> bool {
    card.properties.last().is_some_and(|last| last.name == "AGENT" && last.raw().trim().is_empty())
}

impl Card {
    /// The properties of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The first property of a name.
    #[must_use]
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a Property> {
        self.all(name).next()
    }

    /// What the card stands for, by `KIND` or by what Apple writes in its place.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let said = self.first("KIND").or_else(|| self.first("X-ADDRESSBOOKSERVER-KIND"));
        match said.map(|kind| kind.text().trim().to_ascii_lowercase()).as_deref() {
            Some("group") => Kind::Group,
            Some("org" | "organization") => Kind::Organization,
            Some("location") => Kind::Location,
            _ => Kind::Individual,
        }
    }

    /// Given and family name of `N`, in the order they are said; empty where there is none.
    #[must_use]
    pub fn structured_name(&self) -> String {
        let Some(name) = self.first("N") else { return String::new() };
        let parts = name.components();
        let part = |at: usize| parts.get(at).map_or("", |part| part.trim());
        [part(1), part(0)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The name as shown, of `FN`; empty where there is none.
    #[must_use]
    pub fn formatted_name(&self) -> String {
        self.first("FN").map(Property::text).unwrap_or_default()
    }

    /// The picture's bytes, where the card holds them itself.
    #[must_use]
    pub fn photo(&self) -> Option<Vec<u8>> {
        self.all("PHOTO").find_map(|photo| match &photo.value {
            Value::Bytes(bytes) if !bytes.is_empty() => Some(bytes.clone()),
            Value::Bytes(_) => None,
            Value::Text(uri) => data_uri(uri),
        })
    }

    /// The identifier, in small letters without `urn:uuid:`.
    #[must_use]
    pub fn uid(&self) -> Option<String> {
        self.first("UID").map(|uid| plain_uid(&uid.text())).filter(|uid| !uid.is_empty())
    }

    /// The identifiers of a group's members.
    #[must_use]
    pub fn members(&self) -> Vec<String> {
        self.properties
            .iter()
            .filter(|property| matches!(property.name.as_str(), "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER"))
            .map(|property| plain_uid(&property.text()))
            .filter(|uid| !uid.is_empty())
            .collect()
    }
}

fn plain_uid(uid: &str) -> String {
    let uid = uid.trim().to_lowercase();
    uid.strip_prefix("urn:uuid:").map_or(uid.clone(), str::to_owned)
}

/// The bytes of `data:image/png;base64,…` (vCard 4.0).
fn data_uri(uri: &str) -> Option<Vec<u8>> {
    let (_, data) = uri.strip_prefix("data:")?.split_once("base64,")?;
    Some(content_lines::base64_bytes(data.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_without_an_end_is_told() {
        let cards = read(b"BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nbegin:vcard\nfn:C\n").unwrap();
        let told: Vec<_> =
            cards.iter().map(|card| (card.number, card.closed, card.formatted_name())).collect();
        assert_eq!(told, [(1, false, "A".into()), (2, true, "B".into()), (3, false, "C".into())]);
    }

    #[test]
    fn an_agent_stays_inside_its_card() {
        let text = "BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:C\nEND:VCARD\n";
        let cards = read(text.as_bytes()).unwrap();
        assert_eq!(cards.len(), 2);
        assert_eq!((cards[1].number, cards[1].formatted_name()), (3, "C".to_owned()));
        assert_eq!(cards[0].first("TEL").unwrap().text(), "1");
    }

    #[test]
    fn cards_nested_without_end_are_refused() {
        for text in ["BEGIN:VCARD\nAGENT:\n", "BEGIN:VCARD\nFN:x\n"] {
            assert_eq!(read(text.repeat(10).as_bytes()), Err(Refusal::NestedTooDeep(9)));
        }
        let closed = "BEGIN:VCARD\nFN:x\nEND:VCARD\n".repeat(10);
        assert_eq!(read(closed.as_bytes()).map(|cards| cards.len()), Ok(10));
    }

    #[test]
    fn names_kinds_members_and_pictures() {
        let text = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nN:ใจดี;สมชาย;;นาย;\nMEMBER:urn:uuid:AB-1\nPHOTO:data:image/png;base64,AAEC\nX-OWN:kept\nEND:VCARD\n";
        let card = read(text.as_bytes()).unwrap().remove(0);
        assert_eq!(card.kind(), Kind::Group);
        assert_eq!(card.structured_name(), "สมชาย ใจดี");
        assert_eq!(card.members(), ["ab-1"]);
        assert_eq!(card.photo(), Some(vec![0, 1, 2]));
        assert_eq!(card.first("X-OWN").unwrap().text(), "kept");
    }
}
