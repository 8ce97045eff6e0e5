//! Groups and organizations by name (rule 6): splitting a cell, one key for many spellings, what may be the same.

use thai::text::{is_empty_word, normalize};

use super::known::ActorKind;

/// Short forms at the start of a name, and what they stand for; longer ones first.
const SHORT_FORMS: [(&str, &str); 8] = [
    ("รพ.สต.", "โรงพยาบาลส่งเสริมสุขภาพตำบล"),
    ("รพ.สต", "โรงพยาบาลส่งเสริมสุขภาพตำบล"),
    ("รพสต.", "โรงพยาบาลส่งเสริมสุขภาพตำบล"),
    ("รพสต", "โรงพยาบาลส่งเสริมสุขภาพตำบล"),
    ("ทต.", "เทศบาลตำบล"),
    ("อบต.", "องค์การบริหารส่วนตำบล"),
    ("รร.", "โรงเรียน"),
    ("วสช.", "วิสาหกิจชุมชน"),
];

/// Words a group's name begins with.
const GROUP_WORDS: [&str; 6] = ["กลุ่ม", "ชมรม", "เครือข่าย", "วิสาหกิจชุมชน", "ทีม", "ชุมชน"];

/// Words an organization's name begins with, where it stands in the column of names.
const ORGANIZATION_WORDS: [&str; 27] = [
    "กลุ่ม",
    "ชมรม",
    "เครือข่าย",
    "วิสาหกิจชุมชน",
    "ทีม",
    "ชุมชน",
    "รพ.สต",
    "รพสต",
    "โรงพยาบาล",
    "เทศบาล",
    "ทต.",
    "อบต.",
    "องค์การ",
    "โรงเรียน",
    "รร.",
    "ศูนย์",
    "มูลนิธิ",
    "วัด",
    "มัสยิด",
    "กองทุน",
    "ธนาคาร",
    "สภา",
    "คณะ",
    "สำนักงาน",
    "สหกรณ์",
    "วสช.",
    "สมาคม",
];

/// An organization as a cell names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationName {
    /// As written, normalized.
    pub text: String,
    /// Equal for spellings of one organization.
    pub key: String,
}

impl OrganizationName {
    /// Takes one name.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = tidy(&normalize(text));
        let key = key(&text);
        Self { text, key }
    }

    /// Group or organization, by the first word.
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        let expanded = expand(&self.text);
        if GROUP_WORDS.iter().any(|word| expanded.starts_with(word)) {
            ActorKind::Group
        } else {
            ActorKind::Organization
        }
    }
}

/// The organizations of a cell, each once, in order.
#[must_use]
pub fn split(cell: &str) -> Vec<OrganizationName> {
    let mut names: Vec<OrganizationName> = Vec::new();
    if is_empty_word(cell) {
        return names;
    }
    for part in parts(cell) {
        let name = OrganizationName::new(&part);
        if !is_empty_word(&part) && !name.key.is_empty() && !names.iter().any(|other| other.key == name.key) {
            names.push(name);
        }
    }
    names
}

/// The parts of a cell of organizations or roles: at line breaks, `;`, `,`, " และ ", and `/` but between digits.
#[must_use]
pub fn parts(cell: &str) -> Vec<String> {
    let text = normalize(cell).replace(" และ ", "\n");
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_numeric());
    let mut parts = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let separates = match letter {
            '\n' | ';' | ',' => true,
            '/' => !(digit(at.checked_sub(1)) && digit(Some(at + 1))),
            _ => false,
        };
        if separates {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*letter);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The usual spelling of รพ.สต., which people type in many ways; the rest stays as written.
fn tidy(name: &str) -> String {
    const USUAL: &str = "รพ.สต.";
    let typed = ["รพสต.", "รพสต", "รพ.สต "].iter().find_map(|typed| name.strip_prefix(typed));
    typed.map_or_else(|| name.to_owned(), |rest| format!("{USUAL}{}", rest.trim_start()))
}

fn expand(name: &str) -> String {
    for (short, long) in SHORT_FORMS {
        if let Some(rest) = name.strip_prefix(short) {
            return format!("{long}{}", rest.trim_start());
        }
    }
    name.to_owned()
}

