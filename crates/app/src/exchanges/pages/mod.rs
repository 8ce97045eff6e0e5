//! The pages of exchanges: mine, one of them, and the part on a member's page.

mod hopes;
mod leaning;

pub use hopes::{hopes_form, hopes_submit, network};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::exchange::{Balance, Lean};
use network::promise::Side;
use network::share::Share;
use network::vocabulary::{Alone, Benefit, ExchangeAction, ExchangeState, Use};
use serde::Deserialize;
use store::ids::ActorId;
use store::{Micros, Reading};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use leaning::{Leaning, leanings};

use super::ExchangeId;
use super::actions::{self, Draft, ExchangeError, Readers};
use super::queries::{self, Exchange, Thanks};
use crate::members::{self, Named};
use crate::promises::{self, PromiseId};
use crate::{App, Texts, dates};

impl From<ExchangeError> for Problem {
    fn from(error: ExchangeError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            ExchangeError::Oneself => conflict("oneself", Texts::exchanges_oneself),
            ExchangeError::NotYet => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", |lang| {
                Texts(lang).exchanges_day_problem().to_owned()
            })
            .in_field("on"),
            ExchangeError::Past => conflict("past", Texts::promises_past),
            ExchangeError::Promise(error) => error.into(),
            ExchangeError::Store(error) => error.into(),
        }
    }
}

/// The word for a kind of benefit on screen.
#[must_use]
pub fn benefit_label(t: Texts, benefit: Benefit) -> &'static str {
    match benefit {
        Benefit::Material => t.exchanges_benefit_material(),
        Benefit::Money => t.exchanges_benefit_money(),
        Benefit::Knowledge => t.exchanges_benefit_knowledge(),
        Benefit::Skill => t.exchanges_benefit_skill(),
        Benefit::Recognition => t.exchanges_benefit_recognition(),
        Benefit::Reputation => t.exchanges_benefit_reputation(),
        Benefit::Advancement => t.exchanges_benefit_advancement(),
        Benefit::Relationship => t.exchanges_benefit_relationship(),
        Benefit::Belonging => t.exchanges_benefit_belonging(),
        Benefit::Safety => t.exchanges_benefit_safety(),
        Benefit::Happiness => t.exchanges_benefit_happiness(),
        Benefit::Other => t.exchanges_benefit_other(),
    }
}

fn benefits(t: Texts) -> Vec<(&'static str, &'static str)> {
    Benefit::ALL.iter().map(|benefit| (benefit.word(), benefit_label(t, *benefit))).collect()
}

fn action_label(t: Texts, action: &str) -> &'static str {
    match ExchangeAction::from_word(action).unwrap_or(ExchangeAction::DeliverService) {
        ExchangeAction::DeliverService => t.exchanges_action_service(),
        ExchangeAction::Work => t.exchanges_action_work(),
        ExchangeAction::Transfer => t.exchanges_action_transfer(),
        ExchangeAction::Use => t.exchanges_action_use(),
        ExchangeAction::Cite => t.exchanges_action_cite(),
    }
}

fn alone_answers(t: Texts) -> Vec<(&'static str, &'static str)> {
    let label = |alone: Alone| match alone {
        Alone::CouldNot => t.exchanges_alone_could_not(),
        Alone::WithEffort => t.exchanges_alone_with_effort(),
        Alone::Could => t.exchanges_alone_could(),
    };
    Alone::ALL.iter().map(|alone| (alone.word(), label(*alone))).collect()
}

fn state_label(t: Texts, state: ExchangeState) -> &'static str {
    match state {
        ExchangeState::Recorded => t.exchanges_state_recorded(),
        ExchangeState::Confirmed => t.exchanges_state_confirmed(),
        ExchangeState::Disputed => t.exchanges_state_disputed(),
    }
}

const fn state_class(state: ExchangeState) -> &'static str {
    match state {
        ExchangeState::Recorded => "tag watch",
        ExchangeState::Confirmed => "tag give",
        ExchangeState::Disputed => "tag warn",
    }
}

