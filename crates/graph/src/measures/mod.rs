//! Every measure by its name, over one network: what is shared between measures is found once, when first asked for.
//!
//! Networks too large for an exact value in reasonable time get an approximate one with its error, unless exactness
//! is asked for. Large networks are renumbered first so that neighbors lie near in memory.

mod analysis;
mod names;
mod of_groups;
mod of_network;
mod value;

pub use analysis::{Analysis, Exactness, Trait};
pub use names::{MEASURES, Measure, Needs, named};
pub use value::{Approximation, Outcome, Value};
