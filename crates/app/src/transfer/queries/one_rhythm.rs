//! Two rhythms that become one when two members do: both cared for the same member, or somebody for both. What the kept
//! one says stands; what it does not say, the other does. Nothing of it is written down twice: what was there before is
//! remembered as numbers, words only by the row they are still in, so that the two part again as they were.

use std::collections::BTreeMap;

use store::ids::ActorId;
use store::{Error, Value, Writing, params};

/// What may not be before a day both name, holds until the later one.
const LATER: &[&str] = &["snoozed_until", "locked_until", "prompted_on", "prompts"];
/// What was agreed first, and since when there is a rhythm.
const EARLIER: &[&str] = &["next_fixed_on", "created_on"];
/// Numbers of which the kept one's stand.
const OWN: &[&str] = &["delegate_id"];
/// Words of which the kept one's stand; a channel is none where none was said.
const WORDS: &[(&str, &str)] = &[("why", "''"), ("channel", "NULL")];

/// Joins what could not move because the kept one has its like. Answers what was done, one a line.
///
/// # Errors
/// The database's own.
pub fn join(w: &mut Writing<'_>, from: ActorId, to: ActorId) -> Result<Vec<String>, Error> {
    let mut done = Vec::new();
    let cares: Vec<(i64, i64)> = w.all(
        "SELECT x.id, y.id FROM care x JOIN care y ON (x.holder_id = $1 AND y.holder_id = $2 AND y.other_id = x.other_id) \
         OR (x.other_id = $1 AND y.other_id = $2 AND y.holder_id = x.holder_id) \
         WHERE x.holder_id = $1 OR x.other_id = $1 ORDER BY x.id",
        params![from, to],
    )?;
    for (left, kept) in cares {
        join_cares(w, left, kept, &mut done)?;
    }
    let labels: Vec<(i64, i64)> = w.all(
        "SELECT x.id, y.id FROM label x JOIN label y ON y.name = x.name AND y.holder_id = $2 WHERE x.holder_id = $1 \
         ORDER BY x.id",
        params![from, to],
    )?;
    for (left, kept) in labels {
        join_labels(w, left, kept, &mut done)?;
    }
    Ok(done)
}

fn join_cares(w: &mut Writing<'_>, left: i64, kept: i64, done: &mut Vec<String>) -> Result<(), Error> {
    let (mine, theirs) = (numbers(w, kept)?, numbers(w, left)?);
    let of = |numbers: &BTreeMap<&str, Option<i64>>, column: &str| numbers.get(column).copied().flatten();
    let mut set = |column: &'static str, new: Option<i64>| -> Result<(), Error> {
        let old = of(&mine, column);
        if old == new {
            return Ok(());
        }
        w.execute(&format!("UPDATE care SET {column} = $2 WHERE id = $1"), params![kept, new])?;
        done.push(format!("was {column} {kept} {} {}", word(old), word(new)));
        Ok(())
    };
    for column in LATER {
        set(column, of(&mine, column).max(of(&theirs, column)))?;
    }
    for column in EARLIER {
        let both = [of(&mine, column), of(&theirs, column)];
        set(column, both.into_iter().flatten().min())?;
    }
    for column in OWN {
        set(column, of(&mine, column).or_else(|| of(&theirs, column)))?;
    }
    // how often is said by both numbers together
    if of(&mine, "ideal_days").is_none() && of(&mine, "max_days").is_none() {
        set("ideal_days", of(&theirs, "ideal_days"))?;
        set("max_days", of(&theirs, "max_days"))?;
    }
    // a rest that was asked for holds; its reason goes with it
    let rests = of(&mine, "paused_from").is_none() && of(&theirs, "paused_from").is_some();
    if rests {
        set("paused_from", of(&theirs, "paused_from"))?;
        set("paused_to", of(&theirs, "paused_to"))?;
    }
    // one who lives on is not let go
    if of(&mine, "ended_on").is_none() || of(&theirs, "ended_on").is_none() {
        set("ended_on", None)?;
    }
    for (column, _) in WORDS.iter().copied().chain(rests.then_some(("paused_reason", "''"))) {
        let filled = w.execute(
            &format!(
                "UPDATE care SET {column} = (SELECT x.{column} FROM care x WHERE x.id = $2) WHERE id = $1 \
                 AND COALESCE({column}, '') = '' AND EXISTS (SELECT 1 FROM care x WHERE x.id = $2 AND \
                 COALESCE(x.{column}, '') <> '')"
            ),
            params![kept, left],
        )?;
        if filled > 0 {
            done.push(format!("filled {column} {kept} {left}"));
        }
    }
    let prompts: Vec<i64> = w.all(
        "SELECT p.id FROM prompt p WHERE p.care_id = $1 AND NOT EXISTS (SELECT 1 FROM prompt q WHERE q.care_id = $2 \
         AND q.due_on = p.due_on AND q.channel = p.channel)",
        params![left, kept],
    )?;
    for prompt in prompts {
        w.execute("UPDATE prompt SET care_id = $2 WHERE id = $1", params![prompt, kept])?;
        done.push(format!("prompted {prompt} {kept} {left}"));
    }
    Ok(())
}

