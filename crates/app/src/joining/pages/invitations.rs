//! Inviting by link and QR code, coming in by one, asking to join.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use credentials::provider::Settings;
use network::rights::Action;
use store::ids::{ActorId, InvitationId};
use store::{Viewer, Writing, sessions};
use web::{Answer, Asker, Fields, Form, Page, Problem, see_other};

use super::super::actions;
use super::super::actions::invitations::{self, Arrival, NewPerson};
use super::super::actions::providers::{Aim, Coming};
use super::super::queries::{self, invitations::Invitation};
use super::providers::{known, leave_for};
use super::sign_in::{device, with_session};
use crate::{App, Texts, allowed, dates, qr};

#[derive(Template)]
#[template(path = "joining/invite.html")]
struct Invite<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    open: Vec<(&'a Invitation, String)>,
}

/// `GET /joining/invite`: make a link, and the links one made.
pub async fn invite_form(asker: Asker, State(app): State<App>) -> Answer {
    show_invite(&asker, &app, &Form::new(asker.texts(), Fields::default())).await
}

async fn show_invite(asker: &Asker, app: &App, form: &Form) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let open = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::Invite)?;
            Ok::<_, Problem>(queries::invitations::of_member(r, network, actor)?)
        })
        .await?;
    let t = Texts(asker.lang);
    let open = open.iter().map(|one| (one, dates::short(one.expires_at, asker.lang))).collect();
    Page::new(asker, t.joining_invite_title()).with(&Invite { t, w: asker.texts(), form, open })
}

/// `POST /joining/invite`
pub async fn invite_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let mut form = Form::new(asker.texts(), fields);
    let message = form.optional("message", 500);
    if form.has_problems() {
        return show_invite(&asker, &app, &form).await;
    }
    let id = crate::once(&app.house, &asker, &form, move |w| {
        allowed(w, network, Action::Invite)?;
        Ok::<_, Problem>(invitations::invite(w, network, actor, &message)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/joining/invite/{id}")))
}

#[derive(Template)]
#[template(path = "joining/invitation.html")]
struct Link<'a> {
    t: Texts,
    invitation: &'a Invitation,
    link: String,
    qr: String,
    expires: String,
    share: String,
}

/// `GET /joining/invite/{id}`: the link and its QR code, to show, share or print.
pub async fn invitation(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id: InvitationId = id.parse().map_err(|_| Problem::not_found())?;
    let found = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::invitations::own(r, id, actor)?))
        .await?;
    let t = Texts(asker.lang);
    let link = format!("{}/joining/i/{}", asker.origin, found.token);
    let title = t.joining_invited_title(&found.from_name, &found.network_name);
    let share = if found.message.is_empty() { title } else { format!("{title}\n{}", found.message) };
    Page::new(&asker, t.joining_invite_title()).with(&Link {
        t,
        qr: qr::svg(&link, t.joining_invite_qr()),
        invitation: &found,
        expires: dates::short(found.expires_at, asker.lang),
        link,
        share,
    })
}

/// `POST /joining/invite/{id}/withdraw`
pub async fn withdraw_invitation(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id: InvitationId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            invitations::withdraw(w, id, actor)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/invite"))
}

/// Where a sign-up comes from, and what its page says.
#[derive(Debug, Clone)]
struct Welcome {
    network: ActorId,
    network_name: String,
    about: String,
    title: String,
    message: String,
    action: String,
    arrival: Option<(InvitationId, ActorId)>,
}

#[derive(Template)]
#[template(path = "joining/sign_up.html")]
struct SignUp<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    welcome: &'a Welcome,
    purpose: String,
    signed_in: Option<&'a str>,
    asks: bool,
    sign_in: String,
    /// Services by which an invitation can be taken up.
    providers: &'a [Settings],
}

fn show_sign_up(asker: &Asker, app: &App, welcome: &Welcome, form: &Form) -> Answer {
    let t = Texts(asker.lang);
    let back: String = form_urlencoded::byte_serialize(welcome.action.as_bytes()).collect();
    Page::new(asker, welcome.title.as_str()).plain().with(&SignUp {
        t,
        w: asker.texts(),
        form,
        welcome,
        purpose: t.joining_consent_purpose(&welcome.network_name),
        signed_in: asker.session.as_ref().map(|session| session.acting_name.as_str()),
        asks: welcome.arrival.is_none(),
        sign_in: format!("/joining/sign-in?back={back}"),
        providers: if welcome.arrival.is_some() { &app.providers.list } else { &[] },
    })
}

