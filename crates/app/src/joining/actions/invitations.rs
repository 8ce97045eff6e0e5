use network::vocabulary::{ActorKind, Consent, MembershipState, Role};
use store::ids::{AccountId, ActorId, InvitationId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Writing, sessions};

use super::super::queries::{self, invitations};
use super::open_account_hashed;
use crate::{members, notices};

/// How long an invitation stands.
const STANDS: i64 = 60 * Micros::DAY;

/// Makes a link by which people come into the network. The caller has checked the right.
///
/// # Errors
/// The database's own.
pub fn invite(
    w: &mut Writing<'_>,
    network: ActorId,
    from: ActorId,
    message: &str,
) -> Result<InvitationId, Error> {
    let token = sessions::new_secret()?;
    let expires_at = w.now().plus(STANDS);
    let id = invitations::insert(w, network, from, &token, message, expires_at)?;
    w.record(&Entry::new(Act::Invite, "joining.invite", id.0).in_network(network).fields(&["invitation"]))?;
    Ok(id)
}

/// Takes a link back.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs or was taken back before.
pub fn withdraw(w: &mut Writing<'_>, id: InvitationId, from: ActorId) -> Result<(), Error> {
    invitations::withdraw(w, id, from)?;
    w.record(&Entry::new(Act::Invite, "joining.withdraw_invitation", id.0).fields(&["state"]))
}

/// How somebody comes to a network.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// By an invitation: a member at once.
    Invited { invitation: InvitationId, by: ActorId },
    /// By asking, with a few words; the coordinators answer.
    Asked { words: String },
}

/// A person who signs up.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub nickname: String,
    /// What they sign in with: user name, phone or e-mail.
    pub login: String,
    pub password_hash: String,
    pub lang: &'static str,
    /// What they agreed to, word for word.
    pub wording: String,
}

/// A person signs up: the person, the account, the consent on record, the membership.
///
/// # Errors
/// [`Error::Taken`] when somebody signs in with this name already.
pub fn sign_up(
    w: &mut Writing<'_>,
    network: ActorId,
    person: &NewPerson,
    arrival: &Arrival,
) -> Result<(AccountId, ActorId), Error> {
    let mut sketch = members::Sketch::named(ActorKind::Person, &person.name);
    sketch.nickname.clone_from(&person.nickname);
    let id = members::enter(w, &sketch)?;
    let account = open_account_hashed(w, id, &person.login, &person.password_hash, person.lang)?;
    members::record_consent(w, id, Consent::Given, "own_account", &person.wording)?;
    arrive(w, network, id, arrival)?;
    Ok((account, id))
}

/// Remembers who brought somebody into a network, where that is known from elsewhere. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn bring(w: &mut Writing<'_>, network: ActorId, part: ActorId, by: ActorId) -> Result<(), Error> {
    invitations::put_arrival(w, network, part, Some(by), "")
}

/// A member comes into a network, or asks to. Who is in it already stays as they are.
///
/// # Errors
/// The database's own.
pub fn arrive(w: &mut Writing<'_>, network: ActorId, part: ActorId, arrival: &Arrival) -> Result<(), Error> {
    let before = invitations::membership_state(w, network, part)?;
    match (before.as_deref(), arrival) {
        (Some("member"), _) | (Some("applied" | "removed"), Arrival::Asked { .. }) => return Ok(()),
        _ => {}
    }
    match arrival {
        Arrival::Invited { invitation, by } => {
            members::join(w, network, part, Role::Member, "", MembershipState::Member)?;
            invitations::put_arrival(w, network, part, Some(*by), "")?;
            invitations::count_accepted(w, *invitation)?;
            notices::tell(w, *by, "joining_accepted", part.0, Some(part), "")?;
            w.record(
                &Entry::new(Act::Do, "joining.accept", part.0).in_network(network).fields(&["membership"]),
            )
        }
        Arrival::Asked { words } => {
            members::join(w, network, part, Role::Member, "", MembershipState::Applied)?;
            invitations::put_arrival(w, network, part, None, words)?;
            for coordinator in queries::coordinators(w, network)? {
                notices::tell(w, coordinator, "joining_application", part.0, None, "")?;
            }
            w.record(
                &Entry::new(Act::Propose, "joining.ask", part.0).in_network(network).fields(&["membership"]),
            )
        }
    }
}
