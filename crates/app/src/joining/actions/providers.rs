//! Another service's word on who somebody is. It opens an account that was tied to it before; it is tied by somebody who is
//! signed in, or by a link in a letter to the address that both know, and never by itself.

use std::sync::Arc;

use credentials::Refused;
use credentials::provider::{self, Back, Begun, Fetch, Identity, Settings};
use network::vocabulary::{ActorKind, Consent};
use serde::{Deserialize, Serialize};
use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, sessions};
use thai::Lang;

use super::super::queries::invitations as rows;
use super::super::queries::{self, access, codes};
use super::WINDOW;
use super::invitations::{Arrival, arrive};
use crate::{Texts, members};

/// The services that are set up, and how they are asked.
#[derive(Clone, Default)]
pub struct Providers {
    pub list: Arc<Vec<Settings>>,
    pub fetch: Option<Arc<dyn Fetch>>,
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Providers").field(&self.list).finish()
    }
}

impl Providers {
    /// The service of this name and how it is asked.
    pub fn find(&self, name: &str) -> Option<(&Settings, &Arc<dyn Fetch>)> {
        Some((self.list.iter().find(|one| one.name == name)?, self.fetch.as_ref()?))
    }
}

/// Somebody who takes up an invitation by another service: what they said before they went there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Coming {
    /// The secret of the invitation's link.
    pub token: String,
    pub name: String,
    pub nickname: String,
    pub lang: String,
    /// What they agreed to, word for word.
    pub wording: String,
}

/// What is kept while somebody is at the service.
#[derive(Debug, Serialize, Deserialize)]
struct Way {
    begun: Begun,
    #[serde(default)]
    coming: Option<Coming>,
}

/// For what somebody goes to the service.
#[derive(Debug, Clone)]
pub enum Aim {
    SignIn,
    /// To open this account by it from now on.
    Tie(AccountId),
    /// To take up an invitation.
    Join(Coming),
}

/// How long somebody may take at the service.
const LASTS: i64 = 15 * Micros::MINUTE;
/// Sign-ins one address may begin in [`WINDOW`].
const MOST: i64 = 60;
const LINK: &str = "link";
/// Letters an account is sent in a day, to ask whether a service's word is its own.
const MOST_LETTERS: i64 = 3;
/// The kind of name under which a service's word is kept.
pub const KIND: &str = "provider";

/// Why a service's word opened nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("too many")]
    /// After so many seconds the next try is let through.
    TooMany(Option<u32>),
    #[error(transparent)]
    Store(#[from] Error),
}

/// Begins a sign-in, the tying of an account or the taking up of an invitation. Answers the secret for the browser's cookie and where it goes.
pub fn begin(
    db: &Database,
    (settings, fetch): (&Settings, &dyn Fetch),
    redirect: &str,
    aim: Aim,
    address: &str,
) -> Result<(String, String), ProviderError> {
    let (account, coming) = match aim {
        Aim::SignIn => (None, None),
        Aim::Tie(account) => (Some(account), None),
        Aim::Join(coming) => (None, Some(coming)),
    };
    let here = format!("provider {address}");
    let name_hash = sessions::hash("joining/provider");
    let wait = db.read(&Viewer::System("provider"), |r| queries::held_from(r, &here, MOST, WINDOW))?;
    if wait.is_some() {
        return Err(ProviderError::TooMany(wait));
    }
    let (begun, to) = provider::begin(fetch, settings, redirect)?;
    let secret = sessions::new_secret()?;
    let detail = serde_json::to_string(&Way { begun, coming }).map_err(|e| Error::Fault(e.to_string()))?;
    db.bookkeeping::<_, Error>("provider", |w| {
        let until = w.now().plus(LASTS);
        queries::note_attempt(w, &name_hash, &here, false)?;
        codes::insert_way(w, &secret, account, &detail, until)
    })?;
    Ok((secret, to))
}

/// What was begun, and who the service says it is.
#[derive(Debug)]
pub struct Finished {
    /// The account that was to be tied.
    pub account: Option<AccountId>,
    /// The invitation that was to be taken up.
    pub coming: Option<Coming>,
    pub identity: Identity,
}

/// Ends it. Of two answers to one beginning the second finds nothing.
pub fn finish(
    db: &Database,
    (settings, fetch): (&Settings, &dyn Fetch),
    redirect: &str,
    secret: &str,
    back: &Back,
) -> Result<Finished, ProviderError> {
    let (account, detail) = db.bookkeeping::<_, ProviderError>("provider", |w| {
        let found = codes::find_way(w, secret)?.ok_or(Refused("nothing was begun in this browser"))?;
        codes::take(w, secret, codes::WAY)?;
        Ok(found)
    })?;
    let Way { begun, coming } = serde_json::from_str(&detail).map_err(|e| Error::Fault(e.to_string()))?;
    let now = db.now().0 / Micros::SECOND;
    let identity = provider::finish(fetch, settings, redirect, &begun, back, now)?;
    Ok(Finished { account, coming, identity })
}

/// Ties a service's word to an account.
///
/// # Errors
/// [`Error::Taken`] when it opens another one.
pub fn tie(w: &mut Writing<'_>, account: AccountId, name: &str) -> Result<(), Error> {
    match access::holder(w, KIND, name)? {
        Some((holder, _)) if holder == account => return Ok(()),
        Some(_) => return Err(Error::Taken("provider".to_owned())),
        None => access::insert_confirmed(w, account, KIND, name)?,
    }
    w.record(&Entry::new(Act::Do, "joining.tie_provider", account.0).fields(&["account_name"]))
}

