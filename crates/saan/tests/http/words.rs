//! Room to write, a word to everybody, vouches and the calendar, as members meet them, on both databases.

use app::ties;
use axum::http::StatusCode;
use network::vocabulary::{Channel, Direction, Outcome};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Micros, params};

use crate::rhythm::{id_of, newcomer, tied};
use crate::site::{Site, on_demo};

fn tie_of(site: &Site, one: ActorId, other: ActorId) -> String {
    let id: store::ids::TieId = site
        .db
        .read(&store::Viewer::System("test"), |r| {
            r.one("SELECT id FROM tie WHERE subject_id = $1 AND object_id = $2", params![one, other])
        })
        .unwrap();
    id.to_string()
}

#[test]
fn those_tied_write_to_each_other_and_nobody_else_reads_it() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let room = format!("/words/tie/{}", tie_of(site, nan, da));
        let member = site.sign_in("member");
        let fields = [("once", "word-once-1"), ("words", "พรุ่งนี้ขอแวะไปดูแปลงผักนะ")];
        member.done(&room, &fields);
        member.done(&room, &fields);
        let coordinator = site.sign_in("coordinator");
        let page = coordinator.page(&room);
        assert_eq!(page.matches("แวะไปดูแปลงผัก").count(), 1, "a second tap writes nothing twice");
        assert!(coordinator.page("/notices").contains("แนน เขียนถึงคุณ"));
        let word = page.split("id=\"wrd_").nth(1).and_then(|s| s.split('"').next()).unwrap().to_owned();
        coordinator.done(&room, &[("words", "ยินดีเลย"), ("reply_to", &format!("wrd_{word}"))]);
        assert!(member.page(&room).contains("ยินดีเลย"));
        let supporter = site.sign_in("supporter");
        assert_eq!(supporter.get(&room).status, StatusCode::NOT_FOUND);
        assert_eq!(supporter.post(&room, &[("words", "แอบดู")]).status, StatusCode::NOT_FOUND);
        assert_eq!(supporter.get(&format!("/api/v1{room}")).status, StatusCode::NOT_FOUND);
        assert_eq!(supporter.get(&format!("/words/at/wrd_{word}")).status, StatusCode::NOT_FOUND);
        let undo = format!("/words/at/wrd_{word}/undo");
        assert_eq!(coordinator.post(&undo, &[]).status, StatusCode::NOT_FOUND, "another's word stays");
        member.done(&undo, &[]);
        assert!(!member.page(&room).contains("แวะไปดูแปลงผัก"));
        assert!(member.page(&room).contains("ยินดีเลย"), "the answer keeps its place");
        let empty = member.post(&room, &[("words", "  ")]);
        assert!(empty.status == StatusCode::OK && empty.body.contains("aria-invalid"));
        member.done(&format!("/joining/block/{da}"), &[]);
        assert_eq!(coordinator.get(&room).status, StatusCode::NOT_FOUND, "a block closes the room");
    });
}

#[test]
fn a_picture_is_kept_without_what_the_camera_says() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let room = format!("/words/tie/{}", tie_of(site, nan, da));
        let member = site.sign_in("member");
        let mut photo = vec![0xff, 0xd8, 0xff, 0xe1, 0, 12];
        photo.extend_from_slice(b"Exif\0\0GPS!");
        photo.extend_from_slice(&[0xff, 0xdb, 0, 3, 7, 0xff, 0xda, 1, 2, 3]);
        assert_eq!(
            member.upload_as("picture", &format!("{room}/picture"), "a.jpg", &photo).status,
            StatusCode::SEE_OTHER
        );
        let page = member.page(&room);
        let picture = page.split("src=\"/words/at/").nth(1).and_then(|s| s.split('"').next()).unwrap();
        let picture = format!("/words/at/{picture}");
        let reply = site.sign_in("coordinator").get(&picture);
        assert_eq!((reply.status, reply.content_type.as_str()), (StatusCode::OK, "image/jpeg"));
        assert!(!reply.body.contains("GPS!"));
        assert_eq!(site.sign_in("supporter").get(&picture).status, StatusCode::NOT_FOUND);
        let script =
            member.upload_as("picture", &format!("{room}/picture"), "a.svg", b"<svg onload=alert(1)>");
        assert!(script.status == StatusCode::OK && script.body.contains("JPEG"));
    });
}

