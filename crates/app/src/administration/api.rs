//! What waits for a coordinator, for programs: people who ask to join, what members reported, consents written down for
//! somebody, roles.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::rights::Action;
use network::vocabulary::{Consent, MembershipState, Role};
use serde::{Deserialize, Serialize};
use store::ids::{ActorId, ConcernId};
use store::{Reading, Writing};
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::{actions, queries};
use crate::{App, Texts, allowed, members};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(applications, decide, concerns, settle, role, remove, consent, joining, set_joining, letters, decide_letter),
    components(schemas(ApplicationOf, Applications, Decision, ConcernOf, Concerns, Settled, RoleOf, RecordedConsent,
        JoiningOf, LetterOf, Letters, LetterDecision)),
    tags((name = "administration"))
)]
pub struct Api;

fn stamp(at: store::Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

fn member_of(id: &str) -> Result<ActorId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

async fn read<T: Send + 'static>(
    asker: &Asker,
    app: &App,
    action: Action,
    work: impl Fn(&Reading<'_>, ActorId) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, Problem> {
    let (_, network) = asker.member_and_network()?;
    app.house
        .read(&asker.viewer, move |r| {
            allowed(r, network, action)?;
            Ok::<_, Problem>(work(r, network)?)
        })
        .await
}

async fn write(
    asker: &Asker,
    app: &App,
    action: Action,
    work: impl Fn(&mut Writing<'_>, ActorId) -> Result<(), Problem> + Send + 'static,
) -> Result<StatusCode, Problem> {
    let (_, network) = asker.member_and_network()?;
    app.house
        .write(&asker.acting(), move |w| {
            allowed(w, network, action)?;
            work(w, network)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who asks to join.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationOf {
    /// `mem_…`
    pub person: String,
    pub name: String,
    pub nickname: String,
    /// What they wrote.
    pub words: String,
    /// RFC 3339
    pub at: String,
    /// What they ask to be part of: the network, or a group or organization in it, `mem_…`.
    pub whole: String,
}

/// Who asks to join, the longest waiting first, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Applications {
    pub applications: Vec<ApplicationOf>,
}

/// Who asks to join the network that is shown.
#[utoipa::path(get, path = "/api/v1/administration/applications", tag = "administration",
    responses((status = 200, body = Applications), (status = 401), (status = 403)))]
pub async fn applications(asker: Asker, State(app): State<App>) -> Result<Json<Applications>, Problem> {
    let found = read(&asker, &app, Action::ManageMembers, queries::applications).await?;
    let one = |application: queries::Application| ApplicationOf {
        person: application.person.to_string(),
        name: application.name,
        nickname: application.nickname,
        words: application.words,
        at: stamp(application.at),
        whole: application.whole.to_string(),
    };
    Ok(Json(Applications { applications: found.into_iter().map(one).collect() }))
}

/// In, or not.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Decision {
    pub accept: bool,
    /// The group or organization they ask to belong to; without it, the network.
    #[serde(default)]
    pub whole: Option<String>,
}

/// Lets somebody in who asked, or does not; a no is not told.
#[utoipa::path(post, path = "/api/v1/administration/applications/{person}", tag = "administration",
    params(("person" = String, Path)), request_body = Decision,
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn decide(
    asker: Asker,
    State(app): State<App>,
    Path(person): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let person = member_of(&person)?;
    let whole = decision.whole.as_deref().map(member_of).transpose()?;
    write(&asker, &app, Action::ManageMembers, move |w, network| {
        if let Some(whole) = whole.filter(|whole| *whole != network) {
            let state = if decision.accept { MembershipState::Member } else { MembershipState::Removed };
            actions::answer_belonging(w, network, whole, person, state)?;
        } else if decision.accept {
            actions::accept(w, network, person)?;
        } else {
            actions::decline(w, network, person)?;
        }
        Ok(())
    })
    .await
}

/// Something a member reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernOf {
    /// `ccn_…`
    pub id: String,
    /// What it is about, by name.
    pub about: Option<String>,
    /// Who brought it, by name.
    pub by: String,
    pub words: String,
    /// `open` or `settled`
    pub state: String,
    pub answer: String,
    /// RFC 3339
    pub at: String,
}

