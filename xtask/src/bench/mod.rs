//! `cargo xtask bench`: the figures of docs/benchmarks, measured again.

mod matching;

/// Runs one bench by name.
pub fn run(arguments: &[String]) -> Result<(), String> {
    match arguments.first().map(String::as_str) {
        Some("match") => matching::run(arguments.get(1..).unwrap_or_default()),
        _ => Err("cargo xtask bench match [OFFERS…] [--dev DEV.jsonl]".to_owned()),
    }
}
