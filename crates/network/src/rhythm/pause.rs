use jiff::civil::Date;

use super::{Day, date_of, day_of};

/// The part of the year in which a network lives: hail season, planting. Outside it everybody rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    /// Month and day on which it begins.
    pub from: (i8, i8),
    /// Month and day on which it ends, that day included; before `from` it goes over the turn of the year.
    pub to: (i8, i8),
}

impl Season {
    /// From numbers such as 215 for 15 February.
    #[must_use]
    pub fn read(from: i64, to: i64) -> Option<Self> {
        let read = |number: i64| {
            let (month, day) = (i8::try_from(number / 100).ok()?, i8::try_from(number % 100).ok()?);
            // a leap year has every day there is
            Date::new(2024, month, day).ok().map(|_| (month, day))
        };
        Some(Self { from: read(from)?, to: read(to)? })
    }

    /// The season that begins in this year: its first and last day.
    fn of_year(self, year: i16) -> Option<(Day, Day)> {
        let on = |year: i16, (month, day): (i8, i8)| {
            let first = Date::new(year, month, 1).ok()?;
            Date::new(year, month, day.min(first.days_in_month())).ok().map(day_of)
        };
        let from = on(year, self.from)?;
        let to = if self.to < self.from { on(year.checked_add(1)?, self.to)? } else { on(year, self.to)? };
        Some((from, to))
    }

    /// The seasons that touch these days.
    fn between(self, after: Day, until: Day) -> Vec<(Day, Day)> {
        let (first, last) = (date_of(after).year().saturating_sub(1), date_of(until).year());
        (first..=last).filter_map(|year| self.of_year(year)).collect()
    }
}

/// When a rhythm rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pauses {
    /// The holder's own: first day and, where one was said, the last.
    pub own: Option<(Day, Option<Day>)>,
    /// The network's season; rest is outside it.
    pub season: Option<Season>,
}

/// How many days of (after, until] lie in first..=last.
fn overlap(after: Day, until: Day, (first, last): (Day, Day)) -> i64 {
    (until.min(last) - (after + 1).max(first) + 1).max(0)
}

impl Pauses {
    /// Whether this day is one of rest.
    #[must_use]
    pub fn rests(&self, today: Day) -> bool {
        self.rested(today - 1, today) == 1
    }

    /// How many days of rest lie after `after`, up to and including `until`.
    #[must_use]
    pub fn rested(&self, after: Day, until: Day) -> i64 {
        if until <= after || (self.own.is_none() && self.season.is_none()) {
            return 0;
        }
        let own = self.own.map(|(from, to)| (from, to.unwrap_or(Day::MAX)));
        let awake = |span: (Day, Day)| {
            let kept = overlap(after, until, span);
            let slept = own.map_or(0, |own| overlap(after, until, (own.0.max(span.0), own.1.min(span.1))));
            kept - slept
        };
        let awake: i64 = match self.season {
            None => awake((Day::MIN / 2, Day::MAX / 2)),
            Some(season) => season.between(after, until).into_iter().map(awake).sum(),
        };
        until - after - awake
    }
}
