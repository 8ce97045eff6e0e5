use axum::Json;
use axum::extract::{Query, State};
use index::Count;
use serde::Serialize;
use store::ids::{ActorId, IntentId};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::pages::{self, Typed};
use super::queries::Card;
use crate::{App, Texts};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list), components(schemas(Results, Result)), tags((name = "search")))]
pub struct Api;

/// One thing found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Result {
    /// `mem_…` for members, `int_…` for offers and needs.
    pub id: String,
    /// `person`, `group`, `organization`, `network`, `offer` or `need`.
    pub kind: String,
    pub title: String,
    /// The full name behind a nickname, or the text of an offer or need.
    pub line: String,
    /// For offers and needs, whose it is.
    pub owner: String,
    /// Where its page is.
    pub address: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Results {
    /// Best first, at most ten from `from` on.
    pub results: Vec<Result>,
    /// How many there are; at most 1,000.
    pub count: usize,
    /// There are more than `count`.
    pub more: bool,
    /// Whole queries that may have been meant, when nothing was found.
    pub suggestions: Vec<String>,
}

impl From<Card> for Result {
    fn from(card: Card) -> Self {
        let id = match card.kind.as_str() {
            "offer" | "need" => IntentId(card.object).to_string(),
            _ => ActorId(card.object).to_string(),
        };
        let address = card.address();
        Self { id, kind: card.kind, title: card.title, line: card.line, owner: card.owner, address }
    }
}

/// Members, offers and needs you may see, by words.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(
    ("q" = String, Query, description = "words in Thai or English"),
    ("kind" = Option<String>, Query, description = "person, group, organization, network, offer or need"),
    ("from" = Option<usize>, Query, description = "how many to pass over"),
), responses(
    (status = 200, body = Results),
    (status = 401, description = "sign in or send an access token"),
    (status = 503, description = "the index is being prepared; ask again shortly"),
))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(typed): Query<Typed>,
) -> std::result::Result<Json<Results>, Problem> {
    asker.member()?;
    if !typed.kind.is_empty() && !pages::KINDS.contains(&typed.kind.as_str()) {
        return Err(Problem::invalid("kind"));
    }
    let Some(shown) = pages::find(&asker, &app, &typed).await? else {
        return Err(Problem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "preparing", |lang| {
            Texts(lang).search_preparing().to_owned()
        }));
    };
    let (count, more) = match shown.count {
        Count::Exactly(n) => (n, false),
        Count::More => (index::MOST_COUNTED, true),
    };
    let results = shown.cards.into_iter().map(Result::from).collect();
    Ok(Json(Results { results, count, more, suggestions: shown.suggestions }))
}
