//! Proposals and what becomes of them: a coordinator asks both and records what they say; which pairs are proposed (who
//! answers, who has room, not the same over and over, a tenth held out, few without anybody in between); who calls.

use app::introductions::{self, Pairs};
use axum::http::StatusCode;
use network::introduction::choice::{DAYS_HELD_OUT, held_out};
use network::vocabulary::{ActorKind, Consent, MembershipState, Role};
use serde_json::Value;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Error, Micros, params};

use crate::joining::own_id;
use crate::races::count;
use crate::silence::bind;
use crate::site::{Person, Site, on_demo};

const SHEET: &str = "ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
    คำปัน มีรถ,ลุงปัน,,,เชียงใหม่,,,081-111-1111,มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้,,ยินยอม\n\
    บัวคำ เดินลำบาก,ยายบัว,,,เชียงใหม่,,,082-222-2222,,อยากได้รถรับส่งไปโรงพยาบาลหาหมอ,ยินยอม\n\
    ลับ ไม่ยอมบอก,ลับ,,,เชียงใหม่,,,083-333-3333,,อยากได้รถรับส่งไปโรงพยาบาลหาหมอ,\n";

fn with_a_pair(site: &Site) -> Person<'_> {
    let coordinator = site.sign_in("coordinator");
    let import = coordinator.upload("/transfer", "x.csv", SHEET.as_bytes()).location.unwrap();
    coordinator.done(&import, &[("do", "write")]);
    coordinator
}

fn value<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap()
}

#[test]
fn a_coordinator_sees_who_could_help_whom_asks_both_and_records_what_they_say() {
    on_demo(|site| {
        let coordinator = with_a_pair(site);
        let page = coordinator.page("/introductions");
        assert!(page.contains("ลุงปัน") && page.contains("ยายบัว") && page.contains("ตรงเรื่อง"), "{page}");
        assert!(!page.contains("083-333-3333"), "nobody is proposed before consent");
        let help = "ยายบัว ขอ “อยากได้รถรับส่งไปโรงพยาบาลหาหมอ”\nลุงปัน ให้ได้ “มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้”";
        assert!(page.contains(help), "who gives what to whom: {page}");
        let (a, b, once) = (value(&page, "a"), value(&page, "b"), value(&page, "once"));
        let form = [("a", a), ("b", b), ("once", once)];
        coordinator.done("/introductions", &form);
        coordinator.done("/introductions", &form);

        let page = coordinator.page("/introductions");
        assert_eq!(
            page.matches("/recorded/").count(),
            2,
            "both have no account: two calls, with a script and a number"
        );
        assert!(page.contains("081-111-1111") && page.contains("082-222-2222"));
        assert!(page.contains("โทรหา ยายบัว แล้วพูดว่า “มีคนชื่อ ลุงปัน"), "the script names both in their places");
        let calls: Vec<&str> = page
            .split("action=\"")
            .filter(|part| part.contains("/recorded/"))
            .map(|part| part.split('"').next().unwrap())
            .collect();
        for call in &calls {
            coordinator.done(call, &[("answer", "yes")]);
        }
        assert!(coordinator.page("/introductions").contains("รู้จักกันแล้ว"));
        let replay = coordinator.post(calls[0], &[("answer", "no")]);
        assert_eq!(replay.status, StatusCode::NOT_FOUND, "an answer that was given stands");
    });
}

/// A refusal frees the slot at the same time and blocks the pair as long as silence does.
#[test]
fn a_refusal_and_a_lapse_leave_the_same_behind() {
    let outcome = |refuse: Option<&str>| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let coordinator = with_a_pair(site);
            let page = coordinator.page("/introductions");
            let form = [("a", value(&page, "a")), ("b", value(&page, "b")), ("once", value(&page, "once"))];
            coordinator.done("/introductions", &form);
            if let Some(answer) = refuse {
                let page = coordinator.page("/introductions");
                let call = page
                    .split("action=\"")
                    .find(|part| part.contains("/recorded/"))
                    .unwrap()
                    .split('"')
                    .next()
                    .unwrap();
                coordinator.done(call, &[("answer", answer)]);
            }
            site.fresh.clock.advance(15 * Micros::DAY);
            introductions::lapse(&site.db).unwrap();
            let coordinator = site.sign_in("coordinator");
            let lapsed = coordinator.page("/introductions");
            assert!(
                !lapsed.contains("รอคำตอบถึง") && !lapsed.contains("name=\"a\""),
                "not proposed again for half a year"
            );
            seen.borrow_mut().push(lapsed.matches("<li").count());
        });
        seen.into_inner()
    };
    assert_eq!(outcome(Some("no")), outcome(None));
}

