use formats::intake::{Known, Plan};
use store::ids::{ActorId, ContactId, ImportId, TieId};
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Value, Writing, params};

use super::batch::{self, Batch};
use super::queries::writing::Rows;
use super::queries::{self, merging, writing};
use crate::{members, rhythm, search, ties};

/// What came of an import.
#[derive(Debug)]
pub struct Brought {
    pub id: ImportId,
    /// What was made, counted by kind.
    pub counts: std::collections::BTreeMap<&'static str, usize>,
}

/// Writes plans, all of them or nothing, in one transaction. `waiting`: the import that was shown and confirmed; from
/// the command line there is none, and one is begun. Answers none when it was done already (a second tap).
///
/// # Errors
/// The database's own; then nothing was written.
pub fn bring_in(
    db: &Database,
    acting: &Acting,
    network: ActorId,
    known: &Known,
    plans: &[Plan],
    waiting: Option<ImportId>,
) -> Result<Option<Brought>, Error> {
    let confidant = db.read(&acting.viewer, |r| queries::confidant(r, network))?;
    let mut batch = batch::prepare(db, network, confidant, known, plans);
    let id = waiting.unwrap_or_else(|| ImportId(db.new_id()));
    let made = batch.objects(id);
    let files = plans.iter().map(|plan| plan.file.as_str()).collect::<Vec<_>>().join("\n");
    let report = plans.iter().map(|plan| plan.report().to_string()).collect::<Vec<_>>().join("\n");
    db.write(acting, |w| {
        if waiting.is_none() {
            writing::begin(w, id, network, &files)?;
        }
        if !writing::advance(w, id, "waiting", "done", Some(&report))? {
            return w.finished(None);
        }
        write(w, id, &mut batch, &made)?;
        writing::drop_uploads(w, id)?;
        let entry =
            Entry::new(Act::Administer, "transfer.bring_in", id.0).in_network(network).fields(&["import"]);
        w.done(&entry, Some(Brought { id, counts: batch.counts.clone() }))
    })
}

/// Writes what was prepared; `made`: what the import remembers of what it makes.
fn write(w: &mut Writing<'_>, id: ImportId, batch: &mut Batch, made: &[Vec<Value>]) -> Result<(), Error> {
    for rows in &batch.tables {
        rows.write(w)?;
    }
    search::note_new(w, &mut batch.noted)?;
    let mut changed: Vec<Vec<Value>> = Vec::new();
    let mut change = |kind: &str, object: i64, before: String| {
        let position = made.len() + changed.len();
        changed.push(params![id, position, kind, object, false, Some(before), ""].to_vec());
    };
    for fill in &batch.fills {
        if let Some(before) = writing::fill_actor(w, fill)? {
            change("actor", fill.id, before);
        }
    }
    for (list, to) in [(&batch.given, "given"), (&batch.withdrawn, "withdrawn")] {
        for actor in list {
            let before = writing::consent_of(w, *actor)?;
            // somebody may have said no since the file was read
            if before == to || to == "given" && before != "pending" {
                continue;
            }
            change("consent_of", *actor, writing::swap_consent(w, *actor, to)?);
        }
    }
    let columns = ["import_id", "position", "kind", "object_id", "made", "before", "provenance"];
    w.insert_rows("import_object", &columns, made)?;
    w.insert_rows("import_object", &columns, &changed)?;
    // of these three an object is remembered whose row may not have come in
    let met = batch.tables.iter().filter_map(Rows::met);
    for table in met.filter(|table| ["contact_point", "tie", "gathering"].contains(table)) {
        writing::forget_what_stood(w, id, table)?;
    }
    // ties begin their rhythm, and what happened on them moves it
    for (kind, object, _) in &batch.made {
        match *kind {
            "tie" => ties::begin_rhythm(w, TieId(*object))?,
            "contact" => ties::follow(w, ContactId(*object))?,
            _ => {}
        }
    }
    // members that were there before: their audience and their words changed with what was added
    let mut again: Vec<i64> =
        batch.fills.iter().map(|fill| fill.id).chain(batch.withdrawn.iter().copied()).collect();
    again.sort_unstable();
    again.dedup();
    for actor in again {
        members::refresh(w, ActorId(actor))?;
    }
    Ok(())
}

