use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use matching::Taxonomy;
use network::vocabulary::{Condition, ResourceKind};
use serde::{Deserialize, Serialize};
use store::Micros;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::{self, Draft, Wanted};
use super::queries::{self, Booking, Resource};
use super::{BookingId, ResourceId, pages};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(remove, list, show, create, change, book, bookings, step, gaps),
    components(schemas(ResourceOf, Resources, NewResourceOf, BookingOf, Bookings, NewBookingOf, BookingStep, GapsOf)),
    tags((name = "resources"))
)]
pub struct Api;

/// Something to share.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResourceOf {
    /// `res_…`
    pub id: String,
    /// `mem_…`
    pub holder: String,
    /// `thing`, `place`, `vehicle` or `expert`
    pub kind: String,
    pub title: String,
    pub text: String,
    pub category: Option<String>,
    pub quantity: i64,
    /// `good`, `worn` or `broken`
    pub condition: String,
    pub lendable: bool,
    pub location: String,
    /// `available`, `broken` or `gone`
    pub state: String,
}

impl From<Resource> for ResourceOf {
    fn from(resource: Resource) -> Self {
        Self {
            id: resource.id.to_string(),
            holder: resource.holder.to_string(),
            kind: resource.kind.word().to_owned(),
            title: resource.title,
            text: resource.text,
            category: resource.category,
            quantity: resource.quantity,
            condition: resource.condition.word().to_owned(),
            lendable: resource.lendable,
            location: resource.location,
            state: resource.state.word().to_owned(),
        }
    }
}

/// What is shared in your network, the newest hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Resources {
    pub resources: Vec<ResourceOf>,
}

/// Something of yours to share.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewResourceOf {
    pub kind: String,
    /// At most 120 letters.
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub category: Option<String>,
    /// 1 to 9999; without it, one.
    #[serde(default)]
    pub quantity: Option<i64>,
    #[serde(default)]
    pub condition: Option<String>,
    #[serde(default)]
    pub lendable: bool,
    #[serde(default)]
    pub location: String,
}

/// Somebody's use of something for a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingOf {
    /// `bok_…`
    pub id: String,
    pub resource: String,
    pub holder: String,
    pub borrower: String,
    /// RFC 3339
    pub from: String,
    /// The first moment after it.
    pub until: String,
    pub quantity: i64,
    pub purpose: String,
    /// `requested`, `agreed`, `declined`, `handed_over`, `returned` or `cancelled`
    pub state: String,
}

fn stamp(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

impl From<Booking> for BookingOf {
    fn from(booking: Booking) -> Self {
        Self {
            id: booking.id.to_string(),
            resource: booking.resource.to_string(),
            holder: booking.holder.to_string(),
            borrower: booking.borrower.to_string(),
            from: stamp(booking.from),
            until: stamp(booking.until),
            quantity: booking.quantity,
            purpose: booking.purpose,
            state: booking.state.word().to_owned(),
        }
    }
}

/// Your bookings under way, and those of what you have.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bookings {
    pub bookings: Vec<BookingOf>,
}

/// For when you would like it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewBookingOf {
    /// RFC 3339
    pub from: String,
    /// The first moment after it.
    pub until: String,
    /// Without it, one.
    #[serde(default)]
    pub quantity: Option<i64>,
    #[serde(default)]
    pub purpose: String,
}

/// For `hand-over` and `return`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct BookingStep {
    pub condition: String,
    pub words: String,
}

/// Categories that are asked for and that nobody has, as far as you may see the needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapsOf {
    pub gaps: Vec<String>,
    /// What others need and you alone could give.
    pub only_you: Vec<String>,
}

fn text(field: &str, given: &str, most: usize) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
}

fn draft(new: &NewResourceOf) -> Result<Draft, Problem> {
    let title = text("title", &new.title, 120)?;
    let known = |code: &String| Taxonomy::built_in().find(code).is_some();
    if title.is_empty() {
        return Err(Problem::invalid("title"));
    }
    if new.category.as_ref().is_some_and(|code| !known(code)) {
        return Err(Problem::invalid("category"));
    }
    let quantity = new.quantity.unwrap_or(1);
    if !(1..=9999).contains(&quantity) {
        return Err(Problem::invalid("quantity"));
    }
    Ok(Draft {
        kind: ResourceKind::from_word(&new.kind).ok_or_else(|| Problem::invalid("kind"))?,
        title,
        text: text("text", &new.text, 1000)?,
        category: new.category.clone(),
        quantity,
        condition: match new.condition.as_deref() {
            None => Condition::Good,
            Some(word) => Condition::from_word(word).ok_or_else(|| Problem::invalid("condition"))?,
        },
        lendable: new.lendable,
        location: text("location", &new.location, 200)?,
    })
}

/// What is shared in your network.
#[utoipa::path(get, path = "/api/v1/resources", tag = "resources",
    responses((status = 200, body = Resources), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Resources>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let resources = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, network, "", 0, 100)?))
        .await?;
    Ok(Json(Resources { resources: resources.into_iter().map(ResourceOf::from).collect() }))
}