/// A member with an account answers twice, and once more after the end: nothing happens, and nothing breaks.
#[test]
fn an_answer_given_again_or_too_late_changes_nothing() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let member = site.sign_in("member");
        let said = |text: &str, side: &str, who: &Person<'_>| {
            let mut form = crate::giving::form(side, text, side);
            form.push(("categories", "log.transport"));
            who.done("/giving/new", &form);
        };
        said("มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้", "offer", &coordinator);
        said("อยากได้รถรับส่งไปโรงพยาบาลหาหมอ", "need", &member);
        let page = coordinator.page("/introductions");
        let form = [("a", value(&page, "a")), ("b", value(&page, "b")), ("once", value(&page, "once"))];
        coordinator.done("/introductions", &form);
        let today = member.page("/today");
        let answer = today.split("action=\"").find(|part| part.starts_with("/introductions/")).unwrap();
        let answer = answer.split('"').next().unwrap();
        member.done(answer, &[("answer", "no")]);
        member.done(answer, &[("answer", "yes")]);
        site.fresh.clock.advance(15 * Micros::DAY);
        introductions::lapse(&site.db).unwrap();
        let member = site.sign_in("member");
        member.done(answer, &[("answer", "yes")]);
        assert!(!member.page("/ties").contains("พี่ดา"), "the first answer stood");
    });
}

/// Members of the network without an account who agreed, in the order in which they came.
pub fn members(site: &Site, many: usize) -> Vec<ActorId> {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let mut all = Vec::new();
            for at in 0..many {
                let sketch = app::members::Sketch::named(ActorKind::Person, &format!("สมาชิกคนที่ {at}"));
                let id = app::members::enter(w, &sketch)?;
                app::members::join(w, network, id, Role::Member, "", MembershipState::Member)?;
                app::members::record_consent(w, id, Consent::Given, "paper", "")?;
                all.push(id);
            }
            w.done(&Entry::new(Act::Administer, "members.enter", network.0), all)
        })
        .unwrap()
}

/// The first can do what the second would learn.
pub fn teach(site: &Site, couples: &[(ActorId, ActorId)], categories: &[&str]) {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            for ((teacher, learner), category) in couples.iter().zip(categories) {
                for (who, learns) in [(teacher, false), (learner, true)] {
                    let (id, now) = (w.new_id(), w.now());
                    w.execute(
                        "INSERT INTO capability (id, actor_id, category, note, wants_to_learn, created_at) \
                         VALUES ($1, $2, $3, '', $4, $5)",
                        params![id, *who, *category, learns, now],
                    )?;
                }
            }
            w.done(&Entry::new(Act::Do, "members.capabilities", 0), ())
        })
        .unwrap();
}

const CATEGORIES: [&str; 8] = [
    "farm.organic",
    "farm.seed",
    "edu.language",
    "edu.vocational",
    "log.storage",
    "it.software",
    "art.craft",
    "art.music",
];

/// So many couples, each with a matter of its own.
pub fn couples(site: &Site, many: usize) -> Vec<(ActorId, ActorId)> {
    let all = members(site, 2 * many);
    let couples: Vec<_> = all.chunks(2).map(|two| (two[0], two[1])).collect();
    teach(site, &couples, &CATEGORIES);
    couples
}

/// The pairs proposed, those of both lists in their order, with their reasons.
fn proposed(person: &Person<'_>) -> Vec<((ActorId, ActorId), String)> {
    let found: Value = serde_json::from_str(&person.page("/api/v1/introductions/proposals")).unwrap();
    assert_eq!(found["under_way"], false);
    let lists = ["needed", "anyway"].into_iter().flat_map(|list| found[list].as_array().unwrap());
    let id = |value: &Value| value.as_str().unwrap().parse::<ActorId>().unwrap();
    lists.map(|one| ((id(&one["a"]), id(&one["b"])), one["reasons"].to_string())).collect()
}

