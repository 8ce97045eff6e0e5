//! How much each feature weighs: a conditional logit (McFadden 1974) on the network's own past.
//!
//! The chance that an actor meets this one of all candidates is taken as proportional to exp(score); the weights are
//! those that make what happened most likely, drawn toward a first guess by a ridge. How strongly it draws, and
//! whether one measure alone foresees more than all together, is decided on a later part of the past than the one
//! the weights were fitted to.

#![expect(
    clippy::indexing_slicing,
    reason = "square matrices of a constant size, rows by their starts; hot path"
)]

use super::features::{Cause, FEATURES, NAMES, Row, speaks_against};
use super::trials::{Trials, dot};

/// Ridges tried: asked actors whose evidence weighs as much as the first guess.
const RIDGES: [f64; 6] = [1000.0, 300.0, 100.0, 30.0, 10.0, 3.0];
const FIRM: f64 = 300.0;
/// Fewer asked actors than this cannot choose between ways of scoring.
const ENOUGH: usize = 30;
/// So many are enough to choose without asking about older parts of the past too.
const PLENTY: usize = 400;
/// How much a fold counts beside the next newer one.
const OLDER_COUNTS: f64 = 0.7;

/// How well a way of scoring foresaw new ties.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Foresight {
    /// Share of asked actors with a tie they made among the first ten.
    pub hits10: f64,
    /// Mean of 1 / rank of the first tie they made.
    pub mrr: f64,
    /// What is compared: 1/rank and a smooth form of being among the first ten, equally.
    merit: f64,
}

/// What the backtest found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backtest {
    /// Actors asked about in the newest part of the past.
    pub asked: usize,
    /// All features weighed together, fitted to what came before that part.
    pub ensemble: Foresight,
    /// The best measure alone and its name.
    pub single: Option<(&'static str, Foresight)>,
    /// Whether the measure alone foresaw so much more that it is used in place of the ensemble.
    pub single_used: bool,
}

/// Weights of features, and the average features that a score is measured from.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    pub of: Row,
    pub mean: Row,
}

/// Weighs the features from folds of the past, the newest first; those of the causes named weigh nothing.
pub(super) fn weigh(mut folds: Vec<Trials>, prior: &Row, without: &[Cause]) -> (Weights, Backtest) {
    let mut scale = Scale::of(&folds);
    for (deviation, (_, cause)) in scale.deviation.iter_mut().zip(&NAMES) {
        if without.contains(cause) {
            *deviation = f32::INFINITY;
        }
    }
    for fold in &mut folds {
        fold.rows.iter_mut().for_each(|row| *row = scale.standard(row));
    }
    let parts = counted(&folds);
    let (draw, asked) = choose_draw(&folds, prior);
    let ensemble = draw.ranks;
    let mut backtest = Backtest { asked, ..Backtest::default() };
    let mut of = scale.raw(&fit(&parts, &draw.toward, draw.ridge, None));
    if asked >= ENOUGH {
        backtest.ensemble = Foresight::of_ranks(&ensemble);
        let feature = singles(&folds, asked).first().copied().unwrap_or(0);
        let single = ranks_alone(&folds, asked, feature);
        backtest.single = Some((NAMES[feature].0, Foresight::of_ranks(&single)));
        backtest.single_used = clearly_better(&single, &ensemble);
        if backtest.single_used {
            // the rest only orders those whom the measure holds alike
            of.iter_mut().for_each(|weight| *weight *= 1e-3);
            of[feature] += alone(feature)[feature] / scale.deviation[feature];
        }
    }
    (Weights { of, mean: scale.mean }, backtest)
}

/// Folds with how much each counts, the older less.
fn counted(folds: &[Trials]) -> Vec<(&Trials, f64)> {
    folds.iter().enumerate().map(|(age, fold)| (fold, OLDER_COUNTS.powi(age as i32))).collect()
}

/// What the weights are drawn toward, and how strongly.
struct Draw {
    toward: Row,
    ridge: f64,
    /// the ranks reached in the newest folds
    ranks: Vec<f64>,
}

