use store::ids::{ActorId, ContactId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

/// A contact as a timeline shows it.
#[derive(Debug, Clone)]
pub struct ContactRow {
    pub id: ContactId,
    pub at: Micros,
    pub channel: String,
    pub direction: String,
    pub summary: String,
    pub outcome: String,
    pub origin: String,
    pub recorded_by: Option<ActorId>,
    pub who: Vec<String>,
}

impl FromRow for ContactRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            at: c.take()?,
            channel: c.take()?,
            direction: c.take()?,
            summary: c.take()?,
            outcome: c.take()?,
            origin: c.take()?,
            recorded_by: c.take()?,
            who: Vec::new(),
        })
    }
}

const CONTACT: &str = "c.id, c.at, c.channel, c.direction, c.summary, c.outcome, c.origin, c.recorded_by";

/// The contacts of a member that this viewer may see, newest first.
pub fn contacts_of(r: &Reading<'_>, member: ActorId, rows: i64) -> Result<Vec<ContactRow>, Error> {
    let sql = format!(
        "SELECT {CONTACT} FROM contact c JOIN contact_participant p \
         ON p.contact_id = c.id WHERE p.actor_id = $1 AND {} ORDER BY c.at DESC, c.id DESC LIMIT $3",
        audience::visible("c.id", 2)
    );
    let viewer = audience::parameter(r.viewer());
    let mut rows: Vec<ContactRow> = r.all(&sql, &[Value::Int(member.0), viewer, Value::Int(rows)])?;
    let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
    for (contact, called) in who(r, &ids, member)? {
        if let Some(row) = rows.iter_mut().find(|row| row.id == contact) {
            row.who.push(called);
        }
    }
    Ok(rows)
}

/// The others who took part, by name as far as this viewer may see them; a mention nobody was found for by its words.
fn who(r: &Reading<'_>, contacts: &[ContactId], but: ActorId) -> Result<Vec<(ContactId, String)>, Error> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let mut parameters = vec![audience::parameter(r.viewer()), Value::Int(but.0)];
    let ids = store::listed(&mut parameters, contacts);
    let sql = format!(
        "SELECT p.contact_id, CASE WHEN a.id IS NULL THEN p.words WHEN a.nickname <> '' THEN a.nickname ELSE a.name END \
         FROM contact_participant p LEFT JOIN actor a ON a.id = p.actor_id WHERE p.contact_id IN ({ids}) \
         AND (p.actor_id IS NULL OR (p.actor_id <> $2 AND {})) ORDER BY p.contact_id, p.position",
        audience::visible("a.id", 1)
    );
    r.all(&sql, &parameters)
}

/// The contacts two members shared, newest first, as far as this viewer may see them.
pub fn contacts_between(
    r: &Reading<'_>,
    a: ActorId,
    b: ActorId,
    rows: i64,
) -> Result<Vec<ContactRow>, Error> {
    let sql = format!(
        "SELECT {CONTACT} FROM contact c \
         JOIN contact_participant p ON p.contact_id = c.id AND p.actor_id = $1 \
         JOIN contact_participant q ON q.contact_id = c.id AND q.actor_id = $4 \
         WHERE {} ORDER BY c.at DESC, c.id DESC LIMIT $3",
        audience::visible("c.id", 2)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[Value::Int(a.0), viewer, Value::Int(rows), Value::Int(b.0)])
}

/// What a new contact says.
#[derive(Debug, Clone)]
pub struct NewContact<'a> {
    pub network: Option<ActorId>,
    pub at: Micros,
    pub whole_day: bool,
    pub channel: &'a str,
    pub direction: &'a str,
    pub summary: &'a str,
    pub outcome: &'a str,
    pub origin: &'a str,
}

