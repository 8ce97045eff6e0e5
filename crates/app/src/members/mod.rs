//! Who is here: persons, groups, organizations and networks as one kind of thing with the same rights (D1, S2, C3),
//! how to reach them, what they can, who acts for whom, and nobody shown before their consent is on record (D3).
//!
//! What others may call: [`enter`], [`change`], [`join`], [`record_consent`], [`refresh`], [`find`], [`names`], [`named`],
//! and [`Panel`] for a part of the member's page that belongs to another feature.

mod actions;
pub mod api;
mod context;
mod differences;
mod languages;
mod pages;
mod queries;

pub use actions::{Sketch, change, enter, join, leave, record_consent, refresh};
pub use context::context;
pub use pages::{Panel, change_form, change_submit, directory, new_form, new_submit, page, role_label};
pub use queries::{Card, Named, Profile, find, may_change, named, named_like, names, role_in};
