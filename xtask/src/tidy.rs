//! `cargo xtask tidy`: the invariants of the layout that the compiler does not keep.

#![expect(clippy::indexing_slicing, reason = "JSON answers null for what is not there")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which of our crates may use which (ARCHITECTURE.md); `testing` may be used by any, for tests only.
const EDGES: &[(&str, &[&str])] = &[
    ("saan", &["*"]),
    ("xtask", &["*"]),
    ("testing", &["*"]),
    (
        "app",
        &[
            "web",
            "network",
            "post",
            "credentials",
            "graph",
            "matching",
            "corroboration",
            "index",
            "store",
            "thai",
            "formats",
        ],
    ),
    ("web", &["store", "thai"]),
    ("post", &["store"]),
    ("federation", &["app", "formats", "store"]),
    ("network", &["graph"]),
    ("matching", &["index", "thai"]),
    ("formats", &["thai"]),
];

/// Crates of pure functions, which know no database, HTTP, async or randomness but what they are handed, and what they
/// therefore never use.
const PURE: &[&str] = &["network", "graph", "matching", "corroboration"];
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "futures",
    "axum",
    "hyper",
    "tower",
    "http",
    "reqwest",
    "ureq",
    "sqlx",
    "rusqlite",
    "postgres",
    "tokio-postgres",
    "rand",
    "getrandom",
];

/// A file longer than this is worth cutting; a longer one must be named below with its reason.
const LONGEST: usize = 600;
/// Files that are long for a reason.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[];

/// Checks everything; all findings are printed, one a line.
pub fn run() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no root")?;
    let mut findings = Vec::new();
    edges(root, &mut findings)?;
    let files = tracked(root)?;
    for path in &files {
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        let name = path.display().to_string();
        if path.extension().is_some_and(|e| e == "rs") {
            rooms(&name, &text, &mut findings);
        }
        length(&name, &text, &mut findings);
        links(root, path, &text, &mut findings);
    }
    cycles(&uses(root, &files), &mut findings);
    one_word(root, &mut findings);
    if fs::read_to_string(root.join("FEATURES.md")).unwrap_or_default() != crate::map::page(root)? {
        findings.push("FEATURES.md: not what the features say now; run cargo xtask map".to_owned());
    }
    if findings.is_empty() {
        println!("tidy: {} files in order", files.len());
        return Ok(());
    }
    Err(findings.join("\n"))
}

fn tracked(root: &Path) -> Result<Vec<PathBuf>, String> {
    let out = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&out.stdout)
        .lines()
        .map(PathBuf::from)
        .filter(|p| root.join(p).is_file())
        .collect())
}

/// Edges between crates run one way.
fn edges(root: &Path, findings: &mut Vec<String>) -> Result<(), String> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|e| e.to_string())?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&out.stdout).map_err(|e| format!("cargo metadata: {e}"))?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let ours: Vec<String> = packages.iter().filter_map(|p| p["name"].as_str().map(str::to_owned)).collect();
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            let local = dependency["path"].is_string() && ours.iter().any(|own| own == to);
            let for_tests = to == "testing" && dependency["kind"] == "dev";
            let may = allowed.get(name).is_some_and(|list| list.contains(&"*") || list.contains(&to));
            let shipped = dependency["kind"] != "dev" && dependency["kind"] != "build";
            if PURE.contains(&name) && shipped && IMPURE.contains(&to) {
                findings
                    .push(format!("{name} must not use {to}: it is handed what it needs (ARCHITECTURE.md)"));
            }
            if local && !for_tests && !may {
                findings.push(format!("{name} must not use {to} (ARCHITECTURE.md, edges between crates)"));
            }
        }
    }
    Ok(())
}

