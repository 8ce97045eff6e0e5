use axum::http::StatusCode;
use store::Micros;

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
            app::introductions::lapse(&site.db).unwrap();
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
        app::introductions::lapse(&site.db).unwrap();
        let member = site.sign_in("member");
        member.done(answer, &[("answer", "yes")]);
        assert!(!member.page("/ties").contains("พี่ดา"), "the first answer stood");
    });
}