pub fn pairs(person: &Person<'_>) -> Vec<(ActorId, ActorId)> {
    proposed(person).into_iter().map(|(pair, _)| pair).collect()
}

pub fn know_both(site: &Site, between: &str, couples: &[(ActorId, ActorId)]) {
    for id in couples.iter().flat_map(|(a, b)| [a, b]) {
        bind(site, between, &id.to_string());
    }
}

#[test]
fn few_are_proposed_whom_nobody_could_introduce() {
    on_demo(|site| {
        let couples = couples(site, 8);
        let coordinator = site.sign_in("coordinator");
        let between = own_id(&site.sign_in("supporter"));
        let all = pairs(&coordinator);
        assert_eq!(all.len(), 5, "a network without ties begins with five: {all:?}");

        know_both(site, &between, &couples[..4]);
        let all = pairs(&coordinator);
        let cold = all.iter().filter(|pair| couples[4..].contains(pair)).count();
        assert_eq!((all.len(), cold), (5, 1), "of five one whom nobody stands between: {all:?}");
        know_both(site, &between, &couples[4..]);
        let all = pairs(&coordinator);
        assert!(all.len() > 5, "somebody knows all of them: {all:?}");

        // who knows both has not heard of them for longer than the rhythm allows
        site.fresh.clock.advance(140 * Micros::DAY);
        assert_eq!(pairs(&site.sign_in("coordinator")).len(), 5);
        // nor takes on any introduction
        site.fresh.clock.advance(-140 * Micros::DAY);
        let fields = [("at_once", "2"), ("a_week", "3"), ("to_make", "0")];
        site.sign_in("supporter").done("/introductions/limits", &fields);
        assert_eq!(pairs(&site.sign_in("coordinator")).len(), 5);
    });
}

#[test]
fn who_has_much_on_their_hands_comes_later() {
    on_demo(|site| {
        let couples = couples(site, 2);
        let coordinator = site.sign_in("coordinator");
        assert_eq!(pairs(&coordinator), couples, "alike, the older one first");
        let fields = [
            ("once", "load-000001"),
            ("a", &couples[0].0.to_string()),
            ("b", &own_id(&site.sign_in("member"))),
            ("purpose", "knowledge"),
            ("reason", "เรื่องอื่น"),
        ];
        let at = coordinator.done("/introductions/offer", &fields);
        assert!(at.starts_with("/introductions/itr_"));
        assert_eq!(
            pairs(&coordinator),
            [couples[1], couples[0]],
            "one of the first two has an introduction open"
        );
        // over, its time and its week: the same again
        site.fresh.clock.advance(15 * Micros::DAY);
        let seen = pairs(&site.sign_in("coordinator"));
        assert_eq!(seen.len(), 2);
    });
}

/// Who let the time of what they were asked go by comes later, and a refusal is nothing else.
#[test]
fn who_answers_readily_comes_sooner_and_a_refusal_is_no_answer() {
    let lived = |answer: Option<&'static str>| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let couples = couples(site, 2);
            let coordinator = site.sign_in("coordinator");
            assert_eq!(pairs(&coordinator), couples);
            let asked = couples[0].0.to_string();
            let fields = [
                ("once", "ready-00001"),
                ("a", asked.as_str()),
                ("b", &own_id(&site.sign_in("member"))),
                ("purpose", "knowledge"),
                ("reason", "เรื่องอื่น"),
            ];
            let at = coordinator.done("/introductions/offer", &fields);
            if let Some(answer) = answer {
                coordinator.done(&format!("{at}/recorded/{asked}"), &[("answer", answer)]);
            }
            site.fresh.clock.advance(15 * Micros::DAY);
            introductions::lapse(&site.db).unwrap();
            // something changes, so that the network is thought through again
            teach(site, &[], &[]);
            let coordinator = site.sign_in("coordinator");
            let order: Vec<usize> = pairs(&coordinator)
                .iter()
                .map(|pair| couples.iter().position(|one| one == pair).unwrap())
                .collect();
            let reasons: Vec<String> = proposed(&coordinator).into_iter().map(|(_, why)| why).collect();
            seen.borrow_mut().push((order, reasons));
        });
        seen.into_inner()
    };
    let silent = lived(None);
    for (order, reasons) in &silent {
        assert_eq!(order, &[1, 0], "who let it lapse comes later: {reasons:?}");
        assert_eq!(reasons[0], reasons[1], "and no reason says so");
    }
    assert_eq!(silent, lived(Some("no")));
    assert_eq!(silent, lived(Some("yes")), "nor can a yes be told before both said it");
}

