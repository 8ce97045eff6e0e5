use axum::http::StatusCode;
use store::Micros;
use store::ids::ActorId;

use crate::site::{link, on_demo};

/// What the proposer can see of a proposal that was declined, and of one that was not answered, is the same.
#[test]
fn a_no_looks_like_silence() {
    on_demo(|site| {
        let proposer = site.sign_in("coordinator");
        let other = site.sign_in("member");
        let directory = proposer.page("/members");
        let member_page = link(&directory, "แนน");
        let member_id = member_page.trim_start_matches("/members/").to_owned();
        let form = [
            ("with", member_id.as_str()),
            ("offers", "สอนทำแผล"),
            ("asks", ""),
            ("benefit", ""),
            ("relation", "knows"),
        ];
        let tie = proposer.done("/ties/new", &form);
        let silent = proposer.page(&tie);
        assert!(silent.contains("รอคำตอบ"));

        assert!(other.page("/today").contains("สอนทำแผล"), "the proposal is a card of the other's day");
        other.done(&format!("{tie}/answer"), &[("answer", "no")]);
        assert_eq!(proposer.page(&tie), silent, "the page says the same as before");
        assert!(!other.page("/today").contains("สอนทำแผล"), "the one who declined is not asked again");
        assert_eq!(proposer.post("/ties/new", &form).status, StatusCode::CONFLICT, "it still waits");

        site.fresh.clock.advance(31 * Micros::DAY);
        app::ties::lapse(&site.db).unwrap();
        assert!(proposer.page(&tie).contains("สิ้นสุดแล้ว"));
    });
}

#[test]
fn a_yes_ties_the_two_and_a_contact_keeps_it_alive() {
    on_demo(|site| {
        let proposer = site.sign_in("coordinator");
        let other = site.sign_in("member");
        let directory = proposer.page("/members");
        let member_id = link(&directory, "แนน").trim_start_matches("/members/").to_owned();
        let tie = proposer.done(
            "/ties/new",
            &[
                ("with", &member_id),
                ("offers", "สอนทำแผล"),
                ("asks", "ไปเยี่ยมบ้านด้วยกัน"),
                ("relation", "colleague"),
            ],
        );
        other.done(&format!("{tie}/answer"), &[("answer", "yes")]);
        assert!(proposer.page(&tie).contains("เชื่อมกันแล้ว"));
        assert!(proposer.page("/ties").contains("แนน"));

        let log = [
            ("once", "log-once-1"),
            ("with", member_id.as_str()),
            ("channel", "visit"),
            ("answered", "mutual"),
            ("date", "2026-11-20"),
            ("summary", "เยี่ยมยายด้วยกัน"),
            ("outcome", "help"),
        ];
        let back = proposer.done("/ties/log", &log);
        proposer.done("/ties/log", &log);
        assert_eq!(
            proposer.page(&back).matches("เยี่ยมยายด้วยกัน").count(),
            1,
            "a second tap logs nothing twice"
        );
        assert!(
            proposer.page(&tie).contains("ติดต่อกันอยู่")
                && proposer.page(&tie).contains("20\u{a0}พ.ย.\u{a0}2569")
        );

        let stranger = site.sign_in("supporter");
        assert_eq!(stranger.get(&tie).status, StatusCode::NOT_FOUND, "a tie is between two");
        assert!(!stranger.page(&back).contains("เยี่ยมยายด้วยกัน"));
    });
}

