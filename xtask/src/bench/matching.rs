//! `cargo xtask bench match [OFFERS…] [--speed OFFERS] [--graded FILE.jsonl]`: how fast offers are found among so many
//! (default 50000), and how well on a file of needs with graded answers, each beside the plain methods on the same data.
//!
//! The offers are the written sentences in turn, each set in a province, online or everywhere; their categories are not
//! tapped, so that the whole way from text to answer is measured.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::time::Instant;

use matching::lines::{Named, read_intents};
use matching::text::analyze;
use matching::training::{Example, read_examples};
use matching::{
    Area, Categorizer, CategoryId, Day, Intent, IntentKey, Mode, Pool, Reach, Side, Situation, Taxonomy,
    obstacle,
};
use serde_json::Value;
use thai::Lang;

const NEEDS: usize = 200;

pub fn run(arguments: &[String]) -> Result<(), String> {
    let mut sizes = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--dev" || argument == "--graded" {
            return graded(arguments.next().ok_or("--graded needs a file")?);
        }
        if argument == "--speed" {
            continue;
        }
        sizes.push(argument.parse().map_err(|_| format!("{argument} is no number of offers"))?);
    }
    if sizes.is_empty() {
        sizes.push(50_000);
    }
    let sentences = sentences()?;
    println!(
        "| offers | build: CPU s | build: s | resident MB | top 10: mean ms | p50 | p99 | BM25, all read: mean ms | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for size in sizes {
        speed(&sentences, size);
    }
    Ok(())
}

fn sentences() -> Result<Vec<Example>, String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/matching/training");
    let mut paths = Vec::new();
    for batch in ["batch-a", "batch-b", "batch-c", "batch-d"] {
        let files = fs::read_dir(home.join(batch)).map_err(|e| format!("{batch}: {e}"))?;
        paths.extend(files.flatten().map(|file| file.path()));
    }
    paths.sort();
    let mut examples = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        examples.extend(read_examples(&text)?);
    }
    Ok(examples)
}

/// The `n`th of many intents that look like a country's.
fn intent(sentences: &[Example], n: usize, side: Side) -> Option<Intent> {
    let example = sentences.get(n.wrapping_mul(7_919) % sentences.len())?;
    let mut intent = Intent::new(IntentKey(n as u64), side, example.text.clone());
    intent.lang = example.lang;
    let provinces = thai::places::provinces();
    let place = provinces.get(n.wrapping_mul(31) % provinces.len())?;
    let area = Area::parse(&place.code.number().to_string())?;
    (intent.mode, intent.reach) = match n % 10 {
        0 => (Mode::Online, Reach::Everywhere),
        1 => (Mode::Either, Reach::Areas(vec![area])),
        2 => (Mode::Onsite, Reach::Everywhere),
        _ => (Mode::Onsite, Reach::Areas(vec![area])),
    };
    Some(intent)
}

fn speed(sentences: &[Example], size: usize) {
    let (start, cpu) = (Instant::now(), process_seconds());
    let pool = Pool::build((0..size).filter_map(|n| intent(sentences, n, Side::Offer)));
    let (built, built_cpu) = (start.elapsed(), process_seconds() - cpu);
    let situation = Situation { today: Day::parse("2026-12-01"), ..Situation::default() };
    let mut times: Vec<f64> = Vec::new();
    for n in 0..NEEDS {
        let Some(need) = intent(sentences, size + n * 13 + 5, Side::Need) else { continue };
        times.push(quickest(|| pool.offers_for(&need, 10, &situation)));
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
    let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
    let (seconds, resident) = (built.as_secs_f64(), resident_mb());
    // its words as texts would not fit into memory beyond
    let plain = if size <= 100_000 {
        let plain = read_all_milliseconds(sentences, size);
        format!("{plain:.2} | {:.1}", plain / mean)
    } else {
        "– | –".to_owned()
    };
    println!(
        "| {size} | {built_cpu:.1} | {seconds:.1} | {resident} | {mean:.2} | {:.2} | {:.2} | {plain} |",
        at(50),
        at(99)
    );
}

/// Milliseconds of the quickest of five times: on a machine shared with others the slower ones waited for a core.
fn quickest<T>(work: impl Fn() -> T) -> f64 {
    let once = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..5).map(once).fold(f64::INFINITY, f64::min)
}

/// What ten needs take in the mean when BM25 reads all offers, place and time not looked at.
fn read_all_milliseconds(sentences: &[Example], size: usize) -> f64 {
    let text = |n: usize, side| intent(sentences, n, side).map(|i| i.text).unwrap_or_default();
    let index = Plain::of((0..size).map(|n| text(n, Side::Offer)), Plain::words);
    let needs: Vec<String> = (0..10).map(|n| text(size + n * 13 + 5, Side::Need)).collect();
    let times = needs.iter().map(|need| quickest(|| index.scores(need, Plain::words)));
    times.sum::<f64>() / needs.len().max(1) as f64
}

/// Seconds of CPU all threads of this process have used.
fn process_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Resident memory of this process, in megabytes; 0 where the system does not tell.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_024
}

