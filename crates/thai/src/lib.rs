//! Thai as people write it: normalising, segmenting, sort keys, Buddhist dates, names, phones, places.
//!
//! Everything that reads or shows Thai text in Saan goes through this crate, so that a word typed on a phone,
//! pasted from a sheet and searched a year later is one word.

pub mod dates;
pub mod names;
pub mod numbers;
pub mod phones;
pub mod places;
pub mod sorting;
pub mod spelling;
pub mod text;
pub mod words;

// the examples of the chapter are run as tests
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Chapter;

/// The two languages of every screen, message and report. Thai is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// ไทย
    #[default]
    Thai,
    /// English
    English,
}

impl Lang {
    /// The BCP 47 tag, as in `lang="th"`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Thai => "th",
            Self::English => "en",
        }
    }

    /// Reads a tag such as `th`, `th-TH` or `en_US.UTF-8`; anything else is `None`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.']).next()?;
        if primary.eq_ignore_ascii_case("th") {
            Some(Self::Thai)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }
}
