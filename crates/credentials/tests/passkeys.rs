//! Registration and sign-in with an authenticator in software, and every way in which an answer may not fit.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose premise fails has failed")]

use credentials::passkey::{Passkey, Site, register, sign_in};
use credentials::{Refused, encode, sha256};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

enum Keys {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

struct Authenticator {
    keys: Keys,
    rp: String,
    flags: u8,
    count: u32,
}

fn p256() -> Authenticator {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let keys = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
    Authenticator { keys: Keys::P256(keys), rp: "saan.example".into(), flags: 5, count: 0 }
}

fn ed25519() -> Authenticator {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let keys = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
    Authenticator { keys: Keys::Ed25519(keys), rp: "saan.example".into(), flags: 5, count: 0 }
}

const ID: &[u8] = b"credential-0123456789";

impl Authenticator {
    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = sha256(self.rp.as_bytes());
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn cose(&self) -> Vec<u8> {
        match &self.keys {
            Keys::P256(keys) => {
                let point = keys.public_key().as_ref();
                let mut out = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                out.extend(&point[1..33]);
                out.extend([0x22, 0x58, 0x20]);
                out.extend(&point[33..]);
                out
            }
            Keys::Ed25519(keys) => {
                let mut out = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
                out.extend(keys.public_key().as_ref());
                out
            }
        }
    }

    fn creates(&self) -> Vec<u8> {
        let mut data = self.data(self.flags | 64);
        data.extend([0; 16]);
        data.extend([0, u8::try_from(ID.len()).unwrap()]);
        data.extend(ID);
        data.extend(self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut out = vec![0xa3, 0x63];
        out.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
        out
    }

    fn signs(&self, client_data: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let data = self.data(self.flags);
        let signed = [data.as_slice(), &sha256(client_data)].concat();
        let signature = match &self.keys {
            Keys::P256(keys) => keys.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec(),
            Keys::Ed25519(keys) => keys.sign(&signed).as_ref().to_vec(),
        };
        (data, signature)
    }
}

fn site() -> Site {
    Site { origin: "https://saan.example".to_owned() }
}

fn says(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
        .into_bytes()
}

fn registered(device: &Authenticator) -> Passkey {
    let challenge = encode(b"first");
    let client = says("webauthn.create", &challenge, "https://saan.example");
    register(&site(), &challenge, &client, &device.creates()).unwrap()
}

#[test]
fn a_device_registers_and_signs_in() {
    for mut device in [p256(), ed25519()] {
        let mut passkey = registered(&device);
        assert_eq!(passkey.id, ID);
        let stored = credentials::PublicKey::from_text(&passkey.key.text());
        assert_eq!(stored.as_ref(), Some(&passkey.key));
        for n in 1..3 {
            device.count = n;
            let challenge = encode(&[u8::try_from(n).unwrap()]);
            let client = says("webauthn.get", &challenge, "https://saan.example");
            let (data, signature) = device.signs(&client);
            passkey.count = sign_in(&site(), &challenge, &passkey, &client, &data, &signature).unwrap();
            assert_eq!(passkey.count, n);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let device = p256();
    let passkey = registered(&device);
    let challenge = encode(b"now");
    let good = says("webauthn.get", &challenge, "https://saan.example");
    let refused = |device: &Authenticator, client: &[u8], passkey: &Passkey| {
        let (data, signature) = device.signs(client);
        sign_in(&site(), &challenge, passkey, client, &data, &signature).unwrap_err()
    };
    let evil = says("webauthn.get", &challenge, "https://saan.example.evil.org");
    assert_eq!(refused(&device, &evil, &passkey), Refused("the answer was given at another site"));
    let old = says("webauthn.get", &encode(b"before"), "https://saan.example");
    assert_eq!(refused(&device, &old, &passkey), Refused("the answer is to another challenge"));
    let create = says("webauthn.create", &challenge, "https://saan.example");
    assert_eq!(refused(&device, &create, &passkey), Refused("the answer is to another question"));
    let framed = String::from_utf8(good.clone()).unwrap().replace("false", "true").into_bytes();
    assert_eq!(refused(&device, &framed, &passkey), Refused("the answer was given inside another site"));
    assert_eq!(refused(&p256(), &good, &passkey), Refused("the signature is not the key's"));
    let other_site = Authenticator { rp: "other.example".into(), ..p256() };
    assert_eq!(refused(&other_site, &good, &passkey), Refused("the key is of another site"));
    let unseen = Authenticator { flags: 4, ..p256() };
    assert_eq!(refused(&unseen, &good, &passkey), Refused("nobody was there"));
    let unknown = Authenticator { flags: 1, ..p256() };
    assert_eq!(refused(&unknown, &good, &passkey), Refused("the device did not check who holds it"));
    let ahead = Passkey { count: 9, ..passkey.clone() };
    assert_eq!(refused(&device, &good, &ahead), Refused("the key was copied"));
    // one bit of what was signed
    let (mut data, signature) = device.signs(&good);
    data[36] ^= 1;
    assert!(sign_in(&site(), &challenge, &passkey, &good, &data, &signature).is_err());
}

#[test]
fn a_registration_cut_off_anywhere_is_refused() {
    let (device, challenge) = (p256(), encode(b"first"));
    let client = says("webauthn.create", &challenge, "https://saan.example");
    let whole = device.creates();
    for end in 0..whole.len() {
        assert!(register(&site(), &challenge, &client, &whole[..end]).is_err(), "{end}");
    }
    assert!(register(&site(), &challenge, &client, &whole).is_ok());
}

#[test]
fn the_site_is_known_by_its_host_without_the_port() {
    for (origin, id) in [
        ("https://saan.example", "saan.example"),
        ("http://localhost:8080", "localhost"),
        ("https://a.b:1", "a.b"),
    ] {
        assert_eq!(Site { origin: origin.to_owned() }.id(), id);
    }
}
