//! What coordinators look after (D3, D5): who asks to join, what members brought to their attention, who has which
//! role, how people come in. Rights are network::rights' table; the operator's technical rights are no part of it.

mod actions;
pub mod api;
mod pages;
mod queries;

pub use pages::{
    accept, applications, concerns, decide_letter, decline, index, joining_submit, letters, panel, remove,
    role_submit, settle,
};
