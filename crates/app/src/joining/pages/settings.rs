//! What one sets for oneself.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use network::rights::{Action, may};
use network::vocabulary::{Consent, Visibility};
use serde::Deserialize;
use store::ids::{ActorId, TokenId};
use store::{Reading, sessions};
use web::{Answer, Asker, Fields, Form, Lang, Page, Problem, cookies, see_other};

use super::super::actions::{self, settings as acts};
use super::super::passwords;
use super::super::queries::{self, settings as rows};
use super::invitations::read_password;
use crate::members::{self, Named};
use crate::{App, Texts, dates};

#[derive(Debug)]
struct SessionLine {
    hash: String,
    device: String,
    seen: String,
    this: bool,
}

#[derive(Debug)]
struct TokenLine {
    id: TokenId,
    label: String,
    writes: bool,
    until: String,
    used: String,
}

#[derive(Template)]
#[template(path = "joining/settings.html")]
struct Settings<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    own: bool,
    acting_name: &'a str,
    thai: bool,
    consent: String,
    purpose: String,
    visibilities: Vec<(&'static str, &'static str)>,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    acts_for: Vec<Named>,
    blocked: Vec<(ActorId, String)>,
    new_token: Option<String>,
    has_password: bool,
}

/// `GET /joining/settings`
pub async fn settings(asker: Asker, State(app): State<App>) -> Answer {
    show(&asker, &app, Form::new(asker.texts(), Fields::default()), None).await
}

async fn show(asker: &Asker, app: &App, mut form: Form, new_token: Option<String>) -> Answer {
    let (actor, session) = asker.member()?;
    let (account, person, network) = (session.account, session.person, session.network);
    let (seen, sessions, tokens, acts_for, blocked, network) = app
        .house
        .read(&asker.viewer, move |r| {
            let acts_for = queries::acts_for(r, person)?;
            Ok::<_, Problem>((
                rows::visibility(r, actor)?,
                rows::sessions(r, account)?,
                rows::tokens(r, account)?,
                members::names(r, &acts_for)?,
                queries::leaving::blocked_by(r, actor)?,
                queries::networks_of(r, actor)?.into_iter().find(|(id, _)| Some(*id) == network),
            ))
        })
        .await?;
    let has_password = has_password(asker, app).await?;
    let t = Texts(asker.lang);
    let (visibility, consent, suggested) = seen;
    if form.value("visibility").is_empty() {
        form.fields.set("visibility", visibility);
        form.fields.set("suggest", if suggested { "1" } else { "" });
    }
    let this = asker.secret.as_deref().map(sessions::hash).unwrap_or_default();
    let short = |at| dates::short(at, asker.lang);
    Page::new(asker, t.joining_settings_title()).with(&Settings {
        t,
        w: asker.texts(),
        form: &form,
        own: person == actor,
        acting_name: &session.acting_name,
        thai: asker.lang == Lang::Thai,
        consent,
        purpose: t.joining_consent_purpose(network.map_or_else(String::new, |(_, name)| name)),
        visibilities: vec![
            (Visibility::Network.word(), t.members_visibility_network()),
            (Visibility::Tie.word(), t.members_visibility_tie()),
            (Visibility::Private.word(), t.members_visibility_private()),
            (Visibility::Public.word(), t.members_visibility_public()),
        ],
        sessions: sessions
            .into_iter()
            .map(|row| SessionLine {
                this: row.hash == this,
                seen: short(row.seen_at),
                device: device_name(&row.device),
                hash: row.hash,
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|row| TokenLine {
                id: row.id,
                writes: row.scopes.contains("write"),
                label: row.label,
                until: row.expires_at.map(short).unwrap_or_default(),
                used: row.used_at.map(short).unwrap_or_default(),
            })
            .collect(),
        acts_for,
        blocked,
        new_token,
        has_password,
    })
}

/// `POST /joining/settings/language`
pub async fn language_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let lang = Lang::from_tag(fields.text("lang")).ok_or_else(Problem::bad_request)?;
    let db = app.house.database().clone();
    web::on_a_thread(move || {
        db.bookkeeping("language", |w| rows::put_language(w, account, lang.tag())).map_err(Problem::from)
    })
    .await?;
    let mut response = see_other("/joining/settings");
    if let Some(cookie) = cookies::set(cookies::LANGUAGE, lang.tag(), 365 * 86_400, &asker.origin) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Whether this is the password of the one who asks. Argon2 runs on a thread that may block.
pub(super) async fn password_is_right(asker: &Asker, app: &App, typed: &str) -> Result<bool, Problem> {
    let (_, session) = asker.member()?;
    let (account, typed) = (session.account, typed.to_owned());
    let stored =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(rows::password_hash(r, account)?)).await?;
    // who came by another service or a passkey has none to say
    let Some(stored) = stored else { return Ok(true) };
    web::on_a_thread(move || Ok::<_, Problem>(passwords::verify(&typed, Some(&stored)))).await
}

