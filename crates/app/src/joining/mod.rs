//! Coming in: sign-up, sign-in, invitations, acting for others, consent (D1, D3, T3).
//!
//! What others may call: [`open_account`].

mod actions;
mod pages;
mod passwords;
mod queries;

pub use actions::open_account;
pub use pages::{act_as, language, me, sign_in, sign_in_submit, sign_out};
pub use queries::{any_account, operator};
