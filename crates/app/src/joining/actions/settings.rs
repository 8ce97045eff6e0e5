use network::vocabulary::{Consent, Visibility};
use store::ids::{AccountId, ActorId, TokenId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Writing, sessions};

use super::super::queries::{codes, settings};
use crate::{members, notices};

/// How long a personal access token is good.
const TOKEN: i64 = 365 * Micros::DAY;

/// Sets a new password and ends every other session. The caller has checked the old one.
pub fn change_password(
    w: &mut Writing<'_>,
    account: AccountId,
    hash: &str,
    keep: Option<&str>,
) -> Result<(), Error> {
    codes::put_password(w, account, hash)?;
    sessions::end_others(w, account, keep)?;
    w.record(&Entry::new(Act::Do, "joining.password", account.0).fields(&["password_hash"]))
}

/// Makes a personal access token for whom one acts as; answers its secret, which is shown once.
pub fn make_token(
    w: &mut Writing<'_>,
    account: AccountId,
    acting_as: ActorId,
    label: &str,
    scopes: &str,
) -> Result<String, Error> {
    let secret = format!("saan_{}", sessions::new_secret()?);
    let until = w.now().plus(TOKEN);
    let id = settings::insert_token(w, &sessions::hash(&secret), account, acting_as, label, scopes, until)?;
    w.record(&Entry::new(Act::Do, "joining.token", id.0).fields(&["access_token"]))?;
    Ok(secret)
}

/// Makes a token worthless.
pub fn revoke_token(w: &mut Writing<'_>, account: AccountId, id: TokenId) -> Result<(), Error> {
    settings::revoke_token(w, account, id)?;
    w.record(&Entry::new(Act::Do, "joining.revoke_token", id.0).fields(&["access_token"]))
}

/// Who may see me from now on, and whether I may be suggested to others.
pub fn see_me(
    w: &mut Writing<'_>,
    actor: ActorId,
    visibility: Visibility,
    suggested: &bool,
) -> Result<(), Error> {
    let (before, ..) = settings::visibility(w, actor)?;
    settings::put_visibility(w, actor, visibility.word(), suggested)?;
    w.record(&Entry::new(Act::Do, "joining.visibility", actor.0).before("visibility", Some(before)))?;
    members::refresh(w, actor)
}

/// Gives or withdraws one's own consent.
pub fn my_consent(w: &mut Writing<'_>, person: ActorId, state: Consent, wording: &str) -> Result<(), Error> {
    members::record_consent(w, person, state, "own_account", wording).map(|_| ())
}

/// Lets a person act for a group or organization. The caller has checked the right.
pub fn add_steward(w: &mut Writing<'_>, actor: ActorId, person: ActorId) -> Result<(), Error> {
    settings::add_steward(w, actor, person)?;
    notices::tell(w, person, "joining_steward", actor.0, Some(actor), "")?;
    w.record(&Entry::new(Act::Administer, "joining.add_steward", actor.0).fields(&["stewardship"]))
}

/// Ends it.
pub fn end_steward(w: &mut Writing<'_>, actor: ActorId, person: ActorId) -> Result<(), Error> {
    settings::end_steward(w, actor, person)?;
    w.record(&Entry::new(Act::Administer, "joining.end_steward", actor.0).fields(&["stewardship"]))
}
