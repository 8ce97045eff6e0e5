//! How many characters a second the whole analysis of a text takes on one thread.
//!
//! `cargo run --release -p thai --example speed [file]`: every line is normalised, folded, segmented, looked up in the
//! lexicon (own terms, places and 1,000 made-up synonyms) and given its sort key. Without a file, the sentences of
//! `tests/segmented.txt`. Prints characters a second for the whole and for each step.

use std::hint::black_box;
use std::time::Instant;
use thai::sorting::sort_key;
use thai::text::{fold, normalize};
use thai::words::{Lexicon, LexiconBuilder, pieces};

const SECONDS: f64 = 2.0;

fn main() -> std::io::Result<()> {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => include_str!("../tests/segmented.txt").replace('|', ""),
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let started = Instant::now();
    let lexicon = lexicon();
    println!("lexicon of {} terms built in {:.1} ms", lexicon.len(), started.elapsed().as_secs_f64() * 1e3);
    measure("normalize", &lines, |line| normalize(line).len());
    measure("fold", &lines, |line| fold(line).len());
    measure("segment", &lines, |line| pieces(line).count());
    measure("tokens (fold, segment, lexicon)", &lines, |line| lexicon.tokens(line).len());
    measure("sort key", &lines, |line| sort_key(line).len());
    measure("the whole", &lines, |line| {
        let kept = normalize(line);
        lexicon.tokens(&kept).len() + sort_key(&kept).len()
    });
    Ok(())
}

/// As large as in use: our own terms, the places, and as many synonyms as a taxonomy has.
fn lexicon() -> Lexicon {
    let parts = ["ซ่อม", "สอน", "แบ่ง", "ขน", "ดูแล", "ตรวจ", "ปลูก", "ทำ", "ยืม", "แปล"];
    let things = ["บ้าน", "ผัก", "ข้าว", "รถ", "น้ำ", "ดิน", "เด็ก", "ยา", "เสื้อ", "ภาษา"];
    let ways = ["ฟรี", "ด่วน", "ใหม่", "เก่า", "ร่วม", "ใหญ่", "เล็ก", "สวย", "ดี", "งาม"];
    let mut builder = LexiconBuilder::new().places();
    for part in parts {
        for thing in things {
            for way in ways {
                builder = builder.concept(&format!("{part}{thing}{way}"), &format!("{part}.{thing}"));
            }
        }
    }
    builder.build()
}

/// Seconds this thread has been computing, so that a busy machine does not count against us; by the clock elsewhere.
fn computing(started: Instant) -> f64 {
    let scheduled = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = scheduled.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| started.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

fn measure(step: &str, lines: &[&str], work: impl Fn(&str) -> usize) {
    let characters: usize = lines.iter().map(|line| line.chars().count()).sum();
    let clock = Instant::now();
    let started = computing(clock);
    let mut rounds = 0u32;
    while computing(clock) - started < SECONDS {
        for line in lines {
            black_box(work(black_box(line)));
        }
        rounds += 1;
    }
    let a_second = characters as f64 * f64::from(rounds) / (computing(clock) - started);
    println!("{step}: {:.2} million characters a second of computing", a_second / 1e6);
}
