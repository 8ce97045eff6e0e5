//! What stands for or against asking these two: ties, blocks, consent, and how much each has on their hands.

use std::collections::HashMap;

use network::introduction::{Limits, Load};
use store::ids::ActorId;
use store::{Error, Micros, Reading, Writing, listed, params};

/// Whether the two were introduced, asked or refused within a time: the same for all three.
pub fn met_since(r: &Reading<'_>, a: ActorId, b: ActorId, since: Micros) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM introduction WHERE ((a_id = $1 AND b_id = $2) OR (a_id = $2 AND b_id = $1)) AND created_at > $3",
        params![a, b, since],
    )?;
    Ok(found.is_some())
}

/// Whether there is no living tie or proposal between the two, and neither blocked the other.
pub fn apart(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM tie WHERE ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1)) \
         AND state <> 'ended' UNION ALL SELECT 1 FROM block WHERE (actor_id = $1 AND blocked_id = $2) \
         OR (actor_id = $2 AND blocked_id = $1)",
        params![a, b],
    )?;
    Ok(found.is_none())
}

/// How much a member has on their hands. An introduction counts until its time is over, whatever they answered.
pub fn load(r: &Reading<'_>, member: ActorId) -> Result<Load, Error> {
    let now = r.now();
    let (open, week): (i64, i64) = r.one(
        "SELECT COUNT(CASE WHEN state = 'asking' AND closes_at > $2 THEN 1 END), COUNT(CASE WHEN asked_at > $3 THEN 1 END) \
         FROM introduction WHERE (a_id = $1 OR b_id = $1) AND asked_at IS NOT NULL \
         AND (asker_id IS NULL OR asker_id <> $1)",
        params![member, now, now.plus(-7 * Micros::DAY)],
    )?;
    // what coordinators put to both from the lists is their work, and no favor asked of them
    let made = r.one(
        "SELECT COUNT(*) FROM introduction WHERE introducer_id = $1 AND created_at > $2 AND origin <> 'found'",
        params![member, now.plus(-30 * Micros::DAY)],
    )?;
    Ok(Load { open, week, made })
}

/// How much of their room for introductions of their own is taken, 0 to 1, of each of these members who has any
/// introduction open or behind them this week, or chose how much they take on.
pub fn taken(r: &Reading<'_>, members: &[ActorId]) -> Result<HashMap<ActorId, f64>, Error> {
    let now = r.now();
    let mut parameters = params![now, now.plus(-7 * Micros::DAY)].to_vec();
    let ids = listed(&mut parameters, members);
    let side = |end: &str| {
        format!(
            "SELECT {end} AS who, CASE WHEN state = 'asking' AND closes_at > $1 THEN 1 ELSE 0 END AS open, \
             CASE WHEN asked_at > $2 THEN 1 ELSE 0 END AS week FROM introduction WHERE {end} IN ({ids}) \
             AND asked_at IS NOT NULL AND (closes_at > $1 OR asked_at > $2) AND (asker_id IS NULL OR asker_id <> {end})"
        )
    };
    let sql = format!(
        "SELECT x.who, COUNT(CASE WHEN x.open = 1 THEN 1 END), COUNT(CASE WHEN x.week = 1 THEN 1 END) \
         FROM ({} UNION ALL {}) x GROUP BY x.who",
        side("a_id"),
        side("b_id")
    );
    let mut all: HashMap<ActorId, (Limits, Load)> = HashMap::new();
    for (who, open, week) in r.all::<(ActorId, i64, i64)>(&sql, &parameters)? {
        all.entry(who).or_default().1 = Load { open, week, made: 0 };
    }
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, members);
    let sql = format!(
        "SELECT actor_id, at_once, a_week, to_make FROM introduction_limit WHERE actor_id IN ({ids})"
    );
    for (who, at_once, a_week, to_make) in r.all::<(ActorId, i64, i64, i64)>(&sql, &parameters)? {
        all.entry(who).or_default().0 = Limits { at_once, a_week, to_make }.clamped();
    }
    Ok(all.into_iter().map(|(who, (limits, load))| (who, limits.taken(load))).collect())
}

