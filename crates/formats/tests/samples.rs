//! The sample files of the import rules: every number and every list of their expected outcome.
//!
//! The files are our own; all people, numbers and places in them are invented.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its sample has failed")]

use std::path::{Path, PathBuf};

use formats::Refusal;
use formats::intake::{Intake, Known, Options, Plan, Suggested};
use serde_json::Value;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

fn expected(name: &str) -> Value {
    serde_json::from_slice(&bytes(&format!("{name}.expected.json"))).unwrap()
}

/// Plans the files in order and gives the plan of the last.
fn last_plan(names: &[&str]) -> Plan {
    let mut intake = Intake::new(&Known::default(), Options::default());
    names.iter().map(|name| intake.read(name, &bytes(name)).unwrap()).last().unwrap()
}

/// Every number of the expectation stands in the report, at the same place; arrays are compared by name below.
fn same_numbers(expected: &Value, report: &Value, path: &str, wrong: &mut Vec<String>) {
    match expected {
        Value::Object(fields) => {
            for (key, value) in fields {
                same_numbers(value, report.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), wrong);
            }
        }
        Value::Number(_) if expected != report => {
            wrong.push(format!("{path}: {expected} expected, {report} given"))
        }
        _ => {}
    }
}

fn check(name: &str, report: &Value, lists: &[&str]) {
    let expected = expected(name);
    let mut wrong = Vec::new();
    same_numbers(&expected, report, "", &mut wrong);
    for list in lists {
        let (one, other) = (expected.pointer(list), report.pointer(list));
        assert!(one.is_some(), "{list} is no part of what is expected");
        if one != other {
            wrong.push(format!("{list}:\n expected {}\n given    {}", text(one), text(other)));
        }
    }
    assert!(wrong.is_empty(), "{name}\n{}", wrong.join("\n"));
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

#[test]
fn members() {
    let report = last_plan(&["members.xlsx"]).report();
    let lists = [
        "/sheet_members",
        "/date_system",
        "/certain_merges",
        "/pending_consent",
        "/organisations",
        "/rejected_rows",
        "/skipped_rows",
        "/needs_decision",
        "/warnings",
        "/sheets_not_imported",
        "/contact_log/sheet",
        "/contact_log/by_channel",
        "/contact_log/rejected_rows",
        "/contact_log/skipped_duplicates",
        "/contact_log/needs_decision",
    ];
    check("members.xlsx", &report, &lists);
}

#[test]
fn members_rows_keep_phone_and_time() {
    let plan = last_plan(&["members.xlsx"]);
    let part = plan.members.as_ref().unwrap();
    let expected = expected("members.xlsx");
    let of_row = |row: u64| {
        part.people.actors.iter().find(|a| a.sources.iter().any(|s| u64::from(s.row) == row)).unwrap()
    };
    for named in expected["named_rows"].as_array().unwrap() {
        let actor = of_row(named["row"].as_u64().unwrap());
        assert_eq!(actor.name, named["name"].as_str().unwrap());
        assert_eq!(actor.phones, [named["phone"].as_str().unwrap()]);
        assert_eq!(actor.submitted.unwrap().iso(), named["submitted"].as_str().unwrap());
    }
    for case in expected["extra_phone_cases"].as_array().unwrap() {
        let phones: Vec<&str> = case["phones"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(of_row(case["row"].as_u64().unwrap()).phones, phones);
    }
    let log = plan.log.as_ref().unwrap();
    for (row, date) in expected["contact_log"]["dates"].as_object().unwrap() {
        let contact = log.contacts.iter().find(|c| c.source.row.to_string() == *row).unwrap();
        assert_eq!(contact.date.date.iso(), date.as_str().unwrap(), "row {row}");
    }
}

#[test]
fn contacts() {
    let plan = last_plan(&["members.xlsx", "contacts.csv"]);
    let report = plan.report();
    let lists = [
        "/encoding",
        "/delimiter",
        "/by_channel",
        "/rejected_rows",
        "/skipped_duplicates",
        "/needs_decision",
        "/already_in_members_log_rows",
    ];
    check("contacts.csv", &report, &lists);
    for (row, date) in expected("contacts.csv")["dates"].as_object().unwrap() {
        let contacts = &plan.log.as_ref().unwrap().contacts;
        let contact = contacts.iter().find(|c| c.source.row.to_string() == *row).unwrap();
        assert_eq!(contact.date.date.iso(), date.as_str().unwrap(), "row {row}");
    }
}

#[test]
fn ties() {
    let plan = last_plan(&["members.xlsx", "ties.csv"]);
    let lists = [
        "/encoding",
        "/ties_by_kind",
        "/memberships_rows",
        "/skipped_duplicates",
        "/rejected_rows",
        "/needs_decision",
        "/warnings",
    ];
    check("ties.csv", &plan.report(), &lists);
    for named in expected("ties.csv")["named_rows"].as_array().unwrap() {
        let ties = &plan.ties.as_ref().unwrap().ties;
        let tie = ties.iter().find(|t| u64::from(t.source.row) == named["row"].as_u64().unwrap()).unwrap();
        assert_eq!(tie.relation_text, named["relation"].as_str().unwrap());
        assert_eq!(tie.strength.map(u64::from), named["strength"].as_u64());
        assert_eq!(tie.since.map(|since| since.iso()).as_deref(), named["since"].as_str());
    }
}

#[test]
fn phonebook() {
    let lists = [
        "/organisations",
        "/rejected_cards",
        "/certain_merges",
        "/persons",
        "/warnings",
        "/after_members_xlsx",
    ];
    check("phonebook.vcf", &last_plan(&["members.xlsx", "phonebook.vcf"]).report(), &lists);
    let alone = last_plan(&["phonebook.vcf"]).report();
    assert!(alone.get("after_members_xlsx").is_none());
    let in_order = |value: &Value| {
        let mut rows: Vec<String> = value.as_array().unwrap().iter().map(Value::to_string).collect();
        rows.sort();
        rows
    };
    assert_eq!(in_order(&alone["memberships"]), in_order(&expected("phonebook.vcf")["memberships"]));
}

#[test]
fn calendar() {
    let plan = last_plan(&["calendar.ics"]);
    check("calendar.ics", &plan.report(), &["/rejected", "/needs_decision", "/ignored"]);
    let from = jiff::civil::date(2025, 1, 1).at(0, 0, 0, 0);
    let before = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
    let planned = &plan.activities.as_ref().unwrap().planned;
    let report = plan.report();
    for (at, event) in expected("calendar.ics")["events"].as_array().unwrap().iter().enumerate() {
        for key in ["uid", "title", "first_start_local", "all_day", "status", "days"] {
            assert_eq!(report["events"][at].get(key), event.get(key), "{key} of {}", event["uid"]);
        }
        let occurrences = planned[at].occurrences(from, before);
        assert_eq!(Some(occurrences.len() as u64), event["occurrences_in_2025"].as_u64(), "{}", event["uid"]);
        let last = occurrences.last().unwrap().strftime("%Y-%m-%dT%H:%M").to_string();
        assert!(last.starts_with(event["last_in_2025"].as_str().unwrap()), "{}", event["uid"]);
        for moved in event.get("moved").and_then(Value::as_array).into_iter().flatten() {
            let (was, now) = &planned[at].changed[0];
            assert_eq!(was.strftime("%Y-%m-%dT%H:%M").to_string(), moved["from"].as_str().unwrap());
            let now = now.start.unwrap().bangkok().strftime("%Y-%m-%dT%H:%M").to_string();
            assert_eq!(now, moved["to"].as_str().unwrap());
        }
    }
}

#[test]
fn the_same_files_next_month_bring_nothing_new() {
    let mut intake = Intake::new(&Known::default(), Options::default());
    let names = ["members.xlsx", "contacts.csv", "ties.csv", "phonebook.vcf", "calendar.ics"];
    for name in names {
        intake.read(name, &bytes(name)).unwrap();
    }
    for name in names {
        let plan = intake.read(name, &bytes(name)).unwrap();
        if let Some(part) = &plan.members {
            let people = &part.people;
            assert_eq!(people.known_persons.len(), people.counts.persons, "{name}");
            assert!(people.memberships.iter().all(|m| !m.new), "{name}");
            assert!(people.intents.iter().all(|i| !i.new), "{name}");
            assert_eq!((people.known_pairs.len(), people.known_organization_pairs.len()), (0, 0), "{name}");
        }
        assert!(plan.log.iter().flat_map(|log| &log.contacts).all(|contact| !contact.new), "{name}");
        assert!(plan.ties.iter().flat_map(|ties| &ties.ties).all(|tie| !tie.new), "{name}");
        assert!(plan.activities.iter().flat_map(|a| &a.planned).all(|activity| !activity.new), "{name}");
    }
}

#[test]
fn merging_what_is_suggested_reaches_the_other_end_of_the_range() {
    let options = Options { suggested: Suggested::Merged, ..Options::default() };
    let mut intake = Intake::new(&Known::default(), options);
    let report = intake.read("members.xlsx", &bytes("members.xlsx")).unwrap().report();
    let counts = &expected("members.xlsx")["counts"];
    assert_eq!(report["counts"]["persons"], counts["persons_if_every_suggested_pair_is_merged"]);
    assert_eq!(report["counts"]["organisations"], counts["organisations_if_every_suggested_pair_is_merged"]);
}

fn refusal(name: &str, bytes: &[u8]) -> Refusal {
    Intake::new(&Known::default(), Options::default()).read(name, bytes).unwrap_err()
}

#[test]
fn hostile_files_are_refused_in_one_sentence() {
    for name in [
        "bomb.xlsx",
        "empty.xlsx",
        "folds.vcf",
        "formula_injection.csv",
        "html_inside.xlsx",
        "truncated.xlsx",
    ] {
        let path = format!("hostile/{name}");
        let refusal = refusal(name, &bytes(&path));
        let expected = expected(&path);
        assert_eq!(refusal.code(), expected["expected_error"].as_str().unwrap(), "{name}");
        if let Some(cells) = expected.get("cells") {
            let Refusal::FormulaLikeCells(found) = refusal else { panic!("{refusal:?}") };
            assert_eq!(&serde_json::json!(found), cells);
        }
    }
}

#[test]
fn a_row_of_five_megabytes_is_refused() {
    use std::io::Read as _;
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes("hostile/one_row_5mb.csv.gz").as_slice())
        .read_to_end(&mut text)
        .unwrap();
    assert_eq!(text.len(), 5_000_208);
    assert_eq!(refusal("one_row_5mb.csv", &text), Refusal::RowTooLong(2));
}

#[test]
fn utf_16_is_read() {
    let report = last_plan(&["hostile/utf16.csv"]).report();
    let wanted = &expected("hostile/utf16.csv")["also_acceptable"];
    for key in ["persons", "organisations", "memberships", "persons_pending_consent"] {
        assert_eq!(report["counts"][key], wanted[key], "{key}");
    }
    assert_eq!(report["encoding"], "utf-16le");
    assert!(!report.to_string().contains(['\u{fffd}', '\0']));
}
