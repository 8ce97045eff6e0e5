pub mod lift;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::introduction::{Limits, List, Through, Worth};
use network::vocabulary::{Benefit, Outcome};
use serde::{Deserialize, Serialize};
use store::Reading;
use store::ids::{ActorId, IntroductionId};
use utoipa::{OpenApi, ToSchema};
use web::paging::parameter;
use web::{Asker, Problem};

use super::actions::{self, Ask, IntroductionError, Offer, Part, Passing, Verdict, Via};
use super::pages;
use super::proposing::{self, Eyes, Sources};
use super::queries::{self, Introduction, Which};
use super::setting;
use crate::App;

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(
        list, show, create, proposals, answer, pass_on, worth, recorded, limits, choose_limits, not_these,
        pair_again, lift::brings
    ),
    components(schemas(
        IntroductionOf,
        Introductions,
        IntroductionAnswer,
        NewIntroductionOf,
        PassingOf,
        WorthOf,
        IntroductionProposal,
        IntroductionProposals,
        IntroductionLimits,
        NotThese,
        NoPair,
        lift::IntroductionsBring,
        lift::BringsOf,
        lift::SideOf
    )),
    tags((name = "introductions"))
)]
pub struct Api;

/// An introduction as you may know of it. Whether the others answered, and what, it never says.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionOf {
    /// `itr_…`
    pub id: String,
    /// `drafted` (somebody in between has not passed it on), `asking`, `connected` or `lapsed`
    pub stage: String,
    /// `asked`, `offered`, `found` or `suggested` (a coordinator asked somebody who knows both to introduce them)
    pub origin: String,
    /// Who introduces, `mem_…`; none where the coordinators do, and none for you, and for the coordinators who suggested
    /// it, until it was passed on.
    pub introducer: Option<String>,
    /// The one of the two who asked for it, `mem_…`.
    pub asker: Option<String>,
    /// `mem_…`
    pub a: String,
    /// `mem_…`
    pub b: String,
    /// The other one, where you are one of the two, `mem_…`.
    pub other: Option<String>,
    /// A kind of benefit.
    pub purpose: String,
    pub reason: String,
    /// What you would gain, where you are one of the two.
    pub gains: String,
    /// What the one who asked wrote.
    pub note: String,
    /// What the one who introduces wrote.
    pub words: String,
    /// What you answered: `yes` or `no`.
    pub answer: Option<String>,
    /// `tie_…`, once both said yes.
    pub tie: Option<String>,
    /// RFC 3339
    pub created_at: String,
    /// RFC 3339
    pub closes_at: String,
}

/// A page of introductions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Introductions {
    pub introductions: Vec<IntroductionOf>,
    /// For `before`, when there are more.
    pub next: Option<String>,
}

/// Yes; anything else is never told from silence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct IntroductionAnswer {
    pub yes: bool,
}

/// A new introduction: with `other` you ask to be introduced; with `a` and `b` you introduce two; with `a` and `b` and
/// without `purpose` you put a pair of the proposals to both.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewIntroductionOf {
    /// `mem_…`
    pub other: Option<String>,
    /// Through whom, one you are tied to, `mem_…`; without it whoever knows both, else the coordinators.
    pub via: Option<String>,
    /// `mem_…`
    pub a: Option<String>,
    /// `mem_…`
    pub b: Option<String>,
    /// A kind of benefit.
    pub purpose: Option<String>,
    /// For a pair of the proposals, `somebody` (coordinators): who knows both is asked to introduce them, and named once
    /// they passed it on. Without it you ask both in your own name.
    pub through: String,
    /// At most 200 letters.
    pub reason: String,
    /// What the other would gain, at most 200 letters.
    pub gains: String,
    /// At most 200 letters.
    pub a_gains: String,
    /// At most 200 letters.
    pub b_gains: String,
    /// Asked for: a note that can be passed on. Offered: words to both. At most 1,000 letters.
    pub note: String,
}

/// Whether you introduce them, as you were asked to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PassingOf {
    pub yes: bool,
    /// At most 1,000 letters.
    #[serde(default)]
    pub words: String,
}

