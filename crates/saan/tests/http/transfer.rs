use axum::http::StatusCode;
use store::{Viewer, params};

use crate::site::{Site, link, on_demo};

pub const SHEET: &str = "\u{feff}ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
    นางสมศรี ใจดีมาก,ป้าศรี,กลุ่มทอผ้าบ้านดอน,ประธาน,เชียงใหม่,สันทราย,แม่แฝก,081-234-5678,สอนทอผ้า,อยากได้รถไปส่งของ,ยินยอม\n\
    นายสมชาย รถไว,ชาย,,,เชียงใหม่,สันทราย,,089-999-8888,มีรถกระบะว่างเสาร์อาทิตย์ ช่วยส่งของได้,,ยินยอม\n\
    นางเงียบ ไม่ตอบ,เงียบ,,,เชียงใหม่,,,081-234-5679,,,\n\
    ทดสอบ,,,,,,,,,,ยินยอม\n";

fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<i64, store::Error>(&Viewer::System("test"), |r| r.one(sql, params![])).unwrap()
}

const MEMBERS: &str = "SELECT COUNT(*) FROM actor WHERE gone_at IS NULL";
const INTENTS: &str = "SELECT COUNT(*) FROM intent WHERE state = 'open'";

#[test]
fn a_sheet_is_looked_at_then_written_once_and_undone_as_a_whole() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let (members, intents) = (count(site, MEMBERS), count(site, INTENTS));
        let shown = coordinator.upload("/transfer", "สมาชิก.csv", SHEET.as_bytes());
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.body);
        let import = shown.location.unwrap();
        let page = coordinator.page(&import);
        for words in ["บุคคล 3 คน", "กลุ่ม 1 กลุ่ม", "สิ่งที่ให้ได้ 2 เรื่อง", "สิ่งที่ขอ 1 เรื่อง", "รอความยินยอม 1 คน", "แถว 5"]
        {
            assert!(page.contains(words), "the preview says {words}: {page}");
        }
        assert_eq!(count(site, MEMBERS), members, "nothing is written before somebody says so");

        coordinator.done(&import, &[("do", "write")]);
        assert_eq!((count(site, MEMBERS), count(site, INTENTS)), (members + 4, intents + 3));
        coordinator.done(&import, &[("do", "write")]);
        assert_eq!(count(site, MEMBERS), members + 4, "a second tap brings nothing in twice");
        let days = count(site, "SELECT MAX(valid_until) FROM intent") - site.db.now().0;
        assert_eq!(days / store::Micros::DAY, 180, "imported offers end at a sane date (trap 8)");

        let member = site.sign_in("member");
        let directory = member.page("/members");
        assert!(directory.contains("ป้าศรี") && directory.contains("กลุ่มทอผ้าบ้านดอน"));
        assert!(!directory.contains("เงียบ"), "nobody is shown before their consent is on record");
        let her_page = member.page(&link(&directory, "ป้าศรี"));
        assert!(her_page.contains("081-234-5678") && her_page.contains("กลุ่มทอผ้าบ้านดอน"));

        coordinator.done(&format!("{import}/undo"), &[]);
        assert_eq!((count(site, MEMBERS), count(site, INTENTS)), (members, intents));
        assert!(!member.page("/members").contains("ป้าศรี"));
        coordinator.done(&format!("{import}/undo"), &[]);
        assert_eq!(count(site, MEMBERS), members, "undone once is undone");
    });
}

#[test]
fn next_months_sheet_updates_and_removes_nothing() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |text: &str| {
            let import = coordinator.upload("/transfer", "สมาชิก.csv", text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
        };
        bring(SHEET);
        let (members, intents) = (count(site, MEMBERS), count(site, INTENTS));
        bring(SHEET);
        assert_eq!((count(site, MEMBERS), count(site, INTENTS)), (members, intents));
        // one row is gone, one has a second phone, the silent one agreed
        let next = SHEET
            .lines()
            .filter(|line| !line.contains("สมชาย"))
            .collect::<Vec<_>>()
            .join("\n")
            .replace("081-234-5678", "081-234-5678 / 053-111222")
            .replace(
                "นางเงียบ ไม่ตอบ,เงียบ,,,เชียงใหม่,,,081-234-5679,,,",
                "นางเงียบ ไม่ตอบ,เงียบ,,,เชียงใหม่,,,081-234-5679,,,ยินยอม",
            );
        bring(&next);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM actor WHERE name = 'สมชาย รถไว' AND gone_at IS NULL"),
            1
        );
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM actor WHERE name LIKE 'เงียบ%' AND consent = 'given'"),
            1
        );
        assert_eq!(
            count(
                site,
                "SELECT COUNT(*) FROM contact_point p JOIN actor a ON a.id = p.actor_id WHERE a.name LIKE 'สมศรี%'"
            ),
            2
        );
    });
}

