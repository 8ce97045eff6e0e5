//! Sharing what is scarce (O3, E6): whether a booking fits beside the others, what is needed that nobody has, and what
//! hangs on one alone.

use std::collections::{BTreeMap, BTreeSet};

/// A stretch of time that takes so many pieces: from its first moment to the first after it, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub from: i64,
    pub until: i64,
    pub pieces: i64,
}

/// Whether the wanted stretch fits beside those held already, with so many pieces there are. One may begin the moment
/// another ends. An empty or reversed stretch, or none or too many pieces, never fits.
#[must_use]
pub fn fits(pieces: i64, held: &[Held], wanted: Held) -> bool {
    if wanted.from >= wanted.until || wanted.pieces < 1 || wanted.pieces > pieces {
        return false;
    }
    let beside: Vec<Held> =
        held.iter().copied().filter(|one| one.from < wanted.until && one.until > wanted.from).collect();
    // the use is highest at the beginning of one of them, or of the wanted itself
    let beginnings = beside.iter().map(|one| one.from.max(wanted.from)).chain([wanted.from]);
    beginnings.into_iter().all(|moment| {
        let taken: i64 =
            beside.iter().filter(|one| one.from <= moment && moment < one.until).map(|one| one.pieces).sum();
        taken.saturating_add(wanted.pieces) <= pieces
    })
}

/// How what is needed is covered by those who could provide it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Needed, and nobody has it.
    pub gaps: Vec<String>,
    /// Needed, and one alone has it: what, and who.
    pub sole: Vec<(String, i64)>,
    /// Needed, and two or more have it.
    pub covered: Vec<String>,
}

impl Coverage {
    /// Reads needs (what, by whom) and holders (what, who). A need is not met by the one who needs it.
    #[must_use]
    pub fn of(needed: &[(String, i64)], held: &[(String, i64)]) -> Self {
        let mut holders: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for (what, who) in held {
            holders.entry(what).or_default().insert(*who);
        }
        let mut needs: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for (what, who) in needed {
            needs.entry(what).or_default().insert(*who);
        }
        let mut coverage = Self::default();
        for (what, by) in needs {
            let own = |who: &i64| by.len() == 1 && by.contains(who);
            let others: Vec<i64> = holders
                .get(what)
                .map(|who| who.iter().copied().filter(|who| !own(who)).collect())
                .unwrap_or_default();
            match others.as_slice() {
                [] => coverage.gaps.push(what.to_owned()),
                [one] => coverage.sole.push((what.to_owned(), *one)),
                _ => coverage.covered.push(what.to_owned()),
            }
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn held(from: i64, until: i64, pieces: i64) -> Held {
        Held { from, until, pieces }
    }

    #[test]
    fn one_thing_goes_to_one_at_a_time_and_next_to_next() {
        let taken = [held(10, 20, 1)];
        assert!(fits(1, &taken, held(20, 30, 1)), "one may begin the moment another ends");
        assert!(fits(1, &taken, held(0, 10, 1)));
        assert!(!fits(1, &taken, held(19, 21, 1)));
        assert!(!fits(1, &taken, held(12, 13, 1)));
        assert!(!fits(1, &[], held(5, 5, 1)), "no time at all");
        assert!(!fits(1, &[], held(0, 1, 2)), "more than there is");
    }

    #[test]
    fn needs_nobody_or_one_alone_can_meet() {
        let pair = |what: &str, who: i64| (what.to_owned(), who);
        let needed = [pair("pump", 1), pair("nurse", 2), pair("truck", 3), pair("mill", 4)];
        let held = [pair("nurse", 9), pair("truck", 8), pair("truck", 7), pair("mill", 4), pair("idle", 5)];
        let coverage = Coverage::of(&needed, &held);
        assert_eq!(coverage.gaps, ["mill", "pump"], "who needs it does not provide it");
        assert_eq!(coverage.sole, [pair("nurse", 9)]);
        assert_eq!(coverage.covered, ["truck"]);
    }

    proptest! {
        /// Whatever is asked for in whatever order: what was let in never takes more than there is, moment by moment.
        #[test]
        fn no_moment_is_booked_over(pieces in 1_i64..5, asked in prop::collection::vec((0_i64..30, 1_i64..10, 1_i64..4), 0..40)) {
            let mut taken: Vec<Held> = Vec::new();
            for (from, length, wanted) in asked {
                let one = held(from, from + length, wanted);
                let free = (from..from + length).all(|moment| {
                    let used: i64 = taken.iter().filter(|t| t.from <= moment && moment < t.until).map(|t| t.pieces).sum();
                    used + wanted <= pieces
                });
                prop_assert_eq!(fits(pieces, &taken, one), free);
                if free { taken.push(one); }
            }
        }
    }
}
