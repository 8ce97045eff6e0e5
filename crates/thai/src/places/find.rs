//! Reading a place out of a cell.

use super::provinces::PROVINCES;
use super::table::{children, districts, provinces};
use super::{BANGKOK, Level, Place, PlaceCode, get};
use crate::names::within;
use crate::spelling::skeleton;
use crate::text::{fold, is_empty_word};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a cell named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The place, without doubt.
    Place(PlaceCode),
    /// Probably this one: the cell is one letter off. To be asked, never taken.
    Suggestion(PlaceCode),
    /// Several places have this name.
    Ambiguous(Vec<PlaceCode>),
    /// No place is called so.
    Unknown,
    /// Nothing was written.
    Empty,
}

impl Found {
    /// The place, if there is no doubt.
    #[must_use]
    pub const fn place(&self) -> Option<PlaceCode> {
        match self {
            Self::Place(code) => Some(*code),
            _ => None,
        }
    }
}

/// The province a cell names: official names in both languages, with or without จังหวัด or จ., the official two-letter
/// abbreviation (ชม.), what people say (โคราช, แปดริ้ว, "Korat").
///
/// ```
/// use thai::places::{Found, find_province};
/// assert_eq!(find_province("จ. เชียงราย").place().map(|c| c.number()), Some(57));
/// assert_eq!(find_province("ชม.").place().map(|c| c.number()), Some(50));
/// assert!(matches!(find_province("เชียงไหม่"), Found::Suggestion(_)));
/// ```
#[must_use]
pub fn find_province(cell: &str) -> Found {
    if is_empty_word(cell) {
        return Found::Empty;
    }
    let key = key(cell, &["จังหวัด", "จ.", "จ ", "changwat ", "province of "], &[" province"]);
    if let Some(code) = PROVINCE_KEYS.get(key.as_str()) {
        return Found::Place(*code);
    }
    // people also write the town: เมืองเชียงใหม่
    let town = key.strip_prefix("เมือง").or_else(|| key.strip_prefix("mueang"));
    if let Some(code) = town.and_then(|town| PROVINCE_KEYS.get(town)) {
        return Found::Suggestion(*code);
    }
    nearly(&key, PROVINCE_KEYS.iter().map(|(key, code)| (key.as_str(), *code)))
}

/// The district a cell names, with or without อำเภอ, อ., เขต. In a province "อ.เมือง" is its town; without a province a
/// name that several provinces have is ambiguous.
#[must_use]
pub fn find_district(cell: &str, province: Option<PlaceCode>) -> Found {
    if is_empty_word(cell) {
        return Found::Empty;
    }
    let prefixes = ["กิ่งอำเภอ", "กิ่งอ.", "อำเภอ", "อ.", "อ ", "เขต", "amphoe ", "amphur ", "khet "];
    let key = key(cell, &prefixes, &[" district"]);
    let Some(province) = province.map(PlaceCode::province) else {
        return among(&key, districts());
    };
    if matches!(key.as_str(), "เมือง" | "mueang" | "muang") && province.number() != BANGKOK {
        // the town's district is numbered first in every province
        return get(PlaceCode(province.number() * 100 + 1)).map_or(Found::Unknown, |p| Found::Place(p.code));
    }
    among(&key, children(province))
}

/// The sub-district a cell names, with or without ตำบล, ต., แขวง, in a district, or in a province if that is all
/// that is known.
#[must_use]
pub fn find_subdistrict(cell: &str, inside: PlaceCode) -> Found {
    if is_empty_word(cell) {
        return Found::Empty;
    }
    let key =
        key(cell, &["ตำบล", "ต.", "ต ", "แขวง", "tambon ", "khwaeng "], &[" subdistrict", " sub-district"]);
    match inside.level() {
        Level::Province => among(&key, children(inside).iter().flat_map(|d| children(d.code))),
        Level::District => among(&key, children(inside)),
        Level::Subdistrict => among(&key, get(inside)),
    }
}

/// What an address of three cells resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The smallest place known without doubt.
    pub place: Option<PlaceCode>,
    /// Cells that were not understood or want a person's word, largest place first.
    pub doubts: Vec<(Level, Found)>,
}

