use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Viewer};

use super::{begin, queries};

/// So many ties are looked at in one transaction, and so many transactions in one round.
const AT_ONCE: i64 = 500;
const ROUNDS: usize = 20;
/// Prompts marked in one round.
const MARKED: i64 = 5_000;

/// Begins the rhythm of ties that were there before rhythms were: once, in the background, a part each time.
///
/// # Errors
/// The database's own.
pub fn begin_missing(db: &Database) -> Result<u64, Error> {
    let mut begun = 0;
    for _ in 0..ROUNDS {
        let Some(after) = db.read(&Viewer::System("rhythm"), queries::gone_through)? else {
            return Ok(begun);
        };
        let ties = db.read(&Viewer::System("rhythm"), |r| queries::without_care(r, after, AT_ONCE))?;
        begun += u64::try_from(ties.len()).unwrap_or(0);
        db.write(&Acting::system("rhythm"), |w| {
            for (_, one, other, network) in &ties {
                begin(w, *one, *other, *network)?;
            }
            let to = ties.last().map_or_else(|| "all".to_owned(), |(id, ..)| id.to_string());
            queries::go_through(w, &to)?;
            w.done(&Entry::new(Act::Do, "rhythm.begin", 0).fields(&["care"]), ())
        })?;
    }
    Ok(begun)
}

/// Notes what became of the letters that remind: a prompt is sent when one of them left, failed when none can leave any
/// more. Neither moves a rhythm. What is under way, or perhaps left, stays as it is.
///
/// # Errors
/// The database's own.
pub fn mark_prompts(db: &Database) -> Result<usize, Error> {
    // reading first: most rounds find nothing, and then nobody waits for a writer
    let known = db.read(&Viewer::System("rhythm"), |r| queries::known(r, MARKED))?;
    if known.is_empty() {
        return Ok(0);
    }
    db.bookkeeping("rhythm", |w| {
        for (prompt, sent) in &known {
            queries::mark_prompt(w, *prompt, if *sent { "sent" } else { "failed" })?;
        }
        Ok(known.len())
    })
}
