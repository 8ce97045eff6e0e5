use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use store::Reading;
use store::ids::{ActorId, WordId};
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::actions::{self, Draft, LONGEST};
use super::pictures;
use super::queries::{self, WordRow};
use crate::parts::{Card, CardAct, Room};
use crate::{App, Texts, dates};

/// A word with the answers to it.
struct Shown {
    word: WordRow,
    at: String,
    own: bool,
    reach: Option<String>,
    answers: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "words/room.html")]
struct RoomPage<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    title: &'a str,
    intro: &'a str,
    thing: String,
    address: String,
    may_write: bool,
    words: &'a [Shown],
}

/// Words with their answers below them, in the order they were written.
fn arranged(t: Texts, rows: Vec<WordRow>, person: Option<ActorId>) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    for word in rows {
        let one = Shown {
            at: dates::short(word.at, t.0),
            own: !word.gone && word.person.is_some() && word.person == person,
            reach: None,
            answers: Vec::new(),
            word,
        };
        let place = one.word.reply_to.and_then(|to| shown.iter().position(|other| other.word.id == to));
        match place.and_then(|at| shown.get_mut(at)) {
            Some(first) => first.answers.push(one),
            None => shown.push(one),
        }
    }
    // what was taken back and has no answers leaves no trace
    shown.retain(|one| !one.word.gone || one.answers.iter().any(|answer| !answer.word.gone));
    shown
}

fn found(app: &App, room: &str, id: &str) -> Result<(&'static Room, i64), Problem> {
    let room = actions::room_of(app.rooms, room).ok_or_else(Problem::not_found)?;
    let object = (room.id)(id).ok_or_else(Problem::not_found)?;
    Ok((room, object))
}

/// `GET /words/{room}/{id}`
pub async fn room(asker: Asker, State(app): State<App>, Path((room, id)): Path<(String, String)>) -> Answer {
    let (room, object) = found(&app, &room, &id)?;
    show(&asker, &app, room, object, Form::new(asker.texts(), Fields::default())).await
}

async fn show(asker: &Asker, app: &App, room: &'static Room, object: i64, form: Form) -> Answer {
    let (actor, session) = asker.member()?;
    let person = session.person;
    let t = Texts(asker.lang);
    let rows = app
        .house
        .read(&asker.viewer, move |r| {
            actions::enter(r, room, object, actor)?;
            Ok::<_, Problem>(queries::in_room(r, room.word, object)?)
        })
        .await?;
    let words = arranged(t, rows, Some(person));
    let thing = (room.address)(object);
    let tail = thing.rsplit('/').next().unwrap_or_default().to_owned();
    Page::new(asker, t.words_title()).at(Place::Members).with(&RoomPage {
        t,
        w: asker.texts(),
        form: &form,
        title: t.words_title(),
        intro: t.words_intro(),
        thing,
        address: format!("/words/{}/{tail}", room.word),
        may_write: true,
        words: &words,
    })
}

fn read(form: &mut Form) -> Draft {
    Draft {
        words: form.required("words", LONGEST),
        reply_to: form.value("reply_to").parse().ok(),
        picture: None,
    }
}

