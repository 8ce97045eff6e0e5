//! Passkeys: a key pair that stays on the device; what is checked when one is registered and when it signs in (W3C Web
//! Authentication Level 2, sections 7.1 and 7.2). Attestation is neither asked for nor looked at: which make of device
//! somebody owns is not our business.

use serde::Deserialize;

use crate::cbor::{self, Value};
use crate::keys::Form;
use crate::{PublicKey, Refused, decode, sha256};

/// COSE numbers of the algorithms we take, the preferred first: EdDSA, ES256, RS256.
pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// Where keys are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// `https://saan.example:8443`, as the browser writes it.
    pub origin: String,
}

impl Site {
    /// The relying party's id: the host without its port.
    #[must_use]
    pub fn id(&self) -> &str {
        let host = self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host);
        match host.rsplit_once(':') {
            Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
            _ => host,
        }
    }
}

/// What the browser says it was asked (CollectedClientData).
#[derive(Debug, Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// The challenge that an answer says it answers, to look up whether we gave it. Nothing is proved by it yet.
///
/// # Errors
/// [`Refused`] when it cannot be read.
pub fn challenge(client_data: &[u8]) -> Result<String, Refused> {
    Ok(read_client_data(client_data)?.challenge)
}

fn read_client_data(bytes: &[u8]) -> Result<ClientData, Refused> {
    serde_json::from_slice(bytes).map_err(|_| Refused("the browser's answer cannot be read"))
}

fn check_client_data(bytes: &[u8], kind: &str, challenge: &str, site: &Site) -> Result<(), Refused> {
    let said = read_client_data(bytes)?;
    if said.kind != kind {
        return Err(Refused("the answer is to another question"));
    }
    if said.challenge != challenge {
        return Err(Refused("the answer is to another challenge"));
    }
    if said.origin != site.origin {
        return Err(Refused("the answer was given at another site"));
    }
    if said.cross_origin {
        return Err(Refused("the answer was given inside another site"));
    }
    Ok(())
}

/// The first part of what an authenticator signs.
struct AuthenticatorData<'a> {
    count: u32,
    flags: u8,
    rest: &'a [u8],
}

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ATTESTED: u8 = 64;

fn read_authenticator_data<'a>(bytes: &'a [u8], site: &Site) -> Result<AuthenticatorData<'a>, Refused> {
    const SHORT: Refused = Refused("the authenticator's answer is cut off");
    let (hash, rest) = bytes.split_at_checked(32).ok_or(SHORT)?;
    let (&flags, rest) = rest.split_first().ok_or(SHORT)?;
    let (count, rest) = rest.split_at_checked(4).ok_or(SHORT)?;
    if hash != sha256(site.id().as_bytes()) {
        return Err(Refused("the key is of another site"));
    }
    if flags & PRESENT == 0 {
        return Err(Refused("nobody was there"));
    }
    // a passkey stands for password and device together, so the device must know its owner
    if flags & VERIFIED == 0 {
        return Err(Refused("the device did not check who holds it"));
    }
    let count = count.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
    Ok(AuthenticatorData { count, flags, rest })
}

/// A key that was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// At most 1,023 bytes, chosen by the authenticator.
    pub id: Vec<u8>,
    pub key: PublicKey,
    /// How often it signed; authenticators that are synchronized say 0 forever.
    pub count: u32,
}

/// Checks a registration: the browser's `clientDataJSON` and `attestationObject`.
///
/// # Errors
/// [`Refused`] says what does not fit.
pub fn register(
    site: &Site,
    challenge: &str,
    client_data: &[u8],
    attestation: &[u8],
) -> Result<Passkey, Refused> {
    check_client_data(client_data, "webauthn.create", challenge, site)?;
    let (object, _) = cbor::read(attestation)?;
    let data = object
        .field("authData")
        .and_then(Value::bytes)
        .ok_or(Refused("the registration holds no authenticator data"))?;
    let data = read_authenticator_data(data, site)?;
    if data.flags & ATTESTED == 0 {
        return Err(Refused("the registration holds no key"));
    }
    const SHORT: Refused = Refused("the registration is cut off");
    let (_model, rest) = data.rest.split_at_checked(16).ok_or(SHORT)?;
    let (length, rest) = rest.split_at_checked(2).ok_or(SHORT)?;
    let length = length.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    if length == 0 || length > 1023 {
        return Err(Refused("the key's id is too long"));
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
    let (key, _) = cbor::read(rest)?;
    Ok(Passkey { id: id.to_vec(), key: PublicKey::from_cose(&key)?, count: data.count })
}

/// Checks a sign-in: the browser's `clientDataJSON`, `authenticatorData` and `signature` for a key that was registered.
/// Answers the new count.
///
/// # Errors
/// [`Refused`] says what does not fit.
pub fn sign_in(
    site: &Site,
    challenge: &str,
    passkey: &Passkey,
    client_data: &[u8],
    authenticator_data: &[u8],
    signature: &[u8],
) -> Result<u32, Refused> {
    check_client_data(client_data, "webauthn.get", challenge, site)?;
    let data = read_authenticator_data(authenticator_data, site)?;
    let signed = [authenticator_data, &sha256(client_data)].concat();
    if !passkey.key.verifies(&signed, signature, Form::Der) {
        return Err(Refused("the signature is not the key's"));
    }
    // a count that does not grow means that there are two of a key that should be one
    if (data.count != 0 || passkey.count != 0) && data.count <= passkey.count {
        return Err(Refused("the key was copied"));
    }
    Ok(data.count)
}

/// What a browser sends, as base64url.
///
/// # Errors
/// [`Refused`] when it is none.
pub fn sent(text: &str) -> Result<Vec<u8>, Refused> {
    decode(text).ok_or(Refused("the browser's answer cannot be read"))
}
