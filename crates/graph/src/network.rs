//! A snapshot of a network: actors numbered from 0 and the weighted ties between them, seen outward, inward and
//! without direction. It does not change; a changed network is built anew.
//!
//! ```
//! let mut builder = graph::Builder::directed(3);
//! builder.tie(0, 1, 1.0)?;
//! builder.tie(1, 0, 2.0)?;
//! builder.tie(1, 2, 1.0)?;
//! let network = builder.build()?;
//! assert_eq!(network.ties(), 3);
//! assert_eq!(network.out().neighbors(1), [0, 2]);
//! assert_eq!(network.undirected().weight(0, 1), Some(3.0));
//! # Ok::<(), graph::TieError>(())
//! ```

#![expect(clippy::indexing_slicing, reason = "one index runs along three columns of the same length")]

use std::sync::OnceLock;

use crate::csr::Csr;
use crate::slices::sum;

/// Whether a tie from one actor to another is something else than the tie back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Directed,
    Undirected,
}

/// An immutable network of at most 4,294,967,294 actors.
///
/// The inward and the undirected view are made when first asked for.
#[derive(Debug, Clone)]
pub struct Graph {
    direction: Direction,
    out: Csr,
    inward: OnceLock<Csr>,
    undirected: OnceLock<Csr>,
    dropped: Dropped,
}

/// What was left out or put together when the network was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Ties of an actor to itself, left out.
    pub loops: u64,
    /// Ties of weight 0, left out: they say that there is no tie.
    pub zero_weights: u64,
    /// Rows added to an earlier row between the same two actors.
    pub parallel: u64,
}

impl Graph {
    /// How many actors, those without ties included.
    #[must_use]
    pub fn actors(&self) -> usize {
        self.out.actors()
    }

    /// How many ties: arcs where the network is directed, else pairs.
    #[must_use]
    pub fn ties(&self) -> usize {
        match self.direction {
            Direction::Directed => self.out.len(),
            Direction::Undirected => self.out.len() / 2,
        }
    }

    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    #[must_use]
    pub fn is_directed(&self) -> bool {
        self.direction == Direction::Directed
    }

    /// What was dropped or summed on the way in.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    /// Ties as their actors hold them: i's row names those whom i has a tie to.
    #[must_use]
    pub fn out(&self) -> &Csr {
        &self.out
    }

    /// Ties from their receiving end: i's row names those who have a tie to i.
    #[must_use]
    pub fn inward(&self) -> &Csr {
        match self.direction {
            Direction::Directed => self.inward.get_or_init(|| self.out.transposed()),
            Direction::Undirected => &self.out,
        }
    }

    /// The simple undirected projection: two actors are tied if either holds a tie to the other, with the sum of
    /// both weights. Each tie stands in the rows of both its actors.
    #[must_use]
    pub fn undirected(&self) -> &Csr {
        match self.direction {
            Direction::Directed => self.undirected.get_or_init(|| self.out.joined(self.inward())),
            Direction::Undirected => &self.out,
        }
    }

    /// The undirected projection of what is left when one actor goes; those after it are called one less.
    #[must_use]
    pub(crate) fn without(&self, gone: u32) -> Self {
        Self {
            direction: Direction::Undirected,
            out: self.undirected().without(gone),
            inward: OnceLock::new(),
            undirected: OnceLock::new(),
            dropped: Dropped::default(),
        }
    }

    /// The same network with actor `i` called `place[i]`: for numbers that follow villages or neighborhoods, with
    /// which most measures run several times faster.
    ///
    /// # Panics
    /// If `place` does not name each of `0..actors` once.
    #[must_use]
    pub fn renumbered(&self, place: &[u32]) -> Self {
        assert_eq!(place.len(), self.actors(), "one new number an actor");
        Self {
            direction: self.direction,
            out: self.out.renumbered(place),
            inward: OnceLock::new(),
            undirected: OnceLock::new(),
            dropped: self.dropped,
        }
    }
}

/// Gathers ties and builds a [`Graph`] of them.
#[derive(Debug, Clone)]
pub struct Builder {
    direction: Direction,
    actors: u32,
    sources: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    dropped: Dropped,
}

/// Why a tie cannot stand in a network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TieError {
    #[error("there is no actor {actor} in a network of {actors}")]
    NoSuchActor { actor: u32, actors: u32 },
    #[error("the weight {0} is not a number of 0 or more")]
    Weight(f64),
    #[error("the weights add up to more than a number can hold")]
    Overflow,
}

impl Builder {
    #[must_use]
    pub fn new(direction: Direction, actors: u32) -> Self {
        Self {
            direction,
            actors,
            sources: Vec::new(),
            targets: Vec::new(),
            weights: Vec::new(),
            dropped: Dropped::default(),
        }
    }

    /// For ties that differ from the ties back.
    #[must_use]
    pub fn directed(actors: u32) -> Self {
        Self::new(Direction::Directed, actors)
    }

    /// For ties that two actors share.
    #[must_use]
    pub fn undirected(actors: u32) -> Self {
        Self::new(Direction::Undirected, actors)
    }

    /// For rows already checked, taken as they are so that ten million need no second copy.
    pub(crate) fn of_rows(
        direction: Direction,
        actors: u32,
        (mut sources, mut targets, mut weights): (Vec<u32>, Vec<u32>, Vec<f64>),
    ) -> Self {
        let mut dropped = Dropped::default();
        let mut kept = 0;
        for row in 0..sources.len() {
            let (source, target, weight) = (sources[row], targets[row], weights[row]);
            if source == target {
                dropped.loops += 1;
            } else if weight == 0.0 {
                dropped.zero_weights += 1;
            } else {
                if kept < row {
                    (sources[kept], targets[kept], weights[kept]) = (source, target, weight);
                }
                kept += 1;
            }
        }
        sources.truncate(kept);
        targets.truncate(kept);
        weights.truncate(kept);
        Self { direction, actors, sources, targets, weights, dropped }
    }

