//! The SQL of the outbox: a job of the kind `letter` with its one delivery.

use store::ids::{ActorId, JobId};
use store::journal::{Act, Entry};
use store::{Cells, Database, Error, FromRow, Micros, Reading, Viewer, Writing, params};

use crate::{DeliveryId, Letter, Outcome, To};

pub mod push;

pub const KIND: &str = "letter";

/// Writes a letter into the outbox, in the transaction of its cause. A second letter with the same key is not written;
/// answers whether this one was.
///
/// # Errors
/// The database's own.
pub fn enqueue(w: &mut Writing<'_>, letter: &Letter, to: &To) -> Result<bool, Error> {
    let (job, now) = (JobId(w.new_id()), w.now());
    let begins = letter.not_before.unwrap_or(now);
    let payload = serde_json::to_string(letter).map_err(|e| Error::Fault(e.to_string()))?;
    let made = w.execute(
        "INSERT INTO job (id, kind, idempotency_key, payload, state, run_at, attempts, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6, $7) ON CONFLICT (idempotency_key) DO NOTHING",
        params![job, KIND, format!("letter/{}", letter.key), payload, begins, now, begins.plus(letter.lasts)],
    )?;
    if made == 0 {
        return Ok(false);
    }
    let id = w.new_id();
    w.execute(
        "INSERT INTO delivery (id, job_id, recipient_id, address, channel, state, at, detail) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, NULL)",
        params![id, job, to.recipient, to.address, to.channel, now],
    )?;
    Ok(true)
}

/// The confirmed e-mail of a person's account, if there is one and letters to it did not come back, and the account's
/// language.
///
/// # Errors
/// The database's own.
pub fn email_of(r: &Reading<'_>, person: ActorId) -> Result<Option<(String, String)>, Error> {
    r.first(
        "SELECT n.name, a.lang FROM account a JOIN account_name n ON n.account_id = a.id WHERE a.person_id = $1 \
         AND a.state = 'active' AND n.kind = 'email' AND n.confirmed_at IS NOT NULL AND n.bounced_at IS NULL \
         ORDER BY n.confirmed_at DESC LIMIT 1",
        params![person],
    )
}

/// A delivery as the carrier takes it up.
pub struct Taken {
    pub id: DeliveryId,
    pub address: Option<String>,
    pub channel: String,
    pub state: String,
    pub expires_at: Option<Micros>,
    /// When its state was written.
    pub at: Micros,
}

impl FromRow for Taken {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            address: c.take()?,
            channel: c.take()?,
            state: c.take()?,
            expires_at: c.take()?,
            at: c.take()?,
        })
    }
}

pub fn of_job(r: &Reading<'_>, job: JobId) -> Result<Option<Taken>, Error> {
    r.first(
        "SELECT d.id, d.address, d.channel, d.state, j.expires_at, d.at FROM delivery d JOIN job j ON j.id = d.job_id \
         WHERE d.job_id = $1",
        params![job],
    )
}

/// The state of a delivery and of its job, and why.
pub fn put(
    w: &mut Writing<'_>,
    delivery: DeliveryId,
    job: JobId,
    states: (&str, &str),
    detail: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE delivery SET state = $2, at = $3, detail = $4 WHERE id = $1",
        params![delivery, states.0, now, detail],
    )?;
    // a job that is being done keeps its lock; whatever else lets it go
    w.execute(
        "UPDATE job SET state = $2, last_error = $3, finished_at = CASE WHEN $2 = 'done' THEN CAST($4 AS BIGINT) END, \
         locked_until = CASE WHEN $5 = 'sending' THEN locked_until END WHERE id = $1",
        params![job, states.1, detail, now, states.0],
    )?;
    Ok(())
}

/// When it is tried again.
pub fn put_off(w: &mut Writing<'_>, job: JobId, until: Micros) -> Result<(), Error> {
    w.execute("UPDATE job SET run_at = $2 WHERE id = $1", params![job, until])?;
    Ok(())
}

