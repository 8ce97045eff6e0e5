use network::vocabulary::{ActorKind, Consent, MembershipState, NetworkOrigin, Role};
use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, sessions};

use super::super::queries::{self, codes};
use super::open_account_hashed;
use crate::{members, networks};

const SETUP: &str = "setup";
/// How long the link of a first start is good; the next start prints another.
const LINK: i64 = 7 * Micros::DAY;

/// On a store without any account: a secret for the link that makes the first operator and network. Earlier links stop
/// working, so that one that was left in a log is worth nothing.
///
/// # Errors
/// The database's own.
pub fn setup_secret(db: &Database) -> Result<Option<String>, Error> {
    if db.read(&Viewer::System("setup"), queries::any_account)? {
        return Ok(None);
    }
    let secret = sessions::new_secret()?;
    let until = db.now().plus(LINK);
    db.bookkeeping("setup", |w| {
        codes::forget(w, SETUP)?;
        codes::insert(w, &secret, SETUP, None, None, until)
    })?;
    Ok(Some(secret))
}

/// Whether this is the link of a store that waits for its first operator.
///
/// # Errors
/// The database's own.
pub fn setup_waits(r: &store::Reading<'_>, secret: &str) -> Result<bool, Error> {
    Ok(!queries::any_account(r)? && codes::find(r, secret, SETUP)?.is_some())
}

/// The first person of an instance.
#[derive(Debug, Clone)]
pub struct First {
    pub name: String,
    pub login: String,
    pub password_hash: String,
    pub lang: &'static str,
    pub network: String,
    pub wording: String,
}

/// Makes the first operator and the network they coordinate; a network of that name that is there already (brought in
/// by a file) gets its coordinator.
///
/// # Errors
/// [`Error::Changed`] when there is an account already.
pub fn first_operator(
    w: &mut Writing<'_>,
    first: &First,
    secret: Option<&str>,
) -> Result<(AccountId, ActorId), Error> {
    if queries::any_account(w)? {
        return Err(Error::Changed);
    }
    if let Some(secret) = secret {
        codes::take(w, secret, SETUP)?;
    }
    let person = members::enter(w, &members::Sketch::named(ActorKind::Person, &first.name))?;
    let account = open_account_hashed(w, person, &first.login, &first.password_hash, first.lang)?;
    queries::make_operator(w, account)?;
    members::record_consent(w, person, Consent::Given, "own_account", &first.wording)?;
    match networks::found_by_name(w, &first.network)? {
        Some(network) => {
            members::join(w, network, person, Role::Coordinator, "", MembershipState::Member)?;
            networks::take_over(w, network, person)?;
        }
        None => {
            let founding = networks::Founding {
                name: first.network.clone(),
                about: String::new(),
                origin: NetworkOrigin::Grassroots,
                founder: Some(person),
            };
            networks::found(w, &founding)?;
        }
    }
    w.record(&Entry::new(Act::Administer, "joining.setup", account.0).fields(&["account", "actor"]))?;
    Ok((account, person))
}

/// Makes the first operator and network from the command line.
///
/// # Errors
/// As [`first_operator`].
pub fn set_up(db: &Database, acting: &store::Acting, first: &First) -> Result<(), Error> {
    db.write(acting, |w| {
        first_operator(w, first, None)?;
        w.finished(())
    })
}
