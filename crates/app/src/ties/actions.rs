use network::vocabulary::{Channel, Direction, Outcome, Relation, TieOrigin};
use store::ids::{ActorId, ContactId, TieId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience};

use super::queries::{self, NewContact, NewTie};
use crate::{members, notices, rhythm};

/// How long a proposal waits: an answer that does not come is an answer.
const WAITS: i64 = 30 * Micros::DAY;

/// Why a tie cannot be proposed.
#[derive(Debug, thiserror::Error)]
pub enum TieError {
    /// With oneself.
    #[error("a tie needs two members")]
    Oneself,
    /// There is one already, or one waits for its answer.
    #[error("there is a tie already")]
    Already(TieId),
    /// One blocked the other, or did not agree to be contacted: told apart from nothing else.
    #[error("this member cannot be reached through the network now")]
    Unreachable,
    #[error(transparent)]
    Store(#[from] Error),
}

/// What one side of a tie offers, asks and gains.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub offers: String,
    pub asks: String,
    pub benefit: String,
}

/// Which of two says a relation of the other: `mentors` by the one who mentors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidBy {
    /// By the one who proposes the tie.
    Subject,
    /// By the one who is asked.
    Object,
}

/// What is proposed.
#[derive(Debug, Clone)]
pub struct Draft {
    pub object: ActorId,
    pub relation: Relation,
    pub said_by: SaidBy,
    pub words: Words,
}

/// Proposes a tie to another member: what I offer, what I ask, what good it does.
pub fn propose(
    w: &mut Writing<'_>,
    subject: ActorId,
    network: Option<ActorId>,
    draft: &Draft,
) -> Result<TieId, TieError> {
    if subject == draft.object {
        return Err(TieError::Oneself);
    }
    // whom the proposer may not see is not there
    members::find(w, draft.object)?;
    if queries::blocked(w, subject, draft.object)? || !queries::may_be_contacted(w, draft.object)? {
        return Err(TieError::Unreachable);
    }
    if let Some(tie) = queries::between(w, subject, draft.object)? {
        return Err(TieError::Already(tie.id));
    }
    let lapses_at = w.now().plus(WAITS);
    let tie = NewTie {
        subject,
        object: draft.object,
        network,
        relation: draft.relation.word(),
        layer: draft.relation.layer().word(),
        directed: draft.relation.is_directed(),
        reversed: draft.relation.is_directed() && draft.said_by == SaidBy::Object,
        origin: TieOrigin::Self_.word(),
        introduced_by: None,
        offers: &draft.words.offers,
        asks: &draft.words.asks,
        benefit: &draft.words.benefit,
        state: "proposed",
        confirmed: false,
        lapses_at: Some(lapses_at),
    };
    let id = match queries::same(w, subject, draft.object, tie.relation)? {
        Some((id, _)) => {
            queries::revive(w, id, &tie)?;
            id
        }
        None => queries::insert(w, &tie)?,
    };
    audience::set(w, id.0, &opened_by(subject, draft.object, network))?;
    notices::tell(w, draft.object, "tie_proposed", id.0, Some(subject), "")?;
    w.record(&Entry::new(Act::Propose, "ties.propose", id.0).for_member(subject).fields(&["tie"]))?;
    Ok(id)
}

/// Both ends see a tie, and the coordinators who may have to call one of them.
fn opened_by(a: ActorId, b: ActorId, network: Option<ActorId>) -> Vec<i64> {
    let mut keys = vec![audience::own(a), audience::own(b)];
    keys.extend(network.map(audience::coordinators));
    keys
}

/// What is answered to a proposal.
#[derive(Debug, Clone)]
pub enum Given {
    /// With what the one who agrees offers, asks and gains, as far as they say so.
    Yes(Words),
    No,
}

impl Given {
    /// A plain yes or no.
    #[must_use]
    pub fn plain(yes: &bool) -> Self {
        if *yes { Self::Yes(Words::default()) } else { Self::No }
    }
}