fn day(day: i64, lang: Lang) -> String {
    dates::short(Micros(day * Micros::DAY), lang)
}

fn percent(share: impl std::borrow::Borrow<f64>) -> String {
    format!("{:.0}", share.borrow() * 100.0)
}

/// Hours from minutes, as people say them: 2, 1.5.
fn hours(minutes: &i64) -> String {
    let hours = format!("{:.1}", f64::from(i32::try_from(*minutes).unwrap_or(i32::MAX)) / 60.0);
    hours.trim_end_matches(".0").to_owned()
}

/// A share as people say it: of so many, about so much, and how sure that is.
fn share_line(t: Texts, share: &Share) -> String {
    t.exchanges_share(percent(share.high), percent(share.low), share.of, percent(share.value))
}

#[derive(Template)]
#[template(path = "exchanges/mine.html")]
struct Mine<'a> {
    t: Texts,
    lang: Lang,
    me: ActorId,
    all: Balance,
    kinds: &'a [(Benefit, Balance)],
    partners: &'a [(ActorId, String, Balance)],
    leanings: &'a [Leaning],
    waiting: &'a [Exchange],
    recent: &'a [Exchange],
    next: Option<ExchangeId>,
    hopes: bool,
}

/// What `/exchanges?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

/// Exchanges shown at once.
const ROWS: i64 = 20;

/// `GET /exchanges`: what I gave and received, by kind, for my eyes alone.
pub async fn mine(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (me, _) = asker.member()?;
    let network = asker.network();
    let before = wanted.before.parse::<ExchangeId>().map_or(0, |id| id.0);
    let pools = app.pools.clone();
    let (all, kinds, (partners, leanings), waiting, mut recent, hopes) = app
        .house
        .read(&asker.viewer, move |r| {
            let partners = queries::partners_of(r, me)?;
            let hopes = match network {
                Some(network) => queries::has_hopes(r, network, me)?,
                None => true,
            };
            Ok::<_, Problem>((
                queries::balance_of(r, me, 0)?,
                queries::kinds_of(r, me)?,
                leanings(r, network, me, &pools, &partners).map(|leanings| (partners, leanings))?,
                queries::waiting_for(r, me)?,
                queries::of_member(r, me, before, ROWS + 1)?,
                hopes,
            ))
        })
        .await?;
    let more = i64::try_from(recent.len()).unwrap_or(0) > ROWS;
    recent.truncate(usize::try_from(ROWS).unwrap_or(20));
    let t = Texts(asker.lang);
    Page::new(&asker, t.exchanges_title()).at(Place::Giving).with(&Mine {
        t,
        lang: asker.lang,
        me,
        all,
        kinds: &kinds,
        partners: &partners,
        leanings: &leanings,
        waiting: &waiting,
        next: if more { recent.last().map(|exchange| exchange.id) } else { None },
        recent: &recent,
        hopes,
    })
}

/// With whom a form begins.
#[derive(Debug, Default, Deserialize)]
pub struct With {
    #[serde(default)]
    with: String,
}

#[derive(Template)]
#[template(path = "exchanges/new.html")]
struct New<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    name: &'a str,
    ways: Vec<(&'static str, &'static str)>,
    actions: Vec<(&'static str, &'static str)>,
    benefits: Vec<(&'static str, &'static str)>,
}

fn show_new(asker: &Asker, form: &Form, name: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.exchanges_new_title(name)).at(Place::Giving).with(&New {
        t,
        w: asker.texts(),
        form,
        name,
        ways: vec![("received", t.exchanges_way_received()), ("gave", t.exchanges_way_gave())],
        actions: ExchangeAction::ALL.iter().map(|a| (a.word(), action_label(t, a.word()))).collect(),
        benefits: benefits(t),
    })
}

async fn named(asker: &Asker, app: &App, id: &str) -> Result<Named, Problem> {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .read(&asker.viewer, move |r| members::names(r, &[id])?.pop().ok_or_else(Problem::not_found))
        .await
}