const NUMBERS: &[&str] = &[
    "ideal_days",
    "max_days",
    "next_fixed_on",
    "snoozed_until",
    "paused_from",
    "paused_to",
    "prompted_on",
    "prompts",
    "locked_until",
    "delegate_id",
    "ended_on",
    "created_on",
];

fn numbers(w: &Writing<'_>, care: i64) -> Result<BTreeMap<&'static str, Option<i64>>, Error> {
    let mut found = BTreeMap::new();
    for column in NUMBERS {
        let value: Option<i64> = w.one(&format!("SELECT {column} FROM care WHERE id = $1"), params![care])?;
        found.insert(*column, value);
    }
    Ok(found)
}

fn word(number: Option<i64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// Those one of the two called by a word of the same name are called so by the one.
fn join_labels(w: &mut Writing<'_>, left: i64, kept: i64, done: &mut Vec<String>) -> Result<(), Error> {
    let others: Vec<i64> = w.all("SELECT other_id FROM tie_label WHERE label_id = $1", params![left])?;
    for other in others {
        let fresh = w.execute(
            "INSERT INTO tie_label (label_id, other_id) VALUES ($1, $2) ON CONFLICT (label_id, other_id) DO NOTHING",
            params![kept, other],
        )?;
        if fresh > 0 {
            done.push(format!("called {other} {kept}"));
        }
    }
    Ok(())
}

/// Takes back one line of what [`join`] did, as far as nobody changed it since. Whether the line was one of its.
///
/// # Errors
/// The database's own.
pub fn part(w: &mut Writing<'_>, line: &str) -> Result<bool, Error> {
    let words: Vec<&str> = line.split(' ').collect();
    let id = |word: &str| word.parse::<i64>().unwrap_or(0);
    let number = |word: &str| word.parse::<i64>().map_or(Value::Null, Value::Int);
    match words.as_slice() {
        ["was", column, care, old, new] if NUMBERS.contains(column) => {
            let unchanged = if *new == "-" { format!("{column} IS NULL") } else { format!("{column} = $3") };
            let mut parameters = vec![Value::Int(id(care)), number(old)];
            if *new != "-" {
                parameters.push(number(new));
            }
            w.execute(&format!("UPDATE care SET {column} = $2 WHERE id = $1 AND {unchanged}"), &parameters)?;
        }
        ["filled", column, care, left] => {
            let columns = WORDS.iter().copied().chain([("paused_reason", "''")]);
            for (_, none) in columns.filter(|(known, _)| known == column) {
                w.execute(
                    &format!(
                        "UPDATE care SET {column} = {none} WHERE id = $1 AND {column} = (SELECT x.{column} FROM care x \
                         WHERE x.id = $2)"
                    ),
                    params![id(care), id(left)],
                )?;
            }
        }
        ["prompted", prompt, kept, left] => {
            w.execute(
                "UPDATE prompt SET care_id = $3 WHERE id = $1 AND care_id = $2",
                params![id(prompt), id(kept), id(left)],
            )?;
        }
        ["called", other, label] => {
            w.execute(
                "DELETE FROM tie_label WHERE other_id = $1 AND label_id = $2",
                params![id(other), id(label)],
            )?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
