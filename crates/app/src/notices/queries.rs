use store::ids::ActorId;
use store::{Error, Writing, params};

/// Tells a member something: `kind` is the feature's word for it, `object` what it is about, `about` who did it.
///
/// # Errors
/// The database's own.
pub fn tell(
    w: &mut Writing<'_>,
    actor: ActorId,
    kind: &str,
    object: i64,
    about: Option<ActorId>,
    words: &str,
) -> Result<(), Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO notice (id, actor_id, kind, object_id, about_id, words, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, actor, kind, object, about, words, now],
    )?;
    Ok(())
}
