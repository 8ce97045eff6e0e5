use app::giving::Pools;
use axum::http::StatusCode;
use store::{Reading, Viewer};

use crate::site::{Person, on_demo};

pub fn form<'a>(side: &'a str, text: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("once", key),
        ("side", side),
        ("text", text),
        ("asked", "1"),
        ("mode", "either"),
        ("terms", "gift"),
        ("urgency", "whenever"),
        ("ends", "180"),
        ("capacity", "4"),
        ("province", "TH-50"),
        ("do", "post"),
    ]
}

/// Posts and answers the address of the page, without the sentence on top.
pub fn post(person: &Person<'_>, side: &str, text: &str, categories: &[&str]) -> String {
    let key = format!("{:0>12}", text.len() + text.chars().count() * 1000);
    let mut fields = form(side, text, &key);
    fields.extend(categories.iter().map(|code| ("categories", *code)));
    person.done("/giving/new", &fields).split('?').next().unwrap().to_owned()
}

const BARS: &str = "รับติดราวจับในห้องน้ำและซ่อมพื้นลื่นให้ผู้สูงอายุ ไม่คิดค่าแรง";

#[test]
fn s2_an_offer_is_written_in_two_steps_without_scripts_and_posted_once() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let first = member.page("/giving/new?side=offer");
        assert!(first.contains("นึกไม่ออกว่าให้อะไรได้"), "the modest are helped");
        let mut fields = form("offer", BARS, "12345678-offer");
        fields.retain(|(name, _)| *name != "asked");
        let reply = member.post("/giving/new", &fields);
        assert_eq!(reply.status, StatusCode::OK, "the first time categories are offered");
        assert!(
            reply.body.contains("<input type=\"checkbox\" name=\"categories\" value=\"care.home_repair\">"),
            "from the words"
        );
        assert!(reply.body.contains(BARS), "what was typed stays");
        let mut fields = form("offer", BARS, "12345678-offer");
        fields.push(("categories", "care.home_repair"));
        let page = member.done("/giving/new", &fields);
        assert_eq!(member.done("/giving/new", &fields), page, "a second tap posts nothing twice");
        let board = site.sign_in("coordinator").page("/giving?side=offer");
        assert_eq!(board.matches("ติดราวจับ").count(), 1);
        assert!(!member.page("/giving?side=need").contains("ติดราวจับ"));
    });
}

#[test]
fn e5_a_need_shows_the_offers_that_fit_with_the_reason_and_one_tap_tells_the_other() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let offer = post(&member, "offer", BARS, &["care.home_repair"]);
        let need = post(&coordinator, "need", "บ้านยายพื้นห้องน้ำลื่น อยากได้ราวจับ", &["care.home_repair"]);
        let page = coordinator.page(&need);
        assert!(page.contains("น่าจะช่วยกันได้") && page.contains(&offer), "{page}");
        assert!(page.contains("ตรงเรื่อง"), "the reason stands there in words");
        assert!(member.page("/giving").contains("คุณน่าจะช่วยได้"), "the giver sees where help is wanted");

        let words = [("once", "12345678-reply"), ("words", "ว่างวันเสาร์ <b>")];
        member.done(&format!("{need}/reply"), &words);
        assert!(member.page(&need).contains("บอกเจ้าของเรื่องแล้ว"));
        assert!(!member.page("/giving").contains("คุณน่าจะช่วยได้"), "what was answered is not asked again");
        let notices = coordinator.page("/notices");
        assert!(notices.contains("แนน ช่วยได้"), "{notices}");
        let page = coordinator.page(&need);
        assert!(page.contains("ว่างวันเสาร์ &#60;b&#62;"));
        let reply = between(&page, "/giving/replies/", "/answer");
        assert_eq!(
            member.post(&format!("/giving/replies/{reply}/answer"), &[("answer", "yes")]).status,
            StatusCode::NOT_FOUND,
            "nobody agrees with themselves in another's name"
        );
        coordinator.done(&format!("/giving/replies/{reply}/answer"), &[("answer", "yes")]);
        assert!(member.page("/notices").contains("ตกลงแล้ว"));

        let helper = between(&page, "<option value=\"mem_", "\"");
        let helper = format!("mem_{helper}");
        coordinator.done(&format!("{need}/met"), &[("by", helper.as_str()), ("note", "เรียบร้อย")]);
        assert!(coordinator.page(&need).contains("ได้รับการช่วยเหลือแล้ว"));
        assert!(!member.page("/giving?side=need").contains("บ้านยาย"), "what was met leaves the board");
        assert!(member.page("/notices").contains("ขอบคุณ"));
        coordinator.done(&format!("{need}/reopen"), &[("once", "12345678-undo")]);
        assert!(member.page("/giving?side=need").contains("บ้านยาย"), "undo");
    });
}

