use std::collections::HashSet;

use network::vouching;
use store::ids::{ActorId, VouchId};
use store::{Cells, Error, FromRow, Micros, Reading, Writing, listed, params};

/// What somebody said of another.
#[derive(Debug, Clone)]
pub struct Vouch {
    pub id: VouchId,
    pub by: ActorId,
    pub for_whom: ActorId,
    pub category: String,
    pub words: String,
    pub at: Micros,
}

impl FromRow for Vouch {
    fn from_row(c: &mut Cells) -> Result<Self, Error> {
        Ok(Self {
            id: c.take()?,
            by: c.take()?,
            for_whom: c.take()?,
            category: c.take()?,
            words: c.take()?,
            at: c.take()?,
        })
    }
}

/// The most members looked at to find out whether the network reaches somebody.
const WIDEST: usize = 2000;

/// The vouches for a member that count today, newest first.
///
/// # Errors
/// The database's own.
pub fn shown(r: &Reading<'_>, member: ActorId) -> Result<Vec<Vouch>, Error> {
    let vouches: Vec<Vouch> = r.all(
        "SELECT v.id, v.by_id, v.for_id, v.category, v.words, v.at FROM vouch v JOIN actor a ON a.id = v.by_id \
         WHERE v.for_id = $1 AND v.expires_at > $2 AND a.gone_at IS NULL AND a.state <> 'deleted' \
         ORDER BY v.at DESC LIMIT 60",
        params![member, r.now()],
    )?;
    if vouches.is_empty() {
        return Ok(vouches);
    }
    let reached = reached(r, &vouches)?;
    Ok(vouches.into_iter().filter(|vouch| reached.contains(&vouch.id)).collect())
}

/// What one said of a member and stands today, whether it counts yet or not.
///
/// # Errors
/// The database's own.
pub fn own(r: &Reading<'_>, by: ActorId, member: ActorId) -> Result<Vec<Vouch>, Error> {
    r.all(
        "SELECT id, by_id, for_id, category, words, at FROM vouch WHERE by_id = $1 AND for_id = $2 AND expires_at > $3 \
         ORDER BY at DESC",
        params![by, member, r.now()],
    )
}

/// Those of these vouches that count: walked backward from the ones who vouched, to whoever stands for them, until a
/// coordinator is met.
fn reached(r: &Reading<'_>, vouches: &[Vouch]) -> Result<HashSet<VouchId>, Error> {
    let target = vouches.first().map_or(0, |vouch| vouch.for_whom.0);
    let mut known: HashSet<i64> = vouches.iter().map(|vouch| vouch.by.0).collect();
    let mut frontier: Vec<i64> = known.iter().copied().collect();
    let (mut helped, mut others, mut coordinators) = (Vec::new(), Vec::new(), Vec::new());
    while !frontier.is_empty() && known.len() < WIDEST {
        let mut ids = Vec::new();
        let list = listed(&mut ids, &frontier);
        let found: Vec<i64> = r.all(
            &format!(
                "SELECT DISTINCT part_id FROM membership WHERE part_id IN ({list}) AND role = 'coordinator' AND state = 'member'"
            ),
            &ids,
        )?;
        coordinators.extend(found);
        let met: Vec<(i64, i64)> = r.all(
            &format!(
                "SELECT DISTINCT actor_id, met_by FROM intent WHERE met_by IN ({list}) AND side = 'need' \
                 AND state = 'fulfilled'"
            ),
            &ids,
        )?;
        let after = ids.len() + 1;
        ids.extend_from_slice(params![r.now()]);
        let stands: Vec<(i64, i64)> = r.all(
            &format!("SELECT by_id, for_id FROM vouch WHERE for_id IN ({list}) AND expires_at > ${after}"),
            &ids,
        )?;
        frontier = stands
            .iter()
            .chain(&met)
            .map(|(from, _)| *from)
            // who is vouched for does not reach those who vouch
            .filter(|from| *from != target && known.insert(*from))
            .collect();
        others.extend(stands);
        helped.extend(met);
    }
    let mut all: Vec<(i64, i64)> = vouches.iter().map(|vouch| (vouch.by.0, vouch.for_whom.0)).collect();
    all.extend(others.into_iter().filter(|(from, _)| *from != target));
    helped.retain(|(from, _)| *from != target);
    let counting = vouching::counting(&coordinators, &helped, &all);
    Ok(vouches
        .iter()
        .enumerate()
        .filter(|(at, _)| counting.contains(at))
        .map(|(_, vouch)| vouch.id)
        .collect())
}

/// Whether two helped each other or worked together, as far as it is on record.
pub fn worked_together(r: &Reading<'_>, one: ActorId, other: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM (SELECT 1) asked WHERE EXISTS (SELECT 1 FROM contact c \
         JOIN contact_participant p ON p.contact_id = c.id AND p.actor_id = $1 \
         JOIN contact_participant q ON q.contact_id = c.id AND q.actor_id = $2 \
         WHERE c.direction IN ('mutual', 'inbound') AND (c.outcome IN ('help', 'decision', 'promise', 'learning') \
         OR c.origin = 'exchange')) \
         OR EXISTS (SELECT 1 FROM intent WHERE state = 'fulfilled' AND actor_id = $1 AND met_by = $2) \
         OR EXISTS (SELECT 1 FROM intent WHERE state = 'fulfilled' AND actor_id = $2 AND met_by = $1)",
        params![one, other],
    )?;
    Ok(found.is_some())
}

/// What a member says it can do.
pub fn capabilities(r: &Reading<'_>, member: ActorId) -> Result<Vec<String>, Error> {
    r.all(
        "SELECT category FROM capability WHERE actor_id = $1 AND NOT wants_to_learn ORDER BY category",
        params![member],
    )
}

/// Writes a vouch; a second one for the same thing takes the place of the first and is dated anew.
pub fn put(
    w: &mut Writing<'_>,
    by: ActorId,
    for_whom: ActorId,
    category: &str,
    words: &str,
) -> Result<VouchId, Error> {
    let (id, now) = (VouchId(w.new_id()), w.now());
    let expires = now.plus(vouching::GOOD_FOR_DAYS * Micros::DAY);
    w.execute(
        "INSERT INTO vouch (id, by_id, for_id, category, words, at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (by_id, for_id, category) DO UPDATE SET words = $5, at = $6, expires_at = $7",
        params![id, by, for_whom, category, words, now, expires],
    )?;
    w.one(
        "SELECT id FROM vouch WHERE by_id = $1 AND for_id = $2 AND category = $3",
        params![by, for_whom, category],
    )
}

/// Takes back what a member said; for whom it was.
pub fn drop(w: &mut Writing<'_>, id: VouchId, by: ActorId) -> Result<ActorId, Error> {
    let for_whom = w.one("SELECT for_id FROM vouch WHERE id = $1 AND by_id = $2", params![id, by])?;
    w.execute_one("DELETE FROM vouch WHERE id = $1 AND by_id = $2", params![id, by])?;
    Ok(for_whom)
}
