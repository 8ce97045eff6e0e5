//! What was a real complaint about other systems, each as a test: traps 3, 8, 13, 14, 15 and 20. The others stand
//! beside what they are about and name their trap, too.

use axum::http::StatusCode;
use store::{Micros, Viewer, params};

use crate::api::Program;
use crate::giving::{form, post};
use crate::inviting::link_of;
use crate::joining::own_id;
use crate::rhythm::{id_of, tied};
use crate::site::{Person, Site, on_demo};
use crate::transfer::SHEET;
use crate::words::address_in;

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<i64, store::Error>(&Viewer::System("test"), |r| r.one(sql, params![])).unwrap()
}

fn comes<'a>(site: &'a Site, link: &str, nickname: &str, login: &str) -> Person<'a> {
    let fields = [
        ("nickname", nickname),
        ("name", nickname),
        ("login", login),
        ("password", "ดอกไม้สีขาว"),
        ("consent", "1"),
    ];
    site.stranger().comes_in(link, &fields)
}

#[test]
fn trap_3_a_hidden_member_shows_in_no_directory_search_calendar_or_export() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let hides = comes(site, &link_of(&member, "invite-00001"), "ซ่อนกลิ่น", "sonklin");
        let id = own_id(&hides);
        tied(site, id_of(site, "member"), id.parse().unwrap());
        post(&hides, "offer", "สอนร้อยมาลัยซ่อนกลิ่น", &[]);
        let made = member.post("/calendar", &[("manner", "days")]);
        let feed = made.body.split("value=\"").map(address_in).find(|text| text.ends_with(".ics")).unwrap();
        let typed: String = form_urlencoded::byte_serialize("ซ่อนกลิ่น".as_bytes()).collect();
        let searched = format!("/api/v1/search?q={typed}");
        let places = [
            "/members",
            "/api/v1/members",
            &searched,
            "/giving?side=offer",
            "/ties",
            "/joining/brought",
            "/rhythm",
            "/calendar/contacts.vcf",
            &feed,
        ];
        let files: Vec<String> = app::transfer::Format::ALL
            .iter()
            .map(|format| format!("/transfer/export/{}", format.word()))
            .collect();
        let seen = |person: &Person<'_>, at: &str| {
            let body = person.get(at).body;
            body.contains("ซ่อนกลิ่น") || body.contains(&id)
        };
        let met: Vec<&str> = places.into_iter().filter(|at| seen(&member, at)).collect();
        assert_eq!(met.len(), places.len(), "before, each shows: {met:?}");
        assert!(files.iter().any(|at| seen(&coordinator, at)));
        hides.done("/joining/settings/visibility", &[("visibility", "private")]);
        for person in [&member, &coordinator, &site.sign_in("supporter"), &site.stranger()] {
            for at in places.iter().copied().chain(files.iter().map(String::as_str)) {
                assert!(!seen(person, at), "{at}");
            }
        }
        assert_eq!(member.get(&format!("/members/{id}")).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn trap_8_what_a_sheet_offers_ends_on_a_sane_day() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let import = coordinator.upload("/transfer", "x.csv", SHEET.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let ends: Vec<Micros> = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                r.all("SELECT valid_until FROM intent WHERE state = 'open'", params![])
            })
            .unwrap();
        assert!(ends.len() >= 3);
        let days = |at: Micros| (at.0 - site.db.now().0) / Micros::DAY;
        for end in ends {
            assert!((179..=181).contains(&days(end)), "180 days from the import, not {}", days(end));
        }
        site.fresh.clock.advance(200 * Micros::DAY);
        assert!(!site.sign_in("member").page("/giving?side=offer").contains("สอนทอผ้า"), "then it is over");
    });
}

