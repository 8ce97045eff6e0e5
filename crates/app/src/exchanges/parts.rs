//! What exchanges add to the pages of others: today and the timeline of a tie.

use store::ids::ActorId;
use store::{Micros, Reading};
use thai::text::truncate;
use web::{Asker, Problem};

use super::queries::{self, HopesAsked};
use crate::Texts;
use crate::parts::{Card, CardAct, Line};

/// Thanks stay on today's page for so long.
const THANKS_FOR: i64 = 3 * Micros::DAY;

/// What I am said to have received, thanks for what I gave, and twice a year what came of my hopes.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let mut cards = Vec::new();
    for exchange in queries::waiting_for(r, member)?.into_iter().take(2) {
        let who = exchange.provider_name.as_deref().unwrap_or_else(|| t.promises_somebody());
        cards.push(Card {
            title: t.exchanges_card_waiting(who, exchange.what.as_str()),
            link: format!("/exchanges/{}", exchange.id),
            why: t.exchanges_card_waiting_why().to_owned(),
            act: CardAct::Do {
                label: t.exchanges_confirm().to_owned(),
                address: format!("/exchanges/{}/confirm", exchange.id),
            },
            rank: 0,
        });
    }
    for thanks in queries::thanks_for(r, member, r.now().plus(-THANKS_FOR), 1)? {
        let address = format!("/exchanges/{}", thanks.exchange);
        let who = thanks.from_name.as_deref().unwrap_or_else(|| t.promises_somebody());
        cards.push(Card {
            title: t.exchanges_card_thanks(who),
            link: address.clone(),
            why: truncate(&thanks.words, 120).into_owned(),
            act: CardAct::Go { label: t.exchanges_card_read().to_owned(), address },
            rank: 3,
        });
    }
    let Some(network) = asker.network() else { return Ok(cards) };
    if let Some(asked) = queries::hopes_due(r, network, member)? {
        let (title, why) = match asked {
            HopesAsked::First => (t.exchanges_card_hope(), t.exchanges_card_hope_why()),
            HopesAsked::Again => (t.exchanges_card_hopes(), t.exchanges_card_hopes_why()),
        };
        cards.push(Card {
            title: title.to_owned(),
            link: "/exchanges/hopes".to_owned(),
            why: why.to_owned(),
            act: CardAct::Go {
                label: t.exchanges_card_answer().to_owned(),
                address: "/exchanges/hopes".to_owned(),
            },
            rank: 3,
        });
    }
    Ok(cards)
}

/// What two members gave each other.
///
/// # Errors
/// The database's own.
pub fn timeline(r: &Reading<'_>, asker: &Asker, a: ActorId, b: ActorId) -> Result<Vec<Line>, Problem> {
    let t = Texts(asker.lang);
    let passed = queries::between(r, a, b, 50)?;
    Ok(passed
        .into_iter()
        .map(|exchange| Line {
            at: Micros(exchange.on_day * Micros::DAY),
            what: t
                .exchanges_line(exchange.provider_name.as_deref().unwrap_or_else(|| t.promises_somebody())),
            link: Some(format!("/exchanges/{}", exchange.id)),
            words: exchange.what,
            undo: None,
        })
        .collect())
}
