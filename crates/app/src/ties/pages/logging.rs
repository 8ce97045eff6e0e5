use askama::Template;
use axum::extract::{Path, Query, State};
use network::vocabulary::{Channel, Direction, Outcome};
use serde::Deserialize;
use store::ids::{ActorId, ContactId};
use store::journal::{Act, Entry};
use store::{Micros, Reading};
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::actions::{self, ContactDraft, ContactOrigin};
use super::super::queries;
use super::{With, assisted, channel_label, lines, named, outcome_label};
use crate::members::{self, Named};
use crate::{App, Texts, dates, rhythm};

#[derive(Template)]
#[template(path = "ties/log.html")]
struct LogForm<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    other: Option<&'a Named>,
    on_behalf: Option<&'a Named>,
    found: &'a [Named],
    q: &'a str,
    choices: Choices,
}

/// What can be chosen of a contact.
struct Choices {
    channels: Vec<(&'static str, &'static str)>,
    outcomes: Vec<(&'static str, &'static str)>,
    answers: Vec<(&'static str, &'static str)>,
    others: Vec<(String, String)>,
}

impl Choices {
    fn new(t: Texts, others: Vec<(String, String)>) -> Self {
        let channels =
            [Channel::Line, Channel::Phone, Channel::Meeting, Channel::Visit, Channel::Email, Channel::Other];
        Self {
            channels: channels.iter().map(|c| (c.word(), channel_label(t, c.word()))).collect(),
            outcomes: Outcome::ALL.iter().map(|o| (o.word(), outcome_label(t, *o))).collect(),
            answers: vec![
                ("mutual", t.ties_log_answered_yes()),
                ("outbound", t.ties_log_answered_no()),
                ("inbound", t.ties_log_answered_theirs()),
            ],
            others,
        }
    }
}

/// Who else may have been there: those I have ties with.
fn others(r: &Reading<'_>, actor: ActorId, but: ActorId) -> Result<Vec<(String, String)>, Problem> {
    Ok(lines(r, actor, 24)?
        .into_iter()
        .filter(|line| line.other.id != but && line.tie.state != "proposed")
        .map(|line| (line.other.id.to_string(), line.other.called().to_owned()))
        .collect())
}

fn show_log(asker: &Asker, form: &Form, shown: &Shown, found: &[Named], q: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.ties_log_title()).at(Place::Members).with(&LogForm {
        t,
        w: asker.texts(),
        form,
        other: shown.other.as_ref(),
        on_behalf: shown.on_behalf.as_ref(),
        found,
        q,
        choices: Choices::new(t, shown.others.clone()),
    })
}

/// Between whom a contact is logged.
#[derive(Debug, Default)]
struct Shown {
    other: Option<Named>,
    on_behalf: Option<Named>,
    others: Vec<(String, String)>,
}

async fn look(asker: &Asker, app: &App, with: &str, on_behalf: &str) -> Result<Shown, Problem> {
    let other = named(asker, app, with).await.ok();
    let on_behalf = assisted(asker, app, on_behalf).await?;
    Ok(Shown { other, on_behalf, others: Vec::new() })
}

impl Shown {
    /// With those who else may have been there: only for who is shown them, or ticked some.
    async fn with_others(mut self, asker: &Asker, app: &App) -> Result<Self, Problem> {
        let (actor, _) = asker.member_and_network()?;
        if let Some(other) = &self.other {
            let but = other.id;
            let whose = self.on_behalf.as_ref().map_or(actor, |one| one.id);
            self.others = app.house.read(&asker.viewer, move |r| others(r, whose, but)).await?;
        }
        Ok(self)
    }
}

/// `GET /ties/log?with=`: the channel and done. Without `with`, whom it was with is looked up first; `for` is somebody
/// without an account whose contact a coordinator writes down.
pub async fn log_form(asker: Asker, State(app): State<App>, Query(with): Query<With>) -> Answer {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let mut fields = Fields::default();
    let now = app.house.database().now();
    for (name, value) in [
        ("with", with.with.as_str()),
        ("for", with.on_behalf.as_str()),
        ("channel", "line"),
        ("answered", "mutual"),
        ("outcome", "information"),
    ] {
        fields.set(name, value);
    }
    fields.set("date", dates::day(now).to_string());
    let form = Form::new(asker.texts(), fields);
    if with.with.is_empty() {
        let q = with.q.clone();
        let found = app.house.read(&asker.viewer, move |r| look_up(r, actor, network, &q)).await?;
        let shown = look(&asker, &app, "", &with.on_behalf).await?;
        return show_log(&asker, &form, &shown, &found, &with.q);
    }
    let shown = look(&asker, &app, &with.with, &with.on_behalf).await?.with_others(&asker, &app).await?;
    if shown.other.is_none() {
        return Err(Problem::not_found());
    }
    show_log(&asker, &form, &shown, &[], "")
}

