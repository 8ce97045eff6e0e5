//! The features of Saan, one folder each: the rules, the SQL, the pages, the API and the texts of a feature stand
//! together, in files named alike everywhere.
//!
//! *Invariant:* a feature reaches another only through that one's `mod.rs`.

pub mod administration;
pub mod calendar;
pub mod dates;
pub mod exchanges;
pub mod giving;
pub mod introductions;
pub mod joining;
pub mod members;
pub mod networks;
pub mod notices;
pub mod offline;
pub mod promises;
pub mod referrals;
pub mod resources;
pub mod rhythm;
pub mod search;
pub mod ties;
pub mod today;
pub mod transfer;
pub mod vouches;
pub mod words;

mod allowed;
mod figures;
mod following;
mod gatherings;
mod once;
pub mod parts;
pub mod places;
mod qr;
pub mod signs;
mod texts;

pub use allowed::allowed;
pub(crate) use allowed::weaver;
pub use figures::Figures;
pub use once::{once, once_for};
pub use texts::Texts;

use axum::extract::FromRef;
use web::House;

/// What every handler is given.
#[derive(Debug, Clone)]
pub struct App {
    pub house: House,
    /// Parts of the member's page that belong to other features, in their order.
    pub panels: &'static [members::Panel],
    /// What else stands in today's cards, on a tie's timeline and in the calendar, and where there is room to write.
    pub cards: &'static [parts::Cards],
    pub timelines: &'static [parts::Timeline],
    pub days: &'static [parts::Days],
    pub rooms: &'static [parts::Room],
    /// Parts of the page of an offer or need that belong to other features, in their order.
    pub intent_panels: &'static [giving::Panel],
    pub search: search::Engine,
    pub pools: giving::Pools,
    pub pairs: introductions::Pairs,
    pub sizes: Figures<networks::Size>,
    pub growth: Figures<joining::Grown>,
    /// Services whose word on who somebody is opens accounts.
    pub providers: joining::Providers,
    /// What LINE says by itself, where it is listened to.
    pub webhook: Option<std::sync::Arc<post::Webhook>>,
}

impl FromRef<App> for House {
    fn from_ref(app: &App) -> Self {
        app.house.clone()
    }
}
