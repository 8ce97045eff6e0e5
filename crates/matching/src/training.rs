//! Training of the category model from written sentences; called by `cargo xtask train`, never by the program.
//!
//! Multinomial logistic regression with AdaGrad (Duchi, Hazan, Singer 2011), L2 toward zero. Deterministic: the order
//! of the sentences is shuffled by a fixed sequence of numbers.

use std::collections::BTreeMap;

use thai::Lang;

use crate::features::{Feature, WHOLE, features};
use crate::model::{Row, Trust, Weight, write};
use crate::taxonomy::{CategoryId, Taxonomy};
use crate::text::analyze;

/// One sentence with the category it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its category
    pub category: CategoryId,
    /// Its language
    pub lang: Lang,
    /// The sentence
    pub text: String,
}

/// Reads lines of code, tab, `th` or `en`, tab, sentence. Empty lines and lines that begin with `#` are passed over.
///
/// # Errors
/// The first line that is none of these, by number and reason.
pub fn read_examples(tsv: &str) -> Result<Vec<Example>, String> {
    let mut examples = Vec::new();
    for (number, line) in tsv.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('\t');
        let (code, lang, text) = (columns.next(), columns.next(), columns.next());
        let category = code.and_then(|code| Taxonomy::built_in().find(code.trim()));
        let lang = lang.and_then(Lang::from_tag);
        let (Some(category), Some(lang), Some(text)) = (category, lang, text) else {
            return Err(format!(
                "line {}: a known code, th or en, and a sentence, separated by tabs",
                number + 1
            ));
        };
        examples.push(Example { category, lang, text: text.trim().to_owned() });
    }
    Ok(examples)
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Passes over all sentences
    pub epochs: usize,
    /// Step of AdaGrad
    pub rate: f32,
    /// Pull toward zero
    pub decay: f32,
    /// Chance that a feature is passed over in one pass, 0 to below 1
    pub drop: f32,
}

impl Default for Settings {
    fn default() -> Self {
        // by the held-out batches: less decay or more passes fit the training sentences only
        Self { epochs: 10, rate: 0.5, decay: 1.5e-3, drop: 0.25 }
    }
}

/// Weights as trained, before they are rounded.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Feature hash to row
    rows: BTreeMap<u32, usize>,
    /// Inverse document frequency of each row, in sixteenths
    rarity: Vec<u8>,
    /// One row of one weight a category for each feature
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// Errors below this are not learned from.
const LEAST_MOVE: f32 = 2e-3;

struct Vector {
    features: Vec<(usize, f32)>,
    category: usize,
}

/// A sentence as it is learned from.
#[derive(Debug, Clone)]
pub struct Sample {
    features: Vec<Feature>,
    category: CategoryId,
}

impl Sample {
    /// Reads a sentence.
    #[must_use]
    pub fn of(example: &Example) -> Self {
        Self { features: features(&analyze(&example.text)), category: example.category }
    }

    /// Its features.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }
}

/// Trains on all examples.
#[must_use]
pub fn train(examples: &[Example], settings: Settings) -> Trained {
    let read: Vec<Sample> = examples.iter().map(Sample::of).collect();
    train_on(&read.iter().collect::<Vec<_>>(), settings)
}

/// Trains on sentences that were read before.
#[must_use]
pub fn train_on(samples: &[&Sample], settings: Settings) -> Trained {
    let classes = Taxonomy::built_in().categories().len();
    let (rows, rarity) = number_features(samples);
    let mut trained =
        Trained { weights: vec![0.0; rows.len() * classes], bias: vec![0.0; classes], rows, rarity };
    let data: Vec<Vector> = samples
        .iter()
        .map(|sample| Vector {
            features: trained.vector(&sample.features),
            category: sample.category.index(),
        })
        .collect();
    let mut squares = vec![1e-4_f32; trained.weights.len()];
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut state = 0x5eed_u64;
    for epoch in 0..settings.epochs {
        shuffle(&mut order, &mut state);
        let rate = settings.rate * (1.0 - epoch as f32 / settings.epochs as f32);
        for row in order.iter().filter_map(|&place| data.get(place)) {
            let seen = seen_part(row, settings.drop, &mut state);
            step(&mut trained, &mut squares, &seen, rate, settings.decay);
        }
    }
    trained
}

