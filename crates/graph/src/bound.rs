//! How far a value from a random sample may be from the true one.

/// With that confidence the true value is within `error` of the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    pub error: f64,
    /// Below 1, as .95.
    pub confidence: f64,
}

/// Count, sum and sum of squares of independent values.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spread {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Spread {
    pub(crate) fn of_sums(count: usize, sum: f64, squares: f64) -> Self {
        Self { count: count as f64, sum, squares }
    }

    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    pub(crate) fn mean(&self) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { 0.0 }
    }

    /// The empirical Bernstein bound: but for a chance of `risk` the true mean is within this of the sample's, for
    /// values in a range of that width (Maurer & Pontil 2009, theorem 4, on both sides).
    pub(crate) fn error(&self, range: f64, risk: f64) -> f64 {
        if self.count < 2.0 {
            return range;
        }
        let log = (4.0 / risk).ln();
        let variance = ((self.squares - self.sum * self.sum / self.count) / (self.count - 1.0)).max(0.0);
        let error =
            (2.0 * variance * log / self.count).sqrt() + 7.0 * range * log / (3.0 * (self.count - 1.0));
        error.min(range)
    }
}
