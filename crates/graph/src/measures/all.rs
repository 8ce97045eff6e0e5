//! Many measures of one network, by two threads where there are two.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

use super::analysis::{Analysis, Trait};
use super::names::Measure;
use super::value::Outcome;

/// How many threads find measures. Each is found by one of them, so that values do not depend on how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    One,
    Two,
}

impl Threads {
    /// Two, where the machine has two processors and more.
    #[must_use]
    pub fn of_machine() -> Self {
        match std::thread::available_parallelism().map_or(1, usize::from) {
            1 => Self::One,
            _ => Self::Two,
        }
    }
}

/// Measures asked for, each by a trait or by none, in their order; none where a measure cannot be found so.
///
/// Two threads take them from both ends of the list: neighbors in it often rest on the same searches, which are made once.
#[must_use]
pub fn of_all(
    analysis: &Analysis,
    asked: &[(&Measure, Option<Trait>)],
    threads: Threads,
) -> Vec<Option<Outcome>> {
    let left = Mutex::new(0..asked.len());
    let find = |next: fn(&mut Range<usize>) -> Option<usize>| {
        let mut found = Vec::new();
        loop {
            let taken = next(&mut left.lock().unwrap_or_else(PoisonError::into_inner));
            let Some((place, (measure, by))) = taken.and_then(|at| Some((at, asked.get(at)?))) else {
                return found;
            };
            found.push((
                place,
                match by {
                    None => measure.of(analysis),
                    Some(by) => measure.by(analysis, by),
                },
            ));
        }
    };
    let mut found = std::thread::scope(|scope| {
        let other = (threads == Threads::Two).then(|| scope.spawn(|| find(DoubleEndedIterator::next_back)));
        let mut found = find(Iterator::next);
        if let Some(other) = other {
            found.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        found
    });
    found.sort_by_key(|&(place, _)| place);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}
