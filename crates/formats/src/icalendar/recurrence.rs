//! How an event repeats (RFC 5545 §3.3.10): the rules calendar programs offer, expanded within bounds.
//!
//! Rules come from strangers' files, so the walk over days, weeks, months or years ends after a fixed number of
//! steps whatever the rule says. Rules by hour, week number or day of the year are not expanded.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};

/// So many days, weeks, months or years are looked at, no more: 27 years of days.
const MOST_PERIODS: i64 = 10_000;
/// So many starts of one series are given, no more.
const MOST_STARTS: usize = 10_000;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A rule of repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As written, to be kept.
    pub text: String,
    frequency: Option<Frequency>,
    interval: i64,
    count: Option<usize>,
    until: Option<DateTime>,
    weekdays: Vec<(i32, Weekday)>,
    month_days: Vec<i32>,
    months: Vec<i8>,
    positions: Vec<i32>,
    week_start: Weekday,
}

impl Rule {
    /// Reads a rule; `ahead` are the minutes from the event's zone to Bangkok's, for an end given in UTC.
    #[must_use]
    pub fn read(text: &str, ahead: i32) -> Self {
        let mut rule = Self {
            text: text.trim().to_owned(),
            frequency: None,
            interval: 1,
            count: None,
            until: None,
            weekdays: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut expandable = true;
        for (name, value) in text.split(';').filter_map(|part| part.split_once('=')) {
            let value = value.trim();
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => rule.frequency = frequency(value),
                "INTERVAL" => rule.interval = value.parse().unwrap_or(1).clamp(1, 10_000),
                "COUNT" => rule.count = value.parse().ok(),
                "UNTIL" => rule.until = until(value, ahead),
                "BYDAY" => rule.weekdays = value.split(',').filter_map(weekday).collect(),
                "BYMONTHDAY" => rule.month_days = numbers(value),
                "BYMONTH" => rule.months = numbers(value),
                "BYSETPOS" => rule.positions = numbers(value),
                "WKST" => rule.week_start = weekday(value).map_or(Weekday::Monday, |(_, day)| day),
                "BYHOUR" | "BYMINUTE" | "BYSECOND" | "BYWEEKNO" | "BYYEARDAY" => expandable = false,
                _ => {}
            }
        }
        if !expandable {
            rule.frequency = None;
        }
        rule
    }

    /// Starts in order, from the first until before a time, in the event's own zone.
    #[must_use]
    pub fn starts(&self, first: DateTime, before: DateTime) -> Vec<DateTime> {
        let Some(frequency) = self.frequency else { return vec![first] };
        let most = self.count.unwrap_or(MOST_STARTS).min(MOST_STARTS);
        let mut starts = Vec::new();
        for step in 0..MOST_PERIODS {
            let Some((period_start, days)) = self.period(frequency, first.date(), step) else { break };
            if period_start.to_datetime(first.time()) >= before {
                break;
            }
            for day in self.positioned(days) {
                let start = day.to_datetime(first.time());
                if start < first {
                    continue;
                }
                if start >= before || self.until.is_some_and(|until| start > until) || starts.len() >= most {
                    return starts;
                }
                starts.push(start);
            }
        }
        starts
    }

    /// The first day of a period, for knowing when to stop, and the days of it that fit, in order.
    fn period(&self, frequency: Frequency, first: Date, step: i64) -> Option<(Date, Vec<Date>)> {
        let by = step.checked_mul(self.interval)?;
        match frequency {
            Frequency::Daily => {
                let day = first.checked_add(by.days()).ok()?;
                Some((day, if self.fits(day) { vec![day] } else { Vec::new() }))
            }
            Frequency::Weekly => {
                let into_week = i64::from(first.weekday().since(self.week_start));
                let start = first.checked_sub(into_week.days()).ok()?.checked_add((by * 7).days()).ok()?;
                Some((start, self.week(start, first.weekday())))
            }
            Frequency::Monthly => {
                let start = Date::new(first.year(), first.month(), 1).ok()?.checked_add(by.months()).ok()?;
                let days = if self.in_months(start) { self.month(start, first.day()) } else { Vec::new() };
                Some((start, days))
            }
            Frequency::Yearly => {
                let start = Date::new(first.year(), 1, 1).ok()?.checked_add(by.years()).ok()?;
                Some((start, self.year(start, first)))
            }
        }
    }

    fn in_months(&self, day: Date) -> bool {
        self.months.is_empty() || self.months.contains(&day.month())
    }

