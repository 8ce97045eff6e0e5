use askama::Template;
use axum::extract::{Path, State};
use network::introduction::{DAYS_TO_PASS_ON, DAYS_UNTIL_WORTH, Origin, Stage, Worth};
use network::vocabulary::Outcome;
use store::ids::{ActorId, IntroductionId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading};
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::actions::{self, Part, Passing, Verdict};
use super::super::queries::{self, Introduction, Said};
use super::{called, outcome_label, outcomes, purpose_label, stage_label};
use crate::{App, Texts, dates, members};

/// The longest thanks and words.
const WORDS: usize = 1_000;

/// A first message made of why they were introduced, and how the other is reached.
#[derive(Debug)]
struct First {
    message: String,
    /// The message ready to be shared on LINE.
    line: String,
    /// What to know of the other before the first word.
    context: Vec<(&'static str, String)>,
    /// Kind, value, as it is written.
    reach: Vec<(String, String, String)>,
}

/// What the page knows.
#[derive(Debug)]
struct Seen {
    introduction: Introduction,
    part: Part,
    a: String,
    b: String,
    introducer: Option<String>,
    asker: Option<String>,
    own_answer: Option<String>,
    /// What the viewer said of it, and what both allow the introducer to see.
    own_said: Option<Said>,
    came: Vec<(String, &'static str)>,
    thanks: Vec<(String, String)>,
    first: Option<First>,
    calls: Vec<(ActorId, String)>,
}

#[derive(Template)]
#[template(path = "introductions/show.html")]
struct Show<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    seen: &'a Seen,
    title: &'a str,
    stage: Stage,
    label: &'static str,
    until: Option<String>,
    pass_until: Option<String>,
    purpose: &'static str,
    gains: &'a str,
    other: &'a str,
    other_id: ActorId,
    asks_worth: bool,
    outcomes: Vec<(&'static str, &'static str)>,
    room: String,
}

impl Show<'_> {
    fn party(&self) -> bool {
        self.seen.part == Part::Party
    }
    fn waits_for_me(&self) -> bool {
        self.party() && self.stage == Stage::Asking && self.seen.own_answer.is_none()
    }
    fn may_take_back(&self) -> bool {
        self.party()
            && matches!(self.stage, Stage::Drafted | Stage::Asking)
            && self.seen.own_answer.as_deref() == Some("yes")
    }
    fn by_phone(&self) -> bool {
        self.seen.first.as_ref().is_some_and(|first| first.reach.iter().any(|(kind, ..)| kind == "phone"))
    }
    fn said_no(&self) -> bool {
        self.party() && self.stage != Stage::Connected && self.seen.own_answer.as_deref() == Some("no")
    }
    fn waits_to_pass_on(&self) -> bool {
        self.seen.part == Part::Introducer
            && self.stage == Stage::Drafted
            && self.seen.introduction.put_aside_at.is_none()
    }
}

/// Reads an introduction as this member may see it.
fn look(r: &Reading<'_>, asker: &Asker, me: ActorId, id: IntroductionId) -> Result<Seen, Problem> {
    let t = Texts(asker.lang);
    let introduction = queries::find(r, id)?;
    let part = actions::part(r, &introduction, me)?.ok_or_else(Problem::not_found)?;
    let (a, b) = (called(r, t, introduction.a)?, called(r, t, introduction.b)?);
    // who could introduce whom says who knows whom: told when it was passed on
    let known = introduction.asked_at.is_some() || part == Part::Introducer;
    let introducer = match introduction.introducer {
        who if who == introduction.network || !known => None,
        who => Some(called(r, t, who)?),
    };
    let asker_name = match introduction.asker {
        Some(asker) => Some(called(r, t, asker)?),
        None => None,
    };
    let (mut own_answer, mut own_said, mut came, mut thanks) = (None, None, Vec::new(), Vec::new());
    let said = if introduction.stage == Stage::Connected { queries::said(r, id)? } else { Vec::new() };
    if part == Part::Party {
        own_answer = queries::own_answer(r, id, me)?;
        own_said = said.into_iter().find(|said| said.actor == me);
    } else if part == Part::Introducer {
        let name = |actor: ActorId| if actor == introduction.a { a.clone() } else { b.clone() };
        thanks = said
            .iter()
            .filter(|said| !said.thanks.is_empty())
            .map(|said| (name(said.actor), said.thanks.clone()))
            .collect();
        if both_allow(&said) {
            came = said.iter().map(|said| (name(said.actor), outcome_label(t, &said.outcome))).collect();
        }
    }
    let first = if introduction.stage == Stage::Connected && part == Part::Party {
        Some(first(r, t, asker, &introduction, me, introducer.as_deref())?)
    } else {
        None
    };
    let mut calls = Vec::new();
    if part != Part::Party {
        let mut all = queries::to_call_instead(r, me)?;
        if asker.coordinates() {
            all.extend(queries::to_call(r, introduction.network)?);
        }
        for (_, who, ..) in all.into_iter().filter(|(open, ..)| *open == id) {
            calls.push((who, called(r, t, who)?));
        }
    }
    Ok(Seen {
        introduction,
        part,
        a,
        b,
        introducer,
        asker: asker_name,
        own_answer,
        own_said,
        came,
        thanks,
        first,
        calls,
    })
}

