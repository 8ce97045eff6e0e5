//! The index in memory and how it follows what is written, by this process and by others on the same store.
//!
//! It is built once, in parts, while everything else is served. From then on every question first reads what changed:
//! not since the last look, but since a while before it ([`crate::following`]), because a transaction that began
//! earlier may have been committed later. A row that was seen at the same time of change is not read again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use index::{Count, Document, Hit, Index, Query, Seer, Word};
use store::{Database, Error, Reading, Viewer, audience};

use super::analysis::{self, Asked};
use super::queries::{self, Indexed};
use crate::following::{Looks, WINDOW};

/// Rows read at once while it is being built.
const PART: i64 = 2000;
/// How long a question waits for the building to end before it says that search is being prepared.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Other spellings offered at most.
const MOST_SUGGESTED: usize = 3;

/// What to look for besides the words.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub text: String,
    pub kinds: Vec<String>,
    pub network: Option<i64>,
    /// Exact words the object must have, such as `cat:care.elderly`.
    pub facets: Vec<String>,
    pub skip: usize,
    pub most: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub hits: Vec<Hit>,
    pub count: Count,
    /// What may have been meant, each a whole query.
    pub suggestions: Vec<String>,
}

/// Search, for every handler. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    index: RwLock<Index>,
    followed: Mutex<Followed>,
    building: AtomicBool,
    ready: AtomicBool,
}

/// How far the change log was read.
#[derive(Debug, Default)]
struct Followed {
    looks: Looks,
    /// Within the window: which change of which object was read.
    known: HashMap<i64, i64>,
}

impl Engine {
    /// Whether it can answer.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire)
    }

    /// Begins building on a thread of its own, if nobody did yet.
    pub fn prepare(&self, db: &Arc<Database>) {
        if self.is_ready() || self.inner.building.swap(true, Ordering::AcqRel) {
            return;
        }
        let (engine, db) = (self.clone(), Arc::clone(db));
        std::thread::spawn(move || {
            let started = Instant::now();
            match engine.build(&db) {
                Ok(count) => {
                    tracing::info!("search: {count} objects indexed in {:.1?}", started.elapsed());
                }
                Err(error) => {
                    tracing::error!("search: {error}");
                    // the next question tries again
                    engine.inner.building.store(false, Ordering::Release);
                }
            }
        });
    }

    /// Waits a moment for the building to end; whether it did. Blocks the thread.
    #[must_use]
    pub fn ready_soon(&self, db: &Arc<Database>) -> bool {
        self.prepare(db);
        let until = Instant::now() + PATIENCE;
        while !self.is_ready() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.is_ready()
    }

    fn build(&self, db: &Database) -> Result<usize, Error> {
        let system = Viewer::System("search");
        // what is written from here on is found by following
        let from = db.now().plus(-WINDOW);
        let mut fresh = Index::default();
        let mut last = 0;
        loop {
            let (rows, keys) = db.read(&system, |r| {
                let rows = queries::after(r, last, PART)?;
                let up_to = rows.last().map_or(last, |row| row.object);
                let keys = queries::keys_between(r, last, up_to)?;
                let owners = owners(&rows);
                let owner_keys = queries::keys_of(r, &owners)?;
                Ok::<_, Error>((rows, Keys { own: keys, owner: owner_keys }))
            })?;
            let Some(end) = rows.last().map(|row| row.object) else { break };
            apply(&mut fresh, &rows, &keys);
            last = end;
        }
        fresh.settle();
        let count = fresh.len();
        *self.inner.index.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        let mut followed = self.inner.followed.lock().unwrap_or_else(PoisonError::into_inner);
        *followed = Followed { looks: Looks::after_building(from), known: HashMap::new() };
        drop(followed);
        self.inner.ready.store(true, Ordering::Release);
        Ok(count)
    }

    /// Reads what changed since the last look.
    fn follow(&self, r: &Reading<'_>) -> Result<(), Error> {
        let mut followed = self.inner.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let look = followed.looks.next(r.now());
        let changed = queries::changed(r, look.since)?;
        // of an object only later changes: another question may have looked at a later state of the store
        let fresh: Vec<(i64, i64)> = changed
            .into_iter()
            .filter(|(object, at)| followed.known.get(object).is_none_or(|known| known < at))
            .collect();
        for part in fresh.chunks(500) {
            let objects: Vec<i64> = part.iter().map(|(object, _)| *object).collect();
            let rows = queries::these(r, &objects)?;
            let keys =
                Keys { own: queries::keys_of(r, &objects)?, owner: queries::keys_of(r, &owners(&rows))? };
            let mut index = self.inner.index.write().unwrap_or_else(PoisonError::into_inner);
            apply(&mut index, &rows, &keys);
            drop(index);
            followed.known.extend(rows.iter().map(|row| (row.object, row.changed_at)));
        }
        if look.thorough {
            followed.known.retain(|_, at| *at > look.since.0);
        }
        // only now: what a failed look did not read is read by the next
        followed.looks.done(&look);
        Ok(())
    }

    /// What this viewer may see of what was asked for, best first.
    ///
    /// # Errors
    /// The database's own.
    pub fn ask(&self, r: &Reading<'_>, wanted: &Wanted) -> Result<Answer, Error> {
        self.follow(r)?;
        let keys = audience::keys(r)?;
        let seer = keys.as_deref().map_or(Seer::All, Seer::Keys);
        let asked = analysis::query(&wanted.text);
        let index = self.inner.index.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = found(&index, &asked, wanted, seer);
        let hits = found.hits.drain(..).skip(wanted.skip).take(wanted.most).collect();
        let suggestions = if found.certain { Vec::new() } else { suggest(&index, &asked, seer) };
        Ok(Answer { hits, count: found.count, suggestions })
    }
}

