use network::introduction::{
    self, DAYS_PAIR_RESTS, DAYS_TO_PASS_ON, Limits, Origin, Stage, Through, Worth, days_open,
};
use network::vocabulary::{Benefit, Outcome, Relation, Role, TieOrigin};
use store::ids::{ActorId, IntroductionId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience};

use super::queries::{self, Introduction, New, Said};
use crate::{members, notices, ties};

/// Why an introduction cannot begin or go on.
#[derive(Debug)]
pub enum IntroductionError {
    /// To oneself, or of somebody to themselves.
    Oneself,
    /// They are tied already.
    Already,
    /// Not now: one of the two has enough to answer, does not want it, blocked the other, or was asked about the other
    /// within half a year. Which of these it is, nobody is told.
    NotNow,
    /// Whoever asks has as many open as they may.
    Enough,
    /// The one in between has made as many as they take on.
    IntroducerFull,
    /// Whoever offers it is not tied to both.
    NotBetween,
    /// The database's own.
    Store(Error),
}

impl From<Error> for IntroductionError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Through whom somebody would like to be introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Somebody they know.
    Member(ActorId),
    /// Whoever knows both, else the network's coordinators.
    Anybody,
}

/// "I would like to meet X."
#[derive(Debug, Clone)]
pub struct Ask {
    pub other: ActorId,
    pub via: Via,
    pub purpose: Benefit,
    /// What it is about, in a sentence.
    pub reason: String,
    /// What the other would gain.
    pub other_gains: String,
    /// Written so that it can be passed on.
    pub note: String,
}

/// "You two should know each other."
#[derive(Debug, Clone)]
pub struct Offer {
    pub a: ActorId,
    pub b: ActorId,
    pub purpose: Benefit,
    pub reason: String,
    pub a_gains: String,
    pub b_gains: String,
    pub words: String,
}

/// Whether two may be put to each other now: nobody tied, blocked, asked within half a year, beyond what they take on,
/// or without consent.
pub fn eligible(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    Ok(free(r, a, b)? && has_room(r, a)? && has_room(r, b)?)
}

/// Nothing stands between the two but how much they have on their hands.
pub fn free(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    let rests = r.now().plus(-DAYS_PAIR_RESTS * Micros::DAY);
    Ok(queries::apart(r, a, b)? && !queries::met_since(r, a, b, rests)?)
}

/// Whether a member may be asked into one more.
fn has_room(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    Ok(queries::may_be_suggested(r, member)? && queries::limits(r, member)?.room(queries::load(r, member)?))
}

/// Whether a member can be asked to make one more introduction.
pub fn has_room_to_make(r: &Reading<'_>, member: ActorId) -> Result<bool, Error> {
    Ok(queries::may_be_suggested(r, member)?
        && queries::limits(r, member)?.room_to_make(queries::load(r, member)?))
}

/// Whether a member coordinates a network, asked of the store and not of the session.
pub fn coordinates(r: &Reading<'_>, network: ActorId, who: ActorId) -> Result<bool, Error> {
    Ok(members::role_in(r, network, who)? == Some(Role::Coordinator))
}

/// Asks to be introduced. It goes to the one in between, and the other side knows nothing of it until that one passes
/// it on.
///
/// # Errors
/// As [`IntroductionError`] says; nothing is written then.
pub fn ask(
    w: &mut Writing<'_>,
    network: ActorId,
    asker: ActorId,
    ask: &Ask,
) -> Result<IntroductionId, IntroductionError> {
    let other = ask.other;
    if asker == other || ask.via == Via::Member(other) || ask.via == Via::Member(asker) {
        return Err(IntroductionError::Oneself);
    }
    // whom the asker may not see is not there
    members::find(w, other)?;
    if queries::living_ties(w, asker, other)? {
        return Err(IntroductionError::Already);
    }
    if !queries::in_network(w, network, other)? || !free(w, asker, other)? || !has_room(w, other)? {
        return Err(IntroductionError::NotNow);
    }
    if !Limits::default().room(queries::open_asks(w, asker)?) {
        return Err(IntroductionError::Enough);
    }
    let introducer = introducer(w, network, asker, ask)?;
    let new = New {
        network,
        introducer,
        a: asker,
        b: other,
        origin: Origin::Asked,
        asker: Some(asker),
        purpose: ask.purpose.word(),
        reason: &ask.reason,
        a_gains: &ask.reason,
        b_gains: &ask.other_gains,
        note: &ask.note,
        words: "",
        stage: Stage::Drafted,
        closes_at: w.now().plus(days_open(Through::Somebody) * Micros::DAY),
    };
    let id = queries::insert(w, &new)?;
    queries::put_answer(w, id, asker, "yes", "page")?;
    let found = queries::find(w, id)?;
    show_to(w, &found)?;
    let told = if introducer == network { queries::coordinates(w, network)? } else { vec![introducer] };
    for to in told {
        notices::tell(w, to, "introduction_wanted", id.0, Some(asker), "")?;
    }
    w.record(
        &Entry::new(Act::Introduce, "introductions.ask", id.0).in_network(network).fields(&["introduction"]),
    )?;
    Ok(id)
}