#[test]
fn a_contact_in_the_future_or_with_nobody_is_not_logged() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let reply =
            member.post("/ties/log", &[("with", "x"), ("date", "2031-01-01"), ("summary", "ยังไม่เกิด")]);
        assert_eq!(reply.status, StatusCode::OK);
        assert!(!reply.body.is_empty());
        assert_eq!(
            member.post("/ties/new", &[("with", "mem_0000000000004"), ("offers", "x")]).status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn an_observer_watches_and_weaves_nothing() {
    on_demo(|site| {
        let other = crate::joining::own_id(&site.sign_in("coordinator"));
        let turn = "UPDATE membership SET role = 'observer' WHERE part_id IN \
                    (SELECT id FROM actor WHERE name = 'นันทิดา ใจงาม')";
        site.db.bookkeeping::<_, store::Error>("test", |w| w.execute(turn, &[]).map(|_| ())).unwrap();
        let observer = site.sign_in("member");
        for (path, fields) in [
            (
                "/ties/new".to_owned(),
                vec![("with", other.as_str()), ("relation", "knows"), ("offers", "ช่วยคิด")],
            ),
            (format!("/ties/contact/{other}"), vec![("channel", "phone")]),
            ("/ties/log".to_owned(), vec![("with", other.as_str()), ("channel", "phone"), ("when", "today")]),
            ("/introductions/new".to_owned(), vec![("to", other.as_str())]),
            ("/introductions/offer".to_owned(), vec![("a", other.as_str())]),
            ("/referrals/new".to_owned(), vec![("to", other.as_str())]),
            (format!("/vouches/{other}"), vec![("category", "care.elderly")]),
        ] {
            assert_eq!(observer.post(&path, &fields).status, StatusCode::FORBIDDEN, "{path}");
        }
        let tie = serde_json::json!({"object": other, "relation": "knows", "offers": "ช่วยคิด"});
        assert_eq!(observer.post_json("/api/v1/ties", &tie).0, StatusCode::FORBIDDEN);
        let contact = serde_json::json!({"with": [other], "channel": "phone"});
        assert_eq!(observer.post_json("/api/v1/ties/contacts", &contact).0, StatusCode::FORBIDDEN);
        let made = site
            .db
            .read::<i64, store::Error>(&store::Viewer::System("test"), |r| {
                r.one("SELECT (SELECT COUNT(*) FROM tie) + (SELECT COUNT(*) FROM contact)", &[])
            })
            .unwrap();
        assert_eq!(made, 0, "nothing of it is written");
        let page = observer.page(&format!("/members/{other}"));
        assert!(
            !page.contains("/ties/new?with=") && !page.contains("/ties/log?with="),
            "and nothing of it is offered"
        );
    });
}

/// Brought in from a calendar: who comes is known by their e-mail, and a round that began long ago is shown when it comes
/// next.
#[test]
fn a_calendar_says_who_comes_and_what_comes_next_stands_first() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |name: &str, text: &str| {
            let import = coordinator.upload("/transfer", name, text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
            import
        };
        bring(
            "people.csv",
            "ชื่อ-นามสกุล,เบอร์โทร,อีเมล,ยินยอม\nบุญมา ไปแน่,0812223301,Bunma@example.org,ใช่\n\
             คำปัน ไม่ว่าง,0812223302,kampan@example.org,ใช่\nแก้ว เรียกประชุม,0812223303,kaeo@example.org,ใช่\n",
        );
        let id = |name: &str| {
            let viewer = store::Viewer::System("test");
            let sql = "SELECT id FROM actor WHERE name = $1";
            site.db.read::<ActorId, store::Error>(&viewer, |r| r.one(sql, store::params![name])).unwrap()
        };
        let event =
            |uid: &str, lines: &str| format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}\r\nEND:VEVENT\r\n");
        // the clock of the tests stands at noon of Sunday, 22 November 2026
        let calendar = [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".to_owned(),
            event(
                "walk@test",
                "SUMMARY:เดินเยี่ยมบ้าน\r\nLOCATION:บ้านดอน\r\nDTSTART;TZID=Asia/Bangkok:20240103T090000\r\n\
                 RRULE:FREQ=WEEKLY;BYDAY=WE\r\nEXDATE;TZID=Asia/Bangkok:20261125T090000\r\n\
                 ORGANIZER;CN=แก้ว:mailto:kaeo@example.org\r\n\
                 ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:bunma@example.org\r\n\
                 ATTENDEE;PARTSTAT=DECLINED:mailto:kampan@example.org\r\n\
                 ATTENDEE;CUTYPE=ROOM:mailto:hall@example.org\r\nATTENDEE:mailto:nobody@example.org",
            ),
            event("fair@test", "SUMMARY:ตลาดนัดผัก\r\nDTSTART;VALUE=DATE:20261128"),
            event("ended@test", "SUMMARY:อบรมปีก่อน\r\nDTSTART;TZID=Asia/Bangkok:20250110T130000"),
            event(
                "walk@test",
                "SUMMARY:\r\nLOCATION:ศาลาวัด\r\nRECURRENCE-ID;TZID=Asia/Bangkok:20261202T090000\r\n\
                 DTSTART;TZID=Asia/Bangkok:20261203T140000",
            ),
            "END:VCALENDAR\r\n".to_owned(),
        ]
        .concat();
        let import = bring("plan.ics", &calendar);
        let page = coordinator.page("/networks");
        let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} in {page}"));
        assert!(at("ตลาดนัดผัก") < at("เดินเยี่ยมบ้าน"), "this Wednesday's was called off");
        let over = at("<h3>จัดไปแล้ว</h3>");
        assert!(
            at("เดินเยี่ยมบ้าน") < over && over < at("อบรมปีก่อน"),
            "what is over stands under a heading of its own"
        );
        assert!(page.contains("28\u{a0}พ.ย.\u{a0}2569</span>"), "a whole day has no time");
        assert!(
            page.contains("3\u{a0}ธ.ค.\u{a0}2569 14:00 น.") && page.contains("ศาลาวัด"),
            "the next one was moved"
        );
        assert!(page.contains("10\u{a0}ม.ค.\u{a0}2568 13:00 น."));

        let shows = |name: &str| coordinator.page(&format!("/members/{}", id(name))).contains("เดินเยี่ยมบ้าน");
        assert!(shows("บุญมา ไปแน่") && shows("แก้ว เรียกประชุม"));
        assert!(!shows("คำปัน ไม่ว่าง"), "who said no does not come");
        let states = || {
            let viewer = store::Viewer::System("test");
            let sql = "SELECT state FROM attendance ORDER BY state";
            site.db.read::<Vec<String>, store::Error>(&viewer, |r| r.all(sql, &[])).unwrap()
        };
        assert_eq!(states(), ["declined", "going", "going"], "a hall and a stranger are made nobody");
        coordinator.done(&format!("{import}/undo"), &[]);
        assert!(states().is_empty() && !shows("บุญมา ไปแน่"));
    });
}

