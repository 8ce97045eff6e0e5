//! Who is tied to whom, for introducers and distance.

use crate::intent::ActorKey;

/// Undirected ties with their strength.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    pairs: Vec<(ActorKey, ActorKey, f64)>,
}

impl Ties {
    /// Ties of these pairs, strength 0 to 1; loops are dropped, of parallel ones the strongest counts.
    pub fn new(pairs: impl IntoIterator<Item = (ActorKey, ActorKey, f64)>) -> Self {
        Self { pairs: pairs.into_iter().filter(|(a, b, _)| a != b).collect() }
    }

    /// How many pairs are tied.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether nobody is tied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}
