//! What happened that concerns you: one list, newest first, each line leading to where something can be done about it.
//!
//! What others may call: [`tell`] in the transaction in which it happened, and [`told`] to say a thing once.

mod actions;
pub mod api;
mod pages;
mod queries;

pub use actions::{tell, told};
pub use pages::{open, page, read_all};

store::typed_id!(
    /// One line of the list.
    NoticeId, "not"
);
