//! For the person a slip or a consent sheet was made for: first sign-in, lost password, yes or no.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use network::vocabulary::Consent;
use store::Viewer;
use store::ids::ActorId;
use web::{Answer, Asker, Fields, Form, Page, Problem, see_other};

use super::super::actions::codes::{self, Claiming, Found};
use super::super::{actions, queries};
use super::invitations::{read_login, read_password};
use super::sign_in::{device, said, with_session};
use crate::{App, Texts};

#[derive(Template)]
#[template(path = "joining/code.html")]
struct Code<'a> {
    t: Texts,
    form: &'a Form,
}

/// `GET /joining/c`: type the code of a slip.
pub async fn claim(asker: Asker) -> Answer {
    show_code(&asker, &Form::new(asker.texts(), Fields::default()))
}

fn show_code(asker: &Asker, form: &Form) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_code_title()).plain().with(&Code { t, form })
}

/// Whom a slip is for.
#[derive(Debug, Clone)]
struct For {
    called: String,
    network: String,
    consent: String,
    /// What they sign in with, when they have an account.
    logins: Vec<String>,
    phone: Option<String>,
}

async fn slip(asker: &Asker, app: &App, secret: &str) -> Result<For, Problem> {
    let db = app.house.database().clone();
    let (secret, address) = (secret.to_owned(), asker.address.to_string());
    let found = web::on_a_thread(move || codes::find_claim(&db, &secret, &address).map_err(Problem::from));
    let found = match found.await? {
        Found::Yes(found) => found,
        Found::No => return Err(Problem::not_found()),
        Found::TooMany(wait) => return Err(Problem::too_many(wait)),
    };
    let (Some(person), Some(network)) = (found.actor, found.network) else {
        return Err(Problem::not_found());
    };
    whom(app, person, network).await
}

async fn whom(app: &App, person: ActorId, network: ActorId) -> Result<For, Problem> {
    app.house
        .read(&Viewer::System("slip"), move |r| {
            let looked = queries::codes::person_of(r, network, person)?;
            let logins = match looked.claimed_by {
                Some(account) => queries::codes::names_of(r, account)?,
                None => Vec::new(),
            };
            Ok::<_, Problem>(For {
                called: looked.called().to_owned(),
                phone: queries::codes::phone_of(r, person)?,
                network: looked.network_name,
                consent: looked.consent,
                logins,
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "joining/claim.html")]
struct Claim<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    person: &'a For,
    purpose: String,
    secret: &'a str,
}

fn show_claim(asker: &Asker, form: &Form, person: &For, secret: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_claim_title(&person.called)).plain().with(&Claim {
        t,
        w: asker.texts(),
        form,
        person,
        purpose: t.joining_consent_purpose(&person.network),
        secret,
    })
}

/// `GET /joining/c/{secret}`: the page behind a slip.
pub async fn claim_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let person = slip(&asker, &app, &secret).await?;
    let mut fields = Fields::default();
    fields.set("login", person.phone.clone().unwrap_or_default());
    show_claim(&asker, &Form::new(asker.texts(), fields), &person, &secret)
}

/// `POST /joining/c`, with a typed code, and `POST /joining/c/{secret}`
pub async fn claim_submit(
    asker: Asker,
    State(app): State<App>,
    secret: Option<Path<String>>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let Some(Path(secret)) = secret else {
        return typed(asker, app, fields).await;
    };
    let person = slip(&asker, &app, &secret).await?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let login = if person.logins.is_empty() { read_login(&mut form, t) } else { String::new() };
    let password = read_password(&mut form, t);
    if form.has_problems() {
        return show_claim(&asker, &form, &person, &secret);
    }
    let password_hash =
        web::on_a_thread(move || actions::hash_password(&password).map_err(Problem::from)).await?;
    let agreed = form.fields.ticked("consent") && person.consent != "given";
    let claiming = Claiming {
        secret: secret.clone(),
        login,
        password_hash,
        lang: asker.lang.tag(),
        wording: agreed.then(|| t.joining_consent_purpose(&person.network)),
        device: device(&headers),
    };
    let done = app
        .house
        .write(&asker.acting(), move |w| {
            let session = codes::claim(w, &claiming)?;
            Ok::<_, Problem>(w.finished(session)?)
        })
        .await;
    match done {
        Ok(session) => Ok(with_session(see_other("/"), &session, &asker)),
        Err(problem) if problem.code == "changed" => {
            form.complain("login", t.joining_login_taken());
            show_claim(&asker, &form, &person, &secret)
        }
        Err(problem) => Err(problem),
    }
}

/// A typed code leads to its page; a wrong one is said at the field.
async fn typed(asker: Asker, app: App, fields: Fields) -> Answer {
    let mut form = Form::new(asker.texts(), fields);
    let code: String =
        thai::text::western_digits(form.value("code")).chars().filter(char::is_ascii_digit).collect();
    match slip(&asker, &app, &code).await {
        Ok(_) => Ok(see_other(&format!("/joining/c/{code}"))),
        Err(problem) if problem.code == "not-found" => {
            form.complain("code", Texts(asker.lang).joining_code_wrong());
            show_code(&asker, &form)
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Template)]
#[template(path = "joining/consent.html")]
struct ConsentPage<'a> {
    t: Texts,
    person: &'a For,
    purpose: String,
    secret: &'a str,
}

/// `GET /joining/consent/{secret}`: the person's own yes or no.
pub async fn consent_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let wanted = secret.clone();
    let (person, network) = app
        .house
        .read(&Viewer::System("consent"), move |r| Ok::<_, Problem>(codes::consent_link(r, &wanted)?))
        .await?;
    let person = whom(&app, person, network).await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.joining_consent_title(&person.called)).plain().with(&ConsentPage {
        t,
        purpose: t.joining_consent_purpose(&person.network),
        person: &person,
        secret: &secret,
    })
}

/// `POST /joining/consent/{secret}`
pub async fn consent_submit(
    asker: Asker,
    State(app): State<App>,
    Path(secret): Path<String>,
    fields: Fields,
) -> Answer {
    let state = match fields.text("answer") {
        "yes" => Consent::Given,
        "no" => Consent::Refused,
        _ => return Err(Problem::bad_request()),
    };
    let wanted = secret.clone();
    let (person, network) = app
        .house
        .read(&Viewer::System("consent"), move |r| Ok::<_, Problem>(codes::consent_link(r, &wanted)?))
        .await?;
    let t = Texts(asker.lang);
    let wording = t.joining_consent_purpose(&whom(&app, person, network).await?.network);
    app.house
        .write(&asker.acting(), move |w| {
            codes::answer_consent(w, &secret, state, &wording)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    let thanks =
        if state == Consent::Given { t.joining_consent_yes_done() } else { t.joining_consent_no_done() };
    said(&asker, thanks)
}