/// Takes up an invitation by a service's word: who has an account by it comes in with that, anybody else gets one that
/// opens by the service alone. Answers the secret for the cookie.
///
/// # Errors
/// [`Error::NotFound`] when the invitation was taken back in the meantime or is too old.
pub fn join(
    w: &mut Writing<'_>,
    identity: &Identity,
    coming: &Coming,
    device: &str,
) -> Result<String, Error> {
    let invitation = rows::by_token(w, &coming.token)?.ok_or(Error::NotFound)?;
    let arrival = Arrival::Invited { invitation: invitation.id, by: invitation.from };
    let name = identity.name();
    let known = match access::holder(w, KIND, &name)? {
        Some((account, _)) => Some((account, access::person(w, account)?)),
        None => None,
    };
    let (account, person) = match known {
        Some((account, person)) => {
            arrive(w, invitation.network, person, &arrival)?;
            w.record(&Entry::new(Act::Do, "joining.arrive", person.0))?;
            (account, person)
        }
        None => come_in(w, invitation.network, coming, &arrival, &name)?,
    };
    let secret = sessions::begin(w, account, person, device)?;
    sessions::choose_network(w, &secret, invitation.network)?;
    Ok(secret)
}

fn come_in(
    w: &mut Writing<'_>,
    network: ActorId,
    coming: &Coming,
    arrival: &Arrival,
    name: &str,
) -> Result<(AccountId, ActorId), Error> {
    let mut sketch = members::Sketch::named(ActorKind::Person, &coming.name);
    sketch.nickname.clone_from(&coming.nickname);
    let person = members::enter(w, &sketch)?;
    let account = queries::insert_account(w, person, None, false, &coming.lang)?;
    access::insert_confirmed(w, account, KIND, name)?;
    w.record(&Entry::new(Act::Do, "joining.open_account", account.0).fields(&["account"]))?;
    members::record_consent(w, person, Consent::Given, "own_account", &coming.wording)?;
    arrive(w, network, person, arrival)?;
    Ok((account, person))
}

/// What a service's word opens.
#[derive(Debug)]
pub enum Opened {
    /// The secret for the cookie.
    Yes(String),
    /// Nothing is tied to it yet.
    Unknown,
}

/// Signs in the account that is tied to it. Where none is, and an account proved the same e-mail that the service checked,
/// its owner is asked by letter whether the two belong together; what the browser sees is the same.
pub fn open(
    w: &mut Writing<'_>,
    identity: &Identity,
    device: &str,
    letters: Option<&str>,
    lang: Lang,
) -> Result<Opened, Error> {
    if let Some((account, _)) = access::holder(w, KIND, &identity.name())?
        && let Ok(person) = access::person(w, account)
    {
        // whoever comes in by it has it: messages to it are tried again
        post::accepts_again(w, &identity.name())?;
        return Ok(Opened::Yes(sessions::begin(w, account, person, device)?));
    }
    if let (Some(origin), Some(email)) = (letters, &identity.verified_email)
        && let Some((account, Some(_))) = access::holder(w, "email", email)?
    {
        ask_owner(w, account, identity, email, origin, lang)?;
    }
    Ok(Opened::Unknown)
}

fn ask_owner(
    w: &mut Writing<'_>,
    account: AccountId,
    identity: &Identity,
    email: &str,
    origin: &str,
    lang: Lang,
) -> Result<(), Error> {
    let now = w.now();
    if codes::held_back(w, account, LINK, MOST_LETTERS, Micros::DAY)?.is_some() {
        return Ok(());
    }
    let secret = sessions::new_secret()?;
    codes::insert_for(w, &secret, LINK, account, &identity.name(), now.plus(Micros::DAY))?;
    let t = Texts(lang);
    let key = format!("joining.link/{}", sessions::hash(&secret));
    let mut letter = post::Letter::new(key, lang.tag(), t.joining_letter_link_subject());
    letter.paragraphs =
        vec![t.joining_letter_link_words(&identity.issuer), t.joining_letter_not_me().to_owned()];
    letter.link =
        Some(post::Link::new(t.joining_letter_link_link(), &format!("{origin}/joining/link/{secret}")));
    letter.lasts = Micros::DAY;
    let person = access::person(w, account)?;
    post::enqueue(w, &letter, &post::To::email(email).person(person))?;
    w.record(&Entry::new(Act::Do, "joining.ask_link", account.0).fields(&["one_time_code"]))
}

/// The service that a letter's link ties.
///
/// # Errors
/// [`Error::NotFound`] when it was used or is too old.
pub fn linkable(r: &store::Reading<'_>, secret: &str) -> Result<String, Error> {
    let (_, name) = codes::find_for(r, secret, LINK)?.ok_or(Error::NotFound)?;
    Ok(name.split(' ').next().unwrap_or_default().to_owned())
}

/// Ties what the letter asked about.
///
/// # Errors
/// As [`linkable`] and [`tie`].
pub fn link(w: &mut Writing<'_>, secret: &str) -> Result<(), Error> {
    let (account, name) = codes::find_for(w, secret, LINK)?.ok_or(Error::NotFound)?;
    codes::take(w, secret, LINK)?;
    tie(w, account, &name)
}
