use std::collections::HashMap;

use matching::{
    ActorKey, Area, Categorizer, Cause, Day, Guess, Intent, IntentKey, Mode, OwnerKind, Pool, Reach, Side,
    Situation, Taxonomy, Why, Window,
};
use network::vocabulary::{Relation, TieOrigin};
use store::ids::{ActorId, IntroductionId};
use store::journal::{Act, Entry};
use store::{Error, Micros, Reading, Writing, audience};
use thai::Lang;

use super::queries::{self, OpenIntent};
use crate::{giving, members, notices, ties};

/// When an introduction closes, answered or not: fixed, so that the time tells nothing.
const CLOSES_AFTER: i64 = 14 * Micros::DAY;
/// The same pair is not proposed again for so long after it was asked, whatever came of it (matching.md, caps).
const SAME_PAIR_AFTER: i64 = 180 * Micros::DAY;
/// What a member is asked into at once and in a week (matching.md, caps).
const OPEN_AT_ONCE: i64 = 2;
const ASKED_A_WEEK: i64 = 3;
/// How many offers and needs one look at a network weighs; the newest first.
const WEIGHED: i64 = 1_500;
/// How many pairs the coordinator is shown.
const SHOWN: usize = 10;

/// Two members who could help each other, and why.
#[derive(Debug, Clone)]
pub struct Pair {
    pub a: ActorId,
    pub b: ActorId,
    /// 0 to 1: how likely one of the two helps the other.
    pub fit: f64,
    pub whys: Vec<Help>,
}

/// One direction: what is offered for what is needed.
#[derive(Debug, Clone)]
pub struct Help {
    pub giver: ActorId,
    pub receiver: ActorId,
    pub offer: String,
    pub need: String,
    pub reason: String,
}

