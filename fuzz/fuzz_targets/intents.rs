//! Any bytes as lines of offers, needs and texts: read, or refused at a line and column that exist.
#![no_main]

use matching::Side;
use matching::lines::{Fault, read_intents, read_texts};

fn stands_in_the_file(fault: &Fault, bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!((1..=lines.max(1)).contains(&fault.line) && fault.column >= 1);
    let sentence = fault.sentence("f.jsonl", thai::Lang::Thai);
    assert!(sentence.contains(&fault.line.to_string()));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for side in [Side::Offer, Side::Need] {
        match read_intents(bytes, side, 0) {
            Ok(intents) => assert!(intents.iter().all(|named| named.intent.side == side)),
            Err(fault) => stands_in_the_file(&fault, bytes),
        }
    }
    if let Err(fault) = read_texts(bytes) {
        stands_in_the_file(&fault, bytes);
    }
});
