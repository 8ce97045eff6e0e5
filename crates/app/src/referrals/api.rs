use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::referral::Step;
use serde::{Deserialize, Serialize};
use store::Reading;
use store::ids::ActorId;
use utoipa::{OpenApi, ToSchema};
use web::paging::parameter;
use web::{Asker, Problem};

use super::ReferralId;
use super::actions::{self, DAYS_TO_ACT, Draft, Subject};
use super::queries::{self, Referral, Which};
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show, create, step, feedback),
    components(schemas(ReferralOf, Referrals, NewReferralOf, StepOf, FeedbackOf, StepLine)),
    tags((name = "referrals"))
)]
pub struct Api;

/// A need, a question or a person passed to a member who can act.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralOf {
    /// `ref_…`
    pub id: String,
    /// `mem_…`
    pub sender: String,
    /// Whom it is with now, `mem_…`.
    pub receiver: String,
    /// `need`, `person` or `question`
    pub subject: String,
    /// `int_…`
    pub need: Option<String>,
    /// `mem_…`
    pub person: Option<String>,
    pub title: String,
    pub reason: String,
    pub urgent: bool,
    /// `draft`, `requested`, `received`, `accepted`, `in_progress`, `completed`, `rejected` or `cancelled`
    pub state: String,
    /// RFC 3339 full-date
    pub due_on: String,
    pub overdue: bool,
    /// `helped`, `partly` or `not`
    pub feedback: Option<String>,
    /// RFC 3339
    pub created_at: String,
    /// RFC 3339
    pub updated_at: String,
    /// Oldest first; on the referral itself only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<StepLine>,
}

/// A line of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepLine {
    /// RFC 3339
    pub at: String,
    /// `mem_…`
    pub by: String,
    pub step: String,
    /// Whom it went to, `mem_…`.
    pub to: Option<String>,
    pub words: String,
}

fn moment(at: store::Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

impl From<Referral> for ReferralOf {
    fn from(one: Referral) -> Self {
        let due = store::Micros(one.due_on * store::Micros::DAY).plus(5 * store::Micros::HOUR);
        Self {
            id: one.id.to_string(),
            sender: one.sender.to_string(),
            receiver: one.receiver.to_string(),
            subject: one.subject,
            need: one.intent.map(|id| id.to_string()),
            person: one.person.map(|id| id.to_string()),
            title: one.title,
            reason: one.reason,
            urgent: one.urgent,
            overdue: one.overdue_at.is_some() && one.state.waits(),
            state: one.state.word().to_owned(),
            due_on: crate::dates::day(due).to_string(),
            feedback: one.feedback,
            created_at: moment(one.created_at),
            updated_at: moment(one.updated_at),
            trail: Vec::new(),
        }
    }
}

/// A page of referrals.
#[derive(Debug, Serialize, ToSchema)]
pub struct Referrals {
    pub referrals: Vec<ReferralOf>,
    /// For `before`, when there are more.
    pub next: Option<String>,
}

/// A referral to be sent; of `need` and `person` at most one, neither for a question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewReferralOf {
    /// `mem_…`
    pub to: String,
    /// `int_…`
    #[serde(default)]
    pub need: Option<String>,
    /// `mem_…`
    #[serde(default)]
    pub person: Option<String>,
    /// At most 200 letters.
    pub title: String,
    /// At most 1,000 letters.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub urgent: bool,
    /// 1 to 90; 14 where it is left out.
    #[serde(default)]
    pub days: Option<i64>,
    /// How a person without an account agreed: `spoken` or `paper`.
    #[serde(default)]
    pub agreed: Option<String>,
}

/// A step you take.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct StepOf {
    /// `consent`, `refuse`, `accept`, `decline`, `pass_on`, `begin`, `complete` or `cancel`
    pub step: String,
    /// Whom it is passed on to, `mem_…`.
    #[serde(default)]
    pub to: Option<String>,
    /// At most 1,000 letters.
    #[serde(default)]
    pub words: String,
}

/// Whether it helped.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct FeedbackOf {
    /// `helped`, `partly` or `not`
    pub helped: String,
    /// At most 1,000 letters.
    #[serde(default)]
    pub words: String,
}

/// Which referrals.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    side: String,
    before: String,
}

const ROWS: i64 = 50;

