//! What referrals add to the pages of others.

use askama::Template;
use network::referral::State;
use store::Reading;
use store::ids::ActorId;
use web::{Asker, Lang, Problem};

use super::ReferralId;
use super::queries::{self, Referral, Which};
use crate::parts::{Card, CardAct, Day, Line, Room};
use crate::{Texts, dates, members};

/// Where those concerned write to each other about a referral.
pub const ROOM: Room = Room {
    word: "referral",
    id: |text| text.parse::<ReferralId>().ok().map(|id| id.0),
    address: |id| format!("/referrals/{}", ReferralId(id)),
    concerned: |r, id| {
        let referral = match queries::find(r, ReferralId(id)) {
            Ok(referral) if referral.state != State::Draft => referral,
            Ok(_) | Err(store::Error::NotFound) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut concerned = vec![referral.sender, referral.receiver];
        concerned.extend(referral.person);
        Ok(concerned)
    },
};

/// The state in words.
pub(super) fn state_label(t: Texts, state: State) -> &'static str {
    match state {
        State::Draft => t.referrals_state_draft(),
        State::Requested => t.referrals_state_requested(),
        State::Received => t.referrals_state_received(),
        State::Accepted => t.referrals_state_accepted(),
        State::InProgress => t.referrals_state_in_progress(),
        State::Completed => t.referrals_state_completed(),
        State::Rejected => t.referrals_state_rejected(),
        State::Cancelled => t.referrals_state_cancelled(),
    }
}

/// What waits for this member: somebody's yes, a matter sent to them, a loop to close, and what is overdue.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let name = |id: ActorId| {
        Ok::<_, Problem>(
            members::names(r, &[id])?
                .pop()
                .map_or_else(|| t.notices_somebody().to_owned(), |named| named.called().to_owned()),
        )
    };
    let mut cards = Vec::new();
    for referral in queries::list(r, Which::AboutMe, actor, 0, 20)? {
        if referral.state == State::Draft {
            cards.push(Card {
                title: t.referrals_card_consent(name(referral.sender)?),
                link: address(&referral),
                why: t.referrals_card_consent_why(name(referral.receiver)?),
                act: CardAct::Answer {
                    address: format!("{}/consent", address(&referral)),
                    yes: t.referrals_agree().to_owned(),
                    no: t.referrals_disagree().to_owned(),
                },
                rank: 0,
            });
        }
    }
    for referral in queries::list(r, Which::ToMe, actor, 0, 20)? {
        if referral.state.waits() {
            let fresh = matches!(referral.state, State::Requested | State::Received);
            cards.push(Card {
                title: t.referrals_card_new(&referral.title, name(referral.sender)?),
                link: address(&referral),
                why: if fresh {
                    t.referrals_card_new_why().to_owned()
                } else {
                    t.referrals_card_due_why(date(referral.due_on, asker.lang))
                },
                act: CardAct::Go { label: t.today_look().to_owned(), address: address(&referral) },
                rank: u8::from(!fresh),
            });
        }
    }
    for referral in queries::list(r, Which::FromMe, actor, 0, 20)? {
        let (title, why) = match referral.state {
            State::Completed if referral.feedback.is_none() => (
                t.referrals_card_done(&referral.title, name(referral.receiver)?),
                t.referrals_card_done_why(),
            ),
            State::Rejected => (
                t.referrals_card_declined(&referral.title, name(referral.receiver)?),
                t.referrals_card_declined_why(),
            ),
            _ => continue,
        };
        cards.push(Card {
            title,
            link: address(&referral),
            why: why.to_owned(),
            act: CardAct::Go { label: t.today_look().to_owned(), address: address(&referral) },
            rank: 1,
        });
    }
    if let Some(network) = asker.network().filter(|_| asker.coordinates()) {
        let late = queries::list(r, Which::Overdue, network, 0, 20)?.len();
        if late > 0 {
            let late = i64::try_from(late).unwrap_or(0);
            cards.push(Card {
                title: t.referrals_card_overdue(late),
                link: "/referrals".to_owned(),
                why: t.today_coordinator_why().to_owned(),
                act: CardAct::Go { label: t.today_look().to_owned(), address: "/referrals".to_owned() },
                rank: 1,
            });
        }
    }
    cards.truncate(4);
    Ok(cards)
}

fn address(referral: &Referral) -> String {
    format!("/referrals/{}", referral.id)
}

/// A day since 1970-01-01 as people write it.
pub(super) fn date(day: i64, lang: Lang) -> String {
    dates::short(at_noon(day), lang)
}

/// Noon in Thailand of a day since 1970-01-01.
fn at_noon(day: i64) -> store::Micros {
    store::Micros(day * store::Micros::DAY).plus(5 * store::Micros::HOUR)
}

/// What was referred between two members.
///
/// # Errors
/// The database's own.
pub fn timeline(r: &Reading<'_>, asker: &Asker, a: ActorId, b: ActorId) -> Result<Vec<Line>, Problem> {
    let t = Texts(asker.lang);
    let lines = queries::between(r, a, b, 50)?.into_iter().map(|referral| Line {
        at: referral.updated_at,
        what: t.referrals_line(state_label(t, referral.state)),
        words: referral.title.clone(),
        link: Some(address(&referral)),
        undo: None,
    });
    Ok(lines.collect())
}

/// The days by which a member is to see to what was referred to them.
///
/// # Errors
/// The database's own.
pub fn days(r: &Reading<'_>, lang: Lang, actor: ActorId) -> Result<Vec<Day>, Problem> {
    let t = Texts(lang);
    let mut days = Vec::new();
    for referral in queries::list(r, Which::ToMe, actor, 0, 100)? {
        if referral.state.waits() {
            days.push(Day {
                uid: referral.id.to_string(),
                on: dates::day(at_noon(referral.due_on)),
                title: t.referrals_day(&referral.title),
                reduced: t.referrals_day_reduced().to_owned(),
                link: address(&referral),
                sequence: referral.version,
                changed_at: referral.updated_at,
            });
        }
    }
    Ok(days)
}

#[derive(Template)]
#[template(path = "referrals/panel.html")]
struct Panel {
    t: Texts,
    member: ActorId,
    to: bool,
    about: bool,
}

/// On a member's page: refer something to them, or refer them to somebody.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<String, Problem> {
    let Ok((own, network)) = asker.member_and_network() else { return Ok(String::new()) };
    if actor == network {
        return Ok(String::new());
    }
    let to = own != actor && queries::reachable(r, network, own, actor)?;
    // for those with an account the question goes to them; for the others only to whom they told it
    let about =
        own == actor || !queries::has_no_account(r, actor)? || crate::giving::may_post(r, network, actor)?;
    if !to && !about {
        return Ok(String::new());
    }
    Ok(Panel { t: Texts(asker.lang), member: actor, to, about }.render()?)
}
