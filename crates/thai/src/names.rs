//! Names of people: title, given name, family name, the nickname people really use, and how alike two names are.
//!
//! In a sheet a name cell holds more than a name: "น.ส. น้ำทิพย์ แสนคำลือ (ติ๊ก)". [`PersonName::parse`] takes the
//! note in brackets and the title away, but leaves names that only look as if they began with one (คุณากร, นายิกา,
//! ดรุณี). [`PersonName::key`] is what two rows are compared by.
//!
//! Source: the project's import rules on names, sameness and mentions.

use crate::text::{begins_syllable, graphemes, normalize};

/// Titles, longest first, so that พระครู wins over พระ and ผศ.ดร. over ผศ.
const TITLES: [&str; 27] = [
    "อาจารย์",
    "ผู้ใหญ่",
    "นางสาว",
    "พระมหา",
    "ผศ.ดร.",
    "รศ.ดร.",
    "พระครู",
    "กำนัน",
    "น.ส.",
    "ด.ช.",
    "ด.ญ.",
    "Mrs.",
    "นาย",
    "นาง",
    "นส.",
    "คุณ",
    "ดร.",
    "นพ.",
    "พญ.",
    "ผศ.",
    "รศ.",
    "หมอ",
    "พระ",
    "Mr.",
    "Ms.",
    "ครู",
    "อ.",
];

/// Nobody has more; a cell of nothing but titles ends somewhere.
const MOST_TITLES: usize = 6;

/// Words of kinship and respect that go before a nickname when people speak of someone, longest first.
const KINSHIP: [&str; 16] =
    ["น้อง", "พี่", "ลุง", "ป้า", "น้า", "ยาย", "ปู่", "ย่า", "แม่", "พ่อ", "เจ๊", "เฮีย", "บัง", "อา", "ตา", "กะ"];

/// Notes in brackets that begin like this say something else than a nickname.
const NOTE_WORDS: [&str; 14] =
    ["สกุล", "นามสกุล", "เดิม", "อดีต", "ลาออก", "เสีย", "ย้าย", "ประธาน", "รอง", "ผู้", "สมาชิก", "แทน", "ใหม่", "ไม่"];

/// A person's name as a cell gives it, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// What stood before the name, as written: `นางสาว`, `ผศ.ดร.`; empty if nothing did.
    pub title: String,
    /// The first word, by which Thai names are sorted and people are called formally.
    pub given: String,
    /// The rest, single spaces between words (`ณ เชียงใหม่`); empty for a partial name.
    pub family: String,
    /// What stood in brackets, in order: nicknames and notes.
    pub notes: Vec<String>,
}

/// A name made comparable: no title, no note, no spaces, lower case. Equal keys mean the same name, not yet the
/// same person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameKey(String);

impl NameKey {
    /// The key's letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was left of the name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PersonName {
    /// Takes a name cell apart: brackets out, then the longest fitting title off the start.
    ///
    /// A title goes only if a consonant or เ แ โ ใ ไ follows it, and only if two words remain, or the title ends in
    /// a full stop, or the name had no space; after a title with a full stop another may follow (`ผศ.นพ.`).
    ///
    /// ```
    /// use thai::names::PersonName;
    /// let name = PersonName::parse("น.ส. นำ้ทิพย์  เเสนคำลือ (ติ๊ก)");
    /// assert_eq!((name.title.as_str(), name.full().as_str()), ("น.ส.", "น้ำทิพย์ แสนคำลือ"));
    /// assert_eq!(name.nickname(), Some("ติ๊ก"));
    /// assert_eq!(PersonName::parse("คุณากร สุริยะธง").given, "คุณากร");
    /// ```
    #[must_use]
    pub fn parse(cell: &str) -> Self {
        let text = normalize(cell);
        let (bare, notes) = take_brackets(&text);
        let mut title = String::new();
        let mut rest = bare.as_str();
        for _ in 0..MOST_TITLES {
            let Some((dropped, after)) = drop_title(rest) else { break };
            title.push_str(dropped);
            rest = after;
            if !dropped.ends_with('.') {
                break;
            }
        }
        let mut words = rest.split_whitespace();
        let given = words.next().unwrap_or_default().to_owned();
        let family = words.collect::<Vec<_>>().join(" ");
        Self { title, given, family, notes }
    }

