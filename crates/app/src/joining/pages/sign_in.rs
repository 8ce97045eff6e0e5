use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::sessions;
use web::{Answer, Asker, Fields, Form, Lang, Page, Problem, cookies, see_other};

use super::super::{actions, queries};
use crate::members::{self, Named};
use crate::{App, Texts};

/// Where to go on after signing in or changing the language.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    pub back: String,
}

impl Back {
    /// Only an address of ours: a link must not send people elsewhere.
    pub fn safe(&self) -> &str {
        let ours = self.back.starts_with('/')
            && !self.back.starts_with("//")
            && !self.back.contains(['\\', '\n', '\r']);
        if ours { &self.back } else { "/" }
    }
}

#[derive(Template)]
#[template(path = "joining/sign_in.html")]
struct SignIn<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    demo: bool,
    letters: bool,
    script: String,
    providers: &'a [credentials::provider::Settings],
}

/// `GET /joining/sign-in`
pub async fn sign_in(asker: Asker, State(app): State<App>, Query(back): Query<Back>) -> Answer {
    let mut fields = Fields::default();
    fields.set("back", back.safe());
    show_sign_in(&asker, &app, &Form::new(asker.texts(), fields))
}

fn show_sign_in(asker: &Asker, app: &App, form: &Form) -> Answer {
    let t = Texts(asker.lang);
    let main = SignIn {
        t,
        w: asker.texts(),
        form,
        demo: app.house.setup.demo,
        letters: app.house.setup.letters,
        providers: &app.providers.list,
        script: web::assets::address("passkeys.js"),
    };
    Page::new(asker, t.joining_sign_in_title()).plain().with(&main)
}

/// `POST /joining/sign-in`
pub async fn sign_in_submit(
    asker: Asker,
    State(app): State<App>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let name = form.required("name", 200);
    let password = form.value("password").to_owned();
    if password.is_empty() {
        form.complain("password", asker.texts().web_required());
    }
    if form.has_problems() {
        return show_sign_in(&asker, &app, &form);
    }
    let device = device(&headers);
    let db = app.house.database().clone();
    let address = asker.address.to_string();
    let outcome = web::on_a_thread(move || actions::sign_in(&db, &name, &password, &address, &device)).await;
    match outcome? {
        actions::SignedIn::Yes(secret) => {
            let back = Back { back: form.value("back").to_owned() };
            Ok(with_session(see_other(back.safe()), &secret, &asker))
        }
        actions::SignedIn::TooMany(wait) => Err(Problem::too_many(wait)),
        actions::SignedIn::No => {
            form.complain("password", t.joining_sign_in_wrong());
            show_sign_in(&asker, &app, &form)
        }
    }
}

/// What the browser says it is, for the list of sessions.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    agent.unwrap_or_default().chars().take(120).collect()
}

/// Puts the session's cookie on an answer.
pub fn with_session(mut response: Response, secret: &str, asker: &Asker) -> Response {
    let seconds = sessions::LASTS / 1_000_000;
    if let Some(cookie) = cookies::set(cookies::SESSION, secret, seconds, &asker.origin) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /joining/sign-out`
pub async fn sign_out(asker: Asker, State(app): State<App>) -> Answer {
    if let Some(secret) = asker.secret.clone() {
        let db = app.house.database().clone();
        web::on_a_thread(move || db.bookkeeping("sign-out", |w| sessions::end(w, &secret))).await?;
    }
    let mut response = see_other("/joining/sign-in");
    if let Some(cookie) = cookies::set(cookies::SESSION, "", 0, &asker.origin) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /language`: the other language, on the same page.
pub async fn language(asker: Asker, Query(back): Query<Back>) -> Response {
    let other = match asker.lang {
        Lang::Thai => Lang::English,
        Lang::English => Lang::Thai,
    };
    let mut response = see_other(back.safe()).into_response();
    if let Some(cookie) = cookies::set(cookies::LANGUAGE, other.tag(), 365 * 86_400, &asker.origin) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "joining/me.html")]
struct Me<'a> {
    t: Texts,
    w: web::Texts,
    person: &'a Named,
    acting_as: ActorId,
    /// Oneself first, then the others.
    voices: Vec<&'a Named>,
    networks: &'a [(ActorId, String)],
    network: Option<ActorId>,
    waiting: &'a [String],
    coordinates: bool,
}

impl Me<'_> {
    fn shows(&self, network: &ActorId) -> bool {
        self.network.as_ref() == Some(network)
    }

    fn acts(&self, id: &ActorId) -> bool {
        self.acting_as == *id
    }
}

/// `GET /joining/me`: who I am here, for whom I act, which network I see.
pub async fn me(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, session) = asker.member()?;
    let person = session.person;
    let (names, acts_for, networks, waiting) = app
        .house
        .read(&asker.viewer, move |r| {
            let acts_for = queries::acts_for(r, person)?;
            Ok::<_, Problem>((
                members::names(r, &[person])?,
                members::names(r, &acts_for)?,
                queries::networks_of(r, actor)?,
                queries::invitations::waiting(r, person)?,
            ))
        })
        .await?;
    let t = Texts(asker.lang);
    let person = names.first().cloned().unwrap_or_else(|| Named {
        id: session.person,
        kind: "person".to_owned(),
        name: session.person_name.clone(),
        nickname: String::new(),
    });
    Page::new(&asker, t.joining_me_title()).with(&Me {
        t,
        w: asker.texts(),
        person: &person,
        acting_as: actor,
        voices: std::iter::once(&person).chain(&acts_for).collect(),
        networks: &networks,
        network: session.network,
        waiting: &waiting,
        coordinates: asker.coordinates(),
    })
}

/// `POST /joining/act-as/{id}`: act for a group or organization that named me, or for myself again; or show another
/// of my networks.
pub async fn act_as(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, session) = asker.member()?;
    let wanted: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let (person, secret) = (session.person, asker.secret.clone().ok_or_else(Problem::sign_in)?);
    app.house
        .write(&asker.acting(), move |w| {
            let networks = queries::networks_of(w, actor)?;
            if networks.iter().any(|(network, _)| *network == wanted) {
                sessions::choose_network(w, &secret, wanted)?;
            } else if wanted == person || queries::acts_for(w, person)?.contains(&wanted) {
                sessions::act_as(w, &secret, wanted)?;
            } else {
                return Err(Problem::not_found());
            }
            Ok(w.done(&Entry::new(Act::Do, "joining.act_as", wanted.0), ())?)
        })
        .await?;
    Ok(see_other("/today"))
}

#[derive(Template)]
#[template(path = "joining/said.html")]
struct Said<'a> {
    w: web::Texts,
    sentence: &'a str,
}

/// A page that says what was done, and nothing else.
pub fn said(asker: &Asker, sentence: &str) -> Answer {
    let page = Page::new(asker, sentence);
    let page = if asker.session.is_some() { page } else { page.plain() };
    page.with(&Said { w: asker.texts(), sentence })
}
