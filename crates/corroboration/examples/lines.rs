//! The line protocol on standard input and output, with an optional policy file as the only argument.
//!
//! `cargo run --release -p corroboration --example lines -- policy.json < lines.jsonl`

use std::io::{BufRead as _, Write as _};

use corroboration::Policy;
use corroboration::lines::{Flow, Lines};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = match std::env::args().nth(1) {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => Policy::default(),
    };
    let mut lines = Lines::new(policy);
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let mut answers = String::new();
        if lines.feed(&line?, &mut answers)? == Flow::End {
            break;
        }
        output.write_all(answers.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}
