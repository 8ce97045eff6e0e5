//! What leaves with an export: every row asked for with the eyes of the one who takes it out (trap 7).

use store::ids::{ActorId, ContactId};
use store::{Cells, Error, FromRow, Micros, Reading, Value, audience, params};

/// The network's name, if this viewer may see it.
pub fn name(r: &Reading<'_>, network: ActorId) -> Result<String, Error> {
    let sql = format!(
        "SELECT a.name FROM actor a WHERE a.id = $1 AND a.kind = 'network' AND {}",
        audience::visible("a.id", 2)
    );
    r.one(&sql, &seen(r, network))
}

pub(super) fn seen(r: &Reading<'_>, id: ActorId) -> [Value; 2] {
    [Value::Int(id.0), audience::parameter(r.viewer())]
}

/// A member as it leaves.
#[derive(Debug)]
pub struct Leaving {
    pub id: ActorId,
    pub kind: String,
    pub name: String,
    pub nickname: String,
    pub title: String,
    pub other_nicknames: String,
    pub place_words: String,
    pub province: Option<String>,
    pub contact_hours: String,
    pub consent: String,
    pub bio: String,
    pub card_uid: Option<String>,
    pub card_lines: String,
    pub birthday: Option<String>,
}

impl FromRow for Leaving {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            kind: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            title: c.take()?,
            other_nicknames: c.take()?,
            place_words: c.take()?,
            province: c.take()?,
            contact_hours: c.take()?,
            consent: c.take()?,
            bio: c.take()?,
            card_uid: c.take()?,
            card_lines: c.take()?,
            birthday: c.take()?,
        })
    }
}

/// Its members, in a stable order.
pub fn members(r: &Reading<'_>, network: ActorId) -> Result<Vec<Leaving>, Error> {
    let sql = format!(
        "SELECT a.id, a.kind, a.name, a.nickname, a.title, a.other_nicknames, a.place_words, a.province_code, \
         a.contact_hours, a.consent, a.bio, a.card_uid, a.card_lines, a.birthday FROM actor a JOIN membership m ON m.part_id = a.id \
         WHERE m.whole_id = $1 AND m.state = 'member' AND a.gone_at IS NULL AND {} ORDER BY a.id",
        audience::visible("a.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// How a member can be reached.
pub fn points(r: &Reading<'_>, member: ActorId) -> Result<Vec<(String, String)>, Error> {
    let sql = format!(
        "SELECT p.kind, p.value FROM contact_point p WHERE p.actor_id = $1 AND {} ORDER BY p.id",
        audience::visible("p.id", 2)
    );
    r.all(&sql, &seen(r, member))
}

pub(super) const INSIDE: &str =
    "SELECT i.part_id FROM membership i WHERE i.whole_id = $1 AND i.state = 'member'";

/// Who belongs to which group or organization inside: part, whole, title.
pub fn memberships(r: &Reading<'_>, network: ActorId) -> Result<Vec<(ActorId, ActorId, String)>, Error> {
    let sql = format!(
        "SELECT m.part_id, m.whole_id, CASE WHEN m.title <> '' THEN m.title ELSE m.role END FROM membership m \
         WHERE m.state = 'member' AND m.part_id IN ({INSIDE}) AND m.whole_id IN ({INSIDE}) ORDER BY m.id"
    );
    r.all(&sql, params![network])
}

/// Offers and needs: owner, side, text.
pub fn intents(r: &Reading<'_>, network: ActorId) -> Result<Vec<(ActorId, String, String)>, Error> {
    let sql = format!(
        "SELECT n.actor_id, n.side, n.text FROM intent n WHERE n.network_id = $1 AND n.state = 'open' AND {} ORDER BY n.id",
        audience::visible("n.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// A tie as it leaves.
#[derive(Debug)]
pub struct LeavingTie {
    pub subject: ActorId,
    pub object: ActorId,
    pub relation: String,
    pub directed: bool,
    pub strength: Option<i64>,
    pub since: Option<String>,
}

impl FromRow for LeavingTie {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            subject: c.take()?,
            object: c.take()?,
            relation: c.take()?,
            directed: c.take()?,
            strength: c.take()?,
            since: c.take()?,
        })
    }
}

/// Ties that both sides confirmed. A proposal is not told: whether it was declined must not show.
pub fn ties(r: &Reading<'_>, network: ActorId) -> Result<Vec<LeavingTie>, Error> {
    let sql = format!(
        "SELECT CASE WHEN t.reversed THEN t.object_id ELSE t.subject_id END, \
         CASE WHEN t.reversed THEN t.subject_id ELSE t.object_id END, t.relation, t.directed, t.strength, t.since FROM tie t \
         WHERE t.network_id = $1 AND t.state IN ('confirmed', 'active', 'quiet', 'dormant') AND {} ORDER BY t.id",
        audience::visible("t.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// Contacts: id, when, how, about what.
pub fn contacts(
    r: &Reading<'_>,
    network: ActorId,
) -> Result<Vec<(ContactId, Micros, String, String)>, Error> {
    let sql = format!(
        "SELECT c.id, c.at, c.channel, c.summary FROM contact c WHERE c.network_id = $1 AND {} ORDER BY c.at, c.id",
        audience::visible("c.id", 2)
    );
    r.all(&sql, &seen(r, network))
}

/// Who took part, by name as far as this viewer may see them, else in the words that were written.
pub fn participants(r: &Reading<'_>, contact: ContactId) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT CASE WHEN a.id IS NULL THEN p.words ELSE a.name END FROM contact_participant p \
         LEFT JOIN actor a ON a.id = p.actor_id AND {} WHERE p.contact_id = $1 ORDER BY p.position",
        audience::visible("a.id", 2)
    );
    r.all(&sql, &[Value::Int(contact.0), audience::parameter(r.viewer())])
}

/// The member of a network by name, as the command line names one.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn member_named(r: &Reading<'_>, network: ActorId, name: &str) -> Result<ActorId, Error> {
    r.one(
        "SELECT a.id FROM actor a JOIN membership m ON m.part_id = a.id WHERE m.whole_id = $1 AND m.state = 'member' \
         AND a.gone_at IS NULL AND (a.name = $2 OR a.nickname = $2 OR EXISTS (SELECT 1 FROM account_name n \
         JOIN account c ON c.id = n.account_id WHERE c.person_id = a.id AND n.name = $2)) ORDER BY a.id LIMIT 1",
        params![network, name],
    )
}
