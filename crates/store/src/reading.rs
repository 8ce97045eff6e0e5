use std::cell::{Cell, RefCell};
use std::ops::Deref;

use crate::database::Connection;
use crate::foresight::Course;
use crate::ids::IdSource;
use crate::{Acting, Cells, Error, FromRow, Micros, Row, Value, Viewer, jobs, journal};

/// The database as one viewer may see it.
pub struct Reading<'a> {
    connection: RefCell<&'a mut dyn Connection>,
    viewer: &'a Viewer,
    now: Micros,
    lost_race: Cell<bool>,
    /// What was asked before and what the answer was; a write, which changes what it reads, remembers nothing.
    remembered: Option<RefCell<Vec<Asked>>>,
    /// What is fetched before it is asked, where a journey to the database is worth sparing.
    course: Option<Course>,
}

/// A question and its answer, kept for as long as one reads.
struct Asked {
    sql: String,
    parameters: Vec<Value>,
    rows: Vec<Row>,
}

/// The parts of one page often ask the same small thing (what somebody is called, which role they have): so many
/// different questions are kept, and none with more rows than this.
const REMEMBERED: usize = 64;
const REMEMBERED_ROWS: usize = 8;

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("viewer", self.viewer).finish_non_exhaustive()
    }
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        connection: &'a mut dyn Connection,
        viewer: &'a Viewer,
        now: Micros,
        course: Option<Course>,
    ) -> Self {
        let remembered = Some(RefCell::new(Vec::new()));
        let lost_race = Cell::new(false);
        Self { connection: RefCell::new(connection), viewer, now, lost_race, remembered, course }
    }

    /// Who asks.
    #[must_use]
    pub const fn viewer(&self) -> &Viewer {
        self.viewer
    }

    /// When this read or write began.
    #[must_use]
    pub const fn now(&self) -> Micros {
        self.now
    }

    fn with<T>(&self, work: impl FnOnce(&mut dyn Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self
            .connection
            .try_borrow_mut()
            .map_err(|_| Error::Fault("a query inside a query".to_owned()))?;
        let result = work(&mut **connection);
        if matches!(result, Err(Error::Busy)) {
            // remembered, because the feature's own error type may hide it from the retry
            self.lost_race.set(true);
        }
        result
    }

    /// The rows of a statement; what was asked in this read before is answered as it was then.
    fn rows(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let ask = || {
            self.with(|connection| match &self.course {
                Some(course) => course.rows(connection, sql, parameters),
                None => connection.query(sql, parameters),
            })
        };
        let Some(remembered) = &self.remembered else { return ask() };
        let known = remembered
            .borrow()
            .iter()
            .find(|asked| asked.sql == sql && asked.parameters == parameters)
            .map(|asked| asked.rows.clone());
        if let Some(rows) = known {
            return Ok(rows);
        }
        let rows = ask()?;
        let mut remembered = remembered.borrow_mut();
        if rows.len() <= REMEMBERED_ROWS && remembered.len() < REMEMBERED {
            remembered.push(Asked {
                sql: sql.to_owned(),
                parameters: parameters.to_vec(),
                rows: rows.clone(),
            });
        }
        Ok(rows)
    }

    /// All rows. Within one read the same question has one answer.
    ///
    /// # Errors
    /// [`Error::Fault`] for a wrong statement or an unexpected column.
    pub fn all<T: FromRow>(&self, sql: &str, parameters: &[Value]) -> Result<Vec<T>, Error> {
        let rows = self.rows(sql, parameters)?;
        rows.into_iter().map(|row| T::from_row(&mut row.cells())).collect()
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub fn first<T: FromRow>(&self, sql: &str, parameters: &[Value]) -> Result<Option<T>, Error> {
        let rows = self.rows(sql, parameters)?;
        rows.into_iter().next().map(|row| T::from_row(&mut row.cells())).transpose()
    }

    /// The first row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none; as [`Self::all`].
    pub fn one<T: FromRow>(&self, sql: &str, parameters: &[Value]) -> Result<T, Error> {
        self.first(sql, parameters)?.ok_or(Error::NotFound)
    }

    /// The tables of the store, for export, backup and the tests that know every table.
    ///
    /// # Errors
    /// The database's own.
    pub fn tables(&self) -> Result<Vec<String>, Error> {
        self.with(|connection| connection.tables())
    }

    /// The columns of a table in order, each with its type: `bigint`, `text`, `double`, `boolean` or `bytes`.
    ///
    /// # Errors
    /// The database's own.
    pub fn columns(&self, table: &str) -> Result<Vec<(String, String)>, Error> {
        self.with(|connection| connection.columns(table))
    }
}

impl FromRow for Vec<Value> {
    fn from_row(cells: &mut Cells) -> Result<Self, Error> {
        Row::from_row(cells).map(Row::into_values)
    }
}

/// The database, one transaction, and who acts. Reads are those of [`Reading`].
pub struct Writing<'a> {
    reading: Reading<'a>,
    acting: &'a Acting,
    ids: &'a IdSource,
    changed: u64,
    journalled: u64,
}

