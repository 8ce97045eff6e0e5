//! The import rules one by one, on small tables: what the sample files do not happen to hold.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose table is refused has failed")]

use formats::Refusal;
use formats::intake::{
    ActorKind, Column, Formulas, Intake, Known, KnownActor, Mapping, Meaning, Options, Plan,
};
use serde_json::{Value, json};

const HEADINGS: &str = "ประทับเวลา|ชื่อ-นามสกุล|ชื่อเล่น|หน่วยงาน|บทบาท|จังหวัด|อำเภอ|ตำบล|เบอร์โทร|LINE ID|อีเมล|สิ่งที่ให้ได้|สิ่งที่ต้องการ|ช่วงเวลา|ยินยอม";

/// A row of members: name, organization, phone, consent, and further columns by heading number.
fn row(name: &str, organization: &str, phone: &str, consent: &str, more: &[(usize, &str)]) -> String {
    let mut cells = vec![""; 15];
    (cells[1], cells[3], cells[8], cells[14]) = (name, organization, phone, consent);
    for (at, text) in more {
        cells[*at] = text;
    }
    cells.join("|")
}

fn plan(known: &Known, text: &str) -> Plan {
    Intake::new(known, Options::default()).read("members.csv", text.as_bytes()).unwrap()
}

fn members(rows: &[String]) -> Value {
    plan(&Known::default(), &format!("{HEADINGS}\n{}\n", rows.join("\n"))).report()
}

#[test]
fn a_later_refusal_takes_earlier_rows_of_the_same_person_with_it() {
    let report = members(&[
        row("นายสมชาย ใจดี", "กลุ่ม ก", "0810000001", "ยินยอม", &[(11, "ปุ๋ย")]),
        row("สมชาย ใจดี", "กลุ่ม ข", "081-000-0001", "ไม่ยินยอม", &[]),
        row("สมชาย ใจดี", "กลุ่ม ค", "0810000001", "ยินยอม", &[]),
        row("สมชาย ใจดี", "กลุ่ม ง", "0890000009", "ยินยอม", &[]),
    ]);
    assert_eq!(
        report["rejected_rows"],
        json!([{"row": 2, "reason": "consent_withdrawn"}, {"row": 3, "reason": "consent_refused"}])
    );
    // what a rejected row says is gone with it, what comes after the refusal counts
    assert_eq!(report["counts"]["offers"], 0);
    assert_eq!(report["organisations"], json!(["กลุ่ม ค", "กลุ่ม ง"]));
    assert_eq!(report["counts"]["persons"], 2);
}

#[test]
fn a_member_who_refuses_in_next_months_sheet_is_named() {
    let mut actor = KnownActor::new(7, ActorKind::Person);
    actor.name = "สมชาย ใจดี".into();
    actor.phones.push("+66810000001".into());
    let known = Known { actors: vec![actor], ..Known::default() };
    let text = format!("{HEADINGS}\n{}\n", row("สมชาย ใจดี", "", "0810000001", "ไม่", &[]));
    let mut intake = Intake::new(&known, Options::default());
    let plan = intake.read("members.csv", text.as_bytes()).unwrap();
    let withdrawn = plan.members.unwrap().people.withdrawn;
    assert_eq!(
        withdrawn.iter().map(|no| intake.roster().get(*no).unwrap().existing).collect::<Vec<_>>(),
        [Some(7)]
    );
}

