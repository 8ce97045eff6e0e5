//! The dictionary's cuts against our own hand-segmented sentences (`segmented.txt`).

use std::collections::BTreeSet;
use thai::text::fold;
use thai::words::pieces;

/// Byte places inside a text where a word ends, spaces left out of account.
fn inner_ends(words: &[String]) -> BTreeSet<usize> {
    let mut at = 0;
    let mut ends = BTreeSet::new();
    for word in words.iter().filter(|word| !word.trim().is_empty()) {
        at += word.len();
        ends.insert(at);
    }
    ends.remove(&at);
    ends
}

#[test]
fn cuts_agree_with_a_person() {
    let (mut right, mut cut, mut wanted) = (0, 0, 0);
    for line in include_str!("segmented.txt").lines().filter(|line| !line.starts_with('#')) {
        let by_hand: Vec<String> = line.split('|').map(fold).collect();
        let folded = fold(&line.replace('|', ""));
        let by_dictionary: Vec<String> =
            pieces(&folded).map(|span| folded.get(span).unwrap().to_owned()).collect();
        assert_eq!(by_hand.concat(), by_dictionary.concat(), "no letter is lost");
        let (hand, dictionary) = (inner_ends(&by_hand), inner_ends(&by_dictionary));
        right += hand.intersection(&dictionary).count();
        cut += dictionary.len();
        wanted += hand.len();
    }
    let (precision, recall) = (f64::from(right as u32) / cut as f64, right as f64 / wanted as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("boundaries: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
    assert!(f1 > 0.90, "precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
}
