use store::{Database, Error, Viewer};

use super::{analysis, queries};

/// Whether what is stored for searching is what the texts say now: one sentence a fault, at most twenty.
///
/// # Errors
/// The database's own.
pub fn faults(db: &Database) -> Result<Vec<String>, Error> {
    db.snapshot(&Viewer::System("check"), |r| {
        let mut faults = Vec::new();
        let mut after = 0;
        loop {
            let texts = queries::texts_after(r, after, 1_000)?;
            let Some(last) = texts.last() else { return Ok(faults) };
            after = last.0;
            for (object, title, text, stored) in &texts {
                let name = store::ids::encode(*object);
                match stored {
                    None => faults.push(format!("index: {name} cannot be found by its words")),
                    Some(tokens) if *tokens != analysis::document(title, text) => {
                        faults.push(format!("index: the words stored for {name} are not those of its text"));
                    }
                    Some(_) => {}
                }
                if faults.len() >= 20 {
                    return Ok(faults);
                }
            }
        }
    })
}
