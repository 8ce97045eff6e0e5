//! Who asks to belong to a group or organization, and who of it agreed.

use store::ids::ActorId;
use store::{Error, Reading, Writing, params};

/// Whether somebody who signs in acts for a group or organization: then it answers for itself.
pub fn answers_itself(r: &Reading<'_>, whole: ActorId) -> Result<bool, Error> {
    let found: Option<i64> = r.first(
        "SELECT 1 FROM stewardship s JOIN account a ON a.person_id = s.person_id WHERE s.actor_id = $1 \
         AND s.until IS NULL AND a.state = 'active'",
        params![whole],
    )?;
    Ok(found.is_some())
}

/// Those who ask to belong to it, the longest waiting first: who, and as what.
pub fn asking(r: &Reading<'_>, whole: ActorId) -> Result<Vec<(ActorId, String)>, Error> {
    r.all(
        "SELECT m.part_id, m.title FROM membership m JOIN actor a ON a.id = m.part_id JOIN actor w ON w.id = m.whole_id \
         WHERE m.whole_id = $1 AND m.state = 'applied' AND a.gone_at IS NULL AND w.kind IN ('group', 'organization') \
         ORDER BY m.updated_at, m.id LIMIT 50",
        params![whole],
    )
}

/// What somebody asks: its membership, and as what. None where they do not ask.
pub fn asked(r: &Reading<'_>, whole: ActorId, person: ActorId) -> Result<Option<(i64, String)>, Error> {
    r.first(
        "SELECT id, title FROM membership WHERE whole_id = $1 AND part_id = $2 AND state = 'applied'",
        params![whole, person],
    )
}

/// Notes that one of those who act for it agrees; how many of those who still do have.
pub fn agree(w: &mut Writing<'_>, membership: i64, person: ActorId) -> Result<i64, Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO membership_consent (membership_id, person_id, at) VALUES ($1, $2, $3) \
         ON CONFLICT (membership_id, person_id) DO NOTHING",
        params![membership, person, now],
    )?;
    w.one(
        "SELECT COUNT(*) FROM membership_consent c JOIN membership m ON m.id = c.membership_id \
         JOIN stewardship s ON s.actor_id = m.whole_id AND s.person_id = c.person_id AND s.until IS NULL \
         WHERE c.membership_id = $1",
        params![membership],
    )
}

/// Who agreed before did not agree to what is asked next.
pub fn forget(w: &mut Writing<'_>, membership: i64) -> Result<(), Error> {
    w.execute("DELETE FROM membership_consent WHERE membership_id = $1", params![membership])?;
    Ok(())
}
