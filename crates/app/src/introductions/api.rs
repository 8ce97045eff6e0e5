use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::IntroductionId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::{actions, queries};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, answer),
    components(schemas(IntroductionOf, Introductions, IntroductionAnswer)),
    tags((name = "introductions"))
)]
pub struct Api;

/// An introduction you are asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionOf {
    /// `itr_…`
    pub id: String,
    /// To whom, `mem_…`.
    pub other: String,
    pub reason: String,
    /// What you would gain.
    pub gains: String,
    /// RFC 3339
    pub closes_at: String,
}

/// The introductions you are asked about now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Introductions {
    pub introductions: Vec<IntroductionOf>,
}

/// Yes; anything else is never told from silence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct IntroductionAnswer {
    pub yes: bool,
}

/// The introductions you are asked about now, at most five.
#[utoipa::path(get, path = "/api/v1/introductions", tag = "introductions",
    responses((status = 200, body = Introductions), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Introductions>, Problem> {
    let (actor, _) = asker.member()?;
    let asked =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::asked_of(r, actor)?)).await?;
    let introductions = asked
        .into_iter()
        .map(|one| IntroductionOf {
            id: one.id.to_string(),
            other: one.other.to_string(),
            reason: one.reason,
            gains: one.gains,
            closes_at: jiff::Timestamp::from_microsecond(one.closes_at.0)
                .map_or_else(|_| String::new(), |at| at.to_string()),
        })
        .collect();
    Ok(Json(Introductions { introductions }))
}

/// Answers for yourself.
#[utoipa::path(post, path = "/api/v1/introductions/{id}/answer", tag = "introductions",
    params(("id" = String, Path)), request_body = IntroductionAnswer, responses((status = 204), (status = 404)))]
pub async fn answer(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<IntroductionAnswer>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let word = if given.yes { "yes" } else { "no" };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, actor, word, "api")?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
