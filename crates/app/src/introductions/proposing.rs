//! The proposals for a viewer: of the pairs that were found, those that may be put to the two now, with their reasons in
//! words. Which of them stand on the lists is [`super::choosing`]'s.

use std::sync::Arc;

use network::introduction::List;
use network::vocabulary::{IntentState, Visibility};
use store::ids::{ActorId, IntentId};
use store::{Database, Error, Reading};
use thai::Lang;

use super::pairs::{Bond, Found, Pair, Pairs, Purpose, better};
use super::{actions, choosing, queries};
use crate::giving::{self, Pools};
use crate::members::{self, Named};
use crate::{App, Texts};

/// Of the best pairs, so many are looked at.
const LOOKED: usize = 200;
/// Of a member's ties, so many are looked at for pairs they could introduce.
const TIES: i64 = 300;
/// Reasons shown for one way to help.
const REASONS: usize = 2;

/// What the pairs are found from, handed into a closure on another thread.
#[derive(Debug, Clone)]
pub struct Sources {
    db: Arc<Database>,
    pools: Pools,
    pairs: Pairs,
}

impl Sources {
    /// Those of the program.
    pub fn of(app: &App) -> Self {
        Self { db: Arc::clone(app.house.database()), pools: app.pools.clone(), pairs: app.pairs.clone() }
    }

    /// The pairs of a network; none where they are still being found.
    pub fn found(&self, r: &Reading<'_>, network: ActorId) -> Result<Option<Arc<Found>>, Error> {
        self.pairs.of(r, &self.db, &self.pools, network)
    }
}

/// For whom proposals are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Everybody in the network; who it is that looks.
    Coordinator(ActorId),
    /// Whom they would do well to meet, and whom they know both of.
    Member(ActorId),
}

/// Two who could be introduced, as the viewer sees it.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub a: Named,
    pub b: Named,
    pub list: List,
    /// The viewer is one of the two.
    pub own: bool,
    /// Somebody else who knows both is asked to introduce them.
    pub by_another: bool,
    /// Each purpose in a sentence, with the score's own reasons.
    pub lines: Vec<(String, String)>,
    /// What the ties say, in words.
    pub bonds: Vec<String>,
    pub a_gains: String,
    pub b_gains: String,
}

impl Proposal {
    /// The one that is not the viewer.
    pub fn other(&self, viewer: ActorId) -> &Named {
        if self.a.id == viewer { &self.b } else { &self.a }
    }

    /// All reasons in one line.
    pub fn reason(&self) -> String {
        let whys = self.lines.iter().map(|(sentence, why)| if why.is_empty() { sentence } else { why });
        whys.take(1).chain(self.bonds.iter().take(2)).cloned().collect::<Vec<_>>().join(" · ")
    }
}

/// The proposals for a viewer, best first; none where they are still being found.
///
/// # Errors
/// The database's own.
pub fn proposals(
    r: &Reading<'_>,
    sources: &Sources,
    network: ActorId,
    eyes: Eyes,
    lang: Lang,
) -> Result<Option<Vec<Proposal>>, Error> {
    let Some(found) = sources.found(r, network)? else { return Ok(None) };
    let proposed = |pair: &&Pair| !choosing::is_held_out(r, &found, network, pair);
    let looked: Vec<&Pair> = match eyes {
        Eyes::Coordinator(_) => found.pairs.iter().filter(proposed).take(LOOKED).collect(),
        Eyes::Member(me) => {
            let ties = queries::tied_to(r, me, TIES)?;
            let mut looked: Vec<&Pair> = found.of(me).collect();
            if actions::has_room_to_make(r, me)? {
                for tie in &ties {
                    looked.extend(found.of(*tie).filter(|pair| *tie == pair.a && ties.contains(&pair.b)));
                }
            }
            looked.retain(proposed);
            looked.sort_by(|x, y| better(x, y));
            looked.truncate(LOOKED);
            looked
        }
    };
    Ok(Some(choosing::chosen(r, network, eyes, looked, lang)?))
}

