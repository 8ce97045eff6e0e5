//! What somebody shows to be let in, other than a password: a passkey of their device (W3C Web Authentication Level 2), or
//! another service's word on who they are (OpenID Connect Core 1.0, LINE Login).
//!
//! Pure rules: no store, no pages, no clock but what is handed in. Signatures are checked by `ring`, which the program holds
//! already for TLS; docs/decisions/0003-credentials.md says why no larger library is used.

mod cbor;
mod keys;
pub mod passkey;
pub mod provider;

pub use keys::{Algorithm, PublicKey};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes as base64url without padding, as browsers and tokens write them.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Back from [`encode`].
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec()
}

/// Random bytes, so many.
///
/// # Errors
/// When the system gives none.
pub fn random(count: usize) -> Result<Vec<u8>, Refused> {
    use ring::rand::SecureRandom as _;
    let mut bytes = vec![0; count];
    ring::rand::SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Refused("the system gives no randomness"))?;
    Ok(bytes)
}

/// Why somebody is not let in: one sentence for the log, nothing of what was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub &'static str);
