//! The program as a browser meets it, without a browser: requests in, pages and JSON out. One binary for all features.

mod introductions;
mod members;
mod site;
mod ties;
mod transfer;
