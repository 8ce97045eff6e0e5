//! The rhythm as members meet it: who is due, two taps, undo, and the traps (11, 13, 19), on both databases.

use app::parts::Reminder;
use app::{rhythm, ties};
use axum::http::StatusCode;
use network::rhythm::State;
use network::vocabulary::{Channel, Direction, Relation, TieOrigin};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Micros, Viewer, params};

use crate::joining::own_id;
use crate::site::{Site, on_demo};

/// Ties two members, as an introduction would.
pub fn tied(site: &Site, one: ActorId, other: ActorId) {
    site.db
        .write(&Acting::system("test"), |w| {
            let network = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let bound = ties::Bound {
                subject: one,
                object: other,
                network: Some(network),
                relation: Relation::Colleague,
                origin: TieOrigin::Introduction,
                introduced_by: None,
                offers: "",
                asks: "",
                benefit: "",
            };
            let id = ties::bind(w, &bound)?;
            w.done(&Entry::new(Act::Do, "test.write", id.0), ())
        })
        .unwrap();
}

pub fn id_of(site: &Site, account: &str) -> ActorId {
    own_id(&site.sign_in(account)).parse().unwrap()
}

/// 22 November 2026, when tests begin.
const NOON_DAY: i64 = 20_779;

pub fn kept(site: &Site, holder: ActorId, other: ActorId) -> rhythm::Kept {
    site.db.read(&Viewer::System("test"), |r| rhythm::kept(r, holder, other)).unwrap().unwrap()
}

pub fn log(site: &Site, who: &[ActorId], at: Micros, direction: Direction) {
    assert!(try_log(site, who, at, direction), "nobody else was writing");
}

/// Whether it was logged; it was not when somebody else wrote the same all the time.
fn try_log(site: &Site, who: &[ActorId], at: Micros, direction: Direction) -> bool {
    let done = site.db.write(&Acting::system("test"), |w| {
        let mut draft = ties::ContactDraft::now(who[0], who[1], at, Channel::Phone);
        draft.who = who.to_vec();
        draft.direction = direction;
        let id = ties::log(w, &draft)?;
        w.done(&Entry::new(Act::Do, "test.write", id.0), ())
    });
    match done {
        Ok(()) => true,
        Err(store::Error::Busy) => false,
        Err(error) => panic!("{error}"),
    }
}

/// What a letter would note of this care as it was looked at.
fn reminder(of: &rhythm::Kept) -> Reminder {
    Reminder {
        care: of.row.id,
        version: of.row.version,
        prompts: of.row.prompts,
        from: of.prompted.from(&of.care, of.today),
        today: of.today,
        about: of.row.other,
        title: String::new(),
        why: String::new(),
        link: String::new(),
    }
}

/// Notes that a letter reminds of it; whether that counts.
fn prompted(site: &Site, reminder: &Reminder) -> bool {
    site.db
        .write(&Acting::system("test"), |w| {
            let fresh = rhythm::prompted(w, reminder, &[network::telling::Channel::Email])?;
            w.done(&Entry::new(Act::Do, "test.write", reminder.care.0), fresh)
        })
        .unwrap()
}

/// A new member of the demo's network, to be tied with.
pub fn newcomer(site: &Site, name: &str) -> ActorId {
    use network::vocabulary::{ActorKind, Consent, MembershipState, Role};
    site.db
        .write(&Acting::system("test"), |w| {
            let network = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let id = app::members::enter(w, &app::members::Sketch::named(ActorKind::Person, name))?;
            app::members::join(w, network, id, Role::Member, "", MembershipState::Member)?;
            app::members::record_consent(w, id, Consent::Given, "paper", "")?;
            w.done(&Entry::new(Act::Do, "test.write", id.0), id)
        })
        .unwrap()
}

