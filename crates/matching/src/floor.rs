//! Nobody who offers waits for ever: an active offer is shown at least once in fourteen days, to the need it fits best.
//!
//! What fits no need well enough is not shown for the sake of being shown. The caller keeps when each offer was last
//! shown; [`Pool::owed`] says which of a need's own list is due, [`grant`] gives it the last place shown, so that what
//! fits best still comes first. Who waited longest is granted first, one at each look, so that all have their turn
//! wherever needs are looked at.

use crate::intent::{Day, IntentKey};
use crate::pool::{Pool, Proposal, Situation};

/// Days within which an active offer is shown.
pub const DAYS: i32 = 14;
/// An offer is owed a showing only where its score is at least this.
pub const RELEVANT: f64 = 0.2;

/// Offers looked at for one need: each costs a question.
const LOOKED_AT: usize = 5;

impl Pool {
    /// Of the offers that fit `need` but stand below what is shown, the one that waited longest: not shown for [`DAYS`]
    /// (never shown: since it was made or renewed; without a day, at once), fitting with at least [`RELEVANT`], and
    /// fitting no other need better.
    ///
    /// `last_shown` tells the day an offer was last shown.
    #[must_use]
    pub fn owed<'a>(
        &self,
        need: IntentKey,
        below: &'a [Proposal],
        situation: &Situation,
        last_shown: impl Fn(IntentKey) -> Option<Day>,
    ) -> Option<&'a Proposal> {
        let today = situation.today?;
        let mut due: Vec<(i32, &Proposal)> = below
            .iter()
            .filter(|proposal| proposal.score >= RELEVANT)
            .filter_map(|proposal| {
                let renewed = self.get(proposal.key)?.renewed;
                let since = last_shown(proposal.key).or(renewed).map_or(i32::MIN, |day| day.0);
                (today.0.saturating_sub(since) >= DAYS).then_some((since, proposal))
            })
            .collect();
        due.sort_by_key(|(since, proposal)| (*since, proposal.key));
        due.into_iter().take(LOOKED_AT).map(|(_, proposal)| proposal).find(|proposal| {
            let offer = self.get(proposal.key);
            let best = offer.and_then(|offer| self.needs_for(offer, 1, situation).fit.into_iter().next());
            best.is_none_or(|best| best.key == need || best.score <= proposal.score)
        })
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
        let need = about(9, Side::Need, "log.venue");
        let pool = Pool::build([
            about(1, Side::Offer, "log.venue"),
            about(2, Side::Offer, "farm.fishery"),
            fresh,
            about(4, Side::Offer, "log.venue"),
            need.clone(),
        ]);
        let mut shown = HashMap::from([(IntentKey(4), Day(90))]);
        let mut owed = |today| {
            let situation = Situation { today: Some(Day(today)), ..Situation::default() };
            let fit = pool.offers_for(&need, 10, &situation).fit;
            let owed = pool.owed(need.key, &fit, &situation, |key| shown.get(&key).copied())?.key;
            shown.insert(owed, Day(today));
            Some(owed.0)
        };
        assert_eq!(
            [owed(100), owed(100), owed(104), owed(104), owed(109)],
            [Some(1), None, Some(4), None, Some(3)]
        );
    }

    #[test]
    fn an_offer_waits_for_the_need_it_fits_best() {
        let near = Intent {
            text: "ห้องประชุม".to_owned(), ..about(1, Side::Offer, "log.venue")
        };
        let best =
            Intent { text: "ห้องประชุม".to_owned(), ..about(8, Side::Need, "log.venue") };
        let other =
            Intent { text: "ลานกว้าง".to_owned(), ..about(9, Side::Need, "log.venue") };
        let pool = Pool::build([near, best.clone(), other.clone()]);
        let situation = Situation { today: Some(Day(50)), ..Situation::default() };
        let owed = |need: &Intent| {
            let fit = pool.offers_for(need, 10, &situation).fit;
            pool.owed(need.key, &fit, &situation, |_| None).map(|owed| owed.key.0)
        };
        assert_eq!((owed(&best), owed(&other)), (Some(1), None));
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

    /// Forty offers of two kinds, one need of either kind looked at twice a day: by score alone the same five are always
    /// shown; with the floor each is shown within fourteen days once it is due, and the first four places stay the best.
    #[test]
    fn within_fourteen_days_each_has_been_shown() {
        let codes = ["log.venue", "legal.debt"];
        let offers = (0..40_u64).map(|n| about(n, Side::Offer, codes[n as usize % 2]));
        let needs: Vec<Intent> =
            (0_u64..).zip(codes).map(|(n, code)| about(1_000 + n, Side::Need, code)).collect();
        let pool = Pool::build(offers.chain(needs.iter().cloned()));
        let mut last: HashMap<IntentKey, Day> = HashMap::new();
        let mut plain: HashSet<IntentKey> = HashSet::new();
        for half_day in 0..28_i32 {
            let situation = Situation { today: Some(Day(half_day / 2)), ..Situation::default() };
            for need in &needs {
                let fit = pool.offers_for(need, 40, &situation).fit;
                let (first, below) = fit.split_at(5);
                plain.extend(first.iter().map(|proposal| proposal.key));
                let mut shown = first.to_vec();
                if let Some(owed) = pool.owed(need.key, below, &situation, |key| last.get(&key).copied()) {
                    grant(&mut shown, owed.clone(), 5);
                }
                assert_eq!(shown[..4], first[..4]);
                last.extend(shown.iter().map(|proposal| (proposal.key, situation.today.unwrap())));
            }
        }
        assert_eq!(plain.len(), 10);
        assert_eq!(last.len(), 40);
    }
}
