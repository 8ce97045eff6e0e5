//! How many there are, for the network's page. Counting a million members takes seconds, so of a large network the
//! figures of the last minutes are shown again; a small one is counted at each look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::ids::ActorId;
use store::{Error, Micros, Reading};

use super::queries;

/// From so many members on, figures are kept.
const LARGE: i64 = 20_000;
/// For so long: who looks for one among so many does not look for them in a figure.
const KEPT: Micros = Micros(10 * 60 * 1_000_000);

/// The figures of one network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Size {
    /// How many members of each kind.
    pub members: Vec<(String, i64)>,
    /// Open offers.
    pub offers: i64,
    /// Open needs.
    pub needs: i64,
}

/// The figures of large networks as they were counted last. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Sizes {
    known: Arc<Mutex<HashMap<ActorId, (Micros, Size)>>>,
}

impl Sizes {
    /// Counted now, or within the last minutes.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(&self, r: &Reading<'_>, network: ActorId) -> Result<Size, Error> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = known().get(&network).filter(|(at, _)| (0..KEPT.0).contains(&(r.now().0 - at.0))).cloned();
        if let Some((_, size)) = kept {
            return Ok(size);
        }
        let (offers, needs) = queries::open_intents(r, network)?;
        let size = Size { members: queries::counts(r, network)?, offers, needs };
        if size.members.iter().map(|(_, count)| count).sum::<i64>() >= LARGE {
            known().insert(network, (r.now(), size.clone()));
        }
        Ok(size)
    }
}
