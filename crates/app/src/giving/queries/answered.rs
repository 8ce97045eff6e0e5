//! The replies that were answered, from which is learned what fits.

use store::ids::{ActorId, IntentId};
use store::{Error, Reading, listed, params};

use crate::giving::ReplyId;

/// A reply its owner has answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    pub id: ReplyId,
    pub intent: IntentId,
    /// Who replied.
    pub actor: ActorId,
    pub accepted: bool,
}

const ANSWERED: &str =
    "SELECT id, intent_id, actor_id, state FROM reply WHERE state IN ('accepted', 'declined')";

fn answered(rows: Vec<(ReplyId, IntentId, ActorId, String)>) -> Vec<Answered> {
    let read = |(id, intent, actor, state): (ReplyId, IntentId, ActorId, String)| Answered {
        id,
        intent,
        actor,
        accepted: state == "accepted",
    };
    rows.into_iter().map(read).collect()
}

/// The replies to these offers and needs that were answered, in the order of the answers.
pub fn answered_of(r: &Reading<'_>, ids: &[IntentId]) -> Result<Vec<Answered>, Error> {
    let mut parameters = Vec::new();
    let ids = listed(&mut parameters, ids);
    let sql = format!("{ANSWERED} AND intent_id IN ({ids}) ORDER BY answered_at, id");
    Ok(answered(r.all(&sql, &parameters)?))
}

/// The replies answered last, the earliest of them first.
pub fn answered_last(r: &Reading<'_>, most: i64) -> Result<Vec<Answered>, Error> {
    let sql = format!("{ANSWERED} ORDER BY answered_at DESC, id DESC LIMIT $1");
    let mut rows = answered(r.all(&sql, params![most])?);
    rows.reverse();
    Ok(rows)
}
