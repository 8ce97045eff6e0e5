//! The engine: takes what happens in, in order of arrival, and says what to do about it.

mod case;
mod lessons;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::asking;
use crate::belief::{Belief, Source};
use crate::claim::{Claim, ClaimId, Observation, Spoken, State};
use crate::crowd::Crowd;
use crate::dependence::{Links, PHOTO_BITS, TEXT_BITS};
use crate::fingerprint::Fingerprint;
use crate::footprint::Parts;
use crate::members::{Account, Members};
use crate::place::{Grid, Moment, Place};
use crate::policy::{Hazard, Level, Policy, Term};
use crate::reliability::digit;
use crate::{Answer, Finding, Member, Polarity, Report, Tier, Verdict, Witness};

/// Fingerprints remembered, of pictures and of texts.
const REMEMBERED: usize = 200_000;
/// Minutes beyond the hazard's window for which an alert is still news.
const LATE_MIN: f64 = 120.0;
/// Words of closed claims remembered for verdicts to come.
const PAST_WORDS: usize = 1_000_000;
/// Days a closed claim waits for its verdict.
const PAST_DAYS: f64 = 7.0;
/// Hours for which a known text marks its copies.
const COPY_HOURS: f64 = 48.0;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Publish.
    Alert {
        /// The claim.
        claim: ClaimId,
        /// What.
        hazard: Hazard,
        /// Where.
        place: Place,
        /// Calibrated probability.
        p: f64,
        /// How loud.
        level: Level,
    },
    /// Tell the members: reported, not confirmed.
    Advisory {
        /// The claim.
        claim: ClaimId,
        /// What.
        hazard: Hazard,
        /// Where.
        place: Place,
        /// Calibrated probability.
        p: f64,
    },
    /// Ask a member whether they see it where they are.
    Ask {
        /// The claim.
        claim: ClaimId,
        /// Whom.
        member: String,
        /// What.
        hazard: Hazard,
        /// About where.
        place: Place,
        /// About when.
        observed: Moment,
    },
}

/// An open claim as staff see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimView {
    /// What.
    pub hazard: Hazard,
    /// Where, the mean of those who saw it.
    pub place: Place,
    /// When, the mean of those who saw it.
    pub observed: Moment,
    /// When it last heard something.
    pub last: Moment,
    /// How far it has come.
    pub state: State,
    /// When it was alerted.
    pub published: Option<Moment>,
    /// Log-odds, before calibration.
    pub log_odds: f64,
    /// Calibrated probability.
    pub p: f64,
    /// What the log-odds are made of.
    pub parts: Parts,
    /// Independent groups that say so.
    pub groups: usize,
    /// Whether somebody trained or asked has said so.
    pub confirmed: bool,
    /// Reporters who came by themselves.
    pub reports: usize,
    /// Denials that came by themselves.
    pub denials: usize,
    /// Members asked.
    pub asked: usize,
    /// Of those, who saw it.
    pub answered_seen: usize,
    /// Of those, who did not.
    pub answered_not_seen: usize,
    /// Digit of the Admiralty code.
    pub digit: u8,
}

/// Why an input was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An answer without an ask.
    #[error("member {0} was not asked about this")]
    NotAsked(String),
}

/// Corroborates reports. See the crate's documentation.
#[derive(Debug, Clone)]
pub struct Engine {
    policy: Policy,
    members: Members,
    crowd: Crowd,
    claims: BTreeMap<ClaimId, Claim>,
    grids: [Grid; 4],
    next: u32,
    ask_queue: BTreeSet<(Moment, ClaimId)>,
    past: VecDeque<Past>,
    past_words: usize,
    photos: VecDeque<(Fingerprint, u32, Moment)>,
    texts: VecDeque<(Fingerprint, u32, Moment)>,
    last_sweep: Moment,
}

