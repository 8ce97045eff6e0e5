//! What a rhythm goes by where its tie says nothing: labels, what the network suggests, and the zone days are counted in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::rhythm::{LONGEST, SHORTEST, Season};
use network::vocabulary::Role;
use serde::{Deserialize, Serialize};
use store::ids::LabelId;
use store::journal::{Act, Entry};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::queries::{self, DefaultRow};
use super::super::zone::zones;
use super::care_id;
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(zone, set_zone, labels, put_label, drop_label, given, give, suggested, suggest),
    components(schemas(ZoneOf, LabelOf, Labels, NewLabelOf, GivenLabels, SuggestedOf, Suggestions)),
    tags((name = "rhythm"))
)]
pub struct Api;

/// The zone in which your days are counted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ZoneOf {
    /// Such as `Asia/Bangkok`.
    pub zone: String,
}

/// The zone in which your days are counted.
#[utoipa::path(get, path = "/api/v1/rhythm/zone", tag = "rhythm", responses((status = 200, body = ZoneOf)))]
pub async fn zone(asker: Asker, State(app): State<App>) -> Result<Json<ZoneOf>, Problem> {
    let (actor, _) = asker.member()?;
    let zone = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::zone(r, actor)?)).await?;
    Ok(Json(ZoneOf { zone }))
}

/// Changes the zone in which your days are counted.
#[utoipa::path(put, path = "/api/v1/rhythm/zone", tag = "rhythm", request_body = ZoneOf,
    responses((status = 204), (status = 422)))]
pub async fn set_zone(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<ZoneOf>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    if !zones().contains(&new.zone.as_str()) {
        return Err(Problem::invalid("zone"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            queries::set_zone(w, actor, &new.zone)?;
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.zone", actor.0).fields(&["zone"]), ())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A label of yours, and how often those who carry it are to be met.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelOf {
    /// `lab_…`
    pub id: String,
    pub name: String,
    pub ideal_days: Option<i64>,
    pub max_days: Option<i64>,
    /// How close: 0.5 to 1.5.
    pub weight: f64,
}

/// Your labels, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Labels {
    pub labels: Vec<LabelOf>,
}

/// A label to be kept; one of the same name is changed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewLabelOf {
    /// At most 60 letters.
    pub name: String,
    /// 1 to 1826
    #[serde(default)]
    pub ideal_days: Option<i64>,
    /// Not less than the ideal gap.
    #[serde(default)]
    pub max_days: Option<i64>,
    /// 0.5 to 1.5; without it, 1.
    #[serde(default)]
    pub weight: Option<f64>,
}

fn gaps(ideal: Option<i64>, max: Option<i64>) -> Result<(Option<i64>, Option<i64>), Problem> {
    let sane = |days: Option<i64>| days.is_none_or(|days| (SHORTEST..=LONGEST).contains(&days));
    if !sane(ideal) {
        return Err(Problem::invalid("ideal_days"));
    }
    if !sane(max) || max.is_some_and(|max| ideal.is_none_or(|ideal| max < ideal)) {
        return Err(Problem::invalid("max_days"));
    }
    Ok((ideal, max))
}

/// Your labels.
#[utoipa::path(get, path = "/api/v1/rhythm/labels", tag = "rhythm", responses((status = 200, body = Labels)))]
pub async fn labels(asker: Asker, State(app): State<App>) -> Result<Json<Labels>, Problem> {
    let (actor, _) = asker.member()?;
    let rows =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::labels_of(r, actor)?)).await?;
    let one = |row: queries::LabelRow| LabelOf {
        id: row.id.to_string(),
        name: row.name,
        ideal_days: row.ideal,
        max_days: row.max,
        weight: row.weight,
    };
    Ok(Json(Labels { labels: rows.into_iter().map(one).collect() }))
}

/// Keeps a label, or changes the one of this name.
#[utoipa::path(post, path = "/api/v1/rhythm/labels", tag = "rhythm", request_body = NewLabelOf,
    responses((status = 201, body = LabelOf), (status = 422)))]
pub async fn put_label(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewLabelOf>,
) -> Result<(StatusCode, Json<LabelOf>), Problem> {
    let (actor, _) = asker.member()?;
    let name = thai::text::normalize(&new.name).into_owned();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::invalid("name"));
    }
    let (ideal, max) = gaps(new.ideal_days, new.max_days)?;
    let weight = new.weight.unwrap_or(1.0);
    if !(0.5..=1.5).contains(&weight) {
        return Err(Problem::invalid("weight"));
    }
    let named = name.clone();
    let id = app
        .house
        .write(&asker.acting(), move |w| {
            let id = queries::put_label(w, actor, &named, (ideal, max), weight)?;
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.labels", actor.0).fields(&["label"]), id)?)
        })
        .await?;
    let label = LabelOf { id: id.to_string(), name, ideal_days: ideal, max_days: max, weight };
    Ok((StatusCode::CREATED, Json(label)))
}

