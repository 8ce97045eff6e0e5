//! E-mail that is proved, a new password by e-mail, and what an operator sees of letters.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use store::{Error, Micros, Viewer, params};
use testing::smtp::{Manner, Scripted};

use crate::site::{Person, Site, on_demo, on_demo_with_letters};

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<_, Error>(&Viewer::System("test"), |r| r.one(sql, &[])).unwrap()
}

/// The links of letters that wait, the newest last.
fn links(site: &Site) -> Vec<String> {
    let sql = "SELECT payload FROM job WHERE kind = 'letter' ORDER BY id";
    let letters: Vec<String> =
        site.db.read::<_, Error>(&Viewer::System("test"), |r| r.all(sql, &[])).unwrap();
    letters
        .iter()
        .filter_map(|letter| serde_json::from_str::<serde_json::Value>(letter).ok())
        .filter_map(|letter| letter["link"]["url"].as_str().map(str::to_owned))
        .map(|url| url.strip_prefix("https://saan.example").unwrap().to_owned())
        .collect()
}

fn ask(person: &Person<'_>, email: &str) -> String {
    let reply = person.post("/joining/access/email", &[("email", email), ("old", saan::demo::PASSWORD)]);
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.body
}

fn prove(site: &Site, person: &Person<'_>, email: &str) {
    ask(person, email);
    let link = links(site).pop().unwrap();
    assert_eq!(site.stranger().post(&link, &[]).status, StatusCode::OK);
}

#[test]
fn an_address_is_proved_by_a_link_that_works_once_for_a_day() {
    on_demo_with_letters(|site| {
        let member = site.sign_in("member");
        let wrong = member.post("/joining/access/email", &[("email", "nan@example.org"), ("old", "ไม่ใช่")]);
        assert!(wrong.body.contains("id=\"old-problem\"") && wrong.body.contains("nan@example.org"));
        let wrong = member.post("/joining/access/email", &[("email", "nan@example"), ("old", "x")]);
        assert!(wrong.body.contains("id=\"email-problem\""));
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery"), 0);

        ask(&member, "Nan@Example.org");
        let link = links(site).pop().unwrap();
        let secret = link.rsplit('/').next().unwrap();
        let stored: i64 = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.one("SELECT COUNT(*) FROM one_time_code WHERE code_hash = $1", params![secret])
            })
            .unwrap();
        assert_eq!(stored, 0, "the store holds the hash alone");
        let stranger = site.stranger();
        assert!(stranger.page(&link).contains("nan@example.org"));
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM account_name WHERE kind = 'email'"),
            0,
            "looking proves nothing"
        );
        assert_eq!(stranger.post(&link, &[]).status, StatusCode::OK);
        assert_eq!(stranger.post(&link, &[]).status, StatusCode::NOT_FOUND, "once");
        assert!(member.page("/joining/access").contains("ยืนยันแล้ว"));
        stranger
            .comes_in("/joining/sign-in", &[("name", "NAN@example.org"), ("password", saan::demo::PASSWORD)]);

        ask(&member, "late@example.org");
        let late = links(site).pop().unwrap();
        site.fresh.clock.advance(25 * Micros::HOUR);
        assert_eq!(stranger.get(&late).status, StatusCode::NOT_FOUND, "a day is over");
    });
}

#[test]
fn the_owner_of_an_address_wins_over_who_only_named_it() {
    on_demo_with_letters(|site| {
        let (member, supporter) = (site.sign_in("member"), site.sign_in("supporter"));
        // the supporter named an address at sign-up and never proved it
        site.db
            .bookkeeping::<_, Error>("test", |w| {
                w.execute(
                    "INSERT INTO account_name (kind, name, account_id) SELECT 'email', 'nan@example.org', account_id \
                     FROM account_name WHERE name = 'supporter'",
                    &[],
                )
            })
            .unwrap();
        prove(site, &member, "nan@example.org");
        let whose = "SELECT COUNT(*) FROM account_name e JOIN account_name n ON n.account_id = e.account_id \
                     WHERE e.name = 'nan@example.org' AND n.name = 'member'";
        assert_eq!(count(site, whose), 1);
        // who proved it keeps it
        ask(&supporter, "nan@example.org");
        let link = links(site).pop().unwrap();
        assert!(site.stranger().post(&link, &[]).body.contains("อีกบัญชีหนึ่ง"));
        assert_eq!(count(site, whose), 1);
    });
}

