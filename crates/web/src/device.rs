//! What a device that keeps pages and forms is told, and what it says of itself (assets/worker.js).
//!
//! Every answer to somebody signed in carries a mark of whom it was made for: under it the device keeps the page, and with
//! it sends what waited. A form that was kept for one person is refused in the name of another.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use store::Micros;
use store::sessions::{self, Session};

/// Whom an answer was made for; on a request, in whose name it is meant.
pub const FOR: HeaderName = HeaderName::from_static("saan-for");
/// For how many seconds a form waited on the device before it was sent.
const KEPT: HeaderName = HeaderName::from_static("saan-kept");

/// A form waits no longer than this.
const LONGEST: i64 = 30 * 86_400;

/// The mark of an account speaking for a member. It says nothing of either to whoever does not know both.
#[must_use]
pub fn mark(session: &Session) -> Option<HeaderValue> {
    let hash = sessions::hash(&format!("device {} {}", session.account, session.acting_as));
    HeaderValue::from_str(hash.get(..24)?).ok()
}

/// Whether a request is meant in the name of whoever sends it; most say nothing of it.
#[must_use]
pub fn is_meant_for(headers: &HeaderMap, session: Option<&Session>) -> bool {
    headers.get(FOR).is_none_or(|meant| session.and_then(mark).is_some_and(|own| own == *meant))
}

/// How long ago a form was filled in, in microseconds; 0 for one that did not wait.
#[must_use]
pub fn waited(headers: &HeaderMap) -> i64 {
    let seconds = headers.get(KEPT).and_then(|value| value.to_str().ok()?.parse::<i64>().ok()).unwrap_or(0);
    seconds.clamp(0, LONGEST) * Micros::SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_believed_within_reason() {
        let of =
            |value: &'static str| waited(&HeaderMap::from_iter([(KEPT, HeaderValue::from_static(value))]));
        assert_eq!(of("90"), 90 * Micros::SECOND);
        assert_eq!(of("-5"), 0);
        assert_eq!(of("x"), 0);
        assert_eq!(of("99999999999"), 30 * Micros::DAY);
        assert_eq!(waited(&HeaderMap::new()), 0);
        assert!(is_meant_for(&HeaderMap::new(), None));
        assert!(!is_meant_for(&HeaderMap::from_iter([(FOR, HeaderValue::from_static("x"))]), None));
    }
}