/// What members reported, open ones first, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concerns {
    pub concerns: Vec<ConcernOf>,
}

/// What members of the network reported.
#[utoipa::path(get, path = "/api/v1/administration/concerns", tag = "administration",
    responses((status = 200, body = Concerns), (status = 401), (status = 403)))]
pub async fn concerns(asker: Asker, State(app): State<App>) -> Result<Json<Concerns>, Problem> {
    let found = read(&asker, &app, Action::SettleConcerns, queries::concerns).await?;
    let one = |concern: queries::Concern| ConcernOf {
        id: concern.id.to_string(),
        about: concern.title,
        by: concern.by,
        words: concern.words,
        state: concern.state,
        answer: concern.answer,
        at: stamp(concern.at),
    };
    Ok(Json(Concerns { concerns: found.into_iter().map(one).collect() }))
}

/// A word to the one who reported it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Settled {
    /// At most 1,000 letters.
    pub answer: String,
}

/// Settles what a member reported.
#[utoipa::path(post, path = "/api/v1/administration/concerns/{id}/settle", tag = "administration",
    params(("id" = String, Path)), request_body = Settled,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn settle(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(settled): Json<Settled>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id: ConcernId = id.parse().map_err(|_| Problem::not_found())?;
    let answer = thai::text::normalize(&settled.answer).into_owned();
    if answer.chars().count() > 1000 {
        return Err(Problem::invalid("answer"));
    }
    write(&asker, &app, Action::SettleConcerns, move |w, network| {
        Ok(actions::settle(w, network, id, &answer)?)
    })
    .await
}

/// A role in the network.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RoleOf {
    /// `member`, `coordinator`, `supporter`, `observer` or `steward`
    pub role: String,
}

/// Gives a member of the network another role.
#[utoipa::path(put, path = "/api/v1/administration/members/{id}/role", tag = "administration",
    params(("id" = String, Path)), request_body = RoleOf,
    responses((status = 204), (status = 401), (status = 403), (status = 404),
    (status = 409, description = "the only coordinator"), (status = 422)))]
pub async fn role(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<RoleOf>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id = member_of(&id)?;
    let role = Role::from_word(&given.role).ok_or_else(|| Problem::invalid("role"))?;
    write(&asker, &app, Action::ManageMembers, move |w, network| {
        Ok(actions::change_role(w, network, id, role)?)
    })
    .await
}

/// Takes a member out of the network.
#[utoipa::path(delete, path = "/api/v1/administration/members/{id}", tag = "administration",
    params(("id" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404),
    (status = 409, description = "the only coordinator")))]
pub async fn remove(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id = member_of(&id)?;
    write(&asker, &app, Action::ManageMembers, move |w, network| Ok(actions::remove(w, network, id)?)).await
}

/// What somebody without an account said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RecordedConsent {
    pub given: bool,
    /// How they said it: `paper`, `phone` or `told_coordinator`.
    pub manner: String,
}

/// Puts on record what somebody without an account said of being shown and contacted. Who has an account answers for
/// themselves.
#[utoipa::path(post, path = "/api/v1/administration/members/{id}/consent", tag = "administration",
    params(("id" = String, Path)), request_body = RecordedConsent,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn consent(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(said): Json<RecordedConsent>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let id = member_of(&id)?;
    let manner = ["paper", "phone", "told_coordinator"]
        .into_iter()
        .find(|manner| *manner == said.manner)
        .ok_or_else(|| Problem::invalid("manner"))?;
    let state = if said.given { Consent::Given } else { Consent::Refused };
    let wording = Texts(asker.lang).joining_consent_purpose("");
    write(&asker, &app, Action::EnterMembers, move |w, network| {
        if !queries::is_unclaimed(w, network, id)? {
            return Err(Problem::not_found());
        }
        members::record_consent(w, id, state, manner, &wording)?;
        Ok(())
    })
    .await
}

