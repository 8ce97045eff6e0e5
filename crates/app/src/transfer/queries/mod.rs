//! The SQL of bringing in: what the network holds, and what an import left behind. What it writes stands in
//! [`writing`].

mod kept;
pub mod leaving;
pub mod merging;
mod one_rhythm;
pub mod personal;
mod received;
mod signing_in;
pub mod whole;
pub mod writing;

use std::collections::{HashMap, HashSet};

use formats::intake::{ActorKind, Known, KnownActivity, KnownActor, KnownTie, Relation};
use store::ids::{ActorId, ImportId};
use store::{Cells, Error, FromRow, Micros, Reading, params};

struct ActorRow {
    id: i64,
    kind: String,
    name: String,
    nickname: String,
    other_nicknames: String,
    aliases: String,
    place_words: String,
    card_uid: Option<String>,
    consent: String,
    membership: String,
}

impl FromRow for ActorRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            kind: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            other_nicknames: c.take()?,
            aliases: c.take()?,
            place_words: c.take()?,
            card_uid: c.take()?,
            consent: c.take()?,
            membership: c.take()?,
        })
    }
}

/// Everything a file is compared with: the members of the network and those who were, their ties, contacts and activities. Told to the
/// program, not to a person: the import shows of it only what the file names.
///
/// # Errors
/// The database's own.
pub fn known(r: &Reading<'_>, network: ActorId) -> Result<Known, Error> {
    let rows: Vec<ActorRow> = r.all(
        "SELECT a.id, a.kind, a.name, a.nickname, a.other_nicknames, a.aliases, a.place_words, a.card_uid, a.consent, m.state \
         FROM actor a JOIN membership m ON m.part_id = a.id WHERE m.whole_id = $1 \
         AND m.state IN ('member', 'left', 'removed') AND a.gone_at IS NULL \
         AND a.kind IN ('person', 'group', 'organization') ORDER BY a.id",
        params![network],
    )?;
    let mut actors = Vec::with_capacity(rows.len());
    let mut at: HashMap<i64, usize> = HashMap::new();
    let mut gone: HashSet<i64> = HashSet::new();
    for row in rows {
        if row.membership != "member" {
            gone.insert(row.id);
        }
        at.insert(row.id, actors.len());
        actors.push(known_actor(row));
    }
    let mut add = |id: i64, put: &mut dyn FnMut(&mut KnownActor)| {
        if let Some(actor) = at.get(&id).and_then(|n| actors.get_mut(*n)) {
            put(actor);
        }
    };
    let inside =
        "SELECT part_id FROM membership WHERE whole_id = $1 AND state IN ('member', 'left', 'removed')";
    let points: Vec<(i64, String, String)> = r.all(
        &format!("SELECT actor_id, kind, value FROM contact_point WHERE actor_id IN ({inside}) ORDER BY id"),
        params![network],
    )?;
    for (id, kind, value) in points {
        add(id, &mut |actor| match kind.as_str() {
            "phone" => actor.phones.push(value.clone()),
            "email" => actor.emails.push(value.clone()),
            "line" => actor.line_ids.push(value.clone()),
            _ => {}
        });
    }
    // the list that brought somebody in, by its headings
    let lists: Vec<(i64, String)> = r.all(
        "SELECT o.object_id, o.provenance FROM import_object o JOIN import i ON i.id = o.import_id \
         WHERE i.network_id = $1 AND i.state = 'done' AND o.kind = 'actor' AND o.made ORDER BY o.import_id, o.position",
        params![network],
    )?;
    for (id, provenance) in lists {
        if let Some((_, key)) = provenance.rsplit_once('#') {
            add(id, &mut |actor| actor.sheets.push(key.to_owned()));
        }
    }
    let belongings: Vec<(i64, i64)> = r.all(
        &format!(
            "SELECT m.part_id, m.whole_id FROM membership m WHERE m.part_id IN ({inside}) AND m.state = 'member' \
             AND m.whole_id <> $1 ORDER BY m.id"
        ),
        params![network],
    )?;
    for (part, whole) in belongings {
        add(part, &mut |actor| actor.belongs_to.push(whole));
    }
    let intents: Vec<(i64, String, String)> =
        r.all("SELECT actor_id, side, text FROM intent WHERE network_id = $1 ORDER BY id", params![network])?;
    for (owner, side, text) in intents {
        add(owner, &mut |actor| {
            if side == "need" { actor.needs.push(text.clone()) } else { actor.offers.push(text.clone()) }
        });
    }
    let (left, actors) = actors.into_iter().partition(|actor| gone.contains(&actor.id));
    Ok(Known {
        actors,
        left,
        ties: known_ties(r, network)?,
        contacts: fingerprints(r, network)?,
        activities: r
            .all::<(i64, String, i64)>(
                "SELECT id, uid, sequence FROM gathering WHERE network_id = $1",
                params![network],
            )?
            .into_iter()
            .map(|(id, uid, sequence)| KnownActivity { id, uid, sequence })
            .collect(),
        kept_apart: r.all(
            "SELECT a_id, b_id FROM likely_duplicate WHERE network_id = $1 AND state = 'apart'",
            params![network],
        )?,
    })
}

