//! The ways into one's account: names, e-mail that is proved, a new password by e-mail.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use credentials::provider::Settings;
use web::{Answer, Asker, Fields, Form, Lang, Page, Problem, assets, see_other};

use super::super::actions;
use super::super::actions::email::{self, Asked, Requested};
use super::super::queries::access::{self, NameRow, PasskeyRow};
use super::super::queries::settings as rows;
use super::invitations::{read_login, read_password};
use super::settings::{has_password, password_is_right};
use super::sign_in::{device, said, with_session};
use crate::{App, Texts};

#[derive(Template)]
#[template(path = "joining/access.html")]
struct Access<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    names: &'a [NameRow],
    bounced: &'a [String],
    passkeys: &'a [PasskeyRow],
    lang: Lang,
    providers: &'a [Settings],
    script: String,
    letters: bool,
    has_password: bool,
    sent_to: Option<&'a str>,
    removable: bool,
}

impl Access<'_> {
    /// The word by which this service opens the account, if it does.
    fn tied(&self, provider: &Settings) -> Option<&str> {
        let prefix = format!("{} ", provider.issuer);
        let name = self.names.iter().find(|one| one.kind == "provider" && one.name.starts_with(&prefix));
        name.map(|one| one.name.as_str())
    }

    fn used(&self, one: &PasskeyRow) -> String {
        one.used_at.map(|at| crate::dates::short(at, self.lang)).unwrap_or_default()
    }

    fn is_email(&self, one: &NameRow) -> bool {
        one.kind == "email"
    }
}

/// `GET /joining/access`
pub async fn access(asker: Asker, State(app): State<App>) -> Answer {
    show(&asker, &app, &Form::new(asker.texts(), Fields::default()), None).await
}

pub(super) async fn show(asker: &Asker, app: &App, form: &Form, sent_to: Option<&str>) -> Answer {
    let (_, session) = asker.member()?;
    let (account, person) = (session.account, session.person);
    let (names, bounced, keys, password, ways) = app
        .house
        .read(&asker.viewer, move |r| {
            Ok::<_, Problem>((
                access::names(r, account)?,
                post::bounced(r, person)?,
                access::passkeys(r, account)?,
                rows::password_hash(r, account)?,
                access::ways_in(r, account)?,
            ))
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_access_title()).with(&Access {
        t,
        w: asker.texts(),
        form,
        names: &names,
        bounced: &bounced,
        passkeys: &keys,
        lang: asker.lang,
        providers: &app.providers.list,
        script: assets::address("passkeys.js"),
        letters: app.house.setup.letters,
        has_password: password.is_some(),
        sent_to,
        removable: ways > 1,
    })
}

/// An e-mail as it is kept, or a sentence at its field.
fn read_email(form: &mut Form, t: Texts) -> String {
    let typed = form.required("email", 200);
    let address = typed.to_lowercase();
    let whole = address.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !typed.is_empty() && (!whole || address.contains(|c: char| c.is_whitespace() || "<>,;\"".contains(c)))
    {
        form.complain("email", t.members_form_email_problem());
    }
    address
}

/// Whoever adds a way in says their password again, where there is one: a phone left on a table must not be enough.
pub(super) async fn is_owner(asker: &Asker, app: &App, form: &mut Form) -> Result<(), Problem> {
    if !password_is_right(asker, app, form.value("old")).await? {
        form.complain("old", Texts(asker.lang).joining_password_wrong());
    }
    Ok(())
}

/// `POST /joining/access/name`: the name one signs in with, in place of the one before. Who has no password yet chooses
/// one with it, since a name alone opens nothing.
pub async fn name_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let login = read_login(&mut form, t);
    if login.contains('@') {
        form.complain("login", t.joining_own_name_email());
    }
    let fresh = !has_password(&asker, &app).await?;
    let password = if fresh { Some(read_password(&mut form, t)) } else { None };
    if !form.has_problems() {
        is_owner(&asker, &app, &mut form).await?;
    }
    if form.has_problems() {
        return show(&asker, &app, &form, None).await;
    }
    let hash = match password {
        Some(typed) => {
            let hashed = web::on_a_thread(move || actions::hash_password(&typed).map_err(Problem::from));
            Some(hashed.await?)
        }
        None => None,
    };
    let (account, name) = (session.account, login);
    let done = app
        .house
        .write(&asker.acting(), move |w| {
            actions::change_name(w, account, &name, hash.as_deref())?;
            w.finished(())
        })
        .await;
    match done {
        Ok(()) => Ok(see_other("/joining/access")),
        Err(store::Error::Taken(_)) => {
            form.complain("login", t.joining_login_taken());
            show(&asker, &app, &form, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where links in letters begin. A request's own Host header would let somebody else choose it.
fn letters_origin(app: &App) -> Result<String, Problem> {
    let setup = &app.house.setup;
    setup.public_url.clone().filter(|_| setup.letters).ok_or_else(Problem::not_found)
}

/// `POST /joining/access/email`: sends the link that proves an address.
pub async fn email_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let origin = letters_origin(&app)?;
    let mut form = Form::new(asker.texts(), fields);
    let address = read_email(&mut form, Texts(asker.lang));
    if !form.has_problems() {
        is_owner(&asker, &app, &mut form).await?;
    }
    if form.has_problems() {
        return show(&asker, &app, &form, None).await;
    }
    let (account, person, lang, to) = (session.account, session.person, asker.lang, address.clone());
    let asked = crate::once(&app.house, &asker, &form, move |w| {
        let asked = email::ask_confirmation(w, &origin, lang, account, person, &to).map_err(Problem::from)?;
        match asked {
            Asked::TooMany(wait) => Err(Problem::too_many(wait)),
            Asked::Sent => Ok(String::new()),
        }
    });
    asked.await?;
    show(&asker, &app, &Form::new(asker.texts(), Fields::default()), Some(&address)).await
}

/// `POST /joining/access/email/remove`
pub async fn email_remove(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let (account, name) = (session.account, fields.text("name").to_owned());
    app.house
        .write(&asker.acting(), move |w| {
            actions::remove_name(w, account, "email", &name)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/access"))
}

#[derive(Template)]
#[template(path = "joining/confirm_email.html")]
struct Confirm<'a> {
    t: Texts,
    address: &'a str,
    secret: &'a str,
}

/// `GET /joining/email/{secret}`: asks for a tap, because programs that look through mail open links too.
pub async fn email_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let wanted = secret.clone();
    let address = app
        .house
        .read(&store::Viewer::System("email"), move |r| Ok::<_, Problem>(email::confirmable(r, &wanted)?))
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.joining_confirm_title()).plain().with(&Confirm {
        t,
        address: &address,
        secret: &secret,
    })
}

/// `POST /joining/email/{secret}`
pub async fn email_confirm(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let t = Texts(asker.lang);
    let done = app
        .house
        .write(&asker.acting(), move |w| {
            let address = email::confirm(w, &secret)?;
            w.finished(address)
        })
        .await;
    match done {
        Ok(address) => said(&asker, &t.joining_confirm_done(address)),
        Err(store::Error::Taken(_)) => said(&asker, t.joining_confirm_taken()),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "joining/reset.html")]
struct Reset<'a> {
    t: Texts,
    form: &'a Form,
}

/// `GET /joining/reset`: asks for a new password by e-mail.
pub async fn reset_form(asker: Asker, State(app): State<App>) -> Answer {
    letters_origin(&app)?;
    show_reset(&asker, &Form::new(asker.texts(), Fields::default()))
}

fn show_reset(asker: &Asker, form: &Form) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_reset_title()).plain().with(&Reset { t, form })
}