/// Answers a proposal: yes ties the two; no changes nothing that the other side can see.
pub fn answer(w: &mut Writing<'_>, id: TieId, by: ActorId, given: &Given) -> Result<(), TieError> {
    let tie = queries::find(w, id)?;
    if tie.object != by {
        return Err(Error::NotFound.into());
    }
    if let Given::Yes(words) = given {
        // a group whose rule asks for several waits until as many of its stewards agreed
        if !enough_agree(w, &tie)? {
            w.record(&Entry::new(Act::Consent, "ties.agree", id.0).fields(&["tie_consent"]))?;
            return Ok(());
        }
        if queries::confirm(w, id)? {
            queries::set_answer(w, id, words)?;
            hold(w, tie.subject, tie.object, tie.network)?;
            notices::tell(w, tie.subject, "tie_confirmed", id.0, Some(tie.object), "")?;
            w.record(&Entry::new(Act::Do, "ties.confirm", id.0).for_member(by).fields(&["state"]))?;
        }
    } else {
        queries::decline(w, id)?;
        w.record(&Entry::new(Act::Do, "ties.decline", id.0).for_member(by))?;
    }
    Ok(())
}

/// Writes down what somebody without an account answered, who was asked by a coordinator of the network.
///
/// # Errors
/// [`Error::NotFound`] where nobody of this network is to be asked about it.
pub fn record_answer(w: &mut Writing<'_>, network: ActorId, id: TieId, yes: &bool) -> Result<(), TieError> {
    let object = to_be_asked(w, network, id)?;
    answer(w, id, object, &Given::plain(yes))?;
    w.record(&Entry::new(Act::Administer, "ties.record_answer", id.0).in_network(network))?;
    Ok(())
}

/// Whom a coordinator of this network is to ask about a tie: somebody without an account.
///
/// # Errors
/// [`Error::NotFound`] where there is nobody.
pub fn to_be_asked(r: &Reading<'_>, network: ActorId, id: TieId) -> Result<ActorId, Error> {
    let open = queries::to_call(r, network)?;
    open.into_iter().find(|call| call.tie.id == id).map(|call| call.tie.object).ok_or(Error::NotFound)
}

/// Keeps a private note of one side of a tie.
///
/// # Errors
/// [`Error::NotFound`] for whoever is no side of it.
pub fn set_note(w: &mut Writing<'_>, id: TieId, actor: ActorId, words: &str) -> Result<(), Error> {
    let tie = queries::find(w, id)?;
    if tie.subject != actor && tie.object != actor {
        return Err(Error::NotFound);
    }
    queries::set_note(w, id, actor, words)?;
    w.record(&Entry::new(Act::Do, "ties.note", id.0).fields(&["tie_note"]))
}

/// Says how many of those who act for a group must agree before it does.
///
/// # Errors
/// The database's own.
pub fn set_rule(w: &mut Writing<'_>, actor: ActorId, stewards: i64) -> Result<(), Error> {
    queries::set_rule(w, actor, stewards)?;
    w.record(&Entry::new(Act::Do, "ties.rule", actor.0).fields(&["answer_rule"]))
}

/// Notes that the person who acts agrees, and whether that is enough by the rule of whom they act for.
fn enough_agree(w: &mut Writing<'_>, tie: &queries::Tie) -> Result<bool, Error> {
    let asked = queries::stewards_asked(w, tie.object)?;
    let Some(person) = w.viewer().person() else { return Ok(true) };
    if asked <= 1 || person == tie.object {
        return Ok(true);
    }
    Ok(queries::agree(w, tie.id, person)? >= asked)
}

/// Each holds the other's key from now on, and keeps a rhythm toward it.
fn hold(w: &mut Writing<'_>, a: ActorId, b: ActorId, network: Option<ActorId>) -> Result<(), Error> {
    audience::give_key(w, a, audience::tied(b))?;
    audience::give_key(w, b, audience::tied(a))?;
    rhythm::begin(w, a, b, network)
}

