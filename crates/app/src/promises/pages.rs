use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::promise::{Act, Due, Record, Side};
use network::vocabulary::PromiseState;
use serde::Deserialize;
use store::ids::{ActorId, IntentId};
use store::{Micros, Reading};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::actions::{self, Draft, PromiseError};
use super::queries::{self, Promise, RingSide};
use super::rings::{self, Found};
use super::{PromiseId, RingId};
use crate::giving::ReplyId;
use crate::members::{self, Named};
use crate::{App, Texts, dates};

impl From<PromiseError> for Problem {
    fn from(error: PromiseError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            PromiseError::Oneself => conflict("oneself", Texts::promises_oneself),
            PromiseError::Unreachable => conflict("unreachable", Texts::ties_unreachable),
            PromiseError::Past => conflict("past", Texts::promises_past),
            PromiseError::DayOver => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", |lang| {
                Texts(lang).promises_day_problem().to_owned()
            })
            .in_field("due"),
            PromiseError::Store(error) => error.into(),
        }
    }
}

/// The word for where a promise stands.
#[must_use]
pub fn state_label(t: Texts, state: PromiseState) -> &'static str {
    match state {
        PromiseState::Proposed => t.promises_state_proposed(),
        PromiseState::Accepted => t.promises_state_accepted(),
        PromiseState::Kept => t.promises_state_kept(),
        PromiseState::Late => t.promises_state_late(),
        PromiseState::Broken => t.promises_state_broken(),
        PromiseState::Released => t.promises_state_released(),
        PromiseState::Lapsed => t.promises_state_lapsed(),
    }
}

/// The color of that word; the word itself says the same.
const fn state_class(state: PromiseState) -> &'static str {
    match state {
        PromiseState::Proposed => "tag watch",
        PromiseState::Kept | PromiseState::Late => "tag give",
        PromiseState::Broken => "tag warn",
        PromiseState::Accepted | PromiseState::Released | PromiseState::Lapsed => "tag",
    }
}

/// A day on screen.
fn day(day: impl std::borrow::Borrow<i64>, lang: Lang) -> String {
    dates::short(Micros(day.borrow() * Micros::DAY), lang)
}

/// By when, and how that stands to today.
fn due_line(t: Texts, lang: Lang, promise: &Promise, today: i64) -> String {
    let Some(due) = promise.due_on else { return t.promises_no_day().to_owned() };
    let by = t.promises_by(day(due, lang));
    if promise.state != PromiseState::Accepted {
        return by;
    }
    match network::promise::due(due, today) {
        Some(Due::Today) => format!("{by} · {}", t.promises_due_today()),
        Some(Due::Soon(days)) => format!("{by} · {}", t.promises_due_soon(days)),
        Some(Due::Over(days)) => format!("{by} · {}", t.promises_due_over(days)),
        None => by,
    }
}

#[derive(Template)]
#[template(path = "promises/mine.html")]
struct Mine<'a> {
    t: Texts,
    lang: Lang,
    me: ActorId,
    today: i64,
    waiting: &'a [Promise],
    to_keep: &'a [Promise],
    to_get: &'a [Promise],
    past: &'a [Promise],
    next: Option<PromiseId>,
    record: Record,
    rings: &'a [Vec<RingSide>],
    coordinates: bool,
}

/// What `/promises?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

/// Settled ones shown at once.
const ROWS: i64 = 20;

