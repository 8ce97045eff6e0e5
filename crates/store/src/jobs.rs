//! What must follow a commit: rows written in the same transaction, done later by a worker, at most once at a time.
//!
//! A job that was taken and never finished (the process died) comes up again when its lock has run out; what may not
//! happen twice keeps its own `delivery` row and asks it first.

use crate::ids::JobId;
use crate::{Cells, Database, Error, FromRow, Micros, Viewer, Writing, params};

/// A job to be made.
#[derive(Debug, Clone)]
pub struct New {
    pub kind: &'static str,
    /// JSON, read by the one who does it.
    pub payload: String,
    /// A second job with this key is not made.
    pub idempotency_key: Option<String>,
    pub run_at: Option<Micros>,
}

/// A job that was taken to be done.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    /// This try included.
    pub attempts: i64,
}

impl FromRow for Job {
    fn from_row(cells: &mut Cells) -> Result<Self, Error> {
        Ok(Self { id: cells.take()?, kind: cells.take()?, payload: cells.take()?, attempts: cells.take()? })
    }
}

/// How long a worker may hold a job before another may take it.
const LOCK: i64 = 5 * Micros::MINUTE;
/// After so many tries a job waits for a person.
pub const MOST_ATTEMPTS: i64 = 8;

pub(crate) fn enqueue(w: &mut Writing<'_>, job: &New) -> Result<(), Error> {
    let now = w.now();
    let id = w.new_id();
    w.execute(
        "INSERT INTO job (id, kind, idempotency_key, payload, state, run_at, attempts, created_at) \
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6) ON CONFLICT (idempotency_key) DO NOTHING",
        params![id, job.kind, job.idempotency_key, job.payload, job.run_at.unwrap_or(now), now],
    )?;
    Ok(())
}

impl Database {
    /// Takes the next due job of this kind, if there is one. Where somebody else was quicker, the one after it.
    ///
    /// # Errors
    /// The database's own.
    pub fn take_job(&self, kind: &str) -> Result<Option<Job>, Error> {
        loop {
            let now = self.now();
            let due: Option<JobId> = self.read(&Viewer::System("jobs"), |r| {
                r.first(
                    "SELECT id FROM job WHERE kind = $2 AND state = 'waiting' AND run_at <= $1 \
                     AND (locked_until IS NULL OR locked_until < $1) ORDER BY run_at, id LIMIT 1",
                    params![now, kind],
                )
            })?;
            let Some(id) = due else { return Ok(None) };
            if let Some(job) = self.take(id, now)? {
                return Ok(Some(job));
            }
        }
    }

    /// Takes this job, unless it was taken since.
    fn take(&self, id: JobId, now: Micros) -> Result<Option<Job>, Error> {
        self.bookkeeping("jobs", |w| {
            // whoever changes the row first has it; the other finds nothing to change
            let taken = w.execute(
                "UPDATE job SET attempts = attempts + 1, locked_until = $1 WHERE id = $2 AND state = 'waiting' \
                 AND (locked_until IS NULL OR locked_until < $3)",
                params![now.plus(LOCK), id, now],
            )?;
            if taken == 0 {
                return Ok(None);
            }
            w.first("SELECT id, kind, payload, attempts FROM job WHERE id = $1", params![id])
        })
    }

    /// How many jobs wait, and how many failed for good.
    ///
    /// # Errors
    /// The database's own.
    pub fn jobs_waiting(&self) -> Result<(i64, i64), Error> {
        self.read(&Viewer::System("jobs"), |r| {
            r.one(
                "SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END), COUNT(CASE WHEN state = 'failed' THEN 1 END) \
                 FROM job WHERE state IN ('waiting', 'failed')",
                params![],
            )
        })
    }

    /// Marks a job as done, or as failed with the sentence that says why: it is tried again later, at growing
    /// distances, and waits for a person after [`MOST_ATTEMPTS`].
    ///
    /// # Errors
    /// The database's own.
    pub fn finish_job(&self, job: &Job, outcome: Result<(), String>) -> Result<(), Error> {
        let now = self.now();
        self.bookkeeping("jobs", |w| {
            match &outcome {
                Ok(()) => w.execute(
                    "UPDATE job SET state = 'done', finished_at = $1, locked_until = NULL, last_error = NULL WHERE id = $2",
                    params![now, job.id],
                )?,
                Err(why) => {
                    let state = if job.attempts >= MOST_ATTEMPTS { "failed" } else { "waiting" };
                    let pause = Micros::MINUTE << job.attempts.clamp(0, 10);
                    w.execute(
                        "UPDATE job SET state = $1, run_at = $2, locked_until = NULL, last_error = $3 WHERE id = $4",
                        params![state, now.plus(pause), why, job.id],
                    )?
                }
            };
            Ok(())
        })
    }
}
