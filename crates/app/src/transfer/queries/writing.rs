//! The statements that write an import, and take it back.

use store::ids::{ActorId, ImportId};
use store::{Error, Micros, Value, Writing, params};
use thai::places::PlaceCode;

use crate::places;
use crate::transfer::batch::Fill;

/// Begins an import that waits for its confirmation.
pub fn begin(w: &mut Writing<'_>, id: ImportId, network: ActorId, files: &str) -> Result<(), Error> {
    let now = w.now();
    let by = w.viewer().person();
    w.execute(
        "INSERT INTO import (id, network_id, by_id, state, files, report, created_at) VALUES ($1, $2, $3, 'waiting', $4, '', $5)",
        params![id, network, by, files, now],
    )?;
    Ok(())
}

/// Keeps a file until the import is confirmed.
pub fn keep_upload(
    w: &mut Writing<'_>,
    id: ImportId,
    position: usize,
    name: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    w.execute(
        "INSERT INTO import_upload (import_id, position, file_name, bytes, mapping) VALUES ($1, $2, $3, $4, '{}')",
        params![id, position, name, bytes.to_vec()],
    )?;
    Ok(())
}

/// Moves an import from one state to the next; answers whether it stood there. A second confirmation finds it done.
pub fn advance(
    w: &mut Writing<'_>,
    id: ImportId,
    from: &str,
    to: &str,
    report: Option<&str>,
) -> Result<bool, Error> {
    let now = w.now();
    let changed = w.execute(
        "UPDATE import SET state = $3, finished_at = $4, report = COALESCE($5, report) WHERE id = $1 AND state = $2",
        params![id, from, to, now, report],
    )?;
    Ok(changed > 0)
}

/// The files are no longer needed once they are in.
pub fn drop_uploads(w: &mut Writing<'_>, id: ImportId) -> Result<(), Error> {
    w.execute("DELETE FROM import_upload WHERE import_id = $1", params![id])?;
    Ok(())
}

/// Remembers what a heading means in this network.
pub fn remember_mapping(
    w: &mut Writing<'_>,
    network: ActorId,
    heading: &str,
    column: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO import_mapping (network_id, headings_key, mapping, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (network_id, headings_key) DO UPDATE SET mapping = excluded.mapping, updated_at = excluded.updated_at",
        params![network, heading, column, now],
    )?;
    Ok(())
}

/// Fills what was empty of a member the network holds: a sheet adds and removes nothing. Answers what was there before,
/// to be put back by an undo.
pub fn fill_actor(w: &mut Writing<'_>, fill: &Fill) -> Result<Option<String>, Error> {
    let id = fill.id;
    let (had_nickname, had_words): (String, String) =
        w.one("SELECT nickname, place_words FROM actor WHERE id = $1", params![id])?;
    let codes: (Option<String>, Option<String>, Option<String>) =
        w.one("SELECT province_code, district_code, subdistrict_code FROM actor WHERE id = $1", params![id])?;
    let had_place = places::narrowest(codes.0.as_deref(), codes.1.as_deref(), codes.2.as_deref());
    let nickname = if had_nickname.is_empty() { &fill.nickname } else { &had_nickname };
    let words = if had_words.trim().is_empty() { &fill.place_words } else { &had_words };
    // a sheet may know the district of somebody whose province is known; another province is for a person to decide on
    let place = fill.place.filter(|new| had_place.is_none_or(|had| *new != had && new.is_within(had)));
    if *nickname == had_nickname && *words == had_words && place.is_none() {
        return Ok(None);
    }
    put_filled(w, id, nickname, words)?;
    let mut before = format!("{had_nickname}\n\u{1e}{had_words}");
    if place.is_some() {
        put_place(w, id, place)?;
        let had = had_place.map(|had| had.to_string()).unwrap_or_default();
        before.push_str(&format!("\n\u{1e}{had}"));
    }
    Ok(Some(before))
}

/// Puts back what [`fill_actor`] found.
pub fn unfill_actor(w: &mut Writing<'_>, id: i64, before: &str) -> Result<(), Error> {
    let mut parts = before.split("\n\u{1e}");
    let (nickname, words) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    put_filled(w, id, nickname, words)?;
    if let Some(code) = parts.next() {
        put_place(w, id, PlaceCode::parse(code))?;
    }
    Ok(())
}

