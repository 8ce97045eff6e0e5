use network::vocabulary::{Channel, Direction, Outcome, Relation, TieOrigin};
use store::ids::{ActorId, ContactId, TieId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Writing, audience};

use super::queries::{self, NewContact, NewTie};
use crate::{members, notices};

/// How long a proposal waits: an answer that does not come is an answer.
const WAITS: i64 = 30 * Micros::DAY;

/// Why a tie cannot be proposed.
#[derive(Debug, thiserror::Error)]
pub enum TieError {
    /// With oneself.
    #[error("a tie needs two members")]
    Oneself,
    /// There is one already, or one waits for its answer.
    #[error("there is a tie already")]
    Already(TieId),
    /// One blocked the other, or did not agree to be contacted: told apart from nothing else.
    #[error("this member cannot be reached through the network now")]
    Unreachable,
    #[error(transparent)]
    Store(#[from] Error),
}

/// What is proposed.
#[derive(Debug, Clone)]
pub struct Draft {
    pub object: ActorId,
    pub relation: Relation,
    pub offers: String,
    pub asks: String,
    pub benefit: String,
}

/// Proposes a tie to another member: what I offer, what I ask, what good it does.
pub fn propose(
    w: &mut Writing<'_>,
    subject: ActorId,
    network: Option<ActorId>,
    draft: &Draft,
) -> Result<TieId, TieError> {
    if subject == draft.object {
        return Err(TieError::Oneself);
    }
    // whom the proposer may not see is not there
    members::find(w, draft.object)?;
    if queries::blocked(w, subject, draft.object)? || !queries::may_be_contacted(w, draft.object)? {
        return Err(TieError::Unreachable);
    }
    if let Some(tie) = queries::between(w, subject, draft.object)? {
        return Err(TieError::Already(tie.id));
    }
    let lapses_at = w.now().plus(WAITS);
    let tie = NewTie {
        subject,
        object: draft.object,
        network,
        relation: draft.relation.word(),
        layer: draft.relation.layer().word(),
        directed: draft.relation.is_directed(),
        origin: TieOrigin::Self_.word(),
        introduced_by: None,
        offers: &draft.offers,
        asks: &draft.asks,
        benefit: &draft.benefit,
        state: "proposed",
        confirmed: false,
        lapses_at: Some(lapses_at),
    };
    let id = match queries::same(w, subject, draft.object, tie.relation)? {
        Some((id, _)) => {
            queries::revive(w, id, &tie)?;
            id
        }
        None => queries::insert(w, &tie)?,
    };
    audience::set(w, id.0, &opened_by(subject, draft.object, network))?;
    notices::tell(w, draft.object, "tie_proposed", id.0, Some(subject), "")?;
    w.record(&Entry::new(Act::Propose, "ties.propose", id.0).for_member(subject).fields(&["tie"]))?;
    Ok(id)
}

/// Both ends see a tie, and the coordinators who may have to call one of them.
fn opened_by(a: ActorId, b: ActorId, network: Option<ActorId>) -> Vec<i64> {
    let mut keys = vec![audience::own(a), audience::own(b)];
    keys.extend(network.map(audience::coordinators));
    keys
}

/// Answers a proposal: yes ties the two; no changes nothing that the other side can see.
pub fn answer(w: &mut Writing<'_>, id: TieId, by: ActorId, yes: &bool) -> Result<(), TieError> {
    let tie = queries::find(w, id)?;
    if tie.object != by {
        return Err(Error::NotFound.into());
    }
    if *yes {
        if queries::confirm(w, id)? {
            hold(w, tie.subject, tie.object)?;
            notices::tell(w, tie.subject, "tie_confirmed", id.0, Some(tie.object), "")?;
            w.record(&Entry::new(Act::Do, "ties.confirm", id.0).for_member(by).fields(&["state"]))?;
        }
    } else {
        queries::decline(w, id)?;
        w.record(&Entry::new(Act::Do, "ties.decline", id.0).for_member(by))?;
    }
    Ok(())
}

/// Each holds the other's key from now on.
fn hold(w: &mut Writing<'_>, a: ActorId, b: ActorId) -> Result<(), Error> {
    audience::give_key(w, a, audience::tied(b))?;
    audience::give_key(w, b, audience::tied(a))
}

/// A tie that both sides agreed to elsewhere: an introduction, a file that was brought in, a demo.
#[derive(Debug, Clone)]
pub struct Bound<'a> {
    pub subject: ActorId,
    pub object: ActorId,
    pub network: Option<ActorId>,
    pub relation: Relation,
    pub origin: TieOrigin,
    pub introduced_by: Option<ActorId>,
    pub offers: &'a str,
    pub asks: &'a str,
    pub benefit: &'a str,
}

/// Ties two members who both agreed already. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn bind(w: &mut Writing<'_>, bound: &Bound<'_>) -> Result<TieId, Error> {
    let tie = NewTie {
        subject: bound.subject,
        object: bound.object,
        network: bound.network,
        relation: bound.relation.word(),
        layer: bound.relation.layer().word(),
        directed: bound.relation.is_directed(),
        origin: bound.origin.word(),
        introduced_by: bound.introduced_by,
        offers: bound.offers,
        asks: bound.asks,
        benefit: bound.benefit,
        state: "confirmed",
        confirmed: true,
        lapses_at: None,
    };
    let id = match queries::same(w, bound.subject, bound.object, tie.relation)? {
        Some((id, state)) if matches!(state.as_str(), "confirmed" | "active" | "quiet" | "dormant") => {
            return Ok(id);
        }
        Some((id, _)) => {
            queries::revive(w, id, &tie)?;
            id
        }
        None => queries::insert(w, &tie)?,
    };
    audience::set(w, id.0, &opened_by(bound.subject, bound.object, bound.network))?;
    hold(w, bound.subject, bound.object)?;
    Ok(id)
}

/// A contact to be logged.
#[derive(Debug, Clone)]
pub struct ContactDraft {
    /// The one who logs it first, then the others.
    pub who: Vec<ActorId>,
    pub network: Option<ActorId>,
    pub at: Micros,
    pub channel: Channel,
    pub direction: Direction,
    pub summary: String,
    pub outcome: Outcome,
}

/// Logs a contact: seen by those who took part, and it keeps their ties alive. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn log(w: &mut Writing<'_>, draft: &ContactDraft) -> Result<ContactId, Error> {
    let contact = NewContact {
        network: draft.network,
        at: draft.at,
        whole_day: true,
        channel: draft.channel.word(),
        direction: draft.direction.word(),
        summary: &draft.summary,
        outcome: draft.outcome.word(),
        origin: "manual",
    };
    let id = queries::insert_contact(w, &contact, &draft.who)?;
    let keys: Vec<i64> = draft.who.iter().map(|actor| audience::own(*actor)).collect();
    audience::set(w, id.0, &keys)?;
    // what went out unanswered, or to everybody, is no touch
    if draft.direction == Direction::Mutual || draft.direction == Direction::Inbound {
        for (i, a) in draft.who.iter().enumerate() {
            for b in draft.who.iter().skip(i + 1) {
                queries::touch(w, *a, *b, draft.at)?;
            }
        }
    }
    Ok(id)
}
