//! What a member is told, in one list in the page (traps 1, 18); e-mail and push follow with the weaving chapter.
//!
//! What others may call: [`tell`].

mod queries;

pub use queries::tell;