/// One pair as this viewer may be shown it; none where it may not be put to the two now, or its purpose is nothing the
/// viewer may know.
///
/// # Errors
/// The database's own.
pub fn proposal(r: &Reading<'_>, pair: &Pair, eyes: Eyes, lang: Lang) -> Result<Option<Proposal>, Error> {
    let own = matches!(eyes, Eyes::Member(me) if me == pair.a || me == pair.b);
    if !actions::eligible(r, pair.a, pair.b)? {
        return Ok(None);
    }
    let mut names = members::names(r, &[pair.a, pair.b])?;
    names.sort_by_key(|named| named.id != pair.a);
    let Ok([a, b]) = <[Named; 2]>::try_from(names) else { return Ok(None) };
    let t = Texts(lang);
    let called = |id: ActorId| if id == a.id { a.called() } else { b.called() };
    let (mut lines, mut gains) = (Vec::new(), Vec::new());
    for purpose in &pair.purposes {
        match purpose {
            Purpose::Help { offer, need, giver, receiver, why } => {
                let (Some(offer), Some(need)) = (open(r, *offer)?, open(r, *need)?) else { continue };
                let sentence = t.introductions_help(called(*giver), &need, &offer, called(*receiver));
                lines.push((sentence, reason(why, lang)));
                gains.push((*receiver, offer));
            }
            Purpose::Same { one, other } => {
                let (Some(one), Some(_)) = (open(r, *one)?, open(r, *other)?) else { continue };
                lines.push((t.introductions_same(one), String::new()));
            }
            Purpose::Learn { teacher, learner, category } => {
                let taxonomy = matching::Taxonomy::built_in();
                let subject = taxonomy.find(category).map_or("", |id| taxonomy.label(id, lang));
                let sentence = t.introductions_learn(called(*learner), subject, called(*teacher));
                lines.push((sentence, String::new()));
                gains.push((*learner, subject.to_owned()));
            }
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    lines.dedup();
    let gains_of = |member: ActorId| {
        let own = gains.iter().filter(|(who, _)| *who == member).map(|(_, what)| what.clone());
        own.take(2).collect::<Vec<_>>().join(" · ")
    };
    Ok(Some(Proposal {
        list: pair.list,
        own,
        by_another: false,
        a_gains: gains_of(pair.a),
        b_gains: gains_of(pair.b),
        bonds: pair.bonds.iter().map(|bond| bond_label(t, *bond)).collect(),
        lines,
        a,
        b,
    }))
}

/// The title of an open offer or need, as far as the viewer may be told of it; what its owner keeps among few is told to
/// nobody.
fn open(r: &Reading<'_>, id: IntentId) -> Result<Option<String>, Error> {
    let card = match giving::find_card(r, id) {
        Ok(card) => card,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let wide = card.visibility == Visibility::Network.word() || card.visibility == Visibility::Public.word();
    if card.restricted || !wide || card.state != IntentState::Open || card.valid_until <= r.now() {
        return Ok(None);
    }
    let title =
        if card.title.is_empty() { thai::text::truncate(&card.text, 60).into_owned() } else { card.title };
    Ok(Some(title))
}

/// The heaviest reasons; what says again that the matter is the same is left out.
fn reason(whys: &[matching::Why], lang: Lang) -> String {
    use matching::Cause;
    let on_matter = whys.iter().any(|why| why.cause == Cause::Topic);
    let again = |why: &&matching::Why| match why.cause {
        Cause::Words | Cause::Spelling => !on_matter,
        cause => !matches!(cause, Cause::Meaning | Cause::Specificity | Cause::Concepts),
    };
    let mut kept: Vec<String> = whys.iter().filter(again).take(REASONS).map(|why| why.text(lang)).collect();
    if kept.is_empty() {
        kept.extend(whys.first().map(|why| why.text(lang)));
    }
    kept.join(" · ")
}

fn bond_label(t: Texts, bond: Bond) -> String {
    match bond {
        Bond::CommonContacts(count) => t.introductions_bond_common(i64::try_from(count).unwrap_or(i64::MAX)),
        Bond::Near => t.introductions_bond_near().to_owned(),
        Bond::Circle => t.introductions_bond_circle().to_owned(),
        Bond::Joins => t.introductions_bond_joins().to_owned(),
        Bond::Bridges => t.introductions_bond_bridges().to_owned(),
        Bond::Shorter => t.introductions_bond_shorter().to_owned(),
        Bond::Sturdier => t.introductions_bond_sturdier().to_owned(),
        Bond::Far => t.introductions_bond_far().to_owned(),
        Bond::First => t.introductions_bond_first().to_owned(),
    }
}
