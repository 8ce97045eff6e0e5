//! What pages stand on: the page and its layout, who asks, forms, errors as pages and as JSON, texts, assets.
//!
//! *Invariant:* `web` knows no feature. What features share on the way from a request to a page is here, and HTTP
//! stands only here, in `saan`, and in the `pages.rs` and `api.rs` of features.

pub mod again;
pub mod asker;
pub mod assets;
pub mod cookies;
pub mod device;
mod fields;
pub mod guard;
mod house;
mod page;
pub mod paging;
mod problem;
mod runs;
mod texts;

pub use asker::Asker;
pub use fields::{Fields, Form};
pub use house::{House, Setup, on_a_thread};
pub use page::{Page, Place};
pub use problem::Problem;
pub use texts::Texts;
pub use thai::Lang;

use axum::response::Response;

/// What every handler answers.
pub type Answer = Result<Response, Problem>;

/// Sends the browser on with GET, as after every form that was done.
#[must_use]
pub fn see_other(to: &str) -> Response {
    use axum::response::IntoResponse as _;
    axum::response::Redirect::to(to).into_response()
}
