use askama::Template;
use axum::extract::{Path, Query, State};
use network::vocabulary::{IntentState, Side, Urgency};
use serde::Deserialize;
use store::ids::{ActorId, IntentId};
use store::{Error, Micros, Reading, Writing};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::{category, is_need, mode_label, place, refused, terms_label};
use crate::giving::actions::Agreement;
use crate::giving::pools::Fits;
use crate::giving::queries::{self, Card, Reply};
use crate::giving::{ReplyId, actions};
use crate::{App, Texts, members};

/// Fits shown.
const SHOWN: usize = 5;

/// What was just done, for the sentence on top.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Flash {
    done: String,
}

/// A part of the page of an offer or need that another feature fills: as HTML, or nothing.
pub type Panel = fn(&Reading<'_>, &Asker, IntentId) -> Result<String, Problem>;

#[derive(Template)]
#[template(path = "giving/show.html")]
struct Shown<'a> {
    t: Texts,
    w: web::Texts,
    lang: Lang,
    card: &'a Card,
    form: &'a Form,
    may_change: bool,
    own: bool,
    /// The state of this viewer's own reply.
    replied: Option<&'a str>,
    replies: &'a [Reply],
    left: i64,
    fits: &'a Fits,
    phones: &'a [(String, String)],
    met_by: Option<&'a str>,
    panels: &'a [String],
    line: String,
    now: Micros,
}

impl Shown<'_> {
    fn ends_soon(&self) -> bool {
        self.card.state == IntentState::Open && self.card.valid_until.0 - self.now.0 <= 7 * Micros::DAY
    }

    fn open(&self) -> bool {
        self.card.state == IntentState::Open
    }

    fn urgent(&self) -> bool {
        self.card.urgency == Urgency::Urgent
    }

    /// First and last day, as far as they are known.
    fn days(&self) -> Option<String> {
        let show = |day: i64| crate::dates::short(Micros(day * Micros::DAY), self.lang);
        match (self.card.starts_on, self.card.ends_on) {
            (Some(from), Some(until)) => Some(format!("{} – {}", show(from), show(until))),
            (Some(from), None) => Some(self.t.giving_from(show(from))),
            (None, Some(until)) => Some(self.t.giving_until(show(until))),
            (None, None) => None,
        }
    }
}

/// Everything the page shows.
struct Whole {
    card: Card,
    may_change: bool,
    replied: Option<String>,
    replies: Vec<Reply>,
    left: i64,
    fits: Fits,
    phones: Vec<(String, String)>,
    met_by: Option<String>,
    panels: Vec<String>,
}

/// `GET /giving/{id}`
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(flash): Query<Flash>,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    let (pools, panels, asked) = (app.pools.clone(), app.intent_panels, asker.clone());
    let whole = app
        .house
        .read(&asker.viewer, move |r| {
            let card = queries::find(r, id)?;
            let may_change = actions::may_change(r, &card)?;
            let fits = if card.state == IntentState::Open {
                pools.around(r, &card, SHOWN)?
            } else {
                Fits::default()
            };
            let replies = if may_change { queries::replies(r, id)? } else { Vec::new() };
            let phones = match members::find(r, card.actor) {
                Ok(owner) if card.actor != actor => {
                    let phones = owner.contact_points.into_iter().filter(|point| point.kind == "phone");
                    phones.map(|point| (point.value, point.shown)).collect()
                }
                Ok(_) | Err(Error::NotFound) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            let met_by = match card.met_by {
                Some(by) => members::names(r, &[by])?.first().map(|named| named.called().to_owned()),
                None => None,
            };
            Ok::<_, Problem>(Whole {
                may_change,
                replied: queries::reply_of(r, id, actor)?,
                replies,
                left: card.capacity.max(1) - queries::taken(r, id)?,
                fits,
                phones,
                met_by,
                panels: panels.iter().map(|panel| panel(r, &asked, id)).collect::<Result<_, _>>()?,
                card,
            })
        })
        .await?;
    let t = Texts(asker.lang);
    let form = Form::new(asker.texts(), Fields::default());
    let page = Page::new(&asker, whole.card.title.as_str()).at(Place::Giving);
    with_flash(page, t, &flash.done, id).with(&Shown {
        t,
        w: asker.texts(),
        lang: asker.lang,
        form: &form,
        may_change: whole.may_change,
        own: whole.card.actor == actor,
        replied: whole.replied.as_deref(),
        replies: &whole.replies,
        left: whole.left,
        fits: &whole.fits,
        phones: &whole.phones,
        met_by: whole.met_by.as_deref(),
        panels: &whole.panels,
        line: line(t, &whole.card, &asker.origin),
        now: app.house.database().now(),
        card: &whole.card,
    })
}

