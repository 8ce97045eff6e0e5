use network::rights::{Action, may};
use store::Reading;
use store::ids::ActorId;
use web::Problem;

use crate::members;

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