/// Who stands in between. Who knows whom is told to nobody: the one who asks learns the name when it is passed on.
fn introducer(
    r: &Reading<'_>,
    network: ActorId,
    asker: ActorId,
    ask: &Ask,
) -> Result<ActorId, IntroductionError> {
    match ask.via {
        Via::Member(via) => {
            if !queries::living_ties(r, asker, via)? {
                return Err(IntroductionError::NotBetween);
            }
            if !has_room_to_make(r, via)? {
                return Err(IntroductionError::IntroducerFull);
            }
            Ok(via)
        }
        Via::Anybody => {
            for via in queries::common(r, asker, ask.other)? {
                if !queries::has_no_account(r, via)?
                    && queries::in_network(r, network, via)?
                    && has_room_to_make(r, via)?
                {
                    return Ok(via);
                }
            }
            Ok(network)
        }
    }
}

/// Puts two to each other whom a member knows, or a coordinator.
///
/// # Errors
/// As [`IntroductionError`] says; nothing is written then.
pub fn offer(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    offer: &Offer,
) -> Result<IntroductionId, IntroductionError> {
    let (a, b) = (offer.a, offer.b);
    if a == b || a == introducer || b == introducer {
        return Err(IntroductionError::Oneself);
    }
    members::find(w, a)?;
    members::find(w, b)?;
    let knows_both = queries::living_ties(w, introducer, a)? && queries::living_ties(w, introducer, b)?;
    if !knows_both && !coordinates(w, network, introducer)? {
        return Err(IntroductionError::NotBetween);
    }
    put_to_both(w, network, introducer, offer, Origin::Offered)
}

/// Puts to both what Saan found, in the name of a coordinator, or of a member who knows both. Where somebody else knows
/// both, a coordinator may ask that one instead ([`super::setting::suggest`]).
///
/// # Errors
/// As [`IntroductionError`] says; nothing is written then.
pub fn put_found(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    found: &Offer,
) -> Result<IntroductionId, IntroductionError> {
    let cold = coordinates(w, network, introducer)?;
    let knows_both =
        queries::living_ties(w, introducer, found.a)? && queries::living_ties(w, introducer, found.b)?;
    if !cold && !knows_both {
        return Err(IntroductionError::NotBetween);
    }
    let origin = if cold { Origin::Found } else { Origin::Offered };
    put_to_both(w, network, introducer, found, origin)
}

fn put_to_both(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    offer: &Offer,
    origin: Origin,
) -> Result<IntroductionId, IntroductionError> {
    let (a, b) = (offer.a, offer.b);
    let inside = queries::in_network(w, network, a)? && queries::in_network(w, network, b)?;
    if !inside || a == b || !eligible(w, a, b)? {
        return Err(IntroductionError::NotNow);
    }
    let new = New {
        network,
        introducer,
        a,
        b,
        origin,
        asker: None,
        purpose: offer.purpose.word(),
        reason: &offer.reason,
        a_gains: &offer.a_gains,
        b_gains: &offer.b_gains,
        note: "",
        words: &offer.words,
        stage: Stage::Asking,
        closes_at: w.now().plus(days_open(Through::Nobody) * Micros::DAY),
    };
    let id = queries::insert(w, &new)?;
    let introduction = queries::find(w, id)?;
    show_to(w, &introduction)?;
    for (to, about) in [(a, b), (b, a)] {
        notices::tell(w, to, "introduction_asked", id.0, Some(about), "")?;
    }
    w.record(
        &Entry::new(Act::Introduce, "introductions.offer", id.0)
            .in_network(network)
            .fields(&["introduction"]),
    )?;
    Ok(id)
}