pub fn insert_contact(
    w: &mut Writing<'_>,
    contact: &NewContact<'_>,
    who: &[ActorId],
) -> Result<ContactId, Error> {
    let (id, now) = (ContactId(w.new_id()), w.now());
    let by = w.viewer().person();
    w.execute(
        "INSERT INTO contact (id, network_id, at, whole_day, channel, direction, summary, outcome, origin, visibility, \
         text_key, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'private', '', $10, $11)",
        params![
            id,
            contact.network,
            contact.at,
            contact.whole_day,
            contact.channel,
            contact.direction,
            contact.summary,
            contact.outcome,
            contact.origin,
            by,
            now
        ],
    )?;
    let rows: Vec<Vec<Value>> = who
        .iter()
        .enumerate()
        .map(|(i, actor)| {
            params![id, i, *actor, "", if i == 0 { "initiator" } else { "participant" }].to_vec()
        })
        .collect();
    w.insert_rows("contact_participant", &["contact_id", "position", "actor_id", "words", "role"], &rows)?;
    Ok(id)
}

/// A contact that somebody wrote down by hand.
#[derive(Debug, Clone)]
pub struct OwnContact {
    pub at: Micros,
    pub whole_day: bool,
    pub channel: String,
    pub direction: String,
    pub summary: String,
    pub outcome: String,
    pub who: Vec<ActorId>,
}

impl FromRow for OwnContact {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            at: c.take()?,
            whole_day: c.take()?,
            channel: c.take()?,
            direction: c.take()?,
            summary: c.take()?,
            outcome: c.take()?,
            who: Vec::new(),
        })
    }
}

/// A contact that the person who asks wrote down by hand: theirs to change and to take back.
pub fn own_contact(r: &Reading<'_>, id: ContactId) -> Result<OwnContact, Error> {
    let mut found: OwnContact = r.one(
        "SELECT at, whole_day, channel, direction, summary, outcome FROM contact WHERE id = $1 AND recorded_by = $2 \
         AND origin = 'manual'",
        params![id, r.viewer().person()],
    )?;
    found.who = participants(r, id)?;
    Ok(found)
}

pub fn delete_contact(w: &mut Writing<'_>, id: ContactId) -> Result<(), Error> {
    audience::set(w, id.0, &[])?;
    w.execute("DELETE FROM contact_participant WHERE contact_id = $1", params![id])?;
    w.execute_one("DELETE FROM contact WHERE id = $1", params![id])
}

pub fn update_contact(
    w: &mut Writing<'_>,
    id: ContactId,
    draft: &super::super::ContactDraft,
) -> Result<(), Error> {
    w.execute_one(
        "UPDATE contact SET at = $2, whole_day = $3, channel = $4, direction = $5, summary = $6, outcome = $7 \
         WHERE id = $1",
        params![
            id,
            draft.at,
            draft.whole_day,
            draft.channel.word(),
            draft.direction.word(),
            draft.summary,
            draft.outcome.word()
        ],
    )
}

/// Who took part, the one who began it first.
pub fn set_participants(w: &mut Writing<'_>, id: ContactId, who: &[ActorId]) -> Result<(), Error> {
    w.execute("DELETE FROM contact_participant WHERE contact_id = $1", params![id])?;
    let rows: Vec<Vec<Value>> = who
        .iter()
        .enumerate()
        .map(|(i, actor)| {
            params![id, i, *actor, "", if i == 0 { "initiator" } else { "participant" }].to_vec()
        })
        .collect();
    w.insert_rows("contact_participant", &["contact_id", "position", "actor_id", "words", "role"], &rows)?;
    Ok(())
}

/// Whether somebody in this network cannot write for themselves: no account, and consent on record.
pub fn may_write_for(r: &Reading<'_>, network: ActorId, id: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor a JOIN membership m ON m.part_id = a.id AND m.whole_id = $1 AND m.state = 'member' \
         WHERE a.id = $2 AND a.claimed_by IS NULL AND a.kind = 'person' AND a.consent = 'given' AND a.gone_at IS NULL",
        params![network, id],
    )?;
    Ok(found.is_some())
}

/// When a contact was.
pub fn contact_at(r: &Reading<'_>, id: ContactId) -> Result<Micros, Error> {
    r.one("SELECT at FROM contact WHERE id = $1", params![id])
}

/// Who took part in a contact and is known, the one who began it first.
pub fn participants(r: &Reading<'_>, id: ContactId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT actor_id FROM contact_participant WHERE contact_id = $1 AND actor_id IS NOT NULL ORDER BY position",
        params![id],
    )
}
