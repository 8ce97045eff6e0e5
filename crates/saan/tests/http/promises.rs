use axum::http::StatusCode;
use store::Micros;

use crate::giving::post;
use crate::joining::own_id;
use crate::site::{Person, link, on_demo};

/// The day so many days after the site's today, as a form gives it.
pub fn day(person: &Person<'_>, days: i64) -> String {
    app::dates::day(person.site.db.now().plus(days * Micros::DAY)).to_string()
}

/// A need of the coordinator's, answered by the member with "I can help" and agreed to; the promise's page.
pub fn agreed(giver: &Person<'_>, asker: &Person<'_>, text: &str, due: &str) -> String {
    let need = post(asker, "need", text, &["care.home_repair"]);
    giver.done(&format!("{need}/reply"), &[("words", "ไปวันเสาร์ได้"), ("once", &format!("reply-{text}"))]);
    let page = asker.page(&need);
    let reply = page.split("/promises/reply/").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("due", due), ("once", &*format!("agree-{text}"))];
    let promise = asker.done(&format!("/promises/reply/{reply}"), &fields);
    assert_eq!(asker.done(&format!("/promises/reply/{reply}"), &fields), promise, "a second tap makes one");
    promise.split('?').next().unwrap().to_owned()
}

#[test]
fn n7_a_reply_becomes_a_promise_kept_confirmed_and_thanked() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let promise = agreed(&giver, &asker, "อยากได้ราวจับในห้องน้ำให้ยาย", &day(&asker, 7));
        for person in [&giver, &asker] {
            let page = person.page(&promise);
            assert!(page.contains("ตกลงกันแล้ว") && page.contains("ราวจับ"), "{page}");
        }
        assert_eq!(site.sign_in("supporter").get(&promise).status, StatusCode::NOT_FOUND, "between two");
        let mine = giver.page("/promises");
        assert!(mine.contains("คุณรับปากไว้") && mine.contains("พี่ดา"));

        // the giver says done, twice by mistake; the receiver confirms in one tap and thanks
        let id = promise.trim_start_matches("/promises/");
        let kept = [("once", "kept-once-1")];
        let exchange = giver.done(&format!("/exchanges/kept/{id}"), &kept);
        assert_eq!(giver.done(&format!("/exchanges/kept/{id}"), &kept), exchange);
        let exchange = exchange.split('?').next().unwrap().to_owned();
        assert!(giver.page(&exchange).contains("รอผู้รับยืนยัน"));
        assert!(asker.page("/exchanges").contains("รอคุณยืนยัน"));
        asker.done(
            &format!("{exchange}/confirm"),
            &[("words", "ยายเดินเข้าห้องน้ำได้เองแล้ว"), ("close", "1"), ("once", "confirm-1")],
        );
        assert!(giver.page(&exchange).contains("ยายเดินเข้าห้องน้ำได้เองแล้ว"));
        assert!(giver.page(&promise).contains("ทำตามที่รับปาก"));
        assert!(giver.page("/exchanges").contains("ให้ 1 ครั้ง ได้รับ 0 ครั้ง"));
        assert!(asker.page("/exchanges").contains("ให้ 0 ครั้ง ได้รับ 1 ครั้ง"));
        assert!(giver.page("/promises").contains("ทำตามที่รับปาก 1 เรื่อง"));
        assert!(!asker.page("/promises").contains("คำพูดของคุณ"), "another's record is not mine to see");
        assert!(!asker.page("/giving?side=need").contains("ราวจับ"), "the need is closed");
        // it helped, in one tap
        asker.done(&format!("{exchange}/helped"), &[("use", "helped"), ("once", "helped-1")]);
        assert!(giver.page("/notices").contains("บอกว่าช่วยได้จริง"));
        assert_eq!(
            giver.post(&format!("{exchange}/helped"), &[("use", "helped")]).status,
            StatusCode::CONFLICT,
            "only the receiver can say so"
        );
    });
}

#[test]
fn a_confirmed_exchange_is_a_touch_of_the_tie() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let other = own_id(&asker);
        let tie =
            giver.done("/ties/new", &[("with", &other), ("offers", "ช่วยงานช่าง"), ("relation", "colleague")]);
        asker.done(&format!("{tie}/answer"), &[("answer", "yes")]);
        let promise = agreed(&giver, &asker, "อยากให้ช่วยซ่อมหลังคาศาลา", "");
        let id = promise.trim_start_matches("/promises/").to_owned();
        let exchange =
            asker.done(&format!("/exchanges/kept/{id}"), &[("thanks", "ขอบคุณมาก"), ("once", "got-1")]);
        let exchange = exchange.split('?').next().unwrap();
        assert!(asker.page(exchange).contains("ยืนยันแล้ว"), "said by the receiver, it is confirmed at once");
        assert!(giver.page(&tie).contains("ซ่อมหลังคาศาลา"), "the tie's page shows it");
    });
}

