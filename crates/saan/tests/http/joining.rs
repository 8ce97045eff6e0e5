use axum::http::{StatusCode, header};
use store::Viewer;

use crate::site::{Person, Site, on_demo};

/// What stands between two marks of a page.
pub fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

fn invitation(member: &Person<'_>) -> String {
    let at = member.done("/joining/invite", &[("once", "invite-00001"), ("message", "มาช่วยกันนะ")]);
    let page = member.page(&at);
    assert!(
        page.contains("<svg viewBox=\"0 0 ") && page.contains("role=\"img\""),
        "a QR code stands on the page"
    );
    format!("/joining/i/{}", between(&page, "/joining/i/", "\""))
}

const NEWCOMER: [(&str, &str); 6] = [
    ("once", "sign-up-00001"),
    ("nickname", "น้องมะลิ"),
    ("name", "มะลิ หอมไกล"),
    ("login", "081-999-8877"),
    ("password", "ดอกไม้สีขาว"),
    ("consent", "1"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect()
}

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read(&Viewer::System("test"), |r| r.one::<i64>(sql, &[])).unwrap()
}

#[test]
fn story_somebody_is_invited_by_link_and_is_in_the_directory_a_minute_later() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let link = invitation(&member);
        let stranger = site.stranger();
        let page = stranger.page(&link);
        assert!(page.contains("แนน ชวนเข้าร่วม เครือข่ายพยาบาลวิชาชีพภาคเหนือ") && page.contains("มาช่วยกันนะ"));
        assert!(page.contains("ถอนความยินยอม"), "the purpose is said before anybody agrees");

        let newcomer = stranger.comes_in(&link, &NEWCOMER);
        assert!(newcomer.page("/members").contains("น้องมะลิ"));
        assert!(member.page("/members").contains("น้องมะลิ"), "consent is on record, so members see her");
        let brought = "SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id JOIN actor b ON b.id = m.invited_by \
                       WHERE a.nickname = 'น้องมะลิ' AND b.nickname = 'แนน' AND m.state = 'member'";
        assert_eq!(count(site, brought), 1, "who brought whom is remembered");
        let consent = "SELECT COUNT(*) FROM consent c JOIN actor a ON a.id = c.actor_id WHERE a.nickname = 'น้องมะลิ' \
                       AND c.state = 'given' AND c.manner = 'own_account' AND c.wording LIKE '%ขอลบได้ทุกเมื่อ'";
        assert_eq!(count(site, consent), 1);

        // the second tap of the same form makes nobody twice, and lets the same person in
        stranger.comes_in(&link, &NEWCOMER);
        assert_eq!(count(site, "SELECT COUNT(*) FROM actor WHERE nickname = 'น้องมะลิ'"), 1);
        assert_eq!(count(site, "SELECT accepted FROM invitation"), 1);
    });
}

#[test]
fn a_sign_up_with_mistakes_names_each_field_and_makes_nobody() {
    on_demo(|site| {
        let link = invitation(&site.sign_in("member"));
        let stranger = site.stranger();
        let before = count(site, "SELECT COUNT(*) FROM actor");
        for (field, value) in [
            ("name", ""),
            ("login", "ก ข"),
            ("login", "12345"),
            ("login", "a@"),
            ("password", "สั้น"),
            ("consent", ""),
        ] {
            let reply = stranger.post(&link, &with(&NEWCOMER, field, value));
            assert_eq!(reply.status, StatusCode::OK, "{field}={value}");
            assert!(reply.body.contains(&format!("id=\"{field}-problem\"")), "{field}={value} is named");
        }
        let reply = stranger.post(&link, &with(&NEWCOMER, "login", "Member"));
        assert!(reply.body.contains("id=\"login-problem\""), "a name in use is said at its field");
        assert_eq!(count(site, "SELECT COUNT(*) FROM actor"), before);
    });
}

