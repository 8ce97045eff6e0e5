//! The address LINE calls by itself: who blocked the operator's account is not written to there any more, and finds in their
//! settings that messages do not arrive.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use post::Unheard;
use store::Acting;
use store::journal::{Act, Entry};
use web::Problem;

use crate::App;

/// `POST /notices/line`: signed by LINE, or not heeded.
///
/// # Errors
/// 404 where the instance does not listen, 403 for another signature, 400 for what cannot be read.
pub async fn line(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    let webhook = app.webhook.as_ref().ok_or_else(Problem::not_found)?;
    let signature = headers.get("x-line-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = webhook.read(signature, &body).map_err(|unheard| match unheard {
        Unheard::Unsigned => Problem::forbidden(),
        Unheard::Unread => Problem::invalid("events"),
    })?;
    app.house
        .write(&Acting::system("line"), move |w| {
            for one in &said {
                if let Some(person) = post::heed(w, one)? {
                    let act = if one.reachable { "notices.line_again" } else { "notices.line_blocked" };
                    w.record(&Entry::new(Act::Do, act, person.0))?;
                }
            }
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::OK)
}
