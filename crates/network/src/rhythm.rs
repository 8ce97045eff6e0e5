//! When it is time to hear of each other again (S3, N3): from the last touch and how often a holder wants to be in
//! touch come the day that is due, the day that is late, and a state in words.
//!
//! Whole calendar days in the holder's zone, counted from 1970-01-01, so that no hour and no zone can make a day early
//! or late. Nothing here knows a clock: today is handed in, and a clock that was set back only makes people fresh.

mod history;
mod pause;
mod prompting;

pub use history::{Counted, Entry, History, LARGEST_SMALL_EVENT, Touch, counted};
pub use pause::{Pauses, Season};
pub use prompting::{Candidate, LOCK, Picked, Prompted, Prompting, Why, pick};

/// A whole day, counted from 1970-01-01.
pub type Day = i64;

/// Without any word from tie, label, role or network: a season of the year.
pub const BUILT_IN: Cadence = Cadence { ideal: 90, max: 135 };
/// Nobody asks for more often than daily or more rarely than every five years.
pub const SHORTEST: i64 = 1;
/// See [`SHORTEST`].
pub const LONGEST: i64 = 1826;

/// How often: the ideal gap and the longest one, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// Days between two touches as the holder wants them, 1 to 1826.
    pub ideal: i64,
    /// Days after which it is late, at least the ideal.
    pub max: i64,
}

impl Cadence {
    /// From an ideal gap and perhaps a longest one; without one it is half as long again.
    #[must_use]
    pub fn new(ideal: i64, max: Option<i64>) -> Self {
        let ideal = ideal.clamp(SHORTEST, LONGEST);
        let max = max.unwrap_or(ideal + ideal / 2).clamp(ideal, 2 * LONGEST);
        Self { ideal, max }
    }

    /// From two cells that may be empty.
    #[must_use]
    pub fn given(ideal: Option<i64>, max: Option<i64>) -> Option<Self> {
        ideal.map(|ideal| Self::new(ideal, max))
    }
}

/// Who said how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The holder, for this tie.
    Tie,
    /// A label the holder gave it.
    Label,
    /// The network, for the other's role.
    Role,
    /// The network, for everybody.
    Network,
    /// Nobody: [`BUILT_IN`].
    BuiltIn,
}

/// What each level says, where it says anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    pub tie: Option<Cadence>,
    /// Of several labels the most frequent.
    pub label: Option<Cadence>,
    pub role: Option<Cadence>,
    pub network: Option<Cadence>,
}

impl Said {
    /// The first that says something: tie, label, role, network.
    #[must_use]
    pub fn cadence(self) -> (Cadence, Source) {
        [
            (self.tie, Source::Tie),
            (self.label, Source::Label),
            (self.role, Source::Role),
            (self.network, Source::Network),
        ]
        .into_iter()
        .find_map(|(cadence, source)| cadence.map(|cadence| (cadence, source)))
        .unwrap_or((BUILT_IN, Source::BuiltIn))
    }
}

/// Where a care stands today; the first that holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Let go; kept as history.
    Ended,
    /// Resting, by the holder or by the season.
    Paused,
    /// Put off to a day.
    Snoozed,
    /// Tried three times or more without an answer: another way, not another ping.
    Unanswered,
    /// Silent for a year and for three times the longest gap.
    Dormant,
    /// Beyond the longest gap.
    Overdue,
    /// The day has come.
    Due,
    /// Within three days, or four fifths of the gap are over.
    DueSoon,
    /// In touch.
    Fresh,
}

impl State {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Paused => "paused",
            Self::Snoozed => "snoozed",
            Self::Unanswered => "unanswered",
            Self::Dormant => "dormant",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::DueSoon => "due_soon",
            Self::Fresh => "fresh",
        }
    }

    /// Whether the day has come.
    #[must_use]
    pub const fn is_due(self) -> bool {
        matches!(self, Self::Due | Self::Overdue)
    }
}

/// The rhythm one holder keeps toward one other, as its rule needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Care {
    /// Spreads those that would fall on one day.
    pub id: i64,
    pub created_on: Day,
    pub cadence: Cadence,
    /// How much it presses: close 1.5, ordinary 1, distant 0.5.
    pub weight: f64,
    pub history: History,
    /// One date that was agreed on, in place of the rhythm's.
    pub next_fixed_on: Option<Day>,
    pub snoozed_until: Option<Day>,
    pub pauses: Pauses,
    pub ended: bool,
    /// More than three cares of the holder have this anchor.
    pub crowded: bool,
}

/// So many attempts without an answer, and the last one not longer ago than [`PATIENCE`].
const ATTEMPTS: u32 = 3;
const PATIENCE: i64 = 30;
/// More cares than this on one anchor are spread.
pub const CROWD: usize = 3;

impl Care {
    /// Where counting begins: the last touch; for somebody new half a gap before they came, so that they come up.
    #[must_use]
    pub fn anchor(&self) -> Day {
        self.history.touch.map_or(self.created_on - self.cadence.ideal / 2, |touch| touch.on)
    }