/// How people come into a network.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct JoiningOf {
    /// `ask` (by asking, too) or `invitation` (by invitation alone)
    pub joining: String,
}

/// How people come into the network that is shown.
#[utoipa::path(get, path = "/api/v1/administration/joining", tag = "administration",
    responses((status = 200, body = JoiningOf), (status = 401), (status = 403)))]
pub async fn joining(asker: Asker, State(app): State<App>) -> Result<Json<JoiningOf>, Problem> {
    let joining = read(&asker, &app, Action::ManageMembers, queries::joining).await?;
    Ok(Json(JoiningOf { joining }))
}

/// Changes how people come into the network that is shown.
#[utoipa::path(put, path = "/api/v1/administration/joining", tag = "administration", request_body = JoiningOf,
    responses((status = 204), (status = 401), (status = 403), (status = 422)))]
pub async fn set_joining(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<JoiningOf>,
) -> Result<StatusCode, Problem> {
    asker.member()?;
    let how = actions::joining_word(&new.joining).ok_or_else(|| Problem::invalid("joining"))?;
    write(&asker, &app, Action::ManageMembers, move |w, network| {
        Ok(actions::change_joining(w, network, how)?)
    })
    .await
}

/// A letter of which nobody knows whether it arrived, or that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterOf {
    /// `dlv_…`
    pub id: String,
    /// `email` or another way.
    pub channel: String,
    /// To which address, as long as it is kept.
    pub address: Option<String>,
    /// `perhaps`, `failed` or `refused`
    pub state: String,
    /// What the other server answered.
    pub detail: String,
    /// Whether its words are still there to be sent again.
    pub kept: bool,
    /// RFC 3339
    pub at: String,
}

impl From<post::DeliveryRow> for LetterOf {
    fn from(row: post::DeliveryRow) -> Self {
        Self {
            id: row.id.to_string(),
            channel: row.channel,
            address: row.address,
            state: row.state,
            detail: row.detail,
            kept: row.kept,
            at: stamp(row.at),
        }
    }
}

/// Letters that wait for a person, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Letters {
    pub letters: Vec<LetterOf>,
}

/// Letters that wait for a person. For those who run the instance.
#[utoipa::path(get, path = "/api/v1/administration/letters", tag = "administration",
    responses((status = 200, body = Letters), (status = 401), (status = 403)))]
pub async fn letters(asker: Asker, State(app): State<App>) -> Result<Json<Letters>, Problem> {
    super::pages::operator(&asker)?;
    let rows = app.house.read(&asker.viewer, |r| Ok::<_, Problem>(post::waiting(r, 100)?)).await?;
    Ok(Json(Letters { letters: rows.into_iter().map(LetterOf::from).collect() }))
}

/// What to do with a letter that waits.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct LetterDecision {
    /// `again` or `close`
    pub decision: String,
}

/// Sends a letter once more, or leaves it at that. For those who run the instance.
#[utoipa::path(post, path = "/api/v1/administration/letters/{id}/decide", tag = "administration",
    params(("id" = String, Path)), request_body = LetterDecision,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn decide_letter(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<LetterDecision>,
) -> Result<StatusCode, Problem> {
    super::pages::operator(&asker)?;
    let id: post::DeliveryId = id.parse().map_err(|_| Problem::not_found())?;
    let decision = match given.decision.as_str() {
        "again" => post::Decision::SendAgain,
        "close" => post::Decision::Close,
        _ => return Err(Problem::invalid("decision")),
    };
    app.house
        .write(&asker.acting(), move |w| {
            post::decide(w, id, decision)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
