//! Devices that take pushes, the key they know this instance by, and people at LINE.

use store::ids::{AccountId, ActorId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

use crate::push::{Subscription, SubscriptionId};

const KEY: &str = "push.key";

pub fn kept_key(r: &Reading<'_>) -> Result<Option<String>, Error> {
    r.first("SELECT value FROM setting WHERE name = $1", params![KEY])
}

/// Keeps a key unless one is kept already; answers the one that is.
pub fn keep_key(w: &mut Writing<'_>, new: &str) -> Result<String, Error> {
    w.execute(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        params![KEY, new],
    )?;
    w.one("SELECT value FROM setting WHERE name = $1", params![KEY])
}

/// A device takes pushes from now on, as long as this session lasts. What it gave before, in this session or in another
/// one of anybody, is forgotten.
///
/// # Errors
/// The database's own.
pub fn subscribe(
    w: &mut Writing<'_>,
    session: &str,
    subscription: &Subscription,
) -> Result<SubscriptionId, Error> {
    let (id, now) = (SubscriptionId(w.new_id()), w.now());
    w.execute(
        "DELETE FROM push_subscription WHERE session_hash = $1 OR endpoint = $2",
        params![session, &subscription.endpoint],
    )?;
    w.execute(
        "INSERT INTO push_subscription (id, session_hash, endpoint, p256dh, auth, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, session, &subscription.endpoint, &subscription.p256dh, &subscription.auth, now],
    )?;
    Ok(id)
}

/// A device of this account takes no pushes any more.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub fn unsubscribe(w: &mut Writing<'_>, account: AccountId, id: SubscriptionId) -> Result<(), Error> {
    w.execute_one(
        "DELETE FROM push_subscription WHERE id = $1 \
         AND session_hash IN (SELECT token_hash FROM session WHERE account_id = $2)",
        params![id, account],
    )
}

/// A device in the list of those that take pushes.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    pub id: SubscriptionId,
    /// As its session names it.
    pub device: String,
    pub since: Micros,
    /// The hash of its session's secret.
    pub session: String,
}

impl FromRow for DeviceRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: c.take()?, device: c.take()?, since: c.take()?, session: c.take()? })
    }
}

/// The devices of an account that take pushes, the newest first.
///
/// # Errors
/// The database's own.
pub fn devices(r: &Reading<'_>, account: AccountId) -> Result<Vec<DeviceRow>, Error> {
    r.all(
        "SELECT p.id, s.device, p.created_at, s.token_hash FROM push_subscription p \
         JOIN session s ON s.token_hash = p.session_hash WHERE s.account_id = $1 AND s.expires_at > $2 \
         ORDER BY p.id DESC",
        params![account, r.now()],
    )
}

/// Devices one person is told on at once; the newest ones.
const MOST_DEVICES: i64 = 8;

/// The devices a person is told on.
///
/// # Errors
/// The database's own.
pub fn subscriptions_of(r: &Reading<'_>, person: ActorId) -> Result<Vec<SubscriptionId>, Error> {
    r.all(
        "SELECT p.id FROM push_subscription p JOIN session s ON s.token_hash = p.session_hash \
         JOIN account a ON a.id = s.account_id WHERE a.person_id = $1 AND a.state = 'active' AND s.expires_at > $2 \
         ORDER BY p.id DESC LIMIT $3",
        params![person, r.now(), MOST_DEVICES],
    )
}

/// A subscription as its channel reads it, while its session lives.
pub fn address(r: &Reading<'_>, id: SubscriptionId) -> Result<Option<String>, Error> {
    let found: Option<(String, String, String)> = r.first(
        "SELECT p.endpoint, p.p256dh, p.auth FROM push_subscription p \
         JOIN session s ON s.token_hash = p.session_hash WHERE p.id = $1 AND s.expires_at > $2",
        params![id, r.now()],
    )?;
    found
        .map(|(endpoint, p256dh, auth)| {
            serde_json::to_string(&Subscription { endpoint, p256dh, auth })
                .map_err(|e| Error::Fault(e.to_string()))
        })
        .transpose()
}

/// A device that is gone is not written to again.
pub fn forget(w: &mut Writing<'_>, id: SubscriptionId) -> Result<(), Error> {
    w.execute("DELETE FROM push_subscription WHERE id = $1", params![id])?;
    Ok(())
}

/// The user id at LINE of a person whose account is tied to it, while messages to it arrive.
///
/// # Errors
/// The database's own.
pub fn line_of(r: &Reading<'_>, person: ActorId, issuer: &str) -> Result<Option<String>, Error> {
    let name: Option<String> = r.first(
        "SELECT n.name FROM account a JOIN account_name n ON n.account_id = a.id WHERE a.person_id = $1 \
         AND a.state = 'active' AND n.kind = 'provider' AND n.name LIKE $2 AND n.bounced_at IS NULL \
         ORDER BY n.confirmed_at DESC LIMIT 1",
        params![person, format!("{issuer} %")],
    )?;
    // an underscore in a pattern stands for any letter
    Ok(name.and_then(|name| name.strip_prefix(&format!("{issuer} ")).map(str::to_owned)))
}

/// Nobody takes messages under this user id.
pub fn mark_line(w: &mut Writing<'_>, user: &str) -> Result<(), Error> {
    let now = w.now();
    if user.is_empty() || !user.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(());
    }
    w.execute(
        "UPDATE account_name SET bounced_at = $2 WHERE kind = 'provider' AND name LIKE $1",
        params![format!("% {user}"), now],
    )?;
    Ok(())
}
