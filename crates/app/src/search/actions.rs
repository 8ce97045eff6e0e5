use store::ids::ActorId;
use store::{Error, Writing};

use super::{analysis, queries};

/// What is to be found, as its feature hands it over.
#[derive(Debug, Clone)]
pub struct Noted<'a> {
    pub object: i64,
    /// `person`, `group`, `organization`, `network`, `offer` or `need`.
    pub kind: &'a str,
    pub network: Option<ActorId>,
    /// The member it belongs to; for a member itself the same id.
    pub actor: ActorId,
    /// Names and titles: what a short query most likely means.
    pub title: &'a str,
    pub text: &'a str,
    /// Exact words to filter by: category codes, area codes.
    pub facets: &'a [String],
}

/// What a member says of itself, by which it is found.
#[derive(Debug, Clone, Copy)]
pub struct MemberWords<'a> {
    pub name: &'a str,
    pub nickname: &'a str,
    /// One a line.
    pub other_nicknames: &'a str,
    pub profession: &'a str,
    pub position: &'a str,
    pub bio: &'a str,
}

impl MemberWords<'_> {
    /// As [`Noted`] takes them: however a member came in, and whatever of it changed, the words are the same.
    #[must_use]
    pub fn title_and_text(&self) -> (String, String) {
        let names = std::iter::once(self.nickname).chain(self.other_nicknames.lines()).chain([self.name]);
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        (names.join(" "), [self.profession, self.position, self.bio].join(" "))
    }
}

/// Notes what can be found from now on, in place of what was noted for this object before. Called after who may see it
/// was set, in the same transaction.
///
/// # Errors
/// The database's own.
pub fn note(w: &mut Writing<'_>, noted: &Noted<'_>) -> Result<(), Error> {
    queries::put(w, &[prepare(noted)])
}

/// What is to be found, analyzed: made before a transaction begins, so that the writer is held for the writing alone.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) object: i64,
    pub(super) kind: String,
    pub(super) network: Option<ActorId>,
    pub(super) actor: ActorId,
    pub(super) tokens: String,
    pub(super) facets: String,
}

/// Analyzes what is to be noted later by [`note_all`].
#[must_use]
pub fn prepare(noted: &Noted<'_>) -> Prepared {
    Prepared {
        object: noted.object,
        kind: noted.kind.to_owned(),
        network: noted.network,
        actor: noted.actor,
        tokens: analysis::document(noted.title, noted.text),
        facets: noted.facets.join(" "),
    }
}

/// As [`note`], many at once.
///
/// # Errors
/// The database's own.
pub fn note_all(w: &mut Writing<'_>, prepared: &[Prepared]) -> Result<(), Error> {
    queries::put(w, prepared)
}

/// Takes an object out of everything that can be found.
///
/// # Errors
/// The database's own.
pub fn forget(w: &mut Writing<'_>, object: i64) -> Result<(), Error> {
    queries::put_gone(w, object)
}

/// Has everything of a member looked at again, after who may see the member changed.
///
/// # Errors
/// The database's own.
pub fn touch(w: &mut Writing<'_>, actor: ActorId) -> Result<(), Error> {
    queries::touch(w, actor)
}

/// Has what two members offer and need found as theirs who have it now, after they were made one or parted.
///
/// # Errors
/// The database's own.
pub fn change_hands(w: &mut Writing<'_>, one: ActorId, other: ActorId) -> Result<(), Error> {
    queries::change_hands(w, one, other)
}
