//! Leaving, erasing, blocking, reporting.

use store::ids::{AccountId, ActorId, ConcernId};
use store::{Error, Reading, Writing, audience, params};

/// How many coordinators a network has besides this one, and how many members.
pub fn others(r: &Reading<'_>, network: ActorId, member: ActorId) -> Result<(i64, i64), Error> {
    r.one(
        "SELECT COUNT(CASE WHEN role = 'coordinator' THEN 1 END), COUNT(*) FROM membership \
         WHERE whole_id = $1 AND part_id <> $2 AND state = 'member'",
        params![network, member],
    )
}

/// Everything this member is part of, with its kind and name and their own role there.
pub fn wholes(r: &Reading<'_>, member: ActorId) -> Result<Vec<(ActorId, String, String, String)>, Error> {
    r.all(
        "SELECT w.id, w.kind, w.name, m.role FROM membership m JOIN actor w ON w.id = m.whole_id \
         WHERE m.part_id = $1 AND m.state IN ('member', 'applied', 'invited') ORDER BY w.id",
        params![member],
    )
}

/// Takes back what a member still offers and asks for, in one network or everywhere. What was met stays.
pub fn withdraw_intents(w: &mut Writing<'_>, member: ActorId, network: Option<ActorId>) -> Result<(), Error> {
    let now = w.now();
    let ids: Vec<i64> = w.all(
        "SELECT id FROM intent WHERE actor_id = $1 AND state = 'open' AND (CAST($2 AS BIGINT) IS NULL OR network_id = $2)",
        params![member, network],
    )?;
    for id in ids {
        w.execute(
            "UPDATE intent SET state = 'withdrawn', updated_at = $2, version = version + 1 WHERE id = $1",
            params![id, now],
        )?;
        audience::set(w, id, &[audience::own(member)])?;
        w.execute(
            "UPDATE indexed SET gone = TRUE, tokens = '', facets = '', changed_at = $2 WHERE object_id = $1",
            params![id, now],
        )?;
    }
    w.execute(
        "UPDATE resource SET state = 'gone', updated_at = $3, version = version + 1 WHERE holder_id = $1 \
         AND (CAST($2 AS BIGINT) IS NULL OR network_id = $2)",
        params![member, network, now],
    )?;
    Ok(())
}

