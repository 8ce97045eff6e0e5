//! The rows of an import, table by table, in the order in which they are written.

use std::collections::BTreeMap;

use store::ids::ImportId;
use store::{Value, params};

use super::Fill;
use crate::search::Prepared;
use crate::transfer::columns::{ACTOR, CONTACT, GATHERING, GATHERING_CHANGE, INTENT, MEMBERSHIP, TIE};
use crate::transfer::queries::writing::Rows;

/// What an import will write.
pub struct Batch {
    pub tables: Vec<Rows>,
    /// The words of new members and intents, analyzed.
    pub noted: Prepared,
    /// Members the network holds already, whose empty fields a sheet fills: id, nickname, place, ways to reach them.
    pub fills: Vec<Fill>,
    /// Members held already who were not asked before and say yes now.
    pub given: Vec<i64>,
    /// Members held already who say no now.
    pub withdrawn: Vec<i64>,
    /// What was made and is remembered for an undo: kind, object, where it stood.
    pub made: Vec<(&'static str, i64, String)>,
    /// What was made, counted by kind; also what falls with a member that was made and need not be remembered.
    pub counts: BTreeMap<&'static str, usize>,
}

pub const ACTORS: usize = 0;
pub const POINTS: usize = 1;
pub const MEMBERSHIPS: usize = 2;
pub const AUDIENCE: usize = 3;
pub const KEYS: usize = 4;
pub const INTENTS: usize = 5;
pub const CATEGORIES: usize = 6;
pub const TIES: usize = 7;
pub const CONTACTS: usize = 8;
pub const PARTICIPANTS: usize = 9;
pub const GATHERINGS: usize = 10;
pub const DUPLICATES: usize = 11;
pub const CONSENTS: usize = 12;
pub const CHANGES: usize = 13;
pub const ATTENDANCES: usize = 14;

impl Batch {
    pub fn new() -> Self {
        Self {
            tables: vec![
                Rows::of("actor", ACTOR, ""),
                Rows::of(
                    "contact_point",
                    &["id", "actor_id", "kind", "value", "shown", "note", "visibility", "created_at"],
                    "ON CONFLICT (actor_id, kind, value) DO NOTHING",
                ),
                Rows::of("membership", MEMBERSHIP, "ON CONFLICT (whole_id, part_id) DO NOTHING"),
                Rows::of("audience", &["object_id", "key"], "ON CONFLICT (object_id, key) DO NOTHING"),
                Rows::of("key_holder", &["actor_id", "key"], "ON CONFLICT (actor_id, key) DO NOTHING"),
                Rows::of("intent", INTENT, ""),
                Rows::of("intent_category", &["intent_id", "category", "tapped", "weight"], ""),
                Rows::of("tie", TIE, "ON CONFLICT (subject_id, object_id, relation) DO NOTHING"),
                Rows::of("contact", CONTACT, ""),
                Rows::of("contact_participant", &["contact_id", "position", "actor_id", "words", "role"], ""),
                Rows::of("gathering", GATHERING, "ON CONFLICT (network_id, uid) DO NOTHING"),
                Rows::of(
                    "likely_duplicate",
                    &["id", "network_id", "a_id", "b_id", "reason", "state", "at"],
                    "ON CONFLICT (a_id, b_id) DO NOTHING",
                ),
                Rows::of("consent", &["id", "actor_id", "purpose", "state", "manner", "wording", "at"], ""),
                Rows::of(
                    "gathering_change",
                    GATHERING_CHANGE,
                    "ON CONFLICT (gathering_id, replaces_at) DO NOTHING",
                ),
                Rows::of(
                    "attendance",
                    &["gathering_id", "actor_id", "state", "at"],
                    "ON CONFLICT (gathering_id, actor_id) DO NOTHING",
                ),
            ],
            noted: Prepared::default(),
            fills: Vec::new(),
            given: Vec::new(),
            withdrawn: Vec::new(),
            made: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    pub fn push(&mut self, table: usize, row: Vec<Value>) {
        if let Some(rows) = self.tables.get_mut(table) {
            rows.push(row);
        }
    }

    /// As [`Self::push`], of which the table cannot have the same.
    pub fn push_new(&mut self, table: usize, row: Vec<Value>) {
        if let Some(rows) = self.tables.get_mut(table) {
            rows.push_new(row);
        }
    }

    /// Opens an object that is being made, once.
    pub fn open_to(&mut self, object: i64, mut keys: Vec<i64>) {
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.push_new(AUDIENCE, params![object, key].to_vec());
        }
    }

    pub fn count(&mut self, kind: &'static str) {
        *self.counts.entry(kind).or_insert(0) += 1;
    }

    /// What the import remembers of what it makes, by which it is taken back.
    pub fn objects(&self, id: ImportId) -> Vec<Vec<Value>> {
        let row = |(at, (kind, object, place)): (usize, &(&'static str, i64, String))| {
            params![id, at, *kind, *object, true, None::<String>, place].to_vec()
        };
        self.made.iter().enumerate().map(row).collect()
    }
}
