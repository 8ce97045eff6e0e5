//! Whether the journal is whole: it says of everything how it came to be, in words it knows, and of no time to come.

use super::{Fault, name_each};
use crate::journal::Act;
use crate::{Error, Reading, params};

/// Each table whose rows somebody made, and a condition under which the entry of something else speaks of `x`, too.
const MADE: &[(&str, &str)] = &[
    // who opens an account, or is let in, is named by the account
    ("actor", "j.object_id = x.claimed_by"),
    ("account", "j.object_id = x.person_id"),
    ("intent", ""),
    // an introduction that both said yes to
    ("tie", "j.object_id IN (SELECT i.id FROM introduction i WHERE i.tie_id = x.id)"),
    // what was given is a contact as well
    ("contact", "j.object_id IN (SELECT e.id FROM exchange e WHERE e.contact_id = x.id)"),
    ("introduction", ""),
    ("promise", "j.object_id = x.ring_id"),
    ("ring", ""),
    ("exchange", ""),
    ("appreciation", ""),
    ("resource", ""),
    ("booking", ""),
    ("referral", ""),
    ("vouch", ""),
    ("concern", ""),
    ("invitation", ""),
    ("consent", "j.object_id = x.actor_id"),
];

pub(super) fn check(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let future: i64 =
        r.one("SELECT COUNT(*) FROM journal WHERE at > $1", params![r.now().plus(crate::Micros::DAY)])?;
    if future > 0 {
        faults.push(Fault::at(
            "journal",
            &format!("{future} รายการลงเวลาไว้ในอนาคต"),
            &format!("{future} entries are dated in the future"),
        ));
    }
    let known: Vec<String> = Act::ALL.iter().map(|act| format!("'{}'", act.word())).collect();
    let sql = format!("SELECT j.id FROM journal j WHERE j.act NOT IN ({}) ORDER BY j.id", known.join(", "));
    name_each(
        r,
        faults,
        &sql,
        ("journal", "กล่าวถึงการกระทำที่ไม่มีในคลังคำ", "speaks of an act there is no word for"),
    )?;
    let sql = "SELECT j.id FROM journal j WHERE j.verb NOT LIKE '_%._%' ORDER BY j.id";
    name_each(r, faults, sql, ("journal", "ไม่ได้บอกว่าส่วนใดของโปรแกรมทำ", "does not say which feature acted"))?;
    for (table, also) in MADE {
        let mut sql = format!(
            "SELECT x.id FROM {table} x WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.object_id = x.id) \
             AND NOT EXISTS (SELECT 1 FROM import_object o WHERE o.object_id = x.id AND o.made)"
        );
        if !also.is_empty() {
            sql.push_str(&format!(" AND NOT EXISTS (SELECT 1 FROM journal j WHERE {also})"));
        }
        sql.push_str(" ORDER BY x.id");
        name_each(r, faults, &sql, (table, "สมุดบันทึกไม่ได้บอกว่าใครทำ", "the journal does not say who made it"))?;
    }
    let sql = "SELECT i.id FROM import i WHERE i.state IN ('done', 'undone') AND i.report <> '' \
               AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.object_id = i.id) ORDER BY i.id";
    name_each(r, faults, sql, ("import", "สมุดบันทึกไม่ได้บอกว่าใครทำ", "the journal does not say who made it"))
}
