//! `saan analyze` as scripts call it: its JSON, its report, and its answers to input that is wrong.

#![expect(clippy::unwrap_used, reason = "a test should stop where it fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

fn reference(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../graph/tests/data");
    folder.join(name).display().to_string()
}

/// A file of that text in this build's folder for tests.
fn written(name: &str, text: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn analyze(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_saan")).arg("analyze").args(args).output().unwrap()
}

fn json(args: &[&str]) -> Json {
    let output = analyze(&[args, &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(args: &[&str], code: i32) -> String {
    let output = analyze(&[args, &["--lang", "en"]].concat());
    assert_eq!(output.status.code(), Some(code));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_json_has_the_shape_scripts_rely_on() {
    let (ties, actors) = (reference("karate.csv"), reference("karate.nodes.csv"));
    let found = json(&[&ties, "--actors", &actors, "--undirected", "--group", "club"]);
    assert_eq!(found["actors"][0], "n0");
    assert_eq!((found["ties"].as_u64(), found["directed"].as_bool()), (Some(78), Some(false)));
    assert_eq!(found["dropped"]["loops"], 0);
    let measures = &found["measures"];
    assert_eq!(measures["und_bridges"], serde_json::json!([["n0", "n11"]]));
    assert_eq!(measures["best_single_removal"]["actor"], "n0");
    assert_eq!(measures["und_degree"].as_array().unwrap().len(), 34);
    assert!(measures["und_modularity_weighted"].as_f64().unwrap() > 0.4449);
    assert!(measures["ei_index_und[club]"].as_f64().unwrap() < -0.7);
    // a column of names has no grades
    assert_eq!(measures["agreement[club]"], Json::Null);
    // without direction there is nothing to return
    assert_eq!(measures.get("reciprocity_edge"), None);
    assert_eq!(measures.get("brokerage[club]"), None);
    assert!(found["approximate"].get("und_betweenness").is_none());
}

#[test]
fn only_the_measures_asked_for_are_given() {
    let (ties, actors) = (reference("emon_texas.csv"), reference("emon_texas.nodes.csv"));
    let found = json(&[&ties, "--actors", &actors, "--measures", "density,ei_index_arcs[Location]"]);
    let names: Vec<&String> = found["measures"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["density", "ei_index_arcs[Location]"]);
    assert!(refused(&[&ties, "--measures", "densty"], 2).starts_with("there is no measure \"densty\""));
    assert!(refused(&[&ties, "--group", "club"], 2).contains("give --actors"));
    assert!(refused(&[&ties, "--actors", &actors, "--group", "club"], 2).contains("no column \"club\""));
    assert!(refused(&[&ties, "--measures", "ei_p"], 2).contains("--group COLUMN"));
}

#[test]
fn figures_are_corrected_for_those_who_did_not_answer() {
    let ties = written("answered.csv", b"source,target\na,b\nb,a\na,c\na,d\nc,a\n");
    let actors = written("answered.actors.csv", b"id,respondent\na,1\nb,1\nc,0\nd,\n");
    let found = json(&[&ties, "--actors", &actors]);
    // a and b answered: 4 of their 2·3 possible arcs; of the 2 arcs between them both are returned
    assert_eq!(found["measures"]["density"].as_f64(), Some(4.0 / 6.0));
    assert_eq!(found["measures"]["reciprocity_edge"].as_f64(), Some(1.0));
    let actors = written("answered.wrong.csv", b"id,respondent\na,yes\nb,1\nc,0\nd,0\n");
    assert!(refused(&[&ties, "--actors", &actors], 1).contains("\"yes\"; expected 1"));
}

#[test]
fn traits_of_grades_and_amounts_are_summed_up() {
    let ties = written("traits.csv", b"source,target\na,b\n");
    let text = b"id,grade,income\na,1,0\nb,5,0\nc,1,0\nd,5,0\ne,,7\n";
    let actors = written("traits.actors.csv", text);
    let found = json(&[&ties, "--actors", &actors, "--group", "grade", "--group", "income"]);
    assert_eq!(found["measures"]["agreement[grade]"].as_f64(), Some(-1.0));
    assert_eq!(found["measures"]["gini[income]"].as_f64(), Some(1.0));
    assert_eq!(found["measures"]["agreement[income]"], Json::Null);
}

#[test]
fn large_counts_are_strings_and_lone_actors_are_counted() {
    let ties = written("few.csv", b"source,target\n1,2\n");
    let mut text = String::from("id\n");
    for i in 0..400_000 {
        text.push_str(&format!("{i}\n"));
    }
    let actors = written("many.actors.csv", text.as_bytes());
    let found = json(&[&ties, "--actors", &actors, "--measures", "triad_census,weak_components,dyad_census"]);
    // C(400000, 3) − 399998 sets of three hold the one tie
    assert_eq!(found["measures"]["triad_census"][0], "10666586666400002");
    assert_eq!(found["measures"]["triad_census"][1], 399_998);
    assert_eq!(found["measures"]["weak_components"], 399_999);
    assert_eq!(found["measures"]["dyad_census"][2], 79_999_799_999_u64);
}

#[test]
fn what_is_undefined_is_null() {
    let ties = written("none.csv", b"source,target,weight\n");
    let found = json(&[&ties]);
    assert_eq!(found["actors"], serde_json::json!([]));
    assert_eq!(found["measures"]["density"], Json::Null);
    let ties = written("loop.csv", b"source,target\na,a\n");
    let found = json(&[&ties]);
    assert_eq!(found["dropped"]["loops"], 1);
    assert_eq!(found["measures"]["und_degree"], serde_json::json!([0]));
    for name in ["density", "und_closeness", "und_mean_distance", "krackhardt_lub", "und_eigenvector"] {
        assert_eq!(found["measures"][name], Json::Null, "{name}");
    }
}

#[test]
fn wrong_tables_are_refused_with_file_line_and_column() {
    let actors = written("wrong.actors.csv", b"id\na\nb\n");
    let cases: [(&[u8], &str); 4] = [
        (b"source,target,weight\na,b,NaN\n", "line 2, column 3: the weight \"NaN\""),
        (b"source,target,weight\na,b,1\nb,a,-2\n", "line 3, column 3: the weight \"-2\""),
        (b"source,target\na,b\nb,z\n", "line 3, column 2: the actor \"z\" is not in the table of actors"),
        (b"from,to\na,b\n", "line 1: the header has no column source"),
    ];
    for (text, wanted) in cases {
        let ties = written("wrong.csv", text);
        let sentence = refused(&[&ties, "--actors", &actors], 1);
        assert!(sentence.contains("wrong.csv") && sentence.contains(wanted), "{sentence}");
        assert_eq!(sentence.trim_end().lines().count(), 1);
    }
    assert!(refused(&["/nowhere/ties.csv"], 1).contains("cannot be read"));
}

#[test]
fn recommend_and_strengthen_name_what_is_wrong_in_the_language_asked_for() {
    let ties = written("wrong.events.csv", b"source,target,weight\na,b,1\nb,c,many\n");
    let sentence = |args: &[&str], lang: &str| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_saan")).args(args).args(["--lang", lang]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        String::from_utf8(output.stderr).unwrap()
    };
    let recommend = ["recommend", ties.as_str()];
    let strengthen = ["strengthen", ties.as_str(), "-k", "3", "--aim", "paths"];
    for call in [&recommend[..], &strengthen[..]] {
        let english = sentence(call, "en");
        assert!(english.contains("wrong.events.csv, line 3, column 3: the weight \"many\""), "{english}");
        let thai = sentence(call, "th");
        assert!(thai.contains("wrong.events.csv บรรทัดที่ 3 คอลัมน์ที่ 3: น้ำหนัก \"many\" ไม่ใช่ตัวเลข"), "{thai}");
    }
}

#[test]
fn the_report_reads_in_thai_and_in_english() {
    let (ties, actors) = (reference("karate.csv"), reference("karate.nodes.csv"));
    for (lang, head, removal) in [
        ("th", "เครือข่ายนี้มีสมาชิก 34 ราย สายสัมพันธ์ 78 สาย", "รายที่หากหายไปจะเสียหายที่สุด: n0"),
        ("en", "This network has 34 actors and 78 ties", "Greatest single loss: n0"),
    ] {
        let output =
            analyze(&[&ties, "--actors", &actors, "--undirected", "--group", "club", "--lang", lang]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(head), "{text}");
        assert!(text.contains(removal), "{text}");
        assert!(text.contains("[club]"));
        assert!(!text.contains("NaN"));
    }
}