/// Empties everything that says who a person was, and what signs them in. Each line names what it reaches; what others
/// received (contacts, ties, met offers, answers) keeps its other side.
pub fn erase(
    w: &mut Writing<'_>,
    person: ActorId,
    account: Option<AccountId>,
    name: &str,
) -> Result<(), Error> {
    let now = w.now();
    w.execute_one(
        "UPDATE actor SET name = $2, nickname = '', title = '', other_nicknames = '', \
         aliases = '', place_words = '', card_uid = NULL, card_lines = '', birthday = NULL, name_key = '', sort_key = $3, bio = '', profession = '', \
         position = '', org_type = NULL, size_band = NULL, languages = '', avatar = NULL, province_code = NULL, \
         district_code = NULL, subdistrict_code = NULL, latitude = NULL, longitude = NULL, public_latitude = NULL, \
         public_longitude = NULL, public_cell = NULL, contact_channel = NULL, contact_hours = '', context_limits = '', \
         context_avoid = '', context_matters = '', state = 'deleted', visibility = 'tie', may_be_suggested = FALSE, \
         claimed_by = NULL, uri = NULL, updated_at = $4, version = version + 1 WHERE id = $1",
        params![person, name, thai::sorting::sort_key(name), now],
    )?;
    for statement in [
        "DELETE FROM audience WHERE object_id IN (SELECT id FROM contact_point WHERE actor_id = $1)",
        "DELETE FROM contact_point WHERE actor_id = $1",
        "DELETE FROM capability WHERE actor_id = $1",
        "DELETE FROM key_holder WHERE actor_id = $1",
        "DELETE FROM notice_way WHERE person_id = $1 OR notice_id IN (SELECT id FROM notice WHERE actor_id = $1)",
        "DELETE FROM notice WHERE actor_id = $1",
        "DELETE FROM telling WHERE actor_id = $1 OR about_id = $1",
        "DELETE FROM telling_hours WHERE actor_id = $1",
        "DELETE FROM telling_link WHERE actor_id = $1",
        "DELETE FROM tie_note WHERE actor_id = $1",
        "DELETE FROM prompt WHERE care_id IN (SELECT id FROM care WHERE holder_id = $1)",
        "DELETE FROM care WHERE holder_id = $1",
        "UPDATE care SET ended_on = created_on, why = '', delegate_id = NULL WHERE other_id = $1 AND ended_on IS NULL",
        "UPDATE care SET delegate_id = NULL WHERE delegate_id = $1",
        "DELETE FROM tie_label WHERE other_id = $1 OR label_id IN (SELECT id FROM label WHERE holder_id = $1)",
        "DELETE FROM label WHERE holder_id = $1",
        "DELETE FROM tie_consent WHERE person_id = $1",
        "DELETE FROM membership_consent WHERE person_id = $1 OR membership_id IN (SELECT id FROM membership WHERE part_id = $1)",
        "DELETE FROM answer_rule WHERE actor_id = $1",
        "DELETE FROM calendar_feed WHERE actor_id = $1",
        "DELETE FROM vouch WHERE by_id = $1 OR for_id = $1",
        "DELETE FROM word_seen WHERE actor_id = $1",
        // what others answered stays in its place; the words of the one who goes do not
        "UPDATE word SET words = '', picture = NULL, person_id = NULL, gone_at = at WHERE by_id = $1 OR person_id = $1",
        "DELETE FROM block WHERE actor_id = $1 OR blocked_id = $1",
        "DELETE FROM one_time_code WHERE actor_id = $1",
        "DELETE FROM stewardship WHERE person_id = $1",
        "DELETE FROM likely_duplicate WHERE a_id = $1 OR b_id = $1",
        "DELETE FROM journal_before WHERE object_id = $1 OR object_id IN (SELECT id FROM intent WHERE actor_id = $1) \
         OR object_id IN (SELECT id FROM tie WHERE subject_id = $1 OR object_id = $1) \
         OR journal_id IN (SELECT id FROM journal WHERE object_id = $1 OR on_behalf_of = $1)",
        "UPDATE import_object SET before = NULL, provenance = '' WHERE object_id = $1 OR object_id IN \
         (SELECT id FROM intent WHERE actor_id = $1) OR object_id IN (SELECT id FROM membership WHERE part_id = $1) \
         OR object_id IN (SELECT id FROM tie WHERE subject_id = $1 OR object_id = $1) \
         OR object_id IN (SELECT contact_id FROM contact_participant WHERE actor_id = $1)",
        // the report of a list quotes its rows; its counts stand in what it made
        "UPDATE import SET report = '' WHERE by_id = $1 OR id IN (SELECT import_id FROM import_object WHERE object_id = $1)",
        "UPDATE import SET files = '' WHERE by_id = $1",
        // a list that waits may name them, and nobody can look into it row by row: its coordinator has it, and may
        // bring it again without them
        "DELETE FROM import_upload WHERE import_id IN (SELECT id FROM import WHERE state = 'waiting' \
         AND (by_id = $1 OR network_id IN (SELECT whole_id FROM membership WHERE part_id = $1)))",
        "UPDATE import SET state = 'undone' WHERE state = 'waiting' \
         AND (by_id = $1 OR network_id IN (SELECT whole_id FROM membership WHERE part_id = $1))",
        "UPDATE merge SET moved = '' WHERE kept_id = $1 OR merged_id = $1",
        "UPDATE consent SET wording = '' WHERE actor_id = $1",
        "UPDATE delivery SET address = NULL, detail = NULL WHERE recipient_id = $1",
        // what they told the coordinators, and what the coordinators answered
        "UPDATE concern SET words = '', answer = '' WHERE by_id = $1 OR object_id = $1 \
         OR object_id IN (SELECT id FROM intent WHERE actor_id = $1)",
        // nobody is told any more what somebody said who is gone, in the words of that one
        "UPDATE notice SET words = '' WHERE about_id = $1 OR object_id IN (SELECT id FROM intent WHERE actor_id = $1)",
        "UPDATE membership SET title = '', answers = '' WHERE part_id = $1",
        "UPDATE invitation SET state = 'withdrawn', message = '' WHERE from_id = $1",
        // the words by which a contact named them; the contact itself is also the other side's
        "UPDATE contact_participant SET words = '' WHERE actor_id = $1",
        // what they wrote down themselves of a contact, and the words by which a list is known to repeat it
        "UPDATE contact SET summary = '' WHERE recorded_by = $1",
        "UPDATE contact SET text_key = '' WHERE id IN (SELECT contact_id FROM contact_participant WHERE actor_id = $1)",
        "UPDATE reply SET words = '' WHERE actor_id = $1 AND state <> 'accepted'",
        "UPDATE capability SET note = '' WHERE actor_id = $1",
        "UPDATE introduction SET reason = '', a_gains = '', b_gains = '' WHERE (a_id = $1 OR b_id = $1) AND state <> 'connected'",
        "UPDATE introduction SET note = '', words = '' WHERE (a_id = $1 OR b_id = $1) AND state <> 'connected'",
        "UPDATE introduction SET note = '' WHERE asker_id = $1",
        "UPDATE introduction SET words = '' WHERE introducer_id = $1",
        "UPDATE introduction SET reason = '' WHERE asker_id = $1",
        "DELETE FROM introduction_worth WHERE actor_id = $1",
        "DELETE FROM introduction_limit WHERE actor_id = $1",
        "DELETE FROM introduction_candidate WHERE a_id = $1 OR b_id = $1",
        "UPDATE introduction SET a_gains = '' WHERE a_id = $1",
        "UPDATE introduction SET b_gains = '' WHERE b_id = $1",
        "UPDATE tie SET state = CASE state WHEN 'proposed' THEN 'ended' ELSE 'dormant' END, version = version + 1 \
         WHERE (subject_id = $1 OR object_id = $1) AND state NOT IN ('ended', 'blocked')",
        // what is still with somebody is taken back; what was done keeps its state for the other side
        "UPDATE referral SET state = 'cancelled', version = version + 1 WHERE (sender_id = $1 OR receiver_id = $1 \
         OR person_id = $1) AND state NOT IN ('completed', 'cancelled')",
        "UPDATE referral SET title = '', reason = '', reply = '', feedback_words = '' WHERE person_id = $1 OR \
         (sender_id = $1 AND state <> 'completed')",
        "UPDATE referral_step SET words = '' WHERE by_id = $1 OR referral_id IN (SELECT id FROM referral WHERE person_id = $1)",
        // what was promised and given is also the other side's: the words of others stay, their own go
        "UPDATE promise SET what = '' WHERE proposed_by = $1 AND state IN ('proposed', 'lapsed')",
        "UPDATE promise SET state = 'lapsed', version = version + 1 \
         WHERE (provider_id = $1 OR receiver_id = $1) AND state = 'proposed'",
        "UPDATE promise SET state = 'released', version = version + 1 \
         WHERE (provider_id = $1 OR receiver_id = $1) AND state = 'accepted'",
        "UPDATE promise SET words = '' WHERE provider_id = $1 OR receiver_id = $1",
        "UPDATE exchange SET dispute_words = '' WHERE receiver_id = $1",
        "DELETE FROM exchange_answer WHERE actor_id = $1",
        "DELETE FROM audience WHERE object_id IN (SELECT id FROM appreciation WHERE to_id = $1)",
        "DELETE FROM appreciation WHERE to_id = $1",
        "DELETE FROM expectation WHERE actor_id = $1",
        "UPDATE ring_side SET answer = 'no' WHERE provider_id = $1 AND answer = ''",
        "UPDATE booking SET state = 'cancelled', version = version + 1 WHERE state IN ('requested', 'agreed') \
         AND (borrower_id = $1 OR resource_id IN (SELECT id FROM resource WHERE holder_id = $1))",
        "UPDATE booking SET purpose = '', words = '' WHERE borrower_id = $1",
        "UPDATE resource SET state = 'gone', text = '', location = '', version = version + 1 WHERE holder_id = $1",
        "UPDATE tie SET subject_offers = '', subject_asks = '', benefit = '' WHERE subject_id = $1",
        "UPDATE tie SET object_offers = '', object_asks = '', object_benefit = '' WHERE object_id = $1",
        "UPDATE tie SET note = '' WHERE subject_id = $1 OR object_id = $1",
        "UPDATE indexed SET gone = TRUE, tokens = '', facets = '', changed_at = $2 WHERE actor_id = $1",
        // who is gone stands no more in the questions of their own
        "UPDATE intent SET met_note = '' WHERE met_by = $1",
        "UPDATE intent SET title = '', text = '', text_key = '', available = '', met_note = '' \
         WHERE actor_id = $1 AND (state <> 'fulfilled' OR met_by IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM reply y WHERE y.intent_id = intent.id AND y.state = 'accepted')",
        "UPDATE intent SET text_key = '', available = '' WHERE actor_id = $1",
    ] {
        // PostgreSQL wants every parameter used
        let parameters =
            if statement.contains("$2") { params![person, now].to_vec() } else { params![person].to_vec() };
        w.execute(statement, &parameters)?;
    }
    let Some(account) = account else { return Ok(()) };
    for statement in [
        "DELETE FROM session WHERE account_id = $1",
        "DELETE FROM access_token WHERE account_id = $1",
        // the form by which they signed up is remembered by the name they chose
        "DELETE FROM idempotency WHERE request_hash IN (SELECT name FROM account_name WHERE account_id = $1)",
        "DELETE FROM account_name WHERE account_id = $1",
        "DELETE FROM passkey WHERE account_id = $1",
        "DELETE FROM one_time_code WHERE account_id = $1",
        "DELETE FROM idempotency WHERE account_id = $1",
    ] {
        w.execute(statement, params![account])?;
    }
    w.execute_one(
        "UPDATE account SET state = 'erased', password_hash = NULL, operator = FALSE, updated_at = $2, \
         version = version + 1 WHERE id = $1",
        params![account, now],
    )
}

