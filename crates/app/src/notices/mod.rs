//! Being told at the right time (N3, T3, traps 1 and 18): one list of what concerns you, newest first, each line leading to
//! where something can be done about it, and letters about it, by e-mail, on a device or by LINE, at once, daily or weekly, as
//! each member chose for a person, a tie, a group or everything. Every letter says why it came and turns that off in one
//! tap; a failed one changes nothing. On a locked screen nothing is named unless its owner allowed it.
//!
//! What others may call: [`tell`] in the transaction in which it happened, and [`told`] to say a thing once;
//! [`begin_letters`] where an address is proved; [`write_letters`] by the clock; [`panel`] on a member's page.

mod actions;
pub mod api;
mod hours;
mod jobs;
mod letters;
mod pages;
mod queries;

pub use actions::{begin_letters, tell, told};
pub use jobs::{Outside, write_letters};
pub use pages::{
    about_submit, line, off, off_submit, open, page, panel, read_all, remove_choice, settings,
    settings_submit, subscribe, unsubscribe,
};

store::typed_id!(
    /// One line of the list.
    NoticeId, "not"
);
