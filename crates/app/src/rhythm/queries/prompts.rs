//! The SQL of prompts: each counted once, and what became of it.

use store::ids::CareId;
use store::{Error, Reading, Writing, params};

use crate::parts::Reminder;

/// Counts a prompt of a living care, unless it was changed or prompted since it was looked at. Whether it was counted.
pub fn count_prompt(w: &mut Writing<'_>, reminder: &Reminder) -> Result<bool, Error> {
    let counted = w.execute(
        "UPDATE care SET prompted_on = $4, prompts = prompts + 1 WHERE id = $1 AND version = $2 AND prompts = $3 \
         AND ended_on IS NULL",
        params![reminder.care, reminder.version, reminder.prompts, reminder.today],
    )?;
    Ok(counted > 0)
}

/// Notes that somebody is reminded by a channel, once for a day; one of an earlier cycle that fell on that day gives way.
pub fn prompt(w: &mut Writing<'_>, reminder: &Reminder, channel: &str) -> Result<(), Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO prompt (id, care_id, due_on, channel, state, at) VALUES ($1, $2, $3, $4, 'queued', $5) \
         ON CONFLICT (care_id, due_on, channel) DO UPDATE SET state = 'queued', at = excluded.at, settled_at = NULL",
        params![id, reminder.care, reminder.from, channel, now],
    )?;
    Ok(())
}

/// Prompts of which it is known what became of their letters, and whether one left. A prompt and its letters are written
/// in one transaction, at one moment; so they are found by whom they are for, their channel and that moment.
pub fn known(r: &Reading<'_>, most: i64) -> Result<Vec<(i64, bool)>, Error> {
    let letter = |states: &str| {
        format!(
            "EXISTS (SELECT 1 FROM delivery d JOIN job j ON j.id = d.job_id WHERE \
             d.recipient_id IN (c.holder_id, c.delegate_id) AND d.channel = p.channel AND j.created_at = p.at \
             AND d.state IN ({states}))"
        )
    };
    let (sent, under_way) = (letter("'sent'"), letter("'waiting', 'sending', 'perhaps'"));
    r.all(
        &format!(
            "SELECT p.id, {sent} FROM prompt p JOIN care c ON c.id = p.care_id WHERE p.state = 'queued' \
             AND ({sent} OR NOT {under_way}) ORDER BY p.at LIMIT $1"
        ),
        params![most],
    )
}

/// What became of the letter of one prompt, unless something else did meanwhile.
pub fn mark_prompt(w: &mut Writing<'_>, prompt: i64, state: &str) -> Result<(), Error> {
    w.execute("UPDATE prompt SET state = $2 WHERE id = $1 AND state = 'queued'", params![prompt, state])?;
    Ok(())
}

/// What became of the open prompts of a care.
pub fn settle_prompts(w: &mut Writing<'_>, care: CareId, state: &str) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "UPDATE prompt SET state = $2, settled_at = $3 WHERE care_id = $1 AND state IN ('queued', 'sent')",
        params![care, state, now],
    )?;
    Ok(())
}
