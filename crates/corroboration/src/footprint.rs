//! Where the event may lie: a disc of unknown center and radius about the claim.
//!
//! A neighbor three kilometers off who saw nothing says little about hail on one village and much about a storm over
//! the whole valley. So the claim is weighed under each of a fixed pattern of discs that contain its centroid, and the
//! evidence is the mean over them: L = ln Σ πᵩ exp Σ ℓᵢ over the voices i inside disc φ. Outside a disc a voice says
//! the same whether the event is real or not, so it counts nothing there.

#![expect(clippy::indexing_slicing, reason = "the pattern of discs has a fixed size")]

use serde::{Deserialize, Serialize};

/// Radii of the discs, as shares of the hazard's joining radius.
const RADII: [f64; 5] = [0.25, 0.45, 0.65, 0.85, 1.05];
/// Centers of a ring, and its distance from the centroid as a share of the disc's radius.
const RINGS: [(usize, f64); 3] = [(1, 0.0), (6, 0.5), (12, 0.85)];
/// Number of discs.
pub const DISCS: usize = 5 * 19;

/// Something at a point, in kilometers from the claim's centroid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// East of the centroid.
    pub x: f64,
    /// North of the centroid.
    pub y: f64,
    /// How far off the point may be.
    pub slack_km: f64,
    /// What is there.
    pub kind: Kind,
}

impl Spot {
    /// Something at an exact point.
    #[must_use]
    pub fn at(x: f64, y: f64, kind: Kind) -> Self {
        Self { x, y, slack_km: 0.0, kind }
    }
}

/// What is at a spot, if the event covers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// The first own-eyes voice of an independent group of members that came by itself, with its log-odds.
    Lead(f64),
    /// Any other voice that came by itself, with its log-odds.
    Voice(f64),
    /// A trained observer, somebody asked, or a denial: log-odds that count in full.
    Sure(f64),
    /// A member who might have reported by now, with the chance of it.
    Potential(f64),
    /// A trained observer who has said nothing, with the chance that they would have by now.
    Quiet(f64),
}

/// How the spots are weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighing {
    /// Whether and how the number of independent reporters is weighed against the number expected.
    pub count: Option<CountModel>,
    /// Log-odds of each leading voice after the first, where the count is not weighed.
    pub agreement: f64,
    /// Most that voices which came by themselves prove together by their quality.
    pub voices_cap: f64,
    /// Share of the silence of trained observers that counts.
    pub silence: f64,
    /// Most that their silence takes away (negative).
    pub silence_floor: f64,
}

/// How many independent reporters to expect, if it is so and if it is not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CountModel {
    /// Shape of the negative binomial: small when some hours are much quieter than others.
    pub shape: f64,
    /// Where nothing happens, chance that a mistaken reporter finds another.
    pub echo: f64,
    /// Where nothing happens, chance that reporters were sent.
    pub collusion: f64,
    /// Chance that a campaign of n has one more.
    pub campaign: f64,
    /// How far the size of a place counts, 0 to 1 (see [`CountModel::size`]).
    #[serde(default = "size")]
    pub size: f64,
    /// Reporters to expect where the size of the place says neither.
    #[serde(default = "usual")]
    pub usual: f64,
}

/// What ships, where a policy of before does not say.
fn size() -> f64 {
    0.5
}

fn usual() -> f64 {
    5.0
}

impl CountModel {
    /// Prior log-odds of a claim where `expected` reporters live: hazards strike places, mistakes are made by people.
    ///
    /// Events come alike over each place, and become known with the chance that anybody reports them; mistakes come by the
    /// head. So a claim is true with odds that fall as (1 − P(no report)) ⁄ expected: where few live, who speaks is seldom
    /// one of many who err.
    #[must_use]
    pub fn size(&self, expected: f64) -> f64 {
        let known = |expected: f64| {
            let expected = expected.max(0.05);
            ((1.0 - (self.shape / (self.shape + expected)).powf(self.shape)) / expected).ln()
        };
        self.size * (known(expected) - known(self.usual))
    }

