//! Ties for programs; contacts stand in [`contacts`], notes and rules in [`sides`].

pub mod contacts;
pub mod sides;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::vocabulary::Relation;
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, TieId};
use utoipa::{OpenApi, ToSchema};
use web::paging::parameter;
use web::{Asker, Problem};

use super::actions::{self, Draft, Given, SaidBy, Words};
use super::queries::{self, Tie};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show, create, answer),
    components(schemas(TieOf, SaidOf, Ties, NewTieOf, TieAnswer)),
    tags((name = "ties"))
)]
pub struct Api;

/// What is between two members. A proposal that was declined looks like one that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct TieOf {
    /// `tie_…`
    pub id: String,
    /// Who proposed it, `mem_…`.
    pub subject: String,
    pub object: String,
    pub relation: String,
    pub offers: String,
    pub asks: String,
    pub benefit: String,
    /// Whether it is the object who says the relation of the subject: who mentors, of a tie proposed by the one who is mentored.
    pub reversed: bool,
    /// What the object offers, asks and gains, as far as it was said with the answer.
    pub answer: SaidOf,
    /// `proposed`, `confirmed`, `active`, `quiet`, `dormant`, `ended` or `blocked`
    pub state: String,
    /// RFC 3339
    pub created_at: String,
}

/// What one side of a tie says of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SaidOf {
    /// At most 500 letters.
    pub offers: String,
    pub asks: String,
    pub benefit: String,
}

impl SaidOf {
    fn read(&self) -> Result<Words, Problem> {
        Ok(Words {
            offers: words("offers", &self.offers)?,
            asks: words("asks", &self.asks)?,
            benefit: words("benefit", &self.benefit)?,
        })
    }
}

impl From<Tie> for TieOf {
    fn from(tie: Tie) -> Self {
        Self {
            id: tie.id.to_string(),
            subject: tie.subject.to_string(),
            object: tie.object.to_string(),
            relation: tie.relation,
            offers: tie.subject_offers,
            asks: tie.subject_asks,
            benefit: tie.benefit,
            reversed: tie.reversed,
            answer: SaidOf { offers: tie.object_offers, asks: tie.object_asks, benefit: tie.object_benefit },
            state: tie.state,
            created_at: jiff::Timestamp::from_microsecond(tie.created_at.0)
                .map_or_else(|_| String::new(), |at| at.to_string()),
        }
    }
}

/// Your ties.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ties {
    pub ties: Vec<TieOf>,
    /// For `before`, when there are more.
    pub next: Option<String>,
}

/// A tie to be proposed: what I offer, what I ask, what good it does.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewTieOf {
    /// With whom, `mem_…`.
    pub object: String,
    /// Such as `knows`, `colleague`, `partner`.
    pub relation: String,
    /// Whether it is the other who says so of me: `mentors` with it means that they mentor me.
    #[serde(default)]
    pub reversed: bool,
    /// At most 500 letters.
    pub offers: String,
    #[serde(default)]
    pub asks: String,
    #[serde(default)]
    pub benefit: String,
    /// Somebody without an account for whom a coordinator asks, `mem_…`; without it, you.
    #[serde(default, rename = "for")]
    pub on_behalf: Option<String>,
}

/// Yes, or nothing that the other side can tell from silence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TieAnswer {
    pub yes: bool,
    /// With a yes: what I offer, ask and gain.
    #[serde(default)]
    pub offers: String,
    #[serde(default)]
    pub asks: String,
    #[serde(default)]
    pub benefit: String,
}

/// What `?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

const ROWS: i64 = 50;

/// Your ties, the newest first.
#[utoipa::path(get, path = "/api/v1/ties", tag = "ties", params(
    ("before" = Option<String>, Query, description = "next of the page before"),
), responses((status = 200, body = Ties), (status = 401)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Ties>, Problem> {
    let (actor, _) = asker.member()?;
    let before = parameter("before", &wanted.before, |id| id.parse::<TieId>().ok())?.map_or(0, |id| id.0);
    let mut ties = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::before(r, actor, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(ties.len()).unwrap_or(0) > ROWS;
    ties.truncate(usize::try_from(ROWS).unwrap_or(50));
    let next = if more { ties.last().map(|tie| tie.id.to_string()) } else { None };
    Ok(Json(Ties { ties: ties.into_iter().map(TieOf::from).collect(), next }))
}

/// One tie.
#[utoipa::path(get, path = "/api/v1/ties/{id}", tag = "ties", params(("id" = String, Path)),
    responses((status = 200, body = TieOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TieOf>, Problem> {
    asker.member()?;
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let tie = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(tie.into()))
}

fn words(field: &str, given: &str) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > 500 { Err(Problem::invalid(field)) } else { Ok(text) }
}

/// Somebody without an account for whom a coordinator of their network writes, with the consent that is on record.
async fn assisted(asker: &Asker, app: &App, on_behalf: Option<&str>) -> Result<Option<ActorId>, Problem> {
    let Some(id) = on_behalf else { return Ok(None) };
    let (_, network) = asker.coordinator()?;
    let id: ActorId = id.parse().map_err(|_| Problem::invalid("for"))?;
    let may = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::may_write_for(r, network, id)?))
        .await?;
    if may { Ok(Some(id)) } else { Err(Problem::forbidden()) }
}

/// Proposes a tie. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/ties", tag = "ties", request_body = NewTieOf,
    responses((status = 201, body = TieOf), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewTieOf>,
) -> Result<(StatusCode, Json<TieOf>), Problem> {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let object: ActorId = new.object.parse().map_err(|_| Problem::not_found())?;
    let draft = Draft {
        object,
        relation: Relation::from_word(&new.relation).ok_or_else(|| Problem::invalid("relation"))?,
        said_by: if new.reversed { SaidBy::Object } else { SaidBy::Subject },
        words: SaidOf { offers: new.offers, asks: new.asks, benefit: new.benefit }.read()?,
    };
    if draft.words.offers.is_empty() {
        return Err(Problem::invalid("offers"));
    }
    let whose = assisted(&asker, &app, new.on_behalf.as_deref()).await?;
    let mut acting = asker.acting();
    acting.on_behalf_of = whose.or(acting.on_behalf_of);
    let tie = app
        .house
        .write(&acting, move |w| {
            let id = actions::propose(w, whose.unwrap_or(actor), Some(network), &draft)?;
            let tie = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(tie)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(tie.into())))
}

/// Answers a proposal made to you.
#[utoipa::path(post, path = "/api/v1/ties/{id}/answer", tag = "ties", params(("id" = String, Path)),
    request_body = TieAnswer, responses((status = 204), (status = 404)))]
pub async fn answer(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<TieAnswer>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let said = SaidOf { offers: given.offers, asks: given.asks, benefit: given.benefit }.read()?;
    let given = if given.yes { Given::Yes(said) } else { Given::No };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, actor, &given)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
