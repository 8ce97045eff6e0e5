use app::exchanges::HopesAsked;
use axum::http::StatusCode;
use network::promise::Side as PromiseSide;
use network::vocabulary::{Alone, Benefit, ExchangeAction};
use store::ids::ActorId;
use store::{Acting, Error, Micros, Viewer, params};

use crate::joining::own_id;
use crate::promises::day;
use crate::site::{Person, Site, on_demo};

/// A person of the network, with consent, so that there are enough for a figure.
pub fn someone(site: &Site, name: &str) -> ActorId {
    site.db
        .write(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let sketch = app::members::Sketch::named(network::vocabulary::ActorKind::Person, name);
            let id = app::members::enter(w, &sketch)?;
            let state = network::vocabulary::MembershipState::Member;
            app::members::join(w, network, id, network::vocabulary::Role::Member, "", state)?;
            app::members::record_consent(w, id, network::vocabulary::Consent::Given, "paper", "")?;
            w.finished(id)
        })
        .unwrap()
}

/// Records and confirms an exchange between two, as a job would.
fn exchanged(site: &Site, provider: ActorId, receiver: ActorId, what: &str, benefits: &[Benefit]) {
    site.db
        .write(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let draft = app::exchanges::Draft {
                network,
                provider,
                receiver,
                what: what.to_owned(),
                action: ExchangeAction::DeliverService,
                quantity: String::new(),
                effort_minutes: None,
                on_day: w.now().day(7),
                intent: None,
                promise: None,
                benefits: benefits.to_vec(),
            };
            app::exchanges::record(w, &draft, PromiseSide::Receiver)
                .map_err(|error| Error::Fault(error.to_string()))?;
            w.finished(())
        })
        .unwrap();
}

fn id_of(person: &Person<'_>) -> ActorId {
    own_id(person).parse().unwrap()
}

fn received<'a>(with: &'a str, what: &'a str, key: &'a str, on: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("with", with),
        ("way", "received"),
        ("what", what),
        ("action", "cite"),
        ("benefits", "knowledge"),
        ("benefits", "happiness"),
        ("hours", "๑.๕"),
        ("on", on),
        ("once", key),
    ]
}

#[test]
fn e7_an_exchange_without_a_promise_is_recorded_once_and_counted_by_kind() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (with, today) = (own_id(&other), day(&one, 0));
        let mut form = received(&with, "สอนทำแผลกดทับ", "record-1", &today);
        form.push(("thanks", "เข้าใจขึ้นมาก"));
        let page = one.done("/exchanges/new", &form);
        assert_eq!(one.done("/exchanges/new", &form), page, "a second tap records one");
        let shown = other.page(page.split('?').next().unwrap());
        assert!(shown.contains("ยืนยันแล้ว") && shown.contains("1.5 ชั่วโมง") && shown.contains("เข้าใจขึ้นมาก"));
        let mine = one.page("/exchanges");
        assert!(mine.contains("ให้ 0 ครั้ง ได้รับ 1 ครั้ง"));
        assert!(mine.contains("ความรู้") && mine.contains("ความสุข"), "by kind");
        let theirs = other.page("/exchanges");
        assert!(theirs.contains("ให้ 1 ครั้ง ได้รับ 0 ครั้ง") && theirs.contains("ความรู้"));

        // what one gave waits for the other's tap, and counts only then
        let gave = [
            ("with", with.as_str()),
            ("way", "gave"),
            ("what", "ให้ยืมเครื่องวัดความดัน"),
            ("on", today.as_str()),
            ("once", "record-2"),
        ];
        let page = one.done("/exchanges/new", &gave);
        assert!(one.page("/exchanges").contains("ให้ 0 ครั้ง ได้รับ 1 ครั้ง"));
        let page = page.split('?').next().unwrap().to_owned();
        assert_eq!(one.post(&format!("{page}/confirm"), &[]).status, StatusCode::CONFLICT);
        other.done(&format!("{page}/confirm"), &[("once", "confirm-9")]);
        other.done(&format!("{page}/confirm"), &[("once", "confirm-8")]);
        assert!(one.page("/exchanges").contains("ให้ 1 ครั้ง ได้รับ 1 ครั้ง"));
        assert_eq!(site.sign_in("supporter").get(&page).status, StatusCode::NOT_FOUND);

        let tomorrow = day(&one, 1);
        let bad = one.post("/exchanges/new", &received(&with, "", "record-3", &tomorrow));
        assert!(
            bad.body.contains("ไม่ใช่วันในอนาคต") && bad.body.contains("value=\"๑.๕\""),
            "what was typed stays"
        );
    });
}

