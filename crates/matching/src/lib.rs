//! Needs with offers: which category a text speaks of, which offers meet a need and why, in Thai and English.
//!
//! A library of its own. It knows no clock, files or randomness but what it is handed: the same input gives the same
//! answer.
//!
//! - [`Taxonomy`]: what help can be about; codes are frozen.
//! - [`Categorizer`]: text to category, calibrated, silent when unsure.
//! - [`Intent`]: an offer or a need. [`Pool`]: all of them, and the questions asked of them. [`Situation`]: the day,
//!   the ties and the weights of one question. [`Proposal`] and [`Why`]: the answer with its reasons; [`Distant`]: on
//!   the matter, but out of reach.
//!
//! - [`learn`], [`explore`], [`fair`], [`floor`]: what an instance may add around the answer, each a pure
//!   function of what it is handed, chance included.
//!
//! Feasibility and score only: caps, turns and the rules that protect people belong to the features that ask.

pub mod categorizer;
pub mod concepts;
pub mod explore;
pub mod fair;
pub mod feasibility;
pub mod features;
pub mod floor;
pub mod intent;
pub mod learn;
pub mod lines;
mod measure;
pub mod model;
pub mod pool;
mod reading;
pub mod rings;
pub mod score;
mod shelf;
pub mod taxonomy;
#[cfg(test)]
mod test_dice;
pub mod text;
pub mod ties;
pub mod training;
pub mod why;

pub use categorizer::{Categorizer, Guess};
pub use feasibility::obstacle;
pub use intent::{ActorKey, Area, Day, Intent, IntentKey, Mode, OwnerKind, Reach, Record, Side, Window};
pub use pool::{Distant, Found, Pool, Proposal, Situation};
pub use rings::{Ring, Step};
pub use score::{Measures, Weights};
pub use taxonomy::{Category, CategoryId, Domain, Taxonomy};
pub use ties::{Acquaintance, Ties};
pub use why::{Cause, Detail, Obstacle, Why};
