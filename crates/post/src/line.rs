//! LINE: a message to somebody who signed in by LINE, through the operator's own account there (LINE Messaging API,
//! `POST /v2/bot/message/push`). Every message carries a key by which LINE knows it again for a day
//! (`X-Line-Retry-Key`), so that one that may have been sent is sent again without arriving twice.

use serde::Deserialize;
use serde_json::json;
use store::{Micros, sessions};
use ureq::Agent;

use crate::peer::{self, Reach};
use crate::{Channel, Letter, Outcome, Parcel};

/// How messages leave by LINE. Off until a token is named.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LineSettings {
    /// The channel access token of the Messaging API channel, issued by LINE to the operator.
    pub token: String,
    /// The channel secret, with which LINE signs what it says by itself; without one that is not listened to.
    pub secret: String,
    /// The issuer of LINE Login. Its channel must belong to the same LINE provider as the Messaging API channel: only then
    /// do both know people by the same user id.
    pub issuer: String,
    /// Where the API is; another one in tests alone.
    pub api: String,
}

impl Default for LineSettings {
    fn default() -> Self {
        Self {
            token: String::new(),
            secret: String::new(),
            issuer: "https://access.line.me".to_owned(),
            api: "https://api.line.me".to_owned(),
        }
    }
}

impl std::fmt::Debug for LineSettings {
    // token and secret are for nobody's log
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineSettings").field("api", &self.api).finish_non_exhaustive()
    }
}

/// Why the settings cannot be used; one sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error("the token of LINE is empty or holds other signs than letters, digits and + / = . _ -")]
    Token,
    #[error("the address of LINE's API, {0:?}, does not begin with https://")]
    Api(String),
}

/// The channel `line`.
pub struct Line {
    settings: LineSettings,
    client: Agent,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Line").field(&self.settings).finish()
    }
}

/// Letters of one message; LINE takes 5,000 units of UTF-16.
const LONGEST: usize = 4800;

/// https, or this machine itself.
fn is_safe(url: &str) -> bool {
    url.starts_with("https://")
        || url.starts_with("http://127.0.0.1:")
        || url.starts_with("http://localhost:")
}

impl Line {
    /// Its word in the store.
    pub const WORD: &'static str = "line";

    /// From settings, without a connection.
    ///
    /// # Errors
    /// [`LineError`] names the setting that cannot be used.
    pub fn new(settings: &LineSettings) -> Result<Self, LineError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"+/=._-".contains(&b);
        if settings.token.is_empty() || !settings.token.bytes().all(plain) {
            return Err(LineError::Token);
        }
        if !is_safe(&settings.api) {
            return Err(LineError::Api(settings.api.clone()));
        }
        Ok(Self { settings: settings.clone(), client: peer::client(Reach::Anywhere) })
    }
}