/// What is left of a sentence when each feature is passed over with the chance `drop`, its length kept: what is learned
/// must not hang on one word being there (dropout: Srivastava et al. 2014).
fn seen_part(row: &Vector, drop: f32, state: &mut u64) -> Vector {
    let kept = row.features.iter().filter(|_| chance(state) >= drop);
    let features = kept.map(|&(place, value)| (place, value / (1.0 - drop).sqrt())).collect();
    Vector { features, category: row.category }
}

fn step(trained: &mut Trained, squares: &mut [f32], row: &Vector, rate: f32, decay: f32) {
    let classes = trained.bias.len();
    let mut gradient = trained.sums(&row.features);
    softmax(&mut gradient);
    if let Some(right) = gradient.get_mut(row.category) {
        *right -= 1.0;
    }
    for (bias, g) in trained.bias.iter_mut().zip(&gradient) {
        *bias -= 0.01 * rate * g;
    }
    // after the first pass nearly all categories are out of the question for a sentence, and would move by nothing
    let moved: Vec<(usize, f32)> =
        gradient.into_iter().enumerate().filter(|(_, g)| g.abs() >= LEAST_MOVE).collect();
    for &(place, value) in &row.features {
        let span = place * classes..(place + 1) * classes;
        let (Some(weights), Some(squares)) = (trained.weights.get_mut(span.clone()), squares.get_mut(span))
        else {
            continue;
        };
        for &(category, g) in &moved {
            let (Some(weight), Some(square)) = (weights.get_mut(category), squares.get_mut(category)) else {
                continue;
            };
            let g = g * value + decay * *weight;
            *square += g * g;
            *weight -= rate * g / square.sqrt();
        }
    }
}

impl Trained {
    fn vector(&self, features: &[Feature]) -> Vec<(usize, f32)> {
        let mut vector: Vec<(usize, f32)> = features
            .iter()
            .filter_map(|feature| {
                let &row = self.rows.get(&feature.hash)?;
                Some((row, feature.value * f32::from(*self.rarity.get(row)?)))
            })
            .collect();
        let length = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|(_, value)| *value /= length);
        }
        vector
    }

    fn sums(&self, vector: &[(usize, f32)]) -> Vec<f32> {
        let classes = self.bias.len();
        let mut sums = self.bias.clone();
        for &(row, value) in vector {
            let Some(weights) = self.weights.get(row * classes..(row + 1) * classes) else { continue };
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
        sums
    }

    /// How many categories it tells apart.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.bias.len()
    }

    /// The log-odds of each category for a text, before calibration.
    #[must_use]
    pub fn logits(&self, features: &[Feature]) -> Vec<f32> {
        self.sums(&self.vector(features))
    }

    /// Rounds to one byte a weight and writes the model file. `scale` is the size of a step: the larger, the smaller
    /// the file.
    #[must_use]
    pub fn write(&self, digest: u64, scale: f32, temperature: f32, trust: Trust) -> Vec<u8> {
        let classes = self.bias.len();
        let mut rows = Vec::new();
        for (&hash, &row) in &self.rows {
            let Some(weights) = self.weights.get(row * classes..(row + 1) * classes) else { continue };
            let mut sorted = weights.to_vec();
            sorted.sort_unstable_by(f32::total_cmp);
            // a constant over all categories changes no probability: the median goes, and most weights with it
            let median = sorted.get(classes / 2).copied().unwrap_or(0.0);
            let weights: Vec<Weight> = (0_u8..)
                .zip(weights)
                .map(|(category, weight)| Weight { category, steps: steps((weight - median) / scale) })
                .filter(|weight| weight.steps != 0)
                .collect();
            if !weights.is_empty() {
                rows.push(Row { hash, rarity: self.rarity.get(row).copied().unwrap_or(0), weights });
            }
        }
        write(digest, scale, temperature, trust, &self.bias, &rows)
    }
}