/// Resolves province, district and sub-district together; a blank cell is no doubt. Where the province is blank, a
/// district that only one province has settles it.
///
/// ```
/// let found = thai::places::resolve("จ.เชียงใหม่", "อ.สันทราย", "ต.แม่แฝก");
/// assert_eq!(found.place.map(|c| c.number()), Some(501409));
/// ```
#[must_use]
pub fn resolve(province: &str, district: &str, subdistrict: &str) -> Resolved {
    let mut found = Resolved { place: None, doubts: Vec::new() };
    take(&mut found, Level::Province, find_province(province));
    if found.doubts.is_empty() {
        let outcome = find_district(district, found.place);
        take(&mut found, Level::District, outcome);
    }
    if let Some(inside) = found.place {
        take(&mut found, Level::Subdistrict, find_subdistrict(subdistrict, inside));
    }
    found
}

fn take(found: &mut Resolved, level: Level, outcome: Found) {
    match outcome {
        Found::Place(code) => found.place = Some(code),
        Found::Empty => {}
        doubt => found.doubts.push((level, doubt)),
    }
}

/// How names are compared: folded, without what a place is, spaces, full stops, hyphens and ฯ.
fn key(cell: &str, prefixes: &[&str], suffixes: &[&str]) -> String {
    let folded = fold(cell);
    let mut name = folded.as_str();
    // a cell that is only "อ." names nothing
    if let Some(rest) = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    if let Some(rest) = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        name = rest;
    }
    bare(name)
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\'' | '’' | 'ฯ')).collect()
}

static PROVINCE_KEYS: LazyLock<HashMap<String, PlaceCode>> = LazyLock::new(|| {
    let mut keys = HashMap::new();
    for province in &PROVINCES {
        let names = [province.th, province.en, province.short];
        for name in names.into_iter().chain(province.others.split_whitespace()) {
            keys.insert(bare(&fold(name)), PlaceCode(province.code));
        }
    }
    keys
});

/// Each place's Thai and English name as compared; made once, for a sheet of thousands of rows asks often.
static NAME_KEYS: LazyLock<HashMap<PlaceCode, (String, String)>> = LazyLock::new(|| {
    let below = |code: PlaceCode| children(code).iter();
    let all =
        provinces().iter().flat_map(|p| below(p.code)).flat_map(|d| std::iter::once(d).chain(below(d.code)));
    all.map(|place| (place.code, (bare(&fold(place.th)), bare(&fold(place.en))))).collect()
});

fn among<'a>(key: &str, places: impl IntoIterator<Item = &'a Place>) -> Found {
    if key.is_empty() {
        return Found::Unknown;
    }
    let named: Vec<(PlaceCode, &(String, String))> =
        places.into_iter().filter_map(|p| NAME_KEYS.get(&p.code).map(|names| (p.code, names))).collect();
    let same: Vec<PlaceCode> =
        named.iter().filter(|(_, (th, en))| th == key || en == key).map(|(code, _)| *code).collect();
    match same.as_slice() {
        [] => nearly(
            key,
            named.iter().flat_map(|(code, (th, en))| [(th.as_str(), *code), (en.as_str(), *code)]),
        ),
        [one] => Found::Place(*one),
        _ => Found::Ambiguous(same),
    }
}

/// A single name one letter away or heard alike, among names of four letters and more.
fn nearly<'a>(key: &str, names: impl Iterator<Item = (&'a str, PlaceCode)>) -> Found {
    if key.chars().count() < 4 {
        return Found::Unknown;
    }
    let heard = skeleton(key);
    let is_near = |name: &str| within(key, name, 1) || skeleton(name) == heard;
    let mut near: Vec<PlaceCode> =
        names.filter(|(name, _)| name.chars().count() >= 4 && is_near(name)).map(|n| n.1).collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [] => Found::Unknown,
        [one] => Found::Suggestion(*one),
        _ => Found::Ambiguous(near),
    }
}

/// Districts whose names are everyday words, and would be seen where nobody means them.
const EVERYDAY: [&str; 12] = [
    "สันติสุข",
    "ท่าเรือ",
    "ปราสาท",
    "ชื่นชม",
    "บ้านนา",
    "หนองบัว",
    "บ้านสร้าง",
    "เฉลิมพระเกียรติ",
    "ลำดวน",
    "ท่าใหม่",
    "บ้านใหม่",
    "เทพารักษ์",
];

