//! A text as the engine sees it: folded, cut into pieces (Thai words by dictionary, English words without their
//! endings), and hashed into the features of the category model.
//!
//! Pieces serve words shared by two texts; character n-grams forgive typing and cutting mistakes; neighbouring pieces
//! joined stand for compounds, which the dictionary cuts apart (น้ำ|ท่วม).

use thai::text::fold;
use thai::words;

/// A folded text with its pieces.
#[derive(Debug, Clone)]
pub struct Analyzed {
    text: String,
    /// byte ranges of the pieces in `text`
    pieces: Vec<(u32, u32)>,
}

/// Folds and cuts `text`.
#[must_use]
pub fn analyze(text: &str) -> Analyzed {
    let text = fold(text);
    let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let pieces = words::pieces(&text).map(|piece| (at(piece.start), at(piece.end))).collect();
    Analyzed { text, pieces }
}

impl Analyzed {
    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The pieces, English ones without their endings.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        self.whole_pieces().map(stem)
    }

    /// The pieces as they stand in the text.
    pub fn whole_pieces(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|&(start, end)| self.text.get(start as usize..end as usize))
    }
}

/// An English word without the commonest endings; other words unchanged.
pub(crate) fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    for ending in ["'s", "ing", "ies", "ers", "ed", "er", "es", "s", "e", "y"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 3
        {
            return if matches!(ending, "ing" | "ers" | "ed" | "er") { undoubled(rest) } else { rest };
        }
    }
    word
}

/// "runn" and "stopp" as they were before their ending; "fall" and "pass" as they are.
fn undoubled(word: &str) -> &str {
    let mut ends = word.bytes().rev();
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) if last == before && !b"lsz".contains(&last) && word.len() > 3 => {
            word.get(..word.len() - 1).unwrap_or(word)
        }
        _ => word,
    }
}

/// FNV-1a, folded to 32 bits: stable across machines and versions, since the model is trained on it.
#[must_use]
pub fn hash(kind: u8, bytes: &[u8]) -> u32 {
    let mut state = Fnv::of(kind);
    state.add(bytes);
    state.fold()
}

/// The same hash while it is made, so that what begins alike is hashed once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) fn of(kind: u8) -> Self {
        let mut state = Self(0xcbf2_9ce4_8422_2325);
        state.add(&[kind]);
        state
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn add_letter(&mut self, letter: char) {
        self.add(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// All 64 bits.
    pub(crate) const fn whole(self) -> u64 {
        self.0
    }

    pub(crate) fn fold(self) -> u32 {
        u32::try_from((self.0 ^ (self.0 >> 32)) & 0xffff_ffff).unwrap_or(0)
    }
}

/// Takes a key that is a hash already as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AsHashed(u64);

impl std::hash::Hasher for AsHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u16(&mut self, key: u16) {
        self.write_u64(u64::from(key));
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }

    fn write_u64(&mut self, key: u64) {
        // the table takes its place from the low bits and its mark from the high ones: both must differ
        self.0 = (self.0 ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

/// A map whose keys are hashes already.
pub(crate) type HashedMap<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<AsHashed>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_thai_and_english() {
        let analyzed = analyze("เเม่ล้ม 2 ครั้ง, needs Walking  frames");
        let pieces: Vec<&str> = analyzed.pieces().collect();
        assert_eq!(pieces, ["แม่", "ล้ม", "2", "ครั้ง", "need", "walk", "fram"]);
    }

    #[test]
    fn hashes_stay() {
        assert_eq!(hash(0, b""), hash(0, b""));
        assert_ne!(hash(0, b"a"), hash(1, b"a"));
        assert_eq!(hash(1, "น้ำ".as_bytes()), 3_173_450_034);
    }
}
