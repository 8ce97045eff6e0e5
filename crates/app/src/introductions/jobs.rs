use store::journal::{Act, Entry};
use store::{Acting, Database, Error};

use super::queries;

/// Closes introductions at their time.
///
/// # Errors
/// The database's own.
pub fn lapse(db: &Database) -> Result<u64, Error> {
    db.write(&Acting::system("lapse"), |w| {
        let count = queries::lapse_due(w)?;
        if count > 0 {
            w.record(&Entry::new(Act::Do, "introductions.lapse", 0).fields(&["state"]))?;
        }
        w.finished(count)
    })
}
