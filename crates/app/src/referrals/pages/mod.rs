mod letter;

pub use letter::{letter, public_state};

use askama::Template;
use axum::extract::{Path, Query, State as Given};
use axum::http::StatusCode;
use network::referral::{State, Step};
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, IntentId};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::ReferralId;
use super::actions::{self, DAYS_TO_ACT, Draft, ReferralError, Subject};
use super::parts::{date, state_label};
use super::queries::{self, Referral, Which};
use crate::members::{self, Named};
use crate::{App, Texts, dates, giving};

impl From<ReferralError> for Problem {
    fn from(error: ReferralError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            ReferralError::Oneself => conflict("oneself", Texts::referrals_oneself),
            ReferralError::Unreachable => conflict("unreachable", Texts::referrals_unreachable),
            ReferralError::Full => conflict("full", Texts::referrals_full),
            ReferralError::Already(_) => conflict("already", Texts::referrals_already),
            ReferralError::ConsentMissing => {
                conflict("consent_missing", Texts::referrals_consent_missing).in_field("agreed")
            }
            ReferralError::NotNow => conflict("not_now", Texts::referrals_not_now),
            ReferralError::Store(error) => error.into(),
        }
    }
}

/// A referral in a list.
#[derive(Debug)]
struct Item {
    referral: Referral,
    other: String,
    about: Option<String>,
}

fn items(r: &Reading<'_>, t: Texts, which: Which, who: ActorId, rows: i64) -> Result<Vec<Item>, Problem> {
    let mut items = Vec::new();
    for referral in queries::list(r, which, who, 0, rows)? {
        let other = if which == Which::FromMe { referral.receiver } else { referral.sender };
        let about = match referral.person {
            Some(person) => Some(called(r, t, person)?),
            None => None,
        };
        items.push(Item { other: called(r, t, other)?, about, referral });
    }
    Ok(items)
}

fn called(r: &Reading<'_>, t: Texts, id: ActorId) -> Result<String, Problem> {
    Ok(members::names(r, &[id])?
        .pop()
        .map_or_else(|| t.notices_somebody().to_owned(), |named| named.called().to_owned()))
}

#[derive(Template)]
#[template(path = "referrals/list.html")]
struct List<'a> {
    t: Texts,
    lang: Lang,
    to_me: &'a [Item],
    from_me: &'a [Item],
    about_me: &'a [Item],
    overdue: &'a [Item],
}

/// `GET /referrals`
pub async fn list(asker: Asker, Given(app): Given<App>) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let (t, coordinates) = (Texts(asker.lang), asker.coordinates());
    let (to_me, from_me, about_me, overdue) = app
        .house
        .read(&asker.viewer, move |r| {
            let late = if coordinates { items(r, t, Which::Overdue, network, 30)? } else { Vec::new() };
            Ok::<_, Problem>((
                items(r, t, Which::ToMe, actor, 50)?,
                items(r, t, Which::FromMe, actor, 50)?,
                items(r, t, Which::AboutMe, actor, 50)?,
                late,
            ))
        })
        .await?;
    Page::new(&asker, t.referrals_title()).at(Place::Members).with(&List {
        t,
        lang: asker.lang,
        to_me: &to_me,
        from_me: &from_me,
        about_me: &about_me,
        overdue: &overdue,
    })
}

/// With what a form begins.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    need: String,
    person: String,
    to: String,
    q: String,
}

#[derive(Template)]
#[template(path = "referrals/new.html")]
struct New<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    /// What it is about, where that is fixed.
    about: Option<String>,
    /// Whom it could go to.
    choices: &'a [Named],
    searched: bool,
    /// The person cannot say yes in the program.
    ask_consent: bool,
    waits: bool,
    dues: Vec<(&'static str, String)>,
}

/// What the form needs to know.
struct Known {
    title: String,
    about: Option<String>,
    choices: Vec<Named>,
    ask_consent: bool,
    waits: bool,
}

fn subject(form: &Form) -> Result<Subject, Problem> {
    let (need, person) = (form.value("need"), form.value("person"));
    match (need, person) {
        ("", "") => Ok(Subject::Question),
        ("", person) => person.parse().map(Subject::Person).map_err(|_| Problem::not_found()),
        (need, _) => need.parse().map(Subject::Need).map_err(|_| Problem::not_found()),
    }
}