#[test]
fn an_answer_teaches_the_network_what_fits_and_a_fresh_start_learns_it_again() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        post(&member, "offer", BARS, &["care.home_repair"]);
        let need = post(&coordinator, "need", "บ้านยายพื้นห้องน้ำลื่น อยากได้ราวจับ", &["care.home_repair"]);
        let learned = |pools: &Pools| {
            let read = |r: &Reading<'_>| {
                let network = r.one("SELECT network_id FROM intent ORDER BY id DESC LIMIT 1", &[])?;
                pools.with(r, network, |_| ())?;
                Ok::<_, store::Error>(pools.weights(network))
            };
            site.db.read(&Viewer::System("test"), read).unwrap()
        };
        let pools = Pools::default();
        let before = learned(&pools);
        member.done(&format!("{need}/reply"), &[("words", "")]);
        assert_eq!(learned(&pools), before, "a reply that waits says nothing yet");
        let reply = between(&coordinator.page(&need), "/giving/replies/", "/answer");
        coordinator.done(&format!("/giving/replies/{reply}/answer"), &[("answer", "yes")]);
        let after = learned(&pools);
        assert!(after.is_some() && after != before, "where the program runs");
        assert_eq!(learned(&pools), after, "each answer once");
        assert!(learned(&Pools::default()).is_some(), "from what is stored");
        assert!(coordinator.page(&need).contains("ตรงเรื่อง"), "what fits is shown as before");
    });
}

#[test]
fn a_refused_reply_looks_like_silence() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let need = post(&coordinator, "need", "หาคนช่วยถ่ายรูปงานบุญเดือนหน้า", &["art.media"]);
        member.done(&format!("{need}/reply"), &[("words", "")]);
        let (before, told) = (member.page(&need), member.page("/notices"));
        let reply = between(&coordinator.page(&need), "/giving/replies/", "/answer");
        coordinator.done(&format!("/giving/replies/{reply}/answer"), &[("answer", "no")]);
        assert_eq!(without_keys(&member.page(&need)), without_keys(&before));
        assert_eq!(member.page("/notices"), told);
    });
}

#[test]
fn a_persons_need_about_debt_is_seen_by_a_coordinator_alone_and_found_by_nobody_else() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let supporter = site.sign_in("supporter");
        let text = "เป็นหนี้นอกระบบ ดอกร้อยละยี่สิบ อยากปรึกษาคนที่รู้";
        let need = post(&member, "need", text, &["legal.debt"]);
        assert!(member.page(&need).contains("เห็นเฉพาะเจ้าของเรื่องกับผู้ประสานงาน"));
        assert!(!member.page(&need).contains("line.me"), "it is not offered for passing on");
        assert!(coordinator.page("/giving?side=need").contains("หนี้นอกระบบ"));
        assert_eq!(supporter.get(&need).status, StatusCode::NOT_FOUND);
        assert!(!supporter.page("/giving?side=need").contains("หนี้นอกระบบ"));
        assert!(!supporter.page("/search?q=หนี้นอกระบบ").contains(&need));
        assert!(coordinator.page("/search?q=หนี้นอกระบบ").contains(&need));
        let owner = between(&coordinator.page(&need), "<a href=\"/members/mem_", "\"");
        assert!(!supporter.page(&format!("/members/mem_{owner}")).contains("หนี้นอกระบบ"));

        // the owner may open it to the network
        let mut fields = form("need", text, "12345678-open");
        fields.extend([("version", "1"), ("categories", "legal.debt"), ("visibility", "network")]);
        member.done(&format!("{need}/edit"), &fields);
        assert!(supporter.page("/giving?side=need").contains("หนี้นอกระบบ"));
    });
}

