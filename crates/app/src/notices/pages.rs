use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use store::ids::{ActorId, IntentId, TieId};
use store::{Database, Error};
use web::{Answer, Asker, Lang, Page, Problem, see_other};

use super::NoticeId;
use super::queries::{self, Notice};
use crate::{App, Texts};

const ROWS: i64 = 30;

/// What `/notices?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

#[derive(Template)]
#[template(path = "notices/page.html")]
struct List<'a> {
    t: Texts,
    lang: Lang,
    notices: &'a [Notice],
    unread: bool,
    next: Option<NoticeId>,
    now: store::Micros,
}

/// `GET /notices`
pub async fn page(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (actor, session) = asker.member()?;
    let before = wanted.before.parse::<NoticeId>().map_or(0, |id| id.0);
    let unread = session.unread > 0;
    let mut notices = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, actor, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(notices.len()).unwrap_or(0) > ROWS;
    notices.truncate(usize::try_from(ROWS).unwrap_or(30));
    let next = if more { notices.last().map(|notice| notice.id) } else { None };
    let t = Texts(asker.lang);
    Page::new(&asker, t.notices_title()).with(&List {
        t,
        lang: asker.lang,
        notices: &notices,
        unread,
        next,
        now: app.house.database().now(),
    })
}

/// The sentence of a line.
fn sentence(t: Texts, notice: &Notice) -> String {
    let who = notice.about.as_deref().unwrap_or_else(|| t.notices_somebody());
    let words = &notice.words;
    match notice.kind.as_str() {
        "giving_reply" => t.notices_giving_reply(who, words),
        "giving_ask" => t.notices_giving_ask(who, words),
        "giving_accepted" => t.notices_giving_accepted(who, words),
        "giving_met" => t.notices_giving_met(who, words),
        "giving_renew" | "giving_renew_now" => t.notices_giving_renew(words),
        "giving_expired" => t.notices_giving_expired(words),
        "tie_proposed" => t.notices_tie_proposed(who),
        "tie_confirmed" => t.notices_tie_confirmed(who),
        "introduction_asked" => t.notices_introduction_asked(who),
        "introduction_connected" => t.notices_introduction_connected(who),
        "promise_offered" => t.notices_promise_offered(who, words),
        "promise_asked" => t.notices_promise_asked(who, words),
        "promise_accepted" => t.notices_promise_accepted(who, words),
        "promise_broken" => t.notices_promise_broken(who, words),
        "promise_released" => t.notices_promise_released(who, words),
        "promise_day_asked" => t.notices_promise_day_asked(who, words),
        "promise_day_moved" => t.notices_promise_day_moved(who, words),
        "promise_due" => t.notices_promise_due(who, words),
        "promise_over" => t.notices_promise_over(who, words),
        "promise_ring_made" => t.notices_promise_ring_made(who, words),
        "exchange_recorded" => t.notices_exchange_recorded(who, words),
        "exchange_confirmed" => t.notices_exchange_confirmed(who, words),
        "exchange_disputed" => t.notices_exchange_disputed(who, words),
        "exchange_helped" => t.notices_exchange_helped(who, words),
        "exchange_thanks" => t.notices_exchange_thanks(who, words),
        "promise_ring" => t.notices_promise_ring(who),
        "booking_requested" => t.notices_booking_requested(who, words),
        "booking_agreed" => t.notices_booking_agreed(who, words),
        "booking_declined" => t.notices_booking_declined(who, words),
        "booking_handed" => t.notices_booking_handed(who, words),
        "booking_returned" => t.notices_booking_returned(who, words),
        "booking_cancelled" => t.notices_booking_cancelled(who, words),
        "booking_due" => t.notices_booking_due(who, words),
        "referral_consent" => t.notices_referral_consent(who, words),
        "referral_new" => t.notices_referral_new(who, words),
        "referral_of_need" => t.notices_referral_of_need(who, words),
        "referral_agreed" => t.notices_referral_agreed(who, words),
        "referral_passed_on" => t.notices_referral_passed_on(who, words),
        "referral_accepted" => t.notices_referral_accepted(who, words),
        "referral_begun" => t.notices_referral_begun(who, words),
        "referral_completed" => t.notices_referral_completed(who, words),
        "referral_declined" => t.notices_referral_declined(who, words),
        "referral_cancelled" => t.notices_referral_cancelled(words),
        "referral_overdue" => t.notices_referral_overdue(words),
        "referral_thanks" => t.notices_referral_thanks(who, words),
        _ if words.is_empty() => t.notices_other(who),
        _ => words.clone(),
    }
}

fn address(kind: &str, object: i64) -> String {
    match kind.split('_').next().unwrap_or_default() {
        "giving" => format!("/giving/{}", IntentId(object)),
        "tie" => format!("/ties/{}", TieId(object)),
        // what came of it is a tie; what is asked waits in today's cards
        "introduction" if kind == "introduction_connected" => format!("/ties/{}", TieId(object)),
        "introduction" => "/today".to_owned(),
        // a ring is answered where one's promises stand
        "promise" if kind == "promise_ring" => "/promises".to_owned(),
        "promise" => format!("/promises/prm_{}", store::ids::encode(object)),
        "exchange" => format!("/exchanges/exc_{}", store::ids::encode(object)),
        "booking" => format!("/resources/bookings/bok_{}", store::ids::encode(object)),
        "referral" => format!("/referrals/{}", crate::referrals::ReferralId(object)),
        "member" => format!("/members/{}", ActorId(object)),
        _ => "/notices".to_owned(),
    }
}

/// `GET /notices/{id}`: on to where something can be done about it; from then on the line counts as read.
pub async fn open(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id: NoticeId = id.parse().map_err(|_| Problem::not_found())?;
    let (kind, object) =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, actor, id)?)).await?;
    mark(app.house.database(), actor, Some(id)).await?;
    Ok(see_other(&address(&kind, object)))
}

/// `POST /notices/read`
pub async fn read_all(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, _) = asker.member()?;
    mark(app.house.database(), actor, None).await?;
    Ok(see_other("/notices"))
}

async fn mark(db: &Arc<Database>, actor: ActorId, id: Option<NoticeId>) -> Result<(), Problem> {
    let db = Arc::clone(db);
    web::on_a_thread(move || {
        db.bookkeeping("notices", |w| queries::mark_read(w, actor, id)).map_err(|error: Error| error.into())
    })
    .await
}
