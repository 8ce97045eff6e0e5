//! What else is done with a proposed pair: it is said that these two are none, and it rests without anybody learning why;
//! who knows both is asked to introduce them; who introduces calls, where no coordinator may hear the answer.

use app::introductions;
use axum::http::StatusCode;
use serde_json::Value;
use store::Micros;
use store::ids::ActorId;

use crate::introductions::{couples, know_both, pairs, teach};
use crate::joining::own_id;
use crate::races::{count, sound};
use crate::silence::{Observed, bind, differences, observe};
use crate::site::{Person, Site, on_demo};

fn ends(pair: (ActorId, ActorId)) -> [(&'static str, String); 2] {
    [("a", pair.0.to_string()), ("b", pair.1.to_string())]
}

/// Posts a pair of the lists, with what else the form says.
fn post(who: &Person<'_>, path: &str, pair: (ActorId, ActorId), more: &[(&str, &str)]) -> String {
    let ends = ends(pair);
    let mut fields: Vec<(&str, &str)> = ends.iter().map(|(name, id)| (*name, id.as_str())).collect();
    fields.extend_from_slice(more);
    who.done(path, &fields)
}

/// The address behind the button that takes back what was just done.
fn undo(page: &str) -> String {
    let form = page.split("class=\"flash\"").nth(1).unwrap().split("action=\"").nth(1).unwrap();
    form.split('"').next().unwrap().to_owned()
}

#[test]
fn a_pair_that_is_none_rests_for_half_a_year_and_can_be_taken_back() {
    on_demo(|site| {
        let couples = couples(site, 2);
        let coordinator = site.sign_in("coordinator");
        assert_eq!(pairs(&coordinator), couples);
        let to = post(&coordinator, "/introductions/not-these", couples[0], &[]);
        assert!(to.starts_with("/introductions?done=not-these&id=itr_"), "{to}");
        assert_eq!(
            post(&coordinator, "/introductions/not-these", couples[0], &[]),
            "/introductions",
            "a second tap finds the pair at rest"
        );
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction"), 1);
        assert_eq!(pairs(&coordinator), [couples[1]]);
        let said = "SELECT COUNT(*) FROM journal WHERE verb = 'introductions.not_these'";
        assert_eq!(count(site, said), 1);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind LIKE 'introduction%'"), 0);
        let (a, b) = (couples[0].0.to_string(), couples[0].1.to_string());
        let offer = |once| {
            [
                ("once", once),
                ("a", a.as_str()),
                ("b", b.as_str()),
                ("purpose", "skill"),
                ("reason", "เรียนทำนา"),
            ]
        };
        let refused = coordinator.post("/introductions/offer", &offer("no-pair-00001"));
        assert!(refused.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "it rests as others do: {}", refused.body);
        sound(site);

        let page = coordinator.page(&to);
        assert!(page.contains("สานจะไม่เสนอคู่นี้ไปอีกครึ่งปี"), "{page}");
        let back = undo(&page);
        for other in ["member", "supporter"] {
            let reply = site.sign_in(other).post(&back, &[]);
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "only who said so: {}", reply.body);
        }
        assert_eq!(coordinator.done(&back, &[]), "/introductions");
        assert_eq!(pairs(&coordinator), couples);
        assert_eq!(coordinator.post(&back, &[]).status, StatusCode::NOT_FOUND);

        // without the flash it is found among those that rest
        post(&coordinator, "/introductions/not-these", couples[0], &[]);
        let page = coordinator.page("/introductions");
        let list = page.split("id=\"no-pairs\"").nth(1).unwrap();
        assert!(list.contains("สมาชิกคนที่ 0") && list.contains("/pair-again"), "{list}");
        assert!(!page.contains("จบแล้ว"), "and among none that were asked");
        site.fresh.clock.advance(179 * Micros::DAY);
        assert_eq!(pairs(&site.sign_in("coordinator")), [couples[1]]);
        site.fresh.clock.advance(2 * Micros::DAY);
        let coordinator = site.sign_in("coordinator");
        assert_eq!(pairs(&coordinator), couples, "half a year is over");
        assert!(!coordinator.page("/introductions").contains("no-pairs"));
        sound(site);
    });
}