#[test]
fn the_lists_are_not_the_same_thing_over_and_over() {
    on_demo(|site| {
        let all = members(site, 6);
        // two teachers and two learners of one matter, and two of another
        let couples = [(all[0], all[1]), (all[2], all[3]), (all[4], all[5])];
        teach(site, &couples, &["farm.seed", "farm.seed", "art.craft"]);
        let seen = pairs(&site.sign_in("coordinator"));
        assert_eq!(seen.len(), 5, "each teacher with each learner of the matter");
        assert_eq!(seen[0], couples[0]);
        assert_eq!(seen[1], couples[2], "another matter before the same one again: {seen:?}");
    });
}

#[test]
fn a_tenth_is_held_out_until_somebody_asks_for_it_or_the_half_year_is_over() {
    on_demo(|site| {
        let all = members(site, 120);
        let network = count(site, "SELECT id FROM actor WHERE kind = 'network'");
        let today = site.db.now().0.div_euclid(Micros::DAY);
        let out =
            |pair: &(ActorId, ActorId), days: i64| held_out(network, (pair.0.0, pair.1.0), today + days);
        let mut couples: Vec<_> = all.chunks(2).map(|two| (two[0], two[1])).collect();
        // more pairs to draw from: each with the member after next as well
        couples.extend(all.chunks(4).map(|four| (four[0], four[2])));
        let periods = |pair: &(ActorId, ActorId)| (1..=2).find(|half| !out(pair, half * DAYS_HELD_OUT));
        let held = *couples.iter().find(|pair| out(pair, 0) && periods(pair).is_some()).unwrap();
        let apart = |pair: &(ActorId, ActorId)| pair.0 != held.0 && pair.1 != held.1 && pair.0 != held.1;
        let free = *couples
            .iter()
            .find(|pair| apart(pair) && (0..=2).all(|half| !out(pair, half * DAYS_HELD_OUT)))
            .unwrap();
        teach(site, &[held, free], &["farm.seed", "art.craft"]);
        let coordinator = site.sign_in("coordinator");
        assert_eq!(pairs(&coordinator), [free]);
        let (a, b) = (held.0.to_string(), held.1.to_string());
        let put = [("once", "held-000001"), ("a", a.as_str()), ("b", b.as_str())];
        assert_eq!(
            coordinator.done("/introductions", &put),
            "/introductions",
            "it is on no list to be put to both"
        );
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction"), 0);

        site.fresh.clock.advance(periods(&held).unwrap() * DAYS_HELD_OUT * Micros::DAY);
        let later = pairs(&site.sign_in("coordinator"));
        assert!(later.contains(&held) && later.contains(&free), "{later:?}");

        site.fresh.clock.advance(-periods(&held).unwrap() * DAYS_HELD_OUT * Micros::DAY);
        let own = [
            ("once", "held-000002"),
            ("a", a.as_str()),
            ("b", b.as_str()),
            ("purpose", "knowledge"),
            ("reason", "ทั้งสองคนอยากเจอกัน"),
        ];
        let at = site.sign_in("coordinator").done("/introductions/offer", &own);
        assert!(at.starts_with("/introductions/itr_"), "who wants it may: {at}");
    });
}

