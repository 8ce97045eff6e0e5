//! Chance that is no chance: what is drawn for the demo is the same on every machine.

/// Numbers that look random and are the same every time (xorshift64*, Vigna 2016, doi:10.1145/2845077).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// From a seed that is not zero.
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A whole number from 0 to `below` - 1; 0 when `below` is 0.
    pub fn below(&mut self, below: usize) -> usize {
        let wide = u128::from(self.next()) * below as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A day from `from` to `until`, both included.
    pub fn day(&mut self, from: i64, until: i64) -> i64 {
        let span = usize::try_from(until - from + 1).unwrap_or(0);
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}
