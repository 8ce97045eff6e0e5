use std::net::{IpAddr, Ipv4Addr};

use network::telling::{Channel, Topic, When};
use store::ids::ActorId;
use store::{Database, Error, Micros, Reading, Viewer, Writing};
use thai::Lang;
use web::{Asker, Problem};

use super::letters::{self, Matter, Reader, Way};
use super::queries::{choices, letters as rows};
use super::{actions, pages};
use crate::parts::{Reminder, Reminders};
use crate::{Texts, dates};

/// Persons looked at in one round.
const ROUND: i64 = 500;
/// A letter about what was told longer ago is not written any more: it stands in the list.
const TOO_OLD: i64 = 30 * Micros::DAY;

/// What letters need to know of this instance.
#[derive(Debug, Clone)]
pub struct Outside {
    /// What links begin with: `https://saan.example.org`.
    pub origin: String,
    /// The issuer of LINE Login, where messages leave by LINE: people are known there by what it calls them.
    pub line: Option<String>,
}

impl From<&str> for Outside {
    fn from(origin: &str) -> Self {
        Self { origin: origin.to_owned(), line: None }
    }
}

/// Writes the letters that are due into the outbox: what happened, at once or summed up as each member chose, and whom it
/// is time to be in touch with. Answers how many members were written to. May run at any time and in several processes; a
/// letter and the mark that it was written, with the prompt of each rhythm it names, are one transaction.
///
/// # Errors
/// The database's own.
pub fn write_letters(
    db: &Database,
    outside: impl Into<Outside>,
    reminders: &[Reminders],
) -> Result<usize, Error> {
    let outside = outside.into();
    let due = db.read(&Viewer::System("notices"), |r| rows::due(r, ROUND))?;
    let mut written = 0;
    for person in due {
        match write_to(db, &outside, reminders, person) {
            Ok(true) => written += 1,
            Ok(false) => {}
            // one member's trouble keeps nobody else's letter
            Err(error) => tracing::error!("a letter to {person}: {error}"),
        }
    }
    Ok(written)
}

/// What is known of a person before their letters are written.
struct Prepared {
    by: Vec<ByChannel>,
    /// When the summary was due, and when the next one is.
    slot: Option<(Micros, Micros)>,
    /// Whom it is time to be in touch with, the most pressing first.
    people: Vec<Named>,
}

/// Somebody to be named, and how it is noted.
struct Named {
    reminder: Reminder,
    note: fn(&mut Writing<'_>, &Reminder, &[Channel]) -> Result<bool, Error>,
}

/// What one channel says.
struct ByChannel {
    channel: Channel,
    /// Each address there; none where the person cannot be reached by it any more.
    readers: Vec<Reader>,
    /// Lines to be marked, with what a letter says of them; none for those that need no letter any more.
    lines: Vec<(super::NoticeId, Option<Matter>)>,
    /// Whether the slot is one at which this channel names people.
    names_people: bool,
}

fn write_to(
    db: &Database,
    outside: &Outside,
    reminders: &[Reminders],
    person: ActorId,
) -> Result<bool, Error> {
    let prepared = prepare(db, outside, reminders, person)?;
    db.bookkeeping("notices", |w| finish(w, person, &prepared))
}

/// What a channel's letters say, before they are written.
struct Draft<'a> {
    channel: Channel,
    readers: &'a [Reader],
    matters: Vec<Matter>,
    left: usize,
}

fn finish(w: &mut Writing<'_>, person: ActorId, prepared: &Prepared) -> Result<bool, Error> {
    let slot = match prepared.slot {
        Some((from, to)) => rows::move_on(w, person, from, to)?,
        None => false,
    };
    let mut drafts = Vec::new();
    for one in &prepared.by {
        let mut matters = Vec::new();
        for (notice, matter) in &one.lines {
            // whoever takes a line writes its letter; what was turned off meanwhile is gone from here
            if rows::take(w, (*notice, person, one.channel))? {
                matters.extend(matter.clone());
            }
        }
        if slot && one.names_people && actions::rhythm(w, person, one.channel)? != When::Never {
            matters.extend(prepared.people.iter().map(|named| of_reminder(&named.reminder)));
        }
        let (matters, left) = letters::named(matters);
        drafts.push(Draft { channel: one.channel, readers: &one.readers, matters, left });
    }
    note(w, &prepared.people, &mut drafts)?;
    let mut wrote = false;
    for draft in drafts {
        for reader in draft.readers {
            letters::enqueue(w, reader, &draft.matters, draft.left)?;
            wrote |= !draft.matters.is_empty();
        }
    }
    Ok(wrote)
}

/// Notes a prompt of each rhythm that these letters name, once by however many channels. Of somebody with whom there was
/// word since they were read, the letters say nothing.
fn note(w: &mut Writing<'_>, people: &[Named], drafts: &mut [Draft<'_>]) -> Result<(), Error> {
    for Named { reminder, note } in people {
        let is = |matter: &Matter| matter.care == Some(reminder.care);
        let names = |draft: &&Draft<'_>| !draft.readers.is_empty() && draft.matters.iter().any(is);
        let channels: Vec<Channel> = drafts.iter().filter(names).map(|draft| draft.channel).collect();
        if !channels.is_empty() && !note(w, reminder, &channels)? {
            for draft in drafts.iter_mut() {
                draft.matters.retain(|matter| !is(matter));
            }
        }
    }
    Ok(())
}

