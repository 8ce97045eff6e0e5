use std::sync::{Arc, Barrier};

use axum::http::StatusCode;
use store::Micros;

use crate::site::{Person, Site, link, on_demo};

/// The id of a member of the directory.
fn member(asker: &Person<'_>, name: &str) -> String {
    link(&asker.page("/members"), name).trim_start_matches("/members/").to_owned()
}

fn question<'a>(to: &'a str, once: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("once", once),
        ("do", "send"),
        ("to", to),
        ("title", "ขอคำปรึกษาเรื่องแผลกดทับ"),
        ("reason", "แผลใหญ่ขึ้นสองอาทิตย์แล้ว"),
        ("days", "7"),
    ]
}

fn told(person: &Person<'_>, words: &str) -> bool {
    person.page("/notices").contains(words)
}

/// Somebody without an account, entered by the coordinator, who agreed to be contacted.
fn grandmother(coordinator: &Person<'_>) -> String {
    let sheet = "ชื่อ-นามสกุล,ชื่อเล่น,เบอร์โทร,ยินยอม\nบัวคำ เดินลำบาก,ยายบัว,082-222-2222,ยินยอม\n";
    let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
    coordinator.done(&import, &[("do", "write")]);
    member(coordinator, "ยายบัว")
}

/// N5: the sender always sees where it is, to the thanks at the end.
#[test]
fn n5_the_loop_closes_and_the_sender_sees_each_step() {
    on_demo(|site| {
        let sender = site.sign_in("coordinator");
        let receiver = site.sign_in("member");
        let to = member(&sender, "แนน");
        let form = question(&to, "once-referral-1");
        let referral = sender.done("/referrals/new", &form);
        assert_eq!(sender.done("/referrals/new", &form), referral, "a second tap makes nothing new");
        assert!(sender.page(&referral).contains("ส่งแล้ว ยังไม่ได้เปิด"));
        assert!(told(&receiver, "พี่ดา ส่งเรื่อง"));

        assert!(receiver.page("/referrals").contains("แผลกดทับ"));
        let page = receiver.page(&referral);
        assert!(page.contains("แผลใหญ่ขึ้นสองอาทิตย์แล้ว"));
        assert!(sender.page(&referral).contains("เห็นแล้ว"), "opening it counts as received");
        receiver.done(&format!("{referral}/step"), &[("do", "accept"), ("words", "จะไปเยี่ยมวันพุธนี้")]);
        let page = sender.page(&referral);
        assert!(page.contains("รับเรื่องแล้ว") && page.contains("จะไปเยี่ยมวันพุธนี้"));
        receiver.done(&format!("{referral}/step"), &[("do", "begin")]);
        assert!(sender.page(&referral).contains("กำลังทำ"));
        receiver.done(&format!("{referral}/step"), &[("do", "complete"), ("words", "ทำแผลให้แล้ว")]);
        receiver.done(&format!("{referral}/step"), &[("do", "complete")]);
        assert!(sender.page(&referral).contains("ช่วยได้ไหม"), "whoever sent it is asked whether it helped");
        sender.done(&format!("{referral}/feedback"), &[("helped", "yes"), ("words", "ขอบคุณมาก")]);
        assert!(told(&receiver, "ขอบคุณมาก"));
        let trail = sender.page(&referral);
        for line in ["พี่ดา ส่งให้ แนน", "แนน เปิดดู", "แนน รับเรื่อง", "แนน เริ่มทำ", "แนน ทำเสร็จ", "พี่ดา บอกผล"]
        {
            assert!(trail.contains(line), "{line}");
        }
        assert_eq!(trail.matches("แนน ทำเสร็จ").count(), 1, "the second tap left no line");
        let late = receiver.post(&format!("{referral}/step"), &[("do", "decline")]);
        assert_eq!(late.status, StatusCode::CONFLICT);
        let stranger = site.sign_in("supporter");
        assert_eq!(stranger.get(&referral).status, StatusCode::NOT_FOUND);
    });
}

