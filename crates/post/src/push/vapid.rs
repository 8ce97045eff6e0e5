//! Who sends: a key of this instance that push services know it by (RFC 8292, VAPID). Made at the first start and kept in
//! the store, its backup included: subscriptions are bound to it, and with another key every device would have to
//! subscribe again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use store::{Database, Error, Micros, Viewer};

use crate::queries;

/// How long one signed word holds; a day is the most that is allowed (RFC 8292 §2).
const LASTS: i64 = 12 * Micros::HOUR;

/// The key of this instance.
pub struct Vapid {
    keys: EcdsaKeyPair,
    /// `mailto:` or `https:`: whom a push service can ask.
    contact: String,
}

impl std::fmt::Debug for Vapid {
    // the private half is for nobody's log
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vapid").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl Vapid {
    /// The key that is kept, or a new one that is kept from now on. Of two processes that start at once one makes it.
    ///
    /// # Errors
    /// The database's own; [`Error::Fault`] when what is kept is no key.
    pub fn of(db: &Database, contact: &str) -> Result<Self, Error> {
        let kept = db.read(&Viewer::System("post"), queries::push::kept_key)?;
        let kept = match kept {
            Some(kept) => kept,
            None => {
                let new =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                        .map_err(|_| Error::Fault("the system gives no randomness".to_owned()))?;
                let new = URL_SAFE_NO_PAD.encode(new.as_ref());
                db.bookkeeping("post", |w| queries::push::keep_key(w, &new))?
            }
        };
        Self::read(&kept, contact)
    }

    fn read(kept: &str, contact: &str) -> Result<Self, Error> {
        let wrong = || Error::Fault("the key of web push cannot be read".to_owned());
        let document = URL_SAFE_NO_PAD.decode(kept).map_err(|_| wrong())?;
        let keys =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &SystemRandom::new())
                .map_err(|_| wrong())?;
        Ok(Self { keys, contact: contact.to_owned() })
    }

    /// The public half, as a browser wants it to subscribe.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.keys.public_key().as_ref())
    }

    /// The `Authorization` for a push service; `origin` is `https://host` of the subscription.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn authorization(&self, origin: &str, now: Micros) -> Result<String, Error> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(serde_json::json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(serde_json::json!({
            "aud": origin, "exp": now.plus(LASTS).0 / Micros::SECOND, "sub": self.contact,
        }));
        let text = format!("{head}.{claims}");
        let signature = self
            .keys
            .sign(&SystemRandom::new(), text.as_bytes())
            .map_err(|_| Error::Fault("the system gives no randomness".to_owned()))?;
        let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()));
        Ok(format!("vapid t={token}, k={}", self.public()))
    }
}
