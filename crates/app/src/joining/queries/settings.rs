//! What one sets for oneself: password, sessions, tokens, who acts for whom, who may see me.

use store::ids::{AccountId, ActorId, TokenId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};
use web::Asker;

/// A session in the list.
#[derive(Debug, Clone)]
pub struct SessionRow {
    pub hash: String,
    pub device: String,
    pub seen_at: Micros,
}

impl FromRow for SessionRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { hash: c.take()?, device: c.take()?, seen_at: c.take()? })
    }
}

pub fn sessions(r: &Reading<'_>, account: AccountId) -> Result<Vec<SessionRow>, Error> {
    r.all(
        "SELECT token_hash, device, seen_at FROM session WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC",
        params![account, r.now()],
    )
}

/// Ends one session of an account, by the hash of its secret.
pub fn end_session(w: &mut Writing<'_>, account: AccountId, hash: &str) -> Result<(), Error> {
    w.execute_one("DELETE FROM session WHERE account_id = $1 AND token_hash = $2", params![account, hash])
}

/// A personal access token in the list.
#[derive(Debug, Clone)]
pub struct TokenRow {
    pub id: TokenId,
    pub label: String,
    pub scopes: String,
    pub used_at: Option<Micros>,
    pub expires_at: Option<Micros>,
}

impl FromRow for TokenRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            label: c.take()?,
            scopes: c.take()?,
            used_at: c.take()?,
            expires_at: c.take()?,
        })
    }
}

pub fn tokens(r: &Reading<'_>, account: AccountId) -> Result<Vec<TokenRow>, Error> {
    r.all(
        "SELECT id, label, scopes, used_at, expires_at FROM access_token WHERE account_id = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2) ORDER BY id DESC",
        params![account, r.now()],
    )
}

pub fn insert_token(
    w: &mut Writing<'_>,
    hash: &str,
    account: AccountId,
    acting_as: ActorId,
    label: &str,
    scopes: &str,
    expires_at: Micros,
) -> Result<TokenId, Error> {
    let (id, now) = (TokenId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO access_token (token_hash, id, account_id, acting_as, label, scopes, created_at, expires_at, used_at, \
         revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)",
        params![hash, id, account, acting_as, label, scopes, now, expires_at],
    )?;
    Ok(id)
}

pub fn revoke_token(w: &mut Writing<'_>, account: AccountId, id: TokenId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE access_token SET revoked_at = $3 WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL",
        params![account, id, now],
    )
}

pub fn password_hash(r: &Reading<'_>, account: AccountId) -> Result<Option<String>, Error> {
    r.one("SELECT password_hash FROM account WHERE id = $1", params![account])
}

pub fn put_language(w: &mut Writing<'_>, account: AccountId, lang: &str) -> Result<(), Error> {
    w.execute_one("UPDATE account SET lang = $2 WHERE id = $1", params![account, lang])
}

/// Who may see a member, and whether they agreed to be shown.
pub fn visibility(r: &Reading<'_>, actor: ActorId) -> Result<(String, String, bool), Error> {
    r.one("SELECT visibility, consent, may_be_suggested FROM actor WHERE id = $1", params![actor])
}

pub fn put_visibility(
    w: &mut Writing<'_>,
    actor: ActorId,
    visibility: &str,
    suggested: &bool,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE actor SET visibility = $2, may_be_suggested = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        params![actor, visibility, *suggested, now],
    )
}

/// The persons who act for a group or organization.
pub fn stewards(r: &Reading<'_>, actor: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT person_id FROM stewardship WHERE actor_id = $1 AND until IS NULL ORDER BY since",
        params![actor],
    )
}

/// Whether the one who asks may say who acts for a group or organization: who acts for it already; as long as nobody
/// does, a coordinator of a network it is in.
pub fn may_name_stewards(
    r: &Reading<'_>,
    network: ActorId,
    actor: ActorId,
    asker: &Asker,
    enters: bool,
) -> Result<bool, Error> {
    let stewards = stewards(r, actor)?;
    if let Some(person) = asker.viewer.person()
        && stewards.contains(&person)
    {
        return Ok(true);
    }
    let part: Option<i64> = r.first(
        "SELECT 1 FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 AND m.part_id = $2 \
         AND m.state = 'member' AND a.kind IN ('group', 'organization')",
        params![network, actor],
    )?;
    Ok(enters && stewards.is_empty() && part.is_some())
}

pub fn add_steward(w: &mut Writing<'_>, actor: ActorId, person: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO stewardship (actor_id, person_id, role, since, until) VALUES ($1, $2, 'steward', $3, NULL) \
         ON CONFLICT (actor_id, person_id) DO UPDATE SET until = NULL, since = excluded.since",
        params![actor, person, now],
    )?;
    Ok(())
}

/// Ends who acts for whom; their sessions go on as themselves and their tokens for it stop.
pub fn end_steward(w: &mut Writing<'_>, actor: ActorId, person: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE stewardship SET until = $3 WHERE actor_id = $1 AND person_id = $2 AND until IS NULL",
        params![actor, person, now],
    )?;
    w.execute(
        "UPDATE session SET acting_as = $2 WHERE acting_as = $1 \
         AND account_id IN (SELECT id FROM account WHERE person_id = $2)",
        params![actor, person],
    )?;
    w.execute(
        "UPDATE access_token SET revoked_at = $3 WHERE acting_as = $1 AND revoked_at IS NULL \
         AND account_id IN (SELECT id FROM account WHERE person_id = $2)",
        params![actor, person, now],
    )?;
    Ok(())
}

/// Whether this is a group or organization in the network.
pub fn is_group_of(r: &Reading<'_>, network: ActorId, whole: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 AND m.part_id = $2 \
         AND m.state = 'member' AND a.kind IN ('group', 'organization') AND a.gone_at IS NULL",
        params![network, whole],
    )?;
    Ok(found.is_some())
}

/// The group or organization of this name in the network, whatever the case and spaces.
pub fn group_named(r: &Reading<'_>, network: ActorId, name: &str) -> Result<Option<ActorId>, Error> {
    r.first(
        "SELECT a.id FROM actor a JOIN membership m ON m.part_id = a.id AND m.whole_id = $1 AND m.state = 'member' \
         WHERE a.name_key = $2 AND a.kind IN ('group', 'organization') AND a.kind <> 'person' AND a.gone_at IS NULL \
         ORDER BY a.id LIMIT 1",
        params![network, thai::names::short_key(name)],
    )
}

/// The groups and organizations of a network whose name begins like this, as far as this viewer may see them.
pub fn groups_like(r: &Reading<'_>, network: ActorId, typed: &str) -> Result<Vec<(ActorId, String)>, Error> {
    let begins = format!("{}%", thai::text::normalize(typed).replace(['%', '_'], ""));
    let sql = format!(
        "SELECT a.id, a.name FROM actor a JOIN membership m ON m.part_id = a.id WHERE m.whole_id = $1 \
         AND m.state = 'member' AND a.kind IN ('group', 'organization') AND a.gone_at IS NULL \
         AND (a.name LIKE $3 OR a.nickname LIKE $3) AND {} ORDER BY a.sort_key, a.id LIMIT 12",
        store::audience::visible("a.id", 2)
    );
    let viewer = store::audience::parameter(r.viewer());
    r.all(&sql, &[store::Value::Int(network.0), viewer, store::Value::Text(begins)])
}