#[test]
fn what_belongs_to_somebody_who_did_not_consent_shows_nowhere_until_they_do() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let form_of =
            [("kind", "person"), ("name", "บัวผัน คำแก้ว"), ("capacity", "4"), ("visibility", "network")];
        let page = coordinator.done("/members/new", &form_of);
        let id = page.trim_start_matches("/members/").to_owned();
        let mut fields = form("offer", "สอนจักสานไม้ไผ่ที่บ้าน", "12345678-for");
        fields.push(("for", &id));
        assert_eq!(member.post("/giving/new", &fields).status, StatusCode::FORBIDDEN);
        let offer = coordinator.done("/giving/new", &fields).split('?').next().unwrap().to_owned();
        let seen = |person: &Person<'_>| {
            let found =
                person.page("/api/v1/search?q=%E0%B8%88%E0%B8%B1%E0%B8%81%E0%B8%AA%E0%B8%B2%E0%B8%99");
            let found: serde_json::Value = serde_json::from_str(&found).unwrap();
            let listed = person.page("/giving?side=offer").contains("จักสาน");
            let opened = person.get(&offer).status == StatusCode::OK;
            (found["count"].as_u64(), listed, opened)
        };
        assert_eq!(seen(&coordinator), (Some(1), true, true));
        assert_eq!(seen(&member), (Some(0), false, false));
        let actor: store::ids::ActorId = id.parse().unwrap();
        let say = |consent| {
            let acting = store::Acting::system("test");
            let done = site.db.write(&acting, |w| {
                app::members::record_consent(w, actor, consent, "test", "")?;
                w.finished(())
            });
            done.map_err(|error: store::Error| error).unwrap();
        };
        say(network::vocabulary::Consent::Given);
        assert_eq!(seen(&member), (Some(1), true, true));
        say(network::vocabulary::Consent::Withdrawn);
        assert_eq!(seen(&member), (Some(0), false, false));
    });
}

#[test]
fn what_concerns_children_is_never_proposed_by_itself() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let offer = post(&member, "offer", "รับดูแลเด็กเล็กช่วงกลางวัน", &["care.childcare"]);
        let mut fields = form("need", "หาคนดูแลเด็กเล็กช่วงกลางวัน", "12345678-child");
        fields.extend([("categories", "care.childcare"), ("visibility", "network")]);
        let need = coordinator.done("/giving/new", &fields).split('?').next().unwrap().to_owned();
        assert!(!coordinator.page(&need).contains(&offer));
        assert!(!member.page("/giving").contains("คุณน่าจะช่วยได้"));
    });
}

#[test]
fn what_is_too_far_stands_apart() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let mut fields = form("offer", "ให้ยืมเครื่องสีข้าวกลุ่ม", "12345678-far");
        fields.retain(|(name, _)| *name != "province" && *name != "mode");
        fields.extend([("province", "TH-90"), ("mode", "onsite"), ("categories", "farm.machinery")]);
        member.done("/giving/new", &fields);
        let mut fields = form("need", "อยากยืมเครื่องสีข้าวหลังเกี่ยว", "12345678-near");
        fields.retain(|(name, _)| *name != "mode");
        fields.extend([("mode", "onsite"), ("categories", "farm.machinery")]);
        let need = coordinator.done("/giving/new", &fields);
        let page = coordinator.page(&need);
        assert!(page.contains("ตรงเรื่อง แต่อยู่ไกลเกินไป"), "{page}");
        assert!(!page.contains("น่าจะช่วยกันได้"));
    });
}

#[test]
fn the_board_is_filtered_exactly_and_pages_by_cursor() {
    on_demo(|site| {
        let member = site.sign_in("member");
        for n in 0..23 {
            post(&member, "offer", &format!("ให้เมล็ดพันธุ์ผักรุ่นที่ {n:02}{}", "ก".repeat(n)), &["farm.seed"]);
        }
        post(&member, "offer", "สอนการบ้านวันเสาร์", &["edu.tutoring"]);
        let page = member.page("/giving?side=offer&category=farm.seed");
        assert!(!page.contains("สอนการบ้าน") && page.contains("รุ่นที่ 22") && !page.contains("รุ่นที่ 02"));
        let next = between(&page, "rel=\"next\" href=\"", "\"").replace("&#38;", "&").replace("&amp;", "&");
        let page = member.page(&next);
        assert!(page.contains("รุ่นที่ 02") && !page.contains("รุ่นที่ 22") && !page.contains("rel=\"next\""));
        let elsewhere = member.page("/giving?side=offer&province=TH-90");
        assert!(elsewhere.contains("สอนการบ้าน"), "what can be done online reaches every province");
    });
}

