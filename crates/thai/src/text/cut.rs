//! Cutting text for a list or a card: at a whole word, never between a letter and its marks.

use icu_segmenter::{GraphemeClusterSegmenter, WordSegmenter, options::WordBreakInvariantOptions};
use std::borrow::Cow;

/// What stands for the part that was cut off.
pub const ELLIPSIS: char = '…';

/// How many letters a reader counts: grapheme clusters (UAX #29), so น้ำ is one.
#[must_use]
pub fn graphemes(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    // the segmenter names every boundary, the start included
    GraphemeClusterSegmenter::new().segment_str(text).count().saturating_sub(1)
}

/// At most `max` letters ([`graphemes`]), the ellipsis included, ending after a whole word where one fits.
///
/// A single word longer than the room is cut between two letters. `max` 0 gives the empty text.
///
/// ```
/// assert_eq!(thai::text::truncate("น้ำท่วมบ้านยาย", 7), "น้ำท่วม…");
/// ```
#[must_use]
pub fn truncate(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    // one boundary more than fits tells whether anything must go
    let bounds: Vec<usize> = GraphemeClusterSegmenter::new().segment_str(text).take(max + 2).collect();
    if bounds.len() <= max + 1 {
        return Cow::Borrowed(text);
    }
    let Some(room) = max.checked_sub(1).and_then(|last| bounds.get(last).copied()) else {
        return Cow::Borrowed("");
    };
    // no more is segmented than may be shown, but for the word that the cut may fall into
    let end = GraphemeClusterSegmenter::new().segment_str(text).take(max + 32).last().unwrap_or(text.len());
    let start = text.get(..end).unwrap_or(text);
    let word_end = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default())
        .segment_str(start)
        .take_while(|&end| end <= room)
        .filter(|end| bounds.binary_search(end).is_ok())
        .last()
        .unwrap_or(0);
    let kept = text.get(..word_end).map_or("", str::trim_end);
    let kept = if kept.is_empty() { text.get(..room).map_or("", str::trim_end) } else { kept };
    let mut out = String::with_capacity(kept.len() + ELLIPSIS.len_utf8());
    out.push_str(kept);
    out.push(ELLIPSIS);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_counted_as_readers_count_them() {
        for (text, count) in [("", 0), ("น้ำ", 1), ("ที่นี่", 2), ("เกื้อกูล", 5), ("abc", 3), ("👩‍🌾", 1)]
        {
            assert_eq!(graphemes(text), count, "{text}");
        }
    }

    #[test]
    fn cut_after_a_word() {
        assert_eq!(truncate("น้ำท่วม", 20), "น้ำท่วม");
        assert_eq!(truncate("home visit for the bedridden", 12), "home visit…");
        assert_eq!(truncate("ก", 0), "");
        assert_eq!(truncate("กข", 1), "…");
        assert_eq!(truncate("aaaaaaaaaa", 4), "aaa…");
    }

    proptest! {
        #[test]
        fn never_longer_and_never_torn(text in super::super::tests::scrambled(), max in 0usize..12) {
            let cut = truncate(&text, max);
            prop_assert!(graphemes(&cut) <= max.max(graphemes(&text).min(max)));
            if let Some(kept) = cut.strip_suffix(ELLIPSIS).filter(|_| *cut != *text) {
                let bounds: Vec<usize> = GraphemeClusterSegmenter::new().segment_str(&text).collect();
                prop_assert!(text.starts_with(kept));
                // the white space trimmed off may end inside the last kept cluster only if it is all space
                let end = bounds.iter().copied().find(|&b| b >= kept.len()).unwrap_or(0);
                let lost = text.get(kept.len()..end).unwrap_or("torn");
                prop_assert!(lost.trim().is_empty(), "{:?} of {:?}", cut, text);
            }
        }
    }
}