/// Whether it was worth it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WorthOf {
    /// `yes`, `no` or `early`
    pub worth: String,
    /// What came of it: `information`, `help`, `decision`, `promise`, `introduction`, `referral`, `learning` or `nothing`
    #[serde(default)]
    pub outcome: String,
    /// To who introduced you, at most 1,000 letters.
    #[serde(default)]
    pub thanks: String,
    /// Who introduced you may see what came of it, if the other allows it too.
    #[serde(default)]
    pub shared: bool,
}

/// Two who could be introduced, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionProposal {
    /// `mem_…`
    pub a: String,
    /// `mem_…`
    pub b: String,
    /// What for, in sentences.
    pub purposes: Vec<String>,
    /// Why, in the terms of the score.
    pub reasons: Vec<String>,
    /// For coordinators: somebody else knows both and could be asked to introduce them (`through`).
    pub known_by_somebody: bool,
}

/// Two lists, each best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionProposals {
    /// Introductions the network needs.
    pub needed: Vec<IntroductionProposal>,
    /// Who would probably meet anyway.
    pub anyway: Vec<IntroductionProposal>,
    /// A large network is being thought through; ask again in a while.
    pub under_way: bool,
}

/// What you take on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct IntroductionLimits {
    /// Introductions you are asked into, open at once, 0 to 20.
    pub at_once: i64,
    /// In a week, 0 to 20.
    pub a_week: i64,
    /// Which you are asked to make, in thirty days, 0 to 20.
    pub to_make: i64,
}

/// Which introductions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    side: String,
    before: String,
}

const ROWS: i64 = 50;
const SENTENCE: usize = 200;
const NOTE: usize = 1_000;

