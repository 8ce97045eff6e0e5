//! One side of a pool: all offers, or all needs, laid out so that the few that could fit are found without reading
//! the rest.
//!
//! Each intent lies in the cells it can be reached in: its provinces, everywhere, online; each cell is kept by
//! category. A rare word is a second way in. Removed intents leave holes, which are closed when half is holes.

use std::collections::HashMap;

use crate::intent::{Intent, IntentKey, Reach};
use crate::reading::{Counts, Reading, trigrams};
use crate::taxonomy::{CategoryId, Taxonomy};
use crate::text::HashedMap;

const EVERYWHERE: u32 = u32::MAX;
const ONLINE: u32 = u32::MAX - 1;

/// Up to this many intents all are read: nothing is missed.
const READ_ALL: usize = 3_000;
/// Candidates by category, and by words.
const BY_CATEGORY: usize = 200;
const BY_WORDS: usize = 60;
/// A word in more texts than this leads nowhere.
const COMMON: usize = 3_000;
/// When so many postings were met, the rest are passed over.
const ENOUGH: usize = 3_000;
/// Of each list at least so many are read.
const LEAST_SHARE: usize = 40;
/// Trigrams are counted in the first so many texts; more change their rarity little.
const SAMPLED: usize = 20_000;

/// An intent on the shelf.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) intent: Intent,
    pub(crate) reading: Reading,
}

#[derive(Debug, Clone, Copy)]
struct Posting {
    slot: u32,
    p: f32,
    from: i32,
    until: i32,
}

/// Least probabilities of the levels in which postings are kept: the surest are read first, and the rest only where
/// these are few.
const LEVELS: [f32; 4] = [0.5, 0.2, 0.08, 0.0];

/// The postings of one category in one cell, by level.
#[derive(Debug, Clone, Default)]
struct Cell([Vec<Posting>; LEVELS.len()]);

impl Cell {
    fn push(&mut self, posting: Posting) {
        let level = LEVELS.iter().position(|least| posting.p >= *least).unwrap_or(LEVELS.len() - 1);
        if let Some(level) = self.0.get_mut(level) {
            level.push(posting);
        }
    }
}

/// Where a search may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Where the asker can be helped
    Within,
    /// Anywhere, any time
    Beyond,
}

#[derive(Debug)]
pub(crate) struct Shelf {
    entries: Vec<Option<Entry>>,
    slots: HashMap<IntentKey, u32>,
    cells: Vec<HashedMap<u32, Cell>>,
    by_word: HashedMap<u32, Vec<u32>>,
    words: Counts<u32>,
    concepts: Counts<u16>,
    trigrams: Counts<u16>,
    sampled: usize,
    /// expected number of intents a category
    category: Vec<f64>,
}

impl Default for Shelf {
    fn default() -> Self {
        let categories = Taxonomy::built_in().categories().len();
        Self {
            entries: Vec::new(),
            slots: HashMap::new(),
            cells: vec![HashedMap::default(); categories],
            by_word: HashedMap::default(),
            words: Counts::default(),
            concepts: Counts::default(),
            trigrams: Counts::default(),
            sampled: 0,
            category: vec![0.0; categories],
        }
    }
}

impl Shelf {
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn get(&self, key: IntentKey) -> Option<&Entry> {
        self.at(*self.slots.get(&key)?)
    }

    fn at(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    /// All entries in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(crate) fn insert(&mut self, entry: Entry) {
        self.remove(entry.intent.key);
        let Ok(slot) = u32::try_from(self.entries.len()) else { return };
        let (intent, reading) = (&entry.intent, &entry.reading);
        let from = intent.window.from.map_or(i32::MIN, |day| day.0);
        let until = intent.window.until.map_or(i32::MAX, |day| day.0);
        for (category, p) in reading.topics.iter() {
            if let Some(count) = self.category.get_mut(category.index()) {
                *count += f64::from(p);
            }
            let Some(cells) = self.cells.get_mut(category.index()) else { continue };
            for cell in cells_of(intent) {
                cells.entry(cell).or_default().push(Posting { slot, p, from, until });
            }
        }
        for word in &reading.words {
            self.by_word.entry(*word).or_default().push(slot);
        }
        self.words.add(&reading.words);
        self.concepts.add(&reading.concepts);
        if self.sampled < SAMPLED {
            self.sampled += 1;
            self.trigrams.add(&trigrams(&intent.text));
        }
        self.slots.insert(intent.key, slot);
        self.entries.push(Some(entry));
    }

    /// Takes an intent off; what it was, if it was there.
    pub(crate) fn remove(&mut self, key: IntentKey) -> Option<Entry> {
        let slot = self.slots.remove(&key)?;
        let entry = self.entries.get_mut(slot as usize)?.take()?;
        self.words.subtract(&entry.reading.words);
        self.concepts.subtract(&entry.reading.concepts);
        for (category, p) in entry.reading.topics.iter() {
            if let Some(count) = self.category.get_mut(category.index()) {
                *count -= f64::from(p);
            }
        }
        if self.entries.len() > 64 && self.slots.len() * 2 < self.entries.len() {
            self.close_holes();
        }
        Some(entry)
    }

    fn close_holes(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        *self = Self::default();
        for entry in entries.into_iter().flatten() {
            self.insert(entry);
        }
    }

    /// The intents that could fit `query`, each once.
    pub(crate) fn candidates(&self, query: &Intent, reading: &Reading, look: Look) -> Vec<&Entry> {
        if self.len() <= READ_ALL {
            return self.iter().collect();
        }
        let mut slots = self.by_category(query, reading, look);
        slots.extend(self.by_words(reading));
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().filter_map(|slot| self.at(slot)).collect()
    }

