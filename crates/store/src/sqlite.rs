//! SQLite: one writer, several readers, write-ahead log; the default, in one folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection as Sql, ErrorCode, OpenFlags};

use crate::database::{Connection, Engine, PATIENCE};
use crate::pool::Pool;
use crate::settings::SOON;
use crate::{Error, Row, Value};

pub struct Sqlite {
    writer: Pool<Sql>,
    readers: Pool<Sql>,
    checkpointer: Checkpointer,
    /// Removed with everything in it when the store is closed.
    temporary: Option<PathBuf>,
    /// Told when a write has to wait for another process.
    waiting: Option<fn()>,
}

impl Sqlite {
    pub fn folder(folder: &Path, readers: usize, waiting: Option<fn()>) -> Result<Self, Error> {
        let mut opened = Self::open(folder, readers, None)?;
        opened.waiting = waiting;
        Ok(opened)
    }

    pub fn temporary(readers: usize) -> Result<Self, Error> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(|e| Error::Open(e.to_string()))?;
        let folder = std::env::temp_dir().join(format!("saan-{:016x}", u64::from_le_bytes(random)));
        Self::open(&folder, readers, Some(folder.clone()))
    }

    fn open(folder: &Path, readers: usize, temporary: Option<PathBuf>) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|e| Error::Open(format!("{}: {e}", folder.display())))?;
        let path = folder.join("saan.db");
        // what lives no longer than the process need not reach the disk
        let lasting = temporary.is_none();
        let writer = connect(&path, lasting)?;
        // an import touches many pages in one transaction: what does not fit is written twice
        writer.pragma_update(None, "cache_size", -64_000).map_err(open_error)?;
        let mut idle = Vec::new();
        for _ in 0..readers.max(1) {
            let reader = connect(&path, lasting)?;
            reader.pragma_update(None, "query_only", true).map_err(open_error)?;
            idle.push(reader);
        }
        let checkpointer = Checkpointer::start(&path, lasting)?;
        Ok(Self {
            writer: Pool::new(vec![writer]),
            readers: Pool::new(idle),
            checkpointer,
            temporary,
            waiting: None,
        })
    }
}

impl Sqlite {
    /// Begins a transaction that writes; whoever asked to be told hears of it when another process keeps it waiting.
    fn begin(&self, sql: &Sql) -> Result<(), Error> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let Some(told) = self.waiting else { return sql.execute_batch(BEGIN).map_err(sql_error) };
        sql.busy_timeout(SOON).map_err(sql_error)?;
        let soon = sql.execute_batch(BEGIN).map_err(sql_error);
        sql.busy_timeout(PATIENCE).map_err(sql_error)?;
        if !matches!(soon, Err(Error::Busy)) {
            return soon;
        }
        told();
        sql.execute_batch(BEGIN).map_err(sql_error)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.checkpointer.stop();
        if let Some(folder) = self.temporary.take() {
            // best effort: the system's own cleaning takes what is left
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Bytes of the database read straight from the system's memory; what lies beyond is read as usual.
const MAPPED: i64 = 0x7fff_0000;

fn connect(path: &Path, lasting: bool) -> Result<Sql, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let sql = Sql::open_with_flags(path, flags).map_err(open_error)?;
    sql.busy_timeout(PATIENCE).map_err(open_error)?;
    sql.set_prepared_statement_cache_capacity(512);
    // without it a statement is prepared anew whenever a parameter changes that a plan might depend on: at every use
    sql.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(open_error)?;
    sql.pragma_update(None, "journal_mode", "wal").map_err(open_error)?;
    sql.pragma_update(None, "synchronous", if lasting { "full" } else { "off" }).map_err(open_error)?;
    sql.pragma_update(None, "foreign_keys", true).map_err(open_error)?;
    // checkpoints come from a connection of their own: inside a commit they cost its user milliseconds
    sql.pragma_update(None, "wal_autocheckpoint", 0).map_err(open_error)?;
    sql.pragma_update(None, "cache_size", -16_000).map_err(open_error)?;
    // whatever one connection writes empties the caches of all others: what is mapped is not read and copied again
    sql.pragma_update(None, "mmap_size", MAPPED).map_err(open_error)?;
    sql.pragma_update(None, "temp_store", "memory").map_err(open_error)?;
    Ok(sql)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn open_error(error: rusqlite::Error) -> Error {
    Error::Open(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn sql_error(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, message) = &error {
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => return Error::Busy,
            ErrorCode::ConstraintViolation
                if matches!(
                    failure.extended_code,
                    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                ) =>
            {
                return Error::Taken(message.clone().unwrap_or_default());
            }
            _ => {}
        }
    }
    Error::Fault(error.to_string())
}

impl Engine for Sqlite {
    fn read(
        &self,
        _snapshot: bool,
        work: &mut dyn FnMut(&mut dyn Connection) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut sql = self.readers.take(PATIENCE)?;
        // one state for all statements costs nothing here
        sql.execute_batch("BEGIN").map_err(sql_error)?;
        let result = work(&mut Lent(&mut sql));
        sql.execute_batch("COMMIT").map_err(sql_error)?;
        result
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Connection) -> Result<bool, Error>) -> Result<(), Error> {
        let mut sql = self.writer.take(PATIENCE)?;
        self.begin(&sql)?;
        let outcome = work(&mut Lent(&mut sql));
        match outcome {
            Ok(true) => sql.execute_batch("COMMIT").map_err(|error| {
                let _ = sql.execute_batch("ROLLBACK");
                sql_error(error)
            })?,
            Ok(false) | Err(_) => sql.execute_batch("ROLLBACK").map_err(sql_error)?,
        }
        drop(sql);
        self.checkpointer.nudge();
        outcome.map(|_| ())
    }

    fn name(&self) -> &'static str {
        "sqlite"
    }
}

