//! The context card (C3): what to know of somebody before the first word, so that it is said in a language and at an hour that
//! suits them, and does not hurt.

use web::Lang;

use super::languages;
use super::queries::Profile;
use crate::Texts;

/// Label and words of what a member said of it; empty where they said nothing.
#[must_use]
pub fn context(t: Texts, lang: Lang, profile: &Profile) -> Vec<(&'static str, String)> {
    [
        (t.members_languages(), languages::line(lang, &profile.languages)),
        (t.members_hours(), profile.contact_hours.clone()),
        (t.members_context_matters(), profile.context_matters.clone()),
        (t.members_context_limits(), profile.context_limits.clone()),
        (t.members_context_avoid(), profile.context_avoid.clone()),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .collect()
}
