//! As much of CBOR (RFC 8949) as an authenticator writes: integers, bytes, text, lists, maps, simple values. Lengths are
//! definite, as CTAP2's canonical form asks.

use crate::Refused;

/// How deep things may lie in each other.
const DEEPEST: usize = 6;
const BAD: Refused = Refused("the authenticator's answer cannot be read");

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// false, true, null and their like, by number.
    Simple(u8),
}

impl Value {
    /// What stands in a map under this key.
    pub fn get(&self, key: &Self) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn field(&self, name: &str) -> Option<&Self> {
        self.get(&Self::Text(name.to_owned()))
    }

    pub fn at(&self, number: i64) -> Option<&Self> {
        self.get(&Self::Int(number))
    }

    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// Reads the first value; answers it and what comes after it.
pub fn read(bytes: &[u8]) -> Result<(Value, &[u8]), Refused> {
    value(bytes, 0)
}

fn value(bytes: &[u8], depth: usize) -> Result<(Value, &[u8]), Refused> {
    if depth > DEEPEST {
        return Err(BAD);
    }
    let (&first, rest) = bytes.split_first().ok_or(BAD)?;
    let (number, rest) = number(first & 31, rest)?;
    let signed = i64::try_from(number).map_err(|_| BAD)?;
    // nothing can be longer than what is left to read
    let length = usize::try_from(number).map_err(|_| BAD)?;
    match first >> 5 {
        0 => Ok((Value::Int(signed), rest)),
        1 => Ok((Value::Int(-1 - signed), rest)),
        2 => {
            let (taken, rest) = rest.split_at_checked(length).ok_or(BAD)?;
            Ok((Value::Bytes(taken.to_vec()), rest))
        }
        3 => {
            let (taken, rest) = rest.split_at_checked(length).ok_or(BAD)?;
            Ok((Value::Text(String::from_utf8(taken.to_vec()).map_err(|_| BAD)?), rest))
        }
        4 => {
            let (mut list, mut rest) = (Vec::new(), rest);
            for _ in 0..length {
                let (one, after) = value(rest, depth + 1)?;
                list.push(one);
                rest = after;
            }
            Ok((Value::List(list), rest))
        }
        5 => {
            let (mut pairs, mut rest) = (Vec::new(), rest);
            for _ in 0..length {
                let (key, after) = value(rest, depth + 1)?;
                let (one, after) = value(after, depth + 1)?;
                pairs.push((key, one));
                rest = after;
            }
            Ok((Value::Map(pairs), rest))
        }
        7 => Ok((Value::Simple(first & 31), rest)),
        _ => Err(BAD),
    }
}

/// The number behind the first byte.
fn number(short: u8, rest: &[u8]) -> Result<(u64, &[u8]), Refused> {
    let wide = match short {
        0..=23 => return Ok((u64::from(short), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(BAD),
    };
    let (taken, rest) = rest.split_at_checked(wide).ok_or(BAD)?;
    Ok((taken.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        // RFC 8949, appendix A
        let read_one = |bytes: &[u8]| read(bytes).unwrap().0;
        assert_eq!(read_one(&[0x18, 0x64]), Value::Int(100));
        assert_eq!(read_one(&[0x39, 0x03, 0xe7]), Value::Int(-1000));
        assert_eq!(read_one(&[0x44, 1, 2, 3, 4]), Value::Bytes(vec![1, 2, 3, 4]));
        assert_eq!(read_one(&[0x62, 0xc3, 0xbc]), Value::Text("ü".to_owned()));
        let map = read_one(&[0xa2, 0x01, 0x02, 0x03, 0x04]);
        assert_eq!((map.at(1).unwrap().int(), map.at(3).unwrap().int()), (Some(2), Some(4)));
    }

    #[test]
    fn a_list_longer_than_the_answer_is_refused_at_once() {
        assert!(read(&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_err());
        assert!(read(&[0x81; 64]).is_err(), "too deep");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((_, rest)) = read(&bytes) { prop_assert!(rest.len() < bytes.len()); }
        }
    }
}