/// Takes a whole import back. Answers false when it was not done, or taken back already.
///
/// # Errors
/// The database's own; then nothing changed.
pub fn undo(db: &Database, acting: &Acting, network: ActorId, id: ImportId) -> Result<bool, Error> {
    db.write(acting, |w| {
        let import = queries::find(w, network, id)?;
        if import.state != "done" || !writing::advance(w, id, "done", "undoing", None)? {
            return w.finished(false);
        }
        let objects = writing::objects(w, id)?;
        let mut again = Vec::new();
        for (kind, object, made, before) in &objects {
            if *made {
                continue;
            }
            let before = before.as_deref().unwrap_or_default();
            match kind.as_str() {
                "actor" => writing::unfill_actor(w, *object, before)?,
                "consent_of" => {
                    writing::swap_consent(w, *object, before)?;
                }
                _ => {}
            }
            again.push(*object);
        }
        let now = w.now();
        let of = |wanted: &str| -> Vec<i64> {
            objects
                .iter()
                .filter(|(kind, _, made, _)| *made && kind == wanted)
                .map(|(_, id, ..)| *id)
                .collect()
        };
        let between = ties::between_whom(w, &of("tie"), &of("contact"))?;
        writing::take_back(w, id, now)?;
        ties::count_anew(w, &between)?;
        for actor in again {
            members::refresh(w, ActorId(actor))?;
        }
        w.done(
            &Entry::new(Act::Administer, "transfer.undo", id.0).in_network(network).fields(&["import"]),
            true,
        )
    })
}

/// Keeps uploaded files as an import that waits for its confirmation.
pub fn keep(w: &mut Writing<'_>, network: ActorId, files: &[(String, Vec<u8>)]) -> Result<ImportId, Error> {
    let names = files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("\n");
    let id = ImportId(w.new_id());
    writing::begin(w, id, network, &names)?;
    for (position, (name, bytes)) in files.iter().enumerate() {
        writing::keep_upload(w, id, position, name, bytes)?;
    }
    w.record(&Entry::new(Act::Administer, "transfer.upload", id.0).in_network(network).fields(&["import"]))?;
    Ok(id)
}

/// What a person says of a likely pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They are one.
    One,
    /// They are two.
    Two,
}

/// Why a likely pair cannot be settled so.
#[derive(Debug, thiserror::Error)]
pub enum VerdictError {
    /// Each signs in on their own: only the two, or the one, can say which way in is given up.
    #[error("both sign in for themselves; one of the two accounts is left first")]
    TwoAccounts,
    #[error(transparent)]
    Store(#[from] Error),
}

/// Settles a likely pair of this network: made one, whoever signs in staying, else the older; or kept apart for good.
///
/// # Errors
/// [`VerdictError::TwoAccounts`]; [`Error::NotFound`] when it is not this network's, or settled already.
pub fn decide(w: &mut Writing<'_>, network: ActorId, id: i64, verdict: Verdict) -> Result<(), VerdictError> {
    let (a, b) = merging::pair(w, network, id)?;
    let (older, newer) = (a.min(b), a.max(b));
    let (kept, merged) = match (merging::signs_in(w, older)?, merging::signs_in(w, newer)?) {
        (true, true) if verdict == Verdict::One => return Err(VerdictError::TwoAccounts),
        (false, true) => (newer, older),
        _ => (older, newer),
    };
    merging::settle(w, id, if verdict == Verdict::One { "merged" } else { "apart" })?;
    if verdict == Verdict::One {
        let moved = merging::move_over(w, merged, kept)?;
        merging::bury(w, kept, merged, &moved.join("\n"))?;
        rhythm::count_all(w, kept)?;
        search::change_hands(w, kept, merged)?;
        members::refresh(w, merged)?;
        members::refresh(w, kept)?;
    }
    let verb = if verdict == Verdict::One { "transfer.merge" } else { "transfer.keep_apart" };
    w.record(&Entry::new(Act::Administer, verb, kept.0).in_network(network))?;
    Ok(())
}

/// Parts two members of this network who were made one.
///
/// # Errors
/// [`Error::NotFound`] when it is not this network's, or was undone already.
pub fn part(w: &mut Writing<'_>, network: ActorId, id: i64) -> Result<(), Error> {
    let (kept, _, _) = merging::find(w, id)?;
    members::find(w, kept)?;
    if !merging::recent(w, network)?.iter().any(|(recent, _, _)| *recent == id) {
        return Err(Error::NotFound);
    }
    let (kept, merged) = merging::part(w, id)?;
    for one in [kept, merged] {
        rhythm::count_all(w, one)?;
    }
    search::change_hands(w, kept, merged)?;
    members::refresh(w, kept)?;
    members::refresh(w, merged)?;
    w.record(&Entry::new(Act::Administer, "transfer.part", merged.0).in_network(network))
}

/// Remembers what headings mean in this network: pairs of heading and column code, an empty code leaving it out.
///
/// # Errors
/// The database's own.
pub fn map(
    w: &mut Writing<'_>,
    network: ActorId,
    id: ImportId,
    pairs: &[(String, String)],
) -> Result<(), Error> {
    for (heading, column) in pairs {
        writing::remember_mapping(w, network, heading, column)?;
    }
    w.record(&Entry::new(Act::Administer, "transfer.map", id.0).in_network(network))
}