/// SQL and HTTP only in their rooms.
fn rooms(name: &str, text: &str, findings: &mut Vec<String>) {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let tests = name.contains("/tests/")
        || name.starts_with("xtask/")
        || name.starts_with("fuzz/")
        || name.contains("/benches/");
    let sql_room = name.starts_with("crates/store/")
        || name.ends_with("/queries.rs")
        || name.contains("/queries/")
        || name.starts_with("crates/testing/")
        || name.starts_with("crates/saan/src/bench")
        || tests;
    let statement = |line: &str| {
        !line.trim_start().starts_with("//")
            && ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "]
                .iter()
                .any(|word| line.contains(word))
    };
    if !sql_room && let Some((n, _)) = code.lines().enumerate().find(|(_, line)| statement(line)) {
        findings.push(format!("{name}:{}: SQL stands only in store and in queries.rs", n + 1));
    }
    let http_room = name.starts_with("crates/saan/")
        || name.starts_with("crates/web/")
        || name.ends_with("/pages.rs")
        || name.contains("/pages/")
        || name.ends_with("/api.rs")
        || name.contains("/api/")
        || name == "crates/app/src/lib.rs"
        || tests;
    if !http_room && let Some((n, _)) = code.lines().enumerate().find(|(_, line)| speaks_http(line)) {
        findings.push(format!("{name}:{}: HTTP stands only in saan, web, pages.rs and api.rs", n + 1));
    }
}

/// Whether a line of code names what a request or an answer is made of.
fn speaks_http(line: &str) -> bool {
    !line.trim_start().starts_with("//")
        && ["axum::", "use axum", "http::StatusCode", "http::HeaderMap", "hyper::"]
            .iter()
            .any(|word| line.contains(word))
}

/// The features whose code each feature names, with the first file that does.
fn uses(root: &Path, files: &[PathBuf]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let features = features(root);
    for path in files {
        let name = path.display().to_string();
        let Some((feature, _)) = name.strip_prefix("crates/app/src/").and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for word in named(&code) {
            if word != feature && features.contains(&word) {
                found.entry(feature.to_owned()).or_default().entry(word).or_insert_with(|| name.clone());
            }
        }
    }
    found
}

