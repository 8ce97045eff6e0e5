use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::vocabulary::{Channel, Direction, Outcome};
use serde::{Deserialize, Serialize};
use store::Micros;
use store::ids::{ActorId, ContactId, TieId};
use store::journal::{Act, Entry};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::actions::{self, ContactDraft, ContactOrigin};
use super::super::queries;
use crate::{App, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(create, show, change, take_back, timeline, end),
    components(schemas(NewContactOf, ContactOf, ContactDetail, LineOf, TimelineOf)),
    tags((name = "ties"))
)]
pub struct Api;

/// A contact to be logged: it moves the rhythm of everybody it concerns.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewContactOf {
    /// With whom, `mem_…`; at most eleven.
    pub with: Vec<String>,
    /// Such as `line`, `phone`, `visit`.
    pub channel: String,
    /// `mutual` (you talked), `outbound` (no answer yet), `inbound` (they reached out) or `broadcast`
    #[serde(default)]
    pub direction: Option<String>,
    /// RFC 3339, not in the future; without it now.
    #[serde(default)]
    pub at: Option<String>,
    /// At most 1,000 letters.
    #[serde(default)]
    pub summary: String,
    /// What came of it, such as `help`.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Somebody without an account for whom a coordinator writes it down, `mem_…`; without it, you.
    #[serde(default, rename = "for")]
    pub on_behalf: Option<String>,
}

/// What stands in a contact that you wrote down.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactDetail {
    /// `con_…`
    pub id: String,
    /// Who took part, `mem_…`, the one who began it first.
    pub who: Vec<String>,
    pub channel: String,
    pub direction: String,
    /// RFC 3339
    pub at: String,
    /// Only the day is known.
    pub whole_day: bool,
    pub summary: String,
    pub outcome: String,
}

/// The id of what was logged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactOf {
    /// `con_…`
    pub id: String,
}

/// One thing that happened between two members.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineOf {
    /// RFC 3339
    pub at: String,
    pub what: String,
    pub words: String,
}

/// What happened on a tie, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineOf {
    pub lines: Vec<LineOf>,
}

fn read(new: &NewContactOf, actor: ActorId, network: ActorId, now: Micros) -> Result<ContactDraft, Problem> {
    let mut who = vec![actor];
    for id in &new.with {
        let id: ActorId = id.parse().map_err(|_| Problem::invalid("with"))?;
        if !who.contains(&id) {
            who.push(id);
        }
    }
    if who.len() < 2 || who.len() > network::rhythm::LARGEST_SMALL_EVENT {
        return Err(Problem::invalid("with"));
    }
    let at = match &new.at {
        Some(text) => {
            let at: jiff::Timestamp = text.parse().map_err(|_| Problem::invalid("at"))?;
            Micros(at.as_microsecond())
        }
        None => now,
    };
    if at > now || at.0 < 0 {
        return Err(Problem::invalid("at"));
    }
    let summary = thai::text::normalize(&new.summary).into_owned();
    if summary.chars().count() > 1000 {
        return Err(Problem::invalid("summary"));
    }
    let direction = new.direction.as_deref().map_or(Some(Direction::Mutual), Direction::from_word);
    let outcome = new.outcome.as_deref().map_or(Some(Outcome::Nothing), Outcome::from_word);
    Ok(ContactDraft {
        who,
        network: Some(network),
        at,
        whole_day: false,
        channel: Channel::from_word(&new.channel).ok_or_else(|| Problem::invalid("channel"))?,
        direction: direction.ok_or_else(|| Problem::invalid("direction"))?,
        summary,
        outcome: outcome.ok_or_else(|| Problem::invalid("outcome"))?,
        origin: ContactOrigin::Manual,
    })
}

