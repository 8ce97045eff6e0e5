//! What else is done with a pair of the lists: a coordinator asks somebody who knows both to introduce them, or says that
//! these two are no pair, as one of the two may, too. Then the pair rests as long as any other that was asked, and nobody
//! else can tell why: it is on no list, in no notice and in nobody's export.

use network::introduction::{DAYS_PAIR_RESTS, Origin, Stage, Through, days_open};
use store::ids::{ActorId, IntroductionId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing};

use super::actions::{self, IntroductionError, Offer};
use super::choosing;
use super::queries::{self, New};
use crate::notices;

/// Asks somebody who knows both to introduce them. Who that is, the coordinators learn when it is passed on: who knows
/// whom is told to nobody before. The two know nothing of it until then.
///
/// # Errors
/// [`IntroductionError::NotBetween`] where who asks does not coordinate; [`IntroductionError::NotNow`] where the two may
/// not be asked now, or nobody who knows both has room to introduce them.
pub fn suggest(
    w: &mut Writing<'_>,
    network: ActorId,
    coordinator: ActorId,
    found: &Offer,
) -> Result<IntroductionId, IntroductionError> {
    let (a, b) = (found.a, found.b);
    if !actions::coordinates(w, network, coordinator)? {
        return Err(IntroductionError::NotBetween);
    }
    let inside = queries::in_network(w, network, a)? && queries::in_network(w, network, b)?;
    if !inside || a == b || !actions::eligible(w, a, b)? {
        return Err(IntroductionError::NotNow);
    }
    let Some((introducer, _)) = choosing::could_introduce(w, network, (a, b))? else {
        return Err(IntroductionError::NotNow);
    };
    let new = New {
        network,
        introducer,
        a,
        b,
        origin: Origin::Suggested,
        asker: None,
        purpose: found.purpose.word(),
        reason: &found.reason,
        a_gains: &found.a_gains,
        b_gains: &found.b_gains,
        note: "",
        words: "",
        stage: Stage::Drafted,
        closes_at: w.now().plus(days_open(Through::Somebody) * Micros::DAY),
    };
    let id = queries::insert(w, &new)?;
    let drafted = queries::find(w, id)?;
    actions::show_to(w, &drafted)?;
    notices::tell(w, introducer, "introduction_suggested", id.0, Some(a), "")?;
    w.record(
        &Entry::new(Act::Introduce, "introductions.suggest", id.0)
            .in_network(network)
            .fields(&["introduction"]),
    )?;
    Ok(id)
}

/// Says that these two are no pair. It stands as an introduction that was over when it began, and that nobody was asked
/// into, so that the pair rests exactly as others do. None where they may not be asked now anyway.
///
/// # Errors
/// The database's own.
pub fn not_these(
    w: &mut Writing<'_>,
    network: ActorId,
    who: ActorId,
    (a, b): (ActorId, ActorId),
) -> Result<Option<IntroductionId>, Error> {
    if !(who == a || who == b || actions::coordinates(w, network, who)?) || !actions::eligible(w, a, b)? {
        return Ok(None);
    }
    let new = New {
        network,
        introducer: who,
        a,
        b,
        origin: Origin::Found,
        asker: None,
        purpose: "",
        reason: "",
        a_gains: "",
        b_gains: "",
        note: "",
        words: "",
        stage: Stage::Lapsed,
        closes_at: w.now(),
    };
    let id = queries::insert(w, &new)?;
    queries::put_aside(w, id)?;
    w.record(
        &Entry::new(Act::Introduce, "introductions.not_these", id.0)
            .in_network(network)
            .fields(&["introduction"]),
    )?;
    Ok(Some(id))
}

/// The pairs somebody said of that they are none, and that still rest, newest first.
///
/// # Errors
/// The database's own.
pub fn resting(
    r: &Reading<'_>,
    network: ActorId,
    who: ActorId,
) -> Result<Vec<(IntroductionId, ActorId, ActorId)>, Error> {
    queries::resting(r, network, who, r.now().plus(-DAYS_PAIR_RESTS * Micros::DAY))
}

/// Takes back that two are no pair.
///
/// # Errors
/// [`Error::NotFound`] where this member did not say so.
pub fn pair_again(
    w: &mut Writing<'_>,
    network: ActorId,
    who: ActorId,
    id: IntroductionId,
) -> Result<(), Error> {
    queries::pair_again(w, network, who, id)?;
    w.record(
        &Entry::new(Act::Introduce, "introductions.pair_again", id.0)
            .in_network(network)
            .fields(&["introduction"]),
    )
}
