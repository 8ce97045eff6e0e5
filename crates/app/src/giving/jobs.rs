use store::{Acting, Database, Error, Micros, Viewer};

use super::{actions, queries};
use crate::notices;

/// So many are looked at in one transaction.
const PART: i64 = 200;
/// Before its end, the author is asked whether it is still open.
const ASKED_BEFORE: [(i64, &str); 2] = [(Micros::DAY, "giving_renew_now"), (7 * Micros::DAY, "giving_renew")];

/// Closes what is over and asks, seven days and one day before, whether it is still open. Answers how many were closed.
/// May run at any time and any number of times.
///
/// # Errors
/// The database's own.
pub fn expire(db: &Database) -> Result<usize, Error> {
    let mut closed = 0;
    loop {
        let now = db.now();
        let over = db.read(&Viewer::System("expire"), |r| queries::ending(r, now, PART))?;
        if over.is_empty() {
            break;
        }
        db.write(&Acting::system("expire"), |w| {
            for (id, owner, title, _) in &over {
                actions::close_expired(w, *id)?;
                notices::tell(w, *owner, "giving_expired", id.0, None, title)?;
            }
            w.finished(())
        })?;
        closed += over.len();
    }
    ask_to_renew(db)?;
    Ok(closed)
}

fn ask_to_renew(db: &Database) -> Result<(), Error> {
    let now = db.now();
    let due = db.read(&Viewer::System("expire"), |r| {
        let mut due = Vec::new();
        for (id, owner, title, end) in queries::ending(r, now.plus(7 * Micros::DAY), 5000)? {
            let stage = ASKED_BEFORE.iter().find(|(before, _)| end.0 - now.0 <= *before);
            let Some((before, kind)) = stage else { continue };
            // once a stage, anew after each renewal
            if !notices::told(r, owner, kind, id.0, end.plus(-*before))? {
                due.push((id, owner, title, *kind));
            }
        }
        Ok::<_, Error>(due)
    })?;
    for part in due.chunks(PART as usize) {
        db.bookkeeping("expire", |w| {
            for (id, owner, title, kind) in part {
                notices::tell(w, *owner, kind, id.0, None, title)?;
            }
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}
