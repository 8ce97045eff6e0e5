//! The log-odds of a claim: L = Σ groups − denials − silence + evidence, as in the crate's README.

use crate::Witness;
use crate::dependence::{Links, group_weight, groups};
use crate::footprint::{Footprint, Kind, Spot, Weighing};
use crate::policy::{Policy, Term};

/// Somebody who says it is so. Offsets are kilometers from the claim's centroid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// What ties it to other voices.
    pub links: Links,
    /// Its own log-odds: reliability, hearsay, accuracy and photo counted in.
    pub weight: f64,
    /// Own eyes or hearsay.
    pub witness: Witness,
    /// East of the centroid.
    pub x: f64,
    /// North of the centroid.
    pub y: f64,
    /// Accuracy of the place, in kilometers.
    pub slack_km: f64,
    /// Its account was made less than 30 days before.
    pub young: bool,
    /// Its photo was known a day before.
    pub old_picture: bool,
    /// Came by itself or was asked.
    pub source: Source,
    /// By a trained observer or an office.
    pub trained: bool,
}

/// How a voice came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// By itself.
    Spontaneous,
    /// Asked by us.
    Asked,
}

/// Somebody near who says it is not so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Denial {
    /// What ties it to other denials.
    pub links: Links,
    /// What it takes away when it stands in the midst of the claim; at least 0.
    pub weight: f64,
    /// East of the centroid.
    pub x: f64,
    /// North of the centroid.
    pub y: f64,
}

/// Somebody near who might report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbor {
    /// East of the centroid.
    pub x: f64,
    /// North of the centroid.
    pub y: f64,
    /// Chance that they would have reported by now if it were so.
    pub chance: f64,
}

/// All that is known about a claim at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// Those who say it is so.
    pub voices: Vec<Voice>,
    /// Those who say it is not.
    pub denials: Vec<Denial>,
    /// Members who might have reported by now, those who did among them.
    pub potential: Vec<Neighbor>,
    /// Trained observers who have said nothing.
    pub quiet: Vec<Neighbor>,
    /// Log-odds of sensors, official messages and verdicts.
    pub evidence: f64,
    /// Reporters to expect in all if it is so, where known.
    pub reporters: Option<f64>,
}

/// What to think of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    /// Log-odds, before calibration.
    pub log_odds: f64,
    /// What was said alone: the groups of voices less the denials, and the evidence.
    pub said: f64,
    /// Independent groups that say so.
    pub groups: usize,
    /// Whether a trained observer, or somebody asked who is not of the reporters' groups, has said so.
    pub confirmed: bool,
    /// Where the event lies, if it is real.
    pub footprint: Footprint,
}

impl Belief {
    /// Weighs a case of a hazard that joins within `radius_km`.
    #[must_use]
    pub fn of(policy: &Policy, radius_km: f64, case: &Case) -> Self {
        let gathered = Gathered::of(policy, &case.voices);
        let mut spots = gathered.spots;
        let denials = grouped_denials(policy, &case.denials);
        let kernel = !policy.uses(Term::Footprint);
        let mut log_odds = gathered.apart + case.evidence;
        let mut plain = log_odds + spots.iter().map(|s| said(s.kind)).sum::<f64>();
        for (denial, weight) in case.denials.iter().zip(&denials) {
            plain -= weight * nearness(denial.x.hypot(denial.y), radius_km);
        }
        if kernel {
            log_odds = plain;
            spots.iter_mut().for_each(|s| s.kind = unsaid(s.kind));
        } else {
            spots.extend(
                case.denials.iter().zip(&denials).map(|(d, weight)| Spot::at(d.x, d.y, Kind::Sure(-weight))),
            );
        }
        if policy.uses(Term::Count) {
            spots.extend(case.potential.iter().map(|s| Spot::at(s.x, s.y, Kind::Potential(s.chance))));
        }
        if policy.uses(Term::Silence) {
            spots.extend(case.quiet.iter().map(|s| Spot::at(s.x, s.y, Kind::Quiet(s.chance))));
        }
        let footprint = Footprint::weigh(radius_km, &spots, weighing(policy));
        log_odds += footprint.evidence;
        if let Some(reporters) = case.reporters.filter(|_| policy.uses(Term::Size)) {
            log_odds += policy.count.size(reporters);
        }
        Self { log_odds, said: plain, groups: gathered.groups, confirmed: gathered.confirmed, footprint }
    }
}

