//! Reading a date out of what someone typed, in Thai or English.

use super::vocabulary::{Token, tokens};
use super::{DateSystem, PartialDate, Reading, Unread, from_serial, gregorian_year};
use crate::text::{is_empty_word, normalize, western_digit};
use jiff::civil::{Date, Time};

/// Reads a date, day first, with or without a time, as exactly as it was written.
///
/// `23/1/2567, 10:14:00`, `27 ม.ค. 67 เวลา 11.21 น.`, `๓๑ มกราคม พ.ศ. ๒๕๖๗`, `2024-02-08 14:42`, `มี.ค. 2562`, `ปี 61`,
/// `March 5, 2024`, `20240131`. A year from 2400 on is Buddhist; of two digits, 50–99 are พ.ศ. 25xx and 00–49 are
/// 20xx, marked ambiguous. Month first only where the second number cannot be a month. A time with `Z` or an offset
/// is turned to Bangkok's. A lone number of five or six digits is a spreadsheet's serial of the 1900 system.
///
/// # Errors
/// [`Unread::Empty`] for nothing, [`Unread::Vague`] for words without a date, [`Unread::Invalid`] for a day or time
/// that does not exist. A far year is read; see [`Reading::is_plausible`].
///
/// ```
/// use thai::dates::{Unread, parse};
/// assert_eq!(parse("27 ม.ค. 67 เวลา 11.21 น.")?.iso(), "2024-01-27T11:21");
/// assert_eq!(parse("มี.ค. 2562")?.iso(), "2019-03");
/// assert_eq!(parse("31/2/2567"), Err(Unread::Invalid));
/// assert_eq!(parse("หลังสงกรานต์"), Err(Unread::Vague));
/// # Ok::<(), Unread>(())
/// ```
pub fn parse(text: &str) -> Result<Reading, Unread> {
    if is_empty_word(text) {
        return Err(Unread::Empty);
    }
    // longer texts are remarks, not dates
    if text.len() > 300 {
        return Err(Unread::Vague);
    }
    let text: String = normalize(text).chars().map(western_digit).flat_map(char::to_lowercase).collect();
    if let Some(reading) = timestamp(&text) {
        return reading;
    }
    let mut words = tokens(&text);
    let time = take_time(&mut words)?;
    Shape::of(&words).date(time)
}

/// `20240115t010000z`, `2024-01-15t01:00:00+00:00`: machines' own form, the only one with a zone.
fn timestamp(text: &str) -> Option<Result<Reading, Unread>> {
    let (day, clock) = text.split_once('t')?;
    let digits: String = day.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 8 || !day.chars().all(|c| c.is_ascii_digit() || c == '-') {
        return None;
    }
    let zone_at = clock.find(['z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(zone_at)?;
    let clock = clock.split('.').next().unwrap_or(clock);
    let clock: Vec<i64> = two_by_two(clock)?;
    let offset = match zone {
        "" => None,
        "z" => Some(0),
        zone => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let parts = two_by_two(zone.trim_start_matches(['+', '-']))?;
            Some(sign * (parts.first()? * 60 + parts.get(1).unwrap_or(&0)))
        }
    };
    Some(at_bangkok(&digits, &clock, offset))
}

fn at_bangkok(digits: &str, clock: &[i64], offset: Option<i64>) -> Result<Reading, Unread> {
    const BANGKOK: i64 = 7 * 60;
    let day = eight_digits(digits)?;
    let part = |i: usize| clock.get(i).copied().unwrap_or(0);
    let time = clock_time(part(0), part(1), part(2))?;
    let mut moment = day.to_datetime(time);
    if let Some(minutes) = offset {
        let span = jiff::Span::new().try_minutes(BANGKOK - minutes).map_err(|_| Unread::Invalid)?;
        moment = moment.checked_add(span).map_err(|_| Unread::Invalid)?;
    }
    Ok(Reading { date: PartialDate::Day(moment.date()), time: Some(moment.time()), ambiguous_year: false })
}

/// Hours, minutes and seconds written with or without colons.
fn two_by_two(text: &str) -> Option<Vec<i64>> {
    let digits: Vec<char> = text.chars().filter(|&c| c != ':').collect();
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    digits.chunks(2).map(|pair| pair.iter().collect::<String>().parse().ok()).collect()
}

fn clock_time(hour: i64, minute: i64, second: i64) -> Result<Time, Unread> {
    let part = |value: i64| i8::try_from(value).map_err(|_| Unread::Invalid);
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).map_err(|_| Unread::Invalid)
}

