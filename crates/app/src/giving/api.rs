pub mod acts;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::vocabulary::{Mode, Side, Terms, Urgency, Visibility};
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, IntentId};
use utoipa::{OpenApi, ToSchema};
use web::paging::parameter;
use web::{Asker, Problem};

use super::queries::{self, Filter};
use super::{Card, Draft, actions};
use crate::{App, Texts};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show, create, reply, fits),
    components(schemas(Intent, Intents, NewIntent, NewReply, FitOf, FitsOf, DistantOf)),
    tags((name = "giving"))
)]
pub struct Api;

/// An offer or a need.
#[derive(Debug, Serialize, ToSchema)]
pub struct Intent {
    /// `int_…`
    pub id: String,
    /// `offer` or `need`
    pub side: String,
    /// Whose it is, `mem_…`.
    pub actor: String,
    pub actor_name: String,
    pub title: String,
    pub text: String,
    /// Category codes.
    pub categories: Vec<String>,
    /// `onsite`, `online` or `either`
    pub mode: String,
    /// `gift`, `lend`, `swap` or `pay`
    pub terms: String,
    /// `whenever`, `soon` or `urgent`
    pub urgency: String,
    /// Area codes: `TH-50`, `5007`.
    pub areas: Vec<String>,
    pub everywhere: bool,
    /// When it suits, in words.
    pub available: String,
    /// First and last day, ISO 8601.
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    /// RFC 3339
    pub valid_until: String,
    /// `open`, `fulfilled`, `expired` or `withdrawn`
    pub state: String,
    /// Seen by its owner and the coordinators alone.
    pub restricted: bool,
    /// For a change.
    pub version: i64,
}

/// A page of the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct Intents {
    pub intents: Vec<Intent>,
    /// For `before`, when there are more.
    pub next: Option<String>,
}

/// What is posted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewIntent {
    /// `offer` or `need`
    pub side: String,
    /// At most 2,000 letters.
    pub text: String,
    #[serde(default)]
    pub categories: Vec<String>,
    #[serde(default)]
    pub mode: Option<String>,
    #[serde(default)]
    pub terms: Option<String>,
    #[serde(default)]
    pub urgency: Option<String>,
    #[serde(default)]
    pub areas: Vec<String>,
    #[serde(default)]
    pub everywhere: bool,
    #[serde(default)]
    pub available: String,
    /// ISO 8601 days, last one included.
    #[serde(default)]
    pub starts_on: Option<String>,
    #[serde(default)]
    pub ends_on: Option<String>,
    /// 1 to 99, for offers.
    #[serde(default)]
    pub capacity: Option<i64>,
    /// `network`, `tie`, `public` or `private`; without it the members of the network, or few where the matter is
    /// personal.
    #[serde(default)]
    pub visibility: Option<String>,
    /// The one coordinator, `mem_…`, who sees a personal matter that is kept among few.
    #[serde(default)]
    pub confidant: Option<String>,
    /// For whom, `mem_…`, as a coordinator for somebody without an account; without it whom you act as.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
}

/// "I can help", "I would like this".
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewReply {
    #[serde(default)]
    pub words: String,
}

/// Something that fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct FitOf {
    pub intent: Intent,
    /// 0 to 1, comparable within one instance.
    pub score: f64,
    /// Reasons in the reader's language.
    pub why: Vec<String>,
}

/// On the matter, but something is in the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct DistantOf {
    pub intent: Intent,
    /// `place`, `time`, `mode` or `capacity`
    pub obstacle: String,
}

/// What fits an offer or need.
#[derive(Debug, Serialize, ToSchema)]
pub struct FitsOf {
    pub fits: Vec<FitOf>,
    pub distant: Vec<DistantOf>,
    /// Others with the same need.
    pub same: Vec<Intent>,
}

fn iso(day: i64) -> String {
    crate::dates::day(store::Micros(day.saturating_mul(store::Micros::DAY))).to_string()
}

impl From<Card> for Intent {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.to_string(),
            side: card.side.word().to_owned(),
            actor: card.actor.to_string(),
            actor_name: card.owner,
            title: card.title,
            text: card.text,
            categories: card.categories,
            mode: card.mode.word().to_owned(),
            terms: card.terms.word().to_owned(),
            urgency: card.urgency.word().to_owned(),
            areas: card.areas,
            everywhere: card.everywhere,
            available: card.available,
            starts_on: card.starts_on.map(iso),
            ends_on: card.ends_on.map(iso),
            valid_until: jiff::Timestamp::from_microsecond(card.valid_until.0)
                .map_or_else(|_| String::new(), |t| t.to_string()),
            state: card.state.word().to_owned(),
            restricted: card.restricted,
            version: card.version,
        }
    }
}

/// What `?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    side: String,
    category: String,
    province: String,
    before: String,
}

const ROWS: i64 = 50;

/// Open offers and needs of your network, newest first.
#[utoipa::path(get, path = "/api/v1/giving", tag = "giving", params(
    ("side" = Option<String>, Query, description = "offer or need"),
    ("category" = Option<String>, Query, description = "a category code"),
    ("province" = Option<String>, Query, description = "a province such as TH-50: what reaches it or is online"),
    ("before" = Option<String>, Query, description = "next of the page before"),
), responses((status = 200, body = Intents), (status = 401)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Intents>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let filter = Filter {
        network: Some(network),
        side: parameter("side", &wanted.side, Side::from_word)?,
        category: Some(wanted.category).filter(|code| !code.is_empty()),
        province: parameter("province", &wanted.province, |code| {
            crate::places::is_province(code).then(|| code.to_owned())
        })?,
        ..Filter::default()
    };
    let before = parameter("before", &wanted.before, |id| id.parse::<IntentId>().ok())?.map_or(0, |id| id.0);
    let mut cards = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::board(r, &filter, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(cards.len()).unwrap_or(0) > ROWS;
    cards.truncate(usize::try_from(ROWS).unwrap_or(50));
    let next = if more { cards.last().map(|card| card.id.to_string()) } else { None };
    Ok(Json(Intents { intents: cards.into_iter().map(Intent::from).collect(), next }))
}

/// One offer or need.
#[utoipa::path(get, path = "/api/v1/giving/{id}", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = Intent), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Intent>, Problem> {
    asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    let card = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(card.into()))
}

