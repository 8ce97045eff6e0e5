//! To which group or organization somebody belongs, for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::rights::Action;
use network::vocabulary::ActorKind;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions::belonging::{self, Belonging, Word};
use super::super::queries::belonging::asking;
use crate::{App, allowed, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(belong, who_asks, answer),
    components(schemas(NewBelonging, BelongingOf, Asking, WhoAsks, BelongingAnswer)),
    tags((name = "joining"))
)]
pub struct Api;

/// What you belong to: one that is there, or a new one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewBelonging {
    /// `mem_…` of a group or organization; those who speak for it answer, else its network's coordinators.
    #[serde(default)]
    pub whole: Option<String>,
    /// Its name where it is not there yet, at most 200 letters. Where one of this name is, you ask that one.
    #[serde(default)]
    pub name: String,
    /// `group` or `organization`, for a new one.
    #[serde(default)]
    pub kind: String,
    /// As what, at most 100 letters.
    #[serde(default)]
    pub title: String,
}

/// Which one it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BelongingOf {
    /// `mem_…`
    pub whole: String,
}

/// Says to which group or organization of your network you belong. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/joining/belonging", tag = "joining", request_body = NewBelonging,
    responses((status = 201, body = BelongingOf), (status = 404), (status = 422)))]
pub async fn belong(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewBelonging>,
) -> Result<(StatusCode, Json<BelongingOf>), Problem> {
    let (_, network) = asker.member_and_network()?;
    let person = asker.member()?.1.person;
    let tidy = |field: &str, text: &str, most: usize| {
        let text = thai::text::normalize(text).into_owned();
        if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
    };
    let title = tidy("title", &new.title, 100)?;
    let belongs = match &new.whole {
        Some(id) => Belonging::Found(id.parse().map_err(|_| Problem::not_found())?),
        None => {
            let name = tidy("name", &new.name, 200)?;
            let kind = ActorKind::from_word(&new.kind)
                .filter(|kind| matches!(kind, ActorKind::Group | ActorKind::Organization))
                .ok_or_else(|| Problem::invalid("kind"))?;
            if name.is_empty() {
                return Err(Problem::invalid("name"));
            }
            Belonging::New { kind, name }
        }
    };
    let whole = app
        .house
        .write(&asker.acting(), move |w| {
            allowed(w, network, Action::Weave)?;
            let whole = belonging::belong(w, network, person, &belongs, &title)?;
            Ok::<_, Problem>(w.finished(whole)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(BelongingOf { whole: whole.to_string() })))
}

/// Somebody who asks to belong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asking {
    /// `mem_…`
    pub person: String,
    pub name: String,
    /// As what; may be empty.
    pub title: String,
}

/// Those who ask, the longest waiting first, at most 50.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhoAsks {
    pub asking: Vec<Asking>,
}

/// `yes` or `no`. A yes counts by the group's own rule; a no is not told.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct BelongingAnswer {
    pub answer: String,
}

/// Who asks to belong to the group or organization you act for (`Act-As`); nobody as yourself.
#[utoipa::path(get, path = "/api/v1/joining/belonging", tag = "joining", responses((status = 200, body = WhoAsks)))]
pub async fn who_asks(asker: Asker, State(app): State<App>) -> Result<Json<WhoAsks>, Problem> {
    let (whole, _) = asker.member()?;
    let asking = app
        .house
        .read(&asker.viewer, move |r| {
            let mut found = Vec::new();
            for (person, title) in asking(r, whole)? {
                let Some(who) = members::names(r, &[person])?.pop() else { continue };
                found.push(Asking { person: person.to_string(), name: who.name, title });
            }
            Ok::<_, Problem>(found)
        })
        .await?;
    Ok(Json(WhoAsks { asking }))
}

/// Answers somebody who asks to belong to the group or organization you act for (`Act-As`).
#[utoipa::path(post, path = "/api/v1/joining/belonging/{person}/answer", tag = "joining",
    params(("person" = String, Path)), request_body = BelongingAnswer,
    responses((status = 204), (status = 404), (status = 422)))]
pub async fn answer(
    asker: Asker,
    State(app): State<App>,
    Path(person): Path<String>,
    Json(given): Json<BelongingAnswer>,
) -> Result<StatusCode, Problem> {
    let (whole, _) = asker.member()?;
    let person = person.parse().map_err(|_| Problem::not_found())?;
    let word = match given.answer.as_str() {
        "yes" => Word::Yes,
        "no" => Word::No,
        _ => return Err(Problem::invalid("answer")),
    };
    app.house
        .write(&asker.acting(), move |w| {
            belonging::answer(w, whole, person, word)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
