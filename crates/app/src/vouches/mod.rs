//! Standing up for each other (S2, C2, trap 5): after help or work together one tap and one sentence say what somebody
//! is good at. It is dated, fades after two years, is never counted into a score, and shows only where the network
//! itself reaches the one who says it: accounts that only vouch for each other gain nothing.
//!
//! What others may call: [`panel`], [`shown`] for what counts of a member.

mod actions;
pub mod api;
mod pages;
mod queries;

pub use actions::{VouchError, vouch};
pub use pages::{panel, submit, undo};
pub use queries::{Vouch, shown};
