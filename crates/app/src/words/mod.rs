//! Room to write (S2, S3, C1): one short thread on a tie, an introduction, a referral, an offer or a need, for those
//! concerned and nobody else; and a word from the network's coordinators to all members, with how many it reached. No
//! general chat: what is said stands beside what it is about.
//!
//! What others may call: [`write`] and [`announce`] with a [`Draft`]; a feature gives its things a room by a [`crate::parts::Room`] in the router's `ROOMS`,
//! and links to `/words/{room}/{id}`.

mod actions;
pub mod api;
mod pages;
mod pictures;
mod queries;

pub use actions::{Draft, announce, write};
pub use pages::{cards, network, network_submit, open, picture, picture_submit, room, room_submit, undo};
