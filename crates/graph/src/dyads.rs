//! Ties and the ties back. "Reciprocity" has at least four definitions, which differ by more than half on the same
//! network; each stands here under its own name.

use crate::csr::Csr;
use crate::network::Graph;

/// How many pairs of actors hold ties both ways, one way, and not at all (Holland & Leinhardt 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DyadCensus {
    pub mutual: u64,
    pub asymmetric: u64,
    pub null: u64,
}

/// Counts pairs by the ties they hold.
#[must_use]
pub fn dyad_census(graph: &Graph) -> DyadCensus {
    let (out, inward) = (graph.out(), graph.inward());
    let arcs = out.len() as u64;
    let twice_mutual: u64 =
        out.each_actor().map(|actor| shared(out.neighbors(actor), inward.neighbors(actor))).sum();
    let mutual = twice_mutual / 2;
    let asymmetric = arcs - twice_mutual;
    let n = graph.actors() as u64;
    DyadCensus { mutual, asymmetric, null: n * n.saturating_sub(1) / 2 - mutual - asymmetric }
}

impl DyadCensus {
    /// 2M / (2M + A): the share of arcs whose reverse exists. None where there are no arcs.
    #[must_use]
    pub fn edge_reciprocity(&self) -> Option<f64> {
        ratio(2 * self.mutual, 2 * self.mutual + self.asymmetric)
    }

    /// M / (M + A): the share of tied pairs that are tied both ways. None where there are no ties.
    #[must_use]
    pub fn dyadic_nonnull_reciprocity(&self) -> Option<f64> {
        ratio(self.mutual, self.mutual + self.asymmetric)
    }

    /// (M + N) / (M + A + N): the share of all pairs that are symmetric, what R's `sna` calls reciprocity. None below
    /// two actors.
    #[must_use]
    pub fn dyadic_reciprocity(&self) -> Option<f64> {
        ratio(self.mutual + self.null, self.mutual + self.asymmetric + self.null)
    }
}

/// Σ min(w_ij, w_ji) / Σ w_ij: the share of all weight that is returned (Squartini et al. 2013, *Scientific Reports*
/// 3, 2729). None where there are no arcs.
#[must_use]
pub fn weighted_reciprocity(graph: &Graph) -> Option<f64> {
    let (out, inward) = (graph.out(), graph.inward());
    let total: f64 = out.all_weights().iter().sum();
    let returned: f64 = out.each_actor().map(|actor| returned_weight(out, inward, actor)).sum();
    (total > 0.0).then(|| returned / total)
}

fn returned_weight(out: &Csr, inward: &Csr, actor: u32) -> f64 {
    let mut sum = 0.0;
    let mut back = inward.ties(actor).peekable();
    for (neighbor, weight) in out.ties(actor) {
        while back.next_if(|&(other, _)| other < neighbor).is_some() {}
        if let Some((_, weight_back)) = back.next_if(|&(other, _)| other == neighbor) {
            sum += weight.min(weight_back);
        }
    }
    sum
}

/// How many numbers two ascending lists share.
fn shared(mut a: &[u32], mut b: &[u32]) -> u64 {
    let mut both = 0;
    while let (Some((&x, a_rest)), Some((&y, b_rest))) = (a.split_first(), b.split_first()) {
        both += u64::from(x == y);
        if x <= y {
            a = a_rest;
        }
        if y <= x {
            b = b_rest;
        }
    }
    both
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