fn steps(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

/// Turns log-odds into probabilities that sum to 1.
pub fn softmax(logits: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - most).exp();
        sum += *logit;
    }
    for p in logits.iter_mut() {
        *p /= sum;
    }
}

/// The temperature under which the log-odds of sentences not learned from are likeliest: a ternary search over
/// ln T, as the likelihood has one peak in it (Guo et al. 2017).
#[must_use]
pub fn temperature(held_out: &[(Vec<f32>, CategoryId)]) -> f32 {
    let loss = |t: f32| {
        let mut sum = 0.0_f64;
        for (logits, category) in held_out {
            let mut p: Vec<f32> = logits.iter().map(|logit| logit / t).collect();
            softmax(&mut p);
            sum -= f64::from(p.get(category.index()).copied().unwrap_or(0.0).max(1e-9)).ln();
        }
        sum
    };
    let (mut low, mut high) = (0.1_f32.ln(), 10.0_f32.ln());
    for _ in 0..40 {
        let third = (high - low) / 3.0;
        if loss((low + third).exp()) < loss((high - third).exp()) {
            high -= third;
        } else {
            low += third;
        }
    }
    f32::midpoint(low, high).exp()
}

/// How far the first guess is to be trusted at that temperature: two-parameter logistic regression of "the first guess
/// is right" on its log-odds, by gradient descent (the likelihood has one peak).
#[must_use]
pub fn trust(held_out: &[(Vec<f32>, CategoryId)], temperature: f32) -> Trust {
    let mut pairs: Vec<(f64, f64)> = Vec::with_capacity(held_out.len());
    for (logits, category) in held_out {
        let mut p: Vec<f32> = logits.iter().map(|logit| logit / temperature).collect();
        softmax(&mut p);
        let Some((best, most)) = p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else { continue };
        let most = f64::from(*most).clamp(1e-6, 1.0 - 1e-6);
        pairs.push(((most / (1.0 - most)).ln(), if best == category.index() { 1.0 } else { 0.0 }));
    }
    let (mut intercept, mut slope) = (0.0_f64, 1.0_f64);
    let n = pairs.len().max(1) as f64;
    for _ in 0..2_000 {
        let (mut by_intercept, mut by_slope) = (0.0, 0.0);
        for (odds, right) in &pairs {
            let off = right - 1.0 / (1.0 + (-(intercept + slope * odds)).exp());
            by_intercept += off;
            by_slope += off * odds;
        }
        intercept += 0.3 * by_intercept / n;
        slope += 0.3 * by_slope / n;
    }
    Trust { intercept: intercept as f32, slope: (slope as f32).max(0.05) }
}

/// Parts of words that stand in one sentence only say nothing that its words do not: they are left out.
fn number_features(samples: &[&Sample]) -> (BTreeMap<u32, usize>, Vec<u8>) {
    let mut counts: BTreeMap<u32, (usize, bool)> = BTreeMap::new();
    for feature in samples.iter().flat_map(|sample| &sample.features) {
        let (count, whole) = counts.entry(feature.hash).or_default();
        *count += 1;
        *whole |= feature.value >= WHOLE;
    }
    let mut rarity = Vec::with_capacity(counts.len());
    let mut rows = BTreeMap::new();
    for (hash, (count, _)) in counts.into_iter().filter(|(_, (count, whole))| *whole || *count > 1) {
        let idf = (samples.len() as f32 / count as f32).ln();
        rows.insert(hash, rarity.len());
        rarity.push((idf * 16.0).round().clamp(0.0, 255.0) as u8);
    }
    (rows, rarity)
}

fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        let pick = usize::try_from(next(state) >> 33).unwrap_or(0) % (last + 1);
        order.swap(last, pick);
    }
}

/// Evenly from 0 to 1, 1 excluded.
fn chance(state: &mut u64) -> f32 {
    (next(state) >> 40) as f32 / (1_u32 << 24) as f32
}

/// Knuth's MMIX: the same on every machine, so that the model is.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state
}