#[test]
fn a_disputed_report_opens_the_promise_again_and_late_is_late() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let promise = agreed(&giver, &asker, "อยากได้คนช่วยขนเตียง", &day(&asker, 3));
        let id = promise.trim_start_matches("/promises/").to_owned();
        let exchange = giver.done(&format!("/exchanges/kept/{id}"), &[("once", "kept-once-2")]);
        let exchange = exchange.split('?').next().unwrap().to_owned();
        assert_eq!(
            giver.post(&format!("{exchange}/dispute"), &[("why", "x")]).status,
            StatusCode::CONFLICT,
            "the giver cannot dispute it"
        );
        asker.done(&format!("{exchange}/dispute"), &[("why", "ยังไม่เห็นใครมา"), ("once", "dispute-1")]);
        assert!(giver.page(&promise).contains("ตกลงกันแล้ว"), "the promise is open again");
        assert!(giver.page(&exchange).contains("ยังไม่เห็นใครมา"));
        site.fresh.clock.advance(5 * Micros::DAY);
        app::promises::remind(&site.db).unwrap();
        assert_eq!(app::promises::remind(&site.db).unwrap(), 0, "reminded once");
        assert!(giver.page("/notices").contains("เลยวันที่รับปาก"));
        let again = giver.done(&format!("/exchanges/kept/{id}"), &[("once", "kept-once-3")]);
        assert_eq!(again.split('?').next().unwrap(), exchange, "one promise is one exchange");
        asker.done(&format!("{exchange}/confirm"), &[("once", "confirm-2")]);
        assert!(giver.page("/promises").contains("ช้ากว่าวันที่บอก 1 เรื่อง"));
    });
}

#[test]
fn c5_released_before_its_day_counts_as_kept_and_silence_for_long_as_broken() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let first = agreed(&giver, &asker, "อยากได้คนช่วยแปลเอกสาร", &day(&asker, 3));
        giver.done(&format!("{first}/release"), &[("words", "ติดเวร"), ("once", "release-1")]);
        giver.done(&format!("{first}/release"), &[("words", "ติดเวร"), ("once", "release-2")]);
        assert!(asker.page(&first).contains("ติดเวร"));
        assert!(giver.page("/promises").contains("ทำตามที่รับปาก 1 เรื่อง · ช้ากว่าวันที่บอก 0 เรื่อง"));

        let second = agreed(&giver, &asker, "อยากได้คนช่วยพิมพ์แผ่นพับ", &day(&asker, 3));
        // another day is the receiver's to agree to
        giver.done(&format!("{second}/day"), &[("due", &day(&giver, 9)), ("once", "day-1234")]);
        assert!(asker.page("/promises").contains("รอคุณตอบ"));
        asker.done(&format!("{second}/day"), &[("due", &day(&giver, 9)), ("once", "day-1235")]);
        assert_eq!(asker.post(&format!("{second}/day"), &[("due", "2001-01-01")]).status, StatusCode::OK);
        assert_eq!(
            asker.post(&format!("{second}/break"), &[]).status,
            StatusCode::CONFLICT,
            "its day is not over"
        );
        site.fresh.clock.advance(68 * Micros::DAY);
        app::promises::lapse(&site.db).unwrap();
        let giver = site.sign_in("member");
        assert!(giver.page(&second).contains("ตกลงกันแล้ว"), "59 days after its day it still waits");
        site.fresh.clock.advance(2 * Micros::DAY);
        app::promises::lapse(&site.db).unwrap();
        assert!(giver.page("/promises").contains("ไม่ได้ทำ 1 เรื่อง"));
    });
}

#[test]
fn a_promise_is_proposed_agreed_to_or_lapses_like_silence() {
    on_demo(|site| {
        let (one, other) = (site.sign_in("coordinator"), site.sign_in("member"));
        let with = own_id(&other);
        let form =
            [("with", with.as_str()), ("way", "mine"), ("what", "ส่งตารางเวรให้"), ("once", "promise-1")];
        let mine = one.done("/promises/new", &form);
        assert_eq!(one.done("/promises/new", &form), mine, "a second tap makes one");
        assert_eq!(one.post(&format!("{mine}/accept"), &[]).status, StatusCode::CONFLICT, "not one's own");
        let before = one.page(&mine);
        other.done(&format!("{mine}/accept"), &[("once", "accept-12")]);
        assert!(one.page(&mine).contains("ตกลงกันแล้ว") && !before.contains("ตกลงกันแล้ว"));
        let asked = one.done(
            "/promises/new",
            &[("with", with.as_str()), ("way", "theirs"), ("what", "ช่วยดูแผลให้ลุง"), ("once", "promise-2")],
        );
        assert!(other.page("/promises").contains("ช่วยดูแผลให้ลุง"));
        let _ = other.done(&format!("{asked}/release"), &[("once", "no-123456")]);
        assert!(one.page(&asked).contains("หมดเวลาแล้ว"));
        assert!(!one.page("/notices").contains("ช่วยดูแผลให้ลุง"), "nobody is told of a no");
        let bad = one.post("/promises/new", &[("with", with.as_str()), ("what", ""), ("due", "32/13")]);
        assert_eq!(bad.status, StatusCode::OK);
        assert!(bad.body.contains("aria-invalid"), "the wrong fields are named");
        assert_eq!(one.get("/promises/new?with=mem_0000000000004").status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_need_shows_its_promise_to_those_it_concerns() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        agreed(&giver, &asker, "อยากได้รถไปส่งโรงพยาบาล", &day(&asker, 2));
        let need = link(&asker.page("/giving?side=need"), "อยากได้รถไปส่งโรงพยาบาล");
        assert!(asker.page(&need).contains("ที่ตกลงกันแล้ว") && giver.page(&need).contains("ที่ตกลงกันแล้ว"));
        assert!(!site.sign_in("supporter").page(&need).contains("ที่ตกลงกันแล้ว"));
    });
}
