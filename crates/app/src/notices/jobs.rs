use std::net::{IpAddr, Ipv4Addr};

use network::telling::{Topic, When, again_after};
use store::ids::ActorId;
use store::{Database, Error, Micros, Reading, Viewer, Writing};
use thai::Lang;
use web::{Asker, Problem};

use super::letters::{self, Matter, Reader};
use super::queries::{choices, letters as rows};
use super::{actions, pages};
use crate::parts::{CardAct, Cards};
use crate::{Texts, dates};

/// Persons looked at in one round.
const ROUND: i64 = 500;
/// A letter about what was told longer ago is not written any more: it stands in the list.
const TOO_OLD: i64 = 30 * Micros::DAY;

/// Writes the letters that are due into the outbox: what happened, at once or summed up as each member chose, and whom it
/// is time to be in touch with. `origin` is what links begin with. Answers how many were written. May run at any time and
/// in several processes; a letter and the mark that it was written are one transaction.
///
/// # Errors
/// The database's own.
pub fn write_letters(db: &Database, origin: &str, cards: &[Cards]) -> Result<usize, Error> {
    let due = db.read(&Viewer::System("notices"), |r| rows::due(r, ROUND))?;
    let mut written = 0;
    for person in due {
        match write_to(db, origin, cards, person) {
            Ok(true) => written += 1,
            Ok(false) => {}
            // one member's trouble keeps nobody else's letter
            Err(error) => tracing::error!("a letter to {person}: {error}"),
        }
    }
    Ok(written)
}

/// What is known of a person before their letter is written.
struct Prepared {
    reader: Option<Reader>,
    /// Lines to be marked, with what a letter says of them; none for those that need no letter any more.
    lines: Vec<(super::NoticeId, Option<Matter>)>,
    /// When the summary was due, and when the next one is.
    slot: Option<(Micros, Micros)>,
    people: Vec<Matter>,
    /// Matters that were named and are settled.
    settled: Vec<String>,
}

fn write_to(db: &Database, origin: &str, cards: &[Cards], person: ActorId) -> Result<bool, Error> {
    let prepared = prepare(db, origin, cards, person)?;
    db.bookkeeping("notices", |w| finish(w, person, &prepared))
}

fn finish(w: &mut Writing<'_>, person: ActorId, prepared: &Prepared) -> Result<bool, Error> {
    let mut matters = Vec::new();
    for (notice, matter) in &prepared.lines {
        // whoever takes a line writes its letter; what was turned off meanwhile is gone from here
        if rows::take(w, *notice, person)? {
            matters.extend(matter.clone());
        }
    }
    if let Some((from, to)) = prepared.slot
        && rows::move_on(w, person, from, to)?
    {
        for matter in &prepared.settled {
            rows::forget_matter(w, person, matter)?;
        }
        if actions::rhythm(w, person)? != When::Never {
            matters.extend(prepared.people.iter().cloned());
        }
    }
    let Some(reader) = &prepared.reader else { return Ok(false) };
    let (matters, left) = letters::named(matters);
    for matter in matters.iter().filter(|matter| matter.notice.is_none()) {
        rows::note_matter(w, person, &matter.key)?;
    }
    letters::enqueue(w, reader, &matters, left)?;
    Ok(!matters.is_empty())
}

