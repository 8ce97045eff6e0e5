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
    // remembering a request that found nothing to do is no change that somebody made
    let made = w.execute_uncounted(
        "INSERT INTO idempotency (account_id, key, request_hash, status, answer, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, key) DO NOTHING",
        params![account, key, request_hash, status, answer, now],
    )?;
    if made == 0 { Err(Error::Busy) } else { Ok(()) }
}

/// The status of a key whose request is being done.
const UNDER_WAY: i64 = 102;
/// The status of a key whose request was committed; the answer is written a moment later, unless the process dies.
const COMMITTED: i64 = 103;
/// After so long a request that never came to its end (the process died) may be sent again.
const UNDER_WAY_FOR: i64 = 2 * Micros::MINUTE;

/// What came of reserving a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// Never seen: do the request, then [`finish`] or [`release`].
    Fresh,
    /// The same request was answered before.
    Answered { status: i64, answer: String },
    /// The same request is being done at this moment.
    UnderWay,
    /// The same request was done, and the process died before the answer could be remembered.
    Done,
    /// The key was used for another request.
    OtherRequest,
}

/// Reserves a key before a request is done, for requests whose answer is known only after their transaction.
///
/// # Errors
/// [`Error::Busy`] when the same key was reserved at the same moment.
pub fn reserve(
    w: &mut Writing<'_>,
    account: AccountId,
    key: &str,
    request_hash: &str,
) -> Result<Reserved, Error> {
    let now = w.now();
    w.execute(
        "DELETE FROM idempotency WHERE account_id = $1 AND key = $2 AND status = $3 AND created_at < $4",
        params![account, key, UNDER_WAY, now.plus(-UNDER_WAY_FOR)],
    )?;
    match claim(w, account, key, request_hash)? {
        Claim::Answered { status, .. } if status == UNDER_WAY => Ok(Reserved::UnderWay),
        Claim::Answered { status, .. } if status == COMMITTED => Ok(Reserved::Done),
        Claim::Answered { status, answer } => Ok(Reserved::Answered { status, answer }),
        Claim::OtherRequest => Ok(Reserved::OtherRequest),
        Claim::Fresh => {
            remember(w, account, key, request_hash, UNDER_WAY, "")?;
            Ok(Reserved::Fresh)
        }
    }
}

/// Marks a reserved key as done, in the transaction that does it: whoever sends the request again after the process
/// died makes nothing new.
pub(crate) fn commit(w: &mut Writing<'_>, account: AccountId, key: &str) -> Result<(), Error> {
    w.execute(
        "UPDATE idempotency SET status = $3 WHERE account_id = $1 AND key = $2 AND status = $4",
        params![account, key, COMMITTED, UNDER_WAY],
    )?;
    Ok(())
}

/// Remembers the answer of a reserved key.
///
/// # Errors
/// The database's own.
pub fn finish(
    w: &mut Writing<'_>,
    account: AccountId,
    key: &str,
    status: i64,
    answer: &str,
) -> Result<(), Error> {
    w.execute(
        "UPDATE idempotency SET status = $3, answer = $4 WHERE account_id = $1 AND key = $2",
        params![account, key, status, answer],
    )?;
    Ok(())
}

/// Lets a reserved key go: the request did nothing, and may be sent again, corrected.
///
/// # Errors
/// The database's own.
pub fn release(w: &mut Writing<'_>, account: AccountId, key: &str) -> Result<(), Error> {
    w.execute("DELETE FROM idempotency WHERE account_id = $1 AND key = $2", params![account, key])?;
    Ok(())
}