/// A person's details move only after their yes, and before it nobody else learns of it.
#[test]
fn n5_a_person_is_referred_only_with_their_consent() {
    on_demo(|site| {
        let sender = site.sign_in("coordinator");
        let person = site.sign_in("member");
        let receiver = site.sign_in("supporter");
        let (about, to) = (member(&sender, "แนน"), member(&sender, "อาจารย์วิทย์"));
        let mut form = question(&to, "once-referral-2");
        form.push(("person", &about));
        let referral = sender.done("/referrals/new", &form);
        assert!(sender.page(&referral).contains("รอเจ้าตัวตกลง"));
        assert_eq!(
            receiver.get(&referral).status,
            StatusCode::NOT_FOUND,
            "nothing of it is seen before the yes"
        );
        assert!(
            !receiver.page("/notices").contains("แผลกดทับ")
                && !receiver.page("/referrals").contains("แผลกดทับ")
        );
        assert_eq!(
            sender.post(&format!("{referral}/consent"), &[("answer", "yes")]).status,
            StatusCode::CONFLICT,
            "nobody says yes for somebody who can answer"
        );
        assert!(person.page(&referral).contains("จะเห็นชื่อและเบอร์โทรของคุณ"));
        person.done(&format!("{referral}/consent"), &[("answer", "yes")]);
        assert!(receiver.page(&referral).contains("แนน"));
        person.done(&format!("{referral}/consent"), &[("answer", "no")]);
        assert!(receiver.page(&referral).contains("ยกเลิกแล้ว"), "a consent can be taken back");

        let mut form = question(&to, "once-referral-3");
        form.push(("person", &about));
        let second = sender.done("/referrals/new", &form);
        person.done(&format!("{second}/consent"), &[("answer", "no")]);
        assert_eq!(receiver.get(&second).status, StatusCode::NOT_FOUND);
        assert!(sender.page(&second).contains("ยกเลิกแล้ว"));
    });
}

/// Assisted: somebody without an account said yes to the coordinator, who writes down how.
#[test]
fn n5_the_coordinator_writes_down_how_somebody_without_an_account_agreed() {
    on_demo(|site| {
        let sender = site.sign_in("coordinator");
        let receiver = site.sign_in("member");
        let about = grandmother(&sender);
        let to = member(&sender, "แนน");
        let mut form = question(&to, "once-referral-4");
        form.push(("person", &about));
        let refused = sender.post("/referrals/new", &form);
        assert_eq!(refused.status, StatusCode::OK);
        assert!(refused.body.contains("บอกก่อนว่าเจ้าตัวตกลงอย่างไร"), "one sentence");
        assert!(refused.body.contains("แผลใหญ่ขึ้นสองอาทิตย์แล้ว"), "what was typed stays");
        form.push(("agreed", "spoken"));
        let referral = sender.done("/referrals/new", &form);
        let page = receiver.page(&referral);
        assert!(page.contains("ยายบัว") && page.contains("082-222-2222"), "{page}");
        let letter = receiver.page(&format!("{referral}/letter"));
        assert!(letter.contains("082-222-2222") && letter.contains("<svg"));
        let secret = letter.split("/referrals/s/").nth(1).unwrap().split('<').next().unwrap();
        let state = site.stranger().page(&format!("/referrals/s/{secret}"));
        assert!(state.contains("เห็นแล้ว"));
        for name in ["ยายบัว", "แนน", "พี่ดา", "แผลกดทับ", "082"]
        {
            assert!(!state.contains(name), "the printed code tells the state alone, not {name}");
        }
        let other = site.sign_in("member");
        let mut form = question(&to, "once-referral-5");
        let stranger_to_her = member(&sender, "อาจารย์วิทย์");
        form[2] = ("to", &stranger_to_her);
        form.push(("person", &about));
        form.push(("agreed", "spoken"));
        let reply = other.post("/referrals/new", &form);
        assert!(reply.body.contains("ยังติดต่อสมาชิกคนนี้ผ่านเครือข่ายไม่ได้"), "only who may act for her may say so");
    });
}