fn known_actor(row: ActorRow) -> KnownActor {
    let kind = match row.kind.as_str() {
        "group" => ActorKind::Group,
        "organization" => ActorKind::Organization,
        _ => ActorKind::Person,
    };
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut actor = KnownActor::new(row.id, kind);
    actor.name = row.name;
    actor.aliases = lines(&row.aliases);
    actor.nicknames =
        std::iter::once(row.nickname).filter(|n| !n.is_empty()).chain(lines(&row.other_nicknames)).collect();
    let mut place = row.place_words.split('\n').skip(1);
    actor.place = match (place.next(), place.next()) {
        (Some(district), Some(subdistrict)) if !district.is_empty() && !subdistrict.is_empty() => {
            Some((district.to_owned(), subdistrict.to_owned()))
        }
        _ => None,
    };
    actor.card_uid = row.card_uid;
    actor.said_no = matches!(row.consent.as_str(), "refused" | "withdrawn");
    actor
}

fn known_ties(r: &Reading<'_>, network: ActorId) -> Result<Vec<KnownTie>, Error> {
    let rows: Vec<(i64, i64, i64, String)> =
        r.all("SELECT id, subject_id, object_id, relation FROM tie WHERE network_id = $1", params![network])?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, subject, object, word)| {
            let relation = *Relation::ALL.iter().find(|relation| relation.code() == word)?;
            Some(KnownTie { id, subject, object, relation })
        })
        .collect())
}

fn fingerprints(r: &Reading<'_>, network: ActorId) -> Result<Vec<String>, Error> {
    let keys: Vec<String> =
        r.all("SELECT text_key FROM contact WHERE network_id = $1 AND text_key <> ''", params![network])?;
    Ok(keys.iter().flat_map(|key| key.lines()).map(str::to_owned).collect())
}

/// An import on its pages.
#[derive(Debug, Clone)]
pub struct Import {
    pub id: ImportId,
    pub state: String,
    pub files: String,
    pub created_at: Micros,
}

impl FromRow for Import {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, state: c.take()?, files: c.take()?, created_at: c.take()? })
    }
}

const IMPORT: &str = "id, state, files, created_at";

/// An import of this network.
pub fn find(r: &Reading<'_>, network: ActorId, id: ImportId) -> Result<Import, Error> {
    r.one(&format!("SELECT {IMPORT} FROM import WHERE id = $1 AND network_id = $2"), params![id, network])
}

/// The imports of a network, newest first.
pub fn list(r: &Reading<'_>, network: ActorId) -> Result<Vec<Import>, Error> {
    let sql = format!("SELECT {IMPORT} FROM import WHERE network_id = $1 ORDER BY id DESC LIMIT 20");
    r.all(&sql, params![network])
}

/// The files of an import that waits for its confirmation: name, bytes, column mapping as JSON.
pub fn uploads(r: &Reading<'_>, id: ImportId) -> Result<Vec<(String, Vec<u8>, String)>, Error> {
    r.all(
        "SELECT file_name, bytes, mapping FROM import_upload WHERE import_id = $1 ORDER BY position",
        params![id],
    )
}

/// What people of this network said headings mean, remembered from imports before.
pub fn remembered_mapping(r: &Reading<'_>, network: ActorId) -> Result<Vec<(String, String)>, Error> {
    r.all(
        "SELECT headings_key, mapping FROM import_mapping WHERE network_id = $1 ORDER BY headings_key",
        params![network],
    )
}

/// Who sees a need of the kind that stays among few when a list brings it in: the coordinator who brings it in, from
/// the command line the longest of them; where nobody coordinates, the network's coordinators to come.
pub fn confidant(r: &Reading<'_>, network: ActorId) -> Result<ActorId, Error> {
    let coordinators: Vec<ActorId> = r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' \
         ORDER BY since, id",
        params![network],
    )?;
    let own = r.viewer().actor().filter(|actor| coordinators.contains(actor));
    Ok(own.or(coordinators.first().copied()).unwrap_or(network))
}
