//! Networks of actors and ties: measuring them, foreseeing ties, and finding the introductions that help.
//!
//! Names and definitions are those of social network analysis; each function names its source. [`Graph`] is an
//! immutable snapshot that every measure reads; [`read`] makes one from CSV files.

pub mod betweenness;
mod bound;
pub mod communities;
pub mod components;
pub mod core_periphery;
pub mod cores;
mod csr;
pub mod cuts;
pub mod degrees;
pub mod distances;
pub mod dyads;
pub mod eigenvector;
pub mod groups;
pub mod holes;
pub mod krackhardt;
pub mod layout;
pub mod measures;
mod network;
pub mod order;
pub mod pagerank;
mod random;
pub mod read;
pub mod recommend;
pub mod removal;
pub mod respondents;
mod slices;
pub mod strengthen;
pub mod traits;
pub mod triads;
pub mod triangles;
mod waves;

pub use bound::Bound;
pub use csr::Csr;
pub use network::{Builder, Direction, Dropped, Graph, TieError};
