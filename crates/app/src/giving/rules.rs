//! The rules of giving, without a database: what is kept among few, what is never proposed, how long a thing lasts.

use matching::{Categorizer, Taxonomy};
use network::vocabulary::Side;
use store::Micros;

/// A guess at least this sure protects as a tapped category does.
const SURE_ENOUGH: f64 = 0.3;
/// How long an offer or need stands unless its author says otherwise.
pub const STANDS: i64 = 180 * Micros::DAY;
/// Nothing stands longer: an end date from a file may be any number.
const STANDS_AT_MOST: i64 = 730 * Micros::DAY;
/// A title made from a text is cut here.
const TITLE: usize = 60;
/// Categories suggested as chips.
pub const SUGGESTED: usize = 5;

/// Categories beside the domains of health and care in which a person's need tells something about them that is
/// nobody's business: debt, legal trouble, violence, status.
const PRIVATE: [&str; 6] =
    ["legal.advice", "legal.debt", "legal.protection", "legal.status", "legal.labour", "legal.land"];
/// Categories of health and care that say nothing about anybody's illness.
const HARMLESS: [&str; 3] = ["health.nutrition", "health.herbal", "care.home_repair"];
/// What touches children or violence is for people to see to (matching.md §9).
const NEVER_PROPOSED: [&str; 2] = ["care.childcare", "legal.protection"];

fn is_private(code: &str) -> bool {
    let domain = code.split('.').next().unwrap_or_default();
    PRIVATE.contains(&code) || (matches!(domain, "health" | "care") && !HARMLESS.contains(&code))
}

/// Whether the need of a person is of the kind that stays among few unless they choose otherwise: by the categories
/// tapped, and where none was tapped by what the words most likely mean, because not everybody taps.
#[must_use]
pub fn is_restricted(side: Side, person: bool, tapped: &[String], guessed: &[(String, f64)]) -> bool {
    if side != Side::Need || !person {
        return false;
    }
    if !tapped.is_empty() {
        return tapped.iter().any(|code| is_private(code));
    }
    guessed.iter().any(|(code, p)| *p >= SURE_ENOUGH && is_private(code))
}

/// Whether something in these categories must not be proposed without a person who sees to it.
#[must_use]
pub fn is_never_proposed<'a>(mut categories: impl Iterator<Item = &'a str>) -> bool {
    categories.any(|code| NEVER_PROPOSED.contains(&code))
}

/// What a text most likely speaks of, likeliest first, with how sure.
#[must_use]
pub fn guesses(text: &str) -> Vec<(String, f64)> {
    let guesses = Categorizer::built_in().categorize(text);
    guesses.iter().map(|guess| (guess.code().to_owned(), guess.p)).collect()
}

/// Codes that are categories, each once.
pub fn known(codes: &[String]) -> Vec<String> {
    let taxonomy = Taxonomy::built_in();
    let mut known: Vec<String> = Vec::new();
    for code in codes {
        if taxonomy.find(code).is_some() && !known.contains(code) {
            known.push(code.clone());
        }
    }
    known
}

/// Until when it stands: as its author says, no longer than two years, and not beyond the last day it is about.
pub fn valid_until(now: Micros, wished: Option<Micros>, ends_on: Option<i64>) -> Micros {
    let wished = wished.unwrap_or(now.plus(STANDS)).0;
    let end = ends_on.map_or(i64::MAX, |day| (day + 1).saturating_mul(Micros::DAY) - 7 * Micros::HOUR - 1);
    // an end in the past stands for a day, so that its author sees what was made of it
    Micros(wished.min(end).clamp(now.0 + Micros::DAY, now.0 + STANDS_AT_MOST))
}

/// The first line of a text, cut after a whole word.
#[must_use]
pub fn title(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    thai::text::truncate(line, TITLE).into_owned()
}

/// What makes two texts the same offer or need.
#[must_use]
pub fn text_key(text: &str) -> String {
    let folded: String =
        thai::text::fold(text).chars().filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).collect();
    store::sessions::hash(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(list: &[&str]) -> Vec<String> {
        list.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn a_persons_need_about_illness_children_violence_debt_or_law_stays_among_few() {
        for code in ["health.mental", "care.childcare", "legal.protection", "legal.debt", "legal.advice"] {
            assert!(is_restricted(Side::Need, true, &codes(&[code]), &[]), "{code}");
            assert!(!is_restricted(Side::Offer, true, &codes(&[code]), &[]), "an offer of it is for all");
            assert!(!is_restricted(Side::Need, false, &codes(&[code]), &[]), "a group's need is for all");
        }
        for code in ["farm.seed", "log.transport", "care.home_repair", "legal.funding"] {
            assert!(!is_restricted(Side::Need, true, &codes(&[code]), &[]), "{code}");
        }
    }

    #[test]
    fn what_the_words_say_protects_those_who_tap_nothing() {
        let guessed = guesses("เป็นหนี้นอกระบบ ดอกร้อยละยี่สิบต่อเดือน ไม่รู้จะทำยังไง");
        assert!(is_restricted(Side::Need, true, &[], &guessed), "{guessed:?}");
    }

    #[test]
    fn every_category_named_here_exists() {
        for code in PRIVATE.iter().chain(&HARMLESS).chain(&NEVER_PROPOSED) {
            assert!(Taxonomy::built_in().find(code).is_some(), "{code}");
        }
    }

    #[test]
    fn the_end_is_sane() {
        let now = Micros(1_795_323_600_000_000);
        assert_eq!(valid_until(now, None, None), now.plus(STANDS));
        assert_eq!(valid_until(now, Some(Micros(i64::MAX)), None), now.plus(STANDS_AT_MOST));
        let today = now.day(7);
        // until is the first moment it no longer stands
        let last = valid_until(now, None, Some(today + 9)).plus(-1);
        assert_eq!(last.day(7), today + 9, "to the end of its last day and not beyond");
    }

    #[test]
    fn a_title_ends_after_a_whole_word() {
        assert_eq!(title("\n ช่วยซ่อมหลังคา \nรายละเอียด"), "ช่วยซ่อมหลังคา");
        let long = title(&"อยากได้คนช่วยขนของย้ายบ้าน ".repeat(20));
        assert!(thai::text::graphemes(&long) <= TITLE + 1, "{long}");
        assert_ne!(text_key("ให้ข้าว"), text_key("ให้ข่าว"));
        assert_eq!(text_key("ซ่อม  หลังคา!"), text_key("ซ่อมหลังคา"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_title_and_a_key(text in "\\PC{0,200}") {
            prop_assert!(title(&text).chars().count() <= text.chars().count() + 1);
            prop_assert_eq!(text_key(&text).len(), 64);
        }
    }
}