#[test]
fn a_link_that_was_taken_back_or_is_too_old_leads_nowhere() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let link = invitation(&member);
        let page = member.page("/joining/invite");
        let id = between(&page, "href=\"/joining/invite/", "\"").to_owned();
        let supporter = site.sign_in("supporter");
        assert_eq!(supporter.get(&format!("/joining/invite/{id}")).status, StatusCode::NOT_FOUND);
        member.done(&format!("/joining/invite/{id}/withdraw"), &[]);
        assert_eq!(site.stranger().get(&link).status, StatusCode::NOT_FOUND);

        let link = format!("/joining/i/{}", "0".repeat(40));
        assert_eq!(site.stranger().get(&link).status, StatusCode::NOT_FOUND);
    });
    on_demo(|site| {
        let link = invitation(&site.sign_in("member"));
        site.fresh.clock.advance(61 * store::Micros::DAY);
        assert_eq!(site.stranger().get(&link).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_coordinator_who_opens_an_invitation_stays_a_coordinator() {
    on_demo(|site| {
        let link = invitation(&site.sign_in("member"));
        let coordinator = site.sign_in("coordinator");
        coordinator.done(&link, &[]);
        assert_eq!(coordinator.get("/administration").status, StatusCode::OK);
    });
}

#[test]
fn story_somebody_asks_to_join_and_a_coordinator_lets_them_in() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let page = coordinator.page("/administration");
        let ask = format!("/joining/ask/{}", between(&page, "/joining/ask/", "\""));
        let mut fields = with(&NEWCOMER, "login", "mali.h");
        fields.push(("words", "เป็นพยาบาลที่ลำพูน"));
        let newcomer = site.stranger().comes_in(&ask, &fields);
        assert!(newcomer.page("/joining/me").contains("รอผู้ประสานงานตอบรับ"));
        assert_eq!(newcomer.get("/members").status, StatusCode::NOT_FOUND, "not in the network yet");
        assert!(!site.sign_in("member").page("/members").contains("น้องมะลิ"));

        let page = coordinator.page("/administration/applications");
        assert!(page.contains("เป็นพยาบาลที่ลำพูน"));
        let accept = between(&page, "action=\"/administration/applications/", "\"");
        let accept = format!("/administration/applications/{accept}");
        assert_eq!(site.sign_in("member").post(&accept, &[]).status, StatusCode::FORBIDDEN);
        coordinator.done(&accept, &[]);
        assert!(newcomer.page("/members").contains("น้องมะลิ"));

        coordinator.done("/administration/joining", &[("joining", "invitation")]);
        assert_eq!(site.stranger().get(&ask).status, StatusCode::NOT_FOUND, "the network closed this way in");
    });
}

fn enter(coordinator: &Person<'_>, nickname: &str) -> String {
    let fields = [
        ("once", "enter-000001"),
        ("kind", "person"),
        ("name", "สมศรี น้ำใส"),
        ("nickname", nickname),
        ("phone", "081 234 5678"),
        ("capacity", "4"),
        ("visibility", "network"),
    ];
    coordinator.done("/members/new", &fields).trim_start_matches("/members/").to_owned()
}

