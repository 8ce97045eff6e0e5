//! When to be in touch again (S3, N2, N3, traps 11 and 19): each holder, a person or a group, keeps a rhythm toward each
//! other it is tied to. Any contact of any kind by whoever acts for either side moves it; an attempt without an answer
//! does not. Who is due is shown with the reason, and can be put off, handed to a colleague, or let go.
//!
//! What others may call: [`begin`] when two are tied, [`end`] when they are not any more, [`follow`] and [`count_anew`]
//! for contacts that were written or taken back, [`due`] for who is due and why, and for those who send reminders
//! [`REMINDERS`] and [`first_reminder`].

mod actions;
pub mod api;
mod due;
mod jobs;
mod pages;
mod queries;
mod reminders;
mod zone;

pub use actions::{
    Change, begin, change, count_all, count_anew, end, follow, forget, give_label, label, suggest,
};
pub use due::{Due, Kept, due, kept, of_holder, on_time_of, reason, to_prompt, warmth};
pub use jobs::{begin_missing, mark_prompts};
pub use pages::{
    cadence_submit, cards, care, days, default_submit, first_card, labels, labels_submit, next_submit, panel,
    settings, settle_submit, tie_labels_submit, zone_submit,
};
pub use reminders::{REMINDERS, first_reminder, prompted};