/// Whether the account of whoever asks has a password of its own.
pub(super) async fn has_password(asker: &Asker, app: &App) -> Result<bool, Problem> {
    let account = asker.member()?.1.account;
    app.house.read(&asker.viewer, move |r| Ok(rows::password_hash(r, account)?.is_some())).await
}

/// `POST /joining/settings/password`
pub async fn password_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let password = read_password(&mut form, t);
    if !form.has_problems() && !password_is_right(&asker, &app, form.value("old")).await? {
        form.complain("old", t.joining_password_wrong());
    }
    if form.has_problems() {
        return show(&asker, &app, form, None).await;
    }
    let hash = web::on_a_thread(move || actions::hash_password(&password).map_err(Problem::from)).await?;
    let (account, keep) = (session.account, asker.secret.clone());
    app.house
        .write(&asker.acting(), move |w| {
            acts::change_password(w, account, &hash, keep.as_deref())?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/settings"))
}

/// `POST /joining/settings/sessions/{hash}/end`
pub async fn end_session(asker: Asker, State(app): State<App>, Path(hash): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let db = app.house.database().clone();
    web::on_a_thread(move || {
        db.bookkeeping("sessions", |w| rows::end_session(w, account, &hash)).map_err(Problem::from)
    })
    .await?;
    Ok(see_other("/joining/settings"))
}

/// `POST /joining/settings/tokens`: the secret is shown on the page that answers, and never again.
pub async fn make_token(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, session) = asker.member()?;
    let mut form = Form::new(asker.texts(), fields);
    let label = form.required("label", 80);
    let scopes = if form.fields.ticked("write") { "read write" } else { "read" };
    if form.has_problems() {
        return show(&asker, &app, form, None).await;
    }
    let account = session.account;
    let secret = app
        .house
        .write(&asker.acting(), move |w| {
            let secret = acts::make_token(w, account, actor, &label, scopes)?;
            Ok::<_, Problem>(w.finished(secret)?)
        })
        .await?;
    show(&asker, &app, Form::new(asker.texts(), Fields::default()), Some(secret)).await
}

/// `POST /joining/settings/tokens/{id}/revoke`
pub async fn revoke_token(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let id: TokenId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            acts::revoke_token(w, account, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/settings"))
}

/// `POST /joining/settings/visibility`: who may see me; consent given or withdrawn by the person themselves.
pub async fn visibility_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, session) = asker.member()?;
    let own = session.person == actor;
    let t = Texts(asker.lang);
    let visibility = Visibility::from_word(fields.text("visibility")).ok_or_else(Problem::bad_request)?;
    let suggested = fields.ticked("suggest");
    let consent = match fields.text("consent") {
        "withdraw" if own => Some(Consent::Withdrawn),
        "give" if own => Some(Consent::Given),
        _ => None,
    };
    let wording = t.joining_consent_purpose("");
    app.house
        .write(&asker.acting(), move |w| {
            acts::see_me(w, actor, visibility, &suggested)?;
            if let Some(state) = consent {
                acts::my_consent(w, actor, state, &wording)?;
            }
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/settings"))
}

/// What `/joining/stewards/{actor}?q=` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
}