#[test]
fn trap_13_a_double_tap_makes_one_object() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let da = own_id(&coordinator);
        let offer = form("offer", "สอนทำแผลที่บ้าน", "double-00001");
        let once = |key: &'static str, rest: &[(&'static str, &'static str)]| {
            let mut fields = vec![("once", key)];
            fields.extend_from_slice(rest);
            fields
        };
        let mut tie = once("double-00002", &[("offers", "สอนทำแผล"), ("relation", "colleague")]);
        tie.push(("with", da.as_str()));
        let mut touch = once("double-00003", &[("channel", "phone")]);
        touch.push(("answered", "mutual"));
        let enter = once(
            "double-00004",
            &[("kind", "group"), ("name", "กลุ่มแม่บ้าน"), ("visibility", "network"), ("capacity", "4")],
        );
        let invite = once("double-00005", &[("message", "มาด้วยกัน")]);
        let words = once("double-00006", &[("words", "ประชุมวันเสาร์")]);
        let belongs = once("double-00007", &[("name", "ชมรมดนตรี"), ("kind", "group"), ("title", "")]);
        let thing = once(
            "double-00008",
            &[
                ("kind", "thing"),
                ("title", "เต็นท์"),
                ("quantity", "1"),
                ("condition", "good"),
                ("lendable", "1"),
            ],
        );
        let contact = format!("/ties/contact/{da}");
        for (person, path, fields, table) in [
            (&member, "/giving/new", &offer, "intent"),
            (&member, "/ties/new", &tie, "tie"),
            (&member, contact.as_str(), &touch, "contact"),
            (&coordinator, "/members/new", &enter, "actor"),
            (&member, "/joining/invite", &invite, "invitation"),
            (&coordinator, "/words/network", &words, "word"),
            (&member, "/joining/belonging", &belongs, "actor"),
            (&member, "/resources/new", &thing, "resource"),
        ] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            let before = count(site, &sql);
            let first = person.done(path, fields);
            assert_eq!(
                person.done(path, fields),
                first,
                "{path}: the second tap gets the first one's answer"
            );
            assert_eq!(count(site, &sql), before + 1, "{path}");
        }
    });
}

#[test]
fn trap_14_a_filter_by_skill_is_exact_and_no_search_for_words() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let enter = |name: &str, key: &str, rest: &[(&str, &str)]| {
            let mut fields = vec![
                ("once", key),
                ("kind", "group"),
                ("name", name),
                ("visibility", "network"),
                ("capacity", "4"),
            ];
            fields.extend_from_slice(rest);
            coordinator.done("/members/new", &fields);
        };
        enter("ช่างทำเป็น", "skill-00001", &[("can", "care.home_repair")]);
        enter("แค่พูดถึง", "skill-00002", &[("bio", "care.home_repair ซ่อมบ้านผู้สูงอายุ")]);
        enter("อยากเรียน", "skill-00003", &[("learn", "care.home_repair")]);
        enter("งานข้างเคียง", "skill-00004", &[("can", "care.elderly")]);
        let page = coordinator.page("/members?can=care.home_repair");
        assert!(page.contains("ช่างทำเป็น"));
        for other in ["แค่พูดถึง", "อยากเรียน", "งานข้างเคียง"]
        {
            assert!(!page.contains(other), "{other}");
        }
        let found = Program::of(site, &coordinator, false).get("/api/v1/members?can=care.home_repair");
        assert_eq!(found["members"].as_array().unwrap().len(), 1);
        assert_eq!(
            Program::of(site, &coordinator, false).get("/api/v1/members?can=care")["members"],
            serde_json::json!([])
        );
    });
}

