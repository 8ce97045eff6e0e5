use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::promise::Act;
use serde::{Deserialize, Serialize};
use store::Micros;
use store::ids::ActorId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::actions::{self, Draft, PromiseError};
use super::queries::{self, Promise};
use super::rings::{self, Answer};
use super::{PromiseId, RingId};
use crate::giving::ReplyId;
use crate::{App, dates};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(found_rings, propose_ring, list, show, create, act, agree, record, answer_ring),
    components(schemas(RingStepOf, RingOf, Rings, RingProposal, PromiseOf, Promises, NewPromiseOf, PromiseAct, PromiseDue, RecordOf, RingAnswer)),
    tags((name = "promises"))
)]
pub struct Api;

/// Who does what for whom, by when.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseOf {
    /// `prm_…`
    pub id: String,
    /// Who does it, `mem_…`.
    pub provider: String,
    pub receiver: String,
    pub proposed_by: String,
    pub what: String,
    /// The last day, `2026-11-30`.
    pub due: Option<String>,
    /// Another day that the provider asks for.
    pub asked_due: Option<String>,
    /// The offer or need it came of, `int_…`.
    pub intent: Option<String>,
    /// `proposed`, `accepted`, `kept`, `late`, `broken`, `released` or `lapsed`
    pub state: String,
    pub words: String,
}

fn day(day: Option<i64>) -> Option<String> {
    day.map(|day| dates::day(Micros(day.saturating_mul(Micros::DAY))).to_string())
}

/// A day of a request; none where it is empty.
pub fn read_day(field: &str, given: Option<&str>) -> Result<Option<i64>, Problem> {
    match given {
        None | Some("") => Ok(None),
        Some(text) => dates::read(text).map(|at| Some(at.day(7))).ok_or_else(|| Problem::invalid(field)),
    }
}

impl From<Promise> for PromiseOf {
    fn from(promise: Promise) -> Self {
        Self {
            id: promise.id.to_string(),
            provider: promise.provider.to_string(),
            receiver: promise.receiver.to_string(),
            proposed_by: promise.proposed_by.to_string(),
            due: day(promise.due_on),
            asked_due: day(promise.asked_due_on),
            intent: promise.intent.map(|id| id.to_string()),
            state: promise.state.word().to_owned(),
            what: promise.what,
            words: promise.words,
        }
    }
}

/// Your promises, both ways.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promises {
    /// Open ones, the soonest first.
    pub open: Vec<PromiseOf>,
    /// The newest fifty settled ones.
    pub settled: Vec<PromiseOf>,
    /// Rings of giving that wait for your answer, `rng_…`.
    pub rings: Vec<String>,
}

/// A promise to be proposed: yours to somebody, or one that you ask of them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewPromiseOf {
    /// With whom, `mem_…`.
    pub with: String,
    /// Whether they are asked to do it; otherwise you do.
    #[serde(default)]
    pub they_do_it: bool,
    /// At most 300 letters.
    pub what: String,
    /// `2026-11-30`
    #[serde(default)]
    pub due: Option<String>,
}

/// Why, and for `day` which one.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PromiseAct {
    pub words: String,
    pub due: Option<String>,
}

/// By when.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PromiseDue {
    pub due: Option<String>,
}

/// How you kept what you promised: for your eyes alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordOf {
    /// Those released in time included.
    pub kept: u32,
    pub late: u32,
    pub broken: u32,
}

/// Yes, or nothing that the others can tell from silence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RingAnswer {
    pub yes: bool,
}

/// Your promises, both ways.
#[utoipa::path(get, path = "/api/v1/promises", tag = "promises",
    responses((status = 200, body = Promises), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Promises>, Problem> {
    let (me, _) = asker.member()?;
    let (open, settled, rings) = app
        .house
        .read(&asker.viewer, move |r| {
            Ok::<_, Problem>((
                queries::open_of(r, me)?,
                queries::of_member(r, me, 0, 50)?,
                queries::rings_asked_of(r, me)?,
            ))
        })
        .await?;
    Ok(Json(Promises {
        open: open.into_iter().map(PromiseOf::from).collect(),
        settled: settled.into_iter().map(PromiseOf::from).collect(),
        rings: rings.iter().map(ToString::to_string).collect(),
    }))
}

/// One promise.
#[utoipa::path(get, path = "/api/v1/promises/{id}", tag = "promises", params(("id" = String, Path)),
    responses((status = 200, body = PromiseOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<PromiseOf>, Problem> {
    asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let promise = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(promise.into()))
}

/// Proposes a promise. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/promises", tag = "promises", request_body = NewPromiseOf,
    responses((status = 201, body = PromiseOf), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewPromiseOf>,
) -> Result<(StatusCode, Json<PromiseOf>), Problem> {
    let (me, network) = asker.member_and_network()?;
    let other: ActorId = new.with.parse().map_err(|_| Problem::not_found())?;
    let what = thai::text::normalize(&new.what).into_owned();
    if what.is_empty() || what.chars().count() > 300 {
        return Err(Problem::invalid("what"));
    }
    let due_on = read_day("due", new.due.as_deref())?;
    let (provider, receiver) = if new.they_do_it { (other, me) } else { (me, other) };
    let draft = Draft { network, provider, receiver, what, due_on, intent: None };
    let promise = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::propose(w, &draft)?;
            let promise = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(promise)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(promise.into())))
}