    /// Read from the surest level down, each category and cell in turn, until [`ENOUGH`] were met: at a million intents
    /// most of what is on the matter is passed over. Where a list is longer than what is read of it, reading begins at
    /// a place that hangs on the query, so that not the same intents always come first.
    fn by_category(&self, query: &Intent, reading: &Reading, look: Look) -> Vec<u32> {
        let from = query.window.from.map_or(i32::MIN, |day| day.0);
        let until = query.window.until.map_or(i32::MAX, |day| day.0);
        let open =
            |posting: &&Posting| look == Look::Beyond || (posting.from <= until && from <= posting.until);
        let cells = self.cells_for(query, reading, look);
        let mut hits: Vec<(u32, f32)> = Vec::new();
        for level in 0..LEVELS.len() {
            let lists = cells.iter().filter_map(|(weight, cell)| Some((weight, cell.0.get(level)?)));
            let lists: Vec<(f32, &Vec<Posting>)> =
                lists.filter(|(_, list)| !list.is_empty()).map(|(weight, list)| (*weight, list)).collect();
            // a long list gets its share of what is read, not all of it
            let share = (ENOUGH / lists.len().max(1)).max(LEAST_SHARE);
            for (weight, list) in lists {
                let start = if list.len() > share { query.key.0 as usize % list.len() } else { 0 };
                let turned = list.iter().skip(start).chain(list.iter().take(start));
                let read = turned.take(share * 4).filter(open).take(share);
                hits.extend(read.map(|posting| (posting.slot, weight * posting.p)));
            }
            if hits.len() >= ENOUGH {
                break;
            }
        }
        best_slots(hits, BY_CATEGORY)
    }

    /// The cells in which something could fit, with the weight of their category, in a fixed order.
    fn cells_for(&self, query: &Intent, reading: &Reading, look: Look) -> Vec<(f32, &Cell)> {
        let wanted: Vec<u32> = cells_of(query).collect();
        // far and near alike are looked through, but only what the text is most likely about
        let most = if look == Look::Beyond { 2 } else { usize::MAX };
        let all = wanted.contains(&EVERYWHERE);
        let mut cells = Vec::new();
        for (category, weight) in reading.topics.iter().take(most) {
            let Some(of_category) = self.cells.get(category.index()) else { continue };
            let mut here: Vec<(u32, f32, &Cell)> = of_category
                .iter()
                .filter(|(cell, _)| {
                    // an everywhere-query meets all places, an everywhere-offer all queries that can meet
                    let onsite = **cell != ONLINE && (all || (**cell == EVERYWHERE && query.mode.onsite()));
                    onsite || wanted.contains(cell) || look == Look::Beyond
                })
                .map(|(cell, postings)| (*cell, weight, postings))
                .collect();
            here.sort_unstable_by_key(|(cell, _, _)| *cell);
            cells.extend(here.into_iter().map(|(_, weight, cell)| (weight, cell)));
        }
        cells
    }

    fn by_words(&self, reading: &Reading) -> Vec<u32> {
        let mut lists: Vec<(u32, &Vec<u32>)> =
            reading.words.iter().filter_map(|word| Some((*word, self.by_word.get(word)?))).collect();
        lists.retain(|(_, slots)| slots.len() <= COMMON);
        lists.sort_by_key(|(word, slots)| (slots.len(), *word));
        let mut hits = Vec::new();
        for (word, slots) in lists.into_iter().take(8) {
            if hits.len() + slots.len() > ENOUGH && !hits.is_empty() {
                break;
            }
            let rarity = self.words.rarity(word, self.len()) as f32;
            hits.extend(slots.iter().map(|slot| (*slot, rarity)));
        }
        best_slots(hits, BY_WORDS)
    }

    pub(crate) fn word_rarity(&self, word: u32) -> f64 {
        self.words.rarity(word, self.len())
    }

    pub(crate) fn concept_rarity(&self, concept: u16) -> f64 {
        self.concepts.rarity(concept, self.len())
    }

    pub(crate) fn trigram_rarity(&self, gram: u16) -> f64 {
        self.trigrams.rarity(gram, self.sampled)
    }

    /// How rare a category is here: 1 if none speaks of it, 0 if all do.
    pub(crate) fn category_rarity(&self, category: CategoryId) -> f64 {
        let n = self.len().max(2) as f64;
        let here = self.category.get(category.index()).copied().unwrap_or(0.0).max(0.0);
        ((n + 1.0) / (here + 1.0)).ln() / (n + 1.0).ln()
    }
}

/// The slots with the largest sums, at most `most`; among equals the earlier.
fn best_slots(mut hits: Vec<(u32, f32)>, most: usize) -> Vec<u32> {
    hits.sort_unstable_by_key(|hit| hit.0);
    let mut sums: Vec<(u32, f32)> = Vec::new();
    let mut last_same = u32::MAX;
    for (slot, value) in hits {
        match sums.last_mut() {
            Some(sum) if last_same == slot => sum.1 += value,
            _ => sums.push((slot, value)),
        }
        last_same = slot;
    }
    let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if sums.len() > most {
        sums.select_nth_unstable_by(most, better);
        sums.truncate(most);
    }
    sums.into_iter().map(|(slot, _)| slot).collect()
}

/// Where an intent can be reached.
fn cells_of(intent: &Intent) -> impl Iterator<Item = u32> {
    let mut cells = Vec::new();
    if intent.mode.onsite() {
        match &intent.reach {
            Reach::Everywhere => cells.push(EVERYWHERE),
            Reach::Areas(areas) => {
                cells.extend(areas.iter().map(|area| area.province().map_or(area.bits(), u32::from)));
            }
        }
    }
    if intent.mode.online() {
        cells.push(ONLINE);
    }
    cells.sort_unstable();
    cells.dedup();
    cells.into_iter()
}
