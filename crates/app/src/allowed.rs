use network::rights::{Action, may};
use store::Reading;
use store::ids::ActorId;
use web::{Asker, Problem};

use crate::{App, members};

/// The one question of rights: whether the viewer's role in this network carries the action (network::rights has the
/// table). Whether they may see an object at all is the audience's matter.
///
/// # Errors
/// [`Problem::not_found`] for those who are not in the network, [`Problem::forbidden`] where the role is not enough.
pub fn allowed(r: &Reading<'_>, network: ActorId, action: Action) -> Result<(), Problem> {
    if r.viewer().is_system() {
        return Ok(());
    }
    let actor = r.viewer().actor().ok_or_else(Problem::sign_in)?;
    let role = members::role_in(r, network, actor)?.ok_or_else(Problem::not_found)?;
    if may(role, action) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Who asks and in which network, where their role lets them weave: propose ties, log contacts, introduce, refer, vouch.
///
/// # Errors
/// As [`allowed`]; [`Problem::sign_in`] for whoever is not signed in.
pub async fn weaver(asker: &Asker, app: &App) -> Result<(ActorId, ActorId), Problem> {
    let (actor, network) = asker.member_and_network()?;
    app.house.read(&asker.viewer, move |r| allowed(r, network, Action::Weave)).await?;
    Ok((actor, network))
}