/// A tie that both sides agreed to elsewhere: an introduction, a file that was brought in, a demo.
#[derive(Debug, Clone)]
pub struct Bound<'a> {
    pub subject: ActorId,
    pub object: ActorId,
    pub network: Option<ActorId>,
    pub relation: Relation,
    pub origin: TieOrigin,
    pub introduced_by: Option<ActorId>,
    pub offers: &'a str,
    pub asks: &'a str,
    pub benefit: &'a str,
}

/// Ties two members who both agreed already. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn bind(w: &mut Writing<'_>, bound: &Bound<'_>) -> Result<TieId, Error> {
    let tie = NewTie {
        subject: bound.subject,
        object: bound.object,
        network: bound.network,
        relation: bound.relation.word(),
        layer: bound.relation.layer().word(),
        directed: bound.relation.is_directed(),
        reversed: false,
        origin: bound.origin.word(),
        introduced_by: bound.introduced_by,
        offers: bound.offers,
        asks: bound.asks,
        benefit: bound.benefit,
        state: "confirmed",
        confirmed: true,
        lapses_at: None,
    };
    let id = match queries::same(w, bound.subject, bound.object, tie.relation)? {
        Some((id, state)) if matches!(state.as_str(), "confirmed" | "active" | "quiet" | "dormant") => {
            return Ok(id);
        }
        Some((id, _)) => {
            queries::revive(w, id, &tie)?;
            id
        }
        None => queries::insert(w, &tie)?,
    };
    audience::set(w, id.0, &opened_by(bound.subject, bound.object, bound.network))?;
    hold(w, bound.subject, bound.object, bound.network)?;
    Ok(id)
}

/// Where a contact was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactOrigin {
    /// By somebody who took part, or for them.
    Manual,
    /// From who came to a gathering.
    Event,
    /// From something that was given and received: it counts as a touch of full weight.
    Exchange,
}

impl ContactOrigin {
    const fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Event => "event",
            Self::Exchange => "exchange",
        }
    }
}

/// A contact to be logged.
#[derive(Debug, Clone)]
pub struct ContactDraft {
    /// The one who began it first, then the others.
    pub who: Vec<ActorId>,
    pub network: Option<ActorId>,
    pub at: Micros,
    /// Only the day is known.
    pub whole_day: bool,
    pub channel: Channel,
    pub direction: Direction,
    pub summary: String,
    pub outcome: Outcome,
    pub origin: ContactOrigin,
}

impl ContactDraft {
    /// A talk of two, now: what two taps say.
    #[must_use]
    pub fn now(one: ActorId, other: ActorId, at: Micros, channel: Channel) -> Self {
        Self {
            who: vec![one, other],
            network: None,
            at,
            whole_day: false,
            channel,
            direction: Direction::Mutual,
            summary: String::new(),
            outcome: Outcome::Nothing,
            origin: ContactOrigin::Manual,
        }
    }
}

/// Logs a contact: seen by those who took part, and it moves the rhythm of everybody it concerns. The caller journals
/// it.
///
/// # Errors
/// The database's own.
pub fn log(w: &mut Writing<'_>, draft: &ContactDraft) -> Result<ContactId, Error> {
    let contact = NewContact {
        network: draft.network,
        at: draft.at,
        whole_day: draft.whole_day,
        channel: draft.channel.word(),
        direction: draft.direction.word(),
        summary: &draft.summary,
        outcome: draft.outcome.word(),
        origin: draft.origin.word(),
    };
    let id = queries::insert_contact(w, &contact, &draft.who)?;
    open_contact(w, id, &draft.who)?;
    follow(w, id)?;
    Ok(id)
}

fn open_contact(w: &mut Writing<'_>, id: ContactId, who: &[ActorId]) -> Result<(), Error> {
    let keys: Vec<i64> = who.iter().map(|actor| audience::own(*actor)).collect();
    audience::set(w, id.0, &keys)
}