/// `GET /promises`: what I promised, what was promised to me, and for my eyes alone how I kept it.
pub async fn mine(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (me, _) = asker.member()?;
    let before = wanted.before.parse::<PromiseId>().map_or(0, |id| id.0);
    let (waiting, open, mut past, record, rings) = app
        .house
        .read(&asker.viewer, move |r| {
            let mut rings = Vec::new();
            for id in queries::rings_asked_of(r, me)? {
                rings.push(queries::ring_sides(r, id)?);
            }
            Ok::<_, Problem>((
                queries::waiting_for(r, me)?,
                queries::open_of(r, me)?,
                queries::of_member(r, me, before, ROWS + 1)?,
                queries::record_of(r, me)?,
                rings,
            ))
        })
        .await?;
    let more = i64::try_from(past.len()).unwrap_or(0) > ROWS;
    past.truncate(usize::try_from(ROWS).unwrap_or(20));
    let asked: Vec<PromiseId> = waiting.iter().map(|promise| promise.id).collect();
    let (to_keep, to_get): (Vec<Promise>, Vec<Promise>) =
        open.into_iter().filter(|p| !asked.contains(&p.id)).partition(|promise| promise.provider == me);
    let t = Texts(asker.lang);
    Page::new(&asker, t.promises_title()).at(Place::Giving).with(&Mine {
        t,
        lang: asker.lang,
        me,
        today: app.house.database().now().day(7),
        waiting: &waiting,
        to_keep: &to_keep,
        to_get: &to_get,
        next: if more { past.last().map(|promise| promise.id) } else { None },
        past: &past,
        record,
        rings: &rings,
        coordinates: asker.coordinates(),
    })
}

/// Whom a form begins with, and which way.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct With {
    with: String,
    what: String,
}

#[derive(Template)]
#[template(path = "promises/new.html")]
struct New<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    name: &'a str,
    ways: Vec<(&'static str, &'static str)>,
}

async fn named(asker: &Asker, app: &App, id: &str) -> Result<Named, Problem> {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .read(&asker.viewer, move |r| members::names(r, &[id])?.pop().ok_or_else(Problem::not_found))
        .await
}

fn show_new(asker: &Asker, form: &Form, name: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.promises_new_title(name)).at(Place::Giving).with(&New {
        t,
        w: asker.texts(),
        form,
        name,
        ways: vec![("mine", t.promises_way_mine()), ("theirs", t.promises_way_theirs())],
    })
}

/// `GET /promises/new?with=`
pub async fn new_form(asker: Asker, State(app): State<App>, Query(with): Query<With>) -> Answer {
    asker.member()?;
    let other = named(&asker, &app, &with.with).await?;
    let mut fields = Fields::default();
    fields.set("with", with.with);
    fields.set("what", with.what);
    fields.set("way", "mine");
    show_new(&asker, &Form::new(asker.texts(), fields), other.called())
}

/// A day from a form: empty is none, anything that is no day is complained about.
fn read_day(form: &mut Form, name: &str, t: Texts) -> Option<i64> {
    if form.value(name).trim().is_empty() {
        return None;
    }
    let read = dates::read(form.value(name)).map(|at| at.day(7));
    if read.is_none() {
        form.complain(name, t.promises_day_problem());
    }
    read
}

/// `POST /promises/new`
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let other = named(&asker, &app, form.value("with")).await?;
    let what = form.required("what", 300);
    let due_on = read_day(&mut form, "due", t);
    if due_on.is_some_and(|day| day < app.house.database().now().day(7)) {
        form.complain("due", t.promises_day_problem());
    }
    if form.has_problems() {
        return show_new(&asker, &form, other.called());
    }
    let (provider, receiver) = if form.value("way") == "theirs" { (other.id, me) } else { (me, other.id) };
    let draft = Draft { network, provider, receiver, what, due_on, intent: None };
    let id =
        crate::once(&app.house, &asker, &form, move |w| actions::propose(w, &draft).map(|id| id.to_string()))
            .await?;
    Ok(see_other(&format!("/promises/{id}")))
}

/// What was just done, for the sentence on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Flash {
    done: String,
}

#[derive(Template)]
#[template(path = "promises/show.html")]
struct Show<'a> {
    t: Texts,
    w: web::Texts,
    lang: Lang,
    form: &'a Form,
    p: &'a Promise,
    side: Option<Side>,
    spoken_for: Option<&'a str>,
    today: i64,
    asked: bool,
    over: bool,
}

