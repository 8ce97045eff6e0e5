use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::broad::Champions;
use crate::posting::{Posting, SLOTS};
use crate::spelling::Spellings;

/// Words a beginning stands for at most.
const MOST_BEGINNING: usize = 200;

/// More documents than can be told apart (67 million).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the index is full")]
pub struct Full;

/// A word of a title as it may be suggested: the term, and how it sounds (whatever the caller takes for that).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    pub term: &'a str,
    pub heard: &'a str,
}

/// What can be found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// Its id; a second document with it replaces the first.
    pub object: i64,
    /// A word such as `person` or `need`; at most 250 different ones.
    pub kind: &'a str,
    /// The network it is shown in, 0 for none.
    pub network: i64,
    /// Whom it belongs to.
    pub actor: i64,
    /// Who may see it: whoever holds any of these keys …
    pub keys: &'a [i64],
    /// … and, if there are any, one of these: those of the owner, who may be hidden where the document is not.
    pub owner_keys: &'a [i64],
    /// Exact words to filter by.
    pub facets: &'a [&'a str],
    /// Cut and folded; a term may stand several times.
    pub title: &'a [&'a str],
    pub text: &'a [&'a str],
    /// Words of the title for "did you mean"; each is findable as a term of the title, too.
    pub words: &'a [Word<'a>],
}

/// A document without its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    pub object: i64,
    pub actor: i64,
    keys_from: u32,
    keys: u16,
    owner_keys: u16,
    /// Terms in title and text; longer ones count as this long.
    pub length: u16,
    pub kind: u8,
    pub live: bool,
}

/// Terms, and for each the documents it stands in.
#[derive(Debug, Default)]
pub struct Index {
    terms: HashMap<Arc<str>, u32>,
    /// The same in order, for beginnings.
    ordered: BTreeMap<Arc<str>, u32>,
    postings: Vec<Vec<Posting>>,
    documents: Vec<Stored>,
    keys: Vec<i64>,
    slots: HashMap<i64, u32>,
    kinds: Vec<Box<str>>,
    length: u64,
    spellings: Spellings,
    champions: Champions,
}

/// A facet stands among the terms behind a sign that no word begins with.
pub(crate) fn facet_term(facet: &str) -> String {
    format!("\u{1}{facet}")
}

/// The facet every document of a kind has.
#[must_use]
pub(crate) fn kind_facet(kind: &str) -> String {
    format!("\u{1}\u{1}kind:{kind}")
}

/// The facet every document of a network has.
#[must_use]
pub(crate) fn network_facet(network: i64) -> String {
    format!("\u{1}\u{1}network:{network}")
}

impl Index {
    /// How many documents can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is nothing to be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many different terms there are, facets included.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// Makes a document findable, in place of the one with its id.
    ///
    /// # Errors
    /// [`Full`] beyond 67 million documents.
    pub fn upsert(&mut self, document: &Document<'_>) -> Result<(), Full> {
        self.remove(document.object);
        if self.documents.len() >= SLOTS {
            self.compact();
        }
        let slot = u32::try_from(self.documents.len()).map_err(|_| Full)?;
        if slot as usize >= SLOTS {
            return Err(Full);
        }
        let length = document.title.len() + document.text.len();
        let keys_from = u32::try_from(self.keys.len()).map_err(|_| Full)?;
        self.keys.extend_from_slice(document.keys);
        self.keys.extend_from_slice(document.owner_keys);
        let stored = Stored {
            object: document.object,
            actor: document.actor,
            keys_from,
            keys: u16::try_from(document.keys.len()).unwrap_or(u16::MAX),
            owner_keys: u16::try_from(document.owner_keys.len()).unwrap_or(u16::MAX),
            length: u16::try_from(length).unwrap_or(u16::MAX),
            kind: self.kind_number(document.kind),
            live: true,
        };
        self.length += u64::from(stored.length);
        self.documents.push(stored);
        self.slots.insert(document.object, slot);
        self.post(document, slot);
        Ok(())
    }

    fn post(&mut self, document: &Document<'_>, slot: u32) {
        let title = document.title.iter().copied().chain(document.words.iter().map(|word| word.term));
        let mut terms: Vec<(&str, bool)> = title.map(|term| (term, true)).collect();
        terms.extend(document.text.iter().map(|term| (*term, false)));
        terms.sort_unstable();
        self.champions.came(terms.iter().map(|(term, _)| *term));
        for same in terms.chunk_by(|a, b| a.0 == b.0) {
            let Some((term, _)) = same.first() else { continue };
            let in_title = same.iter().filter(|(_, title)| *title).count();
            self.put(term, Posting::new(slot, in_title, same.len() - in_title));
        }
        let mut facets: Vec<String> = document.facets.iter().map(|facet| facet_term(facet)).collect();
        facets.push(kind_facet(document.kind));
        facets.push(network_facet(document.network));
        facets.sort_unstable();
        facets.dedup();
        for facet in facets {
            self.put(&facet, Posting::new(slot, 0, 0));
        }
        for word in document.words {
            self.spellings.add(word);
        }
    }

    fn put(&mut self, term: &str, posting: Posting) {
        let number = match self.terms.get(term) {
            Some(number) => *number,
            None => {
                let Ok(number) = u32::try_from(self.postings.len()) else { return };
                self.postings.push(Vec::new());
                self.enter(term.into(), number);
                number
            }
        };
        if let Some(list) = self.postings.get_mut(number as usize) {
            list.push(posting);
        }
    }

