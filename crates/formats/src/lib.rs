//! Bytes to plain structs and back: workbooks, delimited text, vCard, iCalendar, and the network formats.
//!
//! Readers take what people really have: Thai code pages, folds that cut a letter in two, dates in the Buddhist
//! era, merged cells, formulas without results. They never panic, never hold more than a bounded amount, and either
//! give everything they could read or refuse the file in one sentence ([`Refusal`]). [`intake`] makes of what was
//! read the plan of an import; nothing here knows a database.

pub mod content_lines;
pub mod delimited;
pub mod detect;
pub mod encoding;
pub mod export;
pub mod icalendar;
pub mod intake;
pub mod refusal;
pub mod table;
pub mod vcard;
pub mod xlsx;

pub use refusal::Refusal;
