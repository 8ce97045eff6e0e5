use store::ids::ActorId;
use store::{Error, Value, Writing};

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
    let mut prepared = Prepared::default();
    prepared.add(noted);
    queries::put(w, &mut prepared.0)
}

/// What is to be found, analyzed: rows made before a transaction begins, so that the writer is held for the writing
/// alone.
#[derive(Debug, Clone, Default)]
pub struct Prepared(Vec<Vec<Value>>);

impl Prepared {
    /// Analyzes what is to be noted later by [`note_new`].
    pub fn add(&mut self, noted: &Noted<'_>) {
        let tokens = analysis::document(noted.title, noted.text);
        self.0.push(queries::row(noted, &tokens));
    }
}

/// As [`note`], for many objects at once of which nothing was ever noted.
///
/// # Errors
/// The database's own; [`Error::Taken`] when something was.
pub fn note_new(w: &mut Writing<'_>, prepared: &mut Prepared) -> Result<(), Error> {
    queries::put_new(w, &mut prepared.0)
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