/// Whoever comes twice in what is brought in at once is made once with each number once, and nothing is left of two
/// lists that are taken back, whichever of them found the likely pairs.
#[test]
fn nothing_is_left_of_lists_that_are_taken_back() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |text: &str| {
            let import = coordinator.upload("/transfer", "สมาชิก.csv", text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
            import
        };
        let counts = || -> Vec<i64> {
            ["membership", "contact_point", "key_holder", "audience", "intent", "intent_category", "consent"]
                .iter()
                .chain(&["likely_duplicate", "tie", "membership_consent"])
                .map(|table| count(site, &format!("SELECT COUNT(*) FROM {table}")))
                .collect()
        };
        let before = counts();
        let twice = SHEET.to_owned()
            + "นางสมศรี ใจดีมาก,ป้าศรี,กลุ่มทอผ้าบ้านดอน,,เชียงใหม่,สันทราย,แม่แฝก,0812345678 / +66812345678,สอนทอผ้า,,ยินยอม\n\
               นางบัวคำ ศรีสุข,บัว,กลุ่มทอผ้าบ้านดอน,,เชียงใหม่,,,086-111-2222,,,ยินยอม\n";
        let first = bring(&twice);
        let of = |what: &str, name: &str| {
            count(site, &format!("SELECT COUNT(*) FROM {what} JOIN actor a ON a.id = x.{name}"))
        };
        assert_eq!(of("contact_point x", "actor_id AND a.name LIKE 'สมศรี ใจดีมาก%'"), 1);
        assert_eq!(
            of("membership x", "part_id AND a.name LIKE 'สมศรี ใจดีมาก%'"),
            2,
            "the network and her group"
        );
        let pairs = count(site, "SELECT COUNT(*) FROM likely_duplicate");
        // the same name with nothing else, in another list
        let second = bring("\u{feff}ชื่อ-นามสกุล,ตำบล,อำเภอ,จังหวัด,หน่วยงาน\nบัวคำ ศรีสุข,,,เชียงใหม่,\n");
        assert!(
            count(site, "SELECT COUNT(*) FROM likely_duplicate") > pairs,
            "a person is asked about the two"
        );
        assert_eq!(store::soundness::check(&site.db).unwrap(), []);
        assert_eq!(app::search::faults(&site.db).unwrap(), []);

        coordinator.done(&format!("{first}/undo"), &[]);
        coordinator.done(&format!("{second}/undo"), &[]);
        assert_eq!(counts(), before);
        assert_eq!(store::soundness::check(&site.db).unwrap(), []);
        assert_eq!(app::search::faults(&site.db).unwrap(), []);
    });
}

#[test]
fn whoever_left_is_neither_brought_back_nor_made_twice_by_next_months_sheet() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |text: &str| {
            let import = coordinator.upload("/transfer", "สมาชิก.csv", text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
        };
        bring(SHEET);
        for (name, state) in [("สมชาย รถไว", "removed"), ("กลุ่มทอผ้าบ้านดอน", "left")]
        {
            let sql = format!(
                "UPDATE membership SET state = '{state}' WHERE part_id IN (SELECT id FROM actor WHERE name = '{name}') \
                 AND whole_id IN (SELECT id FROM actor WHERE kind = 'network')"
            );
            let changed: Result<u64, store::Error> =
                site.db.bookkeeping("test", |w| w.execute(&sql, params![]));
            assert_eq!(changed.unwrap(), 1);
        }
        let (members, intents) = (count(site, MEMBERS), count(site, INTENTS));
        let memberships = count(site, "SELECT COUNT(*) FROM membership WHERE state = 'member'");
        // the same sheet; then one in which the same name stands without what was known of it
        bring(SHEET);
        bring("ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,เบอร์โทร,ยินยอม\nสมชาย รถไว,,,,ยินยอม\n");
        assert_eq!((count(site, MEMBERS), count(site, INTENTS)), (members, intents));
        assert_eq!(count(site, "SELECT COUNT(*) FROM membership WHERE state = 'member'"), memberships);
        let shown = coordinator.upload("/transfer", "สมาชิก.csv", SHEET.as_bytes()).location.unwrap();
        let page = coordinator.page(&shown);
        for words in ["เคยออกจากเครือข่ายหรือถูกนำออก (2)", "สมชาย รถไว", "กลุ่มทอผ้าบ้านดอน", "ให้ผู้ประสานงานตัดสิน"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let mut reads_english = site.sign_in("coordinator");
        reads_english.lang = "en";
        assert!(reads_english.page(&shown).contains("left the network or was removed before"));
        // somebody else of another name is made as ever
        bring("ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,เบอร์โทร,ยินยอม\nสมหญิง มาใหม่,,,,ยินยอม\n");
        assert_eq!(count(site, MEMBERS), members + 1);
    });
}