/// How the weights are best drawn, and how many actors were asked for it.
///
/// Toward the first guess, or toward one of the measures that foresee best alone: strongly, that is the measure itself,
/// so that an ensemble begins with what is known to be good where the past is too short to weigh everything. Each fold
/// asked is foreseen from the folds older than it; more than the newest are asked where actors are few.
fn choose_draw(folds: &[Trials], prior: &Row) -> (Draw, usize) {
    let mut asked = 0;
    let mut newest = 0;
    while newest + 1 < folds.len() && asked < PLENTY {
        asked += folds[newest].asked();
        newest += 1;
    }
    if asked < ENOUGH {
        return (Draw { toward: *prior, ridge: FIRM, ranks: Vec::new() }, asked);
    }
    let mut best = drawn_toward(folds, newest, prior);
    for feature in singles(folds, asked).into_iter().take(ANCHORS) {
        let anchored = drawn_toward(folds, newest, &anchor(&counted(&folds[1..]), feature));
        if margin(&anchored.ranks, &best.ranks) > 0.5 {
            best = anchored;
        }
    }
    (best, asked)
}

/// So many measures are tried as what the weights are drawn toward.
const ANCHORS: usize = 2;

/// The ridge toward one guess that foresees best.
fn drawn_toward(folds: &[Trials], newest: usize, toward: &Row) -> Draw {
    let mut ranks = vec![Vec::new(); RIDGES.len()];
    for (age, fold) in folds.iter().enumerate().take(newest) {
        let earlier = counted(&folds[age + 1..]);
        let mut start = None;
        for (ridge, ranks) in RIDGES.into_iter().zip(&mut ranks) {
            let fitted = fit(&earlier, toward, ridge, start);
            let weights = fitted.map(|weight| weight as f32);
            ranks.extend((0..fold.asked()).map(|asked| rank(fold, asked, &weights)));
            start = Some(fitted);
        }
    }
    let mut best = 0;
    for at in 1..RIDGES.len() {
        if merit_of(&ranks[at]) > merit_of(&ranks[best]) {
            best = at;
        }
    }
    // of those about as good, the one nearest to the guess
    let chosen = (0..=best).find(|&at| margin(&ranks[best], &ranks[at]) < 0.5).unwrap_or(best);
    Draw { toward: *toward, ridge: RIDGES[chosen], ranks: std::mem::take(&mut ranks[chosen]) }
}

/// One measure alone with the weight that makes what happened most likely.
fn anchor(parts: &Parts<'_>, feature: usize) -> Row {
    let of = |weight: f32| alone(feature).map(|value| value * weight);
    let unlikely = |weight: &f32| {
        let weights = of(*weight).map(f64::from);
        objective(parts, &weights, &weights, 0.0)
    };
    let weights = [0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0];
    of(weights.into_iter().min_by(|a, b| unlikely(a).total_cmp(&unlikely(b))).unwrap_or(1.0))
}

fn merit_of(ranks: &[f64]) -> f64 {
    average(&ranks.iter().map(|&rank| merit(rank)).collect::<Vec<_>>())
}

/// The ranks that one measure alone reaches in the newest folds.
fn ranks_alone(folds: &[Trials], asked: usize, feature: usize) -> Vec<f64> {
    let weights = alone(feature);
    let each = folds.iter().flat_map(|fold| (0..fold.asked()).map(move |asked| (fold, asked)));
    each.take(asked).map(|(fold, asked)| rank(fold, asked, &weights)).collect()
}

/// The measures in the order of how well each foresees alone in the newest folds.
fn singles(folds: &[Trials], asked: usize) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> =
        (0..FEATURES).map(|feature| (merit_of(&ranks_alone(folds, asked, feature)), feature)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, feature)| feature).collect()
}

/// By how many standard errors of the paired difference the first is better.
fn margin(a: &[f64], b: &[f64]) -> f64 {
    let differences: Vec<f64> = a.iter().zip(b).map(|(&a, &b)| merit(a) - merit(b)).collect();
    let mean = average(&differences);
    let squares: Vec<f64> = differences.iter().map(|d| (d - mean).powi(2)).collect();
    let error = (average(&squares) / differences.len().max(1) as f64).sqrt();
    if error > 0.0 { mean / error } else { 0.0 }
}

/// Whether a measure alone is better beyond what choosing the best of so many explains.
fn clearly_better(single: &[f64], ensemble: &[f64]) -> bool {
    margin(single, ensemble) > 1.5
}

/// Brings features to an average of 0 and a spread of 1, and weights back.
struct Scale {
    mean: Row,
    deviation: Row,
}