/// Asks both of a pair, as a coordinator would from the lists: for the demo. Answers none when the pair may not be asked.
///
/// # Errors
/// The database's own.
pub fn ask_both(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    (a, a_gains): (ActorId, &str),
    (b, b_gains): (ActorId, &str),
    reason: &str,
) -> Result<Option<IntroductionId>, Error> {
    let offer = Offer {
        a,
        b,
        purpose: Benefit::Relationship,
        reason: reason.to_owned(),
        a_gains: a_gains.to_owned(),
        b_gains: b_gains.to_owned(),
        words: String::new(),
    };
    members::find(w, a)?;
    members::find(w, b)?;
    match put_to_both(w, network, introducer, &offer, Origin::Found) {
        Ok(id) => Ok(Some(id)),
        Err(IntroductionError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Who sees it: who introduces, the one who asked, both once they are asked; the coordinators where it is theirs to
/// make, or one of the two has to be called.
pub(super) fn show_to(w: &mut Writing<'_>, introduction: &Introduction) -> Result<(), Error> {
    let mut keys = vec![audience::own(introduction.introducer)];
    for side in [introduction.a, introduction.b] {
        if introduction.concerns(side) {
            keys.push(audience::own(side));
        }
    }
    let called = introduction.asked_at.is_some()
        && (queries::has_no_account(w, introduction.a)? || queries::has_no_account(w, introduction.b)?);
    let theirs = matches!(introduction.origin, Origin::Found | Origin::Suggested);
    if called || theirs || introduction.introducer == introduction.network {
        keys.push(audience::coordinators(introduction.network));
    }
    keys.sort_unstable();
    keys.dedup();
    audience::set(w, introduction.id.0, &keys)
}

/// What somebody is to an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One of the two.
    Party,
    /// Who introduces them, or coordinates where the coordinators do.
    Introducer,
    /// A coordinator who may have to call one of them.
    Coordinator,
}

/// What a member is to an introduction; none where they know nothing of it.
pub fn part(r: &Reading<'_>, introduction: &Introduction, who: ActorId) -> Result<Option<Part>, Error> {
    if introduction.concerns(who) {
        return Ok(Some(Part::Party));
    }
    if introduction.a == who || introduction.b == who {
        return Ok(None);
    }
    if introduction.introducer == who {
        return Ok(Some(Part::Introducer));
    }
    if !coordinates(r, introduction.network, who)? || !audience::may_see(r, introduction.id.0)? {
        return Ok(None);
    }
    let theirs = introduction.introducer == introduction.network;
    Ok(Some(if theirs { Part::Introducer } else { Part::Coordinator }))
}

/// What the one in between says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// I introduce you.
    On,
    /// Not now: nobody learns of it.
    Aside,
}

/// The one in between passes on what was asked of them, or puts it aside.
///
/// # Errors
/// [`Error::NotFound`] where it is not theirs; [`IntroductionError::NotNow`] where it is too late or the other side has
/// enough to answer.
pub fn pass_on(
    w: &mut Writing<'_>,
    id: IntroductionId,
    who: ActorId,
    passing: Passing,
    words: &str,
) -> Result<(), IntroductionError> {
    queries::lock(w, id)?;
    let introduction = queries::find(w, id)?;
    if part(w, &introduction, who)? != Some(Part::Introducer) {
        return Err(Error::NotFound.into());
    }
    let entry = Entry::new(Act::Introduce, "introductions.pass_on", id.0).in_network(introduction.network);
    let taken_back = match introduction.asker {
        Some(asker) => queries::own_answer(w, id, asker)?.as_deref() != Some("yes"),
        None => introduction.origin != Origin::Suggested,
    };
    if introduction.stage != Stage::Drafted || introduction.put_aside_at.is_some() {
        // the same tap again
        w.record(&entry)?;
        return Ok(());
    }
    if passing == Passing::Aside {
        queries::put_aside(w, id)?;
        w.record(&entry)?;
        return Ok(());
    }
    let until = introduction.created_at.plus(DAYS_TO_PASS_ON * Micros::DAY);
    let meets = queries::may_meet(w, introduction.network, introduction.a, introduction.b)?;
    if taken_back
        || until <= w.now()
        || !meets
        || !queries::apart(w, introduction.a, introduction.b)?
        || !has_room(w, introduction.b)?
        || (introduction.asker.is_none() && !has_room(w, introduction.a)?)
    {
        return Err(IntroductionError::NotNow);
    }
    queries::pass_on(w, id, who, words)?;
    let now = queries::find(w, id)?;
    show_to(w, &now)?;
    notices::tell(w, now.b, "introduction_asked", id.0, Some(now.a), "")?;
    if now.asker.is_some() {
        notices::tell(w, now.a, "introduction_passed", id.0, Some(who), "")?;
    } else {
        notices::tell(w, now.a, "introduction_asked", id.0, Some(now.b), "")?;
    }
    w.record(&entry.fields(&["state"]))?;
    Ok(())
}

/// One of the two answers. With the second yes they are tied and both are told; a no changes nothing anybody can see,
/// and neither does a yes that is taken back before the other said theirs.
///
/// # Errors
/// [`Error::NotFound`] where they know nothing of it.
pub fn answer(
    w: &mut Writing<'_>,
    id: IntroductionId,
    by: ActorId,
    answer: &str,
    manner: &str,
) -> Result<(), Error> {
    queries::lock(w, id)?;
    let introduction = queries::find(w, id)?;
    if !introduction.concerns(by) {
        return Err(Error::NotFound);
    }
    w.record(&Entry::new(Act::Do, "introductions.answer", id.0).for_member(by))?;
    if !introduction.is_open(w.now()) {
        // too late, or said again: it changes nothing, and looks the same whatever the other side said
        return Ok(());
    }
    match queries::own_answer(w, id, by)?.as_deref() {
        None => queries::put_answer(w, id, by, answer, manner)?,
        Some("yes") if answer == "no" => queries::take_back(w, id, by)?,
        Some(_) => {}
    }
    let meets = queries::may_meet(w, introduction.network, introduction.a, introduction.b)?;
    if introduction.stage != Stage::Asking || !queries::both_said_yes(w, &introduction)? || !meets {
        return Ok(());
    }
    connect(w, &introduction)
}

fn connect(w: &mut Writing<'_>, introduction: &Introduction) -> Result<(), Error> {
    let id = introduction.id;
    let introducer = Some(introduction.introducer).filter(|who| *who != introduction.network);
    let tie = ties::bind(
        w,
        &ties::Bound {
            subject: introduction.a,
            object: introduction.b,
            network: Some(introduction.network),
            relation: Relation::Knows,
            origin: TieOrigin::Introduction,
            introduced_by: introducer,
            offers: "",
            asks: "",
            benefit: if introduction.a_gains.is_empty() {
                &introduction.reason
            } else {
                &introduction.a_gains
            },
        },
    )?;
    ties::gains(w, tie, introduction.b, &introduction.b_gains)?;
    queries::connect(w, id, tie)?;
    for (to, about) in [(introduction.a, introduction.b), (introduction.b, introduction.a)] {
        notices::tell(w, to, "introduction_met", id.0, Some(about), "")?;
    }
    // who left midway is told nothing any more
    if let Some(introducer) = introducer
        && queries::in_network(w, introduction.network, introducer)?
    {
        notices::tell(w, introducer, "introduction_made", id.0, Some(introduction.a), "")?;
    }
    w.record(
        &Entry::new(Act::Introduce, "introductions.connect", id.0)
            .in_network(introduction.network)
            .fields(&["state", "tie"]),
    )
}

/// What one of the two says of it.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub worth: Worth,
    pub outcome: Outcome,
    /// To the one who introduced; empty for none.
    pub thanks: String,
    /// The one who introduced may see what came of it, if the other allows it too.
    pub shared: bool,
}