#[test]
fn e5_neither_learns_whether_the_other_could_have_done_it_alone() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (with, today) = (own_id(&other), day(&one, 0));
        let page = one.done("/exchanges/new", &received(&with, "จัดเวทีสุขภาพ", "record-4", &today));
        let page = page.split('?').next().unwrap().to_owned();
        let unanswered = one.page(&page);
        other.done(
            &format!("{page}/gained"),
            &[("benefits", "recognition"), ("alone", "could_not"), ("once", "alone-12")],
        );
        let strip = |page: &str| -> String {
            page.split("name=\"once\" value=\"")
                .enumerate()
                .map(|(n, part)| if n == 0 { part } else { part.split_once('"').unwrap().1 })
                .collect()
        };
        assert_eq!(
            strip(&one.page(&page)),
            strip(&unanswered),
            "the other's answer changes nothing I can see"
        );
        // one's own may change until both have answered
        other.done(&format!("{page}/gained"), &[("alone", "with_effort"), ("once", "alone-13")]);
        one.done(&format!("{page}/gained"), &[("alone", "could_not"), ("once", "alone-14")]);
        assert!(one.page(&page).contains("ตอบครบทั้งสองฝ่ายแล้ว"));
        assert_eq!(
            other.post(&format!("{page}/gained"), &[("alone", "could")]).status,
            StatusCode::CONFLICT,
            "then both stand"
        );
        let words: Vec<String> = site
            .db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.all("SELECT alone FROM exchange_answer ORDER BY alone", params![])
            })
            .unwrap();
        assert_eq!(words, [Alone::CouldNot.word(), Alone::WithEffort.word()]);
    });
}

#[test]
fn n7_what_leans_to_one_side_is_told_kindly_to_those_concerned_alone() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (a, b) = (id_of(&one), id_of(&other));
        for n in 0..5 {
            exchanged(site, a, b, &format!("ช่วยครั้งที่ {n}"), &[Benefit::Skill]);
        }
        let giver = one.page("/exchanges");
        assert!(giver.contains("ช่วงนี้คุณให้มากกว่าที่ได้รับ") && giver.contains("คุณเป็นฝ่ายให้"), "{giver}");
        let receiver = other.page("/exchanges");
        assert!(receiver.contains("ช่วงนี้คุณได้รับมากกว่าที่ให้"));
        assert!(receiver.contains("บอกสิ่งที่ให้ได้"), "with a step");
        // a need that fits what they offer is the better step
        crate::giving::post(&one, "need", "อยากได้คนติดราวจับในห้องน้ำให้ผู้สูงอายุ", &["care.home_repair"]);
        crate::giving::post(&other, "offer", "รับติดราวจับในห้องน้ำและซ่อมพื้นลื่นให้ผู้สูงอายุ", &["care.home_repair"]);
        assert!(other.page("/exchanges").contains("อยากได้คนติดราวจับ"), "a concrete need of the other's");
        assert!(one.page("/exchanges").contains("รับติดราวจับ"), "and what the giver could take");
        for page in ["/exchanges", "/exchanges/network", "/members"] {
            let third = site.sign_in("supporter").page(page);
            assert!(!third.contains("ช่วงนี้คุณ") && !third.contains("ให้ 5 ครั้ง"));
        }
        // what comes back through others is even
        let third = someone(site, "ครูแดง");
        for n in 0..5 {
            exchanged(site, third, a, &format!("ตอบแทนครั้งที่ {n}"), &[Benefit::Knowledge]);
        }
        assert!(!one.page("/exchanges").contains("คุณเป็นฝ่าย"), "the circle is even");
    });
}

#[test]
fn the_networks_whole_speaks_of_five_people_or_not_at_all() {
    on_demo(|site| {
        let person = site.sign_in("member");
        let people: Vec<ActorId> = (0..6).map(|n| someone(site, &format!("คนที่ {n}"))).collect();
        for n in 0..3 {
            exchanged(site, people[n], people[3], "เรื่องหนึ่ง", &[Benefit::Skill]);
        }
        let few = person.page("/exchanges/network");
        assert!(!few.contains("3 ครั้ง"), "four people are no figure");
        for n in 0..5 {
            exchanged(site, people[n], people[n + 1], "อีกเรื่อง", &[Benefit::Happiness]);
        }
        let whole = person.page("/exchanges/network");
        assert!(whole.contains("ให้กันและยืนยันแล้ว 8 ครั้ง"));
        assert!(whole.contains("ความสุข"), "five different givers");
        assert!(!whole.contains("ทักษะ"), "three givers of a skill are not shown");
        for n in 0..6 {
            assert!(!whole.contains(&format!("คนที่ {n}")), "nobody is named");
        }
    });
}