#[test]
fn a_file_that_cannot_be_read_is_refused_in_one_sentence() {
    on_demo(|site| {
        let mut coordinator = site.sign_in("coordinator");
        let before = count(site, "SELECT COUNT(*) FROM import");
        let html = b"<html><body><table><tr><td>hello</td></tr></table></body></html>";
        assert!(coordinator.upload("/transfer", "รายชื่อ.xlsx", html).body.contains("role=\"alert\""));
        coordinator.lang = "en";
        let reply = coordinator.upload("/transfer", "members.xlsx", b"");
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.contains("members.xlsx"), "the file is named");
        assert_eq!(count(site, "SELECT COUNT(*) FROM import"), before, "nothing of it is kept");
    });
}

#[test]
fn two_that_are_one_are_made_one_and_parted_again() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let twins = "ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
            มะลิ ดอกขาว,ลิ,,,เชียงใหม่,,,081-111-1111,ทำขนม,,ยินยอม\n\
            มะลิ ดอกขาว,ลี่,,,ลำพูน,,,082-222-2222,ร้องเพลง,,ยินยอม\n";
        let import = coordinator.upload("/transfer", "สมาชิก.csv", twins.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let alive = "SELECT COUNT(*) FROM actor WHERE name = 'มะลิ ดอกขาว' AND gone_at IS NULL";
        assert_eq!(count(site, alive), 2, "they stay apart until somebody decides");

        let page = coordinator.page("/transfer/duplicates");
        let action = page.split("action=\"/transfer/duplicates/").nth(1).unwrap().split('"').next().unwrap();
        coordinator.done(&format!("/transfer/duplicates/{action}"), &[("same", "yes")]);
        assert_eq!(count(site, alive), 1);
        let phones = "SELECT COUNT(*) FROM contact_point p JOIN actor a ON a.id = p.actor_id \
                      WHERE a.name = 'มะลิ ดอกขาว' AND a.gone_at IS NULL";
        assert_eq!(count(site, phones), 2, "what was said of both is said of the one");

        let page = coordinator.page("/transfer/duplicates");
        let undo = page.split("action=\"/transfer/merges/").nth(1).unwrap().split('/').next().unwrap();
        coordinator.done(&format!("/transfer/merges/{undo}/undo"), &[]);
        assert_eq!((count(site, alive), count(site, phones)), (2, 2));
    });
}

#[test]
fn only_a_coordinator_brings_files_in() {
    on_demo(|site| {
        let member = site.sign_in("member");
        assert_eq!(member.upload("/transfer", "x.csv", SHEET.as_bytes()).status, StatusCode::FORBIDDEN);
        assert_eq!(member.get("/transfer/duplicates").status, StatusCode::FORBIDDEN);
    });
}

/// A table that is neither exported nor named with a reason would be lost to whoever leaves.
#[test]
fn trap_6_every_table_is_exported_or_left_out_for_a_reason() {
    on_demo(|site| {
        let tables = site.db.read::<_, store::Error>(&Viewer::System("test"), |r| r.tables()).unwrap();
        assert!(tables.len() > 30);
        for table in &tables {
            let taken = app::transfer::TAKEN.contains(&table.as_str());
            let left_out =
                app::transfer::LEFT_OUT.iter().any(|(name, reason)| name == table && !reason.is_empty());
            assert!(taken != left_out, "{table}: exported or left out with a reason, one of the two");
        }
    });
}

