use network::vocabulary::Consent;
use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, sessions};

use super::super::queries::{self, codes};
use super::open_account_hashed;
use crate::{members, notices};

/// What is printed on a slip: a code to type and a secret for the QR code.
#[derive(Debug, Clone)]
pub struct Slip {
    pub code: String,
    pub link_secret: String,
    pub until: Micros,
}

/// How long a slip is good: long enough for the next visit.
const SLIP: i64 = 14 * Micros::DAY;
/// How long a consent sheet's link is good.
const SHEET: i64 = 90 * Micros::DAY;
const CLAIM: &str = "claim";
const CONSENT: &str = "consent";

/// Makes the slip with which a person signs in for the first time, or again after the password was lost. What was
/// given out before stops working. The caller has checked the right.
///
/// # Errors
/// [`Error::Fault`] without randomness.
pub fn make_slip(w: &mut Writing<'_>, network: ActorId, person: ActorId) -> Result<Slip, Error> {
    codes::take_all(w, person, CLAIM)?;
    let slip =
        Slip { code: sessions::new_code()?, link_secret: sessions::new_secret()?, until: w.now().plus(SLIP) };
    for secret in [&slip.code, &slip.link_secret] {
        codes::insert(w, secret, CLAIM, Some(person), Some(network), slip.until)?;
    }
    w.record(
        &Entry::new(Act::Administer, "joining.slip", person.0).in_network(network).fields(&["one_time_code"]),
    )?;
    Ok(slip)
}

/// Makes the link of a consent sheet, by which the person says yes or no themselves.
///
/// # Errors
/// [`Error::Fault`] without randomness.
pub fn make_sheet(w: &mut Writing<'_>, network: ActorId, person: ActorId) -> Result<String, Error> {
    let secret = sessions::new_secret()?;
    let until = w.now().plus(SHEET);
    codes::insert(w, &secret, CONSENT, Some(person), Some(network), until)?;
    w.record(
        &Entry::new(Act::Administer, "joining.consent_sheet", person.0)
            .in_network(network)
            .fields(&["one_time_code"]),
    )?;
    Ok(secret)
}

/// How many wrong codes may be typed in [`WINDOW`]: from one address, and from everywhere together, because eight
/// digits are few. A QR code's secret is long and is never held up by it.
const MOST_FROM_AN_ADDRESS: i64 = 10;
const MOST_FROM_EVERYWHERE: i64 = 40;
const WINDOW: i64 = 30 * Micros::MINUTE;

/// What came of a typed code.
#[derive(Debug, Clone)]
pub enum Found {
    Yes(codes::OneTime),
    No,
    /// After so many seconds the next code may be typed.
    TooMany(Option<u32>),
}

/// Looks a claim code up and counts the wrong ones.
///
/// # Errors
/// The database's own.
pub fn find_claim(db: &Database, secret: &str, address: &str) -> Result<Found, Error> {
    let typed = secret.len() < 20;
    let everywhere = sessions::hash("joining/claim");
    let here = format!("claim {address}");
    let (wait, found) = db.read(&Viewer::System("claim"), |r| {
        let all = queries::held_for_name(r, &everywhere, MOST_FROM_EVERYWHERE, WINDOW)?;
        let from_here = queries::held_from(r, &here, MOST_FROM_AN_ADDRESS, WINDOW)?;
        Ok::<_, Error>((all.max(from_here), codes::find(r, secret, CLAIM)?))
    })?;
    if typed && wait.is_some() {
        return Ok(Found::TooMany(wait));
    }
    if let Some(found) = found {
        return Ok(Found::Yes(found));
    }
    if typed {
        db.bookkeeping("claim", |w| queries::note_attempt(w, &everywhere, &here, false))?;
    }
    Ok(Found::No)
}

/// What a person says when they use their slip.
#[derive(Debug, Clone)]
pub struct Claiming {
    pub secret: String,
    /// Only for the first sign-in.
    pub login: String,
    pub password_hash: String,
    pub lang: &'static str,
    /// What they agree to; nothing when they did not tick it.
    pub wording: Option<String>,
    pub device: String,
}

/// Uses a slip: opens the account of a member nobody had claimed, or gives the one there is a new password and ends
/// its other sessions. Answers the secret of a session.
///
/// # Errors
/// [`Error::NotFound`] when the slip was used or is too old; [`Error::Taken`] when the name is in use.
pub fn claim(w: &mut Writing<'_>, claiming: &Claiming) -> Result<String, Error> {
    let found = codes::find(w, &claiming.secret, CLAIM)?.ok_or(Error::NotFound)?;
    let person = found.actor.ok_or(Error::NotFound)?;
    codes::take(w, &claiming.secret, CLAIM)?;
    codes::take_all(w, person, CLAIM)?;
    let account: AccountId = match queries::account_of(w, person)? {
        None => open_account_hashed(w, person, &claiming.login, &claiming.password_hash, claiming.lang)?,
        Some((account, _)) => {
            codes::put_password(w, account, &claiming.password_hash)?;
            sessions::end_others(w, account, None)?;
            notices::tell(w, person, "joining_reset", person.0, found.by, "")?;
            account
        }
    };
    w.record(&Entry::new(Act::Do, "joining.claim", person.0).fields(&["account"]))?;
    if let Some(wording) = &claiming.wording {
        members::record_consent(w, person, Consent::Given, "own_account", wording)?;
    }
    members::refresh(w, person)?;
    sessions::begin(w, account, person, &claiming.device)
}

/// The person a consent link speaks to, and their network.
///
/// # Errors
/// [`Error::NotFound`] when it was used or is too old.
pub fn consent_link(r: &store::Reading<'_>, secret: &str) -> Result<(ActorId, ActorId), Error> {
    let found = codes::find(r, secret, CONSENT)?.ok_or(Error::NotFound)?;
    Ok((found.actor.ok_or(Error::NotFound)?, found.network.ok_or(Error::NotFound)?))
}

/// The person's own yes or no by the link of their sheet.
///
/// # Errors
/// As [`consent_link`].
pub fn answer_consent(w: &mut Writing<'_>, secret: &str, state: Consent, wording: &str) -> Result<(), Error> {
    let (person, _) = consent_link(w, secret)?;
    codes::take(w, secret, CONSENT)?;
    codes::take_all(w, person, CONSENT)?;
    members::record_consent(w, person, state, "own_link", wording)?;
    Ok(())
}
