use axum::http::StatusCode;
use store::Micros;

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
        assert!(proposer.page(&tie).contains("ติดต่อกันอยู่") && proposer.page(&tie).contains("20 พ.ย. 2569"));

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
