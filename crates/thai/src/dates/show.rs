//! Showing dates: พ.ศ. to Thai readers, CE to English ones, and words for what is near.

use super::{PartialDate, Reading, buddhist_year};
use crate::Lang;
use jiff::civil::{Date, Time, Weekday};

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// 15 มกราคม 2567 · January 15, 2024
    #[default]
    Long,
    /// 15 ม.ค. 2567 · Jan 15, 2024
    Short,
}

const THAI_LONG: [&str; 12] = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
];
const THAI_SHORT: [&str; 12] =
    ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
const ENGLISH_LONG: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ENGLISH_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The name of a month (1 to 12); empty outside.
#[must_use]
pub fn month_name(month: i8, lang: Lang, style: Style) -> &'static str {
    let names = match (lang, style) {
        (Lang::Thai, Style::Long) => &THAI_LONG,
        (Lang::Thai, Style::Short) => &THAI_SHORT,
        (Lang::English, Style::Long) => &ENGLISH_LONG,
        (Lang::English, Style::Short) => &ENGLISH_SHORT,
    };
    usize::try_from(month - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

/// The name of a day of the week.
#[must_use]
pub const fn weekday_name(day: Weekday, lang: Lang) -> &'static str {
    match (lang, day) {
        (Lang::Thai, Weekday::Sunday) => "วันอาทิตย์",
        (Lang::Thai, Weekday::Monday) => "วันจันทร์",
        (Lang::Thai, Weekday::Tuesday) => "วันอังคาร",
        (Lang::Thai, Weekday::Wednesday) => "วันพุธ",
        (Lang::Thai, Weekday::Thursday) => "วันพฤหัสบดี",
        (Lang::Thai, Weekday::Friday) => "วันศุกร์",
        (Lang::Thai, Weekday::Saturday) => "วันเสาร์",
        (Lang::English, Weekday::Sunday) => "Sunday",
        (Lang::English, Weekday::Monday) => "Monday",
        (Lang::English, Weekday::Tuesday) => "Tuesday",
        (Lang::English, Weekday::Wednesday) => "Wednesday",
        (Lang::English, Weekday::Thursday) => "Thursday",
        (Lang::English, Weekday::Friday) => "Friday",
        (Lang::English, Weekday::Saturday) => "Saturday",
    }
}

/// A date as exactly as it is known: `15 มกราคม 2567`, `มี.ค. 2562`, `Jan 15, 2024`, `2017`. A Thai year standing
/// alone is written with its era, since nothing else tells it from a number.
///
/// ```
/// use thai::{Lang, dates::{PartialDate, Style, show}};
/// let day = PartialDate::from_iso("2026-12-01").unwrap();
/// assert_eq!(show(day, Lang::Thai, Style::Long), "1 ธันวาคม 2569");
/// assert_eq!(show(day, Lang::English, Style::Short), "Dec 1, 2026");
/// ```
#[must_use]
pub fn show(date: PartialDate, lang: Lang, style: Style) -> String {
    let year = match lang {
        Lang::Thai => buddhist_year(date.year()),
        Lang::English => date.year(),
    };
    match (date, lang) {
        (PartialDate::Year(_), Lang::Thai) => format!("พ.ศ. {year}"),
        (PartialDate::Year(_), Lang::English) => year.to_string(),
        (PartialDate::Month(_, month), lang) => format!("{} {year}", month_name(month, lang, style)),
        (PartialDate::Day(day), Lang::Thai) => {
            format!("{} {} {year}", day.day(), month_name(day.month(), lang, style))
        }
        (PartialDate::Day(day), Lang::English) => {
            format!("{} {}, {year}", month_name(day.month(), lang, style), day.day())
        }
    }
}

/// A time of day by the 24-hour clock: `09:30 น.`, `09:30`.
#[must_use]
pub fn show_time(time: Time, lang: Lang) -> String {
    match lang {
        Lang::Thai => format!("{:02}:{:02} น.", time.hour(), time.minute()),
        Lang::English => format!("{:02}:{:02}", time.hour(), time.minute()),
    }
}

/// A reading with its time where it has one: `27 ม.ค. 2567 11:21 น.`.
#[must_use]
pub fn show_reading(reading: &Reading, lang: Lang, style: Style) -> String {
    let date = show(reading.date, lang, style);
    match reading.time {
        Some(time) => format!("{date} {}", show_time(time, lang)),
        None => date,
    }
}

