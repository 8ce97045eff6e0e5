//! `cargo xtask test`: installs what the tests need where it can, starts the real peers they talk to, runs the tests of
//! cargo and those of the browser, and closes with one line that adds up what both runners said.
//!
//! `cargo xtask test browser` runs the browser's tests alone; any other argument goes to `cargo test`, alone too.

mod browser;
mod smtp;
mod tally;

use std::any::Any;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres;
use tally::Tally;

/// Something real beside the program that tests talk to. A new one is a line in [`PEERS`].
struct Peer {
    /// What is told to whoever has to install it.
    name: &'static str,
    /// Packages of Debian and Ubuntu it comes from.
    packages: &'static [&'static str],
    /// What is not tested without it.
    without: &'static str,
    is_there: fn() -> bool,
    start: fn() -> Result<Running, String>,
}

/// What a peer gives to the tests while it is held; it ends when this is dropped.
#[derive(Default)]
struct Running {
    environment: Vec<(&'static str, String)>,
    _held: Option<Box<dyn Any>>,
}

/// What the tests of cargo need.
const PEERS: &[Peer] = &[
    Peer {
        name: "PostgreSQL",
        packages: &["postgresql"],
        without: "cargo's tests ran on SQLite alone",
        is_there: || postgres::programs().is_some(),
        start: || {
            let server = postgres::Server::start()?;
            Ok(Running {
                environment: vec![
                    ("SAAN_TEST_POSTGRES", server.url()),
                    ("SAAN_TEST_POSTGRES_ROOT", server.root().display().to_string()),
                ],
                _held: Some(Box::new(server)),
            })
        },
    },
    Peer {
        name: "Python with venv",
        packages: &["python3-venv"],
        without: "no letter was sent to a real mail server",
        is_there: || smtp::interpreter().is_ok(),
        start: || {
            let interpreter = smtp::interpreter()?.display().to_string();
            Ok(Running { environment: vec![("SAAN_TEST_SMTP", interpreter)], _held: None })
        },
    },
];

/// Runs all tests.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let ci = std::env::var_os("CI").is_some();
    let browser_alone = arguments == ["browser"];
    let mut tally = Tally::default();
    if !browser_alone {
        run_peers(PEERS, &mut tally, |environment, tally| {
            let mut command = crate::cargo();
            command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).args(arguments);
            command.current_dir(root()).envs(environment.iter().cloned());
            tally.run("cargo test", &mut command, tally::cargo)
        })?;
    }
    if browser_alone || arguments.is_empty() {
        run_peers(browser::PEERS, &mut tally, |environment, tally| {
            let program = program()?;
            let mut command = browser::command();
            command.env("SAAN_PROGRAM", program).envs(environment.iter().cloned());
            tally.run("the browser's tests", &mut command, tally::node)
        })?;
    }
    tally.close(ci)
}

/// Starts what is there, notes what is not, and runs `tests` with what the peers gave. Where a peer is [`browser::PEERS`]
/// there is nothing to run without it.
fn run_peers(
    peers: &[Peer],
    tally: &mut Tally,
    tests: impl FnOnce(&[(&'static str, String)], &mut Tally) -> Result<(), String>,
) -> Result<(), String> {
    let mut running = Vec::new();
    let mut whole = true;
    for peer in peers {
        if (peer.is_there)() || (install(peer.packages) && (peer.is_there)()) {
            running.push((peer.start)().map_err(|why| format!("{}: {why}", peer.name))?);
            continue;
        }
        whole = false;
        let packages = peer.packages.join(" ");
        tally.skip(format!("{} (Debian, Ubuntu: apt-get install {packages}): {}", peer.name, peer.without));
    }
    if !whole && std::ptr::eq(peers, browser::PEERS) {
        return Ok(());
    }
    let environment: Vec<_> = running.iter().flat_map(|peer| peer.environment.clone()).collect();
    tests(&environment, tally)
}

/// Starts a PostgreSQL server for work by hand and keeps it until the input ends.
pub fn postgres() -> Result<(), String> {
    let server = postgres::Server::start()?;
    println!("export SAAN_TEST_POSTGRES={}", server.url());
    println!("export SAAN_TEST_POSTGRES_ROOT={}", server.root().display());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| e.to_string())?;
    Ok(())
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Builds the program as the browser meets it and says where it is.
fn program() -> Result<PathBuf, String> {
    let built = crate::cargo()
        .args(["build", "--locked", "-p", "saan", "--bin", "saan"])
        .current_dir(root())
        .status()
        .map_err(|e| e.to_string())?;
    if !built.success() {
        return Err("the program does not build".to_owned());
    }
    // both programs of one profile stand in one folder
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    Ok(own.with_file_name(format!("saan{}", std::env::consts::EXE_SUFFIX)))
}

/// Installs system packages where that is ours to do: as root on Debian or Ubuntu.
fn install(packages: &[&str]) -> bool {
    if packages.is_empty() || !postgres::is_root() || !Path::new("/usr/bin/apt-get").exists() {
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

/// A program by its name, as the shell would find it.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
    })
}
