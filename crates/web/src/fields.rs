//! What a form said: read whole, so that a page with a mistake shows again what was typed.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use store::sessions;

use crate::{Problem, Texts};

/// The fields of a form, by name; a name may stand several times.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    values: Vec<(String, String)>,
}

impl Fields {
    /// Reads `a=1&b=2`. Bytes that are no UTF-8 become the replacement sign.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        Self { values: form_urlencoded::parse(body).into_owned().collect() }
    }

    /// The field as it was typed, or an empty text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The field normalized for storage: Thai marks in order, spaces at the ends gone.
    #[must_use]
    pub fn tidy(&self, name: &str) -> String {
        thai::text::normalize(self.text(name)).into_owned()
    }

    /// All values under this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        !matches!(self.text(name), "" | "0" | "false")
    }

    /// Whether this value was chosen under this name.
    #[must_use]
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(key, chosen)| key == name && chosen == value)
    }

    /// Whether the form had this field at all, be it empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    /// Sets a field, as for a form that is filled in beforehand.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Adds one more value.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.push((name.to_owned(), value.into()));
    }

    /// The key that makes a second tap the same request as the first; every form carries one.
    #[must_use]
    pub fn once(&self) -> Option<&str> {
        Some(self.text("once")).filter(|key| (8..=80).contains(&key.len()))
    }

    /// What identifies the content of this request, for the second tap with other content.
    #[must_use]
    pub fn digest(&self) -> String {
        let joined: Vec<String> =
            self.values.iter().map(|(key, value)| format!("{key}\u{1}{value}")).collect();
        sessions::hash(&joined.join("\u{2}"))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = Bytes::from_request(request, state).await.map_err(|_| Problem::too_large())?;
        Ok(Self::parse(&body))
    }
}

/// A form on its way to the page: what was typed, and which fields need another look.
#[derive(Debug, Clone)]
pub struct Form {
    pub fields: Fields,
    pub problems: BTreeMap<String, String>,
    texts: Texts,
    once: String,
}

impl Form {
    /// An empty form, or one filled in beforehand.
    #[must_use]
    pub fn new(texts: Texts, fields: Fields) -> Self {
        let once = fields.once().map(str::to_owned);
        // without randomness the form still works, it only cannot tell a second tap
        let once = once.or_else(|| sessions::new_secret().ok()).unwrap_or_default();
        Self { fields, problems: BTreeMap::new(), texts, once }
    }

    /// The key for the hidden field.
    #[must_use]
    pub fn once(&self) -> &str {
        &self.once
    }

    /// What was typed.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// Whether this value was chosen.
    #[must_use]
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.fields.chose(name, value)
    }

    /// The sentence at this field.
    #[must_use]
    pub fn problem(&self, name: &str) -> Option<&str> {
        self.problems.get(name).map(String::as_str)
    }

    /// Whether anything needs another look.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Notes what is wrong at a field.
    pub fn complain(&mut self, name: &str, sentence: impl Into<String>) {
        self.problems.entry(name.to_owned()).or_insert_with(|| sentence.into());
    }

    /// A text that must be there, at most so many letters long.
    pub fn required(&mut self, name: &str, most: usize) -> String {
        let text = self.optional(name, most);
        if text.is_empty() {
            self.complain(name, self.texts.web_required());
        }
        text
    }

    /// A text that may be missing, at most so many letters long.
    pub fn optional(&mut self, name: &str, most: usize) -> String {
        let text = self.fields.tidy(name);
        if text.chars().count() > most {
            self.complain(name, self.texts.web_too_long(most));
        }
        text
    }
}
