use network::vocabulary::{MembershipState, Role};
use store::ids::{ActorId, ConcernId};
use store::journal::{Act, Entry};
use store::{Error, Writing};

use super::queries;
use crate::{giving, members, notices};

/// Why a role cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The only coordinator: nobody would be left to look after the network.
    #[error("name another coordinator first")]
    LastCoordinator,
    #[error(transparent)]
    Store(#[from] Error),
}

/// Lets somebody in who asked.
pub fn accept(w: &mut Writing<'_>, network: ActorId, person: ActorId) -> Result<(), Error> {
    answered(w, network, person)?;
    members::join(w, network, person, Role::Member, "", MembershipState::Member)?;
    notices::tell(w, person, "joining_admitted", network.0, Some(network), "")?;
    w.record(
        &Entry::new(Act::Administer, "administration.accept", person.0)
            .in_network(network)
            .fields(&["membership"]),
    )
}

/// Does not let somebody in. They are told nothing; they may ask the coordinators.
pub fn decline(w: &mut Writing<'_>, network: ActorId, person: ActorId) -> Result<(), Error> {
    answered(w, network, person)?;
    members::leave(w, network, person, MembershipState::Removed)?;
    w.record(
        &Entry::new(Act::Administer, "administration.decline", person.0)
            .in_network(network)
            .fields(&["membership"]),
    )
}

/// Answers somebody who asks to belong to a group or organization of the network; a no is not told.
///
/// # Errors
/// [`Error::NotFound`] where nobody asks, the group is of no concern to this network, or it answers for itself.
pub fn answer_belonging(
    w: &mut Writing<'_>,
    network: ActorId,
    whole: ActorId,
    person: ActorId,
    state: MembershipState,
) -> Result<(), Error> {
    if !queries::is_in(w, network, whole)? || queries::answers_itself(w, whole)? {
        return Err(Error::NotFound);
    }
    answered(w, whole, person)?;
    if state == MembershipState::Member {
        let title = queries::title_asked(w, whole, person)?;
        members::join(w, whole, person, Role::Member, &title, state)?;
    } else {
        members::leave(w, whole, person, MembershipState::Removed)?;
    }
    w.record(
        &Entry::new(Act::Administer, "administration.belonging", person.0)
            .in_network(network)
            .fields(&["membership"]),
    )
}

fn answered(w: &Writing<'_>, network: ActorId, person: ActorId) -> Result<(), Error> {
    if queries::applied(w, network, person)? { Ok(()) } else { Err(Error::NotFound) }
}

/// Gives a member another role.
pub fn change_role(
    w: &mut Writing<'_>,
    network: ActorId,
    member: ActorId,
    role: Role,
) -> Result<(), RoleError> {
    let before = members::role_in(w, network, member)?.ok_or(Error::NotFound)?;
    keeps_a_coordinator(w, network, member, before, Some(role))?;
    members::join(w, network, member, role, "", MembershipState::Member)?;
    if role != Role::Coordinator {
        giving::entrust_anew(w, network, member)?;
    }
    w.record(
        &Entry::new(Act::Administer, "administration.role", member.0)
            .in_network(network)
            .before("role", Some(before.word().to_owned())),
    )?;
    Ok(())
}

/// Takes a member out of the network.
pub fn remove(w: &mut Writing<'_>, network: ActorId, member: ActorId) -> Result<(), RoleError> {
    let before = members::role_in(w, network, member)?.ok_or(Error::NotFound)?;
    keeps_a_coordinator(w, network, member, before, None)?;
    members::leave(w, network, member, MembershipState::Removed)?;
    giving::entrust_anew(w, network, member)?;
    w.record(
        &Entry::new(Act::Administer, "administration.remove", member.0)
            .in_network(network)
            .fields(&["membership"]),
    )?;
    Ok(())
}

fn keeps_a_coordinator(
    w: &Writing<'_>,
    network: ActorId,
    member: ActorId,
    before: Role,
    after: Option<Role>,
) -> Result<(), RoleError> {
    let steps_down = before == Role::Coordinator && after != Some(Role::Coordinator);
    if steps_down && queries::other_coordinators(w, network, member)? == 0 {
        return Err(RoleError::LastCoordinator);
    }
    Ok(())
}

/// Settles what a member brought, with a word to them.
pub fn settle(w: &mut Writing<'_>, network: ActorId, id: ConcernId, answer: &str) -> Result<(), Error> {
    let by = queries::settle(w, network, id, answer)?;
    notices::tell(w, by, "joining_settled", id.0, None, answer)?;
    w.record(
        &Entry::new(Act::Administer, "administration.settle", id.0).in_network(network).fields(&["concern"]),
    )
}

/// By asking as well, or by invitation only.
pub fn joining_word(text: &str) -> Option<&'static str> {
    ["ask", "invitation"].into_iter().find(|word| *word == text)
}

/// Changes how people come in.
pub fn change_joining(w: &mut Writing<'_>, network: ActorId, how: &'static str) -> Result<(), Error> {
    let before = queries::joining(w, network)?;
    queries::put_joining(w, network, how)?;
    w.record(
        &Entry::new(Act::Administer, "administration.joining", network.0)
            .in_network(network)
            .before("joining", Some(before)),
    )
}
