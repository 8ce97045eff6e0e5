//! What is done with an offer or need that stands: changed, answered, met, renewed, withdrawn, opened again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, IntentId};
use store::{Error, Writing};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions::{self, Agreement};
use super::super::{ReplyId, queries};
use super::{Intent, NewIntent, draft};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(change, met, renew, withdraw, reopen, replies, answer),
    components(schemas(ChangedIntent, Met, ReplyOf, Replies, ReplyAnswer)),
    tags((name = "giving"))
)]
pub struct Api;

/// What is said from now on, and on which version.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ChangedIntent {
    /// The version that was read; somebody else's change in between is refused with 409.
    pub version: i64,
    #[serde(flatten)]
    pub said: NewIntent,
}

fn id_of(id: &str) -> Result<IntentId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

async fn done(
    asker: &Asker,
    app: &App,
    id: IntentId,
    work: impl Fn(&mut Writing<'_>) -> Result<(), Error> + Send + 'static,
) -> Result<Json<Intent>, Problem> {
    let card = app
        .house
        .write(&asker.acting(), move |w| {
            work(w)?;
            let card = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(card)?)
        })
        .await?;
    Ok(Json(card.into()))
}

/// Changes what an offer or need of your own says, or of somebody unclaimed whom you coordinate.
#[utoipa::path(put, path = "/api/v1/giving/{id}", tag = "giving", params(("id" = String, Path)),
    request_body = ChangedIntent, responses((status = 200, body = Intent), (status = 404),
    (status = 409, description = "changed by somebody else since that version"), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(changed): Json<ChangedIntent>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    let draft = draft(&changed.said, &asker)?;
    done(&asker, &app, id, move |w| actions::change(w, id, changed.version, &draft)).await
}

/// How it came out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Met {
    /// By or to whom, `mem_…`, if it was somebody here.
    pub by: Option<String>,
    /// At most 300 letters.
    pub note: String,
}

/// The need was met, the offer was given.
#[utoipa::path(post, path = "/api/v1/giving/{id}/met", tag = "giving", params(("id" = String, Path)),
    request_body = Met, responses((status = 200, body = Intent), (status = 404), (status = 422)))]
pub async fn met(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(met): Json<Met>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    let by: Option<ActorId> = match &met.by {
        Some(by) => Some(by.parse().map_err(|_| Problem::invalid("by"))?),
        None => None,
    };
    if met.note.chars().count() > 300 {
        return Err(Problem::invalid("note"));
    }
    let note = thai::text::normalize(&met.note).into_owned();
    done(&asker, &app, id, move |w| actions::met(w, id, by, &note)).await
}

/// Still open: its time begins anew.
#[utoipa::path(post, path = "/api/v1/giving/{id}/renew", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = Intent), (status = 404)))]
pub async fn renew(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    done(&asker, &app, id, move |w| actions::renew(w, id)).await
}

/// Takes it back; it can be opened again.
#[utoipa::path(post, path = "/api/v1/giving/{id}/withdraw", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = Intent), (status = 404)))]
pub async fn withdraw(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    done(&asker, &app, id, move |w| actions::withdraw(w, id)).await
}

/// Opens it again after it was withdrawn, met or over.
#[utoipa::path(post, path = "/api/v1/giving/{id}/reopen", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = Intent), (status = 404)))]
pub async fn reopen(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    done(&asker, &app, id, move |w| actions::reopen(w, id)).await
}

/// A reply to an offer or need of yours.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyOf {
    /// `rep_…`
    pub id: String,
    /// `mem_…`
    pub actor: String,
    pub actor_name: String,
    pub words: String,
    /// `open`, `accepted` or `declined`; a no is never told to the one who replied.
    pub state: String,
}

/// The replies, oldest first, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replies {
    pub replies: Vec<ReplyOf>,
}

/// The replies to an offer or need of your own.
#[utoipa::path(get, path = "/api/v1/giving/{id}/replies", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = Replies), (status = 404)))]
pub async fn replies(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Replies>, Problem> {
    asker.member()?;
    let id = id_of(&id)?;
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            let card = queries::find(r, id)?;
            if !actions::may_change(r, &card)? {
                return Err(Problem::not_found());
            }
            Ok(queries::replies(r, id)?)
        })
        .await?;
    let one = |reply: queries::Reply| ReplyOf {
        id: reply.id.to_string(),
        actor: reply.actor.to_string(),
        actor_name: reply.name,
        words: reply.words,
        state: reply.state,
    };
    Ok(Json(Replies { replies: found.into_iter().map(one).collect() }))
}

/// Yes, or not now, which looks like silence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReplyAnswer {
    pub yes: bool,
}

/// Answers a reply to an offer or need of your own.
#[utoipa::path(post, path = "/api/v1/giving/replies/{id}/answer", tag = "giving", params(("id" = String, Path)),
    request_body = ReplyAnswer, responses((status = 204), (status = 404)))]
pub async fn answer(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<ReplyAnswer>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id: ReplyId = id.parse().map_err(|_| Problem::not_found())?;
    let agrees = if given.yes { Agreement::Yes } else { Agreement::NotNow };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, agrees)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