/// What you do to a promise: `accept`, `release` (take back, let go, not convenient), `break` (it did not come), `day`
/// (the receiver moves the day, the provider asks for another). To keep one, POST to `/api/v1/exchanges`.
#[utoipa::path(post, path = "/api/v1/promises/{id}/{act}", tag = "promises",
    params(("id" = String, Path), ("act" = String, Path)), request_body = PromiseAct,
    responses((status = 200, body = PromiseOf), (status = 404), (status = 409), (status = 422)))]
pub async fn act(
    asker: Asker,
    State(app): State<App>,
    Path((id, word)): Path<(String, String)>,
    Json(given): Json<PromiseAct>,
) -> Result<Json<PromiseOf>, Problem> {
    asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let words = thai::text::normalize(&given.words).into_owned();
    if words.chars().count() > 300 {
        return Err(Problem::invalid("words"));
    }
    let act = match word.as_str() {
        "accept" => Some(Act::Accept),
        "release" => Some(Act::Release),
        "break" => Some(Act::Break),
        "day" => None,
        _ => return Err(Problem::not_found()),
    };
    let day = read_day("due", given.due.as_deref())?;
    let promise = app
        .house
        .write(&asker.acting(), move |w| {
            match (act, day) {
                (Some(act), _) => actions::act(w, id, act, &words)?,
                (None, Some(day)) => actions::another_day(w, id, day)?,
                (None, None) => return Err(PromiseError::DayOver.into()),
            }
            let promise = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(promise)?)
        })
        .await?;
    Ok(Json(promise.into()))
}

/// "Yes please, by …": makes a reply to your need or offer a promise.
#[utoipa::path(post, path = "/api/v1/promises/replies/{id}", tag = "promises", params(("id" = String, Path)),
    request_body = PromiseDue, responses((status = 200, body = PromiseOf), (status = 404), (status = 409)))]
pub async fn agree(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<PromiseDue>,
) -> Result<Json<PromiseOf>, Problem> {
    asker.member()?;
    let reply: ReplyId = id.parse().map_err(|_| Problem::not_found())?;
    let due_on = read_day("due", given.due.as_deref())?;
    let promise = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::agree(w, reply, due_on)?;
            let promise = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(promise)?)
        })
        .await?;
    Ok(Json(promise.into()))
}

/// How you kept what you promised.
#[utoipa::path(get, path = "/api/v1/promises/record", tag = "promises",
    responses((status = 200, body = RecordOf), (status = 401)))]
pub async fn record(asker: Asker, State(app): State<App>) -> Result<Json<RecordOf>, Problem> {
    let (me, _) = asker.member()?;
    let record = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::record_of(r, me)?)).await?;
    Ok(Json(RecordOf { kept: record.kept, late: record.late, broken: record.broken }))
}

/// Answers a ring of giving that asks you.
#[utoipa::path(post, path = "/api/v1/promises/rings/{id}", tag = "promises", params(("id" = String, Path)),
    request_body = RingAnswer, responses((status = 204), (status = 404)))]
pub async fn answer_ring(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<RingAnswer>,
) -> Result<StatusCode, Problem> {
    let (me, _) = asker.member()?;
    let id: RingId = id.parse().map_err(|_| Problem::not_found())?;
    let answer = if given.yes { Answer::Yes } else { Answer::NotNow };
    app.house
        .write(&asker.acting(), move |w| {
            rings::answer(w, id, me, answer)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One step of a ring: whose offer meets whose need.
#[derive(Debug, Serialize, ToSchema)]
pub struct RingStepOf {
    /// Who gives, `mem_…`.
    pub giver: String,
    /// `int_…`
    pub offer: String,
    /// Who receives, `mem_…`.
    pub receiver: String,
    /// `int_…`
    pub need: String,
}

/// A ring of three in which each gives to the next.
#[derive(Debug, Serialize, ToSchema)]
pub struct RingOf {
    /// What names it when it is proposed.
    pub key: String,
    pub steps: Vec<RingStepOf>,
}

/// Rings that could be proposed and were not before, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rings {
    pub rings: Vec<RingOf>,
}

/// Which ring to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RingProposal {
    pub key: String,
}

/// Rings of giving among open offers and needs of your network. For coordinators.
#[utoipa::path(get, path = "/api/v1/promises/rings", tag = "promises",
    responses((status = 200, body = Rings), (status = 403)))]
pub async fn found_rings(asker: Asker, State(app): State<App>) -> Result<Json<Rings>, Problem> {
    let (_, network) = asker.coordinator()?;
    let pools = app.pools.clone();
    let found =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(rings::found(r, network, &pools)?)).await?;
    let step = |step: &rings::Step| RingStepOf {
        giver: step.offer.actor.to_string(),
        offer: step.offer.id.to_string(),
        receiver: step.need.actor.to_string(),
        need: step.need.id.to_string(),
    };
    let ring = |ring: rings::Found| RingOf { steps: ring.steps.iter().map(step).collect(), key: ring.key };
    Ok(Json(Rings { rings: found.into_iter().map(ring).collect() }))
}

/// Asks the three of a ring that was found. A second request finds it asked. For coordinators.
#[utoipa::path(post, path = "/api/v1/promises/rings", tag = "promises", request_body = RingProposal,
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn propose_ring(
    asker: Asker,
    State(app): State<App>,
    Json(given): Json<RingProposal>,
) -> Result<StatusCode, Problem> {
    let (actor, network) = asker.coordinator()?;
    let pools = app.pools.clone();
    app.house
        .write(&asker.acting(), move |w| {
            if !rings::may_propose(w, network)? {
                return Err(Problem::forbidden());
            }
            rings::propose(w, network, actor, &given.key, &pools)?;
            Ok(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
