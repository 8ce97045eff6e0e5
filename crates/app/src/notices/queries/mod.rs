use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, Value, Writing, audience, params};

use super::NoticeId;

pub mod choices;
pub mod letters;

/// Writes a line; a hidden one does not show in the list.
pub fn insert(
    w: &mut Writing<'_>,
    actor: ActorId,
    kind: &str,
    object: i64,
    about: Option<ActorId>,
    words: &str,
    hidden: &bool,
) -> Result<NoticeId, Error> {
    let (id, now) = (NoticeId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO notice (id, actor_id, kind, object_id, about_id, words, at, read_at, hidden) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)",
        params![id, actor, kind, object, about, words, now, *hidden],
    )?;
    Ok(id)
}

/// Whether there is such a line since then.
pub fn told(r: &Reading<'_>, actor: ActorId, kind: &str, object: i64, since: Micros) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT id FROM notice WHERE actor_id = $1 AND kind = $2 AND object_id = $3 AND at >= $4",
        params![actor, kind, object, since],
    )?;
    Ok(found.is_some())
}

/// One line, with the name of who did it as far as the reader may see it.
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: String,
    pub words: String,
    pub at: Micros,
    pub read: bool,
    pub about: Option<String>,
}

impl FromRow for Notice {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            kind: c.take()?,
            words: c.take()?,
            at: c.take()?,
            read: c.take()?,
            about: c.take()?,
        })
    }
}

/// The lines of a member before an id (0: from the newest on).
pub fn list(r: &Reading<'_>, actor: ActorId, before: i64, rows: i64) -> Result<Vec<Notice>, Error> {
    let sql = format!(
        "SELECT n.id, n.kind, n.words, n.at, n.read_at IS NOT NULL, \
         (SELECT CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END FROM actor a \
          WHERE a.id = n.about_id AND {}) \
         FROM notice n WHERE n.actor_id = $2 AND NOT n.hidden AND (CAST($3 AS BIGINT) = 0 OR n.id < $3) ORDER BY n.id DESC LIMIT $4",
        audience::visible("a.id", 1)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[viewer, Value::Int(actor.0), Value::Int(before), Value::Int(rows)])
}

/// Where a line of this member leads: kind and object.
pub fn find(r: &Reading<'_>, actor: ActorId, id: NoticeId) -> Result<(String, i64), Error> {
    r.one("SELECT kind, object_id FROM notice WHERE id = $1 AND actor_id = $2", params![id, actor])
}

/// Marks a line as read, or all of them.
pub fn mark_read(w: &mut Writing<'_>, actor: ActorId, id: Option<NoticeId>) -> Result<(), Error> {
    let now = w.now();
    match id {
        Some(id) => w.execute(
            "UPDATE notice SET read_at = $1 WHERE id = $2 AND actor_id = $3 AND read_at IS NULL AND NOT hidden",
            params![now, id, actor],
        )?,
        None => w.execute(
            "UPDATE notice SET read_at = $1 WHERE actor_id = $2 AND read_at IS NULL AND NOT hidden",
            params![now, actor],
        )?,
    };
    Ok(())
}