/// `POST /words/{room}/{id}`
pub async fn room_submit(
    asker: Asker,
    State(app): State<App>,
    Path((room, id)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (actor, _) = asker.member()?;
    let (room, object) = found(&app, &room, &id)?;
    let mut form = Form::new(asker.texts(), fields);
    let draft = read(&mut form);
    if form.has_problems() {
        return show(&asker, &app, room, object, form).await;
    }
    crate::once(&app.house, &asker, &form, move |w| {
        Ok::<_, Problem>(actions::write(w, room, object, actor, &draft)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/words/{}/{id}", room.word)))
}

/// `POST /words/{room}/{id}/picture`: a picture, perhaps with words.
pub async fn picture_submit(
    asker: Asker,
    State(app): State<App>,
    Path((room, id)): Path<(String, String)>,
    mut parts: Multipart,
) -> Answer {
    let (actor, _) = asker.member()?;
    let (room, object) = found(&app, &room, &id)?;
    let mut fields = Fields::default();
    let mut picture = None;
    while let Some(part) = parts.next_field().await.map_err(|_| Problem::too_large())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| Problem::too_large())?;
        if name == "picture" {
            picture = Some(bytes);
        } else {
            fields.set(&name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let words = form.optional("words", LONGEST);
    let bytes = picture.unwrap_or_default();
    let clean = pictures::cleaned(&bytes).filter(|_| bytes.len() <= pictures::LARGEST);
    let Some(clean) = clean.filter(|_| !form.has_problems()) else {
        form.complain("picture", t.words_picture_problem());
        return show(&asker, &app, room, object, form).await;
    };
    let draft = Draft { words, reply_to: form.value("reply_to").parse().ok(), picture: Some(clean) };
    crate::once(&app.house, &asker, &form, move |w| {
        Ok::<_, Problem>(actions::write(w, room, object, actor, &draft)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/words/{}/{id}", room.word)))
}

/// The room a word stands in, when the one who asks may be there.
fn place_of(r: &Reading<'_>, app: &App, word: &WordRow, actor: ActorId) -> Result<String, Problem> {
    if word.room == "network" {
        return Ok("/words/network".to_owned());
    }
    let room = actions::room_of(app.rooms, &word.room).ok_or_else(Problem::not_found)?;
    actions::enter(r, room, word.object, actor)?;
    let thing = (room.address)(word.object);
    let tail = thing.rsplit('/').next().unwrap_or_default();
    Ok(format!("/words/{}/{tail}", room.word))
}

fn word_id(text: &str) -> Result<WordId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// `GET /words/at/{word}`: on to the room a word stands in.
pub async fn open(asker: Asker, State(app): State<App>, Path(word): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id = word_id(&word)?;
    let known = app.clone();
    let to = app
        .house
        .read(&asker.viewer, move |r| {
            let word = queries::find(r, id)?;
            place_of(r, &known, &word, actor)
        })
        .await?;
    Ok(see_other(&to))
}

/// `GET /words/at/{word}/picture`
pub async fn picture(asker: Asker, State(app): State<App>, Path(word): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id = word_id(&word)?;
    let known = app.clone();
    let (media_type, bytes) = app
        .house
        .read(&asker.viewer, move |r| {
            let word = queries::find(r, id)?;
            place_of(r, &known, &word, actor)?;
            let name = word.picture.ok_or_else(Problem::not_found)?;
            Ok::<_, Problem>(queries::file(r, &name)?)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// `POST /words/at/{word}/undo`
pub async fn undo(asker: Asker, State(app): State<App>, Path(word): Path<String>) -> Answer {
    let (actor, session) = asker.member()?;
    let (id, person) = (word_id(&word)?, session.person);
    let known = app.clone();
    let to = app
        .house
        .write(&asker.acting(), move |w| {
            let word = actions::take_back(w, id, person)?;
            let to = place_of(w, &known, &word, actor).unwrap_or_else(|_| "/today".to_owned());
            Ok::<_, Problem>(w.finished(to)?)
        })
        .await?;
    Ok(see_other(&to))
}

/// `GET /words/network`: what the coordinators told everybody. Who opens it has seen it.
pub async fn network(asker: Asker, State(app): State<App>) -> Answer {
    show_network(&asker, &app, Form::new(asker.texts(), Fields::default())).await
}

async fn show_network(asker: &Asker, app: &App, form: Form) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let person = asker.member()?.1.person;
    let t = Texts(asker.lang);
    let coordinates = asker.coordinates();
    let (words, unseen) = app
        .house
        .read(&asker.viewer, move |r| {
            let rows = queries::in_room(r, "network", network.0)?;
            let unseen: Vec<WordId> = rows.iter().filter(|row| !row.gone).map(|row| row.id).collect();
            let mut words = arranged(t, rows, Some(person));
            words.reverse();
            if coordinates {
                for one in &mut words {
                    let (could, did) = queries::reach(r, network, one.word.id)?;
                    one.reach = Some(t.words_reach(could, did));
                }
            }
            Ok::<_, Problem>((words, unseen))
        })
        .await?;
    if !unseen.is_empty() {
        let db = app.house.database().clone();
        web::on_a_thread(move || {
            // that something was looked at is no act of anybody's: it stands in no journal
            db.bookkeeping("words", |w| queries::saw(w, actor, &unseen)).map_err(Problem::from)
        })
        .await?;
    }
    Page::new(asker, t.words_network_title()).at(Place::Networks).with(&RoomPage {
        t,
        w: asker.texts(),
        form: &form,
        title: t.words_network_title(),
        intro: t.words_network_intro(),
        thing: "/networks".to_owned(),
        address: "/words/network".to_owned(),
        may_write: coordinates,
        words: &words,
    })
}

/// `POST /words/network`
pub async fn network_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = asker.coordinator()?;
    let mut form = Form::new(asker.texts(), fields);
    let draft = read(&mut form);
    if form.has_problems() {
        return show_network(&asker, &app, form).await;
    }
    crate::once(&app.house, &asker, &form, move |w| {
        Ok::<_, Problem>(actions::announce(w, network, actor, &draft)?.to_string())
    })
    .await?;
    Ok(see_other("/words/network"))
}

/// A word of the coordinators that was not seen yet, as a card of today.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let Some(network) = asker.network() else { return Ok(Vec::new()) };
    let Some(word) = queries::unseen(r, network, actor)?.filter(|word| word.by != actor) else {
        return Ok(Vec::new());
    };
    Ok(vec![Card {
        title: t.words_card(thai::text::truncate(&word.words, 60)),
        link: "/words/network".to_owned(),
        why: t.words_card_why(&word.by_name),
        act: CardAct::Go { label: t.words_read().to_owned(), address: "/words/network".to_owned() },
        // it is meant for everybody, and soon read
        rank: 1,
    }])
}