#[test]
fn each_side_says_the_relation_and_what_it_gives_in_its_own_words() {
    on_demo(|site| {
        let (mentor, mentored) = (site.sign_in("coordinator"), site.sign_in("member"));
        let mentor_id = crate::joining::own_id(&mentor);
        let form = mentored.page(&format!("/ties/new?with={mentor_id}"));
        assert!(form.contains(">มีเขาเป็นพี่เลี้ยง<") && form.contains(">เป็นพี่เลี้ยงให้เขา<"), "{form}");
        let tie = mentored.done(
            "/ties/new",
            &[
                ("with", &mentor_id),
                ("relation", "mentors~"),
                ("offers", "พาดูแปลงผัก"),
                ("benefit", "ได้เรียนรู้งาน"),
            ],
        );
        let too_long = "ก".repeat(501);
        let reply = mentor.post(&format!("{tie}/answer"), &[("answer", "yes"), ("offers", &too_long)]);
        assert!(
            reply.body.contains("offers-problem") && reply.body.contains(&too_long),
            "what was typed stays"
        );
        assert!(mentored.page(&tie).contains("รอคำตอบ"));
        mentor.done(
            &format!("{tie}/answer"),
            &[("answer", "yes"), ("offers", "สอนทำแผล"), ("asks", "มาทุกวันศุกร์"), ("benefit", "มีคนช่วยงาน")],
        );
        for (who, says, not) in
            [(&mentored, "มีเขาเป็นพี่เลี้ยง", "เป็นพี่เลี้ยงให้เขา"), (&mentor, "เป็นพี่เลี้ยงให้เขา", "มีเขาเป็นพี่เลี้ยง")]
        {
            let (page, mine) = (who.page(&tie), who.page("/ties"));
            assert!(page.contains(says) && !page.contains(not), "{page}");
            assert!(mine.contains(says) && !mine.contains(not), "{mine}");
            for words in ["พาดูแปลงผัก", "ได้เรียนรู้งาน", "สอนทำแผล", "มาทุกวันศุกร์", "มีคนช่วยงาน"]
            {
                assert!(page.contains(words), "{words}");
            }
        }
        let own = mentored.page(&format!("/members/{mentor_id}"));
        assert!(own.contains("เป็นพี่เลี้ยงให้เขา"), "on the mentor's page the mentor says so");
        let api: serde_json::Value =
            serde_json::from_str(&mentored.get(&format!("/api/v1{tie}")).body).unwrap();
        assert_eq!((&api["relation"], &api["reversed"]), (&"mentors".into(), &true.into()));
        assert_eq!(api["answer"]["offers"], "สอนทำแผล");
        let graph = mentor.get("/transfer/export/graphml").body;
        let edge = format!("source=\"{mentor_id}\"");
        assert!(graph.contains(&edge), "a drawing leads from who mentors to who is mentored: {graph}");
    });
}

#[test]
fn a_tie_that_ended_keeps_its_history_and_is_found_again() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let id = crate::joining::own_id(&other);
        let tie = one.done("/ties/new", &[("with", &id), ("relation", "knows"), ("offers", "สอนทำแผล")]);
        other.done(&format!("{tie}/answer"), &[("answer", "yes")]);
        let log = [
            ("with", id.as_str()),
            ("channel", "visit"),
            ("answered", "mutual"),
            ("date", "2026-11-20"),
            ("outcome", "help"),
            ("summary", "ไปเยี่ยมยาย"),
        ];
        one.done("/ties/log", &log);
        other.done(&format!("{tie}/end"), &[]);
        for who in [&one, &other] {
            let mine = who.page("/ties");
            assert!(mine.contains("ที่สิ้นสุดแล้ว") && mine.contains(&format!("href=\"{tie}\"")), "{mine}");
            assert!(who.page(&tie).contains("ไปเยี่ยมยาย"));
        }
        assert_eq!(site.sign_in("supporter").get(&tie).status, StatusCode::NOT_FOUND);
        let again = one.done("/ties/new", &[("with", &id), ("relation", "knows"), ("offers", "ทำปุ๋ย")]);
        assert_eq!(again, tie, "the same tie is proposed anew");
        let page = one.page(&tie);
        assert!(page.contains("รอคำตอบ") && page.contains("ไปเยี่ยมยาย"));
    });
}