    /// Adds a tie. A loop or a weight of 0 is dropped and counted; a tie between the same actors adds its weight.
    ///
    /// # Errors
    /// When an actor is not below the number of actors, or the weight is negative, infinite or not a number.
    pub fn tie(&mut self, source: u32, target: u32, weight: f64) -> Result<(), TieError> {
        let actors = self.actors;
        for actor in [source, target] {
            if actor >= actors {
                return Err(TieError::NoSuchActor { actor, actors });
            }
        }
        if !weight.is_finite() || weight < 0.0 {
            return Err(TieError::Weight(weight));
        }
        if source == target {
            self.dropped.loops += 1;
        } else if weight == 0.0 {
            self.dropped.zero_weights += 1;
        } else {
            self.sources.push(source);
            self.targets.push(target);
            self.weights.push(weight);
        }
        Ok(())
    }

    /// The network of the ties given.
    ///
    /// # Errors
    /// When the weights add up to infinity.
    pub fn build(self) -> Result<Graph, TieError> {
        // both directions of all ties together bound every sum a measure makes
        if !(2.0 * sum(&self.weights)).is_finite() {
            return Err(TieError::Overflow);
        }
        let rows = self.sources.len();
        let mut out = Csr::from_ties(self.actors as usize, self.sources, self.targets, self.weights);
        let mut ties = out.len();
        if self.direction == Direction::Undirected {
            out = out.joined(&out.transposed());
            ties = out.len() / 2;
        }
        let dropped = Dropped { parallel: (rows - ties) as u64, ..self.dropped };
        Ok(Graph {
            direction: self.direction,
            out,
            inward: OnceLock::new(),
            undirected: OnceLock::new(),
            dropped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(direction: Direction) -> Graph {
        let mut builder = Builder::new(direction, 5);
        for (source, target, weight) in
            [(3, 0, 1.0), (0, 3, 0.5), (1, 2, 2.0), (1, 2, 0.25), (2, 2, 9.0), (0, 1, 0.0)]
        {
            builder.tie(source, target, weight).unwrap();
        }
        builder.build().unwrap()
    }

    #[test]
    fn directed_ties_stay_apart_and_parallel_ones_add_up() {
        let network = small(Direction::Directed);
        assert_eq!((network.actors(), network.ties()), (5, 3));
        assert_eq!(network.dropped(), Dropped { loops: 1, zero_weights: 1, parallel: 1 });
        assert_eq!(network.out().weight(1, 2), Some(2.25));
        assert_eq!(network.inward().neighbors(0), [3]);
        assert_eq!(network.undirected().weight(3, 0), Some(1.5));
        assert_eq!(network.undirected().len(), 4);
        assert_eq!(network.undirected().degree(4), 0);
    }

    #[test]
    fn undirected_ties_are_one_whichever_way_they_are_written() {
        let network = small(Direction::Undirected);
        assert_eq!(network.ties(), 2);
        assert_eq!(network.dropped(), Dropped { loops: 1, zero_weights: 1, parallel: 2 });
        assert_eq!(network.out().weight(0, 3), Some(1.5));
        assert_eq!(network.inward(), network.out());
    }

    #[test]
    fn what_cannot_stand_is_refused() {
        let mut builder = Builder::directed(2);
        assert_eq!(builder.tie(0, 2, 1.0), Err(TieError::NoSuchActor { actor: 2, actors: 2 }));
        assert_eq!(builder.tie(0, 1, -1.0), Err(TieError::Weight(-1.0)));
        assert!(matches!(builder.tie(0, 1, f64::NAN), Err(TieError::Weight(_))));
        assert!(matches!(builder.tie(0, 1, f64::INFINITY), Err(TieError::Weight(_))));
        builder.tie(0, 1, f64::MAX).unwrap();
        assert_eq!(builder.build().unwrap_err(), TieError::Overflow);
    }

    #[test]
    fn renumbering_moves_ties_with_their_actors() {
        let network = small(Direction::Directed);
        let place = [4, 3, 2, 1, 0];
        let moved = network.renumbered(&place);
        for actor in 0..5 {
            for (neighbor, weight) in network.out().ties(actor) {
                let (i, j) = (place[actor as usize], place[neighbor as usize]);
                assert_eq!(moved.out().weight(i, j), Some(weight));
            }
        }
        assert_eq!(moved.ties(), network.ties());
    }

    proptest::proptest! {
        // few actors have all ties, so that rows are short and long and name a neighbor twice
        #[test]
        fn rows_hold_each_neighbor_once_and_in_order_with_all_its_weight(
            ties in proptest::collection::vec((0_u32..6, 0_u32..60, 1_u32..9), 0..200),
        ) {
            let mut builder = Builder::directed(60);
            let mut wanted = std::collections::BTreeMap::new();
            for (source, target, weight) in ties {
                builder.tie(source, target, f64::from(weight)).unwrap();
                if source != target {
                    *wanted.entry((source, target)).or_insert(0.0) += f64::from(weight);
                }
            }
            let network = builder.build().unwrap();
            let out = network.out();
            let found: Vec<_> =
                out.each_actor().flat_map(|i| out.ties(i).map(move |(j, weight)| ((i, j), weight))).collect();
            proptest::prop_assert_eq!(found, wanted.into_iter().collect::<Vec<_>>());
        }
    }
}