fn prepare(db: &Database, origin: &str, cards: &[Cards], person: ActorId) -> Result<Prepared, Error> {
    let now = db.now();
    let (account, address, lines, hours, next_at, rhythm) = db.read(&Viewer::System("notices"), |r| {
        Ok::<_, Error>((
            rows::account(r, person)?,
            post::email_of(r, person)?,
            rows::lines(r, person)?,
            choices::hours(r, person)?,
            rows::next_at(r, person)?,
            actions::rhythm(r, person)?,
        ))
    })?;
    let reader = match (&account, address) {
        (Some(_), Some((address, lang))) => Some(Reader {
            person,
            address,
            lang: Lang::from_tag(&lang).unwrap_or_default(),
            origin: origin.to_owned(),
        }),
        _ => None,
    };
    let mut prepared =
        Prepared { reader, lines: Vec::new(), slot: None, people: Vec::new(), settled: Vec::new() };
    // whoever wants nobody named is looked at once a week, in case they choose otherwise
    let step = if rhythm == When::AtOnce { When::Daily } else { rhythm };
    if let Some(from) = next_at.filter(|at| at.0 <= now.0) {
        let to = hours.next(step, now).unwrap_or_else(|| now.plus(7 * Micros::DAY));
        prepared.slot = Some((from, to));
    }
    let (Some(account), Some(reader)) = (account, prepared.reader.clone()) else {
        prepared.lines = lines.into_iter().map(|line| (line.id, None)).collect();
        return Ok(prepared);
    };
    let seen_by = |actor| Viewer::Member { account, person, acting_as: actor, operator: false };
    for line in lines {
        let wanted = !line.read && line.told_at.0 > now.0 - TOO_OLD;
        let matter =
            if wanted { Some(db.read(&seen_by(line.to), |r| of_line(r, &reader, &line))?) } else { None };
        prepared.lines.push((line.id, matter));
    }
    // the first look finds the slot alone: nobody is written to because they confirmed their address
    if prepared.slot.is_some_and(|(from, _)| from.0 > 0) && rhythm != When::Never {
        let asker = asker(seen_by(person), reader.lang, origin);
        let found = db.read(&asker.viewer, |r| people(r, &asker, person, cards))?;
        let told = db.read(&Viewer::System("notices"), |r| rows::matters(r, person))?;
        let again = |times, at: Micros| {
            // a slot may come a little early after the clock was put forward
            again_after(times).is_some_and(|days| at.0 + days * Micros::DAY <= now.0 + 2 * Micros::HOUR)
        };
        let mut too_soon = Vec::new();
        for (matter, times, at) in told {
            if !found.iter().any(|one| one.key == matter) {
                prepared.settled.push(matter);
            } else if !again(times, at) {
                too_soon.push(matter);
            }
        }
        prepared.people = found.into_iter().filter(|one| !too_soon.contains(&one.key)).collect();
    }
    Ok(prepared)
}

/// What a letter says of a line.
fn of_line(r: &Reading<'_>, reader: &Reader, line: &rows::Due) -> Result<Matter, Error> {
    let t = Texts(reader.lang);
    let about = match line.about {
        Some(about) => crate::members::names(r, &[about])?.pop().map(|named| named.called().to_owned()),
        None => None,
    };
    Ok(Matter {
        topic: Topic::of_kind(&line.kind),
        notice: Some(line.id),
        key: String::new(),
        words: pages::sentence(t, &line.kind, about.as_deref(), &line.words),
        why: dates::short(line.told_at, reader.lang),
        path: format!("/notices/{}", line.id),
        about: line.about,
    })
}

/// Whom it is time to be in touch with, from the cards of today that log a contact.
fn people(r: &Reading<'_>, asker: &Asker, person: ActorId, cards: &[Cards]) -> Result<Vec<Matter>, Error> {
    let mut found = Vec::new();
    for source in cards {
        let cards = source(r, asker, person)
            .map_err(|problem: Problem| Error::Fault(problem.sentence(Lang::English).to_owned()))?;
        for card in cards.into_iter().filter(|card| matches!(card.act, CardAct::Contact { .. })) {
            // each card is about one of one's people, whose page it leads to
            let nobody = ActorId(-1 - i64::try_from(found.len()).unwrap_or(0));
            let about = card.link.strip_prefix("/members/").and_then(|id| id.parse().ok()).unwrap_or(nobody);
            found.push(Matter {
                topic: Topic::Rhythm,
                notice: None,
                key: card.link.clone(),
                words: card.title,
                why: card.why,
                path: card.link,
                about: Some(about),
            });
        }
    }
    Ok(found)
}

/// A member as their own pages know them, without a request.
fn asker(viewer: Viewer, lang: Lang, origin: &str) -> Asker {
    Asker {
        viewer,
        lang,
        session: None,
        on_behalf_of: None,
        secret: None,
        scopes: None,
        key: None,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        path: "/today".to_owned(),
        origin: origin.to_owned(),
    }
}
