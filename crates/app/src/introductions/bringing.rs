//! What proposing introductions brings ([`network::introduction::lift`]): the best pairs of a network are drawn once in a
//! half-year, nine in ten to be proposed and one to be left alone, and what became of both is counted. Who is drawn
//! stands in the store alone; on the page and in the API are counts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use network::introduction::choice::{self, HOLDS_OUT_FROM};
use network::introduction::lift::{FEWEST_PAIRS, Lift, Outcome, Side, lift};
use network::share::Share;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Micros, Reading, Viewer};

use super::pairs::{Found, Pairs, ends};
use super::{actions, queries};
use crate::giving::Pools;

/// So many of the best pairs of a network are drawn: those its lists are chosen from.
const BEST: usize = 200;

/// Draws the best pairs of each network that were not drawn within a half-year. For once a day; of a large network that is
/// still being thought through at the next call. Answers the networks that are done.
///
/// # Errors
/// The database's own.
pub fn draw_pairs(
    db: &Arc<Database>,
    pools: &Pools,
    pairs: &Pairs,
    done: &HashSet<ActorId>,
) -> Result<Vec<ActorId>, Error> {
    let system = Viewer::System("introductions");
    let mut drawn = Vec::new();
    for network in db.read(&system, queries::networks)? {
        if done.contains(&network) {
            continue;
        }
        let found = match pairs.kept(network) {
            Some(found) => Some(found),
            None => db.read(&system, |r| pairs.of(r, db, pools, network))?,
        };
        if let Some(found) = found {
            draw(db, network, &found)?;
            drawn.push(network);
        }
    }
    Ok(drawn)
}

fn draw(db: &Database, network: ActorId, found: &Found) -> Result<(), Error> {
    if found.members < HOLDS_OUT_FROM {
        return Ok(());
    }
    let best = || found.pairs.iter().take(BEST).map(|pair| (pair.a, pair.b));
    let new = |r: &Reading<'_>| {
        let known: HashSet<(ActorId, ActorId)> =
            queries::drawn(r, network)?.into_iter().map(|(a, b, _)| ends(a, b)).collect();
        let mut new = Vec::new();
        for (a, b) in best().filter(|(a, b)| !known.contains(&ends(*a, *b))) {
            let willing = queries::may_be_suggested(r, a)? && queries::may_be_suggested(r, b)?;
            if willing && actions::free(r, a, b)? {
                new.push((a, b));
            }
        }
        Ok::<_, Error>(new)
    };
    if db.read(&Viewer::System("introductions"), new)?.is_empty() {
        return Ok(());
    }
    db.write(&Acting::system("introductions"), |w| {
        queries::lock_network(w, network)?;
        let day = w.now().0.div_euclid(Micros::DAY);
        for (a, b) in new(w)? {
            queries::enter(w, network, (a, b, choice::held_out(network.0, (a.0, b.0), day)))?;
        }
        w.record(&Entry::new(Act::Do, "introductions.draw", network.0).in_network(network))?;
        w.finished(())
    })
}

/// The sides of the pairs whose draw still stands.
pub fn sides(r: &Reading<'_>, network: ActorId) -> Result<HashMap<(ActorId, ActorId), bool>, Error> {
    Ok(queries::drawn(r, network)?.into_iter().map(|(a, b, held)| (ends(a, b), held)).collect())
}

/// What became of the pairs old enough for an outcome.
#[derive(Debug, Clone)]
pub struct Row {
    pub outcome: Outcome,
    pub proposed: Side,
    pub left_alone: Side,
    /// None with too few pairs on either side.
    pub lift: Option<Lift>,
}

/// What is counted of a network.
#[derive(Debug, Clone)]
pub struct Brought {
    pub rows: Vec<Row>,
    /// Both said whether it was worth it: how many introduced pairs.
    pub said: u32,
    /// Of how many of them it was for both; none with too few.
    pub worth: Option<Share>,
}

impl Brought {
    /// Pairs proposed and left alone that are old enough for anything to be said of them.
    pub fn pairs(&self) -> (u32, u32) {
        self.rows.first().map_or((0, 0), |row| (row.proposed.pairs, row.left_alone.pairs))
    }
}

/// Counts it. Below [`FEWEST_PAIRS`] on either side of the first outcome the later ones have fewer, and are not counted.
pub fn brought(r: &Reading<'_>, network: ActorId) -> Result<Brought, Error> {
    let mut rows = Vec::new();
    for outcome in Outcome::ALL {
        let (proposed, left_alone) = queries::counted(r, network, outcome)?;
        let lift = lift(proposed, left_alone);
        rows.push(Row { outcome, proposed, left_alone, lift });
        if lift.is_none() {
            break;
        }
    }
    let worth = queries::worth(r, network)?;
    let share = if worth.pairs < FEWEST_PAIRS { None } else { Share::wilson(worth.came, worth.pairs) };
    Ok(Brought { rows, said: worth.pairs, worth: share })
}
