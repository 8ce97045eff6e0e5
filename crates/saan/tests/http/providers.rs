//! Sign-in by another service's word, with a service of the tests' own: real HTTP and signatures, right and wrong.

use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;
use store::{Error, Micros, Viewer};
use testing::NOON;
use testing::provider::{Provider, Says};

use crate::site::{Person, Reply, Site};

/// A browser that went to the service and holds the cookie of it.
struct Away {
    sent_to: String,
    cookie: String,
}

fn on_demo_with(test: impl Fn(&Site, &Provider, &Provider)) {
    testing::on_both(|fresh| {
        saan::demo::plant(&fresh.settings).unwrap();
        let now = NOON.0 / Micros::SECOND;
        let (line, town) = (Provider::start(now), Provider::start(now));
        let setup = web::Setup {
            public_url: Some("https://saan.example".to_owned()),
            letters: true,
            ..web::Setup::default()
        };
        let site = Site::with(Arc::new(fresh), setup)
            .with_providers(vec![line.settings("line"), town.settings("town")]);
        test(&site, &line, &town);
    });
}

fn leave(reply: &Reply) -> Away {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let cookie = reply.cookies.iter().find(|cookie| cookie.starts_with("saan_way=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"));
    let sent_to = crate::joining::between(&reply.body, "href=\"http://127", "\"").replace("&#38;", "&");
    Away {
        sent_to: format!("http://127{}", sent_to.replace("&amp;", "&")),
        cookie: cookie.split(';').next().unwrap().to_owned(),
    }
}

/// The browser comes back, with the cookies it has.
fn come_back(person: &Person<'_>, away: &Away, path: &str) -> Reply {
    let session = person.cookie.clone().map(|cookie| format!("; {cookie}")).unwrap_or_default();
    let mut request = person.asks("GET", path).body(Body::empty()).unwrap();
    let cookies = format!("saan_lang=th; {}{session}", away.cookie);
    request.headers_mut().insert("cookie", cookies.parse().unwrap());
    person.site.send(request)
}

fn tie(site: &Site, who: &str, provider: &Provider, name: &str, subject: &str) {
    let person = site.sign_in(who);
    let away = leave(&person.post(&format!("/joining/with/{name}/tie"), &[("old", saan::demo::PASSWORD)]));
    let back = provider.says_yes(&away.sent_to, subject, None, Says::TheTruth);
    let reply = come_back(&person, &away, &back);
    assert_eq!(reply.location.as_deref(), Some("/joining/access"), "{}", reply.body);
}

fn signed_in(reply: &Reply) -> bool {
    reply.cookies.iter().any(|cookie| cookie.starts_with("saan_session="))
}

#[test]
fn a_service_that_was_tied_signs_in_and_can_be_untied() {
    on_demo_with(|site, line, _| {
        let member = site.sign_in("member");
        let wrong = member.post("/joining/with/line/tie", &[("old", "ไม่ใช่")]);
        assert!(wrong.cookies.is_empty() && wrong.body.contains("รหัสผ่านนี้ไม่ถูกต้อง"));
        tie(site, "member", line, "line", "U123");
        let stranger = site.stranger();
        assert!(stranger.page("/joining/sign-in").contains("LINE"));
        for says in [Says::TheTruth, Says::BySecret] {
            let away = leave(&stranger.post("/joining/with/line", &[]));
            let back = line.says_yes(&away.sent_to, "U123", None, says);
            let reply = come_back(&stranger, &away, &back);
            assert!(signed_in(&reply), "{says:?}: {}", reply.body);
            // the same answer once more opens nothing
            assert_eq!(come_back(&stranger, &away, &back).status, StatusCode::BAD_REQUEST);
        }
        // somebody else there is nobody here
        let away = leave(&stranger.post("/joining/with/line", &[]));
        let back = line.says_yes(&away.sent_to, "U999", None, Says::TheTruth);
        let reply = come_back(&stranger, &away, &back);
        assert!(!signed_in(&reply) && reply.body.contains("ยังไม่มีบัญชี"));

        let name = format!("{} U123", line.issuer);
        member.done("/joining/with/line/untie", &[("name", &name)]);
        let away = leave(&stranger.post("/joining/with/line", &[]));
        let back = line.says_yes(&away.sent_to, "U123", None, Says::TheTruth);
        assert!(!signed_in(&come_back(&stranger, &away, &back)));
    });
}