/// `GET /exchanges/new?with=`
pub async fn new_form(asker: Asker, State(app): State<App>, Query(with): Query<With>) -> Answer {
    asker.member()?;
    let other = named(&asker, &app, &with.with).await?;
    let mut fields = Fields::default();
    for (name, value) in [("with", with.with.as_str()), ("way", "received"), ("action", "deliver_service")] {
        fields.set(name, value);
    }
    fields.set("on", dates::day(app.house.database().now()).to_string());
    show_new(&asker, &Form::new(asker.texts(), fields), other.called())
}

fn chosen_benefits(form: &Form) -> Vec<Benefit> {
    form.fields.all("benefits").into_iter().filter_map(Benefit::from_word).collect()
}

/// `POST /exchanges/new`: what one received, or gave.
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let other = named(&asker, &app, form.value("with")).await?;
    let what = form.required("what", 300);
    let quantity = form.optional("quantity", 80);
    let thanks = form.optional("thanks", 500);
    let now = app.house.database().now();
    let on_day = dates::read(form.value("on")).map(|at| at.day(7)).filter(|day| *day <= now.day(7));
    if on_day.is_none() {
        form.complain("on", t.exchanges_day_problem());
    }
    let hours = thai::text::western_digits(form.value("hours")).trim().replace(',', ".");
    let effort_minutes = effort(&hours);
    if !hours.is_empty() && effort_minutes.is_none() {
        form.complain("hours", t.exchanges_hours_problem());
    }
    let (Some(on_day), false) = (on_day, form.has_problems()) else {
        return show_new(&asker, &form, other.called());
    };
    let gave = form.value("way") == "gave";
    let (provider, receiver) = if gave { (me, other.id) } else { (other.id, me) };
    let draft = Draft {
        network,
        provider,
        receiver,
        what,
        action: ExchangeAction::from_word(form.value("action")).unwrap_or(ExchangeAction::DeliverService),
        quantity,
        effort_minutes,
        on_day,
        intent: None,
        promise: None,
        // what the other gained is theirs to say
        benefits: if gave { Vec::new() } else { chosen_benefits(&form) },
    };
    let id = crate::once(&app.house, &asker, &form, move |w| {
        let id = actions::say(w, &draft)?;
        if !thanks.is_empty() && !gave {
            actions::thank(w, id, &thanks, Readers::Us)?;
        }
        Ok::<_, ExchangeError>(id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=recorded")))
}

/// Minutes from hours as people type them, up to a thousand hours.
fn effort(hours: &str) -> Option<i64> {
    let hours: f64 = hours.parse().ok().filter(|hours: &f64| *hours > 0.0 && *hours <= 1000.0)?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 60,000")]
    let minutes = (hours * 60.0).round() as i64;
    Some(minutes)
}

/// What was just done, for the sentence on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Flash {
    done: String,
}

/// Everything the page of an exchange shows.
struct Told {
    exchange: Exchange,
    side: Option<Side>,
    gained: Vec<Benefit>,
    alone: Option<Alone>,
    both: bool,
    thanks: Vec<Thanks>,
}

#[derive(Template)]
#[template(path = "exchanges/show.html")]
struct Show<'a> {
    t: Texts,
    w: web::Texts,
    lang: Lang,
    form: &'a Form,
    e: &'a Exchange,
    side: Option<Side>,
    spoken_for: Option<&'a str>,
    gained: &'a [Benefit],
    benefits: Vec<(&'static str, &'static str)>,
    alone: Vec<(&'static str, &'static str)>,
    answered_alone: bool,
    /// Both answered: the answers stand.
    both: bool,
    thanks: &'a [Thanks],
    thanked: bool,
}

fn told(r: &Reading<'_>, id: ExchangeId, actor: ActorId) -> Result<Told, Problem> {
    let exchange = queries::find(r, id)?;
    let side = promises::side_of(r, exchange.provider, exchange.receiver)?;
    let me = stands(&exchange, side, actor);
    let alone = queries::alone_of(r, id, me)?;
    let both = alone.is_some() && queries::alone_of(r, id, exchange.other(me))?.is_some();
    Ok(Told {
        gained: queries::benefits_of(r, id, me)?,
        thanks: queries::thanks_of(r, id)?,
        alone,
        both,
        side,
        exchange,
    })
}