    /// For daily rules every part only takes away.
    fn fits(&self, day: Date) -> bool {
        self.in_months(day)
            && (self.weekdays.is_empty()
                || self.weekdays.iter().any(|(_, weekday)| *weekday == day.weekday()))
            && (self.month_days.is_empty()
                || self.month_days.iter().any(|number| month_day(day, *number) == Some(day)))
    }

    fn week(&self, start: Date, usual: Weekday) -> Vec<Date> {
        let wanted = |day: &Date| match self.weekdays.is_empty() {
            true => day.weekday() == usual,
            false => self.weekdays.iter().any(|(_, weekday)| *weekday == day.weekday()),
        };
        days_from(start, 7).filter(wanted).filter(|day| self.in_months(*day)).collect()
    }

    fn month(&self, start: Date, usual: i8) -> Vec<Date> {
        let length = i64::from(start.days_in_month());
        let mut days: Vec<Date> = if !self.month_days.is_empty() {
            self.month_days.iter().filter_map(|number| month_day(start, *number)).collect()
        } else if self.weekdays.is_empty() {
            Date::new(start.year(), start.month(), usual).ok().into_iter().collect()
        } else {
            days_from(start, length).collect()
        };
        if !self.weekdays.is_empty() {
            days.retain(|day| {
                self.weekdays.iter().any(|(nth, weekday)| {
                    let from_start = (i32::from(day.day()) - 1) / 7 + 1;
                    let from_end = -((i32::from(day.days_in_month()) - i32::from(day.day())) / 7 + 1);
                    *weekday == day.weekday() && (*nth == 0 || *nth == from_start || *nth == from_end)
                })
            });
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    fn year(&self, start: Date, first: Date) -> Vec<Date> {
        if self.months.is_empty() && self.month_days.is_empty() && !self.weekdays.is_empty() {
            return self.weekdays_of_year(start);
        }
        let usual_month = [first.month()];
        let all: Vec<i8> = (1..=12).collect();
        let months: &[i8] = match (self.months.is_empty(), self.month_days.is_empty()) {
            (false, _) => &self.months,
            (true, true) => &usual_month,
            (true, false) => &all,
        };
        let mut days: Vec<Date> = months
            .iter()
            .filter_map(|month| Date::new(start.year(), *month, 1).ok())
            .flat_map(|month| self.month(month, first.day()))
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn weekdays_of_year(&self, start: Date) -> Vec<Date> {
        let length = i64::from(start.days_in_year());
        days_from(start, length)
            .filter(|day| {
                let number = i32::from(day.day_of_year());
                let from_start = (number - 1) / 7 + 1;
                let from_end = -((i32::from(day.days_in_year()) - number) / 7 + 1);
                self.weekdays.iter().any(|(nth, weekday)| {
                    *weekday == day.weekday() && (*nth == 0 || *nth == from_start || *nth == from_end)
                })
            })
            .collect()
    }

    fn positioned(&self, days: Vec<Date>) -> Vec<Date> {
        if self.positions.is_empty() {
            return days;
        }
        let length = i32::try_from(days.len()).unwrap_or(i32::MAX);
        let wanted = |at: usize| {
            let from_start = i32::try_from(at).unwrap_or(i32::MAX).saturating_add(1);
            self.positions.iter().any(|p| *p == from_start || *p == from_start - length - 1)
        };
        days.into_iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, day)| day).collect()
    }
}

fn days_from(start: Date, count: i64) -> impl Iterator<Item = Date> {
    (0..count).filter_map(move |step| start.checked_add(step.days()).ok())
}

/// A day of a month by number, from its end where negative.
fn month_day(month: Date, number: i32) -> Option<Date> {
    let length = i32::from(month.days_in_month());
    let day = if number < 0 { length + 1 + number } else { number };
    Date::new(month.year(), month.month(), i8::try_from(day).ok()?).ok()
}

fn frequency(word: &str) -> Option<Frequency> {
    match word.to_ascii_uppercase().as_str() {
        "DAILY" => Some(Frequency::Daily),
        "WEEKLY" => Some(Frequency::Weekly),
        "MONTHLY" => Some(Frequency::Monthly),
        "YEARLY" => Some(Frequency::Yearly),
        _ => None,
    }
}

fn numbers<T: std::str::FromStr>(list: &str) -> Vec<T> {
    list.split(',').filter_map(|number| number.trim().parse().ok()).collect()
}

/// `MO`, `1TU`, `-1FR`.
fn weekday(text: &str) -> Option<(i32, Weekday)> {
    let text = text.trim().to_ascii_uppercase();
    let at = text.len().checked_sub(2)?;
    let (nth, day) = text.split_at_checked(at)?;
    let day = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth = if nth.is_empty() { 0 } else { nth.trim_start_matches('+').parse().ok()? };
    Some((nth, day))
}

/// The last start allowed, in the event's own zone; a day allows all of it.
fn until(text: &str, ahead: i32) -> Option<DateTime> {
    let utc = text.ends_with(['Z', 'z']);
    let text = text.trim_end_matches(['Z', 'z']);
    let (day, clock) = text.split_once(['T', 't']).map_or((text, None), |(day, clock)| (day, Some(clock)));
    let date = super::date(day)?;
    let Some(clock) = clock else { return Some(date.at(23, 59, 59, 0)) };
    let moment = date.to_datetime(super::time(clock)?);
    Some(if utc { super::shifted(moment, super::BANGKOK - ahead) } else { moment })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn starts(rule: &str, first: DateTime, before: Date) -> Vec<String> {
        Rule::read(rule, 0)
            .starts(first, before.at(0, 0, 0, 0))
            .iter()
            .map(|start| start.strftime("%Y-%m-%d").to_string())
            .collect()
    }

    /// Series of RFC 5545 §3.8.5.3, without zones.
    #[test]
    fn the_standards_examples() {
        let first = date(1997, 9, 2).at(9, 0, 0, 0);
        let cases: [(&str, DateTime, &[&str]); 9] = [
            ("FREQ=DAILY;INTERVAL=10;COUNT=3", first, &["1997-09-02", "1997-09-12", "1997-09-22"]),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH",
                first,
                &["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"],
            ),
            (
                "FREQ=MONTHLY;COUNT=3;BYDAY=1FR",
                date(1997, 9, 5).at(9, 0, 0, 0),
                &["1997-09-05", "1997-10-03", "1997-11-07"],
            ),
            (
                "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO",
                date(1997, 9, 22).at(9, 0, 0, 0),
                &["1997-09-22", "1997-10-20", "1997-11-17"],
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3",
                date(1997, 9, 28).at(9, 0, 0, 0),
                &["1997-09-28", "1997-10-29", "1997-11-28"],
            ),
            (
                "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
                date(1997, 9, 4).at(9, 0, 0, 0),
                &["1997-09-04", "1997-10-07", "1997-11-06"],
            ),
            (
                "FREQ=YEARLY;COUNT=4;BYMONTH=6,7",
                date(1997, 6, 10).at(9, 0, 0, 0),
                &["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"],
            ),
            (
                "FREQ=YEARLY;BYDAY=20MO;COUNT=3",
                date(1997, 5, 19).at(9, 0, 0, 0),
                &["1997-05-19", "1998-05-18", "1999-05-17"],
            ),
            (
                "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3",
                first,
                &["1998-02-13", "1998-03-13", "1998-11-13"],
            ),
        ];
        for (rule, first, expected) in cases {
            assert_eq!(starts(rule, first, date(2010, 1, 1)), expected, "{rule}");
        }
    }

    #[test]
    fn months_without_the_day_are_left_out() {
        let first = date(2025, 1, 31).at(9, 0, 0, 0);
        assert_eq!(
            starts("FREQ=MONTHLY;COUNT=3", first, date(2026, 1, 1)),
            ["2025-01-31", "2025-03-31", "2025-05-31"]
        );
    }

    #[test]
    fn an_endless_or_unknown_rule_ends() {
        let first = date(2025, 1, 1).at(9, 0, 0, 0);
        assert!(starts("FREQ=DAILY;BYMONTH=13", first, date(9999, 1, 1)).is_empty());
        assert_eq!(starts("FREQ=HOURLY", first, date(9999, 1, 1)), ["2025-01-01"]);
        assert_eq!(starts("FREQ=DAILY", first, date(9999, 1, 1)).len(), MOST_STARTS);
    }

    #[test]
    fn an_end_in_utc_is_compared_in_the_events_zone() {
        let rule = Rule::read("FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20250228T165959Z", 0);
        let starts = rule.starts(date(2025, 2, 5).at(16, 0, 0, 0), date(2026, 1, 1).at(0, 0, 0, 0));
        assert_eq!(starts.len(), 8);
    }
}
