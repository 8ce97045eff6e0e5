use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::rights::{Action, may};
use network::vocabulary::{MembershipState, Role};
use store::ids::{ActorId, ConcernId, IntentId};
use store::{Reading, Writing};
use web::{Answer, Asker, Fields, Lang, Page, Place, Problem, see_other};

use super::actions::{self, RoleError};
use super::queries::{self, Application, Concern};
use crate::members;
use crate::{App, Texts, allowed, qr};

impl From<RoleError> for Problem {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::LastCoordinator => Self::new(StatusCode::CONFLICT, "last-coordinator", |lang| {
                Texts(lang).joining_leave_last_coordinator().to_owned()
            }),
            RoleError::Store(error) => error.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "administration/index.html")]
struct Index {
    t: Texts,
    w: web::Texts,
    operator: bool,
    asks: bool,
    link: String,
    qr: String,
}

/// `GET /administration`
pub async fn index(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let how = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ManageMembers)?;
            Ok::<_, Problem>(queries::joining(r, network)?)
        })
        .await?;
    let t = Texts(asker.lang);
    let link = format!("{}/joining/ask/{network}", asker.origin);
    let qr = qr::svg(&link, t.administration_ask_qr());
    Page::new(&asker, t.administration_title()).at(Place::Networks).with(&Index {
        t,
        w: asker.texts(),
        operator: asker.viewer.is_operator(),
        asks: how == "ask",
        link,
        qr,
    })
}

/// Does what a coordinator asks for in the network that is shown, and goes on to a page.
async fn administer(
    asker: &Asker,
    app: &App,
    action: Action,
    to: String,
    work: impl Fn(&mut Writing<'_>, ActorId) -> Result<(), Problem> + Send + 'static,
) -> Answer {
    let (_, network) = asker.member_and_network()?;
    app.house
        .write(&asker.acting(), move |w| {
            allowed(w, network, action)?;
            work(w, network)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&to))
}

/// `POST /administration/joining`: by invitation only, or by asking as well.
pub async fn joining_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let how = actions::joining_word(fields.text("joining")).ok_or_else(Problem::bad_request)?;
    administer(&asker, &app, Action::ManageMembers, "/administration".to_owned(), move |w, network| {
        Ok(actions::change_joining(w, network, how)?)
    })
    .await
}

#[derive(Template)]
#[template(path = "administration/applications.html")]
struct Applications<'a> {
    t: Texts,
    lang: Lang,
    network: ActorId,
    rows: &'a [Application],
}

/// `GET /administration/applications`
pub async fn applications(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let rows = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ManageMembers)?;
            Ok::<_, Problem>(queries::applications(r, network)?)
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.administration_applications()).at(Place::Networks).with(&Applications {
        t,
        lang: asker.lang,
        network,
        rows: &rows,
    })
}

/// Answers somebody who asks to join the network, or to belong to the group or organization that the form names.
async fn answer(asker: &Asker, app: &App, id: &str, fields: &Fields, state: MembershipState) -> Answer {
    let person: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let whole = match fields.text("whole") {
        "" => None,
        id => Some(id.parse::<ActorId>().map_err(|_| Problem::not_found())?),
    };
    let to = "/administration/applications".to_owned();
    administer(asker, app, Action::ManageMembers, to, move |w, network| {
        match whole.filter(|whole| *whole != network) {
            Some(whole) => actions::answer_belonging(w, network, whole, person, state)?,
            None if state == MembershipState::Member => actions::accept(w, network, person)?,
            None => actions::decline(w, network, person)?,
        }
        Ok(())
    })
    .await
}

/// `POST /administration/applications/{person}/accept`
pub async fn accept(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    answer(&asker, &app, &id, &fields, MembershipState::Member).await
}

/// `POST /administration/applications/{person}/decline`
pub async fn decline(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    answer(&asker, &app, &id, &fields, MembershipState::Removed).await
}

#[derive(Template)]
#[template(path = "administration/concerns.html")]
struct Concerns<'a> {
    t: Texts,
    lang: Lang,
    rows: &'a [Concern],
}