/// Everywhere a person can be reached by a channel.
fn readers(
    r: &Reading<'_>,
    outside: &Outside,
    person: ActorId,
    channel: Channel,
) -> Result<Vec<Reader>, Error> {
    let ways = match channel {
        Channel::Page => Vec::new(),
        Channel::Email => post::email_of(r, person)?.into_iter().map(|(to, _)| Way::Email(to)).collect(),
        Channel::Push => post::subscriptions_of(r, person)?.into_iter().map(Way::Push).collect(),
        Channel::Line => match &outside.line {
            Some(issuer) => post::line_of(r, person, issuer)?.into_iter().map(Way::Line).collect(),
            None => Vec::new(),
        },
    };
    let Some((_, lang)) = rows::account(r, person)?.filter(|_| !ways.is_empty()) else {
        return Ok(Vec::new());
    };
    let lang = Lang::from_tag(&lang).unwrap_or_default();
    let words = choices::words(r, person)?;
    let reader = |way| Reader { person, way, lang, origin: outside.origin.clone(), words };
    Ok(ways.into_iter().map(reader).collect())
}

fn prepare(
    db: &Database,
    outside: &Outside,
    reminders: &[Reminders],
    person: ActorId,
) -> Result<Prepared, Error> {
    let now = db.now();
    let system = Viewer::System("notices");
    let (account, hours, next_at, pace) = db.read(&system, |r| {
        Ok::<_, Error>((
            rows::account(r, person)?,
            choices::hours(r, person)?,
            rows::next_at(r, person)?,
            actions::pace(r, person)?,
        ))
    })?;
    let mut prepared = Prepared { by: Vec::new(), slot: None, people: Vec::new() };
    if let Some(from) = next_at.filter(|at| at.0 <= now.0) {
        // whoever wants nobody named is looked at once a week, in case they choose otherwise
        let to = hours.next(pace, now).unwrap_or_else(|| now.plus(7 * Micros::DAY));
        prepared.slot = Some((from, to));
    }
    let seen_by = |account, actor| Viewer::Member { account, person, acting_as: actor, operator: false };
    let mut names_people = false;
    for channel in Channel::OUTSIDE {
        let (readers, lines, rhythm) = db.read(&system, |r| {
            Ok::<_, Error>((
                readers(r, outside, person, channel)?,
                rows::lines(r, person, channel)?,
                actions::rhythm(r, person, channel)?,
            ))
        })?;
        // the first look finds the slot alone: nobody is written to because they confirmed their address
        let slot = prepared.slot.filter(|(from, _)| from.0 > 0 && !readers.is_empty());
        let mine = slot.and_then(|(from, _)| hours.next(rhythm, Micros(from.0 - 1)));
        let mut by = ByChannel {
            channel,
            lines: Vec::new(),
            names_people: mine.is_some_and(|at| at.0 <= now.0),
            readers,
        };
        names_people |= by.names_people;
        for line in lines {
            let wanted = !line.read && line.told_at.0 > now.0 - TOO_OLD;
            let reader = by.readers.first().filter(|_| wanted);
            let matter = match (reader, &account) {
                (Some(reader), Some((account, _))) => {
                    Some(db.read(&seen_by(*account, line.to), |r| of_line(r, reader, &line))?)
                }
                _ => None,
            };
            by.lines.push((line.id, matter));
        }
        prepared.by.push(by);
    }
    if let Some((account, lang)) = account.filter(|_| names_people) {
        let lang = Lang::from_tag(&lang).unwrap_or_default();
        let asker = asker(seen_by(account, person), lang, &outside.origin);
        prepared.people = db.read(&asker.viewer, |r| people(r, &asker, person, reminders))?;
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
        care: None,
        words: pages::sentence(t, &line.kind, about.as_deref(), &line.words),
        why: dates::short(line.told_at, reader.lang),
        path: format!("/notices/{}", line.id),
        about: line.about,
    })
}

/// Whom it is time to be in touch with, from the features that remind of others.
fn people(
    r: &Reading<'_>,
    asker: &Asker,
    person: ActorId,
    reminders: &[Reminders],
) -> Result<Vec<Named>, Error> {
    let mut people = Vec::new();
    for source in reminders {
        let found = (source.of)(r, asker, person)
            .map_err(|problem: Problem| Error::Fault(problem.sentence(Lang::English).to_owned()))?;
        people.extend(found.into_iter().map(|reminder| Named { reminder, note: source.note }));
    }
    Ok(people)
}

/// What a letter says of somebody.
fn of_reminder(reminder: &Reminder) -> Matter {
    Matter {
        topic: Topic::Rhythm,
        notice: None,
        care: Some(reminder.care),
        words: reminder.title.clone(),
        why: reminder.why.clone(),
        path: reminder.link.clone(),
        about: Some(reminder.about),
    }
}

/// A member as their own pages know them, without a request.
fn asker(viewer: Viewer, lang: Lang, origin: &str) -> Asker {
    Asker {
        viewer,
        lang,
        session: None,
        on_behalf_of: None,
        waited: 0,
        secret: None,
        scopes: None,
        key: None,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        path: "/today".to_owned(),
        origin: origin.to_owned(),
    }
}