/// A table that leaves with half its columns loses the other half of what was said.
#[test]
fn trap_6_every_column_of_what_leaves_is_in_the_json_or_left_behind_for_a_reason() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let import = coordinator.upload("/transfer", "x.csv", SHEET.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        let whole: serde_json::Value =
            serde_json::from_str(&coordinator.get("/transfer/export/json").body).unwrap();
        for table in app::transfer::TAKEN {
            let columns: Vec<String> = site
                .db
                .read::<_, store::Error>(&Viewer::System("test"), |r| r.columns(table))
                .unwrap()
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            let (leave, left) = app::transfer::columns_of(table);
            for column in &columns {
                let leaves = leave.contains(&column.as_str());
                let stays = left.iter().any(|(name, why)| name == column && !why.is_empty());
                assert!(leaves != stays, "{table}.{column}: leaves or stays for a reason, one of the two");
            }
            assert_eq!(columns.len(), leave.len() + left.len(), "{table} names a column it has not");
            let said = &whole["further"][table]["columns"];
            assert_eq!(said, &serde_json::json!(leave), "{table}");
        }
        let rows = |table: &str, column: &str| -> Vec<String> {
            let table = &whole["further"][table];
            let at = table["columns"].as_array().unwrap().iter().position(|name| name == column).unwrap();
            let rows = table["rows"].as_array().unwrap();
            rows.iter().map(|row| row[at].as_str().unwrap().to_owned()).collect()
        };
        let moments = rows("consent", "at");
        assert!(!moments.is_empty());
        for at in moments.iter().chain(&rows("intent", "valid_until")) {
            assert!(at.parse::<jiff::Timestamp>().is_ok(), "{at} is a moment");
        }
        assert!(rows("consent", "actor_id").iter().all(|id| id.parse::<store::ids::ActorId>().is_ok()));
        assert!(rows("intent", "terms").iter().all(|terms| terms == "gift"));
        let at: jiff::Timestamp = whole["at"].as_str().unwrap().parse().unwrap();
        assert!(
            (at.as_microsecond() - site.db.now().0).abs() < store::Micros::DAY / 24,
            "taken out now, in UTC"
        );
    });
}

#[test]
fn trap_7_an_export_shows_no_more_than_its_reader_may_see_and_says_what_it_leaves_out() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let import = coordinator.upload("/transfer", "x.csv", SHEET.as_bytes()).location.unwrap();
        coordinator.done(&import, &[("do", "write")]);
        for format in app::transfer::Format::ALL {
            let reply = coordinator.get(&format!("/transfer/export/{}", format.word()));
            assert_eq!(reply.status, StatusCode::OK, "{}", format.word());
            assert!(reply.body.len() > 20, "{}", format.word());
        }
        assert!(
            coordinator.get("/transfer/export/json").body.contains("เงียบ"),
            "a coordinator looks after the pending"
        );
        let whole: serde_json::Value =
            serde_json::from_str(&coordinator.get("/transfer/export/json").body).unwrap();
        let said = whole["further"]["left_out"]["rows"].as_array().unwrap();
        assert_eq!(said.len(), app::transfer::LEFT_OUT.len());
        assert!(
            said.iter().any(|row| row[0] == "tie_note" && row[1].as_str().is_some_and(|why| !why.is_empty()))
        );
        assert_eq!(site.sign_in("member").get("/transfer/export/json").status, StatusCode::FORBIDDEN);

        let viewer = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                let network = app::networks::found_by_name(r, "เครือข่ายพยาบาลวิชาชีพภาคเหนือ")?.unwrap();
                let member = app::transfer::member_named(r, network, "member")?;
                Ok((network, member))
            })
            .unwrap();
        let (network, member) = viewer;
        let eyes = Viewer::Member {
            account: store::ids::AccountId(4),
            person: member,
            acting_as: member,
            operator: true,
        };
        let seen = site.db.snapshot(&eyes, |r| app::transfer::gather(r, network, web::Lang::Thai)).unwrap();
        assert!(seen.members.iter().any(|m| m.name.contains("สมศรี")));
        assert!(!seen.members.iter().any(|m| m.name.contains("เงียบ")), "who did not consent does not leave");
    });
}

