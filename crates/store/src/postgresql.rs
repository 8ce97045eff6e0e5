//! PostgreSQL: a pool of connections; no session state, so that a transaction pooler and replicas serve.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::io::Write as _;

use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::database::{Connection, Engine, PATIENCE};
use crate::pool::Pool;
use crate::tls::Way;
use crate::{Error, Row, Value};

/// Whoever reads a small table from end to end collides with all who write to it, so an index is asked even for that
/// (PostgreSQL manual, *Serializable Isolation Level*); the price put on going without must not call for compiling.
const BEGIN_WRITING: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off; SET LOCAL jit = off";

pub struct Postgres {
    connections: Pool<Session>,
    way: Way,
}

struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    pub fn open(url: &str, connections: usize) -> Result<Self, Error> {
        let way = Way::read(url)?;
        let mut idle = Vec::new();
        for _ in 0..connections.max(1) {
            idle.push(connect(&way)?);
        }
        Ok(Self { connections: Pool::new(idle), way })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, Error>) -> Result<T, Error> {
        let mut session = self.connections.take(PATIENCE)?;
        if session.client.is_closed() {
            // the server was restarted: a fresh connection, the same pool
            *session = connect(&self.way)?;
        }
        work(&mut session)
    }
}

impl Drop for Postgres {
    /// Connections close on a thread of their own: closing one waits, and who drops the store last may be a task that
    /// must not.
    fn drop(&mut self) {
        let connections = std::mem::replace(&mut self.connections, Pool::new(Vec::new()));
        let _ = std::thread::spawn(move || drop(connections)).join();
    }
}

fn connect(way: &Way) -> Result<Session, Error> {
    let client = match &way.tls {
        Some(tls) => Client::connect(&way.url, tls.clone()),
        None => Client::connect(&way.url, NoTls),
    };
    let mut client = client.map_err(|e| Error::Open(sentence(&e)))?;
    let encoding: String = client
        .query_one("SHOW server_encoding", &[])
        .and_then(|row| row.try_get(0))
        .map_err(|e| Error::Open(sentence(&e)))?;
    if encoding != "UTF8" {
        return Err(Error::Open(format!("the database is encoded in {encoding}; Saan needs UTF8")));
    }
    Ok(Session { client, prepared: HashMap::new() })
}

/// The server's own words stand behind the error, not in it.
fn sentence(error: &postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn sql_error(error: postgres::Error) -> Error {
    let Some(code) = error.code() else { return Error::Fault(sentence(&error)) };
    if *code == SqlState::UNIQUE_VIOLATION {
        let constraint = error.as_db_error().and_then(|e| e.constraint()).unwrap_or_default();
        return Error::Taken(constraint.to_owned());
    }
    // out of room for what serializable transactions have read (max_pred_locks_per_transaction) passes when others end
    if [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::OUT_OF_MEMORY,
    ]
    .contains(code)
    {
        return Error::Busy;
    }
    Error::Fault(sentence(&error))
}

impl Engine for Postgres {
    fn read(
        &self,
        snapshot: bool,
        work: &mut dyn FnMut(&mut dyn Connection) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.with(|session| {
            if !snapshot {
                return work(session);
            }
            session
                .client
                .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .map_err(sql_error)?;
            let result = work(session);
            session.client.batch_execute("ROLLBACK").map_err(sql_error)?;
            result
        })
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Connection) -> Result<bool, Error>) -> Result<(), Error> {
        self.with(|session| {
            session.client.batch_execute(BEGIN_WRITING).map_err(sql_error)?;
            match work(session) {
                Ok(true) => session.client.batch_execute("COMMIT").map_err(|error| {
                    let error = sql_error(error);
                    let _ = session.client.batch_execute("ROLLBACK");
                    error
                }),
                Ok(false) => session.client.batch_execute("ROLLBACK").map_err(sql_error),
                Err(error) => {
                    let _ = session.client.batch_execute("ROLLBACK");
                    Err(error)
                }
            }
        })
    }

    fn name(&self) -> &'static str {
        "postgresql"
    }
}