#[test]
fn who_is_due_stands_in_today_and_two_taps_log_it() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let member = site.sign_in("member");
        assert!(!member.page("/today").contains("ติดต่อพี่ดา"), "nobody is due on the first day");
        site.fresh.clock.advance(46 * Micros::DAY);
        let member = site.sign_in("member");
        let today = member.page("/today");
        assert!(today.contains("ติดต่อพี่ดา"), "who is new comes up at half the gap");
        assert!(today.contains("ยังไม่มีบันทึกว่าได้คุยกัน"), "and the card says why");

        let taps = [("once", "two-taps-1"), ("channel", "line"), ("answered", "mutual"), ("back", "/today")];
        let address = format!("/ties/contact/{da}");
        let to = member.done(&address, &taps);
        assert!(to.starts_with("/today?logged=con_"));
        assert_eq!(member.done(&address, &taps), to, "a double click makes one object (trap 13)");
        let after = member.page(&to);
        assert!(!after.contains("ติดต่อพี่ดา"), "no longer due");
        let undo = after.split("/ties/contacts/con_").nth(1).and_then(|s| s.split('/').next()).unwrap();
        assert_eq!(kept(site, nan, da).state(), State::Fresh);
        assert_eq!(kept(site, da, nan).state(), State::Fresh, "and for the other side");

        let undo = format!("/ties/contacts/con_{undo}/undo");
        assert_eq!(
            site.sign_in("coordinator").post(&undo, &[]).status,
            StatusCode::SEE_OTHER,
            "what somebody else wrote down stays"
        );
        assert_eq!(kept(site, nan, da).state(), State::Fresh);
        member.done(&undo, &[]);
        assert!(member.page("/today").contains("ติดต่อพี่ดา"), "taken back, due again");
        member.done(&undo, &[]);
        assert_eq!(kept(site, nan, da).care.history.touch, None);
        member.done(&address, &[("channel", "phone"), ("back", "/today")]);
        site.fresh.clock.advance(90 * Micros::DAY);
        let today = site.sign_in("member").page("/today");
        assert!(today.contains("ครบรอบ 90 วัน คุยกันล่าสุด 7\u{a0}ม.ค.\u{a0}2570"), "{today}");
        site.fresh.clock.advance(46 * Micros::DAY);
        let today = site.sign_in("member").page("/today");
        assert!(today.contains("เลยรอบมา 1 วัน คุยกันล่าสุด 7\u{a0}ม.ค.\u{a0}2570"), "{today}");
    });
}

#[test]
fn attempts_do_not_move_it_and_backfilling_never_moves_it_back_trap_11() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let now = site.fresh.clock.now();
        let ago = |days: i64| now.plus(-days * Micros::DAY);
        log(site, &[nan, da], ago(10), Direction::Mutual);
        let touch = kept(site, nan, da).care.history.touch;
        log(site, &[nan, da], ago(40), Direction::Mutual);
        assert_eq!(kept(site, nan, da).care.history.touch, touch, "written down late, it stays where it was");
        for days in [3, 2, 1] {
            log(site, &[nan, da], ago(days), Direction::Outbound);
        }
        let mine = kept(site, nan, da);
        assert_eq!((mine.care.history.touch, mine.care.history.attempts), (touch, 3));
        assert_eq!(mine.state(), State::Unanswered);
        let theirs = kept(site, da, nan);
        assert_eq!((theirs.care.history.touch, theirs.care.history.attempts), (touch, 0));
        assert!(theirs.care.history.inbound.is_some(), "they were called");
        log(site, &[nan, da], now, Direction::Broadcast);
        assert_eq!(kept(site, nan, da).care.history.touch, touch, "a word to everybody is no touch");
        log(site, &[nan, da], ago(5), Direction::Inbound);
        let after = kept(site, nan, da).care.history;
        assert!(after.touch > touch && after.attempts == 3, "attempts after that talk still count");
        log(site, &[da, nan], now, Direction::Mutual);
        assert_eq!(kept(site, nan, da).care.history.attempts, 0);
        assert_eq!(kept(site, nan, da).state(), State::Fresh);
    });
}

