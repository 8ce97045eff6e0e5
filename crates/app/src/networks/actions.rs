use network::vocabulary::{ActorKind, MembershipState, NetworkOrigin, Role, Stage};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Error, Writing};

use super::queries;
use crate::members;

/// What is said when a network is founded.
#[derive(Debug, Clone)]
pub struct Founding {
    pub name: String,
    pub about: String,
    pub origin: NetworkOrigin,
    /// Its first coordinator, where there is one already.
    pub founder: Option<ActorId>,
}

/// Founds a network.
///
/// # Errors
/// The database's own.
pub fn found(w: &mut Writing<'_>, founding: &Founding) -> Result<ActorId, Error> {
    let mut sketch = members::Sketch::named(ActorKind::Network, &founding.name);
    sketch.bio.clone_from(&founding.about);
    let id = members::enter(w, &sketch)?;
    queries::put_founding(w, id, founding.origin.word(), Stage::Gathering.word(), founding.founder)?;
    if let Some(founder) = founding.founder {
        members::join(w, id, founder, Role::Coordinator, "", MembershipState::Member)?;
    }
    w.record(&Entry::new(Act::Administer, "networks.found", id.0).in_network(id).fields(&["actor"]))?;
    Ok(id)
}

/// Names who founded a network that a file brought in before anybody was here; a founder who is known stays.
///
/// # Errors
/// The database's own.
pub fn take_over(w: &mut Writing<'_>, id: ActorId, founder: ActorId) -> Result<(), Error> {
    if !queries::put_founder(w, id, founder)? {
        return Ok(());
    }
    w.record(&Entry::new(Act::Administer, "networks.take_over", id.0).in_network(id).fields(&["founder_id"]))
}

/// Changes name and purpose of a network that nobody changed since `version`.
///
/// # Errors
/// [`Error::Changed`] where somebody did.
pub fn describe(
    w: &mut Writing<'_>,
    id: ActorId,
    version: i64,
    name: &str,
    about: &str,
) -> Result<(), Error> {
    let before = queries::find(w, id)?;
    queries::put_about(w, id, version, name, about)?;
    members::refresh(w, id)?;
    w.record(
        &Entry::new(Act::Administer, "networks.edit", id.0)
            .in_network(id)
            .before("name", Some(before.name))
            .before("bio", Some(before.about)),
    )
}
