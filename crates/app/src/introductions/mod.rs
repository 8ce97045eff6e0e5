//! Introducing two members to each other, in its first form (N4, S2, T4): a coordinator sees the pairs that could help
//! each other most and why, and asks both. Neither learns whether the other said no or nothing.
//!
//! What others may call: [`asked_of`], [`lapse`]; [`ask_both`] and [`put_answer`] for what was agreed to elsewhere
//! (demo).

mod actions;
pub mod api;
mod jobs;
mod pages;
mod queries;

pub use actions::{answer as put_answer, ask as ask_both};
pub use jobs::lapse;
pub use pages::{answer, ask, list, recorded_answer};
pub use queries::{Asked, asked_of};

/// After both agreed, the two and who introduced them write to each other; before that nobody knows of anybody.
pub const ROOM: crate::parts::Room = crate::parts::Room {
    word: "introduction",
    id: |text| text.parse::<store::ids::IntroductionId>().ok().map(|id| id.0),
    address: |id| format!("/introductions/{}", store::ids::IntroductionId(id)),
    concerned: |r, id| queries::concerned(r, store::ids::IntroductionId(id)),
};
