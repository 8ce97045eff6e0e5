use store::soundness::Fault;
use store::{Database, Error, Reading, Viewer};

use super::{analysis, queries};

/// As many faults as are named of one sort.
const NAMED: usize = 20;
/// Rows read at once.
const ROWS: i64 = 1_000;

/// Whether what is stored for searching is what the texts say now, and nothing else: one sentence a fault, at most
/// twenty of a sort.
///
/// # Errors
/// The database's own.
pub fn faults(db: &Database) -> Result<Vec<Fault>, Error> {
    db.snapshot(&Viewer::System("check"), |r| {
        let mut faults = Vec::new();
        words(r, &mut faults, queries::intent_texts_after)?;
        words(r, &mut faults, queries::member_texts_after)?;
        for (object, (thai, english)) in queries::astray(r, NAMED)? {
            faults.push(Fault::at(&place(object), thai, english));
        }
        Ok(faults)
    })
}

fn place(object: i64) -> String {
    format!("index of {}", store::ids::encode(object))
}

/// The words of one kind of object against those stored for it.
fn words(
    r: &Reading<'_>,
    faults: &mut Vec<Fault>,
    texts_after: impl Fn(&Reading<'_>, i64, i64) -> Result<Vec<queries::Words>, Error>,
) -> Result<(), Error> {
    let mut named = 0;
    let mut after = 0;
    loop {
        let texts = texts_after(r, after, ROWS)?;
        let Some(last) = texts.last() else { return Ok(()) };
        after = last.object;
        for text in &texts {
            let (thai, english) = match &text.stored {
                None => ("ค้นด้วยคำของตัวเองไม่พบ", "cannot be found by its words"),
                Some(tokens) if *tokens != analysis::document(&text.title, &text.text) => {
                    ("คำที่เก็บไว้ค้นไม่ตรงกับข้อความ", "the words stored are not those of its text")
                }
                Some(_) => continue,
            };
            faults.push(Fault::at(&place(text.object), thai, english));
            named += 1;
            if named >= NAMED {
                return Ok(());
            }
        }
    }
}
