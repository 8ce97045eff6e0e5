//! Who brought whom (D6, T3).

use network::growth::{ACTIVE_DAYS, Member};
use store::ids::ActorId;
use store::{Cells, Error, FromRow, Micros, Reading, Value, audience, params};

/// Somebody who was brought, as far as the one who asks may see them.
#[derive(Debug, Clone)]
pub struct Brought {
    pub id: ActorId,
    pub name: String,
    pub nickname: String,
    pub came_at: Micros,
    /// Whether something they offer or need can be seen by the one who asks.
    pub shares: bool,
    /// Whether a tie between them and who brought them is confirmed.
    pub tied: bool,
    /// How many they brought in turn.
    pub brought: i64,
}

impl FromRow for Brought {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            name: c.take()?,
            nickname: c.take()?,
            came_at: c.take()?,
            shares: c.take()?,
            tied: c.take()?,
            brought: c.take()?,
        })
    }
}

impl Brought {
    /// What people call them.
    pub fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }
}

/// Who a member is after merges: who was brought by the one that is gone was brought by the one that is left. A merge
/// that is undone parts them again by itself.
const SAME: &str = "(SELECT s.id FROM actor s WHERE s.id = $2 OR s.merged_into = $2)";

/// Those a member brought into a network and who are in it, the newest first, as far as this viewer may see them.
pub fn brought_by(r: &Reading<'_>, network: ActorId, by: ActorId) -> Result<Vec<Brought>, Error> {
    // the sign keeps a database that has not counted from going through a whole network for the few somebody brought
    let sql = format!(
        "SELECT a.id, a.name, a.nickname, m.created_at, \
         EXISTS (SELECT 1 FROM intent i WHERE i.actor_id = a.id AND i.network_id = $1 AND i.state <> 'withdrawn' AND {}), \
         EXISTS (SELECT 1 FROM tie t WHERE t.state IN ('confirmed', 'active', 'quiet', 'dormant') AND \
           ((t.subject_id = a.id AND t.object_id = $2) OR (t.subject_id = $2 AND t.object_id = a.id))), \
         (SELECT COUNT(*) FROM membership n JOIN actor b ON b.id = n.part_id WHERE +n.whole_id = $1 AND n.invited_by = a.id \
           AND n.state = 'member' AND b.gone_at IS NULL AND {}) \
         FROM membership m JOIN actor a ON a.id = m.part_id WHERE +m.whole_id = $1 AND m.invited_by IN {SAME} \
         AND m.state = 'member' AND a.gone_at IS NULL AND {} ORDER BY m.created_at DESC, m.id DESC LIMIT 200",
        audience::visible("i.id", 3),
        audience::visible("b.id", 3),
        audience::visible("a.id", 3)
    );
    r.all(&sql, &[Value::Int(network.0), Value::Int(by.0), audience::parameter(r.viewer())])
}

/// Who brought somebody into a network, by when they themselves were entered: a page of them, those after `after`.
pub fn inviters(r: &Reading<'_>, network: ActorId, after: i64, rows: i64) -> Result<Vec<ActorId>, Error> {
    let sql = format!(
        "SELECT DISTINCT a.id FROM membership m JOIN actor g ON g.id = m.invited_by \
         JOIN actor a ON a.id = COALESCE(g.merged_into, g.id) WHERE m.whole_id = $1 AND m.invited_by IS NOT NULL \
         AND m.state = 'member' AND a.gone_at IS NULL AND a.id > $3 AND {} ORDER BY a.id LIMIT $4",
        audience::visible("a.id", 2)
    );
    let viewer = audience::parameter(r.viewer());
    r.all(&sql, &[Value::Int(network.0), viewer, Value::Int(after), Value::Int(rows)])
}

/// Who brought this member into the network, as the viewer may see them.
pub fn inviter(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<Option<ActorId>, Error> {
    let sql = format!(
        "SELECT a.id FROM membership m JOIN actor g ON g.id = m.invited_by JOIN actor a ON a.id = COALESCE(g.merged_into, g.id) \
         WHERE m.whole_id = $1 AND m.part_id = $3 AND a.gone_at IS NULL AND {}",
        audience::visible("a.id", 2)
    );
    r.first(&sql, &[Value::Int(network.0), audience::parameter(r.viewer()), Value::Int(member.0)])
}

struct Counted(Member);

impl FromRow for Counted {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        let (id, by, at): (i64, Option<i64>, Micros) = (c.take()?, c.take()?, c.take()?);
        Ok(Self(Member { id, by, on: at.day(7), active: c.take()? }))
    }
}

/// The members of a network who could bring others, as the count of growth sees them: numbers alone, of everybody. A
/// person without an account has no link to share and is left out. Active is who posted an offer or need, had a contact,
/// agreed to a tie, or gave or received something in time.
pub fn members(r: &Reading<'_>, network: ActorId) -> Result<Vec<Member>, Error> {
    let within = ACTIVE_DAYS * Micros::DAY;
    let rows: Vec<Counted> = r.all(
        "SELECT m.part_id, COALESCE(g.merged_into, g.id), m.created_at, \
         EXISTS (SELECT 1 FROM intent i WHERE i.actor_id = m.part_id AND i.network_id = $1 \
           AND i.created_at <= m.created_at + $2) \
         OR EXISTS (SELECT 1 FROM contact_participant p JOIN contact c ON c.id = p.contact_id \
           WHERE p.actor_id = m.part_id AND c.at BETWEEN m.created_at AND m.created_at + $2) \
         OR EXISTS (SELECT 1 FROM tie t WHERE t.subject_id = m.part_id AND t.object_confirmed_at <= m.created_at + $2) \
         OR EXISTS (SELECT 1 FROM tie t WHERE t.object_id = m.part_id AND t.object_confirmed_at <= m.created_at + $2) \
         OR EXISTS (SELECT 1 FROM exchange e WHERE e.provider_id = m.part_id AND e.created_at <= m.created_at + $2) \
         OR EXISTS (SELECT 1 FROM exchange e WHERE e.receiver_id = m.part_id AND e.created_at <= m.created_at + $2) \
         FROM membership m JOIN actor a ON a.id = m.part_id LEFT JOIN actor g ON g.id = m.invited_by \
         WHERE m.whole_id = $1 AND m.state IN ('member', 'left') AND a.merged_into IS NULL \
         AND (a.kind <> 'person' OR a.claimed_by IS NOT NULL OR m.invited_by IS NOT NULL) ORDER BY m.part_id",
        params![network, within],
    )?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
