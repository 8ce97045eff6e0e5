//! The second tap: a form or request that was sent with the same key gets the first one's answer and makes nothing new.

use crate::ids::AccountId;
use crate::{Error, Micros, Writing, params};

/// How long an answer is remembered.
pub const KEEP: i64 = 2 * Micros::DAY;

/// What came of asking for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Never seen: go on, and [`remember`] the answer.
    Fresh,
    /// The same request was answered before, with this status and answer.
    Answered { status: i64, answer: String },
    /// The key was used for another request.
    OtherRequest,
}

/// Asks whether this request was answered before.
///
/// # Errors
/// The database's own.
pub fn claim(w: &Writing<'_>, account: AccountId, key: &str, request_hash: &str) -> Result<Claim, Error> {
    let before: Option<(String, i64, String)> = w.first(
        "SELECT request_hash, status, answer FROM idempotency WHERE account_id = $1 AND key = $2",
        params![account, key],
    )?;
    Ok(match before {
        None => Claim::Fresh,
        Some((hash, status, answer)) if hash == request_hash => Claim::Answered { status, answer },
        Some(_) => Claim::OtherRequest,
    })
}

/// Remembers the answer, in the transaction that made what it speaks of. Of two at once one loses the race, is run
/// again and finds the other's answer.
///
/// # Errors
/// [`Error::Busy`] when the same key was written at the same moment.
pub fn remember(
    w: &mut Writing<'_>,
    account: AccountId,
    key: &str,
    request_hash: &str,
    status: i64,
    answer: &str,
) -> Result<(), Error> {
    let now = w.now();
    let made = w.execute(
        "INSERT INTO idempotency (account_id, key, request_hash, status, answer, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, key) DO NOTHING",
        params![account, key, request_hash, status, answer, now],
    )?;
    if made == 0 { Err(Error::Busy) } else { Ok(()) }
}