async fn one(asker: &Asker, app: &App, id: ResourceId) -> Result<Json<ResourceOf>, Problem> {
    let found = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(found.into()))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/resources/{id}", tag = "resources", params(("id" = String, Path)),
    responses((status = 200, body = ResourceOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ResourceOf>, Problem> {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    one(&asker, &app, id).await
}

/// Shares something of yours. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/resources", tag = "resources", request_body = NewResourceOf,
    responses((status = 201, body = ResourceOf), (status = 404), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewResourceOf>,
) -> Result<(StatusCode, Json<ResourceOf>), Problem> {
    let (me, network) = asker.member_and_network()?;
    let draft = draft(&new)?;
    let id = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::put(w, network, me, &draft)?;
            Ok::<_, Problem>(w.finished(id)?)
        })
        .await?;
    Ok((StatusCode::CREATED, one(&asker, &app, id).await?))
}

/// Changes what is said of it.
#[utoipa::path(put, path = "/api/v1/resources/{id}", tag = "resources", params(("id" = String, Path)),
    request_body = NewResourceOf, responses((status = 200, body = ResourceOf), (status = 404), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewResourceOf>,
) -> Result<Json<ResourceOf>, Problem> {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let draft = draft(&new)?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::change(w, id, &draft)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    one(&asker, &app, id).await
}

fn moment(field: &str, given: &str) -> Result<Micros, Problem> {
    let at: jiff::Timestamp = given.parse().map_err(|_| Problem::invalid(field))?;
    Ok(Micros(at.as_microsecond()))
}

/// Asks to use it. Once for an `Idempotency-Key`; 409 `taken` where somebody has it then.
#[utoipa::path(post, path = "/api/v1/resources/{id}/bookings", tag = "resources", params(("id" = String, Path)),
    request_body = NewBookingOf,
    responses((status = 201, body = BookingOf), (status = 404), (status = 409), (status = 422)))]
pub async fn book(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewBookingOf>,
) -> Result<(StatusCode, Json<BookingOf>), Problem> {
    let (me, _) = asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let wanted = Wanted {
        from: moment("from", &new.from)?,
        until: moment("until", &new.until)?,
        pieces: new.quantity.unwrap_or(1),
        purpose: text("purpose", &new.purpose, 300)?,
    };
    let booking = app
        .house
        .write(&asker.acting(), move |w| {
            let booking = actions::book(w, id, me, &wanted)?;
            let booking = queries::find_booking(w, booking)?;
            Ok::<_, Problem>(w.finished(booking)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(booking.into())))
}

/// Your bookings under way.
#[utoipa::path(get, path = "/api/v1/resources/bookings", tag = "resources",
    responses((status = 200, body = Bookings), (status = 401)))]
pub async fn bookings(asker: Asker, State(app): State<App>) -> Result<Json<Bookings>, Problem> {
    let (me, _) = asker.member()?;
    let bookings =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::bookings_of(r, me)?)).await?;
    Ok(Json(Bookings { bookings: bookings.into_iter().map(BookingOf::from).collect() }))
}

/// Moves a booking on: `agree`, `decline`, `cancel`, `hand-over` or `return`.
#[utoipa::path(post, path = "/api/v1/resources/bookings/{id}/{step}", tag = "resources",
    params(("id" = String, Path), ("step" = String, Path)), request_body = BookingStep,
    responses((status = 200, body = BookingOf), (status = 404), (status = 409)))]
pub async fn step(
    asker: Asker,
    State(app): State<App>,
    Path((id, word)): Path<(String, String)>,
    Json(given): Json<BookingStep>,
) -> Result<Json<BookingOf>, Problem> {
    asker.member()?;
    let id: BookingId = id.parse().map_err(|_| Problem::not_found())?;
    let step = pages::step_of(&word, &given.condition, text("words", &given.words, 300)?)?;
    let booking = app
        .house
        .write(&asker.acting(), move |w| {
            actions::step(w, id, &step)?;
            let booking = queries::find_booking(w, id)?;
            Ok::<_, Problem>(w.finished(booking)?)
        })
        .await?;
    Ok(Json(booking.into()))
}

/// What is needed that nobody has, and what you alone could give.
#[utoipa::path(get, path = "/api/v1/resources/gaps", tag = "resources",
    responses((status = 200, body = GapsOf), (status = 401)))]
pub async fn gaps(asker: Asker, State(app): State<App>) -> Result<Json<GapsOf>, Problem> {
    let (me, network) = asker.member_and_network()?;
    let coverage =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::coverage(r, network)?)).await?;
    let only_you = coverage.sole.into_iter().filter(|(_, who)| *who == me.0).map(|(what, _)| what).collect();
    Ok(Json(GapsOf { gaps: coverage.gaps, only_you }))
}

/// Takes something of yours out of what is shared; its history stays.
#[utoipa::path(delete, path = "/api/v1/resources/{id}", tag = "resources", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409, description = "somebody has it")))]
pub async fn remove(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::gone(w, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
