pub mod inherited;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use network::rhythm::{LONGEST, SHORTEST, Source, date_of, day_of};
use network::vocabulary::Channel;
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, CareId};
use store::journal::{Act, Entry};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::{self, Change};
use super::due::{self, Due, Kept};
use super::queries;
use crate::{App, Texts, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, due_now, show, change, settle),
    components(schemas(RhythmOf, Rhythms, DueOf, DueList, RhythmChange, Settle)),
    tags((name = "rhythm"))
)]
pub struct Api;

/// The rhythm you keep toward another. Days are those of your zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct RhythmOf {
    /// `car_…`
    pub id: String,
    /// Toward whom, `mem_…`.
    pub other: String,
    /// `ended`, `paused`, `snoozed`, `unanswered`, `dormant`, `overdue`, `due`, `due_soon` or `fresh`
    pub state: String,
    /// The ideal gap in days.
    pub ideal_days: i64,
    /// The longest gap in days.
    pub max_days: i64,
    /// Who says so: `tie`, `label`, `role`, `network` or `built_in`.
    pub source: String,
    /// `2026-11-22`
    pub due_on: String,
    pub late_on: String,
    pub last_touch_on: Option<String>,
    pub attempts_since_touch: u32,
    pub next_fixed_on: Option<String>,
    pub snoozed_until: Option<String>,
    /// What the tie is for.
    pub why: String,
    pub channel: Option<String>,
    /// Who looks after it for you, `mem_…`.
    pub delegate: Option<String>,
}

const fn source_word(source: Source) -> &'static str {
    match source {
        Source::Tie => "tie",
        Source::Label => "label",
        Source::Role => "role",
        Source::Network => "network",
        Source::BuiltIn => "built_in",
    }
}

impl From<&Kept> for RhythmOf {
    fn from(kept: &Kept) -> Self {
        let day = |day: i64| date_of(day).to_string();
        Self {
            id: kept.row.id.to_string(),
            other: kept.row.other.to_string(),
            state: kept.state().word().to_owned(),
            ideal_days: kept.care.cadence.ideal,
            max_days: kept.care.cadence.max,
            source: source_word(kept.source).to_owned(),
            due_on: day(kept.due_on()),
            late_on: day(kept.care.late(kept.today)),
            last_touch_on: kept.care.history.touch.map(|touch| day(touch.on)),
            attempts_since_touch: kept.care.history.attempts,
            next_fixed_on: kept.row.next_fixed_on.map(day),
            snoozed_until: kept.row.snoozed_until.map(day),
            why: kept.row.why.clone(),
            channel: kept.row.channel.clone(),
            delegate: kept.row.delegate.map(|id| id.to_string()),
        }
    }
}

/// Your rhythms.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rhythms {
    pub rhythms: Vec<RhythmOf>,
}

/// Somebody to be in touch with, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueOf {
    pub rhythm: RhythmOf,
    /// One sentence, in the language asked for.
    pub reason: String,
    /// Three prompts stayed without an answer: keep, lengthen, hand over, let go?
    pub asks: bool,
}

/// At most five: three that are due, one long silent, one who gave last.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueList {
    pub due: Vec<DueOf>,
}

/// How often, and what for. What is left out goes by label, role or network.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RhythmChange {
    /// 1 to 1826
    #[serde(default)]
    pub ideal_days: Option<i64>,
    /// Not less than the ideal gap.
    #[serde(default)]
    pub max_days: Option<i64>,
    /// At most 300 letters.
    #[serde(default)]
    pub why: String,
    /// Such as `line` or `phone`.
    #[serde(default)]
    pub channel: Option<String>,
    /// One agreed date, `2026-12-05`.
    #[serde(default)]
    pub next_on: Option<String>,
}

/// Put off, rest, go on, keep as it is, make the gap twice as long, hand over, let go.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Settle {
    /// `snooze`, `pause`, `resume`, `dismiss`, `keep`, `lengthen`, `hand`, `take_back`, `end` or `begin`
    pub what: String,
    /// For `snooze`: 1 to 366.
    #[serde(default)]
    pub days: Option<i64>,
    /// For `hand`: `mem_…`.
    #[serde(default)]
    pub to: Option<String>,
}

/// Your rhythms, those handed to you included, as far as you may see the other.
#[utoipa::path(get, path = "/api/v1/rhythm", tag = "rhythm", responses((status = 200, body = Rhythms), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Rhythms>, Problem> {
    let (actor, _) = asker.member()?;
    let rhythms = app
        .house
        .read(&asker.viewer, move |r| {
            let all = due::of_holder(r, actor)?;
            let named = members::named(r, all.iter().map(|kept| kept.row.other))?;
            let seen = all.iter().filter(|kept| named.contains_key(&kept.row.other));
            Ok::<_, Problem>(seen.map(RhythmOf::from).collect())
        })
        .await?;
    Ok(Json(Rhythms { rhythms }))
}