fn known(
    r: &Reading<'_>,
    t: Texts,
    network: ActorId,
    sender: ActorId,
    form: &Form,
    subject: Subject,
) -> Result<Known, Problem> {
    let mut choices = Vec::new();
    let mut add = |ids: &[ActorId]| -> Result<(), Problem> {
        for named in members::names(r, ids)? {
            let there = choices.iter().any(|one: &Named| one.id == named.id);
            if !there && named.id != sender && queries::reachable(r, network, sender, named.id)? {
                choices.push(named);
            }
        }
        Ok(())
    };
    if let Ok(to) = form.value("to").parse::<ActorId>() {
        add(&[to])?;
    }
    let (mut title, mut about, mut person) = (String::new(), None, None);
    match subject {
        Subject::Need(id) => {
            let card = giving::find_card(r, id)?;
            add(&queries::could_act(r, network, id)?)?;
            about = Some(t.referrals_about_need(&card.title));
            person = Some(card.actor).filter(|_| card.restricted);
            title = card.title;
        }
        Subject::Person(id) => {
            let name = called(r, t, id)?;
            members::find(r, id)?;
            about = Some(t.referrals_about_person(&name));
            title = t.referrals_title_person(&name);
            person = Some(id);
        }
        Subject::Question => {}
    }
    let typed = form.value("q");
    if !typed.is_empty() {
        let found = members::named_like(r, network, typed, 10)?;
        add(&found.iter().map(|named| named.id).collect::<Vec<_>>())?;
    }
    let others = person.filter(|person| *person != sender);
    let alone = match others {
        Some(person) => queries::has_no_account(r, person)?,
        None => false,
    };
    choices.retain(|one| Some(one.id) != person);
    Ok(Known { title, about, choices, ask_consent: alone, waits: others.is_some() && !alone })
}

async fn look(asker: &Asker, app: &App, form: &Form) -> Result<(Known, Subject), Problem> {
    let (actor, network) = asker.member_and_network()?;
    let (t, subject) = (Texts(asker.lang), subject(form)?);
    let form = form.clone();
    let known = app.house.read(&asker.viewer, move |r| known(r, t, network, actor, &form, subject)).await?;
    Ok((known, subject))
}

fn show_form(asker: &Asker, form: &Form, known: &Known) -> Answer {
    let t = Texts(asker.lang);
    let due = |days: i64| t.referrals_due_days(days);
    Page::new(asker, t.referrals_new()).at(Place::Members).with(&New {
        t,
        w: asker.texts(),
        form,
        about: known.about.clone(),
        choices: &known.choices,
        searched: !form.value("q").is_empty(),
        ask_consent: known.ask_consent,
        waits: known.waits,
        dues: vec![("3", due(3)), ("7", due(7)), ("14", due(14)), ("30", due(30))],
    })
}

/// `GET /referrals/new?need=&person=&to=`
pub async fn new_form(asker: Asker, Given(app): Given<App>, Query(wanted): Query<Wanted>) -> Answer {
    let mut fields = Fields::default();
    for (name, value) in [
        ("need", wanted.need),
        ("person", wanted.person),
        ("to", wanted.to),
        ("q", wanted.q),
        ("days", "14".into()),
    ] {
        fields.set(name, value);
    }
    let mut form = Form::new(asker.texts(), fields);
    let (known, _) = look(&asker, &app, &form).await?;
    form.fields.set("title", known.title.clone());
    show_form(&asker, &form, &known)
}

/// `POST /referrals/new`: looks for a member, or sends it.
pub async fn new_submit(asker: Asker, Given(app): Given<App>, fields: Fields) -> Answer {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let mut form = Form::new(asker.texts(), fields);
    let (known, subject) = look(&asker, &app, &form).await?;
    if form.fields.text("do") == "search" {
        return show_form(&asker, &form, &known);
    }
    let t = Texts(asker.lang);
    let title = form.required("title", 200);
    let reason = form.optional("reason", 1000);
    let to = form.value("to").parse::<ActorId>().ok();
    if to.is_none() {
        form.complain("to", t.referrals_to_missing());
    }
    let agreed = match form.value("agreed") {
        "spoken" => Some("spoken"),
        "paper" => Some("paper"),
        _ => None,
    };
    if known.ask_consent && agreed.is_none() {
        form.complain("agreed", t.referrals_consent_missing());
    }
    let (Some(to), false) = (to, form.has_problems()) else { return show_form(&asker, &form, &known) };
    let days = form.value("days").parse::<i64>().unwrap_or(DAYS_TO_ACT).clamp(1, 90);
    let draft = Draft {
        subject,
        to,
        title,
        reason,
        urgent: form.fields.ticked("urgent"),
        due_on: app.house.database().now().day(7) + days,
        agreed,
    };
    let sent = crate::once(&app.house, &asker, &form, move |w| {
        actions::refer(w, network, actor, &draft).map(|id| id.to_string()).map_err(Problem::from)
    })
    .await;
    match sent {
        Ok(id) => Ok(see_other(&format!("/referrals/{id}"))),
        // what was typed stays, with the sentence where it belongs
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            let sentence = problem.sentence(asker.lang).to_owned();
            form.complain("to", sentence);
            show_form(&asker, &form, &known)
        }
        Err(problem) => Err(problem),
    }
}