    fn enter(&mut self, term: Arc<str>, number: u32) {
        self.ordered.insert(Arc::clone(&term), number);
        self.terms.insert(term, number);
    }

    fn kind_number(&mut self, kind: &str) -> u8 {
        let known = self.kinds.iter().position(|known| **known == *kind);
        let number = known.unwrap_or_else(|| {
            self.kinds.push(kind.into());
            self.kinds.len() - 1
        });
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// Takes a document out; whether it was there. Its place is swept up later, with others.
    pub fn remove(&mut self, object: i64) -> bool {
        let Some(slot) = self.slots.remove(&object) else { return false };
        if let Some(stored) = self.documents.get_mut(slot as usize) {
            stored.live = false;
            self.length -= u64::from(stored.length);
        }
        let dead = self.documents.len() - self.slots.len();
        if dead > 1000 && dead > self.slots.len() / 4 {
            self.compact();
        }
        true
    }

    /// Gives back what growing took in advance; after the first building.
    pub fn settle(&mut self) {
        self.compact();
        for list in &mut self.postings {
            list.shrink_to_fit();
        }
        self.documents.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.slots.shrink_to_fit();
    }

    /// Sweeps up the places of documents that were taken out.
    fn compact(&mut self) {
        if self.documents.len() == self.slots.len() {
            return;
        }
        let mut moves: Vec<Option<u32>> = Vec::with_capacity(self.documents.len());
        let mut kept = Vec::with_capacity(self.slots.len());
        let mut keys = Vec::with_capacity(self.keys.len());
        for stored in &self.documents {
            if !stored.live {
                moves.push(None);
                continue;
            }
            let slot = u32::try_from(kept.len()).unwrap_or(u32::MAX);
            moves.push(Some(slot));
            let mut stored = *stored;
            let (own, owner) = self.keys_of(&stored);
            stored.keys_from = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            keys.extend_from_slice(own);
            keys.extend_from_slice(owner);
            self.slots.insert(stored.object, slot);
            kept.push(stored);
        }
        self.documents = kept;
        self.keys = keys;
        self.terms.clear();
        let terms = std::mem::take(&mut self.ordered);
        let mut lists = std::mem::take(&mut self.postings);
        for (term, number) in terms {
            let Some(list) = lists.get_mut(number as usize) else { continue };
            let list: Vec<Posting> = std::mem::take(list)
                .into_iter()
                .filter_map(|p| moves.get(p.slot() as usize).copied().flatten().map(|slot| p.moved(slot)))
                .collect();
            if !list.is_empty() {
                let number = u32::try_from(self.postings.len()).unwrap_or(u32::MAX);
                self.enter(term, number);
                self.postings.push(list);
            }
        }
        let terms = &self.terms;
        self.spellings.retain(|term| terms.contains_key(term));
    }

    pub(crate) fn list(&self, term: &str) -> &[Posting] {
        self.terms.get(term).map_or(&[], |number| self.numbered(*number))
    }

    fn numbered(&self, number: u32) -> &[Posting] {
        self.postings.get(number as usize).map_or(&[], Vec::as_slice)
    }

    /// The lists of the terms that begin like this one, itself included; of very many the longest, because whoever
    /// typed so little means a frequent word or types on.
    pub(crate) fn lists_beginning(&self, start: &str) -> Vec<&[Posting]> {
        let mut lists: Vec<&[Posting]> = self
            .ordered
            .range::<str, _>((std::ops::Bound::Included(start), std::ops::Bound::Unbounded))
            .take_while(|(term, _)| term.starts_with(start))
            .map(|(_, number)| self.numbered(*number))
            .collect();
        if lists.len() > MOST_BEGINNING {
            lists.select_nth_unstable_by_key(MOST_BEGINNING, |list| std::cmp::Reverse(list.len()));
            lists.truncate(MOST_BEGINNING);
        }
        lists
    }

    pub(crate) const fn champions(&self) -> &Champions {
        &self.champions
    }

    /// Where a document stands.
    pub(crate) fn place(&self, object: i64) -> Option<(u32, &Stored)> {
        let slot = *self.slots.get(&object)?;
        Some((slot, self.stored(slot)?))
    }

    pub(crate) fn slots_in_use(&self) -> usize {
        self.documents.len()
    }

    pub(crate) fn stored(&self, slot: u32) -> Option<&Stored> {
        self.documents.get(slot as usize).filter(|stored| stored.live)
    }

    /// The document's own keys and its owner's.
    pub(crate) fn keys_of(&self, stored: &Stored) -> (&[i64], &[i64]) {
        let from = stored.keys_from as usize;
        let between = from + usize::from(stored.keys);
        let until = between + usize::from(stored.owner_keys);
        (self.keys.get(from..between).unwrap_or_default(), self.keys.get(between..until).unwrap_or_default())
    }

    pub(crate) fn kind_of(&self, stored: &Stored) -> &str {
        self.kinds.get(usize::from(stored.kind)).map_or("", |kind| kind)
    }

    /// Terms a document has on average, at least 1.
    #[expect(clippy::cast_precision_loss, reason = "an average needs no last digit")]
    pub(crate) fn average_length(&self) -> f32 {
        (self.length as f32 / self.slots.len().max(1) as f32).max(1.0)
    }

    pub(crate) const fn spellings(&self) -> &Spellings {
        &self.spellings
    }
}