#[derive(Template)]
#[template(path = "joining/stewards.html")]
struct Stewards<'a> {
    t: Texts,
    w: web::Texts,
    group: &'a Named,
    stewards: &'a [Named],
    found: &'a [Named],
    typed: &'a str,
}

/// The network whose people may be named, if the one who asks may say who acts for this group or organization.
fn may_name(r: &Reading<'_>, asker: &Asker, group: ActorId) -> Result<ActorId, Problem> {
    let actor = asker.actor().ok_or_else(Problem::sign_in)?;
    let network = asker.network().ok_or_else(Problem::not_found)?;
    let enters = members::role_in(r, network, actor)?.is_some_and(|role| may(role, Action::EnterMembers));
    if rows::may_name_stewards(r, network, group, asker, enters)? {
        Ok(network)
    } else {
        Err(Problem::not_found())
    }
}

/// `GET /joining/stewards/{actor}`: who acts for a group or organization.
pub async fn stewards(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    asker.member()?;
    let group: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let (asked, typed) = (asker.clone(), wanted.q.clone());
    let (named, stewards, found) = app
        .house
        .read(&asker.viewer, move |r| {
            let network = may_name(r, &asked, group)?;
            let stewards = rows::stewards(r, group)?;
            let mut found = if typed.trim().is_empty() {
                Vec::new()
            } else {
                members::named_like(r, network, typed.trim(), 10)?
            };
            found.retain(|one| one.kind == "person" && !stewards.contains(&one.id));
            let named = members::names(r, &[group])?.pop().ok_or_else(Problem::not_found)?;
            Ok::<_, Problem>((named, members::names(r, &stewards)?, found))
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.joining_stewards_title(named.called())).with(&Stewards {
        t,
        w: asker.texts(),
        group: &named,
        stewards: &stewards,
        found: &found,
        typed: &wanted.q,
    })
}

/// `POST /joining/stewards/{actor}`: one more person who acts for it.
pub async fn steward_add(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    steward_change(asker, app, id, fields, acts::add_steward).await
}

/// `POST /joining/stewards/{actor}/end`: one fewer.
pub async fn steward_end(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    steward_change(asker, app, id, fields, acts::end_steward).await
}

type Change = fn(&mut store::Writing<'_>, ActorId, ActorId) -> Result<(), store::Error>;

async fn steward_change(asker: Asker, app: App, id: String, fields: Fields, change: Change) -> Answer {
    asker.member()?;
    let group: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let person: ActorId = fields.text("person").parse().map_err(|_| Problem::not_found())?;
    let asked = asker.clone();
    app.house
        .write(&asker.acting(), move |w| {
            may_name(w, &asked, group)?;
            // only somebody one may see, and only a person
            let known = members::names(w, &[person])?;
            if !known.iter().any(|one| one.kind == "person") {
                return Err(Problem::not_found());
            }
            change(w, group, person)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/joining/settings"))
}

/// A browser and its system in the words people use for them, from what the browser says it is: `Chrome · Android`. What
/// is neither stays as it said it, shortened.
fn device_name(agent: &str) -> String {
    // most browsers also claim to be the ones named after them
    const BROWSERS: [(&str, &str); 8] = [
        ("Line/", "LINE"),
        ("Edg", "Edge"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let known: Vec<&str> = [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect();
    if known.is_empty() { thai::text::truncate(agent, 40).into_owned() } else { known.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn a_device_is_named_as_people_name_it() {
        let of = |rest: &str| device_name(&format!("Mozilla/5.0 {rest}"));
        assert_eq!(
            of("(Linux; Android 10; K) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"),
            "Chrome · Android"
        );
        assert_eq!(
            of("(iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"),
            "Safari · iPhone"
        );
        assert_eq!(
            of("(Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0"),
            "Edge · Windows"
        );
        assert_eq!(device_name("curl/8.1"), "curl/8.1");
        assert_eq!(device_name(""), "");
    }
}
