//! Hashes that tell copies: of pictures (perceptual hash), texts (similarity hash) and devices.
//!
//! Up to sixteen hexadecimal digits are read as a 64-bit similarity hash, in which near copies differ in few bits;
//! anything else is compared as it stands.

/// A fingerprint of a picture, a text or a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fingerprint {
    /// A similarity hash: near copies differ in few bits.
    Bits(u64),
    /// Anything else, by a hash of its text: equal or different.
    Token(u64),
}

impl Fingerprint {
    /// The fingerprint a text stands for; `None` when it is empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if text.len() <= 16 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return u64::from_str_radix(text, 16).ok().map(Self::Bits);
        }
        // FNV-1a, 64 bits: stable across builds, unlike the standard hasher
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        Some(Self::Token(hash))
    }

    /// Whether the two differ in at most `bits` bits.
    #[must_use]
    pub fn is_near(self, other: Self, bits: u32) -> bool {
        match (self, other) {
            (Self::Bits(a), Self::Bits(b)) => (a ^ b).count_ones() <= bits,
            (a, b) => a == b,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_copies_are_told_by_their_bits() {
        let a = Fingerprint::parse("ff00").unwrap();
        let b = Fingerprint::parse("ff07").unwrap();
        assert!(a.is_near(b, 3));
        assert!(!a.is_near(b, 2));
    }

    #[test]
    fn other_texts_are_equal_or_not() {
        let a = Fingerprint::parse("phone of Somsri").unwrap();
        assert!(a.is_near(Fingerprint::parse("phone of Somsri").unwrap(), 0));
        assert!(!a.is_near(Fingerprint::parse("phone of Somchai").unwrap(), 64));
        assert_eq!(Fingerprint::parse(""), None);
    }
}
