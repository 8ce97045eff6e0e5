//! Networks of actors and ties: measuring them, foreseeing ties, and finding the introductions that help.
//!
//! Names and definitions are those of social network analysis; each function names its source. [`Graph`] is an
//! immutable snapshot that every measure reads; [`read`] makes one from CSV files.

mod csr;
mod network;
pub mod read;

pub use csr::Csr;
pub use network::{Builder, Direction, Dropped, Graph, TieError};
