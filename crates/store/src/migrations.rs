//! One migration tree for both databases, applied in order, each in one transaction.

use crate::database::Connection;
use crate::{Error, Micros, Value};

/// Name and text of each migration. A landed one is never edited: what comes later is a new file.
const ALL: &[(&str, &str)] = &[
    ("0001_house", include_str!("../migrations/0001_house.sql")),
    ("0002_members", include_str!("../migrations/0002_members.sql")),
    ("0003_weaving", include_str!("../migrations/0003_weaving.sql")),
    ("0004_giving", include_str!("../migrations/0004_giving.sql")),
    ("0005_indexed_actor", include_str!("../migrations/0005_indexed_actor.sql")),
    ("0006_accounts", include_str!("../migrations/0006_accounts.sql")),
    ("0007_speed", include_str!("../migrations/0007_speed.sql")),
    (
        "0008_cards_and_changed_gatherings",
        include_str!("../migrations/0008_cards_and_changed_gatherings.sql"),
    ),
    ("0009_rhythm", include_str!("../migrations/0009_rhythm.sql")),
    ("0010_promises", include_str!("../migrations/0010_promises.sql")),
    ("0011_referrals", include_str!("../migrations/0011_referrals.sql")),
    ("0012_telling", include_str!("../migrations/0012_telling.sql")),
    ("0013_introductions", include_str!("../migrations/0013_introductions.sql")),
    ("0014_channels", include_str!("../migrations/0014_channels.sql")),
    ("0015_inviting", include_str!("../migrations/0015_inviting.sql")),
    ("0016_coordinators", include_str!("../migrations/0016_coordinators.sql")),
    ("0017_belonging", include_str!("../migrations/0017_belonging.sql")),
    (BY_KEY.0, include_str!("../migrations/0019_rows_by_key.sql")),
    ("0061_introduction_candidates", include_str!("../migrations/0061_introduction_candidates.sql")),
    ("0062_sides", include_str!("../migrations/0062_sides.sql")),
    ("0063_prompts", include_str!("../migrations/0063_prompts.sql")),
];

/// From this migration on, rows that are mostly key stand in the order of it, also where a database would keep them once
/// as rows and once more in an index of their key: half the writing, for what an import writes most of.
const BY_KEY: (&str, &[&str]) =
    ("0019_rows_by_key", &["audience", "key_holder", "intent_category", "import_object"]);

/// Brings a database up to date. The caller holds the one transaction in which this happens.
pub fn apply(connection: &mut dyn Connection, now: Micros) -> Result<usize, Error> {
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)",
        &[],
    )?;
    let rows = connection.query("SELECT name FROM migration", &[])?;
    let applied: Vec<Value> = rows.into_iter().flat_map(crate::Row::into_values).collect();
    if let Some(unknown) =
        applied.iter().find(|done| !ALL.iter().any(|(name, _)| **done == Value::Text((*name).into())))
    {
        return Err(Error::Open(format!("it was made by a newer version of the program ({unknown:?})")));
    }
    let mut count = 0;
    for (name, text) in ALL {
        if applied.contains(&Value::Text((*name).to_owned())) {
            continue;
        }
        for statement in statements(text) {
            connection.execute(&statement, &[])?;
        }
        if *name == BY_KEY.0 {
            for table in BY_KEY.1 {
                connection.keep_by_key(table, &primary_key(table))?;
            }
        }
        connection.execute(
            "INSERT INTO migration (name, applied_at) VALUES ($1, $2)",
            &[Value::Text((*name).to_owned()), Value::Int(now.0)],
        )?;
        count += 1;
    }
    Ok(count)
}

/// The names of all migrations, in order: what a backup was made under.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|(name, _)| *name).collect()
}

/// The tables in the order they are made, parents before children; the migrations' own list is not among them.
pub fn tables() -> Vec<String> {
    definitions().into_iter().map(|(name, _)| name).collect()
}

/// Each table that is there in the end and the lines between its brackets.
fn definitions() -> Vec<(String, Vec<String>)> {
    let all: Vec<String> = ALL.iter().flat_map(|(_, text)| statements(text)).collect();
    let dropped: Vec<&str> =
        all.iter().filter_map(|statement| statement.strip_prefix("DROP TABLE ")).collect();
    all.iter()
        .filter_map(|statement| {
            let body = statement.strip_prefix("CREATE TABLE ")?.to_owned();
            let (name, columns) = body.split_once(" (")?;
            if dropped.contains(&name) {
                return None;
            }
            Some((
                name.to_owned(),
                columns.lines().map(|line| line.trim().trim_end_matches(',').to_owned()).collect(),
            ))
        })
        .collect()
}

/// The columns of a table's primary key.
pub fn primary_key(table: &str) -> Vec<String> {
    for (name, lines) in definitions() {
        if name != table {
            continue;
        }
        for line in &lines {
            if let Some(list) = line.strip_prefix("PRIMARY KEY (").and_then(|rest| rest.split(')').next()) {
                return list.split(", ").map(str::to_owned).collect();
            }
            if line.contains(" PRIMARY KEY") {
                return line.split(' ').take(1).map(str::to_owned).collect();
            }
        }
    }
    Vec::new()
}

/// Every reference: table, column, table pointed to, its column.
pub fn references() -> Vec<(String, String, String, String)> {
    let mut found = Vec::new();
    for (table, lines) in definitions() {
        for line in lines {
            let Some((column, target)) = line.split_once(" REFERENCES ") else { continue };
            let column = column.split(' ').next().unwrap_or_default().to_owned();
            let Some((to, key)) = target.split_once(" (") else { continue };
            let key = key.split(')').next().unwrap_or_default().to_owned();
            found.push((table.clone(), column, to.to_owned(), key));
        }
    }
    found
}

/// Splits at semicolons that end a line; our migrations hold no others.
fn statements(text: &str) -> Vec<String> {
    let without_comments: String =
        text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    without_comments
        .split(";\n")
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(|s| s.trim_end_matches(';').to_owned())
        .collect()
}
