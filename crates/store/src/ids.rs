//! Ids: 63 bits, time-ordered, made by the program; `mem_…` in typed base32 outside.
//!
//! Layout, high to low: 41 bits of milliseconds since 2024-01-01 UTC (69 years), 8 bits that count within one, 12 bits
//! that name the process (each opening of a store takes the next), 2 zero bits. More than 256 a millisecond borrow from
//! the next. The zero bits leave room for the keys of [`crate::audience`], which are an id and what one is to it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::Micros;

/// 2024-01-01T00:00:00Z in microseconds since 1970.
const EPOCH: i64 = 1_704_067_200_000_000;
/// Crockford's base32: no i, l, o, u, so that a read-aloud id survives.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many processes may be told apart.
pub(crate) const NODES: i64 = 1 << 12;

/// Makes ids that only grow within a process, even when the clock is set back.
#[derive(Debug, Default)]
pub struct IdSource {
    /// Milliseconds and counter of the last id.
    last: AtomicI64,
    node: i64,
}

impl IdSource {
    /// A source of its own for the n-th process on a store.
    #[must_use]
    pub const fn for_node(n: i64) -> Self {
        Self { last: AtomicI64::new(0), node: n.rem_euclid(NODES) }
    }

    /// The next id at this moment.
    pub fn next(&self, now: Micros) -> i64 {
        let since = (now.0.saturating_sub(EPOCH) / 1000).clamp(0, (1 << 41) - 1);
        let fresh = since << 8;
        let taken =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(fresh.max(last + 1)));
        // fetch_update with Some never fails; both arms hold the value before
        let before = taken.unwrap_or_else(|before| before);
        (fresh.max(before + 1) << 14) | (self.node << 2)
    }
}

/// Thirteen letters of base32 for 63 bits.
#[must_use]
pub fn encode(id: i64) -> String {
    let mut bits = id.cast_unsigned();
    let mut letters = [b'0'; 13];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET.get((bits & 31) as usize).copied().unwrap_or(b'0');
        bits >>= 5;
    }
    letters.iter().map(|&b| char::from(b)).collect()
}

/// Back from [`encode`]; `None` for anything else. Upper case, and i, l, o for 1, 1, 0, are forgiven.
#[must_use]
pub fn decode(text: &str) -> Option<i64> {
    if text.len() != 13 {
        return None;
    }
    let mut bits: u64 = 0;
    for byte in text.bytes() {
        let letter = match byte.to_ascii_lowercase() {
            b'i' | b'l' => b'1',
            b'o' => b'0',
            other => other,
        };
        let digit = ALPHABET.iter().position(|&known| known == letter)?;
        bits = bits.checked_mul(32)?.checked_add(digit as u64)?;
    }
    i64::try_from(bits).ok()
}

/// Makes a typed id: a number inside, `prefix_base32` outside.
#[macro_export]
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);
        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), $crate::ids::encode(self.0))
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::ids::NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then($crate::ids::decode)
                    .map(Self)
                    .ok_or($crate::ids::NotAnId($prefix))
            }
        }
        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value { $crate::Value::Int(self.0) }
        }
        impl $crate::FromCell for $name {
            fn from_cell(cell: $crate::Value) -> Result<Self, &'static str> {
                <i64 as $crate::FromCell>::from_cell(cell).map(Self)
            }
        }
        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::__serde::Deserialize>::deserialize(from)?;
                text.parse().map_err($crate::__serde::de::Error::custom)
            }
        }
    };
}

/// The text is not an id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId(pub &'static str);

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an id of the form {}_…", self.0)
    }
}
impl std::error::Error for NotAnId {}

typed_id!(
    /// A member of any kind: person, group, organization, network.
    ActorId, "mem"
);
typed_id!(
    /// A login of a person.
    AccountId, "acc"
);
typed_id!(
    /// An offer or a need.
    IntentId, "int"
);
typed_id!(
    /// A tie between two members.
    TieId, "tie"
);
typed_id!(
    /// A membership in a network, group or organization.
    MembershipId, "msh"
);
typed_id!(
    /// An introduction of two members to each other.
    IntroductionId, "itr"
);
typed_id!(
    /// One contact: a call, a visit, a meeting.
    ContactId, "con"
);
typed_id!(
    /// A gathering or other activity with a time.
    GatheringId, "gat"
);
typed_id!(
    /// A consent on record.
    ConsentId, "cns"
);
typed_id!(
    /// One import, as a whole.
    ImportId, "imp"
);
typed_id!(
    /// An invitation into a network, as a link and a QR code.
    InvitationId, "inv"
);
typed_id!(
    /// Something a member brought to the coordinators' attention.
    ConcernId, "ccn"
);
typed_id!(
    /// A personal access token; its secret is another thing.
    TokenId, "tok"
);
typed_id!(
    /// The rhythm one member keeps toward another.
    CareId, "car"
);
typed_id!(
    /// A holder's own word for ties.
    LabelId, "lab"
);
typed_id!(
    /// Something written in a room.
    WordId, "wrd"
);
typed_id!(
    /// A sentence for what somebody is good at.
    VouchId, "vch"
);
typed_id!(
    /// Work to be done later.
    JobId, "job"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_id_survives_being_written(id in 0..=i64::MAX) {
            prop_assert_eq!(decode(&encode(id)), Some(id));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            if let Some(id) = decode(&text) { prop_assert!(id >= 0); }
        }
    }

    #[test]
    fn ids_grow_when_the_clock_is_set_back() {
        let source = IdSource::for_node(7);
        let late = source.next(Micros(EPOCH + 5_000_000));
        let early = source.next(Micros(EPOCH + 1_000_000));
        assert!(early > late);
        assert_eq!(early % 4, 0, "the two low bits stay free for audience keys");
    }

    #[test]
    fn two_processes_at_one_moment_make_no_id_twice() {
        let (a, b) = (IdSource::for_node(1), IdSource::for_node(2));
        let now = Micros(EPOCH);
        let mut ids: Vec<i64> = (0..1000).flat_map(|_| [a.next(now), b.next(now)]).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn a_typed_id_refuses_another_kinds_text() {
        let member = ActorId(12_345 * 4).to_string();
        assert!(member.starts_with("mem_"));
        assert_eq!(member.parse::<ActorId>(), Ok(ActorId(12_345 * 4)));
        assert!(member.parse::<TieId>().is_err());
    }
}