/// Logs a contact. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/ties/contacts", tag = "ties", request_body = NewContactOf,
    responses((status = 201, body = ContactOf), (status = 404), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewContactOf>,
) -> Result<(StatusCode, Json<ContactOf>), Problem> {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let whose = super::assisted(&asker, &app, new.on_behalf.as_deref()).await?;
    let draft = read(&new, whose.unwrap_or(actor), network, app.house.database().now())?;
    let mut acting = asker.acting();
    acting.on_behalf_of = whose.or(acting.on_behalf_of);
    let id = app
        .house
        .write(&acting, move |w| {
            // whom one may not see one was not in touch with through this network
            if members::names(w, &draft.who)?.len() != draft.who.len() {
                return Err(Problem::not_found());
            }
            let id = actions::log(w, &draft)?;
            let entry = Entry::new(Act::Do, "ties.log", id.0).in_network(network).fields(&["contact"]);
            Ok(w.done(&entry, id)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(ContactOf { id: id.to_string() })))
}

fn contact_id(text: &str) -> Result<ContactId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// A contact that you wrote down.
#[utoipa::path(get, path = "/api/v1/ties/contacts/{id}", tag = "ties", params(("id" = String, Path)),
    responses((status = 200, body = ContactDetail), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ContactDetail>, Problem> {
    asker.member()?;
    let id = contact_id(&id)?;
    let own = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::own_contact(r, id)?)).await?;
    Ok(Json(ContactDetail {
        id: id.to_string(),
        who: own.who.iter().map(ToString::to_string).collect(),
        channel: own.channel,
        direction: own.direction,
        at: jiff::Timestamp::from_microsecond(own.at.0).map_or_else(|_| String::new(), |at| at.to_string()),
        whole_day: own.whole_day,
        summary: own.summary,
        outcome: own.outcome,
    }))
}

/// Says more of a contact that you wrote down, or corrects it. The two it began with stay; `with` names the others.
#[utoipa::path(put, path = "/api/v1/ties/contacts/{id}", tag = "ties", params(("id" = String, Path)),
    request_body = NewContactOf, responses((status = 204), (status = 404), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewContactOf>,
) -> Result<StatusCode, Problem> {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let id = contact_id(&id)?;
    let own = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::own_contact(r, id)?)).await?;
    let began: Vec<ActorId> = own.who.iter().copied().take(2).collect();
    let mut asked = new.clone();
    asked.with.extend(began.iter().map(ToString::to_string));
    let first = began.first().copied().unwrap_or(actor);
    let mut draft = read(&asked, first, network, app.house.database().now())?;
    let others: Vec<ActorId> = draft.who.iter().copied().filter(|one| !began.contains(one)).collect();
    draft.who = began.into_iter().chain(others).collect();
    if new.at.is_none() {
        (draft.at, draft.whole_day) = (own.at, own.whole_day);
    }
    app.house
        .write(&asker.acting(), move |w| {
            let new: Vec<ActorId> = draft.who.iter().copied().filter(|one| !own.who.contains(one)).collect();
            if members::names(w, &new)?.len() != new.len() {
                return Err(Problem::not_found());
            }
            actions::rewrite(w, id, &draft)?;
            Ok(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back a contact you wrote down: it is as if it had not been.
#[utoipa::path(delete, path = "/api/v1/ties/contacts/{id}", tag = "ties", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn take_back(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id: ContactId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::take_back(w, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What happened on a tie: contacts, and whatever else is known between the two.
#[utoipa::path(get, path = "/api/v1/ties/{id}/timeline", tag = "ties", params(("id" = String, Path)),
    responses((status = 200, body = TimelineOf), (status = 404)))]
pub async fn timeline(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TimelineOf>, Problem> {
    asker.member()?;
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let (asked, timelines) = (asker.clone(), app.timelines);
    let mut lines = app
        .house
        .read(&asker.viewer, move |r| {
            let tie = queries::find(r, id)?;
            let mut lines = Vec::new();
            for timeline in timelines {
                lines.extend(timeline(r, &asked, tie.subject, tie.object)?);
            }
            Ok::<_, Problem>(lines)
        })
        .await?;
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let shown = |at: Micros| {
        jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
    };
    let lines =
        lines.into_iter().map(|line| LineOf { at: shown(line.at), what: line.what, words: line.words });
    Ok(Json(TimelineOf { lines: lines.collect() }))
}

/// Ends a tie; it stays as history.
#[utoipa::path(post, path = "/api/v1/ties/{id}/end", tag = "ties", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn end(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (actor, _) = asker.member()?;
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::end(w, id, actor).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
