//! What members see of their ties: the list, the proposal, one tie with all that happened on it, the contact log.

mod logging;
mod show;

pub use logging::{contact, detail_form, detail_submit, log_form, log_submit, undo};
pub use show::{between, end_submit, note_submit, rule_submit, show, timeline};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use network::vocabulary::{Channel, Outcome, Relation};
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, TieId};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::actions::{self, Draft, Given, SaidBy, TieError, Words};
use super::queries::{self, ContactRow, Tie};
use crate::gatherings::{self, Next};
use crate::members::{self, Named};
use crate::{App, Texts};

impl From<TieError> for Problem {
    fn from(error: TieError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            TieError::Oneself => conflict("oneself", Texts::ties_oneself),
            TieError::Already(_) => conflict("already", Texts::ties_already),
            TieError::Unreachable => conflict("unreachable", Texts::ties_unreachable),
            TieError::Store(error) => error.into(),
        }
    }
}

/// The word for a relation on screen.
#[must_use]
pub fn relation_label(t: Texts, relation: &str) -> &'static str {
    match Relation::from_word(relation).unwrap_or(Relation::Other) {
        Relation::Knows => t.ties_relation_knows(),
        Relation::Friend => t.ties_relation_friend(),
        Relation::Colleague => t.ties_relation_colleague(),
        Relation::Mentors => t.ties_relation_mentors(),
        Relation::Member => t.ties_relation_member(),
        Relation::Partner => t.ties_relation_partner(),
        Relation::Peer => t.ties_relation_peer(),
        Relation::Parent => t.ties_relation_parent(),
        Relation::Affiliated => t.ties_relation_affiliated(),
        Relation::Supplies => t.ties_relation_supplies(),
        Relation::Supports => t.ties_relation_supports(),
        Relation::RefersTo => t.ties_relation_refers_to(),
        Relation::Introduces => t.ties_relation_introduces(),
        Relation::Exchanges => t.ties_relation_exchanges(),
        Relation::Kin => t.ties_relation_kin(),
        Relation::Neighbour => t.ties_relation_neighbour(),
        Relation::Other => t.ties_relation_other(),
    }
}

/// How two are related as one of them says it: who is mentored says so.
pub(crate) fn relation_from(t: Texts, tie: &Tie, side: ActorId) -> &'static str {
    let reverse = tie.directed && (tie.object == side) != tie.reversed;
    let relation = Relation::from_word(&tie.relation).unwrap_or(Relation::Other);
    if reverse { reverse_label(t, relation) } else { relation_label(t, relation.word()) }
}

/// The word for a relation from its other end; the same where both ends mean the same.
fn reverse_label(t: Texts, relation: Relation) -> &'static str {
    match relation {
        Relation::Mentors => t.ties_reverse_mentors(),
        Relation::Member => t.ties_reverse_member(),
        Relation::Parent => t.ties_reverse_parent(),
        Relation::Supplies => t.ties_reverse_supplies(),
        Relation::Supports => t.ties_reverse_supports(),
        Relation::RefersTo => t.ties_reverse_refers_to(),
        Relation::Introduces => t.ties_reverse_introduces(),
        other => relation_label(t, other.word()),
    }
}

fn channel_label(t: Texts, channel: &str) -> &'static str {
    match Channel::from_word(channel).unwrap_or(Channel::Other) {
        Channel::Line => t.ties_channel_line(),
        Channel::Phone => t.ties_channel_phone(),
        Channel::Meeting => t.ties_channel_meeting(),
        Channel::Visit => t.ties_channel_visit(),
        Channel::Email => t.ties_channel_email(),
        Channel::InApp => t.ties_channel_in_app(),
        Channel::Online => t.ties_channel_online(),
        Channel::Facebook => t.ties_channel_facebook(),
        Channel::Radio => t.ties_channel_radio(),
        Channel::Event => t.ties_channel_event(),
        Channel::Letter => t.ties_channel_letter(),
        Channel::Other => t.ties_channel_other(),
    }
}

/// What came of a contact, in words.
#[must_use]
pub fn outcome_label(t: Texts, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Information => t.ties_outcome_information(),
        Outcome::Help => t.ties_outcome_help(),
        Outcome::Decision => t.ties_outcome_decision(),
        Outcome::Promise => t.ties_outcome_promise(),
        Outcome::Introduction => t.ties_outcome_introduction(),
        Outcome::Referral => t.ties_outcome_referral(),
        Outcome::Learning => t.ties_outcome_learning(),
        Outcome::Nothing => t.ties_outcome_nothing(),
    }
}

fn state_label(t: Texts, state: &str) -> &'static str {
    match state {
        "proposed" => t.ties_state_proposed(),
        "confirmed" => t.ties_state_confirmed(),
        "active" => t.ties_state_active(),
        "quiet" | "dormant" => t.ties_state_quiet(),
        _ => t.ties_state_ended(),
    }
}