/// Who is due today, and why.
#[utoipa::path(get, path = "/api/v1/rhythm/due", tag = "rhythm", responses((status = 200, body = DueList), (status = 401)))]
pub async fn due_now(asker: Asker, State(app): State<App>) -> Result<Json<DueList>, Problem> {
    let (actor, _) = asker.member()?;
    let t = Texts(asker.lang);
    let due = app
        .house
        .read(&asker.viewer, move |r| {
            let all: Vec<Due> = due::due(r, actor)?;
            let named = members::named(r, all.iter().map(|one| one.kept.row.other))?;
            let seen = all.iter().filter(|one| named.contains_key(&one.kept.row.other));
            let of =
                |one: &Due| DueOf { rhythm: (&one.kept).into(), reason: due::reason(t, one), asks: one.ask };
            Ok::<_, Problem>(seen.map(of).collect())
        })
        .await?;
    Ok(Json(DueList { due }))
}

fn care_id(text: &str) -> Result<CareId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn one(asker: &Asker, app: &App, id: CareId) -> Result<Json<RhythmOf>, Problem> {
    let (actor, _) = asker.member()?;
    let kept = app
        .house
        .read(&asker.viewer, move |r| {
            let row = queries::find(r, id, actor)?;
            due::kept(r, row.holder, row.other)?.ok_or_else(Problem::not_found)
        })
        .await?;
    Ok(Json((&kept).into()))
}

/// One rhythm of yours.
#[utoipa::path(get, path = "/api/v1/rhythm/{id}", tag = "rhythm", params(("id" = String, Path)),
    responses((status = 200, body = RhythmOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<RhythmOf>, Problem> {
    one(&asker, &app, care_id(&id)?).await
}

async fn apply(asker: &Asker, app: &App, id: CareId, changes: Vec<Change>) -> Result<(), Problem> {
    let (actor, _) = asker.member()?;
    app.house
        .write(&asker.acting(), move |w| {
            for change in &changes {
                actions::change(w, id, actor, change)?;
            }
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.change", id.0).fields(&["care"]), ())?)
        })
        .await
}

/// Says how often, what for, by which way, and the next agreed date.
#[utoipa::path(put, path = "/api/v1/rhythm/{id}", tag = "rhythm", params(("id" = String, Path)),
    request_body = RhythmChange, responses((status = 200, body = RhythmOf), (status = 404), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<RhythmChange>,
) -> Result<Json<RhythmOf>, Problem> {
    asker.member()?;
    let id = care_id(&id)?;
    let sane = |days: Option<i64>| days.is_none_or(|days| (SHORTEST..=LONGEST).contains(&days));
    if !sane(new.ideal_days) {
        return Err(Problem::invalid("ideal_days"));
    }
    if !sane(new.max_days) || new.max_days.is_some_and(|max| new.ideal_days.is_none_or(|ideal| max < ideal)) {
        return Err(Problem::invalid("max_days"));
    }
    let why = thai::text::normalize(&new.why).into_owned();
    if why.chars().count() > 300 {
        return Err(Problem::invalid("why"));
    }
    let channel = match new.channel.as_deref() {
        Some(word) => Some(Channel::from_word(word).ok_or_else(|| Problem::invalid("channel"))?),
        None => None,
    };
    let next_on = match new.next_on.as_deref() {
        Some(text) => Some(day_of(text.parse::<Date>().map_err(|_| Problem::invalid("next_on"))?)),
        None => None,
    };
    let changes = vec![
        Change::Cadence { ideal: new.ideal_days, max: new.max_days },
        Change::Why { why, channel },
        Change::NextOn(next_on),
    ];
    apply(&asker, &app, id, changes).await?;
    one(&asker, &app, id).await
}

/// Puts a rhythm off, lets it rest or go on, hands it over, lets it go.
#[utoipa::path(post, path = "/api/v1/rhythm/{id}/settle", tag = "rhythm", params(("id" = String, Path)),
    request_body = Settle, responses((status = 204), (status = 404), (status = 422)))]
pub async fn settle(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<Settle>,
) -> Result<StatusCode, Problem> {
    let (actor, network) = asker.member_and_network()?;
    let id = care_id(&id)?;
    let change = match new.what.as_str() {
        "snooze" => {
            let days = new.days.filter(|days| (1..=366).contains(days));
            Change::Snooze(days.ok_or_else(|| Problem::invalid("days"))?)
        }
        "pause" => Change::Pause { until: None, reason: String::new() },
        "resume" => Change::Resume,
        "dismiss" => Change::Dismiss,
        "keep" => Change::Keep,
        "lengthen" => Change::Lengthen,
        "take_back" => Change::HandTo(None),
        "end" => Change::End,
        "begin" => Change::BeginAgain,
        "hand" => {
            let to: ActorId =
                new.to.as_deref().and_then(|text| text.parse().ok()).ok_or_else(|| Problem::invalid("to"))?;
            let may = app
                .house
                .read(&asker.viewer, move |r| {
                    Ok::<_, Problem>(queries::colleagues(r, actor, network)?.contains(&to))
                })
                .await?;
            if !may {
                return Err(Problem::invalid("to"));
            }
            Change::HandTo(Some(to))
        }
        _ => return Err(Problem::invalid("what")),
    };
    apply(&asker, &app, id, vec![change]).await?;
    Ok(StatusCode::NO_CONTENT)
}
