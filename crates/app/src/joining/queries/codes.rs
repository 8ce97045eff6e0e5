//! Members nobody has claimed, and the codes and links that work once.

use store::ids::{AccountId, ActorId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, audience, params, sessions};
use web::paging::{Cursor, Rows};

/// A member on the list of those nobody has claimed.
#[derive(Debug, Clone)]
pub struct Unclaimed {
    pub id: ActorId,
    pub name: String,
    pub nickname: String,
    pub consent: String,
    sort_key: String,
    pub phone: Option<String>,
}

impl FromRow for Unclaimed {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            consent: c.take()?,
            sort_key: c.take()?,
            phone: c.take()?,
        })
    }
}

impl Unclaimed {
    /// What people call them.
    pub fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }
}

/// Persons of a network without an account whose name begins like this, in the order people look names up.
pub fn unclaimed(
    r: &Reading<'_>,
    network: ActorId,
    typed: &str,
    after: &Cursor,
    rows: i64,
) -> Result<Rows<Unclaimed>, Error> {
    let like = format!("{}%", thai::text::normalize(typed).replace(['%', '_'], ""));
    let sql = format!(
        "SELECT a.id, a.name, a.nickname, a.consent, a.sort_key, (SELECT MIN(p.shown) FROM contact_point p \
         WHERE p.actor_id = a.id AND p.kind = 'phone') FROM actor a JOIN membership m ON m.part_id = a.id \
         WHERE m.whole_id = $1 AND m.state = 'member' AND a.kind = 'person' AND a.claimed_by IS NULL \
         AND a.gone_at IS NULL AND (a.sort_key, a.id) > ($3, $4) AND (a.name LIKE $5 OR a.nickname LIKE $5) AND {} \
         ORDER BY a.sort_key, a.id LIMIT $6",
        audience::visible("a.id", 2)
    );
    let mut parameters = params![network].to_vec();
    parameters.push(audience::parameter(r.viewer()));
    parameters.extend_from_slice(params![after.key, after.id, like, rows + 1]);
    let found = r.all::<Unclaimed>(&sql, &parameters)?;
    Ok(Rows::cut(found, rows, |one| Cursor { key: one.sort_key.clone(), id: one.id.0 }))
}

/// A person of this network, whatever they let others see: for those who look after them.
pub fn person_of(r: &Reading<'_>, network: ActorId, person: ActorId) -> Result<Looked, Error> {
    r.one(
        "SELECT a.id, a.name, a.nickname, a.consent, a.claimed_by, COALESCE(acc.operator, FALSE), n.name FROM actor a \
         JOIN membership m ON m.part_id = a.id JOIN actor n ON n.id = m.whole_id \
         LEFT JOIN account acc ON acc.person_id = a.id AND acc.state = 'active' \
         WHERE m.whole_id = $1 AND a.id = $2 AND m.state = 'member' AND a.kind = 'person' AND a.gone_at IS NULL",
        params![network, person],
    )
}

/// A person as those who look after them know them.
#[derive(Debug, Clone)]
pub struct Looked {
    pub id: ActorId,
    pub name: String,
    pub nickname: String,
    pub consent: String,
    pub claimed_by: Option<AccountId>,
    pub operator: bool,
    pub network_name: String,
}

impl FromRow for Looked {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            consent: c.take()?,
            claimed_by: c.take()?,
            operator: c.take()?,
            network_name: c.take()?,
        })
    }
}

impl Looked {
    /// What people call them.
    pub fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }
}

/// A code or link that works once.
#[derive(Debug, Clone)]
pub struct OneTime {
    pub actor: Option<ActorId>,
    pub network: Option<ActorId>,
    pub by: Option<ActorId>,
}

impl FromRow for OneTime {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { actor: c.take()?, network: c.take()?, by: c.take()? })
    }
}

/// The unused code of this secret, if its time is not over.
pub fn find(r: &Reading<'_>, secret: &str, purpose: &str) -> Result<Option<OneTime>, Error> {
    r.first(
        "SELECT actor_id, network_id, created_by FROM one_time_code WHERE code_hash = $1 AND purpose = $2 \
         AND used_at IS NULL AND expires_at > $3",
        params![sessions::hash(secret), purpose, r.now()],
    )
}

pub fn insert(
    w: &mut Writing<'_>,
    secret: &str,
    purpose: &str,
    actor: Option<ActorId>,
    network: Option<ActorId>,
    expires_at: Micros,
) -> Result<(), Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO one_time_code (code_hash, purpose, account_id, actor_id, network_id, detail, created_by, created_at, \
         expires_at, used_at) VALUES ($1, $2, NULL, $3, $4, NULL, $5, $6, $7, NULL)",
        params![sessions::hash(secret), purpose, actor, network, by, now, expires_at],
    )?;
    Ok(())
}

/// Uses a code up; of two at once one finds nothing to use.
pub fn take(w: &mut Writing<'_>, secret: &str, purpose: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE one_time_code SET used_at = $3 WHERE code_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        params![sessions::hash(secret), purpose, now],
    )
}

