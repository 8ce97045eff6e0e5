//! When a letter may come: quiet hours and the slots of the day and the week, in the zone of whoever reads it.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use network::telling::{When, quiet_for};
use store::Micros;

/// The hour of the day at which summaries come.
const SUMMARY_HOUR: i8 = 8;

/// Where and when somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// A zone of the IANA time zone database, such as `Asia/Bangkok`.
    pub zone: String,
    /// Minutes of the day; alike: never quiet.
    pub quiet_from: i64,
    pub quiet_until: i64,
    /// 1 Monday to 7 Sunday.
    pub weekday: i64,
}

impl Default for Hours {
    fn default() -> Self {
        Self { zone: "Asia/Bangkok".to_owned(), quiet_from: 21 * 60, quiet_until: 7 * 60, weekday: 1 }
    }
}

/// Whether there is such a zone.
#[must_use]
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

impl Hours {
    fn zoned(&self, at: Micros) -> Zoned {
        let zone = TimeZone::get(&self.zone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)));
        Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone)
    }

    /// The first moment from then on that is not quiet.
    #[must_use]
    pub fn awake(&self, at: Micros) -> Micros {
        let here = self.zoned(at);
        let minute = i64::from(here.hour()) * 60 + i64::from(here.minute());
        let wait = quiet_for(minute, self.quiet_from, self.quiet_until);
        if wait == 0 {
            return at;
        }
        // by the clock on the wall: a night in which the clock is put back is longer
        let over = (minute + wait).rem_euclid(1440);
        let hour = i8::try_from(over / 60).unwrap_or(0);
        let time = Time::new(hour, i8::try_from(over % 60).unwrap_or(0), 0, 0).unwrap_or(Time::midnight());
        let next_day = minute + wait >= 1440;
        let day = if next_day { here.date().tomorrow().unwrap_or(here.date()) } else { here.date() };
        moment(&day.to_datetime(time).to_zoned(here.time_zone().clone()), at)
    }

    /// The next summary after a moment: tomorrow or today at eight, or on the chosen day of the week, and never in quiet
    /// hours. None for never.
    #[must_use]
    pub fn next(&self, when: When, after: Micros) -> Option<Micros> {
        let here = self.zoned(after);
        let eight = Time::new(SUMMARY_HOUR, 0, 0, 0).unwrap_or(Time::midnight());
        let days = match when {
            When::Never => return None,
            When::AtOnce => return Some(self.awake(after)),
            When::Daily => i64::from(here.time() >= eight),
            When::Weekly => {
                let weekday =
                    i8::try_from(self.weekday).ok().and_then(|n| Weekday::from_monday_one_offset(n).ok());
                let days = i64::from(here.weekday().until(weekday.unwrap_or(Weekday::Monday)));
                if days == 0 && here.time() >= eight { 7 } else { days }
            }
        };
        let day = here.date().checked_add(Span::new().days(days)).unwrap_or(here.date());
        let slot = day.to_datetime(eight).to_zoned(here.time_zone().clone());
        Some(self.awake(moment(&slot, after.plus(days.max(1) * Micros::DAY))))
    }
}

fn moment(zoned: &Result<Zoned, jiff::Error>, otherwise: Micros) -> Micros {
    zoned.as_ref().map_or(otherwise, |zoned| Micros(zoned.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Micros {
        Micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn living_in(zone: &str) -> Hours {
        Hours { zone: zone.to_owned(), ..Hours::default() }
    }

    #[test]
    fn nobody_is_woken_in_their_own_night() {
        let bangkok = Hours::default();
        assert_eq!(bangkok.awake(at("2026-11-22T05:00:00Z")), at("2026-11-22T05:00:00Z"), "noon");
        assert_eq!(
            bangkok.awake(at("2026-11-22T14:30:00Z")),
            at("2026-11-23T00:00:00Z"),
            "half past nine at night"
        );
        assert_eq!(
            bangkok.awake(at("2026-11-22T23:00:00Z")),
            at("2026-11-23T00:00:00Z"),
            "six in the morning"
        );
        // the same moment is day in New York
        let new_york = living_in("America/New_York");
        assert_eq!(new_york.awake(at("2026-11-22T14:30:00Z")), at("2026-11-22T14:30:00Z"));
        // the clock goes forward on 8 March 2026: seven in the morning is an hour earlier than the day before
        assert_eq!(new_york.awake(at("2026-03-08T03:00:00Z")), at("2026-03-08T11:00:00Z"));
        assert_eq!(new_york.awake(at("2026-03-07T03:00:00Z")), at("2026-03-07T12:00:00Z"));
        let never = Hours { quiet_from: 0, quiet_until: 0, ..Hours::default() };
        assert_eq!(never.awake(at("2026-11-22T20:00:00Z")), at("2026-11-22T20:00:00Z"));
        let nowhere = living_in("Nowhere/Town");
        assert_eq!(nowhere.awake(at("2026-11-22T14:30:00Z")), at("2026-11-23T00:00:00Z"), "as in Thailand");
        assert!(is_zone("Europe/Berlin") && !is_zone("Nowhere/Town"));
    }

    #[test]
    fn summaries_come_at_eight() {
        let bangkok = Hours::default();
        // 22 November 2026 is a Sunday
        assert_eq!(bangkok.next(When::Weekly, at("2026-11-22T05:00:00Z")), Some(at("2026-11-23T01:00:00Z")));
        assert_eq!(bangkok.next(When::Weekly, at("2026-11-23T01:00:00Z")), Some(at("2026-11-30T01:00:00Z")));
        assert_eq!(bangkok.next(When::Daily, at("2026-11-22T05:00:00Z")), Some(at("2026-11-23T01:00:00Z")));
        assert_eq!(bangkok.next(When::Daily, at("2026-11-22T00:30:00Z")), Some(at("2026-11-22T01:00:00Z")));
        assert_eq!(bangkok.next(When::Never, at("2026-11-22T05:00:00Z")), None);
        let late = Hours { quiet_until: 9 * 60, ..Hours::default() };
        assert_eq!(late.next(When::Daily, at("2026-11-22T05:00:00Z")), Some(at("2026-11-23T02:00:00Z")));
    }

    proptest! {
        #[test]
        fn a_summary_lies_ahead_and_within_its_cycle(
            hours in 0i64..24 * 800, from in 0i64..1440, until in 0i64..1440, weekday in 1i64..8,
            zone in proptest::sample::select(vec!["Asia/Bangkok", "America/New_York", "Europe/London", "Asia/Kathmandu"])
        ) {
            let mine = Hours { zone: zone.to_owned(), quiet_from: from, quiet_until: until, weekday };
            let now = at("2026-01-01T00:00:00Z").plus(hours * Micros::HOUR + 17 * Micros::MINUTE);
            for (when, days) in [(When::Daily, 2), (When::Weekly, 8)] {
                let next = mine.next(when, now).unwrap();
                prop_assert!(next.0 > now.0 && next.0 <= now.0 + days * Micros::DAY + Micros::HOUR);
            }
            prop_assert!(mine.awake(now).0 - now.0 <= Micros::DAY + Micros::HOUR);
        }
    }
}
