//! Invitations and what becomes of them.

use store::ids::{ActorId, InvitationId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, params, sessions};

/// An invitation as its page shows it.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: InvitationId,
    pub token: String,
    pub network: ActorId,
    pub network_name: String,
    pub about: String,
    pub from: ActorId,
    pub from_name: String,
    pub message: String,
    pub accepted: i64,
    pub expires_at: Micros,
}

impl FromRow for Invitation {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            token: c.take()?,
            network: c.take()?,
            network_name: c.take()?,
            about: c.take()?,
            from: c.take()?,
            from_name: c.take()?,
            message: c.take()?,
            accepted: c.take()?,
            expires_at: c.take()?,
        })
    }
}

const INVITATION: &str = "SELECT i.id, i.token, n.id, n.name, n.bio, f.id, \
    CASE WHEN f.nickname <> '' THEN f.nickname ELSE f.name END, i.message, i.accepted, i.expires_at \
    FROM invitation i JOIN actor n ON n.id = i.network_id JOIN actor f ON f.id = i.from_id \
    WHERE i.state = 'open' AND n.gone_at IS NULL";

/// The open invitation of this link.
pub fn by_token(r: &Reading<'_>, token: &str) -> Result<Option<Invitation>, Error> {
    r.first(
        &format!("{INVITATION} AND i.token_hash = $1 AND i.expires_at > $2"),
        params![sessions::hash(token), r.now()],
    )
}

/// One's own open invitations into a network, the newest first.
pub fn of_member(r: &Reading<'_>, network: ActorId, from: ActorId) -> Result<Vec<Invitation>, Error> {
    r.all(
        &format!("{INVITATION} AND i.network_id = $1 AND i.from_id = $2 AND i.expires_at > $3 ORDER BY i.id DESC LIMIT 20"),
        params![network, from, r.now()],
    )
}

/// One's own invitation.
pub fn own(r: &Reading<'_>, id: InvitationId, from: ActorId) -> Result<Invitation, Error> {
    r.one(&format!("{INVITATION} AND i.id = $1 AND i.from_id = $2"), params![id, from])
}

pub fn insert(
    w: &mut Writing<'_>,
    network: ActorId,
    from: ActorId,
    token: &str,
    message: &str,
    expires_at: Micros,
) -> Result<InvitationId, Error> {
    let (id, now) = (InvitationId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO invitation (id, token_hash, token, network_id, from_id, to_actor_id, role, message, opened, accepted, \
         state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, NULL, 'member', $6, 0, 0, 'open', $7, $8)",
        params![id, sessions::hash(token), token, network, from, message, now, expires_at],
    )?;
    Ok(id)
}

pub fn withdraw(w: &mut Writing<'_>, id: InvitationId, from: ActorId) -> Result<(), Error> {
    w.execute_one(
        "UPDATE invitation SET state = 'withdrawn' WHERE id = $1 AND from_id = $2 AND state = 'open'",
        params![id, from],
    )
}

pub fn count_opened(w: &mut Writing<'_>, id: InvitationId) -> Result<(), Error> {
    w.execute("UPDATE invitation SET opened = opened + 1 WHERE id = $1", params![id])?;
    Ok(())
}

pub fn count_accepted(w: &mut Writing<'_>, id: InvitationId) -> Result<(), Error> {
    w.execute_one("UPDATE invitation SET accepted = accepted + 1 WHERE id = $1", params![id])
}

/// Remembers who brought whom (D6), and what was said when asking to join.
pub fn put_arrival(
    w: &mut Writing<'_>,
    network: ActorId,
    part: ActorId,
    invited_by: Option<ActorId>,
    answers: &str,
) -> Result<(), Error> {
    w.execute_one(
        "UPDATE membership SET invited_by = COALESCE(invited_by, $3), answers = $4 WHERE whole_id = $1 AND part_id = $2",
        params![network, part, invited_by, answers],
    )
}

/// What a network shows to those who may ask to join: its name and what it is for.
pub fn open_to_ask(r: &Reading<'_>, network: ActorId) -> Result<(String, String), Error> {
    r.one(
        "SELECT name, bio FROM actor WHERE id = $1 AND kind = 'network' AND joining = 'ask' AND gone_at IS NULL",
        params![network],
    )
}

/// Where a member stands with a network.
pub fn membership_state(r: &Reading<'_>, network: ActorId, part: ActorId) -> Result<Option<String>, Error> {
    r.first("SELECT state FROM membership WHERE whole_id = $1 AND part_id = $2", params![network, part])
}

/// The networks a member asked to join and waits for.
pub fn waiting(r: &Reading<'_>, part: ActorId) -> Result<Vec<String>, Error> {
    r.all(
        "SELECT n.name FROM membership m JOIN actor n ON n.id = m.whole_id WHERE m.part_id = $1 AND m.state = 'applied' \
         ORDER BY m.id",
        params![part],
    )
}
