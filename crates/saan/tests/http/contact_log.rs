//! A log of contacts that was kept elsewhere is brought in: it stands on the pages of those it names, and moves the rhythm
//! of their ties forward, never back.

use store::ids::ActorId;
use store::{Micros, Viewer, params};

use crate::rhythm::{id_of, tied};
use crate::site::{Site, on_demo};
use crate::timeline::{kept, tie_with};

/// A made-up log as people keep them: Windows code page, several ways to write a day, half of the names known to nobody.
const LOG: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../formats/tests/data/contacts.csv"));

const PEOPLE: &str = "ชื่อ-นามสกุล,ชื่อเล่น,เบอร์โทร,ยินยอม\nเมธาวี จดทุกอย่าง,เมย์,081-222-3301,ยินยอม\n\
    ขวัญเรือน กาวิละแปง,,081-222-3302,ยินยอม\nสุทิน ตาจุมปา,,081-222-3303,ยินยอม\n";

fn named(site: &Site, name: &str) -> ActorId {
    let sql = "SELECT id FROM actor WHERE name = $1 AND gone_at IS NULL";
    site.db.read::<ActorId, store::Error>(&Viewer::System("test"), |r| r.one(sql, params![name])).unwrap()
}

fn day(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.parse().unwrap();
    Some(network::rhythm::day_of(date))
}

#[test]
fn a_log_moves_the_rhythm_forward_and_is_taken_back_as_a_whole() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |name: &str, bytes: &[u8]| {
            let import = coordinator.upload("/transfer", name, bytes).location.unwrap();
            let shown = coordinator.page(&import);
            coordinator.done(&import, &[("do", "write")]);
            (import, shown)
        };
        bring("people.csv", PEOPLE.as_bytes());
        let (may, nan) = (named(site, "เมธาวี จดทุกอย่าง"), id_of(site, "member"));
        let (khwan, suthin) = (named(site, "ขวัญเรือน กาวิละแปง"), named(site, "สุทิน ตาจุมปา"));
        for other in [nan, khwan, suthin] {
            tied(site, may, other);
        }
        // met with one of them after all that stands in the log, with another before it
        let log = |with: ActorId, date: &str| {
            let (who, with) = (may.to_string(), with.to_string());
            let fields = [
                ("for", who.as_str()),
                ("with", with.as_str()),
                ("channel", "phone"),
                ("answered", "mutual"),
                ("date", date),
                ("outcome", "nothing"),
            ];
            coordinator.done("/ties/log", &fields);
        };
        log(khwan, "2026-11-01");
        log(suthin, "2024-01-05");
        let touched =
            |other: ActorId| [kept(site, may, other), kept(site, other, may)].map(|one| one.row.touch_on);
        let before = [nan, khwan, suthin].map(touched);
        assert_eq!(before, [[None; 2], [day("2026-11-01"); 2], [day("2024-01-05"); 2]]);

        let (import, shown) = bring("contacts.csv", LOG);
        assert!(shown.contains("contacts.csv"), "{shown}");
        let after = [nan, khwan, suthin].map(touched);
        assert_eq!(after[0], [day("2024-02-23"); 2], "what the log says last of the two");
        assert_eq!(after[1], before[1], "never back");
        assert_eq!(after[2], [day("2024-11-09"); 2], "forward");
        let topics = [
            (nan, "ติดตามเรื่องเตียงผู้ป่วยที่ขอไว้"),
            (khwan, "ชวนเข้าประชุมแกนนำเดือนหน้า"),
            (suthin, "นัดถอดบทเรียนไฟป่า"),
        ];
        for (who, topic) in topics {
            let page = coordinator.page(&format!("/members/{who}"));
            assert!(page.contains(topic) && page.contains("เมย์"), "{topic}: {page}");
        }
        let member = site.sign_in("member");
        let tie = tie_with(&member, may);
        for path in [format!("/members/{may}"), tie.clone()] {
            assert!(member.page(&path).contains(topics[0].1), "those named see it: {path}");
        }
        assert!(member.page(&tie).contains("23\u{a0}ก.พ.\u{a0}2567"));
        let supporter = site.sign_in("supporter");
        assert!(!supporter.page(&format!("/members/{may}")).contains(topics[0].1), "and nobody else");
        // a second time it brings nothing
        let contacts = || crate::races::count(site, "SELECT COUNT(*) FROM contact");
        let many = contacts();
        let (again, _) = bring("contacts.csv", LOG);
        assert_eq!(contacts(), many, "the same log twice is once");
        coordinator.done(&format!("{again}/undo"), &[]);
        assert_eq!([nan, khwan, suthin].map(touched), after);

        site.fresh.clock.advance(Micros::HOUR);
        coordinator.done(&format!("{import}/undo"), &[]);
        assert_eq!([nan, khwan, suthin].map(touched), before, "taken back, the rhythm is what it was");
        assert_eq!(contacts(), 2);
        for (who, topic) in topics {
            assert!(!coordinator.page(&format!("/members/{who}")).contains(topic), "{topic}");
        }
        assert!(!member.page(&tie).contains(topics[0].1));
    });
}
