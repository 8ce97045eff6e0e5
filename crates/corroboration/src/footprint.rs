//! Where the event may lie: a disc of unknown center and radius about the claim.
//!
//! A neighbor three kilometers off who saw nothing says little about hail on one village and much about a storm over
//! the whole valley. So the claim is weighed under each of a fixed pattern of discs that contain its centroid, and the
//! evidence is the mean over them: L = ln Σ πᵩ exp Σ ℓᵢ over the voices i inside disc φ. Outside a disc a voice says
//! the same whether the event is real or not, so it counts nothing there.

#![expect(clippy::indexing_slicing, reason = "the pattern of discs has a fixed size")]

/// Radii of the discs, as shares of the hazard's joining radius.
const RADII: [f64; 5] = [0.25, 0.40, 0.55, 0.70, 0.85];
/// Centers of a ring, and its distance from the centroid as a share of the disc's radius.
const RINGS: [(usize, f64); 3] = [(1, 0.0), (6, 0.5), (12, 0.85)];
/// Number of discs.
pub const DISCS: usize = 5 * 19;

/// A voice at a point, in kilometers from the claim's centroid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// East of the centroid.
    pub x: f64,
    /// North of the centroid.
    pub y: f64,
    /// How far off the point may be.
    pub slack_km: f64,
    /// Log-likelihood ratio of what it says, if the event covers the point.
    pub inside: f64,
    /// What it is.
    pub kind: Kind,
}

/// What a spot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first own-eyes voice of an independent group.
    Lead,
    /// Any other voice or denial.
    Voice,
    /// Somebody who could have reported and has not.
    Silence,
}

/// How the spots are weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighing {
    /// Log-odds of each leading voice after the first.
    pub agreement: f64,
    /// Share of the silence that counts.
    pub silence: f64,
    /// Most that silence takes away (negative).
    pub silence_floor: f64,
}

/// The evidence over all discs, and where the event lies if it is real.
#[derive(Debug, Clone, PartialEq)]
pub struct Footprint {
    radius_km: f64,
    weights: [f64; DISCS],
    /// Log of the mean likelihood ratio.
    pub evidence: f64,
}

impl Footprint {
    /// Weighs the spots of a claim whose hazard joins within `radius_km`.
    #[must_use]
    pub fn weigh(radius_km: f64, spots: &[Spot], weighing: Weighing) -> Self {
        let mut logs = [0.0; DISCS];
        for (log, disc) in logs.iter_mut().zip(discs(radius_km)) {
            let (mut voices, mut silence, mut leads) = (0.0, 0.0, 0u32);
            for spot in spots {
                if !disc.contains(spot.x, spot.y, spot.slack_km) {
                    continue;
                }
                match spot.kind {
                    Kind::Silence => silence += spot.inside,
                    Kind::Lead => {
                        voices += spot.inside;
                        leads += 1;
                    }
                    Kind::Voice => voices += spot.inside,
                }
            }
            let agreement = f64::from(leads.saturating_sub(1)) * weighing.agreement;
            *log = voices + agreement + (silence * weighing.silence).max(weighing.silence_floor);
        }
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|l| (l - top).exp()).sum();
        let evidence = top + (sum / DISCS as f64).ln();
        let mut weights = [0.0; DISCS];
        for (w, l) in weights.iter_mut().zip(&logs) {
            *w = (l - top).exp() / sum;
        }
        Self { radius_km, weights, evidence }
    }

    /// Chance that the event, if real, covers a point `x`, `y` kilometers from the centroid.
    #[must_use]
    pub fn covers(&self, x: f64, y: f64) -> f64 {
        discs(self.radius_km)
            .zip(&self.weights)
            .filter(|(disc, _)| disc.contains(x, y, 0.0))
            .map(|(_, w)| w)
            .sum()
    }

    /// The farthest a disc reaches from the centroid, in kilometers.
    #[must_use]
    pub fn reach_km(radius_km: f64) -> f64 {
        radius_km * RADII[RADII.len() - 1] * (1.0 + RINGS[RINGS.len() - 1].1)
    }
}

struct Disc {
    x: f64,
    y: f64,
    radius: f64,
}

