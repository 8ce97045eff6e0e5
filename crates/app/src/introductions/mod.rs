//! Introducing two members to each other (N4, S2, T4): one of them asks for it, somebody who knows both offers it, or
//! Saan finds it and says why. Both are asked apart from each other. Neither, and not who introduces them either,
//! learns whether somebody said no or nothing: an introduction closes at one time that is fixed when it begins. Those who
//! met say later whether it was worth it, and who introduced them is thanked.
//!
//! What others may call: [`lapse`] and [`draw_pairs`] for the worker, [`cards`], [`timeline`], [`panel`] and [`ROOM`] for the pages to which
//! features add, [`Pairs`] held by the program; [`ask_both`], [`ask`](ask_for) and [`put_answer`] for what was agreed to
//! elsewhere (demo).

mod actions;
pub mod api;
mod bringing;
mod choosing;
mod jobs;
mod near;
mod pages;
mod pairs;
mod parts;
mod proposing;
mod queries;
mod setting;
mod woven;

pub use actions::{
    Ask, IntroductionError, Offer, Passing, Verdict, Via, answer as put_answer, ask as ask_for, ask_both,
    offer as put_offer, pass_on as put_passing, say_worth as put_worth,
};
pub use bringing::draw_pairs;
pub use jobs::lapse;
pub use pages::{
    answer, ask, limits_submit, list, new_form, new_submit, not_these, offer_form, offer_submit, pair_again,
    pass_on, recorded_answer, show, worth,
};
pub use pairs::Pairs;
pub use parts::{REMINDERS, ROOM, cards, panel, timeline};
pub use queries::met;
