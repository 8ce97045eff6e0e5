//! Those one brought, and how the network grows by bringing: generations, reproduction number, and for coordinators the
//! chain of who brought whom.

use askama::Template;
use axum::extract::{Query, State};
use network::growth::{self, Generation, Growth, Reproduction};
use network::rights::Action;
use serde::Deserialize;
use store::Reading;
use store::ids::ActorId;
use web::{Answer, Asker, Page, Place, Problem};

use super::super::queries::growth::{self as rows, Brought};
use crate::members::{self, Named};
use crate::{App, Figures, Texts, allowed, dates};

/// Somebody who was brought, with the day in words.
struct Line {
    one: Brought,
    came: String,
}

fn lines(asker: &Asker, found: Vec<Brought>) -> Vec<Line> {
    let line = |one: Brought| Line { came: dates::short(one.came_at, asker.lang), one };
    found.into_iter().map(line).collect()
}

#[derive(Template)]
#[template(path = "joining/brought.html")]
struct Mine {
    t: Texts,
    lines: Vec<Line>,
    by: Option<Named>,
}

/// `GET /joining/brought`: those one brought into the network that is shown, and what came of it.
pub async fn brought(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let (found, by) = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ReadNetwork)?;
            let by = match rows::inviter(r, network, actor)? {
                Some(by) => members::names(r, &[by])?.pop(),
                None => None,
            };
            Ok::<_, Problem>((rows::brought_by(r, network, actor)?, by))
        })
        .await?;
    let t = Texts(asker.lang);
    let lines = lines(&asker, found);
    Page::new(&asker, t.joining_brought_title()).at(Place::Members).with(&Mine { t, lines, by })
}

/// How a network grows.
#[derive(Debug, Clone)]
pub struct Grown {
    pub number: Option<Reproduction>,
    pub generations: Vec<Generation>,
}

/// Counts how a network grows: of everybody, as numbers alone; beside it how many members were looked at.
fn counted(r: &Reading<'_>, network: ActorId) -> Result<(Grown, i64), store::Error> {
    let members = rows::members(r, network)?;
    let mut generations = growth::generations(&members);
    // a few of one generation would be persons and not a figure
    let brought: usize = generations.iter().skip(1).map(|one| one.members).sum();
    if brought < network::share::FEWEST {
        generations.clear();
    }
    let number = growth::reproduction(&members, r.now().day(7));
    Ok((Grown { number, generations }, i64::try_from(members.len()).unwrap_or(i64::MAX)))
}

/// How a network grows; of a large one as it was counted within the last minutes.
pub(in super::super) fn grown(
    r: &Reading<'_>,
    known: &Figures<Grown>,
    network: ActorId,
) -> Result<Grown, store::Error> {
    known.of(r, network, || counted(r, network))
}

/// Somebody and those they brought.
struct Link {
    who: Named,
    by: Option<Named>,
    lines: Vec<Line>,
}

/// What `/joining/growth?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    after: String,
}

#[derive(Template)]
#[template(path = "joining/growth.html")]
struct GrowthPage {
    t: Texts,
    w: web::Texts,
    number: Option<Shown>,
    generations: Vec<(i64, i64, i64)>,
    coordinates: bool,
    chain: Vec<Link>,
    next: Option<ActorId>,
}

/// The reproduction number in words.
struct Shown {
    value: String,
    between: String,
    of: String,
    meaning: &'static str,
}

impl Shown {
    fn of(t: Texts, number: &Reproduction) -> Self {
        let figure = |value: f64| format!("{value:.1}");
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Self {
            value: figure(number.value),
            between: t.joining_growth_between(figure(number.high), figure(number.low)),
            of: t.joining_growth_of(count(number.brought), count(number.members)),
            meaning: match number.growth() {
                Growth::Grows => t.joining_growth_grows(),
                Growth::Shrinks => t.joining_growth_shrinks(),
                Growth::Open => t.joining_growth_open(),
            },
        }
    }
}

/// Links of the chain on one page.
const LINKS: i64 = 40;

fn chain(
    r: &Reading<'_>,
    asker: &Asker,
    network: ActorId,
    after: i64,
) -> Result<(Vec<Link>, Option<ActorId>), Problem> {
    let mut who = rows::inviters(r, network, after, LINKS + 1)?;
    let more = i64::try_from(who.len()).unwrap_or(0) > LINKS;
    who.truncate(usize::try_from(LINKS).unwrap_or(40));
    let next = if more { who.last().copied() } else { None };
    let mut chain = Vec::new();
    for id in who {
        let lines = lines(asker, rows::brought_by(r, network, id)?);
        let named = members::names(r, &[id])?.pop();
        // whom the one who looks may see nobody of is no link to be shown
        let (Some(who), false) = (named, lines.is_empty()) else { continue };
        let by = match rows::inviter(r, network, id)? {
            Some(by) => members::names(r, &[by])?.pop(),
            None => None,
        };
        chain.push(Link { who, by, lines });
    }
    Ok((chain, next))
}

/// `GET /joining/growth`: how the network grows by bringing; the chain for coordinators alone.
pub async fn growth(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let coordinates = asker.coordinates();
    let after = wanted.after.parse::<ActorId>().map_or(0, |id| id.0);
    let asked = asker.clone();
    let known = app.growth.clone();
    let (grown, (chain, next)) = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ReadNetwork)?;
            let chain = if coordinates { chain(r, &asked, network, after)? } else { (Vec::new(), None) };
            Ok::<_, Problem>((grown(r, &known, network)?, chain))
        })
        .await?;
    let t = Texts(asker.lang);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let generations = grown.generations.iter().enumerate();
    Page::new(&asker, t.joining_growth_title()).at(Place::Networks).with(&GrowthPage {
        t,
        w: asker.texts(),
        number: grown.number.as_ref().map(|number| Shown::of(t, number)),
        generations: generations
            .map(|(depth, one)| (count(depth), count(one.members), count(one.active)))
            .collect(),
        coordinates,
        chain,
        next,
    })
}