/// Whom a name or nickname may mean; without one, those I have ties with.
fn look_up(r: &Reading<'_>, actor: ActorId, network: ActorId, q: &str) -> Result<Vec<Named>, Problem> {
    if q.trim().is_empty() {
        return Ok(lines(r, actor, 12)?.into_iter().map(|line| line.other).collect());
    }
    Ok(members::named_like(r, network, q, 12)?)
}

/// What a form says of a contact, complaints at their fields. `was`: the moment it was logged at, kept where the day
/// stays the same.
fn read_contact(
    form: &mut Form,
    t: Texts,
    now: Micros,
    was: Option<(Micros, bool)>,
) -> (Option<ContactDraft>, Option<Micros>) {
    let at = dates::read(form.value("date")).filter(|at| *at <= now);
    if at.is_none() {
        form.complain("date", t.ties_log_date_problem());
    }
    let summary = form.optional("summary", 1000);
    let next = Some(form.value("next").trim().to_owned()).filter(|text| !text.is_empty());
    let next_on = next.as_deref().and_then(dates::read).filter(|at| dates::day(*at) >= dates::day(now));
    if next.is_some() && next_on.is_none() {
        form.complain("next", t.ties_next_problem());
    }
    let Some(at) = at.filter(|_| !form.has_problems()) else { return (None, None) };
    let same_day = was.filter(|(was, _)| dates::day(*was) == dates::day(at));
    let (at, whole_day) = same_day.unwrap_or((at, true));
    let draft = ContactDraft {
        who: Vec::new(),
        network: None,
        at,
        whole_day,
        channel: Channel::from_word(form.value("channel")).unwrap_or(Channel::Other),
        direction: Direction::from_word(form.value("answered")).unwrap_or(Direction::Mutual),
        summary,
        outcome: Outcome::from_word(form.value("outcome")).unwrap_or(Outcome::Nothing),
        origin: ContactOrigin::Manual,
    };
    (Some(draft), next_on)
}

/// Those ticked who may be ticked, at most as many as make a small gathering.
fn ticked(form: &Form, others: &[(String, String)]) -> Vec<ActorId> {
    form.fields
        .all("others")
        .into_iter()
        .filter(|id| others.iter().any(|(known, _)| known == id))
        .filter_map(|id| id.parse().ok())
        .take(network::rhythm::LARGEST_SMALL_EVENT - 2)
        .collect()
}

/// Sets the next date on the rhythm of who logged it, where there is one.
fn set_next(
    w: &mut store::Writing<'_>,
    holder: ActorId,
    other: ActorId,
    next: Option<Micros>,
) -> Result<(), store::Error> {
    let Some(next) = next else { return Ok(()) };
    let Some(kept) = rhythm::kept(w, holder, other)? else { return Ok(()) };
    let day = network::rhythm::day_of(dates::day(next));
    rhythm::change(w, kept.row.id, holder, &rhythm::Change::NextOn(Some(day)))?;
    Ok(())
}