    /// A name that arrives in parts, as in a vCard: titles still standing in the given name are dropped.
    #[must_use]
    pub fn from_parts(given: &str, family: &str) -> Self {
        Self::parse(&format!("{given} {family}"))
    }

    /// Given and family name with one space between, without title and notes: what is shown.
    #[must_use]
    pub fn full(&self) -> String {
        if self.family.is_empty() { self.given.clone() } else { format!("{} {}", self.given, self.family) }
    }

    /// What rows are compared by.
    #[must_use]
    pub fn key(&self) -> NameKey {
        let full = self.full();
        NameKey(full.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect())
    }

    /// One word only: a given name or nickname that may belong to several people.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.family.is_empty()
    }

    /// Whether nothing was left once brackets were taken out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// The first note that reads as a nickname: one short word that is not a remark (สกุลใหม่, อดีตประธาน).
    #[must_use]
    pub fn nickname(&self) -> Option<&str> {
        self.notes
            .iter()
            .map(|note| note.strip_prefix("ชื่อเล่น").unwrap_or(note).trim_start_matches([' ', ':']))
            .find(|note| {
                let words = note.split_whitespace().count();
                words == 1
                    && graphemes(note) <= 8
                    && !NOTE_WORDS.iter().any(|w| note.starts_with(w))
                    && note.chars().all(|c| c.is_alphabetic() || crate::text::is_thai(c))
            })
    }
}

/// The text without what stands in round or square brackets, and those notes. An unclosed bracket runs to the end.
fn take_brackets(text: &str) -> (String, Vec<String>) {
    let mut bare = String::with_capacity(text.len());
    let mut notes = Vec::new();
    let mut note = String::new();
    let mut depth = 0usize;
    for letter in text.chars() {
        match letter {
            '(' | '（' | '[' => {
                depth += 1;
                if depth == 1 {
                    bare.push(' ');
                    continue;
                }
            }
            ')' | '）' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    keep_note(&mut notes, &mut note);
                    continue;
                }
            }
            _ => {}
        }
        if depth == 0 { bare.push(letter) } else { note.push(letter) }
    }
    keep_note(&mut notes, &mut note);
    (normalize(&bare).into_owned(), notes)
}

fn keep_note(notes: &mut Vec<String>, note: &mut String) {
    let trimmed = note.trim();
    if !trimmed.is_empty() {
        notes.push(trimmed.to_owned());
    }
    note.clear();
}

/// The longest title that a name can follow, if it may be dropped, and what follows it. นางสาวิตรี is นาง and สาวิตรี;
/// "พระครู สมชาย" keeps its title, and does not lose half of it.
fn drop_title(name: &str) -> Option<(&str, &str)> {
    let had_space = name.contains(char::is_whitespace);
    let (title, rest) = TITLES.iter().find_map(|title| {
        let (start, rest) = split_prefix(name, title)?;
        let rest = rest.trim_start();
        begins_name(rest, title).then_some((start, rest))
    })?;
    let enough = rest.split_whitespace().nth(1).is_some() || title.ends_with('.') || !had_space;
    enough.then_some((title, rest))
}

/// Latin titles match in any case.
fn split_prefix<'a>(name: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some((start, rest))
}

fn begins_name(rest: &str, title: &str) -> bool {
    let latin_title = title.is_ascii();
    rest.chars().next().is_some_and(|c| begins_syllable(c) || (latin_title && c.is_alphabetic()))
}

/// How a person may be meant when only a short form is written: first as written, then without a title or a word
/// of kinship (พี่ น้อง ลุง ป้า …). Each form is a key to compare with nicknames and given names ([`short_key`]).
///
/// ```
/// assert_eq!(thai::names::short_forms("พี่ปุ๊ก"), ["พี่ปุ๊ก", "ปุ๊ก"]);
/// assert_eq!(thai::names::short_forms("อาซา"), ["อาซา", "ซา"]);
/// assert_eq!(thai::names::short_forms("นิด"), ["นิด"]);
/// ```
#[must_use]
pub fn short_forms(mention: &str) -> Vec<String> {
    let (bare, _) = take_brackets(&normalize(mention));
    let whole = short_key(&bare);
    if whole.is_empty() {
        return Vec::new();
    }
    let dropped = TITLES
        .iter()
        .chain(&KINSHIP)
        .filter_map(|word| {
            let (_, rest) = split_prefix(&bare, word)?;
            let rest = rest.trim_start();
            begins_name(rest, word).then_some((word.len(), rest))
        })
        .max_by_key(|&(length, _)| length)
        .map(|(_, rest)| short_key(rest));
    let mut forms = vec![whole];
    forms.extend(dropped.filter(|form| !form.is_empty()));
    forms
}

