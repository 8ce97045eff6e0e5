//! What members can give and what they need: the board of both, what fits and why, one tap to help or to ask, and help
//! for the modest who say "I have nothing to give" (S2, T1, T4, E5, O5).
//!
//! The need of a *person* about illness or care, children, violence, debt or legal trouble is seen by themselves and
//! the one coordinator they chose unless they choose otherwise, and what concerns children or violence is never proposed by
//! itself ([`rules`]). Nothing is deleted: what is withdrawn, met or over can be taken up again.
//!
//! What others may call: [`post`] with a [`Draft`] (import, demo), [`put_reply`] and [`close_met`] for what became of
//! it (demo), [`find_reply`] and [`put_answer`] for what a reply becomes (promises), [`same`] to find one that was posted before,
//! [`Pools`] for what fits (introductions, today), [`panel`] on the member's page, [`expire`] for the worker.

mod actions;
pub mod api;
mod jobs;
mod learned;
mod pages;
mod pools;
mod queries;
mod rules;

pub use actions::{
    Agreement, Draft, answer as put_answer, confidant, entrust_anew, may_post, met as close_met, post,
    reply as put_reply, same,
};
pub use api::{
    Api, create as api_create, fits as api_fits, list as api_list, reply as api_reply, show as api_show,
};
pub use jobs::expire;
pub use pages::{
    Panel, answer, board, change_form, change_submit, chips, met, new_form, new_submit, panel, renew, reopen,
    reply, show, withdraw,
};
pub use pools::{Fit, Fits, Pools, today};
pub use queries::{Card, Reply, find as find_card, find_reply, proposable};
pub use rules::{guesses, is_never_proposed, is_restricted, text_key, title};

store::typed_id!(
    /// "I can help" on a need, "I would like this" on an offer.
    ReplyId, "rep"
);

/// The owner and whoever was accepted write to each other on an offer or need.
pub const ROOM: crate::parts::Room = crate::parts::Room {
    word: "intent",
    id: |text| text.parse::<store::ids::IntentId>().ok().map(|id| id.0),
    address: |id| format!("/giving/{}", store::ids::IntentId(id)),
    concerned: |r, id| queries::concerned(r, store::ids::IntentId(id)),
};