    /// Log-likelihood ratio of `k` independent reporters where `expected` would have reported by now.
    ///
    /// Real: negative binomial with that mean, given at least one. Not real: a mistake that may find an echo, or a
    /// campaign of any size. So a lone voice in a full village speaks against itself, five of the thirty expected say
    /// yes, and a crowd alone proves no more than that crowds are seldom sent.
    #[must_use]
    pub fn evidence(&self, k: u32, expected: f64) -> f64 {
        let miss = self.shape / (self.shape + expected.max(1e-6));
        let none = miss.powf(self.shape);
        if k == 0 {
            return none.ln();
        }
        let mut real = none;
        for n in 1..=k.min(COUNTED) {
            let n = f64::from(n);
            real *= (n - 1.0 + self.shape) / n * (1.0 - miss);
        }
        let n = f64::from(k.min(COUNTED)) - 1.0;
        let mistake = (1.0 - self.echo) * self.echo.powf(n);
        let campaign = (1.0 - self.campaign) * self.campaign.powf(n);
        let unreal = (1.0 - self.collusion) * mistake + self.collusion * campaign;
        (real / (1.0 - none)).max(1e-12).ln() - unreal.max(1e-12).ln()
    }
}

/// Reporters counted one by one; more say no more.
const COUNTED: u32 = 60;

/// The evidence over all discs, and where the event lies if it is real.
#[derive(Debug, Clone, PartialEq)]
pub struct Footprint {
    radius_km: f64,
    weights: [f64; DISCS],
    /// Log of the mean likelihood ratio.
    pub evidence: f64,
    /// What it is made of.
    pub parts: Parts,
}

/// What the evidence is made of, each the mean over the discs by how likely they are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Quality of the voices that came by themselves.
    pub voices: f64,
    /// Number of them against the number to expect.
    pub count: f64,
    /// Trained observers, answers and denials.
    pub sure: f64,
    /// Silence of trained observers.
    pub silence: f64,
}

impl Parts {
    fn sum(&self) -> f64 {
        self.voices + self.count + self.sure + self.silence
    }

    fn add(&mut self, other: &Self, share: f64) {
        self.voices += share * other.voices;
        self.count += share * other.count;
        self.sure += share * other.sure;
        self.silence += share * other.silence;
    }
}