/// A contact that stands in its table moves rhythms and ties: those just logged, and those a file brought.
///
/// # Errors
/// The database's own.
pub fn follow(w: &mut Writing<'_>, id: ContactId) -> Result<(), Error> {
    let at = queries::contact_at(w, id)?;
    for (one, other) in rhythm::follow(w, id)? {
        // each pair comes from both sides
        if one < other {
            queries::touch(w, one, other, at)?;
        }
    }
    Ok(())
}

/// Begins the rhythm of a tie that was written as a row. Contacts between the two that stand already count.
///
/// # Errors
/// The database's own.
pub fn begin_rhythm(w: &mut Writing<'_>, id: TieId) -> Result<(), Error> {
    match queries::ends(w, id)?.as_slice() {
        [one, other] => {
            let network = queries::network_of(w, id)?;
            rhythm::begin(w, *one, *other, network)
        }
        // a tie that was there already has its rhythm
        _ => Ok(()),
    }
}

/// Between whom ties and contacts stand that are about to be taken back as a whole.
///
/// # Errors
/// The database's own.
pub fn between_whom(w: &Writing<'_>, ties: &[i64], contacts: &[i64]) -> Result<Vec<Vec<ActorId>>, Error> {
    let mut groups = Vec::new();
    for tie in ties {
        groups.push(queries::ends(w, TieId(*tie))?);
    }
    for contact in contacts {
        groups.push(queries::participants(w, ContactId(*contact))?);
    }
    groups.sort();
    groups.dedup();
    Ok(groups)
}

/// Counts anew between these: their rhythm ends where no tie is left, and goes by the contacts that are left.
///
/// # Errors
/// The database's own.
pub fn count_anew(w: &mut Writing<'_>, groups: &[Vec<ActorId>]) -> Result<(), Error> {
    for who in groups {
        rest(w, who)?;
        if let [one, other] = who.as_slice()
            && queries::living_between(w, *one, *other)? == 0
        {
            rhythm::end(w, *one, *other)?;
        }
    }
    Ok(())
}

/// Takes back a contact that this person wrote down: it is as if it had not been, for everybody.
pub fn take_back(w: &mut Writing<'_>, id: ContactId) -> Result<(), Error> {
    let found = queries::own_contact(w, id)?;
    queries::delete_contact(w, id)?;
    rest(w, &found.who)?;
    w.record(&Entry::new(Act::Do, "ties.take_back", id.0).before("summary", Some(found.summary)))
}

/// Counts anew between those of a contact that is gone or has changed.
fn rest(w: &mut Writing<'_>, who: &[ActorId]) -> Result<(), Error> {
    for (one, other) in rhythm::forget(w, who)? {
        if one < other {
            queries::touched_as_kept(w, one, other)?;
        }
    }
    Ok(())
}

/// Says more of a contact that this person wrote down: when, how, who took part, what came of it.
pub fn rewrite(w: &mut Writing<'_>, id: ContactId, draft: &ContactDraft) -> Result<(), Error> {
    let before = queries::own_contact(w, id)?;
    queries::update_contact(w, id, draft)?;
    queries::set_participants(w, id, &draft.who)?;
    open_contact(w, id, &draft.who)?;
    // those who stand in it no longer, and those who do
    rest(w, &before.who)?;
    follow(w, id)?;
    w.record(&Entry::new(Act::Do, "ties.log", id.0).fields(&["contact"]))
}

/// Ends a tie: it stays as history with all that happened on it, and can be proposed anew.
pub fn end(w: &mut Writing<'_>, id: TieId, by: ActorId) -> Result<(), TieError> {
    let tie = queries::find(w, id)?;
    if tie.subject != by && tie.object != by {
        return Err(Error::NotFound.into());
    }
    if !queries::end(w, id)? {
        return Ok(());
    }
    if queries::living_between(w, tie.subject, tie.object)? == 0 {
        rhythm::end(w, tie.subject, tie.object)?;
        audience::take_key(w, tie.subject, audience::tied(tie.object))?;
        audience::take_key(w, tie.object, audience::tied(tie.subject))?;
    }
    w.record(&Entry::new(Act::Do, "ties.end", id.0).fields(&["state"]))?;
    Ok(())
}
