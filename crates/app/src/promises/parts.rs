//! What promises add to the pages of others: today, the timeline of a tie, the calendar.

use network::promise::Due;
use network::vocabulary::PromiseState;
use store::ids::ActorId;
use store::{Micros, Reading};
use web::{Asker, Lang, Problem};

use super::queries::{self, Promise};
use crate::parts::{Card, CardAct, Day, Line};
use crate::{Texts, dates};

/// Cards of one kind shown at once.
const MOST: usize = 2;

/// Promises that wait for my answer or are due, and rings I could close.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let mut cards = Vec::new();
    let go =
        |label: &str, address: &str| CardAct::Go { label: label.to_owned(), address: address.to_owned() };
    for promise in queries::waiting_for(r, member)?.into_iter().take(MOST) {
        let address = format!("/promises/{}", promise.id);
        let who = promise.other_name(member).unwrap_or_else(|| t.promises_somebody());
        cards.push(Card {
            title: t.promises_card_waiting(who, promise.what.as_str()),
            link: address.clone(),
            why: promise.due_on.map_or_else(
                || t.promises_no_day().to_owned(),
                |day| t.promises_by(dates::short(Micros(day * Micros::DAY), asker.lang)),
            ),
            act: go(t.promises_card_look(), &address),
            rank: 0,
        });
    }
    let today = r.now().day(7);
    for promise in queries::due_for(r, member)?.into_iter().take(MOST) {
        let who = promise.other_name(member).unwrap_or_else(|| t.promises_somebody());
        cards.push(Card {
            title: t.promises_card_due(who, promise.what.as_str()),
            link: format!("/promises/{}", promise.id),
            why: due_words(t, &promise, today),
            act: CardAct::Do {
                label: t.promises_done().to_owned(),
                address: format!("/exchanges/kept/{}", promise.id),
            },
            rank: 0,
        });
    }
    for ring in queries::rings_asked_of(r, member)?.into_iter().take(1) {
        cards.push(Card {
            title: t.promises_ring_asked().to_owned(),
            link: "/promises".to_owned(),
            why: t.promises_ring_why().to_owned(),
            act: CardAct::Answer {
                address: format!("/promises/rings/{ring}/answer"),
                yes: t.promises_agree().to_owned(),
                no: t.promises_not_now().to_owned(),
            },
            rank: 0,
        });
    }
    Ok(cards)
}

fn due_words(t: Texts, promise: &Promise, today: i64) -> String {
    match promise.due_on.and_then(|day| network::promise::due(day, today)) {
        Some(Due::Today) => t.promises_card_today().to_owned(),
        Some(Due::Soon(days)) => t.promises_due_soon(days),
        Some(Due::Over(days)) => t.promises_due_over(days),
        None => t.promises_no_day().to_owned(),
    }
}

/// What two members promised each other.
///
/// # Errors
/// The database's own.
pub fn timeline(r: &Reading<'_>, asker: &Asker, a: ActorId, b: ActorId) -> Result<Vec<Line>, Problem> {
    let t = Texts(asker.lang);
    let promises = queries::all_between(r, a, b)?;
    let line = |promise: Promise| Line {
        at: promise.created_at,
        what: t.promises_line(super::pages::state_label(t, promise.state)),
        link: Some(format!("/promises/{}", promise.id)),
        words: promise.what,
        undo: None,
    };
    Ok(promises.into_iter().filter(|promise| promise.state != PromiseState::Lapsed).map(line).collect())
}

/// The days of open promises in the coming year.
///
/// # Errors
/// The database's own.
pub fn days(r: &Reading<'_>, lang: Lang, member: ActorId) -> Result<Vec<Day>, Problem> {
    let t = Texts(lang);
    let today = r.now().day(7);
    let promises = queries::days_of(r, member, today - 30, today + 366)?;
    Ok(promises
        .into_iter()
        .filter_map(|promise| {
            let who = promise.other_name(member).unwrap_or_else(|| t.promises_somebody()).to_owned();
            let title = if promise.provider == member {
                t.promises_day_mine(promise.what.as_str(), who)
            } else {
                t.promises_day_theirs(promise.what.as_str(), who)
            };
            Some(Day {
                uid: promise.id.to_string(),
                on: dates::day(Micros(promise.due_on? * Micros::DAY)),
                title,
                reduced: t.promises_day_reduced().to_owned(),
                link: format!("/promises/{}", promise.id),
                sequence: promise.version,
                changed_at: promise.updated_at,
            })
        })
        .collect())
}
