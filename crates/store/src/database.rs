use std::time::Duration;

use crate::foresight::{Course, Foresight};
use crate::ids::IdSource;
use crate::postgresql::Postgres;
use crate::sqlite::Sqlite;
use crate::{Acting, Backend, Clock, Done, Error, Micros, Reading, Row, Settings, Value, Viewer, Writing};

/// How long a request waits for a connection or for the one writer before it gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How often a write that lost a race is tried again, the first included: eight who write at once to small tables of
/// PostgreSQL, where one reads all of a table, lost six times too often.
const TRIES: usize = 16;

/// A statement and what stands behind its `$1`.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    pub sql: &'a str,
    pub parameters: &'a [Value],
}

/// What both databases do.
pub trait Connection {
    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error>;
    /// Whether several statements sent together cost less than one after the other.
    fn pipelines(&self) -> bool {
        false
    }
    /// The answers to several statements, each for itself, in their order.
    fn query_together(&mut self, asked: &[Asking<'_>]) -> Result<Vec<Result<Vec<Row>, Error>>, Error> {
        Ok(asked.iter().map(|one| self.query(one.sql, one.parameters)).collect())
    }
    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error>;
    /// Writes rows of as many values as there are columns, as fast as this database can.
    fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
        tail: &str,
    ) -> Result<u64, Error>;
    /// From now on keeps the rows of a table that nothing refers to in the order of its primary key, and only there;
    /// nothing to do where the database has no such thing.
    fn keep_by_key(&mut self, _table: &str, _key: &[String]) -> Result<(), Error> {
        Ok(())
    }
    /// The tables of ours, sorted by name.
    fn tables(&mut self) -> Result<Vec<String>, Error>;
    /// The columns of a table in their order, each with its type: `bigint`, `text`, `double`, `boolean` or `bytes`.
    fn columns(&mut self, table: &str) -> Result<Vec<(String, String)>, Error>;
}

pub(crate) trait Engine: Send + Sync {
    /// Runs `work` on a connection that reads; `snapshot`: all statements see one state.
    fn read(
        &self,
        snapshot: bool,
        work: &mut dyn FnMut(&mut dyn Connection) -> Result<(), Error>,
    ) -> Result<(), Error>;
    /// Runs `work` in one transaction; commits if it answers true, else rolls back.
    fn write(&self, work: &mut dyn FnMut(&mut dyn Connection) -> Result<bool, Error>) -> Result<(), Error>;
    /// `sqlite` or `postgresql`.
    fn name(&self) -> &'static str;
}

/// The store. Cheap to share behind an `Arc`; every method may be called from any thread and blocks it.
pub struct Database {
    engine: Box<dyn Engine>,
    clock: Clock,
    ids: IdSource,
    readers: usize,
    foresight: Foresight,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("engine", &self.engine.name()).finish_non_exhaustive()
    }
}

/// Counts the openings of this store, so that the ids of two processes differ.
fn next_node(connection: &mut dyn Connection) -> Result<i64, Error> {
    connection.execute(
        "INSERT INTO opening (name, count) VALUES ('node', 1) ON CONFLICT (name) DO UPDATE SET count = opening.count + 1",
        &[],
    )?;
    let rows = connection.query("SELECT count FROM opening WHERE name = 'node'", &[])?;
    rows.into_iter().next().map_or(Ok(0), |row| row.cells().take())
}

impl Database {
    /// Opens the store, makes it where it does not exist and brings it up to date.
    ///
    /// # Errors
    /// [`Error::Open`] when the folder or server cannot be used.
    pub fn open(settings: &Settings) -> Result<Self, Error> {
        let engine: Box<dyn Engine> = match &settings.backend {
            Backend::Folder(path) => Box::new(Sqlite::folder(path, settings.readers, settings.waiting)?),
            Backend::Memory => Box::new(Sqlite::temporary(settings.readers)?),
            Backend::PostgreSql(url) => Box::new(Postgres::open(url, settings.readers)?),
        };
        let now = settings.clock.now();
        let mut node = 0;
        let mut tries = 0;
        // several processes may open a store at once: whoever loses the race finds it migrated
        while let Err(error) = engine.write(&mut |connection| {
            crate::migrations::apply(connection, now)?;
            node = next_node(connection)?;
            Ok(true)
        }) {
            tries += 1;
            if tries == TRIES || !matches!(error, Error::Busy | Error::Taken(_)) {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(50 * tries as u64));
        }
        let ids = IdSource::for_node(node);
        Ok(Self {
            engine,
            clock: settings.clock.clone(),
            ids,
            readers: settings.readers.max(1),
            foresight: Foresight::default(),
        })
    }