/// Drops a label of yours.
#[utoipa::path(delete, path = "/api/v1/rhythm/labels/{label}", tag = "rhythm", params(("label" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn drop_label(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: LabelId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            if !queries::labels_of(w, actor)?.iter().any(|label| label.id == id) {
                return Err(Problem::not_found());
            }
            queries::drop_label(w, actor, id)?;
            Ok(w.done(&Entry::new(Act::Do, "rhythm.labels", actor.0).fields(&["label"]), ())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which of your labels another carries.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GivenLabels {
    /// `lab_…`
    pub labels: Vec<String>,
}

/// Which of your labels the other of a rhythm carries.
#[utoipa::path(get, path = "/api/v1/rhythm/{id}/labels", tag = "rhythm", params(("id" = String, Path)),
    responses((status = 200, body = GivenLabels), (status = 404)))]
pub async fn given(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<GivenLabels>, Problem> {
    let (actor, _) = asker.member()?;
    let id = care_id(&id)?;
    let labels = app
        .house
        .read(&asker.viewer, move |r| {
            let care = queries::find(r, id, actor)?;
            Ok::<_, Problem>(queries::labels_between(r, actor, care.other)?)
        })
        .await?;
    Ok(Json(GivenLabels { labels: labels.iter().map(ToString::to_string).collect() }))
}

/// Gives the other of a rhythm exactly these of your labels.
#[utoipa::path(put, path = "/api/v1/rhythm/{id}/labels", tag = "rhythm", params(("id" = String, Path)),
    request_body = GivenLabels, responses((status = 204), (status = 404), (status = 422)))]
pub async fn give(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<GivenLabels>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id = care_id(&id)?;
    let labels: Vec<LabelId> = new
        .labels
        .iter()
        .take(100)
        .map(|text| text.parse().map_err(|_| Problem::invalid("labels")))
        .collect::<Result<_, _>>()?;
    app.house
        .write(&asker.acting(), move |w| {
            let own = queries::labels_of(w, actor)?;
            if !labels.iter().all(|id| own.iter().any(|label| label.id == *id)) {
                return Err(Problem::invalid("labels"));
            }
            let care = queries::find(w, id, actor)?;
            queries::set_labels(w, actor, care.other, &labels)?;
            Ok(w.done(&Entry::new(Act::Do, "rhythm.label", id.0).fields(&["labels"]), ())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the network suggests where nobody says otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SuggestedOf {
    /// Toward whom: a role such as `member`, or empty for everybody.
    #[serde(default)]
    pub role: String,
    /// 1 to 1826
    #[serde(default)]
    pub ideal_days: Option<i64>,
    /// Not less than the ideal gap.
    #[serde(default)]
    pub max_days: Option<i64>,
    /// First day of the season in which the network rests, `0215` for 15 February; for everybody alone.
    #[serde(default)]
    pub rests_from: Option<String>,
    /// Its last day.
    #[serde(default)]
    pub rests_to: Option<String>,
}

/// What the network suggests, for everybody and by role.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    pub suggestions: Vec<SuggestedOf>,
}

/// What the network that is shown suggests. For coordinators.
#[utoipa::path(get, path = "/api/v1/rhythm/defaults", tag = "rhythm",
    responses((status = 200, body = Suggestions), (status = 403)))]
pub async fn suggested(asker: Asker, State(app): State<App>) -> Result<Json<Suggestions>, Problem> {
    let (_, network) = asker.coordinator()?;
    let rows =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::defaults(r, network)?)).await?;
    let one = |row: DefaultRow| SuggestedOf {
        role: row.role,
        ideal_days: row.ideal,
        max_days: row.max,
        rests_from: row.season.map(|(from, _)| format!("{from:04}")),
        rests_to: row.season.map(|(_, to)| format!("{to:04}")),
    };
    Ok(Json(Suggestions { suggestions: rows.into_iter().map(one).collect() }))
}

fn season(new: &SuggestedOf) -> Result<Option<(i64, i64)>, Problem> {
    let (from, to) = match (&new.rests_from, &new.rests_to) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => (from, to),
        (Some(_), None) => return Err(Problem::invalid("rests_to")),
        (None, Some(_)) => return Err(Problem::invalid("rests_from")),
    };
    let day = |text: &str| text.parse::<i64>().ok().filter(|number| Season::read(*number, *number).is_some());
    let from = day(from).ok_or_else(|| Problem::invalid("rests_from"))?;
    Ok(Some((from, day(to).ok_or_else(|| Problem::invalid("rests_to"))?)))
}

/// Says what the network suggests, for everybody or toward those with a role. For coordinators.
#[utoipa::path(put, path = "/api/v1/rhythm/defaults", tag = "rhythm", request_body = SuggestedOf,
    responses((status = 204), (status = 403), (status = 422)))]
pub async fn suggest(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<SuggestedOf>,
) -> Result<StatusCode, Problem> {
    let (_, network) = asker.coordinator()?;
    let (ideal, max) = gaps(new.ideal_days, new.max_days)?;
    let role = match new.role.as_str() {
        "" => String::new(),
        word => Role::from_word(word).ok_or_else(|| Problem::invalid("role"))?.word().to_owned(),
    };
    let season = season(&new)?;
    if season.is_some() && !role.is_empty() {
        return Err(Problem::invalid("rests_from"));
    }
    let row = DefaultRow { role, ideal, max, season };
    app.house
        .write(&asker.acting(), move |w| {
            queries::set_default(w, network, &row)?;
            let entry = Entry::new(Act::Administer, "rhythm.default", network.0).in_network(network);
            Ok::<_, Problem>(w.done(&entry.fields(&["cadence_default"]), ())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