fn moment(at: store::Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

fn shown(r: &Reading<'_>, me: ActorId, one: &Introduction) -> Result<Option<IntroductionOf>, Problem> {
    let Some(part) = actions::part(r, one, me)? else { return Ok(None) };
    let party = part == Part::Party;
    let known = one.asked_at.is_some() || part == Part::Introducer;
    let answer = if party { queries::own_answer(r, one.id, me)? } else { None };
    Ok(Some(IntroductionOf {
        id: one.id.to_string(),
        stage: one.stage_at(r.now()).word().to_owned(),
        origin: one.origin.word().to_owned(),
        introducer: (known && one.introducer != one.network).then(|| one.introducer.to_string()),
        asker: one.asker.map(|asker| asker.to_string()),
        a: one.a.to_string(),
        b: one.b.to_string(),
        other: party.then(|| one.other(me).to_string()),
        purpose: one.purpose.clone(),
        reason: one.reason.clone(),
        gains: if party { one.gains(me).to_owned() } else { String::new() },
        note: one.note.clone(),
        words: one.words.clone(),
        answer,
        tie: one.tie.filter(|_| party).map(|tie| tie.to_string()),
        created_at: moment(one.created_at),
        closes_at: moment(one.closes_at),
    }))
}

/// Introductions you know of, newest first.
#[utoipa::path(get, path = "/api/v1/introductions", tag = "introductions",
    params(("side" = Option<String>, Query, description = "`for_me` (default; wait for your answer), `mine`, `to_pass_on`, `made`; coordinators also `network`"),
        ("before" = Option<String>, Query, description = "next of the page before")),
    responses((status = 200, body = Introductions), (status = 401), (status = 403)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Introductions>, Problem> {
    let (me, _) = asker.member()?;
    let (which, who) = match wanted.side.as_str() {
        "" | "for_me" => (Which::ForMe, me),
        "mine" => (Which::Mine, me),
        "to_pass_on" => (Which::ToPassOn, me),
        "made" => (Which::Made, me),
        "network" => (Which::OfNetwork, asker.coordinator()?.1),
        _ => return Err(Problem::invalid("side")),
    };
    let before =
        parameter("before", &wanted.before, |id| id.parse::<IntroductionId>().ok())?.map_or(0, |id| id.0);
    let (introductions, next) = app
        .house
        .read(&asker.viewer, move |r| {
            let mut found = queries::list(r, which, who, before, ROWS + 1)?;
            let more = i64::try_from(found.len()).unwrap_or(0) > ROWS;
            found.truncate(usize::try_from(ROWS).unwrap_or(50));
            let next = if more { found.last().map(|one| one.id.to_string()) } else { None };
            let mut introductions = Vec::new();
            for one in &found {
                introductions.extend(shown(r, me, one)?);
            }
            Ok::<_, Problem>((introductions, next))
        })
        .await?;
    Ok(Json(Introductions { introductions, next }))
}

fn whole(r: &Reading<'_>, me: ActorId, id: IntroductionId) -> Result<IntroductionOf, Problem> {
    shown(r, me, &queries::find(r, id)?)?.ok_or_else(Problem::not_found)
}

/// One introduction.
#[utoipa::path(get, path = "/api/v1/introductions/{id}", tag = "introductions", params(("id" = String, Path)),
    responses((status = 200, body = IntroductionOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<IntroductionOf>, Problem> {
    let (me, _) = asker.member()?;
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    Ok(Json(app.house.read(&asker.viewer, move |r| whole(r, me, id)).await?))
}

fn words(field: &str, given: &str, most: usize) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
}

fn member(field: &str, given: &Option<String>) -> Result<Option<ActorId>, Problem> {
    given.as_deref().map(|id| id.parse().map_err(|_| Problem::invalid(field))).transpose()
}

/// What a new introduction is to be.
enum New {
    Ask(Ask),
    Offer(Offer),
    Found(ActorId, ActorId, Through),
}

fn read(new: &NewIntroductionOf) -> Result<New, Problem> {
    let (other, via) = (member("other", &new.other)?, member("via", &new.via)?);
    let (a, b) = (member("a", &new.a)?, member("b", &new.b)?);
    let purpose = match new.purpose.as_deref() {
        Some(word) => Some(Benefit::from_word(word).ok_or_else(|| Problem::invalid("purpose"))?),
        None => None,
    };
    let reason = words("reason", &new.reason, SENTENCE)?;
    let note = words("note", &new.note, NOTE)?;
    let through = match new.through.as_str() {
        "" => Through::Nobody,
        "somebody" => Through::Somebody,
        _ => return Err(Problem::invalid("through")),
    };
    match (other, a, b, purpose) {
        (None, Some(a), Some(b), None) => Ok(New::Found(a, b, through)),
        (_, _, _, Some(_)) if reason.is_empty() => Err(Problem::invalid("reason")),
        (None, Some(a), Some(b), Some(purpose)) => Ok(New::Offer(Offer {
            a,
            b,
            purpose,
            reason,
            a_gains: words("a_gains", &new.a_gains, SENTENCE)?,
            b_gains: words("b_gains", &new.b_gains, SENTENCE)?,
            words: note,
        })),
        (Some(_), None, None, _) if note.is_empty() => Err(Problem::invalid("note")),
        (Some(other), None, None, Some(purpose)) => Ok(New::Ask(Ask {
            other,
            via: via.map_or(Via::Anybody, Via::Member),
            purpose,
            reason,
            other_gains: words("gains", &new.gains, SENTENCE)?,
            note,
        })),
        (Some(_), None, None, None) => Err(Problem::invalid("purpose")),
        _ => Err(Problem::invalid("other")),
    }
}

fn eyes(asker: &Asker, me: ActorId) -> Eyes {
    if asker.coordinates() { Eyes::Coordinator(me) } else { Eyes::Member(me) }
}

/// Asks to be introduced, introduces two, or puts a proposed pair to both. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/introductions", tag = "introductions", request_body = NewIntroductionOf,
    responses((status = 201, body = IntroductionOf), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewIntroductionOf>,
) -> Result<(StatusCode, Json<IntroductionOf>), Problem> {
    let (me, network) = crate::weaver(&asker, &app).await?;
    let mut new = read(&new)?;
    let mut found = None;
    if let New::Found(a, b, _) = new {
        let (sources, eyes, lang) = (Sources::of(&app), eyes(&asker, me), asker.lang);
        let offer = app
            .house
            .read(&asker.viewer, move |r| pages::found_offer(r, &sources, network, eyes, (a, b), lang))
            .await?;
        found = Some(offer.ok_or(IntroductionError::NotNow)?);
    }
    let made = app
        .house
        .write(&asker.acting(), move |w| {
            let id = match (&mut new, &found) {
                (New::Found(_, _, Through::Somebody), Some(found)) => {
                    setting::suggest(w, network, me, found)?
                }
                (_, Some(found)) => actions::put_found(w, network, me, found)?,
                (New::Ask(ask), _) => actions::ask(w, network, me, ask)?,
                (New::Offer(offer), _) => actions::offer(w, network, me, offer)?,
                (New::Found(..), None) => return Err(Problem::not_found()),
            };
            let made = whole(w, me, id)?;
            Ok(w.finished(made)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Who could be introduced, and why: for coordinators everybody, for others whom they would do well to meet and whom they
/// know both of.
#[utoipa::path(get, path = "/api/v1/introductions/proposals", tag = "introductions",
    responses((status = 200, body = IntroductionProposals), (status = 401)))]
pub async fn proposals(asker: Asker, State(app): State<App>) -> Result<Json<IntroductionProposals>, Problem> {
    let (me, network) = asker.member_and_network()?;
    let (sources, eyes, lang) = (Sources::of(&app), eyes(&asker, me), asker.lang);
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            Ok::<_, Problem>(proposing::proposals(r, &sources, network, eyes, lang)?)
        })
        .await?;
    let of = |list: List| {
        let on = found.iter().flatten().filter(|one| one.list == list);
        on.map(|one| IntroductionProposal {
            a: one.a.id.to_string(),
            b: one.b.id.to_string(),
            purposes: one.lines.iter().map(|(sentence, _)| sentence.clone()).collect(),
            reasons: one
                .lines
                .iter()
                .map(|(_, why)| why.clone())
                .filter(|why| !why.is_empty())
                .chain(one.bonds.clone())
                .collect(),
            known_by_somebody: one.by_another,
        })
        .collect()
    };
    Ok(Json(IntroductionProposals {
        needed: of(List::Needed),
        anyway: of(List::Anyway),
        under_way: found.is_none(),
    }))
}

/// Two who are no pair.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NotThese {
    /// `mem_…`
    pub a: String,
    /// `mem_…`
    pub b: String,
}

/// That two are no pair, as you said.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoPair {
    /// `itr_…`, to take it back.
    pub id: String,
}

/// Says of a proposed pair that it is none; for coordinators, and for each of the two. It rests for 180 days as every pair
/// that was asked, and nobody else learns why.
#[utoipa::path(post, path = "/api/v1/introductions/not-these", tag = "introductions", request_body = NotThese,
    responses((status = 201, body = NoPair), (status = 401), (status = 409), (status = 422)))]
