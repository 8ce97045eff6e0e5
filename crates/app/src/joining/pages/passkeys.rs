//! Passkeys: questions and answers as the script in assets/passkeys.js exchanges them. Without scripts there is the
//! password, on the same pages.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use credentials::passkey::Site;
use web::{Answer, Asker, Fields, Form, Problem, see_other};

use super::super::actions::passkeys::{self, Made, PasskeyError, Signed};
use super::access::is_owner;
use super::sign_in::{Back, device, with_session};
use crate::{App, Texts};

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::TooMany(wait) => Self::too_many(wait),
            PasskeyError::Store(error) => error.into(),
            PasskeyError::Refused(why) => {
                tracing::info!("passkey: {why}");
                Self::new(StatusCode::BAD_REQUEST, "passkey", |lang| {
                    Texts(lang).joining_passkey_refused().to_owned()
                })
            }
        }
    }
}

fn site(asker: &Asker) -> Site {
    Site { origin: asker.origin.clone() }
}

/// `POST /joining/passkeys/begin`: what the browser makes a key from; a wrong password is said as text.
pub async fn passkey_begin(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let mut form = Form::new(asker.texts(), fields);
    form.required("label", 60);
    is_owner(&asker, &app, &mut form).await?;
    if let Some(sentence) = form.problem("label").or(form.problem("old")) {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!({ "title": sentence })))
            .into_response());
    }
    let (account, name, site) = (session.account, session.person_name.clone(), site(&asker));
    let db = app.house.database().clone();
    let options = web::on_a_thread(move || {
        db.bookkeeping("passkey", |w| passkeys::begin(w, &site, account, &name)).map_err(Problem::from)
    });
    Ok(Json(options.await?).into_response())
}

/// `POST /joining/passkeys`: keeps the key that the browser made.
pub async fn passkey_register(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let mut form = Form::new(asker.texts(), fields);
    let made = Made {
        label: form.required("label", 60),
        client_data: form.value("client_data").to_owned(),
        attestation: form.value("attestation").to_owned(),
    };
    if form.has_problems() {
        return Err(Problem::invalid("label"));
    }
    let (account, site) = (session.account, site(&asker));
    app.house
        .write(&asker.acting(), move |w| {
            passkeys::register(w, &site, account, &made)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/access"))
}

/// `POST /joining/passkeys/{key}/name`
pub async fn passkey_rename(
    asker: Asker,
    State(app): State<App>,
    Path(key): Path<String>,
    fields: Fields,
) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let label = Form::new(asker.texts(), fields).required("label", 60);
    if label.is_empty() || label.chars().count() > 60 {
        return Err(Problem::invalid("label"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            passkeys::rename(w, account, &key, &label)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/access"))
}

/// `POST /joining/passkeys/{key}/remove`
pub async fn passkey_remove(asker: Asker, State(app): State<App>, Path(key): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    app.house
        .write(&asker.acting(), move |w| {
            passkeys::remove(w, account, &key)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/access"))
}

/// `POST /joining/passkeys/challenge`: what the browser signs.
pub async fn passkey_challenge(asker: Asker, State(app): State<App>) -> Answer {
    let (db, site, address) = (app.house.database().clone(), site(&asker), asker.address.to_string());
    let options =
        web::on_a_thread(move || passkeys::ask(&db, &site, &address).map_err(Problem::from)).await?;
    Ok(Json(options).into_response())
}

/// `POST /joining/passkeys/sign-in`
pub async fn passkey_sign_in(
    asker: Asker,
    State(app): State<App>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let text = |name: &str| fields.text(name).to_owned();
    let signed = Signed {
        id: text("id"),
        client_data: text("client_data"),
        authenticator_data: text("authenticator_data"),
        signature: text("signature"),
    };
    let back = Back { back: text("back") };
    let (db, site, address) = (app.house.database().clone(), site(&asker), asker.address.to_string());
    let device = device(&headers);
    let secret = web::on_a_thread(move || {
        passkeys::sign_in(&db, &site, &signed, &address, &device).map_err(Problem::from)
    });
    Ok(with_session(see_other(back.safe()), &secret.await?, &asker))
}
