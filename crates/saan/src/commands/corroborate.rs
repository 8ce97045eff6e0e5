//! `saan corroborate`: reads members, reports, verdicts, answers and the time as JSON lines, prints alerts,
//! advisories and asks.

use std::fs;
use std::io::{self, BufRead, Read as _, Write};
use std::path::PathBuf;

use corroboration::lines::{Flow, Lines};
use corroboration::{Policy, Term};
use thai::Lang;

use super::{Failure, Globals};

/// Longest line taken: a report is under two kilobytes.
const LONGEST_LINE: u64 = 1 << 20;

/// Reads JSON lines from standard input until `end`; answers each with its alerts, advisories and asks, and `next`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Output is JSON lines either way; taken for the sake of scripts
    #[arg(long)]
    json: bool,
    /// What the network has decided, as JSON: any of the policy's keys
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Leave a term of the belief out, to see what it is worth
    #[arg(long, value_name = "TERM", value_parser = parse_term)]
    without: Vec<Term>,
}

fn parse_term(name: &str) -> Result<Term, String> {
    name.parse().map_err(|()| {
        let names: Vec<&str> = Term::ALL.iter().map(|t| t.name()).collect();
        format!("one of {}", names.join(", "))
    })
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let mut policy = match &args.policy {
        Some(path) => read_policy(path, globals.lang())?,
        None => Policy::default(),
    };
    policy.without.extend(&args.without);
    feed(Lines::new(policy), io::stdin().lock(), io::stdout().lock(), globals.lang())
}

fn read_policy(path: &PathBuf, lang: Lang) -> Result<Policy, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| match lang {
        Lang::Thai => Failure::Work(format!("อ่านแฟ้ม {name} ไม่ได้: {error}")),
        Lang::English => Failure::Work(format!("cannot read {name}: {error}")),
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::Work(format!("{name}: {error}")))
}

fn feed(
    mut lines: Lines,
    mut input: impl BufRead,
    mut output: impl Write,
    lang: Lang,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    let mut answers = String::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        number += 1;
        let read = input
            .by_ref()
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut line)
            .map_err(|e| stdin(&e, lang))?;
        if read == 0 {
            return Ok(());
        }
        if line.len() as u64 > LONGEST_LINE {
            return Err(Failure::Work(match lang {
                Lang::Thai => format!("บรรทัด {number}: ยาวเกิน {LONGEST_LINE} ไบต์"),
                Lang::English => format!("line {number}: longer than {LONGEST_LINE} bytes"),
            }));
        }
        let text = std::str::from_utf8(&line).map_err(|error| {
            let column = error.valid_up_to() + 1;
            Failure::Work(match lang {
                Lang::Thai => format!("บรรทัด {number} คอลัมน์ {column}: ต้องเป็นข้อความ UTF-8"),
                Lang::English => format!("line {number}, column {column}: expected UTF-8 text"),
            })
        })?;
        answers.clear();
        let flow = lines.feed(text, &mut answers).map_err(|bad| {
            Failure::Work(match lang {
                Lang::Thai => format!("บรรทัด {} คอลัมน์ {}: {}", bad.line, bad.column, bad.expected),
                Lang::English => bad.to_string(),
            })
        })?;
        let written = output.write_all(answers.as_bytes()).and_then(|()| output.flush());
        match written {
            // the reader has heard enough
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(Failure::Work(error.to_string())),
            Ok(()) => {}
        }
        if flow == Flow::End {
            return Ok(());
        }
    }
}

fn stdin(error: &io::Error, lang: Lang) -> Failure {
    Failure::Work(match lang {
        Lang::Thai => format!("อ่านข้อมูลเข้าไม่ได้: {error}"),
        Lang::English => format!("cannot read standard input: {error}"),
    })
}
