//! What LINE says by itself: that somebody blocked the operator's account, or is its friend again. Each call is signed with
//! the channel's secret (LINE Messaging API reference, *Webhooks*: `X-Line-Signature` is base64 of HMAC-SHA256 over the
//! body as it came).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde::Deserialize;
use store::Micros;

use crate::LineSettings;

/// Who may call, by the secret that only LINE and the operator have.
pub struct Webhook {
    issuer: String,
    secret: hmac::Key,
}

impl std::fmt::Debug for Webhook {
    // the secret is for nobody's log
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Whether messages to somebody arrive from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The name of the account here: the issuer of LINE Login and the user's id there.
    pub name: String,
    /// False for who blocked the account.
    pub reachable: bool,
    /// When it happened.
    pub at: Micros,
}

/// Why a call is not heeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// It is not signed with this secret.
    Unsigned,
    /// It is signed, and is no message of webhooks.
    Unread,
}

#[derive(Deserialize)]
struct Call {
    events: Vec<Happened>,
}

/// An event; of all kinds but two nothing is needed, and what is new there must not break these.
#[derive(Deserialize)]
struct Happened {
    #[serde(rename = "type")]
    kind: String,
    /// Milliseconds since 1970.
    timestamp: i64,
    source: Option<Source>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "userId")]
    user: Option<String>,
}

impl Webhook {
    /// From settings; none without a secret.
    #[must_use]
    pub fn of(settings: &LineSettings) -> Option<Self> {
        (!settings.secret.is_empty()).then(|| Self {
            issuer: settings.issuer.clone(),
            secret: hmac::Key::new(hmac::HMAC_SHA256, settings.secret.as_bytes()),
        })
    }

    /// Reads a call; what is no blocking and no becoming friends is left out.
    ///
    /// # Errors
    /// [`Unheard`] for who has not the secret, and for what cannot be read.
    pub fn read(&self, signature: &str, body: &[u8]) -> Result<Vec<Said>, Unheard> {
        let signature = STANDARD.decode(signature.trim()).map_err(|_| Unheard::Unsigned)?;
        hmac::verify(&self.secret, body, &signature).map_err(|_| Unheard::Unsigned)?;
        let call: Call = serde_json::from_slice(body).map_err(|_| Unheard::Unread)?;
        let said = |happened: Happened| {
            let reachable = match happened.kind.as_str() {
                "follow" => true,
                "unfollow" => false,
                _ => return None,
            };
            let user = happened.source?.user?;
            let at = Micros(happened.timestamp.saturating_mul(1000));
            Some(Said { name: format!("{} {user}", self.issuer), reachable, at })
        };
        Ok(call.events.into_iter().filter_map(said).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook() -> Webhook {
        let settings = LineSettings { secret: "the-secret".to_owned(), ..LineSettings::default() };
        Webhook::of(&settings).unwrap()
    }

    fn signed(body: &str) -> String {
        STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"the-secret"), body.as_bytes()))
    }

    #[test]
    fn only_what_is_signed_is_heard() {
        let body = r#"{"destination":"U0","events":[]}"#;
        // computed apart: printf '%s' BODY | openssl dgst -sha256 -hmac the-secret -binary | base64
        let signature = "ERcFlJh5QNgrzJGbU1lUK6p+5pH0Cn5ubAmylltYcEE=";
        assert_eq!(signed(body), signature);
        assert_eq!(
            hook().read(signature, body.as_bytes()),
            Ok(Vec::new()),
            "LINE tries the address with no events"
        );
        for wrong in ["", "AAAA", "not base64!", &signed("{}")] {
            assert_eq!(hook().read(wrong, body.as_bytes()), Err(Unheard::Unsigned), "{wrong}");
        }
        assert_eq!(hook().read(&signed("[]"), b"[]"), Err(Unheard::Unread));
        assert!(Webhook::of(&LineSettings::default()).is_none());
        assert!(!format!("{:?}", hook()).contains("the-secret"));
    }

    #[test]
    fn blocking_and_becoming_friends_are_read_and_all_else_left_out() {
        let body = r#"{"destination":"U0","events":[
            {"type":"unfollow","timestamp":1795323600123,"source":{"type":"user","userId":"Ua"},"mode":"active"},
            {"type":"message","timestamp":1,"source":{"type":"user","userId":"Ub"},"message":{"type":"text"}},
            {"type":"follow","timestamp":1795323601000,"source":{"type":"user","userId":"Uc"},"follow":{"isUnblocked":true}},
            {"type":"unfollow","timestamp":2,"source":{"type":"group","groupId":"C1"}},
            {"type":"something new","timestamp":3}]}"#;
        let said = hook().read(&signed(body), body.as_bytes()).unwrap();
        let name = |user: &str| format!("https://access.line.me {user}");
        let expected = [
            Said { name: name("Ua"), reachable: false, at: Micros(1_795_323_600_123_000) },
            Said { name: name("Uc"), reachable: true, at: Micros(1_795_323_601_000_000) },
        ];
        assert_eq!(said, expected);
    }
}
