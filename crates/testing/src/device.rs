//! A device that takes pushes: its keys, and what it does with a message. The key agreement is another library's than the
//! program's own, and the steps are written from the receiver's side (RFC 8291 §3, RFC 8188 §2).

use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use crate::http::Request;

/// A browser's subscription, from the inside.
#[derive(Debug)]
pub struct Device {
    private: p256::SecretKey,
    auth: Vec<u8>,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    /// A new one.
    ///
    /// # Panics
    /// When the system gives no randomness.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    pub fn new() -> Self {
        let random = |count| credentials::random(count).expect("randomness");
        let private = p256::SecretKey::from_slice(&random(32)).expect("a key");
        Self { private, auth: random(16) }
    }

    /// Its public key, base64url.
    #[must_use]
    pub fn p256dh(&self) -> String {
        credentials::encode(self.public().as_ref())
    }

    /// Its secret of authentication, base64url.
    #[must_use]
    pub fn auth(&self) -> String {
        credentials::encode(&self.auth)
    }

    fn public(&self) -> Box<[u8]> {
        self.private.public_key().to_encoded_point(false).as_bytes().into()
    }

    /// What a message says; none when it is not for this device or was changed on its way.
    #[must_use]
    pub fn open(&self, message: &[u8]) -> Option<Vec<u8>> {
        let (head, record) = message.split_at_checked(86)?;
        let (salt, rest) = head.split_at_checked(16)?;
        let (size, theirs) = rest.split_at_checked(5)?;
        if size != [0, 0, 16, 0, 65] || record.len() > 4096 {
            return None;
        }
        let sender = p256::PublicKey::from_sec1_bytes(theirs).ok()?;
        let secret = p256::ecdh::diffie_hellman(self.private.to_nonzero_scalar(), sender.as_affine());
        let info = [b"WebPush: info\0", &*self.public(), theirs, &[1]].concat();
        let material = hashed(&hashed(&self.auth, secret.raw_secret_bytes()), &info);
        let of_salt = hashed(salt, &material);
        let key = hashed(&of_salt, b"Content-Encoding: aes128gcm\0\x01");
        let nonce = hashed(&of_salt, b"Content-Encoding: nonce\0\x01");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key.get(..16)?).ok()?);
        let nonce = Nonce::try_assume_unique_for_key(nonce.get(..12)?).ok()?;
        let mut record = record.to_vec();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut record).ok()?;
        let end = plain.iter().rposition(|octet| *octet != 0)?;
        // 2 stands behind the words of the last record
        (plain.get(end) == Some(&2)).then(|| plain.get(..end).unwrap_or_default().to_vec())
    }
}

fn hashed(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

/// The claims by which a sender says who it is, if its signature holds (RFC 8292), and its public key.
#[must_use]
pub fn sender(request: &Request) -> Option<(Value, String)> {
    let (token, key) = request.header("authorization").strip_prefix("vapid t=")?.split_once(", k=")?;
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&credentials::decode(part)?).ok();
    if json(head)?.get("alg")?.as_str()? != "ES256" {
        return None;
    }
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, credentials::decode(key)?)
        .verify(signed.as_bytes(), &credentials::decode(signature)?)
        .ok()?;
    Some((json(claims)?, key.to_owned()))
}
