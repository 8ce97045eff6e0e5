//! What is mine to do now, and why: at most seven cards (N3, S3). Empty is a good state and says so.

pub mod api;
mod pages;
mod queries;

pub use pages::page;
