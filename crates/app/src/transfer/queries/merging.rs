//! Two members that are one: moved together, remembered row by row, and parted again when that was wrong.

use std::collections::BTreeSet;

use store::ids::ActorId;
use store::{Error, Reading, Value, Writing, audience, params};

use super::one_rhythm;

/// A pair for a person to decide on.
pub type Pair = (i64, ActorId, ActorId, String);

/// The open pairs of a network.
pub fn open(r: &Reading<'_>, network: ActorId) -> Result<Vec<Pair>, Error> {
    r.all(
        "SELECT d.id, d.a_id, d.b_id, d.reason FROM likely_duplicate d JOIN actor a ON a.id = d.a_id \
         JOIN actor b ON b.id = d.b_id WHERE d.network_id = $1 AND d.state = 'open' AND a.gone_at IS NULL \
         AND b.gone_at IS NULL ORDER BY d.id LIMIT 50",
        params![network],
    )
}

/// One open pair of this network.
pub fn pair(r: &Reading<'_>, network: ActorId, id: i64) -> Result<(ActorId, ActorId), Error> {
    r.one(
        "SELECT a_id, b_id FROM likely_duplicate WHERE id = $1 AND network_id = $2 AND state = 'open'",
        params![id, network],
    )
}

/// Whether a member signs in for themselves.
pub fn signs_in(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    let found: Option<i64> =
        r.first("SELECT 1 FROM account WHERE person_id = $1 AND state = 'active'", params![member])?;
    Ok(found.is_some())
}

/// Settles a pair: `merged` or `apart`.
pub fn settle(w: &mut Writing<'_>, id: i64, state: &str) -> Result<(), Error> {
    let (now, by) = (w.now(), w.viewer().person());
    w.execute_one(
        "UPDATE likely_duplicate SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
        params![id, state, by, now],
    )
}

/// The columns that point to a member and move with it: table, key columns, column.
const POINTERS: &[(&str, &str, &str)] = &[
    ("intent", "id", "actor_id"),
    ("capability", "id", "actor_id"),
    ("contact_point", "id", "actor_id"),
    ("membership", "id", "part_id"),
    ("membership", "id", "whole_id"),
    ("tie", "id", "subject_id"),
    ("tie", "id", "object_id"),
    ("reply", "id", "actor_id"),
    ("introduction", "id", "a_id"),
    ("introduction", "id", "b_id"),
    ("introduction", "id", "asker_id"),
    ("introduction", "id", "introducer_id"),
    ("introduction_candidate", "id", "a_id"),
    ("introduction_candidate", "id", "b_id"),
    ("referral", "id", "sender_id"),
    ("referral", "id", "receiver_id"),
    ("referral", "id", "person_id"),
    ("consent", "id", "actor_id"),
    ("delivery", "id", "recipient_id"),
    ("promise", "id", "provider_id"),
    ("promise", "id", "receiver_id"),
    ("promise", "id", "proposed_by"),
    ("exchange", "id", "provider_id"),
    ("exchange", "id", "receiver_id"),
    ("appreciation", "id", "from_id"),
    ("appreciation", "id", "to_id"),
    ("expectation", "id", "actor_id"),
    ("ring_side", "id", "provider_id"),
    ("ring_side", "id", "receiver_id"),
    ("resource", "id", "holder_id"),
    ("booking", "id", "borrower_id"),
    ("care", "id", "holder_id"),
    ("care", "id", "other_id"),
    ("care", "id", "delegate_id"),
    ("label", "id", "holder_id"),
    ("word", "id", "by_id"),
    ("word", "id", "person_id"),
    ("vouch", "id", "by_id"),
    ("vouch", "id", "for_id"),
    ("telling", "id", "actor_id"),
    ("telling", "id", "about_id"),
    ("notice", "id", "actor_id"),
    ("notice", "id", "about_id"),
];

/// Rows with a member in their key: table, the member's column, what else tells the rows of one member apart. They move
/// where the kept one has none of the same; what both chose stays as the kept one has it.
const KEYED: &[(&str, &str, &str)] = &[
    ("tie_note", "actor_id", "tie_id"),
    ("tie_consent", "person_id", "tie_id"),
    ("membership_consent", "person_id", "membership_id"),
    ("attendance", "actor_id", "gathering_id"),
    ("block", "actor_id", "blocked_id"),
    ("block", "blocked_id", "actor_id"),
    ("stewardship", "actor_id", "person_id"),
    ("stewardship", "person_id", "actor_id"),
    ("word_seen", "actor_id", "word_id"),
    ("answer_rule", "actor_id", "'one'"),
    ("introduction_limit", "actor_id", "'one'"),
    ("telling_hours", "actor_id", "'one'"),
    ("telling_link", "actor_id", "token_hash"),
    ("notice_way", "person_id", "notice_id"),
    ("calendar_feed", "actor_id", "token_hash"),
];

