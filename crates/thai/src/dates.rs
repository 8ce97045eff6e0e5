//! Dates as Thai people write them, and back: Buddhist years, Thai months, spreadsheets' serial numbers.
//!
//! Kept is the Gregorian date only; Thai readers see พ.ศ., English readers CE. A date may be known to the year, the
//! month or the day ([`PartialDate`]), and keeps that precision. A year written with two digits could be either
//! calendar's, so a [`Reading`] says when a person should confirm it.
//!
//! Source: the project's import rule on dates. The Buddhist year is the Gregorian one plus 543, with the same months
//! and leap days (Thailand's calendar since 1941).

use jiff::civil::{Date, Time, date};

mod parse;
mod show;
mod vocabulary;

pub use parse::parse;
pub use show::{Style, month_name, relative, show, show_reading, show_time, weekday_name};

/// Years between the two calendars.
pub const BUDDHIST_OFFSET: i16 = 543;
/// From this year on a number is read as a Buddhist year.
const FIRST_BUDDHIST_YEAR: i16 = 2400;

/// The Gregorian year of a year written with four digits: 2569 → 2026, 2026 → 2026.
#[must_use]
pub const fn gregorian_year(written: i16) -> i16 {
    if written >= FIRST_BUDDHIST_YEAR { written - BUDDHIST_OFFSET } else { written }
}

/// The Buddhist year of a Gregorian one: 2026 → 2569.
#[must_use]
pub const fn buddhist_year(gregorian: i16) -> i16 {
    gregorian + BUDDHIST_OFFSET
}

/// A date as exactly as it is known, Gregorian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Only the year.
    Year(i16),
    /// Year and month (1 to 12).
    Month(i16, i8),
    /// The day.
    Day(Date),
}

impl PartialDate {
    /// Year and month, if there is such a month.
    #[must_use]
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).ok().map(|_| Self::Month(year, month))
    }

    /// The Gregorian year.
    #[must_use]
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) => day.year(),
        }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Year(_) | Self::Month(..) => None,
        }
    }

    /// The first day it could be: for ordering, never for showing.
    #[must_use]
    pub fn earliest(self) -> Date {
        match self {
            Self::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
            Self::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
            Self::Day(day) => day,
        }
    }

    /// `2017`, `2019-03` or `2021-10-01` (ISO 8601): how it is kept.
    #[must_use]
    pub fn iso(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Day(day) => day.to_string(),
        }
    }

    /// Reads back what [`iso`](Self::iso) wrote.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year: i16 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let Some(month) = parts.next() else {
            return Date::new(year, 1, 1).ok().map(|_| Self::Year(year));
        };
        let month: i8 = month.parse().ok()?;
        match parts.next() {
            None => Self::month(year, month),
            Some(day) => Date::new(year, month, day.parse().ok()?).ok().map(Self::Day),
        }
    }
}

/// A date read from a text or a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Gregorian, as exactly as written.
    pub date: PartialDate,
    /// Bangkok time, where one was written.
    pub time: Option<Time>,
    /// The year had two digits and no era (พ.ศ., ค.ศ.): show it and let a person confirm.
    pub ambiguous_year: bool,
}

impl Reading {
    /// From 2000 to 2035: outside, a date about the network's life is a slip. Birthdays are not asked.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        (2000..=2035).contains(&self.date.year())
    }

    /// `2024-01-15T08:00` with a time, else as [`PartialDate::iso`].
    #[must_use]
    pub fn iso(&self) -> String {
        match self.time {
            Some(time) => format!("{}T{:02}:{:02}", self.date.iso(), time.hour(), time.minute()),
            None => self.date.iso(),
        }
    }
}

/// Why a text gave no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Nothing was written.
    #[error("no date was written")]
    Empty,
    /// Words without a date: "หลังสงกรานต์".
    #[error("the words name no day, month or year")]
    Vague,
    /// A day, month or time that does not exist: 31 February, month 15.
    #[error("there is no such day or time")]
    Invalid,
}

/// How a workbook counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateSystem {
    /// Day 1 is 1900-01-01, and 1900 has a 29 February that never was.
    #[default]
    Since1900,
    /// Day 0 is 1904-01-01 (older Macintosh workbooks).
    Since1904,
}

