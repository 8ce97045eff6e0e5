//! What introductions add to the pages of others.

use askama::Template;
use network::introduction::{DAYS_UNTIL_WORTH, DAYS_UNTIL_WORTH_AGAIN};
use store::ids::{ActorId, IntroductionId};
use store::{Micros, Reading};
use web::{Asker, Problem};

use super::pages::called;
use super::queries::{self, Introduction, Which};
use crate::parts::{Card, CardAct, Line, Reminder, Reminders, Room};
use crate::{Texts, members, rhythm};

/// After both agreed, the two and who introduced them write to each other; before that nobody knows of anybody.
pub const ROOM: Room = Room {
    word: "introduction",
    id: |text| text.parse::<IntroductionId>().ok().map(|id| id.0),
    address: |id| format!("/introductions/{}", IntroductionId(id)),
    concerned: |r, id| queries::concerned(r, IntroductionId(id)),
};

/// Shown at once, of each kind.
const CARDS: i64 = 5;

fn address(introduction: &Introduction) -> String {
    format!("/introductions/{}", introduction.id)
}

/// What waits for this member: to say whether they would like to meet somebody, to pass on what was asked of them, to
/// say whether it was worth it.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let t = Texts(asker.lang);
    let mut cards = Vec::new();
    for asked in queries::list(r, Which::ForMe, actor, 0, CARDS)? {
        let gains = asked.gains(actor);
        let why: Vec<&str> =
            [gains, asked.reason.as_str()].into_iter().filter(|words| !words.is_empty()).collect();
        let by = if asked.introducer == asked.network || asked.introducer == actor {
            t.introductions_by_coordinators().to_owned()
        } else {
            called(r, t, asked.introducer)?
        };
        cards.push(Card {
            title: t.introductions_card_asked(called(r, t, asked.other(actor))?),
            link: address(&asked),
            why: t.introductions_card_asked_why(by, why.join(" · ")),
            act: CardAct::Answer {
                address: format!("{}/answer", address(&asked)),
                yes: t.introductions_yes().to_owned(),
                no: t.introductions_no().to_owned(),
            },
            rank: 0,
        });
    }
    let mut wanted = queries::list(r, Which::ToPassOn, actor, 0, CARDS)?;
    if let Some(network) = asker.network().filter(|_| asker.coordinates()) {
        wanted.extend(queries::list(r, Which::ToPassOn, network, 0, CARDS)?);
    }
    for one in wanted.into_iter().filter(|one| one.a != actor && one.b != actor) {
        cards.push(Card {
            title: if one.asker.is_some() {
                t.introductions_card_wanted(called(r, t, one.a)?, called(r, t, one.b)?)
            } else {
                t.introductions_card_suggested(called(r, t, one.a)?, called(r, t, one.b)?)
            },
            link: address(&one),
            why: one.reason.clone(),
            act: CardAct::Go { label: t.today_look().to_owned(), address: address(&one) },
            rank: 0,
        });
    }
    let days_ago = |days: i64| r.now().plus(-days * Micros::DAY);
    for (ends, why, link) in first_words(r, t, actor)? {
        cards.extend(rhythm::first_card(r, asker, ends, why, link)?);
    }
    let (met, early) = (days_ago(DAYS_UNTIL_WORTH), days_ago(DAYS_UNTIL_WORTH_AGAIN));
    for met in queries::worth_to_say(r, actor, met, early)? {
        cards.push(Card {
            title: t.introductions_card_worth(called(r, t, met.other(actor))?),
            link: address(&met),
            why: t.introductions_card_worth_why().to_owned(),
            act: CardAct::Go { label: t.introductions_worth_say().to_owned(), address: address(&met) },
            rank: 2,
        });
    }
    Ok(cards)
}

/// A first word that is due: the two, why, and the page.
type FirstWord = ((ActorId, ActorId), String, String);

/// Those whom this member came to know lately.
fn first_words(r: &Reading<'_>, t: Texts, actor: ActorId) -> Result<Vec<FirstWord>, Problem> {
    let mut found = Vec::new();
    for met in queries::just_met(r, actor, r.now().plus(-DAYS_UNTIL_WORTH * Micros::DAY))? {
        let by = if met.introducer == met.network || met.introducer == actor {
            t.introductions_by_coordinators().to_owned()
        } else {
            called(r, t, met.introducer)?
        };
        found.push(((actor, met.other(actor)), t.introductions_card_met_why(by), address(&met)));
    }
    Ok(found)
}

/// Letters remind of a first word as of any other that is due.
pub const REMINDERS: Reminders = Reminders { of: reminders, note: rhythm::prompted };

fn reminders(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Reminder>, Problem> {
    let mut reminders = Vec::new();
    for (ends, why, link) in first_words(r, Texts(asker.lang), actor)? {
        reminders.extend(rhythm::first_reminder(r, asker, ends, why, link)?);
    }
    Ok(reminders)
}

/// How these two came to know each other.
///
/// # Errors
/// The database's own.
pub fn timeline(r: &Reading<'_>, asker: &Asker, a: ActorId, b: ActorId) -> Result<Vec<Line>, Problem> {
    let t = Texts(asker.lang);
    let mut lines = Vec::new();
    for one in queries::between(r, a, b)? {
        let theirs = asker.actor().is_some_and(|me| one.concerns(me) || one.introducer == me);
        lines.push(Line {
            at: one.connected_at.unwrap_or(one.created_at),
            what: t.introductions_line().to_owned(),
            words: one.reason.clone(),
            link: theirs.then(|| address(&one)),
            undo: None,
        });
    }
    Ok(lines)
}

#[derive(Template)]
#[template(path = "introductions/panel.html")]
struct Panel {
    t: Texts,
    member: ActorId,
    tied: bool,
}

/// On a member's page: ask to be introduced to them, or introduce them to somebody.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<String, Problem> {
    let Ok((own, network)) = asker.member_and_network() else { return Ok(String::new()) };
    if actor == network || actor == own || members::role_in(r, network, actor)?.is_none() {
        return Ok(String::new());
    }
    let tied = queries::living_ties(r, own, actor)?;
    Ok(Panel { t: Texts(asker.lang), member: actor, tied }.render()?)
}