/// What each side of an exchange or an introduction said stands beside it by the side, and moves with it: of which
/// table, the table beside it, its key.
const BESIDE: &[(&str, &str, &str)] = &[
    ("exchange", "exchange_benefit", "exchange_id"),
    ("exchange", "exchange_answer", "exchange_id"),
    ("introduction", "introduction_answer", "introduction_id"),
    ("introduction", "introduction_worth", "introduction_id"),
];

/// Moves what points to `from` over to `to`, as far as it does not stand there already. Answers what was moved, one a
/// line: table, column, row.
pub fn move_over(w: &mut Writing<'_>, from: ActorId, to: ActorId) -> Result<Vec<String>, Error> {
    let mut moved = Vec::new();
    for (table, key, column) in POINTERS {
        let rows: Vec<i64> =
            w.all(&format!("SELECT {key} FROM {table} WHERE {column} = $1"), params![from])?;
        for row in rows {
            if stands_there(w, table, column, row, to)? {
                continue;
            }
            w.execute(&format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2"), params![to, row])?;
            moved.push(format!("{table} {column} {row}"));
            // what was said is the side's, and not that of who asked for it or made it
            let side = !matches!(*column, "asker_id" | "introducer_id");
            for (_, beside, key) in BESIDE.iter().filter(|(of, ..)| of == table && side) {
                w.execute(
                    &format!("UPDATE {beside} SET actor_id = $1 WHERE {key} = $2 AND actor_id = $3"),
                    params![to, row, from],
                )?;
                moved.push(format!("{beside} actor_id {row}"));
            }
        }
    }
    let contacts: Vec<(i64, i64)> =
        w.all("SELECT contact_id, position FROM contact_participant WHERE actor_id = $1", params![from])?;
    for (contact, position) in contacts {
        w.execute(
            "UPDATE contact_participant SET actor_id = $1 WHERE contact_id = $2 AND position = $3",
            params![to, contact, position],
        )?;
        moved.push(format!("contact_participant {position} {contact}"));
    }
    let mut keys: Vec<i64> = w.all("SELECT key FROM key_holder WHERE actor_id = $1", params![from])?;
    // what was open to the merged one alone opens to the kept one
    keys.push(audience::own(from));
    let labels: Vec<i64> = w.all("SELECT label_id FROM tie_label WHERE other_id = $1", params![from])?;
    for label in labels {
        let fresh = w.execute(
            "INSERT INTO tie_label (label_id, other_id) VALUES ($1, $2) ON CONFLICT (label_id, other_id) DO NOTHING",
            params![label, to],
        )?;
        if fresh > 0 {
            moved.push(format!("tie_label other {label}"));
        }
    }
    move_keyed(w, from, to, &mut moved)?;
    moved.extend(one_rhythm::join(w, from, to)?);
    for key in keys {
        let fresh = w.execute(
            "INSERT INTO key_holder (actor_id, key) VALUES ($1, $2) ON CONFLICT (actor_id, key) DO NOTHING",
            params![to, key],
        )?;
        if fresh > 0 {
            moved.push(format!("key_holder key {key}"));
        }
    }
    moved.extend(open_to_those_of_both(w, from, to)?);
    Ok(moved)
}

/// Whoever is tied to the one, or belongs to it, is tied to the other: each gets the key of the one it lacks, for what
/// either opened before. Answers what was given, one a line.
fn open_to_those_of_both(w: &mut Writing<'_>, from: ActorId, to: ActorId) -> Result<Vec<String>, Error> {
    let mut given = Vec::new();
    for key_of in [audience::members, audience::tied, audience::coordinators] {
        for (held, lacked) in [(key_of(from), key_of(to)), (key_of(to), key_of(from))] {
            let holders: Vec<ActorId> = w.all(
                "SELECT h.actor_id FROM key_holder h WHERE h.key = $1 AND h.actor_id NOT IN ($3, $4) AND NOT EXISTS \
                 (SELECT 1 FROM key_holder k WHERE k.actor_id = h.actor_id AND k.key = $2) ORDER BY h.actor_id",
                params![held, lacked, from, to],
            )?;
            for holder in holders {
                w.execute("INSERT INTO key_holder (actor_id, key) VALUES ($1, $2)", params![holder, lacked])?;
                given.push(format!("held_by_others {lacked} {}", holder.0));
            }
        }
    }
    Ok(given)
}

/// Takes a key back that a merge gave, unless it was come by in the meantime.
fn take_key_back(w: &mut Writing<'_>, holder: i64, key: i64) -> Result<(), Error> {
    let sql = "DELETE FROM key_holder WHERE actor_id = $1 AND key = $2";
    if key % 4 == 0 {
        w.execute(sql, params![holder, key])?;
        return Ok(());
    }
    w.execute(
        &format!(
            "{sql} AND NOT EXISTS (SELECT 1 FROM tie t WHERE t.state IN ('confirmed', 'active', 'quiet', 'dormant') AND \
             ((t.subject_id = $1 AND t.object_id = $3) OR (t.subject_id = $3 AND t.object_id = $1))) AND NOT EXISTS \
             (SELECT 1 FROM membership m WHERE m.part_id = $1 AND m.whole_id = $3 AND m.state = 'member')"
        ),
        params![holder, key, key - key % 4],
    )?;
    Ok(())
}

fn move_keyed(w: &mut Writing<'_>, from: ActorId, to: ActorId, moved: &mut Vec<String>) -> Result<(), Error> {
    for (table, column, key) in KEYED {
        let select = format!("SELECT DISTINCT CAST({key} AS TEXT) FROM {table} WHERE {column} = $1");
        let keys: Vec<String> = w.all(&select, params![from])?;
        let mut there: BTreeSet<String> = w.all::<String>(&select, params![to])?.into_iter().collect();
        // nobody blocks or speaks for themselves
        there.insert(to.0.to_string());
        for value in keys.into_iter().filter(|value| !there.contains(value)) {
            w.execute(
                &format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2 AND CAST({key} AS TEXT) = $3"),
                params![to, from, value],
            )?;
            moved.push(format!("keyed {table} {column} {value}"));
        }
    }
    Ok(())
}

fn part_keyed(w: &mut Writing<'_>, line: &str, kept: ActorId, merged: ActorId) -> Result<(), Error> {
    let mut words = line.splitn(3, ' ');
    let (Some(table), Some(column), Some(value)) = (words.next(), words.next(), words.next()) else {
        return Ok(());
    };
    for (_, _, key) in KEYED.iter().filter(|(t, c, _)| *t == table && *c == column) {
        w.execute(
            &format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2 AND CAST({key} AS TEXT) = $3"),
            params![merged, kept, value],
        )?;
    }
    Ok(())
}

/// Whether a unique key keeps this row from moving: the same phone, the same membership, a tie with oneself.
fn stands_there(w: &Writing<'_>, table: &str, column: &str, row: i64, to: ActorId) -> Result<bool, Error> {
    let sql = match (table, column) {
        ("contact_point", _) => {
            "SELECT 1 FROM contact_point x JOIN contact_point y ON y.kind = x.kind AND y.value = x.value WHERE x.id = $1 AND y.actor_id = $2"
        }
        ("capability", _) => {
            "SELECT 1 FROM capability x JOIN capability y ON y.category = x.category AND y.wants_to_learn = x.wants_to_learn WHERE x.id = $1 AND y.actor_id = $2"
        }
        ("membership", "part_id") => {
            "SELECT 1 FROM membership x WHERE x.id = $1 AND (x.whole_id = $2 OR EXISTS (SELECT 1 FROM membership y WHERE y.whole_id = x.whole_id AND y.part_id = $2))"
        }
        ("membership", _) => {
            "SELECT 1 FROM membership x WHERE x.id = $1 AND (x.part_id = $2 OR EXISTS (SELECT 1 FROM membership y WHERE y.part_id = x.part_id AND y.whole_id = $2))"
        }
        ("tie", "subject_id") => {
            "SELECT 1 FROM tie x WHERE x.id = $1 AND (x.object_id = $2 OR EXISTS (SELECT 1 FROM tie y WHERE y.relation = x.relation AND y.subject_id = $2 AND y.object_id = x.object_id))"
        }
        ("tie", _) => {
            "SELECT 1 FROM tie x WHERE x.id = $1 AND (x.subject_id = $2 OR EXISTS (SELECT 1 FROM tie y WHERE y.relation = x.relation AND y.object_id = $2 AND y.subject_id = x.subject_id))"
        }
        ("introduction", "a_id") => "SELECT 1 FROM introduction x WHERE x.id = $1 AND x.b_id = $2",
        ("introduction", "b_id") => "SELECT 1 FROM introduction x WHERE x.id = $1 AND x.a_id = $2",
        ("introduction_candidate", "a_id") => {
            "SELECT 1 FROM introduction_candidate x WHERE x.id = $1 AND x.b_id = $2"
        }
        ("introduction_candidate", "b_id") => {
            "SELECT 1 FROM introduction_candidate x WHERE x.id = $1 AND x.a_id = $2"
        }
        // whose side stayed behind stays the one who asked
        ("introduction", "asker_id") => {
            "SELECT 1 FROM introduction x WHERE x.id = $1 AND x.asker_id IN (x.a_id, x.b_id) AND x.id <> $2"
        }
        ("promise", "provider_id") => "SELECT 1 FROM promise x WHERE x.id = $1 AND x.receiver_id = $2",
        ("promise", "receiver_id") => "SELECT 1 FROM promise x WHERE x.id = $1 AND x.provider_id = $2",
        ("exchange", "provider_id") => "SELECT 1 FROM exchange x WHERE x.id = $1 AND x.receiver_id = $2",
        ("exchange", "receiver_id") => "SELECT 1 FROM exchange x WHERE x.id = $1 AND x.provider_id = $2",
        ("appreciation", "from_id") => "SELECT 1 FROM appreciation x WHERE x.id = $1 AND x.to_id = $2",
        ("appreciation", _) => "SELECT 1 FROM appreciation x WHERE x.id = $1 AND x.from_id = $2",
        ("ring_side", _) => {
            "SELECT 1 FROM ring_side x JOIN ring_side y ON y.ring_id = x.ring_id WHERE x.id = $1 AND (y.provider_id = $2 OR y.receiver_id = $2)"
        }
        ("expectation", _) => {
            "SELECT 1 FROM expectation x JOIN expectation y ON y.network_id = x.network_id AND y.benefit = x.benefit WHERE x.id = $1 AND y.actor_id = $2"
        }
        ("booking", _) => {
            "SELECT 1 FROM booking x JOIN resource y ON y.id = x.resource_id WHERE x.id = $1 AND y.holder_id = $2"
        }
        ("care", "holder_id") => {
            "SELECT 1 FROM care x WHERE x.id = $1 AND (x.other_id = $2 OR EXISTS (SELECT 1 FROM care y WHERE y.holder_id = $2 AND y.other_id = x.other_id))"
        }
        ("care", "other_id") => {
            "SELECT 1 FROM care x WHERE x.id = $1 AND (x.holder_id = $2 OR EXISTS (SELECT 1 FROM care y WHERE y.other_id = $2 AND y.holder_id = x.holder_id))"
        }
        ("label", _) => {
            "SELECT 1 FROM label x JOIN label y ON y.name = x.name WHERE x.id = $1 AND y.holder_id = $2"
        }
        ("vouch", "by_id") => {
            "SELECT 1 FROM vouch x WHERE x.id = $1 AND (x.for_id = $2 OR EXISTS (SELECT 1 FROM vouch y WHERE y.by_id = $2 AND y.for_id = x.for_id AND y.category = x.category))"
        }
        ("vouch", _) => {
            "SELECT 1 FROM vouch x WHERE x.id = $1 AND (x.by_id = $2 OR EXISTS (SELECT 1 FROM vouch y WHERE y.for_id = $2 AND y.by_id = x.by_id AND y.category = x.category))"
        }
        ("telling", "actor_id") => {
            "SELECT 1 FROM telling x JOIN telling y ON y.scope = x.scope AND y.about_id = x.about_id AND y.topic = x.topic AND y.channel = x.channel WHERE x.id = $1 AND y.actor_id = $2"
        }
        ("telling", _) => {
            "SELECT 1 FROM telling x JOIN telling y ON y.actor_id = x.actor_id AND y.scope = x.scope AND y.topic = x.topic AND y.channel = x.channel WHERE x.id = $1 AND y.about_id = $2"
        }
        ("reply", _) => {
            "SELECT 1 FROM reply x JOIN reply y ON y.intent_id = x.intent_id WHERE x.id = $1 AND y.actor_id = $2"
        }
        _ => return Ok(false),
    };
    Ok(w.first::<i64>(sql, params![row, to])?.is_some())
}

/// The merged one is gone from everywhere, its names go on as other names of the kept one.
pub fn bury(w: &mut Writing<'_>, kept: ActorId, merged: ActorId, moved: &str) -> Result<i64, Error> {
    let (id, now, by) = (w.new_id(), w.now(), w.viewer().person());
    w.execute_one(
        "UPDATE actor SET gone_at = $2, state = 'merged', merged_into = $3, version = version + 1 WHERE id = $1 AND gone_at IS NULL",
        params![merged, now, kept],
    )?;
    let name: String = w.one("SELECT name FROM actor WHERE id = $1", params![merged])?;
    w.execute(
        "UPDATE actor SET aliases = CASE WHEN aliases = '' THEN $2 ELSE aliases || $3 END, version = version + 1 WHERE id = $1",
        params![kept, name, format!("\n{name}")],
    )?;
    w.execute(
        "INSERT INTO merge (id, kept_id, merged_id, moved, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, kept, merged, moved, by, now],
    )?;
    Ok(id)
}

/// A merge that was not undone: kept, merged, what was moved.
pub fn find(r: &Reading<'_>, id: i64) -> Result<(ActorId, ActorId, String), Error> {
    r.one("SELECT kept_id, merged_id, moved FROM merge WHERE id = $1 AND undone_at IS NULL", params![id])
}

/// The merges of a network's members that can be undone.
pub fn recent(r: &Reading<'_>, network: ActorId) -> Result<Vec<(i64, ActorId, String)>, Error> {
    r.all(
        "SELECT g.id, g.kept_id, m.name FROM merge g JOIN actor m ON m.id = g.merged_id WHERE g.undone_at IS NULL \
         AND EXISTS (SELECT 1 FROM membership s WHERE s.whole_id = $1 AND s.part_id = g.kept_id) ORDER BY g.id DESC LIMIT 10",
        params![network],
    )
}

/// Parts them again: every moved row goes back, as far as it is still there.
pub fn part(w: &mut Writing<'_>, id: i64) -> Result<(ActorId, ActorId), Error> {
    let (kept, merged, moved) = find(w, id)?;
    for line in moved.lines() {
        if let Some(keyed) = line.strip_prefix("keyed ") {
            part_keyed(w, keyed, kept, merged)?;
            continue;
        }
        if one_rhythm::part(w, line)? {
            continue;
        }
        let mut words = line.split(' ');
        let (Some(table), Some(column), Some(row)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(row) = row.parse::<i64>() else { continue };
        match table {
            "contact_participant" => {
                let position: i64 = column.parse().unwrap_or(0);
                w.execute(
                    "UPDATE contact_participant SET actor_id = $1 WHERE contact_id = $2 AND position = $3 AND actor_id = $4",
                    params![merged, row, position, kept],
                )?;
            }
            "tie_label" => {
                w.execute("DELETE FROM tie_label WHERE other_id = $1 AND label_id = $2", params![kept, row])?;
            }
            "key_holder" => take_key_back(w, kept.0, row)?,
            "held_by_others" => {
                if let Ok(key) = column.parse::<i64>() {
                    take_key_back(w, row, key)?;
                }
            }
            beside if BESIDE.iter().any(|(_, known, _)| *known == beside) => {
                for (_, _, key) in BESIDE.iter().filter(|(_, known, _)| *known == beside) {
                    w.execute(
                        &format!("UPDATE {beside} SET actor_id = $1 WHERE {key} = $2 AND actor_id = $3"),
                        params![merged, row, kept],
                    )?;
                }
            }
            _ => {
                // only what we wrote down ourselves names a table and a column here
                if POINTERS.iter().any(|(t, _, c)| *t == table && *c == column) {
                    w.execute(
                        &format!("UPDATE {table} SET {column} = $1 WHERE id = $2 AND {column} = $3"),
                        params![merged, row, kept],
                    )?;
                }
            }
        }
    }
    let now = w.now();
    w.execute(
        "UPDATE actor SET gone_at = NULL, state = CASE WHEN claimed_by IS NULL THEN 'unclaimed' ELSE 'active' END, \
         merged_into = NULL, version = version + 1 WHERE id = $1",
        params![merged],
    )?;
    let (aliases, name): (String, String) = w.one(
        "SELECT k.aliases, m.name FROM actor k, actor m WHERE k.id = $1 AND m.id = $2",
        params![kept, merged],
    )?;
    let rest: Vec<&str> = aliases.lines().filter(|alias| *alias != name).collect();
    w.execute(
        "UPDATE actor SET aliases = $2 WHERE id = $1",
        &[Value::Int(kept.0), Value::Text(rest.join("\n"))],
    )?;
    w.execute("UPDATE merge SET undone_at = $2 WHERE id = $1", params![id, now])?;
    Ok((kept, merged))
}
