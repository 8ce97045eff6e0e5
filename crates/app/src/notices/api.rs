//! What concerns you, for programs.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::paging::parameter;
use web::{Asker, Problem};

use super::queries::{self, Notice};
use super::{NoticeId, pages};
use crate::{App, Texts};

pub mod settings;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, read, settings::show, settings::change),
    components(schemas(NoticeOf, Notices, settings::TellingOf, settings::ChoiceOf, settings::HoursOf)),
    tags((name = "notices"))
)]
pub struct Api;

/// One line.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeOf {
    /// `not_…`
    pub id: String,
    /// Such as `giving_reply`.
    pub kind: String,
    /// The sentence in the reader's language.
    pub sentence: String,
    /// RFC 3339
    pub at: String,
    pub read: bool,
}

/// A page of them, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notices {
    pub notices: Vec<NoticeOf>,
    /// For `before`, when there are more.
    pub next: Option<String>,
}

/// What `?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

const ROWS: i64 = 50;

/// What happened that concerns you.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", params(
    ("before" = Option<String>, Query, description = "next of the page before"),
), responses((status = 200, body = Notices), (status = 401)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Notices>, Problem> {
    let (actor, _) = asker.member()?;
    let before = parameter("before", &wanted.before, |id| id.parse::<NoticeId>().ok())?.map_or(0, |id| id.0);
    let mut found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, actor, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(found.len()).unwrap_or(0) > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(50));
    let next = if more { found.last().map(|notice| notice.id.to_string()) } else { None };
    let t = Texts(asker.lang);
    let one = |notice: Notice| NoticeOf {
        id: notice.id.to_string(),
        sentence: pages::sentence(t, &notice.kind, notice.about.as_deref(), &notice.words),
        kind: notice.kind,
        at: jiff::Timestamp::from_microsecond(notice.at.0)
            .map_or_else(|_| String::new(), |at| at.to_string()),
        read: notice.read,
    };
    Ok(Json(Notices { notices: found.into_iter().map(one).collect(), next }))
}

/// Marks all of them as read.
#[utoipa::path(post, path = "/api/v1/notices/read", tag = "notices", responses((status = 204), (status = 401)))]
pub async fn read(asker: Asker, State(app): State<App>) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    pages::mark(app.house.database(), actor, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
