//! A pair that was put to each other rests for half a year, whether one of them refused or nobody answered; and the two
//! lists of proposals, each under its own heading.

use std::collections::BTreeSet;

use app::introductions;
use axum::http::StatusCode;
use network::introduction::choice::held_out;
use serde_json::Value;
use store::Micros;
use store::ids::ActorId;

use crate::introductions::{couples, know_both, members, pairs, teach};
use crate::joining::own_id;
use crate::races::count;
use crate::silence::{bind, without_ids};
use crate::site::{Person, Site, on_demo};

const NOT_NOW: &str = "ตอนนี้ยังแนะนำคู่นี้ไม่ได้";

/// One teacher and one learner whose pair is held out neither now nor after half a year.
fn never_held_out(site: &Site) -> (ActorId, ActorId) {
    let network = count(site, "SELECT id FROM actor WHERE kind = 'network'");
    let today = site.db.now().0.div_euclid(Micros::DAY);
    let all = members(site, 40);
    let free = |two: &&[ActorId]| {
        [0, 179, 181].iter().all(|days| !held_out(network, (two[0].0, two[1].0), today + days))
    };
    let two = all.chunks(2).find(free).unwrap();
    (two[0], two[1])
}

fn offered(who: &Person<'_>, (a, b): (ActorId, ActorId), once: &str) -> (StatusCode, String) {
    let (a, b) = (a.to_string(), b.to_string());
    let reply = who.post(
        "/introductions/offer",
        &[
            ("once", once),
            ("a", a.as_str()),
            ("b", b.as_str()),
            ("purpose", "knowledge"),
            ("reason", "ลองอีกครั้ง"),
        ],
    );
    (reply.status, without_ids(&reply.body))
}

/// What can be seen of a proposed pair at day 179 and at day 181, after a refusal or after silence.
fn half_a_year_after(refuses: bool) -> Vec<Vec<String>> {
    let seen = std::cell::RefCell::new(Vec::new());
    on_demo(|site| {
        let pair = never_held_out(site);
        teach(site, &[pair], &["farm.seed"]);
        let coordinator = site.sign_in("coordinator");
        assert_eq!(pairs(&coordinator), [pair]);
        let (a, b) = (pair.0.to_string(), pair.1.to_string());
        coordinator.done("/introductions", &[("once", "rest-000001"), ("a", &a), ("b", &b)]);
        if refuses {
            let page = coordinator.page("/introductions");
            let asked = format!("/recorded/{b}\"");
            let call = page.split("action=\"").find(|part| part.split('>').next().unwrap().contains(&asked));
            let call = call.unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap();
            coordinator.done(call, &[("answer", "no")]);
        }
        let mut life = Vec::new();
        for (days, rests) in [(179, true), (2, false)] {
            site.fresh.clock.advance(days * Micros::DAY);
            introductions::lapse(&site.db).unwrap();
            // something changes, so that the network is thought through again
            teach(site, &[], &[]);
            let coordinator = site.sign_in("coordinator");
            assert_eq!(pairs(&coordinator).is_empty(), rests, "refused: {refuses}, resting: {rests}");
            let page = coordinator.page("/introductions");
            let form = format!("name=\"a\" value=\"{a}\"");
            assert_eq!(page.contains(&form), !rests, "{page}");
            life.push(without_ids(&page));
            // not from the list of before either, nor in somebody's own words
            let again = [("once", if rests { "rest-000002" } else { "rest-000003" }), ("a", &a), ("b", &b)];
            if rests {
                coordinator.done("/introductions", &again);
                assert_eq!(count(site, "SELECT COUNT(*) FROM introduction"), 1);
            }
            let (status, body) =
                offered(&coordinator, pair, if rests { "rest-000004" } else { "rest-000005" });
            assert_eq!(status, if rests { StatusCode::OK } else { StatusCode::SEE_OTHER }, "{body}");
            assert_eq!(body.contains(NOT_NOW), rests);
            life.push(body);
        }
        assert_eq!(count(site, "SELECT COUNT(*) FROM introduction"), 2);
        seen.borrow_mut().push(life);
    });
    seen.into_inner()
}

#[test]
fn a_pair_rests_half_a_year_after_a_refusal_and_after_silence() {
    assert!(half_a_year_after(true) == half_a_year_after(false), "and the two cannot be told apart");
}