/// `POST /joining/reset`: the same answer, whoever is asked for.
pub async fn reset_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    letters_origin(&app)?;
    let mut form = Form::new(asker.texts(), fields);
    let name = form.required("name", 200);
    if form.has_problems() {
        return show_reset(&asker, &form);
    }
    let (db, address, lang) = (app.house.database().clone(), asker.address.to_string(), asker.lang);
    let requested =
        web::on_a_thread(move || email::request_reset(&db, &name, &address, lang).map_err(Problem::from));
    match requested.await? {
        Requested::Noted => said(&asker, Texts(asker.lang).joining_reset_sent()),
        Requested::TooMany(wait) => Err(Problem::too_many(wait)),
    }
}

#[derive(Template)]
#[template(path = "joining/new_password.html")]
struct NewPassword<'a> {
    t: Texts,
    form: &'a Form,
    secret: &'a str,
}

fn show_new_password(asker: &Asker, form: &Form, secret: &str) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_reset_new_title()).plain().with(&NewPassword { t, form, secret })
}

async fn resettable(app: &App, secret: &str) -> Result<(), Problem> {
    let wanted = secret.to_owned();
    app.house
        .read(&store::Viewer::System("reset"), move |r| Ok::<_, Problem>(email::resettable(r, &wanted)?))
        .await
}

/// `GET /joining/reset/{secret}`
pub async fn new_password_form(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    resettable(&app, &secret).await?;
    show_new_password(&asker, &Form::new(asker.texts(), Fields::default()), &secret)
}

/// `POST /joining/reset/{secret}`
pub async fn new_password_submit(
    asker: Asker,
    State(app): State<App>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    resettable(&app, &secret).await?;
    let mut form = Form::new(asker.texts(), fields);
    let password = read_password(&mut form, Texts(asker.lang));
    if form.has_problems() {
        return show_new_password(&asker, &form, &secret);
    }
    let hash = web::on_a_thread(move || actions::hash_password(&password).map_err(Problem::from)).await?;
    let device = device(&headers);
    let session = app
        .house
        .write(&asker.acting(), move |w| {
            let session = email::reset(w, &secret, &hash, &device)?;
            Ok::<_, Problem>(w.finished(session)?)
        })
        .await?;
    Ok(with_session(see_other("/"), &session, &asker))
}