/// The pairs of a network that could help each other most, best first: nobody tied, blocked, asked within half a year,
/// beyond their load, or without consent.
///
/// # Errors
/// The database's own.
pub fn pairs(r: &Reading<'_>, network: ActorId, lang: Lang) -> Result<Vec<Pair>, Error> {
    let open = queries::open_intents(r, network, WEIGHED)?;
    let mut by_key: HashMap<u64, &OpenIntent> = HashMap::new();
    let mut needs = Vec::new();
    let mut offers = Vec::new();
    for intent in &open {
        let entry = engine_intent(r, intent)?;
        if speaks_of_the_never_proposed(&entry) {
            continue;
        }
        by_key.insert(entry.key.0, intent);
        if entry.side == Side::Need { needs.push(entry) } else { offers.push(entry) }
    }
    let pool = Pool::build(offers);
    let today = Day(i32::try_from(r.now().day(7)).unwrap_or(0));
    let mut found: HashMap<(ActorId, ActorId), Pair> = HashMap::new();
    for need in &needs {
        let Some(needed) = by_key.get(&need.key.0) else { continue };
        let own = need.actor.map(|actor| vec![actor]).unwrap_or_default();
        let situation = Situation { today: Some(today), excluded: &own, ..Situation::default() };
        for proposal in pool.offers_for(need, 5, &situation).fit {
            let Some(offered) = by_key.get(&proposal.key.0) else { continue };
            let (giver, receiver) = (offered.actor, needed.actor);
            let ends = if giver < receiver { (giver, receiver) } else { (receiver, giver) };
            let reason = reason(&proposal.why, lang);
            let help = Help { giver, receiver, offer: title(offered), need: title(needed), reason };
            let pair = found.entry(ends).or_insert_with(|| Pair {
                a: ends.0,
                b: ends.1,
                fit: 0.0,
                whys: Vec::new(),
            });
            // F = 1 - Π(1 - f): several ways to help, in either direction, add up (indicators.md, Fit)
            pair.fit = 1.0 - (1.0 - pair.fit) * (1.0 - proposal.score.clamp(0.0, 1.0));
            pair.whys.push(help);
        }
    }
    let mut pairs: Vec<Pair> = found.into_values().collect();
    // ties in the score are broken by age of membership, so that the list stands still
    pairs.sort_by(|x, y| y.fit.total_cmp(&x.fit).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut best = Vec::new();
    for pair in pairs {
        if best.len() == SHOWN {
            break;
        }
        if eligible(r, pair.a, pair.b)? {
            best.push(pair);
        }
    }
    Ok(best)
}

/// The two heaviest reasons; what says again that the matter is the same is left out.
fn reason(whys: &[Why], lang: Lang) -> String {
    let again = |why: &&Why| !matches!(why.cause, Cause::Meaning | Cause::Specificity | Cause::Concepts);
    let mut kept: Vec<String> = whys.iter().filter(again).take(2).map(|why| why.text(lang)).collect();
    if kept.is_empty() {
        kept.extend(whys.first().map(|why| why.text(lang)));
    }
    kept.join(" · ")
}

fn title(intent: &OpenIntent) -> String {
    if intent.title.is_empty() {
        thai::text::truncate(&intent.text, 60).into_owned()
    } else {
        intent.title.clone()
    }
}

fn engine_intent(r: &Reading<'_>, open: &OpenIntent) -> Result<Intent, Error> {
    let side = if open.side == "need" { Side::Need } else { Side::Offer };
    let mut intent =
        Intent::new(IntentKey(open.id.cast_unsigned()), side, format!("{} {}", open.title, open.text));
    intent.actor = Some(ActorKey(open.actor.0.cast_unsigned()));
    intent.owner = match open.kind.as_str() {
        "group" => OwnerKind::Group,
        "organization" | "network" => OwnerKind::Organization,
        _ => OwnerKind::Person,
    };
    intent.mode = match open.mode.as_str() {
        "onsite" => Mode::Onsite,
        "online" => Mode::Online,
        _ => Mode::Either,
    };
    let areas: Vec<Area> = open.areas.split_whitespace().filter_map(Area::parse).collect();
    intent.reach = if open.everywhere || areas.is_empty() { Reach::Everywhere } else { Reach::Areas(areas) };
    let day = |day: Option<i64>| day.and_then(|n| i32::try_from(n).ok()).map(Day);
    intent.window = Window { from: day(open.starts_on), until: day(open.ends_on) };
    let taxonomy = Taxonomy::built_in();
    intent.categories = queries::tapped(r, open.id)?.iter().filter_map(|code| taxonomy.find(code)).collect();
    Ok(intent)
}

/// By what its author tapped, else by what the words most likely mean.
fn speaks_of_the_never_proposed(intent: &Intent) -> bool {
    let taxonomy = Taxonomy::built_in();
    if !intent.categories.is_empty() {
        return giving::is_never_proposed(intent.categories.iter().map(|id| taxonomy.code(*id)));
    }
    let guess = Categorizer::built_in().categorize(&intent.text);
    giving::is_never_proposed(guess.first().map(Guess::code).into_iter())
}

fn eligible(r: &Reading<'_>, a: ActorId, b: ActorId) -> Result<bool, Error> {
    if !queries::apart(r, a, b)? || queries::met_since(r, a, b, r.now().plus(-SAME_PAIR_AFTER))? {
        return Ok(false);
    }
    for member in [a, b] {
        let (open, lately) = queries::load(r, member, r.now().plus(-7 * Micros::DAY))?;
        if open >= OPEN_AT_ONCE || lately >= ASKED_A_WEEK || !queries::may_be_suggested(r, member)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Asks both of a pair. Answers none when the pair may not be asked (any more): a second coordinator was quicker, one
/// of them has enough to answer, or was asked about the other not long ago.
pub fn ask(
    w: &mut Writing<'_>,
    network: ActorId,
    introducer: ActorId,
    (a, a_gains): (ActorId, &str),
    (b, b_gains): (ActorId, &str),
    reason: &str,
) -> Result<Option<IntroductionId>, Error> {
    members::find(w, a)?;
    members::find(w, b)?;
    if a == b || !eligible(w, a, b)? {
        return Ok(None);
    }
    let closes_at = w.now().plus(CLOSES_AFTER);
    let id = queries::insert(w, network, introducer, (a, a_gains), (b, b_gains), reason, closes_at)?;
    audience::set(w, id.0, &[audience::own(a), audience::own(b), audience::coordinators(network)])?;
    for (to, about) in [(a, b), (b, a)] {
        notices::tell(w, to, "introduction_asked", id.0, Some(about), "")?;
    }
    w.record(
        &Entry::new(Act::Introduce, "introductions.ask", id.0).in_network(network).fields(&["introduction"]),
    )?;
    Ok(Some(id))
}

/// One of the two answers. With the second yes they are tied and both are told; a no changes nothing anybody can see.
pub fn answer(
    w: &mut Writing<'_>,
    id: IntroductionId,
    by: ActorId,
    answer: &str,
    manner: &str,
) -> Result<(), Error> {
    queries::lock(w, id)?;
    let introduction = queries::find(w, id)?;
    if by != introduction.a && by != introduction.b {
        return Err(Error::NotFound);
    }
    if introduction.state != "asking" || introduction.closes_at <= w.now() {
        // too late, or said again: it changes nothing, and looks the same whatever the other side said
        w.record(&Entry::new(Act::Do, "introductions.answer", id.0))?;
        return Ok(());
    }
    queries::put_answer(w, id, by, answer, manner)?;
    w.record(&Entry::new(Act::Do, "introductions.answer", id.0).for_member(by))?;
    if queries::yes_count(w, id)? < 2 {
        return Ok(());
    }
    let tie = ties::bind(
        w,
        &ties::Bound {
            subject: introduction.a,
            object: introduction.b,
            network: Some(introduction.network),
            relation: Relation::Knows,
            origin: TieOrigin::Introduction,
            introduced_by: Some(introduction.introducer),
            offers: "",
            asks: "",
            benefit: &introduction.reason,
        },
    )?;
    queries::connect(w, id, tie)?;
    for (to, about) in [
        (introduction.a, introduction.b),
        (introduction.b, introduction.a),
        (introduction.introducer, introduction.a),
    ] {
        notices::tell(w, to, "introduction_connected", tie.0, Some(about), "")?;
    }
    w.record(&Entry::new(Act::Introduce, "introductions.connect", id.0).in_network(introduction.network))?;
    Ok(())
}