/// How many other accounts run the instance.
pub fn other_operators(r: &Reading<'_>, account: AccountId) -> Result<i64, Error> {
    r.one("SELECT COUNT(*) FROM account WHERE operator AND state = 'active' AND id <> $1", params![account])
}

/// Members merged into this one, whose rows say who the person was as well.
pub fn merged_into(r: &Reading<'_>, person: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all("SELECT id FROM actor WHERE merged_into = $1", params![person])
}

pub fn block(w: &mut Writing<'_>, actor: ActorId, blocked: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute(
        "INSERT INTO block (actor_id, blocked_id, at) VALUES ($1, $2, $3) ON CONFLICT (actor_id, blocked_id) DO NOTHING",
        params![actor, blocked, now],
    )?;
    w.execute(
        "UPDATE tie SET state = 'blocked', updated_at = $3, version = version + 1 WHERE state <> 'ended' \
         AND ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1))",
        params![actor, blocked, now],
    )?;
    Ok(())
}

/// Takes a block back; the ties between rest until one is proposed anew.
pub fn unblock(w: &mut Writing<'_>, actor: ActorId, blocked: ActorId) -> Result<(), Error> {
    let now = w.now();
    w.execute("DELETE FROM block WHERE actor_id = $1 AND blocked_id = $2", params![actor, blocked])?;
    w.execute(
        "UPDATE tie SET state = 'ended', updated_at = $3, version = version + 1 WHERE state = 'blocked' \
         AND ((subject_id = $1 AND object_id = $2) OR (subject_id = $2 AND object_id = $1))",
        params![actor, blocked, now],
    )?;
    Ok(())
}

/// Whom a member blocked.
pub fn blocked_by(r: &Reading<'_>, actor: ActorId) -> Result<Vec<(ActorId, String)>, Error> {
    r.all(
        "SELECT a.id, CASE WHEN a.nickname <> '' THEN a.nickname ELSE a.name END FROM block b \
         JOIN actor a ON a.id = b.blocked_id WHERE b.actor_id = $1 ORDER BY b.at",
        params![actor],
    )
}

/// Whether one blocked the other.
pub fn has_blocked(r: &Reading<'_>, actor: ActorId, other: ActorId) -> Result<bool, Error> {
    Ok(r.first::<i64>("SELECT 1 FROM block WHERE actor_id = $1 AND blocked_id = $2", params![actor, other])?
        .is_some())
}

pub fn insert_concern(
    w: &mut Writing<'_>,
    network: ActorId,
    object: i64,
    by: ActorId,
    words: &str,
) -> Result<ConcernId, Error> {
    let (id, now) = (ConcernId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO concern (id, network_id, object_id, by_id, words, state, answer, at, settled_at, settled_by) \
         VALUES ($1, $2, $3, $4, $5, 'open', '', $6, NULL, NULL)",
        params![id, network, object, by, words, now],
    )?;
    Ok(id)
}
