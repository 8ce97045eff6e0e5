use matching::Taxonomy;
use store::ids::{ActorId, VouchId};
use store::journal::{Act, Entry};
use store::{Error, Writing};

use super::queries;
use crate::{members, notices};

/// Why somebody cannot stand up for another.
#[derive(Debug, thiserror::Error)]
pub enum VouchError {
    /// Nothing is on record that the two did together.
    #[error("first help each other or work together")]
    Strangers,
    /// There is no such thing to be good at.
    #[error("choose what they are good at")]
    NoCategory,
    #[error(transparent)]
    Store(#[from] Error),
}

/// Says what somebody is good at, and tells them.
///
/// # Errors
/// See [`VouchError`].
pub fn vouch(
    w: &mut Writing<'_>,
    by: ActorId,
    for_whom: ActorId,
    category: &str,
    words: &str,
) -> Result<VouchId, VouchError> {
    members::find(w, for_whom)?;
    if by == for_whom || !queries::worked_together(w, by, for_whom)? {
        return Err(VouchError::Strangers);
    }
    if Taxonomy::built_in().find(category).is_none() {
        return Err(VouchError::NoCategory);
    }
    let id = queries::put(w, by, for_whom, category, words)?;
    notices::tell(w, for_whom, "member_vouch", for_whom.0, Some(by), words)?;
    w.record(&Entry::new(Act::Give, "vouches.vouch", id.0).fields(&["vouch"]))?;
    Ok(id)
}

/// Takes back what one stood up for; answers for whom it was.
///
/// # Errors
/// [`Error::NotFound`] for somebody else's.
pub fn take_back(w: &mut Writing<'_>, id: VouchId, by: ActorId) -> Result<ActorId, Error> {
    let member = queries::drop(w, id, by)?;
    w.record(&Entry::new(Act::Do, "vouches.undo", id.0).fields(&["vouch"]))?;
    Ok(member)
}
