use network::rhythm::Day;
use store::ids::{AccountId, ActorId};
use store::{Error, Reading, Writing, audience, params};

/// Whose a feed is and how it looks: member, account, the person of the account, names left out, events instead of
/// tasks.
pub type Feed = (ActorId, AccountId, ActorId, bool, bool);

/// The feed behind a secret, as long as it was not revoked, its account is active, and its person still acts for it.
pub fn feed(r: &Reading<'_>, hash: &str) -> Result<Feed, Error> {
    r.one(
        "SELECT f.actor_id, f.account_id, a.person_id, f.reduced, f.as_events FROM calendar_feed f \
         JOIN account a ON a.id = f.account_id WHERE f.token_hash = $1 AND f.revoked_at IS NULL AND a.state = 'active' \
         AND (a.person_id = f.actor_id OR EXISTS (SELECT 1 FROM stewardship s WHERE s.actor_id = f.actor_id \
         AND s.person_id = a.person_id AND s.until IS NULL))",
        params![hash],
    )
}

pub fn insert(
    w: &mut Writing<'_>,
    hash: &str,
    feed: (ActorId, AccountId),
    reduced: &bool,
    as_events: &bool,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO calendar_feed (token_hash, actor_id, account_id, reduced, as_events, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![hash, feed.0, feed.1, *reduced, *as_events, now],
    )?;
    Ok(())
}

/// Revokes every feed this account made for a member; how many there were.
pub fn revoke(w: &mut Writing<'_>, actor: ActorId, account: AccountId) -> Result<u64, Error> {
    let now = w.now();
    w.execute(
        "UPDATE calendar_feed SET revoked_at = $3 WHERE actor_id = $1 AND account_id = $2 AND revoked_at IS NULL",
        params![actor, account, now],
    )
}

/// How many feeds are open.
pub fn open(r: &Reading<'_>, actor: ActorId, account: AccountId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM calendar_feed WHERE actor_id = $1 AND account_id = $2 AND revoked_at IS NULL",
        params![actor, account],
    )
}

/// Somebody's card: id, kind, name, nickname, title, position, day of the last touch, what the tie is for.
pub type Person = (ActorId, String, String, String, String, String, Option<Day>, String);

/// Those a member keeps a rhythm toward, as far as it may see them.
pub fn people(r: &Reading<'_>, actor: ActorId) -> Result<Vec<Person>, Error> {
    let sql = format!(
        "SELECT a.id, a.kind, a.name, a.nickname, a.title, a.position, c.last_touch_on, c.why FROM care c \
         JOIN actor a ON a.id = c.other_id WHERE c.holder_id = $1 AND c.ended_on IS NULL AND a.gone_at IS NULL AND {} \
         ORDER BY a.sort_key, a.id LIMIT 5000",
        audience::visible("a.id", 2)
    );
    r.all(&sql, &[store::Value::Int(actor.0), audience::parameter(r.viewer())])
}

/// The ways to reach somebody that this viewer may see: kind and value.
pub fn points(r: &Reading<'_>, actor: ActorId) -> Result<Vec<(String, String)>, Error> {
    let sql = format!(
        "SELECT p.kind, p.value FROM contact_point p WHERE p.actor_id = $1 AND {} ORDER BY p.kind, p.id",
        audience::visible("p.id", 2)
    );
    r.all(&sql, &[store::Value::Int(actor.0), audience::parameter(r.viewer())])
}
