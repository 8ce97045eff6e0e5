//! Whether a store is whole: what `saan check` names, fault by fault.

mod journal;
mod openings;

use sha2::{Digest as _, Sha256};

use crate::{Database, Error, Reading, Viewer, migrations, params};

/// One fault: where, and what is wrong, for the operator's eyes in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fault {
    pub thai: String,
    pub english: String,
}

impl Fault {
    /// `place` says where, in the words of the tables; the sentences what is wrong there.
    #[must_use]
    pub fn at(place: &str, thai: &str, english: &str) -> Self {
        Self { thai: format!("{place}: {thai}"), english: format!("{place}: {english}") }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.english)
    }
}

/// So many faults of one sort are named; more say nothing new.
const NAMED: i64 = 20;

/// Names each object that a query finds: what it is, and what is wrong in Thai and in English.
fn name_each(
    r: &Reading<'_>,
    faults: &mut Vec<Fault>,
    sql: &str,
    (of, thai, english): (&str, &str, &str),
) -> Result<(), Error> {
    let found: Vec<i64> = r.all(&format!("{sql} LIMIT {NAMED}"), &[])?;
    let place = |id: &i64| format!("{of} {}", crate::ids::encode(*id));
    faults.extend(found.iter().map(|id| Fault::at(&place(id), thai, english)));
    Ok(())
}

/// Looks through the whole store, one state of it.
///
/// # Errors
/// The database's own.
pub fn check(db: &Database) -> Result<Vec<Fault>, Error> {
    db.snapshot(&Viewer::System("check"), |r| {
        let mut faults = Vec::new();
        references(r, &mut faults)?;
        openings::audiences(r, &mut faults)?;
        openings::keys(r, &mut faults)?;
        files(r, &mut faults)?;
        journal::check(r, &mut faults)?;
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
            faults.push(Fault::at(
                &format!("{table}.{column}"),
                &format!("{lost} แถวชี้ไปที่ {to} ซึ่งไม่มีอยู่"),
                &format!("{lost} rows point to no {to}"),
            ));
        }
    }
    Ok(())
}

fn files(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let names: Vec<String> = r.all("SELECT sha256 FROM file ORDER BY sha256", &[])?;
    for name in names {
        let bytes: Vec<u8> = r.one("SELECT bytes FROM file WHERE sha256 = $1", params![name])?;
        let found: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        if found != name {
            let place = format!("file {name}");
            faults.push(Fault::at(&place, "เนื้อไฟล์ไม่ตรงกับผลรวมตรวจสอบ", "its content has another checksum"));
        }
    }
    Ok(())
}

fn jobs(r: &Reading<'_>, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let odd: Vec<(i64, String)> = r.all(
        "SELECT id, state FROM job WHERE state NOT IN ('waiting', 'done', 'failed') OR attempts < 0 ORDER BY id LIMIT 20",
        &[],
    )?;
    faults.extend(odd.iter().map(|(id, state)| {
        Fault::at(
            &format!("job {}", crate::ids::encode(*id)),
            &format!("อยู่ในสถานะที่ไม่รู้จัก ({state})"),
            &format!("in no known state ({state})"),
        )
    }));
    let stuck: i64 = r.one("SELECT COUNT(*) FROM job WHERE state = 'failed'", &[])?;
    if stuck > 0 {
        faults.push(Fault::at(
            "jobs",
            &format!("{stuck} งานทำไม่สำเร็จและรอคนดู"),
            &format!("{stuck} failed and wait for a person"),
        ));
    }
    Ok(())
}
