//! The program: its command line, settings and wiring. Each command is one file in `commands/`.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // clap ends a wrong call with status 2 by itself
    let call = commands::Call::parse();
    match call.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}
