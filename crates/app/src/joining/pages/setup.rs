//! The first page of a fresh instance, behind the link that `saan serve` prints.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use store::{Viewer, sessions};
use web::{Answer, Asker, Fields, Form, Page, Problem, see_other};

use super::super::actions::{self, setup};
use super::invitations::{read_login, read_password};
use super::sign_in::{device, with_session};
use crate::{App, Texts};

#[derive(Template)]
#[template(path = "joining/setup.html")]
struct SetupPage<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    secret: &'a str,
}

async fn waits(app: &App, secret: &str) -> Result<(), Problem> {
    let secret = secret.to_owned();
    let waits = app
        .house
        .read(&Viewer::System("setup"), move |r| Ok::<_, Problem>(setup::setup_waits(r, &secret)?))
        .await?;
    if waits { Ok(()) } else { Err(Problem::not_found()) }
}

fn show(asker: &Asker, form: &Form, secret: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_setup_title()).plain().with(&SetupPage { t, w: asker.texts(), form, secret })
}

/// `GET /joining/setup/{token}`
pub async fn setup_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    waits(&app, &secret).await?;
    show(&asker, &Form::new(asker.texts(), Fields::default()), &secret)
}

/// `POST /joining/setup/{token}`
pub async fn setup_submit(
    asker: Asker,
    State(app): State<App>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    waits(&app, &secret).await?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let network = form.required("network", 200);
    let name = form.required("name", 200);
    let login = read_login(&mut form, t);
    let password = read_password(&mut form, t);
    if form.has_problems() {
        return show(&asker, &form, &secret);
    }
    let password_hash =
        web::on_a_thread(move || actions::hash_password(&password).map_err(Problem::from)).await?;
    let first = setup::First {
        wording: t.joining_consent_purpose(&network),
        name,
        login,
        password_hash,
        lang: asker.lang.tag(),
        network,
    };
    let device = device(&headers);
    let session = app
        .house
        .write(&asker.acting(), move |w| {
            let (account, person) = setup::first_operator(w, &first, Some(&secret))?;
            let session = sessions::begin(w, account, person, &device)?;
            Ok::<_, Problem>(w.finished(session)?)
        })
        .await?;
    Ok(with_session(see_other("/"), &session, &asker))
}