#[test]
fn several_contacts_of_a_group_share_one_rhythm() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        let somsri = newcomer(site, "สมศรี ดีงาม");
        let group = site
            .db
            .write(&Acting::system("test"), |w| {
                let network = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
                let sketch =
                    app::members::Sketch::named(network::vocabulary::ActorKind::Group, "กลุ่มแม่บ้านดอนแก้ว");
                let group = app::members::enter(w, &sketch)?;
                let (role, state) =
                    (network::vocabulary::Role::Member, network::vocabulary::MembershipState::Member);
                app::members::join(w, network, group, role, "", state)?;
                for steward in [da, somsri] {
                    app::joining::add_steward(w, group, steward)?;
                }
                w.done(&Entry::new(Act::Do, "test.write", group.0), group)
            })
            .unwrap();
        tied(site, nan, group);
        let now = site.fresh.clock.now();
        log(site, &[somsri, nan], now.plus(-2 * Micros::DAY), Direction::Mutual);
        let touch = kept(site, group, nan).care.history.touch.unwrap();
        assert_eq!(kept(site, nan, group).care.history.touch, Some(touch), "both ways");
        log(site, &[nan, da], now, Direction::Mutual);
        assert!(kept(site, group, nan).care.history.touch.unwrap() > touch, "any contact of the group");
    });
}

#[test]
fn putting_off_handing_over_and_letting_go() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        let somsri = newcomer(site, "สมศรี ดีงาม");
        tied(site, nan, somsri);
        tied(site, nan, da);
        site.fresh.clock.advance(46 * Micros::DAY);
        let member = site.sign_in("member");
        let care = kept(site, nan, somsri).row.id;
        assert!(member.page("/today").contains("ติดต่อสมศรี"));
        let settle = format!("/rhythm/{care}/settle");
        member.done(&settle, &[("what", "snooze_14"), ("back", "/today")]);
        assert!(!member.page("/today").contains("ติดต่อสมศรี"));
        site.fresh.clock.advance(14 * Micros::DAY);
        let member = site.sign_in("member");
        assert!(member.page("/today").contains("ติดต่อสมศรี"), "two weeks are over");
        let to = da.to_string();
        member.done(&settle, &[("what", "hand"), ("to", &to), ("back", "//elsewhere.example")]);
        assert!(!member.page("/today").contains("ติดต่อสมศรี"));
        let coordinator = site.sign_in("coordinator");
        assert!(coordinator.page("/today").contains("ติดต่อสมศรี"), "it is with the colleague now");
        assert!(coordinator.page("/today").contains("แนน ฝากให้คุณติดต่อ"));
        log(site, &[da, somsri], site.fresh.clock.now(), Direction::Mutual);
        assert_eq!(kept(site, nan, somsri).state(), State::Fresh, "and whoever has it moves it");
        member.done(&settle, &[("what", "take_back")]);
        member.done(&settle, &[("what", "end")]);
        assert_eq!(kept(site, nan, somsri).state(), State::Ended);
        assert_eq!(
            site.sign_in("supporter").post(&settle, &[("what", "end")]).status,
            StatusCode::NOT_FOUND,
            "nobody else's to settle"
        );
    });
}