/// The labels of a graded file, by id.
struct Labels {
    category: HashMap<String, CategoryId>,
    relevant: HashMap<String, HashMap<String, f64>>,
    decoys: HashMap<String, Vec<String>>,
}

fn graded(path: &str) -> Result<(), String> {
    let bytes = fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    let read =
        |side, first| read_intents(&bytes, side, first).map_err(|fault| fault.sentence(path, Lang::English));
    let offers = read(Side::Offer, 0)?;
    let needs = read(Side::Need, offers.len() as u64)?;
    let labels = labels(&String::from_utf8_lossy(&bytes));
    println!("{}", categories_in_three(&offers, &needs, &labels));
    println!(
        "| taps | nDCG@5 | across languages | decoys above | empty where none fits |\n|---|---|---|---|---|"
    );
    for (name, tap_needs, tap_offers) in [
        ("none", Tap::Leave, Tap::Leave),
        ("needs", Tap::Right, Tap::Leave),
        ("both", Tap::Right, Tap::Right),
    ] {
        let tapped =
            |named: &[Named], tap| named.iter().map(|one| tap_of(one, &labels, tap)).collect::<Vec<_>>();
        let (offers, needs) = (tapped(&offers, tap_offers), tapped(&needs, tap_needs));
        println!("| {name} | {}", quality(&offers, &needs, &labels));
    }
    let index = Plain::of(offers.iter().map(|offer| offer.intent.text.clone()), |text| {
        Plain::words(text).union(&Plain::grams(text)).cloned().collect()
    });
    let random = |need: &Named| -> Vec<f64> {
        // numbers that look like chance and are always the same
        (0..offers.len() as u64).map(|n| (hash_of(n * 7_919 + need.intent.key.0) >> 11) as f64).collect()
    };
    println!("\n| plain methods, feasible offers only | nDCG@5 |\n|---|---|");
    println!("| chance | {:.3} |", baseline(&offers, &needs, &labels, random));
    let words = |need: &Named| index.scores(&need.intent.text, Plain::words);
    println!("| BM25 of words | {:.3} |", baseline(&offers, &needs, &labels, words));
    let both = |need: &Named| -> Vec<f64> {
        let (words, grams) =
            (index.scores(&need.intent.text, Plain::words), index.scores(&need.intent.text, Plain::grams));
        words.iter().zip(grams).map(|(words, grams)| words + 0.3 * grams).collect()
    };
    println!("| BM25 of words and trigrams | {:.3} |", baseline(&offers, &needs, &labels, both));
    Ok(())
}

