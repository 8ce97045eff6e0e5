//! Time is handed in, never taken: a fake clock reaches requests, sessions and jobs alike.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    /// This moment and so many microseconds (negative: before).
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Whole days since 1970-01-01 in a zone that many hours east of UTC (Thailand: 7).
    #[must_use]
    pub const fn day(self, hours_east: i64) -> i64 {
        (self.0 + hours_east * Self::HOUR).div_euclid(Self::DAY)
    }
}

impl crate::ToValue for Micros {
    fn to_value(&self) -> crate::Value {
        crate::Value::Int(self.0)
    }
}
impl crate::FromCell for Micros {
    fn from_cell(cell: crate::Value) -> Result<Self, &'static str> {
        <i64 as crate::FromCell>::from_cell(cell).map(Self)
    }
}

/// The system's clock, or one that a test moves.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    Fake(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn fake(start: Micros) -> Self {
        Self::Fake(Arc::new(AtomicI64::new(start.0)))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Micros {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Fake(at) => Micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fake clock; the system's clock is nobody's to move.
    pub fn advance(&self, micros: i64) {
        if let Self::Fake(at) = self {
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}