impl Footprint {
    /// Weighs the spots of a claim whose hazard joins within `radius_km`.
    #[must_use]
    pub fn weigh(radius_km: f64, spots: &[Spot], weighing: Weighing) -> Self {
        let mut inside = [Parts::default(); DISCS];
        for (parts, disc) in inside.iter_mut().zip(discs(radius_km)) {
            *parts = disc.weigh(spots, weighing);
        }
        let top = inside.iter().map(Parts::sum).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = inside.iter().map(|p| (p.sum() - top).exp()).sum();
        let evidence = top + (total / DISCS as f64).ln();
        let mut weights = [0.0; DISCS];
        let mut parts = Parts::default();
        for (weight, p) in weights.iter_mut().zip(&inside) {
            *weight = (p.sum() - top).exp() / total;
            parts.add(p, *weight);
        }
        Self { radius_km, weights, evidence, parts }
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

    /// Log-likelihood ratios of everything inside.
    fn weigh(&self, spots: &[Spot], weighing: Weighing) -> Parts {
        let (mut voices, mut sure, mut silence) = (0.0f64, 0.0, 0.0);
        let (mut leads, mut expected) = (0u32, 0.0);
        for spot in spots {
            if !self.contains(spot.x, spot.y, spot.slack_km) {
                continue;
            }
            match spot.kind {
                Kind::Lead(w) => {
                    voices += w;
                    leads += 1;
                }
                Kind::Voice(w) => voices += w,
                Kind::Sure(w) => sure += w,
                Kind::Potential(chance) => expected += chance,
                Kind::Quiet(chance) => silence += (-chance).ln_1p(),
            }
        }
        let count = match weighing.count {
            Some(count) => count.evidence(leads, expected),
            None => f64::from(leads.saturating_sub(1)) * weighing.agreement,
        };
        Parts {
            voices: voices.min(weighing.voices_cap),
            count,
            sure,
            silence: (silence * weighing.silence).max(weighing.silence_floor),
        }
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

    const PLAIN: Weighing = Weighing {
        count: None,
        agreement: 0.0,
        voices_cap: f64::INFINITY,
        silence: 1.0,
        silence_floor: -50.0,
    };
    const COUNT: CountModel =
        CountModel { shape: 3.0, echo: 0.1, collusion: 0.05, campaign: 0.85, size: 1.0, usual: 10.0 };

    fn voice(x: f64, y: f64, weight: f64) -> Spot {
        Spot { x, y, slack_km: 0.0, kind: Kind::Voice(weight) }
    }

    fn here(kind: Kind) -> Spot {
        Spot { x: 0.0, y: 0.0, slack_km: 0.0, kind }
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
        let lead = |x: f64| Spot { x, y: 0.0, slack_km: 0.0, kind: Kind::Lead(0.0) };
        let w = Weighing { agreement: 1.0, ..PLAIN };
        assert!(Footprint::weigh(6.0, &[lead(0.0)], w).evidence.abs() < 1e-12);
        assert!((Footprint::weigh(6.0, &[lead(0.0), lead(0.0)], w).evidence - 1.0).abs() < 1e-12);
        assert!(Footprint::weigh(6.0, &[lead(0.0), lead(30.0)], w).evidence.abs() < 1e-12);
    }

    #[test]
    fn a_crowd_that_came_by_itself_proves_only_so_much() {
        let w = Weighing { voices_cap: 1.5, ..PLAIN };
        let mut spots = vec![here(Kind::Voice(1.0)); 50];
        assert!((Footprint::weigh(6.0, &spots, w).evidence - 1.5).abs() < 1e-9);
        spots.push(here(Kind::Sure(5.0)));
        assert!((Footprint::weigh(6.0, &spots, w).evidence - 6.5).abs() < 1e-9);
    }

    #[test]
    fn the_count_has_the_values_of_its_formula() {
        // one of 1 expected: NB(1; 1, 3) / (1 - NB(0)) = .316406 / .578125; unreal .95 * .9 + .05 * .15 = .8625
        let one = COUNT.evidence(1, 1.0);
        assert!((one - (0.316_406_25f64 / 0.578_125 / 0.8625).ln()).abs() < 1e-9);
        // none of 3 expected: (1/2)^3
        assert!((COUNT.evidence(0, 3.0) - 0.125f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn hazards_strike_places_and_mistakes_are_made_by_people() {
        assert!(COUNT.size(10.0).abs() < 1e-12);
        // 1 expected: .578125 ⁄ 1 against (1 − (3⁄13)³) ⁄ 10 = .0987711
        assert!((COUNT.size(1.0) - (0.578_125f64 / 0.098_771_1).ln()).abs() < 1e-6);
        assert!(COUNT.size(40.0) < -1.3 && COUNT.size(0.0) < 2.4);
        assert_eq!(CountModel { size: 0.0, ..COUNT }.size(1.0), 0.0);
    }

    #[test]
    fn a_lone_voice_in_a_full_village_speaks_against_itself() {
        assert!(COUNT.evidence(1, 12.0) < -2.0);
        assert!(COUNT.evidence(1, 0.3).abs() < 0.3);
        assert!(COUNT.evidence(5, 8.0) > 2.0);
        assert!(COUNT.evidence(25, 2.0) < 0.5, "a crowd where few live");
    }

    #[test]
    fn silence_has_a_floor() {
        let quiet = vec![here(Kind::Quiet(0.5)); 100];
        let w = Weighing { silence: 0.5, silence_floor: -3.0, ..PLAIN };
        assert!((Footprint::weigh(6.0, &quiet, w).evidence + 3.0).abs() < 1e-12);
        let one = Footprint::weigh(6.0, &[here(Kind::Quiet(0.5))], w).evidence;
        assert!((one - 0.5 * 0.5f64.ln()).abs() < 1e-12);
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