fn key(name: &str) -> String {
    expand(name)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The key without the word a group's name begins with.
#[must_use]
pub fn stem(key: &str) -> &str {
    GROUP_WORDS.iter().find_map(|word| key.strip_prefix(word)).filter(|rest| !rest.is_empty()).unwrap_or(key)
}

/// True where a name in the column of persons is an organization's.
#[must_use]
pub fn begins_like_one(name: &str) -> bool {
    let name = normalize(name);
    ORGANIZATION_WORDS.iter().any(|word| name.starts_with(word)) || name.starts_with("มหาวิทยาลัย")
}

/// Why two keys may be one organization, where they may.
#[must_use]
pub fn suspicion(one: &str, other: &str) -> Option<&'static str> {
    if one == other {
        return None;
    }
    if stem(one) == stem(other) {
        return Some("group_word_missing");
    }
    (long_enough(one)
        && long_enough(other)
        && digits(one) == digits(other)
        && thai::names::within(one, other, 2))
    .then_some("similar_name")
}

/// So short a name is too easily like another.
#[must_use]
pub fn long_enough(key: &str) -> bool {
    const SHORTEST: usize = 12;
    key.chars().count() >= SHORTEST
}

fn digits(key: &str) -> String {
    thai::text::western_digits(key).chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cell: &str) -> Vec<String> {
        split(cell).into_iter().map(|name| name.key).collect()
    }

    #[test]
    fn spellings_of_one_organization_share_a_key() {
        let same = ["รพ.สต.บ้านห้วยฟ้าใส", "รพสต บ้านห้วยฟ้าใส", "โรงพยาบาลส่งเสริมสุขภาพตำบลบ้านห้วยฟ้าใส "];
        for spelling in same {
            assert_eq!(keys(spelling), ["โรงพยาบาลส่งเสริมสุขภาพตำบลบ้านห้วยฟ้าใส"], "{spelling}");
        }
        assert_eq!(keys("วสช.กาแฟดอยหมอกขาว"), keys("วิสาหกิจชุมชน กาแฟดอยหมอกขาว"));
        assert_eq!(keys("ชมรม \"คนรักน้ำ\""), keys("ชมรมคนรักน้ำ"));
    }

    #[test]
    fn a_cell_may_name_several() {
        assert_eq!(split("มูลนิธิ ก\nชมรม ข / ทีม ค และ วัด ง").len(), 4);
        assert_eq!(split("กลุ่ม 1/2 ตำบล ก").len(), 1);
        assert!(split("ไม่สังกัด").is_empty());
        assert_eq!(keys("-, ชมรม ก, ชมรมก"), ["ชมรมก"]);
        // a conjunction inside a word does not part
        assert_eq!(split("ศูนย์ป้องกันและบรรเทาภัย").len(), 1);
    }

    #[test]
    fn kinds_follow_the_first_word() {
        assert_eq!(OrganizationName::new("วสช.กาแฟ").kind(), ActorKind::Group);
        assert_eq!(OrganizationName::new("ชุมชนบ้านใต้").kind(), ActorKind::Group);
        assert_eq!(OrganizationName::new("อบต.ดอนแก้ว").kind(), ActorKind::Organization);
    }

    #[test]
    fn suspicions() {
        let key = |text: &str| OrganizationName::new(text).key;
        assert_eq!(
            suspicion(&key("กลุ่มเกษตรอินทรีย์บ้านทุ่งลมเย็น"), &key("เกษตรอินทรีย์บ้านทุ่งลมเย็น")),
            Some("group_word_missing")
        );
        assert_eq!(suspicion(&key("กลุ่มเยาวชนรักษ์ต้นน้ำ"), &key("กลุ่มเยาวชนรักษต้นน้ำ")), Some("similar_name"));
        assert_eq!(suspicion(&key("ชมรมผู้สูงอายุหมู่ 1 ดอน"), &key("ชมรมผู้สูงอายุหมู่ 2 ดอน")), None);
        assert_eq!(suspicion(&key("กลุ่ม ก"), &key("กลุ่ม ข")), None);
    }
}