/// `20240131`, `25120315` (Buddhist), else `31012024`.
fn eight_digits(digits: &str) -> Result<Date, Unread> {
    let part = |from: usize, to: usize| {
        digits.get(from..to).and_then(|d| d.parse::<i64>().ok()).ok_or(Unread::Invalid)
    };
    let year = part(0, 4)?;
    if is_year(year) {
        return day(part(6, 8)?, part(4, 6)?, year);
    }
    day(part(0, 2)?, part(2, 4)?, part(4, 8)?)
}

fn day(day: i64, month: i64, year: i64) -> Result<Date, Unread> {
    let year = gregorian_year(i16::try_from(year).map_err(|_| Unread::Invalid)?);
    let month = i8::try_from(month).map_err(|_| Unread::Invalid)?;
    let day = i8::try_from(day).map_err(|_| Unread::Invalid)?;
    Date::new(year, month, day).map_err(|_| Unread::Invalid)
}

/// A number of four digits that people mean as a year, in either calendar.
const fn is_year(number: i64) -> bool {
    matches!(number, 1900..=2199 | 2400..=2799)
}

/// Takes the first time of day out of the tokens: `10:14(:00)`, `11.21 น.`, `เวลา 9.30`, `9 น.`, `2:30 pm`.
fn take_time(tokens: &mut Vec<Token>) -> Result<Option<Time>, Unread> {
    use Token::{Afternoon, Clock, Mark, Morning, Number, OClock};
    let mut at = 0;
    let mut found: Option<Time> = None;
    while at < tokens.len() {
        let after_clock = at > 0 && tokens.get(at - 1) == Some(&Clock);
        let ahead = tokens.get(at..).unwrap_or_default();
        let (hour, minute, second, length) = match ahead {
            [Number(h, _), Mark(':'), Number(m, 2), Mark(':' | '.'), Number(s, 2), ..] => (*h, *m, *s, 5),
            [Number(h, _), Mark(':'), Number(m, 2), ..] => (*h, *m, 0, 3),
            [Number(h, _), Mark('.'), Number(m, 2), OClock, ..] => (*h, *m, 0, 4),
            [Number(h, _), Mark('.'), Number(m, 2), ..] if after_clock => (*h, *m, 0, 3),
            [Number(h, 1 | 2), OClock, ..] => (*h, 0, 0, 2),
            [Number(h, 1 | 2), Morning | Afternoon, ..] => (*h, 0, 0, 1),
            _ => {
                at += 1;
                continue;
            }
        };
        let hour = match tokens.get(at + length) {
            Some(Afternoon) if hour < 12 => hour + 12,
            Some(Morning) if hour == 12 => 0,
            _ => hour,
        };
        let time = clock_time(hour, minute, second)?;
        found = found.or(Some(time));
        tokens.drain(at..at + length);
    }
    tokens.retain(|token| !matches!(token, Clock | OClock | Morning | Afternoon));
    Ok(found)
}

/// What is left once the time is out.
#[derive(Default)]
struct Shape {
    /// value, digits written, whether it stands after a month's name
    numbers: Vec<(i64, usize, bool)>,
    months: Vec<i8>,
    era: Option<Token>,
    year_word: bool,
    unknown: bool,
    dotted: bool,
}

impl Shape {
    fn of(tokens: &[Token]) -> Self {
        let mut shape = Self::default();
        for token in tokens {
            match *token {
                Token::Number(value, digits) => shape.numbers.push((value, digits, !shape.months.is_empty())),
                Token::Month(month) => shape.months.push(month),
                Token::Buddhist | Token::Common => shape.era = Some(*token),
                Token::YearWord => shape.year_word = true,
                Token::Unknown => shape.unknown = true,
                Token::Mark('.') => shape.dotted = true,
                _ => {}
            }
        }
        shape
    }

    fn date(&self, time: Option<Time>) -> Result<Reading, Unread> {
        let reading = match self.months.as_slice() {
            [] => self.by_numbers(time)?,
            [month] => self.by_name(*month, time)?,
            _ => return Err(Unread::Vague),
        };
        // "ประชุม 2567" is a remark; beside a whole day, words do no harm
        if self.unknown && reading.date.day().is_none() {
            return Err(Unread::Vague);
        }
        Ok(reading)
    }