/// `POST /ties/log`
pub async fn log_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let mut shown = look(&asker, &app, form.value("with"), form.value("for")).await?;
    if !form.fields.all("others").is_empty() {
        shown = shown.with_others(&asker, &app).await?;
    }
    let one = shown.on_behalf.as_ref().map_or(actor, |one| one.id);
    if shown.other.as_ref().is_none_or(|other| other.id == one) {
        form.complain("with", t.ties_log_with_problem());
    }
    let (draft, next) = read_contact(&mut form, t, app.house.database().now(), None);
    let (Some(other), Some(mut draft), false) = (&shown.other, draft, form.has_problems()) else {
        let shown = shown.with_others(&asker, &app).await?;
        return show_log(&asker, &form, &shown, &[], "");
    };
    let other = other.id;
    draft.who = vec![one, other];
    draft.who.extend(ticked(&form, &shown.others));
    draft.network = Some(network);
    let mut acting = asker.clone();
    acting.on_behalf_of = shown.on_behalf.as_ref().map(|one| one.id);
    crate::once(&app.house, &acting, &form, move |w| {
        let id = actions::log(w, &draft)?;
        set_next(w, one, other, next)?;
        w.record(&Entry::new(Act::Do, "ties.log", id.0).in_network(network).fields(&["contact"]))?;
        Ok::<_, Problem>(id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/members/{other}")))
}

/// `POST /ties/contact/{member}`: the second of two taps, a contact just now.
pub async fn contact(
    asker: Asker,
    State(app): State<App>,
    Path(member): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, network) = crate::weaver(&asker, &app).await?;
    let other = named(&asker, &app, &member).await?;
    if other.id == actor {
        return Err(Problem::not_found());
    }
    let form = Form::new(asker.texts(), fields);
    let channel = Channel::from_word(form.value("channel")).unwrap_or(Channel::Other);
    let direction = Direction::from_word(form.value("answered"))
        .filter(|direction| *direction != Direction::Broadcast)
        .unwrap_or(Direction::Mutual);
    let other = other.id;
    let waited = asker.waited;
    let id = crate::once(&app.house, &asker, &form, move |w| {
        // just now, also where the form waited for a signal
        let mut draft = ContactDraft::now(actor, other, w.now().plus(-waited), channel);
        draft.direction = direction;
        draft.network = Some(network);
        let id = actions::log(w, &draft)?;
        w.record(&Entry::new(Act::Do, "ties.log", id.0).in_network(network).fields(&["contact"]))?;
        Ok::<_, Problem>(id.to_string())
    })
    .await?;
    let to = if form.value("back") == "/today" {
        format!("/today?logged={id}")
    } else {
        format!("/ties/contacts/{id}?done=logged")
    };
    Ok(see_other(&to))
}

fn contact_id(text: &str) -> Result<ContactId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// `POST /ties/contacts/{id}/undo`
pub async fn undo(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    asker.member()?;
    let id = contact_id(&id)?;
    app.house
        .write(&asker.acting(), move |w| {
            match actions::take_back(w, id) {
                // a second tap finds nothing to take back
                Ok(()) | Err(store::Error::NotFound) => {}
                Err(error) => return Err(Problem::from(error)),
            }
            Ok(w.finished(())?)
        })
        .await?;
    let back = fields.text("back");
    Ok(see_other(if back.starts_with("/members/") || back.starts_with("/ties/") { back } else { "/today" }))
}

#[derive(Template)]
#[template(path = "ties/contact.html")]
struct Detail<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    id: ContactId,
    other: &'a Named,
    choices: Choices,
}

/// What the address of a contact may carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Flash {
    done: String,
}

/// `GET /ties/contacts/{id}`: what may be added to a contact that was logged.
pub async fn detail_form(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(flash): Query<Flash>,
) -> Answer {
    show_detail(&asker, &app, contact_id(&id)?, None, &flash.done).await
}

async fn show_detail(asker: &Asker, app: &App, id: ContactId, form: Option<Form>, done: &str) -> Answer {
    let (actor, _) = asker.member()?;
    let t = Texts(asker.lang);
    let (own, other, others) = app
        .house
        .read(&asker.viewer, move |r| {
            let own = queries::own_contact(r, id)?;
            let first = own.who.iter().copied().find(|one| *one != actor).ok_or_else(Problem::not_found)?;
            let other = members::names(r, &[first])?.pop().ok_or_else(Problem::not_found)?;
            let others = others(r, actor, other.id)?;
            Ok::<_, Problem>((own, other, others))
        })
        .await?;
    let form = form.unwrap_or_else(|| {
        let mut fields = Fields::default();
        for (name, value) in [
            ("channel", own.channel.as_str()),
            ("answered", &own.direction),
            ("summary", &own.summary),
            ("outcome", &own.outcome),
        ] {
            fields.set(name, value);
        }
        fields.set("date", dates::day(own.at).to_string());
        for one in own.who.iter().filter(|one| **one != actor && **one != other.id) {
            fields.add("others", one.to_string());
        }
        Form::new(asker.texts(), fields)
    });
    let mut page = Page::new(asker, t.ties_contact_title(other.called())).at(Place::Members);
    if done == "logged" {
        page = page.done(t.ties_logged(), Some(format!("/ties/contacts/{id}/undo")));
    }
    page.with(&Detail {
        t,
        w: asker.texts(),
        form: &form,
        id,
        other: &other,
        choices: Choices::new(t, others),
    })
}

/// `POST /ties/contacts/{id}`
pub async fn detail_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, _) = crate::weaver(&asker, &app).await?;
    let id = contact_id(&id)?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let own = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::own_contact(r, id)?)).await?;
    let was = Some((own.at, own.whole_day));
    let (draft, next) = read_contact(&mut form, t, app.house.database().now(), was);
    let Some(mut draft) = draft else { return show_detail(&asker, &app, id, Some(form), "").await };
    // the two it began with stay
    draft.who = own.who.iter().copied().take(2).collect();
    let other = draft.who.iter().copied().find(|one| *one != actor).ok_or_else(Problem::not_found)?;
    let choices = app.house.read(&asker.viewer, move |r| others(r, actor, other)).await?;
    draft.who.extend(ticked(&form, &choices));
    app.house
        .write(&asker.acting(), move |w| {
            actions::rewrite(w, id, &draft)?;
            set_next(w, actor, other, next)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/members/{other}")))
}
