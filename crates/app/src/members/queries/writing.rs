//! The statements that write members.

use network::vocabulary::{Consent, MembershipState, Role, Visibility};
use store::ids::{ActorId, ConsentId, MembershipId};
use store::{Error, Value, Writing, audience, params};

/// Changes an actor that nobody changed since `version`; answers whether it was still that one.
pub fn update_actor(
    w: &mut Writing<'_>,
    id: ActorId,
    version: i64,
    cells: Vec<(&'static str, Value)>,
) -> Result<bool, Error> {
    let sets: Vec<String> =
        cells.iter().enumerate().map(|(i, (column, _))| format!("{column} = ${}", i + 4)).collect();
    let sql = format!(
        "UPDATE actor SET {}, updated_at = $3, version = version + 1 WHERE id = $1 AND version = $2",
        sets.join(", ")
    );
    let mut parameters = params![id, version, w.now()].to_vec();
    parameters.extend(cells.into_iter().map(|(_, value)| value));
    Ok(w.execute(&sql, &parameters)? > 0)
}

/// Takes away the ways to reach a member that the one who acts may see and that are not among these (kind, value).
pub fn drop_contact_points_but(w: &mut Writing<'_>, id: ActorId, stay: &[(&str, &str)]) -> Result<(), Error> {
    let sql = format!(
        "SELECT p.id, p.kind, p.value FROM contact_point p WHERE p.actor_id = $1 AND {}",
        audience::visible("p.id", 2)
    );
    let seen: Vec<(i64, String, String)> =
        w.all(&sql, &[Value::Int(id.0), audience::parameter(w.viewer())])?;
    for (point, kind, value) in seen {
        if !stay.contains(&(kind.as_str(), value.as_str())) {
            w.execute("DELETE FROM audience WHERE object_id = $1", params![point])?;
            w.execute("DELETE FROM contact_point WHERE id = $1", params![point])?;
        }
    }
    Ok(())
}

/// Takes away what a member can do or wants to learn and is not among these.
pub fn drop_capabilities_but(w: &mut Writing<'_>, id: ActorId, stay: &[(String, bool)]) -> Result<(), Error> {
    let held: Vec<(i64, String, bool)> =
        w.all("SELECT id, category, wants_to_learn FROM capability WHERE actor_id = $1", params![id])?;
    for (capability, category, learn) in held {
        if !stay.iter().any(|(code, wants)| *code == category && *wants == learn) {
            w.execute("DELETE FROM capability WHERE id = $1", params![capability])?;
        }
    }
    Ok(())
}

/// Adds a way to reach a member; one that is there already stays.
pub fn add_contact_point(
    w: &mut Writing<'_>,
    id: ActorId,
    kind: &str,
    value: &str,
    shown: &str,
    visibility: Visibility,
) -> Result<(), Error> {
    let (point, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO contact_point (id, actor_id, kind, value, shown, note, visibility, created_at) \
         VALUES ($1, $2, $3, $4, $5, '', $6, $7) ON CONFLICT (actor_id, kind, value) DO NOTHING",
        params![point, id, kind, value, shown, visibility.word(), now],
    )?;
    Ok(())
}

/// Adds something a member can do, or wants to learn.
pub fn add_capability(w: &mut Writing<'_>, id: ActorId, category: &str, learn: &bool) -> Result<(), Error> {
    let (capability, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO capability (id, actor_id, category, note, wants_to_learn, created_at) \
         VALUES ($1, $2, $3, '', $4, $5) ON CONFLICT (actor_id, category, wants_to_learn) DO NOTHING",
        params![capability, id, category, *learn, now],
    )?;
    Ok(())
}

/// Writes a membership; a second one of the same two changes the first.
pub fn put_membership(
    w: &mut Writing<'_>,
    whole: ActorId,
    part: ActorId,
    role: Role,
    title: &str,
    state: MembershipState,
) -> Result<MembershipId, Error> {
    let (id, now) = (MembershipId(w.new_id()), w.now());
    let by = w.viewer().person();
    w.execute(
        "INSERT INTO membership (id, whole_id, part_id, role, title, state, invited_by, answers, since, created_at, \
         created_by, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, '', $7, $7, $8, $7, 1) \
         ON CONFLICT (whole_id, part_id) DO UPDATE SET role = excluded.role, title = excluded.title, \
         state = excluded.state, until = NULL, updated_at = excluded.updated_at, version = membership.version + 1",
        params![id, whole, part, role.word(), title, state.word(), now, by],
    )?;
    w.one("SELECT id FROM membership WHERE whole_id = $1 AND part_id = $2", params![whole, part])
}

/// Ends a membership.
pub fn end_membership(
    w: &mut Writing<'_>,
    whole: ActorId,
    part: ActorId,
    state: MembershipState,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE membership SET state = $1, until = $2, updated_at = $2, version = version + 1 \
         WHERE whole_id = $3 AND part_id = $4",
        params![state.word(), now, whole, part],
    )
}

/// Puts a consent on record and on the member.
pub fn put_consent(
    w: &mut Writing<'_>,
    actor: ActorId,
    state: Consent,
    manner: &str,
    wording: &str,
) -> Result<ConsentId, Error> {
    let (id, now) = (ConsentId(w.new_id()), w.now());
    let by = w.viewer().person();
    w.execute(
        "INSERT INTO consent (id, actor_id, purpose, state, manner, recorded_by, wording, at) \
         VALUES ($1, $2, 'show_and_contact', $3, $4, $5, $6, $7)",
        params![id, actor, state.word(), manner, by, wording, now],
    )?;
    w.execute_one(
        "UPDATE actor SET consent = $1, updated_at = $2, version = version + 1 WHERE id = $3",
        params![state.word(), now, actor],
    )?;
    Ok(id)
}

/// Closes all contact points of a member, before who may see each is written anew.
pub fn clear_contact_point_audience(w: &mut Writing<'_>, id: ActorId) -> Result<(), Error> {
    w.execute(
        "DELETE FROM audience WHERE object_id IN (SELECT id FROM contact_point WHERE actor_id = $1)",
        params![id],
    )?;
    Ok(())
}