/// A day in words as seen from `today`: วันนี้, เมื่อวาน, 3 วันก่อน, อีก 2 สัปดาห์, 5 เดือนก่อน; from a year on, in
/// years. Weeks from 14 days, months from 60, whole months and years by the calendar.
///
/// ```
/// use thai::{Lang, dates::relative};
/// let today = jiff::civil::date(2026, 12, 1);
/// assert_eq!(relative(today.yesterday().unwrap(), today, Lang::Thai), "เมื่อวาน");
/// assert_eq!(relative(jiff::civil::date(2026, 11, 28), today, Lang::English), "3 days ago");
/// ```
#[must_use]
pub fn relative(then: Date, today: Date, lang: Lang) -> String {
    let days = (then - today).get_days();
    match (days, lang) {
        (0, Lang::Thai) => return "วันนี้".into(),
        (0, Lang::English) => return "today".into(),
        (-1, Lang::Thai) => return "เมื่อวาน".into(),
        (-1, Lang::English) => return "yesterday".into(),
        (-2, Lang::Thai) => return "เมื่อวานซืน".into(),
        (1, Lang::Thai) => return "พรุ่งนี้".into(),
        (1, Lang::English) => return "tomorrow".into(),
        (2, Lang::Thai) => return "มะรืนนี้".into(),
        _ => {}
    }
    let (years, months) = whole_years_and_months(then, today);
    let (count, thai, english) = match days.unsigned_abs() {
        few @ ..=13 => (few, "วัน", "day"),
        some @ 14..=59 => (some / 7, "สัปดาห์", "week"),
        _ if years == 0 => (months, "เดือน", "month"),
        _ => (years, "ปี", "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    match (lang, days < 0) {
        (Lang::Thai, true) => format!("{count} {thai}ก่อน"),
        (Lang::Thai, false) => format!("อีก {count} {thai}"),
        (Lang::English, true) => format!("{count} {english}{plural} ago"),
        (Lang::English, false) => format!("in {count} {english}{plural}"),
    }
}

/// By the calendar, as people count: 1 September to 1 December is three months.
fn whole_years_and_months(one: Date, other: Date) -> (u32, u32) {
    let (from, to) = (one.min(other), one.max(other));
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month())
        - i32::from(to.day() < from.day());
    let months = u32::try_from(months).unwrap_or_default();
    (months / 12, months)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn near_days_have_words() {
        let today = date(2026, 12, 1);
        let cases = [
            (date(2026, 12, 1), "วันนี้", "today"),
            (date(2026, 11, 29), "เมื่อวานซืน", "2 days ago"),
            (date(2026, 12, 3), "มะรืนนี้", "in 2 days"),
            (date(2026, 11, 17), "2 สัปดาห์ก่อน", "2 weeks ago"),
            (date(2026, 9, 1), "3 เดือนก่อน", "3 months ago"),
            (date(2027, 12, 1), "อีก 1 ปี", "in 1 year"),
            (date(2020, 12, 1), "6 ปีก่อน", "6 years ago"),
        ];
        for (then, thai, english) in cases {
            assert_eq!(relative(then, today, Lang::Thai), thai, "{then}");
            assert_eq!(relative(then, today, Lang::English), english, "{then}");
        }
    }

    #[test]
    fn precision_shows() {
        let shown = |iso: &str, style| show(PartialDate::from_iso(iso).unwrap(), Lang::Thai, style);
        assert_eq!(shown("2017", Style::Long), "พ.ศ. 2560");
        assert_eq!(shown("2019-03", Style::Short), "มี.ค. 2562");
        assert_eq!(shown("2024-02-29", Style::Short), "29 ก.พ. 2567");
        let reading = parse("27 ม.ค. 67 เวลา 11.21 น.").unwrap();
        assert_eq!(show_reading(&reading, Lang::Thai, Style::Short), "27 ม.ค. 2567 11:21 น.");
        assert_eq!(show_reading(&reading, Lang::English, Style::Long), "January 27, 2024 11:21");
    }

    fn any_date() -> impl Strategy<Value = PartialDate> {
        (1957i16..2150, 1i8..=12, 1i8..=28, 0u8..3).prop_map(|(y, m, d, precision)| match precision {
            0 => PartialDate::Year(y),
            1 => PartialDate::Month(y, m),
            _ => PartialDate::Day(date(y, m, d)),
        })
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(day in any_date(), hour in 0i8..24, minute in 0i8..60) {
            for lang in [Lang::Thai, Lang::English] {
                for style in [Style::Long, Style::Short] {
                    let shown = show(day, lang, style);
                    let read = parse(&shown).map(|r| (r.date, r.time, r.ambiguous_year));
                    prop_assert_eq!(read, Ok((day, None, false)), "{}", shown);
                }
                let time = Some(Time::constant(hour, minute, 0, 0));
                let reading = Reading { date: day, time, ambiguous_year: false };
                let shown = show_reading(&reading, lang, Style::Long);
                prop_assert_eq!(parse(&shown), Ok(reading), "{}", shown);
            }
        }
    }
}