#[test]
fn how_often_comes_from_tie_label_role_and_network() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let coordinator = site.sign_in("coordinator");
        let ideal = |site: &Site| kept(site, nan, da).care.cadence.ideal;
        assert_eq!(ideal(site), 90);
        coordinator
            .done("/rhythm/default", &[("role", ""), ("ideal", "60"), ("from", "15/2"), ("to", "15/6")]);
        assert_eq!(ideal(site), 60);
        assert_eq!(kept(site, nan, da).state(), State::Paused, "November is off season");
        coordinator.done("/rhythm/default", &[("role", ""), ("ideal", "60")]);
        coordinator.done("/rhythm/default", &[("role", "coordinator"), ("ideal", "30")]);
        assert_eq!(ideal(site), 30, "toward a coordinator");
        assert_eq!(kept(site, da, nan).care.cadence.ideal, 60, "toward a member");
        let member = site.sign_in("member");
        member.done("/rhythm/labels", &[("name", "พี่เลี้ยง"), ("ideal", "21"), ("weight", "1.5")]);
        let page = member.page(&format!("/members/{da}"));
        let label = page.split("value=\"lab_").nth(1).and_then(|s| s.split('"').next()).unwrap();
        let care = kept(site, nan, da).row.id;
        member.done(&format!("/rhythm/{care}/labels"), &[("labels", &format!("lab_{label}"))]);
        assert_eq!(ideal(site), 21);
        assert!((kept(site, nan, da).care.weight - 1.5).abs() < 1e-9);
        member.done(
            &format!("/rhythm/{care}/cadence"),
            &[("ideal", "๗"), ("max", "10"), ("why", "ปรึกษาเรื่องแผล")],
        );
        assert_eq!(ideal(site), 7);
        let wrong = member.post(&format!("/rhythm/{care}/cadence"), &[("ideal", "เจ็ด"), ("why", "คงอยู่")]);
        assert!(wrong.body.contains("ใส่จำนวนวัน") && wrong.body.contains("คงอยู่"), "keeps what was typed");
        assert!(
            !site.sign_in("coordinator").page(&format!("/members/{nan}")).contains("พี่เลี้ยง"),
            "labels are their holder's alone"
        );
        assert_eq!(member.post("/rhythm/default", &[("ideal", "5")]).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_fixed_date_is_cleared_by_a_touch_near_it() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let member = site.sign_in("member");
        let care = kept(site, nan, da).row.id;
        member.done(&format!("/rhythm/{care}/next"), &[("next", "2026-12-10")]);
        log(site, &[nan, da], site.fresh.clock.now(), Direction::Mutual);
        let fixed = kept(site, nan, da).row.next_fixed_on;
        assert_eq!(fixed, Some(NOON_DAY + 18), "too early");
        site.fresh.clock.advance(15 * Micros::DAY);
        log(site, &[nan, da], site.fresh.clock.now(), Direction::Mutual);
        assert_eq!(kept(site, nan, da).row.next_fixed_on, None, "three days before counts");
        let member = site.sign_in("member");
        let past = member.post(&format!("/rhythm/{care}/next"), &[("next", "2020-01-01")]);
        assert!(past.status == StatusCode::OK && past.body.contains("ตั้งแต่วันนี้"));
    });
}

#[test]
fn twenty_tied_in_one_evening_do_not_fall_due_on_one_day_trap_19() {
    on_demo(|site| {
        let nan = id_of(site, "member");
        for i in 0..20 {
            tied(site, nan, newcomer(site, &format!("เพื่อนคนที่ {i}")));
        }
        let all = site.db.read(&Viewer::System("test"), |r| rhythm::of_holder(r, nan)).unwrap();
        let mut days: Vec<i64> = all.iter().map(rhythm::Kept::due_on).collect();
        days.sort_unstable();
        days.dedup();
        assert!(all.len() == 20 && days.len() >= 6, "{days:?}");
        site.fresh.clock.advance(200 * Micros::DAY);
        let member = site.sign_in("member");
        assert_eq!(
            member.page("/today").matches("/ties/contact/").count(),
            6,
            "three people, two forms each"
        );
    });
}

#[test]
fn days_are_those_of_the_holders_zone_and_a_clock_set_back_harms_nothing() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        site.sign_in("coordinator").done("/rhythm/zone", &[("zone", "America/Los_Angeles")]);
        let now = site.fresh.clock.now();
        log(site, &[nan, da], now, Direction::Mutual);
        let (mine, theirs) = (kept(site, nan, da), kept(site, da, nan));
        assert_eq!(
            mine.row.touch_on,
            theirs.row.touch_on.map(|day| day + 1),
            "noon in Bangkok is yesterday there"
        );
        assert_eq!(
            mine.due_on() - mine.row.touch_on.unwrap(),
            theirs.due_on() - theirs.row.touch_on.unwrap()
        );
        site.fresh.clock.advance(-30 * Micros::DAY);
        assert_eq!(kept(site, nan, da).state(), State::Fresh);
        log(site, &[nan, da], site.fresh.clock.now(), Direction::Mutual);
        assert_eq!(kept(site, nan, da).row.touch_on, mine.row.touch_on, "what was later stays later");
        assert_eq!(site.sign_in("member").get("/today").status, StatusCode::OK);
    });
}