/// A nickname or given name as it is compared: normalised, without spaces, lower case.
#[must_use]
pub fn short_key(name: &str) -> String {
    normalize(name).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Levenshtein distance in code points (insertions, deletions, replacements; V. I. Levenshtein 1966).
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    edits(&one, &other, usize::MAX).unwrap_or(usize::MAX)
}

/// Whether two texts are at most `most` edits apart; stops early, so it is cheap over many pairs.
#[must_use]
pub fn within(one: &str, other: &str, most: usize) -> bool {
    // every edit changes at most four bytes of UTF-8
    if one.len().abs_diff(other.len()) > most.saturating_mul(4) {
        return false;
    }
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    edits(&one, &other, most).is_some()
}

/// The distance, or `None` once it must exceed `most`. Only the cells within `most` of the diagonal are worked out
/// (E. Ukkonen 1985): time is the length times `most`, memory two rows.
#[expect(
    clippy::indexing_slicing,
    reason = "every place lies between 0 and the row's length, as the loops show"
)]
fn edits(one: &[char], other: &[char], most: usize) -> Option<usize> {
    const FAR: usize = usize::MAX / 2;
    let (height, width) = (one.len(), other.len());
    if height.abs_diff(width) > most {
        return None;
    }
    let band = most.min(height.max(width));
    let mut above: Vec<usize> = (0..=width).map(|j| if j <= band { j } else { FAR }).collect();
    let mut row = vec![FAR; width + 1];
    for i in 1..=height {
        let (from, to) = (i.saturating_sub(band).max(1), width.min(i + band));
        row[from - 1] = if from == 1 && i <= band { i } else { FAR };
        let mut least = row[from - 1];
        for j in from..=to {
            let replaced = above[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            least = least.min(row[j]);
        }
        if to < width {
            row[to + 1] = FAR;
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[width]).filter(|total| *total <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_go_and_names_that_look_like_titles_stay() {
        let cases = [
            ("พญ.สมจิตร ใจคำแปง", "พญ.", "สมจิตร ใจคำแปง"),
            ("นายประเสริฐ  กันทะเนตร", "นาย", "ประเสริฐ กันทะเนตร"),
            ("น.ส.บัวผัน\u{a0}มูลเมืองคำ ", "น.ส.", "บัวผัน มูลเมืองคำ"),
            ("นาย ชัยวัฒน์\u{a0}ปัญญาฟู  ", "นาย", "ชัยวัฒน์ ปัญญาฟู"),
            ("นางเเสงเเก้ว ใจคำเเปง ", "นาง", "แสงแก้ว ใจคำแปง"),
            ("นางสาวรัตนาภรณ์ ทาแกงสุข", "นางสาว", "รัตนาภรณ์ ทาแกงสุข"),
            ("นางสาวิตรี ใจดี", "นาง", "สาวิตรี ใจดี"),
            ("พระมหาบุญมี ฐิตธมฺโม", "พระมหา", "บุญมี ฐิตธมฺโม"),
            ("ครูกาญจนา อุปละแปง", "ครู", "กาญจนา อุปละแปง"),
            ("คุณคุณากร สุริยะธง", "คุณ", "คุณากร สุริยะธง"),
            ("คุณากร สุริยะธง", "", "คุณากร สุริยะธง"),
            ("นายิกา ใจดี", "", "นายิกา ใจดี"),
            ("ดรุณี แสงทอง", "", "ดรุณี แสงทอง"),
            ("ดร. ธวัชชัย ดอยอ่างขาง", "ดร.", "ธวัชชัย ดอยอ่างขาง"),
            ("ผศ.ดร.มานะ ชูใจ", "ผศ.ดร.", "มานะ ชูใจ"),
            ("รศ.นพ.มานะ ชูใจ", "รศ.นพ.", "มานะ ชูใจ"),
            ("ดร.สมพงษ์", "ดร.", "สมพงษ์"),
            ("คุณสมชาย", "คุณ", "สมชาย"),
            ("หมอ ดี", "", "หมอ ดี"),
            ("นางสาว สายสมร", "", "นางสาว สายสมร"),
            ("พระครู สมชาย", "", "พระครู สมชาย"),
            ("ผศ. ดร. มานะ ชูใจ", "ผศ.ดร.", "มานะ ชูใจ"),
            ("นายฤทธิ์ ใจดี", "นาย", "ฤทธิ์ ใจดี"),
            ("Mr. John Smith", "Mr.", "John Smith"),
            ("อาซา มูลดอย", "", "อาซา มูลดอย"),
            ("อ.แดง ดี", "อ.", "แดง ดี"),
            ("นาย", "", "นาย"),
            ("", "", ""),
        ];
        for (cell, title, full) in cases {
            let name = PersonName::parse(cell);
            assert_eq!((name.title.as_str(), name.full().as_str()), (title, full), "{cell}");
        }
    }

    #[test]
    fn brackets_hold_nicknames_or_notes() {
        let name = PersonName::parse("นางปิยมาศ สมบูรณ์ชัย (สกุลใหม่)");
        assert_eq!((name.full().as_str(), name.nickname()), ("ปิยมาศ สมบูรณ์ชัย", None));
        assert_eq!(name.notes, ["สกุลใหม่"]);
        let name = PersonName::parse("สมชาย (ชื่อเล่น ต้อม) ใจดี [ประธาน]");
        assert_eq!((name.full().as_str(), name.nickname()), ("สมชาย ใจดี", Some("ต้อม")));
        let name = PersonName::parse("สมชาย ใจดี (นก");
        assert_eq!((name.full().as_str(), name.nickname()), ("สมชาย ใจดี", Some("นก")));
    }

    #[test]
    fn keys_join_what_was_typed_differently() {
        let one = PersonName::parse("น.ส. นำ้ทิพย์  เเสนคำลือ").key();
        assert_eq!(one, PersonName::parse("น้ำทิพย์ แสนคำลือ").key());
        assert_eq!(one.as_str(), "น้ำทิพย์แสนคำลือ");
        assert_eq!(PersonName::parse("JOHN Smith").key().as_str(), "johnsmith");
        assert!(PersonName::parse("สายสมร").is_partial());
        assert!(!PersonName::from_parts("สมาน", "แสนคำลือ").is_partial());
    }

    #[test]
    fn mentions_lose_one_word_of_respect() {
        let cases: [(&str, &[&str]); 9] = [
            ("พี่แดง", &["พี่แดง", "แดง"]),
            ("น้องแจ๊ค", &["น้องแจ๊ค", "แจ๊ค"]),
            ("ป้ากบ", &["ป้ากบ", "กบ"]),
            ("คุณแดง", &["คุณแดง", "แดง"]),
            ("ยายคำ", &["ยายคำ", "คำ"]),
            ("กะนะ", &["กะนะ", "นะ"]),
            ("อาจารย์แดง", &["อาจารย์แดง", "แดง"]),
            ("พี่ ปุ๊ก", &["พี่ปุ๊ก", "ปุ๊ก"]),
            ("เมย์", &["เมย์"]),
        ];
        for (mention, forms) in cases {
            assert_eq!(short_forms(mention), forms, "{mention}");
        }
        assert!(short_forms("  ").is_empty());
    }

    #[test]
    fn distances_known_from_the_literature_and_from_sheets() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ทองสุขวงศ์ดอยคำ", "ทองสุขวงค์ดอยคำ"), 1);
        assert_eq!(distance("รักษ์ต้นน้ำ", "รักษต้นน้ำ"), 1);
        assert_eq!(distance("", "กขค"), 3);
        assert!(within("บุญศรีคำดอย", "บุญศรีคำลอย", 1));
        assert!(!within("สมชาย", "สมหญิง", 2));
    }

    proptest! {
        #[test]
        fn distance_is_a_metric(a in "[กขค]{0,6}", b in "[กขค]{0,6}", c in "[กขค]{0,6}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c));
            for most in 0..7 {
                prop_assert_eq!(within(&a, &b, most), distance(&a, &b) <= most);
            }
        }

        #[test]
        fn any_cell_gives_a_name_without_brackets_or_double_spaces(cell in "\\PC{0,30}") {
            let name = PersonName::parse(&cell);
            let full = name.full();
            prop_assert!(!full.contains("  ") && !full.contains('('));
            prop_assert!(!name.key().as_str().contains(' '));
        }
    }
}
