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
