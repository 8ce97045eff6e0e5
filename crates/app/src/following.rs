//! How what is kept in memory (the search index, the pools of offers and needs) follows what is written, by this process
//! and by others on the same store.
//!
//! A row carries the moment its transaction began, and may be seen only when that was committed. So a look goes back
//! further than the last one: mostly a little, which finds all that was written in ordinary transactions, and every now
//! and then as far as the longest transaction can be ([`WINDOW`]), so that nobody waits while thousands of rows that are
//! known are counted through. A clock that was set back since the last look is noticed by the time that really passed.

use std::time::Instant;

use store::Micros;

/// Longer than the longest transaction, clocks that differ included.
pub const WINDOW: i64 = 10 * Micros::MINUTE;
/// Longer than an ordinary transaction from its beginning to its commit.
const SHORT: i64 = 3 * Micros::SECOND;
/// How often a look goes back all the way.
const THOROUGH_EVERY: i64 = 10 * Micros::SECOND;

/// When was looked, by the clock of the store and by the time that passed.
#[derive(Debug, Clone, Copy)]
struct Looked {
    at: Micros,
    really: Instant,
}

impl Looked {
    /// When that was by the clock as it goes now: earlier, if the clock was set back in between.
    fn by_the_clock(&self, now: Micros) -> i64 {
        let passed = i64::try_from(self.really.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.at.0.min(now.0.saturating_sub(passed))
    }
}

/// The looks so far.
#[derive(Debug, Default)]
pub struct Looks {
    last: Option<Looked>,
    last_thorough: Option<Looked>,
    /// Before anything was looked for: everything since then is new.
    begun: i64,
}

/// One look: what changed after `since` is to be read.
#[derive(Debug)]
pub struct Look {
    pub since: Micros,
    /// Goes back as far as [`WINDOW`]: what changed earlier need not be remembered.
    pub thorough: bool,
    now: Micros,
    really: Instant,
}

impl Looks {
    /// After everything was read that was there at this moment.
    #[must_use]
    pub fn after_building(from: Micros) -> Self {
        Self { begun: from.0, ..Self::default() }
    }

    /// Where the look that begins now goes back to.
    #[must_use]
    pub fn next(&self, now: Micros) -> Look {
        let really = Instant::now();
        let (Some(last), Some(last_thorough)) = (&self.last, &self.last_thorough) else {
            return Look { since: Micros(self.begun), thorough: true, now, really };
        };
        let thorough_at = last_thorough.by_the_clock(now);
        // on a clock that tests move, time passes without passing
        if now.0.saturating_sub(thorough_at) >= THOROUGH_EVERY {
            return Look { since: Micros(thorough_at.saturating_sub(WINDOW)), thorough: true, now, really };
        }
        Look { since: Micros(last.by_the_clock(now).saturating_sub(SHORT)), thorough: false, now, really }
    }

    /// The look read all it was to read.
    pub fn done(&mut self, look: &Look) {
        let looked = Looked { at: look.now, really: look.really };
        self.last = Some(looked);
        if look.thorough {
            self.last_thorough = Some(looked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(looks: &mut Looks, now: i64) -> Look {
        let look = looks.next(Micros(now));
        looks.done(&look);
        look
    }

    #[test]
    fn the_first_look_reads_everything_since_the_building_began() {
        let looks = Looks::after_building(Micros(1_000));
        assert_eq!(looks.next(Micros(5_000_000)).since, Micros(1_000));
    }

    #[test]
    fn most_looks_are_short_and_some_go_back_all_the_way() {
        let second = Micros::SECOND;
        let mut looks = Looks::after_building(Micros(0));
        let start = 1_000_000 * second;
        looked(&mut looks, start);
        let next = looked(&mut looks, start + second);
        assert!(!next.thorough && next.since.0 <= start - SHORT && next.since.0 > start - 2 * SHORT);
        let later = looked(&mut looks, start + THOROUGH_EVERY + second);
        assert!(later.thorough && later.since.0 <= start + second - WINDOW);
    }

    #[test]
    fn a_clock_that_was_set_back_hides_nothing() {
        let mut looks = Looks::after_building(Micros(0));
        let start = 1_000_000 * Micros::SECOND;
        looked(&mut looks, start);
        let hour = 60 * Micros::MINUTE;
        // what is written after the clock was set back carries an earlier moment than the last look
        let look = looks.next(Micros(start - hour));
        assert!(look.since.0 < start - hour);
    }
}
