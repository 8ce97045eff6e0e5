//! A claim: "this hazard at about this place and time", and the observations gathered under it.

use crate::belief::Source;
use crate::dependence::Links;
use crate::place::{Moment, Place};
use crate::policy::Hazard;
use crate::{Polarity, Witness};

/// Number of a claim, in order of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(pub u32);

/// Observations a claim keeps in full; a claim with more was decided long before.
pub const KEPT: usize = 400;

/// How much hearsay moves the centroid, against 1 for own eyes.
const HEARSAY_PULL: f64 = 0.05;

/// How far a claim has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Gathering evidence.
    Gathering,
    /// Members were told that it is reported, not confirmed.
    Advisory,
    /// Published.
    Alerted,
    /// Denied by those near.
    Contradicted,
}

/// One observation as a claim keeps it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observation {
    pub links: Links,
    pub polarity: Polarity,
    pub witness: Witness,
    pub source: Source,
    pub place: Place,
    /// Where the witness most likely stood; weighed by, never shown.
    pub stood: Place,
    pub accuracy_km: f64,
    /// How far from there they may have stood.
    pub slack_km: f64,
    pub observed: Moment,
    pub received: Moment,
    pub new_photo: bool,
    pub old_picture: bool,
}

/// What is kept of an observation when its claim is closed, for verdicts still to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spoken {
    pub member: u32,
    pub polarity: Polarity,
    pub witness: Witness,
    pub source: Source,
    pub received: Moment,
    pub new_photo: bool,
    /// The account may be made up.
    pub doubtful: bool,
}

/// An open claim.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub hazard: Hazard,
    /// Running mean of the places it was said to be seen at; this is what is shown.
    pub place: Place,
    /// Running mean of the places the witnesses most likely stood at; weighed by, never shown.
    pub center: Place,
    /// Where it began; its cell in the grid.
    pub birthplace: Place,
    /// Running mean of the times it was seen at.
    pub observed: Moment,
    pub last: Moment,
    /// Sum of the weights in the running means.
    pub pull: f64,
    pub observations: Vec<Observation>,
    pub asked: Vec<u32>,
    pub rounds: u32,
    pub next_ask: Moment,
    pub state: State,
    pub published: Option<Moment>,
    /// Log-odds of verdicts.
    pub evidence: f64,
}

impl Claim {
    pub fn new(hazard: Hazard, place: Place, observed: Moment, now: Moment) -> Self {
        Self {
            hazard,
            place,
            center: place,
            birthplace: place,
            observed,
            last: now,
            pull: 0.0,
            observations: Vec::new(),
            asked: Vec::new(),
            rounds: 0,
            next_ask: now,
            state: State::Gathering,
            published: None,
            evidence: 0.0,
        }
    }

    /// Whether an observation at this place and time joins, and how far it is from the centroid.
    pub fn joins(&self, hazard: Hazard, place: Place, observed: Moment) -> Option<f64> {
        if hazard != self.hazard || observed.minutes_since(self.observed).abs() > hazard.window_min() {
            return None;
        }
        let km = self.center.km(place);
        (km <= hazard.radius_km()).then_some(km)
    }

    /// Takes an observation in. The same reporter saying the same again updates instead of adding.
    pub fn take(&mut self, observation: Observation, now: Moment) {
        self.last = now;
        let again = self.observations.iter_mut().find(|o| {
            o.links.member == observation.links.member
                && o.polarity == observation.polarity
                && o.source == observation.source
        });
        if let Some(earlier) = again {
            let received = earlier.received;
            *earlier = observation;
            // the first time counts for credit: saying it again after the alert does not undo having said it before
            earlier.received = received;
            return;
        }
        if observation.polarity == Polarity::Seen && observation.source == Source::Spontaneous {
            // the place of hearsay is where it was heard, or copied from somebody counted already
            let pull = if observation.witness == Witness::Firsthand { 1.0 } else { HEARSAY_PULL };
            self.pull += pull;
            let share = pull / self.pull;
            self.place = self.place.toward(observation.place, share);
            self.center = self.center.toward(observation.stood, share);
            let shift = observation.observed.since(self.observed) * share;
            self.observed = Moment(self.observed.0.saturating_add(shift.round() as i64));
        }
        if self.observations.len() < KEPT {
            self.observations.push(observation);
        }
    }

    pub fn has_spoken(&self, member: u32) -> bool {
        self.observations.iter().any(|o| o.links.member == member)
    }

    pub fn spoken(&self) -> Vec<Spoken> {
        self.observations
            .iter()
            .map(|o| Spoken {
                member: o.links.member,
                polarity: o.polarity,
                witness: o.witness,
                source: o.source,
                received: o.received,
                new_photo: o.new_photo,
                doubtful: o.links.doubtful(),
            })
            .collect()
    }

    /// When a claim nobody adds to is closed.
    pub fn closes(&self) -> Moment {
        self.last.after_minutes((2.0 * self.hazard.window_min()).max(180.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(member: u32, lat: f64, minutes: i64) -> Observation {
        Observation {
            links: Links { member, ..Links::default() },
            polarity: Polarity::Seen,
            witness: Witness::Firsthand,
            source: Source::Spontaneous,
            place: Place { lat, lon: 99.0 },
            stood: Place { lat, lon: 99.0 },
            accuracy_km: 0.5,
            slack_km: 0.5,
            observed: Moment(minutes * 60),
            received: Moment(minutes * 60),
            new_photo: false,
            old_picture: false,
        }
    }

    #[test]
    fn the_centroid_is_the_mean_and_a_repeat_adds_nothing() {
        let mut claim = Claim::new(Hazard::Hail, Place { lat: 18.0, lon: 99.0 }, Moment(0), Moment(0));
        claim.take(seen(1, 18.0, 0), Moment(0));
        claim.take(seen(2, 18.02, 10), Moment(600));
        assert!((claim.place.lat - 18.01).abs() < 1e-9);
        assert_eq!(claim.observed, Moment(300));
        claim.take(seen(2, 18.04, 20), Moment(1200));
        assert!((claim.place.lat - 18.01).abs() < 1e-9);
        assert_eq!(claim.observations.len(), 2);
    }

    #[test]
    fn joining_has_the_hazards_radius_and_window() {
        let claim = Claim::new(Hazard::Hail, Place { lat: 18.0, lon: 99.0 }, Moment(0), Moment(0));
        let near = Place { lat: 18.05, lon: 99.0 };
        let far = Place { lat: 18.055, lon: 99.0 };
        assert!(claim.joins(Hazard::Hail, near, Moment(45 * 60)).is_some());
        assert!(claim.joins(Hazard::Hail, near, Moment(46 * 60)).is_none());
        assert!(claim.joins(Hazard::Hail, far, Moment(0)).is_none());
        assert!(claim.joins(Hazard::Wind, near, Moment(0)).is_none());
    }
}
