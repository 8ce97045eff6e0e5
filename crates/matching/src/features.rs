//! The features of the category model: pieces, neighbouring pieces joined, and character n-grams, as stable hashes.
//!
//! Thai is cut by a dictionary that fails on new words and on typing mistakes, and people write both languages into
//! one sentence; n-grams of two to four characters read through that. Words of either script that stand beside each
//! other are joined as well, since much of Thai is compounds (ราว|จับ, น้ำ|ท่วม). Things of daily life named in either
//! language are one feature ([`crate::concepts`]), so that what is learned from Thai helps to read English.

use crate::concepts::{Concept, Concepts};
use crate::text::{Analyzed, Fnv, hash};

const PIECE: u8 = 1;
const JOINED: u8 = 2;
const GRAM: u8 = 3;
const THING: u8 = 4;

/// Words and things have at least this value, parts of words and neighbors joined less.
pub const WHOLE: f32 = 1.0;

/// One hashed feature with its weight in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Stable hash of kind and content
    pub hash: u32,
    /// How much its kind counts, before how rare it is
    pub value: f32,
}

/// The features of a text, sorted by hash, each once (none for a text without letters).
#[must_use]
pub fn features(text: &Analyzed) -> Vec<Feature> {
    let mut out = Vec::with_capacity(256);
    let pieces: Vec<&str> =
        text.pieces().filter(|piece| !piece.bytes().all(|b| b.is_ascii_digit())).collect();
    for piece in &pieces {
        // an English piece is a whole word with more n-grams around it than a Thai one
        let value = if piece.is_ascii() { 1.3 } else { 1.0 };
        out.push(Feature { hash: hash(PIECE, piece.as_bytes()), value });
    }
    for (a, b) in pieces.iter().zip(pieces.iter().skip(1)) {
        let mut state = Fnv::of(JOINED);
        state.add(a.as_bytes());
        state.add(b"|");
        state.add(b.as_bytes());
        out.push(Feature { hash: state.fold(), value: 0.7 });
    }
    grams(text.text(), &mut out);
    for concept in Concepts::built_in().find(text) {
        if let Concept::Thing(line) = concept {
            out.push(Feature { hash: hash(THING, &line.to_le_bytes()), value: 1.0 });
        }
    }
    out.sort_unstable_by_key(|feature| feature.hash);
    // a feature counts once however often it stands there: a short text repeats by accident
    out.dedup_by(|later, first| later.hash == first.hash);
    out
}

/// Character n-grams of each run of letters: 2 to 4 in Thai, 3 to 4 with the word's ends elsewhere.
fn grams(text: &str, out: &mut Vec<Feature>) {
    let mut run: Vec<char> = Vec::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        let letter = is_thai(c) || c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic());
        let same_script = run.last().is_none_or(|&last| is_thai(last) == is_thai(c));
        if letter && same_script {
            run.push(c);
            continue;
        }
        grams_of(&run, out);
        run.clear();
        if letter {
            run.push(c);
        }
    }
}

fn grams_of(run: &[char], out: &mut Vec<Feature>) {
    if run.first().is_some_and(|&c| is_thai(c)) {
        push_grams(run, 2, 4, out);
        return;
    }
    let ended: Vec<char> =
        std::iter::once('^').chain(run.iter().copied()).chain(std::iter::once('$')).collect();
    push_grams(&ended, 3, 5, out);
}

/// All n-grams of `least` to `most` letters. Those that begin at one letter share their beginning, and the hash goes on
/// where it stood.
fn push_grams(letters: &[char], least: usize, most: usize, out: &mut Vec<Feature>) {
    for start in 0..letters.len() {
        let mut state = Fnv::of(GRAM);
        for (n, letter) in (1..=most).zip(letters.iter().skip(start)) {
            state.add_letter(*letter);
            if n >= least {
                out.push(Feature { hash: state.fold(), value: 0.5 });
            }
        }
    }
}

fn is_thai(c: char) -> bool {
    ('\u{0e01}'..='\u{0e4e}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyze;

    #[test]
    fn grams_are_hashed_as_the_words_they_are() {
        let found = features(&analyze("น้ำท่วม rice"));
        let has = |kind, text: &str| found.iter().any(|f| f.hash == hash(kind, text.as_bytes()));
        for gram in ["น้", "น้ำ", "้ำท่", "^ric", "ice$", "^rice", "rice$"] {
            assert!(has(GRAM, gram), "{gram}");
        }
        assert!(!has(GRAM, "^r") && !has(GRAM, "^rice$") && !has(GRAM, "น้ำท่"));
        assert!(has(JOINED, "น้ำ|ท่วม") && has(PIECE, "ท่วม"));
    }
}
