use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::WordId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::{self, Draft, LONGEST};
use super::queries::{self, WordRow};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create), components(schemas(WordOf, Words, NewWordOf)), tags((name = "words")))]
pub struct Api;

/// Something written, for those concerned.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordOf {
    /// `wrd_…`
    pub id: String,
    /// Who wrote it, `mem_…`.
    pub by: String,
    pub words: String,
    /// The word it answers.
    pub reply_to: Option<String>,
    pub has_picture: bool,
    /// RFC 3339
    pub at: String,
}

impl From<WordRow> for WordOf {
    fn from(row: WordRow) -> Self {
        Self {
            id: row.id.to_string(),
            by: row.by.to_string(),
            words: row.words,
            reply_to: row.reply_to.map(|id| id.to_string()),
            has_picture: row.picture.is_some(),
            at: jiff::Timestamp::from_microsecond(row.at.0)
                .map_or_else(|_| String::new(), |at| at.to_string()),
        }
    }
}

/// What was written in a room, oldest first, at most two hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    pub words: Vec<WordOf>,
}

/// What is to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewWordOf {
    /// At most 1,000 letters.
    pub words: String,
    /// `wrd_…`
    #[serde(default)]
    pub reply_to: Option<String>,
}

/// What was written on a thing, such as `tie/tie_…`, for those concerned.
#[utoipa::path(get, path = "/api/v1/words/{room}/{id}", tag = "words", params(("room" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Words), (status = 401), (status = 404)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Path((room, id)): Path<(String, String)>,
) -> Result<Json<Words>, Problem> {
    let (actor, _) = asker.member()?;
    let room = actions::room_of(app.rooms, &room).ok_or_else(Problem::not_found)?;
    let object = (room.id)(&id).ok_or_else(Problem::not_found)?;
    let rows = app
        .house
        .read(&asker.viewer, move |r| {
            actions::enter(r, room, object, actor)?;
            Ok::<_, Problem>(queries::in_room(r, room.word, object)?)
        })
        .await?;
    Ok(Json(Words { words: rows.into_iter().filter(|row| !row.gone).map(WordOf::from).collect() }))
}

/// Writes on a thing. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/words/{room}/{id}", tag = "words", params(("room" = String, Path), ("id" = String, Path)),
    request_body = NewWordOf, responses((status = 201, body = WordOf), (status = 404), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Path((room, id)): Path<(String, String)>,
    Json(new): Json<NewWordOf>,
) -> Result<(StatusCode, Json<WordOf>), Problem> {
    let (actor, _) = asker.member()?;
    let room = actions::room_of(app.rooms, &room).ok_or_else(Problem::not_found)?;
    let object = (room.id)(&id).ok_or_else(Problem::not_found)?;
    let words = thai::text::normalize(&new.words).into_owned();
    if words.is_empty() || words.chars().count() > LONGEST {
        return Err(Problem::invalid("words"));
    }
    let reply_to = match &new.reply_to {
        Some(id) => Some(id.parse::<WordId>().map_err(|_| Problem::invalid("reply_to"))?),
        None => None,
    };
    let draft = Draft { words, reply_to, picture: None };
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::write(w, room, object, actor, &draft)?;
            let word = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(word)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
