//! Builds an index of made-up documents and measures memory, building and asking:
//! `cargo run --release -p index --example million -- 1040000`.

use std::time::{Duration, Instant};

use index::{Document, Group, Index, Query, Seer};

/// A small generator of its own, so that every run has the same documents.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Word ranks after Zipf: the n-th word comes about 1/n as often as the first.
    fn word(&mut self, words: usize) -> usize {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "dice"
        )]
        let rank = ((words as f64).powf((self.next() % 1_000_000) as f64 / 1e6) - 1.0) as usize;
        rank.min(words - 1)
    }
}

fn resident_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Time this thread was on a processor, which does not grow while others are: the machine may be busy.
fn on_processor() -> Duration {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

fn main() -> Result<(), index::Full> {
    let wanted: i64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_040_000);
    let words: Vec<String> = (0..300_000).map(|n| format!("คำที่{n}")).collect();
    let before = resident_megabytes();
    let mut dice = Dice(7);
    let mut index = Index::default();
    let start = on_processor();
    for object in 0..wanted {
        let mut pick = |n: usize| (0..n).map(|_| dice.word(words.len())).collect::<Vec<_>>();
        let (title, text) = (pick(4), pick(16));
        let term = |ranks: &[usize]| {
            ranks.iter().filter_map(|r| words.get(*r)).map(String::as_str).collect::<Vec<_>>()
        };
        let network = object % 20 + 1;
        let area = format!("area:{}", object % 77);
        let owner = [object * 4, network * 4 + 1];
        let document = Document {
            object: object * 4,
            kind: ["person", "offer", "need"].get((object % 3) as usize).copied().unwrap_or("person"),
            network,
            actor: object * 4,
            keys: &[object * 4, object * 4 + 2, network * 4 + 1],
            owner_keys: if object % 3 == 0 { &[] } else { &owner },
            facets: &[&area],
            title: &term(&title),
            text: &term(&text),
            words: &[],
        };
        index.upsert(&document)?;
    }
    let built = on_processor() - start;
    index.settle();
    println!(
        "{} documents, {} terms: built in {built:.1?}, {} MB",
        index.len(),
        index.terms(),
        resident_megabytes() - before
    );
    for (name, ranks, beginning, held) in [
        ("the most frequent word, one network of twenty", vec![0], false, vec![9]),
        (
            "the most frequent word, all networks",
            vec![0],
            false,
            (1..=20).map(|n| n * 4 + 1).collect::<Vec<i64>>(),
        ),
        ("three words", vec![3, 40, 500], false, (1..=20).map(|n| n * 4 + 1).collect()),
        ("a rare word", vec![250_000], false, vec![9]),
        ("a beginning that every word has", vec![], true, vec![9]),
    ] {
        let mut must: Vec<Group> = ranks.iter().filter_map(|r| words.get(*r)).map(Group::of).collect();
        if beginning {
            must.push(Group::beginning("คำที่1"));
        }
        let query = Query { must, ..Query::default() };
        let before = on_processor();
        let mut took: Vec<_> = (0..200)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(index.search(&query, Seer::Keys(&held), 10));
                start.elapsed()
            })
            .collect();
        let mean = (on_processor() - before) / 200;
        took.sort();
        let found = index.search(&query, Seer::Keys(&held), 10);
        let wall = took.get(198).copied().unwrap_or_default();
        println!("{name}: {:?}, {mean:.2?} of processor time, p99 {wall:.2?} by the clock", found.count);
    }
    Ok(())
}