impl Session {
    fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(sql_error)?;
        if self.prepared.len() >= 512 {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn borrowed(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// PostgreSQL takes 65,535 parameters a statement; fewer keep the plan small.
const PARAMETERS_A_STATEMENT: usize = 8_000;

/// So many rows are worth a COPY, which spares the server a statement per 500 rows but costs two more round trips.
const WORTH_COPYING: usize = 100;
/// Bytes handed over at once.
const COPIED_AT_ONCE: usize = 1 << 20;

/// Writes rows with COPY in its text form (PostgreSQL manual, *COPY*, "Text Format").
fn copy(client: &mut Client, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<u64, Error> {
    let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut writer = client.copy_in(&sql).map_err(sql_error)?;
    let broken = |e: std::io::Error| Error::Fault(format!("COPY {table}: {e}"));
    let mut text = String::with_capacity(COPIED_AT_ONCE + 1024);
    for row in rows {
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                text.push('\t');
            }
            copied(value, &mut text);
        }
        text.push('\n');
        if text.len() >= COPIED_AT_ONCE {
            writer.write_all(text.as_bytes()).map_err(broken)?;
            text.clear();
        }
    }
    writer.write_all(text.as_bytes()).map_err(broken)?;
    writer.finish().map_err(sql_error)
}

/// One value as COPY reads it.
fn copied(value: &Value, out: &mut String) {
    // writing into a String never fails
    let _ = match value {
        Value::Null => write!(out, "\\N"),
        Value::Int(n) => write!(out, "{n}"),
        Value::Real(x) => write!(out, "{x:?}"),
        Value::Bool(b) => write!(out, "{}", if *b { 't' } else { 'f' }),
        Value::Text(text) => {
            for c in text.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    _ => out.push(c),
                }
            }
            Ok(())
        }
        Value::Bytes(bytes) => {
            out.push_str("\\\\x");
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
    };
}

impl Connection for Session {
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        let rows = self.client.query(&statement, &borrowed(parameters)).map_err(sql_error)?;
        rows.iter().map(values).collect()
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        if parameters.is_empty()
            && (sql.starts_with("CREATE") || sql.starts_with("ALTER") || sql.starts_with("DROP"))
        {
            self.client.batch_execute(sql).map_err(sql_error)?;
            return Ok(0);
        }
        let statement = self.statement(sql)?;
        self.client.execute(&statement, &borrowed(parameters)).map_err(sql_error)
    }

    fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
        tail: &str,
    ) -> Result<u64, Error> {
        if tail.is_empty() && rows.len() >= WORTH_COPYING {
            return copy(&mut self.client, table, columns, rows);
        }
        let width = columns.len().max(1);
        let mut count = 0;
        for chunk in rows.chunks((PARAMETERS_A_STATEMENT / width).clamp(1, 500)) {
            let marks: Vec<String> = (0..chunk.len())
                .map(|row| {
                    let row: Vec<String> = (1..=width).map(|n| format!("${}", row * width + n)).collect();
                    format!("({})", row.join(", "))
                })
                .collect();
            let sql =
                format!("INSERT INTO {table} ({}) VALUES {} {tail}", columns.join(", "), marks.join(", "));
            let flat: Vec<Value> = chunk.iter().flatten().cloned().collect();
            count += self.execute(&sql, &flat)?;
        }
        Ok(count)
    }

    fn tables(&mut self) -> Result<Vec<String>, Error> {
        let rows = self.query(
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() \
             ORDER BY table_name",
            &[],
        )?;
        rows.into_iter().map(|row| row.cells().take()).collect()
    }

    fn columns(&mut self, table: &str) -> Result<Vec<(String, String)>, Error> {
        let rows = self.query(
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            &[Value::Text(table.to_owned())],
        )?;
        rows.into_iter().map(crate::value::column).collect()
    }
}

fn values(row: &postgres::Row) -> Result<Row, Error> {
    let mut cells = Vec::with_capacity(row.len());
    for (i, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i).map(|v| v.map(Value::Int)),
            Type::INT4 => row.try_get::<_, Option<i32>>(i).map(|v| v.map(|n| Value::Int(i64::from(n)))),
            Type::FLOAT8 => row.try_get::<_, Option<f64>>(i).map(|v| v.map(Value::Real)),
            Type::BOOL => row.try_get::<_, Option<bool>>(i).map(|v| v.map(Value::Bool)),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i).map(|v| v.map(Value::Bytes)),
            _ => row.try_get::<_, Option<String>>(i).map(|v| v.map(Value::Text)),
        };
        cells.push(value.map_err(sql_error)?.unwrap_or(Value::Null));
    }
    Ok(Row(cells))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(n) => match *ty {
                Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
                #[expect(clippy::cast_precision_loss, reason = "a whole number for a real column")]
                Type::FLOAT8 => (*n as f64).to_sql(ty, out),
                _ => n.to_sql(ty, out),
            },
            Self::Real(x) => x.to_sql(ty, out),
            Self::Bool(b) => b.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::FLOAT8
                | Type::BOOL
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::BYTEA
                | Type::UNKNOWN
        )
    }

    to_sql_checked!();
}
