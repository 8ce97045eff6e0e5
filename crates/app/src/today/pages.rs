use std::collections::HashSet;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, ContactId};
use thai::text::truncate;
use web::{Answer, Asker, Fields, Form, Page, Place, Problem};

use super::queries;
use crate::giving::{Fit, Pools};
use crate::parts::{Card, CardAct, Cards};
use crate::{App, Texts, dates, members, ties};

/// Nobody is asked more than this on one page.
const MOST: usize = 7;
/// Of these, places for matters of which nothing would be seen otherwise.
const ROOM: usize = 2;
/// Of these, needs one could meet.
const NEEDS: usize = 3;

#[derive(Template)]
#[template(path = "today/page.html")]
struct Today<'a> {
    t: Texts,
    date: String,
    name: &'a str,
    cards: &'a [Shown],
    nothing_yet: bool,
    /// Coordinates a network that nobody else is in yet.
    alone: bool,
    logged: Option<ContactId>,
}

/// A card with the key that makes two taps one.
struct Shown {
    card: Card,
    once: String,
}

impl Shown {
    /// What the sign beside it is drawn for: calling somebody, or the matter its page is about.
    fn sign(&self) -> &str {
        if matches!(self.card.act, CardAct::Contact { .. }) { "/rhythm" } else { &self.card.link }
    }
}

/// What `/today?…` may say: a contact that was just logged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Flash {
    logged: String,
}

/// `GET /today`
pub async fn page(asker: Asker, State(app): State<App>, Query(flash): Query<Flash>) -> Answer {
    let (actor, session) = asker.member()?;
    let asked = asker.clone();
    let pools = app.pools.clone();
    let others = app.cards;
    let own_network = asker.network().filter(|_| asker.coordinates());
    let (cards, open, alone) = app
        .house
        .read(&asker.viewer, move |r| {
            let cards = gathered(r, &asked, actor, others, &pools)?;
            let alone = match own_network {
                Some(network) => !queries::anybody_else(r, network, actor)?,
                None => false,
            };
            Ok::<_, Problem>((cards, queries::open_of(r, actor)?, alone))
        })
        .await?;
    let t = Texts(asker.lang);
    let shown: Vec<Shown> = cards
        .into_iter()
        .map(|card| Shown { card, once: Form::new(asker.texts(), Fields::default()).once().to_owned() })
        .collect();
    let logged = flash.logged.parse::<ContactId>().ok();
    let mut page = Page::new(&asker, t.today_title()).at(Place::Today);
    if let Some(id) = logged {
        page = page.done(t.ties_logged(), Some(format!("/ties/contacts/{id}/undo")));
    }
    page.with(&Today {
        t,
        date: dates::short(app.house.database().now(), asker.lang),
        name: &session.acting_name,
        cards: &shown,
        nothing_yet: open == 0,
        alone,
        logged,
    })
}

/// Everybody's cards in one order, and of people who are due only as many as leave room for what waits.
pub(super) fn gathered(
    r: &Reading<'_>,
    asker: &Asker,
    actor: ActorId,
    others: &[Cards],
    pools: &Pools,
) -> Result<Vec<Card>, Problem> {
    let mut all = cards(r, asker, actor)?;
    for more in others {
        all.extend(more(r, asker, actor)?);
    }
    all.extend(needs_to_meet(r, asker, actor, pools)?);
    Ok(chosen(all))
}

/// The most pressing, of which two make room for matters of which nothing would be seen otherwise: a need I could meet and
/// thanks have their place however many wait or are due.
fn chosen(mut all: Vec<Card>) -> Vec<Card> {
    all.sort_by_key(|card| card.rank);
    if all.len() <= MOST {
        return all;
    }
    let mut rest = all.split_off(MOST - ROOM);
    let mut matters: HashSet<String> = all.iter().map(matter).collect();
    for _ in 0..ROOM {
        let other = rest.iter().position(|card| !matters.contains(&matter(card)));
        let card = rest.remove(other.unwrap_or(0));
        matters.insert(matter(&card));
        all.push(card);
    }
    all.sort_by_key(|card| card.rank);
    all
}

/// What a card is about: the feature it leads to, and how pressing it is there.
fn matter(card: &Card) -> String {
    let feature = match card.act {
        CardAct::Contact { .. } => "rhythm",
        _ => card.link.split('/').nth(1).unwrap_or_default(),
    };
    format!("{feature} {}", card.rank)
}

/// Needs I can meet with what I offer, and why.
fn needs_to_meet(
    r: &Reading<'_>,
    asker: &Asker,
    actor: ActorId,
    pools: &Pools,
) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let Some(network) = asker.network() else { return Ok(Vec::new()) };
    let fits = pools.open_needs_i_can_meet(r, network, actor, NEEDS)?;
    let card = |fit: &Fit| Card {
        title: t.today_need(truncate(&fit.card.title, 60)),
        link: format!("/giving/{}", fit.card.id),
        why: fit.reason(asker.lang),
        act: CardAct::Go { label: t.today_look().to_owned(), address: format!("/giving/{}", fit.card.id) },
        rank: 2,
    };
    Ok(fits.iter().map(card).collect())
}

