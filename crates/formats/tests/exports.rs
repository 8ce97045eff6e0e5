//! What is taken out comes in again, in our readers and in another's.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its sample has failed")]

use formats::export::{
    Activity, Contact, Intent, Member, Membership, Network, Tie, csv_zip, gexf, graphml, icalendar, json,
    kumu, vcard, xlsx,
};
use formats::intake::{ActorKind, Consent, Intake, IntentKind, Known, Options, Plan};
use thai::Lang;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

fn read(intake: &mut Intake, name: &str, bytes: &[u8]) -> Plan {
    intake.read(name, bytes).unwrap()
}

/// The sample files as a network, as a store would hold it after writing their plans.
fn network(names: &[&str]) -> Network {
    let mut intake = Intake::new(&Known::default(), Options::default());
    let mut network = Network {
        name: "เครือข่ายคนดอยเกื้อกูล".into(), ..Network::default()
    };
    for name in names {
        let plan = read(&mut intake, name, &sample(name));
        let id = |no: formats::intake::ActorNo| format!("mem_{}", no.0);
        if let Some(part) = &plan.members {
            for actor in &part.people.actors {
                let mut member = Member::new(&id(actor.no), actor.kind, &actor.name);
                member.title.clone_from(&actor.title);
                member.nicknames.clone_from(&actor.nicknames);
                member.phones.clone_from(&actor.phones);
                member.emails.clone_from(&actor.emails);
                member.line_ids.clone_from(&actor.line_ids);
                member.province.clone_from(&actor.province);
                member.district.clone_from(&actor.district);
                member.subdistrict.clone_from(&actor.subdistrict);
                member.consented = actor.consent == Consent::Given;
                member.photo.clone_from(&actor.photo);
                member.birthday = actor.birthday;
                member.card_uid.clone_from(&actor.card_uid);
                member.card_lines.clone_from(&actor.card_lines);
                network.members.push(member);
            }
            network.memberships.extend(part.people.memberships.iter().map(|m| Membership {
                member: id(m.member),
                organization: id(m.organization),
                role: m.role.clone().unwrap_or_default(),
            }));
            network.intents.extend(part.people.intents.iter().map(|intent| Intent {
                owner: id(intent.owner),
                offers: intent.kind == IntentKind::Offer,
                text: intent.text.clone(),
            }));
        }
        network.contacts.extend(plan.log.iter().flat_map(|log| &log.contacts).map(|contact| Contact {
            at: contact.date.iso(),
            who: contact.who.text.clone(),
            with: contact.with.iter().map(|mention| mention.text.clone()).collect(),
            channel: contact.channel_text.clone(),
            topic: contact.topic.clone(),
        }));
        network.ties.extend(plan.ties.iter().flat_map(|ties| &ties.ties).map(|tie| Tie {
            subject: id(tie.subject),
            object: id(tie.object),
            relation: tie.relation.code().to_owned(),
            directed: tie.relation.is_directed(),
            strength: tie.strength,
            since: tie.since,
        }));
        network.activities.extend(plan.activities.iter().flat_map(|a| &a.planned).map(|activity| Activity {
            event: activity.event.clone(),
            changed: activity.changed.iter().map(|(_, event)| event.clone()).collect(),
        }));
    }
    network
}

fn all() -> Network {
    network(&["members.xlsx", "ties.csv"])
}

#[test]
fn a_workbook_comes_in_again_as_the_same_network() {
    for lang in [Lang::Thai, Lang::English] {
        let bytes = xlsx(&all(), lang).unwrap();
        let plan = read(&mut Intake::new(&Known::default(), Options::default()), "out.xlsx", &bytes);
        let counts = &plan.members.as_ref().unwrap().people.counts;
        assert_eq!((counts.persons, counts.persons_pending), (115, 4));
        assert_eq!((counts.organizations, counts.groups), (25, 13));
        assert_eq!((counts.memberships, counts.offers, counts.needs), (117, 126, 96));
        assert_eq!((counts.phones, counts.emails), (101, 21));
        assert_eq!(counts.persons_if_merged, 110);
        assert_eq!(plan.log.as_ref().unwrap().contacts.len(), 28);
        let ties = plan.ties.as_ref().unwrap();
        assert_eq!((ties.ties.len(), ties.rejected.len(), ties.undecided.len()), (29, 0, 0));
        assert!(
            ties.ties
                .iter()
                .any(|tie| tie.strength == Some(3) && tie.since.map(|s| s.iso()) == Some("2017".into()))
        );
    }
}

#[test]
fn the_tables_come_in_again_one_by_one() {
    use std::io::Read as _;
    let bytes = csv_zip(&all(), Lang::Thai).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["สมาชิก.csv", "บันทึกการติดต่อ.csv", "ความสัมพันธ์.csv", "กิจกรรม.csv"]);
    let mut intake = Intake::new(&Known::default(), Options::default());
    let mut plans = Vec::new();
    for name in names.iter().take(3) {
        let mut text = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut text).unwrap();
        plans.push(read(&mut intake, name, &text));
    }
    assert_eq!(plans[0].members.as_ref().unwrap().people.counts.persons, 115);
    assert_eq!(plans[1].log.as_ref().unwrap().contacts.len(), 28);
    assert_eq!(plans[2].ties.as_ref().unwrap().ties.len(), 29);
}