    /// How many read at the same time.
    #[must_use]
    pub const fn readers(&self) -> usize {
        self.readers
    }

    /// How many write at the same time: one in SQLite; in PostgreSQL few, since most of what is written at once to one
    /// network collides and is tried again.
    #[must_use]
    pub fn writers(&self) -> usize {
        if self.backend() == "sqlite" { 1 } else { (self.readers / 4).max(1) }
    }

    /// `sqlite` or `postgresql`.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        self.engine.name()
    }

    /// Now, by the clock this store was opened with.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// The clock this store was opened with.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A fresh id outside any transaction, for what is named before it is written.
    pub fn new_id(&self) -> i64 {
        self.ids.next(self.clock.now())
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// The database's own, when it does not.
    pub fn answers(&self) -> Result<(), Error> {
        self.read(&Viewer::System("healthz"), |r| r.one::<i64>("SELECT 1", &[]).map(|_| ()))
    }

    /// Reads as this viewer. Each statement sees a state of its own; see [`Self::snapshot`].
    ///
    /// # Errors
    /// Whatever the closure answers, or the database's own.
    pub fn read<T, E: From<Error>>(
        &self,
        viewer: &Viewer,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.reading(viewer, false, work)
    }

    /// Reads as this viewer, all statements on one state of the store: for exports and backups.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn snapshot<T, E: From<Error>>(
        &self,
        viewer: &Viewer,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.reading(viewer, true, work)
    }

    fn reading<T, E: From<Error>>(
        &self,
        viewer: &Viewer,
        snapshot: bool,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut answer = None;
        let mut work = Some(work);
        let now = self.clock.now();
        self.engine.read(snapshot, &mut |connection| {
            if let Some(work) = work.take() {
                let course =
                    self.course(connection, std::any::type_name_of_val(&work), viewer, now, snapshot);
                answer = Some(work(&Reading::new(connection, viewer, now, course)));
            }
            Ok(())
        })?;
        answer.unwrap_or_else(|| Err(Error::Fault("the read did not run".to_owned()).into()))
    }

    /// What the closure of this name is about to ask, where it pays to know.
    fn course(
        &self,
        connection: &dyn Connection,
        closure: &'static str,
        viewer: &Viewer,
        now: Micros,
        transaction: bool,
    ) -> Option<Course> {
        connection.pipelines().then(|| self.foresight.begin(closure, viewer, now, transaction))
    }

    /// Writes as this one acts: one transaction, committed only when the closure answers [`Done`], which takes a
    /// journal entry to make. A lost race calls the closure again, so it changes nothing but the store.
    ///
    /// # Errors
    /// Whatever the closure answers (nothing is written then), or the database's own.
    pub fn write<T, E: From<Error>>(
        &self,
        acting: &Acting,
        mut work: impl FnMut(&mut Writing<'_>) -> Result<Done<T>, E>,
    ) -> Result<T, E> {
        let key = acting.key.clone().zip(acting.viewer.account());
        self.transaction(acting, std::any::type_name_of_val(&work), |w| {
            let value = work(w).map(Done::into_inner)?;
            if let Some((key, account)) = &key {
                crate::idempotency::commit(w, *account, key)?;
            }
            Ok(value)
        })
    }

    /// Writes that say nothing about anybody's content: when a session was last seen, the state of a job, a cache.
    /// They leave no journal row; everything else goes through [`Self::write`].
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn bookkeeping<T, E: From<Error>>(
        &self,
        reason: &'static str,
        work: impl FnMut(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transaction(&Acting::system(reason), std::any::type_name_of_val(&work), work)
    }

    fn transaction<T, E: From<Error>>(
        &self,
        acting: &Acting,
        closure: &'static str,
        mut work: impl FnMut(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut answer: Option<Result<T, E>> = None;
            let now = self.clock.now();
            let outcome = self.engine.write(&mut |connection| {
                let course = self.course(connection, closure, &acting.viewer, now, true);
                let mut writing = Writing::new(connection, acting, now, &self.ids, course);
                let result = work(&mut writing);
                let lost_race = writing.lost_race();
                if lost_race {
                    return Err(Error::Busy);
                }
                let commit = result.is_ok();
                answer = Some(result);
                Ok(commit)
            });
            match outcome {
                Ok(()) => {
                    return answer
                        .unwrap_or_else(|| Err(Error::Fault("the write did not run".to_owned()).into()));
                }
                Err(error) if error.worth_another_try() && tries < TRIES => {
                    // a short, growing, slightly random pause lets the other side finish
                    let spread = u64::try_from(self.new_id() >> 2 & 7).unwrap_or(0);
                    std::thread::sleep(Duration::from_millis(
                        u64::try_from(tries).unwrap_or(1) * (3 + spread),
                    ));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
