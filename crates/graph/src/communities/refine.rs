//! Communities refined into parts that hold together: every part begins as one node and grows only by nodes and parts
//! well tied to the rest of their community.

#![expect(
    clippy::indexing_slicing,
    reason = "node and community numbers are below their counts; this is the hot path"
)]

use super::level::{Level, Tally, shuffled};
use crate::components::Components;
use crate::random::Random;

/// Parts of the communities given, numbered from 0 by their first node.
pub(super) fn refined(level: &Level, of: &[u32], random: &mut Random) -> Components {
    let n = level.len();
    let mut community_strength = vec![0.0; n];
    for node in 0..n {
        community_strength[of[node] as usize] += level.strength[node];
    }
    let mut parts = Parts {
        of: (0..n as u32).collect(),
        strength: level.strength.clone(),
        outward: vec![0.0; n],
        alone: vec![true; n],
    };
    for node in 0..n as u32 {
        let own = of[node as usize];
        let within = level.ties(node).filter(|&(other, _)| of[other as usize] == own);
        parts.outward[node as usize] = within.map(|(_, weight)| weight).sum();
    }
    let order = shuffled(n, random);
    let mut tally = Tally::new(n);
    for node in order {
        let own = of[node as usize];
        if parts.alone[node as usize] && parts.well_tied(node, level, community_strength[own as usize]) {
            for (other, weight) in level.ties(node).filter(|&(other, _)| of[other as usize] == own) {
                tally.add(parts.of[other as usize], weight);
            }
            parts.join(node, level, community_strength[own as usize], &tally);
            tally.clear();
        }
    }
    Components::of_labels(parts.of)
}

struct Parts {
    of: Vec<u32>,
    strength: Vec<f64>,
    /// the weight between each part and the rest of its community
    outward: Vec<f64>,
    alone: Vec<bool>,
}

impl Parts {
    /// Whether a part has at least the ties to the rest of its community that chance would give it.
    fn well_tied(&self, part: u32, level: &Level, community: f64) -> bool {
        let strength = self.strength[part as usize];
        self.outward[part as usize] >= strength * (community - strength) / level.total * (1.0 - 1e-12)
    }

    /// Joins a node still alone to the part where modularity gains most, if it gains anywhere.
    fn join(&mut self, node: u32, level: &Level, community: f64, tally: &Tally) {
        let strength = level.strength[node as usize];
        let mut best: Option<(u32, f64)> = None;
        for &part in &tally.touched {
            let gain = tally.weight[part as usize] - strength * self.strength[part as usize] / level.total;
            if gain > best.map_or(0.0, |(_, most)| most) && self.well_tied(part, level, community) {
                best = Some((part, gain));
            }
        }
        let Some((part, _)) = best else { return };
        self.of[node as usize] = part;
        // a part keeps the number of the node it began with, which from now on is not alone
        self.alone[part as usize] = false;
        self.alone[node as usize] = false;
        self.strength[part as usize] += strength;
        self.outward[part as usize] += self.outward[node as usize] - 2.0 * tally.weight[part as usize];
        self.strength[node as usize] = 0.0;
    }
}
