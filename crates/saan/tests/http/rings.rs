//! Rings of giving (E5, N7): three who could give in a circle are found among offers and needs, asked without anybody
//! learning who said no, and promise each other when all three agree.

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::Micros;

use crate::giving::post;
use crate::joining::own_id;
use crate::races::{at_once, count, sound};
use crate::site::{Person, Site, on_demo};

/// What each gives the next: the coordinator to the member, she to the supporter, he to the coordinator.
const STEPS: [(&str, &str, &str); 3] = [
    ("care.home_repair", "รับติดราวจับในห้องน้ำและซ่อมพื้นลื่นให้ผู้สูงอายุ", "อยากได้คนติดราวจับในห้องน้ำให้ยาย"),
    ("it.digital_literacy", "สอนคนเฒ่าใช้มือถือและไลน์", "อยากให้สอนใช้มือถือและไลน์ให้คนเฒ่า"),
    ("log.transport", "มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้", "อยากได้รถรับส่งไปโรงพยาบาลหาหมอ"),
];

struct Three<'a> {
    all: [Person<'a>; 3],
}

fn three(site: &Site) -> Three<'_> {
    let all = ["coordinator", "member", "supporter"].map(|name| site.sign_in(name));
    for (at, (category, offer, need)) in STEPS.iter().enumerate() {
        post(&all[at], "offer", offer, &[*category]);
        post(&all[(at + 1) % 3], "need", need, &[*category]);
    }
    Three { all }
}

/// Asks the three and answers where they say what they think of it.
fn asked(three: &Three<'_>) -> String {
    let page = three.all[0].page("/promises/rings");
    for (_, offer, need) in STEPS {
        assert!(page.contains(offer) && page.contains(need), "{offer}, {need} in {page}");
    }
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("key", key), ("once", "ring-once-01")];
    assert_eq!(three.all[0].done("/promises/rings", &fields), "/promises/rings");
    three.all[0].done("/promises/rings", &fields);
    let mine = three.all[1].page("/promises");
    let at = mine.split("action=\"/promises/rings/").nth(1).unwrap();
    format!("/promises/rings/{}", at.split('"').next().unwrap())
}

/// Somebody else of the network, with an account.
fn fourth(site: &Site) -> Person<'_> {
    let host = site.sign_in("coordinator");
    let page = host.page(&host.done("/joining/invite", &[("once", "ring-guest-01")]));
    let link = page.split("/joining/i/").nth(1).unwrap().split(['"', '<']).next().unwrap();
    let fields = [
        ("once", "ring-guest-02"),
        ("nickname", "ปุย"),
        ("name", "ปุย ใจงาม"),
        ("login", "puy"),
        ("password", "ฝนตกหนักที่ดอยเมื่อคืน"),
        ("consent", "1"),
    ];
    site.stranger().comes_in(&format!("/joining/i/{link}"), &fields)
}

#[test]
fn n7_three_who_could_give_in_a_circle_are_found_asked_and_promise_each_other() {
    on_demo(|site| {
        let three = three(site);
        let at = asked(&three);
        assert_eq!(count(site, "SELECT COUNT(*) FROM ring"), 1, "a second tap asks once");
        assert!(
            !three.all[0].page("/promises/rings").contains("name=\"key\""),
            "what was asked is not found again"
        );
        // those concerned and nobody else
        for person in &three.all {
            assert!(person.page("/promises").contains("มีวงให้กันที่คุณช่วยให้ครบได้"));
        }
        for person in &three.all[1..] {
            assert!(person.page("/notices").contains("วงให้กัน"), "and told, but for who asked");
        }
        let other = fourth(site);
        assert!(!other.page("/promises").contains("วงให้กัน"));
        assert_eq!(other.post(&at, &[("answer", "yes")]).status, StatusCode::NOT_FOUND);
        for person in [&three.all[1], &other] {
            assert_eq!(person.get("/promises/rings").status, StatusCode::FORBIDDEN);
        }

        // two agree: nothing is promised yet, and the third cannot see that they did
        let keyless = |page: String| page.split("name=\"once\"").next().unwrap().to_owned();
        let before = keyless(three.all[2].page("/promises"));
        three.all[0].done(&at, &[("answer", "yes")]);
        three.all[1].done(&at, &[("answer", "yes")]);
        three.all[1].done(&at, &[("answer", "no")]);
        assert_eq!(keyless(three.all[2].page("/promises")), before);
        assert_eq!(count(site, "SELECT COUNT(*) FROM promise"), 0);
        three.all[2].done(&at, &[("answer", "yes")]);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM promise WHERE state = 'accepted' AND ring_id IS NOT NULL"),
            3
        );

        // each keeps one promise and gets one: done and confirmed as any other
        let ids: Vec<String> = three.all.iter().map(own_id).collect();
        for (at, (_, _, need)) in STEPS.iter().enumerate() {
            let (giver, receiver) = (&three.all[at], &three.all[(at + 1) % 3]);
            let list: Value = serde_json::from_str(&giver.page("/api/v1/promises")).unwrap();
            let promise = list["open"]
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one["provider"] == json!(ids[at]))
                .unwrap_or_else(|| panic!("{list}"));
            assert_eq!(promise["what"], json!(need), "what the other asked for");
            let id = promise["id"].as_str().unwrap();
            let exchange =
                giver.done(&format!("/exchanges/kept/{id}"), &[("once", &*format!("ring-kept-{at:04}"))]);
            let exchange = exchange.split('?').next().unwrap();
            let confirmed = [("words", "ขอบคุณ"), ("close", "1"), ("once", &*format!("ring-conf-{at:04}"))];
            receiver.done(&format!("{exchange}/confirm"), &confirmed);
        }
        for person in &three.all {
            assert!(person.page("/exchanges").contains("ให้ 1 ครั้ง ได้รับ 1 ครั้ง"), "no two gave each other");
        }
        assert_eq!(count(site, "SELECT COUNT(*) FROM intent WHERE side = 'need' AND state = 'open'"), 0);
        sound(site);
    });
}

