//! A message that only one device can read: RFC 8291 (message encryption for Web Push) over RFC 8188 (aes128gcm), one
//! record. The push service that carries it learns its length, rounded up, and nothing else.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Octets of a message that every push service takes, head included (RFC 8030 §7.2).
pub const LARGEST: usize = 4096;
/// An uncompressed point of P-256.
pub const POINT: usize = 65;
/// Salt, record size, length of the key, the key (RFC 8188 §2.1).
const HEAD: usize = 16 + 4 + 1 + POINT;
const TAG: usize = 16;
/// Messages are filled up to a multiple of this, so that their length says little.
const STEP: usize = 512;

/// Octets of words that fit.
pub const ROOM: usize = LARGEST - HEAD - TAG - 1;

/// Why a message cannot be encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the device's keys are no keys")]
    Keys,
    #[error("the message is too long")]
    Long,
    #[error("the system gives no randomness")]
    Random,
}

/// The keys of a device, as its browser gave them.
#[derive(Debug, Clone, Copy)]
pub struct Device<'a> {
    /// Its public key, an uncompressed point of P-256.
    pub key: &'a [u8],
    /// Its secret of authentication, 16 octets.
    pub auth: &'a [u8],
}

/// Encrypts words for a device, with a key of this one message.
///
/// # Errors
/// [`SealError`] when the device's keys are none or the words do not fit.
pub fn seal(device: Device<'_>, words: &[u8]) -> Result<Vec<u8>, SealError> {
    let random = SystemRandom::new();
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(|_| SealError::Random)?;
    let public = own.compute_public_key().map_err(|_| SealError::Random)?;
    let mut salt = [0; 16];
    random.fill(&mut salt).map_err(|_| SealError::Random)?;
    let record = filled(words)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, device.key);
    agree_ephemeral(own, &theirs, |secret| sealed(device, public.as_ref(), secret, salt, record))
        .map_err(|_| SealError::Keys)?
}

/// The words, the mark of the last record, and nothing until a multiple of [`STEP`] (RFC 8188 §2).
fn filled(words: &[u8]) -> Result<Vec<u8>, SealError> {
    if words.len() > ROOM {
        return Err(SealError::Long);
    }
    let length = (words.len() + 1).next_multiple_of(STEP).min(ROOM + 1);
    let mut record = words.to_vec();
    record.push(2);
    record.resize(length, 0);
    Ok(record)
}

/// The message over a record that is filled up already (RFC 8291 §3.4).
fn sealed(
    device: Device<'_>,
    public: &[u8],
    secret: &[u8],
    salt: [u8; 16],
    mut record: Vec<u8>,
) -> Result<Vec<u8>, SealError> {
    if device.auth.len() != 16 || device.key.len() != POINT {
        return Err(SealError::Keys);
    }
    let (key, nonce) = derived(device, public, secret, &salt)?;
    let key = UnboundKey::new(&AES_128_GCM, &key).map_err(|_| SealError::Keys)?;
    LessSafeKey::new(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)
        .map_err(|_| SealError::Long)?;
    let mut message = Vec::with_capacity(HEAD + record.len());
    message.extend(salt);
    message.extend(u32::try_from(LARGEST).unwrap_or(4096).to_be_bytes());
    message.push(u8::try_from(POINT).unwrap_or(65));
    message.extend(public);
    message.extend(record);
    Ok(message)
}

/// How many octets a derived key has.
struct Octets(usize);

impl KeyType for Octets {
    fn len(&self) -> usize {
        self.0
    }
}

