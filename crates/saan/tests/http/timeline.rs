//! The page of a tie: all that happened on it, how it feels, the first contact, and what a contact moves.

use app::rhythm::Kept;
use axum::http::StatusCode;
use serde_json::Value;
use store::ids::ActorId;
use store::{Micros, Viewer};

use crate::joining::own_id;
use crate::promises::{agreed, day};
use crate::rhythm::{id_of, newcomer, tied};
use crate::silence::bind;
use crate::site::{Person, Site, on_demo};

pub fn kept(site: &Site, holder: ActorId, other: ActorId) -> Kept {
    site.db.read(&Viewer::System("test"), |r| app::rhythm::kept(r, holder, other)).unwrap().unwrap()
}

/// The address of the page of one's tie with somebody.
pub fn tie_with(person: &Person<'_>, other: ActorId) -> String {
    let tie = person.get(&format!("/ties/with/{other}")).location.unwrap();
    assert!(tie.starts_with("/ties/tie_"), "{tie}");
    tie
}

#[test]
fn the_timeline_of_a_tie_shows_all_that_happened_on_it() {
    on_demo(|site| {
        let (da, nan) = (site.sign_in("coordinator"), site.sign_in("member"));
        let between = site.sign_in("supporter");
        let ids = [own_id(&da), own_id(&nan), own_id(&between)];
        bind(site, &ids[2], &ids[0]);
        bind(site, &ids[2], &ids[1]);
        let fields = [
            ("once", "timeline-001"),
            ("a", ids[0].as_str()),
            ("b", ids[1].as_str()),
            ("purpose", "knowledge"),
            ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
        ];
        let introduction = between.done("/introductions/offer", &fields);
        for person in [&da, &nan] {
            person.done(&format!("{introduction}/answer"), &[("answer", "yes")]);
        }
        let contact = [
            ("with", ids[1].as_str()),
            ("channel", "visit"),
            ("answered", "mutual"),
            ("date", &*day(&da, -1)),
            ("summary", "เยี่ยมยายด้วยกัน"),
            ("outcome", "help"),
        ];
        da.done("/ties/log", &contact);
        let referral = [
            ("once", "timeline-002"),
            ("do", "send"),
            ("to", ids[1].as_str()),
            ("title", "ขอคำปรึกษาเรื่องแผลกดทับ"),
            ("reason", "แผลใหญ่ขึ้น"),
            ("days", "7"),
        ];
        let referral = da.done("/referrals/new", &referral);
        let promise = agreed(&nan, &da, "อยากได้ราวจับในห้องน้ำ", &day(&da, 7));
        let id = promise.trim_start_matches("/promises/");
        let exchange = nan.done(&format!("/exchanges/kept/{id}"), &[("once", "timeline-003")]);
        let exchange = exchange.split('?').next().unwrap().to_owned();
        da.done(&format!("{exchange}/confirm"), &[("once", "timeline-004")]);

        let tie = tie_with(&da, nan_id(&ids));
        let lines = [
            ("เยี่ยม ลงพื้นที่", "เยี่ยมยายด้วยกัน", ""),
            ("ได้รับการแนะนำให้รู้จักกัน", "ทำแผนที่ผู้ป่วยด้วยกันได้", introduction.as_str()),
            ("ส่งต่อ · ", "ขอคำปรึกษาเรื่องแผลกดทับ", referral.as_str()),
            ("รับปากกันไว้ · ", "อยากได้ราวจับในห้องน้ำ", promise.as_str()),
            ("แนน ให้", "อยากได้ราวจับในห้องน้ำ", exchange.as_str()),
        ];
        for person in [&da, &nan] {
            let page = person.page(&tie);
            let section =
                page.split("<ul class=\"days\">").nth(1).unwrap().split("</section>").next().unwrap();
            let found: Value = serde_json::from_str(&person.page(&format!("/api/v1{tie}/timeline"))).unwrap();
            let found = found["lines"].as_array().unwrap();
            for (what, words, link) in lines {
                let line = section.split("<li>").find(|line| line.contains(what) && line.contains(words));
                let line = line.unwrap_or_else(|| panic!("{what} {words}: {section}"));
                assert!(line.contains(link), "{link}: {line}");
                let told = |line: &&Value| {
                    line["what"].as_str().unwrap().contains(what)
                        && line["words"].as_str().unwrap().contains(words)
                };
                assert!(found.iter().any(|line| told(&line)), "{what} {words}: {found:?}");
            }
            let moments: Vec<&str> = found.iter().map(|line| line["at"].as_str().unwrap()).collect();
            let moment = |text: &&str| text.parse::<jiff::Timestamp>().unwrap();
            assert!(moments.iter().map(moment).is_sorted_by(|a, b| a >= b), "newest first: {moments:?}");
        }
        for path in [tie.clone(), format!("/api/v1{tie}/timeline")] {
            assert_eq!(between.get(&path).status, StatusCode::NOT_FOUND, "who introduced is not of the two");
        }
    });
}

