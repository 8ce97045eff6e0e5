//! Who is signed in: sessions and personal access tokens, kept by the hash of their secret.

use crate::ids::{AccountId, ActorId};
use crate::{Cells, Database, Error, FromRow, Micros, Reading, Viewer, Writing, params};
use sha2::{Digest as _, Sha256};

/// How long a session lasts without being used.
pub const LASTS: i64 = 60 * Micros::DAY;
/// A session's last use is written down at most this often: reading a page need not wait for the disk.
const SEEN_EVERY: i64 = 10 * Micros::MINUTE;

/// A new secret of 160 bits, safe in a cookie and in a link.
///
/// # Errors
/// [`Error::Fault`] when the system gives no randomness.
pub fn new_secret() -> Result<String, Error> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|e| Error::Fault(e.to_string()))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// A code short enough to be read out or typed from a slip: eight digits.
///
/// # Errors
/// As [`new_secret`].
pub fn new_code() -> Result<String, Error> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|e| Error::Fault(e.to_string()))?;
    Ok(format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000))
}

/// What of a secret is stored.
#[must_use]
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// A session that is alive, and what every page says about whom it belongs to.
#[derive(Debug, Clone)]
pub struct Session {
    pub account: AccountId,
    pub person: ActorId,
    pub acting_as: ActorId,
    pub operator: bool,
    pub lang: String,
    /// The network whose pages are shown; the first of the member's where none was chosen.
    pub network: Option<ActorId>,
    seen_at: Micros,
    pub person_name: String,
    pub acting_name: String,
    pub unread: i64,
    pub coordinator: bool,
}

impl FromRow for Session {
    fn from_row(cells: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            account: cells.take()?,
            person: cells.take()?,
            acting_as: cells.take()?,
            operator: cells.take()?,
            lang: cells.take()?,
            network: cells.take()?,
            seen_at: cells.take()?,
            person_name: cells.take()?,
            acting_name: cells.take()?,
            unread: cells.take()?,
            coordinator: cells.take()?,
        })
    }
}

impl Session {
    /// The viewer behind it.
    #[must_use]
    pub const fn viewer(&self) -> Viewer {
        Viewer::Member {
            account: self.account,
            person: self.person,
            acting_as: self.acting_as,
            operator: self.operator,
        }
    }

    /// Whether its last use should be written down now.
    #[must_use]
    pub const fn wants_touch(&self, now: Micros) -> bool {
        now.0 - self.seen_at.0 > SEEN_EVERY
    }
}

// the network: the one chosen, as long as the member is in it, else the oldest membership
const SELECT: &str = "SELECT s.account_id, a.person_id, s.acting_as, a.operator, a.lang, s.network_id, s.seen_at, \
    CASE WHEN p.nickname <> '' THEN p.nickname ELSE p.name END, \
    CASE WHEN m.nickname <> '' THEN m.nickname ELSE m.name END, \
    (SELECT COUNT(*) FROM notice n WHERE n.actor_id = s.acting_as AND n.read_at IS NULL AND NOT n.hidden), \
    EXISTS (SELECT 1 FROM membership c WHERE c.whole_id = s.network_id AND c.part_id = s.acting_as \
            AND c.role = 'coordinator' AND c.state = 'member') \
    FROM (SELECT x.account_id, x.acting_as, x.seen_at, COALESCE((SELECT chosen.whole_id FROM membership chosen \
              WHERE chosen.whole_id = x.network_id AND chosen.part_id = x.acting_as AND chosen.state = 'member'), \
            (SELECT MIN(ms.whole_id) FROM membership ms JOIN actor w ON w.id = ms.whole_id \
             WHERE ms.part_id = x.acting_as AND ms.state = 'member' AND w.kind = 'network')) AS network_id \
          FROM ";
const TAIL: &str = ") s JOIN account a ON a.id = s.account_id JOIN actor p ON p.id = a.person_id \
    JOIN actor m ON m.id = s.acting_as WHERE a.state = 'active' AND m.gone_at IS NULL AND (s.acting_as = a.person_id \
    OR EXISTS (SELECT 1 FROM stewardship t WHERE t.actor_id = s.acting_as AND t.person_id = a.person_id \
               AND t.until IS NULL))";

