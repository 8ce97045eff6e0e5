use network::referral::{Part, State, Step, after};
use store::ids::{ActorId, IntentId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience, sessions};

use super::ReferralId;
use super::queries::{self, Agreed, Referral};
use crate::{giving, members, notices};

/// What is referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A need on the board.
    Need(IntentId),
    /// A member, whose details move once they agreed.
    Person(ActorId),
    /// A question, in the words of the title.
    Question,
}

/// A referral to be sent.
#[derive(Debug, Clone)]
pub struct Draft {
    pub subject: Subject,
    pub to: ActorId,
    pub title: String,
    pub reason: String,
    pub urgent: bool,
    /// Days since 1970-01-01.
    pub due_on: i64,
    /// How a person without an account said yes to the sender: `spoken` or `paper`.
    pub agreed: Option<&'static str>,
}

/// How long somebody has by default.
pub const DAYS_TO_ACT: i64 = 14;

/// Why a referral could not be sent, or a step not be taken.
#[derive(Debug)]
pub enum ReferralError {
    /// To oneself, or a person to themselves.
    Oneself,
    /// The member is not in the network, did not agree to be contacted, or one blocked the other.
    Unreachable,
    /// The member has taken on all they can this month.
    Full,
    /// The same matter is with the same member already.
    Already(ReferralId),
    /// The person cannot answer in the program, and the sender did not write down how they agreed.
    ConsentMissing,
    /// The step is not for this member, or it is too late for it.
    NotNow,
    /// The database's own.
    Store(Error),
}

impl From<Error> for ReferralError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Sends a referral. One that speaks of a person who can answer themselves waits for their yes before anybody else
/// learns of it.
///
/// # Errors
/// As [`ReferralError`] says; nothing is written then.
pub fn refer(
    w: &mut Writing<'_>,
    network: ActorId,
    sender: ActorId,
    draft: &Draft,
) -> Result<ReferralId, ReferralError> {
    if draft.to == sender || draft.subject == Subject::Person(draft.to) {
        return Err(ReferralError::Oneself);
    }
    check_receiver(w, network, sender, draft.to, draft.urgent)?;
    if let Some(id) = queries::same(w, sender, draft.to, &draft.subject)? {
        return Err(ReferralError::Already(id));
    }
    // what the sender cannot see they cannot pass on
    let need = match draft.subject {
        Subject::Need(intent) => Some(giving::find_card(w, intent)?),
        _ => None,
    };
    let person = match (&draft.subject, &need) {
        (Subject::Person(person), _) => Some(*person),
        // a need that stays among few speaks of its owner
        (_, Some(card)) if card.restricted => Some(card.actor),
        _ => None,
    };
    let (state, agreed) = match person {
        Some(person) => agreement(w, network, sender, person, draft.agreed)?,
        None => (State::Requested, None),
    };
    let secret = sessions::new_secret()?;
    let id = queries::insert(w, network, sender, draft, person, (state, agreed), &secret)?;
    queries::add_line(w, id, sender, "send", Some(draft.to), "")?;
    w.record(&Entry::new(Act::Refer, "referrals.send", id.0).in_network(network).fields(&["referral"]))?;
    let referral = queries::of_program(w, id)?;
    show_to(w, &referral)?;
    match (state, person) {
        (State::Draft, Some(person)) => {
            notices::tell(w, person, "referral_consent", id.0, Some(sender), &draft.title)?;
        }
        _ => notices::tell(w, draft.to, "referral_new", id.0, Some(sender), &draft.title)?,
    }
    if let Some(card) = need.filter(|card| person.is_none() && card.actor != draft.to) {
        notices::tell(w, card.actor, "referral_of_need", id.0, Some(sender), &draft.title)?;
    }
    Ok(id)
}

fn check_receiver(
    w: &Writing<'_>,
    network: ActorId,
    sender: ActorId,
    to: ActorId,
    urgent: bool,
) -> Result<(), ReferralError> {
    if !queries::reachable(w, network, sender, to)? {
        return Err(ReferralError::Unreachable);
    }
    let (most, taken) = queries::load(w, to, w.now().plus(-30 * Micros::DAY))?;
    if taken >= most && !urgent {
        return Err(ReferralError::Full);
    }
    Ok(())
}

