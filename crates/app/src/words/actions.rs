use store::ids::{ActorId, WordId};
use store::journal::{Act, Entry};
use store::{Error, Reading, Writing};

use super::queries::{self, NewWord, WordRow};
use crate::notices;
use crate::parts::Room;

/// The most letters of one word.
pub const LONGEST: usize = 1000;

/// The room of this word, if there is one.
pub fn room_of(rooms: &'static [Room], word: &str) -> Option<&'static Room> {
    rooms.iter().find(|room| room.word == word)
}

/// Those concerned, when the one who asks is one of them.
///
/// # Errors
/// [`Error::NotFound`] for everybody else: whether there is such a thing is not theirs to know.
pub fn enter(r: &Reading<'_>, room: &Room, object: i64, actor: ActorId) -> Result<Vec<ActorId>, Error> {
    let concerned = (room.concerned)(r, object)?;
    if concerned.contains(&actor) { Ok(concerned) } else { Err(Error::NotFound) }
}

/// What is to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    pub words: String,
    /// The word it answers; an answer to an answer stands beside it, since there is one level.
    pub reply_to: Option<WordId>,
    /// Media type and bytes.
    pub picture: Option<(&'static str, Vec<u8>)>,
}

/// Writes in a room, and tells the others concerned.
///
/// # Errors
/// [`Error::NotFound`] for those not concerned.
pub fn write(
    w: &mut Writing<'_>,
    room: &Room,
    object: i64,
    actor: ActorId,
    draft: &Draft,
) -> Result<WordId, Error> {
    let concerned = enter(w, room, object, actor)?;
    let id = put(w, room.word, object, None, actor, draft)?;
    for other in concerned {
        if other != actor {
            notices::tell(w, other, "words_new", id.0, Some(actor), "")?;
        }
    }
    w.record(&Entry::new(Act::Comment, "words.write", id.0).fields(&["word"]))?;
    Ok(id)
}

/// A word of the network's coordinators to all its members. The caller has checked that it coordinates.
///
/// # Errors
/// The database's own.
pub fn announce(
    w: &mut Writing<'_>,
    network: ActorId,
    actor: ActorId,
    draft: &Draft,
) -> Result<WordId, Error> {
    let id = put(w, "network", network.0, Some(network), actor, draft)?;
    w.record(&Entry::new(Act::Comment, "words.announce", id.0).in_network(network).fields(&["word"]))?;
    Ok(id)
}

fn put(
    w: &mut Writing<'_>,
    room: &str,
    object: i64,
    network: Option<ActorId>,
    by: ActorId,
    draft: &Draft,
) -> Result<WordId, Error> {
    let mut reply_to = None;
    if let Some(answered) = draft.reply_to {
        let answered: WordRow = queries::find(w, answered)?;
        if answered.room != room || answered.object != object {
            return Err(Error::NotFound);
        }
        reply_to = Some(answered.reply_to.unwrap_or(answered.id));
    }
    let mut picture = None;
    if let Some((media_type, bytes)) = &draft.picture {
        let name = super::pictures::name(bytes);
        queries::keep_file(w, &name, media_type, bytes)?;
        picture = Some(name);
    }
    queries::insert(
        w,
        &NewWord { room, object, network, by, reply_to, words: &draft.words, picture: picture.as_deref() },
    )
}

/// Takes back what this person wrote.
///
/// # Errors
/// [`Error::NotFound`] for somebody else's; a second tap changes nothing.
pub fn take_back(w: &mut Writing<'_>, id: WordId, person: ActorId) -> Result<WordRow, Error> {
    let word = queries::find(w, id)?;
    if word.person != Some(person) {
        return Err(Error::NotFound);
    }
    if queries::take_back(w, id, person)? {
        w.record(
            &Entry::new(Act::Comment, "words.take_back", id.0).before("words", Some(word.words.clone())),
        )?;
    }
    Ok(word)
}
