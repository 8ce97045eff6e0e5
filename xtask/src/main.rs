//! The tasks of those who build Saan: `cargo xtask test`, `tidy`, `bench`, `train`, `places`, `assets`, `map`.

mod bench;
mod map;
mod places;
mod postgres;
mod test;
mod tidy;
mod train;

use std::process::{Command, ExitCode};

/// Cargo, as if it were called by hand: what `cargo xtask` says of its own package would make build scripts run again that
/// ask for it, and everything above them be built anew, at each change between the two.
fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let own =
            name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"));
        if own {
            command.env_remove(name);
        }
    }
    command
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let outcome = match arguments.first().map(String::as_str) {
        Some("bench") => bench::run(rest),
        Some("test") => test::run(rest),
        Some("map") => map::run(),
        Some("places") => places::run(),
        Some("train") => train::run(rest),
        Some("postgres") => test::postgres(),
        Some("tidy") => tidy::run(),
        _ => {
            eprintln!("cargo xtask test | postgres | tidy | bench | train | places | assets | map");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // a task that has said why itself leaves this empty
            if !why.is_empty() {
                eprintln!("{why}");
            }
            ExitCode::FAILURE
        }
    }
}
