//! How readily members answered what they were asked, as far as the other side saw it.

use std::collections::HashMap;

use store::ids::ActorId;
use store::{Error, Micros, Reading, listed, params};

/// What lies longer ago says little of how somebody answers today.
const DAYS: i64 = 365;
/// Until then a reply to an offer or a need is answered in time.
const DAYS_TO_ANSWER: i64 = 14;
/// Members asked for in one statement.
const AT_ONCE: usize = 256;

/// For each of these members who was asked something within a year: how often they agreed in time, and how often the time
/// went by without. Introductions they were asked into, ties proposed to them, replies to their offers and needs. A no
/// counts as silence does, before its time as nothing and after it as passed; in an introduction nobody may tell which of
/// the two it was, so that it counts for both.
pub fn answered(r: &Reading<'_>, members: &[ActorId]) -> Result<HashMap<ActorId, (u32, u32)>, Error> {
    let now = r.now();
    let mut all = HashMap::new();
    for some in members.chunks(AT_ONCE) {
        let wait = DAYS_TO_ANSWER * Micros::DAY;
        let mut parameters = params![now.plus(-DAYS * Micros::DAY), now, now.plus(-wait), wait].to_vec();
        let ids = listed(&mut parameters, some);
        let side = |end: &str| {
            format!(
                "SELECT {end} AS who, CASE WHEN state = 'connected' THEN 1 ELSE 0 END AS agreed FROM introduction \
                 WHERE {end} IN ({ids}) AND asked_at > $1 AND (asker_id IS NULL OR asker_id <> {end}) \
                 AND (state = 'connected' OR closes_at <= $2)"
            )
        };
        let sql = format!(
            "SELECT x.who, COUNT(CASE WHEN x.agreed = 1 THEN 1 END), COUNT(CASE WHEN x.agreed = 0 THEN 1 END) FROM ({} \
             UNION ALL {} UNION ALL SELECT object_id, CASE WHEN object_confirmed_at IS NULL THEN 0 ELSE 1 END FROM tie \
             WHERE object_id IN ({ids}) AND ((object_confirmed_at > subject_confirmed_at AND object_confirmed_at > $1) \
             OR (object_confirmed_at IS NULL AND lapses_at > $1 AND lapses_at <= $2 \
             AND (state = 'proposed' OR updated_at >= lapses_at))) \
             UNION ALL SELECT i.actor_id, CASE WHEN p.state = 'accepted' AND p.answered_at - p.at <= $4 THEN 1 ELSE 0 END \
             FROM intent i JOIN reply p ON p.intent_id = i.id WHERE i.actor_id IN ({ids}) AND p.at > $1 \
             AND (p.at <= $3 OR (p.state = 'accepted' AND p.answered_at - p.at <= $4))) x GROUP BY x.who",
            side("a_id"),
            side("b_id")
        );
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        for (who, agreed, passed) in r.all::<(ActorId, i64, i64)>(&sql, &parameters)? {
            all.insert(who, (count(agreed), count(passed)));
        }
    }
    Ok(all)
}
