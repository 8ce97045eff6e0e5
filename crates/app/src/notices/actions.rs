use store::ids::ActorId;
use store::{Error, Micros, Reading, Writing};

use super::queries;

/// Tells a member what happened: `kind` names the feature and what it is (`giving.reply`), `object` what it is about,
/// `about` who did it, `words` a title or a sentence to quote. Nobody is told what they did themselves.
///
/// # Errors
/// The database's own.
pub fn tell(
    w: &mut Writing<'_>,
    actor: ActorId,
    kind: &str,
    object: i64,
    about: Option<ActorId>,
    words: &str,
) -> Result<(), Error> {
    if about == Some(actor) {
        return Ok(());
    }
    queries::insert(w, actor, kind, object, about, words)
}

/// Whether a member was told this about this object since then.
///
/// # Errors
/// The database's own.
pub fn told(r: &Reading<'_>, actor: ActorId, kind: &str, object: i64, since: Micros) -> Result<bool, Error> {
    queries::told(r, actor, kind, object, since)
}
