use network::promise::{Act, REMINDED_BEFORE, Side};
use store::journal::{self, Entry};
use store::{Acting, Database, Error, Micros, Viewer};

use super::actions::{self, PromiseError};
use super::queries;
use crate::notices;

/// So many are looked at in one transaction.
const PART: i64 = 200;

/// Lets proposals of promises and rings lapse whose time is over, and counts as broken what nobody spoke of for sixty
/// days after its day. May run at any time and any number of times.
///
/// # Errors
/// The database's own.
pub fn lapse(db: &Database) -> Result<(), Error> {
    db.write(&Acting::system("lapse"), |w| {
        let today = w.now().day(7);
        let mut changed = queries::lapse_rings(w)?;
        let lapsing = queries::lapsing(w, PART)?.into_iter().map(|promise| (promise, Act::Lapse));
        let forgotten = queries::forgotten(w, PART)?.into_iter().map(|promise| (promise, Act::Break));
        for (promise, act) in lapsing.chain(forgotten) {
            match actions::settle(w, &promise, act, Side::Receiver, today) {
                Ok(()) => changed += 1,
                // whoever moved it in the meantime knows better
                Err(PromiseError::Store(error)) if !matches!(error, Error::Changed) => return Err(error),
                Err(_) => {}
            }
        }
        if changed > 0 {
            w.record(&Entry::new(journal::Act::Do, "promises.lapse", 0).fields(&["state"]))?;
        }
        w.finished(())
    })
}

/// Reminds whoever promised something, once two days before its day and once after it. May run at any time and any
/// number of times.
///
/// # Errors
/// The database's own.
pub fn remind(db: &Database) -> Result<usize, Error> {
    let viewer = Viewer::System("remind");
    let due = db.read(&viewer, |r| {
        let today = r.now().day(7);
        let mut due = Vec::new();
        for promise in queries::due_between(r, today - 7, today + REMINDED_BEFORE)? {
            let Some(day) = promise.due_on else { continue };
            let kind = if day < today { "promise_over" } else { "promise_due" };
            // anew after the day was moved
            let since = Micros((day - REMINDED_BEFORE - 1) * Micros::DAY);
            if !notices::told(r, promise.provider, kind, promise.id.0, since)? {
                due.push((promise, kind));
            }
        }
        Ok::<_, Error>(due)
    })?;
    for part in due.chunks(PART as usize) {
        db.bookkeeping("remind", |w| {
            for (promise, kind) in part {
                notices::tell(
                    w,
                    promise.provider,
                    kind,
                    promise.id.0,
                    Some(promise.receiver),
                    &promise.what,
                )?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(due.len())
}
