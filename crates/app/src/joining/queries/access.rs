//! By what an account is found and opened: names, proved addresses, passkeys, other services.

use store::ids::{AccountId, ActorId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

/// A name of an account in the list of its ways in.
#[derive(Debug, Clone)]
pub struct NameRow {
    /// `name`, `phone`, `email` or `provider`.
    pub kind: String,
    pub name: String,
    pub confirmed_at: Option<Micros>,
}

impl FromRow for NameRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { kind: c.take()?, name: c.take()?, confirmed_at: c.take()? })
    }
}

pub fn names(r: &Reading<'_>, account: AccountId) -> Result<Vec<NameRow>, Error> {
    r.all(
        "SELECT kind, name, confirmed_at FROM account_name WHERE account_id = $1 ORDER BY kind, name",
        params![account],
    )
}

/// Whose name it is, and since when it is proved.
pub fn holder(r: &Reading<'_>, kind: &str, name: &str) -> Result<Option<(AccountId, Option<Micros>)>, Error> {
    r.first(
        "SELECT account_id, confirmed_at FROM account_name WHERE kind = $1 AND name = $2",
        params![kind, name],
    )
}

pub fn insert_confirmed(
    w: &mut Writing<'_>,
    account: AccountId,
    kind: &str,
    name: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO account_name (kind, name, account_id, confirmed_at) VALUES ($1, $2, $3, $4)",
        params![kind, name, account, now],
    )?;
    Ok(())
}

/// Proves a name and makes it this account's.
pub fn confirm(w: &mut Writing<'_>, account: AccountId, kind: &str, name: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE account_name SET account_id = $3, confirmed_at = $4, bounced_at = NULL WHERE kind = $1 AND name = $2",
        params![kind, name, account, now],
    )
}

/// Takes a name away from an account.
pub fn remove(w: &mut Writing<'_>, account: AccountId, kind: &str, name: &str) -> Result<(), Error> {
    w.execute_one(
        "DELETE FROM account_name WHERE account_id = $1 AND kind = $2 AND name = $3",
        params![account, kind, name],
    )
}

/// The person behind an account that is open.
pub fn person(r: &Reading<'_>, account: AccountId) -> Result<ActorId, Error> {
    r.one("SELECT person_id FROM account WHERE id = $1 AND state = 'active'", params![account])
}

/// In how many ways an account can be opened: names with a password, passkeys, other services.
pub fn ways_in(r: &Reading<'_>, account: AccountId) -> Result<i64, Error> {
    r.one(
        "SELECT (SELECT COUNT(*) FROM account_name n JOIN account a ON a.id = n.account_id WHERE n.account_id = $1 \
         AND (n.kind = 'provider' OR a.password_hash IS NOT NULL)) \
         + (SELECT COUNT(*) FROM passkey WHERE account_id = $1)",
        params![account],
    )
}

/// A passkey in the list.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    pub id: String,
    pub label: String,
    pub used_at: Option<Micros>,
}

impl FromRow for PasskeyRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, label: c.take()?, used_at: c.take()? })
    }
}

pub fn passkeys(r: &Reading<'_>, account: AccountId) -> Result<Vec<PasskeyRow>, Error> {
    r.all(
        "SELECT id, label, used_at FROM passkey WHERE account_id = $1 ORDER BY created_at, id",
        params![account],
    )
}

/// Whose passkey it is, and what is stored of it.
pub fn passkey(r: &Reading<'_>, id: &str) -> Result<Option<(AccountId, ActorId, String)>, Error> {
    r.first(
        "SELECT a.id, a.person_id, p.credential FROM passkey p JOIN account a ON a.id = p.account_id \
         WHERE p.id = $1 AND a.state = 'active'",
        params![id],
    )
}

pub fn insert_passkey(
    w: &mut Writing<'_>,
    account: AccountId,
    id: &str,
    label: &str,
    credential: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO passkey (id, account_id, label, credential, created_at, used_at) VALUES ($1, $2, $3, $4, $5, NULL)",
        params![id, account, label, credential, now],
    )?;
    Ok(())
}

pub fn used_passkey(w: &mut Writing<'_>, id: &str, credential: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE passkey SET credential = $2, used_at = $3 WHERE id = $1",
        params![id, credential, now],
    )
}

pub fn rename_passkey(w: &mut Writing<'_>, account: AccountId, id: &str, label: &str) -> Result<(), Error> {
    w.execute_one(
        "UPDATE passkey SET label = $3 WHERE account_id = $1 AND id = $2",
        params![account, id, label],
    )
}

pub fn remove_passkey(w: &mut Writing<'_>, account: AccountId, id: &str) -> Result<(), Error> {
    w.execute_one("DELETE FROM passkey WHERE account_id = $1 AND id = $2", params![account, id])
}

/// Forgets what only protects for a while: codes that are over, old tries to sign in, sessions that ended by themselves.
pub fn forget_old(w: &mut Writing<'_>) -> Result<(), Error> {
    let now = w.now();
    for (statement, before) in [
        ("DELETE FROM one_time_code WHERE expires_at < $1", now.plus(-30 * Micros::DAY)),
        (
            "DELETE FROM one_time_code WHERE expires_at < $1 AND purpose IN ('passkey', 'provider')",
            now.plus(-Micros::DAY),
        ),
        ("DELETE FROM sign_in_attempt WHERE at < $1", now.plus(-30 * Micros::DAY)),
        ("DELETE FROM session WHERE expires_at < $1", now),
    ] {
        w.execute(statement, params![before])?;
    }
    Ok(())
}
