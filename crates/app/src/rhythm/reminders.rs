//! Whom a letter names: the rule of prompts (rhythm.md) put to the notices, which know no rhythm.

use network::rhythm::Prompting;
use network::telling::Channel;
use store::ids::ActorId;
use store::{Error, Reading, Writing};
use web::{Asker, Problem};

use super::due::{self, Kept};
use super::pages::{first_words, words};
use super::queries;
use crate::members;
use crate::parts::{Reminder, Reminders};

/// Who is due, and the question after three prompts, for letters.
pub const REMINDERS: Reminders = Reminders { of: reminders, note: prompted };

fn reminder(kept: &Kept, (title, why): (String, String), link: String) -> Reminder {
    Reminder {
        care: kept.row.id,
        version: kept.row.version,
        prompts: kept.row.prompts,
        from: kept.prompted.from(&kept.care, kept.today),
        today: kept.today,
        about: kept.row.other,
        title,
        why,
        link,
    }
}

/// Whom a member may be reminded of today, at most five, nobody twice within a cycle.
fn reminders(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Reminder>, Problem> {
    let all = due::to_prompt(r, actor)?;
    let named = members::named(r, all.iter().flat_map(|one| [one.kept.row.other, one.kept.row.holder]))?;
    let mut reminders = Vec::new();
    for one in all {
        // somebody the holder may not see any more is nobody to call
        let Some(other) = named.get(&one.kept.row.other) else { continue };
        let holder = named.get(&one.kept.row.holder).filter(|holder| holder.id != actor);
        let link =
            if one.ask { format!("/rhythm/{}", one.kept.row.id) } else { format!("/members/{}", other.id) };
        reminders.push(reminder(&one.kept, words(asker.lang, &one, other, holder), link));
    }
    Ok(reminders)
}

/// The reminder of somebody the holder has come to know and was not in touch with yet; it counts as a prompt of their
/// rhythm. See [`super::first_card`].
///
/// # Errors
/// The database's own.
pub fn first_reminder(
    r: &Reading<'_>,
    asker: &Asker,
    (holder, other): (ActorId, ActorId),
    why: String,
    link: String,
) -> Result<Option<Reminder>, Problem> {
    let Some((kept, title)) = first_words(r, asker, holder, other)? else { return Ok(None) };
    let may = kept.prompted.may(&kept.care, kept.today);
    Ok(matches!(may, Prompting::Now | Prompting::NotDue).then(|| reminder(&kept, (title, why), link)))
}

/// Notes that a holder is reminded through these channels, in the same transaction as the rows that send it. Answers
/// whether it counts: not where the care was changed or prompted since the reminder was read, and then nothing may be
/// sent.
///
/// # Errors
/// The database's own.
pub fn prompted(w: &mut Writing<'_>, reminder: &Reminder, channels: &[Channel]) -> Result<bool, Error> {
    if !queries::count_prompt(w, reminder)? {
        return Ok(false);
    }
    for channel in channels {
        queries::prompt(w, reminder, channel.word())?;
    }
    Ok(true)
}
