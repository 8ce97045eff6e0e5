//! An introduction from beginning to end, and what may come between: two at once, somebody who leaves, a member merged
//! with another, a clock set back.

use app::introductions;
use axum::http::StatusCode;
use serde_json::Value;
use store::Micros;

use crate::joining::own_id;
use crate::races::{at_once, count, sound};
use crate::silence::bind;
use crate::site::{Person, Site, on_demo};

/// The coordinator and the member, both tied to the supporter who introduces them.
struct Three<'a> {
    a: Person<'a>,
    b: Person<'a>,
    between: Person<'a>,
    ids: [String; 3],
}

fn three(site: &Site) -> Three<'_> {
    let (a, b, between) = (site.sign_in("coordinator"), site.sign_in("member"), site.sign_in("supporter"));
    let ids = [own_id(&a), own_id(&b), own_id(&between)];
    bind(site, &ids[2], &ids[0]);
    bind(site, &ids[2], &ids[1]);
    Three { a, b, between, ids }
}

impl Three<'_> {
    fn offer<'f>(&'f self, once: &'f str) -> Vec<(&'f str, &'f str)> {
        vec![
            ("once", once),
            ("a", &self.ids[0]),
            ("b", &self.ids[1]),
            ("purpose", "knowledge"),
            ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
            ("words", "รู้จักทั้งสองคนมานาน"),
        ]
    }
    fn ask<'f>(&'f self, once: &'f str, via: &'f str) -> Vec<(&'f str, &'f str)> {
        vec![
            ("once", once),
            ("to", &self.ids[1]),
            ("via", via),
            ("purpose", "skill"),
            ("reason", "อยากเรียนทำแผล"),
            ("gains", "ได้คนช่วยเยี่ยมบ้าน"),
            ("note", "ขอเวลาครึ่งชั่วโมง"),
        ]
    }
}

fn ties(site: &Site) -> i64 {
    count(site, "SELECT COUNT(*) FROM tie WHERE origin = 'introduction' AND state = 'confirmed'")
}