#[test]
fn n5_passing_on_keeps_the_trail_and_what_is_late_comes_to_the_coordinator() {
    on_demo(|site| {
        let sender = site.sign_in("member");
        let first = site.sign_in("supporter");
        let second = site.sign_in("coordinator");
        let (to, then) = (member(&sender, "อาจารย์วิทย์"), member(&sender, "พี่ดา"));
        let referral = sender.done("/referrals/new", &question(&to, "once-referral-6"));
        assert_eq!(
            second.get(&referral).status,
            StatusCode::NOT_FOUND,
            "not a coordinator's to see while it runs"
        );

        site.fresh.clock.advance(8 * Micros::DAY);
        assert_eq!(app::referrals::overdue(&site.db).unwrap(), 1);
        assert_eq!(app::referrals::overdue(&site.db).unwrap(), 0, "said once");
        let second = site.sign_in("coordinator");
        assert!(
            second.page("/referrals").contains("เกินกำหนด") && second.page(&referral).contains("เลยวันนัดแล้ว")
        );
        let sender = site.sign_in("member");
        assert!(told(&sender, "เลยวันนัดแล้ว"));

        let first = {
            drop(first);
            site.sign_in("supporter")
        };
        first.done(&format!("{referral}/pass-on"), &[("to", &then), ("words", "พี่ดาทำแผลเก่ง")]);
        let page = sender.page(&referral);
        assert!(page.contains("อาจารย์วิทย์ ส่งต่อให้ พี่ดา") && page.contains("พี่ดาทำแผลเก่ง"));
        assert!(first.page(&referral).contains("พี่ดา"), "who passed it on keeps seeing where it is");
        assert_eq!(
            first.post(&format!("{referral}/step"), &[("do", "complete")]).status,
            StatusCode::CONFLICT,
            "but it is no longer theirs"
        );
        second.done(&format!("{referral}/step"), &[("do", "decline")]);
        assert!(sender.page(&referral).contains("ไม่สะดวกรับ"));
        sender.done(&format!("{referral}/pass-on"), &[("to", &to)]);
        assert!(sender.page(&referral).contains("ส่งแล้ว ยังไม่ได้เปิด"));
    });
}

/// The receiver finishes while the sender takes it back: one of the two happens, the other is told in one sentence.
#[test]
fn two_steps_at_once_leave_one_state() {
    on_demo(|site| {
        let sender = site.sign_in("coordinator");
        let receiver = site.sign_in("member");
        let to = member(&sender, "แนน");
        let referral = sender.done("/referrals/new", &question(&to, "once-referral-7"));
        let beside: Site = site.beside();
        let barrier = Arc::new(Barrier::new(2));
        let cookie = receiver.cookie.clone();
        let (done, taken_back) = std::thread::scope(|scope| {
            let (at_once, path) = (Arc::clone(&barrier), referral.clone());
            let other = scope.spawn(move || {
                let receiver = beside.with_cookie(cookie);
                at_once.wait();
                receiver.post(&format!("{path}/step"), &[("do", "complete")]).status
            });
            barrier.wait();
            let mine = sender.post(&format!("{referral}/step"), &[("do", "cancel")]).status;
            (other.join().unwrap(), mine)
        });
        let page = sender.page(&referral);
        let finished = page.contains("ช่วยได้ไหม");
        let cancelled = page.contains("พี่ดา ยกเลิก");
        assert!(finished != cancelled, "exactly one of the two: {done} {taken_back}");
        let (won, lost) = if finished { (done, taken_back) } else { (taken_back, done) };
        assert_eq!((won, lost), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
    });
}

#[test]
fn a_member_who_has_taken_on_enough_is_spared_unless_it_is_urgent() {
    on_demo(|site| {
        let sender = site.sign_in("coordinator");
        let to = member(&sender, "แนน");
        for n in 0..4 {
            sender.done("/referrals/new", &question(&to, &format!("once-referral-full-{n}")));
        }
        let full = sender.post("/referrals/new", &question(&to, "once-referral-full-5"));
        assert!(full.body.contains("เดือนนี้คนนี้รับเรื่องเต็มแล้ว"), "{}", full.body);
        let mut urgent = question(&to, "once-referral-full-6");
        urgent.push(("urgent", "1"));
        sender.done("/referrals/new", &urgent);
    });
}