async fn welcome_by_link(asker: &Asker, app: &App, token: &str) -> Result<Welcome, Problem> {
    let wanted = token.to_owned();
    let found = app
        .house
        .read(&Viewer::System("invitation"), move |r| {
            Ok::<_, Problem>(queries::invitations::by_token(r, &wanted)?)
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let title = Texts(asker.lang).joining_invited_title(&found.from_name, &found.network_name);
    Ok(Welcome {
        network: found.network,
        network_name: found.network_name,
        about: found.about,
        title,
        message: found.message,
        action: format!("/joining/i/{token}"),
        arrival: Some((found.id, found.from)),
    })
}

async fn welcome_to_ask(asker: &Asker, app: &App, id: &str) -> Result<Welcome, Problem> {
    let network: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let (network_name, about) = app
        .house
        .read(&Viewer::System("ask to join"), move |r| {
            Ok::<_, Problem>(queries::invitations::open_to_ask(r, network)?)
        })
        .await?;
    let title = Texts(asker.lang).joining_ask_title(&network_name);
    Ok(Welcome {
        network,
        network_name,
        about,
        title,
        message: String::new(),
        action: format!("/joining/ask/{network}"),
        arrival: None,
    })
}

/// `GET /joining/i/{token}`: who invites, into what, and the way in. Open to everybody who has the link.
pub async fn invited(asker: Asker, State(app): State<App>, Path(token): Path<String>) -> Answer {
    let welcome = welcome_by_link(&asker, &app, &token).await?;
    if let Some((id, _)) = welcome.arrival {
        let db = app.house.database().clone();
        web::on_a_thread(move || {
            db.bookkeeping("invitation", |w| queries::invitations::count_opened(w, id)).map_err(Problem::from)
        })
        .await?;
    }
    show_sign_up(&asker, &app, &welcome, &Form::new(asker.texts(), Fields::default()))
}

/// `POST /joining/i/{token}`
pub async fn invited_submit(
    asker: Asker,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let welcome = welcome_by_link(&asker, &app, &token).await?;
    come_in(&asker, &app, welcome, &headers, fields).await
}

/// `POST /joining/i/{token}/with/{provider}`: takes the invitation up by another service, without a password of one's own.
pub async fn invited_with(
    asker: Asker,
    State(app): State<App>,
    Path((token, provider)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let welcome = welcome_by_link(&asker, &app, &token).await?;
    known(&app, &provider)?;
    let mut form = Form::new(asker.texts(), fields);
    let t = Texts(asker.lang);
    let (name, nickname) = (form.required("name", 200), form.optional("nickname", 80));
    if !form.fields.ticked("consent") {
        form.complain("consent", t.joining_consent_needed());
    }
    if form.has_problems() {
        return show_sign_up(&asker, &app, &welcome, &form);
    }
    let wording = t.joining_consent_purpose(&welcome.network_name);
    let coming = Coming { token, name, nickname, lang: asker.lang.tag().to_owned(), wording };
    leave_for(&asker, &app, &provider, Aim::Join(coming)).await
}

/// `GET /joining/ask/{network}`: ask to join, where the network allows it.
pub async fn ask_form(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let welcome = welcome_to_ask(&asker, &app, &id).await?;
    show_sign_up(&asker, &app, &welcome, &Form::new(asker.texts(), Fields::default()))
}

/// `POST /joining/ask/{network}`
pub async fn ask_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let welcome = welcome_to_ask(&asker, &app, &id).await?;
    come_in(&asker, &app, welcome, &headers, fields).await
}

async fn come_in(asker: &Asker, app: &App, welcome: Welcome, headers: &HeaderMap, fields: Fields) -> Answer {
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", 1000);
    let network = welcome.network;
    let arrival = match welcome.arrival {
        Some((invitation, by)) => Arrival::Invited { invitation, by },
        None => Arrival::Asked { words },
    };
    if let (Some(actor), Some(secret)) = (asker.actor(), asker.secret.clone()) {
        if form.has_problems() {
            return show_sign_up(asker, app, &welcome, &form);
        }
        let goes_in = welcome.arrival.is_some();
        app.house
            .write(&asker.acting(), move |w| {
                invitations::arrive(w, network, actor, &arrival)?;
                if goes_in {
                    sessions::choose_network(w, &secret, network)?;
                }
                // who is in already changes nothing but the network that is shown
                w.record(&store::journal::Entry::new(store::journal::Act::Do, "joining.arrive", actor.0))?;
                Ok::<_, Problem>(w.finished(())?)
            })
            .await?;
        return Ok(see_other(if goes_in { "/" } else { "/joining/me" }));
    }
    let Some((person, password)) = read_person(asker, &mut form, &welcome).await? else {
        return show_sign_up(asker, app, &welcome, &form);
    };
    let device = device(headers);
    let (login, once) = (person.login.clone(), form.fields.once().map(str::to_owned));
    let done = app
        .house
        .write(&asker.acting(), move |w| {
            let secret = sign_up_once(w, network, &person, &arrival, once.as_deref(), &device)?;
            Ok::<_, Problem>(w.finished(secret)?)
        })
        .await;
    let to = after_sign_up(&welcome, form.value("organization"));
    let to = to.as_str();
    match done {
        Ok(Some(secret)) => Ok(with_session(see_other(to), &secret, asker)),
        // the second tap of the same form: the account is there, its password opens it
        Ok(None) => {
            let db = app.house.database().clone();
            let (address, agent) = (asker.address.to_string(), super::sign_in::device(headers));
            let outcome =
                web::on_a_thread(move || actions::sign_in(&db, &login, &password, &address, &agent)).await;
            match outcome? {
                actions::SignedIn::Yes(secret) => Ok(with_session(see_other(to), &secret, asker)),
                _ => Err(Problem::sent_twice()),
            }
        }
        Err(problem) if problem.code == "changed" => {
            form.complain("login", Texts(asker.lang).joining_login_taken());
            show_sign_up(asker, app, &welcome, &form)
        }
        Err(problem) => Err(problem),
    }
}

/// Where somebody goes who signed up: whoever named what they belong to finds it there, or makes it.
fn after_sign_up(welcome: &Welcome, organization: &str) -> String {
    let typed = organization.trim();
    match welcome.arrival {
        None => "/joining/me".to_owned(),
        Some(_) if typed.is_empty() => "/".to_owned(),
        Some(_) => {
            let typed: String = typed.chars().take(200).collect();
            let encoded: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
            format!("/joining/belonging?q={encoded}")
        }
    }
}

/// The key under which strangers' forms are remembered: no account has this id.
const NOBODY: store::ids::AccountId = store::ids::AccountId(0);

fn sign_up_once(
    w: &mut Writing<'_>,
    network: ActorId,
    person: &NewPerson,
    arrival: &Arrival,
    once: Option<&str>,
    device: &str,
) -> Result<Option<String>, Problem> {
    use store::idempotency::{Claim, claim, remember};
    let key = once.map(|once| format!("sign-up/{once}"));
    if let Some(key) = &key {
        match claim(w, NOBODY, key, &person.login)? {
            Claim::Fresh => {}
            Claim::Answered { .. } => return Ok(None),
            Claim::OtherRequest => return Err(Problem::sent_twice()),
        }
    }
    let (account, id) = invitations::sign_up(w, network, person, arrival)?;
    if let Some(key) = &key {
        remember(w, NOBODY, key, &person.login, 303, "")?;
    }
    Ok(Some(sessions::begin(w, account, id, device)?))
}

/// Reads and checks the form; the person and the password, or complaints at their fields.
async fn read_person(
    asker: &Asker,
    form: &mut Form,
    welcome: &Welcome,
) -> Result<Option<(NewPerson, String)>, Problem> {
    let t = Texts(asker.lang);
    let name = form.required("name", 200);
    let nickname = form.optional("nickname", 80);
    let login = read_login(form, t);
    let password = read_password(form, t);
    if !form.fields.ticked("consent") {
        form.complain("consent", t.joining_consent_needed());
    }
    if form.has_problems() {
        return Ok(None);
    }
    let typed = password.clone();
    let password_hash =
        web::on_a_thread(move || actions::hash_password(&typed).map_err(Problem::from)).await?;
    let wording = t.joining_consent_purpose(&welcome.network_name);
    Ok(Some((NewPerson { name, nickname, login, password_hash, lang: asker.lang.tag(), wording }, password)))
}

/// A name to sign in with: a phone, an e-mail, or letters, digits, dot, dash and underscore.
pub(super) fn read_login(form: &mut Form, t: Texts) -> String {
    let typed = form.required("login", 100);
    let login = actions::sign_in_name(&typed);
    let fine = if login.starts_with('+') {
        true
    } else if let Some((name, host)) = login.split_once('@') {
        !name.is_empty() && host.contains('.') && !host.ends_with('.') && !login.contains(char::is_whitespace)
    } else {
        (3..=40).contains(&login.chars().count())
            && login.chars().any(|c| !c.is_ascii_digit())
            && !login.contains(|c: char| c.is_whitespace() || c.is_control() || "/\\<>\"'".contains(c))
    };
    if !typed.is_empty() && !fine {
        form.complain("login", t.joining_login_problem());
    }
    login
}

/// A new password, long enough to resist guessing.
pub(super) fn read_password(form: &mut Form, t: Texts) -> String {
    let password = form.value("password").to_owned();
    if password.chars().count() < 8 {
        form.complain("password", t.joining_password_short());
    } else if password.len() > 400 {
        form.complain("password", t.joining_password_long());
    }
    password
}
