//! The SQL of this feature, by topic.

pub mod access;
pub mod belonging;
pub mod codes;
pub mod growth;
pub mod invitations;
pub mod leaving;
pub mod settings;

use store::ids::{AccountId, ActorId};
use store::{Error, Micros, Reading, Writing, params};

/// The account behind a user name, phone or e-mail: its id, person and password.
pub fn by_name(r: &Reading<'_>, name: &str) -> Result<Option<(AccountId, ActorId, Option<String>)>, Error> {
    r.first(
        "SELECT a.id, a.person_id, a.password_hash FROM account_name n JOIN account a ON a.id = n.account_id \
         WHERE n.name = $1 AND n.kind IN ('name', 'phone', 'email') AND a.state = 'active'",
        params![name],
    )
}

/// Seconds, at least one, until fewer than `most` failed tries at this name stand in the window (microseconds); none
/// where it is so now.
pub fn held_for_name(r: &Reading<'_>, name_hash: &str, most: i64, window: i64) -> Result<Option<u32>, Error> {
    let last_that_counts = r.first(
        "SELECT at FROM sign_in_attempt WHERE name_hash = $1 AND at > $2 AND NOT succeeded \
         ORDER BY at DESC LIMIT 1 OFFSET $3",
        params![name_hash, r.now().plus(-window), most - 1],
    )?;
    Ok(last_that_counts.map(|at| seconds_left(r.now(), at, window)))
}

/// As [`held_for_name`], for the tries from an address.
pub fn held_from(r: &Reading<'_>, address: &str, most: i64, window: i64) -> Result<Option<u32>, Error> {
    let last_that_counts = r.first(
        "SELECT at FROM sign_in_attempt WHERE address = $1 AND at > $2 AND NOT succeeded \
         ORDER BY at DESC LIMIT 1 OFFSET $3",
        params![address, r.now().plus(-window), most - 1],
    )?;
    Ok(last_that_counts.map(|at| seconds_left(r.now(), at, window)))
}

/// Whole seconds, at least one, until what was done `at` is older than the window. A clock that was set back makes
/// nobody wait longer than the window.
fn seconds_left(now: Micros, at: Micros, window: i64) -> u32 {
    let left = at.0.saturating_add(window).saturating_sub(now.0).clamp(1, window.max(1));
    u32::try_from((left - 1) / 1_000_000 + 1).unwrap_or(u32::MAX)
}

/// Writes down a try.
pub fn note_attempt(
    w: &mut Writing<'_>,
    name_hash: &str,
    address: &str,
    succeeded: bool,
) -> Result<(), Error> {
    let (id, now) = (w.new_id(), w.now());
    w.execute(
        "INSERT INTO sign_in_attempt (id, name_hash, address, at, succeeded) VALUES ($1, $2, $3, $4, $5)",
        params![id, name_hash, address, now, succeeded],
    )?;
    Ok(())
}

/// Makes an account for a person.
pub fn insert_account(
    w: &mut Writing<'_>,
    person: ActorId,
    password_hash: Option<&str>,
    operator: bool,
    lang: &str,
) -> Result<AccountId, Error> {
    let (id, now) = (AccountId(w.new_id()), w.now());
    w.execute(
        "INSERT INTO account (id, person_id, password_hash, operator, lang, state, created_at, updated_at, version) \
         VALUES ($1, $2, $3, $4, $5, 'active', $6, $6, 1)",
        params![id, person, password_hash, operator, lang, now],
    )?;
    w.execute(
        "UPDATE actor SET claimed_by = $1, state = 'active', updated_at = $2, version = version + 1 WHERE id = $3",
        params![id, now, person],
    )?;
    Ok(id)
}

/// Gives an account a name to sign in with. An e-mail is proved by a link, later; until then it is a name like others.
pub fn insert_name(w: &mut Writing<'_>, account: AccountId, kind: &str, name: &str) -> Result<(), Error> {
    let confirmed_at = (kind != "email").then(|| w.now());
    w.execute(
        "INSERT INTO account_name (kind, name, account_id, confirmed_at) VALUES ($1, $2, $3, $4)",
        params![kind, name, account, confirmed_at],
    )?;
    Ok(())
}

/// The members a person acts for.
pub fn acts_for(r: &Reading<'_>, person: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT actor_id FROM stewardship WHERE person_id = $1 AND until IS NULL ORDER BY since",
        params![person],
    )
}

/// The networks a member is in.
pub fn networks_of(r: &Reading<'_>, member: ActorId) -> Result<Vec<(ActorId, String)>, Error> {
    r.all(
        "SELECT w.id, w.name FROM membership m JOIN actor w ON w.id = m.whole_id \
         WHERE m.part_id = $1 AND m.state = 'member' AND w.kind = 'network' ORDER BY w.id",
        params![member],
    )
}

/// Whether anybody has an account yet.
///
/// # Errors
/// The database's own.
pub fn any_account(r: &Reading<'_>) -> Result<bool, Error> {
    Ok(r.first::<i64>("SELECT 1 FROM account LIMIT 1", params![])?.is_some())
}

/// The first operator of the instance, as who writes from the command line are journalled.
///
/// # Errors
/// The database's own.
pub fn operator(r: &Reading<'_>) -> Result<Option<store::Viewer>, Error> {
    let found: Option<(AccountId, ActorId)> = r.first(
        "SELECT id, person_id FROM account WHERE operator AND state = 'active' ORDER BY id LIMIT 1",
        params![],
    )?;
    Ok(found.map(|(account, person)| store::Viewer::Member {
        account,
        person,
        acting_as: person,
        operator: true,
    }))
}

/// The coordinators of a network.
pub fn coordinators(r: &Reading<'_>, network: ActorId) -> Result<Vec<ActorId>, Error> {
    r.all(
        "SELECT part_id FROM membership WHERE whole_id = $1 AND role = 'coordinator' AND state = 'member' ORDER BY id",
        params![network],
    )
}

/// Lets an account run the instance: technical rights, no voice.
pub fn make_operator(w: &mut Writing<'_>, account: AccountId) -> Result<(), Error> {
    w.execute_one("UPDATE account SET operator = TRUE WHERE id = $1", params![account])
}

/// Whether this person has an account, and whether it runs the instance.
pub fn account_of(r: &Reading<'_>, person: ActorId) -> Result<Option<(AccountId, bool)>, Error> {
    r.first("SELECT id, operator FROM account WHERE person_id = $1 AND state = 'active'", params![person])
}
