//! The SQL of loading much at once: secondary indexes are taken away and made again, as one does with any bulk load.

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