/// Digest of everything the model is made of: the sentences (in the order of their files' names) and the lists.
/// A model whose digest differs was trained on something else.
#[must_use]
pub fn digest<'a>(sentences: impl IntoIterator<Item = &'a str>) -> u64 {
    let lists = [
        include_str!("../data/taxonomy.json"),
        include_str!("../data/lexicon.tsv"),
        include_str!("../data/concepts.tsv"),
    ];
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in lists.into_iter().chain(sentences).flat_map(str::bytes) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    state
}

/// The labels and synonyms of the taxonomy as short examples.
#[must_use]
pub fn taxonomy_examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for (category, entry) in Taxonomy::built_in().iter() {
        let mut push = |lang, text: &String| examples.push(Example { category, lang, text: text.clone() });
        push(Lang::Thai, &entry.th);
        push(Lang::English, &entry.en);
        entry.syn_th.iter().for_each(|text| push(Lang::Thai, text));
        entry.syn_en.iter().for_each(|text| push(Lang::English, text));
    }
    examples
}

/// The situation lexicon's terms as short examples.
#[must_use]
pub fn lexicon_examples() -> Vec<Example> {
    let lexicon = include_str!("../data/lexicon.tsv");
    let rows = read_examples(lexicon).unwrap_or_default();
    rows.into_iter()
        .flat_map(|row| {
            let terms: Vec<String> = row.text.split('|').map(str::to_owned).collect();
            terms.into_iter().map(move |text| Example { category: row.category, lang: row.lang, text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorizer::Categorizer;

    /// Cheap watch over `cargo xtask train`: whoever changes a sentence trains again.
    #[test]
    fn the_shipped_model_was_trained_on_these_sentences() {
        let mut paths: Vec<std::path::PathBuf> = Vec::new();
        for batch in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/training")).unwrap() {
            let batch = batch.unwrap().path();
            let Ok(files) = std::fs::read_dir(batch) else { continue };
            paths.extend(
                files
                    .map(|file| file.unwrap().path())
                    .filter(|path| path.extension().is_some_and(|e| e == "tsv")),
            );
        }
        paths.sort();
        let sentences: Vec<String> =
            paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let digest = digest(sentences.iter().map(String::as_str));
        assert_eq!(Categorizer::built_in().model().digest(), digest, "run `cargo xtask train`");
    }

    #[test]
    fn learns_what_it_is_told() {
        let farm = Taxonomy::built_in().find("farm.pest").unwrap();
        let venue = Taxonomy::built_in().find("log.venue").unwrap();
        let example = |category, text: &str| Example { category, lang: Lang::Thai, text: text.to_owned() };
        let examples = [
            example(farm, "หนอนกินใบข้าวโพด"),
            example(farm, "เพลี้ยลงนาข้าว"),
            example(venue, "หาห้องประชุม"),
            example(venue, "ขอใช้ศาลาวัด"),
        ];
        let trained = train(&examples, Settings::default());
        let twice = train(&examples, Settings::default());
        let model = crate::model::Model::read(&trained.write(1, 0.01, 1.0, Trust::PLAIN)).unwrap();
        for example in &examples {
            let features = features(&analyze(&example.text));
            assert_eq!(trained.logits(&features), twice.logits(&features));
            for logits in [trained.logits(&features), model.logits(&features)] {
                let best = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap();
                assert_eq!(best, example.category.index(), "{}", example.text);
            }
        }
    }

    #[test]
    fn temperature_finds_overconfidence() {
        // right in three of four, said with odds of 20 to 1: the honest odds are 3 to 1
        let first = CategoryId::from_index(0);
        let second = CategoryId::from_index(1);
        let held_out: Vec<(Vec<f32>, CategoryId)> =
            [first, first, first, second].map(|category| (vec![20.0_f32.ln(), 0.0], category)).to_vec();
        let expected = 20.0_f32.ln() / 3.0_f32.ln();
        assert!((temperature(&held_out) - expected).abs() < 0.01);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        assert_eq!(read_examples("# note\n\nlog.venue\tth\tศาลา").unwrap().len(), 1);
        let wrong = read_examples("log.venue\tth\tศาลา\nlog.venus\tth\tx").unwrap_err();
        assert!(wrong.starts_with("line 2:"), "{wrong}");
    }
}
