//! The languages a member may be spoken to in: a short list by BCP 47 (RFC 5646), the national ones around here and the
//! regional speech of Thailand, because a neighbor of the same speech is easier to call.

use thai::Lang;

/// Code, Thai name, English name.
const LANGUAGES: [(&str, &str, &str); 11] = [
    ("th", "ไทย", "Thai"),
    ("en", "อังกฤษ", "English"),
    ("nod", "คำเมือง", "Northern Thai"),
    ("tts", "อีสาน", "Northeastern Thai"),
    ("sou", "ปักษ์ใต้", "Southern Thai"),
    ("kxm", "เขมรถิ่นไทย", "Northern Khmer"),
    ("lo", "ลาว", "Lao"),
    ("my", "พม่า", "Burmese"),
    ("km", "เขมร", "Khmer"),
    ("ms", "มลายู", "Malay"),
    ("zh", "จีน", "Chinese"),
];

/// The languages for a form, as code and name.
pub fn offered(lang: Lang) -> Vec<(&'static str, &'static str)> {
    LANGUAGES.iter().map(|(code, th, en)| (*code, if lang == Lang::Thai { *th } else { *en })).collect()
}

/// Whether the list has this code.
pub fn is_offered(code: &str) -> bool {
    LANGUAGES.iter().any(|(offered, ..)| *offered == code)
}

/// What is stored, codes with a space between, as a line in the reader's language; a code that the list does not have
/// stands as it is.
pub fn line(lang: Lang, stored: &str) -> String {
    let offered = offered(lang);
    let name = |code| offered.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| *name);
    stored.split_whitespace().map(name).collect::<Vec<_>>().join(" · ")
}

/// `stored` with these chosen of the list: what is chosen already keeps its place, what the list does not have stays.
pub fn chosen(stored: &str, codes: &[&str]) -> String {
    let mut kept: Vec<&str> =
        stored.split_whitespace().filter(|code| codes.contains(code) || !is_offered(code)).collect();
    for code in codes {
        if is_offered(code) && !kept.contains(code) {
            kept.push(code);
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_list_does_not_have_stays_and_what_is_chosen_keeps_its_place() {
        assert_eq!(chosen("en jpn th", &["th", "en"]), "en jpn th");
        assert_eq!(chosen("th jpn", &["nod", "nod", "xx"]), "jpn nod");
        assert_eq!(chosen("", &[]), "");
        assert_eq!(line(Lang::English, "th nod jpn"), "Thai · Northern Thai · jpn");
        assert_eq!(line(Lang::Thai, "kxm"), "เขมรถิ่นไทย");
    }
}