#[test]
fn whoever_moves_to_another_zone_loses_nothing_and_is_asked_once() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        log(site, &[nan, da], site.fresh.clock.now(), Direction::Mutual);
        let before = kept(site, nan, da);
        let moves_to = |zone: &str| site.sign_in("member").done("/rhythm/zone", &[("zone", zone)]);
        for zone in ["America/Los_Angeles", "Asia/Tokyo", "Asia/Bangkok"] {
            moves_to(zone);
            let moved = kept(site, nan, da);
            assert_eq!(moved.row.touch_on, before.row.touch_on, "{zone}: it was on the day it was");
            assert_eq!((moved.due_on(), moved.state()), (before.due_on(), State::Fresh), "{zone}");
        }
        // noon of the day it is time in Bangkok, and the evening before in Los Angeles
        site.fresh.clock.advance((before.due_on() - NOON_DAY) * Micros::DAY);
        let due = || site.db.read(&Viewer::System("test"), |r| rhythm::to_prompt(r, nan)).unwrap();
        for (zone, asked) in [("America/Los_Angeles", 0), ("Asia/Bangkok", 1)] {
            moves_to(zone);
            assert_eq!(due().len(), asked, "{zone}");
        }
        let (on, read) = (before.due_on(), reminder(&kept(site, nan, da)));
        let prompt = || prompted(site, &read);
        assert!(prompt());
        for zone in ["America/Los_Angeles", "Asia/Tokyo", "Asia/Bangkok"] {
            moves_to(zone);
            assert_eq!((due().len(), prompt()), (0, false), "{zone}: not asked a second time");
            assert_eq!(kept(site, nan, da).due_on(), on);
        }
    });
}

#[test]
fn a_prompt_is_made_once_and_a_touch_dismisses_it() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        site.fresh.clock.advance(46 * Micros::DAY);
        let due = || site.db.read(&Viewer::System("test"), |r| rhythm::to_prompt(r, nan)).unwrap();
        let first = due();
        assert_eq!(first.len(), 1);
        let (care, read) = (first[0].kept.row.id, reminder(&first[0].kept));
        let prompt = || prompted(site, &read);
        assert!(prompt());
        assert!(!prompt(), "the same matter is not said twice");
        assert!(due().is_empty(), "nor within its cycle");
        log(site, &[nan, da], site.fresh.clock.now(), Direction::Mutual);
        let states: Vec<String> = site
            .db
            .read(&Viewer::System("test"), |r| {
                r.all("SELECT state FROM prompt WHERE care_id = $1", params![care])
            })
            .unwrap();
        assert_eq!(states, ["dismissed_system"]);
        site.fresh.clock.advance(91 * Micros::DAY);
        assert_eq!(due().len(), 1, "a touch begins a new cycle");
    });
}

#[test]
fn two_who_log_at_once_lose_nothing() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let beside = site.beside();
        let now = site.fresh.clock.now();
        std::thread::scope(|threads| {
            for (site, ago) in [(site, 1), (&beside, 2)] {
                threads.spawn(move || {
                    for i in 0..8 {
                        let at = now.plus(-(ago + i) * Micros::HOUR);
                        // who is told that somebody else was writing does it again, as a person would
                        while !try_log(site, &[nan, da], at, Direction::Mutual) {}
                    }
                });
            }
        });
        let care = kept(site, nan, da);
        assert_eq!(care.row.touch_at, Some(now.plus(-Micros::HOUR)));
        let count: i64 = site
            .db
            .read(&Viewer::System("test"), |r| {
                r.one("SELECT COUNT(*) FROM contact WHERE channel = 'phone'", &[])
            })
            .unwrap();
        assert_eq!(count, 16);
    });
}

