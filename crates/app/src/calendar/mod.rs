//! One's days in one's own calendar (S3, S4): a secret address that a calendar program reads, with the next contacts and
//! whatever else other features put there; without names where one wants that; revoked in one tap. And one's contacts
//! as cards for the phone's address book.
//!
//! The next contact is one task or one whole day without a rule of repetition, because no rule can follow the last
//! contact (RFC 5545 §3.6.2, §3.8.2.3). A rhythm has no property of its own in vCard; `X-SAAN-CADENCE` carries it.

mod files;
mod pages;
mod queries;

pub use pages::{cards_file, feed, make, page, revoke};