/// Where what a concern is about can be seen.
fn address(concern: &Concern) -> String {
    match &concern.kind {
        Some(_) => format!("/members/{}", ActorId(concern.object)),
        None => format!("/giving/{}", IntentId(concern.object)),
    }
}

/// `GET /administration/concerns`
pub async fn concerns(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let rows = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::SettleConcerns)?;
            Ok::<_, Problem>(queries::concerns(r, network)?)
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.administration_concerns()).at(Place::Networks).with(&Concerns {
        t,
        lang: asker.lang,
        rows: &rows,
    })
}

/// `POST /administration/concerns/{id}/settle`
pub async fn settle(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: ConcernId = id.parse().map_err(|_| Problem::not_found())?;
    let answer: String = fields.tidy("answer").chars().take(1000).collect();
    let to = "/administration/concerns".to_owned();
    administer(&asker, &app, Action::SettleConcerns, to, move |w, network| {
        Ok(actions::settle(w, network, id, &answer)?)
    })
    .await
}

#[derive(Template)]
#[template(path = "administration/panel.html")]
struct Panel<'a> {
    t: Texts,
    id: ActorId,
    role: &'a str,
    roles: Vec<(&'static str, &'static str)>,
}

/// On a member's page: their role in the network, for those who may change it.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, id: ActorId) -> Result<String, Problem> {
    let (Some(actor), Some(network)) = (asker.actor(), asker.network()) else { return Ok(String::new()) };
    let manages = members::role_in(r, network, actor)?.is_some_and(|role| may(role, Action::ManageMembers));
    let (true, Some(role)) = (manages, members::role_in(r, network, id)?) else { return Ok(String::new()) };
    let t = Texts(asker.lang);
    let roles = Role::ALL.iter().map(|role| (role.word(), members::role_label(t, role.word()))).collect();
    Ok(Panel { t, id, role: role.word(), roles }.render()?)
}

/// `POST /administration/members/{id}/role`
pub async fn role_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let member: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let role = Role::from_word(fields.text("role")).ok_or_else(Problem::bad_request)?;
    administer(&asker, &app, Action::ManageMembers, format!("/members/{member}"), move |w, network| {
        Ok(actions::change_role(w, network, member, role)?)
    })
    .await
}

/// `POST /administration/members/{id}/remove`
pub async fn remove(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let member: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    administer(&asker, &app, Action::ManageMembers, "/members".to_owned(), move |w, network| {
        Ok(actions::remove(w, network, member)?)
    })
    .await
}

#[derive(Template)]
#[template(path = "administration/letters.html")]
struct Letters<'a> {
    t: Texts,
    lang: Lang,
    rows: &'a [post::DeliveryRow],
}

fn state(t: Texts, word: &str) -> &'static str {
    match word {
        "perhaps" => t.administration_letter_perhaps(),
        "failed" => t.administration_letter_failed(),
        _ => t.administration_letter_refused(),
    }
}

/// Letters belong to no network: who runs the instance looks after them.
pub(super) fn operator(asker: &Asker) -> Result<(), Problem> {
    asker.member()?;
    if asker.viewer.is_operator() { Ok(()) } else { Err(Problem::forbidden()) }
}

/// `GET /administration/letters`: letters that wait for a person.
pub async fn letters(asker: Asker, State(app): State<App>) -> Answer {
    operator(&asker)?;
    let rows = app.house.read(&asker.viewer, |r| Ok::<_, Problem>(post::waiting(r, 100)?)).await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.administration_letters()).with(&Letters { t, lang: asker.lang, rows: &rows })
}

/// `POST /administration/letters/{id}/decide`
pub async fn decide_letter(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    operator(&asker)?;
    let id: post::DeliveryId = id.parse().map_err(|_| Problem::not_found())?;
    let decision = match fields.text("decision") {
        "again" => post::Decision::SendAgain,
        "close" => post::Decision::Close,
        _ => return Err(Problem::bad_request()),
    };
    app.house
        .write(&asker.acting(), move |w| {
            post::decide(w, id, decision)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/administration/letters"))
}
