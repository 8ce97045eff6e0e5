//! Members as an address book: vCard 4.0 (RFC 6350).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thai::names::PersonName;

use super::fold::{escaped, push_line};
use super::{Member, Network, name_of};
use crate::intake::ActorKind;

/// The address book.
#[must_use]
pub fn vcard(network: &Network) -> String {
    let mut text = String::new();
    for member in &network.members {
        card(&mut text, network, member);
    }
    text
}

fn card(text: &mut String, network: &Network, member: &Member) {
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
    let places = network.memberships.iter().filter(|membership| membership.member == member.id);
    for membership in places {
        line(&format!("ORG:{}", escaped(name_of(network, &membership.organization))));
        if !membership.role.is_empty() {
            line(&format!("TITLE:{}", escaped(&membership.role)));
        }
    }
    if member.kind == ActorKind::Group {
        let belong = network.memberships.iter().filter(|membership| membership.organization == member.id);
        for person in belong.filter_map(|m| network.members.iter().find(|other| other.id == m.member)) {
            line(&format!("MEMBER:{}", uid(person)));
        }
    }
    if !(member.province.is_empty() && member.district.is_empty() && member.subdistrict.is_empty()) {
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
    member.card_uid.clone().map_or_else(|| format!("urn:saan:{}", member.id), |uid| {
        let plain = uid.len() == 36 && uid.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        if plain { format!("urn:uuid:{uid}") } else { escaped(&uid) }
    })
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
