//! For coordinators: members nobody has claimed, their slips, and consent asked on paper.

use askama::Template;
use axum::extract::{Path, Query, State};
use network::rights::Action;
use network::vocabulary::Consent;
use serde::Deserialize;
use store::ids::ActorId;
use web::paging::{Cursor, ROWS};
use web::{Answer, Asker, Fields, Page, Place, Problem, see_other};

use super::super::actions::codes::{self, Slip};
use super::super::queries::{
    self,
    codes::{Looked, Unclaimed},
};
use crate::{App, Texts, allowed, dates, members, qr};

/// What `/joining/unclaimed?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "joining/unclaimed.html")]
struct List<'a> {
    t: Texts,
    w: web::Texts,
    wanted: &'a Wanted,
    rows: &'a [Unclaimed],
    next: Option<String>,
}

/// `GET /joining/unclaimed`
pub async fn unclaimed(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let (typed, after) = (wanted.q.clone(), Cursor::decode(&wanted.after));
    let rows = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::EnterMembers)?;
            Ok::<_, Problem>(queries::codes::unclaimed(r, network, &typed, &after, ROWS)?)
        })
        .await?;
    let next = rows.next.as_ref().map(|cursor| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", wanted.q.as_str()), ("after", &cursor.encode())])
            .finish()
    });
    let t = Texts(asker.lang);
    Page::new(&asker, t.joining_unclaimed_title()).at(Place::Members).with(&List {
        t,
        w: asker.texts(),
        wanted: &wanted,
        rows: &rows.rows,
        next,
    })
}

/// The person of the address, for somebody who looks after the network.
async fn looked_after(
    asker: &Asker,
    app: &App,
    id: &str,
    action: Action,
) -> Result<(ActorId, Looked), Problem> {
    let (_, network) = asker.member_and_network()?;
    let person: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let looked = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, action)?;
            Ok::<_, Problem>(queries::codes::person_of(r, network, person)?)
        })
        .await?;
    Ok((network, looked))
}

#[derive(Template)]
#[template(path = "joining/slip.html")]
struct SlipPage<'a> {
    t: Texts,
    person: &'a Looked,
    code: String,
    link: String,
    short: String,
    qr: String,
    until: String,
}

/// `POST /joining/unclaimed/{id}/code`: a slip to print, for the first sign-in or for a lost password. Shown once.
pub async fn code(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (network, looked) = looked_after(&asker, &app, &id, Action::EnterMembers).await?;
    // technical rights are not a coordinator's to take over
    if looked.operator && !asker.viewer.is_operator() {
        return Err(Problem::forbidden());
    }
    let person = looked.id;
    let slip: Slip = app
        .house
        .write(&asker.acting(), move |w| {
            allowed(w, network, Action::EnterMembers)?;
            let slip = codes::make_slip(w, network, person)?;
            Ok::<_, Problem>(w.finished(slip)?)
        })
        .await?;
    let t = Texts(asker.lang);
    let link = format!("{}/joining/c/{}", asker.origin, slip.link_secret);
    let (first, last) = slip.code.split_at_checked(4).unwrap_or((slip.code.as_str(), ""));
    Page::new(&asker, t.joining_slip_title()).plain().with(&SlipPage {
        t,
        person: &looked,
        code: format!("{first} {last}"),
        qr: qr::svg(&link, t.joining_slip_qr()),
        link,
        short: format!("{}/joining/c", asker.origin),
        until: dates::short(slip.until, asker.lang),
    })
}

#[derive(Template)]
#[template(path = "joining/sheet.html")]
struct Sheet<'a> {
    t: Texts,
    person: &'a Looked,
    purpose: String,
    link: String,
    qr: String,
}

/// `POST /joining/unclaimed/{id}/consent`: a consent sheet to print or send.
pub async fn consent_sheet(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (network, looked) = looked_after(&asker, &app, &id, Action::EnterMembers).await?;
    let person = looked.id;
    let secret = app
        .house
        .write(&asker.acting(), move |w| {
            allowed(w, network, Action::EnterMembers)?;
            let secret = codes::make_sheet(w, network, person)?;
            Ok::<_, Problem>(w.finished(secret)?)
        })
        .await?;
    let t = Texts(asker.lang);
    let link = format!("{}/joining/consent/{secret}", asker.origin);
    Page::new(&asker, t.joining_sheet_title()).plain().with(&Sheet {
        t,
        purpose: t.joining_consent_purpose(&looked.network_name),
        person: &looked,
        qr: qr::svg(&link, t.joining_sheet_qr()),
        link,
    })
}

/// `POST /joining/unclaimed/{id}/answer`: the coordinator records what the person said on paper, by phone or face to
/// face. Who has an account answers for themselves.
pub async fn record_consent(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (network, looked) = looked_after(&asker, &app, &id, Action::EnterMembers).await?;
    if looked.claimed_by.is_some() {
        return Err(Problem::forbidden());
    }
    let manner = match fields.text("manner") {
        "paper" => "paper",
        "phone" => "phone",
        "told_coordinator" => "told_coordinator",
        _ => return Err(Problem::bad_request()),
    };
    let state = match fields.text("answer") {
        "yes" => Consent::Given,
        "no" => Consent::Refused,
        _ => return Err(Problem::bad_request()),
    };
    let wording = Texts(asker.lang).joining_consent_purpose(&looked.network_name);
    let person = looked.id;
    let mut acting = asker.acting();
    acting.on_behalf_of = Some(person);
    app.house
        .write(&acting, move |w| {
            allowed(w, network, Action::EnterMembers)?;
            members::record_consent(w, person, state, manner, &wording)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/members/{person}")))
}
