//! Reading and writing: one façade over SQLite (the default, one file in a folder) and PostgreSQL.
//!
//! A feature never holds the database. It is handed a [`Reading`] (the database as one [`Viewer`] may see it) or a
//! [`Writing`] (the same and one transaction, which can only be finished with a [`journal::Entry`]). Both are closures
//! run to their end on the calling thread: there is no await inside a transaction because there is nothing to await.
//!
//! ```
//! # use store::{Database, Settings, Viewer, params};
//! # fn main() -> Result<(), store::Error> {
//! let db = Database::open(&Settings::in_memory())?;
//! let tables: i64 = db.read(&Viewer::System("example"), |r| {
//!     r.one("SELECT COUNT(*) FROM actor WHERE kind = $1", params!["person"])
//! })?;
//! assert_eq!(tables, 0);
//! # Ok(()) }
//! ```
//!
//! *Invariant:* SQL stands only here and in the `queries.rs` of features. One dialect, one migration tree and the same
//! tests serve both databases; docs/decisions/0001-database.md says why and what was measured.

pub mod audience;
pub mod clock;
pub mod dump;
mod foresight;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod journal;
mod migrations;
mod pool;
mod postgresql;
mod reading;
pub mod sessions;
mod settings;
pub mod soundness;
mod sqlite;
mod tls;
pub mod value;
mod viewer;

mod database;
mod error;

#[doc(hidden)]
pub use serde as __serde;

pub use clock::{Clock, Micros};
pub use database::Database;
pub use error::Error;
pub use reading::{Done, Reading, Writing};
pub use settings::{Backend, Settings};
pub use value::{Cells, FromCell, FromRow, Row, ToValue, Value, listed};
pub use viewer::{Acting, Through, Viewer};
