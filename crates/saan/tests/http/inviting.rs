//! Who brought whom and what came of it (D6, T3), the reproduction number, and names to sign in with.

use axum::http::StatusCode;
use store::{Acting, Micros, Viewer};

use crate::api::Program;
use crate::giving::post;
use crate::joining::{between, own_id};
use crate::site::{Person, Site, on_demo};

/// The address of a link by which this member invites.
pub fn link_of(member: &Person<'_>, once: &str) -> String {
    let at = member.done("/joining/invite", &[("once", once), ("message", "มาช่วยกันนะ")]);
    format!("/joining/i/{}", between(&member.page(&at), "/joining/i/", "\""))
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
fn story_an_invitation_is_shared_and_who_sent_it_sees_what_came_of_it() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        assert!(member.page("/joining/brought").contains("ยังไม่ได้พาใครเข้ามา"));
        let at = member.done("/joining/invite", &[("once", "invite-00001"), ("message", "มาช่วยกันนะ")]);
        let page = member.page(&at);
        let link = format!("/joining/i/{}", between(&page, "/joining/i/", "\""));
        for way in ["https://line.me/R/share?text=", "href=\"sms:?", "<svg viewBox"] {
            assert!(page.contains(way), "{way}");
        }
        let words = between(&page, "<textarea id=\"words\" rows=\"6\" readonly>", "</textarea>");
        assert!(words.contains("แนน ชวนเข้าร่วม") && words.contains("มาช่วยกันนะ") && words.contains(&link));

        let mali = comes(site, &link, "มะลิ", "mali");
        let kaew = comes(site, &link, "แก้ว", "kaew");
        assert!(mali.page("/joining/brought").contains("แนน เป็นคนพาคุณเข้ามา"));
        post(&mali, "offer", "สอนทำน้ำพริก", &[]);
        let pim = comes(site, &link_of(&mali, "invite-00002"), "พิม", "pimpim");
        let mine = member.page("/joining/brought");
        assert!(mine.contains("มะลิ") && mine.contains("แก้ว") && !mine.contains(">พิม<"));
        assert!(mine.contains("ลงสิ่งที่ให้ได้หรือต้องการแล้ว") && mine.contains("พาคนอื่นมาต่อ 1 คน"));
        let theirs = Program::of(site, &member, false).get("/api/v1/joining/brought");
        assert_eq!(theirs["brought"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&theirs["brought"][1]["shares"], &theirs["brought"][1]["brought"]),
            (&true.into(), &1.into())
        );

        // the chain is the coordinators' alone, and the figure waits until it is no person
        let chain = coordinator.page("/joining/growth");
        assert!(chain.contains("ใครพาใครมา") && chain.contains("แนน เป็นคนพามา"));
        let others = member.page("/joining/growth");
        assert!(!others.contains("ใครพาใครมา") && !others.contains("มะลิ"));
        assert!(others.contains("ยังบอกไม่ได้"));

        // who hides, or says no to being shown, is seen by neither
        kaew.done("/joining/settings/visibility", &[("visibility", "private")]);
        pim.done("/joining/settings/visibility", &[("visibility", "private")]);
        let mine = member.page("/joining/brought");
        assert!(!mine.contains("แก้ว") && !mine.contains("พาคนอื่นมาต่อ"), "not even as a number");
        let theirs = Program::of(site, &member, false).get("/api/v1/joining/brought");
        assert_eq!(theirs["brought"].as_array().unwrap().len(), 1);
        assert!(!coordinator.page("/joining/growth").contains(">แก้ว<"));
    });
}

#[test]
fn who_was_brought_follows_a_merge_and_its_parting() {
    on_demo(|site| {
        let (member, supporter) = (site.sign_in("member"), site.sign_in("supporter"));
        comes(site, &link_of(&supporter, "invite-00001"), "มะลิ", "mali");
        assert!(!member.page("/joining/brought").contains("มะลิ"));
        let (kept, gone) = (own_id(&member), own_id(&supporter));
        let merge = |into: Option<store::ids::ActorId>| {
            let gone: store::ids::ActorId = gone.parse().unwrap();
            site.db
                .bookkeeping::<_, store::Error>("test", |w| {
                    w.execute("UPDATE actor SET merged_into = $2 WHERE id = $1", store::params![gone, into])
                })
                .unwrap();
        };
        merge(Some(kept.parse().unwrap()));
        assert!(member.page("/joining/brought").contains("มะลิ"));
        merge(None);
        assert!(!member.page("/joining/brought").contains("มะลิ"));
        assert!(supporter.page("/joining/brought").contains("มะลิ"));
    });
}

