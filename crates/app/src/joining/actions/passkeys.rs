//! Passkeys: registered by somebody who is signed in, then a way in without name and password.

use credentials::Refused;
use credentials::passkey::{self, Passkey, Site};
use serde_json::{Value, json};
use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, sessions};

use super::super::queries::{self, access, codes};
use super::{MOST_FROM_AN_ADDRESS, WINDOW};

const REGISTER: &str = "passkey-register";
const SIGN_IN: &str = "passkey";
/// How long a browser may take to answer.
const LASTS: i64 = 5 * Micros::MINUTE;
/// Keys of one account: a phone, a computer, a spare, and room.
const MOST: usize = 20;
/// Questions one address may ask for in [`WINDOW`].
const MOST_QUESTIONS: i64 = 200;

/// Why a passkey was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("too many")]
    /// After so many seconds the next try is let through; none where an account has all the keys it may have.
    TooMany(Option<u32>),
    #[error(transparent)]
    Store(#[from] Error),
}

fn new_challenge() -> Result<String, Refused> {
    Ok(credentials::encode(&credentials::random(32)?))
}

/// What a browser is asked to make a key from (PublicKeyCredentialCreationOptions), bytes as base64url.
pub fn begin(
    w: &mut Writing<'_>,
    site: &Site,
    account: AccountId,
    name: &str,
) -> Result<Value, PasskeyError> {
    let known = access::passkeys(w, account)?;
    if known.len() >= MOST {
        return Err(PasskeyError::TooMany(None));
    }
    let challenge = new_challenge()?;
    let until = w.now().plus(LASTS);
    codes::take_all_for(w, account, REGISTER)?;
    codes::insert_for(w, &challenge, REGISTER, account, "", until)?;
    let login = access::names(w, account)?.into_iter().find(|one| one.kind != "provider");
    let login = login.map_or_else(|| name.to_owned(), |one| one.name);
    let algorithms: Vec<Value> =
        passkey::ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
    let exclude: Vec<Value> = known.iter().map(|one| json!({ "type": "public-key", "id": one.id })).collect();
    Ok(json!({
        "rp": { "id": site.id(), "name": "Saan" },
        "user": { "id": credentials::encode(&account.0.to_be_bytes()), "name": login, "displayName": name },
        "challenge": challenge,
        "pubKeyCredParams": algorithms,
        "excludeCredentials": exclude,
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
        "timeout": LASTS / 1000,
    }))
}

/// What a browser answered when it made a key, as base64url.
#[derive(Debug, Clone)]
pub struct Made {
    pub label: String,
    pub client_data: String,
    pub attestation: String,
}

/// Keeps the key that was made.
pub fn register(
    w: &mut Writing<'_>,
    site: &Site,
    account: AccountId,
    made: &Made,
) -> Result<(), PasskeyError> {
    let client_data = passkey::sent(&made.client_data)?;
    let challenge = passkey::challenge(&client_data)?;
    // one of ours, for this account, not used before
    match codes::find_for(w, &challenge, REGISTER)? {
        Some((whose, _)) if whose == account => codes::take(w, &challenge, REGISTER)?,
        _ => return Err(Refused("nobody asked for this key").into()),
    }
    let key = passkey::register(site, &challenge, &client_data, &passkey::sent(&made.attestation)?)?;
    access::insert_passkey(w, account, &credentials::encode(&key.id), &made.label, &stored(&key))?;
    w.record(&Entry::new(Act::Do, "joining.passkey", account.0).fields(&["passkey"]))?;
    Ok(())
}

fn stored(key: &Passkey) -> String {
    json!({ "key": key.key.text(), "count": key.count }).to_string()
}

fn read(id: &str, text: &str) -> Option<Passkey> {
    let stored: Value = serde_json::from_str(text).ok()?;
    Some(Passkey {
        id: credentials::decode(id)?,
        key: credentials::PublicKey::from_text(stored.get("key")?.as_str()?)?,
        count: u32::try_from(stored.get("count")?.as_u64()?).ok()?,
    })
}