impl Scale {
    fn of(folds: &[Trials]) -> Self {
        let many = folds.iter().map(|fold| fold.rows.len()).sum::<usize>().max(1) as f64;
        let rows = || folds.iter().flat_map(|fold| &fold.rows);
        if rows().next().is_none() {
            // no past to measure by: features stand as they are
            return Self { mean: [0.0; FEATURES], deviation: [1.0; FEATURES] };
        }
        let mut sums = [0.0_f64; FEATURES];
        for row in rows() {
            sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let mean = sums.map(|sum| (sum / many) as f32);
        let mut squares = [0.0_f64; FEATURES];
        for row in rows() {
            for (at, sum) in squares.iter_mut().enumerate() {
                *sum += f64::from(row[at] - mean[at]).powi(2);
            }
        }
        // a feature that never varies says nothing, and must not be blown up
        let deviation = |sum: f64| if sum / many > 1e-8 { (sum / many).sqrt() as f32 } else { f32::INFINITY };
        Self { mean, deviation: squares.map(deviation) }
    }

    fn raw(&self, fitted: &[f64; FEATURES]) -> Row {
        std::array::from_fn(|at| fitted[at] as f32 / self.deviation[at])
    }

    fn standard(&self, row: &Row) -> Row {
        std::array::from_fn(|at| (row[at] - self.mean[at]) / self.deviation[at])
    }
}

fn alone(feature: usize) -> Row {
    let mut weights = [0.0; FEATURES];
    weights[feature] = if speaks_against(feature) { -1.0 } else { 1.0 };
    weights
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The rank of the best of those met, candidates that stand for many counted as many.
fn rank(trials: &Trials, asked: usize, weights: &Row) -> f64 {
    let rows = trials.starts[asked]..trials.starts[asked + 1];
    let mut best = f32::NEG_INFINITY;
    for row in rows.clone() {
        if trials.met[row] {
            best = best.max(dot(&trials.rows[row], weights));
        }
    }
    let mut rank = 1.0;
    for row in rows {
        if trials.met[row] {
            continue;
        }
        let score = dot(&trials.rows[row], weights);
        let many = f64::from(trials.stands_for[row].exp());
        if score > best {
            rank += many;
        } else if score == best {
            rank += many / 2.0;
        }
    }
    rank
}

fn merit(rank: f64) -> f64 {
    1.0 / rank + 0.5 / (1.0 + (rank / 10.0).powi(2))
}

impl Foresight {
    /// Of the ranks, from 1, of the best of the ties that came.
    pub(super) fn of_ranks(ranks: &[f64]) -> Self {
        let hits: Vec<f64> = ranks.iter().map(|&rank| f64::from(u8::from(rank <= 10.0))).collect();
        let inverse: Vec<f64> = ranks.iter().map(|rank| 1.0 / rank).collect();
        let merits: Vec<f64> = ranks.iter().map(|&rank| merit(rank)).collect();
        Self { hits10: average(&hits), mrr: average(&inverse), merit: average(&merits) }
    }
}

/// Folds with how much each counts.
type Parts<'a> = [(&'a Trials, f64)];

/// Newton's method on the penalized likelihood, which has one maximum.
fn fit(parts: &Parts<'_>, prior: &Row, ridge: f64, start: Option<[f64; FEATURES]>) -> [f64; FEATURES] {
    let prior: [f64; FEATURES] = prior.map(f64::from);
    let mut weights = start.unwrap_or(prior);
    let mut last = objective(parts, &weights, &prior, ridge);
    for _ in 0..12 {
        let (gradient, curvature) = slopes(parts, &weights, &prior, ridge);
        let step = solve(curvature, gradient);
        let mut size = 1.0;
        let (mut moved, mut value) = (weights, last);
        while size > 1e-4 {
            moved = std::array::from_fn(|at| weights[at] - size * step[at]);
            value = objective(parts, &moved, &prior, ridge);
            if value <= last {
                break;
            }
            size /= 2.0;
        }
        if value > last {
            break;
        }
        let gained = last - value;
        (weights, last) = (moved, value);
        if gained < 1e-5 * (1.0 + last.abs()) {
            break;
        }
    }
    weights
}

/// The chances of an asked actor's candidates, and ln of their sum before it was made 1.
fn chances(trials: &Trials, asked: usize, weights: &Row, into: &mut Vec<f32>) -> f64 {
    into.clear();
    let range = trials.starts[asked]..trials.starts[asked + 1];
    into.extend(range.map(|row| dot(&trials.rows[row], weights) + trials.stands_for[row]));
    let most = into.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    into.iter_mut().for_each(|value| *value = (*value - most).exp());
    let sum: f64 = into.iter().map(|&value| f64::from(value)).sum();
    into.iter_mut().for_each(|value| *value = (f64::from(*value) / sum) as f32);
    sum.ln() + f64::from(most)
}