/// Who introduced sees what came of it once both said so and both allow it.
pub(in super::super) fn both_allow(said: &[Said]) -> bool {
    said.len() == 2 && said.iter().all(|said| said.shared && said.worth != Worth::Early)
}

fn first(
    r: &Reading<'_>,
    t: Texts,
    asker: &Asker,
    introduction: &Introduction,
    me: ActorId,
    introducer: Option<&str>,
) -> Result<First, Problem> {
    let other = introduction.other(me);
    let (own_name, other_name) = (called(r, t, me)?, called(r, t, other)?);
    let mut lines = vec![match introducer {
        Some(introducer) => t.introductions_message_by(introducer, own_name, other_name),
        None => t.introductions_message_hello(own_name, other_name),
    }];
    if !introduction.reason.is_empty() {
        lines.push(t.introductions_message_reason(&introduction.reason));
    }
    if !introduction.gains(other).is_empty() {
        lines.push(t.introductions_message_gains(introduction.gains(other)));
    }
    lines.push(t.introductions_message_when().to_owned());
    let message = lines.join("\n");
    let address = format!("{}/introductions/{}", asker.origin, introduction.id);
    let shared = format!("{message}\n{address}");
    let encoded: String = form_urlencoded::byte_serialize(shared.as_bytes()).collect();
    // LINE reads %20 and shows a plus as a plus
    let line = format!("https://line.me/R/share?text={}", encoded.replace('+', "%20"));
    let context = match members::find(r, other) {
        Ok(profile) => members::context(t, asker.lang, &profile),
        // who hid or left since is not shown any more
        Err(Error::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(First { message, line, context, reach: queries::reach(r, other)? })
}

/// `GET /introductions/{id}`: where it stands, who and why, and what to do next.
pub async fn show(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    show_with(&asker, &app, id, None).await
}

async fn show_with(asker: &Asker, app: &App, id: IntroductionId, form: Option<Form>) -> Answer {
    let (me, _) = asker.member()?;
    let asked = asker.clone();
    let seen = app.house.read(&asker.viewer, move |r| look(r, &asked, me, id)).await?;
    let t = Texts(asker.lang);
    let now = app.house.database().now();
    let introduction = &seen.introduction;
    let stage = introduction.stage_at(now);
    let (other_id, other) =
        if me == introduction.a { (introduction.b, &seen.b) } else { (introduction.a, &seen.a) };
    let title = match seen.part {
        Part::Party => t.introductions_you_and(other),
        Part::Introducer | Part::Coordinator => t.introductions_pair(&seen.a, &seen.b),
    };
    let day = |at: Micros| dates::short(at, asker.lang);
    let old_enough = introduction
        .connected_at
        .is_some_and(|at| at.plus(DAYS_UNTIL_WORTH * Micros::DAY) <= now || seen.own_said.is_some());
    let form = form.unwrap_or_else(|| {
        let mut fields = Fields::default();
        fields.set("shared", "1");
        if let Some(said) = &seen.own_said {
            fields.set("worth", said.worth.word());
            fields.set("outcome", said.outcome.clone());
            fields.set("thanks", said.thanks.clone());
            fields.set("shared", if said.shared { "1" } else { "" });
        }
        Form::new(asker.texts(), fields)
    });
    Page::new(asker, title.clone()).at(Place::Members).with(&Show {
        t,
        w: asker.texts(),
        form: &form,
        title: &title,
        stage,
        label: stage_label(t, stage),
        until: introduction.is_open(now).then(|| day(introduction.closes_at)),
        pass_until: (stage == Stage::Drafted)
            .then(|| day(introduction.created_at.plus(DAYS_TO_PASS_ON * Micros::DAY))),
        purpose: if matches!(introduction.origin, Origin::Found | Origin::Suggested) {
            ""
        } else {
            purpose_label(t, &introduction.purpose)
        },
        gains: introduction.gains(me),
        other,
        other_id,
        asks_worth: seen.part == Part::Party && stage == Stage::Connected && old_enough,
        outcomes: outcomes(t),
        room: format!("/words/introduction/{id}"),
        seen: &seen,
    })
}

/// `POST /introductions/{id}/answer`
pub async fn answer(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let (me, _) = asker.member()?;
    let word = if fields.text("answer") == "yes" { "yes" } else { "no" };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, me, word, "page")?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/introductions/{id}")))
}

/// `POST /introductions/{id}/pass-on`: who stands in between introduces the two, or puts it aside.
pub async fn pass_on(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let (me, _) = asker.member()?;
    let passing = if fields.text("answer") == "yes" { Passing::On } else { Passing::Aside };
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", WORDS);
    if form.has_problems() {
        return show_with(&asker, &app, id, Some(form)).await;
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::pass_on(w, id, me, passing, &words).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    // what was put aside is gone from sight
    Ok(see_other(&match passing {
        Passing::On => format!("/introductions/{id}"),
        Passing::Aside => "/introductions".to_owned(),
    }))
}

/// `POST /introductions/{id}/worth`
pub async fn worth(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let (me, _) = asker.member()?;
    let mut form = Form::new(asker.texts(), fields);
    let Some(worth) = Worth::from_word(form.value("worth")) else {
        form.complain("worth", Texts(asker.lang).introductions_worth_missing());
        return show_with(&asker, &app, id, Some(form)).await;
    };
    let thanks = form.optional("thanks", WORDS);
    if form.has_problems() {
        return show_with(&asker, &app, id, Some(form)).await;
    }
    let verdict = Verdict {
        worth,
        outcome: Outcome::from_word(form.value("outcome")).unwrap_or(Outcome::Nothing),
        thanks,
        shared: form.fields.ticked("shared"),
    };
    app.house
        .write(&asker.acting(), move |w| {
            actions::say_worth(w, id, me, &verdict)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/introductions/{id}")))
}

/// `POST /introductions/{id}/recorded/{member}`: who called writes down the answer; a coordinator, or who introduces where
/// no coordinator may hear it.
pub async fn recorded_answer(
    asker: Asker,
    State(app): State<App>,
    Path((id, member)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let member: ActorId = member.parse().map_err(|_| Problem::not_found())?;
    let word = if fields.text("answer") == "yes" { "yes" } else { "no" };
    record(&asker, &app, id, member, word).await?;
    Ok(see_other("/introductions"))
}

/// Writes down what somebody said who cannot answer in the program.
pub(in super::super) async fn record(
    asker: &Asker,
    app: &App,
    id: IntroductionId,
    member: ActorId,
    word: &'static str,
) -> Result<(), Problem> {
    let (me, _) = asker.member()?;
    let coordinator = asker.coordinator().map(|(_, network)| network);
    let mut acting = asker.acting();
    acting.on_behalf_of = Some(member);
    app.house
        .write(&acting, move |w| {
            // only for those who cannot answer themselves
            let asked = |calls: &[queries::Call]| calls.iter().any(|call| call.0 == id && call.1 == member);
            if !asked(&queries::to_call_instead(w, me)?) {
                let network = coordinator.clone()?;
                if !asked(&queries::to_call(w, network)?) {
                    return Err(Problem::not_found());
                }
            }
            let network = queries::find(w, id)?.network;
            actions::answer(w, id, member, word, "phone")?;
            w.record(&Entry::new(Act::Administer, "introductions.record_answer", id.0).in_network(network))?;
            Ok(w.finished(())?)
        })
        .await
}
