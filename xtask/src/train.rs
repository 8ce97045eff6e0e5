//! `cargo xtask train`: makes the category model from the written sentences and says how good it is.
//!
//! The batches were written apart from each other. Each of `HELD_OUT` is held out in turn while a model learns from all
//! the rest; that gives the figures of `training/held-out.md` and the temperature of the calibration. The model that
//! ships learns from everything.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use matching::model::{Model, Trust};
use matching::taxonomy::{CategoryId, Taxonomy};
use matching::training::{self, Example, Sample, Settings};
use thai::Lang;

/// Sizes of one step of a weight, the finest first: the first with which the file is small enough is taken.
const SCALES: [f32; 8] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7];
/// The step with which held-out figures are taken: those of the model as it ships, not of its finer weights.
const HELD_OUT_SCALE: f32 = 0.3;
/// Bytes the model may have.
const LARGEST: usize = 2_950_000;

/// The batches that are held out, each in turn.
const HELD_OUT: [&str; 5] = ["batch-a", "batch-b", "batch-d", "batch-e", "batch-g"];

struct Batch {
    name: String,
    sentences: Vec<String>,
    examples: Vec<Example>,
    /// The examples as they are learned from
    samples: Vec<Sample>,
}

struct Tested {
    lang: Lang,
    category: CategoryId,
    logits: Vec<f32>,
}

/// Trains, writes the model and the table of figures.
///
/// With `--held-out` it only says how good, and what is mistaken for what, and writes nothing; with `--check` it says
/// whether the shipped model is, byte for byte, the one these sentences make.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    let (only_held_out, check) = (asked("--held-out"), asked("--check"));
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/matching");
    let batches = read_batches(&home.join("training"))?;
    let mut lists = training::taxonomy_examples();
    lists.extend(training::lexicon_examples());
    let lists: Vec<Sample> = lists.iter().map(Sample::of).collect();
    let mut report = String::from(
        "# Sentences held out\n\nWritten by `cargo xtask train`. A batch is held out whole; the model learns from the \
         lists and the other batches.\n\n| held out | language | sentences | first | in the first three |\n\
         |---|---|---|---|---|\n",
    );
    let mut held_out = Vec::new();
    let mut confusions = BTreeMap::new();
    for (out, tested) in HELD_OUT.into_iter().zip(hold_out_each(&batches, &lists)) {
        for lang in [Lang::Thai, Lang::English] {
            let of: Vec<&Tested> = tested.iter().filter(|t| t.lang == lang).collect();
            if of.is_empty() {
                continue;
            }
            let (first, three) = (share_within(&of, 1), share_within(&of, 3));
            let _ = writeln!(report, "| {out} | {} | {} | {first:.3} | {three:.3} |", lang.tag(), of.len());
        }
        if out != "batch-e" {
            note_confusions(&tested, &mut confusions);
        }
        held_out.extend(tested.into_iter().map(|t| (t.logits, t.category)));
    }
    if only_held_out {
        println!("{report}");
        print_confusions(&confusions);
        return Ok(());
    }
    let temperature = training::temperature(&held_out);
    let trust = training::trust(&held_out, temperature);
    calibration(&held_out, temperature, trust, &mut report);
    let everything: Vec<&Sample> =
        lists.iter().chain(batches.iter().flat_map(|batch| &batch.samples)).collect();
    let trained = training::train_on(&everything, Settings::default());
    let digest = training::digest(batches.iter().flat_map(|batch| &batch.sentences).map(String::as_str));
    let mut written =
        SCALES.into_iter().map(|scale| (scale, trained.write(digest, scale, temperature, trust)));
    let (scale, model) = written.find(|(_, model)| model.len() <= LARGEST).ok_or("the model is too large")?;
    let _ = writeln!(
        report,
        "\nThe model learned from {} examples and has {} bytes at a step of {scale}.",
        everything.len(),
        model.len()
    );
    if check {
        let shipped = fs::read(home.join("data/categories.model")).map_err(|e| e.to_string())?;
        let same = shipped == model;
        return if same {
            Ok(())
        } else {
            Err("the shipped model is another: run `cargo xtask train`".into())
        };
    }
    let write =
        |path: PathBuf, bytes: &[u8]| fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()));
    write(home.join("data/categories.model"), &model)?;
    write(home.join("training/held-out.md"), report.as_bytes())?;
    println!("{report}");
    Ok(())
}

/// For each batch that is held out, its sentences as a model reads them that learned from the rest; at once, as the
/// trainings know nothing of each other.
fn hold_out_each(batches: &[Batch], lists: &[Sample]) -> Vec<Vec<Tested>> {
    let hold_out = |out: &str| -> Vec<Tested> {
        let rest = batches.iter().filter(|batch| batch.name != out).flat_map(|batch| &batch.samples);
        let learned: Vec<&Sample> = lists.iter().chain(rest).collect();
        let trained = training::train_on(&learned, Settings::default());
        let written = trained.write(0, HELD_OUT_SCALE, 1.0, Trust::PLAIN);
        let model = Model::read(&written).unwrap_or_else(|_| Model::silent(trained.categories()));
        let held = batches.iter().filter(|batch| batch.name == out);
        let held = held.flat_map(|batch| batch.examples.iter().zip(&batch.samples));
        held.map(|(example, sample)| Tested {
            lang: example.lang,
            category: example.category,
            logits: model.logits(sample.features()),
        })
        .collect()
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = HELD_OUT.map(|out| scope.spawn(move || hold_out(out))).into();
        handles.into_iter().map(|handle| handle.join().unwrap_or_default()).collect()
    })
}

/// Sentences whose category is not among the first three, by their category and the one taken for it.
fn note_confusions(tested: &[Tested], confusions: &mut BTreeMap<(usize, usize), usize>) {
    for one in tested.iter().filter(|one| rank(&one.logits, one.category) >= 3) {
        let best = one.logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        if let Some((best, _)) = best {
            *confusions.entry((one.category.index(), best)).or_default() += 1;
        }
    }
}

fn print_confusions(confusions: &BTreeMap<(usize, usize), usize>) {
    let code = |place: usize| Taxonomy::built_in().categories().get(place).map_or("", |c| c.code.as_str());
    let mut missed: BTreeMap<usize, usize> = BTreeMap::new();
    for ((right, _), n) in confusions {
        *missed.entry(*right).or_default() += n;
    }
    let mut worst: Vec<(usize, usize)> = missed.into_iter().map(|(right, n)| (n, right)).collect();
    worst.sort_unstable_by(|a, b| b.cmp(a));
    for (n, right) in worst.into_iter().take(30) {
        let mut taken: Vec<(usize, usize)> =
            confusions.iter().filter(|((r, _), _)| *r == right).map(|((_, best), n)| (*n, *best)).collect();
        taken.sort_unstable_by(|a, b| b.cmp(a));
        let list: Vec<String> =
            taken.iter().take(4).map(|(n, best)| format!("{} {n}", code(*best))).collect();
        println!("{} {n}: {}", code(right), list.join(", "));
    }
}

/// The batches by name, their files in the order of their names.
fn read_batches(folder: &Path) -> Result<Vec<Batch>, String> {
    let mut batches = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut batch = Batch { name, sentences: Vec::new(), examples: Vec::new(), samples: Vec::new() };
        for file in entries(&path)?.into_iter().filter(|file| file.extension().is_some_and(|e| e == "tsv")) {
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let examples = training::read_examples(&text).map_err(|e| format!("{}: {e}", file.display()))?;
            batch.examples.extend(examples);
            batch.sentences.push(text);
        }
        batch.samples = batch.examples.iter().map(Sample::of).collect();
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
