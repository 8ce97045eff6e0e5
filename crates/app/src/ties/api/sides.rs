//! What one side of a tie keeps and says: its private note, by which rule a group answers, and what a coordinator
//! heard from somebody without an account.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::TieId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions;
use super::super::queries;
use super::TieAnswer;
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(note, set_note, rule, set_rule, recorded), components(schemas(NoteOf, RuleOf)), tags((name = "ties")))]
pub struct Api;

/// What one side wrote for itself; the other side never sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NoteOf {
    /// At most 2,000 letters; empty where there is no note.
    pub words: String,
}

/// By which rule the group or organization you act for answers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuleOf {
    /// How many of those who act for it must agree, 1 to 20.
    pub stewards: i64,
}

fn tie_id(text: &str) -> Result<TieId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Your private note on a tie.
#[utoipa::path(get, path = "/api/v1/ties/{id}/note", tag = "ties", params(("id" = String, Path)),
    responses((status = 200, body = NoteOf), (status = 404)))]
pub async fn note(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<NoteOf>, Problem> {
    let (actor, _) = asker.member()?;
    let id = tie_id(&id)?;
    let words = app
        .house
        .read(&asker.viewer, move |r| {
            let tie = queries::find(r, id)?;
            if tie.subject != actor && tie.object != actor {
                return Err(Problem::not_found());
            }
            Ok(queries::note(r, id, actor)?)
        })
        .await?;
    Ok(Json(NoteOf { words }))
}

/// Writes your private note on a tie, in place of the one before.
#[utoipa::path(put, path = "/api/v1/ties/{id}/note", tag = "ties", params(("id" = String, Path)),
    request_body = NoteOf, responses((status = 204), (status = 404), (status = 422)))]
pub async fn set_note(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NoteOf>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id = tie_id(&id)?;
    let words = thai::text::normalize(&new.words).into_owned();
    if words.chars().count() > 2000 {
        return Err(Problem::invalid("words"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::set_note(w, id, actor, &words)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// By which rule the group or organization you act for answers; a person answers alone.
#[utoipa::path(get, path = "/api/v1/ties/rule", tag = "ties", responses((status = 200, body = RuleOf)))]
pub async fn rule(asker: Asker, State(app): State<App>) -> Result<Json<RuleOf>, Problem> {
    let (actor, _) = asker.member()?;
    let stewards =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::stewards_asked(r, actor)?)).await?;
    Ok(Json(RuleOf { stewards }))
}

/// Says how many of those who act for a group or organization must agree before it does. With `Act-As`.
#[utoipa::path(put, path = "/api/v1/ties/rule", tag = "ties", request_body = RuleOf,
    responses((status = 204), (status = 403, description = "acting for yourself"), (status = 422)))]
pub async fn set_rule(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<RuleOf>,
) -> Result<StatusCode, Problem> {
    let (actor, session) = asker.member()?;
    // a person answers for themselves
    if session.person == actor {
        return Err(Problem::forbidden());
    }
    if !(1..=20).contains(&new.stewards) {
        return Err(Problem::invalid("stewards"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::set_rule(w, actor, new.stewards)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes down what somebody without an account answered whom you asked about a tie. For coordinators.
#[utoipa::path(post, path = "/api/v1/ties/{id}/recorded", tag = "ties", params(("id" = String, Path)),
    request_body = TieAnswer, responses((status = 204), (status = 403), (status = 404)))]
pub async fn recorded(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<TieAnswer>,
) -> Result<StatusCode, Problem> {
    let (_, network) = asker.coordinator()?;
    let id = tie_id(&id)?;
    let mut acting = asker.acting();
    let object = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(actions::to_be_asked(r, network, id)?))
        .await?;
    acting.on_behalf_of = Some(object);
    app.house
        .write(&acting, move |w| {
            actions::record_answer(w, network, id, &given.yes)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
