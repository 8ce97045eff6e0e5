//! Which voices count as one: union-find over the reports of a claim.
//!
//! Same person, device, picture, text, young accounts with a common ancestor in the invitation tree, or accounts made
//! in one burst. The network address is not a link: carriers put whole districts behind one.

use crate::fingerprint::Fingerprint;
use crate::place::Moment;

/// Bits in which two copies of a picture may differ (64-bit perceptual hash).
pub const PHOTO_BITS: u32 = 6;
/// Bits in which two copies of a text may differ (64-bit similarity hash).
pub const TEXT_BITS: u32 = 3;
/// Length of a burst of registrations, in seconds.
pub const BURST_SECONDS: f64 = 86_400.0;

/// What links a voice to others.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Links {
    /// The account.
    pub member: u32,
    /// The device, unless staff typed it in.
    pub device: Option<Fingerprint>,
    /// The picture.
    pub photo: Option<Fingerprint>,
    /// The text.
    pub text: Option<Fingerprint>,
    /// The oldest young ancestor in the invitation tree, of a young account.
    pub ancestor: Option<u32>,
    /// When the account was made, if it was made in a burst of registrations.
    pub burst: Option<Moment>,
    /// Let in by somebody far away.
    pub from_afar: bool,
}

impl Links {
    /// Whether the account may be made up: of a burst, or let in from afar.
    #[must_use]
    pub fn doubtful(&self) -> bool {
        self.burst.is_some() || self.from_afar
    }
}

impl Links {
    fn joins(&self, other: &Self) -> bool {
        let near = |a: Option<Fingerprint>, b: Option<Fingerprint>, bits| match (a, b) {
            (Some(a), Some(b)) => a.is_near(b, bits),
            _ => false,
        };
        self.member == other.member
            || near(self.device, other.device, 0)
            || near(self.photo, other.photo, PHOTO_BITS)
            || near(self.text, other.text, TEXT_BITS)
            || (self.ancestor.is_some() && self.ancestor == other.ancestor)
            || (self.from_afar && other.from_afar)
            || matches!((self.burst, other.burst), (Some(a), Some(b)) if a.since(b).abs() <= BURST_SECONDS)
    }
}

/// The group of each voice, as the index of its first member.
#[must_use]
pub fn groups(voices: &[Links]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..voices.len()).collect();
    for (i, a) in voices.iter().enumerate() {
        for (j, b) in voices.iter().enumerate().take(i) {
            if a.joins(b) {
                let (x, y) = (root(&parent, i), root(&parent, j));
                // the smaller index stays the root, so a group is named by its first voice
                if let Some(slot) = parent.get_mut(x.max(y)) {
                    *slot = x.min(y);
                }
            }
        }
    }
    (0..voices.len()).map(|i| root(&parent, i)).collect()
}

fn root(parent: &[usize], mut i: usize) -> usize {
    while let Some(&up) = parent.get(i) {
        if up == i {
            break;
        }
        i = up;
    }
    i
}

/// Weight of a group, W = Σ δᵏ w₍ₖ₎ with weights sorted down; a group whose best voice speaks against is summed whole.
#[must_use]
pub fn group_weight(weights: &[f64], delta: f64) -> f64 {
    let mut sorted = weights.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    if sorted.first().is_none_or(|w| *w <= 0.0) {
        return sorted.iter().sum();
    }
    let mut factor = 1.0;
    let mut sum = 0.0;
    for w in sorted {
        sum += w * factor;
        factor *= delta;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn voice(member: u32) -> Links {
        Links { member, ..Links::default() }
    }

    #[test]
    fn strangers_are_apart_and_copies_together() {
        let photo = Fingerprint::parse("abcdef0123456789");
        let voices = [
            voice(1),
            Links { photo, ..voice(2) },
            Links { photo: Fingerprint::parse("abcdef0123456788"), ..voice(3) },
            Links { ancestor: Some(9), ..voice(4) },
            Links { ancestor: Some(9), photo, ..voice(5) },
            voice(1),
        ];
        assert_eq!(groups(&voices), [0, 1, 1, 1, 1, 0]);
    }

    #[test]
    fn further_voices_of_a_group_fade() {
        // three of .612: .612 (1 + .25 + .0625)
        assert!((group_weight(&[0.612, 0.612, 0.612], 0.25) - 0.803_25).abs() < 1e-9);
        assert!((group_weight(&[0.079, 1.183], 0.25) - 1.202_75).abs() < 1e-9);
        assert!((group_weight(&[-1.0, -0.5], 0.25) + 1.5).abs() < 1e-12);
        assert_eq!(group_weight(&[], 0.25), 0.0);
    }

    proptest! {
        #[test]
        fn order_does_not_change_who_is_together(links in proptest::collection::vec((0u32..6, 0u64..4, 0u32..4), 1..12)) {
            let voices: Vec<Links> = links
                .iter()
                .map(|&(m, d, a)| Links {
                    device: (d > 0).then_some(Fingerprint::Token(d)),
                    ancestor: (a > 0).then_some(a),
                    ..voice(m)
                })
                .collect();
            let forward = groups(&voices);
            let reversed: Vec<Links> = voices.iter().rev().copied().collect();
            let backward = groups(&reversed);
            let n = voices.len();
            for i in 0..n {
                for j in 0..n {
                    prop_assert_eq!(forward[i] == forward[j], backward[n - 1 - i] == backward[n - 1 - j]);
                }
            }
        }

        #[test]
        fn a_group_never_outweighs_its_voices_apart(ws in proptest::collection::vec(0.0..3.0f64, 1..10)) {
            let w = group_weight(&ws, 0.25);
            let best = ws.iter().copied().fold(0.0, f64::max);
            prop_assert!(w >= best - 1e-12);
            prop_assert!(w <= best / 0.75 + 1e-12);
        }
    }
}