#[test]
fn cells_a_spreadsheet_would_run_are_defused_and_come_back() {
    let mut network = Network::default();
    let mut member = Member::new("mem_1", ActorKind::Person, "=cmd|' /C calc'!A0 ใจดี");
    member.line_ids.push("@chomrom".into());
    network.members.push(member);
    network.intents.push(Intent {
        owner: "mem_1".into(),
        offers: true,
        text: "@SUM(1+1)*cmd|' /C calc'!A0".into(),
    });
    let bytes = csv_zip(&network, Lang::Thai).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let text = std::io::read_to_string(archive.by_name("สมาชิก.csv").unwrap()).unwrap();
    assert!(text.contains("'=cmd|") && text.contains("'@SUM("));
    // not refused as formula-like, and the texts are as they were
    let plan = read(&mut Intake::new(&Known::default(), Options::default()), "out.csv", text.as_bytes());
    let people = &plan.members.as_ref().unwrap().people;
    assert_eq!(people.actors[0].name, "=cmd|' /C calc'!A0 ใจดี");
    assert_eq!(people.actors[0].line_ids, ["@chomrom"]);
    assert_eq!(people.intents[0].text, "@SUM(1+1)*cmd|' /C calc'!A0");
}

#[test]
fn an_address_book_comes_in_again_here_and_elsewhere() {
    let network = network(&["phonebook.vcf"]);
    let text = vcard(&network);
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    let plan = read(&mut Intake::new(&Known::default(), Options::default()), "out.vcf", text.as_bytes());
    let people = &plan.members.as_ref().unwrap().people;
    let counts = &people.counts;
    assert_eq!((counts.persons, counts.organizations, counts.memberships, counts.photos), (10, 6, 5, 2));
    let mut before: Vec<_> =
        network.members.iter().map(|m| (&m.name, &m.phones, &m.photo, m.birthday)).collect();
    let mut after: Vec<_> =
        people.actors.iter().map(|a| (&a.name, &a.phones, &a.photo, a.birthday)).collect();
    before.sort();
    after.sort();
    assert_eq!(before, after);
    // a property nobody here knows is still there
    assert!(text.contains("item1.X-ABLABEL:มือถือเก่า"));
    assert!(
        people.actors.iter().any(|actor| actor.card_lines.iter().any(|line| line.starts_with("CATEGORIES:")))
    );

    let mut parser = calcard::Parser::new(&text);
    let mut names = Vec::new();
    loop {
        match parser.entry() {
            calcard::Entry::VCard(card) => {
                let name = card.property(&calcard::vcard::VCardProperty::Fn).unwrap();
                names.push(name.values[0].as_text().unwrap().to_owned());
            }
            calcard::Entry::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(names.iter().eq(network.members.iter().map(|member| &member.name)));
}

#[test]
fn a_calendar_comes_in_again_here_and_elsewhere() {
    let network = network(&["calendar.ics"]);
    let text = icalendar(&network);
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    let again = read(&mut Intake::new(&Known::default(), Options::default()), "out.ics", text.as_bytes());
    let first =
        read(&mut Intake::new(&Known::default(), Options::default()), "in.ics", &sample("calendar.ics"));
    let (again, first) = (again.activities.unwrap().planned, first.activities.unwrap().planned);
    assert_eq!((again.len(), first.len()), (12, 12));
    let from = jiff::civil::date(2025, 1, 1).at(0, 0, 0, 0);
    let before = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
    for (again, first) in again.iter().zip(&first) {
        assert_eq!(again.event.uid, first.event.uid);
        assert_eq!(again.event.summary, first.event.summary);
        assert_eq!(again.event.status, first.event.status);
        assert_eq!(again.event.location, first.event.location);
        assert_eq!(again.occurrences(from, before), first.occurrences(from, before));
    }
    let mut parser = calcard::Parser::new(&text);
    let calcard::Entry::ICalendar(calendar) = parser.entry() else { panic!("no calendar") };
    let events = calendar.components.iter();
    let events = events.filter(|c| c.component_type == calcard::icalendar::ICalendarComponentType::VEvent);
    assert_eq!(events.count(), 13);
}

#[test]
fn graphs_hold_every_member_and_tie() {
    let network = all();
    let (nodes, edges) = (140, 29 + 117);
    for text in [graphml(&network), gexf(&network)] {
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut counts = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element) => {
                    match element.local_name().as_ref() {
                        "node" => counts.0 += 1,
                        "edge" => counts.1 += 1,
                        _ => {}
                    }
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(counts, (nodes, edges));
    }
    let kumu = kumu(&network);
    assert_eq!(kumu["elements"].as_array().unwrap().len(), nodes);
    assert_eq!(kumu["connections"].as_array().unwrap().len(), edges);
    let whole = json(&network, Lang::Thai);
    assert_eq!(whole["members"].as_array().unwrap().len(), nodes);
    assert_eq!(whole["ties"].as_array().unwrap().len(), 29);
}

#[test]
fn hostile_names_break_no_format() {
    let mut network = Network { name: "<&\">".into(), ..Network::default() };
    network.members.push(Member::new("m\"1", ActorKind::Person, "ก]]><b>&\u{1}\"';,\\\r\nBEGIN:VCARD"));
    network.members.push(Member::new("m2", ActorKind::Group, "กลุ่ม\tข"));
    network.ties.push(Tie {
        subject: "m\"1".into(),
        object: "m2".into(),
        relation: "<knows>".into(),
        directed: false,
        strength: None,
        since: None,
    });
    for text in [graphml(&network), gexf(&network)] {
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    }
    assert_eq!(formats::vcard::read(vcard(&network).as_bytes()).unwrap().len(), 2);
    assert!(xlsx(&network, Lang::English).is_ok());
}