impl Disc {
    fn contains(&self, x: f64, y: f64, slack: f64) -> bool {
        let reach = self.radius + slack;
        (x - self.x).powi(2) + (y - self.y).powi(2) <= reach * reach
    }
}

fn discs(radius_km: f64) -> impl Iterator<Item = Disc> {
    RADII.into_iter().flat_map(move |share| {
        let radius = share * radius_km;
        RINGS.into_iter().flat_map(move |(n, off)| {
            (0..n).map(move |k| {
                let angle = std::f64::consts::TAU * k as f64 / n as f64;
                Disc { x: radius * off * angle.cos(), y: radius * off * angle.sin(), radius }
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Weighing = Weighing { agreement: 0.0, silence: 1.0, silence_floor: -50.0 };

    fn voice(x: f64, y: f64, inside: f64) -> Spot {
        Spot { x, y, slack_km: 0.0, inside, kind: Kind::Voice }
    }

    #[test]
    fn nothing_said_is_no_evidence() {
        let f = Footprint::weigh(6.0, &[], PLAIN);
        assert!(f.evidence.abs() < 1e-12);
        assert!((f.covers(0.0, 0.0) - 1.0).abs() < 1e-12, "every disc contains the centroid");
        assert!(f.covers(Footprint::reach_km(6.0) + 0.1, 0.0) < 1e-12);
    }

    #[test]
    fn a_voice_at_the_centroid_counts_whole() {
        let f = Footprint::weigh(6.0, &[voice(0.0, 0.0, 1.5)], PLAIN);
        assert!((f.evidence - 1.5).abs() < 1e-12);
    }

    #[test]
    fn many_far_denials_leave_a_small_event_possible() {
        let ring: Vec<Spot> = (0..40)
            .map(|k| {
                let a = f64::from(k) * 0.157;
                voice(3.5 * a.cos(), 3.5 * a.sin(), -3.0)
            })
            .collect();
        let f = Footprint::weigh(6.0, &ring, PLAIN);
        // the 19 smallest discs and one of the next end before the ring
        assert!(f.evidence >= (20.0f64 / 95.0).ln(), "small discs remain: {}", f.evidence);
        assert!(f.covers(3.5, 0.0) < 0.05);
        let near: Vec<Spot> = (0..4).map(|_| voice(0.0, 0.0, -3.0)).collect();
        assert!((Footprint::weigh(6.0, &near, PLAIN).evidence + 12.0).abs() < 1e-9);
    }

    #[test]
    fn agreement_needs_two_leads_in_one_disc() {
        let lead = |x: f64| Spot { kind: Kind::Lead, ..voice(x, 0.0, 0.0) };
        let w = Weighing { agreement: 1.0, ..PLAIN };
        assert!(Footprint::weigh(6.0, &[lead(0.0)], w).evidence.abs() < 1e-12);
        assert!((Footprint::weigh(6.0, &[lead(0.0), lead(0.0)], w).evidence - 1.0).abs() < 1e-12);
        assert!(Footprint::weigh(6.0, &[lead(0.0), lead(30.0)], w).evidence.abs() < 1e-12);
    }

    #[test]
    fn silence_has_a_floor() {
        let quiet: Vec<Spot> =
            (0..100).map(|_| Spot { kind: Kind::Silence, ..voice(0.0, 0.0, -0.2) }).collect();
        let w = Weighing { silence: 0.5, silence_floor: -3.0, ..PLAIN };
        assert!((Footprint::weigh(6.0, &quiet, w).evidence + 3.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn more_support_never_lowers_the_evidence(
            spots in proptest::collection::vec((-8.0..8.0f64, -8.0..8.0f64, -3.0..3.0f64), 0..20),
            x in -8.0..8.0f64, y in -8.0..8.0f64, w in 0.0..3.0f64,
        ) {
            let mut all: Vec<Spot> = spots.iter().map(|&(x, y, w)| voice(x, y, w)).collect();
            let before = Footprint::weigh(6.0, &all, PLAIN).evidence;
            all.push(voice(x, y, w));
            let after = Footprint::weigh(6.0, &all, PLAIN);
            prop_assert!(after.evidence >= before - 1e-9);
            prop_assert!(after.evidence.is_finite());
            prop_assert!((0.0..=1.0 + 1e-9).contains(&after.covers(x, y)));
        }
    }
}