#[test]
fn somebody_asks_to_be_introduced_and_all_three_see_what_came_of_it() {
    on_demo(|site| {
        let Three { a, b, between, ids } = &three(site);
        let all = three_again(ids, a, b, between);
        let at = a.done("/introductions/new", &all.ask("ask-once-0001", &ids[2]));
        assert_eq!(a.done("/introductions/new", &all.ask("ask-once-0001", &ids[2])), at, "a second tap");
        assert!(a.page(&at).contains("รอคนกลางส่งต่อ"));
        assert_eq!(b.get(&at).status, StatusCode::NOT_FOUND, "the other side knows nothing of it yet");
        assert!(!b.page("/today").contains("พี่ดา") && !b.page("/notices").contains("พี่ดา"));
        assert!(between.page("/today").contains("พี่ดา ขอให้แนะนำให้รู้จัก แนน"));
        assert!(between.page(&at).contains("ขอเวลาครึ่งชั่วโมง"), "the note can be read before it is passed on");

        between.done(&format!("{at}/pass-on"), &[("answer", "yes"), ("words", "คุยกันน่าจะถูกคอ")]);
        let page = b.page(&at);
        for words in ["ขอเวลาครึ่งชั่วโมง", "คุยกันน่าจะถูกคอ", "อยากเรียนทำแผล", "ได้คนช่วยเยี่ยมบ้าน", "อยากรู้จัก พี่ดา ไหม"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(b.page("/today").contains("อยากรู้จัก พี่ดา ไหม"));
        assert!(!page.contains("ข้อความแรก"));
        b.done(&format!("{at}/answer"), &[("answer", "yes")]);
        for (person, other) in [(a, "แนน"), (b, "พี่ดา")] {
            let page = person.page(&at);
            assert!(page.contains("ข้อความแรก") && page.contains(&format!("สวัสดี{other}")), "{page}");
            assert!(page.contains("/ties/tie_") && page.contains("อาจารย์วิทย์แนะนำให้เรารู้จักกัน"));
            assert!(!page.contains("คุ้มที่ได้รู้จักไหม"), "not on the first day");
        }
        // what is to be known of the other stands before the first word
        let hours = "UPDATE actor SET contact_hours = 'หลังหกโมงเย็น', context_avoid = 'อย่าถามเรื่องหนี้', languages = 'nod' \
                     WHERE id = $1";
        let nan: store::ids::ActorId = ids[1].parse().unwrap();
        site.db
            .bookkeeping::<_, store::Error>("test", |w| w.execute(hours, store::params![nan]).map(|_| ()))
            .unwrap();
        let proposal = between.page(&format!("/ties/new?with={}", ids[1]));
        for (page, first) in [(a.page(&at), "ข้อความแรก"), (proposal, "name=\"offers\"")]
        {
            let before = page.split(first).next().unwrap();
            for words in ["ก่อนติดต่อแนน", "คำเมือง", "หลังหกโมงเย็น", "อย่าถามเรื่องหนี้"]
            {
                assert!(before.contains(words), "{words}: {page}");
            }
        }
        assert_eq!(ties(site), 1);
        assert!(between.page("/notices").contains("รู้จักกันแล้ว"));
        let room = at.replace("/introductions/", "/words/introduction/");
        assert!([a, b, between].iter().all(|one| one.get(&room).status == StatusCode::OK));

        site.fresh.clock.advance(11 * Micros::DAY);
        introductions::lapse(&site.db).unwrap();
        introductions::lapse(&site.db).unwrap();
        let (a, b, between) =
            (site.sign_in("coordinator"), site.sign_in("member"), site.sign_in("supporter"));
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_worth'"),
            2,
            "told once each"
        );
        assert!(b.page("/today").contains("ได้รู้จัก พี่ดา แล้ว คุ้มไหม"));
        let missing = b.post(&format!("{at}/worth"), &[("thanks", "ขอบคุณมาก")]);
        assert!(
            missing.body.contains("เลือกหนึ่งคำตอบ") && missing.body.contains("ขอบคุณมาก"),
            "{}",
            missing.body
        );
        let said = |shared: &'static str| {
            [("worth", "yes"), ("outcome", "learning"), ("thanks", "ขอบคุณมาก"), ("shared", shared)]
        };
        b.done(&format!("{at}/worth"), &said("1"));
        b.done(&format!("{at}/worth"), &said("1"));
        assert!(!b.page("/today").contains("คุ้มไหม"));
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_thanks'"), 1);
        let page = between.page(&at);
        assert!(page.contains("ขอบคุณมาก") && !page.contains("ได้เรียนรู้"), "one alone allows nothing: {page}");
        a.done(&format!("{at}/worth"), &[("worth", "yes"), ("outcome", "help"), ("shared", "1")]);
        let page = between.page(&at);
        assert!(page.contains("ได้เรียนรู้") && page.contains("ได้ช่วยกัน"), "{page}");
        a.done(&format!("{at}/worth"), &[("worth", "yes"), ("outcome", "help")]);
        assert!(!between.page(&at).contains("ได้เรียนรู้"), "and it can be taken back");
        sound(site);
    });
}

fn three_again<'a>(ids: &[String; 3], a: &Person<'a>, b: &Person<'a>, between: &Person<'a>) -> Three<'a> {
    let again = |person: &Person<'a>| person.site.with_cookie(person.cookie.clone());
    Three { a: again(a), b: again(b), between: again(between), ids: ids.clone() }
}

#[test]
fn nobody_is_asked_beyond_what_they_take_on() {
    on_demo(|site| {
        let all = three(site);
        all.between.done("/introductions/limits", &[("at_once", "2"), ("a_week", "3"), ("to_make", "0")]);
        let full = all.a.post("/introductions/new", &all.ask("full-0000001", &all.ids[2]));
        assert!(full.body.contains("รับแนะนำเต็มแล้ว") && full.body.contains("ขอเวลาครึ่งชั่วโมง"), "{}", full.body);
        all.b.done("/introductions/limits", &[("at_once", "0"), ("a_week", "3"), ("to_make", "3")]);
        let full = all.between.post("/introductions/offer", &all.offer("full-0000002"));
        assert!(full.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "{}", full.body);
        all.b.done("/introductions/limits", &[("at_once", "99"), ("a_week", "3"), ("to_make", "3")]);
        let kept: Value = serde_json::from_str(&all.b.page("/api/v1/introductions/limits")).unwrap();
        assert_eq!(kept["at_once"], 20, "no more than can be chosen");
        // whoever knows both has enough: it goes to the coordinators, and not in the name of anybody
        let at = all.a.done("/introductions/new", &all.ask("full-0000003", ""));
        assert!(!all.a.page(&at).contains("อาจารย์วิทย์"));
        assert_eq!(all.between.get(&at).status, StatusCode::NOT_FOUND);
        let again = all.a.post("/introductions/new", &all.ask("full-0000004", ""));
        assert!(again.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "the pair rests from the day it began");
    });
}