fn with_flash<'a>(page: Page<'a>, t: Texts, done: &str, id: IntentId) -> Page<'a> {
    let undo = Some(format!("/giving/{id}/reopen"));
    match done {
        "posted" => page.done(t.giving_done_posted(), Some(format!("/giving/{id}/withdraw"))),
        "saved" => page.done(t.giving_done_saved(), None),
        "replied" => page.done(t.giving_done_replied(), None),
        "answered" => page.done(t.giving_done_answered(), None),
        "met" => page.done(t.giving_done_met(), undo),
        "withdrawn" => page.done(t.giving_done_withdrawn(), undo),
        "renewed" => page.done(t.giving_done_renewed(), None),
        "reopened" => page.done(t.giving_done_reopened(), None),
        _ => page,
    }
}

/// The address that hands a text to LINE; none for what is kept among few.
fn line(t: Texts, card: &Card, origin: &str) -> String {
    if card.restricted || card.state != IntentState::Open {
        return String::new();
    }
    let what = match card.side {
        Side::Offer => t.giving_share_offer(&card.title),
        Side::Need => t.giving_share_need(&card.title),
    };
    let text = format!("{what}\n{origin}/giving/{}", card.id);
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    // LINE reads %20, not the plus sign of forms
    format!("https://line.me/R/share?text={}", encoded.replace('+', "%20"))
}

/// Does one thing to one offer or need and goes back to its page.
async fn act(
    asker: &Asker,
    app: &App,
    id: &str,
    fields: Fields,
    done: &str,
    work: impl Fn(&mut Writing<'_>, IntentId) -> Result<(), Error> + Send + 'static,
) -> Answer {
    asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    let form = Form::new(asker.texts(), fields);
    crate::once(&app.house, asker, &form, move |w| {
        work(w, id).map_err(refused)?;
        Ok::<_, Problem>(id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/giving/{id}?done={done}")))
}

/// `POST /giving/{id}/reply`: "I can help", "I would like this".
pub async fn reply(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let words: String = fields.tidy("words").chars().take(500).collect();
    act(&asker, &app, &id, fields, "replied", move |w, id| actions::reply(w, id, actor, &words)).await
}

/// `POST /giving/{id}/met`: the need was met, the offer given.
pub async fn met(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let by: Option<ActorId> = fields.text("by").parse().ok();
    let note: String = fields.tidy("note").chars().take(300).collect();
    act(&asker, &app, &id, fields, "met", move |w, id| actions::met(w, id, by, &note)).await
}

/// `POST /giving/{id}/withdraw`
pub async fn withdraw(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    act(&asker, &app, &id, fields, "withdrawn", actions::withdraw).await
}

/// `POST /giving/{id}/reopen`: undo, and taking up again later.
pub async fn reopen(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    act(&asker, &app, &id, fields, "reopened", actions::reopen).await
}

/// `POST /giving/{id}/renew`: one tap, still open.
pub async fn renew(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    act(&asker, &app, &id, fields, "renewed", actions::renew).await
}

/// `POST /giving/replies/{id}/answer`: the owner agrees, or not now.
pub async fn answer(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    asker.member()?;
    let id: ReplyId = id.parse().map_err(|_| Problem::not_found())?;
    let agrees = if fields.text("answer") == "yes" { Agreement::Yes } else { Agreement::NotNow };
    let form = Form::new(asker.texts(), fields);
    let intent = crate::once(&app.house, &asker, &form, move |w| {
        Ok::<_, Problem>(actions::answer(w, id, agrees).map_err(refused)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/giving/{intent}?done=answered")))
}