#[test]
fn a_very_large_network_is_looked_at_around_its_pairs() {
    on_demo(|site| {
        let couples = couples(site, 3);
        let (near, way, far) = (couples[0], couples[1], couples[2]);
        let between = own_id(&site.sign_in("supporter"));
        know_both(site, &between, &[near]);
        // way: one — x — y — other
        let steps = members(site, 2);
        let (x, y) = (steps[0].to_string(), steps[1].to_string());
        for (one, other) in [(way.0.to_string(), &x), (x.clone(), &y), (y.clone(), &way.1.to_string())] {
            bind(site, &one, other);
        }
        // far: each has a tie, and no way leads across
        let apart = members(site, 2);
        bind(site, &far.0.to_string(), &apart[0].to_string());
        bind(site, &apart[1].to_string(), &far.1.to_string());
        let mut large = site.beside();
        large.app.pairs = Pairs::whole_up_to(0);
        let all = proposed(&large.sign_in("coordinator"));
        let why = |pair: (ActorId, ActorId)| {
            all.iter().find(|(one, _)| *one == pair).map_or("", |(_, why)| why.as_str())
        };
        assert!(why(near).contains("มีคนรู้จักร่วมกัน 1 คน"), "{all:?}");
        assert!(why(way).contains("อยู่ไม่ไกลกันในเครือข่าย"), "{all:?}");
        assert!(why(far).contains("ยังไม่มีทางสั้นๆ ถึงกัน"), "{all:?}");
        assert!(!why(way).contains("ยังไม่มีทาง") && !why(near).contains("ไม่ไกล"), "{all:?}");
        // as everywhere: the coordinators' list stands on the page too, in both languages
        let page = large.sign_in("coordinator").page("/introductions");
        assert!(page.contains("ยังไม่มีทางสั้นๆ ถึงกัน"), "{page}");
    });
}

/// Only coordinators see whom to call and write down what they said, and none who is the other one of the two: to them a
/// refusal must look like silence.
#[test]
fn calls_are_seen_and_recorded_by_coordinators_who_are_not_concerned() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let heading = "ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม";
        let sheet = format!("{heading}\nคำปัน มีรถ,ลุงปัน,,,เชียงใหม่,,,081-111-1111,,,ยินยอม\n");
        let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let called = ActorId(count(site, "SELECT id FROM actor WHERE nickname = 'ลุงปัน'")).to_string();
        let (member, between) = (site.sign_in("member"), site.sign_in("supporter"));
        let ids = [own_id(&coordinator), own_id(&member), own_id(&between)];
        for id in [&ids[0], &ids[1], &called] {
            bind(site, &ids[2], id);
        }
        let offer = |once: &'static str, other: &str| {
            let fields = [
                ("once", once),
                ("a", called.as_str()),
                ("b", other),
                ("purpose", "knowledge"),
                ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
            ];
            between.done("/introductions/offer", &fields)
        };
        let (theirs, own) = (offer("calls-00001", &ids[1]), offer("calls-00002", &ids[0]));
        let recorded = |at: &str| format!("{at}/recorded/{called}");
        for person in [&member, &between] {
            for page in ["/introductions", "/today", theirs.as_str()] {
                let page = person.page(page);
                assert!(!page.contains(&recorded(&theirs)), "{page}");
                assert_eq!(page.contains("081-111-1111"), page.contains(&recorded(&own)), "{page}");
            }
            let reply = person.post(&recorded(&theirs), &[("answer", "yes")]);
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.body);
            let api = format!("/api/v1{}", recorded(&theirs));
            assert_eq!(person.post_json(&api, &serde_json::json!({"yes": true})).0, StatusCode::FORBIDDEN);
        }
        let page = coordinator.page("/introductions");
        assert!(page.contains(&recorded(&theirs)) && page.contains("081-111-1111"), "{page}");
        assert!(!page.contains(&recorded(&own)), "not of somebody who would meet them: {page}");
        assert!(!coordinator.page(&own).contains("/recorded/"));
        let reply = coordinator.post(&recorded(&own), &[("answer", "no")]);
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{}", reply.body);
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction_answer"), 0);
        assert!(!member.page("/introductions").contains("/recorded/"));
        assert!(between.page("/introductions").contains(&recorded(&own)), "then who introduces calls");

        // another coordinator calls in both
        site.db
            .write::<_, Error>(&Acting::system("test"), |w| {
                let member: ActorId = ids[1].parse().unwrap();
                w.execute("UPDATE membership SET role = 'coordinator' WHERE part_id = $1", params![member])?;
                w.done(&Entry::new(Act::Administer, "test.role", member.0), ())
            })
            .unwrap();
        let other = site.sign_in("member");
        let page = other.page("/introductions");
        assert!(page.contains(&recorded(&own)) && !page.contains(&recorded(&theirs)), "{page}");
        assert!(!between.page("/introductions").contains("/recorded/"), "and who introduces no more");
        other.done(&recorded(&own), &[("answer", "yes")]);
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction_answer"), 1);
    });
}
