//! The scan: the shortest list leads, the others follow, and who asks is asked at every document that could be shown.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::index::{Index, Stored, facet_term, kind_facet, network_facet};
use crate::posting::{Posting, seek, union};

/// Nobody reads further; counting stops here.
pub const MOST_COUNTED: usize = 1000;

/// How much a word in the title says against one in the text.
const TITLE: f32 = 3.0;
/// How soon a repeated word says nothing more (BM25 k₁).
const SATURATION: f32 = 1.2;
/// How much a long document is held back (BM25 b).
const LENGTH: f32 = 0.5;

/// Whose eyes.
#[derive(Debug, Clone, Copy)]
pub enum Seer<'a> {
    /// The program itself.
    All,
    /// Somebody who holds these keys, sorted.
    Keys(&'a [i64]),
}

impl Seer<'_> {
    pub(crate) fn sees(self, (own, owner): (&[i64], &[i64])) -> bool {
        let Self::Keys(held) = self else { return true };
        let holds = |keys: &[i64]| keys.iter().any(|key| held.binary_search(key).is_ok());
        holds(own) && (owner.is_empty() || holds(owner))
    }
}

/// Terms that count as one: a word and its other spellings, or a beginning and the words that begin so.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub any: Vec<String>,
    /// Also every term that begins with one of these.
    pub beginning: Vec<String>,
}

impl Group {
    /// One term.
    #[must_use]
    pub fn of(term: impl Into<String>) -> Self {
        Self { any: vec![term.into()], beginning: Vec::new() }
    }

    /// The terms that begin so.
    #[must_use]
    pub fn beginning(start: impl Into<String>) -> Self {
        Self { any: Vec::new(), beginning: vec![start.into()] }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Every group must be found …
    pub must: Vec<Group>,
    /// … or so many of them.
    pub at_least: Option<usize>,
    /// Terms that only raise the score.
    pub should: Vec<String>,
    /// Exact words a document must have, each.
    pub facets: Vec<String>,
    /// Facets of which a document must have one; empty: no such condition.
    pub any_facet: Vec<String>,
    pub kinds: Vec<String>,
    pub network: Option<i64>,
    /// Objects that are not wanted again.
    pub except: Vec<i64>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub object: i64,
    pub kind: String,
    pub actor: i64,
    /// Above 0; comparable within one answer.
    pub score: f32,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(usize),
    /// More than [`MOST_COUNTED`].
    More,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// Best first; of equals the newer (the larger id) first.
    pub hits: Vec<Hit>,
    pub count: Count,
}

/// A list with what a word in it is worth.
struct Weighed<'a> {
    list: Cow<'a, [Posting]>,
    at: usize,
    idf: f32,
}

impl Weighed<'_> {
    fn score(&self, posting: Posting, stretch: f32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "at most 24")]
        let times = posting.title() as f32 * TITLE + posting.text() as f32;
        self.idf * times * (SATURATION + 1.0) / (times + SATURATION * stretch)
    }
}

#[derive(PartialEq)]
struct Ranked {
    score: f32,
    object: i64,
    slot: u32,
}
impl Eq for Ranked {}
impl Ord for Ranked {
    // the worst on top, so that the heap gives up the worst first
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(other.object.cmp(&self.object))
    }
}
impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best so far, and how many there were.
struct Best {
    heap: BinaryHeap<Ranked>,
    most: usize,
    seen: usize,
}

impl Best {
    /// Whether a document with this score would change anything.
    fn wants(&self, score: f32, object: i64) -> bool {
        self.seen <= MOST_COUNTED
            || self.heap.len() < self.most
            || self.heap.peek().is_some_and(|worst| (score, object) > (worst.score, worst.object))
    }

    fn take(&mut self, ranked: Ranked) {
        self.seen += 1;
        self.heap.push(ranked);
        if self.heap.len() > self.most {
            self.heap.pop();
        }
    }
}

impl Index {
    /// What this seer may see of what matches, best first, at most `most`.
    #[must_use]
    pub fn search(&self, query: &Query, seer: Seer<'_>, most: usize) -> Hits {
        self.broadly(query, seer, most).unwrap_or_else(|| self.scan(query, seer, most))
    }

    /// Reads all that could match.
    pub(crate) fn scan(&self, query: &Query, seer: Seer<'_>, most: usize) -> Hits {
        let mut must: Vec<Weighed<'_>> = query.must.iter().map(|group| self.weigh(group)).collect();
        let at_least = query.at_least.unwrap_or(must.len()).clamp(usize::from(!must.is_empty()), must.len());
        let mut should: Vec<Weighed<'_>> =
            query.should.iter().map(|term| self.weighed(Cow::Borrowed(self.list(term)))).collect();
        let mut filters = self.filters(query);
        must.sort_by_key(|group| group.list.len());
        let lead = if at_least == must.len() {
            let shortest = must.iter().chain(&filters).min_by_key(|w| w.list.len());
            shortest.map(|w| w.list.clone()).unwrap_or_default()
        } else {
            Cow::Owned(self.matching(&must, at_least))
        };
        let mut best = Best { heap: BinaryHeap::new(), most: most.max(1), seen: 0 };
        let average = self.average_length();
        let mut met = Vec::with_capacity(must.len());
        for posting in lead.iter() {
            let slot = posting.slot();
            // the lists are read in their order; a document lies anywhere in memory, so it comes last
            if !meets(slot, at_least, &mut must, &mut filters, &mut met) {
                continue;
            }
            let Some(stored) = self.stored(slot) else { continue };
            let score = score(slot, stored, average, &met, &must, &mut should);
            if best.wants(score, stored.object)
                && !query.except.contains(&stored.object)
                && seer.sees(self.keys_of(stored))
            {
                best.take(Ranked { score, object: stored.object, slot });
            }
        }
        self.answer(best, most)
    }