/// With whom a form begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct With {
    with: String,
    q: String,
    #[serde(rename = "for")]
    on_behalf: String,
}

/// A tie in a list: the other end and what is between.
#[derive(Debug)]
struct Line {
    tie: Tie,
    other: Named,
    /// Whose list it stands in.
    of: ActorId,
}

impl Line {
    fn relation(&self, t: Texts) -> &'static str {
        relation_from(t, &self.tie, self.of)
    }
}

fn lines(r: &Reading<'_>, member: ActorId, rows: i64) -> Result<Vec<Line>, Problem> {
    named_lines(r, member, queries::of_member(r, member, rows)?)
}

fn named_lines(r: &Reading<'_>, member: ActorId, ties: Vec<Tie>) -> Result<Vec<Line>, Problem> {
    let others = members::named(r, ties.iter().map(|tie| tie.other(member)))?;
    // an end that may not be seen takes its line with it
    let line = |tie: Tie| {
        let other = others.get(&tie.other(member))?.clone();
        Some(Line { tie, other, of: member })
    };
    Ok(ties.into_iter().filter_map(line).collect())
}

#[derive(Template)]
#[template(path = "ties/mine.html")]
struct Mine<'a> {
    t: Texts,
    lines: &'a [Line],
    over: &'a [Line],
}

/// `GET /ties`
pub async fn mine(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, _) = asker.member()?;
    let (lines, over) = app
        .house
        .read(&asker.viewer, move |r| {
            let over = named_lines(r, actor, queries::over(r, actor, 50)?)?;
            Ok::<_, Problem>((lines(r, actor, 100)?, over))
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.ties_mine()).at(Place::Members).with(&Mine { t, lines: &lines, over: &over })
}

#[derive(Template)]
#[template(path = "ties/new.html")]
struct New<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    name: &'a str,
    on_behalf: Option<&'a Named>,
    context: Vec<(&'static str, String)>,
    relations: Vec<(String, &'static str)>,
}

/// What to know before a first contact (C3), and how they are reached.
fn before_first(t: Texts, lang: Lang, other: &members::Profile) -> Vec<(&'static str, String)> {
    let mut lines = members::context(t, lang, other);
    let shown: Vec<&str> = other.contact_points.iter().map(|point| point.shown.as_str()).collect();
    if !lines.is_empty() && !shown.is_empty() {
        lines.push((t.members_contact(), shown.join(" · ")));
    }
    lines
}

async fn profile(asker: &Asker, app: &App, id: ActorId) -> Result<members::Profile, Problem> {
    app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(members::find(r, id)?)).await
}

/// Written behind a relation that the other says of me.
const REVERSED: char = '~';

fn relations(t: Texts) -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    for relation in Relation::ALL {
        let word = relation.word();
        if matches!(relation, Relation::Member | Relation::Parent) {
            continue;
        }
        all.push((word.to_owned(), relation_label(t, word)));
        if relation.is_directed() {
            all.push((format!("{word}{REVERSED}"), reverse_label(t, *relation)));
        }
    }
    all
}

async fn named(asker: &Asker, app: &App, id: &str) -> Result<Named, Problem> {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .read(&asker.viewer, move |r| members::names(r, &[id])?.pop().ok_or_else(Problem::not_found))
        .await
}

/// Somebody without an account for whom a coordinator writes: consent is on record, and it is the network's own.
/// Nobody where `on_behalf` is empty.
async fn assisted(asker: &Asker, app: &App, on_behalf: &str) -> Result<Option<Named>, Problem> {
    if on_behalf.is_empty() {
        return Ok(None);
    }
    let (_, network) = asker.member_and_network()?;
    let one = named(asker, app, on_behalf).await?;
    let id = one.id;
    let may = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::may_write_for(r, network, id)?))
        .await?;
    // only who looks after the network writes for somebody who cannot
    if asker.coordinates() && may { Ok(Some(one)) } else { Err(Problem::forbidden()) }
}

/// `GET /ties/new?with=`: what is offered, asked and gained. `for` is somebody without an account for whom a
/// coordinator asks; then whom they mean is looked up first.
pub async fn new_form(asker: Asker, State(app): State<App>, Query(with): Query<With>) -> Answer {
    crate::weaver(&asker, &app).await?;
    let on_behalf = assisted(&asker, &app, &with.on_behalf).await?;
    if let (Some(one), true) = (&on_behalf, with.with.is_empty()) {
        return choose(&asker, &app, one, &with.q).await;
    }
    let other = named(&asker, &app, &with.with).await?;
    let mut fields = Fields::default();
    fields.set("with", with.with);
    fields.set("for", with.on_behalf);
    fields.set("relation", Relation::Knows.word());
    let profile = profile(&asker, &app, other.id).await?;
    show_new(&asker, &Form::new(asker.texts(), fields), &profile, on_behalf.as_ref())
}