#[test]
fn a_word_that_is_not_the_services_own_for_us_now_opens_nothing() {
    on_demo_with(|site, line, _| {
        tie(site, "member", line, "line", "U123");
        for says in [
            Says::AnotherNonce,
            Says::AnotherAudience,
            Says::AnotherParty,
            Says::AnotherIssuer,
            Says::Expired,
            Says::FromTomorrow,
            Says::ForeignKey,
            Says::Unsigned,
            Says::PublicKeyAsSecret,
        ] {
            let stranger = site.stranger();
            let away = leave(&stranger.post("/joining/with/line", &[]));
            let back = line.says_yes(&away.sent_to, "U123", None, says);
            let reply = come_back(&stranger, &away, &back);
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{says:?}");
            assert!(!signed_in(&reply), "{says:?}");
        }
    });
}

#[test]
fn an_answer_belongs_to_the_browser_the_question_and_the_service_it_was_begun_with() {
    on_demo_with(|site, line, town| {
        tie(site, "member", line, "line", "U123");
        let stranger = site.stranger();
        let begin = || leave(&stranger.post("/joining/with/line", &[]));
        // another browser: no cookie, or that of another beginning
        let (mine, theirs) = (begin(), begin());
        let back = line.says_yes(&mine.sent_to, "U123", None, Says::TheTruth);
        assert_eq!(stranger.get(&back).status, StatusCode::BAD_REQUEST);
        assert!(!signed_in(&come_back(&stranger, &theirs, &back)), "another state");
        // mixed up: the answer of one service at the address of the other
        let away = begin();
        let back = line.says_yes(&away.sent_to, "U123", None, Says::TheTruth);
        let mixed = back.replace("/with/line/", "/with/town/");
        assert!(!signed_in(&come_back(&stranger, &away, &mixed)), "begun elsewhere");
        // an answer that says it is of the other service
        let away = begin();
        let back = line.says_yes(&away.sent_to, "U123", None, Says::TheTruth);
        let encoded = |one: &Provider| one.issuer.replace(':', "%3A").replace('/', "%2F");
        let other = back.replace(&encoded(line), &encoded(town));
        assert_ne!(other, back);
        assert!(!signed_in(&come_back(&stranger, &away, &other)), "another iss");
        // a beginning for tying ends only in the account that began
        let supporter = site.sign_in("supporter");
        let away = leave(&supporter.post("/joining/with/town/tie", &[("old", saan::demo::PASSWORD)]));
        let back = town.says_yes(&away.sent_to, "T1", None, Says::TheTruth);
        assert_eq!(come_back(&site.sign_in("member"), &away, &back).status, StatusCode::FORBIDDEN);
        // too late
        let away = begin();
        let back = line.says_yes(&away.sent_to, "U123", None, Says::TheTruth);
        site.fresh.clock.advance(16 * Micros::MINUTE);
        assert!(!signed_in(&come_back(&stranger, &away, &back)), "after a quarter of an hour");
    });
}

#[test]
fn the_same_email_ties_nothing_by_itself_and_asks_its_owner() {
    on_demo_with(|site, line, _| {
        site.db
            .bookkeeping::<_, Error>("test", |w| {
                w.execute(
                    "INSERT INTO account_name (kind, name, account_id, confirmed_at) SELECT 'email', 'nan@example.org', \
                     account_id, 1 FROM account_name WHERE name = 'member'",
                    &[],
                )
            })
            .unwrap();
        let stranger = site.stranger();
        let come = |email| {
            let away = leave(&stranger.post("/joining/with/line", &[]));
            let back = line.says_yes(&away.sent_to, "U123", Some(email), Says::TheTruth);
            come_back(&stranger, &away, &back)
        };
        let (known, unknown) = (come("Nan@example.org"), come("somebody@example.org"));
        assert!(!signed_in(&known) && !signed_in(&unknown));
        // all but the way back to this same address in the other language
        let said = |reply: &Reply| crate::joining::between(&reply.body, "<main", "</main>").to_owned();
        assert_eq!(said(&known), said(&unknown), "nobody learns whose e-mail it is");
        let letters: Vec<String> = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.all("SELECT payload FROM job WHERE kind = 'letter'", &[])
            })
            .unwrap();
        assert_eq!(letters.len(), 1);
        let letter: serde_json::Value = serde_json::from_str(&letters[0]).unwrap();
        let link = letter["link"]["url"].as_str().unwrap().strip_prefix("https://saan.example").unwrap();
        assert!(stranger.page(link).contains(&line.issuer));
        assert!(!signed_in(&come("nan@example.org")), "looking ties nothing");
        assert_eq!(stranger.post(link, &[]).status, StatusCode::OK);
        assert_eq!(stranger.post(link, &[]).status, StatusCode::NOT_FOUND, "once");
        assert!(signed_in(&come("nan@example.org")), "from now on it opens the account");
    });
}

