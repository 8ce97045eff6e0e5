//! What the ties say of the best pairs of a network too large to be looked at as a whole: who knows both and how warmly,
//! who has few ties, and whether a short way leads from one to the other. Only the surroundings of these pairs are read:
//! two steps for the first [`LOOKED`] pairs, [`TIES`] ties of each member at most, [`BALL`] members in the second step.

use std::collections::{HashMap, HashSet};

use network::introduction::{List, newcomer, together};
use store::ids::ActorId;
use store::{Error, Reading};

use super::pairs::{Bond, Pair};
use super::queries;
use super::woven::warmth;

/// The best pairs, so many.
const LOOKED: usize = 1_000;
/// Ties of one member that are read, those used last first. Who has more has no lack of ways.
const TIES: usize = 100;
/// Members whose ties are read in the second step.
const BALL: usize = 20_000;
/// Members asked for in one statement.
const AT_ONCE: usize = 256;
/// Struct where no way of three steps leads from one to the other: between what joining two small parts and what a
/// bridge between two circles counts at most. A starting value.
const FAR: f64 = 0.5;

/// With whom each of some members is tied, and how warmly.
type Ties = HashMap<ActorId, HashMap<ActorId, f64>>;

fn ties_of(r: &Reading<'_>, network: ActorId, members: &[ActorId]) -> Result<Ties, Error> {
    let mut ties = Ties::new();
    for some in members.chunks(AT_ONCE) {
        for (member, other, last) in queries::ties_of(r, network, some, TIES as i64)? {
            let felt = warmth(last, r.now());
            let known = ties.entry(member).or_default().entry(other).or_default();
            *known = known.max(felt);
        }
    }
    Ok(ties)
}

/// Puts what the ties around them say into the best of these pairs, best first.
pub fn look(r: &Reading<'_>, network: ActorId, pairs: &mut [Pair]) -> Result<(), Error> {
    let looked = pairs.len().min(LOOKED);
    let Some(pairs) = pairs.get_mut(..looked) else { return Ok(()) };
    let mut members: Vec<ActorId> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    members.sort_unstable();
    members.dedup();
    let ties = ties_of(r, network, &members)?;
    let none = HashMap::new();
    let of = |member: ActorId| ties.get(&member).unwrap_or(&none);
    for pair in pairs.iter_mut() {
        let (one, other) = (of(pair.a), of(pair.b));
        let both = one.iter().filter_map(|(who, felt)| other.get(who).map(|back| felt * back));
        let both: Vec<f64> = both.collect();
        pair.terms.warmth = together(both.iter().copied());
        pair.terms.newcomer = newcomer(one.len() as u64, other.len() as u64);
        pair.common = Some(both.len());
        if !both.is_empty() {
            pair.bonds.push(Bond::CommonContacts(both.len()));
        }
    }
    let ways = Ways::of(r, network, pairs, &ties)?;
    for pair in pairs {
        let (one, other) = (of(pair.a), of(pair.b));
        match ways.between(pair, one, other) {
            Some(Way::Short) => pair.bonds.push(Bond::Near),
            Some(Way::None) => {
                pair.terms.structure = FAR;
                pair.bonds.push(Bond::Far);
            }
            None => {}
        }
        if one.len().min(other.len()) <= 1 {
            pair.bonds.push(Bond::First);
        }
        pair.list = List::of(pair.common.unwrap_or(0), pair.terms.structure);
        pair.rescore();
    }
    Ok(())
}

/// Whether a way of three steps leads from one to the other, where nobody knows both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Short,
    None,
}

/// The ties of those around one side of each pair that has nobody in common.
struct Ways {
    around: Ties,
    /// Those whose ties were read, whether they have any or not.
    read: HashSet<ActorId>,
}

/// The end with fewer ties, whose surroundings are read, and the other's.
fn sides<'a>(
    one: &'a HashMap<ActorId, f64>,
    other: &'a HashMap<ActorId, f64>,
) -> (&'a HashMap<ActorId, f64>, &'a HashMap<ActorId, f64>) {
    if one.len() <= other.len() { (one, other) } else { (other, one) }
}

impl Ways {
    fn of(r: &Reading<'_>, network: ActorId, pairs: &[Pair], ties: &Ties) -> Result<Self, Error> {
        let mut read: HashSet<ActorId> = HashSet::new();
        for pair in pairs {
            let (Some(one), Some(other)) = (ties.get(&pair.a), ties.get(&pair.b)) else { continue };
            let (fewer, _) = sides(one, other);
            if pair.common != Some(0) || read.len() + fewer.len() > BALL {
                continue;
            }
            read.extend(fewer.keys().copied());
        }
        let mut members: Vec<ActorId> = read.iter().copied().collect();
        members.sort_unstable();
        Ok(Self { around: ties_of(r, network, &members)?, read })
    }

    /// None where somebody knows both, or nothing can be said: not read, or somebody has more ties than are read.
    fn between(
        &self,
        pair: &Pair,
        one: &HashMap<ActorId, f64>,
        other: &HashMap<ActorId, f64>,
    ) -> Option<Way> {
        if pair.common != Some(0) {
            return None;
        }
        let (fewer, more) = sides(one, other);
        let mut all_read = one.len() < TIES && other.len() < TIES;
        for between in fewer.keys() {
            all_read &= self.read.contains(between);
            let Some(around) = self.around.get(between) else { continue };
            if around.keys().any(|who| more.contains_key(who)) {
                return Some(Way::Short);
            }
            all_read &= around.len() < TIES;
        }
        all_read.then_some(Way::None)
    }
}
