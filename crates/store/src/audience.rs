//! Who may see an object: one table, `audience(object, key)`, and one predicate used everywhere.
//!
//! A key is an id and what one is to it, in one number (ids leave their two low bits free):
//!
//! | key | opens what |
//! |---|---|
//! | [`PUBLIC`] | everybody, signed in or not |
//! | [`own`] | the member and those who act for it |
//! | [`members`] | the members of a network, group or organization |
//! | [`tied`] | those tied to a member |
//! | [`coordinators`] | the coordinators of a network |
//!
//! Which keys a member holds stands in `key_holder`, written when a tie or membership begins and ends.

use crate::ids::ActorId;
use crate::{Error, Reading, Value, Viewer, Writing, params};

/// The key everybody holds. No id is 0, so no member's own key is.
pub const PUBLIC: i64 = 0;

/// What the member itself holds.
#[must_use]
pub const fn own(actor: ActorId) -> i64 {
    actor.0
}
/// What the members of a network, group or organization hold.
#[must_use]
pub const fn members(whole: ActorId) -> i64 {
    whole.0 | 1
}
/// What those tied to a member hold.
#[must_use]
pub const fn tied(actor: ActorId) -> i64 {
    actor.0 | 2
}
/// What the coordinators of a network hold.
#[must_use]
pub const fn coordinators(network: ActorId) -> i64 {
    network.0 | 3
}

/// The predicate: true for rows whose object this viewer may see. `object` is the column of the object's id and `$n`
/// the parameter that [`parameter`] fills.
#[must_use]
pub fn visible(object: &str, n: usize) -> String {
    format!(
        "(CAST(${n} AS BIGINT) = -1 OR EXISTS (SELECT 1 FROM audience seen WHERE seen.object_id = {object} AND (seen.key = 0 OR \
         seen.key = ${n} OR EXISTS (SELECT 1 FROM key_holder held WHERE held.actor_id = ${n} AND held.key = seen.key))))"
    )
}

/// The parameter of [`visible`]: the viewer's member, or nobody; the program itself sees all.
#[must_use]
pub const fn parameter(viewer: &Viewer) -> Value {
    match viewer {
        Viewer::System(_) => Value::Int(-1),
        // an id no member has: such a viewer holds the public key alone
        Viewer::Anonymous => Value::Int(-2),
        Viewer::Member { acting_as, .. } => Value::Int(acting_as.0),
    }
}

/// All keys this viewer holds, the public one included, sorted; `None` for the program itself, which needs none.
///
/// # Errors
/// The database's own.
pub fn keys(r: &Reading<'_>) -> Result<Option<Vec<i64>>, Error> {
    let actor = match r.viewer() {
        Viewer::System(_) => return Ok(None),
        Viewer::Anonymous => return Ok(Some(vec![PUBLIC])),
        Viewer::Member { acting_as, .. } => *acting_as,
    };
    let mut keys: Vec<i64> = r.all("SELECT key FROM key_holder WHERE actor_id = $1", params![actor])?;
    keys.extend([PUBLIC, own(actor)]);
    keys.sort_unstable();
    keys.dedup();
    Ok(Some(keys))
}

/// Whether this viewer may see the object.
///
/// # Errors
/// The database's own.
pub fn may_see(r: &Reading<'_>, object: i64) -> Result<bool, Error> {
    let sql =
        format!("SELECT 1 FROM (SELECT CAST($1 AS BIGINT) AS id) asked WHERE {}", visible("asked.id", 2));
    Ok(r.first::<i64>(&sql, &[Value::Int(object), parameter(r.viewer())])?.is_some())
}

/// Sets who may see an object, in place of what was.
///
/// # Errors
/// The database's own.
pub fn set(w: &mut Writing<'_>, object: i64, keys: &[i64]) -> Result<(), Error> {
    w.execute("DELETE FROM audience WHERE object_id = $1", params![object])?;
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<Vec<Value>> = keys.iter().map(|key| vec![Value::Int(object), Value::Int(*key)]).collect();
    w.insert_rows("audience", &["object_id", "key"], &rows)?;
    Ok(())
}

/// Gives a member a key.
///
/// # Errors
/// The database's own.
pub fn give_key(w: &mut Writing<'_>, actor: ActorId, key: i64) -> Result<(), Error> {
    w.execute(
        "INSERT INTO key_holder (actor_id, key) VALUES ($1, $2) ON CONFLICT (actor_id, key) DO NOTHING",
        params![actor, key],
    )?;
    Ok(())
}

/// Takes a key back.
///
/// # Errors
/// The database's own.
pub fn take_key(w: &mut Writing<'_>, actor: ActorId, key: i64) -> Result<(), Error> {
    w.execute("DELETE FROM key_holder WHERE actor_id = $1 AND key = $2", params![actor, key])?;
    Ok(())
}