/// Whether the person agreed already: to themselves, or to the coordinator who enters it for them.
fn agreement<'a>(
    w: &Writing<'_>,
    network: ActorId,
    sender: ActorId,
    person: ActorId,
    agreed: Option<&'a str>,
) -> Result<(State, Option<Agreed<'a>>), ReferralError> {
    members::find(w, person)?;
    if person == sender {
        return Ok((State::Requested, Some(Agreed { manner: "self" })));
    }
    if !queries::has_no_account(w, person)? {
        return Ok((State::Draft, None));
    }
    // only those who may act for somebody without an account may write down what they said
    if !giving::may_post(w, network, person)? {
        return Err(ReferralError::Unreachable);
    }
    match agreed {
        Some(manner) => Ok((State::Requested, Some(Agreed { manner }))),
        None => Err(ReferralError::ConsentMissing),
    }
}

/// Who sees it: the sender, the person it speaks of, and from their yes on the one it is with and all it went through;
/// the coordinators once it is overdue.
pub(super) fn show_to(w: &mut Writing<'_>, referral: &Referral) -> Result<(), Error> {
    let mut keys = vec![audience::own(referral.sender)];
    keys.extend(referral.person.map(audience::own));
    let known = !matches!(referral.state, State::Draft)
        && (referral.state != State::Cancelled || referral.person.is_none() || referral.consent_at.is_some());
    if known {
        keys.push(audience::own(referral.receiver));
        keys.extend(queries::hands(w, referral.id)?.into_iter().map(audience::own));
    }
    if referral.overdue_at.is_some() {
        keys.push(audience::coordinators(referral.network));
    }
    audience::set(w, referral.id.0, &keys)
}

/// What a member is to a referral.
pub fn parts(referral: &Referral, who: ActorId, coordinates: Option<ActorId>) -> Vec<Part> {
    let mut parts = Vec::new();
    if referral.sender == who {
        parts.push(Part::Sender);
    }
    if referral.receiver == who && referral.state != State::Draft {
        parts.push(Part::Receiver);
    }
    if referral.person == Some(who) {
        parts.push(Part::Subject);
    }
    if referral.overdue_at.is_some() && coordinates == Some(referral.network) {
        parts.push(Part::Coordinator);
    }
    parts
}

/// Whether a member may take a step now, and what would come of it.
pub fn next(referral: &Referral, who: ActorId, coordinates: Option<ActorId>, step: Step) -> Option<State> {
    parts(referral, who, coordinates).into_iter().find_map(|part| after(referral.state, step, part))
}

/// Whether the member coordinates the referral's network, asked of the store and not of the session.
fn coordinates(r: &Reading<'_>, network: ActorId, who: ActorId) -> Result<Option<ActorId>, Error> {
    let role = members::role_in(r, network, who)?;
    Ok(role.filter(|role| *role == network::vocabulary::Role::Coordinator).map(|_| network))
}

