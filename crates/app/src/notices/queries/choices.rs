//! What a member chose to be told, and where and when they live.

use network::telling::{Channel, Choice, Scope, Topic, When};
use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

use super::super::hours::Hours;

/// One choice of a member.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub id: i64,
    /// The member, tie or group it is about; 0 for everything.
    pub about: i64,
    pub choice: Choice,
}

impl FromRow for Chosen {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, scope, about): (i64, String, i64) = (c.take()?, c.take()?, c.take()?);
        let (topic, channel, when): (String, String, String) = (c.take()?, c.take()?, c.take()?);
        let unknown = || Error::Fault(format!("a choice of what to be told says {scope}, {when}"));
        Ok(Self {
            id,
            about,
            choice: Choice {
                scope: Scope::from_word(&scope).ok_or_else(unknown)?,
                topic: Topic::from_word(&topic),
                channel: Channel::from_word(&channel),
                when: When::from_word(&when).ok_or_else(unknown)?,
            },
        })
    }
}

/// Everything a person chose.
pub fn all(r: &Reading<'_>, person: ActorId) -> Result<Vec<Chosen>, Error> {
    r.all(
        "SELECT id, scope, about_id, topic, channel, timing FROM telling WHERE actor_id = $1 ORDER BY id",
        params![person],
    )
}

/// The choices of a person that apply to a word to `to` (they themselves, or a group they act for) about somebody.
pub fn applying(
    r: &Reading<'_>,
    person: ActorId,
    to: ActorId,
    about: Option<ActorId>,
) -> Result<Vec<Choice>, Error> {
    let mut applying = Vec::new();
    for one in all(r, person)? {
        let applies = match one.choice.scope {
            Scope::Default => true,
            Scope::Person => about.is_some_and(|about| about.0 == one.about),
            Scope::Tie => match about {
                Some(about) => is_tie_of(r, one.about, to, about)?,
                None => false,
            },
            Scope::Group => match about {
                _ if one.about == to.0 => true,
                Some(about) => about.0 == one.about || is_in(r, one.about, about)?,
                None => false,
            },
        };
        if applies {
            applying.push(one.choice);
        }
    }
    Ok(applying)
}

fn is_tie_of(r: &Reading<'_>, tie: i64, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM tie WHERE id = $1 AND ((subject_id = $2 AND object_id = $3) \
         OR (subject_id = $3 AND object_id = $2))",
        params![tie, a, b],
    )?;
    Ok(found.is_some())
}

fn is_in(r: &Reading<'_>, whole: i64, part: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'member'",
        params![whole, part],
    )?;
    Ok(found.is_some())
}

/// Whether a person may choose something about this: a member they may see, a tie of theirs, a group they may see.
pub fn may_choose_about(r: &Reading<'_>, person: ActorId, scope: Scope, about: i64) -> Result<bool, Error> {
    match scope {
        Scope::Default => Ok(about == 0),
        Scope::Tie => {
            let found: Option<i64> = r.first(
                "SELECT 1 FROM tie WHERE id = $1 AND (subject_id = $2 OR object_id = $2)",
                params![about, person],
            )?;
            Ok(found.is_some())
        }
        Scope::Person | Scope::Group => {
            let kind = crate::members::names(r, &[ActorId(about)])?.pop().map(|named| named.kind);
            Ok(kind.is_some_and(|kind| (kind == "person") == (scope == Scope::Person)))
        }
    }
}

/// Puts a choice where one of the same place stood, if one did.
pub fn put(w: &mut Writing<'_>, person: ActorId, about: i64, choice: &Choice) -> Result<(), Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO telling (id, actor_id, scope, about_id, topic, channel, timing, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (actor_id, scope, about_id, topic, channel) \
         DO UPDATE SET timing = excluded.timing, updated_at = excluded.updated_at",
        params![
            id,
            person,
            choice.scope.word(),
            about,
            choice.topic.map_or("", Topic::word),
            choice.channel.map_or("", Channel::word),
            choice.when.word(),
            now
        ],
    )?;
    Ok(())
}

