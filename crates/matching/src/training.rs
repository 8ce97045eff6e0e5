//! Training of the category model from written sentences; called by `cargo xtask train`, never by the program.
//!
//! Multinomial logistic regression with AdaGrad (Duchi, Hazan, Singer 2011), L2 toward zero. Deterministic: the order
//! of the sentences is shuffled by a fixed sequence of numbers.

use std::collections::HashMap;

use thai::Lang;

use crate::features::{Feature, features};
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
            return Err(format!("line {}: a known code, th or en, and a sentence, separated by tabs", number + 1));
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
    /// A feature must stand in so many sentences
    pub least: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { epochs: 20, rate: 0.5, decay: 1e-6, least: 2 }
    }
}

/// Weights as trained, before they are rounded.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Feature hash to row
    pub rows: HashMap<u32, usize>,
    /// One row of one weight a category for each feature
    pub weights: Vec<f32>,
    /// One a category
    pub bias: Vec<f32>,
}

impl Trained {
    /// The log-odds of each category before calibration.
    #[must_use]
    pub fn logits(&self, features: &[Feature]) -> Vec<f32> {
        let classes = self.bias.len();
        let mut out = self.bias.clone();
        for feature in features {
            let Some(&row) = self.rows.get(&feature.hash) else { continue };
            let Some(weights) = self.weights.get(row * classes..(row + 1) * classes) else { continue };
            for (sum, weight) in out.iter_mut().zip(weights) {
                *sum += weight * feature.value;
            }
        }
        out
    }
}

struct Row {
    features: Vec<(usize, f32)>,
    category: usize,
}

/// Trains on all examples.
#[must_use]
pub fn train(examples: &[Example], settings: Settings) -> Trained {
    let classes = Taxonomy::built_in().categories().len();
    let read: Vec<Vec<Feature>> = examples.iter().map(|example| features(&analyze(&example.text))).collect();
    let rows = number_features(&read, settings.least);
    let data: Vec<Row> = read
        .iter()
        .zip(examples)
        .map(|(features, example)| Row {
            features: features.iter().filter_map(|f| Some((*rows.get(&f.hash)?, f.value))).collect(),
            category: example.category.index(),
        })
        .collect();
    let mut trained = Trained { weights: vec![0.0; rows.len() * classes], bias: vec![0.0; classes], rows };
    let mut squares = vec![1e-4_f32; trained.weights.len()];
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut state = 0x5eed_u64;
    for epoch in 0..settings.epochs {
        shuffle(&mut order, &mut state);
        #[expect(clippy::cast_precision_loss, reason = "a few passes")]
        let rate = settings.rate * (1.0 - epoch as f32 / settings.epochs as f32);
        for row in order.iter().filter_map(|&place| data.get(place)) {
            step(&mut trained, &mut squares, row, rate, settings.decay);
        }
    }
    trained
}

fn step(trained: &mut Trained, squares: &mut [f32], row: &Row, rate: f32, decay: f32) {
    let classes = trained.bias.len();
    let mut gradient = trained.bias.clone();
    for &(place, value) in &row.features {
        let Some(weights) = trained.weights.get(place * classes..(place + 1) * classes) else { continue };
        for (sum, weight) in gradient.iter_mut().zip(weights) {
            *sum += weight * value;
        }
    }
    softmax(&mut gradient);
    if let Some(right) = gradient.get_mut(row.category) {
        *right -= 1.0;
    }
    for (bias, g) in trained.bias.iter_mut().zip(&gradient) {
        *bias -= 0.01 * rate * g;
    }
    for &(place, value) in &row.features {
        let span = place * classes..(place + 1) * classes;
        let (Some(weights), Some(squares)) = (trained.weights.get_mut(span.clone()), squares.get_mut(span)) else {
            continue;
        };
        for ((weight, square), g) in weights.iter_mut().zip(squares).zip(&gradient) {
            let g = g * value + decay * *weight;
            *square += g * g;
            *weight -= rate * g / square.sqrt();
        }
    }
}

/// Turns log-odds into probabilities that sum to 1.
pub(crate) fn softmax(logits: &mut [f32]) {
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

fn number_features(read: &[Vec<Feature>], least: usize) -> HashMap<u32, usize> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for feature in read.iter().flatten() {
        *counts.entry(feature.hash).or_default() += 1;
    }
    let mut kept: Vec<u32> = counts.into_iter().filter(|(_, n)| *n >= least).map(|(hash, _)| hash).collect();
    kept.sort_unstable();
    kept.into_iter().enumerate().map(|(row, hash)| (hash, row)).collect()
}

fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        // the constants of Knuth's MMIX
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = usize::try_from(*state >> 33).unwrap_or(0) % (last + 1);
        order.swap(last, pick);
    }
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