pub async fn not_these(
    asker: Asker,
    State(app): State<App>,
    Json(given): Json<NotThese>,
) -> Result<(StatusCode, Json<NoPair>), Problem> {
    let a = given.a.parse().map_err(|_| Problem::invalid("a"))?;
    let b = given.b.parse().map_err(|_| Problem::invalid("b"))?;
    let id = pages::say_no_pair(&asker, &app, (a, b)).await?.ok_or(IntroductionError::NotNow)?;
    Ok((StatusCode::CREATED, Json(NoPair { id: id.to_string() })))
}

/// Takes back that two are no pair.
#[utoipa::path(delete, path = "/api/v1/introductions/not-these/{id}", tag = "introductions",
    params(("id" = String, Path)), responses((status = 204), (status = 401), (status = 404)))]
pub async fn pair_again(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    pages::take_back_no_pair(&asker, &app, id_of(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn id_of(id: &str) -> Result<IntroductionId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Answers for yourself; a yes can be taken back until the other said theirs.
#[utoipa::path(post, path = "/api/v1/introductions/{id}/answer", tag = "introductions",
    params(("id" = String, Path)), request_body = IntroductionAnswer, responses((status = 204), (status = 404)))]
pub async fn answer(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<IntroductionAnswer>,
) -> Result<StatusCode, Problem> {
    let (me, _) = asker.member()?;
    let id = id_of(&id)?;
    let word = if given.yes { "yes" } else { "no" };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, me, word, "api")?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Passes on what you were asked to, or puts it aside, which nobody learns.
#[utoipa::path(post, path = "/api/v1/introductions/{id}/pass-on", tag = "introductions",
    params(("id" = String, Path)), request_body = PassingOf, responses((status = 204), (status = 404), (status = 409)))]
