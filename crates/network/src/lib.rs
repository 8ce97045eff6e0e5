//! The seed's theory as types and pure functions: who is who, what they may, how ties live.
//!
//! *Invariant:* no input or output, no async, no clock and no randomness but what is handed in.

pub mod exchange;
pub mod expectation;
pub mod growth;
pub mod introduction;
pub mod promise;
pub mod referral;
pub mod resource;
pub mod rhythm;
pub mod rights;
pub mod share;
pub mod strength;
pub mod telling;
pub mod vocabulary;
pub mod vouching;
