//! What a verdict teaches: about those who spoke, and about how people here report and answer.

use std::collections::BTreeSet;

use super::Engine;
use crate::belief::Source;
use crate::claim::Spoken;
use crate::place::Moment;
use crate::policy::{Hazard, Term};
use crate::reliability::Credit;
use crate::{Finding, Polarity, Tier, Verdict, Witness};

impl Engine {
    pub(super) fn learn(&mut self, verdict: &Verdict, lessons: &[(Vec<Spoken>, Option<Moment>)]) {
        let mut spoke: BTreeSet<(u32, bool)> = BTreeSet::new();
        let mut reported: BTreeSet<u32> = BTreeSet::new();
        for (spoken, published) in lessons {
            for s in spoken {
                if s.polarity == Polarity::Seen && s.source == Source::Spontaneous {
                    reported.insert(s.member);
                }
                if !spoke.insert((s.member, s.source == Source::Asked)) {
                    continue;
                }
                let Some(account) = self.members.get_mut(s.member) else { continue };
                let near = account.home.km(verdict.place) <= verdict.hazard.radius_km() / 4.0;
                if s.source == Source::Asked {
                    if near || verdict.finding == Finding::False {
                        self.crowd.count_answer(account.tier, s.polarity, verdict.finding);
                        account.record.count(s.polarity, verdict.finding);
                    } else if s.polarity == Polarity::NotSeen {
                        // too far off to have seen it: an honest no
                        continue;
                    }
                }
                if s.source == Source::Spontaneous
                    && s.polarity == Polarity::Seen
                    && s.witness == Witness::Firsthand
                    && verdict.hazard != Hazard::Quake
                    && !s.doubtful
                {
                    self.crowd.count_photo(s.new_photo, verdict.finding);
                }
                if account.trained()
                    && s.source == Source::Spontaneous
                    && s.polarity == Polarity::Seen
                    && s.witness == Witness::Firsthand
                {
                    self.crowd.count_observer(verdict.finding == Finding::True);
                }
                let credit = if self.policy.uses(Term::NoCredit) {
                    Credit::of(s.witness, s.received, *published)
                } else {
                    Credit::Earned
                };
                account.reliability.learn(s.polarity, verdict.finding, credit, verdict.at);
            }
        }
        if verdict.finding == Finding::False || lessons.is_empty() || !self.policy.uses(Term::Rates) {
            return;
        }
        let there: Vec<(Tier, bool)> = self
            .members
            .near(verdict.place, verdict.hazard.radius_km() / 4.0)
            .filter(|(_, a, _, _)| a.created <= verdict.observed)
            .map(|(n, a, _, _)| (a.tier, reported.contains(&n)))
            .collect();
        for (tier, did) in there {
            self.crowd.count_report(tier, verdict.hazard, did);
        }
    }
}
