//! What members gave each other and what good it did (E3, E5, E7, N7, T2, C5): a kept promise, or anything else one
//! gave, is confirmed by the receiver in one tap, with the kinds of benefit, thanks in words, and "it helped".
//!
//! Each side is asked apart whether they could have done it alone; the answers are shown to nobody. Giving and
//! receiving are counted by kind, without a currency and without comparing people: what leans to one side is told to
//! those concerned alone, with a step to even it. What each hopes for is asked on joining and twice a year. A
//! confirmed exchange is a touch for the rhythm of the tie.
//!
//! What others may call: [`record`] and [`record_thanked`] with a [`Draft`] (resources, demo), [`thank`],
//! [`put_hope`], [`put_level`] (demo), [`hopes_due`], [`cards`], [`timeline`], [`panel`].

mod actions;
pub mod api;
mod pages;
mod parts;
mod queries;
mod whole;

pub use actions::{Draft, ExchangeError, Readers, put_hope, put_level, record, record_thanked, thank};
pub use pages::{
    benefit_label, confirm as confirm_page, dispute, gained, helped, hopes_form, hopes_submit, kept, kept_of,
    mine, network, new_form, new_submit, panel, show, thanks,
};
pub use parts::{cards, timeline};
pub use queries::{Exchange, HopesAsked, hopes_due};

store::typed_id!(
    /// What happened between a giver and a receiver.
    ExchangeId, "exc"
);
store::typed_id!(
    /// Thanks in words.
    AppreciationId, "thx"
);
