//! Whether a network has a core tied among itself and to a periphery that is not.
//!
//! Borgatti, S. P. & Everett, M. G. (1999). Models of core/periphery structures. *Social Networks* 21, 375–395: the
//! discrete model in which a pair is expected to be tied if either of the two is in the core.

#![expect(
    clippy::indexing_slicing,
    reason = "actor numbers are below the number of actors; this is the hot path"
)]

use crate::csr::Csr;
use crate::network::Graph;

/// A core and how well it explains the ties.
#[derive(Debug, Clone, PartialEq)]
pub struct CorePeriphery {
    /// The correlation of the undirected adjacency with the ideal pattern, −1 to 1.
    pub fit: f64,
    /// The actors of the core, ascending.
    pub core: Vec<u32>,
}

/// The best core found: the best of those made of the actors with the most ties, bettered by moving single actors in
/// and out, and exchanging two in networks of at most 300, until nothing helps. None where the correlation is
/// undefined: without ties, with all, or below two actors.
#[must_use]
pub fn core_periphery(graph: &Graph) -> Option<CorePeriphery> {
    let rows = graph.undirected();
    let pattern = Pattern::new(rows)?;
    let mut by_degree: Vec<u32> = rows.each_actor().collect();
    by_degree.sort_by_key(|&actor| (std::cmp::Reverse(rows.degree(actor)), actor));

    let mut in_core = vec![false; rows.actors()];
    let (mut covered, mut best) = (0_u64, (f64::NEG_INFINITY, 0));
    for (i, &actor) in by_degree.iter().enumerate() {
        covered += outside(rows, &in_core, actor);
        in_core[actor as usize] = true;
        if let Some(fit) = pattern.fit(i as u64 + 1, covered).filter(|&fit| fit > best.0 + TOLERANCE) {
            best = (fit, i + 1);
        }
    }
    in_core.fill(false);
    let mut core = Core { rows, pattern, in_core, size: 0, covered: 0 };
    for &actor in by_degree.iter().take(best.1) {
        core.flip(actor);
    }
    let fit = core.improve(best.0)?;
    Some(CorePeriphery {
        fit,
        core: rows.each_actor().filter(|&actor| core.in_core[actor as usize]).collect(),
    })
}

/// Less than this is rounding and no gain.
const TOLERANCE: f64 = 1e-12;

/// How many of the actor's ties have no end in the core but this actor.
fn outside(rows: &Csr, in_core: &[bool], actor: u32) -> u64 {
    rows.neighbors(actor).iter().filter(|&&other| !in_core[other as usize]).count() as u64
}

/// The correlation of two patterns of 0 and 1 over the pairs of actors.
struct Pattern {
    actors: f64,
    pairs: f64,
    ties: f64,
}

impl Pattern {
    fn new(rows: &Csr) -> Option<Self> {
        let actors = rows.actors() as f64;
        let (pairs, ties) = (actors * (actors - 1.0) / 2.0, rows.len() as f64 / 2.0);
        (ties > 0.0 && ties < pairs).then_some(Self { actors, pairs, ties })
    }

    /// None where the core has nobody, or leaves no pair outside.
    fn fit(&self, size: u64, covered: u64) -> Option<f64> {
        let rest = self.actors - size as f64;
        let expected = self.pairs - rest * (rest - 1.0) / 2.0;
        if expected <= 0.0 || expected >= self.pairs {
            return None;
        }
        let spread =
            (self.ties * (self.pairs - self.ties)).sqrt() * (expected * (self.pairs - expected)).sqrt();
        Some((covered as f64 * self.pairs - self.ties * expected) / spread)
    }
}

struct Core<'a> {
    rows: &'a Csr,
    pattern: Pattern,
    in_core: Vec<bool>,
    size: u64,
    covered: u64,
}

impl Core<'_> {
    fn flip(&mut self, actor: u32) {
        let own = outside(self.rows, &self.in_core, actor);
        let inside = &mut self.in_core[actor as usize];
        if *inside {
            self.size -= 1;
            self.covered -= own;
        } else {
            self.size += 1;
            self.covered += own;
        }
        *inside = !*inside;
    }

    /// The fit if that actor changed sides.
    fn fit_after(&self, actor: u32) -> Option<f64> {
        let own = outside(self.rows, &self.in_core, actor);
        if self.in_core[actor as usize] {
            self.pattern.fit(self.size - 1, self.covered - own)
        } else {
            self.pattern.fit(self.size + 1, self.covered + own)
        }
    }

    fn improve(&mut self, mut fit: f64) -> Option<f64> {
        if !fit.is_finite() {
            return None;
        }
        for _ in 0..ROUNDS {
            let mut moved = false;
            for actor in self.rows.each_actor() {
                if let Some(better) = self.fit_after(actor).filter(|&after| after > fit + TOLERANCE) {
                    self.flip(actor);
                    fit = better;
                    moved = true;
                }
            }
            if !moved && (self.rows.actors() > 300 || !self.exchange(&mut fit)) {
                break;
            }
        }
        Some(fit)
    }

    /// Exchanges the first two actors found of whom that betters the fit.
    fn exchange(&mut self, fit: &mut f64) -> bool {
        for leaving in
            self.rows.each_actor().filter(|&actor| self.in_core[actor as usize]).collect::<Vec<_>>()
        {
            self.flip(leaving);
            for coming in self.rows.each_actor() {
                let outsider = !self.in_core[coming as usize] && coming != leaving;
                if let Some(better) = outsider
                    .then(|| self.fit_after(coming))
                    .flatten()
                    .filter(|&after| after > *fit + TOLERANCE)
                {
                    self.flip(coming);
                    *fit = better;
                    return true;
                }
            }
            self.flip(leaving);
        }
        false
    }
}

/// Rounds over all actors at most; each but the last betters the fit.
const ROUNDS: usize = 50;
