//! What changes under an answer or a contact at the same moment, in two processes on one store: somebody is erased, who
//! introduces leaves, a member moves to another zone, the clock is set back. Nothing is lost, and nothing is there twice.

use axum::http::StatusCode;
use store::Micros;
use store::ids::ActorId;

use crate::joining::own_id;
use crate::races::{at_once, count, sound};
use crate::rhythm::{id_of, kept, tied};
use crate::silence::bind;
use crate::site::{Reply, Site, on_demo};

/// How often each is run: who wins is chance, and who is erased is so once a site.
const ROUNDS: usize = 3;

const TIES: &str = "SELECT COUNT(*) FROM tie WHERE origin = 'introduction' AND state = 'confirmed'";

/// An introduction of coordinator and member by the supporter, to which one of the two said yes.
fn half_agreed(site: &Site, first: &str) -> String {
    let (a, b, between) = (site.sign_in("coordinator"), site.sign_in("member"), site.sign_in("supporter"));
    let ids = [own_id(&a), own_id(&b), own_id(&between)];
    bind(site, &ids[2], &ids[0]);
    bind(site, &ids[2], &ids[1]);
    let fields = [
        ("once", "midway-000001"),
        ("a", ids[0].as_str()),
        ("b", ids[1].as_str()),
        ("purpose", "knowledge"),
        ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
    ];
    let at = between.done("/introductions/offer", &fields);
    site.sign_in(first).done(&format!("{at}/answer"), &[("answer", "yes")]);
    at
}

fn erase(site: &Site, who: &str) -> Reply {
    site.sign_in(who).post("/joining/erase", &[("password", saan::demo::PASSWORD), ("sure", "1")])
}

/// Whoever loses may be told that it is not there any more; nobody is met by a fault of the program.
fn no_fault(replies: &[Reply]) {
    for reply in replies {
        assert!(reply.status.as_u16() < 500, "{} {}", reply.status, reply.body);
    }
}

#[test]
fn who_is_erased_while_the_other_agrees_is_tied_to_nobody_afterwards() {
    for _ in 0..ROUNDS {
        on_demo(|site| {
            let at = half_agreed(site, "member");
            let (yes, signed_in) = (format!("{at}/answer"), site.sign_in("coordinator"));
            let agree = |_: &Site| signed_in.post(&yes, &[("answer", "yes")]);
            let replies = at_once(site, agree, |beside| erase(beside, "member"));
            no_fault(&replies);
            assert_eq!(replies[1].status, StatusCode::OK, "{}", replies[1].body);
            assert!(count(site, TIES) <= 1);
            let named = count(
                site,
                "SELECT COUNT(*) FROM tie WHERE object_benefit LIKE '%แผนที่%' AND subject_id IN (SELECT id FROM actor WHERE gone_at IS NULL)",
            );
            assert_eq!(named, 0);
            let today = site.sign_in("coordinator").page("/today");
            assert!(!today.contains(&at), "nothing is left to do about it: {today}");
            sound(site);
        });
    }
}

#[test]
fn who_introduces_leaves_while_the_last_yes_is_said() {
    for _ in 0..ROUNDS {
        on_demo(|site| {
            let at = half_agreed(site, "coordinator");
            let (yes, signed_in) = (format!("{at}/answer"), site.sign_in("member"));
            let agree = |_: &Site| signed_in.post(&yes, &[("answer", "yes")]);
            let replies = at_once(site, agree, |beside| erase(beside, "supporter"));
            no_fault(&replies);
            assert_eq!((replies[0].status, count(site, TIES)), (StatusCode::SEE_OTHER, 1), "the two met");
            let page = site.sign_in("member").page(&at);
            assert!(page.contains("รู้จักกันแล้ว") && !page.contains("อาจารย์วิทย์"), "{page}");
            sound(site);
        });
    }
}

/// Logs a visit between member and coordinator.
fn log(site: &Site, who: &str, with: &str, once: &str) -> Reply {
    let today = app::dates::day(site.fresh.clock.now()).to_string();
    let fields = [
        ("once", once),
        ("date", today.as_str()),
        ("with", with),
        ("channel", "visit"),
        ("answered", "mutual"),
        ("outcome", "help"),
        ("summary", "ไปเยี่ยมยาย"),
    ];
    site.sign_in(who).post("/ties/log", &fields)
}

fn touched(site: &Site, holder: ActorId, other: ActorId) -> Option<i64> {
    kept(site, holder, other).row.touch_on
}

#[test]
fn whoever_moves_to_another_zone_while_a_contact_is_logged_keeps_both() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        for (round, zone) in ["America/Los_Angeles", "Asia/Tokyo", "Asia/Bangkok"].into_iter().enumerate() {
            let (once, with) = (format!("midway-zone-{round}"), da.to_string());
            let replies = at_once(
                site,
                |site| site.sign_in("member").post("/rhythm/zone", &[("zone", zone)]),
                |beside| log(beside, "member", &with, &once),
            );
            for reply in &replies {
                assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
            }
            let logged = count(site, "SELECT COUNT(*) FROM contact WHERE summary = 'ไปเยี่ยมยาย'");
            assert_eq!(logged, i64::try_from(round).unwrap() + 1);
            let days = (touched(site, nan, da).unwrap() - touched(site, da, nan).unwrap()).abs();
            assert!(days <= 1, "the same visit, a day apart at most");
        }
        sound(site);
    });
}

#[test]
fn two_who_log_while_the_clock_is_set_back_lose_nothing_and_move_nothing_back() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let first = log(site, "member", &da.to_string(), "midway-clock-1");
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
        let before = (touched(site, nan, da), touched(site, da, nan));
        site.fresh.clock.advance(-3 * Micros::DAY);
        let replies = at_once(
            site,
            |site| log(site, "member", &da.to_string(), "midway-clock-2"),
            |beside| log(beside, "coordinator", &nan.to_string(), "midway-clock-3"),
        );
        for reply in &replies {
            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
        }
        assert_eq!(count(site, "SELECT COUNT(*) FROM contact WHERE summary = 'ไปเยี่ยมยาย'"), 3);
        assert_eq!((touched(site, nan, da), touched(site, da, nan)), before, "what was later stays later");
        // what was written before the clock was set back lies behind it again
        site.fresh.clock.advance(4 * Micros::DAY);
        sound(site);
    });
}
