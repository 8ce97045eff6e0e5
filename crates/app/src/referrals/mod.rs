//! A need, a question or a person is referred to a member who can act; the sender always sees where it is, passing on
//! keeps the trail, and what is overdue comes to the coordinator (B2, S4, N5). A person's details move only after they
//! agreed, and a letter made for printing carries a QR code to the state of it.
//!
//! What others may call: [`refer`] with a [`Draft`], [`overdue`]; [`cards`], [`timeline`], [`days`] and [`ROOM`] for the
//! pages to which features add.

mod actions;
pub mod api;
mod jobs;
mod pages;
mod parts;
mod queries;

pub use actions::{Draft, ReferralError, Subject, refer, step};
pub use jobs::overdue;
pub use pages::{
    consent, feedback, letter, list, new_form, new_submit, pass_on, public_state, show, take_step,
};
pub use parts::{ROOM, cards, days, panel, timeline};

store::typed_id!(
    /// A need, a question or a person passed to a member who can act.
    ReferralId, "ref"
);
