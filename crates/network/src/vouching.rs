//! Which vouches count (S2, trap 5): those of somebody whom the network itself reaches. Accounts that only vouch for
//! each other reach nobody and gain nothing, however many they are.
//!
//! The network reaches its coordinators, whomever somebody reached vouches for, and who met the need of somebody
//! reached. So a circle closed in itself stays outside until somebody from inside the network stands for one of it.

use std::collections::{HashMap, HashSet, VecDeque};

/// A vouch is good for two years.
pub const GOOD_FOR_DAYS: i64 = 730;

/// The vouches that count, by their places in `vouches` (who, for whom). `reached`: coordinators. `helped`: who said
/// that whom met their need.
#[must_use]
pub fn counting(reached: &[i64], helped: &[(i64, i64)], vouches: &[(i64, i64)]) -> HashSet<usize> {
    let mut toward: HashMap<i64, Vec<i64>> = HashMap::new();
    for (from, to) in helped.iter().chain(vouches).filter(|(from, to)| from != to) {
        toward.entry(*from).or_default().push(*to);
    }
    let mut seen: HashSet<i64> = reached.iter().copied().collect();
    let mut queue: VecDeque<i64> = reached.iter().copied().collect();
    while let Some(one) = queue.pop_front() {
        for next in toward.get(&one).into_iter().flatten() {
            if seen.insert(*next) {
                queue.push_back(*next);
            }
        }
    }
    vouches
        .iter()
        .enumerate()
        .filter(|(_, (from, to))| from != to && seen.contains(from))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_closed_circle_counts_nothing_trap_5() {
        // 1 coordinates; 2 was vouched for; 10, 11, 12 only vouch for each other, and one of them for 2
        let vouches = [(1, 2), (2, 3), (10, 11), (11, 12), (12, 10), (10, 2)];
        let counting = counting(&[1], &[], &vouches);
        assert_eq!(counting, HashSet::from([0, 1]), "what the circle says of anybody counts nothing");
    }

    #[test]
    fn who_met_a_need_is_reached() {
        let vouches = [(5, 6)];
        assert!(counting(&[1], &[], &vouches).is_empty());
        assert_eq!(counting(&[1], &[(1, 5)], &vouches).len(), 1);
    }

    #[test]
    fn nobody_vouches_for_themselves() {
        assert!(counting(&[1], &[], &[(1, 1)]).is_empty());
    }

    proptest! {
        #[test]
        fn no_number_of_accounts_helps_itself(
            within in prop::collection::vec((100_i64..130, 100_i64..130), 0..200),
            helped in prop::collection::vec((100_i64..130, 100_i64..130), 0..50),
            out in prop::collection::vec((100_i64..130, 1_i64..9), 0..20),
            inside in prop::collection::vec((1_i64..9, 1_i64..9), 0..30),
        ) {
            let real = counting(&[1], &[], &inside).len();
            let mut all = inside.clone();
            all.extend(&within);
            all.extend(&out);
            prop_assert_eq!(counting(&[1], &helped, &all).len(), real);
        }
    }
}