/// The session of a cookie's secret, if it is alive and its person still acts for whom it says.
///
/// # Errors
/// The database's own.
pub fn find(r: &Reading<'_>, secret: &str) -> Result<Option<Session>, Error> {
    let inner = "(SELECT account_id, acting_as, seen_at, network_id FROM session \
                 WHERE token_hash = $1 AND expires_at > $2) x";
    r.first(&format!("{SELECT}{inner}{TAIL}"), params![hash(secret), r.now()])
}

/// The same for a personal access token, and its scopes: as the member it was made for, or as another that its person
/// acts for, if that is asked and so.
///
/// # Errors
/// The database's own.
pub fn find_token(
    r: &Reading<'_>,
    secret: &str,
    acts_as: Option<ActorId>,
) -> Result<Option<(Session, String)>, Error> {
    let hash = hash(secret);
    let inner = "(SELECT account_id, COALESCE(CAST($3 AS BIGINT), acting_as) AS acting_as, COALESCE(used_at, 0) AS seen_at, \
                 CAST(NULL AS BIGINT) AS network_id FROM access_token WHERE token_hash = $1 AND revoked_at IS NULL \
                 AND (expires_at IS NULL OR expires_at > $2)) x";
    let found = |acts_as: Option<ActorId>| {
        r.first::<Session>(&format!("{SELECT}{inner}{TAIL}"), params![hash, r.now(), acts_as])
    };
    let session = match found(acts_as)? {
        Some(session) => session,
        // the token itself is good: whoever asks is told that this is not theirs to speak for
        None if acts_as.is_some() => match found(None)? {
            Some(session) => session,
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    let scopes = r.one("SELECT scopes FROM access_token WHERE token_hash = $1", params![hash])?;
    Ok(Some((session, scopes)))
}

/// Begins a session; answers the secret for the cookie.
///
/// # Errors
/// The database's own.
pub fn begin(
    w: &mut Writing<'_>,
    account: AccountId,
    person: ActorId,
    device: &str,
) -> Result<String, Error> {
    let secret = new_secret()?;
    let now = w.now();
    w.execute(
        "INSERT INTO session (token_hash, account_id, acting_as, created_at, seen_at, expires_at, device) \
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
        params![hash(&secret), account, person, now, now.plus(LASTS), device],
    )?;
    Ok(secret)
}

/// Ends the session of this secret.
///
/// # Errors
/// The database's own.
pub fn end(w: &mut Writing<'_>, secret: &str) -> Result<(), Error> {
    w.execute("DELETE FROM session WHERE token_hash = $1", params![hash(secret)])?;
    Ok(())
}

/// Ends every session of an account but this one: after a new password, or when a phone was lost.
///
/// # Errors
/// The database's own.
pub fn end_others(w: &mut Writing<'_>, account: AccountId, keep: Option<&str>) -> Result<u64, Error> {
    let keep = keep.map(hash).unwrap_or_default();
    w.execute("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2", params![account, keep])
}

/// Acts for another member from now on, in this session. The caller has checked the right.
///
/// # Errors
/// [`Error::NotFound`] when the session is gone.
pub fn act_as(w: &mut Writing<'_>, secret: &str, actor: ActorId) -> Result<(), Error> {
    w.execute_one("UPDATE session SET acting_as = $1 WHERE token_hash = $2", params![actor, hash(secret)])
}

/// Shows this network from now on, in this session.
///
/// # Errors
/// [`Error::NotFound`] when the session is gone.
pub fn choose_network(w: &mut Writing<'_>, secret: &str, network: ActorId) -> Result<(), Error> {
    w.execute_one("UPDATE session SET network_id = $1 WHERE token_hash = $2", params![network, hash(secret)])
}

/// What somebody showed to come in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The cookie of a session.
    Session(String),
    /// A personal access token.
    Token(String),
}

impl Database {
    /// Writes down when these were used last, all in one transaction; a session lasts from then.
    ///
    /// # Errors
    /// The database's own.
    pub fn touch(&self, used: &[(Secret, Micros)]) -> Result<(), Error> {
        self.bookkeeping("sessions", |w| {
            for (secret, at) in used {
                match secret {
                    Secret::Session(secret) => w.execute(
                        "UPDATE session SET seen_at = $1, expires_at = $2 WHERE token_hash = $3",
                        params![at, at.plus(LASTS), hash(secret)],
                    )?,
                    Secret::Token(secret) => w.execute(
                        "UPDATE access_token SET used_at = $1 WHERE token_hash = $2",
                        params![at, hash(secret)],
                    )?,
                };
            }
            Ok(())
        })
    }
}
