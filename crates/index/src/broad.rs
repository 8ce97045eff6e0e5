//! A word that a large share of all documents has: its best are found once and kept, for whoever asks next, until a
//! document with the word comes; that there are more than anybody counts is seen from the first thousand.
//!
//! Nothing is answered that reading everything would not answer: where too few of the best may be shown to the one who
//! asks, or fewer than a thousand of all, everything is read after all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::index::Index;
use crate::posting::{Posting, seek};
use crate::scan::{Count, Group, Hit, Hits, MOST_COUNTED, Query, Seer};

/// A list from this length on is a broad word's.
const BROAD: usize = 20_000;
/// So many of the best are kept: the ten that are shown, for those who may not see each of them.
const KEPT: usize = 256;
/// So many words' best are kept; then all are forgotten.
const WORDS: usize = 64;

/// The best documents of broad words.
#[derive(Debug, Default)]
pub(crate) struct Champions {
    known: Mutex<HashMap<String, Kept>>,
}

#[derive(Debug)]
struct Kept {
    group: Group,
    best: Arc<Vec<Hit>>,
}

impl Champions {
    /// Forgets those of words that stand in a new document.
    pub fn came<'a>(&mut self, terms: impl Iterator<Item = &'a str> + Clone) {
        let known = self.known.get_mut().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, kept| !terms.clone().any(|term| kept.group.holds(term)));
    }

    fn find(&self, name: &str) -> Option<Arc<Vec<Hit>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).map(|kept| Arc::clone(&kept.best))
    }

    fn keep(&self, name: String, group: Group, best: &Arc<Vec<Hit>>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= WORDS {
            known.clear();
        }
        known.insert(name, Kept { group, best: Arc::clone(best) });
    }
}

impl Group {
    fn holds(&self, term: &str) -> bool {
        self.any.iter().any(|any| any == term) || self.beginning.iter().any(|start| term.starts_with(start))
    }
}

/// A document must stand in one of these lists.
struct Filter<'a>(Vec<(&'a [Posting], usize)>);

impl Filter<'_> {
    fn holds(&mut self, slot: u32) -> bool {
        self.0.iter_mut().any(|(list, at)| seek(list, at, slot).is_some())
    }

    /// The same for slots in any order.
    fn has(&self, slot: u32) -> bool {
        self.0.iter().any(|(list, _)| list.binary_search_by_key(&slot, |posting| posting.slot()).is_ok())
    }
}

impl Index {
    /// The answer for one broad word, if that is what is asked and the kept ones suffice.
    pub(crate) fn broadly(&self, query: &Query, seer: Seer<'_>, most: usize) -> Option<Hits> {
        let [group] = query.must.as_slice() else { return None };
        let longest = group.any.iter().map(|term| self.list(term)).max_by_key(|list| list.len())?;
        if longest.len() < BROAD {
            return None;
        }
        let mut filters: Vec<Filter<'_>> = Self::filter_groups(query)
            .iter()
            .map(|group| Filter(group.any.iter().map(|term| (self.list(term), 0)).collect()))
            .collect();
        // a document may have lost the word since it was among the best
        let mut with = vec![];
        with.extend(group.any.iter().map(|term| (self.list(term), 0)));
        with.extend(
            group.beginning.iter().flat_map(|start| self.lists_beginning(start)).map(|list| (list, 0)),
        );
        let with = Filter(with);
        let shown = |hit: &&Hit| {
            let Some((slot, stored)) = self.place(hit.object) else { return false };
            with.has(slot)
                && !query.except.contains(&hit.object)
                && filters.iter().all(|filter| filter.has(slot))
                && seer.sees(self.keys_of(stored))
        };
        let hits: Vec<Hit> =
            self.best_of(group, query).iter().filter(shown).take(most.max(1)).cloned().collect();
        if hits.len() < most.max(1) {
            return None;
        }
        let counted = longest.iter().map(|posting| posting.slot()).filter(|slot| {
            let Some(stored) = self.stored(*slot) else { return false };
            filters.iter_mut().all(|filter| filter.holds(*slot))
                && !query.except.contains(&stored.object)
                && seer.sees(self.keys_of(stored))
        });
        (counted.take(MOST_COUNTED + 1).count() > MOST_COUNTED).then_some(Hits { hits, count: Count::More })
    }

    /// The best of all, whoever may see them.
    fn best_of(&self, group: &Group, query: &Query) -> Arc<Vec<Hit>> {
        let name = [group.any.join("\t"), group.beginning.join("\t"), query.should.join("\t")].join("\n");
        if let Some(known) = self.champions().find(&name) {
            return known;
        }
        let all = Query { must: vec![group.clone()], should: query.should.clone(), ..Query::default() };
        let best = Arc::new(self.scan(&all, Seer::All, KEPT).hits);
        self.champions().keep(name, group.clone(), &best);
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Document;

    fn put(index: &mut Index, object: i64, word: &str) {
        // titles and texts of several lengths, visible to holders of one key or another
        let more = ["ผัก", "ปลา", "ไข่", "นม"];
        let long = usize::try_from(object * 7 % 5).unwrap_or(0).min(more.len());
        let twice = if object % 997 == 0 { vec![word, word] } else { vec![word] };
        let key = [object % 3];
        let document = Document {
            object,
            kind: if object % 2 == 0 { "person" } else { "offer" },
            network: 1,
            keys: &key,
            title: &twice,
            text: more.get(..long).unwrap_or_default(),
            ..Document::default()
        };
        assert!(index.upsert(&document).is_ok());
    }

    fn same(index: &Index, query: &Query, held: &[i64]) {
        let seer = Seer::Keys(held);
        let (quick, whole) = (index.search(query, seer, 10), index.scan(query, seer, 10));
        assert_eq!(quick.count, whole.count);
        let objects = |hits: &Hits| hits.hits.iter().map(|hit| hit.object).collect::<Vec<_>>();
        assert_eq!(objects(&quick), objects(&whole));
    }

    #[test]
    fn the_kept_answer_to_a_broad_word_is_that_of_reading_everything() {
        let mut index = Index::default();
        for object in 1..=30_000 {
            put(&mut index, object, "ตลาด");
        }
        let query = |must: Group| Query { must: vec![must], network: Some(1), ..Query::default() };
        let whole =
            query(Group { any: vec!["ตลาด".to_owned()], beginning: vec!["ตลาด".to_owned()] });
        let of_kind = Query { kinds: vec!["person".to_owned()], ..query(Group::of("ตลาด")) };
        for held in [&[0][..], &[1], &[0, 1, 2], &[9]] {
            same(&index, &whole, held);
            same(&index, &of_kind, held);
        }
        assert!(index.broadly(&whole, Seer::Keys(&[1]), 10).is_some(), "the short way was taken");
        // the best one is taken out, the next loses the word, a better one comes
        let best: Vec<i64> = index.search(&whole, Seer::All, 3).hits.iter().map(|hit| hit.object).collect();
        if let [first, second, _] = best.as_slice() {
            index.remove(*first);
            put(&mut index, *second, "ถนน");
        }
        same(&index, &whole, &[0, 1, 2]);
        put(&mut index, 997 * 40, "ตลาด");
        same(&index, &whole, &[0, 1, 2]);
        let newest = index.search(&whole, Seer::All, 1);
        assert_eq!(newest.hits.first().map(|hit| hit.object), Some(997 * 40), "what just came is found");
        index.settle();
        same(&index, &whole, &[0, 1, 2]);
    }
}