pub async fn pass_on(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<PassingOf>,
) -> Result<StatusCode, Problem> {
    let (me, _) = asker.member()?;
    let id = id_of(&id)?;
    let passing = if given.yes { Passing::On } else { Passing::Aside };
    let words = words("words", &given.words, NOTE)?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::pass_on(w, id, me, passing, &words).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says whether it was worth it; may be said anew.
#[utoipa::path(post, path = "/api/v1/introductions/{id}/worth", tag = "introductions",
    params(("id" = String, Path)), request_body = WorthOf, responses((status = 204), (status = 404), (status = 422)))]
pub async fn worth(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<WorthOf>,
) -> Result<StatusCode, Problem> {
    let (me, _) = asker.member()?;
    let id = id_of(&id)?;
    let outcome = if given.outcome.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::from_word(&given.outcome).ok_or_else(|| Problem::invalid("outcome"))?
    };
    let verdict = Verdict {
        worth: Worth::from_word(&given.worth).ok_or_else(|| Problem::invalid("worth"))?,
        outcome,
        thanks: words("thanks", &given.thanks, NOTE)?,
        shared: given.shared,
    };
    app.house
        .write(&asker.acting(), move |w| {
            actions::say_worth(w, id, me, &verdict)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For coordinators: writes down what somebody said who cannot answer in the program.
#[utoipa::path(post, path = "/api/v1/introductions/{id}/recorded/{member}", tag = "introductions",
    params(("id" = String, Path), ("member" = String, Path, description = "`mem_…`")),
    request_body = IntroductionAnswer, responses((status = 204), (status = 403), (status = 404)))]
pub async fn recorded(
    asker: Asker,
    State(app): State<App>,
    Path((id, member)): Path<(String, String)>,
    Json(given): Json<IntroductionAnswer>,
) -> Result<StatusCode, Problem> {
    let id = id_of(&id)?;
    let member: ActorId = member.parse().map_err(|_| Problem::not_found())?;
    pages::record(&asker, &app, id, member, if given.yes { "yes" } else { "no" }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What you take on.
#[utoipa::path(get, path = "/api/v1/introductions/limits", tag = "introductions",
    responses((status = 200, body = IntroductionLimits), (status = 401)))]
pub async fn limits(asker: Asker, State(app): State<App>) -> Result<Json<IntroductionLimits>, Problem> {
    let (me, _) = asker.member()?;
    let limits = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::limits(r, me)?)).await?;
    let Limits { at_once, a_week, to_make } = limits;
    Ok(Json(IntroductionLimits { at_once, a_week, to_make }))
}

/// Changes what you take on.
#[utoipa::path(put, path = "/api/v1/introductions/limits", tag = "introductions",
    request_body = IntroductionLimits, responses((status = 204), (status = 401), (status = 422)))]
pub async fn choose_limits(
    asker: Asker,
    State(app): State<App>,
    Json(given): Json<IntroductionLimits>,
) -> Result<StatusCode, Problem> {
    let (me, _) = asker.member()?;
    let IntroductionLimits { at_once, a_week, to_make } = given;
    let limits = Limits { at_once, a_week, to_make };
    for (field, number) in [("at_once", at_once), ("a_week", a_week), ("to_make", to_make)] {
        if !(0..=Limits::MOST).contains(&number) {
            return Err(Problem::invalid(field));
        }
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::choose_limits(w, me, limits)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
