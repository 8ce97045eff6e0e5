//! Letters about lines of somebody's list: which are due, to whom, and what they said already.

use network::telling::Channel;
use store::ids::{AccountId, ActorId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params};

use super::super::NoticeId;

/// The persons who read what is told to a member: themselves, or those who act for a group.
pub fn readers(r: &Reading<'_>, actor: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT a.person_id FROM account a WHERE a.person_id = $1 AND a.state = 'active' UNION \
         SELECT s.person_id FROM stewardship s WHERE s.actor_id = $1 AND s.until IS NULL ORDER BY 1",
        params![actor],
    )
}

/// A letter about this line is due to this person by this channel at a moment; a moment that stood there gives way.
pub fn put(
    w: &mut Writing<'_>,
    (notice, person, channel): (NoticeId, ActorId, Channel),
    at: Micros,
) -> Result<(), Error> {
    w.execute(
        "INSERT INTO notice_way (notice_id, person_id, channel, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (notice_id, person_id, channel) DO UPDATE SET at = excluded.at",
        params![notice, person, channel.word(), at],
    )?;
    Ok(())
}

/// Nothing is due by this channel any more; answers whether something was.
pub fn take(
    w: &mut Writing<'_>,
    (notice, person, channel): (NoticeId, ActorId, Channel),
) -> Result<bool, Error> {
    let taken = w.execute(
        "DELETE FROM notice_way WHERE notice_id = $1 AND person_id = $2 AND channel = $3",
        params![notice, person, channel.word()],
    )?;
    Ok(taken > 0)
}

/// Line, by which channel, whose list, kind, about whom.
pub type Planned = (NoticeId, String, ActorId, String, Option<ActorId>);

/// What waits to be written to a person.
pub fn planned(r: &Reading<'_>, person: ActorId) -> Result<Vec<Planned>, Error> {
    r.all(
        "SELECT n.id, m.channel, n.actor_id, n.kind, n.about_id FROM notice_way m JOIN notice n ON n.id = m.notice_id \
         WHERE m.person_id = $1 ORDER BY n.id, m.channel",
        params![person],
    )
}

/// Persons to whom a letter is due, or whose week or day is over.
pub fn due(r: &Reading<'_>, most: i64) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT DISTINCT person_id FROM (SELECT person_id FROM notice_way WHERE at <= $1 \
         UNION ALL SELECT actor_id AS person_id FROM telling_hours WHERE next_at <= $1) x ORDER BY person_id LIMIT $2",
        params![r.now(), most],
    )
}

/// A line of which a letter is due.
#[derive(Debug, Clone)]
pub struct Due {
    pub id: NoticeId,
    /// Whose list it stands in.
    pub to: ActorId,
    pub kind: String,
    pub words: String,
    pub about: Option<ActorId>,
    /// Looked at in the list meanwhile.
    pub read: bool,
    /// When it was told.
    pub told_at: Micros,
}

impl FromRow for Due {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            to: c.take()?,
            kind: c.take()?,
            words: c.take()?,
            about: c.take()?,
            read: c.take()?,
            told_at: c.take()?,
        })
    }
}

/// The lines of which a letter is due to a person by a channel, oldest first.
pub fn lines(r: &Reading<'_>, person: ActorId, channel: Channel) -> Result<Vec<Due>, Error> {
    r.all(
        "SELECT n.id, n.actor_id, n.kind, n.words, n.about_id, n.read_at IS NOT NULL, n.at FROM notice_way m \
         JOIN notice n ON n.id = m.notice_id WHERE m.person_id = $1 AND m.at <= $2 AND m.channel = $3 \
         ORDER BY n.id LIMIT 200",
        params![person, r.now(), channel.word()],
    )
}

/// The account of a person and its language.
pub fn account(r: &Reading<'_>, person: ActorId) -> Result<Option<(AccountId, String)>, Error> {
    r.first("SELECT id, lang FROM account WHERE person_id = $1 AND state = 'active'", params![person])
}

/// When a person's next summary is looked at; 0 where its slot was never found.
pub fn next_at(r: &Reading<'_>, person: ActorId) -> Result<Option<Micros>, Error> {
    r.first("SELECT next_at FROM telling_hours WHERE actor_id = $1", params![person])
}

/// Moves the next summary on, if nobody else did; answers whether this one did.
pub fn move_on(w: &mut Writing<'_>, person: ActorId, from: Micros, to: Micros) -> Result<bool, Error> {
    let moved = w.execute(
        "UPDATE telling_hours SET next_at = $3 WHERE actor_id = $1 AND next_at = $2",
        params![person, from, to],
    )?;
    Ok(moved > 0)
}
