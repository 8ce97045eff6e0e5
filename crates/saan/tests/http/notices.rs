//! Being told at the right time: what was turned off stays off on every path (trap 1), a failed letter changes nothing
//! (trap 18), nobody is written to twice or in their night. Whom a summary names: [`super::reminding`].

use std::sync::{Arc, Barrier};

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::ids::ActorId;
use store::{Error, Micros, Viewer, params};
use testing::smtp::{Manner, Real, Scripted};

use crate::joining::own_id;
use crate::site::{Person, Site, link, on_demo_with_letters};

pub const ORIGIN: &str = "https://saan.example";

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<_, Error>(&Viewer::System("test"), |r| r.one(sql, &[])).unwrap()
}

/// A confirmed address for a demo account.
pub fn prove(site: &Site, account: &str, address: &str) {
    site.db
        .bookkeeping::<_, Error>("test", |w| {
            w.execute(
                "INSERT INTO account_name (kind, name, account_id, confirmed_at) SELECT 'email', $1, account_id, 1 \
                 FROM account_name WHERE name = $2",
                params![address, account],
            )
        })
        .unwrap();
}

fn id(asker: &Person<'_>, name: &str) -> String {
    link(&asker.page("/members"), name).trim_start_matches("/members/").to_owned()
}

/// The coordinator refers something to the member; urgent, so that no load keeps it back.
fn refer(sender: &Person<'_>, to: &str, title: &str) {
    let once = format!("once-{title}");
    let form = [
        ("once", once.as_str()),
        ("do", "send"),
        ("to", to),
        ("title", title),
        ("reason", "แผลใหญ่ขึ้น"),
        ("days", "7"),
        ("urgent", "1"),
    ];
    sender.done("/referrals/new", &form);
}

fn write_letters(site: &Site) -> usize {
    app::notices::write_letters(&site.db, ORIGIN, &[]).unwrap()
}

/// The letters that wait, oldest first.
pub fn letters(site: &Site) -> Vec<Value> {
    let sql = "SELECT payload FROM job WHERE kind = 'letter' AND payload <> '{}' ORDER BY id";
    let found: Vec<String> = site.db.read::<_, Error>(&Viewer::System("test"), |r| r.all(sql, &[])).unwrap();
    found.iter().map(|letter| serde_json::from_str(letter).unwrap()).collect()
}

pub fn words(letter: &Value) -> Vec<String> {
    let items = letter["items"].as_array().unwrap();
    items.iter().map(|item| item["words"].as_str().unwrap().to_owned()).collect()
}

fn unsubscribe(letter: &Value) -> String {
    letter["unsubscribe"].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned()
}

fn settings(person: &Person<'_>) -> Value {
    serde_json::from_str(&person.page("/api/v1/notices/settings")).unwrap()
}

fn put(person: &Person<'_>, body: &Value) -> StatusCode {
    let request = person
        .asks("PUT", "/api/v1/notices/settings")
        .header("content-type", "application/json")
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    person.site.send(request).status
}

/// Chooses by the API; hours as they are.
pub fn choose(person: &Person<'_>, choices: Value) {
    let mut body = settings(person);
    body["choices"] = choices;
    assert_eq!(put(person, &body), StatusCode::OK);
}

pub fn everything(when: &str) -> Value {
    json!({ "scope": "default", "channel": "email", "when": when })
}

pub fn carrier(port: u16) -> post::Carrier {
    let settings = post::SmtpSettings {
        host: "127.0.0.1".into(),
        port: Some(port),
        tls: post::Security::None,
        from: "สาน <saan@example.org>".into(),
        patience_seconds: Some(20),
        ..post::SmtpSettings::default()
    };
    post::Carrier::default().with(Arc::new(post::Email::new(&settings).unwrap()))
}

