//! Lists page by cursor: where the last row stood, never how many were before it.

use serde::{Deserialize, Serialize};

use crate::Problem;

/// What a parameter of a request says: none where it is left out or empty.
///
/// # Errors
/// [`Problem::invalid`] naming the parameter, for anything that is not read.
pub fn parameter<T>(name: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    read(text).map(Some).ok_or_else(|| Problem::invalid(name))
}

/// How many rows a page of a list holds unless it says otherwise.
pub const ROWS: i64 = 30;

/// A place in a list that is ordered by a text and an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub key: String,
    pub id: i64,
}

impl Cursor {
    /// Before the first row.
    #[must_use]
    pub const fn start() -> Self {
        Self { key: String::new(), id: 0 }
    }

    /// As it stands in an address.
    #[must_use]
    pub fn encode(&self) -> String {
        format!("{}.{}", store::ids::encode(self.id), self.key)
    }

    /// As [`Self::decode`], for programs: empty is the start, anything but a place is refused.
    ///
    /// # Errors
    /// [`Problem::invalid`] naming the parameter.
    pub fn read(parameter: &str, text: &str) -> Result<Self, Problem> {
        let place = Self::decode(text);
        if place.id == 0 && !text.is_empty() { Err(Problem::invalid(parameter)) } else { Ok(place) }
    }

    /// Back from [`Self::encode`]; anything else begins at the start.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        text.split_once('.')
            .and_then(|(id, key)| Some(Self { id: store::ids::decode(id)?, key: key.to_owned() }))
            .unwrap_or_else(Self::start)
    }
}

/// Some rows of a list and where the next begin.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Rows<T> {
    /// From one row more than a page holds: that one only says that there is more.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, size: i64, place: impl Fn(&T) -> Cursor) -> Self {
        let size = usize::try_from(size).unwrap_or(1).max(1);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = if more { rows.last().map(place) } else { None };
        Self { rows, next }
    }
}