/// One of the two says whether it was worth it. May be said anew.
///
/// # Errors
/// [`Error::NotFound`] where they did not meet through it.
pub fn say_worth(
    w: &mut Writing<'_>,
    id: IntroductionId,
    who: ActorId,
    verdict: &Verdict,
) -> Result<(), Error> {
    queries::lock(w, id)?;
    let introduction = queries::find(w, id)?;
    if !introduction.concerns(who) || introduction.stage != Stage::Connected {
        return Err(Error::NotFound);
    }
    let before = queries::said(w, id)?.into_iter().find(|said| said.actor == who);
    let said = Said {
        actor: who,
        worth: verdict.worth,
        outcome: verdict.outcome.word().to_owned(),
        thanks: verdict.thanks.clone(),
        shared: verdict.shared,
        at: w.now(),
    };
    queries::put_said(w, id, &said)?;
    let thanked = before.as_ref().map_or("", |said| said.thanks.as_str());
    if !said.thanks.is_empty()
        && said.thanks != thanked
        && queries::in_network(w, introduction.network, introduction.introducer)?
    {
        notices::tell(w, introduction.introducer, "introduction_thanks", id.0, Some(who), &said.thanks)?;
    }
    w.record(
        &Entry::new(Act::Do, "introductions.worth", id.0)
            .in_network(introduction.network)
            .for_member(who)
            .fields(&["introduction_worth"]),
    )
}

/// A member changes what they take on.
///
/// # Errors
/// The database's own.
pub fn choose_limits(
    w: &mut Writing<'_>,
    member: ActorId,
    limits: introduction::Limits,
) -> Result<(), Error> {
    queries::put_limits(w, member, limits.clamped())?;
    w.record(
        &Entry::new(Act::Do, "introductions.limits", member.0)
            .for_member(member)
            .fields(&["introduction_limit"]),
    )
}
