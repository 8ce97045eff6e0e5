//! `cargo xtask test`: installs what the tests need where it can, starts real peers, runs everything.

use std::process::Command;

use crate::postgres;

/// Runs all tests; further arguments go to `cargo test`.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let ci = std::env::var_os("CI").is_some();
    let mut skipped = Vec::new();
    if postgres::programs().is_none() && !install(&["postgresql"]) {
        skipped.push("PostgreSQL (install the package postgresql): the tests ran on SQLite alone");
    }
    let server = if skipped.is_empty() { Some(postgres::Server::start()?) } else { None };
    if ci && let Some(first) = skipped.first() {
        return Err(format!("skipped under CI: {first}"));
    }

    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--workspace", "--locked"]).args(arguments);
    if let Some(server) = &server {
        command.env("SAAN_TEST_POSTGRES", server.url());
    }
    let status = command.status().map_err(|e| e.to_string())?;
    drop(server);
    for what in &skipped {
        eprintln!("skipped: {what}");
    }
    if status.success() { Ok(()) } else { Err("tests failed".to_owned()) }
}

/// Starts a PostgreSQL server for work by hand and keeps it until the input ends.
pub fn postgres() -> Result<(), String> {
    let server = postgres::Server::start()?;
    println!("export SAAN_TEST_POSTGRES={}", server.url());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| e.to_string())?;
    Ok(())
}

/// Installs system packages where that is ours to do: as root on Debian or Ubuntu.
fn install(packages: &[&str]) -> bool {
    if !postgres::is_root() || !std::path::Path::new("/usr/bin/apt-get").exists() {
        return false;
    }
    let quiet = |arguments: &[&str]| {
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .is_ok_and(|status| status.success())
    };
    quiet(&["update", "-qq"])
        && quiet(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}
