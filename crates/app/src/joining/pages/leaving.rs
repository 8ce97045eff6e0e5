//! Leaving and taking everything along, blocking, reporting to the coordinators.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::rights::{Action, may};
use store::ids::{ActorId, IntentId};
use store::{Reading, Viewer, audience};
use web::{Answer, Asker, Fields, Form, Page, Problem, cookies, see_other};

use super::super::actions::leaving::{self, LeaveError};
use super::super::queries;
use super::sign_in::said;
use crate::members::{self, Named};
use crate::{App, Texts};

impl From<LeaveError> for Problem {
    fn from(error: LeaveError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            LeaveError::LastCoordinator => {
                conflict("last-coordinator", Texts::joining_leave_last_coordinator)
            }
            LeaveError::LastOperator => conflict("last-operator", Texts::joining_leave_last_operator),
            LeaveError::Store(error) => error.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "joining/leave.html")]
struct Leave<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    networks: &'a [(ActorId, String)],
    own: bool,
    acting_name: &'a str,
    has_password: bool,
}

/// `GET /joining/leave`: what leaving means, one network at a time or altogether.
pub async fn leave_form(asker: Asker, State(app): State<App>) -> Answer {
    show_leave(&asker, &app, &Form::new(asker.texts(), Fields::default())).await
}

async fn show_leave(asker: &Asker, app: &App, form: &Form) -> Answer {
    let (actor, session) = asker.member()?;
    let networks =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::networks_of(r, actor)?)).await?;
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_leave_title()).with(&Leave {
        t,
        w: asker.texts(),
        form,
        networks: &networks,
        own: session.person == actor,
        acting_name: &session.acting_name,
        has_password: super::settings::has_password(asker, app).await?,
    })
}

/// `POST /joining/leave/{network}`
pub async fn leave_submit(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let network: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            leaving::leave(w, network, actor)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/me"))
}

/// `POST /joining/erase`: for the person themselves, with the password once more.
pub async fn erase_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, session) = asker.member()?;
    if session.person != actor {
        return Err(Problem::forbidden());
    }
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    if !form.fields.ticked("sure") {
        form.complain("sure", asker.texts().web_required());
    }
    if !super::settings::password_is_right(&asker, &app, form.value("password")).await? {
        form.complain("password", t.joining_password_wrong());
    }
    if form.has_problems() {
        return show_leave(&asker, &app, &form).await;
    }
    app.house
        .write(&asker.acting(), move |w| {
            // the name stands in the language most members read
            leaving::erase(w, actor, Texts(web::Lang::Thai).joining_former_member())?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    let stranger = Asker { viewer: Viewer::Anonymous, session: None, secret: None, ..asker.clone() };
    let mut response = said(&stranger, t.joining_erased())?;
    if let Some(cookie) = cookies::set(cookies::SESSION, "", 0, &asker.origin) {
        response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /joining/block/{member}`: blocks, or takes a block back.
pub async fn block(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let other: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let back = fields.ticked("undo");
    app.house
        .write(&asker.acting(), move |w| {
            if back {
                leaving::unblock(w, actor, other)?;
            } else {
                if !audience::may_see(w, other.0)? {
                    return Err(Problem::not_found());
                }
                leaving::block(w, actor, other)?;
            }
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/settings"))
}

#[derive(Template)]
#[template(path = "joining/report.html")]
struct Report<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    object: &'a str,
}

/// What may be reported: a member, an offer or a need.
fn object(id: &str) -> Result<i64, Problem> {
    id.parse::<ActorId>()
        .map(|id| id.0)
        .or_else(|_| id.parse::<IntentId>().map(|id| id.0))
        .map_err(|_| Problem::not_found())
}

/// `GET /joining/report/{object}`
pub async fn report_form(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    asker.member_and_network()?;
    let wanted = object(&id)?;
    if !app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(audience::may_see(r, wanted)?)).await? {
        return Err(Problem::not_found());
    }
    show_report(&asker, &Form::new(asker.texts(), Fields::default()), &id)
}

fn show_report(asker: &Asker, form: &Form, object: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_report_title()).with(&Report { t, w: asker.texts(), form, object })
}

/// `POST /joining/report/{object}`
pub async fn report_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let wanted = object(&id)?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.required("words", 2000);
    if form.has_problems() {
        return show_report(&asker, &form, &id);
    }
    crate::once(&app.house, &asker, &form, move |w| {
        Ok::<_, Problem>(leaving::report(w, network, wanted, actor, &words)?.to_string())
    })
    .await?;
    said(&asker, Texts(asker.lang).joining_report_done())
}

#[derive(Template)]
#[template(path = "joining/panel.html")]
struct Panel<'a> {
    t: Texts,
    person: &'a Named,
    consent: &'a str,
    claimed: bool,
    blocked: bool,
    looks_after: bool,
    names_stewards: bool,
}

/// On a member's page: what a coordinator does for somebody without an account, and block and report for everybody.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, id: ActorId) -> Result<String, Problem> {
    let Some(actor) = asker.actor() else { return Ok(String::new()) };
    let (Some(network), Some(person)) = (asker.network(), members::names(r, &[id])?.pop()) else {
        return Ok(String::new());
    };
    let role = members::role_in(r, network, actor)?;
    let enters = role.is_some_and(|role| may(role, Action::EnterMembers));
    let looked = if enters && person.kind == "person" && actor != id {
        match queries::codes::person_of(r, network, id) {
            Ok(looked) => Some(looked),
            Err(store::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        }
    } else {
        None
    };
    let group = matches!(person.kind.as_str(), "group" | "organization");
    let names_stewards = group && queries::settings::may_name_stewards(r, network, id, asker, enters)?;
    if actor == id && !names_stewards {
        return Ok(String::new());
    }
    let panel = Panel {
        t: Texts(asker.lang),
        consent: looked.as_ref().map_or("", |looked| looked.consent.as_str()),
        claimed: looked.as_ref().is_some_and(|looked| looked.claimed_by.is_some()),
        looks_after: looked.is_some(),
        blocked: queries::leaving::has_blocked(r, actor, id)?,
        names_stewards,
        person: &person,
    };
    Ok(panel.render()?)
}
