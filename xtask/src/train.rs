//! `cargo xtask train`: makes the category model from the written sentences and says how good it is.
//!
//! The batches were written by different hands without sight of each other. Each of batch-a and batch-b is held out in
//! turn while a model learns from all the rest; that gives the figures of `training/held-out.md` and the temperature
//! of the calibration. The model that ships learns from everything.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use matching::features::features;
use matching::model::Trust;
use matching::taxonomy::CategoryId;
use matching::text::analyze;
use matching::training::{self, Example, Settings};
use thai::Lang;

/// Size of one step of a weight: chosen so that the file stays below three megabytes; four times finer gains nothing
/// on the held-out batches.
const SCALE: f32 = 0.4;

struct Batch {
    name: String,
    sentences: Vec<String>,
    examples: Vec<Example>,
}

struct Tested {
    lang: Lang,
    category: CategoryId,
    logits: Vec<f32>,
}

/// Trains, writes the model and the table of figures.
pub fn run() -> Result<(), String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/matching");
    let batches = read_batches(&home.join("training"))?;
    let mut lists = training::taxonomy_examples();
    lists.extend(training::lexicon_examples());
    let mut report = String::from(
        "# Sentences held out\n\nWritten by `cargo xtask train`. A batch is held out whole; the model learns from the \
         lists and the other batches.\n\n| held out | language | sentences | first | in the first three |\n\
         |---|---|---|---|---|\n",
    );
    let mut held_out = Vec::new();
    for out in ["batch-a", "batch-b"] {
        let rest = batches.iter().filter(|batch| batch.name != out).flat_map(|batch| &batch.examples);
        let trained =
            training::train(&lists.iter().chain(rest).cloned().collect::<Vec<_>>(), Settings::default());
        let tested: Vec<Tested> = batches
            .iter()
            .filter(|batch| batch.name == out)
            .flat_map(|batch| &batch.examples)
            .map(|example| Tested {
                lang: example.lang,
                category: example.category,
                logits: trained.logits(&features(&analyze(&example.text))),
            })
            .collect();
        for lang in [Lang::Thai, Lang::English] {
            let of: Vec<&Tested> = tested.iter().filter(|t| t.lang == lang).collect();
            let (first, three) = (share_within(&of, 1), share_within(&of, 3));
            let _ = writeln!(report, "| {out} | {} | {} | {first:.3} | {three:.3} |", lang.tag(), of.len());
        }
        held_out.extend(tested.into_iter().map(|t| (t.logits, t.category)));
    }
    let temperature = training::temperature(&held_out);
    let trust = training::trust(&held_out, temperature);
    calibration(&held_out, temperature, trust, &mut report);
    let everything: Vec<Example> =
        lists.iter().chain(batches.iter().flat_map(|batch| &batch.examples)).cloned().collect();
    let trained = training::train(&everything, Settings::default());
    let digest = training::digest(batches.iter().flat_map(|batch| &batch.sentences).map(String::as_str));
    let model = trained.write(digest, SCALE, temperature, trust);
    let _ = writeln!(
        report,
        "\nThe model learned from {} examples and has {} bytes.",
        everything.len(),
        model.len()
    );
    let write =
        |path: PathBuf, bytes: &[u8]| fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()));
    write(home.join("data/categories.model"), &model)?;
    write(home.join("training/held-out.md"), report.as_bytes())?;
    println!("{report}");
    Ok(())
}

/// The batches by name, their files in the order of their names.
fn read_batches(folder: &Path) -> Result<Vec<Batch>, String> {
    let mut batches = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut batch = Batch { name, sentences: Vec::new(), examples: Vec::new() };
        for file in entries(&path)?.into_iter().filter(|file| file.extension().is_some_and(|e| e == "tsv")) {
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let examples = training::read_examples(&text).map_err(|e| format!("{}: {e}", file.display()))?;
            batch.examples.extend(examples);
            batch.sentences.push(text);
        }
        batches.push(batch);
    }
    Ok(batches)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        paths.push(entry.map_err(wrong)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn share_within(tested: &[&Tested], n: usize) -> f64 {
    let hits = tested.iter().filter(|t| rank(&t.logits, t.category) < n).count();
    hits as f64 / tested.len().max(1) as f64
}

/// How many categories are likelier than the right one.
fn rank(logits: &[f32], category: CategoryId) -> usize {
    let right = logits.get(category.index()).copied().unwrap_or(f32::NEG_INFINITY);
    logits.iter().filter(|logit| **logit > right).count()
}

/// How often guesses of a stated certainty are right, on the held-out sentences.
fn calibration(held_out: &[(Vec<f32>, CategoryId)], temperature: f32, trust: Trust, report: &mut String) {
    let edges = [0.0, 0.08, 0.2, 0.4, 0.6, 0.8, 1.01];
    let Trust { intercept, slope } = trust;
    let mut bins = vec![(0_usize, 0.0_f64, 0_usize); edges.len() - 1];
    for (logits, category) in held_out {
        let mut p: Vec<f32> = logits.iter().map(|logit| logit / temperature).collect();
        training::softmax(&mut p);
        trust.correct(&mut p);
        let p = f64::from(p.iter().copied().fold(0.0, f32::max));
        let bin = edges.iter().skip(1).position(|edge| p < *edge).unwrap_or(0);
        if let Some((n, total, right)) = bins.get_mut(bin) {
            *n += 1;
            *total += p;
            *right += usize::from(rank(logits, *category) == 0);
        }
    }
    let _ = write!(
        report,
        "\nTemperature {temperature:.3}, slope {slope:.3}, intercept {intercept:.3}. How sure the first guess says it is, and how often it is right:\n\n\
         | sentences | says | is right |\n|---|---|---|\n"
    );
    let mut error = 0.0;
    for (n, total, right) in bins.into_iter().filter(|(n, _, _)| *n > 0) {
        let (says, is) = (total / n as f64, right as f64 / n as f64);
        error += (says - is).abs() * n as f64 / held_out.len() as f64;
        let _ = writeln!(report, "| {n} | {says:.3} | {is:.3} |");
    }
    let _ = writeln!(report, "\nExpected calibration error {error:.3}.");
}