/// The cards in the order of who waits longest for me: people first, then matters.
fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
    let mut cards = Vec::new();
    for waiting in ties::waiting_for(r, actor)? {
        let Some(other) = name(waiting.tie.subject)? else { continue };
        let offers = &waiting.tie.subject_offers;
        cards.push(Card {
            title: t.ties_proposed_by(other.called()),
            link: format!("/ties/{}", waiting.tie.id),
            why: if offers.is_empty() { t.today_tie_why().to_owned() } else { t.today_tie_offers(offers) },
            act: CardAct::Answer {
                address: format!("/ties/{}/answer", waiting.tie.id),
                yes: t.ties_accept().to_owned(),
                no: t.ties_decline().to_owned(),
            },
            rank: 0,
        });
    }
    for (intent, who, title, words) in queries::replies_to(r, actor)? {
        let Some(other) = name(who)? else { continue };
        cards.push(Card {
            title: t.today_reply(other.called(), truncate(&title, 60)),
            link: format!("/giving/{intent}"),
            why: if words.is_empty() { t.today_reply_why().to_owned() } else { words },
            act: CardAct::Go { label: t.today_look().to_owned(), address: format!("/giving/{intent}") },
            rank: 0,
        });
    }
    for (intent, side, title, until) in queries::ending_soon(r, actor)? {
        let kind = if side == "need" {
            t.today_ending_need(truncate(&title, 60))
        } else {
            t.today_ending_offer(truncate(&title, 60))
        };
        cards.push(Card {
            title: kind,
            link: format!("/giving/{intent}"),
            why: t.today_ending_why(dates::short(until, asker.lang)),
            act: CardAct::Do {
                label: t.today_renew().to_owned(),
                address: format!("/giving/{intent}/renew"),
            },
            rank: 2,
        });
    }
    if let Some(network) = asker.network().filter(|_| asker.coordinates()) {
        let calls = ties::to_call(r, network)?.len();
        let (pending, duplicates, applications) = queries::coordinators_work(r, network)?;
        let calls = i64::try_from(calls).unwrap_or(0);
        for (count, title, address) in [
            (applications, t.today_applications(applications), "/administration/applications"),
            (calls, t.today_calls(calls), "/introductions"),
            (pending, t.today_consents(pending), "/members?pending=1"),
            (duplicates, t.today_duplicates(duplicates), "/transfer/duplicates"),
        ] {
            if count > 0 {
                cards.push(Card {
                    title,
                    link: address.to_owned(),
                    why: t.today_coordinator_why().to_owned(),
                    act: CardAct::Go { label: t.today_look().to_owned(), address: address.to_owned() },
                    rank: 3,
                });
            }
        }
    }
    Ok(cards)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn card(feature: &str, rank: u8, n: usize) -> Card {
        Card {
            title: String::new(),
            link: format!("/{feature}/{n}"),
            why: String::new(),
            act: CardAct::Go { label: String::new(), address: String::new() },
            rank,
        }
    }

    fn links(cards: &[Card]) -> Vec<&str> {
        cards.iter().map(|card| card.link.as_str()).collect()
    }

    #[test]
    fn a_need_and_thanks_have_their_place_however_many_wait() {
        let mut all: Vec<Card> = (0..9).map(|n| card("promises", 0, n)).collect();
        all.extend((0..3).map(|n| card("rhythm", 1, n)));
        all.extend((0..3).map(|n| card("giving", 2, n)));
        all.push(card("exchanges", 3, 0));
        let wanted = [0, 1, 2, 3, 4].map(|n| format!("/promises/{n}"));
        assert_eq!(links(&chosen(all.clone()))[..5], wanted);
        assert_eq!(links(&chosen(all))[5..], ["/rhythm/0", "/giving/0"]);
        let mut few: Vec<Card> = (0..8).map(|n| card("promises", 0, n)).collect();
        few.push(card("exchanges", 3, 0));
        assert_eq!(links(&chosen(few))[5..], ["/promises/5", "/exchanges/0"]);
    }

    proptest! {
        #[test]
        fn the_most_pressing_five_stand_and_seven_at_most(ranks in proptest::collection::vec((0_u8..4, 0_usize..5), 0..30)) {
            let all: Vec<Card> = ranks
                .iter()
                .enumerate()
                .map(|(n, (rank, feature))| card(&format!("f{feature}"), *rank, n))
                .collect();
            let shown = chosen(all.clone());
            prop_assert_eq!(shown.len(), all.len().min(MOST));
            prop_assert!(shown.is_sorted_by_key(|card| card.rank));
            let mut sorted = all;
            sorted.sort_by_key(|card| card.rank);
            for first in links(&sorted).into_iter().take(MOST - ROOM) {
                prop_assert!(links(&shown).contains(&first));
            }
        }
    }
}
