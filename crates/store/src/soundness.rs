//! Whether a store is whole: what `saan check` names, fault by fault.

use sha2::{Digest as _, Sha256};

use crate::{Database, Error, Reading, Viewer, migrations, params};

/// One fault, as a sentence for the operator's eyes: where, and what is wrong.
pub type Fault = String;

/// Looks through the whole store, one state of it.
///
/// # Errors
/// The database's own.
pub fn check(db: &Database) -> Result<Vec<Fault>, Error> {
    db.snapshot(&Viewer::System("check"), |r| {
        let mut faults = Vec::new();
        references(r, &mut faults)?;
        audiences(r, &mut faults)?;
        files(r, &mut faults)?;
        journal(r, &mut faults)?;
        jobs(r, &mut faults)?;
        Ok(faults)
    })
}

/// Every reference of the migrations leads to a row; asked of both databases alike, because a file may have been
/// changed by other hands.
fn references(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    for (table, column, to, key) in migrations::references() {
        let lost: i64 = r.one(
            &format!(
                "SELECT COUNT(*) FROM {table} x WHERE x.{column} IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM {to} y WHERE y.{key} = x.{column})"
            ),
            &[],
        )?;
        if lost > 0 {
            faults.push(format!("{table}.{column}: {lost} rows point to no {to}"));
        }
    }
    Ok(())
}

/// Everything that can be seen says by whom; nothing says it of what is not there; no private member is wide open.
fn audiences(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    for (table, alive) in [
        ("actor", "x.gone_at IS NULL"),
        ("contact_point", "EXISTS (SELECT 1 FROM actor a WHERE a.id = x.actor_id AND a.gone_at IS NULL)"),
        ("intent", "x.state = 'open'"),
        ("tie", "x.state <> 'ended'"),
        ("contact", "1 = 1"),
        ("gathering", "1 = 1"),
        ("introduction", "x.state IN ('drafted', 'asking')"),
    ] {
        let without: Vec<i64> = r.all(
            &format!(
                "SELECT x.id FROM {table} x WHERE {alive} \
                 AND NOT EXISTS (SELECT 1 FROM audience s WHERE s.object_id = x.id) ORDER BY x.id LIMIT 20"
            ),
            &[],
        )?;
        faults.extend(
            without.iter().map(|id| {
                format!("{table} {}: nobody may see it, not even its owner", crate::ids::encode(*id))
            }),
        );
    }
    // the two low bits of a key say what one is to the member: 1 its members, 2 those tied to it, who keep what is left
    // of somebody erased: that there was somebody
    let open: Vec<i64> = r.all(
        "SELECT DISTINCT x.id FROM actor x JOIN audience s ON s.object_id = x.id \
         WHERE (x.consent <> 'given' OR x.visibility = 'private' OR x.gone_at IS NOT NULL) \
         AND (s.key = 0 OR s.key % 4 IN (1, 2)) AND NOT (x.state = 'deleted' AND s.key % 4 = 2) \
         ORDER BY x.id LIMIT 20",
        &[],
    )?;
    faults.extend(open.iter().map(|id| {
        format!("actor {}: shown to others although it is hidden or did not consent", crate::ids::encode(*id))
    }));
    Ok(())
}

fn files(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let names: Vec<String> = r.all("SELECT sha256 FROM file ORDER BY sha256", &[])?;
    for name in names {
        let bytes: Vec<u8> = r.one("SELECT bytes FROM file WHERE sha256 = $1", params![name])?;
        let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        if found != name {
            faults.push(format!("file {name}: its content has another checksum"));
        }
    }
    Ok(())
}

fn journal(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let future: i64 =
        r.one("SELECT COUNT(*) FROM journal WHERE at > $1", params![r.now().plus(crate::Micros::DAY)])?;
    if future > 0 {
        faults.push(format!("journal: {future} entries are dated in the future"));
    }
    let unsaid: Vec<i64> = r.all(
        "SELECT a.id FROM account a WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.object_id = a.id OR \
         j.object_id = a.person_id) ORDER BY a.id LIMIT 20",
        &[],
    )?;
    faults.extend(
        unsaid
            .iter()
            .map(|id| format!("account {}: the journal does not say who made it", crate::ids::encode(*id))),
    );
    let unimported: Vec<i64> = r.all(
        "SELECT i.id FROM import i WHERE i.state = 'done' \
         AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.object_id = i.id) ORDER BY i.id LIMIT 20",
        &[],
    )?;
    faults.extend(
        unimported
            .iter()
            .map(|id| format!("import {}: the journal does not say who made it", crate::ids::encode(*id))),
    );
    Ok(())
}

fn jobs(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let odd: Vec<(i64, String)> = r.all(
        "SELECT id, state FROM job WHERE state NOT IN ('waiting', 'done', 'failed') OR attempts < 0 ORDER BY id LIMIT 20",
        &[],
    )?;
    faults.extend(
        odd.iter().map(|(id, state)| format!("job {}: in no known state ({state})", crate::ids::encode(*id))),
    );
    let stuck: i64 = r.one("SELECT COUNT(*) FROM job WHERE state = 'failed'", &[])?;
    if stuck > 0 {
        faults.push(format!("jobs: {stuck} failed and wait for a person"));
    }
    Ok(())
}