/// Takes a step. The same step twice changes nothing the second time.
///
/// # Errors
/// [`ReferralError::NotNow`] where it is not theirs to take or too late; those of [`refer`] when it is passed on.
pub fn step(
    w: &mut Writing<'_>,
    id: ReferralId,
    who: ActorId,
    step: Step,
    to: Option<ActorId>,
    words: &str,
) -> Result<(), ReferralError> {
    queries::lock(w, id)?;
    let referral = queries::find(w, id)?;
    let coordinates = coordinates(w, referral.network, who)?;
    let Some(state) = next(&referral, who, coordinates, step) else {
        if !already(&referral, step) {
            return Err(ReferralError::NotNow);
        }
        // the lock was a write; that it was said again is all there is to tell
        w.record(&Entry::new(Act::Do, "referrals.again", id.0).in_network(referral.network))?;
        return Ok(());
    };
    let receiver = match (step, to) {
        (Step::PassOn, Some(to)) => {
            if to == referral.receiver || Some(to) == referral.person {
                return Err(ReferralError::Oneself);
            }
            check_receiver(w, referral.network, who, to, referral.urgent)?;
            queries::begin_anew(w, id, w.now().day(7) + DAYS_TO_ACT)?;
            to
        }
        (Step::PassOn, None) => return Err(ReferralError::Unreachable),
        _ => referral.receiver,
    };
    if step == Step::Consent {
        queries::set_consent(w, id, "in_app")?;
    }
    queries::set_state(w, id, state, receiver, words)?;
    queries::add_step(w, id, who, step, to.filter(|_| step == Step::PassOn), words)?;
    let act = if step == Step::Consent || step == Step::Refuse { Act::Consent } else { Act::Refer };
    w.record(
        &Entry::new(act, "referrals.step", id.0)
            .in_network(referral.network)
            .before("state", Some(referral.state.word().to_owned())),
    )?;
    let now = queries::of_program(w, id)?;
    show_to(w, &now)?;
    tell_of(w, &now, &referral, step, who)?;
    Ok(())
}

/// A step whose outcome stands already: a second tap, or a second pair of eyes.
fn already(referral: &Referral, step: Step) -> bool {
    match step {
        Step::Receive => referral.state != State::Draft,
        Step::Consent => referral.consent_at.is_some(),
        Step::Accept => referral.state == State::Accepted,
        Step::Begin => referral.state == State::InProgress,
        Step::Complete => referral.state == State::Completed,
        Step::Decline => referral.state == State::Rejected,
        Step::Cancel | Step::Refuse => referral.state == State::Cancelled,
        Step::PassOn => false,
    }
}

fn tell_of(
    w: &mut Writing<'_>,
    now: &Referral,
    before: &Referral,
    step: Step,
    who: ActorId,
) -> Result<(), Error> {
    let (id, title) = (now.id.0, now.title.as_str());
    let kind = match step {
        Step::Receive => return Ok(()),
        Step::Consent => {
            notices::tell(w, now.receiver, "referral_new", id, Some(now.sender), title)?;
            "referral_agreed"
        }
        Step::PassOn => {
            notices::tell(w, now.receiver, "referral_new", id, Some(who), title)?;
            "referral_passed_on"
        }
        Step::Refuse | Step::Cancel => {
            if before.state != State::Draft {
                notices::tell(w, now.receiver, "referral_cancelled", id, Some(who), title)?;
            }
            "referral_cancelled"
        }
        Step::Accept => "referral_accepted",
        Step::Begin => "referral_begun",
        Step::Complete => "referral_completed",
        Step::Decline => "referral_declined",
    };
    let mut told: Vec<ActorId> = std::iter::once(now.sender).chain(now.person).collect();
    told.sort_unstable();
    told.dedup();
    for to in told {
        notices::tell(w, to, kind, id, Some(who), title)?;
    }
    Ok(())
}

/// The sender says whether it helped; whoever did it is thanked. May be changed.
///
/// # Errors
/// [`ReferralError::NotNow`] unless it is done and they sent it, or it is about them.
pub fn give_feedback(
    w: &mut Writing<'_>,
    id: ReferralId,
    who: ActorId,
    word: &str,
    words: &str,
) -> Result<(), ReferralError> {
    queries::lock(w, id)?;
    let referral = queries::find(w, id)?;
    if referral.state != State::Completed || (referral.sender != who && referral.person != Some(who)) {
        return Err(ReferralError::NotNow);
    }
    if referral.feedback.as_deref() == Some(word) && referral.feedback_words == words {
        w.record(&Entry::new(Act::Do, "referrals.again", id.0).in_network(referral.network))?;
        return Ok(());
    }
    queries::set_feedback(w, id, word, words)?;
    queries::add_line(w, id, who, "feedback", None, words)?;
    w.record(
        &Entry::new(Act::Refer, "referrals.feedback", id.0)
            .in_network(referral.network)
            .before("feedback", referral.feedback.clone()),
    )?;
    notices::tell(w, referral.receiver, "referral_thanks", id.0, Some(who), words)?;
    Ok(())
}
