//! A handful of connections shared by threads: taken, used, given back; whoever comes when all are out waits.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

#[derive(Debug)]
pub struct Pool<T> {
    idle: Mutex<Vec<T>>,
    returned: Condvar,
}

impl<T> Pool<T> {
    pub fn new(items: Vec<T>) -> Self {
        Self { idle: Mutex::new(items), returned: Condvar::new() }
    }

    /// Takes one, waiting up to `patience`.
    pub fn take(&self, patience: Duration) -> Result<Taken<'_, T>, Error> {
        let deadline = Instant::now() + patience;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(item) = idle.pop() {
                return Ok(Taken { pool: self, item: Some(item) });
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy);
            }
            (idle, _) = self.returned.wait_timeout(idle, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// An item on loan; dropping gives it back.
#[derive(Debug)]
pub struct Taken<'a, T> {
    pool: &'a Pool<T>,
    // always Some until dropped
    item: Option<T>,
}

impl<T> Deref for Taken<'_, T> {
    type Target = T;
    #[expect(clippy::unreachable, reason = "the item leaves only in drop")]
    fn deref(&self) -> &T {
        match &self.item {
            Some(item) => item,
            None => unreachable!(),
        }
    }
}
impl<T> DerefMut for Taken<'_, T> {
    #[expect(clippy::unreachable, reason = "the item leaves only in drop")]
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.item {
            Some(item) => item,
            None => unreachable!(),
        }
    }
}
impl<T> Drop for Taken<'_, T> {
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(item);
            self.pool.returned.notify_one();
        }
    }
}
