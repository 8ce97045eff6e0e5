//! One tie for every pair of members: person and person, person and group, group and group (L1–L3, S3, E7). It is
//! proposed with what I offer, what I ask and what good it does; the other side accepts, or lets it lapse. A no looks
//! like silence. Contacts are logged on any pair; gatherings that were brought in show on the members' pages.
//!
//! What others may call: [`propose`] with a [`Draft`], [`bind`] for a tie that both sides agreed to elsewhere, [`log`],
//! [`waiting_for`], [`to_call`], [`panel`].

mod actions;
pub mod api;
mod jobs;
mod pages;
mod queries;

pub use actions::{Bound, ContactDraft, Draft, TieError, bind, log, propose};
pub use jobs::lapse;
pub use pages::{
    answer, log_form, log_submit, mine, new_form, new_submit, panel, recorded_answer, relation_label, show,
};
pub use queries::{ToCall, Waiting, to_call, waiting_for};