/// The key and the nonce of the one record.
fn derived(
    device: Device<'_>,
    public: &[u8],
    secret: &[u8],
    salt: &[u8],
) -> Result<([u8; 16], [u8; 12]), SealError> {
    let expand = |salt: &[u8], from: &[u8], info: &[&[u8]], out: &mut [u8]| {
        Salt::new(HKDF_SHA256, salt)
            .extract(from)
            .expand(info, Octets(out.len()))
            .and_then(|okm| okm.fill(out))
            .map_err(|_| SealError::Keys)
    };
    let mut material = [0; 32];
    expand(device.auth, secret, &[b"WebPush: info\0", device.key, public], &mut material)?;
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    expand(salt, &material, &[b"Content-Encoding: aes128gcm\0"], &mut key)?;
    expand(salt, &material, &[b"Content-Encoding: nonce\0"], &mut nonce)?;
    Ok((key, nonce))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    fn octets(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    // RFC 8291, section 5 and appendix A
    const DEVICE: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const DEVICE_PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const OURS: &str =
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    const OURS_PRIVATE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";
    const WORDS: &str = "When I grow up, I want to be a watermelon";
    const MESSAGE: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    fn agreed(private: &str, public: &[u8]) -> Vec<u8> {
        let private = p256::SecretKey::from_slice(&octets(private)).unwrap();
        let public = p256::PublicKey::from_sec1_bytes(public).unwrap();
        p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), public.as_affine())
            .raw_secret_bytes()
            .to_vec()
    }

    #[test]
    fn the_example_of_the_standard_comes_out() {
        let (key, auth, ours) = (octets(DEVICE), octets(AUTH), octets(OURS));
        let device = Device { key: &key, auth: &auth };
        // the other library agrees from both sides
        let secret = agreed(OURS_PRIVATE, &key);
        assert_eq!(secret, agreed(DEVICE_PRIVATE, &ours));
        assert_eq!(URL_SAFE_NO_PAD.encode(&secret), "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let (cek, nonce) = derived(device, &ours, &secret, &octets(SALT)).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(cek), "oIhVW04MRdy2XN9CiKLxTg");
        assert_eq!(URL_SAFE_NO_PAD.encode(nonce), "4h_95klXJ5E_qnoN");
        let mut record = WORDS.as_bytes().to_vec();
        record.push(2);
        let salt = octets(SALT).try_into().unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed(device, &ours, &secret, salt, record).unwrap()), MESSAGE);
    }

    /// What the device does: with the other library's agreement, and the standard's steps backward.
    fn opened(message: &[u8]) -> Vec<u8> {
        let (key, auth) = (octets(DEVICE), octets(AUTH));
        let (salt, ours) = (&message[..16], &message[21..86]);
        assert_eq!(&message[16..21], [0, 0, 16, 0, 65]);
        let secret = agreed(DEVICE_PRIVATE, ours);
        let (cek, nonce) = derived(Device { key: &key, auth: &auth }, ours, &secret, salt).unwrap();
        let cek = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &cek).unwrap());
        let mut record = message[86..].to_vec();
        let plain =
            cek.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record).unwrap();
        let end = plain.iter().rposition(|octet| *octet != 0).unwrap();
        assert_eq!(plain[end], 2, "the last record");
        plain[..end].to_vec()
    }

    #[test]
    fn keys_that_are_none_and_words_that_do_not_fit_are_refused() {
        let (key, auth) = (octets(DEVICE), octets(AUTH));
        let device = Device { key: &key, auth: &auth };
        assert_eq!(seal(Device { key: &[4; 65], ..device }, b"x"), Err(SealError::Keys));
        assert_eq!(seal(Device { auth: &auth[..15], ..device }, b"x"), Err(SealError::Keys));
        assert_eq!(seal(device, &[0; ROOM + 1]), Err(SealError::Long));
        assert_eq!(seal(device, &[7; ROOM]).unwrap().len(), LARGEST);
        let lengths: Vec<usize> = [1, 200, 511].map(|n| seal(device, &vec![7; n]).unwrap().len()).to_vec();
        assert_eq!(lengths, [HEAD + STEP + TAG; 3], "short ones are of one length");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn whatever_is_sealed_the_device_opens(words in proptest::collection::vec(any::<u8>(), 0..ROOM)) {
            let (key, auth) = (octets(DEVICE), octets(AUTH));
            let message = seal(Device { key: &key, auth: &auth }, &words).unwrap();
            prop_assert!(message.len() <= LARGEST);
            prop_assert_eq!(opened(&message), words);
        }
    }
}