#[test]
fn a_summary_comes_once_a_week_unless_chosen_otherwise() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let (sender, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let to = id(&sender, "แนน");
        refer(&sender, &to, "แผลกดทับ");
        refer(&sender, &to, "เตียงผู้ป่วย");
        assert_eq!(write_letters(site), 0, "Sunday noon; the week is over on Monday at eight");
        site.fresh.clock.advance(20 * Micros::HOUR);
        assert_eq!(write_letters(site), 1);
        assert_eq!(write_letters(site), 0, "once");
        let letter = letters(site).pop().unwrap();
        assert_eq!(words(&letter).len(), 2);
        assert!(words(&letter)[0].contains("แผลกดทับ") && letter["subject"] == "มี 2 เรื่องถึงคุณ");
        assert_eq!(letter["items"][0]["why"], "22\u{a0}พ.ย.\u{a0}2569", "the day it happened");
        assert!(letter["footer"].as_str().unwrap().contains("เรื่องที่ส่งต่อกัน"), "why it came");
        let path =
            letter["items"][0]["link"]["url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
        assert!(member.get(&path).location.unwrap().starts_with("/referrals/ref_"), "it leads to the matter");

        choose(&member, json!([everything("at_once")]));
        refer(&sender, &to, "ไม้เท้า");
        assert_eq!(write_letters(site), 1);
        let letter = letters(site).pop().unwrap();
        assert!(letter["subject"].as_str().unwrap().contains("ไม้เท้า"), "one matter is its own subject");

        choose(&member, json!([everything("daily")]));
        refer(&sender, &to, "รถเข็น");
        assert_eq!(write_letters(site), 0);
        site.fresh.clock.advance(Micros::DAY);
        assert_eq!(write_letters(site), 1);
        // what was read in the list needs no letter
        let member = site.sign_in("member");
        let sender = site.sign_in("coordinator");
        refer(&sender, &to, "ผ้าอ้อม");
        member.done("/notices/read", &[]);
        site.fresh.clock.advance(Micros::DAY);
        assert_eq!(write_letters(site), 0);
    });
}

/// Trap 1, by each way of turning off, against each way of being told.
#[test]
fn what_is_turned_off_stays_off_on_every_path() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let (sender, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (to, from) = (id(&sender, "แนน"), own_id(&sender));
        // louder choices about the person, by the page, and about the topic, by the API
        choose(
            &member,
            json!([everything("at_once"), { "scope": "default", "topic": "referrals", "channel": "email", "when": "at_once" }]),
        );
        member.done(&format!("/notices/settings/about/{from}"), &[("when", "at_once")]);
        refer(&sender, &to, "หนึ่ง");
        assert_eq!(write_letters(site), 1);
        let off = unsubscribe(&letters(site)[0]);
        let stranger = site.stranger();
        let page = stranger.page(&off);
        assert!(page.contains("หยุดรับ") && page.contains("เรื่องที่ส่งต่อกัน"), "{page}");
        refer(&sender, &to, "สอง");
        assert_eq!(write_letters(site), 1, "looking turns nothing off");

        // a mail program posts it without cookies and without a word of where it comes from
        refer(&sender, &to, "สาม");
        let one_click = axum::http::Request::builder()
            .method("POST")
            .uri(&off)
            .header("host", "saan.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from("List-Unsubscribe=One-Click"))
            .unwrap();
        assert_eq!(site.send(one_click).status, StatusCode::OK);
        assert_eq!(letters(site).len(), 0, "letters that nobody began to send are held back too");
        refer(&sender, &to, "สี่");
        site.fresh.clock.advance(8 * Micros::DAY);
        app::referrals::overdue(&site.db).unwrap();
        assert_eq!(
            write_letters(site),
            0,
            "by form and by clock alike, though louder choices were made before"
        );
        let member = site.sign_in("member");
        assert!(member.page("/notices").contains("สี่"), "the list still has it");
        assert_eq!(stranger.post(&off, &[]).status, StatusCode::OK, "a second tap changes nothing");

        // the list, by the page of settings; the API finds the same choice
        let form = member.page("/notices/settings");
        assert!(form.contains("nan@example.org"));
        let mut fields = vec![
            ("email", "weekly"),
            ("weekday", "1"),
            ("quiet_from", "21:00"),
            ("quiet_until", "07:00"),
            ("zone", "Asia/Bangkok"),
        ];
        for topic in [
            "page-giving",
            "page-ties",
            "page-introductions",
            "page-promises",
            "page-exchanges",
            "page-resources",
        ] {
            fields.push((topic, "1"));
        }
        fields.push(("email-referrals", "never"));
        let wrong: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, if *name == "zone" { "บางกอก" } else { *value }))
            .collect();
        let reply = member.post("/notices/settings", &wrong);
        assert!(
            reply.body.contains("id=\"zone-problem\"") && reply.body.contains("บางกอก"),
            "what was typed stays"
        );
        member.done("/notices/settings", &fields);
        let sender = site.sign_in("coordinator");
        refer(&sender, &to, "ห้า");
        assert!(!member.page("/notices").contains("ห้า") && member.page("/referrals").contains("ห้า"));
        site.fresh.clock.advance(8 * Micros::DAY);
        assert_eq!(write_letters(site), 0);
        let stood = settings(&site.sign_in("member"));
        let has =
            |channel: &str| {
                stood["choices"].as_array().unwrap().iter().any(|one| {
                    one["topic"] == "referrals" && one["channel"] == channel && one["when"] == "never"
                })
            };
        assert!(has("page") && has("email"), "{stood}");
    });
}

