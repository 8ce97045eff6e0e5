//! Public keys as authenticators (COSE, RFC 9053) and services (JWK, RFC 7517) write them, and what they verify.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::cbor::Value;
use crate::{Refused, decode, encode};

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    ES256,
    EdDSA,
    RS256,
    /// By a secret that both sides know: services only.
    HS256,
}

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of P-256, uncompressed: 65 bytes.
    P256(Vec<u8>),
    /// 32 bytes.
    Ed25519(Vec<u8>),
    /// Modulus and exponent, big-endian, 2048 bits or more.
    Rsa(Vec<u8>, Vec<u8>),
}

/// In which form an ECDSA signature comes: authenticators write DER, tokens the two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Der,
    Fixed,
}

const BAD: Refused = Refused("the key is of no kind we take");

impl PublicKey {
    /// From an authenticator's COSE_Key; the algorithm it names must be one of those asked for: -7, -8, -257.
    pub fn from_cose(key: &Value) -> Result<Self, Refused> {
        let int = |n| key.at(n).and_then(Value::int);
        let bytes = |n| key.at(n).and_then(Value::bytes).map(<[u8]>::to_vec).ok_or(BAD);
        match (int(1), int(3), int(-1)) {
            // kty EC2, alg ES256, crv P-256
            (Some(2), Some(-7), Some(1)) => Self::point(&bytes(-2)?, &bytes(-3)?),
            // kty OKP, alg EdDSA, crv Ed25519
            (Some(1), Some(-8), Some(6)) => Self::edwards(bytes(-2)?),
            // kty RSA, alg RS256: n and e
            (Some(3), Some(-257), _) => Self::rsa(bytes(-1)?, bytes(-2)?),
            _ => Err(BAD),
        }
    }

    /// From a service's JSON Web Key.
    pub fn from_jwk(key: &serde_json::Value) -> Result<Self, Refused> {
        let text = |name: &str| key.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let bytes = |name: &str| decode(text(name)).ok_or(BAD);
        match (text("kty"), text("crv")) {
            ("EC", "P-256") => Self::point(&bytes("x")?, &bytes("y")?),
            ("OKP", "Ed25519") => Self::edwards(bytes("x")?),
            ("RSA", _) => Self::rsa(bytes("n")?, bytes("e")?),
            _ => Err(BAD),
        }
    }

    fn point(x: &[u8], y: &[u8]) -> Result<Self, Refused> {
        if x.len() != 32 || y.len() != 32 {
            return Err(BAD);
        }
        Ok(Self::P256([&[4], x, y].concat()))
    }

    fn edwards(x: Vec<u8>) -> Result<Self, Refused> {
        if x.len() == 32 { Ok(Self::Ed25519(x)) } else { Err(BAD) }
    }

    fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, Refused> {
        if (256..=1024).contains(&n.len()) && e.len() <= 8 { Ok(Self::Rsa(n, e)) } else { Err(BAD) }
    }

    /// How this key signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::ES256,
            Self::Ed25519(_) => Algorithm::EdDSA,
            Self::Rsa(..) => Algorithm::RS256,
        }
    }

    /// Whether this is the key's signature of the message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], sign: &[u8], form: Form) -> bool {
        match self {
            Self::P256(point) => {
                let how: &'static signature::EcdsaVerificationAlgorithm = match form {
                    Form::Der => &signature::ECDSA_P256_SHA256_ASN1,
                    Form::Fixed => &signature::ECDSA_P256_SHA256_FIXED,
                };
                UnparsedPublicKey::new(how, point).verify(message, sign).is_ok()
            }
            Self::Ed25519(x) => UnparsedPublicKey::new(&signature::ED25519, x).verify(message, sign).is_ok(),
            Self::Rsa(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, sign)
                .is_ok(),
        }
    }

    /// As it is stored: the kind and its parts.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::P256(point) => format!("p256 {}", encode(point)),
            Self::Ed25519(x) => format!("ed25519 {}", encode(x)),
            Self::Rsa(n, e) => format!("rsa {} {}", encode(n), encode(e)),
        }
    }

    /// Back from [`Self::text`].
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let kind = parts.next()?;
        let bytes = decode(parts.next()?)?;
        match kind {
            "p256" => Some(Self::P256(bytes)),
            "ed25519" => Some(Self::Ed25519(bytes)),
            "rsa" => Some(Self::Rsa(bytes, decode(parts.next()?)?)),
            _ => None,
        }
    }
}
