//! `saan categorize`: which category each text speaks of, a JSON line a text.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use matching::lines::{self, Titled};
use matching::{Categorizer, Guess, Taxonomy};
use thai::Lang;

use super::matching::{read_file, read_taxonomy, wrong_line};
use super::{Failure, Globals};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// JSON lines with id and text
    #[arg(value_name = "TEXTS.jsonl")]
    texts: PathBuf,
    /// Categories to name at most
    #[arg(long, default_value_t = 3)]
    top: usize,
    /// Only the categories of this taxonomy
    #[arg(long, value_name = "FILE")]
    taxonomy: Option<PathBuf>,
    /// JSON lines instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Categorized<'a> {
    id: &'a str,
    categories: Vec<Named>,
}

#[derive(serde::Serialize)]
struct Named {
    code: &'static str,
    p: f64,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let bytes = read_file(&args.texts, lang)?;
    let texts = lines::read_texts(&bytes).map_err(|fault| wrong_line(&args.texts, &fault, lang))?;
    let only = args.taxonomy.as_deref().map(|path| read_taxonomy(path, lang)).transpose()?;
    let categorizer = Categorizer::built_in();
    let mut output = BufWriter::new(io::stdout().lock());
    let mut write = || -> io::Result<()> {
        for text in &texts {
            let mut guesses = match &only {
                Some(only) => categorizer.categorize_within(&text.text, only),
                None => categorizer.categorize(&text.text),
            };
            guesses.truncate(args.top);
            if args.json {
                write_json(&mut output, text, &guesses)?
            } else {
                write_row(&mut output, text, &guesses, lang)?
            }
        }
        output.flush()
    };
    super::matching::written(write(), lang)
}

fn write_json(output: &mut impl Write, text: &Titled, guesses: &[Guess]) -> io::Result<()> {
    let named = |guess: &Guess| Named { code: guess.code(), p: (guess.p * 1e4).round() / 1e4 };
    let line = Categorized { id: &text.id, categories: guesses.iter().map(named).collect() };
    serde_json::to_writer(&mut *output, &line)?;
    writeln!(output)
}

fn write_row(output: &mut impl Write, text: &Titled, guesses: &[Guess], lang: Lang) -> io::Result<()> {
    write!(output, "{}", text.id)?;
    if guesses.is_empty() {
        return writeln!(output, "\t{}", if lang == Lang::Thai { "ไม่แน่ใจ" } else { "not sure" });
    }
    for guess in guesses {
        let label = Taxonomy::built_in().label(guess.category, lang);
        write!(output, "\t{label} ({:.0} %)", guess.p * 100.0)?;
    }
    writeln!(output)
}
