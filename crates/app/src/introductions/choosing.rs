//! Which pairs stand on the lists today: the best ones without what the two and who would introduce them have on their
//! hands already, not the same thing over and over, few without anybody in between, and none of the tenth that is held out
//! so that it can be told what proposing does ([`choice`]).

use std::collections::HashMap;

use network::introduction::choice::{self, HOLDS_OUT_FROM, Mix, Traits, burden, cold_beside};
use network::introduction::{Limits, List, Load, Terms, score};
use network::rhythm;
use store::ids::ActorId;
use store::{Error, Micros, Reading};
use thai::Lang;

use super::pairs::{Found, Pair};
use super::proposing::{Eyes, Proposal, proposal};
use super::queries;

/// How many stand on each list: for who looks after all, and for who looks for themselves.
const SHOWN: usize = 6;
const SHOWN_TO_MEMBER: usize = 4;
/// In how many shown pairs one member may stand.
const OFTEN: usize = 2;
/// Of the places of the page, one in so many is for pairs without anybody in between while others are looked for.
const COLD_OF: usize = 5;

/// Whether this pair belongs to the tenth that is not proposed in this half-year.
pub fn is_held_out(r: &Reading<'_>, found: &Found, network: ActorId, pair: &Pair) -> bool {
    let day = r.now().0.div_euclid(Micros::DAY);
    let drawn = || choice::held_out(network.0, (pair.a.0, pair.b.0), day);
    found.members >= HOLDS_OUT_FROM && found.left_alone(pair).unwrap_or_else(drawn)
}

/// Who could introduce a pair, as far as that was looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Between {
    /// Not looked for yet.
    Open,
    /// Somebody, of whose room so much is taken.
    Somebody(f64),
    /// Nobody: it would be the coordinators' work.
    Nobody,
}

/// A pair that may come on a list.
struct Candidate<'a> {
    pair: &'a Pair,
    /// How much of their room is taken, of each of the two.
    taken: (f64, f64),
    between: Between,
}

impl Candidate<'_> {
    fn score(&self) -> f64 {
        let between = match self.between {
            Between::Somebody(taken) => Some(taken),
            Between::Open | Between::Nobody => None,
        };
        let load = burden(self.taken.0, self.taken.1, between);
        score(&Terms { load, ..self.pair.terms }).unwrap_or(0.0)
    }

    fn traits(&self, eyes: Eyes) -> Traits {
        let members = [self.pair.a, self.pair.b].into_iter().filter(|who| eyes != Eyes::Member(*who));
        Traits {
            members: members.map(|who| who.0).collect(),
            topics: self.pair.topics.clone(),
            circles: self.pair.circles.clone(),
        }
    }
}

/// Who looks, and how much of what they make for others is taken: whom they know both of they could introduce.
fn own_room(r: &Reading<'_>, eyes: Eyes) -> Result<Option<(ActorId, f64)>, Error> {
    let Eyes::Member(me) = eyes else { return Ok(None) };
    Ok(Some((me, queries::limits(r, me)?.taken_to_make(queries::load(r, me)?))))
}

/// Who could introduce this pair to each other, seen by who looks.
fn between(
    r: &Reading<'_>,
    network: ActorId,
    own: Option<(ActorId, f64)>,
    pair: &Pair,
) -> Result<Between, Error> {
    if let Some((_, taken)) = own.filter(|(me, _)| *me != pair.a && *me != pair.b) {
        return Ok(Between::Somebody(taken));
    }
    if pair.common == Some(0) {
        return Ok(Between::Nobody);
    }
    let found = could_introduce(r, network, (pair.a, pair.b))?;
    Ok(found.map_or(Between::Nobody, |(_, taken)| Between::Somebody(taken)))
}

/// Who could introduce these two and has room for it, whom they were in contact with latest first; how much of that room
/// is taken.
pub fn could_introduce(
    r: &Reading<'_>,
    network: ActorId,
    ends: (ActorId, ActorId),
) -> Result<Option<(ActorId, f64)>, Error> {
    let ago = |days: i64| r.now().plus(-days * Micros::DAY);
    let silent = ago(rhythm::BUILT_IN.max);
    let default = Limits::default();
    let found = queries::between_now(r, network, ends, silent, ago(DAYS_MADE), default.to_make)?;
    Ok(found.into_iter().find_map(|(who, made, to_make)| {
        let (limits, load) = (Limits { to_make, ..default }, Load { made, ..Load::default() });
        limits.room_to_make(load).then(|| (who, limits.taken_to_make(load)))
    }))
}

