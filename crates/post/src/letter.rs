use serde::{Deserialize, Serialize};
use store::Micros;
use store::ids::ActorId;

use crate::push::SubscriptionId;

/// What is to be said, in the recipient's language, before any channel gave it a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The cause and the recipient, such as `introductions.asked/itr_…/mem_…`: a second letter with it is not written.
    pub key: String,
    /// `th` or `en`.
    pub lang: String,
    /// One line; breaks become spaces.
    pub subject: String,
    /// Plain text; a channel escapes what its medium wants escaped.
    pub paragraphs: Vec<String>,
    /// Several matters, one after the other.
    #[serde(default)]
    pub items: Vec<Item>,
    /// The one thing to do, as a button or a line of its own.
    pub link: Option<Link>,
    /// Why this was sent and how to stop it, in small print.
    pub footer: String,
    /// Takes a POST without signing in and ends letters of this kind (RFC 8058).
    pub unsubscribe: Option<String>,
    /// The words of a button that does so, where a channel has one.
    #[serde(default)]
    pub stop: String,
    /// Not before this moment; at once without it.
    #[serde(skip)]
    pub not_before: Option<Micros>,
    /// How long it is worth sending, in microseconds.
    #[serde(skip)]
    pub lasts: i64,
}

/// One matter of a letter that speaks of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub words: String,
    /// Why it is there; may be empty.
    pub why: String,
    pub link: Option<Link>,
    /// Turns matters of this kind off.
    pub off: Option<Link>,
}

/// Where a letter leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub label: String,
    /// Whole: `https://…`
    pub url: String,
}

impl Link {
    #[must_use]
    pub fn new(label: &str, url: &str) -> Self {
        Self { label: label.to_owned(), url: url.to_owned() }
    }
}

impl Letter {
    /// A letter that is worth sending for three days.
    #[must_use]
    pub fn new(key: impl Into<String>, lang: &str, subject: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            lang: lang.to_owned(),
            subject: subject.into(),
            paragraphs: Vec::new(),
            items: Vec::new(),
            link: None,
            footer: String::new(),
            unsubscribe: None,
            stop: String::new(),
            not_before: None,
            lasts: 3 * Micros::DAY,
        }
    }
}

/// Where a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct To {
    /// The channel's own word: `email`, `push`, `line`.
    pub channel: &'static str,
    /// As the channel writes it.
    pub address: String,
    /// Whose address it is, where that is known: erasure and merging reach the letter by it.
    pub recipient: Option<ActorId>,
}

impl To {
    /// By e-mail.
    #[must_use]
    pub fn email(address: &str) -> Self {
        Self { channel: crate::Email::WORD, address: address.to_owned(), recipient: None }
    }

    /// To a device that takes pushes.
    #[must_use]
    pub fn push(device: SubscriptionId) -> Self {
        Self { channel: crate::Push::WORD, address: device.to_string(), recipient: None }
    }

    /// By LINE, to a user id.
    #[must_use]
    pub fn line(user: &str) -> Self {
        Self { channel: crate::Line::WORD, address: user.to_owned(), recipient: None }
    }

    /// The person it is for.
    #[must_use]
    pub const fn person(mut self, person: ActorId) -> Self {
        self.recipient = Some(person);
        self
    }
}