/// Uses up whatever else was given out to a member for this purpose.
pub fn take_all(w: &mut Writing<'_>, actor: ActorId, purpose: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE one_time_code SET used_at = $3 WHERE actor_id = $1 AND purpose = $2 AND used_at IS NULL",
        params![actor, purpose, now],
    )?;
    Ok(())
}

/// Sets the password of an account.
pub fn put_password(w: &mut Writing<'_>, account: AccountId, hash: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE account SET password_hash = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND state = 'active'",
        params![account, hash, now],
    )
}

/// The names an account may sign in with.
pub fn names_of(r: &Reading<'_>, account: AccountId) -> Result<Vec<String>, Error> {
    r.all("SELECT name FROM account_name WHERE account_id = $1 ORDER BY kind, name", params![account])
}

/// A person's phone, as a name to sign in with.
pub fn phone_of(r: &Reading<'_>, person: ActorId) -> Result<Option<String>, Error> {
    r.first(
        "SELECT shown FROM contact_point WHERE actor_id = $1 AND kind = 'phone' ORDER BY id",
        params![person],
    )
}

/// Forgets every code of a purpose.
pub fn forget(w: &mut Writing<'_>, purpose: &str) -> Result<(), Error> {
    w.execute("DELETE FROM one_time_code WHERE purpose = $1", params![purpose])?;
    Ok(())
}

/// A code or link for an account, with what it is about.
pub fn insert_for(
    w: &mut Writing<'_>,
    secret: &str,
    purpose: &str,
    account: AccountId,
    detail: &str,
    expires_at: Micros,
) -> Result<(), Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute(
        "INSERT INTO one_time_code (code_hash, purpose, account_id, actor_id, network_id, detail, created_by, created_at, \
         expires_at, used_at) VALUES ($1, $2, $3, NULL, NULL, $4, $5, $6, $7, NULL)",
        params![sessions::hash(secret), purpose, account, detail, by, now, expires_at],
    )?;
    Ok(())
}

/// The unused code of this secret: whose it is and what it is about.
pub fn find_for(r: &Reading<'_>, secret: &str, purpose: &str) -> Result<Option<(AccountId, String)>, Error> {
    r.first(
        "SELECT c.account_id, COALESCE(c.detail, '') FROM one_time_code c JOIN account a ON a.id = c.account_id \
         WHERE c.code_hash = $1 AND c.purpose = $2 AND c.used_at IS NULL AND c.expires_at > $3 AND a.state = 'active'",
        params![sessions::hash(secret), purpose, r.now()],
    )
}

/// Seconds until an account was given fewer than `most` codes of a purpose in the window (microseconds); none where it
/// is so now.
pub fn held_back(
    r: &Reading<'_>,
    account: AccountId,
    purpose: &str,
    most: i64,
    window: i64,
) -> Result<Option<u32>, Error> {
    let last_that_counts = r.first(
        "SELECT created_at FROM one_time_code WHERE account_id = $1 AND purpose = $2 AND created_at > $3 \
         ORDER BY created_at DESC LIMIT 1 OFFSET $4",
        params![account, purpose, r.now().plus(-window), most - 1],
    )?;
    Ok(last_that_counts.map(|at| super::seconds_left(r.now(), at, window)))
}

/// Uses up whatever else was given out to an account for this purpose.
pub fn take_all_for(w: &mut Writing<'_>, account: AccountId, purpose: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE one_time_code SET used_at = $3 WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL",
        params![account, purpose, now],
    )?;
    Ok(())
}

/// Forgets a job whose payload is nobody's to keep; answers whether it was there.
pub fn forget_job(w: &mut Writing<'_>, job: store::ids::JobId) -> Result<u64, Error> {
    w.execute("DELETE FROM job WHERE id = $1", params![job])
}

/// The purpose of what is remembered while somebody is at another service.
pub const WAY: &str = "provider";

/// Remembers what was begun in a browser, for an account that is to be tied or for nobody yet.
pub fn insert_way(
    w: &mut Writing<'_>,
    secret: &str,
    account: Option<AccountId>,
    detail: &str,
    expires_at: Micros,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO one_time_code (code_hash, purpose, account_id, actor_id, network_id, detail, created_by, created_at, \
         expires_at, used_at) VALUES ($1, $2, $3, NULL, NULL, $4, NULL, $5, $6, NULL)",
        params![sessions::hash(secret), WAY, account, detail, now, expires_at],
    )?;
    Ok(())
}

/// What was begun in this browser and not ended.
pub fn find_way(r: &Reading<'_>, secret: &str) -> Result<Option<(Option<AccountId>, String)>, Error> {
    r.first(
        "SELECT account_id, COALESCE(detail, '') FROM one_time_code WHERE code_hash = $1 AND purpose = $2 \
         AND used_at IS NULL AND expires_at > $3",
        params![sessions::hash(secret), WAY, r.now()],
    )
}
