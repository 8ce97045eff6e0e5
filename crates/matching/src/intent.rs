//! What someone can give or is in need of, as the engine reads it: words, tapped categories, place, days, mode,
//! capacity. Who they are by name, and what of it others may see, is not here.

use std::fmt;

use thai::Lang;

use crate::taxonomy::CategoryId;

/// The caller's own key of an offer or need (a database id, a line number).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentKey(pub u64);

/// The caller's own key of a person, group or organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorKey(pub u64);

/// Whether an intent gives or asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// ให้: what someone can give
    Offer,
    /// ขอ: what someone would like help with
    Need,
}

/// What kind of member owns an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnerKind {
    /// One person
    Person,
    /// A group without legal form, also a farmers' or elders' group
    Group,
    /// An organization
    Organization,
}

/// How help can be given or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// At a place only
    Onsite,
    /// Over phone or internet only
    Online,
    /// Either way
    Either,
}

impl Mode {
    pub(crate) const fn online(self) -> bool {
        !matches!(self, Self::Onsite)
    }

    pub(crate) const fn onsite(self) -> bool {
        !matches!(self, Self::Online)
    }
}

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a Gregorian date; `None` if there is no such day. Years 1 to 9999.
    #[must_use]
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let longest = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if !(1..=9999).contains(&year) || day == 0 || day > longest {
            return None;
        }
        // days before a month when the year begins in March, so that the leap day comes last
        let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
        let in_year = (153 * m + 2) / 5 + day - 1;
        let era_days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
        Some(Self(era_days + i32::try_from(in_year).ok()? - 719_468))
    }

    /// Reads `2026-12-01`; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !shaped || !digits {
            return None;
        }
        Self::from_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }
}

/// The days in which help is on offer or wanted, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// First day
    pub from: Option<Day>,
    /// Last day
    pub until: Option<Day>,
}

impl Window {
    /// The days two windows share, if any.
    #[must_use]
    pub fn shared(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match (from, until) {
            (Some(first), Some(last)) if first > last => None,
            _ => Some(Self { from, until }),
        }
    }

    /// Number of days, if both ends are known.
    #[must_use]
    pub fn days(self) -> Option<i32> {
        Some(self.until?.0.saturating_sub(self.from?.0).saturating_add(1))
    }
}

/// A place by its official code, small enough to keep millions.
///
/// Thai places are read as ISO 3166-2 (`TH-50`) or as the codes of the Department of Provincial Administration with
/// two digits for a province, four for a district, six for a subdistrict (`5001`, `500101`, also `TH-5001`); any other
/// ISO 3166-2 code (`LA-VT`) stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area(u32);

const FOREIGN: u32 = 1 << 31;

impl Area {
    /// Reads a code; `None` if it is none of the forms above.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let digits = code.strip_prefix("TH-").unwrap_or(code);
        if digits.bytes().all(|b| b.is_ascii_digit()) && matches!(digits.len(), 2 | 4 | 6) {
            return digits.parse().ok().map(Self);
        }
        let (country, part) = code.split_once('-')?;
        let capital = |s: &str| s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if country.len() != 2 || !(1..=3).contains(&part.len()) || !capital(country) || !capital(part) {
            return None;
        }
        // two letters and up to three letters or digits in base 37 need 27 bits
        let packed = country.bytes().chain(part.bytes()).fold(0_u32, |sum, b| {
            let digit = if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 };
            sum * 37 + u32::from(digit) + 1
        });
        Some(Self(packed | FOREIGN))
    }

    /// The two-digit number of the Thai province it is or lies in.
    #[must_use]
    pub fn province(self) -> Option<u8> {
        if self.0 & FOREIGN != 0 {
            return None;
        }
        let number = match self.0 {
            0..=99 => self.0,
            100..=9_999 => self.0 / 100,
            _ => self.0 / 10_000,
        };
        u8::try_from(number).ok()
    }

    /// 1 a province, 2 a district, 3 a subdistrict.
    #[must_use]
    pub fn level(self) -> u8 {
        match self.0 {
            code if code & FOREIGN != 0 => 1,
            0..=99 => 1,
            100..=9_999 => 2,
            _ => 3,
        }
    }

    /// How far two places agree: 0 not at all, 1 in the province, 2 in the district, 3 in the subdistrict.
    #[must_use]
    pub fn agreement(self, other: Self) -> u8 {
        if (self.0 | other.0) & FOREIGN != 0 {
            return u8::from(self == other);
        }
        if self.province() != other.province() {
            return 0;
        }
        let (Some(a), Some(b)) = (self.district(), other.district()) else { return 1 };
        if a != b {
            return 1;
        }
        if self.level() == 3 && self == other { 3 } else { 2 }
    }

    /// Whether neither place names a part the other one contradicts: a province holds its districts.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.agreement(other) >= self.level().min(other.level())
    }

    fn district(self) -> Option<u32> {
        match self.level() {
            2 => Some(self.0),
            3 => Some(self.0 / 100),
            _ => None,
        }
    }

    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 & FOREIGN == 0 {
            let width = usize::from(self.level()) * 2;
            return write!(f, "TH-{:0width$}", self.0);
        }
        let mut rest = self.0 & !FOREIGN;
        let mut signs = Vec::new();
        while rest > 0 {
            let digit = u8::try_from(rest % 37).unwrap_or(0).saturating_sub(1);
            signs.push(char::from(if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }));
            rest /= 37;
        }
        signs.reverse();
        let code: String = signs.into_iter().collect();
        let (country, part) = code.split_at_checked(2).unwrap_or((&code, ""));
        write!(f, "{country}-{part}")
    }
}

