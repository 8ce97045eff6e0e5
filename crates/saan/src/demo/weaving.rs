//! What the demo's people say of their ties: how often, what for, what they wrote to each other, whom they stand up
//! for, and what coordinators told everybody.

use std::collections::HashMap;

use app::{rhythm, ties, vouches, words};
use network::rhythm::Cadence;
use store::ids::{ActorId, LabelId, TieId};
use store::journal::{Act, Entry};
use store::{Acting, Clock, Database, Error, Micros, Writing};

use super::plot;
use super::tables::{self, rows, word};

/// Who is who, by nickname; the networks in their order; the ties by their two ends.
pub struct Known<'a> {
    pub actors: &'a HashMap<&'static str, ActorId>,
    pub networks: &'a [ActorId],
    pub ties: &'a [(ActorId, ActorId, TieId)],
}

impl Known<'_> {
    fn actor(&self, nickname: &str) -> Result<ActorId, Error> {
        word(self.actors.get(nickname).copied(), nickname)
    }

    fn network(&self, name: &str) -> Result<ActorId, Error> {
        word(self.networks.get(plot::network_of(name)?).copied(), name)
    }

    fn tie(&self, one: ActorId, other: ActorId) -> Option<TieId> {
        let found = self.ties.iter().find(|(a, b, _)| (*a, *b) == (one, other) || (*a, *b) == (other, one));
        found.map(|(.., id)| *id)
    }
}

/// Writes all of it, each at its day.
///
/// # Errors
/// The database's own; [`Error::Fault`] naming a row that is wrong.
pub fn weave(db: &Database, clock: &Clock, today: Micros, known: &Known<'_>) -> Result<(), Error> {
    for [kind, who, whom, text, more] in rows::<5>(tables::WEAVING)? {
        let ago = if matches!(kind, "word" | "announce") { more.parse::<i64>().unwrap_or(1) } else { 0 };
        let at = today.plus(-ago * Micros::DAY - Micros::HOUR);
        clock.advance(at.0 - clock.now().0);
        db.write(&Acting::system("demo"), |w| {
            row(w, known, [kind, who, whom, text, more])?;
            w.finished(())
        })?;
    }
    clock.advance(today.0 - clock.now().0);
    Ok(())
}

fn row(w: &mut Writing<'_>, known: &Known<'_>, row: [&'static str; 5]) -> Result<(), Error> {
    let [kind, who, whom, text, more] = row;
    let one = known.actor(who)?;
    let draft = || words::Draft { words: text.to_owned(), reply_to: None, picture: None };
    let days = |text: &str| word(text.parse::<i64>().ok(), text);
    match kind {
        "default" => {
            rhythm::suggest(w, known.network(whom)?, Cadence::new(days(text)?, None))?;
        }
        "announce" => {
            words::announce(w, known.network(whom)?, one, &draft())?;
        }
        "label" => {
            let (gap, weight) = word(more.split_once(' '), more)?;
            let weight = word(weight.parse::<f64>().ok(), weight)?;
            let label: LabelId = rhythm::label(w, one, text, Cadence::new(days(gap)?, None), weight)?;
            rhythm::give_label(w, label, known.actor(whom)?)?;
        }
        "care" => {
            let Some(kept) = rhythm::kept(w, one, known.actor(whom)?)? else { return Ok(()) };
            let (why, ideal) = (text.to_owned(), Some(days(more)?));
            rhythm::change(w, kept.row.id, one, &rhythm::Change::Why { why, channel: None })?;
            rhythm::change(w, kept.row.id, one, &rhythm::Change::Cadence { ideal, max: None })?;
        }
        "word" => {
            let Some(tie) = known.tie(one, known.actor(whom)?) else { return Ok(()) };
            words::write(w, &ties::ROOM, tie.0, one, &draft())?;
        }
        _ => {
            // who never helped each other is passed over
            if let Err(vouches::VouchError::Store(error)) =
                vouches::vouch(w, one, known.actor(whom)?, text, more)
            {
                return Err(error);
            }
        }
    }
    w.record(&Entry::new(Act::Do, "demo.weave", one.0))
}