#[test]
fn two_that_were_made_one_stay_one_next_month() {
    let mut actor = KnownActor::new(7, ActorKind::Person);
    actor.name = "ปิยมาศ เครือคำ".into();
    actor.aliases.push("นางปิยมาศ สมบูรณ์".into());
    actor.phones.push("+66810000001".into());
    let known = Known { actors: vec![actor], ..Known::default() };
    let rows = [
        row("ปิยมาศ เครือคำ", "", "0810000001", "ยินยอม", &[]),
        row("ปิยมาศ สมบูรณ์", "", "0810000001", "ยินยอม", &[]),
    ];
    let plan = plan(&known, &format!("{HEADINGS}\n{}\n", rows.join("\n")));
    let people = &plan.members.as_ref().unwrap().people;
    assert_eq!(people.actors.len(), 1);
    assert_eq!(people.actors[0].existing, Some(7));
    // looked at alone the file still has two, and says so
    assert_eq!((people.counts.persons, people.counts.persons_if_merged), (2, 1));
    assert!(people.pairs.is_empty() && people.known_pairs.is_empty());
}

#[test]
fn certain_is_transitive_and_a_shared_office_line_is_nothing() {
    let report = members(&[
        row("มาลี ดีงาม", "กลุ่ม ก", "0810000001", "ยินยอม", &[]),
        row("นางมาลี ดีงาม", "กลุ่ม ก", "", "ยินยอม", &[]),
        row("มาลี ดีงาม", "กลุ่ม ก", "0810000002", "ยินยอม", &[]),
        row("สมศรี มีสุข", "อบต.ก", "053-000-101 ต่อ 12", "ยินยอม", &[]),
        row("สมศักดิ์ มีสุข", "เทศบาล ข", "053000101", "ยินยอม", &[]),
    ]);
    assert_eq!(report["certain_merges"], json!([{"name": "มาลี ดีงาม", "rows": [2, 3, 4]}]));
    assert_eq!(report["needs_decision"]["duplicate_persons"], json!([]));
    assert_eq!(report["counts"]["persons"], 3);
}

#[test]
fn alike_names_are_suggested_only_near_each_other() {
    let near = [(6, "อ.แม่แตง"), (7, "ต.ขี้เหล็ก")];
    let also_near = [(6, "แม่แตง"), (7, "ขี้เหล็ก")];
    let report = members(&[
        row("ทองสุข วงศ์ดี", "กลุ่ม ก", "0810000001", "ยินยอม", &near),
        row("ทองสุข วงค์ดี", "กลุ่ม ข", "0810000002", "ยินยอม", &also_near),
        row("ทองสุก วงศ์ดี", "กลุ่ม ค", "0810000003", "ยินยอม", &[(6, "พาน"), (7, "ขี้เหล็ก")]),
    ]);
    let pairs = report["needs_decision"]["duplicate_persons"].as_array().unwrap();
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0]["reason"], "similar_name");
    assert_eq!((&pairs[0]["a"]["rows"], &pairs[0]["b"]["rows"]), (&json!([2]), &json!([3])));
}

#[test]
fn rows_of_organizations_need_no_person_and_no_consent() {
    let report = members(&[
        row("ชมรมคนรักป่า", "", "0810000001", "ไม่ยินยอม", &[(11, "กล้าไม้"), (12, "น้ำ")]),
        row("-", "วัดป่า", "", "", &[]),
        row("ไม่มี", "-", "", "ยินยอม", &[]),
        row("ทดสอบ", "test", "", "ยินยอม", &[]),
    ]);
    let counts = &report["counts"];
    assert_eq!((&counts["persons"], &counts["organisations"]), (&json!(0), &json!(2)));
    assert_eq!(
        (&counts["offers"], &counts["needs"], &counts["organisations_without_person"]),
        (&json!(1), &json!(1), &json!(2))
    );
    assert_eq!(
        report["rejected_rows"],
        json!([{"row": 4, "reason": "no_name_no_org"}, {"row": 5, "reason": "test_row"}])
    );
}

#[test]
fn ditto_marks_repeat_the_row_above() {
    let report = members(&[
        row("ก ข", "กลุ่ม ก", "0810000001", "ยินยอม", &[]),
        String::new(),
        row("ค ง", "〃", "0810000002", "เหมือนบน", &[]),
        row("จ ฉ", "-\"\"-", "0810000003", "\"\"\"\"", &[]),
    ]);
    assert_eq!(report["counts"]["memberships"], 3);
    assert_eq!(report["counts"]["persons_pending_consent"], 0);
    assert_eq!(report["skipped_rows"], json!([{"row": 3, "what": "blank"}]));
}

