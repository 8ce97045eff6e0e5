//! To which group or organization somebody belongs, for programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use network::rights::Action;
use network::vocabulary::ActorKind;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions::belonging::{self, Belonging};
use crate::{App, allowed};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(belong), components(schemas(NewBelonging, BelongingOf)), tags((name = "joining")))]
pub struct Api;

/// What you belong to: one that is there, or a new one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewBelonging {
    /// `mem_…` of a group or organization; its coordinators answer.
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