    /// The anchor moved forward by the days of rest since: silence off season is no decay.
    fn counted_from(&self, today: Day) -> Day {
        let anchor = self.anchor();
        anchor + self.pauses.rested(anchor, today)
    }

    /// Days earlier or later than the gap says, at most a tenth of it and a week.
    #[must_use]
    pub fn jitter(&self) -> i64 {
        if !self.crowded {
            return 0;
        }
        // a tenth, rounded to the nearest
        let j = ((self.cadence.ideal + 5) / 10).min(7);
        let spread = u64::try_from(2 * j + 1).unwrap_or(1);
        i64::try_from(fnv(self.id) % spread).unwrap_or(0) - j
    }

    /// The day to be in touch again.
    #[must_use]
    pub fn due(&self, today: Day) -> Day {
        self.next_fixed_on.unwrap_or_else(|| self.counted_from(today) + self.cadence.ideal + self.jitter())
    }

    /// The last day that is not late.
    #[must_use]
    pub fn late(&self, today: Day) -> Day {
        self.counted_from(today) + self.cadence.max
    }

    /// How much of the gap is over; 1 is the whole.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "days of a life fit a double")]
    pub fn phase(&self, today: Day) -> f64 {
        (today - self.counted_from(today)) as f64 / self.cadence.ideal as f64
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self, today: Day) -> State {
        if self.ended {
            return State::Ended;
        }
        if self.pauses.rests(today) {
            return State::Paused;
        }
        if self.snoozed_until.is_some_and(|until| today < until) {
            return State::Snoozed;
        }
        let tried = self.history.attempt.is_some_and(|on| today - on < PATIENCE);
        if self.history.attempts >= ATTEMPTS && tried {
            return State::Unanswered;
        }
        if today - self.counted_from(today) > (3 * self.cadence.max).max(365) {
            return State::Dormant;
        }
        if today > self.late(today) {
            return State::Overdue;
        }
        let due = self.due(today);
        if today >= due {
            return State::Due;
        }
        if self.phase(today) >= 0.8 || due - today <= 3 {
            return State::DueSoon;
        }
        State::Fresh
    }

    /// How much it presses: 0 on the day itself, 1 times the weight when it turns late, at most twice that.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "days of a life fit a double")]
    pub fn urgency(&self, today: Day) -> f64 {
        let due = self.due(today);
        let over = (today - due) as f64 / (self.late(today) - due).max(1) as f64;
        over.clamp(0.0, 2.0) * self.weight
    }
}

/// Marks those that share their anchor with more than [`CROWD`] others of one holder.
pub fn crowd(cares: &mut [Care]) {
    let mut counts = std::collections::HashMap::new();
    for care in cares.iter() {
        *counts.entry(care.anchor()).or_insert(0_usize) += 1;
    }
    for care in cares {
        care.crowded = counts.get(&care.anchor()).is_some_and(|count| *count > CROWD);
    }
}

/// Whether a touch on this day does what a fixed date was for: on it, after it, or in the three days before.
#[must_use]
pub const fn clears_fixed(touch: Day, fixed: Day) -> bool {
    touch >= fixed - 3
}

/// How many cares are on time, and of how many active ones: the network's share is read from these, never one
/// person's. Active are those that are not ended, resting or dormant.
#[must_use]
pub fn on_time(states: &[State]) -> (usize, usize) {
    let active: Vec<&State> = states
        .iter()
        .filter(|state| !matches!(state, State::Ended | State::Paused | State::Dormant))
        .collect();
    (active.iter().filter(|state| ***state != State::Overdue).count(), active.len())
}

/// The next day of the month that an anniversary or a fixed meeting has: the original day is kept, and clamped anew in
/// each month that is too short.
#[must_use]
pub fn monthly(original_day: i8, year: i16, month: i8) -> Option<Day> {
    let first = jiff::civil::Date::new(year, month, 1).ok()?;
    let day = original_day.clamp(1, first.days_in_month());
    jiff::civil::Date::new(year, month, day).ok().map(day_of)
}

/// The number of a calendar day.
#[must_use]
pub fn day_of(date: jiff::civil::Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since(epoch).map_or(0, |span| i64::from(span.get_days()))
}

/// The calendar day of a number; days no calendar has become its first.
#[must_use]
pub fn date_of(day: Day) -> jiff::civil::Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = i32::try_from(day).unwrap_or(0);
    jiff::Span::new().try_days(days).ok().and_then(|span| epoch.checked_add(span).ok()).unwrap_or(epoch)
}

/// FNV-1a of 64 bits over the id, most significant byte first, folded to 32 bits as its authors advise before taking a
/// remainder: the prime is 1 modulo 15, so that without folding ids that follow each other would share two or three
/// days.
fn fnv(id: i64) -> u64 {
    let hash = id
        .to_be_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    (hash >> 32) ^ (hash & 0xffff_ffff)
}

#[cfg(test)]
mod tests;