/// `GET /promises/{id}`
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(flash): Query<Flash>,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let (promise, side) = read(&asker, &app, id).await?;
    let form = Form::new(asker.texts(), Fields::default());
    show_page(&asker, &app, &promise, (actor, side), &form, &flash.done)
}

async fn read(asker: &Asker, app: &App, id: PromiseId) -> Result<(Promise, Option<Side>), Problem> {
    app.house
        .read(&asker.viewer, move |r| {
            let promise = queries::find(r, id)?;
            let side = actions::side_of(r, promise.provider, promise.receiver)?;
            Ok::<_, Problem>((promise, side))
        })
        .await
}

fn stands(promise: &Promise, side: Option<Side>, actor: ActorId) -> ActorId {
    match side {
        Some(Side::Provider) => promise.provider,
        Some(Side::Receiver) => promise.receiver,
        None => actor,
    }
}

fn show_page(
    asker: &Asker,
    app: &App,
    promise: &Promise,
    (actor, side): (ActorId, Option<Side>),
    form: &Form,
    done: &str,
) -> Answer {
    let t = Texts(asker.lang);
    let me = stands(promise, side, actor);
    let name = if me == promise.provider { &promise.provider_name } else { &promise.receiver_name };
    let today = app.house.database().now().day(7);
    let page = Page::new(asker, promise.what.as_str()).at(Place::Giving);
    let page = match done {
        "made" => page.done(t.promises_done_made(), None),
        "accept" => page.done(t.promises_done_accepted(), None),
        "release" | "break" => page.done(t.promises_done_released(), None),
        "day" => page.done(t.promises_done_day(), None),
        _ => page,
    };
    page.with(&Show {
        t,
        w: asker.texts(),
        lang: asker.lang,
        form,
        p: promise,
        side,
        spoken_for: name.as_deref().filter(|_| side.is_some() && me != actor),
        today,
        asked: promise.state == PromiseState::Proposed && side.is_some() && me != promise.proposed_by,
        over: promise.due_on.is_some_and(|due| due < today),
    })
}

fn act_of(word: &str) -> Result<Act, Problem> {
    match word {
        "accept" => Ok(Act::Accept),
        "release" => Ok(Act::Release),
        "break" => Ok(Act::Break),
        _ => Err(Problem::not_found()),
    }
}