/// Gives a key another name.
pub fn rename(w: &mut Writing<'_>, account: AccountId, id: &str, label: &str) -> Result<(), Error> {
    access::rename_passkey(w, account, id, label)?;
    w.record(&Entry::new(Act::Do, "joining.name_passkey", account.0).fields(&["passkey"]))
}

/// Takes a key away.
///
/// # Errors
/// [`Error::Changed`] when it is the last way in.
pub fn remove(w: &mut Writing<'_>, account: AccountId, id: &str) -> Result<(), Error> {
    if access::ways_in(w, account)? < 2 {
        return Err(Error::Changed);
    }
    access::remove_passkey(w, account, id)?;
    w.record(&Entry::new(Act::Do, "joining.remove_passkey", account.0).fields(&["passkey"]))
}

/// What a browser is asked to sign (PublicKeyCredentialRequestOptions): any key of this site, so that nobody types a name.
pub fn ask(db: &Database, site: &Site, address: &str) -> Result<Value, PasskeyError> {
    let here = format!("passkey {address}");
    let name_hash = sessions::hash("joining/passkey");
    let wait =
        db.read(&Viewer::System("passkey"), |r| queries::held_from(r, &here, MOST_QUESTIONS, WINDOW))?;
    if wait.is_some() {
        return Err(PasskeyError::TooMany(wait));
    }
    let challenge = new_challenge()?;
    db.bookkeeping::<_, Error>("passkey", |w| {
        let until = w.now().plus(LASTS);
        queries::note_attempt(w, &name_hash, &here, false)?;
        codes::insert(w, &challenge, SIGN_IN, None, None, until)
    })?;
    Ok(json!({
        "rpId": site.id(),
        "challenge": challenge,
        "allowCredentials": [],
        "userVerification": "required",
        "timeout": LASTS / 1000,
    }))
}

/// What a browser answered when it signed, as base64url.
#[derive(Debug, Clone)]
pub struct Signed {
    pub id: String,
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
}

/// Signs in with a key. Answers the secret for the cookie. Every refusal counts against the address.
pub fn sign_in(
    db: &Database,
    site: &Site,
    signed: &Signed,
    address: &str,
    device: &str,
) -> Result<String, PasskeyError> {
    let name_hash = sessions::hash(&format!("passkey {}", signed.id));
    let wait = db
        .read(&Viewer::System("passkey"), |r| queries::held_from(r, address, MOST_FROM_AN_ADDRESS, WINDOW))?;
    if wait.is_some() {
        return Err(PasskeyError::TooMany(wait));
    }
    let outcome = db.bookkeeping("passkey", |w| match opened(w, site, signed) {
        Ok((account, person)) => {
            queries::note_attempt(w, &name_hash, address, true)?;
            Ok(Ok(sessions::begin(w, account, person, device)?))
        }
        // the question is used up and the try is counted, also where the answer was wrong
        Err(PasskeyError::Refused(why)) => {
            queries::note_attempt(w, &name_hash, address, false)?;
            Ok(Err(why))
        }
        Err(other) => Err(other),
    })?;
    Ok(outcome?)
}

fn opened(w: &mut Writing<'_>, site: &Site, signed: &Signed) -> Result<(AccountId, ActorId), PasskeyError> {
    let client_data = passkey::sent(&signed.client_data)?;
    let challenge = passkey::challenge(&client_data)?;
    if codes::find(w, &challenge, SIGN_IN)?.is_none() {
        return Err(Refused("this question was not asked, or was answered before").into());
    }
    codes::take(w, &challenge, SIGN_IN)?;
    let (account, person, text) =
        access::passkey(w, &signed.id)?.ok_or(Refused("nobody here has this key"))?;
    let mut key = read(&signed.id, &text).ok_or(Refused("the stored key cannot be read"))?;
    key.count = passkey::sign_in(
        site,
        &challenge,
        &key,
        &client_data,
        &passkey::sent(&signed.authenticator_data)?,
        &passkey::sent(&signed.signature)?,
    )?;
    access::used_passkey(w, &signed.id, &stored(&key))?;
    Ok((account, person))
}