#[test]
fn who_has_nothing_but_a_name_is_known_again_in_the_same_list_and_in_no_other() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |text: &str| {
            let import = coordinator.upload("/transfer", "สมาชิก.csv", text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
        };
        let bare = "\u{feff}ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
            นางบัวคำ ไร้เบอร์,คำ,,,เชียงใหม่,,,,,,\n\
            สมชาย สองคน,,,,เชียงใหม่,,,,,,\n\
            สมชาย สองคน,,,,ลำพูน,,,,,,\n";
        let named = "SELECT COUNT(*) FROM actor WHERE name LIKE 'บัวคำ%' AND gone_at IS NULL";
        let two = "SELECT COUNT(*) FROM actor WHERE name LIKE 'สมชาย สองคน%' AND gone_at IS NULL";
        let pairs = "SELECT COUNT(*) FROM likely_duplicate";
        bring(bare);
        assert_eq!((count(site, named), count(site, two)), (1, 2));
        let open = count(site, pairs);
        // next month: the same list, one row more, and a space in its headings
        bring(&(bare.replace("ชื่อเล่น", "ชื่อเล่น ") + "นายใหม่ มาแล้ว,ใหม่,,,,,,,,,\n"));
        assert_eq!((count(site, named), count(site, two)), (1, 2), "nobody is made twice");
        assert_eq!(count(site, pairs), open, "nobody is suggested as their own duplicate");
        // another list with the same bare name may speak of somebody else: a person decides
        bring(
            "\u{feff}ชื่อ-นามสกุล,ตำบล,อำเภอ,จังหวัด,หน่วยงาน,ชื่อเล่น,บทบาท,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม\n\
               บัวคำ ไร้เบอร์,,,เชียงใหม่,,,,,,,\n",
        );
        assert_eq!((count(site, named), count(site, pairs)), (2, open + 1));
    });
}

#[test]
fn what_an_address_book_and_a_calendar_say_beyond_our_fields_goes_out_again() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = |name: &str, text: &str| {
            let import = coordinator.upload("/transfer", name, text.as_bytes()).location.unwrap();
            coordinator.done(&import, &[("do", "write")]);
        };
        bring(
            "phones.vcf",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:มีของ;บุญ;;;\r\nFN:บุญ มีของ\r\nTEL:081-222-3344\r\nBDAY:1980-05-06\r\n\
             X-RADIO-CALL:HS5ABC\r\nGEO:18.79;98.98\r\nEND:VCARD\r\n",
        );
        let cards = coordinator.get("/transfer/export/vcf").body;
        for line in ["X-RADIO-CALL:HS5ABC", "GEO:18.79;98.98", "BDAY:19800506"] {
            assert!(cards.contains(line), "{line} in {cards}");
        }
        let series = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:weekly@test\r\nSUMMARY:ประชุมกลุ่ม\r\n\
             DTSTART;TZID=Asia/Bangkok:20270104T090000\r\nDTEND;TZID=Asia/Bangkok:20270104T100000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n\
             END:VEVENT\r\nBEGIN:VEVENT\r\nUID:weekly@test\r\nSUMMARY:ประชุมที่วัด\r\nLOCATION:วัดบ้านดอน\r\n\
             RECURRENCE-ID;TZID=Asia/Bangkok:20270111T090000\r\nDTSTART;TZID=Asia/Bangkok:20270112T130000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        bring("plan.ics", series);
        let calendar = coordinator.get("/transfer/export/ics").body;
        for line in [
            "RECURRENCE-ID;TZID=Asia/Bangkok:20270111T090000",
            "DTSTART;TZID=Asia/Bangkok:20270112T130000",
            "LOCATION:วัดบ้านดอน",
        ] {
            assert!(calendar.contains(line), "{line} in {calendar}");
        }
        let again = formats::icalendar::read(calendar.as_bytes()).unwrap();
        assert_eq!(again.events.iter().filter(|event| event.replaces.is_some()).count(), 1);
    });
}

/// Access and portability: what is about somebody is in what they take along, or left out for a reason.
#[test]
fn every_table_is_in_a_members_own_data_or_left_out_for_a_reason() {
    on_demo(|site| {
        let tables = site.db.read::<_, store::Error>(&Viewer::System("test"), |r| r.tables()).unwrap();
        for table in &tables {
            let taken = app::transfer::PERSONAL.contains(&table.as_str());
            let left_out =
                app::transfer::NOT_PERSONAL.iter().any(|(name, reason)| name == table && !reason.is_empty());
            assert!(
                taken != left_out,
                "{table}: in a member's own data (transfer/queries/personal.rs) or left out with a reason"
            );
        }
    });
}

