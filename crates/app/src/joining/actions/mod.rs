use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, sessions};

use super::{passwords, queries};

pub mod belonging;
pub mod codes;
pub mod email;
pub mod invitations;
pub mod leaving;
pub mod passkeys;
pub mod providers;
pub mod settings;
pub mod setup;

/// Names under which an account is found are compared without case and spaces.
pub fn sign_in_name(typed: &str) -> String {
    if let Some(phone) = thai::phones::Phone::parse(typed) {
        return phone.e164().to_owned();
    }
    thai::text::western_digits(typed).trim().to_lowercase()
}

/// Opens an account for a person: a name to sign in with, a password, and whether they run the instance.
///
/// # Errors
/// [`Error::Taken`] when the name is in use or the person has an account; [`Error::Fault`] without randomness.
pub fn open_account(
    w: &mut Writing<'_>,
    person: ActorId,
    name: &str,
    password: &str,
    operator: bool,
) -> Result<AccountId, Error> {
    let hash = passwords::hash(password).map_err(Error::Fault)?;
    let account = open_account_hashed(w, person, name, &hash, "th")?;
    if operator {
        queries::make_operator(w, account)?;
    }
    Ok(account)
}

/// The same with a password that was hashed before the transaction began, so that nobody waits for it.
pub fn open_account_hashed(
    w: &mut Writing<'_>,
    person: ActorId,
    name: &str,
    hash: &str,
    lang: &str,
) -> Result<AccountId, Error> {
    let account = queries::insert_account(w, person, Some(hash), false, lang)?;
    let name = sign_in_name(name);
    queries::insert_name(w, account, kind_of_name(&name), &name)?;
    w.record(&Entry::new(Act::Do, "joining.open_account", account.0).fields(&["account"]))?;
    Ok(account)
}

/// Whether a name to sign in with is a phone, an e-mail or a name of one's own.
fn kind_of_name(name: &str) -> &'static str {
    if name.starts_with('+') {
        "phone"
    } else if name.contains('@') {
        "email"
    } else {
        "name"
    }
}

/// Gives an account the name its person signs in with, in place of the one before, and a first password where it had
/// none. Proved e-mails and other ways in stay.
///
/// # Errors
/// [`Error::Taken`] when somebody else signs in with it.
pub fn change_name(
    w: &mut Writing<'_>,
    account: AccountId,
    name: &str,
    first_password: Option<&str>,
) -> Result<(), Error> {
    let name = sign_in_name(name);
    let before = queries::access::names(w, account)?;
    if before.iter().any(|one| one.name == name) {
        return Ok(());
    }
    for one in before.iter().filter(|one| matches!(one.kind.as_str(), "name" | "phone")) {
        queries::access::remove(w, account, &one.kind, &one.name)?;
    }
    queries::insert_name(w, account, kind_of_name(&name), &name)?;
    if let Some(hash) = first_password {
        queries::codes::put_password(w, account, hash)?;
    }
    w.record(&Entry::new(Act::Do, "joining.name", account.0).fields(&["account_name"]))
}

/// Takes a name or another way in away from an account.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Changed`] when it is the last one: nobody locks themselves out.
pub fn remove_name(w: &mut Writing<'_>, account: AccountId, kind: &str, name: &str) -> Result<(), Error> {
    if queries::access::ways_in(w, account)? < 2 {
        return Err(Error::Changed);
    }
    queries::access::remove(w, account, kind, name)?;
    w.record(&Entry::new(Act::Do, "joining.remove_name", account.0).fields(&["account_name"]))
}

/// Forgets what only protects for a while.
///
/// # Errors
/// The database's own.
pub fn forget_old(db: &Database) -> Result<(), Error> {
    db.bookkeeping("joining", queries::access::forget_old)
}

/// Hashes a password on the calling thread, which may block.
///
/// # Errors
/// [`Error::Fault`] without randomness.
pub fn hash_password(password: &str) -> Result<String, Error> {
    passwords::hash(password).map_err(Error::Fault)
}

/// How often a wrong password may be tried in [`WINDOW`].
const MOST_FOR_A_NAME: i64 = 10;
const MOST_FROM_AN_ADDRESS: i64 = 60;
const WINDOW: i64 = 15 * Micros::MINUTE;

/// What came of a try to sign in.
#[derive(Debug)]
pub enum SignedIn {
    /// The secret for the cookie.
    Yes(String),
    No,
    /// After so many seconds the next try is let through.
    TooMany(Option<u32>),
}

/// Tries to sign in. Runs on a thread that may block: the password takes its 20 ms outside of any transaction.
///
/// # Errors
/// The database's own.
pub fn sign_in(
    db: &Database,
    name: &str,
    password: &str,
    address: &str,
    device: &str,
) -> Result<SignedIn, Error> {
    let name = sign_in_name(name);
    let name_hash = sessions::hash(&name);
    let system = Viewer::System("sign-in");
    let (wait, found) = db.read(&system, |r| {
        let for_name = queries::held_for_name(r, &name_hash, MOST_FOR_A_NAME, WINDOW)?;
        let from_here = queries::held_from(r, address, MOST_FROM_AN_ADDRESS, WINDOW)?;
        Ok::<_, Error>((for_name.max(from_here), queries::by_name(r, &name)?))
    })?;
    if wait.is_some() {
        return Ok(SignedIn::TooMany(wait));
    }
    let right = passwords::verify(password, found.as_ref().and_then(|(_, _, hash)| hash.as_deref()));
    let account = found.filter(|_| right);
    db.bookkeeping("sign-in", |w| {
        queries::note_attempt(w, &name_hash, address, account.is_some())?;
        match &account {
            Some((account, person, _)) => sessions::begin(w, *account, *person, device).map(SignedIn::Yes),
            None => Ok(SignedIn::No),
        }
    })
}