fn nan_id(ids: &[String; 3]) -> ActorId {
    ids[1].parse().unwrap()
}

/// What stands between two marks of a page.
fn inside<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before} in {page}")).1;
    rest.split_once(after).unwrap().0
}

#[test]
fn a_proposal_brings_the_first_message_a_share_link_and_the_call() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let sheet = "ชื่อ-นามสกุล,ชื่อเล่น,เบอร์โทร,ยินยอม\nสมศรี ใจดีมาก,ป้าศรี,081-234-5678,ยินยอม\n";
        let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let with_phone = crate::site::link(&coordinator.page("/members"), "ป้าศรี");
        let without = newcomer(site, "สมหมาย ไร้โทรศัพท์").to_string();
        for (id, phone) in [(with_phone.trim_start_matches("/members/"), true), (without.as_str(), false)] {
            let tie = coordinator.done(
                "/ties/new",
                &[
                    ("with", id),
                    ("offers", "ผ้าฝ้าย 100% + ย้อมคราม"),
                    ("asks", "สอนทอผ้า วันเสาร์"),
                    ("benefit", "ลายใหม่ของชุมชน"),
                    ("relation", "knows"),
                ],
            );
            let page = coordinator.page(&tie);
            let message = inside(&page, "<textarea id=\"message\" rows=\"6\" readonly>", "</textarea>");
            for words in
                ["เราให้ได้: ผ้าฝ้าย 100% + ย้อมคราม", "อยากขอ: สอนทอผ้า วันเสาร์", "ดีกับทั้งสองฝ่าย: ลายใหม่ของชุมชน"]
            {
                assert!(message.lines().any(|line| line == words), "{words}: {message}");
            }
            assert!(message.contains(&tie), "with the way to answer: {message}");
            let share = inside(&page, "href=\"https://line.me/R/share?text=", "\"");
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"%-._*~".contains(&b);
            assert!(share.bytes().all(plain), "percent-encoded, a space is no plus: {share}");
            assert!(share.contains("%20") && share.contains("%2B") && share.contains("%25"), "{share}");
            let shared: Vec<_> = form_urlencoded::parse(format!("text={share}").as_bytes())
                .map(|(_, text)| text.into_owned())
                .collect();
            assert_eq!(shared, [message], "LINE gets the message as it stands");
            assert_eq!(page.contains("href=\"tel:"), phone, "{page}");
            if phone {
                let call = inside(&page, "<details><summary>โทรหา</summary>", "</details>");
                assert!(call.contains("081-234-5678"), "{call}");
                let said = inside(call, "พูดว่า", "</blockquote>");
                assert!(said.contains("สวัสดีป้าศรี นี่พี่ดา") && said.contains("อยากขอ: สอนทอผ้า วันเสาร์"), "{said}");
                assert!(!said.contains("http"), "nobody reads an address aloud: {said}");
            }
        }
    });
}

