use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use matching::Taxonomy;
use store::Reading;
use store::ids::{ActorId, VouchId};
use web::{Answer, Asker, Fields, Form, Lang, Problem, see_other};

use super::actions::{self, VouchError};
use super::queries;
use crate::{App, Texts, dates, members};

impl From<VouchError> for Problem {
    fn from(error: VouchError) -> Self {
        match error {
            VouchError::Strangers => Self::new(StatusCode::CONFLICT, "strangers", |lang| {
                Texts(lang).vouches_strangers().to_owned()
            }),
            VouchError::NoCategory => Self::invalid("category"),
            VouchError::Store(error) => error.into(),
        }
    }
}

struct Shown {
    id: VouchId,
    by: ActorId,
    name: String,
    what: &'static str,
    words: String,
    at: String,
    own: bool,
    /// Only who said it sees it so far.
    waits: bool,
}

#[derive(Template)]
#[template(path = "vouches/panel.html")]
struct Panel<'a> {
    t: Texts,
    form: &'a Form,
    member: ActorId,
    shown: Vec<Shown>,
    may: bool,
    categories: Vec<(&'static str, &'static str)>,
}

fn label(lang: Lang, code: &str) -> &'static str {
    let taxonomy = Taxonomy::built_in();
    taxonomy.find(code).map_or("", |id| taxonomy.label(id, lang))
}

/// What others stand up for of a member, and the one tap that says so.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<String, Problem> {
    let t = Texts(asker.lang);
    let actor = asker.actor();
    let mut shown = Vec::new();
    let counted = queries::shown(r, member)?;
    let mine = actor.map_or_else(|| Ok(Vec::new()), |actor| queries::own(r, actor, member))?;
    let uncounted = mine.into_iter().filter(|own| counted.iter().all(|one| one.id != own.id));
    let all = uncounted.map(|vouch| (vouch, true)).chain(counted.iter().cloned().map(|vouch| (vouch, false)));
    for (vouch, waits) in all {
        // who may not be seen does not stand up by name either
        let Some(by) = members::names(r, &[vouch.by])?.pop() else { continue };
        shown.push(Shown {
            id: vouch.id,
            by: vouch.by,
            name: by.called().to_owned(),
            what: label(asker.lang, &vouch.category),
            words: vouch.words,
            at: dates::short(vouch.at, asker.lang),
            own: actor == Some(vouch.by),
            waits,
        });
    }
    let may = match actor {
        Some(actor) if actor != member => queries::worked_together(r, actor, member)?,
        _ => false,
    };
    if shown.is_empty() && !may {
        return Ok(String::new());
    }
    let can = if may { queries::capabilities(r, member)? } else { Vec::new() };
    let mut categories: Vec<(&'static str, &'static str)> = Taxonomy::built_in()
        .categories()
        .iter()
        .map(|category| (category.code.as_str(), category.label(asker.lang)))
        .collect();
    // what they say they can do stands first
    categories.sort_by_key(|(code, _)| !can.iter().any(|known| known == code));
    let mut fields = Fields::default();
    fields.set("category", categories.first().map_or("", |(code, _)| *code));
    let form = Form::new(asker.texts(), fields);
    Ok(Panel { t, form: &form, member, shown, may, categories }.render()?)
}

/// `POST /vouches/{member}`
pub async fn submit(
    asker: Asker,
    State(app): State<App>,
    Path(member): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, _) = crate::weaver(&asker, &app).await?;
    let member: ActorId = member.parse().map_err(|_| Problem::not_found())?;
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", 200);
    if form.has_problems() {
        return Err(Problem::invalid("words"));
    }
    let category = form.value("category").to_owned();
    crate::once(&app.house, &asker, &form, move |w| {
        actions::vouch(w, actor, member, &category, &words).map(|id| id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/members/{member}#vouches")))
}

/// `POST /vouches/{id}/undo`
pub async fn undo(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id: VouchId = id.parse().map_err(|_| Problem::not_found())?;
    let member = app
        .house
        .write(&asker.acting(), move |w| {
            let member = actions::take_back(w, id, actor)?;
            Ok::<_, Problem>(w.finished(member)?)
        })
        .await?;
    Ok(see_other(&format!("/members/{member}")))
}
