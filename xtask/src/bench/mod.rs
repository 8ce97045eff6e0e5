//! `cargo xtask bench`: the figures of docs/benchmarks, measured again.

mod graph;
mod links;
mod matching;
mod reports;
mod server;

const USAGE: &str = "cargo xtask bench match [OFFERS…] [--dev DEV.jsonl] | graph FOLDER NAME [--figures FILE] [--into FILE] \
    | links [EVENTS…] [--speed ACTORS] | reports --simulator FILE \
    | server [--sizes N,N] [--databases sqlite,postgres] [--ties N] [--seconds N] [--part load,demo,import,kills]";

/// Runs one bench by name.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let rest = arguments.get(1..).unwrap_or_default();
    match arguments.first().map(String::as_str) {
        Some("match") => matching::run(rest),
        Some("graph") => graph::run(rest),
        Some("links") => links::run(rest),
        Some("reports") => reports::run(rest),
        Some("server") => server::run(rest),
        _ => Err(USAGE.to_owned()),
    }
}
