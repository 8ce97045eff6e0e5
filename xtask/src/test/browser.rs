//! What the browser's tests in `e2e` need: Chromium, a Thai face, Node and the packages of its lock file.

use std::process::Command;

use super::{Peer, Running, on_path, root};

/// Without any one of these the browser's tests do not run at all.
pub static PEERS: &[Peer] = &[
    Peer {
        name: "Chromium",
        packages: &["chromium"],
        without: "the browser's tests did not run",
        is_there: || chromium().is_some(),
        start: || {
            let path = chromium().ok_or("not there")?;
            Ok(Running {
                environment: vec![("SAAN_CHROMIUM", path.display().to_string())],
                ..Running::default()
            })
        },
    },
    Peer {
        name: "a Thai font",
        packages: &["fonts-noto-core"],
        without: "the browser's tests did not run",
        is_there: thai_font,
        start: || Ok(Running::default()),
    },
    Peer {
        name: "Node 20 or later with npm",
        packages: &["nodejs", "npm"],
        without: "the browser's tests did not run",
        is_there: || node_is_new_enough() && on_path(&["npm"]).is_some(),
        start: || {
            let installed = Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
                .current_dir(root().join("e2e"))
                .status()
                .map_err(|e| e.to_string())?;
            if installed.success() { Ok(Running::default()) } else { Err("npm ci failed".to_owned()) }
        },
    },
];

/// Runs them all, in one process, so that one browser serves them all.
pub fn command() -> Command {
    let mut command = Command::new("node");
    command.args(["--test-reporter=spec", "all.mjs"]).current_dir(root().join("e2e"));
    command
}

fn chromium() -> Option<std::path::PathBuf> {
    on_path(&["chromium", "chromium-browser", "google-chrome"])
}

/// The browser's driver asks for Node 20, of which older systems' packages know nothing.
fn node_is_new_enough() -> bool {
    let said = Command::new("node").arg("--version").output().map(|out| out.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let major =
        said.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    major.is_some_and(|major| major >= 20)
}

/// Without a Thai face every letter is an empty box, and what the tests measure means nothing.
fn thai_font() -> bool {
    Command::new("fc-list").args([":lang=th", "family"]).output().is_ok_and(|out| !out.stdout.is_empty())
}