/// Takes a choice of this person back.
pub fn remove(w: &mut Writing<'_>, person: ActorId, id: i64) -> Result<(), Error> {
    w.execute_one("DELETE FROM telling WHERE id = $1 AND actor_id = $2", params![id, person])
}

/// Takes the choice at one place back, if there is one.
pub fn remove_at(w: &mut Writing<'_>, person: ActorId, about: i64, choice: &Choice) -> Result<(), Error> {
    w.execute(
        "DELETE FROM telling WHERE actor_id = $1 AND scope = $2 AND about_id = $3 AND topic = $4 AND channel = $5",
        params![
            person,
            choice.scope.word(),
            about,
            choice.topic.map_or("", Topic::word),
            choice.channel.map_or("", Channel::word)
        ],
    )?;
    Ok(())
}

impl FromRow for Hours {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self { zone: c.take()?, quiet_from: c.take()?, quiet_until: c.take()?, weekday: c.take()? })
    }
}

/// Where and when a person lives; what is usual where they never said.
pub fn hours(r: &Reading<'_>, person: ActorId) -> Result<Hours, Error> {
    let found = r.first(
        "SELECT zone, quiet_from, quiet_until, weekday FROM telling_hours WHERE actor_id = $1",
        params![person],
    )?;
    Ok(found.unwrap_or_default())
}

/// Writes down where and when a person lives, and when their next summary is looked at.
pub fn put_hours(w: &mut Writing<'_>, person: ActorId, hours: &Hours, next: Micros) -> Result<(), Error> {
    w.execute(
        "INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor_id) DO UPDATE SET zone = excluded.zone, \
         quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, weekday = excluded.weekday, \
         next_at = excluded.next_at",
        params![person, &hours.zone, hours.quiet_from, hours.quiet_until, hours.weekday, next],
    )?;
    Ok(())
}

/// Begins to look at a person's summaries, if nobody does yet; 0 stands for "at a slot to be found".
pub fn begin_hours(w: &mut Writing<'_>, person: ActorId) -> Result<(), Error> {
    let usual = Hours::default();
    w.execute(
        "INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at) \
         VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (actor_id) DO NOTHING",
        params![person, &usual.zone, usual.quiet_from, usual.quiet_until, usual.weekday],
    )?;
    Ok(())
}

/// Whether what is shown on a locked screen may say what it is about.
pub fn words(r: &Reading<'_>, person: ActorId) -> Result<bool, Error> {
    Ok(r.first("SELECT words FROM telling_hours WHERE actor_id = $1", params![person])?.unwrap_or(false))
}

/// Chooses whether it may.
pub fn put_words(w: &mut Writing<'_>, person: ActorId, words: &bool) -> Result<(), Error> {
    begin_hours(w, person)?;
    w.execute("UPDATE telling_hours SET words = $2 WHERE actor_id = $1", params![person, *words])?;
    Ok(())
}

/// A link that turns something off, by the hash of its secret.
pub fn insert_link(
    w: &mut Writing<'_>,
    hash: &str,
    person: ActorId,
    topic: Option<Topic>,
    channel: Channel,
) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO telling_link (token_hash, actor_id, topic, channel, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![hash, person, topic.map_or("", Topic::word), channel.word(), now],
    )?;
    Ok(())
}

/// Whose link this is and what it turns off.
pub fn link(r: &Reading<'_>, hash: &str) -> Result<(ActorId, Option<Topic>, Channel), Error> {
    let (person, topic, channel): (ActorId, String, String) =
        r.one("SELECT actor_id, topic, channel FROM telling_link WHERE token_hash = $1", params![hash])?;
    let channel = Channel::from_word(&channel).ok_or(Error::NotFound)?;
    Ok((person, Topic::from_word(&topic), channel))
}
