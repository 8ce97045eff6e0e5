//! One field everywhere, over everything the person may see (members, offers, needs), in Thai and English.
//!
//! Text is analyzed once, when it is written: features hand it to [`note`] in the transaction that wrote it, and the
//! index follows.

mod actions;

pub use actions::{Noted, forget, note};
