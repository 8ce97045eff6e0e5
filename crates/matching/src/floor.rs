//! Nobody who offers waits for ever: an active offer is shown at least once in fourteen days, to the need it fits best.
//!
//! What fits no need well enough is not shown for the sake of being shown. The caller keeps when each offer was last
//! shown; [`Pool::owed`] says which are due and to which need, [`grant`] puts one into that need's list, at its last
//! place, so that what fits best still comes first.

use crate::intent::{Day, IntentKey};
use crate::pool::{Pool, Proposal, Situation};

/// Days within which an active offer is shown.
pub const DAYS: i32 = 14;
/// An offer is owed a showing only where its score is at least this.
pub const RELEVANT: f64 = 0.2;

/// An offer that is due to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    /// The need it fits best
    pub need: IntentKey,
    /// How it fits there
    pub proposal: Proposal,
}

impl Pool {
    /// The offers not shown for [`DAYS`] (never shown: since they were made or renewed; without a day, at once) that fit
    /// some need with at least `least`, each with the need it fits best; who waited longest first.
    ///
    /// `last_shown` tells the day an offer was last shown.
    #[must_use]
    pub fn owed(
        &self,
        today: Day,
        least: f64,
        situation: &Situation,
        last_shown: impl Fn(IntentKey) -> Option<Day>,
    ) -> Vec<Owed> {
        let mut due: Vec<(i32, IntentKey)> = self
            .offers()
            .filter_map(|offer| {
                let since = last_shown(offer.key).or(offer.renewed).map_or(i32::MIN, |day| day.0);
                (today.0.saturating_sub(since) >= DAYS).then_some((since, offer.key))
            })
            .collect();
        due.sort_unstable();
        let situation = Situation { today: Some(today), ..situation.clone() };
        let mut owed = Vec::new();
        for (_, key) in due {
            let Some(offer) = self.get(key) else { continue };
            let Some(best) = self.needs_for(offer, 1, &situation).fit.into_iter().next() else { continue };
            if best.score >= least {
                let proposal = Proposal { key, actor: offer.actor, ..best.clone() };
                owed.push(Owed { need: best.key, proposal });
            }
        }
        owed
    }
}

/// Puts an owed offer into the list of its need, which holds at most `k`: in the last place, unless it is there already.
pub fn grant(shown: &mut Vec<Proposal>, owed: Proposal, k: usize) {
    if k == 0 || shown.iter().any(|proposal| proposal.key == owed.key) {
        return;
    }
    shown.truncate(k - 1);
    shown.push(owed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{ActorKey, Intent, Side};
    use crate::taxonomy::Taxonomy;
    use std::collections::{HashMap, HashSet};

    fn about(key: u64, side: Side, code: &str) -> Intent {
        let mut intent = Intent::new(IntentKey(key), side, "");
        intent.actor = Some(ActorKey(key));
        intent.categories = vec![Taxonomy::built_in().find(code).unwrap()];
        intent
    }

    #[test]
    fn only_what_fits_and_waited_is_owed() {
        let mut fresh = about(3, Side::Offer, "log.venue");
        fresh.renewed = Some(Day(95));
        let pool = Pool::build([
            about(1, Side::Offer, "log.venue"),
            about(2, Side::Offer, "farm.fishery"),
            fresh,
            about(4, Side::Offer, "log.venue"),
            about(9, Side::Need, "log.venue"),
        ]);
        let shown = |key: IntentKey| (key.0 == 4).then_some(Day(90));
        let owed = pool.owed(Day(100), RELEVANT, &Situation::default(), shown);
        assert_eq!(owed.iter().map(|o| (o.proposal.key.0, o.need.0)).collect::<Vec<_>>(), [(1, 9)]);
        let later = pool.owed(Day(104), RELEVANT, &Situation::default(), shown);
        assert_eq!(later.iter().map(|o| o.proposal.key.0).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn a_granted_place_is_the_last() {
        let pool = Pool::build((1..7).map(|key| about(key, Side::Offer, "log.venue")));
        let need = about(9, Side::Need, "log.venue");
        let fit = pool.offers_for(&need, 6, &Situation::default()).fit;
        let mut shown: Vec<Proposal> = fit[..5].to_vec();
        grant(&mut shown, fit[5].clone(), 5);
        assert_eq!(shown.len(), 5);
        assert_eq!(shown[..4], fit[..4]);
        assert_eq!(shown[4].key, fit[5].key);
        let before = shown.clone();
        grant(&mut shown, fit[0].clone(), 5);
        assert_eq!(shown, before);
        grant(&mut shown, fit[4].clone(), 0);
        assert_eq!(shown, before);
    }

    /// Forty offers of two kinds, one need of either kind a day: by score alone the same five are always shown; with
    /// the floor each is shown within fourteen days once it is due, and the first four places stay the best.
    #[test]
    fn within_fourteen_days_each_has_been_shown() {
        let codes = ["log.venue", "legal.debt"];
        let offers = (0..40_u64).map(|n| about(n, Side::Offer, codes[n as usize % 2]));
        let mut pool = Pool::build(offers);
        let mut last: HashMap<IntentKey, Day> = HashMap::new();
        let mut plain: HashSet<IntentKey> = HashSet::new();
        for day in 0..28_i32 {
            for (place, code) in codes.iter().enumerate() {
                let need = about(1_000 + place as u64, Side::Need, code);
                pool.upsert(need.clone());
                let mut shown = pool.offers_for(&need, 5, &Situation::default()).fit;
                plain.extend(shown.iter().map(|proposal| proposal.key));
                let owed =
                    pool.owed(Day(day), RELEVANT, &Situation::default(), |key| last.get(&key).copied());
                if let Some(due) = owed.into_iter().find(|owed| owed.need == need.key) {
                    grant(&mut shown, due.proposal, 5);
                }
                last.extend(shown.iter().map(|proposal| (proposal.key, Day(day))));
            }
        }
        assert_eq!(plain.len(), 10);
        assert_eq!(last.len(), 40);
    }
}