struct Lent<'a>(&'a mut Sql);

/// `$1` is only a name to SQLite, numbered as it comes; `?1` is the first parameter wherever it stands.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    for c in sql.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                out.push(c);
            }
            '$' if !quoted => out.push('?'),
            _ => out.push(c),
        }
    }
    out
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Real(x) => ValueRef::Real(*x),
            Self::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl Connection for Lent<'_> {
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(sql_error)?;
        let width = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(parameters)).map_err(sql_error)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(sql_error)? {
            let mut cells = Vec::with_capacity(width);
            for column in 0..width {
                cells.push(cell(row.get_ref(column).map_err(sql_error)?));
            }
            out.push(Row(cells));
        }
        Ok(out)
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(sql_error)?;
        if statement.column_count() > 0 {
            // RETURNING: step through, so that every row is changed
            let mut rows = statement.query(rusqlite::params_from_iter(parameters)).map_err(sql_error)?;
            let mut count = 0;
            while rows.next().map_err(sql_error)?.is_some() {
                count += 1;
            }
            return Ok(count);
        }
        let count = statement.execute(rusqlite::params_from_iter(parameters)).map_err(sql_error)?;
        Ok(count as u64)
    }

    fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
        tail: &str,
    ) -> Result<u64, Error> {
        if rows.is_empty() {
            return Ok(0);
        }
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let sql =
            format!("INSERT INTO {table} ({}) VALUES ({}) {tail}", columns.join(", "), marks.join(", "));
        let mut statement = self.0.prepare_cached(&sql).map_err(sql_error)?;
        let mut count = 0;
        for row in rows {
            count += statement.execute(rusqlite::params_from_iter(row)).map_err(sql_error)?;
        }
        Ok(count as u64)
    }

    /// SQLite documentation, *Clustered Indexes and the WITHOUT ROWID Optimization*. A table cannot change its kind: its
    /// rows are moved into a new one of its name.
    fn keep_by_key(&mut self, table: &str, key: &[String]) -> Result<(), Error> {
        let of = |kind: &str| {
            format!(
                "SELECT sql FROM sqlite_master WHERE type = '{kind}' AND tbl_name = '{table}' AND sql IS NOT NULL ORDER BY name"
            )
        };
        let texts = |rows: Vec<Row>| rows.into_iter().map(|row| row.cells().take()).collect();
        let made: Vec<String> = self.query(&of("table"), &[]).and_then(texts)?;
        let indexes: Vec<String> = self.query(&of("index"), &[]).and_then(texts)?;
        let body = made.first().and_then(|sql| sql.split_once('(')).ok_or(Error::NotFound)?.1;
        if body.ends_with("WITHOUT ROWID") {
            return Ok(());
        }
        let key = key.join(", ");
        let mut statements = vec![
            format!("CREATE TABLE {table}_by_key ({body} WITHOUT ROWID"),
            format!("INSERT INTO {table}_by_key SELECT * FROM {table} ORDER BY {key}"),
            format!("DROP TABLE {table}"),
            format!("ALTER TABLE {table}_by_key RENAME TO {table}"),
        ];
        statements.extend(indexes);
        statements.iter().try_for_each(|statement| self.0.execute_batch(statement).map_err(sql_error))
    }

    fn tables(&mut self) -> Result<Vec<String>, Error> {
        let rows = self.query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            &[],
        )?;
        rows.into_iter().map(|row| row.cells().take()).collect()
    }

    fn columns(&mut self, table: &str) -> Result<Vec<(String, String)>, Error> {
        let rows = self.query(
            "SELECT name, LOWER(type) FROM pragma_table_info($1) ORDER BY cid",
            &[Value::Text(table.to_owned())],
        )?;
        rows.into_iter().map(crate::value::column).collect()
    }
}