fn problem(field: &str, sentence: fn(Texts) -> String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", |lang| sentence(Texts(lang))).in_field(field)
}

/// A word of a list, or the sentence that names the field.
fn word<T>(field: &str, given: Option<&String>, read: fn(&str) -> Option<T>, or: T) -> Result<T, Problem> {
    match given {
        None => Ok(or),
        Some(word) => read(word).ok_or_else(|| problem(field, |t| t.giving_api_word().to_owned())),
    }
}

fn day(field: &str, given: Option<&String>) -> Result<Option<i64>, Problem> {
    let Some(text) = given else { return Ok(None) };
    let day =
        crate::dates::read(text).ok_or_else(|| problem(field, |t| t.giving_form_day_problem().to_owned()))?;
    Ok(Some(day.day(7)))
}

fn draft(new: &NewIntent, asker: &Asker) -> Result<Draft, Problem> {
    let side =
        Side::from_word(&new.side).ok_or_else(|| problem("side", |t| t.giving_api_word().to_owned()))?;
    let letters = new.text.trim().chars().count();
    if letters == 0 || letters > 2000 {
        return Err(problem("text", |t| t.giving_api_text().to_owned()));
    }
    if new.areas.len() > 50 || new.areas.iter().any(|code| matching::Area::parse(code).is_none()) {
        return Err(problem("areas", |t| t.giving_api_word().to_owned()));
    }
    let mut draft = Draft::new(side, &new.text);
    draft.categories.clone_from(&new.categories);
    draft.mode = word("mode", new.mode.as_ref(), Mode::from_word, Mode::Either)?;
    draft.terms = word("terms", new.terms.as_ref(), Terms::from_word, Terms::Gift)?;
    draft.urgency = word("urgency", new.urgency.as_ref(), Urgency::from_word, Urgency::Whenever)?;
    draft.visibility =
        word("visibility", new.visibility.as_ref(), |w| Visibility::from_word(w).map(Some), None)?;
    draft.areas.clone_from(&new.areas);
    if let Some(confidant) = &new.confidant {
        draft.confidant = Some(confidant.parse().map_err(|_| Problem::invalid("confidant"))?);
    }
    draft.everywhere = new.everywhere;
    draft.available = new.available.chars().take(200).collect();
    draft.starts_on = day("starts_on", new.starts_on.as_ref())?;
    draft.ends_on = day("ends_on", new.ends_on.as_ref())?;
    draft.capacity = new.capacity.unwrap_or(4);
    draft.lang = asker.lang;
    Ok(draft)
}

/// Posts an offer or need of your own, once for an Idempotency-Key.
#[utoipa::path(post, path = "/api/v1/giving", tag = "giving", request_body = NewIntent,
    responses((status = 201, body = Intent), (status = 422, description = "the field that needs another look")))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewIntent>,
) -> Result<(StatusCode, Json<Intent>), Problem> {
    let (own, network) = asker.member_and_network()?;
    let actor = match &new.on_behalf_of {
        Some(member) => member.parse().map_err(|_| Problem::invalid("on_behalf_of"))?,
        None => own,
    };
    let draft = draft(&new, &asker)?;
    let card = app
        .house
        .write(&asker.acting(), move |w| {
            // whom one may not see is not there
            if actor != own && !store::audience::may_see(w, actor.0)? {
                return Err(Problem::not_found());
            }
            if !actions::may_post(w, network, actor)? {
                return Err(Problem::forbidden());
            }
            let id = actions::post(w, actor, network, &draft)?;
            let card = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(card)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(card.into())))
}

/// Says that you can help with a need, or would like what is offered; the owner is told.
#[utoipa::path(post, path = "/api/v1/giving/{id}/replies", tag = "giving", params(("id" = String, Path)),
    request_body = NewReply, responses((status = 204), (status = 404)))]
pub async fn reply(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewReply>,
) -> Result<StatusCode, Problem> {
    let (actor, _): (ActorId, _) = asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    let words: String = new.words.chars().take(500).collect();
    app.house
        .write(&asker.acting(), move |w| {
            actions::reply(w, id, actor, &words)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What fits, with the reasons; what is on the matter but out of reach stands apart.
#[utoipa::path(get, path = "/api/v1/giving/{id}/fits", tag = "giving", params(("id" = String, Path)),
    responses((status = 200, body = FitsOf), (status = 404)))]
pub async fn fits(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<FitsOf>, Problem> {
    asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    let (pools, lang) = (app.pools.clone(), asker.lang);
    let fits = app
        .house
        .read(&asker.viewer, move |r| {
            let card = queries::find(r, id)?;
            Ok::<_, Problem>(pools.around(r, &card, 10)?)
        })
        .await?;
    let fit = fits.fit.into_iter().map(|fit| FitOf {
        score: fit.score,
        why: fit.reasons().map(|why| why.text(lang)).collect(),
        intent: fit.card.into(),
    });
    let distant = fits.distant.into_iter();
    Ok(Json(FitsOf {
        fits: fit.collect(),
        distant: distant
            .map(|(card, obstacle)| DistantOf { intent: card.into(), obstacle: obstacle.name().to_owned() })
            .collect(),
        same: fits.same.into_iter().map(Intent::from).collect(),
    }))
}