#[test]
fn a_form_with_mistakes_names_the_fields_and_keeps_what_was_typed() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let mut fields = form("offer", "ช่วยขนของ", "12345678-bad");
        fields.retain(|(name, _)| *name != "capacity");
        fields.extend([("capacity", "หลาย"), ("from", "วันไหนก็ได้"), ("until", "2020-01-01")]);
        let reply = member.post("/giving/new", &fields);
        assert_eq!(reply.status, StatusCode::OK);
        for field in ["capacity", "from", "until"] {
            assert!(reply.body.contains(&format!("id=\"{field}-problem\"")), "{field}");
        }
        assert!(reply.body.contains("ช่วยขนของ"));
        let empty = member.post("/giving/new", &form("offer", "  ", "12345678-none"));
        assert!(empty.body.contains("id=\"text-problem\""));
    });
}

#[test]
fn only_the_owner_changes_renews_and_withdraws_and_unknown_ones_are_not_found() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let offer = post(&member, "offer", "ให้ยืมเต็นท์งานบุญ", &["log.equipment"]);
        for act in ["withdraw", "renew", "met", "reopen"] {
            assert_eq!(
                coordinator.post(&format!("{offer}/{act}"), &[]).status,
                StatusCode::NOT_FOUND,
                "{act}"
            );
        }
        assert_eq!(coordinator.get(&format!("{offer}/edit")).status, StatusCode::NOT_FOUND);
        assert_eq!(
            member.post(&format!("{offer}/reply"), &[]).status,
            StatusCode::NOT_FOUND,
            "not to oneself"
        );
        for path in ["/giving/int_0000000000004", "/giving/mem_0000000000004", "/giving/x"] {
            assert_eq!(member.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        member.done(&format!("{offer}/withdraw"), &[("once", "12345678-away")]);
        assert!(!coordinator.page("/giving?side=offer").contains("เต็นท์งานบุญ"));
        assert!(!coordinator.page("/search?q=เต็นท์").contains("งานบุญ"));
        assert!(site.stranger().get(&offer).location.unwrap().starts_with("/joining/sign-in"));
    });
}

#[test]
fn what_is_over_leaves_the_board_after_its_author_was_asked_twice() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let offer = post(&member, "offer", "ให้ยืมเครื่องเสียง", &["log.equipment"]);
        let day = store::Micros::DAY;
        site.fresh.clock.advance(174 * day);
        for _ in 0..2 {
            assert_eq!(app::giving::expire(&site.db).unwrap(), 0);
        }
        let member = site.sign_in("member");
        assert_eq!(member.page("/notices").matches("ใกล้หมดเวลา").count(), 1, "asked once at seven days");
        site.fresh.clock.advance(5 * day + day / 2);
        app::giving::expire(&site.db).unwrap();
        assert_eq!(member.page("/notices").matches("ใกล้หมดเวลา").count(), 2, "and once at one day");
        member.done(&format!("{offer}/renew"), &[("once", "12345678-more")]);
        site.fresh.clock.advance(day);
        assert_eq!(app::giving::expire(&site.db).unwrap(), 0, "it was renewed");
        site.fresh.clock.advance(200 * day);
        assert_eq!(app::giving::expire(&site.db).unwrap(), 1);
        let member = site.sign_in("member");
        assert!(!member.page("/giving?side=offer").contains("เครื่องเสียง"));
        assert!(member.page(&offer).contains("หมดเวลาแล้ว"), "its author still finds it");
    });
}