/// Whether a tap of this viewer asks somebody else to introduce the two: a coordinator who is none of them and does not
/// know both, where somebody does.
fn by_another(r: &Reading<'_>, eyes: Eyes, one: &Candidate<'_>) -> Result<bool, Error> {
    let (Eyes::Coordinator(me), Between::Somebody(_)) = (eyes, one.between) else { return Ok(false) };
    let (a, b) = (one.pair.a, one.pair.b);
    Ok(me != a && me != b && !(queries::living_ties(r, me, a)? && queries::living_ties(r, me, b)?))
}

/// Days in which what somebody made for others is counted.
const DAYS_MADE: i64 = 30;

/// What stands on the lists so far.
#[derive(Default)]
struct Lists {
    shown: Vec<(Proposal, Between)>,
}

impl Lists {
    fn on(&self, list: List) -> usize {
        self.shown.iter().filter(|(one, _)| one.list == list).count()
    }

    fn takes(&self, pair: &Pair, eyes: Eyes, most: usize) -> bool {
        let often = |member: ActorId| {
            let stands =
                self.shown.iter().filter(|(one, _)| one.a.id == member || one.b.id == member).count();
            stands >= OFTEN && eyes != Eyes::Member(member)
        };
        self.on(pair.list) < most && !often(pair.a) && !often(pair.b)
    }

    fn cold(&self) -> usize {
        self.shown.iter().filter(|(_, between)| *between == Between::Nobody).count()
    }
}

/// Of these pairs, best first, those that are proposed.
pub fn chosen(
    r: &Reading<'_>,
    network: ActorId,
    eyes: Eyes,
    looked: Vec<&Pair>,
    lang: Lang,
) -> Result<Vec<Proposal>, Error> {
    let most = if matches!(eyes, Eyes::Coordinator(_)) { SHOWN } else { SHOWN_TO_MEMBER };
    let own = own_room(r, eyes)?;
    let mut candidates = candidates(r, looked)?;
    let mut mix = Mix::of(candidates.iter().map(|one| (one.score(), one.traits(eyes))).collect());
    let mut lists = Lists::default();
    let mut aside = Vec::new();
    while let Some(at) = mix.draw() {
        if lists.on(List::Needed) >= most && lists.on(List::Anyway) >= most {
            break;
        }
        let Some(one) = candidates.get_mut(at) else { break };
        if !lists.takes(one.pair, eyes, most) {
            continue;
        }
        if one.between == Between::Open {
            let before = one.score();
            one.between = between(r, network, own, one.pair)?;
            if one.score() < before {
                // somebody else may come first now
                mix.put_back(at, one.score());
                continue;
            }
        }
        if one.between == Between::Nobody && lists.cold() >= 2 * most / COLD_OF {
            aside.push(at);
            continue;
        }
        if let Some(mut proposal) = proposal(r, one.pair, eyes, lang)? {
            mix.chose(at);
            proposal.by_another = by_another(r, eyes, one)?;
            lists.shown.push((proposal, one.between));
        }
    }
    let warm = lists.shown.len() - lists.cold();
    while lists.cold() > cold_beside(warm)
        && let Some(last) = lists.shown.iter().rposition(|(_, between)| *between == Between::Nobody)
    {
        lists.shown.remove(last);
    }
    for at in aside {
        let again = candidates.get(at).map_or(0.0, Candidate::score);
        mix.put_back(at, again);
    }
    while lists.cold() < cold_beside(warm)
        && let Some(at) = mix.draw()
    {
        let fits = |one: &&Candidate<'_>| one.between == Between::Nobody && lists.takes(one.pair, eyes, most);
        let Some(one) = candidates.get(at).filter(fits) else { continue };
        if let Some(proposal) = proposal(r, one.pair, eyes, lang)? {
            mix.chose(at);
            lists.shown.push((proposal, Between::Nobody));
        }
    }
    Ok(lists.shown.into_iter().map(|(proposal, _)| proposal).collect())
}

fn candidates<'a>(r: &Reading<'_>, looked: Vec<&'a Pair>) -> Result<Vec<Candidate<'a>>, Error> {
    let mut members: Vec<ActorId> = looked.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    members.sort_unstable();
    members.dedup();
    let taken: HashMap<ActorId, f64> = queries::taken(r, &members)?;
    let of = |member: ActorId| taken.get(&member).copied().unwrap_or(0.0);
    let candidate =
        |pair: &'a Pair| Candidate { pair, taken: (of(pair.a), of(pair.b)), between: Between::Open };
    Ok(looked.into_iter().map(candidate).collect())
}
