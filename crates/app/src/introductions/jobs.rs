use network::introduction::DAYS_UNTIL_WORTH;
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Micros};

use super::queries;
use crate::notices;

/// Told at once.
const PART: i64 = 100;

/// Closes introductions at their time, and tells those who met a while ago that they are asked whether it was worth it.
/// May run in several processes at once.
///
/// # Errors
/// The database's own.
pub fn lapse(db: &Database) -> Result<u64, Error> {
    let closed = db.write(&Acting::system("lapse"), |w| {
        let count = queries::lapse_due(w)?;
        if count > 0 {
            w.record(&Entry::new(Act::Do, "introductions.lapse", 0).fields(&["state"]))?;
        }
        w.finished(count)
    })?;
    db.write(&Acting::system("lapse"), |w| {
        let since = w.now().plus(-DAYS_UNTIL_WORTH * Micros::DAY);
        for met in queries::worth_due(w, since, PART)? {
            if !queries::worth_asked(w, met.id)? {
                continue;
            }
            for (to, about) in [(met.a, met.b), (met.b, met.a)] {
                notices::tell(w, to, "introduction_worth", met.id.0, Some(about), "")?;
            }
            w.record(&Entry::new(Act::Do, "introductions.ask_worth", met.id.0).in_network(met.network))?;
        }
        w.finished(())
    })?;
    Ok(closed)
}