#[test]
fn a_pair_without_a_purpose_is_never_proposed() {
    on_demo(|site| {
        let all = three(site);
        let proposed = |who: &Person<'_>| -> (usize, usize) {
            let found: Value = serde_json::from_str(&who.page("/api/v1/introductions/proposals")).unwrap();
            assert_eq!(found["under_way"], false);
            let count = |list: &str| found[list].as_array().unwrap().len();
            (count("needed"), count("anyway"))
        };
        // two who have a contact in common, and nothing to do with each other
        assert_eq!((proposed(&all.a), proposed(&all.between)), ((0, 0), (0, 0)));
        let said = |who: &Person<'_>, side: &str, text: &str, once: &str| {
            let mut form = crate::giving::form(side, text, once);
            form.push(("categories", "log.transport"));
            who.done("/giving/new", &form);
        };
        said(&all.a, "offer", "มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้", "purpose-001");
        said(&all.b, "need", "อยากได้รถรับส่งไปโรงพยาบาลหาหมอ", "purpose-002");
        let (needed, anyway) = proposed(&all.a);
        assert_eq!(needed + anyway, 1, "on one of the two lists");
        assert_eq!(proposed(&all.between), (needed, anyway), "who knows both may introduce them");
        let page = all.between.page("/introductions");
        assert!(page.contains("แนะนำสองคนนี้") && page.contains("มีคนรู้จักร่วมกัน 1 คน"), "{page}");
        let own = all.b.page("/introductions");
        assert!(own.contains("คุณกับ พี่ดา") && own.contains("ขอให้แนะนำ"), "{own}");
        // asked once, they are not proposed again
        all.between.done("/introductions/offer", &all.offer("purpose-003"));
        assert_eq!((proposed(&all.a), proposed(&all.b)), ((0, 0), (0, 0)));
    });
}

