use store::journal::{Act, Entry};
use store::{Acting, Database, Error};

use super::queries;

/// Lets proposals lapse whose time is over.
///
/// # Errors
/// The database's own.
pub fn lapse(db: &Database) -> Result<u64, Error> {
    db.write(&Acting::system("lapse"), |w| {
        let count = queries::lapse_due(w)?;
        if count > 0 {
            w.record(&Entry::new(Act::Do, "ties.lapse", 0).fields(&["state"]))?;
        }
        w.finished(count)
    })
}
