//! Words out of Thai and English text, for search, the board and matching.
//!
//! Thai writes no spaces between words. A dictionary cuts compounds into parts (ผู้|สูง|อายุ), which is good for being
//! found; a [`Lexicon`] joins what belongs together again (ผู้สูงอายุ, อสม., a place, a synonym of a category), which is
//! good for being understood. [`Lexicon::tokens`] gives both, so that น้ำ finds น้ำท่วม and น้ำท่วม ranks higher.
//!
//! *Invariant:* a token is equal to another only letter by letter after [`fold`](crate::text::fold): ข้าว is never
//! ข่าว, ป่า never ป้า. Cutting can be wrong (ตากลม), so it never decides alone whether two texts match.
//!
//! Source: ICU4X's dictionary segmentation (measured against others on hand-segmented texts, `tests/segmented.txt`);
//! the lexicon is our own.

use std::ops::Range;
use std::sync::Arc;

mod english;
mod lexicon;
mod segment;
mod stop;
mod terms;

pub use english::stem;
pub use lexicon::{Lexicon, LexiconBuilder};
pub use segment::{pieces, syllable_ends};
pub use stop::is_stop_word;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A word as the dictionary cuts it; English without its endings.
    Piece,
    /// Several pieces that make one term of the lexicon, in the lexicon's own spelling.
    Compound,
    /// A term that stands for a concept, such as a category's code.
    Concept(Arc<str>),
}

/// A word found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    /// How it is compared: folded, English stemmed, terms in the lexicon's spelling.
    pub text: String,
    /// Piece, compound or concept.
    pub kind: Kind,
    /// Bytes of the folded text it stands on.
    pub span: Range<usize>,
    /// A word too common to tell texts apart (และ, ครับ, the).
    pub stop: bool,
}