/// A line of the trail as the page shows it.
#[derive(Debug)]
struct Passed {
    at: String,
    sentence: String,
    words: String,
}

#[derive(Template)]
#[template(path = "referrals/show.html")]
struct Show<'a> {
    t: Texts,
    lang: Lang,
    form: &'a Form,
    referral: &'a Referral,
    sender: String,
    receiver: String,
    person: Option<String>,
    reach: &'a [(String, String, String)],
    trail: &'a [Passed],
    steps: &'a [Step],
    choices: &'a [Named],
    asks_feedback: bool,
    letter: bool,
}

impl Show<'_> {
    fn can(&self, word: &str) -> bool {
        self.steps.iter().any(|step| step.word() == word)
    }
    fn late(&self) -> bool {
        self.referral.overdue_at.is_some() && self.referral.state.waits()
    }
}

fn trail_sentence(t: Texts, word: &str, by: &str, to: Option<&str>) -> String {
    let to = to.unwrap_or_else(|| t.notices_somebody());
    match word {
        "send" => t.referrals_trail_send(by, to),
        "consent" => t.referrals_trail_consent(by),
        "refuse" => t.referrals_trail_refuse(by),
        "receive" => t.referrals_trail_receive(by),
        "accept" => t.referrals_trail_accept(by),
        "decline" => t.referrals_trail_decline(by),
        "pass_on" => t.referrals_trail_pass_on(by, to),
        "begin" => t.referrals_trail_begin(by),
        "complete" => t.referrals_trail_complete(by),
        "feedback" => t.referrals_trail_feedback(by),
        _ => t.referrals_trail_cancel(by),
    }
}

fn trail(r: &Reading<'_>, t: Texts, lang: Lang, referral: &Referral) -> Result<Vec<Passed>, Problem> {
    let mut lines = Vec::new();
    for line in queries::trail(r, referral.id)? {
        let by = called(r, t, line.by)?;
        let to = match line.to {
            Some(to) => Some(called(r, t, to)?),
            None => None,
        };
        lines.push(Passed {
            at: dates::short(line.at, lang),
            sentence: trail_sentence(t, &line.step, &by, to.as_deref()),
            words: line.words,
        });
    }
    Ok(lines)
}

/// `GET /referrals/{id}`. When the one it went to opens it, it counts as received.
pub async fn show(
    asker: Asker,
    Given(app): Given<App>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, network) = asker.member_and_network()?;
    let found = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    if actions::next(&found, actor, None, Step::Receive).is_some() {
        take(&asker, &app, id, actor, Step::Receive, None, String::new()).await?;
    }
    let (t, lang) = (Texts(asker.lang), asker.lang);
    let coordinated = Some(network).filter(|_| asker.coordinates());
    let typed = wanted.q.clone();
    let (referral, names, reach, lines, steps, choices) = app
        .house
        .read(&asker.viewer, move |r| {
            let referral = queries::find(r, id)?;
            let person = match referral.person {
                Some(person) => Some(called(r, t, person)?),
                None => None,
            };
            let names = (called(r, t, referral.sender)?, called(r, t, referral.receiver)?, person);
            // a person's details move only after they agreed
            let reach = match referral.person {
                Some(person) if referral.consent_at.is_some() && referral.state != State::Cancelled => {
                    queries::reach(r, person)?
                }
                _ => Vec::new(),
            };
            let steps: Vec<Step> = Step::ALL
                .into_iter()
                .filter(|step| actions::next(&referral, actor, coordinated, *step).is_some())
                .collect();
            let mut choices = Vec::new();
            if steps.contains(&Step::PassOn) {
                choices = pass_choices(r, network, actor, &referral, &typed)?;
            }
            let lines = trail(r, t, lang, &referral)?;
            Ok::<_, Problem>((referral, names, reach, lines, steps, choices))
        })
        .await?;
    let mut fields = Fields::default();
    fields.set("q", wanted.q);
    let mine = referral.sender == actor || referral.person == Some(actor);
    Page::new(&asker, referral.title.clone()).at(Place::Members).with(&Show {
        t,
        lang,
        form: &Form::new(asker.texts(), fields),
        referral: &referral,
        sender: names.0,
        receiver: names.1,
        person: names.2,
        reach: &reach,
        trail: &lines,
        steps: &steps,
        choices: &choices,
        asks_feedback: mine && referral.state == State::Completed && referral.feedback.is_none(),
        letter: referral.state != State::Draft && referral.state != State::Cancelled,
    })
}