/// A closed claim waiting for its verdict.
#[derive(Debug, Clone)]
struct Past {
    hazard: Hazard,
    place: Place,
    observed: Moment,
    closed: Moment,
    published: Option<Moment>,
    spoken: Vec<Spoken>,
}

impl Engine {
    /// An engine without members or claims.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            members: Members::new(),
            crowd: Crowd::default(),
            claims: BTreeMap::new(),
            grids: Hazard::ALL.map(|h| Grid::new(h.radius_km())),
            next: 0,
            ask_queue: BTreeSet::new(),
            past: VecDeque::new(),
            past_words: 0,
            photos: VecDeque::new(),
            texts: VecDeque::new(),
            last_sweep: Moment::default(),
        }
    }

    /// An account comes to be, or changes.
    pub fn member(&mut self, member: &Member) {
        self.members.add(member);
    }

    /// A report arrives. Reporters without an account are taken as guests who live where they report from.
    pub fn report(&mut self, report: &Report) -> Vec<Outcome> {
        let now = report.received;
        let mut out = self.pass(now);
        let number = self.reporter(report);
        let observation = self.observe(report, number);
        let Some(id) = self.locate(&observation, report.hazard, now) else { return out };
        if let Some(claim) = self.claims.get_mut(&id) {
            claim.take(observation, now);
        }
        self.consider(id, now, &mut out);
        out
    }

    /// An answer arrives.
    ///
    /// # Errors
    /// [`Refusal::NotAsked`] if nobody asked this member about it.
    pub fn answer(&mut self, answer: &Answer) -> Result<Vec<Outcome>, Refusal> {
        let now = answer.received;
        let mut out = self.pass(now);
        let refusal = || Refusal::NotAsked(answer.member.clone());
        let number = self.members.number(&answer.member).ok_or_else(refusal)?;
        let asked = self
            .claims
            .iter()
            .filter(|(_, c)| c.hazard == answer.hazard && c.asked.contains(&number))
            .min_by_key(|(_, c)| c.observed.0.abs_diff(answer.observed.0))
            .map(|(id, _)| *id);
        let Some(id) = asked else {
            // the claim was closed before the answer came: too late to matter, but no fault of the member
            return if self.past.iter().any(|p| p.hazard == answer.hazard) {
                Ok(out)
            } else {
                Err(refusal())
            };
        };
        let Some(account) = self.members.get(number) else { return Ok(out) };
        let observation = Observation {
            links: self.links(number, account.device, None, None, now),
            polarity: answer.polarity,
            witness: Witness::Firsthand,
            source: Source::Asked,
            place: account.home,
            stood: account.home,
            accuracy_km: 0.0,
            slack_km: 0.0,
            observed: answer.observed,
            received: now,
            new_photo: false,
            old_picture: false,
        };
        if let Some(claim) = self.claims.get_mut(&id) {
            claim.take(observation, now);
        }
        self.consider(id, now, &mut out);
        Ok(out)
    }

    /// A steward's verdict: evidence for the claim it is about, and a lesson about everybody who spoke.
    pub fn verdict(&mut self, verdict: &Verdict) -> Vec<Outcome> {
        let now = verdict.at;
        let mut out = self.pass(now);
        let open: Vec<ClaimId> = self
            .claims
            .iter()
            .filter(|(_, c)| c.joins(verdict.hazard, verdict.place, verdict.observed).is_some())
            .map(|(id, _)| *id)
            .collect();
        let mut lessons: Vec<(Vec<Spoken>, Option<Moment>)> = Vec::new();
        for id in &open {
            if let Some(claim) = self.claims.get_mut(id) {
                claim.evidence += match verdict.finding {
                    Finding::True => self.policy.verdict,
                    Finding::False => -self.policy.verdict,
                };
                lessons.push((claim.spoken(), claim.published));
            }
        }
        for past in &self.past {
            let apart = past.observed.minutes_since(verdict.observed).abs();
            if past.hazard == verdict.hazard
                && apart <= verdict.hazard.window_min()
                && past.place.km(verdict.place) <= verdict.hazard.radius_km()
            {
                lessons.push((past.spoken.clone(), past.published));
            }
        }
        if self.policy.uses(Term::Verdicts) {
            for id in open {
                self.consider(id, now, &mut out);
            }
        }
        self.learn(verdict, &lessons);
        out
    }

    /// Time passes.
    pub fn tick(&mut self, now: Moment) -> Vec<Outcome> {
        self.pass(now)
    }

    /// Numbers of the open claims, oldest first.
    pub fn open_claims(&self) -> impl Iterator<Item = ClaimId> + '_ {
        self.claims.keys().copied()
    }

    /// An open claim as staff see it at a moment.
    #[must_use]
    pub fn view(&self, id: ClaimId, now: Moment) -> Option<ClaimView> {
        let claim = self.claims.get(&id)?;
        let belief = Belief::of(&self.policy, claim.hazard.radius_km(), &self.case(claim, now));
        let p = self.policy.probability(belief.log_odds);
        let count = |source, polarity| {
            claim.observations.iter().filter(|o| o.source == source && o.polarity == polarity).count()
        };
        Some(ClaimView {
            hazard: claim.hazard,
            place: claim.place,
            observed: claim.observed,
            last: claim.last,
            state: claim.state,
            published: claim.published,
            log_odds: belief.log_odds,
            p,
            parts: belief.footprint.parts,
            groups: belief.groups,
            confirmed: belief.confirmed,
            reports: count(Source::Spontaneous, Polarity::Seen),
            denials: count(Source::Spontaneous, Polarity::NotSeen),
            asked: claim.asked.len(),
            answered_seen: count(Source::Asked, Polarity::Seen),
            answered_not_seen: count(Source::Asked, Polarity::NotSeen),
            digit: digit(claim.evidence > 0.0 || (belief.confirmed && belief.groups >= 2), Some(p)),
        })
    }

    /// Asks that have come due, and claims that have grown old.
    fn pass(&mut self, now: Moment) -> Vec<Outcome> {
        let mut out = Vec::new();
        while let Some(&(due, id)) = self.ask_queue.first() {
            if due > now {
                break;
            }
            self.ask_queue.pop_first();
            self.consider(id, now, &mut out);
        }
        if now.minutes_since(self.last_sweep) >= 10.0 {
            self.last_sweep = now;
            self.close_old(now);
        }
        out
    }

    fn close_old(&mut self, now: Moment) {
        let old: Vec<ClaimId> =
            self.claims.iter().filter(|(_, c)| c.closes() < now).map(|(id, _)| *id).collect();
        for id in old {
            let Some(claim) = self.claims.remove(&id) else { continue };
            if let Some(grid) = self.grids.get_mut(claim.hazard as usize) {
                grid.remove(claim.birthplace, id.0);
            }
            for number in &claim.asked {
                if let Some(account) = self.members.get(*number) {
                    self.crowd.count_ask(account.tier, claim.has_spoken(*number));
                }
            }
            let spoken = claim.spoken();
            self.past_words += spoken.len();
            self.past.push_back(Past {
                hazard: claim.hazard,
                place: claim.center,
                observed: claim.observed,
                closed: now,
                published: claim.published,
                spoken,
            });
        }
        while let Some(oldest) = self.past.front() {
            if self.past_words <= PAST_WORDS && now.minutes_since(oldest.closed) <= PAST_DAYS * 1440.0 {
                break;
            }
            self.past_words = self.past_words.saturating_sub(oldest.spoken.len());
            self.past.pop_front();
        }
    }

    fn reporter(&mut self, report: &Report) -> u32 {
        if let Some(number) = self.members.number(&report.member) {
            return number;
        }
        self.members.add(&Member {
            id: report.member.clone(),
            tier: Tier::Guest,
            created: report.received,
            home: report.place,
            invited_by: None,
            device: report.device,
        })
    }

    fn links(
        &self,
        member: u32,
        device: Option<Fingerprint>,
        photo: Option<Fingerprint>,
        text: Option<Fingerprint>,
        now: Moment,
    ) -> Links {
        let burst = if self.policy.uses(Term::Bursts) { self.members.burst(member) } else { None };
        let from_afar = self.policy.uses(Term::Vouching) && self.members.vouched_from_afar(member);
        Links { member, device, photo, text, ancestor: self.members.ancestor(member, now), burst, from_afar }
    }

    /// What a report is worth looking at: is its photo old, its text a copy, its witness far from home?
    fn observe(&mut self, report: &Report, number: u32) -> Observation {
        let now = report.received;
        let known_photo = report.photo.and_then(|photo| known(&self.photos, photo, PHOTO_BITS));
        let known_text = report
            .text
            .and_then(|text| known(&self.texts, text, TEXT_BITS))
            .filter(|(_, t)| now.minutes_since(*t) <= COPY_HOURS * 60.0);
        let old_picture = known_photo.is_some_and(|(_, t)| now.since(t) > 86_400.0);
        let copied = [known_photo, known_text].into_iter().flatten().any(|(by, _)| by != number);
        remember(&mut self.photos, report.photo, known_photo.is_some(), number, now);
        remember(&mut self.texts, report.text, known_text.is_some(), number, now);
        let away = self.policy.uses(Term::Away)
            && self.members.get(number).is_some_and(|a| {
                a.home.km(report.place) > report.hazard.radius_km() + report.accuracy_m / 1000.0
            });
        let hearsay = report.witness == Witness::Hearsay || copied || away;
        let accuracy_km = report.accuracy_m / 1000.0;
        let (stood, slack_km) = self.stood(report, number);
        Observation {
            links: self.links(number, report.device, report.photo, report.text, now),
            polarity: report.polarity,
            witness: if hearsay { Witness::Hearsay } else { Witness::Firsthand },
            source: Source::Spontaneous,
            place: report.place,
            stood,
            accuracy_km,
            slack_km,
            observed: report.observed,
            received: now,
            new_photo: report.photo.is_some() && known_photo.is_none_or(|(by, _)| by == number),
            old_picture,
        }
    }

    /// Where the witness most likely stood, and how far from there they may have been: at home, where the place named
    /// is too vague to tell it from home. A report from the fields that may as well come from the village is one of the
    /// village, whose silence it has to be weighed against.
    fn stood(&self, report: &Report, number: u32) -> (Place, f64) {
        let accuracy_km = report.accuracy_m / 1000.0;
        let home = self.members.get(number).map_or(report.place, |account| account.home);
        if self.policy.uses(Term::Home) && home.km(report.place) <= self.policy.home_within * accuracy_km {
            return (home, accuracy_km.min(self.policy.home_slack_km));
        }
        (report.place, accuracy_km)
    }

    /// The nearest claim the observation joins, or a new one if something was seen.
    fn locate(&mut self, observation: &Observation, hazard: Hazard, now: Moment) -> Option<ClaimId> {
        let grid = self.grids.get(hazard as usize)?;
        // the centroid may have moved from the birthplace by up to the joining radius
        let nearest = grid
            .near(observation.stood, 2.0 * hazard.radius_km())
            .filter_map(|n| {
                let claim = self.claims.get(&ClaimId(n))?;
                claim.joins(hazard, observation.stood, observation.observed).map(|km| (km, ClaimId(n)))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, id)) = nearest {
            return Some(id);
        }
        if observation.polarity == Polarity::NotSeen {
            return None;
        }
        let id = ClaimId(self.next);
        self.next = self.next.wrapping_add(1);
        let mut claim = Claim::new(hazard, observation.stood, observation.observed, now);
        claim.place = observation.place;
        self.claims.insert(id, claim);
        if let Some(grid) = self.grids.get_mut(hazard as usize) {
            grid.insert(observation.stood, id.0);
        }
        Some(id)
    }

    /// Weighs a claim and acts on it.
    fn consider(&mut self, id: ClaimId, now: Moment, out: &mut Vec<Outcome>) {
        let Some(claim) = self.claims.get(&id) else { return };
        if claim.state == State::Alerted {
            return;
        }
        let belief = Belief::of(&self.policy, claim.hazard.radius_km(), &self.case(claim, now));
        let p = self.policy.probability(belief.log_odds);
        let denials = claim.observations.iter().filter(|o| o.polarity == Polarity::NotSeen).count();
        let verified = claim.evidence > 0.0;
        let confirmed = belief.confirmed || verified || !self.policy.uses(Term::Confirmation);
        let trained = claim.observations.iter().any(|o| {
            o.polarity == Polarity::Seen
                && o.witness == Witness::Firsthand
                && self.members.get(o.links.member).is_some_and(Account::trained)
        });
        let (hazard, place, observed) = (claim.hazard, claim.place, claim.observed);
        let fresh = now.minutes_since(observed) <= hazard.window_min() + LATE_MIN;
        if p >= self.policy.alert_from && confirmed && fresh {
            let level = if verified { Level::Warning } else { Level::Watch };
            out.push(Outcome::Alert { claim: id, hazard, place, p, level });
            self.set_state(id, State::Alerted, Some(now));
            return;
        }
        let contradicted = denials >= 3 && belief.log_odds < self.policy.contradict_below;
        if contradicted {
            self.set_state(id, State::Contradicted, None);
            return;
        }
        if claim.state == State::Gathering
            && belief.log_odds.max(belief.said) >= self.policy.advise_from
            && (belief.groups >= 2 || trained)
        {
            out.push(Outcome::Advisory { claim: id, hazard, place, p });
            self.set_state(id, State::Advisory, None);
        }
        if self.policy.uses(Term::Asks) && belief.log_odds >= self.policy.ask_from {
            let asked = self.ask(id, &belief, now);
            out.extend(asked.into_iter().map(|number| Outcome::Ask {
                claim: id,
                member: self.members.name(number).to_owned(),
                hazard,
                place,
                observed,
            }));
        }
    }

    fn set_state(&mut self, id: ClaimId, state: State, published: Option<Moment>) {
        if let Some(claim) = self.claims.get_mut(&id) {
            claim.state = state;
            claim.published = claim.published.or(published);
        }
    }

    fn ask(&mut self, id: ClaimId, belief: &Belief, now: Moment) -> Vec<u32> {
        let Some(claim) = self.claims.get(&id) else { return Vec::new() };
        if claim.rounds >= self.policy.ask_rounds || now < claim.next_ask {
            return Vec::new();
        }
        let chosen = asking::choose(&self.policy, &self.members, &self.crowd, claim, belief, now);
        for number in &chosen {
            if let Some(account) = self.members.get_mut(*number) {
                account.asked(now);
            }
        }
        if let Some(claim) = self.claims.get_mut(&id) {
            claim.rounds += 1;
            claim.next_ask = now.after_minutes(self.policy.ask_every_min);
            claim.asked.extend(&chosen);
            if claim.rounds < self.policy.ask_rounds {
                self.ask_queue.insert((claim.next_ask, id));
            }
        }
        chosen
    }
}

/// Who first sent a near copy of this, and when.
fn known(
    seen: &VecDeque<(Fingerprint, u32, Moment)>,
    print: Fingerprint,
    bits: u32,
) -> Option<(u32, Moment)> {
    seen.iter().find(|(p, _, _)| p.is_near(print, bits)).map(|(_, by, t)| (*by, *t))
}

fn remember(
    seen: &mut VecDeque<(Fingerprint, u32, Moment)>,
    print: Option<Fingerprint>,
    known: bool,
    by: u32,
    now: Moment,
) {
    let Some(print) = print else { return };
    if known {
        return;
    }
    if seen.len() >= REMEMBERED {
        seen.pop_front();
    }
    seen.push_back((print, by, now));
}