/// Forgets the words of a letter: nobody needs them any more, and links in them may open doors.
pub fn forget_words(w: &mut Writing<'_>, job: JobId) -> Result<(), Error> {
    w.execute("UPDATE job SET payload = '{}' WHERE id = $1", params![job])?;
    Ok(())
}

/// Marks an address that does not exist wherever it stands.
pub fn mark_bounced(w: &mut Writing<'_>, address: &str) -> Result<(), Error> {
    let now = w.now();
    for statement in [
        "UPDATE account_name SET bounced_at = $2 WHERE kind = 'email' AND name = $1",
        "UPDATE contact_point SET bounced_at = $2 WHERE kind = 'email' AND value = $1",
    ] {
        w.execute(statement, params![address, now])?;
    }
    Ok(())
}

/// An address that was confirmed takes letters again, or a name at another service messages.
///
/// # Errors
/// The database's own.
pub fn accepts_again(w: &mut Writing<'_>, address: &str) -> Result<(), Error> {
    for statement in [
        "UPDATE account_name SET bounced_at = NULL WHERE kind = 'provider' AND name = $1",
        "UPDATE account_name SET bounced_at = NULL WHERE kind = 'email' AND name = $1",
        "UPDATE contact_point SET bounced_at = NULL WHERE kind = 'email' AND value = $1",
    ] {
        w.execute(statement, params![address])?;
    }
    Ok(())
}

/// Heeds it: who blocked the account is not written to until they are friends again or sign in by LINE once more. A call
/// that comes late, after what undid it, changes nothing. Answers whose account it is where something changed.
///
/// # Errors
/// The database's own.
pub fn heed(w: &mut Writing<'_>, said: &crate::Said) -> Result<Option<ActorId>, Error> {
    let sql = if said.reachable {
        "UPDATE account_name SET bounced_at = NULL WHERE kind = 'provider' AND name = $1 AND bounced_at <= $2"
    } else {
        "UPDATE account_name SET bounced_at = $2 WHERE kind = 'provider' AND name = $1 AND bounced_at IS NULL \
         AND (confirmed_at IS NULL OR confirmed_at < $2)"
    };
    if w.execute(sql, params![said.name.as_str(), said.at])? == 0 {
        return Ok(None);
    }
    w.first(
        "SELECT a.person_id FROM account a JOIN account_name n ON n.account_id = a.id \
         WHERE n.kind = 'provider' AND n.name = $1",
        params![said.name.as_str()],
    )
}

/// When letters to an address of this member came back for good, if they did: contact points and sign-in names alike.
///
/// # Errors
/// The database's own.
pub fn bounced(r: &Reading<'_>, actor: ActorId) -> Result<Vec<String>, Error> {
    r.all(
        "SELECT value FROM contact_point WHERE actor_id = $1 AND kind = 'email' AND bounced_at IS NOT NULL \
         UNION SELECT n.name FROM account_name n JOIN account a ON a.id = n.account_id WHERE a.person_id = $1 \
         AND n.kind = 'email' AND n.bounced_at IS NOT NULL ORDER BY 1",
        params![actor],
    )
}

/// Letters of a person who is erased: what was not sent never is, and no address stays behind.
///
/// # Errors
/// The database's own.
pub fn forget_person(w: &mut Writing<'_>, person: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE job SET payload = '{}', state = 'done', finished_at = $2 WHERE kind = 'letter' \
         AND id IN (SELECT job_id FROM delivery WHERE recipient_id = $1)",
        params![person, now],
    )?;
    w.execute(
        "UPDATE delivery SET address = NULL, recipient_id = NULL, detail = NULL, \
         state = CASE WHEN state IN ('waiting', 'sending') THEN 'expired' ELSE state END WHERE recipient_id = $1",
        params![person],
    )?;
    Ok(())
}

