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
            return rest;
        }
    }
    word
}

/// FNV-1a, folded to 32 bits: stable across machines and versions, since the model is trained on it.
#[must_use]
pub fn hash(kind: u8, bytes: &[u8]) -> u32 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for &byte in std::iter::once(&kind).chain(bytes) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    u32::try_from((state ^ (state >> 32)) & 0xffff_ffff).unwrap_or(0)
}

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
