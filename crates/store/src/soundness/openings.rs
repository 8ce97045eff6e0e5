//! Who may see what: every object says by whom it is seen, no more widely than it was meant, and whoever has a part in
//! something holds its key.
//!
//! The two low bits of a key say what one is to the member it names: 0 the member itself, 1 its members, 2 those tied to
//! it, 3 its coordinators ([`crate::audience`]).

use super::{Fault, name_each};
use crate::{Error, Reading};

/// Every table whose rows are seen by way of the audience, and which of its rows must be.
const SEEN: &[(&str, &str)] = &[
    ("actor", "x.gone_at IS NULL"),
    ("contact_point", "EXISTS (SELECT 1 FROM actor a WHERE a.id = x.actor_id AND a.gone_at IS NULL)"),
    ("intent", "x.state = 'open'"),
    ("tie", "x.state <> 'ended'"),
    ("contact", "1 = 1"),
    ("gathering", "1 = 1"),
    ("introduction", "x.state IN ('drafted', 'asking')"),
    ("promise", "1 = 1"),
    ("exchange", "1 = 1"),
    ("appreciation", "1 = 1"),
    ("resource", "x.state <> 'gone'"),
    ("booking", "1 = 1"),
    ("referral", "1 = 1"),
];

/// What nobody opened so wide: the table, the rows, the keys they must not have.
const TOO_WIDE: &[(&str, &str, &str)] = &[
    // those tied to one who was erased keep what is left: that there was somebody
    (
        "actor",
        "x.consent <> 'given' OR x.visibility = 'private' OR x.gone_at IS NOT NULL",
        "(s.key = 0 OR s.key % 4 IN (1, 2)) AND NOT (x.state = 'deleted' AND s.key % 4 = 2)",
    ),
    ("actor", "x.visibility <> 'public'", "s.key = 0"),
    ("contact_point", "x.visibility = 'private'", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("contact_point", "x.visibility = 'tie'", "s.key = 0 OR s.key % 4 = 1"),
    ("contact_point", "x.visibility <> 'public'", "s.key = 0"),
    ("intent", "x.visibility = 'private' OR x.restricted_to IS NOT NULL", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("intent", "x.visibility = 'tie'", "s.key = 0 OR s.key % 4 = 1"),
    ("intent", "x.visibility <> 'public'", "s.key = 0"),
    ("gathering", "x.visibility <> 'public'", "s.key = 0"),
    ("appreciation", "NOT x.public", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("resource", "1 = 1", "s.key = 0"),
    // these are between those who take part, and the coordinators who may have to help
    ("tie", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("contact", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("introduction", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("promise", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("exchange", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("booking", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
    ("referral", "1 = 1", "s.key = 0 OR s.key % 4 IN (1, 2)"),
];

/// Everything that can be seen says by whom; nothing says it of what is not there; nothing is wider open than its owner
/// said.
pub(super) fn audiences(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    for (table, alive) in SEEN {
        let sql = format!(
            "SELECT x.id FROM {table} x WHERE {alive} \
             AND NOT EXISTS (SELECT 1 FROM audience s WHERE s.object_id = x.id) ORDER BY x.id"
        );
        name_each(
            r,
            faults,
            &sql,
            (table, "ไม่มีใครเห็นได้ แม้แต่เจ้าของ", "nobody may see it, not even its owner"),
        )?;
    }
    let nowhere: Vec<String> = SEEN
        .iter()
        .map(|(table, _)| format!("NOT EXISTS (SELECT 1 FROM {table} x WHERE x.id = s.object_id)"))
        .collect();
    let sql = format!(
        "SELECT DISTINCT s.object_id FROM audience s WHERE {} ORDER BY s.object_id",
        nowhere.join(" AND ")
    );
    name_each(r, faults, &sql, ("audience of", "ไม่มีสิ่งนี้อยู่แล้ว", "there is no such object"))?;
    let sql = "SELECT DISTINCT s.object_id FROM audience s WHERE s.key <> 0 \
               AND NOT EXISTS (SELECT 1 FROM actor a WHERE a.id = s.key - s.key % 4) ORDER BY s.object_id";
    name_each(r, faults, sql, ("audience of", "เปิดให้ผู้ที่ไม่มีอยู่", "opened to somebody who is not there"))?;
    let mut named = std::collections::HashSet::new();
    for (table, rows, keys) in TOO_WIDE {
        let sql = format!(
            "SELECT DISTINCT x.id FROM {table} x JOIN audience s ON s.object_id = x.id \
             WHERE ({rows}) AND ({keys}) ORDER BY x.id"
        );
        let mut found = Vec::new();
        name_each(
            r,
            &mut found,
            &sql,
            (table, "มีคนเห็นได้มากกว่าที่ตั้งใจ", "shown to others than it is meant for"),
        )?;
        faults.extend(found.into_iter().filter(|fault| named.insert(fault.clone())));
    }
    Ok(())
}

/// A tie that is alive, as a condition on `t`.
const ALIVE: &str = "t.state IN ('confirmed', 'active', 'quiet', 'dormant')";

/// Memberships and ties give keys, and nothing else does. Who was merged into another is no longer asked, and the other
/// holds what was theirs; a tie that stays with the one who was merged, because the other has the same, opens the other.
pub(super) fn keys(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let here = "a.gone_at IS NULL AND a.state <> 'deleted'";
    for (bit, role) in [(1, ""), (3, " AND m.role = 'coordinator'")] {
        let sql = format!(
            "SELECT m.part_id FROM membership m JOIN actor a ON a.id = m.part_id WHERE m.state = 'member'{role} \
             AND {here} AND NOT EXISTS (SELECT 1 FROM key_holder k WHERE k.actor_id = m.part_id \
             AND k.key = m.whole_id + {bit}) ORDER BY m.part_id"
        );
        name_each(
            r,
            faults,
            &sql,
            ("actor", "ไม่มีกุญแจของกลุ่มหรือเครือข่ายที่สังกัด", "lacks the key of what it is part of"),
        )?;
        let sql = format!(
            "SELECT DISTINCT k.actor_id FROM key_holder k JOIN actor a ON a.id = k.actor_id WHERE {here} \
             AND k.key % 4 = {bit} AND NOT EXISTS (SELECT 1 FROM membership m JOIN actor p ON p.id = m.part_id \
             WHERE m.whole_id = k.key - {bit} AND m.state = 'member'{role} \
             AND (p.id = k.actor_id OR p.merged_into = k.actor_id)) ORDER BY k.actor_id"
        );
        name_each(
            r,
            faults,
            &sql,
            ("actor", "ถือกุญแจของกลุ่มหรือเครือข่ายที่ไม่ได้สังกัด", "holds the key of what it is no part of"),
        )?;
    }
    for (side, other) in [("subject_id", "object_id"), ("object_id", "subject_id")] {
        let sql = format!(
            "SELECT DISTINCT t.{side} FROM tie t JOIN actor a ON a.id = t.{side} JOIN actor o ON o.id = t.{other} \
             WHERE {ALIVE} AND {here} AND COALESCE(o.merged_into, o.id) <> t.{side} \
             AND NOT EXISTS (SELECT 1 FROM key_holder k WHERE k.actor_id = t.{side} \
             AND k.key = COALESCE(o.merged_into, o.id) + 2) ORDER BY t.{side}"
        );
        name_each(
            r,
            faults,
            &sql,
            ("actor", "ไม่มีกุญแจของผู้ที่มีสายสัมพันธ์ด้วย", "lacks the key of somebody it is tied to"),
        )?;
    }
    let sql = format!(
        "SELECT DISTINCT k.actor_id FROM key_holder k JOIN actor a ON a.id = k.actor_id \
         JOIN actor o ON o.id = k.key - 2 WHERE {here} AND k.key % 4 = 2 AND o.gone_at IS NULL \
         AND o.state <> 'deleted' \
         AND NOT EXISTS (SELECT 1 FROM tie t WHERE {ALIVE} AND t.subject_id = k.actor_id AND t.object_id = o.id) \
         AND NOT EXISTS (SELECT 1 FROM tie t WHERE {ALIVE} AND t.object_id = k.actor_id AND t.subject_id = o.id) \
         ORDER BY k.actor_id"
    );
    name_each(
        r,
        faults,
        &sql,
        ("actor", "ถือกุญแจของผู้ที่ไม่มีสายสัมพันธ์ด้วย", "holds the key of somebody it is not tied to"),
    )
}