fn stands(exchange: &Exchange, side: Option<Side>, actor: ActorId) -> ActorId {
    match side {
        Some(Side::Provider) => exchange.provider,
        Some(Side::Receiver) => exchange.receiver,
        None => actor,
    }
}

/// `GET /exchanges/{id}`
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(flash): Query<Flash>,
) -> Answer {
    asker.member()?;
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    show_page(&asker, &app, id, Form::new(asker.texts(), Fields::default()), &flash.done).await
}

async fn show_page(asker: &Asker, app: &App, id: ExchangeId, mut form: Form, done: &str) -> Answer {
    let (actor, _) = asker.member()?;
    let told = app.house.read(&asker.viewer, move |r| told(r, id, actor)).await?;
    let t = Texts(asker.lang);
    let me = stands(&told.exchange, told.side, actor);
    if !form.has_problems() {
        for benefit in &told.gained {
            form.fields.add("benefits", benefit.word());
        }
        if let Some(alone) = told.alone {
            form.fields.set("alone", alone.word());
        }
        if let Some(own) = told.thanks.iter().find(|thanks| thanks.from == me) {
            form.fields.set("words", own.words.as_str());
            form.fields.set("public", if own.public { "1" } else { "" });
        }
    }
    let name = if me == told.exchange.provider {
        &told.exchange.provider_name
    } else {
        &told.exchange.receiver_name
    };
    let page = Page::new(asker, told.exchange.what.as_str()).at(Place::Giving);
    let page = match done {
        "recorded" => page.done(t.exchanges_done_recorded(), None),
        "confirmed" => page.done(t.exchanges_done_confirmed(), None),
        "disputed" => page.done(t.exchanges_done_disputed(), None),
        "gained" => page.done(t.exchanges_done_gained(), None),
        "helped" => page.done(t.exchanges_done_helped(), None),
        "thanked" => page.done(t.exchanges_done_thanked(), None),
        _ => page,
    };
    page.with(&Show {
        t,
        w: asker.texts(),
        lang: asker.lang,
        form: &form,
        e: &told.exchange,
        side: told.side,
        spoken_for: name.as_deref().filter(|_| told.side.is_some() && me != actor),
        gained: &told.gained,
        benefits: benefits(t),
        alone: alone_answers(t),
        answered_alone: told.alone.is_some(),
        both: told.both,
        thanked: told.thanks.iter().any(|thanks| thanks.from == me),
        thanks: &told.thanks,
    })
}

/// On whose side the one who asks stands, before a form is done.
async fn spoken(asker: &Asker, app: &App, id: ExchangeId) -> Result<ActorId, Problem> {
    let (actor, _) = asker.member()?;
    app.house
        .read(&asker.viewer, move |r| {
            let exchange = queries::find(r, id)?;
            let side = promises::side_of(r, exchange.provider, exchange.receiver)?;
            Ok::<_, Problem>(stands(&exchange, side, actor))
        })
        .await
}

/// `GET /exchanges/kept/{promise}`: on to what came of a promise.
pub async fn kept_of(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let exchange = app
        .house
        .read(&asker.viewer, move |r| {
            promises::find(r, id)?;
            queries::of_promise(r, id)?.ok_or_else(Problem::not_found)
        })
        .await?;
    Ok(see_other(&format!("/exchanges/{exchange}")))
}