fn weighing(policy: &Policy) -> Weighing {
    Weighing {
        count: policy.uses(Term::Count).then_some(policy.count),
        agreement: if policy.uses(Term::Agreement) { policy.agreement } else { 0.0 },
        voices_cap: if policy.uses(Term::Collusion) { policy.voices_cap } else { f64::INFINITY },
        silence: policy.silence,
        silence_floor: policy.silence_floor,
    }
}

/// What a voice weighs.
fn said(kind: Kind) -> f64 {
    match kind {
        Kind::Lead(w) | Kind::Voice(w) | Kind::Sure(w) => w,
        Kind::Potential(_) | Kind::Quiet(_) => 0.0,
    }
}

/// A voice whose weight has been counted elsewhere.
fn unsaid(kind: Kind) -> Kind {
    match kind {
        Kind::Lead(_) => Kind::Lead(0.0),
        Kind::Voice(_) => Kind::Voice(0.0),
        Kind::Sure(_) => Kind::Sure(0.0),
        other => other,
    }
}

/// How much a denial `d` kilometers from the centroid counts: exp(−(2d/R)²).
#[must_use]
pub fn nearness(d: f64, radius_km: f64) -> f64 {
    (-(2.0 * d / radius_km).powi(2)).exp()
}

struct Gathered {
    spots: Vec<Spot>,
    /// Groups that count wherever the event lies: those with an old picture.
    apart: f64,
    groups: usize,
    confirmed: bool,
}

impl Gathered {
    fn of(policy: &Policy, voices: &[Voice]) -> Self {
        let mut gathered =
            Self { spots: Vec::with_capacity(voices.len()), apart: 0.0, groups: 0, confirmed: false };
        for group in split(policy, voices.iter().map(|v| v.links)) {
            let members: Vec<&Voice> = group.iter().filter_map(|i| voices.get(*i)).collect();
            gathered.add(policy, members);
        }
        gathered
    }

    fn add(&mut self, policy: &Policy, mut group: Vec<&Voice>) {
        group.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let weights: Vec<f64> = group.iter().map(|v| v.weight).collect();
        let whole = group_weight(&weights, policy.delta);
        let mut capped = whole;
        if group.iter().all(|v| v.young || v.links.doubtful()) {
            capped = capped.min(policy.young_cap);
        }
        if policy.uses(Term::OldPictures) && group.iter().any(|v| v.old_picture) {
            self.apart += capped.min(policy.old_picture);
            return;
        }
        if whole > 0.0 {
            self.groups += 1;
        }
        let asked_apart = group.iter().all(|v| v.source == Source::Asked);
        let trained = group.iter().any(|v| v.trained && v.witness == Witness::Firsthand && v.weight > 0.0);
        self.confirmed |= whole > 0.0 && (asked_apart || trained);
        let scale = if whole > 0.0 { capped / whole } else { 1.0 };
        let mut factor = scale;
        let mut led = asked_apart;
        for voice in group {
            let leads = !led && voice.witness == Witness::Firsthand && voice.weight > 0.0;
            led |= leads;
            let w = voice.weight * factor;
            self.spots.push(Spot {
                x: voice.x,
                y: voice.y,
                slack_km: voice.slack_km,
                kind: match voice.source {
                    Source::Asked => Kind::Sure(w),
                    Source::Spontaneous if voice.trained => Kind::Sure(w),
                    Source::Spontaneous if leads => Kind::Lead(w),
                    Source::Spontaneous => Kind::Voice(w),
                },
            });
            if whole > 0.0 {
                factor *= policy.delta;
            }
        }
    }
}

/// Weight of each denial after those of its group that weigh more.
fn grouped_denials(policy: &Policy, denials: &[Denial]) -> Vec<f64> {
    let mut out = vec![0.0; denials.len()];
    for mut group in split(policy, denials.iter().map(|d| d.links)) {
        let weight = |i: usize| denials.get(i).map_or(0.0, |d| d.weight.max(0.0));
        group.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
        let mut factor = 1.0;
        for i in group {
            if let Some(slot) = out.get_mut(i) {
                *slot = weight(i) * factor;
            }
            factor *= policy.delta;
        }
    }
    out
}