impl std::fmt::Debug for Writing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writing").field("acting", self.acting).finish_non_exhaustive()
    }
}

impl<'a> Deref for Writing<'a> {
    type Target = Reading<'a>;
    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}

/// A finished write: there is no other way to one than through the journal.
#[must_use = "a write is committed only when its Done is handed back"]
#[derive(Debug)]
pub struct Done<T>(T);

impl<T> Done<T> {
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

impl<'a> Writing<'a> {
    pub(crate) fn new(
        connection: &'a mut dyn Connection,
        acting: &'a Acting,
        now: Micros,
        ids: &'a IdSource,
        course: Option<Course>,
    ) -> Self {
        let mut reading = Reading::new(connection, &acting.viewer, now, course);
        reading.remembered = None;
        Self { reading, acting, ids, changed: 0, journalled: 0 }
    }

    pub(crate) fn lost_race(&self) -> bool {
        self.reading.lost_race.get()
    }

    /// Who acts, by which door, for whom.
    #[must_use]
    pub const fn acting(&self) -> &Acting {
        self.acting
    }

    /// A fresh id.
    pub fn new_id(&self) -> i64 {
        self.ids.next(self.reading.now)
    }

    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// [`Error::Taken`] for a unique key in use, [`Error::Fault`] for a wrong statement.
    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        let count = self.changing(|connection| connection.execute(sql, parameters))?;
        self.changed += count;
        Ok(count)
    }

    /// As [`Self::execute`], for the program's own memory, which needs no journal.
    pub(crate) fn execute_uncounted(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        self.changing(|connection| connection.execute(sql, parameters))
    }

    fn changing<T>(&self, work: impl FnOnce(&mut dyn Connection) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(course) = &self.reading.course {
            course.change();
        }
        self.reading.with(work)
    }

    /// Inserts one row: the columns and their values stand side by side.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn insert(&mut self, table: &str, cells: &[(&str, Value)]) -> Result<(), Error> {
        let columns: Vec<&str> = cells.iter().map(|(column, _)| *column).collect();
        let row: Vec<Value> = cells.iter().map(|(_, value)| value.clone()).collect();
        self.insert_rows(table, &columns, &[row]).map(|_| ())
    }

    /// Inserts many rows, as fast as the database can.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn insert_rows(&mut self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.insert_rows_with(table, columns, rows, "")
    }

    /// As [`Self::insert_rows`] with a tail such as `ON CONFLICT DO NOTHING`.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn insert_rows_with(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
        tail: &str,
    ) -> Result<u64, Error> {
        let count = self.changing(|connection| connection.insert(table, columns, rows, tail))?;
        self.changed += count;
        Ok(count)
    }

    /// Changes exactly one row or says that it is not there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no row was changed; as [`Self::execute`].
    pub fn execute_one(&mut self, sql: &str, parameters: &[Value]) -> Result<(), Error> {
        if self.execute(sql, parameters)? == 0 { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Writes one journal entry and goes on: for a write that touches several objects.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn record(&mut self, entry: &journal::Entry) -> Result<(), Error> {
        self.journalled += 1;
        journal::write(self, entry)
    }

    /// Has work done after the commit, once: a second job with the same key is not made.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn enqueue(&mut self, job: &jobs::New) -> Result<(), Error> {
        jobs::enqueue(self, job)
    }

    /// Finishes the write with its journal entry.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn done<T>(&mut self, entry: &journal::Entry, value: T) -> Result<Done<T>, Error> {
        self.record(entry)?;
        Ok(Done(value))
    }

    /// Finishes a write whose entries were all recorded, or that found nothing to change (the second tap).
    ///
    /// # Errors
    /// [`Error::Fault`] if rows were changed and nothing was recorded.
    pub fn finished<T>(&self, value: T) -> Result<Done<T>, Error> {
        if self.changed > 0 && self.journalled == 0 {
            return Err(Error::Fault("a write without a journal entry".to_owned()));
        }
        Ok(Done(value))
    }
}