#[test]
fn programs_say_that_two_are_no_pair_and_take_it_back() {
    on_demo(|site| {
        let couples = couples(site, 1);
        let coordinator = site.sign_in("coordinator");
        let path = "/api/v1/introductions/not-these";
        let pair = serde_json::json!({"a": couples[0].0.to_string(), "b": couples[0].1.to_string()});
        let (status, _) = site.sign_in("member").post_json(path, &pair);
        assert_eq!(status, StatusCode::CONFLICT, "neither of the two, nor a coordinator");
        let (status, problem) = coordinator.post_json(path, &serde_json::json!({"a": "mem_x", "b": "mem_y"}));
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &"a".into()));
        let (status, said) = coordinator.post_json(path, &pair);
        assert_eq!(status, StatusCode::CREATED, "{said}");
        assert!(pairs(&coordinator).is_empty());
        assert_eq!(coordinator.post_json(path, &pair).0, StatusCode::CONFLICT);
        let id = said["id"].as_str().unwrap();
        let delete = |who: &Person<'_>| {
            let request = who.asks("DELETE", &format!("{path}/{id}"));
            site.send(request.body(axum::body::Body::empty()).unwrap()).status
        };
        assert_eq!(delete(&site.sign_in("member")), StatusCode::NOT_FOUND);
        assert_eq!(delete(&coordinator), StatusCode::NO_CONTENT);
        assert_eq!(pairs(&coordinator), couples);
    });
}

/// Who said that the two are none, and that anybody did rather than that one asked for it and nobody passed it on: what
/// each of the two can see is the same.
#[test]
fn neither_of_the_two_can_tell_why_their_pair_rests() {
    let lived = |sayer: &'static str| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let names = ["member", "supporter"];
            let two = names.map(|name| site.sign_in(name));
            let ids = two.each_ref().map(own_id);
            let pair: (ActorId, ActorId) = (ids[0].parse().unwrap(), ids[1].parse().unwrap());
            teach(site, &[pair], &["farm.seed"]);
            for person in &two {
                assert_eq!(pairs(person).len(), 1);
                assert!(person.page("/introductions").contains("ยังไม่ใช่"));
            }
            if sayer == "asks" {
                let fields = [
                    ("once", "rests-000001"),
                    ("to", ids[1].as_str()),
                    ("purpose", "skill"),
                    ("reason", "อยากเรียนทำเมล็ดพันธุ์"),
                    ("note", "ขอเวลาครึ่งชั่วโมง"),
                ];
                two[0].done("/introductions/new", &fields);
            } else {
                let to = post(&site.sign_in(sayer), "/introductions/not-these", pair, &[]);
                assert!(to.contains("itr_"), "{to}");
            }
            let id: store::ids::IntroductionId =
                store::ids::IntroductionId(count(site, "SELECT id FROM introduction"));
            let mut all = [Observed::new(), Observed::new()];
            for days in [1, 30] {
                site.fresh.clock.advance(days * Micros::DAY);
                introductions::lapse(&site.db).unwrap();
                for (at, name) in names.iter().enumerate() {
                    let person = site.sign_in(name);
                    assert!(pairs(&person).is_empty(), "{name}: the pair rests");
                    all[at].extend(observe(&person, &ids, &id.to_string()));
                    let fields = [
                        ("once", "rests-000002"),
                        ("to", ids[1 - at].as_str()),
                        ("purpose", "skill"),
                        ("reason", "ลองถามดู"),
                        ("note", "ขอเวลา"),
                    ];
                    let reply = person.post("/introductions/new", &fields);
                    assert!(reply.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "{}", reply.body);
                }
            }
            sound(site);
            seen.borrow_mut().push(all);
        });
        seen.into_inner()
    };
    let lives = ["coordinator", "member", "supporter", "asks"].map(lived);
    let [coordinator, first, second, asks] = &lives;
    for (database, of) in coordinator.iter().enumerate() {
        for (one, other, who) in
            [(of, &second[database], 0), (of, &first[database], 1), (of, &asks[database], 1)]
        {
            let found = differences(&one[who], &other[who]);
            assert!(found.is_empty(), "{who} can tell: {}", found.join("\n"));
        }
        // the comparison sees what there is to see: who said so sees their own word
        assert!(!differences(&of[0], &first[database][0]).is_empty());
    }
}

