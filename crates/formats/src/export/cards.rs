//! Members as an address book: vCard 4.0 (RFC 6350).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thai::names::PersonName;

use super::fold::{escaped, push_line};
use super::{ById, Member, Membership, Network};
use crate::intake::ActorKind;

/// The address book.
#[must_use]
pub fn vcard(network: &Network) -> String {
    let mut text = String::new();
    let places = Places::of(network);
    for member in &network.members {
        card(&mut text, &places, member);
    }
    text
}

/// Memberships by either end.
struct Places<'a> {
    by_id: ById<'a>,
    of_member: HashMap<&'a str, Vec<&'a Membership>>,
    of_organization: HashMap<&'a str, Vec<&'a Membership>>,
}

impl<'a> Places<'a> {
    fn of(network: &'a Network) -> Self {
        let mut places =
            Self { by_id: ById::of(network), of_member: HashMap::new(), of_organization: HashMap::new() };
        for membership in &network.memberships {
            places.of_member.entry(&membership.member).or_default().push(membership);
            places.of_organization.entry(&membership.organization).or_default().push(membership);
        }
        places
    }
}

fn card(text: &mut String, places: &Places<'_>, member: &Member) {
    let mut line = |line: &str| push_line(text, line);
    line("BEGIN:VCARD");
    line("VERSION:4.0");
    line(&format!("UID:{}", uid(member)));
    match member.kind {
        ActorKind::Person => line("KIND:individual"),
        ActorKind::Group => line("KIND:group"),
        ActorKind::Organization => line("KIND:org"),
    }
    line(&format!("FN:{}", escaped(&member.name)));
    if member.kind == ActorKind::Person {
        let name = PersonName::parse(&member.name);
        let (family, given) = (escaped(&name.family), escaped(&name.given));
        line(&format!("N:{family};{given};;{};", escaped(&member.title)));
    }
    if !member.nicknames.is_empty() {
        let names: Vec<String> = member.nicknames.iter().map(|name| escaped(name)).collect();
        line(&format!("NICKNAME:{}", names.join(",")));
    }
    for phone in &member.phones {
        line(&format!("TEL;VALUE=uri:tel:{phone}"));
    }
    for email in &member.emails {
        line(&format!("EMAIL:{}", escaped(email)));
    }
    for id in &member.line_ids {
        line(&format!("IMPP:line:{}", escaped(id)));
    }
    for membership in places.of_member.get(member.id.as_str()).into_iter().flatten() {
        line(&format!("ORG:{}", escaped(places.by_id.name(&membership.organization))));
        if !membership.role.is_empty() {
            line(&format!("TITLE:{}", escaped(&membership.role)));
        }
    }
    if member.kind == ActorKind::Group {
        let belong = places.of_organization.get(member.id.as_str()).into_iter().flatten();
        for person in belong.filter_map(|membership| places.by_id.get(&membership.member)) {
            line(&format!("MEMBER:{}", uid(person)));
        }
    }
    let kept_address = member.card_lines.iter().any(|line| line.starts_with("ADR"));
    let place = [&member.province, &member.district, &member.subdistrict];
    if !kept_address && place.iter().any(|part| !part.is_empty()) {
        let [subdistrict, district, province] =
            [&member.subdistrict, &member.district, &member.province].map(|part| escaped(part));
        line(&format!("ADR:;;{subdistrict};{district};{province};;"));
    }
    if let Some(day) = member.birthday {
        line(&format!("BDAY:{}", day.strftime("%Y%m%d")));
    }
    if !member.note.is_empty() {
        line(&format!("NOTE:{}", escaped(&member.note)));
    }
    if let Some(photo) = &member.photo {
        line(&format!("PHOTO:data:{};base64,{}", picture_type(photo), STANDARD.encode(photo)));
    }
    for kept in &member.card_lines {
        line(kept);
    }
    line("END:VCARD");
}

fn uid(member: &Member) -> String {
    member.card_uid.clone().map_or_else(
        || format!("urn:saan:{}", member.id),
        |uid| {
            let plain = uid.len() == 36 && uid.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
            if plain { format!("urn:uuid:{uid}") } else { escaped(&uid) }
        },
    )
}

/// What a picture is, by its first bytes.
fn picture_type(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0x89, b'P', b'N', b'G']) {
        "image/png"
    } else if bytes.starts_with(b"GIF8") {
        "image/gif"
    } else if bytes.get(8..12) == Some(b"WEBP") {
        "image/webp"
    } else {
        "image/jpeg"
    }
}