#[test]
fn a_hint_a_title_and_small_headings_are_found_and_said_to_be_uncertain() {
    let text = "sep=;\nรายชื่อ\n\nชื่อ;นามสกุล;เบอร์โทร;อายุ\nสมชาย;ใจดี;0810000001;40\nชื่อ;นามสกุล;เบอร์โทร;อายุ\n";
    let plan = plan(&Known::default(), text);
    assert!(!plan.tables[0].certain);
    let report = plan.report();
    assert_eq!((&report["header_row"], &report["delimiter"]), (&json!(4), &json!(";")));
    assert_eq!(report["counts"]["persons"], 1);
    assert_eq!(plan.members.unwrap().people.actors[0].name, "สมชาย ใจดี");
    assert_eq!(report["skipped_rows"], json!([{"row": 6, "what": "repeated_header"}]));
}

#[test]
fn a_second_line_of_headings_belongs_to_the_first() {
    let text = "ประทับเวลา|ชื่อ-นามสกุล|ชื่อเล่น|หน่วยงาน|ที่อยู่|||ติดต่อ||บทบาท|สิ่งที่ให้ได้|สิ่งที่ต้องการ|ยินยอม\n\
                ||||จังหวัด|อำเภอ|ตำบล|เบอร์โทร|อีเมล||||\n\
                |สมชาย ใจดี|ชาย|กลุ่ม ก|ลำพูน|ลี้|นาทราย|0810000001|a@b.co||ปุ๋ย||ยินยอม\n";
    let plan = plan(&Known::default(), text);
    assert_eq!((plan.tables[0].header_row, plan.tables[0].first_data_row), (1, 3));
    let actor = &plan.members.unwrap().people.actors[0];
    assert_eq!((actor.district.as_str(), actor.phones.len(), actor.emails.len()), ("ลี้", 1, 1));
}

#[test]
fn people_correct_the_columns() {
    let text = "ท่านชื่ออะไร,สังกัด,LINE\nสมชาย ใจดี,กลุ่ม ก,doi\n";
    let mut mapping = Mapping::default();
    mapping.set("ท่านชื่ออะไร", Some(Column::Name));
    mapping.set("LINE", None);
    let options = Options { mapping, ..Options::default() };
    let plan = Intake::new(&Known::default(), options).read("m.csv", text.as_bytes()).unwrap();
    let actor = &plan.members.unwrap().people.actors[0];
    assert_eq!((actor.name.as_str(), actor.line_ids.len()), ("สมชาย ใจดี", 0));
}

#[test]
fn formula_like_cells_are_text_once_a_person_has_looked() {
    let text = "ชื่อ-นามสกุล,หน่วยงาน\n=cmd ใจดี,กลุ่ม ก\n";
    let refused =
        Intake::new(&Known::default(), Options::default()).read("m.csv", text.as_bytes()).unwrap_err();
    assert_eq!(refused, Refusal::FormulaLikeCells(vec!["A2".into()]));
    let options = Options { formulas: Formulas::AsText, ..Options::default() };
    let plan = Intake::new(&Known::default(), options).read("m.csv", text.as_bytes()).unwrap();
    assert_eq!(plan.members.unwrap().people.actors[0].name, "=cmd ใจดี");
}

fn people() -> Known {
    let person = |id: i64, name: &str, nickname: &str| {
        let mut actor = KnownActor::new(id, ActorKind::Person);
        actor.name = name.into();
        actor.nicknames.push(nickname.into());
        actor
    };
    let mut group = KnownActor::new(9, ActorKind::Group);
    group.name = "ชมรมคนรักป่า".into();
    Known {
        actors: vec![
            person(1, "สมชาย ใจดี", "ชาย"),
            person(2, "มาลี ดีงาม", "นก"),
            person(3, "อาซา ดอย", "นก"),
            group,
        ],
        ..Known::default()
    }
}