fn hash_of(n: u64) -> u64 {
    let mixed = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// The share of texts whose labeled category is among the first three guesses.
fn categories_in_three(offers: &[Named], needs: &[Named], labels: &Labels) -> String {
    let share = |named: &[Named], lang: Lang| {
        let mut mean = Mean::default();
        for one in named.iter().filter(|one| one.intent.lang == lang) {
            let Some(right) = labels.category.get(&one.id) else { continue };
            let guesses = Categorizer::built_in().categorize(&one.intent.text);
            mean.add(if guesses.iter().take(3).any(|guess| guess.category == *right) { 1.0 } else { 0.0 });
        }
        format!("{:.2} (n={})", mean.get(), mean.n)
    };
    format!(
        "Category in the first three: needs th {}, en {}; offers th {}, en {}\n",
        share(needs, Lang::Thai),
        share(needs, Lang::English),
        share(offers, Lang::Thai),
        share(offers, Lang::English)
    )
}

/// Mean nDCG@5 of a plain method that scores every offer; offers it gives 0 are left out.
fn baseline(offers: &[Named], needs: &[Named], labels: &Labels, scores: impl Fn(&Named) -> Vec<f64>) -> f64 {
    let mut mean = Mean::default();
    for need in needs {
        let Some(grades) = labels.relevant.get(&need.id).filter(|grades| !grades.is_empty()) else {
            continue;
        };
        let mut ranked: Vec<(f64, &str)> = offers
            .iter()
            .zip(scores(need))
            .filter(|(offer, score)| *score > 0.0 && obstacle(&offer.intent, &need.intent, None).is_none())
            .map(|(offer, score)| (score, offer.id.as_str()))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let ids: Vec<&str> = ranked.into_iter().map(|(_, id)| id).collect();
        mean.add(ndcg(&ids, grades));
    }
    mean.get()
}

/// What the engine is compared with: the terms of each text, and BM25 over all of them (Robertson & Zaragoza 2009).
struct Plain {
    texts: Vec<HashSet<String>>,
    frequency: HashMap<String, f64>,
}

impl Plain {
    fn of(texts: impl Iterator<Item = String>, terms: fn(&str) -> HashSet<String>) -> Self {
        let texts: Vec<HashSet<String>> = texts.map(|text| terms(&text)).collect();
        let mut frequency = HashMap::new();
        for term in texts.iter().flatten() {
            *frequency.entry(term.clone()).or_default() += 1.0;
        }
        Self { texts, frequency }
    }

    fn words(text: &str) -> HashSet<String> {
        analyze(text).pieces().map(str::to_owned).collect()
    }

    fn grams(text: &str) -> HashSet<String> {
        let letters: Vec<char> = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        letters.windows(3).map(|gram| format!("_{}", gram.iter().collect::<String>())).collect()
    }

    fn scores(&self, query: &str, terms: fn(&str) -> HashSet<String>) -> Vec<f64> {
        let n = self.texts.len() as f64;
        let weighted: Vec<(String, f64)> = terms(query)
            .into_iter()
            .map(|term| {
                let df = self.frequency.get(&term).copied().unwrap_or(0.0);
                (term, (1.0 + (n - df + 0.5) / (df + 0.5)).ln())
            })
            .collect();
        let score = |text: &HashSet<String>| {
            weighted.iter().filter(|(term, _)| text.contains(term)).map(|(_, weight)| weight).sum()
        };
        self.texts.iter().map(score).collect()
    }
}

#[derive(Clone, Copy)]
enum Tap {
    Leave,
    Right,
}

fn tap_of(named: &Named, labels: &Labels, tap: Tap) -> Named {
    let mut named = named.clone();
    if let (Tap::Right, Some(category)) = (tap, labels.category.get(&named.id)) {
        named.intent.categories = vec![*category];
    }
    named
}

fn labels(text: &str) -> Labels {
    let mut labels = Labels { category: HashMap::new(), relevant: HashMap::new(), decoys: HashMap::new() };
    for line in text.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else { continue };
        let Some(id) = value.get("id").and_then(Value::as_str) else { continue };
        let code = value.get("gold_category").and_then(Value::as_str).unwrap_or_default();
        if let Some(category) = Taxonomy::built_in().find(code) {
            labels.category.insert(id.to_owned(), category);
        }
        let Some(relevant) = value.get("relevant").and_then(Value::as_object) else { continue };
        let grades = relevant.iter().map(|(id, grade)| (id.clone(), grade.as_f64().unwrap_or(0.0)));
        labels.relevant.insert(id.to_owned(), grades.collect());
        let negatives = value.get("hard_negatives").and_then(Value::as_object);
        let words = negatives.into_iter().flatten().filter(|(_, reason)| reason.as_str() == Some("words"));
        labels.decoys.insert(id.to_owned(), words.map(|(id, _)| id.clone()).collect());
    }
    labels
}

fn quality(offers: &[Named], needs: &[Named], labels: &Labels) -> String {
    let pool = Pool::build(offers.iter().map(|named| named.intent.clone()));
    let id = |key: IntentKey| {
        usize::try_from(key.0).ok().and_then(|n| offers.get(n)).map_or("", |o| o.id.as_str())
    };
    let lang = |id: &str| offers.iter().find(|offer| offer.id == id).map(|offer| offer.intent.lang);
    let (mut all, mut across) = (Mean::default(), Mean::default());
    let (mut above, mut empty) = (Mean::default(), Mean::default());
    for need in needs {
        let fit = pool.offers_for(&need.intent, offers.len(), &Situation::default()).fit;
        let ranked: Vec<&str> = fit.iter().map(|proposal| id(proposal.key)).collect();
        let Some(grades) = labels.relevant.get(&need.id).filter(|grades| !grades.is_empty()) else {
            empty.add(if ranked.is_empty() { 1.0 } else { 0.0 });
            continue;
        };
        let ndcg = ndcg(&ranked, grades);
        all.add(ndcg);
        if grades.keys().all(|id| lang(id) != Some(need.intent.lang)) {
            across.add(ndcg);
        }
        let best = ranked.iter().position(|id| grades.contains_key(*id)).unwrap_or(ranked.len());
        for decoy in labels.decoys.get(&need.id).into_iter().flatten() {
            let place = ranked.iter().position(|id| id == decoy).unwrap_or(usize::MAX);
            above.add(if place < best { 1.0 } else { 0.0 });
        }
    }
    format!(
        "{:.3} | {:.3} (n={}) | {:.2} (n={}) | {:.2} |",
        all.get(),
        across.get(),
        across.n,
        above.get(),
        above.n,
        empty.get()
    )
}

fn ndcg(ranked: &[&str], grades: &HashMap<String, f64>) -> f64 {
    let gain = |grade: f64, place: usize| (grade.exp2() - 1.0) / (place as f64 + 2.0).log2();
    let reached: f64 = ranked
        .iter()
        .take(5)
        .enumerate()
        .filter_map(|(place, id)| grades.get(*id).map(|grade| gain(*grade, place)))
        .sum();
    let mut best: Vec<f64> = grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    reached / best.into_iter().take(5).enumerate().map(|(place, grade)| gain(grade, place)).sum::<f64>()
}

#[derive(Default)]
struct Mean {
    sum: f64,
    n: usize,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.n += 1;
    }

    fn get(&self) -> f64 {
        self.sum / self.n.max(1) as f64
    }
}