#[test]
fn who_knows_both_is_asked_to_introduce_them_and_named_once_they_did() {
    on_demo(|site| {
        let couples = couples(site, 1);
        let coordinator = site.sign_in("coordinator");
        assert!(!coordinator.page("/introductions").contains("value=\"another\""), "nobody knows both");
        let between = site.sign_in("supporter");
        know_both(site, &own_id(&between), &couples);
        let page = coordinator.page("/introductions");
        assert!(page.contains("ขอคนที่รู้จักทั้งคู่ช่วยแนะนำ") && page.contains("ถามทั้งคู่เอง"), "{page}");
        let found: Value =
            serde_json::from_str(&coordinator.page("/api/v1/introductions/proposals")).unwrap();
        let first = |list: &str| found[list][0]["known_by_somebody"].as_bool();
        assert_eq!(first("needed").or(first("anyway")), Some(true));
        assert!(
            !between.page("/introductions").contains("value=\"another\""),
            "they introduce them themselves"
        );

        let form = [("once", "another-0001"), ("by", "another")];
        let at = post(&coordinator, "/introductions", couples[0], &form);
        assert!(at.starts_with("/introductions/itr_"), "{at}");
        assert_eq!(post(&coordinator, "/introductions", couples[0], &form), at, "a second tap");
        let page = coordinator.page(&at);
        assert!(page.contains("รอคนกลางส่งต่อ") && !page.contains("อาจารย์วิทย์"), "{page}");
        assert!(coordinator.page("/introductions").contains(&at), "they see where it is");
        let api = format!("/api/v1{at}");
        let shown: Value = serde_json::from_str(&coordinator.page(&api)).unwrap();
        assert_eq!((&shown["origin"], &shown["stage"]), (&"suggested".into(), &"drafted".into()));
        assert!(shown["introducer"].is_null(), "who knows whom is told when it was passed on");
        assert!(pairs(&coordinator).is_empty(), "the pair rests");
        assert_eq!(site.sign_in("member").get(&at).status, StatusCode::NOT_FOUND);

        assert!(between.page("/notices").contains("ผู้ประสานงานขอให้คุณแนะนำ"));
        assert!(between.page("/today").contains("ให้รู้จักกันได้ไหม"));
        let asked = between.page(&at);
        assert!(asked.contains("ทั้งสองยังไม่รู้เรื่องนี้"), "{asked}");
        assert_eq!(
            coordinator.post(&format!("{at}/pass-on"), &[("answer", "yes")]).status,
            StatusCode::NOT_FOUND,
            "it is not theirs to pass on"
        );
        between.done(&format!("{at}/pass-on"), &[("answer", "yes"), ("words", "คุยกันน่าจะถูกคอ")]);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_asked'"), 2);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'introduction_passed'"), 0);
        assert!(coordinator.page(&at).contains("อาจารย์วิทย์"), "who introduces is named now");
        let calls = coordinator.page("/introductions");
        for member in [couples[0].0, couples[0].1] {
            assert!(calls.contains(&format!("{at}/recorded/{member}")), "{calls}");
            coordinator.done(&format!("{at}/recorded/{member}"), &[("answer", "yes")]);
        }
        assert!(between.page("/notices").contains("รู้จักกันแล้ว"));
        let by = "SELECT COUNT(*) FROM tie WHERE origin = 'introduction' AND introduced_by IS NOT NULL";
        assert_eq!(count(site, by), 1);
        sound(site);
    });
}

#[test]
fn a_program_asks_who_knows_both_and_a_coordinator_may_still_ask_both_alone() {
    on_demo(|site| {
        let couples = couples(site, 2);
        let coordinator = site.sign_in("coordinator");
        let between = site.sign_in("supporter");
        know_both(site, &own_id(&between), &couples);
        let body = |pair: (ActorId, ActorId), through: &str| serde_json::json!({"a": pair.0.to_string(), "b": pair.1.to_string(), "through": through});
        let path = "/api/v1/introductions";
        let (status, problem) = coordinator.post_json(path, &body(couples[0], "anybody"));
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &"through".into()));
        let (status, _) = between.post_json(path, &body(couples[0], "somebody"));
        assert_eq!(status, StatusCode::CONFLICT, "only coordinators ask others to");
        let (status, made) = coordinator.post_json(path, &body(couples[0], "somebody"));
        assert_eq!((status, &made["stage"]), (StatusCode::CREATED, &"drafted".into()), "{made}");
        let (status, made) = coordinator.post_json(path, &body(couples[1], ""));
        assert_eq!((status, &made["stage"]), (StatusCode::CREATED, &"asking".into()), "{made}");
        // what they take on counts what they were asked to make
        let made = "SELECT COUNT(*) FROM introduction i JOIN actor w ON w.id = i.introducer_id WHERE i.origin = 'suggested'";
        assert_eq!(count(site, made), 1);
    });
}