#[test]
fn letters_to_a_named_address_are_few() {
    on_demo_with_letters(|site| {
        let member = site.sign_in("member");
        for n in 0..5 {
            ask(&member, &format!("victim{n}@example.org"));
        }
        let fields = [("email", "victim@example.org"), ("old", saan::demo::PASSWORD)];
        assert_eq!(member.post("/joining/access/email", &fields).status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery"), 5);
    });
}

#[test]
fn a_new_password_by_email_ends_every_session_and_tells_nobody_who_has_an_account() {
    on_demo_with_letters(|site| {
        let (member, there) = (site.sign_in("member"), site.sign_in("member"));
        prove(site, &member, "nan@example.org");
        let stranger = site.stranger();
        let resets =
            || links(site).into_iter().filter(|l| l.starts_with("/joining/reset/")).collect::<Vec<_>>();
        // known by user name, by e-mail, known without an e-mail, unknown: one answer, and one kind of row
        let answers: Vec<String> = ["member", "nan@example.org", "supporter", "nobody-at-all"]
            .iter()
            .map(|name| stranger.post("/joining/reset", &[("name", name)]).body)
            .collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "the same answer");
        assert_eq!(count(site, "SELECT COUNT(*) FROM job WHERE kind = 'joining.reset'"), 4, "the same work");
        assert!(resets().is_empty(), "who it is is looked up later");
        assert_eq!(app::joining::answer_resets(&site.db, "https://saan.example").unwrap(), 4);
        assert_eq!(count(site, "SELECT COUNT(*) FROM job WHERE kind = 'joining.reset'"), 0, "and forgotten");
        let found = resets();
        assert_eq!(found.len(), 2, "one address, asked for under two names");

        let short = stranger.post(&found[0], &[("password", "สั้น")]);
        assert!(short.body.contains("id=\"password-problem\""));
        let back = stranger.comes_in(&found[0], &[("password", "รหัสใหม่ของฉัน 2569")]);
        assert_eq!(back.get("/joining/settings").status, StatusCode::OK);
        for old in [&member, &there] {
            assert_eq!(old.get("/joining/settings").status, StatusCode::SEE_OTHER, "signed out");
        }
        for used in &found {
            assert_eq!(stranger.get(used).status, StatusCode::NOT_FOUND, "every link is used up");
        }
        let old = [("name", "member"), ("password", saan::demo::PASSWORD)];
        assert_eq!(
            stranger.post("/joining/sign-in", &old).status,
            StatusCode::OK,
            "the old one opens nothing"
        );
        stranger.comes_in("/joining/sign-in", &[("name", "member"), ("password", "รหัสใหม่ของฉัน 2569")]);
    });
}

#[test]
fn a_mailbox_is_not_filled_from_outside() {
    on_demo_with_letters(|site| {
        prove(site, &site.sign_in("member"), "nan@example.org");
        let stranger = site.stranger();
        for _ in 0..6 {
            assert_eq!(stranger.post("/joining/reset", &[("name", "member")]).status, StatusCode::OK);
        }
        app::joining::answer_resets(&site.db, "https://saan.example").unwrap();
        assert_eq!(count(site, "SELECT COUNT(*) FROM one_time_code WHERE purpose = 'reset'"), 3);
        for n in 0..14 {
            stranger.post("/joining/reset", &[("name", &format!("somebody{n}"))]);
        }
        let more = stranger.post("/joining/reset", &[("name", "somebody-else")]);
        assert_eq!(more.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(more.headers[header::RETRY_AFTER], "3600");
        site.fresh.clock.advance(2 * Micros::HOUR);
        assert_eq!(stranger.post("/joining/reset", &[("name", "member")]).status, StatusCode::OK);
    });
}

#[test]
fn without_a_mail_server_nothing_is_offered_that_needs_one() {
    on_demo(|site| {
        let stranger = site.stranger();
        assert!(!stranger.page("/joining/sign-in").contains("/joining/reset"));
        assert_eq!(stranger.get("/joining/reset").status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.post("/joining/reset", &[("name", "member")]).status, StatusCode::NOT_FOUND);
        let member = site.sign_in("member");
        assert!(!member.page("/joining/access").contains("action=\"/joining/access/email\""));
        let fields = [("email", "nan@example.org"), ("old", saan::demo::PASSWORD)];
        assert_eq!(member.post("/joining/access/email", &fields).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_letter_that_came_back_is_said_and_an_operator_settles_what_is_unknown() {
    on_demo_with_letters(|site| {
        let member = site.sign_in("member");
        prove(site, &member, "nan@example.org");
        let peer = Scripted::start(&[Manner::Takes, Manner::CutAfterData, Manner::NobodyHere]);
        let settings = post::SmtpSettings {
            host: "127.0.0.1".into(),
            port: Some(peer.address.port()),
            tls: post::Security::None,
            from: "saan@example.org".into(),
            ..post::SmtpSettings::default()
        };
        let carrier = post::Carrier::default().with(Arc::new(post::Email::new(&settings).unwrap()));
        carrier.carry(&site.db).unwrap();
        for _ in 0..2 {
            site.stranger().post("/joining/reset", &[("name", "member")]);
            app::joining::answer_resets(&site.db, "https://saan.example").unwrap();
            carrier.carry(&site.db).unwrap();
        }
        assert!(member.page("/joining/access").contains("ถูกตีกลับ"));
        // no more letters go where they come back from
        site.stranger().post("/joining/reset", &[("name", "member")]);
        app::joining::answer_resets(&site.db, "https://saan.example").unwrap();
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery"), 3);

        let operator = site.sign_in("coordinator");
        assert_eq!(member.get("/administration/letters").status, StatusCode::FORBIDDEN);
        let page = operator.page("/administration/letters");
        assert!(page.contains("อาจส่งแล้ว") && page.contains("ถูกปฏิเสธ"), "{page}");
        assert!(
            !page.contains("/joining/reset/"),
            "nobody reads a letter that opens somebody else's account"
        );
        let id = crate::joining::between(&page, "action=\"/administration/letters/", "/decide").to_owned();
        operator.done(&format!("/administration/letters/{id}/decide"), &[("decision", "close")]);
        assert_eq!(operator.page("/administration/letters").matches("/decide\"").count(), 1);
    });
}

#[test]
fn an_erased_person_gets_no_letter_and_leaves_no_address() {
    on_demo_with_letters(|site| {
        let member = site.sign_in("member");
        ask(&member, "nan@example.org");
        let fields = [("password", saan::demo::PASSWORD), ("sure", "1")];
        assert_eq!(member.post("/joining/erase", &fields).status, StatusCode::OK);
        assert_eq!(count(site, "SELECT COUNT(*) FROM delivery WHERE address IS NOT NULL"), 0);
        assert_eq!(count(site, "SELECT COUNT(*) FROM job WHERE payload LIKE '%joining/email%'"), 0);
        assert_eq!(count(site, "SELECT COUNT(*) FROM one_time_code WHERE detail LIKE '%example%'"), 0);
    });
}
