//! Bringing in what a coordinator has, and taking everything out again (traps 3, 4, 6–8, 13–15, 20): files are planned
//! by `formats::intake`, shown, and written all or nothing once a person says so; a whole import can be undone, and two
//! members that are one can be made one and parted again.
//!
//! What others may call: [`known`] and [`bring_in`] for the command line.

mod actions;
pub mod api;
mod batch;
mod columns;
mod export;
mod pages;
mod personal;
mod queries;

pub use actions::{Brought, bring_in, undo};
pub use export::{Format, LEFT_OUT, TAKEN, columns_of, gather, write};
pub use pages::{
    confirm, decide, duplicates, mine, preview, start, take_mine, take_out, undo_merge, undo_submit, upload,
};
pub use queries::known;
pub use queries::leaving::member_named;
pub use queries::personal::{NOT_PERSONAL, PERSONAL};

store::typed_id!(
    /// Two members that may be one.
    PairId, "dup"
);
store::typed_id!(
    /// Two members that were made one.
    MergeId, "mrg"
);
