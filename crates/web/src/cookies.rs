//! The two cookies there are: who is signed in, and which language was chosen.

use axum::http::{HeaderMap, HeaderValue, header};

pub const SESSION: &str = "saan_session";
pub const LANGUAGE: &str = "saan_lang";

/// The value of a cookie.
#[must_use]
pub fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// A `Set-Cookie` value; Secure wherever the browser came over https. An empty value deletes the cookie.
#[must_use]
pub fn set(name: &str, value: &str, seconds: i64, origin: &str) -> Option<HeaderValue> {
    let secure = if origin.starts_with("https://") { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    ))
    .ok()
}
