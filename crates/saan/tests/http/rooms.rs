//! Writing on a need, an offer and a referral: those concerned alone, with one level of answers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::joining::own_id;
use crate::promises::{agreed, day};
use crate::site::{Person, link, on_demo};

/// Two write in a room by page and program, and a third finds nothing there.
fn only_those_concerned(room: &str, one: &Person<'_>, other: &Person<'_>, third: &Person<'_>) {
    let api = format!("/api/v1{room}");
    let list = |person: &Person<'_>| -> Vec<Value> {
        let found: Value = serde_json::from_str(&person.page(&api)).unwrap();
        found["words"].as_array().unwrap().clone()
    };
    one.done(room, &[("once", "room-word-1"), ("words", "พรุ่งนี้ไปได้ไหม")]);
    assert!(other.page(room).contains("พรุ่งนี้ไปได้ไหม"));
    let first = list(other)[0]["id"].as_str().unwrap().to_owned();
    let (status, answer) = other.post_json(&api, &json!({"words": "ไปได้ตอนบ่าย", "reply_to": first}));
    assert_eq!((status, answer["reply_to"].as_str()), (StatusCode::CREATED, Some(first.as_str())));
    let answer = answer["id"].as_str().unwrap().to_owned();
    // an answer to the answer, by page and program, stands beside it
    one.done(room, &[("words", "ตกลงบ่ายสอง"), ("reply_to", &answer)]);
    let (status, third_answer) = one.post_json(&api, &json!({"words": "เจอกันหน้าวัด", "reply_to": answer}));
    assert_eq!((status, third_answer["reply_to"].as_str()), (StatusCode::CREATED, Some(first.as_str())));
    for person in [one, other] {
        let words = list(person);
        assert_eq!(words.len(), 4);
        let depth = words.iter().filter(|word| word["reply_to"] == first.as_str()).count();
        assert_eq!(depth, 3, "one level: all answer the first: {words:?}");
        let page = person.page(room);
        for words in ["พรุ่งนี้ไปได้ไหม", "ไปได้ตอนบ่าย", "ตกลงบ่ายสอง", "เจอกันหน้าวัด"]
        {
            assert_eq!(page.matches(words).count(), 1, "{words}: {page}");
        }
    }
    let found = [third.get(room), third.post(room, &[("words", "แอบดู")]), third.get(&api)];
    assert!(found.iter().all(|reply| reply.status == StatusCode::NOT_FOUND), "{found:?}");
    assert_eq!(third.post_json(&api, &json!({"words": "แอบดู"})).0, StatusCode::NOT_FOUND);
    for path in [format!("/words/at/{first}"), format!("/words/at/{answer}")] {
        assert_eq!(third.get(&path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(third.post(&format!("/words/at/{first}/undo"), &[]).status, StatusCode::NOT_FOUND);
    assert!(!third.page("/notices").contains("เขียนถึงคุณ"));
    assert_eq!(list(one).len(), 4, "nothing of it was written");
    // a word of another room is not answered here
    let tie = json!({"words": "ผิดห้อง", "reply_to": "wrd_0000000000004"});
    assert_eq!(one.post_json(&api, &tie).0, StatusCode::NOT_FOUND);
}

#[test]
fn a_need_and_an_offer_have_a_room_for_those_who_agreed() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let third = site.sign_in("supporter");
        agreed(&giver, &asker, "อยากได้ราวจับในห้องน้ำ", &day(&asker, 7));
        let need = link(&asker.page("/giving?side=need"), "อยากได้ราวจับในห้องน้ำ");
        // who replied and was not agreed to is not concerned yet
        third.done(&format!("{need}/reply"), &[("words", "ผมก็ช่วยได้"), ("once", "reply-third-1")]);
        only_those_concerned(&need.replace("/giving/", "/words/intent/"), &asker, &giver, &third);

        let offer = crate::giving::post(&giver, "offer", "รับซ่อมหลังคาและรางน้ำ", &["care.home_repair"]);
        let room = offer.replace("/giving/", "/words/intent/");
        assert_eq!(
            giver.get(&room).status,
            StatusCode::NOT_FOUND,
            "with nobody to write to there is no room"
        );
        asker.done(&format!("{offer}/reply"), &[("words", "ขอที่บ้านยาย"), ("once", "reply-offer-1")]);
        assert_eq!(asker.get(&room).status, StatusCode::NOT_FOUND);
        let page = giver.page(&offer);
        let reply = page.split("/promises/reply/").nth(1).unwrap().split('"').next().unwrap();
        giver.done(&format!("/promises/reply/{reply}"), &[("once", "agree-offer-1")]);
        only_those_concerned(&room, &giver, &asker, &third);
    });
}

#[test]
fn a_referral_has_a_room_for_who_sent_it_and_who_got_it() {
    on_demo(|site| {
        let (sender, receiver) = (site.sign_in("coordinator"), site.sign_in("member"));
        let to = own_id(&receiver);
        let fields = [
            ("once", "room-referral"),
            ("do", "send"),
            ("to", to.as_str()),
            ("title", "ขอคำปรึกษาเรื่องแผลกดทับ"),
            ("reason", "แผลใหญ่ขึ้น"),
            ("days", "7"),
        ];
        let referral = sender.done("/referrals/new", &fields);
        let room = referral.replace("/referrals/", "/words/referral/");
        only_those_concerned(&room, &sender, &receiver, &site.sign_in("supporter"));
    });
}