#[test]
fn coordinators_cannot_tell_what_was_put_aside_from_what_was_forgotten() {
    let lived = |aside: Option<&'static str>| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let couples = couples(site, 1);
            let coordinator = site.sign_in("coordinator");
            know_both(site, &own_id(&site.sign_in("supporter")), &couples);
            let at = post(
                &coordinator,
                "/introductions",
                couples[0],
                &[("once", "aside-00001"), ("by", "another")],
            );
            site.fresh.clock.advance(Micros::HOUR);
            if let Some(answer) = aside {
                site.sign_in("supporter").done(&format!("{at}/pass-on"), &[("answer", answer)]);
            }
            let id = at.rsplit('/').next().unwrap().to_owned();
            let ids = [couples[0].0.to_string(), couples[0].1.to_string()];
            let mut all = [Observed::new(), Observed::new()];
            for days in [1, 21] {
                site.fresh.clock.advance(days * Micros::DAY);
                introductions::lapse(&site.db).unwrap();
                for (at, name) in ["coordinator", "member"].into_iter().enumerate() {
                    all[at].extend(observe(&site.sign_in(name), &ids, &id));
                }
            }
            sound(site);
            seen.borrow_mut().push(all);
        });
        seen.into_inner()
    };
    let (forgotten, aside) = (lived(None), lived(Some("no")));
    for (forgotten, aside) in forgotten.iter().zip(&aside) {
        for who in [0, 1] {
            let found = differences(&forgotten[who], &aside[who]);
            assert!(found.is_empty(), "{who} can tell: {}", found.join("\n"));
        }
    }
}

/// The only coordinator is one of the two, and the other has no account: whoever introduces them calls. What the
/// coordinator can see of it is the same whether they said no or were never reached.
#[test]
fn who_introduces_calls_where_the_only_coordinator_would_hear_the_answer() {
    let lived = |does: Option<&'static str>| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let called = crate::introductions::members(site, 1)[0].to_string();
            let (coordinator, between) = (site.sign_in("coordinator"), site.sign_in("supporter"));
            let ids = [own_id(&coordinator), called.clone()];
            for id in &ids {
                bind(site, &own_id(&between), id);
            }
            let fields = [
                ("once", "instead-0001"),
                ("a", called.as_str()),
                ("b", ids[0].as_str()),
                ("purpose", "knowledge"),
                ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
            ];
            let at = between.done("/introductions/offer", &fields);
            let recorded = format!("{at}/recorded/{called}");
            for page in [at.as_str(), "/introductions"] {
                assert!(between.page(page).contains(&recorded), "who introduces calls");
                assert!(!coordinator.page(page).contains("/recorded/"), "and not who would meet them");
            }
            assert_eq!(coordinator.post(&recorded, &[("answer", "no")]).status, StatusCode::NOT_FOUND);
            let member = site.sign_in("member");
            assert_eq!(member.post(&recorded, &[("answer", "no")]).status, StatusCode::FORBIDDEN);
            site.fresh.clock.advance(Micros::HOUR);
            if let Some(answer) = does {
                site.sign_in("supporter").done(&recorded, &[("answer", answer)]);
                let again = site.sign_in("supporter").post(&recorded, &[("answer", "yes")]);
                assert_eq!(again.status, StatusCode::FORBIDDEN, "an answer that was given stands");
            }
            let mut all = Observed::new();
            for says_yes in [false, true] {
                if says_yes {
                    site.sign_in("coordinator").done(&format!("{at}/answer"), &[("answer", "yes")]);
                }
                all.extend(observe(&site.sign_in("coordinator"), &ids, at.rsplit('/').next().unwrap()));
            }
            if does == Some("yes") {
                assert!(site.sign_in("coordinator").page(&at).contains("รู้จักกันแล้ว"));
            }
            for _ in 0..2 {
                site.fresh.clock.advance(14 * Micros::DAY);
                all.extend(observe(&site.sign_in("coordinator"), &ids, at.rsplit('/').next().unwrap()));
                introductions::lapse(&site.db).unwrap();
            }
            sound(site);
            seen.borrow_mut().push(all);
        });
        seen.into_inner()
    };
    let (silent, refused, agreed) = (lived(None), lived(Some("no")), lived(Some("yes")));
    for (database, silent) in silent.iter().enumerate() {
        let found = differences(silent, &refused[database]);
        assert!(found.is_empty(), "the coordinator can tell: {}", found.join("\n"));
        assert!(!differences(silent, &agreed[database]).is_empty(), "a tie is seen");
    }
}

#[test]
fn another_coordinator_calls_before_who_introduces_does() {
    on_demo(|site: &Site| {
        let called = crate::introductions::members(site, 1)[0].to_string();
        let (member, between) = (site.sign_in("member"), site.sign_in("supporter"));
        for id in [&called, &own_id(&member)] {
            bind(site, &own_id(&between), id);
        }
        let fields = [
            ("once", "instead-0002"),
            ("a", called.as_str()),
            ("b", &own_id(&member)),
            ("purpose", "knowledge"),
            ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
        ];
        let at = between.done("/introductions/offer", &fields);
        let recorded = format!("{at}/recorded/{called}");
        assert!(!between.page(&at).contains("/recorded/"), "who introduces hears no answer without need");
        assert_eq!(between.post(&recorded, &[("answer", "yes")]).status, StatusCode::FORBIDDEN);
        assert!(site.sign_in("coordinator").page("/introductions").contains(&recorded));
    });
}