#[test]
fn a_choice_about_a_person_counts_before_their_tie_and_that_before_a_group() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let (sender, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (to, from) = (id(&sender, "แนน"), own_id(&sender));
        let network: ActorId = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.one(
                    "SELECT whole_id FROM membership m JOIN actor a ON a.id = m.whole_id WHERE m.part_id = $1 \
                     AND a.kind = 'network' ORDER BY m.id LIMIT 1",
                    params![from.parse::<ActorId>().unwrap()],
                )
            })
            .unwrap();
        let group = json!({ "scope": "group", "about": network.to_string(), "when": "never" });
        let person = json!({ "scope": "person", "about": from, "channel": "email", "when": "at_once" });
        choose(&member, json!([everything("at_once"), group]));
        refer(&sender, &to, "หนึ่ง");
        assert_eq!(write_letters(site), 0, "whoever is in the network is in the group");
        choose(&member, json!([everything("at_once"), group, person]));
        refer(&sender, &to, "สอง");
        assert_eq!(write_letters(site), 1);
        // their tie counts before the group, and the person before their tie
        let nan: ActorId = to.parse().unwrap();
        crate::rhythm::tied(site, nan, from.parse().unwrap());
        let between: store::ids::TieId = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.one("SELECT MAX(id) FROM tie WHERE subject_id = $1 OR object_id = $1", params![nan])
            })
            .unwrap();
        let tie =
            json!({ "scope": "tie", "about": between.to_string(), "channel": "email", "when": "at_once" });
        choose(&member, json!([everything("at_once"), group, tie]));
        refer(&sender, &to, "สาม");
        assert_eq!(write_letters(site), 1);
        let never = json!({ "scope": "person", "about": from, "when": "never" });
        choose(&member, json!([everything("at_once"), group, tie, never]));
        refer(&sender, &to, "สี่");
        assert_eq!(write_letters(site), 0);
        let unknown = json!({ "scope": "person", "about": "mem_0000000000004", "when": "never" });
        let mut body = settings(&member);
        body["choices"] = json!([unknown]);
        assert_eq!(put(&member, &body), StatusCode::UNPROCESSABLE_ENTITY);
        body["choices"] = json!([everything("sometimes")]);
        assert_eq!(put(&member, &body), StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn nobody_is_written_to_in_their_own_night() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let (sender, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let to = id(&sender, "แนน");
        let mut body = settings(&member);
        body["choices"] = json!([everything("at_once")]);
        body["hours"]["zone"] = json!("America/New_York");
        assert_eq!(put(&member, &body), StatusCode::OK);
        refer(&sender, &to, "หนึ่ง");
        assert_eq!(write_letters(site), 0, "noon in Bangkok is midnight in New York");
        site.fresh.clock.advance(6 * Micros::HOUR + 59 * Micros::MINUTE);
        assert_eq!(write_letters(site), 0);
        site.fresh.clock.advance(Micros::MINUTE);
        assert_eq!(write_letters(site), 1, "seven in the morning there");
    });
}

