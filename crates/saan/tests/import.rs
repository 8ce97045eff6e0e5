//! `saan import` as a script calls it: what it prints, how it ends.

#![expect(clippy::unwrap_used, reason = "a test whose premise fails has failed")]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data").join(name)
}

fn import(files: &[&str], more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_saan"))
        .arg("import")
        .args(files.iter().map(|name| sample(name)))
        .args(["--network", "เครือข่ายทดลอง", "--dry-run"])
        .args(more)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_dry_run_prints_one_object_a_file() {
    let output =
        import(&["members.xlsx", "contacts.csv", "ties.csv", "phonebook.vcf", "calendar.ics"], &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let reports = lines(&output);
    assert_eq!(reports.len(), 5);
    assert_eq!(reports[0]["file"], "members.xlsx");
    assert_eq!(reports[0]["counts"]["persons"], 115);
    assert_eq!(reports[1]["new_entries_after_members_xlsx"], 36);
    assert_eq!(reports[2]["ties"], 29);
    assert_eq!(reports[3]["after_members_xlsx"]["new_persons"], 9);
    assert_eq!(reports[4]["activities"], 12);
}

#[test]
fn a_refused_file_ends_the_call_and_nothing_else_is_reported() {
    let output = import(&["members.xlsx", "hostile/truncated.xlsx"], &["--json", "--lang", "th"]);
    assert_eq!(output.status.code(), Some(1));
    let reports = lines(&output);
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0]["file"], "truncated.xlsx");
    assert_eq!(reports[0]["error"], "file_incomplete");
    assert!(reports[0]["message"].as_str().unwrap().starts_with("ไฟล์ไม่ครบ"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = import(&["nobody.xlsx"], &["--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nobody.xlsx"));
}

#[test]
fn a_wrong_call_ends_with_two() {
    assert_eq!(import(&["ties.csv"], &["--column", "ชื่อ=nonsense"]).status.code(), Some(2));
    assert_eq!(import(&["ties.csv"], &["--yes"]).status.code(), Some(2));
}

#[test]
fn the_preview_speaks_both_languages() {
    let thai = String::from_utf8(import(&["members.xlsx"], &["--lang", "th"]).stdout).unwrap();
    assert!(thai.contains("บุคคล 115 (รอความยินยอม 4)"));
    assert!(thai.contains("แถว 109: เจ้าของข้อมูลไม่ยินยอม"));
    let english = String::from_utf8(import(&["members.xlsx"], &["--lang", "en"]).stdout).unwrap();
    assert!(english.contains("115 persons (4 pending consent)"));
    assert!(english.contains("row 109: consent was refused"));
}
