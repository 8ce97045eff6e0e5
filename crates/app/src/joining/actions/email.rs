//! An e-mail of one's own, proved by a link, and a new password by e-mail.

use store::ids::{AccountId, ActorId, JobId};
use store::journal::{Act, Entry};
use store::{Database, Error, Micros, Viewer, Writing, jobs, sessions};
use thai::Lang;

use super::super::queries::{self, access, codes};
use super::sign_in_name;
use crate::{Texts, notices};

const CONFIRM: &str = "email";
const RESET: &str = "reset";
/// How long the link that proves an address is good.
const CONFIRM_LASTS: i64 = Micros::DAY;
/// How long the link to a new password is good: it opens the account.
const RESET_LASTS: i64 = 2 * Micros::HOUR;
/// Letters one account may have sent to addresses it names, in a day.
const MOST_CONFIRMATIONS: i64 = 5;
/// New passwords asked for under one name, and from one address, in [`WINDOW`].
const MOST_FOR_A_NAME: i64 = 3;
const MOST_FROM_AN_ADDRESS: i64 = 20;
const WINDOW: i64 = Micros::HOUR;
/// The job that looks an account up after the page was answered.
const RESET_JOB: &str = "joining.reset";

/// What came of naming an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Sent,
    /// After so many seconds it may be asked again.
    TooMany(Option<u32>),
}

/// Sends the link that proves an address to be this account's. Until it is opened the address opens nothing.
pub fn ask_confirmation(
    w: &mut Writing<'_>,
    origin: &str,
    lang: Lang,
    account: AccountId,
    person: ActorId,
    address: &str,
) -> Result<Asked, Error> {
    let wait = codes::held_back(w, account, CONFIRM, MOST_CONFIRMATIONS, Micros::DAY)?;
    if wait.is_some() {
        return Ok(Asked::TooMany(wait));
    }
    let secret = sessions::new_secret()?;
    let until = w.now().plus(CONFIRM_LASTS);
    codes::insert_for(w, &secret, CONFIRM, account, address, until)?;
    let t = Texts(lang);
    let key = format!("joining.email/{}", sessions::hash(&secret));
    let mut letter = post::Letter::new(key, lang.tag(), t.joining_letter_confirm_subject());
    letter.paragraphs =
        vec![t.joining_letter_confirm_words().to_owned(), t.joining_letter_not_me().to_owned()];
    letter.link =
        Some(post::Link::new(t.joining_letter_confirm_link(), &format!("{origin}/joining/email/{secret}")));
    letter.lasts = CONFIRM_LASTS;
    post::enqueue(w, &letter, &post::To::email(address).person(person))?;
    w.record(&Entry::new(Act::Do, "joining.ask_email", account.0).fields(&["one_time_code"]))?;
    Ok(Asked::Sent)
}

/// The address a link proves.
///
/// # Errors
/// [`Error::NotFound`] when it was used or is too old.
pub fn confirmable(r: &store::Reading<'_>, secret: &str) -> Result<String, Error> {
    Ok(codes::find_for(r, secret, CONFIRM)?.ok_or(Error::NotFound)?.1)
}

/// Proves an address: from now on its owner signs in with it and gets letters. Somebody else who named it and never
/// proved it loses it.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or is too old; [`Error::Taken`] when another account proved it before.
pub fn confirm(w: &mut Writing<'_>, secret: &str) -> Result<String, Error> {
    let (account, address) = codes::find_for(w, secret, CONFIRM)?.ok_or(Error::NotFound)?;
    codes::take(w, secret, CONFIRM)?;
    match access::holder(w, "email", &address)? {
        None => access::insert_confirmed(w, account, "email", &address)?,
        Some((holder, _)) if holder == account => access::confirm(w, account, "email", &address)?,
        Some((_, None)) => access::confirm(w, account, "email", &address)?,
        Some((_, Some(_))) => return Err(Error::Taken("email".to_owned())),
    }
    post::accepts_again(w, &address)?;
    let person = access::person(w, account)?;
    notices::begin_letters(w, person)?;
    w.record(&Entry::new(Act::Do, "joining.email", account.0).fields(&["account_name"]))?;
    Ok(address)
}

/// What came of asking for a new password; the same whether or not there is such an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    Noted,
    /// After so many seconds it may be asked again.
    TooMany(Option<u32>),
}

