//! To another service and back.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use credentials::provider::{Back, Fetch, Settings};
use store::Error;
use web::{Answer, Asker, Fields, Form, Page, Problem, cookies, see_other};

use super::super::actions;
use super::super::actions::providers::{self, Aim, Finished, Opened, ProviderError};
use super::access::is_owner;
use super::sign_in::{device, said, with_session};
use crate::{App, Texts};

/// The cookie of what was begun in this browser.
const COOKIE: &str = "saan_way";

impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::TooMany(wait) => Self::too_many(wait),
            ProviderError::Store(error) => error.into(),
            ProviderError::Refused(why) => {
                tracing::warn!("provider: {why}");
                Self::new(StatusCode::BAD_REQUEST, "provider", |lang| {
                    Texts(lang).joining_way_refused().to_owned()
                })
            }
        }
    }
}

#[derive(Template)]
#[template(path = "joining/leave_for.html")]
struct LeaveFor<'a> {
    t: Texts,
    label: &'a str,
    to: &'a str,
}

pub(super) fn known(app: &App, name: &str) -> Result<(Settings, Arc<dyn Fetch>), Problem> {
    let (settings, fetch) = app.providers.find(name).ok_or_else(Problem::not_found)?;
    Ok((settings.clone(), Arc::clone(fetch)))
}

/// Each service comes back to an address of its own, so that none can pass for another.
fn redirect(asker: &Asker, settings: &Settings) -> String {
    format!("{}/joining/with/{}/back", asker.origin, settings.name)
}

pub(super) async fn leave_for(asker: &Asker, app: &App, name: &str, aim: Aim) -> Answer {
    let (settings, fetch) = known(app, name)?;
    let (db, redirect) = (app.house.database().clone(), redirect(asker, &settings));
    let (address, asked) = (asker.address.to_string(), settings.clone());
    let begun = web::on_a_thread(move || {
        providers::begin(&db, (&asked, fetch.as_ref()), &redirect, aim, &address).map_err(Problem::from)
    });
    let (secret, to) = begun.await?;
    let t = Texts(asker.lang);
    // a page and not a redirect: forms may lead to this site alone (form-action 'self')
    let page = Page::new(asker, t.joining_way_leave(&settings.label)).plain();
    let mut response = page.with(&LeaveFor { t, label: &settings.label, to: &to })?;
    if let Some(cookie) = cookies::set(COOKIE, &secret, 15 * 60, &asker.origin) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /joining/with/{provider}`: to sign in.
pub async fn with_provider(asker: Asker, State(app): State<App>, Path(name): Path<String>) -> Answer {
    leave_for(&asker, &app, &name, Aim::SignIn).await
}

/// `POST /joining/with/{provider}/tie`: to open one's own account by it from now on.
pub async fn tie_provider(
    asker: Asker,
    State(app): State<App>,
    Path(name): Path<String>,
    fields: Fields,
) -> Answer {
    let (_, session) = asker.member()?;
    known(&app, &name)?;
    let mut form = Form::new(asker.texts(), fields);
    is_owner(&asker, &app, &mut form).await?;
    if form.has_problems() {
        return super::access::show(&asker, &app, &form, None).await;
    }
    leave_for(&asker, &app, &name, Aim::Tie(session.account)).await
}

/// `POST /joining/with/{provider}/untie`
pub async fn untie_provider(
    asker: Asker,
    State(app): State<App>,
    Path(name): Path<String>,
    fields: Fields,
) -> Answer {
    let (_, session) = asker.member()?;
    known(&app, &name)?;
    let (account, word) = (session.account, fields.text("name").to_owned());
    app.house
        .write(&asker.acting(), move |w| {
            actions::remove_name(w, account, providers::KIND, &word)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/access"))
}

/// `GET /joining/with/{provider}/back`: the browser comes back from the service.
pub async fn provider_back(
    asker: Asker,
    State(app): State<App>,
    Path(name): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Answer {
    let (settings, fetch) = known(&app, &name)?;
    let secret = cookies::get(&headers, COOKIE).ok_or_else(|| {
        Problem::from(ProviderError::from(credentials::Refused("nothing was begun in this browser")))
    })?;
    let (db, redirect) = (app.house.database().clone(), redirect(&asker, &settings));
    let finished = web::on_a_thread(move || {
        providers::finish(&db, (&settings, fetch.as_ref()), &redirect, &secret, &back).map_err(Problem::from)
    });
    let Finished { account, coming, identity } = finished.await?;
    let t = Texts(asker.lang);
    if let Some(account) = account {
        // who began must be who comes back
        if asker.session.as_ref().map(|session| session.account) != Some(account) {
            return Err(Problem::forbidden());
        }
        let acting = asker.acting();
        let tied = app.house.write(&acting, move |w| {
            providers::tie(w, account, &identity.name())?;
            w.finished(())
        });
        return match tied.await {
            Ok(()) => Ok(see_other("/joining/access")),
            Err(Error::Taken(_)) => said(&asker, t.joining_way_taken()),
            Err(error) => Err(error.into()),
        };
    }
    let (device, lang) = (device(&headers), asker.lang);
    if let Some(coming) = coming {
        let secret = app
            .house
            .write(&asker.acting(), move |w| {
                let secret = providers::join(w, &identity, &coming, &device)?;
                Ok::<_, Problem>(w.finished(secret)?)
            })
            .await?;
        return Ok(with_session(see_other("/"), &secret, &asker));
    }
    let setup = &app.house.setup;
    let letters = setup.public_url.clone().filter(|_| setup.letters);
    let opened = app.house.database().clone();
    let opened = web::on_a_thread(move || {
        opened
            .bookkeeping("provider", |w| providers::open(w, &identity, &device, letters.as_deref(), lang))
            .map_err(Problem::from)
    });
    match opened.await? {
        Opened::Yes(secret) => Ok(with_session(see_other("/"), &secret, &asker)),
        Opened::Unknown => said(&asker, t.joining_way_unknown()),
    }
}

#[derive(Template)]
#[template(path = "joining/link.html")]
struct LinkPage<'a> {
    t: Texts,
    issuer: &'a str,
    secret: &'a str,
}

/// `GET /joining/link/{secret}`: the letter's question.
pub async fn link_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let wanted = secret.clone();
    let issuer = app
        .house
        .read(&store::Viewer::System("link"), move |r| Ok::<_, Problem>(providers::linkable(r, &wanted)?))
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.joining_link_title()).plain().with(&LinkPage { t, issuer: &issuer, secret: &secret })
}

/// `POST /joining/link/{secret}`
pub async fn link_submit(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    app.house
        .write(&asker.acting(), move |w| {
            providers::link(w, &secret)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    said(&asker, Texts(asker.lang).joining_link_done())
}
