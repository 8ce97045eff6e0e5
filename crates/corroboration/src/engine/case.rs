//! All that is known about a claim at one moment, gathered for the belief.

use std::collections::HashMap;

use super::Engine;
use crate::Polarity;
use crate::Witness;
use crate::belief::{Case, Denial, Neighbor, Source, Voice};
use crate::claim::{Claim, ClaimId, Observation};
use crate::crowd::arrived;
use crate::footprint::Footprint;
use crate::members::Account;
use crate::place::Moment;
use crate::policy::Term;
use crate::reliability::WEIGHT_LIMIT;

/// Most neighbors that are weighed one by one.
const NEIGHBORS_KEPT: usize = 3000;

impl Engine {
    /// All that is known about a claim now.
    pub(super) fn case(&self, claim: &Claim, now: Moment) -> Case {
        let mut case = Case {
            evidence: if self.policy.uses(Term::Verdicts) { claim.evidence } else { 0.0 },
            ..Case::default()
        };
        for o in &claim.observations {
            let Some(account) = self.members.get(o.links.member) else { continue };
            let (x, y) = o.stood.offset_km(claim.center);
            match o.polarity {
                Polarity::Seen => case.voices.push(Voice {
                    links: o.links,
                    weight: self.voice_weight(o, account, now),
                    witness: o.witness,
                    x,
                    y,
                    slack_km: o.slack_km,
                    young: account.young(o.received),
                    old_picture: o.old_picture,
                    source: o.source,
                    trained: account.trained(),
                }),
                Polarity::NotSeen if self.policy.uses(Term::Denials) || o.source == Source::Asked => {
                    case.denials.push(Denial {
                        links: o.links,
                        weight: self.denial_weight(o, account, now),
                        x,
                        y,
                    });
                }
                Polarity::NotSeen => {}
            }
        }
        self.add_neighbors(claim, now, &mut case);
        case
    }

    fn voice_weight(&self, o: &Observation, account: &Account, now: Moment) -> f64 {
        if o.source == Source::Asked && self.policy.uses(Term::Rates) {
            return self.policy.answers
                * self.crowd.answer_weight(account.tier, &account.record, Polarity::Seen);
        }
        let mut w = account.reliability.weight(now);
        if account.trained() && self.policy.uses(Term::Rates) {
            w = (w + self.crowd.observers_learned()).clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT);
        }
        if w > 0.0 && o.witness == Witness::Hearsay && self.policy.uses(Term::Hearsay) {
            w *= self.policy.hearsay;
        }
        if w > 0.0 && o.accuracy_km > 2.5 {
            w *= self.policy.vague;
        }
        if o.new_photo && o.witness == Witness::Firsthand {
            w += if self.policy.uses(Term::Rates) { self.crowd.photo_weight() } else { self.policy.photo };
        }
        w
    }

    fn denial_weight(&self, o: &Observation, account: &Account, now: Moment) -> f64 {
        let asked = o.source == Source::Asked;
        if self.policy.uses(Term::Rates) {
            let no = -self.crowd.answer_weight(account.tier, &account.record, Polarity::NotSeen);
            let w = (self.policy.answers * no).max(0.0);
            return if asked { w } else { w * self.policy.denial };
        }
        let w = account.reliability.weight(now).max(0.0);
        w * if asked { self.policy.asked_denial } else { self.policy.denial }
    }

    /// What was said near a claim at its time under other claims. It proves nothing about this one, since the other
    /// may be all there is; but who has spoken there is not silent here.
    fn words_near<'a>(&'a self, claim: &'a Claim) -> impl Iterator<Item = &'a Observation> {
        let reach = Footprint::reach_km(claim.hazard.radius_km());
        self.grids
            .get(claim.hazard as usize)
            .into_iter()
            .flat_map(move |grid| grid.near(claim.birthplace, reach + claim.hazard.radius_km()))
            .filter_map(|number| self.claims.get(&ClaimId(number)))
            .filter(move |other| {
                let apart = other.observed.minutes_since(claim.observed).abs();
                !std::ptr::eq(*other, claim) && apart <= claim.hazard.window_min()
            })
            .flat_map(|other| other.observations.iter())
    }

    /// Those who might have reported by now. Who was asked and answered says what they have to say by that.
    fn add_neighbors(&self, claim: &Claim, now: Moment, case: &mut Case) {
        let share = arrived(now.minutes_since(claim.observed));
        let reach = Footprint::reach_km(claim.hazard.radius_km());
        let spoke: HashMap<u32, (Source, Polarity)> = self
            .words_near(claim)
            .chain(claim.observations.iter().rev())
            .map(|o| (o.links.member, (o.source, o.polarity)))
            .collect();
        let mut reporters = 0.0;
        for (number, account, x, y) in self.members.near(claim.center, reach).take(NEIGHBORS_KEPT) {
            if account.created > claim.observed {
                continue;
            }
            let reports = self.crowd.reports(account.tier, claim.hazard);
            if x.hypot(y) <= claim.hazard.radius_km() / 2.0 {
                reporters += reports;
            }
            let chance = share * reports;
            match spoke.get(&number).copied() {
                None if account.trained() => case.quiet.push(Neighbor { x, y, chance }),
                None | Some((Source::Spontaneous, Polarity::Seen)) if !account.trained() => {
                    case.potential.push(Neighbor { x, y, chance });
                }
                _ => {}
            }
        }
        case.reporters = Some(reporters);
    }
}