/// Trap 18: whatever becomes of a letter, the list and the next summary are as they would be.
#[test]
fn a_letter_that_fails_deletes_nothing_and_skips_nothing() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let sender = site.sign_in("coordinator");
        let to = id(&sender, "แนน");
        let peer =
            Scripted::start(&[Manner::RefusesWords, Manner::CutAfterData, Manner::Busy, Manner::Takes]);
        let carrier = carrier(peer.address.port());
        for (week, title) in ["หนึ่ง", "สอง", "สาม"].into_iter().enumerate() {
            let sender = site.sign_in("coordinator");
            refer(&sender, &to, title);
            site.fresh.clock.advance(7 * Micros::DAY);
            assert_eq!(write_letters(site), 1, "week {week}: what failed before keeps no later one back");
            carrier.carry(&site.db).unwrap();
        }
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery WHERE state = 'refused'"), 1);
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery WHERE state = 'perhaps'"), 1);
        site.fresh.clock.advance(Micros::HOUR);
        carrier.carry(&site.db).unwrap();
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM delivery WHERE state = 'sent'"),
            1,
            "put off, then taken"
        );
        let mut handed_over: Vec<String> = peer
            .received()
            .iter()
            .map(|letter| letter.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned())
            .collect();
        assert_eq!(
            handed_over.len(),
            3,
            "the letter that was put off was handed over once, as the two before"
        );
        handed_over.dedup();
        assert_eq!(handed_over.len(), 3, "and none twice");
        let member = site.sign_in("member");
        let list = member.page("/notices");
        for title in ["หนึ่ง", "สอง", "สาม"] {
            assert!(list.contains(title), "{title} stands in the list");
        }
        let shown = member.page("/notices/settings");
        assert!(shown.contains("อาจส่งไปแล้ว ไม่แน่ใจ") && shown.contains("ปลายทางไม่รับ"), "and it is shown");
        assert!(site.sign_in("coordinator").page("/administration/letters").contains("nan@example.org"));
    });
}

#[test]
fn two_processes_at_once_write_one_letter() {
    on_demo_with_letters(|site| {
        prove(site, "member", "nan@example.org");
        let sender = site.sign_in("coordinator");
        let to = id(&sender, "แนน");
        for n in 0..5 {
            refer(&sender, &to, &format!("เรื่องที่ {n}"));
        }
        site.fresh.clock.advance(Micros::DAY);
        let beside = site.beside();
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                barrier.wait();
                write_letters(&beside)
            });
            barrier.wait();
            write_letters(site);
            other.join().unwrap();
        });
        let mut told: Vec<String> = letters(site).iter().flat_map(words).collect();
        told.sort();
        let before = told.len();
        told.dedup();
        assert_eq!((before, told.len()), (5, 5), "each matter in one letter: none twice, none lost");
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice_way"), 0);
    });
}

#[test]
fn a_real_server_gets_a_letter_people_can_read_and_stop() {
    on_demo_with_letters(|site| {
        let Some(real) = Real::start() else { return };
        prove(site, "member", "nan@example.org");
        let sender = site.sign_in("coordinator");
        let to = id(&sender, "แนน");
        refer(&sender, &to, "แผล <กดทับ> & อื่น ๆ");
        refer(&sender, &to, "เตียงผู้ป่วย");
        site.fresh.clock.advance(Micros::DAY);
        assert_eq!(write_letters(site), 1);
        let carrier = carrier(real.port);
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 1);
        assert_eq!(carrier.carry(&site.db).unwrap().sent, 0);
        let letter: Value = serde_json::from_str(&real.letter()).unwrap();
        let (plain, html) = (letter["plain"].as_str().unwrap(), letter["html"].as_str().unwrap());
        assert_eq!(letter["subject"], "มี 2 เรื่องถึงคุณ");
        assert!(plain.contains("แผล <กดทับ> & อื่น ๆ") && plain.contains("22\u{a0}พ.ย.\u{a0}2569"), "{plain}");
        assert!(html.contains("แผล &lt;กดทับ&gt; &amp; อื่น ๆ") && html.contains("lang=\"th\""), "{html}");
        assert_eq!(plain.matches("https://saan.example/notices/not_").count(), 2, "each leads to its matter");
        assert_eq!(letter["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
        let off = letter["headers"]["List-Unsubscribe"].as_str().unwrap().to_owned();
        let off = off.trim_matches(['<', '>']).strip_prefix(ORIGIN).unwrap();
        assert!(plain.contains(off) && html.contains(off), "the same in the words");
        assert_eq!(site.stranger().post(off, &[]).status, StatusCode::OK);
        assert!(!real.more());
    });
}
