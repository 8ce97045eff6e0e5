use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::ids::WordId;
use utoipa::{OpenApi, ToSchema};
use web::{Answer, Asker, Problem};

use super::actions::{self, Draft, LONGEST};
use super::queries::{self, WordRow};
use super::{pages, pictures};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, add_picture, picture, take_back, told, tell), components(schemas(WordOf, Words, NewWordOf, ToldOf, Told)), tags((name = "words")))]
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

fn draft(new: &NewWordOf) -> Result<Draft, Problem> {
    let words = thai::text::normalize(&new.words).into_owned();
    if words.is_empty() || words.chars().count() > LONGEST {
        return Err(Problem::invalid("words"));
    }
    let reply_to = match &new.reply_to {
        Some(id) => Some(id.parse::<WordId>().map_err(|_| Problem::invalid("reply_to"))?),
        None => None,
    };
    Ok(Draft { words, reply_to, picture: None })
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
    let draft = draft(&new)?;
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

/// Puts a picture into a room: the body is its bytes, JPEG, PNG or WebP. What it says of its maker is taken out.
#[utoipa::path(post, path = "/api/v1/words/{room}/{id}/picture", tag = "words",
    params(("room" = String, Path), ("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = WordOf), (status = 404), (status = 413), (status = 422)))]
pub async fn add_picture(
    asker: Asker,
    State(app): State<App>,
    Path((room, id)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<WordOf>), Problem> {
    let (actor, _) = asker.member()?;
    let room = actions::room_of(app.rooms, &room).ok_or_else(Problem::not_found)?;
    let object = (room.id)(&id).ok_or_else(Problem::not_found)?;
    let clean = pictures::cleaned(&bytes)
        .filter(|_| bytes.len() <= pictures::LARGEST)
        .ok_or_else(|| Problem::invalid("picture"))?;
    let draft = Draft { words: String::new(), reply_to: None, picture: Some(clean) };
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

/// The picture of a word, for those concerned.
#[utoipa::path(get, path = "/api/v1/words/at/{word}/picture", tag = "words", params(("word" = String, Path)),
    responses((status = 200, content_type = "image/*", body = Vec<u8>), (status = 404)))]
pub async fn picture(asker: Asker, State(app): State<App>, Path(word): Path<String>) -> Answer {
    pages::picture(asker, State(app), Path(word)).await
}

/// Takes back what you wrote.
#[utoipa::path(delete, path = "/api/v1/words/at/{word}", tag = "words", params(("word" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn take_back(
    asker: Asker,
    State(app): State<App>,
    Path(word): Path<String>,
) -> Result<StatusCode, Problem> {
    let (_, session) = asker.member()?;
    let id: WordId = word.parse().map_err(|_| Problem::not_found())?;
    let person = session.person;
    app.house
        .write(&asker.acting(), move |w| {
            actions::take_back(w, id, person)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A word of the coordinators to everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldOf {
    pub word: WordOf,
    /// How many could have seen it, for coordinators.
    pub could: Option<i64>,
    /// How many did, for coordinators.
    pub did: Option<i64>,
}

/// What the coordinators told everybody, oldest first, at most two hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    pub words: Vec<ToldOf>,
}

/// What the coordinators of the network that is shown told everybody. To read it here does not count as seen.
#[utoipa::path(get, path = "/api/v1/words/network", tag = "words", responses((status = 200, body = Told)))]
pub async fn told(asker: Asker, State(app): State<App>) -> Result<Json<Told>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let coordinates = asker.coordinates();
    let words = app
        .house
        .read(&asker.viewer, move |r| {
            let mut told = Vec::new();
            for row in queries::in_room(r, "network", network.0)?.into_iter().filter(|row| !row.gone) {
                let reach = if coordinates { Some(queries::reach(r, network, row.id)?) } else { None };
                told.push(ToldOf {
                    could: reach.map(|(could, _)| could),
                    did: reach.map(|(_, did)| did),
                    word: row.into(),
                });
            }
            Ok::<_, Problem>(told)
        })
        .await?;
    Ok(Json(Told { words }))
}

/// Tells everybody in the network something. For coordinators; once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/words/network", tag = "words", request_body = NewWordOf,
    responses((status = 201, body = WordOf), (status = 403), (status = 404), (status = 422)))]
pub async fn tell(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewWordOf>,
) -> Result<(StatusCode, Json<WordOf>), Problem> {
    let (actor, network) = asker.coordinator()?;
    let draft = draft(&new)?;
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::announce(w, network, actor, &draft)?;
            let word = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(word)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
