use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use network::vocabulary::Benefit;
use serde::Deserialize;
use store::Reading;
use store::ids::ActorId;
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::actions::{self, Ask, Offer, Via};
use super::super::proposing::{self, Eyes, Sources};
use super::super::queries;
use super::purposes;
use crate::members::{self, Named};
use crate::{App, Texts};

/// Of one's ties, so many are offered as the one in between.
const TIES: i64 = 60;
/// The longest sentence and note.
const SENTENCE: usize = 200;
const NOTE: usize = 1_000;

/// With what a form begins.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    to: String,
    a: String,
    b: String,
    q: String,
}

#[derive(Template)]
#[template(path = "introductions/new.html")]
struct New<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    other: Option<&'a Named>,
    choices: &'a [Named],
    searched: bool,
    ties: &'a [Named],
    purposes: Vec<(&'static str, &'static str)>,
}

impl New<'_> {
    fn is_other(&self, one: &Named) -> bool {
        self.other.is_some_and(|other| other.id == one.id)
    }
}

/// What the form to ask needs to know.
#[derive(Debug, Default)]
struct Known {
    other: Option<Named>,
    choices: Vec<Named>,
    ties: Vec<Named>,
    /// What speaks for it, from the lists.
    reason: String,
    other_gains: String,
}

fn known(
    r: &Reading<'_>,
    asker: &Asker,
    sources: &Sources,
    (me, network): (ActorId, ActorId),
    form: &Form,
) -> Result<Known, Problem> {
    let mut known = Known::default();
    let typed = form.value("q");
    if let Ok(other) = form.value("to").parse::<ActorId>() {
        known.other = members::names(r, &[other])?.pop().filter(|named| named.id != me);
    }
    if !typed.is_empty() {
        known.choices = members::named_like(r, network, typed, 10)?;
        known.choices.retain(|named| named.id != me);
    }
    let ids = queries::tied_to(r, me, TIES)?;
    known.ties = members::names(r, &ids)?;
    let other = known.other.as_ref().map(|named| named.id);
    known.ties.retain(|named| Some(named.id) != other && named.id != network && named.kind == "person");
    if let Some(other) = other
        && let Some(found) = sources.found(r, network)?
        && let Some(pair) = found.pair(me, other)
        && let Some(proposal) = proposing::proposal(r, pair, Eyes::Member(me), asker.lang)?
    {
        known.reason = proposal.lines.first().map(|(sentence, _)| sentence.clone()).unwrap_or_default();
        let gains = if proposal.a.id == other { proposal.a_gains } else { proposal.b_gains };
        known.other_gains = gains;
    }
    Ok(known)
}

async fn look(asker: &Asker, app: &App, form: &Form) -> Result<Known, Problem> {
    let ends = asker.member_and_network()?;
    let (sources, asked, form) = (Sources::of(app), asker.clone(), form.clone());
    app.house.read(&asker.viewer, move |r| known(r, &asked, &sources, ends, &form)).await
}

fn show_new(asker: &Asker, form: &Form, known: &Known) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.introductions_new()).at(Place::Members).with(&New {
        t,
        w: asker.texts(),
        form,
        other: known.other.as_ref(),
        choices: &known.choices,
        searched: !form.value("q").is_empty(),
        ties: &known.ties,
        purposes: purposes(t),
    })
}

/// `GET /introductions/new?to=`: I would like to meet somebody.
pub async fn new_form(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let mut fields = Fields::default();
    fields.set("to", wanted.to);
    fields.set("q", wanted.q);
    let mut form = Form::new(asker.texts(), fields);
    let known = look(&asker, &app, &form).await?;
    form.fields.set("reason", known.reason.clone());
    form.fields.set("gains", known.other_gains.clone());
    show_new(&asker, &form, &known)
}

/// What was chosen as a purpose; a complaint where nothing was.
fn purpose(form: &mut Form, t: Texts) -> Option<Benefit> {
    let purpose = Benefit::from_word(form.value("purpose"));
    if purpose.is_none() {
        form.complain("purpose", t.introductions_purpose_missing());
    }
    purpose
}

/// Shows a form again with the sentence where it belongs, or passes on what is no matter of the form.
fn refused(form: &mut Form, problem: Problem, asker: &Asker, field: &str) -> Result<(), Problem> {
    if problem.status != StatusCode::CONFLICT {
        return Err(problem);
    }
    let sentence = problem.sentence(asker.lang).to_owned();
    form.complain(field, sentence);
    Ok(())
}

