//! The program as a browser meets it, without a browser: requests in, pages and JSON out. One binary for all features.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test whose premise fails has failed"
)]

mod accounts;
mod api;
mod assisted;
mod channels;
mod columns;
mod contact_log;
mod doors;
mod erasure;
mod exchanges;
mod giving;
mod groups;
mod hostile;
mod introducing;
mod introductions;
mod inviting;
mod joining;
mod leaks;
mod lifting;
mod members;
mod merging;
mod midway;
mod notices;
mod pairing;
mod parity;
mod places;
mod policy;
mod promises;
mod providers;
mod races;
mod records;
mod referrals;
mod reminding;
mod resources;
mod resting;
mod rhythm;
mod rings;
mod rooms;
mod search;
mod silence;
mod site;
mod soundness;
mod ties;
mod timeline;
mod transfer;
mod traps;
mod words;