/// A spreadsheet's serial number, whole days and a fraction for the time. A date typed with a Buddhist year (the
/// serial lies in 2400 or later) is turned back; an integer has no time.
///
/// # Errors
/// [`Unread::Invalid`] outside the calendar of spreadsheets, for 1900-02-29, and for a Buddhist 29 February that the
/// Gregorian year lacks; [`Unread::Vague`] for a time without a day.
///
/// ```
/// use thai::dates::{DateSystem, from_serial};
/// assert_eq!(from_serial(45306.33333333334, DateSystem::Since1900)?.iso(), "2024-01-15T08:00");
/// assert_eq!(from_serial(243680.0, DateSystem::Since1900)?.iso(), "2024-03-03");
/// # Ok::<(), thai::dates::Unread>(())
/// ```
pub fn from_serial(serial: f64, system: DateSystem) -> Result<Reading, Unread> {
    const LAST: f64 = 2_958_466.0; // the day after 9999-12-31
    if !(0.0..LAST).contains(&serial) {
        return Err(Unread::Invalid);
    }
    let whole = serial.floor();
    let has_time = serial > whole;
    // the fraction is a rounded decimal: the second is the finest a sheet shows
    let seconds = ((serial - whole) * 86_400.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "both are whole and inside the range checked above")]
    let (mut days, mut seconds) = (whole as i64, seconds as i64);
    if seconds == 86_400 {
        (days, seconds) = (days + 1, 0);
    }
    let base = match system {
        DateSystem::Since1904 => date(1904, 1, 1),
        DateSystem::Since1900 if days == 60 => return Err(Unread::Invalid),
        DateSystem::Since1900 if days == 0 => return Err(Unread::Vague),
        DateSystem::Since1900 if days < 60 => date(1899, 12, 31),
        DateSystem::Since1900 => date(1899, 12, 30),
    };
    let day = base.checked_add(jiff::Span::new().days(days)).map_err(|_| Unread::Invalid)?;
    let day = Date::new(gregorian_year(day.year()), day.month(), day.day()).map_err(|_| Unread::Invalid)?;
    let time =
        Time::midnight().checked_add(jiff::Span::new().seconds(seconds)).map_err(|_| Unread::Invalid)?;
    Ok(Reading { date: PartialDate::Day(day), time: has_time.then_some(time), ambiguous_year: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_of_real_sheets() {
        let cases = [
            (45306.33333333334, "2024-01-15T08:00"),
            (243637.3798611111, "2024-01-19T09:07"),
            (45338.705556, "2024-02-16T16:56"),
            (45342.71041666667, "2024-02-20T17:03"),
            (45327.0, "2024-02-05"),
            (243680.0, "2024-03-03"),
            (61.0, "1900-03-01"),
            (1.0, "1900-01-01"),
        ];
        for (serial, iso) in cases {
            assert_eq!(from_serial(serial, DateSystem::Since1900).unwrap().iso(), iso, "{serial}");
        }
        assert_eq!(from_serial(43844.0, DateSystem::Since1904).unwrap().iso(), "2024-01-15");
        assert_eq!(from_serial(60.0, DateSystem::Since1900), Err(Unread::Invalid));
        assert_eq!(from_serial(0.5, DateSystem::Since1900), Err(Unread::Vague));
        for bad in [-1.0, f64::NAN, f64::INFINITY, 3e6] {
            assert_eq!(from_serial(bad, DateSystem::Since1900), Err(Unread::Invalid), "{bad}");
        }
        // 2568-02-29 exists as a Gregorian date, 2025-02-29 does not
        let leap = (date(2568, 2, 29) - date(1899, 12, 30)).get_days();
        assert_eq!(from_serial(f64::from(leap), DateSystem::Since1900), Err(Unread::Invalid));
    }

    #[test]
    fn iso_keeps_the_precision() {
        for text in ["2017", "2019-03", "2021-10-01"] {
            assert_eq!(PartialDate::from_iso(text).unwrap().iso(), text);
        }
        for text in ["", "17", "2019-13", "2021-02-30", "2021-10-01-01"] {
            assert_eq!(PartialDate::from_iso(text), None, "{text}");
        }
    }
}