#[test]
fn story_a_slip_lets_somebody_without_e_mail_in_and_helps_when_the_password_is_lost() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let id = enter(&coordinator, "ป้าศรี");
        assert!(coordinator.page("/joining/unclaimed?q=ป้า").contains("ป้าศรี"));
        assert_eq!(site.sign_in("member").get("/joining/unclaimed").status, StatusCode::FORBIDDEN);

        let slip = coordinator.post(&format!("/joining/unclaimed/{id}/code"), &[]);
        assert_eq!(slip.status, StatusCode::OK);
        let old_link = format!("/joining/c/{}", between(&slip.body, "/joining/c/", "\""));
        let slip = coordinator.post(&format!("/joining/unclaimed/{id}/code"), &[]);
        assert_eq!(
            site.stranger().get(&old_link).status,
            StatusCode::NOT_FOUND,
            "an earlier slip stops working"
        );

        let code = between(&slip.body, "<p class=\"code\">", "<").to_owned();
        assert_eq!(code.chars().filter(char::is_ascii_digit).count(), 8);
        let stranger = site.stranger();
        let at = stranger.done("/joining/c", &[("code", &code)]);
        let page = stranger.page(&at);
        assert!(page.contains("สวัสดี ป้าศรี") && page.contains("value=\"081-234-5678\""));
        let fields = [("login", "081-234-5678"), ("password", "ฝนตกฟ้าใส"), ("consent", "1")];
        let sri = stranger.comes_in(&at, &fields);
        assert!(sri.page("/members").contains("ป้าศรี"));
        assert!(site.sign_in("member").page("/members").contains("ป้าศรี"), "she agreed herself");
        assert_eq!(stranger.get(&at).status, StatusCode::NOT_FOUND, "a slip works once");
        assert!(!coordinator.page("/joining/unclaimed").contains("ป้าศรี"));

        // the password is lost: the same slip, the same account, other sessions end
        let slip = coordinator.post(&format!("/joining/unclaimed/{id}/code"), &[]);
        let link = format!("/joining/c/{}", between(&slip.body, "/joining/c/", "\""));
        stranger.comes_in(&link, &[("password", "แดดออกแล้วจ้า")]);
        assert_eq!(sri.get("/members").status, StatusCode::SEE_OTHER, "the session before has ended");
        let reply = stranger.post("/joining/sign-in", &[("name", "0812345678"), ("password", "แดดออกแล้วจ้า")]);
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn guessing_codes_is_held_up_and_a_qr_code_is_not() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let id = enter(&coordinator, "ป้าศรี");
        let slip = coordinator.post(&format!("/joining/unclaimed/{id}/code"), &[]);
        let code = between(&slip.body, "<p class=\"code\">", "<").to_owned();
        let link = format!("/joining/c/{}", between(&slip.body, "/joining/c/", "\""));
        let stranger = site.stranger();
        let mut tries = 0;
        while stranger.post("/joining/c", &[("code", "00000000")]).status == StatusCode::OK && tries < 60 {
            tries += 1;
        }
        assert_eq!(tries, 10, "so many wrong codes may be typed from one address");
        site.fresh.clock.advance(10 * store::Micros::MINUTE);
        let held = stranger.post("/joining/c", &[("code", &code)]);
        assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(held.headers[header::RETRY_AFTER], "1200", "half an hour, of which ten minutes are over");
        assert_eq!(stranger.get(&link).status, StatusCode::OK);
        site.fresh.clock.advance(20 * store::Micros::MINUTE);
        assert_eq!(stranger.post("/joining/c", &[("code", &code)]).status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_coordinator_makes_no_slip_for_the_operator_or_for_people_elsewhere() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let member_id = own_id(&site.sign_in("member"));
        coordinator.done(&format!("/administration/members/{member_id}/role"), &[("role", "coordinator")]);
        let second = site.sign_in("member");
        let operator = own_id(&coordinator);
        let slip = second.post(&format!("/joining/unclaimed/{operator}/code"), &[]);
        assert_eq!(slip.status, StatusCode::FORBIDDEN, "technical rights are not taken over");
        let foreign = second.post("/joining/unclaimed/mem_0000000000004/code", &[]);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    });
}

/// The id of whoever is signed in.
pub fn own_id(person: &Person<'_>) -> String {
    between(&person.page("/joining/me"), "href=\"/members/", "\"").to_owned()
}

#[test]
fn consent_is_said_by_the_person_or_recorded_with_its_manner() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let member = site.sign_in("member");
        let id = enter(&coordinator, "ป้าศรี");
        let sheet = coordinator.post(&format!("/joining/unclaimed/{id}/consent"), &[]);
        assert!(sheet.body.contains("ใบขอความยินยอม") && sheet.body.contains("<svg"));
        let link = format!("/joining/consent/{}", between(&sheet.body, "/joining/consent/", "\""));
        let stranger = site.stranger();
        assert!(stranger.page(&link).contains("ป้าศรี"));
        assert_eq!(stranger.post(&link, &[("answer", "no")]).status, StatusCode::OK);
        assert!(!member.page("/members").contains("ป้าศรี"), "a no is kept");
        assert_eq!(
            stranger.post(&link, &[("answer", "yes")]).status,
            StatusCode::NOT_FOUND,
            "a link answers once"
        );

        let recorded = format!("/joining/unclaimed/{id}/answer");
        assert_eq!(
            member.post(&recorded, &[("manner", "phone"), ("answer", "yes")]).status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            coordinator.post(&recorded, &[("manner", "?"), ("answer", "yes")]).status,
            StatusCode::BAD_REQUEST
        );
        coordinator.done(&recorded, &[("manner", "phone"), ("answer", "yes")]);
        assert!(member.page("/members").contains("ป้าศรี"));
        let journal = "SELECT COUNT(*) FROM journal j JOIN actor a ON a.id = j.on_behalf_of WHERE j.verb = 'members.consent' \
                       AND a.nickname = 'ป้าศรี' AND j.actor_id IS NOT NULL";
        assert_eq!(count(site, journal), 1, "who recorded it, for whom");
    });
}

