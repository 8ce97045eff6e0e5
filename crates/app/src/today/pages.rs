use askama::Template;
use axum::extract::State;
use store::Reading;
use store::ids::ActorId;
use thai::text::truncate;
use web::{Answer, Asker, Page, Place, Problem};

use super::queries;
use crate::giving::{Fit, Pools};
use crate::{App, Texts, dates, introductions, members, ties};

/// One thing to do: who or what, why, one action, a quiet second.
#[derive(Debug)]
struct Card {
    title: String,
    link: String,
    why: String,
    act: Act,
}

/// What one tap does.
#[derive(Debug)]
enum Act {
    /// Goes to a page.
    Go { label: &'static str, address: String },
    /// Says yes or that it does not suit.
    Answer { address: String, yes: &'static str, no: &'static str },
    /// Does it at once.
    Do { label: &'static str, address: String },
}

/// Nobody is asked more than this on one page.
const MOST: usize = 7;
/// Of these, needs one could meet.
const NEEDS: usize = 3;

#[derive(Template)]
#[template(path = "today/page.html")]
struct Today<'a> {
    t: Texts,
    date: String,
    name: &'a str,
    cards: &'a [Card],
    nothing_yet: bool,
}

/// `GET /today`
pub async fn page(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, session) = asker.member()?;
    let asked = asker.clone();
    let pools = app.pools.clone();
    let (cards, open) = app
        .house
        .read(&asker.viewer, move |r| {
            let mut cards = cards(r, &asked, actor)?;
            cards.extend(needs_to_meet(r, &asked, actor, &pools)?);
            cards.truncate(MOST);
            Ok::<_, Problem>((cards, queries::open_of(r, actor)?))
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.today_title()).at(Place::Today).with(&Today {
        t,
        date: dates::short(app.house.database().now(), asker.lang),
        name: &session.acting_name,
        cards: &cards,
        nothing_yet: open == 0,
    })
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
        act: Act::Go { label: t.today_look(), address: format!("/giving/{}", fit.card.id) },
    };
    Ok(fits.iter().map(card).collect())
}

/// The cards in the order of who waits longest for me: people first, then matters.
fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
    let mut cards = Vec::new();
    for asked in introductions::asked_of(r, actor)? {
        let Some(other) = name(asked.other)? else { continue };
        let why = [asked.gains.as_str(), asked.reason.as_str()]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>();
        cards.push(Card {
            title: t.today_introduction(other.called()),
            link: format!("/members/{}", other.id),
            why: t.today_introduction_why(why.join(" · ")),
            act: Act::Answer {
                address: format!("/introductions/{}/answer", asked.id),
                yes: t.introductions_yes(),
                no: t.introductions_no(),
            },
        });
    }
    for waiting in ties::waiting_for(r, actor)? {
        let Some(other) = name(waiting.tie.subject)? else { continue };
        let offers = &waiting.tie.subject_offers;
        cards.push(Card {
            title: t.ties_proposed_by(other.called()),
            link: format!("/ties/{}", waiting.tie.id),
            why: if offers.is_empty() { t.today_tie_why().to_owned() } else { t.today_tie_offers(offers) },
            act: Act::Answer {
                address: format!("/ties/{}/answer", waiting.tie.id),
                yes: t.ties_accept(),
                no: t.ties_decline(),
            },
        });
    }
    for (intent, who, title, words) in queries::replies_to(r, actor)? {
        let Some(other) = name(who)? else { continue };
        cards.push(Card {
            title: t.today_reply(other.called(), truncate(&title, 60)),
            link: format!("/giving/{intent}"),
            why: if words.is_empty() { t.today_reply_why().to_owned() } else { words },
            act: Act::Go { label: t.today_look(), address: format!("/giving/{intent}") },
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
            act: Act::Do { label: t.today_renew(), address: format!("/giving/{intent}/renew") },
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
                    act: Act::Go { label: t.today_look(), address: address.to_owned() },
                });
            }
        }
    }
    Ok(cards)
}