#[test]
fn d1_a_member_takes_along_what_is_theirs_and_no_hidden_answer() {
    on_demo(|site| {
        let (member, coordinator) = (site.sign_in("member"), site.sign_in("coordinator"));
        let other = crate::joining::own_id(&coordinator);
        let tie = member.done(
            "/ties/new",
            &[("with", &other), ("relation", "colleague"), ("offers", "ช่วยทำแผล"), ("once", "tie-mine-1")],
        );
        coordinator.done(&format!("{}/answer", tie.split('?').next().unwrap()), &[("answer", "no")]);
        let reply = member.get("/transfer/mine/json");
        assert_eq!(reply.status, StatusCode::OK);
        let data: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(data["profile"][0]["name"], "นันทิดา ใจงาม");
        assert_eq!(data["ties"][0]["offers"], "ช่วยทำแผล");
        assert_eq!(data["ties"][0]["state"], "proposed", "a no looks like silence");
        assert!(data["ties"][0]["declined"].is_null());
        assert!(
            !data["sessions"].as_array().unwrap().is_empty()
                && !data["journal"].as_array().unwrap().is_empty()
        );
        assert_eq!(data["sign_in_names"][0]["name"], "member");
        let his: serde_json::Value =
            serde_json::from_str(&coordinator.get("/transfer/mine/json").body).unwrap();
        assert!(his["ties"][0]["declined"].is_string(), "one's own no is one's own");
        let page = member.page("/transfer/mine");
        assert!(page.contains("ช่วยทำแผล") && page.contains("/transfer/mine/xlsx"));
        // the files hold the same cells: a day is looked for there with the spaces one types
        assert!(page.contains(" 2569") && !page.contains("\u{a0}2569"), "{page}");
        for format in ["xlsx", "zip"] {
            let file = member.get(&format!("/transfer/mine/{format}"));
            assert!(file.status == StatusCode::OK && file.body.starts_with("PK"), "{format}");
        }
        for path in ["/joining/settings", "/joining/leave"] {
            assert!(member.page(path).contains("href=\"/transfer/mine\""), "{path}");
        }
        assert_eq!(site.stranger().get("/api/v1/transfer/mine").status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn cells_a_spreadsheet_would_run_are_shown_before_they_are_kept_as_text() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let sheet =
            "ชื่อ-นามสกุล,เบอร์โทร,สิ่งที่ต้องการ\nสมศรี น้ำใส,0812345678,\"=HYPERLINK(\"\"http://x.example\"\")\"\n";
        let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
        let page = coordinator.page(&import);
        let sentence = page.find("พบช่องที่ขึ้นต้นเหมือนสูตร (C2)").unwrap_or_else(|| panic!("{page}"));
        assert!(sentence < page.find("value=\"write\"").unwrap(), "above the button that writes");

        let program = crate::api::Program::of(site, &coordinator, true);
        let preview = program.get(&import.replace("/transfer/", "/api/v1/transfer/imports/"));
        let said = preview["files"][0]["look_at"].as_str().unwrap();
        assert!(said.contains("C2"), "{said}");
        // nothing of an ordinary list has to be looked at
        let plain =
            coordinator.upload("/transfer", "y.csv", "ชื่อ-นามสกุล,เบอร์โทร\nมะลิ ดอกขาว,0811111111\n".as_bytes());
        let preview =
            program.get(&plain.location.unwrap().replace("/transfer/", "/api/v1/transfer/imports/"));
        assert!(preview["files"][0]["look_at"].is_null(), "{preview}");
    });
}

#[test]
fn d3_a_no_stays_a_no_when_an_older_sheet_with_a_yes_comes_again() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let bring = || {
            let import = coordinator.upload("/transfer", "สมาชิก.csv", SHEET.as_bytes()).location.unwrap();
            let shown = coordinator.page(&import);
            coordinator.done(&import, &[("do", "write")]);
            shown
        };
        let consent = || {
            site.db
                .read::<_, store::Error>(&Viewer::System("test"), |r| {
                    r.one::<String>(
                        "SELECT consent FROM actor WHERE name LIKE 'สมศรี%' AND gone_at IS NULL",
                        &[],
                    )
                })
                .unwrap()
        };
        bring();
        assert_eq!(consent(), "given");
        let her = link(&coordinator.page("/members"), "ป้าศรี");
        let answer = her.replace("/members/", "/joining/unclaimed/") + "/answer";
        coordinator.done(&answer, &[("answer", "no"), ("manner", "phone")]);
        assert_eq!(consent(), "refused");
        let shown = bring();
        assert_eq!(consent(), "refused", "a sheet of before is no new answer");
        let listed = shown.split("เคยไม่ยินยอมหรือถอนความยินยอม").nth(1).unwrap();
        assert!(listed.contains("สมศรี"), "and it is listed for a person to decide");
    });
}
