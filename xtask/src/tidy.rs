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
    if !http_room
        && let Some((n, _)) =
            code.lines().enumerate().find(|(_, line)| line.trim_start().starts_with("use axum"))
    {
        findings.push(format!("{name}:{}: HTTP stands only in saan, web, pages.rs and api.rs", n + 1));
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

/// The folder of a feature, of its templates, and its URL segment are one word.
fn one_word(root: &Path, findings: &mut Vec<String>) {
    let router = fs::read_to_string(root.join("crates/saan/src/server/router.rs")).unwrap_or_default();
    let folders = |path: &str| -> Vec<String> {
        fs::read_dir(root.join(path))
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let features = folders("crates/app/src");
    for template in folders("crates/app/templates") {
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