#[test]
fn log_checks_come_in_order_and_dittos_follow_the_last_entry() {
    let text = "วันที่,ผู้ติดต่อ,ติดต่อกับ,วิธี,รายละเอียด\n\
                01/02/2567,ชาย,มาลี ดีงาม,LINE call,ก\n\
                \"\"\"\",ชาย,พี่นก,โทร,ข\n\
                2/13/2024,ลุงชาย,ชมรมคนรักป่า,ประชุม,ค\n\
                ,,ชาย,โทร,ง\n\
                31/2/2567,ชาย,มาลี ดีงาม,โทร,จ\n\
                ,ชาย,มาลี ดีงาม,โทร,ฉ\n\
                5/5/2599,ชาย,มาลี ดีงาม,โทร,ช\n\
                2024-02-13T20:00:00Z,ชาย,มาลี ดีงาม และ อาซา ดอย,พบกัน,ซ\n\
                1/2/67,นายสมชาย ใจดี,มาลี ดีงาม,ไลน์,ก\n";
    let mut intake = Intake::new(&people(), Options::default());
    let plan = intake.read("log.csv", text.as_bytes()).unwrap();
    let report = plan.report();
    assert_eq!(
        report["rejected_rows"],
        json!([{"row": 5, "reason": "missing_participant"}, {"row": 6, "reason": "invalid_date"}])
    );
    assert_eq!(
        report["needs_decision"]["entries"],
        json!([{"row": 7, "reason": "missing_date"}, {"row": 8, "reason": "implausible_date"}])
    );
    // by who is meant, not by how it is written
    assert_eq!(report["skipped_duplicates"], json!([{"row": 10, "same_as": 2}]));
    let contacts = &plan.log.unwrap().contacts;
    let dates: Vec<String> = contacts.iter().map(|contact| contact.date.date.iso()).collect();
    assert_eq!(dates, ["2024-02-01", "2024-02-01", "2024-02-13", "2024-02-14"]);
    assert!(matches!(contacts[1].with[0].meaning, Meaning::Ambiguous(_)));
    assert!(matches!(contacts[2].who.meaning, Meaning::Short(_)));
    assert!(matches!(contacts[2].with[0].meaning, Meaning::Organization(_)));
    assert_eq!(contacts[3].with.len(), 2);
}

#[test]
fn ties_take_short_names_as_written_only() {
    let text = "ต้นทาง,ปลายทาง,ความสัมพันธ์\nชาย,มาลี ดีงาม,รู้จักกัน\nพี่ชาย,มาลี ดีงาม,ญาติ\nมาลี ดีงาม,ชาย,รู้จักกัน\nนก,ชาย,MOU\nชาย,ชมรมคนรักป่า,สมาชิก\n";
    let report = Intake::new(&people(), Options::default()).read("t.csv", text.as_bytes()).unwrap().report();
    assert_eq!((&report["ties"], &report["new_memberships"]), (&json!(1), &json!(1)));
    assert_eq!(report["skipped_duplicates"], json!([{"row": 4, "same_as": 2}]));
    assert_eq!(
        report["needs_decision"],
        json!([{"row": 3, "reason": "unknown_endpoint"}, {"row": 5, "reason": "ambiguous_endpoint"}])
    );
}