#[test]
fn an_invitation_is_taken_up_by_another_service_without_a_password_of_ones_own() {
    on_demo_with(|site, line, _| {
        let member = site.sign_in("member");
        let link = crate::inviting::link_of(&member, "invite-00001");
        let stranger = site.stranger();
        assert!(stranger.page(&link).contains(&format!("formaction=\"{link}/with/line\"")));
        let with = format!("{link}/with/line");
        let unsaid = stranger.post(&with, &[("name", "มะลิ หอมไกล")]);
        assert!(
            unsaid.cookies.is_empty() && unsaid.body.contains("value=\"มะลิ หอมไกล\""),
            "no consent, no way"
        );
        let said = [("name", "มะลิ หอมไกล"), ("nickname", "มะลิ"), ("consent", "1")];
        assert_eq!(stranger.post(&format!("{link}/with/nobody"), &said).status, StatusCode::NOT_FOUND);
        let away = leave(&stranger.post(&with, &said));
        assert!(!member.page("/members").contains("มะลิ"), "nobody is made before the service said who it is");
        let back = line.says_yes(&away.sent_to, "U777", None, Says::TheTruth);
        let reply = come_back(&stranger, &away, &back);
        assert!(signed_in(&reply), "{}", reply.body);
        assert_eq!(come_back(&stranger, &away, &back).status, StatusCode::BAD_REQUEST, "once");
        let session = reply.cookies.iter().find(|cookie| cookie.starts_with("saan_session=")).unwrap();
        let mali = site.with_cookie(session.split(';').next().map(str::to_owned));
        assert!(mali.page("/members").contains("แนน") && member.page("/members").contains("มะลิ"));
        assert!(member.page("/joining/brought").contains("มะลิ"));
        let consents: i64 = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.one(
                    "SELECT COUNT(*) FROM consent c JOIN actor a ON a.id = c.actor_id WHERE a.nickname = 'มะลิ' \
                     AND c.state = 'given' AND c.wording LIKE '%ขอลบได้ทุกเมื่อ'",
                    &[],
                )
            })
            .unwrap();
        assert_eq!(consents, 1);

        // the same person again, by the same service: the same account
        let away = leave(&stranger.post("/joining/with/line", &[]));
        let back = line.says_yes(&away.sent_to, "U777", None, Says::TheTruth);
        assert!(signed_in(&come_back(&stranger, &away, &back)));
        let away = leave(&stranger.post(&with, &said));
        let back = line.says_yes(&away.sent_to, "U777", None, Says::TheTruth);
        assert!(signed_in(&come_back(&stranger, &away, &back)));
        assert_eq!(member.page("/joining/brought").matches(">มะลิ<").count(), 1, "nobody twice");

        // without a password nothing asks for one, and a name of their own comes with a first one
        assert!(!mali.page("/joining/settings").contains("name=\"old\""));
        let short = mali.post("/joining/access/name", &[("login", "mali"), ("password", "สั้น")]);
        assert!(short.body.contains("aria-invalid"), "{}", short.body);
        mali.done("/joining/access/name", &[("login", "mali"), ("password", "ดอกไม้สีขาว")]);
        stranger.comes_in("/joining/sign-in", &[("name", "mali"), ("password", "ดอกไม้สีขาว")]);
    });
}

#[test]
fn who_came_by_a_service_is_erased_without_a_password_and_a_link_taken_back_meanwhile_opens_nothing() {
    on_demo_with(|site, line, _| {
        let member = site.sign_in("member");
        let link = crate::inviting::link_of(&member, "invite-00001");
        let stranger = site.stranger();
        let said = [("name", "มะลิ หอมไกล"), ("consent", "1")];
        let come = |subject: &str| {
            let away = leave(&stranger.post(&format!("{link}/with/line"), &said));
            let back = line.says_yes(&away.sent_to, subject, None, Says::TheTruth);
            (away, back)
        };
        let (away, back) = come("U777");
        let reply = come_back(&stranger, &away, &back);
        let session = reply.cookies.iter().find(|cookie| cookie.starts_with("saan_session=")).unwrap();
        let mali = site.with_cookie(session.split(';').next().map(str::to_owned));
        assert!(!mali.page("/joining/leave").contains("name=\"password\""));
        assert_eq!(mali.post("/joining/erase", &[("sure", "1")]).status, StatusCode::OK);
        assert!(!member.page("/joining/brought").contains("มะลิ"));

        let (away, back) = come("U888");
        let page = member.page("/joining/invite");
        let id = crate::joining::between(&page, "action=\"/joining/invite/", "/withdraw").to_owned();
        member.done(&format!("/joining/invite/{id}/withdraw"), &[]);
        let reply = come_back(&stranger, &away, &back);
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert!(!signed_in(&reply) && !member.page("/members").contains("มะลิ"));
    });
}