    fn by_name(&self, month: i8, time: Option<Time>) -> Result<Reading, Unread> {
        let (day_number, year, more) = match *self.numbers.as_slice() {
            [(y, digits, after)]
                if digits >= 3 || self.era.is_some() || self.year_word || after || y > 31 =>
            {
                if digits == 1 {
                    return Err(Unread::Vague);
                }
                (None, (y, digits), None)
            }
            [(y, digits, _), (d, ..)] if digits >= 3 => (Some(d), (y, digits), None),
            [(d, ..), (y, digits, _)] => (Some(d), (y, digits), None),
            // 5 มี.ค. 67 9.30
            [(d, ..), (y, digits, _), (h, ..), (m, 2, _)] if self.dotted => {
                (Some(d), (y, digits), Some((h, m)))
            }
            _ => return Err(Unread::Vague),
        };
        let (year, ambiguous_year) = self.year(year)?;
        let time = time.or(more.map(|(h, m)| clock_time(h, m, 0)).transpose()?);
        let date = match day_number {
            Some(number) => PartialDate::Day(day(number, i64::from(month), i64::from(year))?),
            None => PartialDate::month(year, month).ok_or(Unread::Invalid)?,
        };
        Ok(Reading { date, time, ambiguous_year })
    }

    fn by_numbers(&self, time: Option<Time>) -> Result<Reading, Unread> {
        let named = self.era.is_some() || self.year_word;
        let (date, year_digits, more) = match *self.numbers.as_slice() {
            [] => return Err(Unread::Vague),
            [(value, 8, _)] => {
                let day = eight_digits(&format!("{value:08}"))?;
                return Ok(Reading { date: PartialDate::Day(day), time, ambiguous_year: false });
            }
            [(value, 5 | 6, _)] if !self.unknown => return serial(&value.to_string()),
            [(value, 5 | 6, _), (part, digits, _)] if self.dotted && !self.unknown => {
                return serial(&format!("{value}.{part:0digits$}"));
            }
            [(y, digits, _)] if (digits == 4 && is_year(y)) || (digits == 2 && named) => {
                let (year, ambiguous_year) = self.year((y, digits))?;
                return Ok(Reading { date: PartialDate::Year(year), time, ambiguous_year });
            }
            [(y, 4, _), (m, 1 | 2, _)] | [(m, 1 | 2, _), (y, 4, _)] => {
                let (year, ambiguous_year) = self.year((y, 4))?;
                let month = i8::try_from(m).map_err(|_| Unread::Invalid)?;
                let date = PartialDate::month(year, month).ok_or(Unread::Invalid)?;
                return Ok(Reading { date, time, ambiguous_year });
            }
            [(y, 4, _), (m, 1 | 2, _), (d, 1 | 2, _), ref more @ ..] => ((d, m, y), 4, more),
            [(m, 1 | 2, _), (d, 1 | 2, _), (y, digits, _), ref more @ ..] if d > 12 => {
                ((d, m, y), digits, more)
            }
            [(d, 1 | 2, _), (m, 1 | 2, _), (y, digits, _), ref more @ ..] => ((d, m, y), digits, more),
            _ => return Err(Unread::Vague),
        };
        let time = match (time, more) {
            (time, []) => time,
            (None, [(h, 1 | 2, _), (m, 2, _)]) if self.dotted => Some(clock_time(*h, *m, 0)?),
            _ => return Err(Unread::Vague),
        };
        let (year, ambiguous_year) = self.year((date.2, year_digits))?;
        Ok(Reading { date: PartialDate::Day(day(date.0, date.1, i64::from(year))?), time, ambiguous_year })
    }

    /// The Gregorian year, and whether someone should confirm it.
    fn year(&self, (written, digits): (i64, usize)) -> Result<(i16, bool), Unread> {
        let written = i16::try_from(written).map_err(|_| Unread::Invalid)?;
        let two = digits == 2;
        let year = match (digits, self.era) {
            (2, Some(Token::Buddhist)) => gregorian_year(2500 + written),
            (2, Some(Token::Common)) => 2000 + written,
            (2, _) if written >= 50 => gregorian_year(2500 + written),
            (2, _) => 2000 + written,
            (4, _) => gregorian_year(written),
            _ => return Err(Unread::Invalid),
        };
        Ok((year, two && self.era.is_none()))
    }
}