#[test]
fn the_declared_size_of_a_part_is_never_believed() {
    let mut bytes =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/hostile/bomb.xlsx")).unwrap();
    // the sizes of every part, in both directories of the archive, said to be a hundred bytes
    for (mark, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let places: Vec<usize> =
            bytes.windows(4).enumerate().filter(|(_, w)| w == mark).map(|(at, _)| at).collect();
        for at in places {
            bytes[at + offset..at + offset + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    let refused = Intake::new(&Known::default(), Options::default()).read("bomb.xlsx", &bytes).unwrap_err();
    assert_eq!(refused, Refusal::ExpandsTooFar);
}

#[test]
fn an_error_saved_as_text_is_still_an_error() {
    let report = members(&[
        row("#REF!\u{200b}", "กลุ่ม ก", "0810000001", "ยินยอม", &[]),
        row("มาลี ดีงาม", "กลุ่ม ก", " #n/a ", "ยินยอม", &[(6, "#N/A"), (11, "เสื้อเบอร์ #N/A")]),
    ]);
    assert_eq!(report["rejected_rows"], json!([{"row": 2, "reason": "error_in_key_cell"}]));
    assert_eq!(
        report["warnings"]["cells"],
        json!([{"row": 3, "what": "error_cell:amp"}, {"row": 3, "what": "error_cell:phone"}])
    );
    assert_eq!(report["counts"]["offers"], 1);
}

#[test]
fn an_unknown_end_of_a_tie_is_told_before_an_ambiguous_one() {
    let text = "source,target,relation\nนก,ใครไม่รู้,รู้จักกัน\nใครไม่รู้,นก,รู้จักกัน\nนก,มาลี ดีงาม,คู่ปรับ\n";
    let report = Intake::new(&people(), Options::default()).read("t.csv", text.as_bytes()).unwrap().report();
    assert_eq!(
        report["needs_decision"],
        json!([
            {"row": 2, "reason": "unknown_endpoint"},
            {"row": 3, "reason": "unknown_endpoint"},
            {"row": 4, "reason": "ambiguous_endpoint"}
        ])
    );
}

#[test]
fn an_occurrence_named_by_its_day_is_the_one_that_changes() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20250107T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20250114\nDTSTART:20250115T100000\nEND:VEVENT\nEND:VCALENDAR\n";
    let plan = Intake::new(&Known::default(), Options::default()).read("c.ics", text.as_bytes()).unwrap();
    let activity = &plan.activities.as_ref().unwrap().planned[0];
    let day = |month: i8| jiff::civil::date(2025, month, 1).at(0, 0, 0, 0);
    let starts: Vec<String> = activity
        .occurrences(day(1), day(2))
        .iter()
        .map(|start| start.strftime("%dT%H").to_string())
        .collect();
    assert_eq!(starts, ["07T09", "15T10", "21T09"]);
}

#[test]
fn one_name_a_thousand_times_stays_linked_without_every_pair() {
    let rows: Vec<String> = (0..1_000)
        .map(|at| row("สมชาย ใจดี", &format!("กลุ่ม {at}"), &format!("081{at:07}"), "ยินยอม", &[]))
        .collect();
    let report = members(&rows);
    assert_eq!(report["counts"]["persons"], 1_000);
    assert_eq!(report["counts"]["persons_if_every_suggested_pair_is_merged"], 1);
    assert_eq!(report["needs_decision"]["duplicate_persons"].as_array().unwrap().len(), 999);
}

#[test]
fn files_beyond_what_memory_holds_are_refused() {
    let refused = |name: &str, text: String| {
        Intake::new(&Known::default(), Options::default()).read(name, text.as_bytes()).unwrap_err()
    };
    let rows = format!("{}\n", row("ก ข", "", "", "ได้", &[])).repeat(formats::intake::MOST_MEMBERS + 1);
    assert_eq!(refused("m.csv", format!("{HEADINGS}\n{rows}")), Refusal::TooMany);
    let cards = "BEGIN:VCARD\nFN:a b\nEND:VCARD\n".repeat(formats::vcard::MOST_CARDS as usize + 1);
    assert_eq!(refused("c.vcf", cards), Refusal::TooMany);
    assert_eq!(refused("blank.csv", format!("a,b{}", "\n".repeat(1_100_000))), Refusal::TooMany);
}
