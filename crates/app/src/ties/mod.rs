//! One tie for every pair of members: person and person, person and group, group and group (L1–L3, S3, E7). It is
//! proposed with what I offer, what I ask and what good it does; the other side accepts, or lets it lapse. A no looks
//! like silence. Contacts are logged on any pair; gatherings that were brought in show on the members' pages.
//!
//! What others may call: [`propose`] with a [`Draft`], [`bind`] for a tie that both sides agreed to elsewhere, [`log`]
//! and [`follow`] for contacts, [`waiting_for`], [`to_call`], [`panel`].
//!
//! **The timeline of a tie** shows whatever happened between two members. A feature that knows of such things writes a
//! function of the type [`crate::parts::Timeline`] and stands in the router's `TIMELINES`; [`timeline`] is the one of the
//! contacts. What was given and received is best logged as a contact with [`ContactOrigin::Exchange`], because then it
//! moves the rhythm of both as well.

use store::ids::TieId;

use crate::parts::Room;

mod actions;
pub mod api;
mod jobs;
mod pages;
mod queries;

pub use actions::{
    Bound, ContactDraft, ContactOrigin, Draft, SaidBy, TieError, Words, begin_rhythm, between_whom, bind,
    count_anew, follow, log, propose,
};
pub use jobs::lapse;
pub use pages::{
    answer, between, contact, detail_form, detail_submit, end_submit, log_form, log_submit, mine, new_form,
    new_submit, note_submit, outcome_label, panel, recorded_answer, relation_label, rule_submit, show,
    timeline, undo,
};
pub use queries::{ToCall, Waiting, gains, stewards_asked, to_call, waiting_for};

/// The two who are tied write to each other on their tie.
pub const ROOM: Room = Room {
    word: "tie",
    id: |text| text.parse::<TieId>().ok().map(|id| id.0),
    address: |id| format!("/ties/{}", TieId(id)),
    concerned: |r, id| queries::ends(r, TieId(id)),
};
