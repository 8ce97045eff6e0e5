//! Places on screen: province and district in the reader's language.

use thai::Lang;

/// The provinces for a form, as code and name, in the order people look them up.
#[must_use]
pub fn provinces(_lang: Lang) -> Vec<(String, String)> {
    Vec::new()
}

/// Whether this is the code of a province.
#[must_use]
pub fn is_province(_code: &str) -> bool {
    false
}

/// District and province as a line, if they are known.
#[must_use]
pub fn label(_lang: Lang, _province: &Option<String>, _district: &Option<String>) -> Option<String> {
    None
}
