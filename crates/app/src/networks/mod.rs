//! The network: what it is for, who is in it, how it came to be (D2, D4, F1–F3); its charter, goals and decisions come
//! with their chapters. A network is a member of kind network.
//!
//! What others may call: [`found`], [`found_by_name`], [`take_over`].

mod actions;
pub mod api;
mod pages;
mod queries;

pub use actions::{Founding, found, take_over};
pub use pages::{edit_form, edit_submit, page};
pub use queries::{Size, found_by_name};