/// Two with accounts: neither may ask for the other in that time, and each may after it.
#[test]
fn those_who_were_asked_cannot_ask_for_each_other_before_half_a_year_is_over() {
    let lived = |refuses: bool| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let names = ["supporter", "member"];
            let ids = names.map(|name| own_id(&site.sign_in(name)));
            let coordinator = site.sign_in("coordinator");
            for id in &ids {
                bind(site, &own_id(&coordinator), id);
            }
            let two: (ActorId, ActorId) = (ids[0].parse().unwrap(), ids[1].parse().unwrap());
            let reply = coordinator.post(
                "/introductions/offer",
                &[
                    ("once", "rest-accounts-1"),
                    ("a", ids[0].as_str()),
                    ("b", ids[1].as_str()),
                    ("purpose", "knowledge"),
                    ("reason", "ทำแผนที่ด้วยกันได้"),
                ],
            );
            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
            if refuses {
                let at = reply.location.unwrap();
                site.sign_in("member").done(&format!("{at}/answer"), &[("answer", "no")]);
            }
            let ask = |days: i64, from: usize| {
                let once = format!("rest-ask-{days}-{from}");
                let fields = [
                    ("once", once.as_str()),
                    ("to", ids[1 - from].as_str()),
                    ("purpose", "knowledge"),
                    ("reason", "อยากรู้จัก"),
                    ("note", "ขอเวลาสักครู่"),
                ];
                let reply = site.sign_in(names[from]).post("/introductions/new", &fields);
                (reply.status, without_ids(&reply.body))
            };
            let mut life = Vec::new();
            site.fresh.clock.advance(179 * Micros::DAY);
            introductions::lapse(&site.db).unwrap();
            for from in [0, 1] {
                let (status, body) = ask(179, from);
                assert!(status == StatusCode::OK && body.contains(NOT_NOW), "{status} {body}");
                life.push((status, body));
            }
            let (status, body) = offered(&site.sign_in("coordinator"), two, "rest-accounts-2");
            assert!(status == StatusCode::OK && body.contains(NOT_NOW), "{status} {body}");
            site.fresh.clock.advance(2 * Micros::DAY);
            let (status, body) = ask(181, 1);
            assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
            life.push((status, body));
            seen.borrow_mut().push(life);
        });
        seen.into_inner()
    };
    assert!(lived(true) == lived(false), "a refusal and silence are answered alike");
}

/// The pairs of a piece of the page, as their forms name them.
fn pairs_of(piece: &str) -> BTreeSet<(String, String)> {
    let value = |rest: &str, name: &str| {
        let start = format!("name=\"{name}\" value=\"");
        rest.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    piece
        .split("action=\"/introductions\" class=\"actions\">")
        .skip(1)
        .map(|form| (value(form, "a"), value(form, "b")))
        .collect()
}

#[test]
fn the_two_lists_stand_under_their_own_headings_and_share_no_pair() {
    on_demo(|site| {
        let couples = couples(site, 6);
        let between = own_id(&site.sign_in("supporter"));
        know_both(site, &between, &couples[..3]);
        for (lang, needed, anyway) in [
            ("th", "<h2>เครือข่ายควรมีสายนี้</h2>", "<h2>น่าจะได้เจอกันอยู่แล้ว</h2>"),
            ("en", "<h2>Introductions the network needs</h2>", "<h2>Would probably meet anyway</h2>"),
        ] {
            let mut coordinator = site.sign_in("coordinator");
            coordinator.lang = lang;
            let found: Value =
                serde_json::from_str(&coordinator.page("/api/v1/introductions/proposals")).unwrap();
            let listed = |list: &str| -> BTreeSet<(String, String)> {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                found[list].as_array().unwrap().iter().map(|one| (text(&one["a"]), text(&one["b"]))).collect()
            };
            let page = coordinator.page("/introductions");
            let under = |heading: &str| {
                assert_eq!(page.matches(heading).count(), 1, "{heading} in {page}");
                let section = page.split(heading).nth(1).unwrap();
                pairs_of(section.split("</section>").next().unwrap())
            };
            let (needed, anyway) = (under(needed), under(anyway));
            assert!(!needed.is_empty() && !anyway.is_empty(), "{needed:?} {anyway:?}");
            assert!(needed.is_disjoint(&anyway), "a pair stands on one list: {needed:?} {anyway:?}");
            assert_eq!((&needed, &anyway), (&listed("needed"), &listed("anyway")), "as the program says");
            assert_eq!(pairs_of(&page).len(), needed.len() + anyway.len(), "and nowhere else");
        }
    });
}
