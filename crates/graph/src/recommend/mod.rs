//! Whom each actor would do well to meet: likely new ties, with the reasons that make up the score.
//!
//! No single measure foresees ties everywhere: in tight organizations nearly all new ties close a triangle, in open
//! ones half of them have no common contact. So many measures are weighed together, and a network weighs them by its
//! own past: what would have foreseen the ties that came? See `docs/recommend.md`.
//!
//! Ties count as undirected. The same history gives the same suggestions.

mod features;
mod fit;
mod history;
mod near;
mod protocol;
mod rank;
pub mod simulated;
mod snapshot;
mod trials;

pub use features::Cause;
pub use fit::{Backtest, Foresight};
pub use history::{Columns, History, HistoryError};
pub use protocol::{Measured, measure, measure_without};
pub use rank::{Recommender, Search, Suggestion, Term, Why};