/// Your referrals, newest first.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referrals",
    params(("side" = Option<String>, Query, description = "`to_me` (default), `from_me`, `about_me`; coordinators also `overdue`"),
        ("before" = Option<String>, Query, description = "next of the page before")),
    responses((status = 200, body = Referrals), (status = 401), (status = 403)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Referrals>, Problem> {
    let (actor, _) = asker.member()?;
    let (which, who) = match wanted.side.as_str() {
        "" | "to_me" => (Which::ToMe, actor),
        "from_me" => (Which::FromMe, actor),
        "about_me" => (Which::AboutMe, actor),
        "overdue" => (Which::Overdue, asker.coordinator()?.1),
        _ => return Err(Problem::invalid("side")),
    };
    let before =
        parameter("before", &wanted.before, |id| id.parse::<ReferralId>().ok())?.map_or(0, |id| id.0);
    let mut found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, which, who, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(found.len()).unwrap_or(0) > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(50));
    let next = if more { found.last().map(|one| one.id.to_string()) } else { None };
    Ok(Json(Referrals { referrals: found.into_iter().map(ReferralOf::from).collect(), next }))
}

fn whole(r: &Reading<'_>, id: ReferralId) -> Result<ReferralOf, Problem> {
    let mut one = ReferralOf::from(queries::find(r, id)?);
    one.trail = queries::trail(r, id)?
        .into_iter()
        .map(|line| StepLine {
            at: moment(line.at),
            by: line.by.to_string(),
            step: line.step,
            to: line.to.map(|to| to.to_string()),
            words: line.words,
        })
        .collect();
    Ok(one)
}

/// One referral with its trail.
#[utoipa::path(get, path = "/api/v1/referrals/{id}", tag = "referrals", params(("id" = String, Path)),
    responses((status = 200, body = ReferralOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ReferralOf>, Problem> {
    asker.member()?;
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    Ok(Json(app.house.read(&asker.viewer, move |r| whole(r, id)).await?))
}

fn words(field: &str, given: &str, most: usize) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
}

/// Sends a referral. Once for an `Idempotency-Key`. One that speaks of a person with an account waits for their yes.
#[utoipa::path(post, path = "/api/v1/referrals", tag = "referrals", request_body = NewReferralOf,
    responses((status = 201, body = ReferralOf), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewReferralOf>,
) -> Result<(StatusCode, Json<ReferralOf>), Problem> {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let subject = match (&new.need, &new.person) {
        (None, None) => Subject::Question,
        (Some(need), None) => Subject::Need(need.parse().map_err(|_| Problem::not_found())?),
        (None, Some(person)) => Subject::Person(person.parse().map_err(|_| Problem::not_found())?),
        (Some(_), Some(_)) => return Err(Problem::invalid("person")),
    };
    let days = new.days.unwrap_or(DAYS_TO_ACT);
    if !(1..=90).contains(&days) {
        return Err(Problem::invalid("days"));
    }
    let agreed = match new.agreed.as_deref() {
        None => None,
        Some("spoken") => Some("spoken"),
        Some("paper") => Some("paper"),
        Some(_) => return Err(Problem::invalid("agreed")),
    };
    let draft = Draft {
        subject,
        to: new.to.parse().map_err(|_| Problem::not_found())?,
        title: words("title", &new.title, 200)?,
        reason: words("reason", &new.reason, 1000)?,
        urgent: new.urgent,
        due_on: app.house.database().now().day(7) + days,
        agreed,
    };
    if draft.title.is_empty() {
        return Err(Problem::invalid("title"));
    }
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::refer(w, network, actor, &draft)?;
            let made = whole(w, id)?;
            Ok::<_, Problem>(w.finished(made)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes a step. Reading a referral by the API does not count as opening it; `accept` does.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/step", tag = "referrals", params(("id" = String, Path)),
    request_body = StepOf, responses((status = 200, body = ReferralOf), (status = 404), (status = 409), (status = 422)))]
pub async fn step(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<StepOf>,
) -> Result<Json<ReferralOf>, Problem> {
    let (actor, _) = asker.member()?;
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let step = Step::from_word(&given.step).ok_or_else(|| Problem::invalid("step"))?;
    let said = words("words", &given.words, 1000)?;
    let to = match &given.to {
        Some(to) => Some(to.parse::<ActorId>().map_err(|_| Problem::invalid("to"))?),
        None if step == Step::PassOn => return Err(Problem::invalid("to")),
        None => None,
    };
    let after = app
        .house
        .write(&asker.acting(), move |w| {
            actions::step(w, id, actor, step, to, &said)?;
            let after = whole(w, id)?;
            Ok::<_, Problem>(w.finished(after)?)
        })
        .await?;
    Ok(Json(after))
}

/// Says whether it helped.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/feedback", tag = "referrals", params(("id" = String, Path)),
    request_body = FeedbackOf, responses((status = 204), (status = 404), (status = 409), (status = 422)))]
pub async fn feedback(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<FeedbackOf>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let word = match given.helped.as_str() {
        "helped" => "helped",
        "partly" => "partly",
        "not" => "not",
        _ => return Err(Problem::invalid("helped")),
    };
    let said = words("words", &given.words, 1000)?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::give_feedback(w, id, actor, word, &said)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
