use network::vocabulary::{Consent, MembershipState, Role};
use store::ids::{AccountId, ActorId, ConcernId};
use store::journal::{Act, Entry};
use store::{Error, Writing, audience};

use super::super::queries::{self, leaving};
use crate::{giving, members, notices};

/// Why somebody cannot leave yet.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// The only coordinator of a network with other members: somebody has to look after them.
    #[error("name another coordinator first")]
    LastCoordinator,
    /// The only operator of the instance.
    #[error("name another operator first")]
    LastOperator,
    #[error(transparent)]
    Store(#[from] Error),
}

fn may_go(w: &Writing<'_>, network: ActorId, member: ActorId, role: &str) -> Result<(), LeaveError> {
    let (coordinators, members) = leaving::others(w, network, member)?;
    if role == Role::Coordinator.word() && coordinators == 0 && members > 0 {
        return Err(LeaveError::LastCoordinator);
    }
    Ok(())
}

/// Leaves a network: what one still offered and asked there is taken back, what others received stays theirs.
pub fn leave(w: &mut Writing<'_>, network: ActorId, member: ActorId) -> Result<(), LeaveError> {
    let role = members::role_in(w, network, member)?.ok_or(Error::NotFound)?;
    may_go(w, network, member, role.word())?;
    leaving::withdraw_intents(w, member, Some(network))?;
    members::leave(w, network, member, MembershipState::Left)?;
    giving::entrust_anew(w, network, member)?;
    w.record(&Entry::new(Act::Do, "joining.leave", member.0).in_network(network).fields(&["membership"]))?;
    Ok(())
}

/// Erases a person: nobody can tell any more who it was, and nobody can sign in. Others keep what they received.
pub fn erase(w: &mut Writing<'_>, person: ActorId, name: &str) -> Result<(), LeaveError> {
    let account = queries::account_of(w, person)?;
    if let Some((account, true)) = account
        && leaving::other_operators(w, account)? == 0
    {
        return Err(LeaveError::LastOperator);
    }
    let wholes = leaving::wholes(w, person)?;
    for (whole, kind, _, role) in &wholes {
        if kind == "network" {
            may_go(w, *whole, person, role)?;
        }
    }
    leaving::withdraw_intents(w, person, None)?;
    for (whole, ..) in &wholes {
        members::leave(w, *whole, person, MembershipState::Left)?;
        giving::entrust_anew(w, *whole, person)?;
    }
    members::record_consent(w, person, Consent::Withdrawn, "erased", "")?;
    erase_row(w, person, account.map(|(account, _)| account), name)?;
    for merged in leaving::merged_into(w, person)? {
        erase_row(w, merged, None, name)?;
    }
    w.record(&Entry::new(Act::Do, "joining.erase", person.0).fields(&["actor", "account"]))?;
    Ok(())
}

fn erase_row(
    w: &mut Writing<'_>,
    person: ActorId,
    account: Option<AccountId>,
    name: &str,
) -> Result<(), Error> {
    leaving::erase(w, person, account, name)?;
    post::forget_person(w, person)?;
    members::refresh(w, person)
}

/// Blocks a member: ties between the two end, and neither reaches the other through the network any more.
pub fn block(w: &mut Writing<'_>, actor: ActorId, other: ActorId) -> Result<(), Error> {
    if actor == other {
        return Err(Error::NotFound);
    }
    leaving::block(w, actor, other)?;
    audience::take_key(w, actor, audience::tied(other))?;
    audience::take_key(w, other, audience::tied(actor))?;
    w.record(&Entry::new(Act::Do, "joining.block", other.0).fields(&["block"]))
}

/// Takes a block back.
pub fn unblock(w: &mut Writing<'_>, actor: ActorId, other: ActorId) -> Result<(), Error> {
    leaving::unblock(w, actor, other)?;
    w.record(&Entry::new(Act::Do, "joining.unblock", other.0).fields(&["block"]))
}

/// Brings something to the coordinators' attention: a member, or something a member wrote.
pub fn report(
    w: &mut Writing<'_>,
    network: ActorId,
    object: i64,
    by: ActorId,
    words: &str,
) -> Result<ConcernId, Error> {
    if !audience::may_see(w, object)? {
        return Err(Error::NotFound);
    }
    let id = leaving::insert_concern(w, network, object, by, words)?;
    for coordinator in queries::coordinators(w, network)? {
        notices::tell(w, coordinator, "joining_concern", id.0, None, "")?;
    }
    w.record(&Entry::new(Act::Report, "joining.report", id.0).in_network(network).fields(&["concern"]))?;
    Ok(id)
}
