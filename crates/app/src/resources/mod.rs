//! Things, places, vehicles and experts to share (O3, E6, N7): who has what, whether it is lent, and booking it from
//! when until when. Two never have it at once: that is decided in the database, under the lock of what is booked.
//!
//! A booking is asked for, agreed to, handed over and returned with its condition; what was lent becomes an exchange
//! that the borrower confirms. Beside it stand the gaps: what is needed that nobody has, and what one alone has, told
//! to the coordinators and kindly to that one.
//!
//! What others may call: [`put`] with a [`Draft`], [`book`], [`step`] (demo), [`panel`], [`cards`], [`days`],
//! [`remind`] for the worker.

mod actions;
pub mod api;
mod jobs;
mod pages;
mod parts;
mod queries;

pub use actions::{BookingError, Draft, Step, Wanted, book, put, step};
pub use jobs::remind;
pub use pages::{
    act, answer, book as book_page, booking, change_form, change_submit, gaps, gone, list, new_form,
    new_submit, panel, show,
};
pub use parts::{cards, days};

store::typed_id!(
    /// Something that can be shared.
    ResourceId, "res"
);
store::typed_id!(
    /// Somebody's use of it for a while.
    BookingId, "bok"
);