fn serial(text: &str) -> Result<Reading, Unread> {
    from_serial(text.parse().map_err(|_| Unread::Invalid)?, DateSystem::Since1900)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_of_real_sheets() {
        let cases = [
            ("23/1/2567, 10:14:00", "2024-01-23T10:14"),
            ("27 ม.ค. 67 เวลา 11.21 น.", "2024-01-27T11:21"),
            ("๓๑ มกราคม ๒๕๖๗", "2024-01-31"),
            ("04-02-2567", "2024-02-04"),
            ("2024-02-08 14:42:00", "2024-02-08T14:42"),
            (" 12 กุมภาพันธ์ พ.ศ. 2567 ", "2024-02-12"),
            ("16 เมษายน พ.ศ.2567", "2024-04-16"),
            ("19-6-67", "2024-06-19"),
            ("07/04/67", "2024-04-07"),
            ("๑๒ มี.ค. ๒๕๖๗", "2024-03-12"),
            ("12/3/2658", "2115-03-12"),
            ("2560", "2017"),
            ("ปี 61", "2018"),
            ("มี.ค. 2562", "2019-03"),
            ("2020", "2020"),
            ("๑ ต.ค. ๒๕๖๔", "2021-10-01"),
            ("15/8/2565", "2022-08-15"),
            ("2566-02", "2023-02"),
            ("02/2566", "2023-02"),
            ("พ.ศ. 2555", "2012"),
            ("ก.ค. 66", "2023-07"),
            ("25120315", "1969-03-15"),
            ("20240131", "2024-01-31"),
            ("31012567", "2024-01-31"),
            ("6/15/2567", "2024-06-15"),
            ("45306", "2024-01-15"),
            ("45306.3333333", "2024-01-15T08:00"),
            ("2024-01-15T18:30:00Z", "2024-01-16T01:30"),
            ("20240115T183000Z", "2024-01-16T01:30"),
            ("2024-01-15T18:30:00.000+00:00", "2024-01-16T01:30"),
            ("2024-01-15T18:30:00+07:00", "2024-01-15T18:30"),
            ("2567-01-15T18:30", "2024-01-15T18:30"),
            ("วันจันทร์ที่ 15 มกราคม 2567", "2024-01-15"),
            ("จ. 15 ม.ค. 2567 9.30 น.", "2024-01-15T09:30"),
            ("15มค67", "2024-01-15"),
            ("15/1/2567 9.30", "2024-01-15T09:30"),
            ("March 5, 2024", "2024-03-05"),
            ("5th of Sept 2024 at 2:05 pm", "2024-09-05T14:05"),
            ("5.2.2567", "2024-02-05"),
            ("29 ก.พ. 2567", "2024-02-29"),
            ("ประมาณปี 2560", "2017"),
            ("5 มกราคม ค.ศ. 2024", "2024-01-05"),
            ("1/2/24", "2024-02-01"),
            ("ประชุม 5 ก.พ. 2567", "2024-02-05"),
        ];
        for (text, iso) in cases {
            assert_eq!(parse(text).map(|r| r.iso()), Ok(iso.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        use Unread::{Empty, Invalid, Vague};
        let cases = [
            ("", Empty),
            ("-", Empty),
            ("ไม่ระบุ", Empty),
            ("31/2/2567, 9:00:00", Invalid),
            ("30/2/2567", Invalid),
            ("15/13/2567", Invalid),
            ("29 ก.พ. 2568", Invalid),
            ("5/2/256", Invalid),
            ("5/2/2567 25:00", Invalid),
            ("หลังสงกรานต์", Vague),
            ("นานแล้ว", Vague),
            ("เมื่อ 3 วันก่อน", Vague),
            ("5 ก.พ.", Vague),
            ("5/2", Vague),
            ("มกราคม", Vague),
            ("20 คน", Vague),
            ("12", Vague),
            ("9.30 น.", Vague),
        ];
        for (text, why) in cases {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn two_digit_years_ask_to_be_confirmed() {
        for (text, ambiguous) in [("1/2/67", true), ("1/2/2567", false), ("พ.ศ. 67", false), ("ปี 61", true)]
        {
            assert_eq!(parse(text).unwrap().ambiguous_year, ambiguous, "{text}");
        }
        assert!(!parse("12/3/2658").unwrap().is_plausible());
        assert!(parse("12/3/2567").unwrap().is_plausible());
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_row_of_numbers_is_too_strange(text in "[0-9๐-๙/.: ตคพศปี-]{0,30}") {
            if let Ok(reading) = parse(&text) {
                prop_assert_eq!(PartialDate::from_iso(&reading.date.iso()), Some(reading.date));
            }
        }
    }
}