/// `POST /promises/{id}/{act}`: accept, release (take back, let go, not convenient), break (it did not come).
pub async fn act(
    asker: Asker,
    State(app): State<App>,
    Path((id, word)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let act = act_of(&word)?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", 300);
    let (promise, side) = read(&asker, &app, id).await?;
    if form.has_problems() {
        return show_page(&asker, &app, &promise, (actor, side), &form, "");
    }
    let me = stands(&promise, side, actor);
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::act(w, id, act, &words).map(|()| id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/promises/{id}?done={word}")))
}

/// `POST /promises/{id}/day`: the receiver moves the day, the provider asks for another.
pub async fn another_day(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let (promise, side) = read(&asker, &app, id).await?;
    let today = app.house.database().now().day(7);
    let wanted = read_day(&mut form, "due", t).filter(|day| *day >= today);
    let Some(wanted) = wanted else {
        form.complain("due", t.promises_day_problem());
        return show_page(&asker, &app, &promise, (actor, side), &form, "");
    };
    let me = stands(&promise, side, actor);
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::another_day(w, id, wanted).map(|()| id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/promises/{id}?done=day")))
}

/// `POST /promises/reply/{id}`: "yes please, by …" to a reply on an offer or need.
pub async fn reply(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    asker.member()?;
    let reply: ReplyId = id.parse().map_err(|_| Problem::not_found())?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let due_on = read_day(&mut form, "due", t);
    if form.has_problems() {
        return Err(PromiseError::DayOver.into());
    }
    let id = crate::once(&app.house, &asker, &form, move |w| {
        actions::agree(w, reply, due_on).map(|id| id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/promises/{id}?done=made")))
}

#[derive(Template)]
#[template(path = "promises/rings.html")]
struct Rings<'a> {
    t: Texts,
    form: &'a Form,
    found: &'a [Found],
    asked: Vec<(Vec<RingSide>, bool, String)>,
}

/// `GET /promises/rings`: who could give in a circle, for a coordinator to ask them.
pub async fn rings(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.coordinator()?;
    let pools = app.pools.clone();
    let (found, asked) = app
        .house
        .read(&asker.viewer, move |r| {
            let mut asked = Vec::new();
            for (id, state, lapses_at) in queries::rings_of(r, network)? {
                asked.push((queries::ring_sides(r, id)?, state, lapses_at));
            }
            Ok::<_, Problem>((rings::found(r, network, &pools)?, asked))
        })
        .await?;
    let t = Texts(asker.lang);
    let asked = asked
        .into_iter()
        .map(|(sides, state, lapses_at)| {
            let line = match state.as_str() {
                "asked" => t.promises_ring_waits(dates::short(lapses_at, asker.lang)),
                "made" => t.promises_ring_made().to_owned(),
                _ => t.promises_ring_lapsed().to_owned(),
            };
            (sides, state == "made", line)
        })
        .collect();
    let form = Form::new(asker.texts(), Fields::default());
    Page::new(&asker, t.promises_rings_title()).at(Place::Giving).with(&Rings {
        t,
        form: &form,
        found: &found,
        asked,
    })
}

/// `POST /promises/rings`: asks the three.
pub async fn propose_ring(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = asker.coordinator()?;
    let pools = app.pools.clone();
    let key = fields.text("key").to_owned();
    let form = Form::new(asker.texts(), fields);
    crate::once(&app.house, &asker, &form, move |w| {
        if !rings::may_propose(w, network)? {
            return Err(Problem::forbidden());
        }
        rings::propose(w, network, actor, &key, &pools)?;
        Ok::<_, Problem>(String::new())
    })
    .await?;
    Ok(see_other("/promises/rings"))
}

/// `POST /promises/rings/{id}/answer`
pub async fn answer_ring(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id: RingId = id.parse().map_err(|_| Problem::not_found())?;
    let answer = if fields.text("answer") == "yes" { rings::Answer::Yes } else { rings::Answer::NotNow };
    let form = Form::new(asker.texts(), fields);
    crate::once(&app.house, &asker, &form, move |w| {
        rings::answer(w, id, actor, answer).map(|()| String::new())
    })
    .await?;
    Ok(see_other("/promises"))
}

#[derive(Template)]
#[template(path = "promises/panel.html")]
struct Panel<'a> {
    t: Texts,
    lang: Lang,
    today: i64,
    me: ActorId,
    open: &'a [Promise],
    member: ActorId,
    own: bool,
}

/// What stands on a member's page: what is open between the two of us, and the way to promise something.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<String, Problem> {
    let Some(me) = asker.actor() else { return Ok(String::new()) };
    let kind: Option<String> = members::names(r, &[member])?.pop().map(|named| named.kind);
    if kind.as_deref() == Some("network") {
        return Ok(String::new());
    }
    let own = me == member;
    let open = if own { Vec::new() } else { queries::open_between(r, me, member)? };
    let panel =
        Panel { t: Texts(asker.lang), lang: asker.lang, today: r.now().day(7), me, open: &open, member, own };
    Ok(panel.render()?)
}

#[derive(Template)]
#[template(path = "promises/of_intent.html")]
struct OfIntent<'a> {
    t: Texts,
    lang: Lang,
    today: i64,
    promises: &'a [Promise],
}

/// What stands on the page of an offer or need: the promises that came of it, as far as the viewer may see them.
///
/// # Errors
/// The database's own.
pub fn giving_panel(r: &Reading<'_>, asker: &Asker, intent: IntentId) -> Result<String, Problem> {
    let promises = queries::of_intent(r, intent)?;
    if promises.is_empty() {
        return Ok(String::new());
    }
    let panel =
        OfIntent { t: Texts(asker.lang), lang: asker.lang, today: r.now().day(7), promises: &promises };
    Ok(panel.render()?)
}