#[test]
fn trap_4_leaving_anonymizes_and_keeps_what_others_received() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let nan = own_id(&member);
        // the two are tied and were in contact
        let tie = [
            ("with", nan.as_str()),
            ("relation", "colleague"),
            ("offers", "ช่วยกันดูแล"),
            ("once", "tie-0000001"),
        ];
        coordinator.done("/ties/new", &tie);
        let proposed: i64 = count(site, "SELECT id FROM tie");
        let tie_id = store::ids::TieId(proposed);
        member.done(&format!("/ties/{tie_id}/answer"), &[("answer", "yes")]);
        assert!(coordinator.page("/ties").contains("แนน"));

        let wrong = member.post("/joining/erase", &[("password", "อะไรก็ไม่รู้"), ("sure", "1")]);
        assert!(wrong.body.contains("id=\"password-problem\""));
        let erased = member.post("/joining/erase", &[("password", saan::demo::PASSWORD), ("sure", "1")]);
        assert_eq!(erased.status, StatusCode::OK);
        assert_eq!(member.get("/members").status, StatusCode::SEE_OTHER, "nobody is signed in any more");
        let again = site
            .stranger()
            .post("/joining/sign-in", &[("name", "member"), ("password", saan::demo::PASSWORD)]);
        assert_eq!(again.status, StatusCode::OK, "and nobody can be");

        assert!(!coordinator.page("/members").contains("แนน"));
        let ties = coordinator.page("/ties");
        assert!(ties.contains("อดีตสมาชิก") && !ties.contains("แนน"), "the other side keeps the tie: {ties}");
        for column in ["name", "nickname", "bio", "profession"] {
            let left =
                format!("SELECT COUNT(*) FROM actor WHERE {column} LIKE '%นันทิดา%' OR {column} LIKE '%แนน%'");
            assert_eq!(count(site, &left), 0, "{column}");
        }
        for table in ["session", "account_name", "access_token"] {
            let left = format!(
                "SELECT COUNT(*) FROM {table} WHERE account_id = (SELECT id FROM account WHERE state = 'erased')"
            );
            assert_eq!(count(site, &left), 0, "{table}");
        }
    });
}

#[test]
fn the_only_coordinator_names_another_before_leaving() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let network =
            between(&coordinator.page("/joining/leave"), "action=\"/joining/leave/", "\"").to_owned();
        let leave = format!("/joining/leave/{network}");
        assert_eq!(coordinator.post(&leave, &[]).status, StatusCode::CONFLICT);
        let id = own_id(&member);
        coordinator.done(&format!("/administration/members/{id}/role"), &[("role", "coordinator")]);
        coordinator.done(&leave, &[]);
        assert_eq!(coordinator.get("/members").status, StatusCode::NOT_FOUND);
        assert!(!member.page("/members").contains("พี่ดา"));
        assert_eq!(member.get("/administration").status, StatusCode::OK);
    });
}