fn put_filled(w: &mut Writing<'_>, id: i64, nickname: &str, words: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE actor SET nickname = $2, place_words = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        params![id, nickname, words, now],
    )?;
    Ok(())
}

/// The codes of a member's place, and the spot that may be shown for it.
fn put_place(w: &mut Writing<'_>, id: i64, place: Option<PlaceCode>) -> Result<(), Error> {
    let [province, district, subdistrict] = place.map(places::codes).unwrap_or_default();
    let [(_, latitude), (_, longitude), (_, cell)] = places::shown_cells(ActorId(id), place);
    w.execute(
        "UPDATE actor SET province_code = $2, district_code = $3, subdistrict_code = $4, public_latitude = $5, \
         public_longitude = $6, public_cell = $7 WHERE id = $1",
        params![id, province, district, subdistrict, latitude, longitude, cell],
    )?;
    Ok(())
}

/// What a member said to being shown and contacted.
pub fn consent_of(w: &Writing<'_>, id: i64) -> Result<String, Error> {
    w.one("SELECT consent FROM actor WHERE id = $1", params![id])
}

/// What a member's consent was, and is from now on.
pub fn swap_consent(w: &mut Writing<'_>, id: i64, to: &str) -> Result<String, Error> {
    let before = consent_of(w, id)?;
    let now = w.now();
    w.execute(
        "UPDATE actor SET consent = $2, updated_at = $3, version = version + 1 WHERE id = $1",
        params![id, to, now],
    )?;
    Ok(before)
}

/// Kind, object, whether it was made, what was before.
pub type Touched = (String, i64, bool, Option<String>);

/// What an import made or changed: kind, object, whether it was made, what was before.
pub fn objects(w: &Writing<'_>, id: ImportId) -> Result<Vec<Touched>, Error> {
    w.all(
        "SELECT kind, object_id, made, before FROM import_object WHERE import_id = $1 ORDER BY position DESC",
        params![id],
    )
}

/// What stood there already, so that the import did not make it, is not the import's to open or to take back.
pub fn forget_what_stood(w: &mut Writing<'_>, id: ImportId, table: &str) -> Result<(), Error> {
    let unmade = format!(
        "SELECT o.object_id FROM import_object o WHERE o.import_id = $1 AND o.kind = '{table}' AND o.made \
         AND NOT EXISTS (SELECT 1 FROM {table} x WHERE x.id = o.object_id)"
    );
    w.execute(&format!("DELETE FROM audience WHERE object_id IN ({unmade})"), params![id])?;
    w.execute(
        &format!(
            "DELETE FROM import_object WHERE import_id = $1 AND kind = '{table}' AND made AND object_id IN ({unmade})"
        ),
        params![id],
    )?;
    Ok(())
}

/// The objects of one kind that an import made, as a condition on a column.
fn made(kind: &str) -> String {
    format!("IN (SELECT object_id FROM import_object WHERE import_id = $1 AND kind = '{kind}' AND made)")
}