#[test]
fn a_contact_of_several_with_a_next_date_stands_with_all_of_them() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        let (somsri, far) = (newcomer(site, "สมศรี ดีงาม"), newcomer(site, "ไกล ไม่เกี่ยว"));
        tied(site, nan, da);
        tied(site, nan, somsri);
        let member = site.sign_in("member");
        let form = member.page(&format!("/ties/log?with={da}"));
        assert!(form.contains(&format!("name=\"others\" value=\"{somsri}\"")), "{form}");
        assert!(!form.contains(&far.to_string()), "those one has ties with");
        let (with, third, not_mine) = (da.to_string(), somsri.to_string(), far.to_string());
        let (today, next) = (day(&member, 0), day(&member, 30));
        let mut fields = vec![
            ("once", "several-0001"),
            ("with", with.as_str()),
            ("channel", "meeting"),
            ("answered", "mutual"),
            ("date", today.as_str()),
            ("summary", "วางแผนตลาดชุมชน"),
            ("outcome", "information"),
            ("others", third.as_str()),
            ("others", not_mine.as_str()),
            ("next", "2026-01-01"),
        ];
        let past = member.post("/ties/log", &fields);
        assert!(past.status == StatusCode::OK && past.body.contains("next-problem"), "{}", past.body);
        assert!(past.body.contains("วางแผนตลาดชุมชน"), "what was typed stays");
        fields.pop();
        fields.push(("next", next.as_str()));
        member.done("/ties/log", &fields);

        let shown = "วางแผนตลาดชุมชน";
        for who in [da, somsri] {
            let page = member.page(&format!("/members/{who}"));
            assert!(page.contains(shown), "{page}");
            assert!(member.page(&tie_with(&member, who)).contains(shown), "and on the tie with each");
        }
        let other = site.sign_in("coordinator");
        for who in [nan, somsri] {
            let page = other.page(&format!("/members/{who}"));
            assert!(page.contains(shown), "who took part sees it with the others: {page}");
        }
        assert!(!member.page(&format!("/members/{far}")).contains(shown));
        assert!(!site.sign_in("supporter").page(&format!("/members/{somsri}")).contains(shown));

        let on = kept(site, nan, da);
        assert_eq!(on.row.next_fixed_on, on.row.touch_on.map(|day| day + 30));
        assert_eq!(kept(site, nan, somsri).row.touch_on, on.row.touch_on, "the third was touched as well");
        assert_eq!(kept(site, nan, somsri).row.next_fixed_on, None, "the date is agreed with one");
        assert_eq!(kept(site, da, nan).row.touch_on, on.row.touch_on);
        let page = member.page(&tie_with(&member, da));
        assert!(page.contains("ครั้งถัดไป 22\u{a0}ธ.ค.\u{a0}2569"), "{page}");
        site.fresh.clock.advance(30 * Micros::DAY);
        assert!(site.sign_in("member").page("/today").contains("ติดต่อพี่ดา"), "that day it comes up");
    });
}

#[test]
fn how_a_tie_feels_grows_with_contact_and_fades_with_silence() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let tie = tie_with(&site.sign_in("member"), da);
        let feels = |lang: &'static str| {
            let both = ["member", "coordinator"].map(|name| {
                let mut person = site.sign_in(name);
                person.lang = lang;
                let page = person.page(&tie);
                let label = if lang == "th" {
                    "สายสัมพันธ์: <strong>"
                } else {
                    "The tie: <strong>"
                };
                inside(&page, label, "</strong>").to_owned()
            });
            assert_eq!(both[0], both[1], "the same for both");
            let [one, _] = both;
            one
        };
        let visit = || {
            let member = site.sign_in("member");
            let (with, today) = (da.to_string(), day(&member, 0));
            let fields = [
                ("with", with.as_str()),
                ("channel", "visit"),
                ("answered", "mutual"),
                ("date", today.as_str()),
                ("outcome", "nothing"),
            ];
            member.done("/ties/log", &fields);
        };
        assert_eq!((feels("th").as_str(), feels("en").as_str()), ("ยังเงียบ", "Quiet"));
        let mut words = Vec::new();
        for _ in 0..4 {
            site.fresh.clock.advance(Micros::DAY);
            visit();
            words.push(feels("th"));
        }
        // s = a/(a+2) of 1, 2, 3 and 4 visits on days one after the other, halved in 90 days
        assert_eq!(words, ["เริ่มถักทอ", "อบอุ่น", "อบอุ่น", "แน่นแฟ้น"]);
        assert_eq!(feels("en"), "Well woven");
        let mut fading = Vec::new();
        for days in [120, 180, 200] {
            site.fresh.clock.advance(days * Micros::DAY);
            fading.push(feels("th"));
        }
        assert_eq!(fading, ["อบอุ่น", "เริ่มถักทอ", "ยังเงียบ"]);
        visit();
        assert_eq!(feels("th"), "เริ่มถักทอ", "one visit begins it anew");
    });
}