/// Names a lexicon may look for in running text, each with its concept: provinces by every name but the two-letter
/// ones; districts that only one province has, after อำเภอ or by a long name of their own.
pub(crate) fn names_for_lexicon() -> Vec<(String, String)> {
    let mut names = Vec::new();
    for province in &PROVINCES {
        let concept = format!("place.{}", province.code);
        let spoken = province.others.split_whitespace().filter(|name| name.chars().count() >= 5);
        for name in [province.th, province.en].into_iter().chain(spoken) {
            // เลย, ตาก and their like are words of their own
            let written = match name.chars().count() {
                5.. => vec![name.to_owned()],
                _ if name.is_ascii() => vec![format!("{name} province")],
                _ => vec![format!("จังหวัด{name}"), format!("จ.{name}")],
            };
            names.extend(written.into_iter().map(|name| (name, concept.clone())));
        }
    }
    let mut count: HashMap<&str, usize> = HashMap::new();
    for district in districts() {
        *count.entry(district.th).or_default() += 1;
    }
    let known: Vec<&str> = provinces().iter().map(|p| p.th).collect();
    for district in districts().iter().filter(|d| count.get(d.th) == Some(&1) && !known.contains(&d.th)) {
        let concept = format!("place.{}", district.code);
        names.push((format!("อำเภอ{}", district.th), concept.clone()));
        names.push((format!("อ.{}", district.th), concept.clone()));
        if district.th.chars().count() >= 6 && !EVERYDAY.contains(&district.th) {
            names.push((district.th.to_owned(), concept));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(found: &Found) -> Option<u32> {
        found.place().map(PlaceCode::number)
    }

    #[test]
    fn provinces_as_sheets_write_them() {
        let cases = [
            ("เชียงใหม่", 50),
            ("จ.เชียงใหม่", 50),
            ("จังหวัดเชียงใหม่", 50),
            ("จ. เชียงราย", 57),
            ("ชม.", 50),
            ("ชร.", 57),
            ("ลพ.", 51),
            ("จ.ลพ", 51),
            ("กทม.", 10),
            ("กรุงเทพฯ", 10),
            ("โคราช", 30),
            ("อยุธยา", 14),
            ("Chiangmai", 50),
            ("chiang mai province", 50),
            ("Lopburi", 16),
            ("Phang Nga", 82),
            ("นครศรีฯ", 80),
            ("เเพร่", 54),
        ];
        for (cell, code) in cases {
            assert_eq!(number(&find_province(cell)), Some(code), "{cell}");
        }
        assert_eq!(find_province("ไม่ระบุ"), Found::Empty);
        assert_eq!(find_province("ญี่ปุ่น"), Found::Unknown);
        assert_eq!(find_province("เชียงไหม่"), Found::Suggestion(PlaceCode(50)));
        assert_eq!(find_province("สุราษฏร์ธานี"), Found::Suggestion(PlaceCode(84)));
    }

    #[test]
    fn every_place_is_found_by_its_own_names() {
        for province in provinces() {
            assert_eq!(number(&find_province(province.th)), Some(province.code.number()));
            assert_eq!(number(&find_province(province.en)), Some(province.code.number()));
            for district in children(province.code) {
                let found = find_district(&district.full_thai(), Some(province.code));
                assert_eq!(number(&found), Some(district.code.number()), "{}", district.th);
            }
        }
    }

    #[test]
    fn addresses_of_the_north() {
        let cases = [
            ("เชียงใหม่", "แม่แตง", "ขี้เหล็ก", 500603),
            ("ชม.", "อำเภอแม่แตง", "อินทขิล", 500613),
            ("จ.ลำพูน", "อ.แม่ทา", "ต.ทากาศ", 510203),
            ("เชียงใหม่", "อ.เมือง", "สุเทพ", 500108),
            ("", "อ.แม่สรวย", "วาวี", 571006),
        ];
        for (province, district, subdistrict, code) in cases {
            let found = resolve(province, district, subdistrict);
            assert_eq!(
                (found.place.map(PlaceCode::number), found.doubts),
                (Some(code), vec![]),
                "{subdistrict}"
            );
        }
        let found = resolve("เชียงใหม่", "แม่ริม", "บ้านไกลปืนเที่ยง");
        assert_eq!(found.place, Some(PlaceCode(5007)));
        assert_eq!(found.doubts, [(Level::Subdistrict, Found::Unknown)]);
        assert!(matches!(find_district("บ้านไร่", None), Found::Place(_)));
        assert!(matches!(find_district("เฉลิมพระเกียรติ", None), Found::Ambiguous(list) if list.len() == 5));
        assert_eq!(find_district("แม่ริ่ม", Some(PlaceCode(50))), Found::Suggestion(PlaceCode(5007)));
    }
}