/// A UUID that is the same for the same letter to the same person.
fn retry_key(parcel: &Parcel<'_>) -> String {
    let hash = sessions::hash(&format!("{} {}", parcel.letter.key, parcel.address));
    let mut out = String::new();
    for (n, digit) in hash.chars().take(32).enumerate() {
        if matches!(n, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        // a UUID of version 4 and its variant (RFC 9562 §5.4)
        out.push(match n {
            12 => '4',
            16 => 'a',
            _ => digit,
        });
    }
    out
}

/// The letter as one message of plain words; LINE makes links of addresses by itself.
fn text(letter: &Letter) -> String {
    let mut parts = vec![letter.subject.clone()];
    let single = letter.items.len() == 1;
    if letter.items.is_empty() {
        parts.extend(letter.paragraphs.iter().cloned());
    }
    for item in &letter.items {
        let mut lines = Vec::new();
        if !single {
            lines.push(format!("• {}", item.words));
        }
        lines.extend(item.link.iter().map(|link| link.url.clone()));
        parts.push(lines.join("\n"));
    }
    if let Some(link) = &letter.link {
        parts.push(format!("{}\n{}", link.label, link.url));
    }
    // why it came and how to stop it always stand at the end, whatever is cut
    let mut end = letter.footer.clone();
    if let Some(url) = &letter.unsubscribe {
        end = format!("{end}\n{url}");
    }
    let units = |text: &str| text.encode_utf16().count();
    let room = LONGEST.saturating_sub(units(&end));
    let mut out = String::new();
    let mut used = 0;
    for c in parts.join("\n\n").chars() {
        used += c.len_utf16();
        if used > room {
            out.push('…');
            break;
        }
        out.push(c);
    }
    if end.is_empty() { out } else { format!("{out}\n\n{end}") }
}

impl Channel for Line {
    fn word(&self) -> &'static str {
        Self::WORD
    }

    fn remembers(&self) -> i64 {
        // LINE knows a key for 24 hours
        23 * Micros::HOUR
    }

    fn send(&self, parcel: &Parcel<'_>) -> Outcome {
        let body = json!({
            "to": parcel.address,
            "messages": [{ "type": "text", "text": text(parcel.letter) }],
        });
        let sent = self
            .client
            .post(format!("{}/v2/bot/message/push", self.settings.api.trim_end_matches('/')))
            .header("authorization", format!("Bearer {}", self.settings.token))
            .header("content-type", "application/json")
            .header("x-line-retry-key", retry_key(parcel))
            .send(body.to_string());
        let answer = match sent {
            Ok(answer) => peer::read(answer),
            // whatever became of it, LINE knows the key
            Err(error) => match peer::failed(&error) {
                Outcome::Unknown(why) => return Outcome::Later(why),
                other => return other,
            },
        };
        let said = format!("{} {}", answer.status, answer.words);
        match answer.status {
            200 => Outcome::Accepted("200".to_owned()),
            // it was taken before
            409 => Outcome::Accepted(said),
            400 if answer.words.contains("'to'") || answer.words.contains("Failed to send") => {
                Outcome::NoSuchAddress(said)
            }
            // waiting would help nobody: the operator has to know
            429 if answer.words.contains("monthly limit") => {
                Outcome::Refused(format!("the LINE account's messages of this month are used up: {said}"))
            }
            401 | 403 => Outcome::Later(format!("LINE does not take the token: {said}")),
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
    fn a_key_is_a_uuid_and_the_same_for_the_same_letter() {
        let letter = Letter::new("a/b", "th", "x");
        let of = |address| retry_key(&Parcel { letter: &letter, address, now: Micros(0), expires_at: None });
        let key = of("U1");
        let lengths: Vec<usize> = key.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
        assert_eq!((of("U1"), of("U2") == key), (key, false));
    }

    #[test]
    fn however_long_it_is_the_way_to_stop_it_stays() {
        let mut letter = Letter::new("k", "th", "🧵".repeat(6000));
        letter.footer = "เพราะเลือกไว้".to_owned();
        letter.unsubscribe = Some("https://saan.example/notices/off/1".to_owned());
        let text = text(&letter);
        assert!(text.encode_utf16().count() <= 5000);
        assert!(text.ends_with("เพราะเลือกไว้\nhttps://saan.example/notices/off/1"));
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        let good = LineSettings { token: "abc+/=".to_owned(), ..LineSettings::default() };
        assert!(Line::new(&good).is_ok());
        assert_eq!(Line::new(&LineSettings::default()).unwrap_err(), LineError::Token);
        let broken = LineSettings { token: "a\r\nb".to_owned(), ..LineSettings::default() };
        assert_eq!(Line::new(&broken).unwrap_err(), LineError::Token);
        let clear = LineSettings { api: "http://api.line.me".to_owned(), ..good };
        assert!(matches!(Line::new(&clear), Err(LineError::Api(_))));
        assert!(!format!("{clear:?}").contains("abc"), "the token is in no log");
    }
}
