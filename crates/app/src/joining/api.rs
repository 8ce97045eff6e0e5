pub mod belonging;
pub mod growth;
pub mod own;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use network::rights::Action;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::invitations;
use super::queries::{self, invitations::Invitation};
use crate::{App, allowed};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(me, list, create),
    components(schemas(Me, Voice, InvitationOf, Invitations, NewInvitation)),
    tags((name = "joining"))
)]
pub struct Api;

/// Somebody one can act as, or a network one is in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voice {
    /// `mem_…`
    pub id: String,
    pub name: String,
}

/// Who a token speaks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person, `mem_…`.
    pub person: String,
    /// Whom the token acts as, `mem_…`.
    pub acting_as: String,
    pub acting_name: String,
    /// The network that is shown.
    pub network: Option<String>,
    pub coordinates: bool,
    pub networks: Vec<Voice>,
    /// `read` and `write`; everything for a browser's session.
    pub scopes: Option<String>,
}

/// Who you are here.
#[utoipa::path(get, path = "/api/v1/joining/me", tag = "joining",
    responses((status = 200, body = Me), (status = 401)))]
pub async fn me(asker: Asker, State(app): State<App>) -> Result<Json<Me>, Problem> {
    let (actor, session) = asker.member()?;
    let networks =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::networks_of(r, actor)?)).await?;
    Ok(Json(Me {
        person: session.person.to_string(),
        acting_as: actor.to_string(),
        acting_name: session.acting_name.clone(),
        network: session.network.map(|id| id.to_string()),
        coordinates: session.coordinator,
        networks: networks.into_iter().map(|(id, name)| Voice { id: id.to_string(), name }).collect(),
        scopes: asker.scopes.clone(),
    }))
}

/// An invitation of your own.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOf {
    /// `inv_…`
    pub id: String,
    pub link: String,
    pub message: String,
    /// How many came in by it.
    pub accepted: i64,
    /// RFC 3339
    pub expires_at: String,
}

fn shown(asker: &Asker, one: Invitation) -> InvitationOf {
    InvitationOf {
        id: one.id.to_string(),
        link: format!("{}/joining/i/{}", asker.origin, one.token),
        message: one.message,
        accepted: one.accepted,
        expires_at: jiff::Timestamp::from_microsecond(one.expires_at.0)
            .map_or_else(|_| String::new(), |at| at.to_string()),
    }
}

/// Your open invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    pub invitations: Vec<InvitationOf>,
}

/// A few words to those you invite.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// At most 500 letters.
    #[serde(default)]
    pub message: String,
}

/// Your open invitations into the network that is shown, the newest first, at most twenty.
#[utoipa::path(get, path = "/api/v1/joining/invitations", tag = "joining",
    responses((status = 200, body = Invitations), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Invitations>, Problem> {
    let (actor, network) = asker.member_and_network()?;
    let found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::invitations::of_member(r, network, actor)?))
        .await?;
    Ok(Json(Invitations { invitations: found.into_iter().map(|one| shown(&asker, one)).collect() }))
}

/// Makes an invitation link. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/joining/invitations", tag = "joining", request_body = NewInvitation,
    responses((status = 201, body = InvitationOf), (status = 403), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewInvitation>,
) -> Result<(StatusCode, Json<InvitationOf>), Problem> {
    let (actor, network) = asker.member_and_network()?;
    let message = thai::text::normalize(&new.message).into_owned();
    if message.chars().count() > 500 {
        return Err(Problem::invalid("message"));
    }
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            allowed(w, network, Action::Invite)?;
            let id = invitations::invite(w, network, actor, &message)?;
            let made = queries::invitations::own(w, id, actor)?;
            Ok::<_, Problem>(w.finished(made)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(shown(&asker, made))))
}
