//! Reading a whole address out of one cell.

use super::find::{Resolved, find_province, resolve};
use super::{Found, Level};
use crate::text::fold;

const MARKS: [(&str, Level); 13] = [
    ("ตำบล", Level::Subdistrict),
    ("ต.", Level::Subdistrict),
    ("แขวง", Level::Subdistrict),
    ("tambon ", Level::Subdistrict),
    ("กิ่งอำเภอ", Level::District),
    ("อำเภอ", Level::District),
    ("อ.", Level::District),
    ("เขต", Level::District),
    ("amphoe ", Level::District),
    ("จังหวัด", Level::Province),
    ("จ.", Level::Province),
    ("จว.", Level::Province),
    ("changwat ", Level::Province),
];

/// The place an address in one cell names: `12 หมู่ 4 ต.แม่แฝก อ.สันทราย จ.เชียงใหม่ 50290`, or the three names without
/// their marks, smallest first, ending in the province. House number, village and postal code are passed over.
///
/// ```
/// let found = thai::places::read_address("12 หมู่ 4 ต.แม่แฝก อ.สันทราย จ.เชียงใหม่ 50290");
/// assert_eq!(found.place.map(|code| code.number()), Some(501409));
/// ```
#[must_use]
pub fn read_address(cell: &str) -> Resolved {
    let folded = fold(cell);
    let marked = |level| after_mark(&folded, level).unwrap_or_default();
    let (subdistrict, district, province) =
        (marked(Level::Subdistrict), marked(Level::District), marked(Level::Province));
    let words: Vec<&str> = folded.split([' ', ',']).filter(|word| is_name(word)).collect();
    let unmarked = |from_end: usize| {
        let at = words.len().checked_sub(from_end + 1)?;
        words.get(at).copied().filter(|word| !MARKS.iter().any(|(mark, _)| word.starts_with(mark.trim_end())))
    };
    let province = if province.is_empty() {
        unmarked(0).filter(|word| !matches!(find_province(word), Found::Unknown)).unwrap_or_default()
    } else {
        province
    };
    if subdistrict.is_empty() && district.is_empty() && !province.is_empty() {
        return unmarked_address(&words, province);
    }
    resolve(province, district, subdistrict)
}

/// Names alone: as much of "sub-district district province" as is understood.
fn unmarked_address(words: &[&str], province: &str) -> Resolved {
    let before =
        |from_end: usize| words.len().checked_sub(from_end + 1).and_then(|at| words.get(at)).copied();
    let last = usize::from(before(0).is_some_and(|word| word.ends_with(province)));
    for (subdistrict, district) in [(before(last + 1), before(last)), (None, before(last)), (None, None)] {
        let found = resolve(province, district.unwrap_or_default(), subdistrict.unwrap_or_default());
        if found.doubts.is_empty() {
            return found;
        }
    }
    resolve(province, "", "")
}

/// Not a house or village number, not a postal code.
fn is_name(word: &str) -> bool {
    !word.is_empty() && !word.bytes().any(|b| b.is_ascii_digit())
}

/// What stands after a level's mark, to the next space, comma or mark.
fn after_mark(folded: &str, level: Level) -> Option<&str> {
    let from = MARKS.iter().filter(|(_, of)| *of == level).find_map(|(mark, _)| {
        let (before, after) = folded.split_once(mark)?;
        let begins = !mark.ends_with('.') || !ends_in_abbreviation(before);
        begins.then_some(after)
    })?;
    let from = from.trim_start();
    let end = from.find([' ', ',', '/', '(']).unwrap_or(from.len());
    let name = from.get(..end)?;
    let next = MARKS.iter().filter_map(|(mark, _)| name.find(mark)).filter(|at| *at > 0).min();
    name.get(..next.unwrap_or(end))
}

/// The ต. of ทต. and the จ. of อบจ. are no marks: one or two consonants alone stand before them.
fn ends_in_abbreviation(before: &str) -> bool {
    let run = before.rsplit([' ', ',', '.']).next().unwrap_or_default();
    (1..=2).contains(&run.chars().count()) && run.chars().all(crate::text::is_consonant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_in_one_cell() {
        let cases = [
            ("12 หมู่ 4 ต.แม่แฝก อ.สันทราย จ.เชียงใหม่ 50290", 501409),
            ("ต.แม่แฝกอ.สันทรายจ.เชียงใหม่", 501409),
            ("ตำบลแม่แฝก อำเภอสันทราย จังหวัดเชียงใหม่", 501409),
            ("แม่แฝก สันทราย เชียงใหม่", 501409),
            ("แขวงสีลม เขตบางรัก กรุงเทพฯ 10500", 100402),
            ("อ.แม่ริม เชียงใหม่", 5007),
            ("สันทราย เชียงใหม่", 5014),
            ("บ้านห้วยฟ้าใส เชียงใหม่", 50),
            ("เชียงใหม่", 50),
            ("อ. เมือง จ. ลำพูน", 5101),
            ("อ.แม่สรวย", 5710),
            ("ทต.แม่แฝก อ.สันทราย จ.เชียงใหม่", 5014),
        ];
        for (cell, code) in cases {
            assert_eq!(read_address(cell).place.map(|c| c.number()), Some(code), "{cell}");
        }
        assert_eq!(read_address("").place, None);
        assert_eq!(read_address("ใกล้วัด").place, None);
    }

    proptest! {
        #[test]
        fn no_address_is_too_strange(cell in "[ก-ฮะ-์ .,/0-9a-zตอจ]{0,40}") {
            let _ = read_address(&cell);
        }
    }
}
