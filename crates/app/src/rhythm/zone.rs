use jiff::Timestamp;
use jiff::tz::TimeZone;
use network::rhythm::{Day, day_of};
use store::Micros;

use crate::dates;

/// The zones people in a network are likely to live in; any other name of the zone database is kept as it is.
const OFFERED: [&str; 12] = [
    "Asia/Bangkok",
    "Asia/Yangon",
    "Asia/Vientiane",
    "Asia/Kuala_Lumpur",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
];

/// The zones a form offers.
#[must_use]
pub const fn zones() -> &'static [&'static str] {
    &OFFERED
}

/// The day of a moment in a zone; a zone nobody knows counts as Bangkok.
#[must_use]
pub fn day_in(zone: &str, at: Micros) -> Day {
    if zone == "Asia/Bangkok" {
        return day_of(dates::day(at));
    }
    let Ok(zone) = TimeZone::get(zone) else { return day_of(dates::day(at)) };
    let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    day_of(at.to_zoned(zone).date())
}

/// The day of a contact for a holder: what was written down as a day is that day everywhere, a moment is the holder's.
pub fn day_of_contact(zone: &str, at: Micros, whole_day: &bool) -> Day {
    if *whole_day { day_of(dates::day(at)) } else { day_in(zone, at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_two_days_in_two_zones() {
        // 2026-11-22 05:00 UTC
        let noon = testing::NOON;
        assert_eq!(day_in("America/Los_Angeles", noon), day_in("Asia/Bangkok", noon) - 1);
        assert_eq!(day_in("Nowhere/At_All", noon), day_in("Asia/Bangkok", noon));
        assert_eq!(
            day_of_contact("America/Los_Angeles", noon, &true),
            day_in("Asia/Bangkok", noon),
            "a day that was written down is that day"
        );
        assert!(OFFERED.iter().all(|zone| TimeZone::get(zone).is_ok()));
    }
}
