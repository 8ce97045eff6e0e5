//! Web push: a word to a device, through the push service of its browser, which cannot read it (RFC 8030, 8291, 8292).

mod encryption;
mod vapid;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use store::{Micros, sessions};
use ureq::Agent;

pub use encryption::SealError;
pub use vapid::Vapid;

use crate::peer::{self, Answer, Reach};
use crate::{Channel, Letter, Outcome, Parcel};
use encryption::{Device, POINT, ROOM};

store::typed_id!(
    /// A device that takes pushes.
    SubscriptionId, "psh"
);

/// A way to one device, as its browser gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where the push service takes messages for it. Whoever knows it may try to send, so it is nobody else's.
    pub endpoint: String,
    /// The device's public key, base64url.
    pub p256dh: String,
    /// Its secret of authentication, base64url.
    pub auth: String,
}

fn octets(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default()
}

/// Longest address of a subscription that is taken.
const LONGEST: usize = 1000;

impl Subscription {
    /// Whether a message could be sent there: an address over https (or http of this machine, for tests of the page) and
    /// keys of the right length.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let plain = self.endpoint.bytes().all(|b| b.is_ascii_graphic());
        let keys = octets(&self.p256dh).len() == POINT && octets(&self.auth).len() == 16;
        plain && keys && self.endpoint.len() <= LONGEST && self.origin().is_some()
    }

    /// `https://host`, without what follows; none for an address of another kind.
    fn origin(&self) -> Option<String> {
        let (scheme, rest) = self.endpoint.split_once("://")?;
        let host =
            rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty() && !host.contains('@'))?;
        matches!(scheme, "https" | "http").then(|| format!("{scheme}://{host}"))
    }
}

/// What the page's script on the device is handed.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    title: &'a str,
    body: String,
    /// Where a tap leads.
    url: Option<&'a str>,
    /// Turns words of this kind off with one tap, and the words of the button.
    off: Option<(&'a str, &'a str)>,
    /// A second showing of the same letter takes the place of the first.
    tag: &'a str,
    lang: &'a str,
}

/// The channel `push`.
pub struct Push {
    vapid: Vapid,
    client: Agent,
    reach: Reach,
}

impl std::fmt::Debug for Push {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Push").field("vapid", &self.vapid).field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// Matters that a notification names; the rest stands in the list.
const MOST_LINES: usize = 4;

impl Push {
    /// Its word in the store.
    pub const WORD: &'static str = "push";

    /// With the key of this instance.
    #[must_use]
    pub fn new(vapid: Vapid) -> Self {
        Self { vapid, client: peer::client(Reach::Public), reach: Reach::Public }
    }

    /// For tests: push services on this machine are reached too, in clear.
    #[must_use]
    pub fn anywhere(vapid: Vapid) -> Self {
        Self { vapid, client: peer::client(Reach::Anywhere), reach: Reach::Anywhere }
    }

