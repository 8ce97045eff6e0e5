//! To which group or organization somebody belongs: found, or made where it is not there yet (trap 15).

use network::vocabulary::{ActorKind, MembershipState, Role};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Error, Writing};

use super::super::queries::{self, belonging, invitations, settings};
use crate::{members, notices, ties};

/// What somebody says they belong to.
#[derive(Debug, Clone)]
pub enum Belonging {
    /// One that is there.
    Found(ActorId),
    /// One that is not there yet.
    New { kind: ActorKind, name: String },
}

/// Somebody belongs to a group or organization of their network. One that is there is asked: those who speak for it
/// answer, and where nobody does the network's coordinators.
/// One that is made is theirs to speak for, until they name others; of one name there is one. Answers which it is.
///
/// # Errors
/// [`Error::NotFound`] for what is no group or organization of the network, or cannot be seen.
pub fn belong(
    w: &mut Writing<'_>,
    network: ActorId,
    person: ActorId,
    belonging: &Belonging,
    title: &str,
) -> Result<ActorId, Error> {
    let there = match belonging {
        Belonging::Found(id) => Some(*id),
        Belonging::New { name, .. } => queries::settings::group_named(w, network, name)?,
    };
    let whole = match (there, belonging) {
        (Some(whole), _) => {
            members::find(w, whole)?;
            if !settings::is_group_of(w, network, whole)? {
                return Err(Error::NotFound);
            }
            ask(w, network, whole, person, title)?;
            whole
        }
        (None, Belonging::New { kind, name }) => {
            let whole = members::enter(w, &members::Sketch::named(*kind, name))?;
            members::join(w, network, whole, Role::Member, "", MembershipState::Member)?;
            members::join(w, whole, person, Role::Member, title, MembershipState::Member)?;
            settings::add_steward(w, whole, person)?;
            w.record(&Entry::new(Act::Do, "joining.found_group", whole.0).in_network(network).fields(&[
                "actor",
                "membership",
                "stewardship",
            ]))?;
            whole
        }
        (None, Belonging::Found(_)) => return Err(Error::NotFound),
    };
    Ok(whole)
}

fn ask(
    w: &mut Writing<'_>,
    network: ActorId,
    whole: ActorId,
    person: ActorId,
    title: &str,
) -> Result<(), Error> {
    // who is in it, or asked before, changes nothing; who was turned away asks the coordinators themselves
    if matches!(
        invitations::membership_state(w, whole, person)?.as_deref(),
        Some("member" | "applied" | "removed")
    ) {
        return Ok(());
    }
    members::join(w, whole, person, Role::Member, title, MembershipState::Applied)?;
    if belonging::answers_itself(w, whole)? {
        notices::tell(w, whole, "joining_belonging", whole.0, Some(person), "")?;
    } else {
        for coordinator in queries::coordinators(w, network)? {
            notices::tell(w, coordinator, "joining_application", person.0, None, "")?;
        }
    }
    w.record(&Entry::new(Act::Propose, "joining.belong", whole.0).in_network(network).fields(&["membership"]))
}

/// What those who speak for a group say to somebody who asks to belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Yes,
    No,
}

/// A group or organization answers somebody who asks to belong to it, by its own rule: with a yes they do as soon as as
/// many of those who act for it agreed as the rule says; a no is not told. The same again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for somebody who never asked.
pub fn answer(w: &mut Writing<'_>, whole: ActorId, person: ActorId, word: Word) -> Result<(), Error> {
    let Some((asked, title)) = belonging::asked(w, whole, person)? else {
        let known = invitations::membership_state(w, whole, person)?;
        return if matches!(known.as_deref(), Some("member" | "removed")) {
            Ok(())
        } else {
            Err(Error::NotFound)
        };
    };
    if word == Word::Yes {
        let needed = ties::stewards_asked(w, whole)?;
        if let Some(steward) = w.viewer().person()
            && belonging::agree(w, asked, steward)? < needed
        {
            return w.record(
                &Entry::new(Act::Consent, "joining.agree", whole.0)
                    .for_member(whole)
                    .fields(&["membership_consent"]),
            );
        }
        members::join(w, whole, person, Role::Member, &title, MembershipState::Member)?;
        notices::tell(w, person, "joining_belongs", whole.0, Some(whole), "")?;
    } else {
        members::leave(w, whole, person, MembershipState::Removed)?;
    }
    belonging::forget(w, asked)?;
    w.record(
        &Entry::new(Act::Administer, "joining.answer_belonging", person.0)
            .for_member(whole)
            .fields(&["membership"]),
    )
}
