//! Coming in and going: sign-up by invitation, sign-in, slips for people without e-mail, consent, acting for others,
//! settings, leaving and taking everything along (D1, D3, D5, D6, T3, trap 4).
//!
//! What others may call: [`open_account`], [`open_account_hashed`], [`add_steward`], [`setup_secret`], [`set_up`],
//! [`hash_password`], [`arrive`], [`bring`], [`answer_resets`], [`forget_old`], [`Providers`] and [`panel`].

mod actions;
pub mod api;
mod pages;
mod passwords;
mod queries;

pub use actions::email::answer_resets;
pub use actions::invitations::{Arrival, arrive, bring};
pub use actions::providers::Providers;
pub use actions::settings::add_steward;
pub use actions::setup::{First, set_up, setup_secret};
pub use actions::{forget_old, hash_password, open_account, open_account_hashed};
pub use pages::*;
pub use queries::{any_account, operator};