/// What stands right behind `crate::` or, in the list of one `use`, behind its brackets.
fn named(code: &str) -> Vec<String> {
    let word = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
    };
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        // names at the depth of the list itself
        let mut depth = 1;
        let mut part = String::new();
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (c == ',' && depth == 1) {
                found.push(word(part.trim_start()));
                part.clear();
            } else {
                part.push(c);
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// Features use each other one way: no way leads from one through others back to itself.
fn cycles(uses: &BTreeMap<String, BTreeMap<String, String>>, findings: &mut Vec<String>) {
    for start in uses.keys() {
        // each feature that can be reached, and by whom
        let mut from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut ahead = vec![start.as_str()];
        while let Some(at) = ahead.pop() {
            for to in uses.get(at).into_iter().flat_map(BTreeMap::keys) {
                if !from.contains_key(to.as_str()) {
                    from.insert(to, at);
                    ahead.push(to);
                }
            }
        }
        let Some(last) = from.get(start.as_str()) else { continue };
        let mut way = vec![start.as_str(), last];
        while way.last() != Some(&start.as_str()) {
            let Some(before) = way.last().and_then(|at| from.get(at)) else { break };
            way.push(before);
        }
        way.reverse();
        // one finding a circle: at its first feature in the order of names
        if way.iter().all(|other| *other >= start.as_str()) {
            findings.push(format!("crates/app/src: {} is a circle of features", way.join(" -> ")));
        }
    }
}

fn length(name: &str, text: &str, findings: &mut Vec<String>) {
    let counted = [".rs", ".ts", ".js", ".html", ".css"].iter().any(|end| name.ends_with(end));
    let lines = text.lines().count();
    if counted && lines > LONGEST && !LONG_FOR_A_REASON.iter().any(|(known, _)| *known == name) {
        findings.push(format!("{name}: {lines} lines; cut it, or name it in tidy.rs with the reason"));
    }
}

/// Links between our own documents lead somewhere.
fn links(root: &Path, path: &Path, text: &str, findings: &mut Vec<String>) {
    if path.extension().is_none_or(|e| e != "md") {
        return;
    }
    let folder = root.join(path).parent().map(Path::to_owned).unwrap_or_default();
    for part in text.split("](").skip(1) {
        let target = part.split([')', '#', ' ']).next().unwrap_or_default();
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        if !folder.join(target).exists() {
            findings.push(format!("{}: dead link {target}", path.display()));
        }
    }
}

fn folders(root: &Path, path: &str) -> Vec<String> {
    fs::read_dir(root.join(path))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn features(root: &Path) -> Vec<String> {
    folders(root, "crates/app/src")
}

/// Files of tests that are about no one feature: a rule or a story across several, or the site they run on.
const ACROSS: &[&str] = &[
    "accounts",
    "columns",
    "contact_log",
    "groups",
    "merging",
    "midway",
    "rings",
    "reminding",
    "api",
    "assisted",
    "channels",
    "doors",
    "erasure",
    "hostile",
    "introducing",
    "inviting",
    "leaks",
    "lifting",
    "main",
    "pairing",
    "parity",
    "policy",
    "providers",
    "races",
    "records",
    "resting",
    "rooms",
    "silence",
    "site",
    "soundness",
    "timeline",
    "traps",
];

/// The folder of a feature, of its templates and its tests, its URL segment in pages and in the API, its tag in the
/// API's description and its word in the menu are one word.
fn one_word(root: &Path, findings: &mut Vec<String>) {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    let router = read("crates/saan/src/server/router.rs");
    let features = features(root);
    let known = |word: &str| features.iter().any(|feature| feature == word);
    for address in router.split("\"/api/v1/").skip(1) {
        let word = address.split(['/', '"']).next().unwrap_or_default();
        if word != "openapi.json" && !known(word) {
            findings.push(format!("/api/v1/{word}: no feature of that name"));
        }
    }
    let description: serde_json::Value = serde_json::from_str(&read("docs/openapi.json")).unwrap_or_default();
    for (path, operations) in description["paths"].as_object().into_iter().flatten() {
        for tag in
            operations.as_object().into_iter().flatten().flat_map(|(_, one)| one["tags"].as_array()).flatten()
        {
            if !tag.as_str().is_some_and(|tag| path.split('/').any(|word| word == tag)) {
                findings.push(format!("docs/openapi.json: {path} is tagged {tag}, which is another word"));
            }
        }
    }
    for part in read("crates/web/templates/page.html").split("t.web_place_").skip(1) {
        let word = part.split('(').next().unwrap_or_default();
        if !known(word) {
            findings.push(format!("crates/web/templates/page.html: {word} in the menu is no feature"));
        }
    }
    for test in fs::read_dir(root.join("crates/saan/tests/http")).into_iter().flatten().flatten() {
        let name = test.file_name().to_string_lossy().into_owned();
        if let Some(word) = name.strip_suffix(".rs")
            && !known(word)
            && !ACROSS.contains(&word)
        {
            findings.push(format!(
                "crates/saan/tests/http/{name}: no feature of that name, and not named in tidy.rs"
            ));
        }
    }
    for template in folders(root, "crates/app/templates") {
        if !features.contains(&template) {
            findings.push(format!("crates/app/templates/{template}: no feature of that name"));
        }
    }
    for address in router.split(".route(\"/").skip(1) {
        let word = address.split(['/', '"']).next().unwrap_or_default();
        // a browser looks for these two at the root
        let device = ["worker.js", "manifest.webmanifest"].contains(&word);
        let house =
            device || ["", "language", "assets", "healthz", "api", "problems", "metrics"].contains(&word);
        if !house && !features.iter().any(|feature| feature == word) {
            findings.push(format!("/{word}: no feature of that name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_behind_crate_are_found_in_lists_and_alone() {
        let code = "use crate::{App, members, ties::{self, api}};let x = crate::giving::find(r);use crate::parts::Card;";
        assert_eq!(named(code), ["App", "members", "ties", "giving", "parts"]);
    }

    #[test]
    fn a_circle_of_features_is_named_once() {
        let uses = |pairs: &[(&str, &str)]| {
            let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
            for (from, to) in pairs {
                all.entry((*from).to_owned()).or_default().insert((*to).to_owned(), "x.rs".to_owned());
            }
            all
        };
        let found = |pairs: &[(&str, &str)]| {
            let mut findings = Vec::new();
            cycles(&uses(pairs), &mut findings);
            findings
        };
        assert_eq!(found(&[("ties", "members"), ("giving", "members")]), Vec::<String>::new());
        let circle = found(&[
            ("notices", "referrals"),
            ("referrals", "giving"),
            ("giving", "notices"),
            ("today", "giving"),
        ]);
        assert_eq!(
            circle,
            ["crates/app/src: giving -> notices -> referrals -> giving is a circle of features"]
        );
    }

    #[test]
    fn a_status_of_http_is_seen_without_a_use() {
        assert!(speaks_http("    Err(axum::http::StatusCode::CONFLICT)"));
        assert!(!speaks_http("    // as axum::http has it"));
    }
}