fn pass_choices(
    r: &Reading<'_>,
    network: ActorId,
    actor: ActorId,
    referral: &Referral,
    typed: &str,
) -> Result<Vec<Named>, Problem> {
    let mut ids = Vec::new();
    if let Some(intent) = referral.intent {
        ids = queries::could_act(r, network, intent)?;
    }
    if !typed.is_empty() {
        ids.splice(0..0, members::named_like(r, network, typed, 10)?.into_iter().map(|named| named.id));
    }
    let mut choices: Vec<Named> = Vec::new();
    for named in members::names(r, &ids)? {
        let out = named.id == actor || named.id == referral.receiver || Some(named.id) == referral.person;
        if !out
            && !choices.iter().any(|one| one.id == named.id)
            && queries::reachable(r, network, actor, named.id)?
        {
            choices.push(named);
        }
    }
    Ok(choices)
}

async fn take(
    asker: &Asker,
    app: &App,
    id: ReferralId,
    actor: ActorId,
    step: Step,
    to: Option<ActorId>,
    words: String,
) -> Result<(), Problem> {
    app.house
        .write(&asker.acting(), move |w| {
            actions::step(w, id, actor, step, to, &words).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await
}

/// `POST /referrals/{id}/step`
pub async fn take_step(
    asker: Asker,
    Given(app): Given<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let step = Step::from_word(fields.text("do")).ok_or_else(Problem::bad_request)?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", 1000);
    if form.has_problems() {
        return Err(Problem::invalid("words"));
    }
    if matches!(step, Step::PassOn | Step::Consent | Step::Refuse | Step::Receive) {
        return Err(Problem::bad_request());
    }
    take(&asker, &app, id, actor, step, None, words).await?;
    Ok(see_other(&format!("/referrals/{id}")))
}

/// `POST /referrals/{id}/pass-on`
pub async fn pass_on(asker: Asker, Given(app): Given<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    if fields.text("do") == "search" {
        let q: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("q", fields.text("q")).finish();
        return Ok(see_other(&format!("/referrals/{id}?{q}#pass-on")));
    }
    let to = fields.text("to").parse::<ActorId>().map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "to_missing", |lang| {
            Texts(lang).referrals_to_missing().to_owned()
        })
        .in_field("to")
    })?;
    let words = Form::new(asker.texts(), fields).optional("words", 1000);
    take(&asker, &app, id, actor, Step::PassOn, Some(to), words).await?;
    Ok(see_other(&format!("/referrals/{id}")))
}

/// `POST /referrals/{id}/consent`: the person it speaks of says yes or no.
pub async fn consent(asker: Asker, Given(app): Given<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let step = if fields.text("answer") == "yes" { Step::Consent } else { Step::Refuse };
    take(&asker, &app, id, actor, step, None, String::new()).await?;
    Ok(see_other(&format!("/referrals/{id}")))
}

/// `POST /referrals/{id}/feedback`
pub async fn feedback(
    asker: Asker,
    Given(app): Given<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let word = match fields.text("helped") {
        "yes" => "helped",
        "partly" => "partly",
        "no" => "not",
        _ => return Err(Problem::bad_request()),
    };
    let words = Form::new(asker.texts(), fields).optional("words", 1000);
    app.house
        .write(&asker.acting(), move |w| {
            actions::give_feedback(w, id, actor, word, &words).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/referrals/{id}")))
}

/// The need behind a referral, for a link.
fn need_address(id: IntentId) -> String {
    format!("/giving/{id}")
}
