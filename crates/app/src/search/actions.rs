use store::ids::ActorId;
use store::{Error, Writing, params};

/// What is to be found, as its feature hands it over.
#[derive(Debug, Clone)]
pub struct Noted<'a> {
    pub object: i64,
    /// `person`, `group`, `organization`, `network`, `offer` or `need`.
    pub kind: &'a str,
    pub network: Option<ActorId>,
    /// The member it belongs to; for a member itself the same id.
    pub actor: ActorId,
    /// Names and titles: what a short query most likely means.
    pub title: &'a str,
    pub text: &'a str,
    /// Exact words to filter by: category codes, area codes.
    pub facets: &'a [String],
}

/// Notes what can be found from now on, in place of what was noted for this object before.
///
/// # Errors
/// The database's own.
pub fn note(w: &mut Writing<'_>, noted: &Noted<'_>) -> Result<(), Error> {
    let tokens = format!("{}\n{}", thai::text::fold(noted.title), thai::text::fold(noted.text));
    let now = w.now();
    w.execute(
        "INSERT INTO indexed (object_id, kind, network_id, actor_id, tokens, facets, changed_at, gone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE) ON CONFLICT (object_id) DO UPDATE SET kind = excluded.kind, \
         network_id = excluded.network_id, actor_id = excluded.actor_id, tokens = excluded.tokens, \
         facets = excluded.facets, changed_at = excluded.changed_at, gone = FALSE",
        params![noted.object, noted.kind, noted.network, noted.actor, tokens, noted.facets.join(" "), now],
    )?;
    Ok(())
}

/// Takes an object out of everything that can be found.
///
/// # Errors
/// The database's own.
pub fn forget(w: &mut Writing<'_>, object: i64) -> Result<(), Error> {
    let now = w.now();
    w.execute("UPDATE indexed SET gone = TRUE, changed_at = $1 WHERE object_id = $2", params![now, object])?;
    Ok(())
}