/// Where an offer reaches or a need arises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Wherever it is wanted
    Everywhere,
    /// These places
    Areas(Vec<Area>),
}

/// An offer or a need.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The caller's key
    pub key: IntentKey,
    /// Its owner, where known; without one, ties, reciprocity and rings see nothing
    pub actor: Option<ActorKey>,
    /// Gives or asks
    pub side: Side,
    /// What its author wrote
    pub text: String,
    /// Categories its author tapped; empty if none
    pub categories: Vec<CategoryId>,
    /// What kind of member owns it
    pub owner: OwnerKind,
    /// How
    pub mode: Mode,
    /// Where
    pub reach: Reach,
    /// When
    pub window: Window,
    /// How many more requests an offer can take; `None` if not limited. Without meaning for a need
    pub capacity: Option<u32>,
    /// Language it is written in
    pub lang: Lang,
    /// The day it was made or last renewed, where known
    pub renewed: Option<Day>,
    /// How its owner kept up with requests so far
    pub record: Record,
}

/// How often an owner was asked and answered in time; never how popular they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Requests that came
    pub asked: u32,
    /// Of these, answered within the owner's own rhythm
    pub answered: u32,
}

impl Intent {
    /// An intent that can happen anywhere, any day, either way; set what is known.
    #[must_use]
    pub fn new(key: IntentKey, side: Side, text: impl Into<String>) -> Self {
        Self {
            key,
            actor: None,
            side,
            text: text.into(),
            categories: Vec::new(),
            owner: OwnerKind::Person,
            mode: Mode::Either,
            reach: Reach::Everywhere,
            window: Window::default(),
            capacity: None,
            lang: Lang::Thai,
            renewed: None,
            record: Record::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        assert_eq!(Day::parse("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::parse("2000-02-29"), Some(Day(11_016)));
        assert_eq!(Day::parse("2026-12-01"), Some(Day(20_788)));
        for bad in ["2026-02-29", "2026-13-01", "2026-1-01", "26-12-01", "2026-12-01x", "", "+026-12-01"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn areas_hold_their_parts() {
        let area = |code| Area::parse(code).unwrap();
        assert!(area("TH-50").overlaps(area("5001")));
        assert!(area("500101").overlaps(area("5001")));
        assert!(!area("500201").overlaps(area("5001")));
        assert!(!area("TH-50").overlaps(area("TH-51")));
        assert!(area("LA-VT").overlaps(area("LA-VT")));
        assert!(!area("LA-VT").overlaps(area("LA-VI")));
        assert_eq!(area("500101").agreement(area("500101")), 3);
        assert_eq!(area("500101").agreement(area("500102")), 2);
        for code in ["TH-50", "TH-5001", "TH-500101", "LA-VT", "TH-S"] {
            assert_eq!(area(code).to_string(), code);
        }
        for bad in ["", "*", "chiang mai", "TH", "TH-", "th-50", "TH-12345", "ลำปาง"] {
            assert_eq!(Area::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn windows_share_days_or_not() {
        let window = |a, b| Window { from: Day::parse(a), until: Day::parse(b) };
        let december = window("2026-12-01", "2026-12-31");
        assert_eq!(december.shared(window("2026-12-31", "2027-01-05")).unwrap().days(), Some(1));
        assert_eq!(december.shared(window("2027-01-01", "")), None);
        assert_eq!(december.shared(Window::default()), Some(december));
    }
}
