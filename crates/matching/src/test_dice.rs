//! Chance for the tests of this crate.

/// Numbers that look like chance and are always the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Evenly from 0 to 1, 1 excluded.
    pub(crate) fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
