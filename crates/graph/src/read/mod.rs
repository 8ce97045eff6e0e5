//! Networks from CSV: a table of ties (`source,target` and optionally `weight`, `time`) and a table of actors (`id`,
//! then columns of their traits). Actors without ties exist only in the second, so it is read first.
//!
//! UTF-8 with or without a byte order mark, any line ends, fields quoted or not (RFC 4180). Rows stream through a
//! buffer of bounded size; an error names the file, the line, the column and what was expected there.

mod actors;
mod error;
mod ids;
mod records;
mod ties;

pub use actors::{Actors, Column, actors, actors_from};
pub use error::{Problem, ReadError};
pub use ids::Ids;
pub use ties::{Ties, Times, ties, ties_from};