#[test]
fn e3_hopes_are_asked_again_after_half_a_year_and_shown_of_five_people() {
    on_demo(|site| {
        let member = site.sign_in("member");
        assert!(member.page("/exchanges").contains("บอกสิ่งที่หวังจากเครือข่าย"));
        let (asks, asks_again) = ("อยากได้อะไรจากเครือข่ายนี้", "สิ่งที่หวังจากเครือข่าย ได้มาแค่ไหนแล้ว");
        assert!(member.page("/today").contains(asks), "who has just joined is asked");
        site.fresh.clock.advance(60 * Micros::DAY);
        let member = site.sign_in("member");
        assert!(!member.page("/today").contains(asks), "and not for ever");
        site.fresh.clock.advance(125 * Micros::DAY);
        let member = site.sign_in("member");
        assert!(member.page("/today").contains(asks), "but again after half a year");
        member.done(
            "/exchanges/hopes",
            &[("hopes", "knowledge"), ("hopes", "belonging"), ("once", "hopes-12")],
        );
        let due = |site: &Site| {
            site.db
                .read::<_, Error>(&Viewer::System("test"), |r| {
                    let network: ActorId = r.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
                    let me: ActorId = r.one("SELECT actor_id FROM expectation LIMIT 1", &[])?;
                    app::exchanges::hopes_due(r, network, me)
                })
                .unwrap()
        };
        assert_eq!(due(site), None);
        assert!(!member.page("/today").contains(asks));
        site.fresh.clock.advance(183 * Micros::DAY);
        assert_eq!(due(site), Some(HopesAsked::Again), "twice a year");
        let member = site.sign_in("member");
        assert!(member.page("/today").contains(asks_again));
        member.done(
            "/exchanges/hopes",
            &[
                ("hopes", "knowledge"),
                ("level-knowledge", "5"),
                ("level-belonging", "1"),
                ("once", "hopes-13"),
            ],
        );
        assert_eq!(due(site), None);
        let page = member.page("/exchanges/hopes");
        assert!(page.contains("name=\"level-knowledge\" value=\"5\" checked"), "{page}");
        assert!(!page.contains("level-belonging"), "a hope that was taken back is gone");
        let whole = member.page("/exchanges/network");
        assert!(!whole.contains("ครึ่งหนึ่งได้"), "one person is no figure");
        let people: Vec<ActorId> = (0..5).map(|n| someone(site, &format!("ผู้หวัง {n}"))).collect();
        site.db
            .write(&Acting::system("test"), |w| {
                let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
                for person in &people {
                    app::exchanges::put_hope(w, network, *person, &[Benefit::Skill, Benefit::Money])?;
                    app::exchanges::put_level(
                        w,
                        network,
                        *person,
                        &[(Benefit::Skill, 4), (Benefit::Money, 2)],
                    )?;
                }
                w.finished(())
            })
            .unwrap();
        assert!(member.page("/exchanges/network").contains("บุคคล 6 ราย · ครึ่งหนึ่งได้ตั้งแต่ร้อยละ 50"));
    });
}

#[test]
fn public_thanks_are_read_by_members_and_private_ones_by_two() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let (with, today) = (own_id(&other), day(&one, 0));
        let page = one.done("/exchanges/new", &received(&with, "สอนใช้แอป", "record-5", &today));
        let page = page.split('?').next().unwrap().to_owned();
        let member_page = format!("/members/{with}");
        one.done(&format!("{page}/thanks"), &[("words", "ใช้คล่องแล้ว"), ("once", "thanks-12")]);
        let third = site.sign_in("supporter");
        assert!(!third.page(&member_page).contains("ใช้คล่องแล้ว"));
        assert!(other.page(&member_page).contains("ใช้คล่องแล้ว"));
        one.done(
            &format!("{page}/thanks"),
            &[("words", "ใช้คล่องแล้ว"), ("public", "1"), ("once", "thanks-13")],
        );
        assert!(third.page(&member_page).contains("ใช้คล่องแล้ว"));
        assert_eq!(
            other.page("/notices").matches("ใช้คล่องแล้ว").count(),
            1,
            "thanking again replaces the words and tells once"
        );
        let empty = one.post(&format!("{page}/thanks"), &[("words", "")]);
        assert!(empty.body.contains("aria-invalid"));
    });
}
