//! A share of few with how sure it is: shown with its interval, and not at all where it would point at persons
//! (indicators.md *Uncertainty*, *Suppression*).

/// Fewer people than this are never shown as a figure.
pub const FEWEST: usize = 5;

/// A share and the 95 % interval around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// 0 to 1.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Out of how many.
    pub of: u32,
}

/// 97.5 % of the normal distribution lies below this.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// `part` of `whole` with Wilson's score interval (Wilson 1927); none of none is no share.
    #[must_use]
    pub fn wilson(part: u32, whole: u32) -> Option<Self> {
        if whole == 0 || part > whole {
            return None;
        }
        let n = f64::from(whole);
        let p = f64::from(part) / n;
        let z2 = Z * Z;
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Self { value: p, low: (middle - half).max(0.0), high: (middle + half).min(1.0), of: whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wilsons_interval_is_that_of_the_textbook() {
        // Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611
        let share = Share::wilson(81, 263).unwrap();
        assert!((share.low - 0.2553).abs() < 5e-5 && (share.high - 0.3662).abs() < 5e-5, "{share:?}");
        let none = Share::wilson(0, 20).unwrap();
        assert!(none.low.abs() < 1e-12 && (none.high - 0.1611).abs() < 5e-5, "{none:?}");
        assert_eq!(Share::wilson(0, 0), None);
    }

    proptest! {
        #[test]
        fn the_share_lies_in_its_interval(whole in 1_u32..5000, part in 0_u32..5000) {
            prop_assume!(part <= whole);
            let share = Share::wilson(part, whole).unwrap();
            prop_assert!(share.low <= share.value + 1e-9 && share.value <= share.high + 1e-9);
            prop_assert!((0.0..=1.0).contains(&share.low) && (0.0..=1.0).contains(&share.high));
        }
    }
}
