//! One field everywhere, over everything the person may see (members, offers, needs), in Thai and English.
//!
//! Text is analyzed once, when it is written: features hand it to [`note`] in the transaction that wrote it, and the
//! index of every process follows. Who may see what is asked in the index and once more where the cards are read, so
//! what is hidden shows nowhere. A word is found letter by letter (ข้าว is never ข่าว) or by what it means (a category
//! named in either language); what finds nothing is answered with words that sound alike.
//!
//! What others may call: [`note`] (for many new ones [`Prepared`] and [`note_new`]), [`forget`], [`touch`] and [`Engine`].

mod actions;
mod analysis;
mod api;
mod engine;
mod pages;
mod queries;
mod soundness;

pub use actions::{MemberWords, Noted, Prepared, change_hands, forget, note, note_new, touch};
pub use api::{Api, list};
pub use engine::{Answer, Engine, Wanted};
pub use pages::page;
pub use soundness::faults;