#[test]
fn two_processes_on_one_store_propose_the_same() {
    on_demo(|site| {
        let other = site.beside();
        let (member, coordinator) = (site.sign_in("member"), other.sign_in("coordinator"));
        let need = post(&coordinator, "need", "หาคนสอนบัญชีกลุ่มออมทรัพย์", &["legal.accounting"]);
        assert!(!coordinator.page(&need).contains("น่าจะช่วยกันได้"));
        let offer = post(&member, "offer", "สอนทำบัญชีรายรับรายจ่ายให้กลุ่ม", &["legal.accounting"]);
        assert!(coordinator.page(&need).contains(&offer), "written by the one, proposed by the other");
        assert!(coordinator.page("/search?q=สอนทำบัญชี").contains(&offer));
        member.done(&format!("{offer}/withdraw"), &[("once", "12345678-away")]);
        assert!(!coordinator.page(&need).contains(&offer));
        assert!(!coordinator.page("/search?q=สอนทำบัญชี").contains(&offer));
    });
}

#[test]
fn the_api_posts_lists_and_explains() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let body = serde_json::json!({ "side": "offer", "text": BARS, "categories": ["care.home_repair"] });
        let (status, offer) = member.post_json("/api/v1/giving", &body);
        assert_eq!(status, StatusCode::CREATED, "{offer}");
        let need = post(&coordinator, "need", "พื้นห้องน้ำลื่น อยากได้ราวจับ", &["care.home_repair"]);
        let id = need.trim_start_matches("/giving/");
        let fits: serde_json::Value =
            serde_json::from_str(&coordinator.page(&format!("/api/v1/giving/{id}/fits"))).unwrap();
        assert_eq!(fits["fits"][0]["intent"]["id"], offer["id"]);
        assert!(!fits["fits"][0]["why"].as_array().unwrap().is_empty());
        let (status, _) = member.post_json(&format!("/api/v1/giving/{id}/replies"), &serde_json::json!({}));
        assert_eq!(status, StatusCode::NO_CONTENT);
        let list: serde_json::Value =
            serde_json::from_str(&member.page("/api/v1/giving?side=offer&category=care.home_repair"))
                .unwrap();
        assert_eq!(list["intents"].as_array().unwrap().len(), 1);
        let (status, problem) =
            member.post_json("/api/v1/giving", &serde_json::json!({ "side": "both", "text": "x" }));
        assert_eq!((status, problem["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("side")));
        assert_eq!(site.stranger().get("/api/v1/giving").status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn both_languages() {
    on_demo(|site| {
        let mut member = site.sign_in("member");
        let offer = post(&member, "offer", BARS, &["care.home_repair"]);
        member.lang = "en";
        for (path, word) in [
            ("/giving", "Needed"),
            ("/giving/new?side=need", "Ask for help"),
            (offer.as_str(), "Home repair for the vulnerable"),
            ("/notices", "Nothing new yet"),
        ] {
            assert!(member.page(path).contains(word), "{path}");
        }
    });
}

fn between(text: &str, before: &str, after: &str) -> String {
    let from = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    let rest = &text[from..];
    rest[..rest.find(after).unwrap()].to_owned()
}

/// A page without the keys of its forms and the sentence on top.
fn without_keys(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find("name=\"once\" value=\"") {
        let (before, from) = rest.split_at(at + 19);
        out.push_str(before);
        rest = &from[from.find('"').unwrap()..];
    }
    out + rest
}

fn row<T: store::FromRow>(site: &crate::site::Site, sql: &str) -> T {
    site.db.read::<T, store::Error>(&store::Viewer::System("test"), |r| r.one(sql, &[])).unwrap()
}

#[test]
fn a_personal_need_is_seen_by_the_one_coordinator_who_was_chosen() {
    on_demo(|site| {
        let (coordinator, other) = (site.sign_in("coordinator"), site.sign_in("supporter"));
        let (first, second) = (crate::joining::own_id(&coordinator), crate::joining::own_id(&other));
        let role = |who: &str, role: &str| {
            coordinator.done(&format!("/administration/members/{who}/role"), &[("role", role)]);
        };
        role(&second, "coordinator");
        let member = site.sign_in("member");
        let text = "ป่วยซึมเศร้า อยากคุยกับใครสักคน";
        let need = post(&member, "need", text, &["health.mental"]);
        assert_eq!(coordinator.get(&need).status, StatusCode::OK, "the longest of them, unless chosen");
        assert_eq!(other.get(&need).status, StatusCode::NOT_FOUND, "and not every coordinator");
        assert!(!other.page("/giving?side=need").contains("ซึมเศร้า"));
        assert!(!other.get("/transfer/export/json").body.contains("ซึมเศร้า"));

        // the member chooses the other
        let edit = member.page(&format!("{need}/edit"));
        assert!(edit.contains("name=\"confidant\"") && edit.contains(&second), "{edit}");
        let mut fields = form("need", text, "12345678-chos");
        fields.extend([("version", "1"), ("categories", "health.mental"), ("confidant", second.as_str())]);
        member.done(&format!("{need}/edit"), &fields);
        assert_eq!(coordinator.get(&need).status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&need).status, StatusCode::OK);
        assert!(!coordinator.page("/search?q=ซึมเศร้า").contains(&need), "the search index follows");

        // who is no coordinator any more is not the one either
        role(&second, "member");
        assert_eq!(other.get(&need).status, StatusCode::NOT_FOUND);
        assert_eq!(coordinator.get(&need).status, StatusCode::OK, "it goes to the next who is");
        let _ = first;
    });
}

#[test]
fn whoever_writes_for_somebody_else_stands_in_the_journal_beside_them_with_the_consent() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let at = coordinator.done(
            "/members/new",
            &[
                ("once", "new-for-00001"),
                ("kind", "person"),
                ("name", "ยายคำ ไม่มีเน็ต"),
                ("nickname", "ยายคำ"),
                ("visibility", "network"),
                ("suggest", "1"),
                ("capacity", "4"),
                ("consent", "1"),
                ("manner", "told_coordinator"),
            ],
        );
        let id = at.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let mut fields = form("need", "อยากได้คนช่วยตัดหญ้า", "for-grandma-1");
        fields.push(("for", id.as_str()));
        let need = coordinator.done("/giving/new", &fields).split('?').next().unwrap().to_owned();
        let mut change = form("need", "อยากได้คนช่วยตัดหญ้าหน้าบ้าน", "for-grandma-2");
        change.push(("version", "1"));
        coordinator.done(&format!("{need}/edit"), &change);
        let helper = site.sign_in("member");
        helper.done(&format!("{need}/reply"), &[("once", "help-grandma"), ("words", "ไปได้")]);
        let reply = between(&coordinator.page(&need), "/giving/replies/", "/");
        coordinator.done(
            &format!("/giving/replies/{reply}/answer"),
            &[("once", "for-grandma-3"), ("answer", "yes")],
        );
        for (n, action) in ["renew", "withdraw", "reopen", "met"].iter().enumerate() {
            let once = format!("for-grandma-a{n}");
            coordinator.done(&format!("{need}/{action}"), &[("once", once.as_str())]);
        }
        for verb in [
            "members.enter",
            "members.consent",
            "giving.post",
            "giving.change",
            "giving.answer",
            "giving.renew",
            "giving.withdraw",
            "giving.reopen",
            "giving.met",
        ] {
            let sql = format!(
                "SELECT COUNT(*) FROM journal j JOIN actor a ON a.id = j.on_behalf_of JOIN actor b ON b.id = j.actor_id \
                 WHERE j.verb = '{verb}' AND a.nickname = 'ยายคำ' AND b.nickname = 'พี่ดา'"
            );
            assert!(row::<i64>(site, &sql) >= 1, "{verb} says who acted and for whom");
        }
        let without = "SELECT COUNT(*) FROM journal j JOIN actor a ON a.id = j.on_behalf_of \
                       WHERE a.nickname = 'ยายคำ' AND j.verb LIKE 'giving.%' AND j.consent_id IS NULL";
        assert_eq!(row::<i64>(site, without), 0, "each with the consent on record");
        let own = "SELECT COUNT(*) FROM journal WHERE verb = 'giving.reply' AND on_behalf_of IS NOT NULL";
        assert_eq!(row::<i64>(site, own), 0, "what one does oneself is on nobody's behalf");
        let mine = coordinator.get("/transfer/mine/json").body;
        assert!(mine.contains("\"for\": \"ยายคำ\""), "and it shows in the journal");
    });
}
