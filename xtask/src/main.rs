//! The tasks of those who build Saan: `cargo xtask test`, `tidy`, `bench`, `train`, `places`, `assets`, `map`.

mod bench;
mod map;
mod places;
mod postgres;
mod test;
mod tidy;
mod train;

use std::process::ExitCode;

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
