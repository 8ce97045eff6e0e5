//! Bringing in what a coordinator has, and taking everything out again (traps 3, 4, 6–8, 13–15, 20): files are planned
//! by `formats::intake`, shown, and written all or nothing once a person says so; a whole import can be undone, and two
//! members that are one can be made one and parted again.
//!
//! What others may call: [`known`] and [`bring_in`] for the command line.

mod actions;
mod batch;
mod columns;
mod export;
mod pages;
mod personal;
mod queries;

pub use actions::{Brought, bring_in, undo};
pub use export::{Format, LEFT_OUT, TAKEN, gather, write};
pub use pages::{confirm, decide, duplicates, preview, start, take_out, undo_merge, undo_submit, upload};
pub use personal::{Api as PersonalApi, mine, show as api_mine, take_mine};
pub use queries::known;
pub use queries::leaving::member_named;
pub use queries::personal::{NOT_PERSONAL, PERSONAL};