/// `POST /exchanges/kept/{promise}`: done, or received, with a word of thanks.
pub async fn kept(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let id: PromiseId = id.parse().map_err(|_| Problem::not_found())?;
    let thanks: String = fields.tidy("thanks").chars().take(500).collect();
    let (form, waited) = (Form::new(asker.texts(), fields), asker.waited);
    let me = app
        .house
        .read(&asker.viewer, move |r| {
            let promise = promises::find(r, id)?;
            Ok::<_, Problem>(match promises::side_of(r, promise.provider, promise.receiver)? {
                Some(Side::Provider) => promise.provider,
                Some(Side::Receiver) => promise.receiver,
                None => actor,
            })
        })
        .await?;
    let exchange = crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        let exchange = actions::keep(w, id, waited)?;
        if !thanks.is_empty() {
            actions::thank(w, exchange, &thanks, Readers::Us)?;
        }
        Ok::<_, ExchangeError>(exchange.to_string())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{exchange}?done=recorded")))
}

/// `POST /exchanges/{id}/confirm`: the receiver's one tap, with thanks where they write some.
pub async fn confirm(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let me = spoken(&asker, &app, id).await?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", 500);
    if form.has_problems() {
        return show_page(&asker, &app, id, form, "").await;
    }
    let readers = readers(&form);
    let close = form.fields.ticked("close");
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::confirm(w, id)?;
        if !words.is_empty() {
            actions::thank(w, id, &words, readers)?;
        }
        if close {
            actions::close_need(w, id)?;
        }
        Ok::<_, ExchangeError>(String::new())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=confirmed")))
}

fn readers(form: &Form) -> Readers {
    if form.fields.ticked("public") { Readers::Network } else { Readers::Us }
}

/// `POST /exchanges/{id}/dispute`: it was not so.
pub async fn dispute(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let me = spoken(&asker, &app, id).await?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("why", 500);
    if form.has_problems() {
        return show_page(&asker, &app, id, form, "").await;
    }
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::dispute(w, id, &words).map(|()| String::new())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=disputed")))
}

/// `POST /exchanges/{id}/gained`: what I gained, and whether I could have done it alone.
pub async fn gained(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let me = spoken(&asker, &app, id).await?;
    let form = Form::new(asker.texts(), fields);
    let benefits = chosen_benefits(&form);
    let alone = Alone::from_word(form.value("alone"));
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::put_benefits(w, id, &benefits)?;
        if let Some(alone) = alone {
            actions::put_alone(w, id, alone)?;
        }
        Ok::<_, ExchangeError>(String::new())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=gained")))
}

/// `POST /exchanges/{id}/helped`: "used it", "it helped".
pub async fn helped(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let me = spoken(&asker, &app, id).await?;
    let use_ = Use::from_word(fields.text("use")).ok_or_else(Problem::bad_request)?;
    let form = Form::new(asker.texts(), fields);
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::put_use(w, id, use_).map(|()| String::new())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=helped")))
}

/// `POST /exchanges/{id}/thanks`
pub async fn thanks(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let me = spoken(&asker, &app, id).await?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.required("words", 500);
    if form.has_problems() {
        return show_page(&asker, &app, id, form, "").await;
    }
    let readers = readers(&form);
    crate::once_for(&app.house, &asker, &form, Some(me), move |w| {
        actions::thank(w, id, &words, readers).map(|()| String::new())
    })
    .await?;
    Ok(see_other(&format!("/exchanges/{id}?done=thanked")))
}

#[derive(Template)]
#[template(path = "exchanges/panel.html")]
struct Panel<'a> {
    t: Texts,
    lang: Lang,
    thanks: &'a [Thanks],
    between: &'a [Exchange],
    me: ActorId,
}

/// Thanks shown on a member's page.
const THANKS: i64 = 5;

/// What stands on a member's page: thanks that may be read, and what passed between the two of us.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<String, Problem> {
    let Some(me) = asker.actor() else { return Ok(String::new()) };
    let thanks = queries::thanks_for(r, member, Micros(0), THANKS)?;
    let between = if me == member { Vec::new() } else { queries::between(r, me, member, 5)? };
    if thanks.is_empty() && between.is_empty() {
        return Ok(String::new());
    }
    let panel = Panel { t: Texts(asker.lang), lang: asker.lang, thanks: &thanks, between: &between, me };
    Ok(panel.render()?)
}