#[test]
fn who_did_not_agree_to_a_ring_nobody_learns_and_it_lapses_at_its_time() {
    on_demo(|site| {
        let three = three(site);
        let at = asked(&three);
        three.all[0].done(&at, &[("answer", "yes")]);
        let keyless = |page: String| page.split("name=\"once\"").next().unwrap().to_owned();
        let before = [keyless(three.all[0].page("/promises")), keyless(three.all[0].page("/promises/rings"))];
        three.all[1].done(&at, &[("answer", "no")]);
        let after = [keyless(three.all[0].page("/promises")), keyless(three.all[0].page("/promises/rings"))];
        assert_eq!(after, before, "who asked sees no more than the others");
        assert!(after[1].contains("ถามแล้ว รอถึง"));
        three.all[2].done(&at, &[("answer", "yes")]);
        assert_eq!(count(site, "SELECT COUNT(*) FROM promise"), 0);
        site.fresh.clock.advance(15 * Micros::DAY);
        app::promises::lapse(&site.db).unwrap();
        let coordinator = site.sign_in("coordinator");
        assert!(coordinator.page("/promises/rings").contains("หมดเวลาแล้ว"));
        assert!(!coordinator.page("/promises").contains("มีวงให้กันที่คุณช่วยให้ครบได้"));
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'promise_ring_made'"), 0);
    });
}

#[test]
fn the_last_two_who_agree_at_once_make_three_promises_and_two_coordinators_ask_once() {
    on_demo(|site| {
        let three = three(site);
        let key = {
            let page = three.all[0].page("/promises/rings");
            page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let cookies: Vec<Option<String>> = three.all.iter().map(|person| person.cookie.clone()).collect();
        let ask = |site: &Site, once: &str| {
            site.with_cookie(cookies[0].clone()).post("/promises/rings", &[("key", &key), ("once", once)])
        };
        let both = at_once(site, |site| ask(site, "ring-race-01"), |site| ask(site, "ring-race-02"));
        assert!(both.iter().all(|reply| !reply.status.is_server_error()), "{both:?}");
        assert_eq!(count(site, "SELECT COUNT(*) FROM ring"), 1);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'promise_ring'"),
            2,
            "the others once"
        );
        let mine = three.all[0].page("/promises");
        let at = mine.split("action=\"/promises/rings/").nth(1).unwrap().split('"').next().unwrap();
        let at = format!("/promises/rings/{at}");
        three.all[0].done(&at, &[("answer", "yes")]);
        let yes =
            |site: &Site, who: usize| site.with_cookie(cookies[who].clone()).post(&at, &[("answer", "yes")]);
        let said = at_once(site, |site| yes(site, 1), |site| yes(site, 2));
        assert!(said.iter().all(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
        assert_eq!(count(site, "SELECT COUNT(*) FROM promise WHERE state = 'accepted'"), 3);
        assert_eq!(count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'promise_ring_made'"), 3);
        sound(site);
    });
}
