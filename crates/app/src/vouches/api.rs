use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, VouchId};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::{actions, queries};
use crate::{App, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, take_back), components(schemas(VouchOf, Vouches, NewVouch)), tags((name = "vouches")))]
pub struct Api;

/// What somebody stands up for; it fades two years after it was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct VouchOf {
    /// `vch_…`
    pub id: String,
    /// Who says so, `mem_…`.
    pub by: String,
    /// A category code.
    pub category: String,
    pub words: String,
    /// RFC 3339
    pub at: String,
}

/// The vouches for a member that count today; no number is made of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vouches {
    pub vouches: Vec<VouchOf>,
}

/// One sentence for what somebody is good at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewVouch {
    /// A category code.
    pub category: String,
    /// At most 200 letters.
    #[serde(default)]
    pub words: String,
}

/// The id of a vouch that was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vouched {
    /// `vch_…`
    pub id: String,
}

/// The vouches for a member.
#[utoipa::path(get, path = "/api/v1/members/{id}/vouches", tag = "vouches", params(("id" = String, Path)),
    responses((status = 200, body = Vouches), (status = 401), (status = 404)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Vouches>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let vouches = app
        .house
        .read(&asker.viewer, move |r| {
            members::find(r, id)?;
            let mut seen = Vec::new();
            for vouch in queries::shown(r, id)? {
                if members::names(r, &[vouch.by])?.is_empty() {
                    continue;
                }
                seen.push(VouchOf {
                    id: vouch.id.to_string(),
                    by: vouch.by.to_string(),
                    category: vouch.category,
                    words: vouch.words,
                    at: jiff::Timestamp::from_microsecond(vouch.at.0)
                        .map_or_else(|_| String::new(), |at| at.to_string()),
                });
            }
            Ok::<_, Problem>(seen)
        })
        .await?;
    Ok(Json(Vouches { vouches }))
}

/// Stands up for a member you helped or worked with; a second time for the same thing dates it anew.
#[utoipa::path(post, path = "/api/v1/members/{id}/vouches", tag = "vouches", params(("id" = String, Path)),
    request_body = NewVouch, responses((status = 201, body = Vouched), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewVouch>,
) -> Result<(StatusCode, Json<Vouched>), Problem> {
    let (actor, _) = crate::weaver(&asker, &app).await?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let words = thai::text::normalize(&new.words).into_owned();
    if words.chars().count() > 200 {
        return Err(Problem::invalid("words"));
    }
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            let made = actions::vouch(w, actor, id, &new.category, &words)?;
            Ok::<_, Problem>(w.finished(made)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Vouched { id: made.to_string() })))
}

/// Takes back what you stood up for.
#[utoipa::path(delete, path = "/api/v1/vouches/{id}", tag = "vouches", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn take_back(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: VouchId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::take_back(w, id, actor)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