    fn answer(&self, best: Best, most: usize) -> Hits {
        let count = if best.seen > MOST_COUNTED { Count::More } else { Count::Exactly(best.seen) };
        let mut ranked = best.heap.into_sorted_vec();
        ranked.truncate(most);
        let hits = ranked.into_iter().filter_map(|one| {
            let stored = self.stored(one.slot)?;
            Some(Hit {
                object: stored.object,
                kind: self.kind_of(stored).to_owned(),
                actor: stored.actor,
                score: one.score,
            })
        });
        Hits { hits: hits.collect(), count }
    }

    /// Whether this seer may see any document with the term.
    pub(crate) fn anybody_sees(&self, term: &str, seer: Seer<'_>) -> bool {
        let mut documents = self.list(term).iter().filter_map(|posting| self.stored(posting.slot()));
        documents.any(|stored| seer.sees(self.keys_of(stored)))
    }

    fn weigh(&self, group: &Group) -> Weighed<'_> {
        let mut lists: Vec<&[Posting]> = group.any.iter().map(|term| self.list(term)).collect();
        for start in &group.beginning {
            // the word itself begins so, too
            let more = self
                .lists_beginning(start)
                .into_iter()
                .filter(|list| !lists.iter().any(|one| std::ptr::eq(*one, *list)));
            let more: Vec<&[Posting]> = more.collect();
            lists.extend(more);
        }
        lists.retain(|list| !list.is_empty());
        match lists.as_slice() {
            [] => self.weighed(Cow::Borrowed(&[])),
            [one] => self.weighed(Cow::Borrowed(one)),
            several => self.weighed(Cow::Owned(union(several, self.slots_in_use()))),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a weight needs no last digit")]
    fn weighed<'a>(&self, list: Cow<'a, [Posting]>) -> Weighed<'a> {
        let (all, with) = (self.len().max(list.len()) as f32, list.len() as f32);
        let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        Weighed { list, at: 0, idf }
    }

    fn filters(&self, query: &Query) -> Vec<Weighed<'_>> {
        Self::filter_groups(query).iter().map(|group| self.weigh(group)).collect()
    }

    /// What a document must have besides the words.
    pub(crate) fn filter_groups(query: &Query) -> Vec<Group> {
        let one = |term: String| Group { any: vec![term], beginning: Vec::new() };
        let mut groups: Vec<Group> = query.facets.iter().map(|facet| one(facet_term(facet))).collect();
        groups.extend(query.network.map(|network| one(network_facet(network))));
        for several in [
            query.kinds.iter().map(|kind| kind_facet(kind)).collect::<Vec<_>>(),
            query.any_facet.iter().map(|facet| facet_term(facet)).collect(),
        ] {
            if !several.is_empty() {
                groups.push(Group { any: several, beginning: Vec::new() });
            }
        }
        groups
    }

    /// The slots in which at least so many of the groups stand.
    fn matching(&self, groups: &[Weighed<'_>], at_least: usize) -> Vec<Posting> {
        let mut times = vec![0_u8; self.slots_in_use()];
        for posting in groups.iter().flat_map(|group| group.list.iter()) {
            if let Some(count) = times.get_mut(posting.slot() as usize) {
                *count = count.saturating_add(1);
            }
        }
        let slots = times.iter().enumerate().filter(|(_, count)| usize::from(**count) >= at_least);
        slots.filter_map(|(slot, _)| Some(Posting::new(u32::try_from(slot).ok()?, 0, 0))).collect()
    }
}

/// Whether a document has what it must have; what stands in it of each group.
fn meets(
    slot: u32,
    at_least: usize,
    must: &mut [Weighed<'_>],
    filters: &mut [Weighed<'_>],
    met: &mut Vec<Option<Posting>>,
) -> bool {
    met.clear();
    let (mut found, wanted) = (0, must.len());
    for (passed, group) in must.iter_mut().enumerate() {
        let posting = seek(&group.list, &mut group.at, slot);
        found += usize::from(posting.is_some());
        if found + (wanted - passed - 1) < at_least {
            return false;
        }
        met.push(posting);
    }
    // what narrows most was asked first: the filters hold for most documents
    filters.iter_mut().all(|filter| seek(&filter.list, &mut filter.at, slot).is_some())
}

/// The score of a document with these postings of the groups it must have.
fn score(
    slot: u32,
    stored: &Stored,
    average: f32,
    met: &[Option<Posting>],
    must: &[Weighed<'_>],
    should: &mut [Weighed<'_>],
) -> f32 {
    let stretch = 1.0 - LENGTH + LENGTH * f32::from(stored.length) / average;
    let mut sum = 0.0;
    for (posting, group) in met.iter().zip(must) {
        sum += posting.map_or(0.0, |posting| group.score(posting, stretch));
    }
    for term in should {
        if let Some(posting) = seek(&term.list, &mut term.at, slot) {
            sum += term.score(posting, stretch);
        }
    }
    // of two that lack something, the one that lacks less stands first
    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    let share = if must.is_empty() { 1.0 } else { met.iter().flatten().count() as f32 / must.len() as f32 };
    sum * share * share
}
