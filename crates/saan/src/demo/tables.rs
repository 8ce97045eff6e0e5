//! The demo's tables: one row a line, cells between bars, a line that begins with # is its heading.

use store::Error;

/// Members of the three networks: nickname, kind, name, profession (or kind and size of an organization), position,
/// district, province, role, mark, can, wants to learn, about.
pub const MEMBERS: [(&str, &str); 3] = [
    ("nurses", include_str!("data/nurses.txt")),
    ("weather", include_str!("data/weather.txt")),
    ("farmers", include_str!("data/farmers.txt")),
];
/// Offers and needs: owner (with `@network` for another network than the owner's first), side, categories, mode, terms,
/// urgency, who may see it, text.
pub const GIVING: &str = include_str!("data/giving.txt");
/// Needs that were met in the course of the year: owner, category, text, by whom, how.
pub const MET: &str = include_str!("data/met.txt");
/// Who belongs to which group or organization: part, whole, title, `steward`.
pub const BELONGING: &str = include_str!("data/belonging.txt");
/// Context cards: who, capacity a month, hours, limits, avoid, matters.
pub const CARDS: &str = include_str!("data/cards.txt");
/// Ties: one, other, relation, origin, offers, asks, benefit.
pub const TIES: &str = include_str!("data/ties.txt");
/// What contacts are like: network, channel, outcome, summary.
pub const CONTACTS: &str = include_str!("data/contacts.txt");
/// Gatherings: network, days from today, hour, hours, title, place.
pub const GATHERINGS: &str = include_str!("data/gatherings.txt");
/// What waits today: kind of matter, who, whom (or what), words.
pub const WAITING: &str = include_str!("data/waiting.txt");

/// What is said on ties: kind of matter, who, whom (or which network), words, more (days ago, or gap and weight).
pub const WEAVING: &str = include_str!("data/weaving.txt");

/// The rows of a table of so many columns.
///
/// # Errors
/// [`Error::Fault`] naming the row that has another number of cells.
pub fn rows<const N: usize>(text: &'static str) -> Result<Vec<[&'static str; N]>, Error> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            cells.try_into().map_err(|_| Error::Fault(format!("the demo's table needs {N} cells in: {line}")))
        })
        .collect()
}

/// The value of a word list by its word.
///
/// # Errors
/// [`Error::Fault`] naming the word.
pub fn word<T>(found: Option<T>, word: &str) -> Result<T, Error> {
    found.ok_or_else(|| Error::Fault(format!("the demo's tables say “{word}”, which is no word of its list")))
}
