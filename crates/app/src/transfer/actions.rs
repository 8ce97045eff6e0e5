use formats::intake::{Known, Plan};
use store::ids::{ActorId, ImportId};
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Value, Writing, params};

use super::batch::{self, Batch};
use super::queries::{self, writing};
use crate::{members, search};

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
    let batch = batch::prepare(db, network, known, plans);
    let files = plans.iter().map(|plan| plan.file.as_str()).collect::<Vec<_>>().join("\n");
    let report = plans.iter().map(|plan| plan.report().to_string()).collect::<Vec<_>>().join("\n");
    db.write(acting, |w| {
        let id = match waiting {
            Some(id) => id,
            None => writing::begin(w, network, &files, "waiting")?,
        };
        if !writing::advance(w, id, "waiting", "done", Some(&report))? {
            return w.finished(None);
        }
        write(w, network, id, &batch)?;
        writing::drop_uploads(w, id)?;
        let entry =
            Entry::new(Act::Administer, "transfer.bring_in", id.0).in_network(network).fields(&["import"]);
        w.done(&entry, Some(Brought { id, counts: batch::counts(&batch) }))
    })
}

fn write(w: &mut Writing<'_>, network: ActorId, id: ImportId, batch: &Batch) -> Result<(), Error> {
    for rows in &batch.tables {
        w.insert_rows_with(rows.table, rows.columns, &rows.rows, rows.tail)?;
    }
    for (object, kind, actor, title, text, facets) in &batch.noted {
        let noted = search::Noted {
            object: *object,
            kind,
            network: Some(network),
            actor: *actor,
            title,
            text,
            facets,
        };
        search::note(w, &noted)?;
    }
    let mut objects: Vec<Vec<Value>> = batch
        .made
        .iter()
        .enumerate()
        .map(|(at, (kind, object, place))| {
            params![id, at, *kind, *object, true, None::<String>, place].to_vec()
        })
        .collect();
    let mut change = |kind: &str, object: i64, before: String| {
        objects.push(params![id, objects.len(), kind, object, false, Some(before), ""].to_vec());
    };
    for fill in &batch.fills {
        if let Some(before) = writing::fill_actor(w, fill.id, &fill.nickname, &fill.place_words)? {
            change("actor", fill.id, before);
        }
    }
    for (list, to) in [(&batch.given, "given"), (&batch.withdrawn, "withdrawn")] {
        for actor in list {
            change("consent_of", *actor, writing::swap_consent(w, *actor, to)?);
        }
    }
    let columns = ["import_id", "position", "kind", "object_id", "made", "before", "provenance"];
    w.insert_rows("import_object", &columns, &objects)?;
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
        writing::take_back(w, id, now)?;
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
    let id = writing::begin(w, network, &names, "waiting")?;
    for (position, (name, bytes)) in files.iter().enumerate() {
        writing::keep_upload(w, id, position, name, bytes)?;
    }
    w.record(&Entry::new(Act::Administer, "transfer.upload", id.0).in_network(network).fields(&["import"]))?;
    Ok(id)
}