struct Found {
    hits: Vec<Hit>,
    count: Count,
    /// More than half of the words was found.
    certain: bool,
}

/// Asks one question after the other until there is enough.
fn found(index: &Index, asked: &Asked, wanted: &Wanted, seer: Seer<'_>) -> Found {
    let most = wanted.skip.saturating_add(wanted.most).min(index::MOST_COUNTED);
    let limit = |query: &Query, except: &[Hit]| Query {
        kinds: wanted.kinds.clone(),
        network: wanted.network,
        facets: wanted.facets.clone(),
        except: except.iter().map(|hit| hit.object).collect(),
        ..query.clone()
    };
    let first = index.search(&limit(&asked.exact, &[]), seer, most.max(1));
    let mut found = Found { hits: first.hits, count: first.count, certain: true };
    let more = [(&asked.begun, 1, true), (&asked.meant, 10, true), (&asked.some, 1, false)];
    for (query, enough, certain) in more {
        let (Some(query), Count::Exactly(so_far)) = (query, found.count) else { continue };
        // everything found so far is in the list, so that nothing is counted twice
        if so_far >= enough || so_far > found.hits.len() {
            continue;
        }
        found.certain = certain || so_far > 0;
        let next = index.search(&limit(query, &found.hits), seer, most.max(1));
        found.count = match next.count {
            Count::Exactly(n) => Count::Exactly(so_far + n),
            Count::More => Count::More,
        };
        found.hits.extend(next.hits);
        found.hits.truncate(most.max(1));
    }
    found.certain &= !found.hits.is_empty();
    found
}

/// The query with one word replaced by one that sounds like it, or as the Thai keyboard would have typed it.
fn suggest(index: &Index, asked: &Asked, seer: Seer<'_>) -> Vec<String> {
    let mut suggestions = Vec::new();
    if let Some(slipped) = &asked.slipped {
        let found = found(index, &analysis::query(slipped), &Wanted { most: 1, ..Wanted::default() }, seer);
        suggestions.extend((!found.hits.is_empty()).then(|| slipped.clone()));
    }
    for (place, word) in asked.words.iter().enumerate() {
        let heard = thai::spelling::skeleton(word);
        for near in index.suggest(&Word { term: word, heard: &heard }, seer, MOST_SUGGESTED) {
            let mut words: Vec<&str> = asked.words.iter().map(String::as_str).collect();
            if let Some(slot) = words.get_mut(place) {
                *slot = &near;
            }
            suggestions.push(words.join(" "));
        }
    }
    suggestions.truncate(MOST_SUGGESTED);
    suggestions
}

/// Who may see, each list in the order of its ids.
struct Keys {
    own: Vec<(i64, i64)>,
    owner: Vec<(i64, i64)>,
}

impl Keys {
    fn of(list: &[(i64, i64)], object: i64) -> Vec<i64> {
        let from = list.partition_point(|(id, _)| *id < object);
        let own = list.get(from..).unwrap_or_default().iter().take_while(|(id, _)| *id == object);
        own.map(|(_, key)| *key).collect()
    }
}

/// Whose offers and needs these are; members are their own.
fn owners(rows: &[Indexed]) -> Vec<i64> {
    let mut owners: Vec<i64> =
        rows.iter().filter_map(|row| row.actor.filter(|actor| *actor != row.object)).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// Puts rows into the index.
fn apply(index: &mut Index, rows: &[Indexed], keys: &Keys) {
    for row in rows {
        let own = Keys::of(&keys.own, row.object);
        let actor = row.actor.filter(|actor| *actor != row.object);
        let owner = actor.map_or_else(Vec::new, |actor| Keys::of(&keys.owner, actor));
        // somebody with no key at all is nobody's to see
        let own = if actor.is_some() && owner.is_empty() { Vec::new() } else { own };
        if row.gone {
            index.remove(row.object);
            continue;
        }
        let [title, text, words] = analysis::stored(&row.tokens);
        let heard: Vec<String> = words.iter().map(|word| thai::spelling::skeleton(word)).collect();
        let words: Vec<Word<'_>> =
            words.iter().zip(&heard).map(|(term, heard)| Word { term, heard }).collect();
        let facets: Vec<&str> = row.facets.split(' ').filter(|facet| !facet.is_empty()).collect();
        // a tapped category is found by its words, too
        let tapped = facets
            .iter()
            .filter_map(|f| f.split_once(':').filter(|(what, _)| ["cat", "can", "category"].contains(what)));
        let tapped: Vec<String> = tapped.map(|(_, code)| format!("#{code}")).collect();
        let text: Vec<&str> = text.into_iter().chain(tapped.iter().map(String::as_str)).collect();
        let document = Document {
            object: row.object,
            kind: &row.kind,
            network: row.network.unwrap_or(0),
            actor: row.actor.unwrap_or(0),
            keys: &own,
            owner_keys: &owner,
            facets: &facets,
            title: &title,
            text: &text,
            words: &words,
        };
        if let Err(full) = index.upsert(&document) {
            tracing::error!("search: {full}");
        }
    }
}
