use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use store::journal::{Act, Entry};
use store::{Viewer, sessions};
use web::{Answer, Asker, Fields, Lang, Page, Place, Problem, see_other};

use super::files::{self, Contact, Manner};
use super::queries;
use crate::{App, Texts, rhythm};

#[derive(Template)]
#[template(path = "calendar/page.html")]
struct CalendarPage {
    t: Texts,
    open: i64,
    address: Option<String>,
}

/// `GET /calendar`
pub async fn page(asker: Asker, State(app): State<App>) -> Answer {
    show(&asker, &app, None).await
}

async fn show(asker: &Asker, app: &App, address: Option<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let account = asker.viewer.account().ok_or_else(Problem::sign_in)?;
    let open =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::open(r, actor, account)?)).await?;
    let t = Texts(asker.lang);
    Page::new(asker, t.calendar_title()).at(Place::Today).with(&CalendarPage { t, open, address })
}

/// `POST /calendar`: a new secret address, shown once.
pub async fn make(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let account = asker.viewer.account().ok_or_else(Problem::sign_in)?;
    let (reduced, as_events) = (fields.ticked("reduced"), fields.text("manner") != "tasks");
    let secret = sessions::new_secret().map_err(Problem::from)?;
    let hash = sessions::hash(&secret);
    app.house
        .write(&asker.acting(), move |w| {
            queries::insert(w, &hash, (actor, account), &reduced, &as_events)?;
            let entry = Entry::new(Act::Do, "calendar.make", actor.0).fields(&["calendar_feed"]);
            Ok::<_, Problem>(w.done(&entry, ())?)
        })
        .await?;
    let address = format!("{}/calendar/{secret}", asker.origin);
    show(&asker, &app, Some(address)).await
}

/// `POST /calendar/revoke`: no address works any more.
pub async fn revoke(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, _) = asker.member()?;
    let account = asker.viewer.account().ok_or_else(Problem::sign_in)?;
    app.house
        .write(&asker.acting(), move |w| {
            queries::revoke(w, actor, account)?;
            let entry = Entry::new(Act::Do, "calendar.revoke", actor.0).fields(&["calendar_feed"]);
            Ok::<_, Problem>(w.done(&entry, ())?)
        })
        .await?;
    Ok(see_other("/calendar"))
}

/// `GET /calendar/{token}`: what a calendar program reads, with the eyes of the member who made the address.
pub async fn feed(asker: Asker, State(app): State<App>, Path(token): Path<String>) -> Answer {
    let hash = sessions::hash(token.trim_end_matches(".ics"));
    let (actor, account, person, reduced, as_events) = app
        .house
        .read(&Viewer::System("calendar"), move |r| Ok::<_, Problem>(queries::feed(r, &hash)?))
        .await?;
    let viewer = Viewer::Member { account, person, acting_as: actor, operator: false };
    let (lang, sources) = (asker.lang, app.days);
    let days = app
        .house
        .read(&viewer, move |r| {
            let mut days = Vec::new();
            for source in sources {
                days.extend(source(r, lang, actor)?);
            }
            Ok::<_, Problem>(days)
        })
        .await?;
    let name = Texts(Lang::default()).calendar_name();
    let text = files::icalendar(&days, name, &asker.origin, Manner { reduced, as_events });
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"saan.ics\""),
    ];
    Ok((headers, text).into_response())
}

/// `GET /calendar/contacts.vcf`: those one stays in touch with, for the phone's address book.
pub async fn cards_file(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, _) = asker.member()?;
    let text = app
        .house
        .read(&asker.viewer, move |r| {
            let kept = rhythm::of_holder(r, actor)?;
            let mut contacts = Vec::new();
            for (id, kind, name, nickname, title, position, last, why) in queries::people(r, actor)? {
                let every = kept.iter().find(|one| one.row.other == id);
                contacts.push(Contact {
                    uid: id.to_string(),
                    person: kind == "person",
                    name,
                    nickname,
                    title,
                    position,
                    points: queries::points(r, id)?,
                    every: every.map_or(90, |one| one.care.cadence.ideal),
                    last,
                    why,
                });
            }
            Ok::<_, Problem>(files::vcards(&contacts))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/vcard; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"contacts.vcf\""),
    ];
    Ok((headers, text).into_response())
}