#[test]
fn blocking_ends_what_was_between_two_and_can_be_taken_back() {
    on_demo(|site| {
        let (member, supporter) = (site.sign_in("member"), site.sign_in("supporter"));
        let (nan, wit) = (own_id(&member), own_id(&supporter));
        member.done(&format!("/joining/block/{wit}"), &[]);
        let reply = supporter.post(
            "/ties/new",
            &[("with", &nan), ("relation", "knows"), ("offers", "ขายของ"), ("once", "tie-0000002")],
        );
        assert_ne!(reply.status, StatusCode::SEE_OTHER, "the blocked side reaches nobody");
        assert_eq!(count(site, "SELECT COUNT(*) FROM tie"), 0);
        assert!(member.page("/joining/settings").contains("อาจารย์วิทย์"));
        member.done(&format!("/joining/block/{wit}"), &[("undo", "1")]);
        assert_eq!(count(site, "SELECT COUNT(*) FROM block"), 0);
    });
}

#[test]
fn what_a_member_reports_is_seen_by_the_coordinators_alone_and_answered() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let wit = own_id(&site.sign_in("supporter"));
        let fields = [("once", "report-00001"), ("words", "โทรมาขายของทุกวัน")];
        for _ in 0..2 {
            assert_eq!(member.post(&format!("/joining/report/{wit}"), &fields).status, StatusCode::OK);
        }
        assert_eq!(count(site, "SELECT COUNT(*) FROM concern"), 1, "a second tap reports once");
        assert_eq!(member.get("/administration/concerns").status, StatusCode::FORBIDDEN);
        let page = coordinator.page("/administration/concerns");
        assert!(page.contains("โทรมาขายของทุกวัน") && page.contains("อาจารย์วิทย์"));
        let settle = between(&page, "action=\"/administration/concerns/", "\"").to_owned();
        let settle = format!("/administration/concerns/{settle}");
        coordinator.done(&settle, &[("answer", "คุยกับอาจารย์แล้ว")]);
        assert_eq!(coordinator.post(&settle, &[]).status, StatusCode::NOT_FOUND, "settled once");
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_demo(|site| {
        let (here, there) = (site.sign_in("member"), site.sign_in("member"));
        let wrong = here.post("/joining/settings/password", &[("old", "ไม่ใช่"), ("password", "รหัสใหม่ของฉัน")]);
        assert!(wrong.body.contains("id=\"old-problem\""));
        here.done(
            "/joining/settings/password",
            &[("old", saan::demo::PASSWORD), ("password", "รหัสใหม่ของฉัน")],
        );
        assert_eq!(here.get("/joining/settings").status, StatusCode::OK);
        assert_eq!(there.get("/joining/settings").status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_session_is_ended_from_another_device_and_only_by_its_own_person() {
    on_demo(|site| {
        let (here, there) = (site.sign_in("member"), site.sign_in("member"));
        let end =
            between(&here.page("/joining/settings"), "action=\"/joining/settings/sessions/", "\"").to_owned();
        let end = format!("/joining/settings/sessions/{end}");
        assert_eq!(site.sign_in("supporter").post(&end, &[]).status, StatusCode::NOT_FOUND);
        here.done(&end, &[]);
        assert_eq!(there.get("/joining/settings").status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_hidden_member_and_one_who_withdrew_consent_are_seen_by_nobody_else() {
    on_demo(|site| {
        let (member, supporter) = (site.sign_in("member"), site.sign_in("supporter"));
        let nan = own_id(&member);
        member.done("/joining/settings/visibility", &[("visibility", "private"), ("suggest", "")]);
        assert_eq!(supporter.get(&format!("/members/{nan}")).status, StatusCode::NOT_FOUND);
        member.done("/joining/settings/visibility", &[("visibility", "network"), ("suggest", "1")]);
        assert_eq!(supporter.get(&format!("/members/{nan}")).status, StatusCode::OK);
        member.done("/joining/settings/visibility", &[("visibility", "network"), ("consent", "withdraw")]);
        assert_eq!(supporter.get(&format!("/members/{nan}")).status, StatusCode::NOT_FOUND);
        assert!(!supporter.page("/members").contains("แนน"));
    });
}

#[test]
fn several_people_act_for_a_group_and_one_may_be_let_go() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let fields = [
            ("once", "group-000001"),
            ("kind", "group"),
            ("name", "กลุ่มพยาบาลลำปาง"),
            ("capacity", "4"),
            ("visibility", "network"),
        ];
        let group = coordinator.done("/members/new", &fields).trim_start_matches("/members/").to_owned();
        let (nan, wit) = (own_id(&member), own_id(&site.sign_in("supporter")));
        let stewards = format!("/joining/stewards/{group}");
        assert_eq!(
            member.get(&stewards).status,
            StatusCode::NOT_FOUND,
            "nobody's to name but the coordinator's"
        );
        coordinator.done(&stewards, &[("person", &nan)]);
        assert_eq!(
            coordinator.get(&stewards).status,
            StatusCode::NOT_FOUND,
            "from now on the group is its own"
        );
        member.done(&stewards, &[("person", &wit)]);
        member.done(&format!("/joining/act-as/{group}"), &[]);
        assert!(member.page("/members").contains("กำลังทำในนาม กลุ่มพยาบาลลำปาง"));

        let supporter = site.sign_in("supporter");
        supporter.done(&format!("{stewards}/end"), &[("person", &nan)]);
        let page = member.page("/members");
        assert!(!page.contains("กำลังทำในนาม"), "let go, she goes on as herself");
        assert_eq!(member.post(&format!("/joining/act-as/{group}"), &[]).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_first_page_of_a_fresh_instance_makes_one_operator_and_no_second() {
    crate::site::on_empty(|site| {
        let secret = app::joining::setup_secret(&site.db).unwrap().unwrap();
        let newer = app::joining::setup_secret(&site.db).unwrap().unwrap();
        let stranger = site.stranger();
        assert_eq!(stranger.get(&format!("/joining/setup/{secret}")).status, StatusCode::NOT_FOUND);
        let link = format!("/joining/setup/{newer}");
        let reply =
            stranger.post(&link, &[("network", ""), ("name", "ดารุณี"), ("login", "da"), ("password", "1")]);
        for field in ["network", "login", "password"] {
            assert!(reply.body.contains(&format!("id=\"{field}-problem\"")), "{field}");
        }
        let fields = [
            ("network", "เครือข่ายแม่ทา"),
            ("name", "ดารุณี"),
            ("login", "darunee"),
            ("password", "ข้าวเหนียวมะม่วง"),
        ];
        let operator = stranger.comes_in(&link, &fields);
        assert!(operator.page("/networks").contains("เครือข่ายแม่ทา"));
        assert_eq!(operator.get("/administration").status, StatusCode::OK);
        assert_eq!(stranger.get(&link).status, StatusCode::NOT_FOUND);
        assert_eq!(app::joining::setup_secret(&site.db).unwrap(), None);
        assert_eq!(count(site, "SELECT COUNT(*) FROM account WHERE operator"), 1);
    });
}

#[test]
fn who_sets_up_a_network_that_a_file_brought_in_is_its_founder() {
    crate::site::on_empty(|site| {
        let acting = store::Acting::new(Viewer::System("test"), store::Through::CommandLine);
        let founding = app::networks::Founding {
            name: "เครือข่ายแม่ทา".to_owned(),
            about: String::new(),
            origin: network::vocabulary::NetworkOrigin::Grassroots,
            founder: None,
        };
        let founded = site.db.write(&acting, |w| {
            let network = app::networks::found(w, &founding)?;
            w.finished(network)
        });
        let founded: Result<_, store::Error> = founded;
        let secret = app::joining::setup_secret(&site.db).unwrap().unwrap();
        let fields = [
            ("network", "เครือข่าย แม่ทา"),
            ("name", "ดารุณี"),
            ("login", "darunee"),
            ("password", "ข้าวเหนียวมะม่วง"),
        ];
        site.stranger().comes_in(&format!("/joining/setup/{secret}"), &fields);
        let id = founded.unwrap().0;
        let founder = format!(
            "SELECT COUNT(*) FROM actor n JOIN actor p ON p.id = n.founder_id WHERE n.id = {id} AND p.name = 'ดารุณี'"
        );
        assert_eq!(count(site, &founder), 1);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM actor WHERE kind = 'network'"),
            1,
            "and no second is made"
        );
        let journal =
            format!("SELECT COUNT(*) FROM journal WHERE object_id = {id} AND verb = 'networks.take_over'");
        assert_eq!(count(site, &journal), 1);
    });
}
