//! Numbers, money and land as Thai people write them.
//!
//! Land is measured in ไร่, งาน and ตารางวา: 1 rai = 4 ngan = 400 square wa = 1,600 m² (Thai metric standard of 1923).

use crate::Lang;
use crate::text::{fold, is_empty_word};

/// A number with a comma every three digits: `1,234,567`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Money in baht: `1,250 บาท`, `1,250 baht`.
#[must_use]
pub fn baht(amount: i64, lang: Lang) -> String {
    let unit = match lang {
        Lang::Thai => "บาท",
        Lang::English => "baht",
    };
    format!("{} {unit}", grouped(amount))
}

/// Reads a number written with Thai or Western digits, with or without commas: `๑,๒๕๐.๕๐`. `None` if anything else
/// stands in it.
///
/// ```
/// assert_eq!(thai::numbers::parse("๑,๒๕๐.๕๐"), Some(1250.5));
/// assert_eq!(thai::numbers::parse("12 คน"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    if is_empty_word(text) || text.len() > 80 {
        return None;
    }
    let folded = fold(text);
    let plain: String = folded.chars().filter(|&c| c != ',' && c != ' ').collect();
    let digits = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let numeric =
        digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    if numeric { plain.parse().ok() } else { None }
}

/// An area of land, kept in square wa (4 m²), which is exact for every way of writing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Land {
    square_wa: u32,
}

impl Land {
    /// From rai, ngan and square wa; `None` beyond about 10 million rai.
    #[must_use]
    pub fn new(rai: u32, ngan: u32, wa: u32) -> Option<Self> {
        let square_wa = rai.checked_mul(400)?.checked_add(ngan.checked_mul(100)?)?.checked_add(wa)?;
        Some(Self { square_wa })
    }

    /// Square meters.
    #[must_use]
    pub fn square_meters(self) -> f64 {
        f64::from(self.square_wa) * 4.0
    }

    /// Whole rai, the ngan left over, and the square wa left over.
    #[must_use]
    pub const fn parts(self) -> (u32, u32, u32) {
        (self.square_wa / 400, self.square_wa % 400 / 100, self.square_wa % 100)
    }

    /// `3 ไร่ 2 งาน 50 ตารางวา`; parts that are nothing are left out.
    #[must_use]
    pub fn show(self, lang: Lang) -> String {
        let (rai, ngan, wa) = self.parts();
        let names = match lang {
            Lang::Thai => ["ไร่", "งาน", "ตารางวา"],
            Lang::English => ["rai", "ngan", "sq wa"],
        };
        let shown: Vec<String> = [rai, ngan, wa]
            .into_iter()
            .zip(names)
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{} {name}", grouped(i64::from(count))))
            .collect();
        if shown.is_empty() { format!("0 {}", names[0]) } else { shown.join(" ") }
    }

    /// Reads `3 ไร่ 2 งาน 50 ตารางวา` (also ตร.ว., วา, `rai`), `2.5 ไร่`, or a deed's `3-2-50`; `None` for anything else.
    ///
    /// ```
    /// use thai::numbers::Land;
    /// assert_eq!(Land::parse("๓ ไร่ ๒ งาน ๕๐ ตร.ว."), Land::new(3, 2, 50));
    /// assert_eq!(Land::parse("3-2-50"), Land::new(3, 2, 50));
    /// assert_eq!(Land::parse("2.5 ไร่").map(|land| land.square_meters()), Some(4000.0));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 200 {
            return None;
        }
        let folded: String =
            fold(text).replace("ตร.ว.", "วา").replace("ตร.วา", "วา").replace("ตารางวา", "วา");
        let deed: Vec<&str> = folded.split('-').map(str::trim).collect();
        if let [rai, ngan, wa] = *deed.as_slice() {
            return Self::new(rai.parse().ok()?, ngan.parse().ok()?, wa.parse().ok()?);
        }
        let mut total = 0.0;
        let mut rest = folded.trim();
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let digits =
                rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
            let (number, after) = rest.split_at_checked(digits)?;
            let after = after.trim_start();
            let units =
                [("ไร่", 400.0), ("rai", 400.0), ("งาน", 100.0), ("ngan", 100.0), ("sq wa", 1.0), ("วา", 1.0)];
            let (after, worth) =
                units.iter().find_map(|(unit, worth)| Some((after.strip_prefix(unit)?, worth)))?;
            total += parse(number)? * worth;
            rest = after.trim_start();
        }
        let whole = (0.0..=f64::from(u32::MAX)).contains(&total);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
        whole.then(|| Self { square_wa: total.round() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_money() {
        for (number, shown) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1_234_567, "-1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(grouped(number), shown);
        }
        assert_eq!(baht(1250, Lang::Thai), "1,250 บาท");
        assert_eq!(parse("-5"), Some(-5.0));
        for text in ["", "-", "ไม่มี", "1.2.3", "inf", "nan", "1e9", "."] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn land_that_is_none() {
        for text in ["", "ไร่", "3 ไร่กว่า", "3-2", "5 เมตร", "99999999999 ไร่"]
        {
            assert_eq!(Land::parse(text), None, "{text}");
        }
        assert_eq!(Land::new(0, 0, 0).map(|land| land.show(Lang::Thai)).as_deref(), Some("0 ไร่"));
    }

    proptest! {
        #[test]
        fn land_shown_is_read_back(rai in 0u32..100_000, ngan in 0u32..4, wa in 0u32..100) {
            let land = Land::new(rai, ngan, wa).unwrap();
            for lang in [Lang::Thai, Lang::English] {
                prop_assert_eq!(Land::parse(&land.show(lang)), Some(land));
            }
            prop_assert_eq!(land.parts(), (rai, ngan, wa));
        }

        #[test]
        fn grouped_numbers_are_read_back(number in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(parse(&grouped(number)), Some(number as f64));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,30}") {
            let _ = Land::parse(&text);
        }
    }
}
