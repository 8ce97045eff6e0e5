//! Without a signal (N3, T2, C5): Saan stands on the phone's first screen, shows each page as it was seen last, and keeps
//! what was entered — a contact, a promise that was kept, thanks — until it is sent, once. What waits is on a page of its
//! own and can be taken back. Whoever signs in next on the same phone sees nothing of it, and signing out throws it away.
//!
//! The work is done on the device, by `assets/worker.js`; here is its page, and what a phone asks before it puts us on its
//! first screen (W3C Web Application Manifest).

mod pages;

pub use pages::{manifest, page, worker};
