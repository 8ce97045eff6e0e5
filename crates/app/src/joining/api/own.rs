//! What one decides for oneself: who may see me, my consent, whom I block, what I report, where I ask to join and what I
//! leave. What a program must not be able to do with a token it was lent (a new password, another token, erasing
//! everything, signing in) stands on pages alone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::vocabulary::{Consent, Visibility};
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, IntentId, InvitationId};
use store::{Error, Writing, audience};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions::{invitations, leaving, settings};
use super::super::queries;
use super::Voice;
use crate::{App, Texts};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(visibility, see_me, consent, blocks, block, unblock, report, leave, withdraw_invitation),
    components(schemas(Seen, NewConsent, Blocks, NewReport, Reported, Leaving)),
    tags((name = "joining"))
)]
pub struct Api;

async fn done(
    asker: &Asker,
    app: &App,
    work: impl Fn(&mut Writing<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<StatusCode, Problem> {
    app.house
        .write(&asker.acting(), move |w| {
            work(w)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn member_of(id: &str) -> Result<ActorId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Who may see you.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// `private`, `tie`, `network` or `public`
    pub visibility: String,
    /// Whether you may be suggested to others.
    pub may_be_suggested: bool,
    /// `pending`, `given`, `refused` or `withdrawn`; changed by its own address.
    #[serde(default)]
    pub consent: String,
}

/// Who may see you, and whether you agreed to be shown.
#[utoipa::path(get, path = "/api/v1/joining/visibility", tag = "joining",
    responses((status = 200, body = Seen), (status = 401)))]
pub async fn visibility(asker: Asker, State(app): State<App>) -> Result<Json<Seen>, Problem> {
    let (actor, _) = asker.member()?;
    let (visibility, consent, may_be_suggested) = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::settings::visibility(r, actor)?))
        .await?;
    Ok(Json(Seen { visibility, may_be_suggested, consent }))
}

/// Sets who may see you.
#[utoipa::path(put, path = "/api/v1/joining/visibility", tag = "joining", request_body = Seen,
    responses((status = 204), (status = 401), (status = 422)))]
pub async fn see_me(
    asker: Asker,
    State(app): State<App>,
    Json(seen): Json<Seen>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let visibility = Visibility::from_word(&seen.visibility)
        .filter(|visibility| *visibility != Visibility::Group)
        .ok_or_else(|| Problem::invalid("visibility"))?;
    done(&asker, &app, move |w| Ok(settings::see_me(w, actor, visibility, &seen.may_be_suggested)?)).await
}

/// A consent of your own.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewConsent {
    /// True gives it, false withdraws it.
    pub given: bool,
}

/// Gives or withdraws your consent to be shown and contacted, for the person behind the token alone.
#[utoipa::path(post, path = "/api/v1/joining/consent", tag = "joining", request_body = NewConsent,
    responses((status = 204), (status = 401), (status = 403)))]
pub async fn consent(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewConsent>,
) -> Result<StatusCode, Problem> {
    let (actor, session) = asker.member()?;
    if session.person != actor {
        return Err(Problem::forbidden());
    }
    let state = if new.given { Consent::Given } else { Consent::Withdrawn };
    let wording = Texts(asker.lang).joining_consent_purpose("");
    done(&asker, &app, move |w| Ok(settings::my_consent(w, actor, state, &wording)?)).await
}

/// Whom you blocked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Blocks {
    pub blocked: Vec<Voice>,
}

/// The members you blocked.
#[utoipa::path(get, path = "/api/v1/joining/blocks", tag = "joining",
    responses((status = 200, body = Blocks), (status = 401)))]
pub async fn blocks(asker: Asker, State(app): State<App>) -> Result<Json<Blocks>, Problem> {
    let (actor, _) = asker.member()?;
    let found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::leaving::blocked_by(r, actor)?))
        .await?;
    let blocked = found.into_iter().map(|(id, name)| Voice { id: id.to_string(), name }).collect();
    Ok(Json(Blocks { blocked }))
}

/// Blocks a member: ties between you end, and neither reaches the other through the network.
#[utoipa::path(put, path = "/api/v1/joining/blocks/{member}", tag = "joining", params(("member" = String, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
pub async fn block(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let other = member_of(&id)?;
    done(&asker, &app, move |w| {
        if !audience::may_see(w, other.0)? {
            return Err(Problem::not_found());
        }
        Ok(leaving::block(w, actor, other)?)
    })
    .await
}

/// Takes a block back.
#[utoipa::path(delete, path = "/api/v1/joining/blocks/{member}", tag = "joining", params(("member" = String, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
pub async fn unblock(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let other = member_of(&id)?;
    done(&asker, &app, move |w| {
        if !queries::leaving::has_blocked(w, actor, other)? {
            return Err(Problem::not_found());
        }
        Ok(leaving::unblock(w, actor, other)?)
    })
    .await
}

/// Something for the coordinators.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewReport {
    /// What it is about: a member `mem_…`, an offer or need `int_…`.
    pub about: String,
    /// At most 2,000 letters.
    pub words: String,
}

/// What was reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reported {
    /// `ccn_…`
    pub id: String,
}

/// Brings something to the coordinators' attention; nobody else learns of it. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/joining/reports", tag = "joining", request_body = NewReport,
    responses((status = 201, body = Reported), (status = 401), (status = 404), (status = 422)))]
pub async fn report(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewReport>,
) -> Result<(StatusCode, Json<Reported>), Problem> {
    let (actor, network) = asker.member_and_network()?;
    let about = new.about.parse::<ActorId>().map(|id| id.0);
    let about = about.or_else(|_| new.about.parse::<IntentId>().map(|id| id.0));
    let about = about.map_err(|_| Problem::not_found())?;
    let words = thai::text::normalize(&new.words).into_owned();
    if words.is_empty() || words.chars().count() > 2000 {
        return Err(Problem::invalid("words"));
    }
    let id = app
        .house
        .write(&asker.acting(), move |w| {
            let id = leaving::report(w, network, about, actor, &words)?;
            Ok::<_, Problem>(w.finished(id)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Reported { id: id.to_string() })))
}

/// Which network is left.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Leaving {
    /// `mem_…`
    pub network: String,
}

/// Leaves a network, as whom you act: what is still offered and asked there is taken back, what others received stays.
#[utoipa::path(post, path = "/api/v1/joining/leave", tag = "joining", request_body = Leaving,
    responses((status = 204), (status = 401), (status = 404),
    (status = 409, description = "the only coordinator names another first")))]
pub async fn leave(
    asker: Asker,
    State(app): State<App>,
    Json(leaves): Json<Leaving>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let network = member_of(&leaves.network)?;
    done(&asker, &app, move |w| Ok(leaving::leave(w, network, actor)?)).await
}

/// Takes an invitation of your own back.
#[utoipa::path(delete, path = "/api/v1/joining/invitations/{id}", tag = "joining", params(("id" = String, Path)),
    responses((status = 204), (status = 401), (status = 404)))]
pub async fn withdraw_invitation(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: InvitationId = id.parse().map_err(|_| Problem::not_found())?;
    done(&asker, &app, move |w| match invitations::withdraw(w, id, actor) {
        Err(Error::NotFound) => Err(Problem::not_found()),
        other => Ok(other?),
    })
    .await
}