#[test]
fn coordinators_see_the_share_on_time_from_five_people_on() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let coordinator = site.sign_in("coordinator");
        assert!(coordinator.page("/rhythm").contains("ยังบอกภาพรวมไม่ได้"));
        for i in 0..3 {
            tied(site, nan, newcomer(site, &format!("เพื่อนคนที่ {i}")));
        }
        assert!(coordinator.page("/rhythm").contains("ทันรอบ 100 ใน 100"));
        assert!(!site.sign_in("member").page("/rhythm").contains("ทั้งเครือข่าย"));
    });
}

#[test]
fn who_is_erased_is_nobody_to_be_reminded_of() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        site.fresh.clock.advance(46 * Micros::DAY);
        let coordinator = site.sign_in("coordinator");
        assert!(coordinator.page("/today").contains("ติดต่อแนน"));
        let member = site.sign_in("member");
        member.done("/rhythm/labels", &[("name", "คนสนิท"), ("ideal", "7"), ("weight", "1")]);
        let fields = [("password", saan::demo::PASSWORD), ("sure", "1")];
        assert_eq!(member.post("/joining/erase", &fields).status, StatusCode::OK);
        let left: i64 = site
            .db
            .read(&Viewer::System("test"), |r| {
                r.one(
                    "SELECT (SELECT COUNT(*) FROM care WHERE holder_id = $1) + (SELECT COUNT(*) FROM label \
                     WHERE holder_id = $1)",
                    params![nan],
                )
            })
            .unwrap();
        assert_eq!(left, 0, "what they kept of others is gone");
        assert!(!coordinator.page("/today").contains("/ties/contact/"));
        assert_eq!(kept(site, da, nan).state(), State::Ended, "the other side keeps that it was");
    });
}

#[test]
fn a_group_agrees_when_as_many_of_its_stewards_do_as_its_rule_says() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        let wit = id_of(site, "supporter");
        let group = site
            .db
            .write(&Acting::system("test"), |w| {
                let network = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
                let sketch = app::members::Sketch::named(network::vocabulary::ActorKind::Group, "กลุ่มทอผ้า");
                let group = app::members::enter(w, &sketch)?;
                let (role, state) =
                    (network::vocabulary::Role::Member, network::vocabulary::MembershipState::Member);
                app::members::join(w, network, group, role, "", state)?;
                for steward in [da, wit] {
                    app::joining::add_steward(w, group, steward)?;
                }
                w.done(&Entry::new(Act::Do, "test.write", group.0), group)
            })
            .unwrap();
        let (first, second) = (site.sign_in("coordinator"), site.sign_in("supporter"));
        for steward in [&first, &second] {
            steward.done(&format!("/joining/act-as/{group}"), &[]);
        }
        first.done("/ties/rule", &[("stewards", "2")]);
        let member = site.sign_in("member");
        assert_eq!(
            member.post("/ties/rule", &[("stewards", "2")]).status,
            StatusCode::FORBIDDEN,
            "a person's own"
        );
        let whom = group.to_string();
        let tie =
            member.done("/ties/new", &[("with", &whom), ("offers", "สอนวัดความดัน"), ("relation", "partner")]);
        let answer = format!("{tie}/answer");
        first.done(&answer, &[("answer", "yes")]);
        first.done(&answer, &[("answer", "yes")]);
        assert!(member.page(&tie).contains("รอคำตอบ"), "one of two is not enough, twice neither");
        assert!(second.page(&tie).contains("ตกลงแล้ว 1 คน ตามกติกาของกลุ่มต้องครบ 2 คน"));
        second.done(&answer, &[("answer", "yes")]);
        assert!(member.page(&tie).contains("เชื่อมกันแล้ว"));
        assert_eq!(kept(site, nan, group).state(), State::Fresh);
    });
}