/// Six who came together and did something, and five whom two of them brought within half a year and who did, too;
/// nine months later the figure stands: 5 / 6.
#[test]
fn d6_the_reproduction_number_of_the_network_is_counted_from_who_brought_whom() {
    on_demo(|site| {
        let names = ["coordinator", "member", "supporter"];
        let mut people: Vec<Person<'_>> = names.iter().map(|name| site.sign_in(name)).collect();
        let begun = site.fresh.clock.clone();
        // the demo's three are there from the day the test begins
        let here = Acting::system("test");
        site.db
            .write(&here, |w| {
                let now = w.now();
                w.execute("UPDATE membership SET created_at = $1", store::params![now])?;
                w.done(&store::journal::Entry::new(store::journal::Act::Do, "test", 1), ())
            })
            .map_err(|error: store::Error| error)
            .unwrap();
        for (n, nickname) in ["มะลิ", "แก้ว", "พิม"].iter().enumerate() {
            let link = link_of(&people[1], &format!("invite-0000{n}"));
            people.push(comes(site, &link, nickname, &format!("founder{n}")));
        }
        for (n, person) in people.iter().enumerate() {
            post(person, "offer", &format!("สอนทำน้ำพริกสูตรที่ {n}"), &[]);
        }
        begun.advance(30 * Micros::DAY);
        for n in 0..2 {
            let link = link_of(&people[0], &format!("invite-0001{n}"));
            let late = comes(site, &link, &format!("ใหม่{n}"), &format!("newcomer{n}"));
            post(&late, "need", &format!("อยากเรียนทำน้ำพริกสูตรที่ {n}"), &[]);
        }
        // brought, and never did anything
        comes(site, &link_of(&people[2], "invite-00020"), "เงียบ", "silent");
        assert!(people[0].page("/joining/growth").contains("ยังบอกไม่ได้"));
        begun.advance(240 * Micros::DAY);
        let member = site.sign_in("member");
        let page = member.page("/joining/growth");
        assert!(page.contains("<strong>0.8</strong>"), "{page}");
        assert!(page.contains("สมาชิกที่ลงมือทำ 6 คน") && page.contains("พาคนใหม่ที่ลงมือทำมา 5 คน"));
        assert!(page.contains("รุ่นแรก") && page.contains("6 คน ลงมือทำแล้ว 5 คน"));
        let grown = Program::of(site, &member, false).get("/api/v1/joining/growth");
        let number = &grown["reproduction"];
        assert_eq!((&number["members"], &number["brought"]), (&6.into(), &5.into()));
        assert_eq!(number["growth"], "open");
        let (low, high) = (number["low"].as_f64().unwrap(), number["high"].as_f64().unwrap());
        assert!(low < 5.0 / 6.0 && high > 1.0);
        assert_eq!(
            grown["generations"],
            serde_json::json!([
                {"members": 3, "active": 3}, {"members": 6, "active": 5}
            ])
        );
    });
}

#[test]
fn a_name_to_sign_in_with_can_be_changed_and_the_one_before_opens_nothing() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let named =
            |login: &str, old: &str| member.post("/joining/access/name", &[("login", login), ("old", old)]);
        let wrong = named("nanjai", "ไม่ใช่");
        assert_eq!(wrong.status, StatusCode::OK);
        assert!(wrong.body.contains("รหัสผ่านนี้ไม่ถูกต้อง") && wrong.body.contains("value=\"nanjai\""));
        for (login, sentence) in
            [("Coordinator", "ชื่อนี้"), ("nan@example.org", "อีเมลใช้ได้หลังยืนยันแล้วเท่านั้น"), ("ab", "")]
        {
            let reply = named(login, saan::demo::PASSWORD);
            assert_eq!(reply.status, StatusCode::OK, "{login}");
            assert!(reply.body.contains("aria-invalid=\"true\"") && reply.body.contains(sentence), "{login}");
        }
        assert_eq!(named("nan.jai", saan::demo::PASSWORD).status, StatusCode::SEE_OTHER);
        assert!(member.page("/joining/access").contains("nan.jai"));
        let old = site
            .stranger()
            .post("/joining/sign-in", &[("name", "member"), ("password", saan::demo::PASSWORD)]);
        assert_eq!(old.status, StatusCode::OK, "the name before opens nothing");
        site.stranger()
            .comes_in("/joining/sign-in", &[("name", "NAN.JAI"), ("password", saan::demo::PASSWORD)]);
        let count = |sql: &str| site.db.read(&Viewer::System("test"), |r| r.one::<i64>(sql, &[])).unwrap();
        assert_eq!(count("SELECT COUNT(*) FROM journal WHERE verb = 'joining.name'"), 1);
        // a phone is a name, too, and takes the place of the one before
        assert_eq!(named("081-234-5678", saan::demo::PASSWORD).status, StatusCode::SEE_OTHER);
        assert_eq!(count("SELECT COUNT(*) FROM account_name WHERE name = 'nan.jai'"), 0);
        site.stranger()
            .comes_in("/joining/sign-in", &[("name", "0812345678"), ("password", saan::demo::PASSWORD)]);
    });
}
