//! What is counted over a whole network. Counting a million members takes seconds, so of a large network the figures of
//! the last minutes are shown again; a small one is counted at each look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::ids::ActorId;
use store::{Error, Micros, Reading};

/// From so many members on, figures are kept.
const LARGE: i64 = 20_000;
/// For so long: who looks for one among so many does not look for them in a figure.
const KEPT: Micros = Micros(10 * 60 * 1_000_000);

/// The figures of each large network as they were counted last. Cheap to clone.
#[derive(Debug)]
pub struct Figures<T> {
    known: Arc<Mutex<HashMap<ActorId, (Micros, T)>>>,
}

impl<T> Clone for Figures<T> {
    fn clone(&self) -> Self {
        Self { known: Arc::clone(&self.known) }
    }
}

impl<T> Default for Figures<T> {
    fn default() -> Self {
        Self { known: Arc::default() }
    }
}

impl<T: Clone> Figures<T> {
    /// Counted now, or within the last minutes. `count` says beside the figures how many members it went through.
    ///
    /// # Errors
    /// Whatever `count` answers.
    pub fn of(
        &self,
        r: &Reading<'_>,
        network: ActorId,
        count: impl FnOnce() -> Result<(T, i64), Error>,
    ) -> Result<T, Error> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = known().get(&network).filter(|(at, _)| (0..KEPT.0).contains(&(r.now().0 - at.0))).cloned();
        if let Some((_, figures)) = kept {
            return Ok(figures);
        }
        let (figures, members) = count()?;
        if members >= LARGE {
            known().insert(network, (r.now(), figures.clone()));
        }
        Ok(figures)
    }
}