/// The dependence groups, each a list of indices.
fn split(policy: &Policy, links: impl Iterator<Item = Links>) -> Vec<Vec<usize>> {
    let links: Vec<Links> = links.collect();
    if !policy.uses(Term::Groups) {
        return (0..links.len()).map(|i| vec![i]).collect();
    }
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); links.len()];
    for (i, root) in groups(&links).into_iter().enumerate() {
        if let Some(group) = out.get_mut(root) {
            group.push(i);
        }
    }
    out.retain(|g| !g.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

    fn voice(member: u32, weight: f64) -> Voice {
        Voice {
            links: Links { member, ..Links::default() },
            weight,
            witness: Witness::Firsthand,
            x: 0.0,
            y: 0.0,
            slack_km: 0.0,
            young: false,
            old_picture: false,
            source: Source::Spontaneous,
            trained: false,
        }
    }

    fn log_odds(case: &Case) -> f64 {
        Belief::of(&Policy::reference(), 6.0, case).log_odds
    }

    /// The worked example of the README: hail at San Pa Tong, with the plain formulae.
    #[test]
    fn worked_example() {
        let member = (2.6f64 / 2.0).ln();
        let trained = 9.0f64.ln();
        let mut case = Case::default();
        let photo = Fingerprint::parse("0123456789abcdef");
        let mut first = voice(1, (4.6f64 / 2.0).ln() + 0.35);
        first.links.photo = photo;
        case.voices.push(first);
        assert!((log_odds(&case) - 1.183).abs() < 5e-4);

        let mut forwarder = voice(2, 0.30 * member);
        forwarder.links.photo = photo;
        forwarder.witness = Witness::Hearsay;
        case.voices.push(forwarder);
        assert!((log_odds(&case) - 1.203).abs() < 1e-3);

        for id in 3..6 {
            let mut fresh = voice(id, member + 0.35);
            fresh.links.ancestor = Some(99);
            fresh.young = true;
            case.voices.push(fresh);
        }
        assert!((log_odds(&case) - 2.006).abs() < 1e-3);

        let near =
            Denial { links: Links { member: 6, ..Links::default() }, weight: trained * 0.8, x: 1.0, y: 0.0 };
        case.denials.push(near);
        assert!((log_odds(&case) - 0.433).abs() < 1e-3);

        let mut neighbor = voice(7, member);
        neighbor.source = Source::Asked;
        case.voices.push(neighbor);
        assert!((log_odds(&case) - 0.696).abs() < 1e-3);

        let mut observer = voice(8, trained);
        observer.trained = true;
        case.voices.push(observer);
        let l = log_odds(&case);
        assert!((l - 2.893).abs() < 1.5e-3, "{l}");
        assert!((1.0 / (1.0 + (-l).exp()) - 0.947).abs() < 1e-3);
    }

    #[test]
    fn young_accounts_of_one_inviter_are_capped() {
        let mut case = Case::default();
        for id in 0..20 {
            let mut v = voice(id, 2.0);
            v.links.ancestor = Some(99);
            v.young = true;
            case.voices.push(v);
        }
        assert!((log_odds(&case) - 1.2).abs() < 1e-9);
    }

    #[test]
    fn an_old_picture_sinks_its_group() {
        let mut old = voice(1, 2.0);
        old.old_picture = true;
        let case = Case { voices: vec![old, voice(2, 0.5)], ..Case::default() };
        assert!((log_odds(&case) + 1.5).abs() < 1e-9);
    }

    #[test]
    fn denials_of_one_device_count_as_one() {
        let device = Fingerprint::parse("aa");
        let denial = |member, device| Denial {
            links: Links { member, device, ..Links::default() },
            weight: 1.0,
            x: 0.0,
            y: 0.0,
        };
        let apart = Case { denials: (0..5).map(|m| denial(m, None)).collect(), ..Case::default() };
        let together = Case { denials: (0..5).map(|m| denial(m, device)).collect(), ..Case::default() };
        assert!((log_odds(&apart) + 5.0).abs() < 1e-9);
        assert!(log_odds(&together) > -1.34);
    }

    #[test]
    fn reporters_cannot_confirm_themselves() {
        let policy = Policy::default();
        let device = Fingerprint::parse("aa");
        let mut a = voice(1, 1.0);
        a.links.device = device;
        let mut b = voice(2, 1.5);
        b.links.device = device;
        b.source = Source::Asked;
        let same = Case { voices: vec![a, b], ..Case::default() };
        assert!(!Belief::of(&policy, 6.0, &same).confirmed);
        b.links.device = None;
        let other = Case { voices: vec![a, b], ..Case::default() };
        assert!(Belief::of(&policy, 6.0, &other).confirmed);
    }
}