#[test]
fn a_word_to_everybody_shows_how_many_it_reached() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        coordinator.done("/words/network", &[("words", "เสาร์นี้เจอกันที่ศาลากลางบ้าน")]);
        assert!(coordinator.page("/words/network").contains("เห็นแล้ว 0 จาก 3"));
        let member = site.sign_in("member");
        assert!(member.page("/today").contains("ข่าวถึงทุกคน"));
        assert!(member.page("/words/network").contains("ศาลากลางบ้าน"));
        assert!(!member.page("/words/network").contains("เห็นแล้ว"), "how many is for those who wrote it");
        assert!(!member.page("/today").contains("ข่าวถึงทุกคน"), "seen once is enough");
        assert!(coordinator.page("/words/network").contains("เห็นแล้ว 2 จาก 3"), "and who looks sees it too");
        assert_eq!(member.post("/words/network", &[("words", "x")]).status, StatusCode::FORBIDDEN);
    });
}

fn helped(site: &Site, one: ActorId, other: ActorId) {
    site.db
        .write(&Acting::system("test"), |w| {
            let mut draft = ties::ContactDraft::now(one, other, w.now(), Channel::Visit);
            draft.direction = Direction::Mutual;
            draft.outcome = Outcome::Help;
            let id = ties::log(w, &draft)?;
            w.done(&Entry::new(Act::Do, "test.write", id.0), ())
        })
        .unwrap();
}

fn vouch(site: &Site, by: ActorId, whom: ActorId, words: &str) {
    site.db
        .write(&Acting::system("test"), |w| {
            let category = matching_category();
            match app::vouches::vouch(w, by, whom, category, words) {
                Ok(_) => w.finished(()),
                Err(app::vouches::VouchError::Store(error)) => Err(error),
                Err(other) => panic!("{other}"),
            }
        })
        .unwrap();
}

fn matching_category() -> &'static str {
    let taxonomy = matching::Taxonomy::built_in();
    taxonomy.categories()[0].code.as_str()
}

#[test]
fn a_vouch_needs_work_together_and_fades_after_two_years() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        let coordinator = site.sign_in("coordinator");
        let fields = [("category", matching_category()), ("words", "สอนทำแผลให้ทีมเรา")];
        let address = format!("/vouches/{nan}");
        assert_eq!(coordinator.post(&address, &fields).status, StatusCode::CONFLICT, "strangers");
        helped(site, da, nan);
        coordinator.done(&address, &fields);
        coordinator.done(&address, &fields);
        let page = site.sign_in("supporter").page(&format!("/members/{nan}"));
        assert_eq!(page.matches("สอนทำแผลให้ทีมเรา").count(), 1, "once for one thing");
        let from_api = coordinator.get(&format!("/api/v1/members/{nan}/vouches")).body;
        assert!(from_api.contains("สอนทำแผลให้ทีมเรา") && !from_api.contains("score"));
        site.fresh.clock.advance(731 * Micros::DAY);
        let page = site.sign_in("supporter").page(&format!("/members/{nan}"));
        assert!(!page.contains("สอนทำแผลให้ทีมเรา"), "two years are over");
    });
}