fn met_in(trials: &Trials, asked: usize) -> Vec<usize> {
    (trials.starts[asked]..trials.starts[asked + 1]).filter(|&row| trials.met[row]).collect()
}

fn objective(parts: &Parts<'_>, weights: &[f64; FEATURES], prior: &[f64; FEATURES], ridge: f64) -> f64 {
    let single = weights.map(|weight| weight as f32);
    let mut value = 0.0;
    let mut chance = Vec::new();
    for &(trials, counts) in parts {
        for asked in 0..trials.asked() {
            let sum = chances(trials, asked, &single, &mut chance);
            let met = met_in(trials, asked);
            let scores: Vec<f64> =
                met.iter().map(|&row| f64::from(dot(&trials.rows[row], &single))).collect();
            value += counts * (sum - average(&scores));
        }
    }
    let away: f64 = weights.iter().zip(prior).map(|(weight, prior)| (weight - prior).powi(2)).sum();
    value + ridge * away / 2.0
}

type Square = [[f64; FEATURES]; FEATURES];

/// The first and second derivatives of the objective; of the second the lower half.
fn slopes(
    parts: &Parts<'_>,
    weights: &[f64; FEATURES],
    prior: &[f64; FEATURES],
    ridge: f64,
) -> ([f64; FEATURES], Square) {
    let single = weights.map(|weight| weight as f32);
    let mut gradient: [f64; FEATURES] = std::array::from_fn(|at| ridge * (weights[at] - prior[at]));
    let mut curvature = [[0.0; FEATURES]; FEATURES];
    for (at, line) in curvature.iter_mut().enumerate() {
        line[at] = ridge;
    }
    let mut chance = Vec::new();
    for &(trials, counts) in parts {
        for asked in 0..trials.asked() {
            chances(trials, asked, &single, &mut chance);
            let (expected, bent) = moments(&trials.rows[trials.starts[asked]..], &chance);
            let met = met_in(trials, asked);
            for at in 0..FEATURES {
                let seen = met.iter().map(|&row| f64::from(trials.rows[row][at])).sum::<f64>();
                gradient[at] += counts * (f64::from(expected[at]) - seen / met.len().max(1) as f64);
                for to in 0..=at {
                    curvature[at][to] += counts * f64::from(bent[at][to] - expected[at] * expected[to]);
                }
            }
        }
    }
    (gradient, curvature)
}

/// The expected features and the expected products of each two, of the latter the lower half.
fn moments(rows: &[Row], chance: &[f32]) -> (Row, [Row; FEATURES]) {
    let mut expected = [0.0_f32; FEATURES];
    let mut products = [[0.0_f32; FEATURES]; FEATURES];
    for (row, &p) in rows.iter().zip(chance) {
        for (sum, value) in expected.iter_mut().zip(row) {
            *sum += p * value;
        }
        // what is all but impossible bends nothing
        if p < 1e-4 {
            continue;
        }
        for (at, line) in products.iter_mut().enumerate() {
            let factor = p * row[at];
            // whole lines, as they are added several at once
            for (sum, value) in line.iter_mut().zip(row) {
                *sum += factor * value;
            }
        }
    }
    (expected, products)
}

/// Solves a symmetric positive definite system whose lower half is given (Cholesky).
fn solve(mut matrix: Square, mut right: [f64; FEATURES]) -> [f64; FEATURES] {
    for i in 0..FEATURES {
        for j in 0..=i {
            let before: f64 = matrix[i].iter().zip(&matrix[j]).take(j).map(|(a, b)| a * b).sum();
            let sum = matrix[i][j] - before;
            matrix[i][j] = if i == j { sum.max(1e-9).sqrt() } else { sum / matrix[j][j] };
        }
    }
    for i in 0..FEATURES {
        for k in 0..i {
            right[i] -= matrix[i][k] * right[k];
        }
        right[i] /= matrix[i][i];
    }
    for i in (0..FEATURES).rev() {
        let below: f64 = (i + 1..FEATURES).map(|k| matrix[k][i] * right[k]).sum();
        right[i] -= below;
        right[i] /= matrix[i][i];
    }
    right
}
