//! Keeping one's word (C5): who, what, by when. A promise that is taken back before its day counts as kept, because
//! the other side could still plan; only the network's share is public, a member's own record is theirs.

use crate::share::{FEWEST, Share};
use crate::vocabulary::PromiseState;

/// Days a promise that nobody speaks of waits after its day before it counts as broken. It can still be kept later.
pub const WAITS_DAYS: i64 = 60;
/// A reminder comes so many days before the day.
pub const REMINDED_BEFORE: i64 = 2;

/// Which side of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Provider,
    Receiver,
}

/// What can be done to a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The side that did not propose it agrees.
    Accept,
    /// It was done.
    Keep,
    /// Taken back, or let go.
    Release,
    /// It will not come any more, or did not come.
    Break,
    /// The receiver says that what was reported as done did not come.
    Dispute,
    /// Time ran out on a proposal.
    Lapse,
}

/// What comes after an act, or nothing where the act has no place. `due` and `day` are days since 1970-01-01, the due
/// day included.
#[must_use]
pub const fn after(
    state: PromiseState,
    act: Act,
    side: Side,
    due: Option<i64>,
    day: i64,
) -> Option<PromiseState> {
    let in_time = match due {
        Some(due) => day <= due,
        None => true,
    };
    match (state, act) {
        (PromiseState::Proposed, Act::Accept) => Some(PromiseState::Accepted),
        (PromiseState::Proposed, Act::Lapse | Act::Release) => Some(PromiseState::Lapsed),
        (PromiseState::Accepted, Act::Keep) if in_time => Some(PromiseState::Kept),
        // what comes after all is late, never broken for good
        (PromiseState::Accepted | PromiseState::Broken, Act::Keep) => Some(PromiseState::Late),
        (PromiseState::Accepted, Act::Release) if in_time => Some(PromiseState::Released),
        // after its day only the one who waits can let it go: that is late, not broken
        (PromiseState::Accepted, Act::Release) => match side {
            Side::Receiver => Some(PromiseState::Late),
            Side::Provider => Some(PromiseState::Broken),
        },
        (PromiseState::Accepted, Act::Break) => match side {
            // before its day nobody can say that it was broken, but the provider can say that it will not come
            Side::Provider if in_time => Some(PromiseState::Released),
            Side::Receiver if in_time => None,
            Side::Provider | Side::Receiver => Some(PromiseState::Broken),
        },
        (PromiseState::Kept | PromiseState::Late, Act::Dispute) => Some(PromiseState::Accepted),
        _ => None,
    }
}

/// How many promises were kept, late and broken; those under way count nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Record {
    /// Those released in time included.
    pub kept: u32,
    pub late: u32,
    pub broken: u32,
}

impl Record {
    /// Counts one more.
    pub const fn add(&mut self, state: PromiseState, count: u32) {
        match state {
            PromiseState::Kept | PromiseState::Released => self.kept = self.kept.saturating_add(count),
            PromiseState::Late => self.late = self.late.saturating_add(count),
            PromiseState::Broken => self.broken = self.broken.saturating_add(count),
            PromiseState::Proposed | PromiseState::Accepted | PromiseState::Lapsed => {}
        }
    }

    /// All that were settled.
    #[must_use]
    pub const fn settled(&self) -> u32 {
        self.kept.saturating_add(self.late).saturating_add(self.broken)
    }

    /// The network's share of kept promises, kept/(kept + late + broken) (indicators.md E7b); not shown where it would
    /// speak of fewer than five people.
    #[must_use]
    pub fn share(&self, people: usize) -> Option<Share> {
        if people < FEWEST { None } else { Share::wilson(self.kept, self.settled()) }
    }
}

/// Why a promise comes up today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// In so many days.
    Soon(i64),
    Today,
    /// So many days ago.
    Over(i64),
}

/// Whether a promise comes up on this day.
#[must_use]
pub const fn due(due_on: i64, day: i64) -> Option<Due> {
    let left = due_on - day;
    if left == 0 {
        Some(Due::Today)
    } else if left < 0 {
        Some(Due::Over(-left))
    } else if left <= REMINDED_BEFORE {
        Some(Due::Soon(left))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn released_before_its_day_counts_as_kept_and_after_it_does_not() {
        let mut record = Record::default();
        for (side, day) in
            [(Side::Provider, 10), (Side::Receiver, 9), (Side::Receiver, 11), (Side::Provider, 11)]
        {
            let state = after(PromiseState::Accepted, Act::Release, side, Some(10), day).unwrap();
            record.add(state, 1);
        }
        assert_eq!(record, Record { kept: 2, late: 1, broken: 1 });
        assert_eq!(record.share(4), None, "four people are never a figure");
        assert!((record.share(5).unwrap().value - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_due_day_itself_is_in_time() {
        assert_eq!(
            after(PromiseState::Accepted, Act::Keep, Side::Provider, Some(10), 10),
            Some(PromiseState::Kept)
        );
        assert_eq!(
            after(PromiseState::Accepted, Act::Keep, Side::Provider, Some(10), 11),
            Some(PromiseState::Late)
        );
        assert_eq!(
            after(PromiseState::Broken, Act::Keep, Side::Receiver, Some(10), 400),
            Some(PromiseState::Late),
            "what came after all came late"
        );
        assert_eq!(after(PromiseState::Accepted, Act::Break, Side::Receiver, Some(10), 10), None);
        assert_eq!(due(10, 7), None);
        assert_eq!(due(10, 8), Some(Due::Soon(2)));
        assert_eq!(due(10, 10), Some(Due::Today));
        assert_eq!(due(10, 12), Some(Due::Over(2)));
    }

    const ACTS: [Act; 6] = [Act::Accept, Act::Keep, Act::Release, Act::Break, Act::Dispute, Act::Lapse];

    proptest! {
        /// Whatever happens: nothing is kept that was never accepted, nothing kept in time after its day, and what
        /// lapsed or was released stays so.
        #[test]
        fn any_history_is_sound(steps in prop::collection::vec((0_usize..6, any::<bool>(), 0_i64..4), 0..30), due in prop::option::of(5_i64..20)) {
            let (mut state, mut day, mut accepted) = (PromiseState::Proposed, 0, false);
            for (act, provider, days) in steps {
                day += days;
                let side = if provider { Side::Provider } else { Side::Receiver };
                let Some(next) = after(state, ACTS[act], side, due, day) else { continue };
                prop_assert!(!matches!(state, PromiseState::Lapsed | PromiseState::Released));
                accepted |= next == PromiseState::Accepted;
                if matches!(next, PromiseState::Kept | PromiseState::Released) {
                    prop_assert!(due.is_none_or(|due| day <= due));
                }
                if next != PromiseState::Lapsed { prop_assert!(accepted); }
                state = next;
            }
        }
    }
}
