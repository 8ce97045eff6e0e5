//! The SQL of loading much at once: secondary indexes are taken away and made again, as one does with any bulk load.

use store::ids::{AccountId, ActorId};
use store::{Error, Micros, Writing, params, sessions};

/// What [`store::Database::backend`] says of PostgreSQL.
const POSTGRESQL: &str = "postgresql";

/// The statements that make every index that is no key, after those were dropped.
pub fn drop_indexes(w: &mut Writing<'_>, backend: &str) -> Result<Vec<String>, Error> {
    let sql = if backend == POSTGRESQL {
        "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes WHERE schemaname = current_schema() \
         AND indexdef NOT LIKE 'CREATE UNIQUE%' ORDER BY indexname"
    } else {
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
         AND sql NOT LIKE 'CREATE UNIQUE%' ORDER BY name"
    };
    let found: Vec<(String, String)> = w.all(sql, &[])?;
    for (name, _) in &found {
        w.execute(&format!("DROP INDEX {name}"), &[])?;
    }
    Ok(found.into_iter().map(|(_, statement)| statement).collect())
}

/// Makes them again; PostgreSQL counts what it holds, as it does by itself sooner or later. SQLite is left as it is,
/// because the program never has it count either.
pub fn make_indexes(w: &mut Writing<'_>, backend: &str, statements: &[String]) -> Result<(), Error> {
    for statement in statements {
        w.execute(statement, &[])?;
    }
    if backend == POSTGRESQL {
        w.execute("ANALYZE", &[])?;
    }
    Ok(())
}

/// PostgreSQL need not look up what every row refers to: the rows are made here.
pub fn trust(w: &mut Writing<'_>, backend: &str) -> Result<(), Error> {
    if backend == POSTGRESQL {
        w.execute("SET LOCAL session_replication_role = replica", &[])?;
    }
    Ok(())
}

/// The session was used now, not a day ago when the crowd was made.
pub fn seen_now(w: &mut Writing<'_>, secret: &str, now: Micros) -> Result<(), Error> {
    w.execute(
        "UPDATE session SET seen_at = $1, expires_at = $2 WHERE token_hash = $3",
        params![now, now.plus(sessions::LASTS), sessions::hash(secret)],
    )?;
    Ok(())
}

/// No rhythm is missing, so the program need not look for any.
pub fn rhythms_begun(w: &mut Writing<'_>) -> Result<(), Error> {
    w.execute("INSERT INTO setting (name, value) VALUES ('rhythm.begun', 'all')", &[])?;
    Ok(())
}

/// The account of a person, if there is one.
pub fn account_of(w: &Writing<'_>, person: ActorId) -> Result<Option<AccountId>, Error> {
    w.first("SELECT id FROM account WHERE person_id = $1", params![person])
}

/// Proves an address.
pub fn prove(w: &mut Writing<'_>, account: AccountId, address: &str) -> Result<(), Error> {
    w.execute(
        "INSERT INTO account_name (kind, name, account_id, confirmed_at) VALUES ('email', $1, $2, 1)",
        params![address, account],
    )?;
    Ok(())
}

/// Everybody's summary and every line is due now.
pub fn due_now(w: &mut Writing<'_>) -> Result<(), Error> {
    let now = w.now();
    w.execute("UPDATE telling_hours SET next_at = $1", params![now])?;
    w.execute("UPDATE notice_way SET at = $1", params![now])?;
    Ok(())
}