/// Moves the write-ahead log into the database, from a connection and a thread of its own.
struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    dirty: Mutex<bool>,
    woken: Condvar,
    stopping: AtomicBool,
}

impl Checkpointer {
    fn start(path: &Path, lasting: bool) -> Result<Self, Error> {
        let sql = connect(path, lasting)?;
        sql.busy_timeout(RESTART_PATIENCE).map_err(open_error)?;
        let shared = Arc::new(Shared {
            dirty: Mutex::new(false),
            woken: Condvar::new(),
            stopping: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || checkpoint_until_stopped(&sql, &theirs))
            .map_err(|e| Error::Open(e.to_string()))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    fn nudge(&self) {
        *self.shared.dirty.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.woken.notify_one();
    }

    fn stop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.woken.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Pages in the log from which it begins anew: every page that is read is looked for in all of it first.
const LONG: i64 = 2_000;
/// Pages from which the disk gets its room back: a large import was written.
const HUGE: i64 = 50_000;
/// How long whoever writes is kept waiting for those who read, so that the log can begin anew; else it is tried again.
const RESTART_PATIENCE: Duration = Duration::from_millis(50);

fn checkpoint(sql: &Sql) -> rusqlite::Result<()> {
    // PASSIVE waits for nobody, but leaves a log that grows as long as somebody always reads
    let (log, moved): (i64, i64) =
        sql.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))?;
    // far behind: somebody reads for long, and would only be waited for in vain
    if log < LONG || log - moved > LONG {
        return Ok(());
    }
    let how = if log < HUGE { "PRAGMA wal_checkpoint(RESTART)" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
    sql.query_row(how, [], |_| Ok(()))
}

fn checkpoint_until_stopped(sql: &Sql, shared: &Shared) {
    loop {
        {
            let mut dirty = shared.dirty.lock().unwrap_or_else(PoisonError::into_inner);
            while !*dirty && !shared.stopping.load(Ordering::SeqCst) {
                dirty = shared
                    .woken
                    .wait_timeout(dirty, Duration::from_secs(5))
                    .map_or_else(|e| e.into_inner().0, |woken| woken.0);
            }
            *dirty = false;
        }
        if let Err(error) = checkpoint(sql) {
            tracing::warn!("checkpoint: {error}");
        }
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store as it was before rows were kept by their key, brought up to date with all that is in it.
    #[test]
    fn a_table_that_is_kept_by_its_key_keeps_its_rows_its_indexes_and_its_references() {
        let mut sql = Sql::open_in_memory().unwrap();
        sql.execute_batch(
            "PRAGMA foreign_keys = ON; CREATE TABLE place (id BIGINT PRIMARY KEY); INSERT INTO place VALUES (1), (2);\n\
             CREATE TABLE stay (\n  place_id BIGINT NOT NULL REFERENCES place (id),\n  who TEXT NOT NULL,\n  \
             note TEXT,\n  PRIMARY KEY (place_id, who)\n);\nCREATE INDEX stay_who ON stay (who);\n\
             INSERT INTO stay VALUES (2, 'มาลี', NULL), (1, 'บุญมี', 'สอง (2)'), (1, 'กัญญา', '');",
        )
        .unwrap();
        let key = ["place_id".to_owned(), "who".to_owned()];
        for _ in 0..2 {
            Lent(&mut sql).keep_by_key("stay", &key).unwrap();
            let rows =
                Lent(&mut sql).query("SELECT who, note FROM stay ORDER BY place_id, who", &[]).unwrap();
            let text = |text: &str| Value::Text(text.to_owned());
            let rows: Vec<Vec<Value>> = rows.into_iter().map(Row::into_values).collect();
            assert_eq!(
                rows,
                [[text("กัญญา"), text("")], [text("บุญมี"), text("สอง (2)")], [text("มาลี"), Value::Null],]
            );
        }
        let there: Vec<String> = Lent(&mut sql)
            .query("SELECT name || ' ' || sql FROM sqlite_master WHERE tbl_name = 'stay' AND sql IS NOT NULL ORDER BY type", &[])
            .and_then(|rows| rows.into_iter().map(|row| row.cells().take()).collect())
            .unwrap();
        assert_eq!(there.len(), 2, "{there:?}");
        assert!(there.iter().any(|made| made.starts_with("stay_who CREATE INDEX stay_who ON stay (who)")));
        assert!(there.iter().any(|made| made.starts_with("stay ") && made.ends_with("WITHOUT ROWID")));
        assert!(
            sql.execute_batch("INSERT INTO stay VALUES (3, 'x', NULL)").is_err(),
            "there is no such place"
        );
        assert!(sql.execute_batch("INSERT INTO stay VALUES (1, 'กัญญา', NULL)").is_err(), "she stays there");
        assert_eq!(Lent(&mut sql).tables().unwrap(), ["place", "stay"]);
    }
}