/// For how many introductions a member asked whose time is not over, and within seven days.
pub fn open_asks(r: &Reading<'_>, member: ActorId) -> Result<Load, Error> {
    let now = r.now();
    let (open, week): (i64, i64) = r.one(
        "SELECT COUNT(CASE WHEN state IN ('drafted', 'asking') AND closes_at > $2 THEN 1 END), \
         COUNT(CASE WHEN created_at > $3 THEN 1 END) FROM introduction WHERE a_id = $1 AND asker_id = $1",
        params![member, now, now.plus(-7 * Micros::DAY)],
    )?;
    Ok(Load { open, week, made: 0 })
}

/// What a member takes on.
pub fn limits(r: &Reading<'_>, member: ActorId) -> Result<Limits, Error> {
    let row: Option<(i64, i64, i64)> = r.first(
        "SELECT at_once, a_week, to_make FROM introduction_limit WHERE actor_id = $1",
        params![member],
    )?;
    let chosen = row.map(|(at_once, a_week, to_make)| Limits { at_once, a_week, to_make }.clamped());
    Ok(chosen.unwrap_or_default())
}

pub fn put_limits(w: &mut Writing<'_>, member: ActorId, limits: Limits) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO introduction_limit (actor_id, at_once, a_week, to_make, updated_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (actor_id) DO UPDATE SET at_once = $2, a_week = $3, to_make = $4, updated_at = $5",
        params![member, limits.at_once, limits.a_week, limits.to_make, now],
    )?;
    Ok(())
}

/// Whether a member agreed to be contacted and to be suggested to others.
pub fn may_be_suggested(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor WHERE id = $1 AND consent = 'given' AND may_be_suggested AND gone_at IS NULL \
         AND visibility <> 'private'",
        params![member],
    )?;
    Ok(found.is_some())
}

/// Whether the two can still meet through this network: both there and willing, and neither blocked the other.
pub fn may_meet(r: &Reading<'_>, network: ActorId, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let blocked: Option<i64> = r.first(
        "SELECT 1 FROM block WHERE (actor_id = $1 AND blocked_id = $2) OR (actor_id = $2 AND blocked_id = $1)",
        params![a, b],
    )?;
    let willing: i64 = r.one(
        "SELECT COUNT(*) FROM actor WHERE id IN ($1, $2) AND consent = 'given' AND gone_at IS NULL",
        params![a, b],
    )?;
    Ok(blocked.is_none() && willing == 2 && in_network(r, network, a)? && in_network(r, network, b)?)
}

/// Whether a member is in a network now.
pub fn in_network(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'member'",
        params![network, member],
    )?;
    Ok(found.is_some())
}

/// Whether a member cannot answer in the program: no account of their own, and nobody who acts for them.
pub fn has_no_account(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM actor x WHERE x.id = $1 AND x.claimed_by IS NULL AND NOT EXISTS \
         (SELECT 1 FROM stewardship s WHERE s.actor_id = x.id AND s.until IS NULL)",
        params![member],
    )?;
    Ok(found.is_some())
}

/// The coordinators of a network.
pub fn coordinates(r: &Reading<'_>, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' ORDER BY part_id",
        params![network],
    )
}

/// How somebody is reached, as far as the viewer may see it: kind, value, as it is written.
pub fn reach(r: &Reading<'_>, member: ActorId) -> Result<Vec<(String, String, String)>, Error> {
    let sql = format!(
        "SELECT p.kind, p.value, p.shown FROM contact_point p WHERE p.actor_id = $1 AND {} ORDER BY p.kind, p.id",
        store::audience::visible("p.id", 2)
    );
    r.all(&sql, &[store::Value::Int(member.0), store::audience::parameter(r.viewer())])
}