/// What the operator sees of a letter: where it went and what came of it, never its words.
#[derive(Debug, Clone)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub address: Option<String>,
    pub channel: String,
    /// `perhaps`, `failed` or `refused`.
    pub state: String,
    pub at: Micros,
    pub detail: String,
    /// Whether its words are still there to be sent again.
    pub kept: bool,
}

impl FromRow for DeliveryRow {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            address: c.take()?,
            channel: c.take()?,
            state: c.take()?,
            at: c.take()?,
            detail: c.take()?,
            kept: c.take()?,
        })
    }
}

/// Letters that wait for a person: perhaps sent, refused, or not taken after many tries; the newest first.
///
/// # Errors
/// The database's own.
pub fn waiting(r: &Reading<'_>, most: i64) -> Result<Vec<DeliveryRow>, Error> {
    r.all(
        "SELECT d.id, d.address, d.channel, d.state, d.at, COALESCE(d.detail, ''), j.payload <> '{}' FROM delivery d \
         JOIN job j ON j.id = d.job_id WHERE d.state IN ('perhaps', 'failed', 'refused') ORDER BY d.at DESC, d.id LIMIT $1",
        params![most],
    )
}

/// Letters to this person that did not arrive for certain in the last thirty days: when, and `perhaps`, `failed` or
/// `refused`; the newest first.
///
/// # Errors
/// The database's own.
pub fn trouble(r: &Reading<'_>, person: ActorId) -> Result<Vec<(Micros, String)>, Error> {
    r.all(
        "SELECT at, state FROM delivery WHERE recipient_id = $1 AND state IN ('perhaps', 'failed', 'refused') \
         AND at > $2 ORDER BY at DESC LIMIT 5",
        params![person, r.now().plus(-30 * Micros::DAY)],
    )
}

/// Holds back the letters to a person whose key begins like this and that nobody has begun to send: they are not wanted
/// any more.
///
/// # Errors
/// The database's own.
pub fn withdraw(w: &mut Writing<'_>, person: ActorId, begins: &str) -> Result<(), Error> {
    let now = w.now();
    let jobs: Vec<JobId> = w.all(
        "SELECT j.id FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.recipient_id = $1 AND d.state = 'waiting' \
         AND j.idempotency_key LIKE $2 AND (j.locked_until IS NULL OR j.locked_until < $3)",
        params![person, format!("letter/{begins}%"), now],
    )?;
    for job in jobs {
        w.execute(
            "UPDATE delivery SET state = 'expired', at = $2, detail = 'not wanted any more' WHERE job_id = $1",
            params![job, now],
        )?;
        w.execute(
            "UPDATE job SET payload = '{}', state = 'done', finished_at = $2 WHERE id = $1",
            params![job, now],
        )?;
    }
    Ok(())
}

/// What a person says of a letter that waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is done: it arrived, or nobody needs it.
    Close,
    /// It is sent again, once.
    SendAgain,
}

/// Settles a letter that waits for a person.
///
/// # Errors
/// [`Error::NotFound`] when it does not wait, or when it is to be sent again and its words are forgotten.
pub fn decide(w: &mut Writing<'_>, id: DeliveryId, decision: Decision) -> Result<(), Error> {
    let (job, state, kept): (JobId, String, bool) = w.one(
        "SELECT d.job_id, d.state, j.payload <> '{}' FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.id = $1",
        params![id],
    )?;
    let waits = matches!(state.as_str(), "perhaps" | "failed" | "refused");
    if !waits || (decision == Decision::SendAgain && !kept) {
        return Err(Error::NotFound);
    }
    let now = w.now();
    match decision {
        Decision::Close => {
            put(w, id, job, ("closed", "done"), "closed by a person")?;
            forget_words(w, job)?;
        }
        Decision::SendAgain => {
            put(w, id, job, ("waiting", "waiting"), "sent again by a person")?;
            w.execute("UPDATE job SET run_at = $2, attempts = 0 WHERE id = $1", params![job, now])?;
        }
    }
    w.record(&Entry::new(Act::Administer, "post.decide", id.0).fields(&["state"]))
}