#[derive(Template)]
#[template(path = "ties/choose.html")]
struct Choose<'a> {
    t: Texts,
    w: web::Texts,
    one: &'a Named,
    found: &'a [Named],
    q: &'a str,
}

/// Whom somebody means for whom a coordinator writes.
async fn choose(asker: &Asker, app: &App, one: &Named, q: &str) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let (typed, not) = (q.to_owned(), one.id);
    let mut found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(members::named_like(r, network, &typed, 12)?))
        .await?;
    found.retain(|other| other.id != not);
    let t = Texts(asker.lang);
    Page::new(asker, t.ties_choose_title(one.called())).at(Place::Members).with(&Choose {
        t,
        w: asker.texts(),
        one,
        found: &found,
        q,
    })
}

fn show_new(asker: &Asker, form: &Form, other: &members::Profile, on_behalf: Option<&Named>) -> Answer {
    let t = Texts(asker.lang);
    let name = other.card.called();
    Page::new(asker, t.ties_new_title(name)).at(Place::Members).with(&New {
        t,
        w: asker.texts(),
        form,
        name,
        on_behalf,
        context: before_first(t, asker.lang, other),
        relations: relations(t),
    })
}

/// `POST /ties/new`
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let mut form = Form::new(asker.texts(), fields);
    let on_behalf = assisted(&asker, &app, form.value("for")).await?;
    let other = named(&asker, &app, form.value("with")).await?;
    let draft = Draft {
        object: other.id,
        relation: Relation::from_word(form.value("relation").trim_end_matches(REVERSED))
            .unwrap_or(Relation::Knows),
        said_by: if form.value("relation").ends_with(REVERSED) { SaidBy::Object } else { SaidBy::Subject },
        words: Words {
            offers: form.required("offers", 500),
            asks: form.optional("asks", 500),
            benefit: form.optional("benefit", 500),
        },
    };
    if form.has_problems() {
        let profile = profile(&asker, &app, other.id).await?;
        return show_new(&asker, &form, &profile, on_behalf.as_ref());
    }
    let whose = on_behalf.map(|one| one.id);
    let subject = whose.unwrap_or(actor);
    let id = crate::once_for(&app.house, &asker, &form, whose, move |w| {
        if whose.is_some() && !queries::may_write_for(w, network, subject)? {
            return Err(Problem::forbidden());
        }
        Ok(actions::propose(w, subject, Some(network), &draft)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/ties/{id}")))
}

/// `POST /ties/{id}/answer`
pub async fn answer(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let mut form = Form::new(asker.texts(), fields);
    let words = Words {
        offers: form.optional("offers", 500),
        asks: form.optional("asks", 500),
        benefit: form.optional("benefit", 500),
    };
    if form.has_problems() {
        return show::with_form(asker, app, id, form).await;
    }
    let given = if form.value("answer") == "yes" { Given::Yes(words) } else { Given::No };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, actor, &given).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/ties/{id}")))
}

/// `POST /ties/{id}/recorded`: a coordinator asked somebody without an account, and writes down the answer.
pub async fn recorded_answer(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id: TieId = id.parse().map_err(|_| Problem::not_found())?;
    let (_, network) = asker.coordinator()?;
    let yes = fields.text("answer") == "yes";
    let mut acting = asker.acting();
    let object = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(actions::to_be_asked(r, network, id)?))
        .await?;
    acting.on_behalf_of = Some(object);
    app.house
        .write(&acting, move |w| {
            actions::record_answer(w, network, id, &yes).map_err(Problem::from)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/introductions"))
}

#[derive(Template)]
#[template(path = "ties/panel.html")]
struct Panel<'a> {
    t: Texts,
    lang: Lang,
    lines: &'a [Line],
    contacts: &'a [ContactRow],
    gatherings: Vec<Next>,
    /// Whom the one who looks may write for.
    writes_for: Option<ActorId>,
}

/// What stands on a member's page: ties, contacts and gatherings, as far as the viewer may see them.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<String, Problem> {
    let lines = lines(r, member, 12)?;
    let contacts = queries::contacts_of(r, member, 10)?;
    let gatherings = gatherings::next(r, gatherings::OF_MEMBER, member, 10)?;
    let writes_for = match asker.network().filter(|_| asker.coordinates()) {
        Some(network) if queries::may_write_for(r, network, member)? => Some(member),
        _ => None,
    };
    let (t, lang) = (Texts(asker.lang), asker.lang);
    let panel = Panel { t, lang, lines: &lines, contacts: &contacts, gatherings, writes_for };
    Ok(panel.render()?)
}