#[test]
fn accounts_that_only_vouch_for_each_other_gain_nothing_trap_5() {
    on_demo(|site| {
        let da = id_of(site, "coordinator");
        let ring: Vec<ActorId> =
            ["วงหนึ่ง", "วงสอง", "วงสาม"].iter().map(|name| newcomer(site, name)).collect();
        for (i, one) in ring.iter().enumerate() {
            let next = ring[(i + 1) % ring.len()];
            helped(site, *one, next);
            vouch(site, *one, next, "เก่งที่สุด");
        }
        let shown =
            |whom: ActorId| site.sign_in("member").page(&format!("/members/{whom}")).contains("เก่งที่สุด");
        assert!(!shown(ring[0]) && !shown(ring[1]) && !shown(ring[2]));
        helped(site, da, ring[0]);
        vouch(site, da, ring[0], "ช่วยงานจริง");
        assert!(shown(ring[1]), "who is stood for from inside the network counts");
        assert!(shown(ring[2]));
    });
}

#[test]
fn a_calendar_address_is_secret_and_can_be_revoked() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        let member = site.sign_in("member");
        let made = member.post("/calendar", &[("manner", "days")]);
        let path = made.body.split("value=\"").map(address_in).find(|text| text.ends_with(".ics")).unwrap();
        let feed = site.stranger().get(&path);
        assert_eq!(
            (feed.status, feed.content_type.as_str()),
            (StatusCode::OK, "text/calendar; charset=utf-8")
        );
        let read = formats::icalendar::read(feed.body.as_bytes()).unwrap();
        assert_eq!(read.events.len(), 1);
        assert_eq!(read.events[0].summary, "ติดต่อพี่ดา");
        let reduced = member.post("/calendar", &[("manner", "tasks"), ("reduced", "1")]);
        let quiet =
            reduced.body.split("value=\"").map(address_in).find(|text| text.ends_with(".ics")).unwrap();
        let tasks = site.stranger().get(&quiet).body;
        assert!(tasks.contains("BEGIN:VTODO") && !tasks.contains("พี่ดา"));
        member.done("/calendar/revoke", &[]);
        assert_eq!(site.stranger().get(&path).status, StatusCode::NOT_FOUND);
        assert_eq!(site.stranger().get("/calendar/0000").status, StatusCode::NOT_FOUND);
        let cards = member.get("/calendar/contacts.vcf").body;
        let cards = formats::vcard::read(cards.as_bytes()).unwrap();
        assert_eq!(cards[0].first("X-SAAN-CADENCE").unwrap().raw(), "P90D");
    });
}

/// The path of an address in a field.
pub fn address_in(rest: &str) -> String {
    let value = rest.split('"').next().unwrap_or_default();
    value.split_once("/calendar/").map(|(_, secret)| format!("/calendar/{secret}")).unwrap_or_default()
}

#[test]
fn a_word_and_a_vouch_are_turned_off_like_all_else_and_belonging_is_not() {
    on_demo(|site| {
        let (nan, da) = (id_of(site, "member"), id_of(site, "coordinator"));
        tied(site, nan, da);
        helped(site, da, nan);
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let room = format!("/words/tie/{}", tie_of(site, nan, da));
        let told = |words: &str| {
            coordinator.done(&room, &[("words", words)]);
            member.page("/notices").matches("พี่ดา เขียนถึงคุณ").count()
        };
        assert_eq!(told("หนึ่ง"), 1);
        member.done(&format!("/notices/settings/about/{da}"), &[("when", "never")]);
        assert_eq!(told("สอง"), 1, "nothing more of a person of whom nothing is wanted");
        vouch(site, da, nan, "สอนทำแผลเก่ง");
        let list = member.page("/notices");
        assert!(!list.contains("สอนทำแผลเก่ง") && !list.contains("รับรองว่าคุณเก่ง"), "{list}");
        assert!(member.page(&room).contains("สอง"), "what was written stays where it was written");
        site.db
            .write(&Acting::system("test"), |w| {
                app::notices::tell(w, nan, "joining_steward", da.0, Some(da), "")?;
                w.done(&Entry::new(Act::Do, "test.write", nan.0), ())
            })
            .unwrap();
        let now = member.page("/notices");
        assert_eq!(
            now.matches("<li").count(),
            list.matches("<li").count() + 1,
            "belonging is always told: {now}"
        );
    });
}