#[test]
fn trap_15_an_organization_is_found_or_made_at_sign_up_in_two_steps() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let link = link_of(&member, "invite-00001");
        let sign_up = |login: &'static str, organization: &'static str| {
            let fields = [
                ("name", login),
                ("login", login),
                ("password", "ดอกไม้สีขาว"),
                ("consent", "1"),
                ("organization", organization),
            ];
            let stranger = site.stranger();
            let to = stranger.post(&link, &fields).location.unwrap();
            (site.stranger().comes_in("/joining/sign-in", &[("name", login), ("password", "ดอกไม้สีขาว")]), to)
        };
        assert_eq!(sign_up("nobody", "").1, "/", "nothing named, nothing asked");
        // the first step is a name at sign-up, the second to make what is not there
        let (mali, to) = sign_up("malimali", "โรงพยาบาลดอยหลวง");
        assert!(to.starts_with("/joining/belonging?q="), "{to}");
        assert!(mali.page(&to).contains("ยังไม่มีชื่อนี้ในเครือข่าย"));
        let new = [
            ("once", "belong-0001"),
            ("q", ""),
            ("name", "โรงพยาบาลดอยหลวง"),
            ("kind", "organization"),
            ("title", "พยาบาล"),
        ];
        let page = mali.done("/joining/belonging", &new);
        assert!(member.page("/members").contains("โรงพยาบาลดอยหลวง"));
        assert!(mali.page(&page).contains("malimali") && mali.page(&page).contains("พยาบาล"));
        // or to find what is: it is asked, and its network's coordinators answer
        let (kaew, to) = sign_up("kaewkaew", "โรงพยาบาลดอย");
        let found = kaew.page(&to);
        assert!(found.contains("ฉันอยู่ที่นี่") && found.contains(&page), "its page is linked");
        let id = page.trim_start_matches("/members/");
        let same = [("once", "belong-0002"), ("whole", id), ("title", "เวรเปล")];
        assert_eq!(kaew.done("/joining/belonging", &same), page);
        let again =
            [("once", "belong-0003"), ("name", " โรงพยาบาลดอยหลวง "), ("kind", "group"), ("title", "")];
        assert_eq!(kaew.done("/joining/belonging", &again), page, "of one name there is one");
        assert_eq!(count(site, "SELECT COUNT(*) FROM actor WHERE name = 'โรงพยาบาลดอยหลวง'"), 1);
        let part = "SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE a.name = 'kaewkaew' \
                    AND m.title = 'เวรเปล' AND m.state = ";
        assert_eq!(count(site, &format!("{part}'applied'")), 1, "nobody lets themselves in");
        // somebody speaks for it and signs in: it answers for itself, and nobody else does
        assert!(!coordinator.page("/administration/applications").contains("โรงพยาบาลดอยหลวง"));
        let accept = format!("/administration/applications/{}/accept", own_id(&kaew));
        assert_eq!(member.post(&accept, &[("whole", id)]).status, StatusCode::FORBIDDEN);
        assert_eq!(coordinator.post(&accept, &[("whole", id)]).status, StatusCode::NOT_FOUND);
        mali.done(&format!("/joining/act-as/{id}"), &[]);
        let card = mali.page("/today");
        assert!(card.contains("kaewkaew ขออยู่ด้วย") && card.contains("ในหน้าที่ เวรเปล"), "{card}");
        let answer = format!("/joining/belonging/{}/answer", own_id(&kaew));
        assert_eq!(member.post(&answer, &[("answer", "yes")]).status, StatusCode::NOT_FOUND);
        mali.done(&answer, &[("answer", "yes")]);
        mali.done(&answer, &[("answer", "yes")]);
        assert_eq!(count(site, &format!("{part}'member'")), 1);
        assert!(kaew.page("/notices").contains("คุณเป็นส่วนหนึ่งของ โรงพยาบาลดอยหลวง แล้ว"));
        assert!(!mali.page("/today").contains("ขออยู่ด้วย"));
        // what is no group or organization of the network cannot be belonged to
        let wrong = [("once", "belong-0004"), ("whole", own_id(&member).as_str()), ("title", "")]
            .map(|(n, v)| (n, v.to_owned()));
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(kaew.post("/joining/belonging", &wrong).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn trap_20_a_person_belongs_to_several_organizations_with_a_role_in_each() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let sheet = "\u{feff}ชื่อ-นามสกุล,หน่วยงาน,บทบาท,เบอร์โทร,ยินยอม\n\
            นางสมศรี ใจดีมาก,กลุ่มทอผ้าบ้านดอน; โรงพยาบาลสันทราย,ประธาน; กรรมการ,081-234-5678,ยินยอม\n";
        let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let belongs: Vec<(String, String)> = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                r.all(
                    "SELECT w.name, m.title FROM membership m JOIN actor w ON w.id = m.whole_id JOIN actor a ON a.id = m.part_id \
                     WHERE a.name LIKE '%สมศรี%' AND w.kind <> 'network' ORDER BY w.name",
                    params![],
                )
            })
            .unwrap();
        let named: Vec<(&str, &str)> = belongs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(named, [("กลุ่มทอผ้าบ้านดอน", "ประธาน"), ("โรงพยาบาลสันทราย", "กรรมการ")]);
        let directory = coordinator.page("/members");
        let at = directory.find("สมศรี").and_then(|at| directory[..at].rfind("href=\"/members/mem_")).unwrap();
        let page = directory[at + 6..].split('"').next().unwrap().to_owned();
        let page = coordinator.page(&page);
        for words in ["กลุ่มทอผ้าบ้านดอน", "ประธาน", "โรงพยาบาลสันทราย", "กรรมการ"]
        {
            assert!(page.contains(words), "{words}");
        }
    });
}
