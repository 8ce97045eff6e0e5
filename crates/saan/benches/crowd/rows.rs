//! The rows of some members, table by table, and the columns they stand in.

use app::search::{self, Prepared};
use store::ids::ActorId;
use store::{Error, Value, Writing};

/// Tables in the order they are written, each with its columns.
const TABLES: [(&str, &[&str]); 11] = [
    (
        "actor",
        &[
            "id",
            "kind",
            "name",
            "nickname",
            "name_key",
            "sort_key",
            "bio",
            "profession",
            "position",
            "languages",
            "province_code",
            "district_code",
            "subdistrict_code",
            "capacity_a_month",
            "contact_hours",
            "context_limits",
            "context_avoid",
            "context_matters",
            "state",
            "consent",
            "may_be_suggested",
            "visibility",
            "verification",
            "lang",
            "created_at",
            "updated_at",
            "version",
        ],
    ),
    (
        "membership",
        &[
            "id",
            "whole_id",
            "part_id",
            "role",
            "title",
            "state",
            "answers",
            "since",
            "created_at",
            "updated_at",
            "version",
        ],
    ),
    ("contact_point", &["id", "actor_id", "kind", "value", "shown", "note", "visibility", "created_at"]),
    ("consent", &["id", "actor_id", "purpose", "state", "manner", "wording", "at"]),
    ("capability", &["id", "actor_id", "category", "note", "wants_to_learn", "created_at"]),
    (
        "intent",
        &[
            "id",
            "side",
            "actor_id",
            "network_id",
            "title",
            "text",
            "text_key",
            "mode",
            "terms",
            "urgency",
            "areas",
            "everywhere",
            "available",
            "valid_until",
            "capacity",
            "visibility",
            "state",
            "met_note",
            "lang",
            "created_at",
            "updated_at",
            "version",
        ],
    ),
    ("intent_category", &["intent_id", "category", "tapped", "weight"]),
    (
        "tie",
        &[
            "id",
            "subject_id",
            "object_id",
            "network_id",
            "relation",
            "layer",
            "directed",
            "origin",
            "subject_offers",
            "subject_asks",
            "benefit",
            "state",
            "note",
            "created_at",
            "updated_at",
            "version",
        ],
    ),
    ("audience", &["object_id", "key"]),
    ("key_holder", &["actor_id", "key"]),
    (
        "care",
        &[
            "id",
            "holder_id",
            "other_id",
            "network_id",
            "attempts",
            "paused_reason",
            "prompts",
            "why",
            "visibility",
            "created_on",
            "created_at",
            "updated_at",
            "version",
        ],
    ),
];

/// A table of [`TABLES`] by its place.
#[derive(Debug, Clone, Copy)]
pub enum Table {
    Actor,
    Membership,
    ContactPoint,
    Consent,
    Capability,
    Intent,
    Category,
    Tie,
    Audience,
    KeyHolder,
    Care,
}

/// Rows to be written in one transaction.
#[derive(Debug)]
pub struct Batch {
    pub network: ActorId,
    pub members: usize,
    tables: [Vec<Vec<Value>>; TABLES.len()],
    pub noted: Prepared,
}

impl Batch {
    pub fn new(network: ActorId) -> Self {
        Self { network, members: 0, tables: Default::default(), noted: Prepared::default() }
    }

    pub fn push(&mut self, table: Table, row: &[Value]) {
        if let Some(rows) = self.tables.get_mut(table as usize) {
            rows.push(row.to_vec());
        }
    }

    /// Opens an object to those who hold these keys.
    pub fn open_to(&mut self, object: i64, keys: &[i64]) {
        for key in keys {
            self.push(Table::Audience, &[Value::Int(object), Value::Int(*key)]);
        }
    }

    pub fn write(&mut self, w: &mut Writing<'_>) -> Result<(), Error> {
        for ((table, columns), rows) in TABLES.iter().zip(&self.tables) {
            w.insert_rows(table, columns, rows)?;
        }
        search::note_new(w, &mut self.noted)
    }
}
