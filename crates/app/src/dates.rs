//! Moments and days on screen: Bangkok time, the Buddhist era in Thai.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use store::Micros;
use thai::Lang;
use thai::dates::{PartialDate, Style};

/// Thailand keeps one offset all year.
fn bangkok() -> TimeZone {
    TimeZone::fixed(Offset::constant(7))
}

/// The calendar day of a moment.
#[must_use]
pub fn day(at: Micros) -> Date {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(bangkok()).date()
}

/// The first moment of a day.
#[must_use]
pub fn start_of(day: Date) -> Micros {
    let zoned = day.to_zoned(bangkok());
    Micros(zoned.map_or(0, |zoned| zoned.timestamp().as_microsecond()))
}

/// The first moment of a day as a form gives it, `2026-11-22`.
#[must_use]
pub fn read(text: &str) -> Option<Micros> {
    text.trim().parse::<Date>().ok().map(start_of)
}

/// 22 พ.ย. 2569
#[must_use]
pub fn short(at: Micros, lang: Lang) -> String {
    short_day(PartialDate::Day(day(at)), lang)
}

/// As [`short`] with ordinary spaces, for files: whoever looks for a day in a sheet types those.
#[must_use]
pub fn plain(at: Micros, lang: Lang) -> String {
    thai::dates::show(PartialDate::Day(day(at)), lang, Style::Short)
}

/// As [`short`], of a day; it never breaks at the end of a line.
#[must_use]
pub fn short_day(day: PartialDate, lang: Lang) -> String {
    thai::dates::show(day, lang, Style::Short).replace(' ', "\u{a0}")
}

/// 22 พ.ย. 2569 09:30 น.
#[must_use]
pub fn with_time(at: Micros, lang: Lang) -> String {
    let zoned = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(bangkok());
    format!("{} {}", short(at, lang), thai::dates::show_time(zoned.time(), lang))
}

/// How long ago, in words.
#[must_use]
pub fn relative(at: Micros, now: Micros, lang: Lang) -> String {
    thai::dates::relative(day(at), day(now), lang)
}