/// `POST /introductions/new`: looks for a member, or asks.
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = crate::weaver(&asker, &app).await?;
    let mut form = Form::new(asker.texts(), fields);
    let known = look(&asker, &app, &form).await?;
    if form.fields.text("do") == "search" {
        return show_new(&asker, &form, &known);
    }
    let t = Texts(asker.lang);
    let other = known.other.as_ref().map(|named| named.id);
    if other.is_none() {
        form.complain("to", t.introductions_to_missing());
    }
    let purpose = purpose(&mut form, t);
    let reason = form.required("reason", SENTENCE);
    let other_gains = form.optional("gains", SENTENCE);
    let note = form.required("note", NOTE);
    let via = match form.value("via") {
        "" => Via::Anybody,
        via => Via::Member(via.parse().map_err(|_| Problem::not_found())?),
    };
    let (Some(other), Some(purpose), false) = (other, purpose, form.has_problems()) else {
        return show_new(&asker, &form, &known);
    };
    let ask = Ask { other, via, purpose, reason, other_gains, note };
    let sent = crate::once(&app.house, &asker, &form, move |w| {
        actions::ask(w, network, me, &ask).map(|id| id.to_string()).map_err(Problem::from)
    })
    .await;
    match sent {
        Ok(id) => Ok(see_other(&format!("/introductions/{id}"))),
        Err(problem) => {
            let field = problem.field.clone().unwrap_or_else(|| "to".to_owned());
            refused(&mut form, problem, &asker, &field)?;
            show_new(&asker, &form, &known)
        }
    }
}

#[derive(Template)]
#[template(path = "introductions/offer.html")]
struct Offering<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    choices: &'a [Named],
    coordinates: bool,
    purposes: Vec<(&'static str, &'static str)>,
}

async fn choices(asker: &Asker, app: &App, form: &Form) -> Result<Vec<Named>, Problem> {
    let (me, network) = asker.member_and_network()?;
    let (coordinates, form) = (asker.coordinates(), form.clone());
    app.house
        .read(&asker.viewer, move |r| {
            let mut ids: Vec<ActorId> =
                ["a", "b"].iter().filter_map(|name| form.value(name).parse().ok()).collect();
            if coordinates && !form.value("q").is_empty() {
                ids.extend(members::named_like(r, network, form.value("q"), 10)?.iter().map(|one| one.id));
            }
            ids.extend(queries::tied_to(r, me, TIES)?);
            let mut named = members::names(r, &ids)?;
            named.retain(|one| one.id != me && one.kind != "network");
            Ok::<_, Problem>(named)
        })
        .await
}

fn show_offer(asker: &Asker, form: &Form, choices: &[Named]) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.introductions_offer()).at(Place::Members).with(&Offering {
        t,
        w: asker.texts(),
        form,
        choices,
        coordinates: asker.coordinates(),
        purposes: purposes(t),
    })
}

/// `GET /introductions/offer?a=&b=`: you two should know each other.
pub async fn offer_form(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let mut fields = Fields::default();
    for (name, value) in [("a", wanted.a), ("b", wanted.b), ("q", wanted.q)] {
        fields.set(name, value);
    }
    let form = Form::new(asker.texts(), fields);
    let choices = choices(&asker, &app, &form).await?;
    show_offer(&asker, &form, &choices)
}

/// `POST /introductions/offer`
pub async fn offer_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = crate::weaver(&asker, &app).await?;
    let mut form = Form::new(asker.texts(), fields);
    let choices = choices(&asker, &app, &form).await?;
    if form.fields.text("do") == "search" {
        return show_offer(&asker, &form, &choices);
    }
    let t = Texts(asker.lang);
    let mut member = |name: &str| {
        let found = form.value(name).parse::<ActorId>().ok();
        if found.is_none() {
            form.complain(name, t.introductions_to_missing());
        }
        found
    };
    let (a, b) = (member("a"), member("b"));
    let purpose = purpose(&mut form, t);
    let reason = form.required("reason", SENTENCE);
    let a_gains = form.optional("a_gains", SENTENCE);
    let b_gains = form.optional("b_gains", SENTENCE);
    let words = form.optional("words", NOTE);
    let (Some(a), Some(b), Some(purpose), false) = (a, b, purpose, form.has_problems()) else {
        return show_offer(&asker, &form, &choices);
    };
    let offer = Offer { a, b, purpose, reason, a_gains, b_gains, words };
    let sent = crate::once(&app.house, &asker, &form, move |w| {
        actions::offer(w, network, me, &offer).map(|id| id.to_string()).map_err(Problem::from)
    })
    .await;
    match sent {
        Ok(id) => Ok(see_other(&format!("/introductions/{id}"))),
        Err(problem) => {
            refused(&mut form, problem, &asker, "b")?;
            show_offer(&asker, &form, &choices)
        }
    }
}
