//! Keeping one's word (C5, N7): who does what for whom, by when. A reply to a need or an offer becomes a promise in one
//! tap, any two members can promise each other something, and three who could give in a circle are found and asked.
//!
//! A member's own record of kept promises is theirs alone; the network's share is public from five people on. What a
//! kept promise brought stands in `exchanges`, which reaches back here; nothing here knows of it.
//!
//! What others may call: [`find`], [`side_of`], [`made`] and [`settle`] (exchanges, demo), [`due_for`] and
//! [`waiting_for`] (digests), [`network_record`], [`panel`], [`giving_panel`], [`cards`], [`timeline`], [`days`],
//! [`remind`] and [`lapse`] for the worker.

mod actions;
pub mod api;
mod jobs;
mod pages;
mod parts;
mod queries;
mod rings;

pub use actions::{Draft, PromiseError, made, settle, side_of};
pub use jobs::{lapse, remind};
pub use pages::{
    act, another_day, answer_ring, giving_panel, mine, new_form, new_submit, panel, propose_ring, reply,
    rings as rings_page, show, state_label,
};
pub use parts::{cards, days, timeline};
pub use queries::{Promise, due_for, find, network_record, waiting_for};

store::typed_id!(
    /// A promise.
    PromiseId, "prm"
);
store::typed_id!(
    /// A ring of giving.
    RingId, "rng"
);