/// Notes that somebody wants a new password. Whether there is an account is looked up later by [`answer_resets`], so that
/// neither the answer nor its time tells.
///
/// # Errors
/// The database's own.
pub fn request_reset(db: &Database, typed: &str, address: &str, lang: Lang) -> Result<Requested, Error> {
    let name = sign_in_name(typed);
    let name_hash = sessions::hash(&format!("reset {name}"));
    let here = format!("reset {address}");
    let (for_name, from_here) = db.read(&Viewer::System("reset"), |r| {
        let for_name = queries::held_for_name(r, &name_hash, MOST_FOR_A_NAME, WINDOW)?;
        Ok::<_, Error>((for_name, queries::held_from(r, &here, MOST_FROM_AN_ADDRESS, WINDOW)?))
    })?;
    if from_here.is_some() {
        return Ok(Requested::TooMany(from_here));
    }
    let payload = serde_json::json!({ "name": name, "lang": lang.tag() }).to_string();
    db.bookkeeping("reset", |w| {
        queries::note_attempt(w, &name_hash, &here, false)?;
        if for_name.is_some() {
            // the same answer, and no letter: nobody's mailbox is filled from outside
            return Ok(Requested::Noted);
        }
        let job =
            jobs::New { kind: RESET_JOB, payload: payload.clone(), idempotency_key: None, run_at: None };
        w.enqueue(&job)?;
        Ok(Requested::Noted)
    })
}

/// Sends the links that were asked for to those who have an account with an address of theirs. Answers how many were
/// looked at. May run at any time, in several processes.
///
/// # Errors
/// The database's own.
pub fn answer_resets(db: &Database, origin: &str) -> Result<usize, Error> {
    let mut looked_at = 0;
    while let Some(job) = db.take_job(RESET_JOB)? {
        db.bookkeeping("reset", |w| answer_reset(w, job.id, &job.payload, origin))?;
        looked_at += 1;
    }
    Ok(looked_at)
}

fn answer_reset(w: &mut Writing<'_>, job: JobId, payload: &str, origin: &str) -> Result<(), Error> {
    // the name somebody typed is kept no longer than needed; taken twice, the second finds nothing to do
    if codes::forget_job(w, job)? == 0 {
        return Ok(());
    }
    let asked: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    let word = |key: &str| asked.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    let Some((account, person, _)) = queries::by_name(w, word("name"))? else { return Ok(()) };
    let Some((address, _)) = post::email_of(w, person)? else { return Ok(()) };
    let lang = Lang::from_tag(word("lang")).unwrap_or_default();
    let secret = sessions::new_secret()?;
    let until = w.now().plus(RESET_LASTS);
    codes::insert_for(w, &secret, RESET, account, "", until)?;
    let t = Texts(lang);
    let key = format!("joining.reset/{}", sessions::hash(&secret));
    let mut letter = post::Letter::new(key, lang.tag(), t.joining_letter_reset_subject());
    letter.paragraphs = vec![t.joining_letter_reset_words().to_owned(), t.joining_letter_not_me().to_owned()];
    letter.link =
        Some(post::Link::new(t.joining_letter_reset_link(), &format!("{origin}/joining/reset/{secret}")));
    letter.lasts = RESET_LASTS;
    post::enqueue(w, &letter, &post::To::email(&address).person(person))?;
    w.record(&Entry::new(Act::Do, "joining.ask_reset", account.0).fields(&["one_time_code"]))
}

/// Whether a link to a new password is good.
///
/// # Errors
/// [`Error::NotFound`] when it was used or is too old.
pub fn resettable(r: &store::Reading<'_>, secret: &str) -> Result<(), Error> {
    codes::find_for(r, secret, RESET)?.map(|_| ()).ok_or(Error::NotFound)
}

/// Sets the new password: every session ends, every other link stops working, and a session begins here.
///
/// # Errors
/// As [`resettable`].
pub fn reset(w: &mut Writing<'_>, secret: &str, hash: &str, device: &str) -> Result<String, Error> {
    let (account, _) = codes::find_for(w, secret, RESET)?.ok_or(Error::NotFound)?;
    codes::take(w, secret, RESET)?;
    codes::take_all_for(w, account, RESET)?;
    codes::put_password(w, account, hash)?;
    sessions::end_others(w, account, None)?;
    let person = access::person(w, account)?;
    notices::tell(w, person, "joining_reset", person.0, None, "")?;
    w.record(&Entry::new(Act::Do, "joining.reset", account.0).fields(&["password_hash", "session"]))?;
    sessions::begin(w, account, person, device)
}