/// Takes back everything an import made. What others have answered since stays, closed: a reply is theirs.
pub fn take_back(w: &mut Writing<'_>, id: ImportId, now: Micros) -> Result<(), Error> {
    let one = params![id].to_vec();
    for kind in ["intent", "tie", "contact", "gathering", "actor", "contact_point"] {
        w.execute(&format!("DELETE FROM audience WHERE object_id {}", made(kind)), &one)?;
    }
    for kind in ["intent", "actor"] {
        w.execute(
            &format!("UPDATE indexed SET gone = TRUE, tokens = '', facets = '', changed_at = $2 WHERE object_id {}", made(kind)),
            params![id, now],
        )?;
    }
    w.execute(
        &format!("UPDATE intent SET state = 'withdrawn', updated_at = $2 WHERE id {}", made("intent")),
        params![id, now],
    )?;
    let unanswered = "AND NOT EXISTS (SELECT 1 FROM reply y WHERE y.intent_id = ";
    w.execute(
        &format!(
            "DELETE FROM intent_category WHERE intent_id {} {unanswered}intent_category.intent_id)",
            made("intent")
        ),
        &one,
    )?;
    w.execute(&format!("DELETE FROM intent WHERE id {} {unanswered}intent.id)", made("intent")), &one)?;
    w.execute(&format!("DELETE FROM tie_note WHERE tie_id {}", made("tie")), &one)?;
    w.execute(&format!("DELETE FROM tie_consent WHERE tie_id {}", made("tie")), &one)?;
    w.execute(&format!("DELETE FROM tie WHERE id {}", made("tie")), &one)?;
    w.execute(&format!("DELETE FROM contact_participant WHERE contact_id {}", made("contact")), &one)?;
    w.execute(&format!("DELETE FROM contact WHERE id {}", made("contact")), &one)?;
    w.execute(&format!("DELETE FROM attendance WHERE gathering_id {}", made("gathering")), &one)?;
    w.execute(&format!("DELETE FROM gathering_change WHERE gathering_id {}", made("gathering")), &one)?;
    w.execute(&format!("DELETE FROM gathering WHERE id {}", made("gathering")), &one)?;
    w.execute(&format!("DELETE FROM likely_duplicate WHERE id {}", made("duplicate")), &one)?;
    for side in ["a_id", "b_id"] {
        w.execute(&format!("DELETE FROM likely_duplicate WHERE {side} {}", made("actor")), &one)?;
    }
    w.execute(
        &format!(
            "DELETE FROM key_holder WHERE actor_id {} AND actor_id NOT IN (SELECT person_id FROM account)",
            made("actor")
        ),
        &one,
    )?;
    w.execute(&format!("DELETE FROM membership_consent WHERE membership_id {}", made("membership")), &one)?;
    w.execute(&format!("DELETE FROM membership WHERE id {}", made("membership")), &one)?;
    // members that the import made came into the network by it
    let of_new = format!(
        "part_id {} AND whole_id = (SELECT i.network_id FROM import i WHERE i.id = $1)",
        made("actor")
    );
    let consents = format!(
        "DELETE FROM membership_consent WHERE membership_id IN (SELECT id FROM membership WHERE {of_new})"
    );
    w.execute(&consents, &one)?;
    w.execute(&format!("DELETE FROM membership WHERE {of_new}"), &one)?;
    w.execute(&format!("DELETE FROM contact_point WHERE id {}", made("contact_point")), &one)?;
    w.execute(&format!("DELETE FROM consent WHERE id {}", made("consent")), &one)?;
    // whoever took up an account meanwhile is no longer the import's to take back
    w.execute(
        &format!(
            "UPDATE actor SET gone_at = $2, state = 'deleted' WHERE id {} AND claimed_by IS NULL",
            made("actor")
        ),
        params![id, now],
    )?;
    w.execute("UPDATE import SET state = 'undone', undone_at = $2 WHERE id = $1", params![id, now])?;
    Ok(())
}

/// Rows for the many tables of an import, gathered before the transaction begins.
#[derive(Debug, Default)]
pub struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    tail: &'static str,
    /// Rows that nothing in the table can be equal to: their keys hold an id that this import made, each once. They
    /// need not be compared with what is there, which PostgreSQL takes many times faster.
    new: Vec<Vec<Value>>,
    /// Rows of which the table may have the same; the tail says what then.
    others: Vec<Vec<Value>>,
}

impl Rows {
    pub const fn of(table: &'static str, columns: &'static [&'static str], tail: &'static str) -> Self {
        Self { table, columns, tail, new: Vec::new(), others: Vec::new() }
    }

    /// A row of which the table may have the same, where it has a tail for that.
    pub fn push(&mut self, row: Vec<Value>) {
        if self.tail.is_empty() { self.new.push(row) } else { self.others.push(row) }
    }

    /// A row that nothing in the table can be equal to.
    pub fn push_new(&mut self, row: Vec<Value>) {
        self.new.push(row);
    }

    /// Brings the new rows of a table whose key is its first two columns into the order of that key, in which a tree
    /// grows at its end.
    pub fn sort(&mut self) {
        let id = |row: &[Value], at: usize| if let Some(Value::Int(id)) = row.get(at) { *id } else { 0 };
        self.new.sort_unstable_by_key(|row| (id(row, 0), id(row, 1)));
    }

    /// The table, where it may have had some of these rows already.
    pub fn met(&self) -> Option<&'static str> {
        (!self.others.is_empty()).then_some(self.table)
    }

    pub fn write(&self, w: &mut Writing<'_>) -> Result<(), Error> {
        w.insert_rows(self.table, self.columns, &self.new)?;
        w.insert_rows_with(self.table, self.columns, &self.others, self.tail)?;
        Ok(())
    }
}
