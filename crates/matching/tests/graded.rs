//! A second set of offers and needs with graded answers, ours, written before the engine had read it: 72 of each, half of
//! the needs in English, most with their answer in the other language. Nothing is tuned to it, but several English
//! needs resemble sentences of batch d, so it guards against loss and proves no gain; the limits below lie well
//! under what is measured (`cargo xtask bench match --graded crates/matching/data/judged.jsonl`).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose premise fails has failed")]

use std::collections::HashMap;

use matching::lines::{Named, read_intents, read_texts};
use matching::{Categorizer, Pool, Side, Situation};
use proptest::prelude::*;
use thai::Lang;

const FILE: &str = include_str!("../data/judged.jsonl");

struct Labels {
    category: String,
    relevant: HashMap<String, i32>,
}

fn labels() -> HashMap<String, Labels> {
    let read = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let relevant = value["relevant"].as_object().into_iter().flatten();
        let relevant = relevant.map(|(id, grade)| (id.clone(), grade.as_i64().unwrap() as i32)).collect();
        let category = value["gold_category"].as_str().unwrap().to_owned();
        (value["id"].as_str().unwrap().to_owned(), Labels { category, relevant })
    };
    FILE.lines().map(read).collect()
}

fn sides() -> (Vec<Named>, Vec<Named>) {
    let offers = read_intents(FILE.as_bytes(), Side::Offer, 0).unwrap();
    let needs = read_intents(FILE.as_bytes(), Side::Need, offers.len() as u64).unwrap();
    (offers, needs)
}

fn gain(grade: i32, place: usize) -> f64 {
    (f64::from(grade).exp2() - 1.0) / (place as f64 + 2.0).log2()
}

#[test]
fn needs_find_their_offers_without_taps() {
    let (labels, (offers, needs)) = (labels(), sides());
    let pool = Pool::build(offers.iter().map(|named| named.intent.clone()));
    let (mut sum, mut n) = (0.0, 0.0);
    for need in &needs {
        let relevant = &labels[&need.id].relevant;
        let fit = pool.offers_for(&need.intent, 5, &Situation::default()).fit;
        if relevant.is_empty() {
            assert_eq!(fit, [], "{}", need.id);
            continue;
        }
        let grade = |place: usize| relevant.get(&offers[fit[place].key.0 as usize].id).copied().unwrap_or(0);
        let reached: f64 = (0..fit.len()).map(|place| gain(grade(place), place)).sum();
        let mut grades: Vec<i32> = relevant.values().copied().collect();
        grades.sort_unstable_by(|a, b| b.cmp(a));
        sum += reached / grades.iter().enumerate().map(|(place, grade)| gain(*grade, place)).sum::<f64>();
        n += 1.0;
    }
    assert!(sum / n >= 0.75, "{}", sum / n);
}

#[test]
fn the_right_category_is_among_the_first_three_in_both_languages() {
    let (labels, (_, needs)) = (labels(), sides());
    for lang in [Lang::Thai, Lang::English] {
        let of: Vec<&Named> = needs.iter().filter(|need| need.intent.lang == lang).collect();
        let right = of.iter().filter(|need| {
            let guesses = Categorizer::built_in().categorize(&need.intent.text);
            guesses.iter().take(3).any(|guess| guess.code() == labels[&need.id].category)
        });
        let share = right.count() as f64 / of.len() as f64;
        assert!(share >= 0.75, "{lang:?}: {share}");
    }
}

proptest! {
    /// A file damaged anywhere is read or refused at a line and column that exist, in both languages.
    #[test]
    fn a_damaged_file_is_read_or_refused_where_it_is_damaged(at in 0_usize..40_000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = FILE.as_bytes().to_vec();
        let at = at % bytes.len();
        if cut { bytes.truncate(at); } else { bytes[at] = byte; }
        let lines = bytes.split(|b| *b == b'\n').count();
        let faults = [read_intents(&bytes, Side::Offer, 0).err(), read_intents(&bytes, Side::Need, 0).err(), read_texts(&bytes).err()];
        for fault in faults.into_iter().flatten() {
            prop_assert!(fault.line >= 1 && fault.line <= lines && fault.column >= 1);
            let longest = bytes.split(|b| *b == b'\n').nth(fault.line - 1).unwrap().len();
            prop_assert!(fault.column <= longest + 2, "{fault:?}");
            let (line, column) = (fault.line, fault.column);
            let english = fault.sentence("f.jsonl", Lang::English).contains(&format!("line {line}, column {column}"));
            let thai = fault.sentence("f.jsonl", Lang::Thai).contains(&format!("บรรทัด {line} คอลัมน์ {column}"));
            prop_assert!(english && thai);
        }
    }
}