/// How long it is remembered that a letter was sent.
const KEEP: i64 = 90 * Micros::DAY;

/// Letters whose time is over are not sent any more, their words are forgotten, and after three months the letter too.
pub fn expire(db: &Database) -> Result<u64, Error> {
    let now = db.now();
    // reading first: most rounds find nothing, and then nobody waits for a writer
    let over: Vec<JobId> = db.read(&Viewer::System("post"), |r| {
        r.all(
            "SELECT id FROM job WHERE kind = 'letter' AND ((payload <> '{}' AND expires_at < $1 \
             AND (locked_until IS NULL OR locked_until < $1)) OR created_at < $2) ORDER BY id LIMIT 500",
            params![now, now.plus(-KEEP)],
        )
    })?;
    if over.is_empty() {
        return Ok(0);
    }
    db.bookkeeping("post", |w| {
        for job in &over {
            w.execute(
                "UPDATE delivery SET state = 'expired', at = $2 WHERE job_id = $1 AND state = 'waiting'",
                params![job, now],
            )?;
            // one that was being sent when the process died waits for a person still
            w.execute(
                "UPDATE delivery SET state = 'perhaps', at = $2, detail = 'the process ended while it was being sent' \
                 WHERE job_id = $1 AND state = 'sending'",
                params![job, now],
            )?;
            w.execute(
                "UPDATE job SET payload = '{}', finished_at = $2, state = CASE WHEN state = 'waiting' THEN 'done' \
                 ELSE state END WHERE id = $1",
                params![job, now],
            )?;
            w.execute(
                "DELETE FROM delivery WHERE job_id = $1 AND at < $2",
                params![job, now.plus(-KEEP)],
            )?;
            w.execute(
                "DELETE FROM job WHERE id = $1 AND created_at < $2 \
                 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.job_id = job.id)",
                params![job, now.plus(-KEEP)],
            )?;
        }
        Ok(over.len() as u64)
    })
}

/// What came of a letter, written down.
pub fn settle(
    w: &mut Writing<'_>,
    taken: &Taken,
    job: &store::jobs::Job,
    outcome: &Outcome,
) -> Result<(), Error> {
    match outcome {
        Outcome::Accepted(detail) => {
            put(w, taken.id, job.id, ("sent", "done"), detail)?;
            forget_words(w, job.id)
        }
        Outcome::NoSuchAddress(detail) => {
            put(w, taken.id, job.id, ("refused", "done"), detail)?;
            forget_words(w, job.id)?;
            let Some(address) = &taken.address else { return Ok(()) };
            match taken.channel.as_str() {
                crate::Email::WORD => mark_bounced(w, address),
                crate::Push::WORD => address.parse().map_or(Ok(()), |id| push::forget(w, id)),
                crate::Line::WORD => push::mark_line(w, address),
                _ => Ok(()),
            }
        }
        Outcome::Refused(detail) => {
            put(w, taken.id, job.id, ("refused", "done"), detail)?;
            forget_words(w, job.id)
        }
        Outcome::Unknown(detail) => put(w, taken.id, job.id, ("perhaps", "failed"), detail),
        Outcome::Later(detail) | Outcome::NotBefore(detail, _)
            if job.attempts >= store::jobs::MOST_ATTEMPTS =>
        {
            put(w, taken.id, job.id, ("failed", "failed"), detail)
        }
        Outcome::Later(detail) | Outcome::NotBefore(detail, _) => {
            let asked = if let Outcome::NotBefore(_, micros) = outcome { *micros } else { 0 };
            let until = w.now().plus((Micros::MINUTE << job.attempts.clamp(0, 10)).max(asked));
            put(w, taken.id, job.id, ("waiting", "waiting"), detail)?;
            put_off(w, job.id, until)
        }
    }
}
