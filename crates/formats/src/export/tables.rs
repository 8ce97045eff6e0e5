//! A network as tables, with the headings the import knows.

use std::collections::HashMap;

use serde::Serialize;
use thai::Lang;
use thai::phones::Phone;

use super::{ById, Member, Network, code_of};
use crate::intake::{ActorKind, Relation};

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name, also that of its sheet or file.
    pub name: String,
    /// Headings.
    pub columns: Vec<String>,
    /// Rows, each as long as the headings.
    pub rows: Vec<Vec<String>>,
}

fn table(name: [&str; 2], columns: &[[&str; 2]], lang: Lang) -> Table {
    let pick = |[thai, english]: [&str; 2]| if lang == Lang::Thai { thai } else { english }.to_owned();
    Table {
        name: pick(name),
        columns: columns.iter().map(|column| pick(*column)).collect(),
        rows: Vec::new(),
    }
}

/// All tables of a network: members with what they give and need, contacts, ties, activities, and the further ones.
#[must_use]
pub fn tables(network: &Network, lang: Lang) -> Vec<Table> {
    let mut all =
        vec![members(network, lang), contacts(network, lang), ties(network, lang), activities(network, lang)];
    all.extend(network.further.iter().cloned());
    all
}

fn members(network: &Network, lang: Lang) -> Table {
    let mut table = table(
        ["สมาชิก", "members"],
        &[
            ["ชื่อ-นามสกุล", "full name"],
            ["ชื่อเล่น", "nickname"],
            ["หน่วยงาน/กลุ่ม", "organization"],
            ["บทบาท", "role"],
            ["จังหวัด", "province"],
            ["อำเภอ", "district"],
            ["ตำบล", "sub-district"],
            ["เบอร์โทร", "phone"],
            ["LINE ID", "LINE ID"],
            ["อีเมล", "e-mail"],
            ["สิ่งที่ให้ได้", "offers"],
            ["สิ่งที่ต้องการ", "needs"],
            ["ช่วงเวลาที่สะดวก", "availability"],
            ["ยินยอมให้เก็บข้อมูล", "consent"],
            ["รหัส", "id"],
            ["ชนิด", "kind"],
        ],
        lang,
    );
    let by_id = ById::of(network);
    let mut belongs: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for membership in &network.memberships {
        let place = (by_id.name(&membership.organization), membership.role.as_str());
        belongs.entry(&membership.member).or_default().push(place);
    }
    let mut said: HashMap<(&str, bool), Vec<String>> = HashMap::new();
    for intent in &network.intents {
        said.entry((&intent.owner, intent.offers)).or_default().push(one_line(&intent.text));
    }
    for member in &network.members {
        let places = belongs.get(member.id.as_str()).map_or(&[][..], Vec::as_slice);
        let listed = |offers: bool| {
            said.get(&(member.id.as_str(), offers)).map(|texts| texts.join("\n")).unwrap_or_default()
        };
        table.rows.push(member_row(member, places, &listed(true), &listed(false)));
    }
    table
}

fn member_row(member: &Member, places: &[(&str, &str)], offers: &str, needs: &str) -> Vec<String> {
    let person = member.kind == ActorKind::Person;
    let full = if member.title.is_empty() {
        member.name.clone()
    } else {
        format!("{}{}", member.title, member.name)
    };
    let (name, organizations) = if person {
        (full, places.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("\n"))
    } else {
        (String::new(), member.name.clone())
    };
    let roles: Vec<&str> = places.iter().map(|(_, role)| *role).collect();
    let phones: Vec<String> = member
        .phones
        .iter()
        .map(|e164| Phone::parse(e164).map_or_else(|| e164.clone(), |phone| phone.grouped()))
        .collect();
    let consent = match (person, member.consented) {
        (true, true) => "ยินยอม",
        (true, false) | (false, _) => "",
    };
    vec![
        name,
        member.nicknames.join("\n"),
        organizations,
        if roles.iter().all(|role| role.is_empty()) { String::new() } else { roles.join("\n") },
        member.province.clone(),
        member.district.clone(),
        member.subdistrict.clone(),
        phones.join("\n"),
        member.line_ids.join("\n"),
        member.emails.join("\n"),
        offers.to_owned(),
        needs.to_owned(),
        member.availability.clone(),
        consent.to_owned(),
        member.id.clone(),
        code_of(member.kind).to_owned(),
    ]
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn contacts(network: &Network, lang: Lang) -> Table {
    let mut table = table(
        ["บันทึกการติดต่อ", "contacts"],
        &[["วันที่", "date"], ["ใคร", "who"], ["คุยกับใคร", "with"], ["ช่องทาง", "channel"], ["เรื่อง", "topic"]],
        lang,
    );
    for contact in &network.contacts {
        table.rows.push(vec![
            contact.at.clone(),
            contact.who.clone(),
            contact.with.join("\n"),
            contact.channel.clone(),
            contact.topic.clone(),
        ]);
    }
    table
}

fn ties(network: &Network, lang: Lang) -> Table {
    let mut table = table(
        ["ความสัมพันธ์", "ties"],
        &[
            ["ต้นทาง", "source"],
            ["ปลายทาง", "target"],
            ["ความสัมพันธ์", "relation"],
            ["ระดับ", "strength"],
            ["ตั้งแต่", "since"],
        ],
        lang,
    );
    let by_id = ById::of(network);
    for tie in &network.ties {
        table.rows.push(vec![
            by_id.name(&tie.subject).to_owned(),
            by_id.name(&tie.object).to_owned(),
            relation(&tie.relation, lang),
            tie.strength.map(|strength| strength.to_string()).unwrap_or_default(),
            tie.since.map(|since| since.iso()).unwrap_or_default(),
        ]);
    }
    table
}

/// A relation in words that the import reads back; for English readers its code is its word.
fn relation(code: &str, lang: Lang) -> String {
    let known = Relation::ALL.iter().find(|relation| relation.code() == code && lang == Lang::Thai);
    known.map_or(code, |relation| relation.thai()).to_owned()
}

fn activities(network: &Network, lang: Lang) -> Table {
    let mut table = table(
        ["กิจกรรม", "activities"],
        &[
            ["กิจกรรม", "title"],
            ["เริ่ม", "start"],
            ["จบ", "end"],
            ["สถานที่", "place"],
            ["สถานะ", "status"],
            ["จัดซ้ำ", "repeats"],
            ["รหัส", "id"],
        ],
        lang,
    );
    for activity in &network.activities {
        let event = &activity.event;
        let time = |when: Option<crate::icalendar::When>| {
            when.map(|when| {
                let format = if when.whole_day { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
                when.bangkok().strftime(format).to_string()
            })
            .unwrap_or_default()
        };
        table.rows.push(vec![
            event.summary.clone(),
            time(event.start),
            time(event.end),
            event.location.clone(),
            event.status.code().to_owned(),
            event.rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default(),
            event.uid.clone(),
        ]);
    }
    table
}
