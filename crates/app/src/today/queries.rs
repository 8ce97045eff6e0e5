use store::ids::{ActorId, IntentId};
use store::{Error, Micros, Reading, params};

/// My offers and needs that end within a week: one tap renews them.
pub fn ending_soon(
    r: &Reading<'_>,
    member: ActorId,
) -> Result<Vec<(IntentId, String, String, Micros)>, Error> {
    r.all(
        "SELECT id, side, CASE WHEN title <> '' THEN title ELSE text END, valid_until FROM intent WHERE actor_id = $1 \
         AND state = 'open' AND valid_until > $2 AND valid_until < $3 ORDER BY valid_until LIMIT 3",
        params![member, r.now(), r.now().plus(7 * Micros::DAY)],
    )
}

/// How many offers and needs of mine are open.
pub fn open_of(r: &Reading<'_>, member: ActorId) -> Result<i64, Error> {
    r.one(
        "SELECT COUNT(*) FROM intent WHERE actor_id = $1 AND state = 'open' AND valid_until > $2",
        params![member, r.now()],
    )
}

/// Answers to my offers and needs that I have not looked at: reply, the intent, who, their words.
pub fn replies_to(
    r: &Reading<'_>,
    member: ActorId,
) -> Result<Vec<(IntentId, ActorId, String, String)>, Error> {
    r.all(
        "SELECT n.id, y.actor_id, CASE WHEN n.title <> '' THEN n.title ELSE n.text END, y.words FROM reply y \
         JOIN intent n ON n.id = y.intent_id WHERE n.actor_id = $1 AND n.state = 'open' AND y.answered_at IS NULL \
         ORDER BY y.at LIMIT 3",
        params![member],
    )
}

/// What waits for a coordinator: consents, duplicates, people who ask to join.
pub fn coordinators_work(r: &Reading<'_>, network: ActorId) -> Result<(i64, i64, i64), Error> {
    r.one(
        "SELECT (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'member' AND a.consent = 'pending' AND a.gone_at IS NULL), \
         (SELECT COUNT(*) FROM likely_duplicate d WHERE d.network_id = $1 AND d.state = 'open'), \
         (SELECT COUNT(*) FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.whole_id = $1 \
           AND m.state = 'applied' AND a.gone_at IS NULL)",
        params![network],
    )
}

/// Whether a network has a member besides this one.
pub fn anybody_else(r: &Reading<'_>, network: ActorId, actor: ActorId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM membership WHERE whole_id = $1 AND part_id <> $2 AND state = 'member' LIMIT 1";
    Ok(r.first::<i64>(sql, params![network, actor])?.is_some())
}
