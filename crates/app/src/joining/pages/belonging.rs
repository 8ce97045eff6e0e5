//! The second of two steps in which somebody finds the group or organization they belong to, or makes it (trap 15).

use askama::Template;
use axum::extract::{Path, Query, State};
use network::rights::Action;
use network::vocabulary::ActorKind;
use serde::Deserialize;
use store::Reading;
use store::ids::ActorId;
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::actions::belonging::{self, Belonging, Word};
use super::super::queries::belonging::asking;
use super::super::queries::settings::groups_like;
use crate::parts::{Card, CardAct};
use crate::{App, Texts, allowed, members};

#[derive(Template)]
#[template(path = "joining/belonging.html")]
struct Choose<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    q: &'a str,
    found: &'a [(ActorId, String)],
    kinds: Vec<(&'static str, &'static str)>,
}

/// What `/joining/belonging?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
}

/// `GET /joining/belonging?q=`
pub async fn belonging(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let mut fields = Fields::default();
    fields.set("q", wanted.q.clone());
    fields.set("name", wanted.q.trim().to_owned());
    fields.set("kind", ActorKind::Organization.word());
    show(&asker, &app, &Form::new(asker.texts(), fields)).await
}

async fn show(asker: &Asker, app: &App, form: &Form) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let q = form.value("q").trim().to_owned();
    let typed = q.clone();
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ReadNetwork)?;
            Ok::<_, Problem>(if typed.is_empty() { Vec::new() } else { groups_like(r, network, &typed)? })
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(asker, t.joining_belonging_title()).at(Place::Members).with(&Choose {
        t,
        w: asker.texts(),
        form,
        q: &q,
        found: &found,
        kinds: vec![
            (ActorKind::Organization.word(), t.members_kind_organization()),
            (ActorKind::Group.word(), t.members_kind_group()),
        ],
    })
}

/// `POST /joining/belonging`: one that was found, or a new one.
pub async fn belonging_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let person = asker.member()?.1.person;
    let mut form = Form::new(asker.texts(), fields);
    let title = form.optional("title", 100);
    let belongs = match form.value("whole") {
        "" => {
            let name = form.required("name", 200);
            let kind = if form.value("kind") == "group" { ActorKind::Group } else { ActorKind::Organization };
            Belonging::New { kind, name }
        }
        id => Belonging::Found(id.parse().map_err(|_| Problem::not_found())?),
    };
    if form.has_problems() {
        return show(&asker, &app, &form).await;
    }
    let whole = crate::once(&app.house, &asker, &form, move |w| {
        allowed(w, network, Action::Weave)?;
        Ok::<_, Problem>(belonging::belong(w, network, person, &belongs, &title)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/members/{whole}")))
}

/// `POST /joining/belonging/{person}/answer`: a group or organization answers somebody who asks to belong to it.
pub async fn belonging_answer(
    asker: Asker,
    State(app): State<App>,
    Path(person): Path<String>,
    fields: Fields,
) -> Answer {
    let (whole, _) = asker.member()?;
    let person: ActorId = person.parse().map_err(|_| Problem::not_found())?;
    let word = if fields.text("answer") == "yes" { Word::Yes } else { Word::No };
    let form = Form::new(asker.texts(), fields);
    crate::once(&app.house, &asker, &form, move |w| {
        belonging::answer(w, whole, person, word).map(|()| String::new())
    })
    .await?;
    Ok(see_other("/today"))
}

/// Who asks to belong to the group or organization one acts for.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, whole: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let mut cards = Vec::new();
    if asker.viewer.person() == Some(whole) {
        return Ok(cards);
    }
    for (person, title) in asking(r, whole)?.into_iter().take(3) {
        let Some(who) = members::names(r, &[person])?.pop() else { continue };
        cards.push(Card {
            title: t.joining_belonging_asks(who.called()),
            link: format!("/members/{person}"),
            why: if title.is_empty() {
                t.joining_belonging_asks_why().to_owned()
            } else {
                t.joining_belonging_asks_as(title)
            },
            act: CardAct::Answer {
                address: format!("/joining/belonging/{person}/answer"),
                yes: t.joining_belonging_yes().to_owned(),
                no: t.joining_belonging_no().to_owned(),
            },
            rank: 0,
        });
    }
    Ok(cards)
}
