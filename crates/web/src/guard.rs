//! At the door: forms of other sites are turned away, and every answer carries its headers.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::Problem;

/// Scripts, styles and pictures come from here and nowhere else; nothing inline, no eval, no frames.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Refuses what another site makes a browser send (Sec-Fetch-Site, else Origin). Requests with an access token carry
/// no cookie to be abused.
pub async fn same_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || request.headers().contains_key(header::AUTHORIZATION) || from_here(request.headers()) {
        return next.run(request).await;
    }
    Problem::cross_site().into_response()
}

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        // "none": the person typed the address or opened a bookmark
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        // no browser sends a form without either; a program without cookies has nothing to lose
        (None, _) => !headers.contains_key(header::COOKIE),
        (Some(_), None) => false,
    }
}

/// An access token opens the API alone, and writes only with the scope `write`: a program that may read the board must
/// not be able to change a password.
pub async fn scopes(asker: crate::Asker, request: Request, next: Next) -> Response {
    if let Some(scopes) = &asker.scopes {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let wanted = if reads { "read" } else { "write" };
        let path = request.uri().path();
        if !path.starts_with("/api/") || !scopes.split_whitespace().any(|scope| scope == wanted) {
            return Problem::scope().into_response();
        }
    }
    next.run(request).await
}

/// The headers of every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // what a person may see is theirs alone; assets say otherwise themselves
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| ((*k).parse().unwrap(), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn a_form_of_another_site_is_turned_away() {
        assert!(from_here(&headers(&[("sec-fetch-site", "same-origin"), ("cookie", "x=1")])));
        assert!(!from_here(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!from_here(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(from_here(&headers(&[
            ("origin", "https://saan.example"),
            ("host", "saan.example"),
            ("cookie", "x=1")
        ])));
        assert!(!from_here(&headers(&[("origin", "https://evil.example"), ("host", "saan.example")])));
        assert!(!from_here(&headers(&[("origin", "null"), ("host", "saan.example")])));
        assert!(!from_here(&headers(&[("cookie", "saan_session=1")])));
    }
}
