//! PostgreSQL: a pool of connections; no session state that an answer hangs on, so that a transaction pooler and replicas
//! serve.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::future::Future;
use std::pin::pin;

use futures_util::SinkExt as _;
use futures_util::future::join_all;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

use crate::database::{Asking, Connection, Engine, PATIENCE};
use crate::pool::Pool;
use crate::tls::Way;
use crate::{Error, Row, Value};

/// Whoever reads a small table from end to end collides with all who write to it, so an index is asked even for that
/// (PostgreSQL manual, *Serializable Isolation Level*); the price put on going without must not call for compiling.
/// Said again with each transaction, since a pooler may hand it to another connection than [`ON_CONNECTING`] was told.
const BEGIN_WRITING: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off; SET LOCAL jit = off";

/// The plan of a prepared statement is kept until the server counts the table anew: what was planned while a table was
/// nearly empty reads it from end to end for a minute after it has begun to grow. Where these settings are lost (a pooler
/// hands another connection), nothing but speed is.
const ON_CONNECTING: &str = "SET enable_seqscan = off; SET jit = off";

pub struct Postgres {
    connections: Pool<Session>,
    way: Way,
}

/// A connection, and what drives it: only while somebody waits for an answer, on the thread that waits.
struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// What opens the transaction, sent along with its first statement.
    opening: Option<&'static str>,
    /// Whether a transaction was begun and not ended: somebody panicked in it.
    open: bool,
    // dropped last: the connection's own task lives in it
    runtime: Runtime,
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
        if session.open {
            session.end("ROLLBACK")?;
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
    let failed = |e: tokio_postgres::Error| Error::Open(sentence(&e));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::Open(e.to_string()))?;
    let client = runtime.block_on(async {
        let client = match &way.tls {
            Some(tls) => {
                let (client, connection) = tokio_postgres::connect(&way.url, tls.clone()).await?;
                tokio::spawn(closed_at_the_end(connection));
                client
            }
            None => {
                let (client, connection) = tokio_postgres::connect(&way.url, NoTls).await?;
                tokio::spawn(closed_at_the_end(connection));
                client
            }
        };
        Ok(client)
    });
    let client = client.map_err(failed)?;
    let mut session = Session { client, prepared: HashMap::new(), opening: None, open: false, runtime };
    let encoding: String = session.query("SHOW server_encoding", &[]).and_then(|rows| {
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        row.cells().take()
    })?;
    if encoding != "UTF8" {
        return Err(Error::Open(format!("the database is encoded in {encoding}; Saan needs UTF8")));
    }
    session.runtime.block_on(session.client.batch_execute(ON_CONNECTING)).map_err(failed)?;
    Ok(session)
}

/// Drives a connection; what ended it is told to whoever asks next.
async fn closed_at_the_end(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    let _ = connection.await;
}

/// The server's own words stand behind the error, not in it.
fn sentence(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn sql_error(error: tokio_postgres::Error) -> Error {
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
            session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            let result = work(session);
            session.end("ROLLBACK")?;
            result
        })
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn Connection) -> Result<bool, Error>) -> Result<(), Error> {
        self.with(|session| {
            session.begin(BEGIN_WRITING);
            match work(session) {
                Ok(true) => session.end("COMMIT").inspect_err(|_| {
                    let _ = session.end("ROLLBACK");
                }),
                Ok(false) => session.end("ROLLBACK"),
                Err(error) => {
                    let _ = session.end("ROLLBACK");
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
    /// Opens a transaction on the way to its first statement: one journey less.
    fn begin(&mut self, words: &'static str) {
        self.opening = Some(words);
        self.open = true;
    }

    /// Ends a transaction, if anything was asked in it.
    fn end(&mut self, words: &str) -> Result<(), Error> {
        self.open = false;
        if self.opening.take().is_some() {
            return Ok(());
        }
        self.runtime.block_on(self.client.batch_execute(words)).map_err(sql_error)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.runtime.block_on(self.client.prepare(sql)).map_err(sql_error)?;
        if self.prepared.len() >= 512 {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Waits for what was asked, after what opens the transaction where that is still to be said.
    fn after_opening<T>(
        &mut self,
        asked: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        let Self { client, opening, runtime, .. } = self;
        let outcome = match opening.take() {
            None => runtime.block_on(asked(client)),
            // polled in this order, which is the order of sending; nobody waits in between
            Some(words) => runtime.block_on(async {
                let (opened, answer) = futures_util::join!(client.batch_execute(words), asked(client));
                opened.and(answer)
            }),
        };
        outcome.map_err(sql_error)
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
async fn copy(
    client: &Client,
    table: &str,
    columns: &[&str],
    rows: &[Vec<Value>],
) -> Result<u64, tokio_postgres::Error> {
    let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut sink = pin!(client.copy_in::<_, bytes::Bytes>(&sql).await?);
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
            sink.send(std::mem::take(&mut text).into()).await?;
        }
    }
    sink.send(text.into()).await?;
    sink.finish().await
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
        let rows =
            self.after_opening(async |client| client.query(&statement, &borrowed(parameters)).await)?;
        rows.iter().map(values).collect()
    }

    fn pipelines(&self) -> bool {
        true
    }

    fn query_together(&mut self, asked: &[Asking<'_>]) -> Result<Vec<Result<Vec<Row>, Error>>, Error> {
        let mut statements = Vec::with_capacity(asked.len());
        for one in asked {
            statements.push((self.statement(one.sql)?, borrowed(one.parameters)));
        }
        // all are sent before the first is waited for; the server answers in the same order
        let answers = self.after_opening(async |client| {
            Ok(join_all(statements.iter().map(|(statement, parameters)| client.query(statement, parameters)))
                .await)
        })?;
        let read = |rows: Vec<tokio_postgres::Row>| rows.iter().map(values).collect();
        Ok(answers.into_iter().map(|answer| answer.map_err(sql_error).and_then(read)).collect())
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        if parameters.is_empty()
            && (sql.starts_with("CREATE") || sql.starts_with("ALTER") || sql.starts_with("DROP"))
        {
            self.after_opening(async |client| client.batch_execute(sql).await)?;
            return Ok(0);
        }
        let statement = self.statement(sql)?;
        self.after_opening(async |client| client.execute(&statement, &borrowed(parameters)).await)
    }

    fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
        tail: &str,
    ) -> Result<u64, Error> {
        if tail.is_empty() && rows.len() >= WORTH_COPYING {
            return self.after_opening(async |client| copy(client, table, columns, rows).await);
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

fn values(row: &tokio_postgres::Row) -> Result<Row, Error> {
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
