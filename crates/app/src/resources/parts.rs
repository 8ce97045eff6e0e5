//! What bookings add to the pages of others: today and the calendar.

use network::vocabulary::BookingState;
use store::ids::ActorId;
use store::{Micros, Reading};
use web::{Asker, Lang, Problem};

use super::queries;
use crate::parts::{Card, CardAct, Day};
use crate::{Texts, dates};

/// Somebody would like what I have; what I have of others goes back soon.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let mut cards = Vec::new();
    let open = queries::bookings_of(r, member)?;
    let asked = open.into_iter().filter(|b| b.holder == member && b.state == BookingState::Requested).take(2);
    for booking in asked {
        let who = booking.borrower_name.as_deref().unwrap_or_else(|| t.promises_somebody());
        cards.push(Card {
            title: t.resources_card_asked(who, booking.title.as_str()),
            link: format!("/resources/bookings/{}", booking.id),
            why: super::pages::when(asker.lang, booking.from, booking.until),
            act: CardAct::Answer {
                address: format!("/resources/bookings/{}/answer", booking.id),
                yes: t.promises_agree().to_owned(),
                no: t.promises_not_now().to_owned(),
            },
            rank: 0,
        });
    }
    for booking in queries::to_return(r, member, r.now().plus(Micros::DAY))?.into_iter().take(2) {
        let whose = booking.holder_name.as_deref().unwrap_or_else(|| t.promises_somebody());
        let address = format!("/resources/bookings/{}", booking.id);
        cards.push(Card {
            title: t.resources_card_return(booking.title.as_str()),
            link: address.clone(),
            why: t.resources_card_return_why(dates::short(booking.until.plus(-1), asker.lang), whose),
            act: CardAct::Go { label: t.resources_look().to_owned(), address },
            rank: 0,
        });
    }
    Ok(cards)
}

/// What I have booked, and what of mine is booked.
///
/// # Errors
/// The database's own.
pub fn days(r: &Reading<'_>, lang: Lang, member: ActorId) -> Result<Vec<Day>, Problem> {
    let t = Texts(lang);
    let open = queries::bookings_of(r, member)?;
    let agreed = open.into_iter().filter(|booking| booking.state.holds());
    Ok(agreed
        .flat_map(|booking| {
            let mine = booking.borrower == member;
            let name = if mine { &booking.holder_name } else { &booking.borrower_name };
            let who = name.as_deref().unwrap_or_else(|| t.promises_somebody());
            let title = |begins: bool| match (mine, begins) {
                (true, true) => t.resources_day_fetch(booking.title.as_str(), who),
                (true, false) => t.resources_day_return(booking.title.as_str(), who),
                (false, true) => t.resources_day_hand(booking.title.as_str(), who),
                (false, false) => t.resources_day_back(booking.title.as_str(), who),
            };
            [(true, booking.from), (false, booking.until.plus(-1))].map(|(begins, at)| Day {
                uid: format!("{}-{}", booking.id, if begins { "from" } else { "until" }),
                on: dates::day(at),
                title: title(begins),
                reduced: t.resources_day_reduced().to_owned(),
                link: format!("/resources/bookings/{}", booking.id),
                sequence: booking.version,
                changed_at: booking.updated_at,
            })
        })
        .collect())
}
