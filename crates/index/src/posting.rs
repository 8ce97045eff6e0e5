//! One word in one document, in 32 bits: the document's slot, how often the word stands in the title and in the text.

/// Slot (26 bits), times in the title (2 bits), times in the text (4 bits). Sorted by slot, because the slot is high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting(u32);

/// Slots a posting can name.
pub const SLOTS: usize = 1 << 26;

impl Posting {
    /// Counts beyond what fits are taken as the most that fits: the tenth mention says no more than the ninth.
    pub fn new(slot: u32, title: usize, text: usize) -> Self {
        let title = u32::try_from(title.min(3)).unwrap_or(3);
        let text = u32::try_from(text.min(15)).unwrap_or(15);
        Self(slot << 6 | title << 4 | text)
    }

    pub const fn slot(self) -> u32 {
        self.0 >> 6
    }

    pub const fn title(self) -> u32 {
        self.0 >> 4 & 3
    }

    pub const fn text(self) -> u32 {
        self.0 & 15
    }

    /// The same counts in another slot.
    pub const fn moved(self, slot: u32) -> Self {
        Self(slot << 6 | self.0 & 63)
    }

    /// Of two words taken as one, the more frequent counts.
    pub fn merged(self, other: Self) -> Self {
        Self(self.slot() << 6 | self.title().max(other.title()) << 4 | self.text().max(other.text()))
    }
}

/// The lists of several words as the list of one.
pub fn union(lists: &[&[Posting]], slots: usize) -> Vec<Posting> {
    let total: usize = lists.iter().map(|list| list.len()).sum();
    // sorting many is slower than a table over all slots
    if total < slots / 8 {
        let mut all: Vec<Posting> = lists.iter().flat_map(|list| list.iter().copied()).collect();
        // the stable sort finds the lists, each in order already, and merges them
        all.sort();
        all.dedup_by(|next, kept| {
            let same = next.slot() == kept.slot();
            if same {
                *kept = kept.merged(*next);
            }
            same
        });
        return all;
    }
    let mut table: Vec<Option<Posting>> = vec![None; slots];
    for posting in lists.iter().flat_map(|list| list.iter()) {
        if let Some(place) = table.get_mut(posting.slot() as usize) {
            *place = Some(place.map_or(*posting, |known| known.merged(*posting)));
        }
    }
    table.into_iter().flatten().collect()
}

/// Moves on to the first posting at or behind a slot; the posting if it is that slot's.
pub fn seek(list: &[Posting], at: &mut usize, slot: u32) -> Option<Posting> {
    let mut step = 1;
    // double the step until it is too far, then halve: the next one is mostly near
    while list.get(*at + step).is_some_and(|posting| posting.slot() <= slot) {
        *at += step;
        step *= 2;
    }
    let end = (*at + step).min(list.len());
    let window = list.get(*at..end).unwrap_or_default();
    *at += window.partition_point(|posting| posting.slot() < slot);
    list.get(*at).copied().filter(|posting| posting.slot() == slot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(slots: &[u32]) -> Vec<Posting> {
        let mut list: Vec<Posting> = slots.iter().map(|slot| Posting::new(*slot, 1, 2)).collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    #[test]
    fn counts_saturate_and_survive() {
        let posting = Posting::new(67_108_863, 9, 99);
        assert_eq!((posting.slot(), posting.title(), posting.text()), (67_108_863, 3, 15));
        assert_eq!(posting.moved(4), Posting::new(4, 3, 15));
    }

    proptest! {
        #[test]
        fn seeking_finds_what_a_look_at_each_finds(
            slots in prop::collection::vec(0u32..200, 0..80),
            mut wanted in prop::collection::vec(0u32..220, 0..40),
        ) {
            wanted.sort_unstable();
            let list = list(&slots);
            let mut at = 0;
            for slot in wanted {
                prop_assert_eq!(seek(&list, &mut at, slot).is_some(), slots.contains(&slot));
            }
        }

        #[test]
        fn both_ways_to_unite_agree(
            one in prop::collection::vec(0u32..300, 0..60),
            other in prop::collection::vec(0u32..300, 0..60),
        ) {
            let (one, other) = (list(&one), list(&other));
            let sorted = union(&[&one, &other], 1 << 20);
            let table = union(&[&one, &other], 300);
            prop_assert_eq!(sorted, table);
        }
    }
}