#[test]
fn two_who_answer_at_once_are_tied_once_and_a_second_tap_changes_nothing() {
    on_demo(|site| {
        let all = three(site);
        let at = all.between.done("/introductions/offer", &all.offer("at-once-0001"));
        assert_eq!(all.between.done("/introductions/offer", &all.offer("at-once-0001")), at);
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction"), 1);
        let (a, b) = (all.a.cookie.clone(), all.b.cookie.clone());
        let yes = |site: &Site, cookie: &Option<String>| {
            site.with_cookie(cookie.clone()).post(&format!("{at}/answer"), &[("answer", "yes")])
        };
        let said = at_once(site, |site| yes(site, &a), |site| yes(site, &b));
        assert!(said.iter().all(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
        assert_eq!(ties(site), 1);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_met'"), 2);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_made'"), 1);
        yes(site, &a);
        all.b.done(&format!("{at}/answer"), &[("answer", "no")]);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_met'"), 2);
        assert!(all.a.page(&at).contains("รู้จักกันแล้ว"), "what both agreed to stands");
        sound(site);
    });
}

#[test]
fn a_yes_can_be_taken_back_before_the_other_said_theirs_and_nobody_sees_it() {
    on_demo(|site| {
        let all = three(site);
        let at = all.between.done("/introductions/offer", &all.offer("take-back-001"));
        all.a.done(&format!("{at}/answer"), &[("answer", "yes")]);
        let before = all.b.page(&at);
        all.a.done(&format!("{at}/answer"), &[("answer", "no")]);
        let keyless = |page: &str| page.split("name=\"once\"").next().unwrap().to_owned();
        assert_eq!(keyless(&all.b.page(&at)), keyless(&before));
        all.b.done(&format!("{at}/answer"), &[("answer", "yes")]);
        assert_eq!(ties(site), 0);
        assert!(all.b.page(&at).contains("กำลังถาม"));
    });
}

#[test]
fn who_introduces_may_leave_midway() {
    on_demo(|site| {
        let all = three(site);
        let at = all.between.done("/introductions/offer", &all.offer("leaves-00001"));
        all.a.done(&format!("{at}/answer"), &[("answer", "yes")]);
        let gone = all.between.post("/joining/erase", &[("password", saan::demo::PASSWORD), ("sure", "1")]);
        assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
        all.b.done(&format!("{at}/answer"), &[("answer", "yes")]);
        assert_eq!(ties(site), 1, "nothing of the two is lost");
        let page = all.b.page(&at);
        assert!(page.contains("รู้จักกันแล้ว") && !page.contains("รู้จักทั้งสองคนมานาน"), "but their words are gone");
        assert!(!page.contains("อาจารย์วิทย์"), "{page}");
        all.b.done(&format!("{at}/worth"), &[("worth", "yes"), ("thanks", "ขอบคุณ"), ("shared", "1")]);
    });
}

#[test]
fn who_is_erased_or_blocks_the_other_is_never_tied() {
    for erased in [true, false] {
        on_demo(|site| {
            let all = three(site);
            let at = all.between.done("/introductions/offer", &all.offer("erased-00001"));
            all.b.done(&format!("{at}/answer"), &[("answer", "yes")]);
            if erased {
                let gone = all.b.post("/joining/erase", &[("password", saan::demo::PASSWORD), ("sure", "1")]);
                assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
                assert!(!all.a.page("/today").contains(&format!("{at}/answer")), "nobody is left to meet");
            } else {
                all.b.done(&format!("/joining/block/{}", all.ids[0]), &[]);
            }
            all.a.done(&format!("{at}/answer"), &[("answer", "yes")]);
            assert_eq!(ties(site), 0);
            assert!(all.a.page(&at).contains("กำลังถาม"), "and it lapses as any other");
        });
    }
}

#[test]
fn a_merged_duplicate_keeps_its_introduction_and_gives_it_back_when_parted() {
    on_demo(|site| {
        let all = three(site);
        let heading = "ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม";
        for (name, phone) in [("list.csv", "081-234-5679"), ("twin.csv", "")] {
            let sheet = format!("{heading}\nคำปัน มีรถ,ลุงปัน,,,เชียงใหม่,สันทราย,,{phone},,,ยินยอม\n");
            let import = all.a.upload("/transfer", name, sheet.as_bytes()).location.unwrap();
            all.a.done(&import, &[("do", "write")]);
        }
        let list: Value = serde_json::from_str(&all.a.page("/api/v1/members?kind=person")).unwrap();
        let twins: Vec<&str> = list["members"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["name"] == "คำปัน มีรถ")
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        assert_eq!(twins.len(), 2, "{list}");
        let pair = all.a.page("/transfer/duplicates");
        let pair = pair
            .split("action=\"/transfer/duplicates/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let mut asked = Vec::new();
        for (at, twin) in twins.iter().enumerate() {
            let fields = [
                ("once", if at == 0 { "merged-000001" } else { "merged-000002" }),
                ("a", twin),
                ("b", if at == 0 { all.ids[1].as_str() } else { all.ids[2].as_str() }),
                ("purpose", "material"),
                ("reason", "มีรถรับส่ง"),
            ];
            let to = all.a.done("/introductions/offer", &fields);
            all.a.done(&format!("{to}/recorded/{twin}"), &[("answer", "yes")]);
            asked.push(to);
        }
        all.a.done(&format!("/transfer/duplicates/{pair}"), &[("same", "yes")]);
        let merged =
            "SELECT COUNT(*) FROM introduction i JOIN actor a ON a.id = i.a_id WHERE a.gone_at IS NOT NULL";
        assert_eq!(count(site, merged), 0, "both are the kept one's");
        all.b.done(&format!("{}/answer", asked[0]), &[("answer", "yes")]);
        all.between.done(&format!("{}/answer", asked[1]), &[("answer", "yes")]);
        assert_eq!(ties(site), 2, "with the answers that were given before");
        let gone = "SELECT COUNT(*) FROM tie t JOIN actor a ON a.id = t.subject_id WHERE t.origin = 'introduction' \
                    AND a.gone_at IS NOT NULL";
        assert_eq!(count(site, gone), 0);
        sound(site);
        let page = all.a.page("/transfer/duplicates");
        let undo = page.split("action=\"/transfer/merges/").nth(1).unwrap().split('"').next().unwrap();
        all.a.done(&format!("/transfer/merges/{undo}"), &[]);
        assert_eq!(count(site, "SELECT COUNT(DISTINCT a_id) FROM introduction"), 2, "each has its own again");
        assert_eq!(
            count(
                site,
                "SELECT COUNT(*) FROM introduction i JOIN introduction_answer n ON n.introduction_id = i.id AND n.actor_id = i.a_id"
            ),
            2
        );
    });
}

#[test]
fn a_clock_set_back_opens_nothing_again() {
    on_demo(|site| {
        let all = three(site);
        let at = all.between.done("/introductions/offer", &all.offer("clock-000001"));
        all.a.done(&format!("{at}/answer"), &[("answer", "yes")]);
        site.fresh.clock.advance(15 * Micros::DAY);
        introductions::lapse(&site.db).unwrap();
        site.fresh.clock.advance(-3 * Micros::DAY);
        introductions::lapse(&site.db).unwrap();
        let b = site.sign_in("member");
        b.done(&format!("{at}/answer"), &[("answer", "yes")]);
        assert_eq!(ties(site), 0, "what was over stays over");
        assert!(b.page(&at).contains("จบแล้ว"));
        site.fresh.clock.advance(-14 * Micros::DAY);
        let between = site.sign_in("supporter");
        let again = between.post("/introductions/offer", &all.offer("clock-000002"));
        assert!(again.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "the pair rests: {}", again.body);
        // what was written before the clock was set back is dated in the future until then
        site.fresh.clock.advance(30 * Micros::DAY);
        sound(site);
    });
}

#[test]
fn programs_page_ask_answer_and_record() {
    on_demo(|site| {
        let all = three(site);
        let json = |who: &Person<'_>, path: &str| -> Value { serde_json::from_str(&who.page(path)).unwrap() };
        let ask = serde_json::json!({"other": all.ids[1], "via": all.ids[2], "purpose": "skill",
            "reason": "อยากเรียนทำแผล", "note": "ขอเวลาครึ่งชั่วโมง"});
        for (field, value) in [("purpose", "gold"), ("reason", ""), ("note", ""), ("other", "mem_x")] {
            let mut wrong = ask.clone();
            wrong[field] = value.into();
            let (status, problem) = all.a.post_json("/api/v1/introductions", &wrong);
            assert!(status.is_client_error() && problem["field"] == field, "{field}: {status} {problem}");
        }
        let (status, made) = all.a.post_json("/api/v1/introductions", &ask);
        assert_eq!((status, &made["stage"]), (StatusCode::CREATED, &"drafted".into()), "{made}");
        assert!(made["introducer"].is_null(), "who knows whom is told when it was passed on");
        let path = format!("/api/v1/introductions/{}", made["id"].as_str().unwrap());
        assert_eq!(all.b.get(&path).status, StatusCode::NOT_FOUND);
        let waits = json(&all.between, "/api/v1/introductions?side=to_pass_on");
        assert_eq!(waits["introductions"][0]["note"], "ขอเวลาครึ่งชั่วโมง");
        let pass = format!("{path}/pass-on");
        assert_eq!(all.a.post_json(&pass, &serde_json::json!({"yes": true})).0, StatusCode::NOT_FOUND);
        assert_eq!(all.between.post_json(&pass, &serde_json::json!({"yes": true})).0, StatusCode::NO_CONTENT);
        assert_eq!(json(&all.b, "/api/v1/introductions")["introductions"][0]["other"], all.ids[0]);
        let answer = format!("{path}/answer");
        assert_eq!(all.b.post_json(&answer, &serde_json::json!({"yes": true})).0, StatusCode::NO_CONTENT);
        let after = json(&all.b, &path);
        assert_eq!((&after["stage"], &after["answer"]), (&"connected".into(), &"yes".into()));
        assert!(after["tie"].as_str().unwrap().starts_with("tie_"));
        let worth = serde_json::json!({"worth": "yes", "outcome": "learning", "shared": true});
        assert_eq!(all.b.post_json(&format!("{path}/worth"), &worth).0, StatusCode::NO_CONTENT);
        assert_eq!(all.between.post_json(&format!("{path}/worth"), &worth).0, StatusCode::NOT_FOUND);
        let mine = json(&all.a, "/api/v1/introductions?side=mine");
        assert_eq!(mine["introductions"].as_array().unwrap().len(), 1);
        assert!(mine["next"].is_null());
        let network = all.between.get("/api/v1/introductions?side=network");
        assert_eq!(network.status, StatusCode::FORBIDDEN);
        let recorded = format!("{path}/recorded/{}", all.ids[1]);
        assert_eq!(
            all.a.post_json(&recorded, &serde_json::json!({"yes": true})).0,
            StatusCode::NOT_FOUND,
            "only for those who cannot answer themselves"
        );
    });
}