    fn request(&self, to: &Subscription, parcel: &Parcel<'_>) -> Result<Answer, Outcome> {
        let refused = |why: &str| Outcome::Refused(why.to_owned());
        let origin = to.origin().ok_or_else(|| Outcome::NoSuchAddress("this is no subscription".into()))?;
        let (key, auth) = (octets(&to.p256dh), octets(&to.auth));
        let device = Device { key: &key, auth: &auth };
        let message = encryption::seal(device, &words(parcel.letter)).map_err(|e| match e {
            SealError::Keys => Outcome::NoSuchAddress(e.to_string()),
            SealError::Long => Outcome::Refused(e.to_string()),
            SealError::Random => Outcome::Later(e.to_string()),
        })?;
        let authorization = self
            .vapid
            .authorization(&origin, parcel.now)
            .map_err(|_| Outcome::Later("the system gives no randomness".to_owned()))?;
        let left =
            parcel.expires_at.map_or(Micros::DAY, |end| end.0 - parcel.now.0).clamp(0, 28 * Micros::DAY);
        let answer = self
            .client
            .post(&to.endpoint)
            .header("authorization", authorization)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", (left / Micros::SECOND).to_string())
            .header("urgency", "normal")
            // the same letter, tried twice, waits there once (RFC 8030 §5.4)
            .header("topic", topic(&parcel.letter.key))
            .send(&message[..])
            .map_err(|error| match error {
                ureq::Error::BadUri(_) => refused("its address cannot be read"),
                other => peer::failed(&other),
            })?;
        Ok(peer::read(answer))
    }
}

/// At most 32 letters of the base64url alphabet that stand for a letter.
fn topic(key: &str) -> String {
    sessions::hash(key).chars().take(32).collect()
}

/// The message as JSON, cut to what fits.
fn words(letter: &Letter) -> Vec<u8> {
    let only = letter.items.first().filter(|_| letter.items.len() == 1);
    let mut lines: Vec<&str> = Vec::new();
    if only.is_none() {
        lines.extend(letter.items.iter().take(MOST_LINES).map(|item| item.words.as_str()));
        if letter.items.is_empty() {
            lines.extend(letter.paragraphs.iter().map(String::as_str));
        }
    }
    lines.push(&letter.footer);
    let link = only.and_then(|item| item.link.as_ref()).or(letter.link.as_ref());
    let tag = topic(&letter.key);
    let mut body = lines.join("\n");
    let mut title: String = letter.subject.chars().take(200).collect();
    loop {
        let shown = Shown {
            title: &title,
            body: body.clone(),
            url: link.map(|link| link.url.as_str()),
            off: letter.unsubscribe.as_deref().map(|url| (url, letter.stop.as_str())),
            tag: &tag,
            lang: &letter.lang,
        };
        let text = serde_json::to_vec(&shown).unwrap_or_default();
        if text.len() <= ROOM || (body.is_empty() && title.is_empty()) {
            return text;
        }
        // half as many letters until it fits
        let shorter = |text: &str| text.chars().take(text.chars().count() / 2).collect::<String>();
        if body.is_empty() {
            title = shorter(&title);
        } else {
            body = shorter(&body);
        }
    }
}

impl Channel for Push {
    fn word(&self) -> &'static str {
        Self::WORD
    }

    fn send(&self, parcel: &Parcel<'_>) -> Outcome {
        let Ok(to) = serde_json::from_str::<Subscription>(parcel.address) else {
            return Outcome::NoSuchAddress("this is no subscription".to_owned());
        };
        let answer = match self.request(&to, parcel) {
            Ok(answer) => answer,
            Err(outcome) => return outcome,
        };
        let said = format!("{} {}", answer.status, answer.words);
        match answer.status {
            200..300 => Outcome::Accepted(answer.status.to_string()),
            404 | 410 => Outcome::NoSuchAddress(said),
            429 | 500.. => match answer.retry_after {
                Some(seconds) => Outcome::NotBefore(said, seconds.clamp(0, 86_400) * Micros::SECOND),
                None => Outcome::Later(said),
            },
            _ => Outcome::Refused(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_is_an_address_and_two_keys() {
        let good = Subscription {
            endpoint: "https://push.example/abc".to_owned(),
            p256dh: URL_SAFE_NO_PAD.encode([4; 65]),
            auth: URL_SAFE_NO_PAD.encode([1; 16]),
        };
        assert!(good.is_usable());
        assert_eq!(good.origin().as_deref(), Some("https://push.example"));
        for endpoint in ["", "push.example", "ftp://push.example", "https://", "https://a@b/", "https://a b/"]
        {
            assert!(
                !Subscription { endpoint: endpoint.to_owned(), ..good.clone() }.is_usable(),
                "{endpoint}"
            );
        }
        assert!(
            !Subscription { endpoint: format!("https://a/{}", "x".repeat(1000)), ..good.clone() }.is_usable()
        );
        assert!(!Subscription { auth: "AAAA".to_owned(), ..good.clone() }.is_usable());
        assert!(!Subscription { p256dh: "ไทย".to_owned(), ..good }.is_usable());
    }

    #[test]
    fn whatever_a_letter_says_it_fits() {
        let mut letter = Letter::new("k", "th", "ก".repeat(5000));
        letter.footer = "ข".repeat(5000);
        assert!(words(&letter).len() <= ROOM);
        letter.items =
            vec![crate::Item { words: "\u{1}".repeat(4000), why: String::new(), link: None, off: None }; 9];
        let text = words(&letter);
        assert!(text.len() <= ROOM);
        let read: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(read["lang"], "th");
    }
}
