use askama::Template;
use axum::extract::{Path, Query, State};
use network::introduction::lift::{FEWEST_PAIRS, Lift, Outcome, Tells};
use network::introduction::{Limits, List as Of, Stage};
use network::vocabulary::Benefit;
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, IntroductionId};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::super::actions::{self, IntroductionError, Offer};
use super::super::bringing::{self, Brought, Row};
use super::super::choosing;
use super::super::proposing::{self, Eyes, Proposal, Sources};
use super::super::queries::{self, Introduction, Which};
use super::super::setting;
use super::{called, stage_label};
use crate::members::{self, Named};
use crate::{App, Texts, dates, ties};

/// Shown of those under way and over.
const ROWS: i64 = 20;
/// Pairs shown at once of each list; the others wait behind a word.
const AT_ONCE: usize = 4;

/// An introduction in a list.
#[derive(Debug)]
struct Item {
    introduction: Introduction,
    title: String,
    stage: &'static str,
    tag: &'static str,
    until: Option<String>,
}

/// Somebody to call, about whom, for an introduction.
#[derive(Debug)]
struct Call {
    id: IntroductionId,
    who: Named,
    about: Named,
    phone: Option<String>,
}

/// Somebody to call about a tie that was proposed to them.
#[derive(Debug)]
struct TieCall {
    call: ties::ToCall,
    who: Named,
    from: Named,
}

/// Everything the page shows.
#[derive(Debug, Default)]
struct Gathered {
    for_me: Vec<Item>,
    to_pass_on: Vec<Item>,
    calls: Vec<Call>,
    tie_calls: Vec<TieCall>,
    proposals: Option<Vec<Proposal>>,
    under_way: Vec<Item>,
    /// For coordinators.
    brought: Option<Brought>,
    /// Of whom the viewer said that they are no pair: to be taken back, and who.
    no_pairs: Vec<(IntroductionId, String)>,
    next: Option<String>,
    limits: Limits,
}

/// The parts of a sentence under each other.
fn in_lines(sentence: &str) -> String {
    sentence.replace(" · ", "\n")
}

fn count(pairs: &[&Proposal]) -> i64 {
    i64::try_from(pairs.len()).unwrap_or(i64::MAX)
}

#[derive(Template)]
#[template(path = "introductions/list.html")]
struct Shown<'a> {
    t: Texts,
    w: web::Texts,
    me: ActorId,
    form: &'a Form,
    all: &'a Gathered,
    coordinates: bool,
    first_page: bool,
}

impl Shown<'_> {
    /// The pairs of a list: those shown at once, and those behind a word.
    fn on(&self, list: Of) -> [Vec<&Proposal>; 2] {
        let mut first: Vec<&Proposal> =
            self.all.proposals.iter().flatten().filter(|one| one.list == list).collect();
        let more = first.split_off(first.len().min(AT_ONCE));
        [first, more]
    }
    fn lists(&self) -> [(&'static str, &'static str, [Vec<&Proposal>; 2]); 2] {
        [
            (self.t.introductions_needed(), self.t.introductions_needed_hint(), self.on(Of::Needed)),
            (self.t.introductions_anyway(), self.t.introductions_anyway_hint(), self.on(Of::Anyway)),
        ]
    }
    /// Said where too few pairs are old enough.
    fn few(&self, brought: &Brought) -> String {
        let (proposed, alone) = brought.pairs();
        self.t.introductions_brings_few(i64::from(alone), i64::from(FEWEST_PAIRS), i64::from(proposed))
    }
    fn once(&self, one: &Proposal) -> String {
        format!("{}{}{}", self.form.once(), one.a.id, one.b.id).chars().take(80).collect()
    }
}

/// What `/introductions?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
    done: String,
    id: String,
}

fn item(r: &Reading<'_>, t: Texts, me: ActorId, introduction: Introduction) -> Result<Item, Problem> {
    let now = r.now();
    let title = if introduction.concerns(me) {
        t.introductions_you_and(called(r, t, introduction.other(me))?)
    } else if introduction.stage_at(now) == Stage::Drafted && introduction.asker.is_some() {
        t.introductions_wants(called(r, t, introduction.a)?, called(r, t, introduction.b)?)
    } else {
        t.introductions_pair(called(r, t, introduction.a)?, called(r, t, introduction.b)?)
    };
    let stage = introduction.stage_at(now);
    let until = introduction.is_open(now).then(|| dates::short(introduction.closes_at, t.0));
    let tag = match stage {
        Stage::Connected => "give",
        Stage::Lapsed => "",
        _ => "watch",
    };
    Ok(Item { title, stage: stage_label(t, stage), tag, until, introduction })
}

fn items(r: &Reading<'_>, t: Texts, me: ActorId, which: Which, who: ActorId) -> Result<Vec<Item>, Problem> {
    let found = queries::list(r, which, who, 0, ROWS)?;
    found.into_iter().map(|introduction| item(r, t, me, introduction)).collect()
}

/// The introductions a member is in, makes, or coordinates, newest first, each once.
fn under_way(
    r: &Reading<'_>,
    me: ActorId,
    network: Option<ActorId>,
    before: i64,
    rows: i64,
) -> Result<Vec<Introduction>, Problem> {
    let mut found = queries::list(r, Which::Mine, me, before, rows)?;
    found.extend(queries::list(r, Which::Made, me, before, rows)?);
    if let Some(network) = network {
        found.extend(queries::list(r, Which::OfNetwork, network, before, rows)?);
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.id));
    found.dedup_by_key(|one| one.id);
    // a coordinator who is one of the two learns of it as everybody does, once it was passed on
    found.retain(|one| one.concerns(me) || (one.a != me && one.b != me));
    found.truncate(usize::try_from(rows).unwrap_or(20));
    Ok(found)
}

fn gather(
    r: &Reading<'_>,
    asker: &Asker,
    sources: &Sources,
    (me, network): (ActorId, ActorId),
    before: i64,
) -> Result<Gathered, Problem> {
    let t = Texts(asker.lang);
    let coordinates = asker.coordinates();
    let mut all = Gathered { limits: queries::limits(r, me)?, ..Gathered::default() };
    let mut found = under_way(r, me, Some(network).filter(|_| coordinates), before, ROWS + 1)?;
    let more = i64::try_from(found.len()).unwrap_or(0) > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(20));
    all.next = if more { found.last().map(|one| one.id.to_string()) } else { None };
    for introduction in found {
        all.under_way.push(item(r, t, me, introduction)?);
    }
    if before != 0 {
        all.proposals = Some(Vec::new());
        return Ok(all);
    }
    all.for_me = items(r, t, me, Which::ForMe, me)?;
    all.to_pass_on = items(r, t, me, Which::ToPassOn, me)?;
    let eyes = if coordinates { Eyes::Coordinator(me) } else { Eyes::Member(me) };
    all.proposals = proposing::proposals(r, sources, network, eyes, asker.lang)?;
    for (id, a, b) in setting::resting(r, network, me)? {
        all.no_pairs.push((id, t.introductions_pair(called(r, t, a)?, called(r, t, b)?)));
    }
    let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
    let mut calls = queries::to_call_instead(r, me)?;
    if coordinates {
        calls.extend(queries::to_call(r, network)?);
    }
    for (id, who, about, phone) in calls {
        if let (Some(who), Some(about)) = (name(who)?, name(about)?) {
            all.calls.push(Call { id, who, about, phone });
        }
    }
    if coordinates {
        all.brought = Some(bringing::brought(r, network)?);
        all.to_pass_on.extend(items(r, t, me, Which::ToPassOn, network)?);
        all.to_pass_on.retain(|one| one.introduction.a != me && one.introduction.b != me);
        for call in ties::to_call(r, network)? {
            if let (Some(who), Some(from)) = (name(call.tie.object)?, name(call.tie.subject)?) {
                all.tie_calls.push(TieCall { call, who, from });
            }
        }
    }
    Ok(all)
}

/// `GET /introductions`: what waits for me, who could be introduced and why, what is under way, what I take on.
pub async fn list(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let before = wanted.before.parse::<IntroductionId>().map_or(0, |id| id.0);
    let (sources, asked) = (Sources::of(&app), asker.clone());
    let all =
        app.house.read(&asker.viewer, move |r| gather(r, &asked, &sources, (me, network), before)).await?;
    let mut fields = Fields::default();
    fields.set("at_once", all.limits.at_once.to_string());
    fields.set("a_week", all.limits.a_week.to_string());
    fields.set("to_make", all.limits.to_make.to_string());
    let t = Texts(asker.lang);
    let mut page = Page::new(&asker, t.introductions_title()).at(Place::Members);
    if wanted.done == "limits" {
        page = page.done(t.introductions_limits_kept(), None);
    }
    if wanted.done == "not-these"
        && let Ok(id) = wanted.id.parse::<IntroductionId>()
    {
        page = page.done(t.introductions_no_pair_kept(), Some(format!("/introductions/{id}/pair-again")));
    }
    page.with(&Shown {
        t,
        w: asker.texts(),
        me,
        form: &Form::new(asker.texts(), fields),
        all: &all,
        coordinates: asker.coordinates(),
        first_page: before == 0,
    })
}

/// A pair of the lists as it stands now, ready to be put to both; not what a browser sent.
pub(in super::super) fn found_offer(
    r: &Reading<'_>,
    sources: &Sources,
    network: ActorId,
    eyes: Eyes,
    (a, b): (ActorId, ActorId),
    lang: Lang,
) -> Result<Option<Offer>, Problem> {
    let Some(found) = sources.found(r, network)? else { return Ok(None) };
    let Some(pair) = found.pair(a, b) else { return Ok(None) };
    if choosing::is_held_out(r, &found, network, pair) {
        return Ok(None);
    }
    let Some(proposal) = proposing::proposal(r, pair, eyes, lang)? else { return Ok(None) };
    Ok(Some(Offer {
        a: proposal.a.id,
        b: proposal.b.id,
        purpose: Benefit::Relationship,
        reason: proposal.reason(),
        a_gains: proposal.a_gains,
        b_gains: proposal.b_gains,
        words: String::new(),
    }))
}

/// Says of a pair of the lists that it is none; none where it is on no list of this member, or may not be asked anyway.
pub(in super::super) async fn say_no_pair(
    asker: &Asker,
    app: &App,
    ends: (ActorId, ActorId),
) -> Result<Option<IntroductionId>, Problem> {
    let (me, network) = crate::weaver(asker, app).await?;
    let eyes = if asker.coordinates() { Eyes::Coordinator(me) } else { Eyes::Member(me) };
    let (sources, lang) = (Sources::of(app), asker.lang);
    let found =
        app.house.read(&asker.viewer, move |r| found_offer(r, &sources, network, eyes, ends, lang)).await?;
    if found.is_none() {
        return Ok(None);
    }
    app.house
        .write(&asker.acting(), move |w| {
            let id = setting::not_these(w, network, me, ends)?;
            Ok::<_, Problem>(w.finished(id)?)
        })
        .await
}

/// Takes back that two are no pair.
pub(in super::super) async fn take_back_no_pair(
    asker: &Asker,
    app: &App,
    id: IntroductionId,
) -> Result<(), Problem> {
    let (me, network) = asker.member_and_network()?;
    app.house
        .write(&asker.acting(), move |w| {
            setting::pair_again(w, network, me, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await
}

/// `POST /introductions/not-these`: these two are no pair. One tap, and it can be taken back.
pub async fn not_these(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    asker.member()?;
    let member = |name: &str| fields.text(name).parse::<ActorId>().map_err(|_| Problem::not_found());
    let said = say_no_pair(&asker, &app, (member("a")?, member("b")?)).await?;
    // a second tap finds the pair at rest
    Ok(see_other(
        &said.map_or_else(
            || "/introductions".to_owned(),
            |id| format!("/introductions?done=not-these&id={id}"),
        ),
    ))
}

/// `POST /introductions/{id}/pair-again`: takes that back.
pub async fn pair_again(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    take_back_no_pair(&asker, &app, id).await?;
    Ok(see_other("/introductions"))
}

/// `POST /introductions`: puts a pair of the lists to both, or asks who knows both to introduce them.
pub async fn ask(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = crate::weaver(&asker, &app).await?;
    let member = |name: &str| fields.text(name).parse::<ActorId>().map_err(|_| Problem::not_found());
    let ends = (member("a")?, member("b")?);
    let eyes = if asker.coordinates() { Eyes::Coordinator(me) } else { Eyes::Member(me) };
    let (sources, lang) = (Sources::of(&app), asker.lang);
    let found =
        app.house.read(&asker.viewer, move |r| found_offer(r, &sources, network, eyes, ends, lang)).await?;
    let by_another = fields.text("by") == "another";
    let form = Form::new(asker.texts(), fields);
    let id = crate::once(&app.house, &asker, &form, move |w| {
        // a pair that may not be asked any more: a second coordinator was quicker, or one of them has enough
        let Some(offer) = &found else { return Ok::<_, Problem>(String::new()) };
        let put = if by_another {
            setting::suggest(w, network, me, offer)
        } else {
            actions::put_found(w, network, me, offer)
        };
        match put {
            Ok(id) => Ok(id.to_string()),
            Err(IntroductionError::NotNow) => Ok(String::new()),
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    if id.is_empty() {
        return Ok(see_other("/introductions"));
    }
    Ok(see_other(&format!("/introductions/{id}")))
}

/// `POST /introductions/limits`: what I take on.
pub async fn limits_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, _) = asker.member()?;
    let default = Limits::default();
    let number = |name: &str, default: i64| fields.text(name).trim().parse::<i64>().unwrap_or(default);
    let limits = Limits {
        at_once: number("at_once", default.at_once),
        a_week: number("a_week", default.a_week),
        to_make: number("to_make", default.to_make),
    };
    app.house
        .write(&asker.acting(), move |w| {
            actions::choose_limits(w, me, limits)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/introductions?done=limits"))
}

fn percent(value: &f64) -> String {
    format!("{:.0}", value * 100.0)
}

/// The difference with its sign, of a hundred pairs.
fn of_hundred(value: f64) -> String {
    let rounded = (value * 100.0).round();
    if rounded < 0.0 { format!("−{:.0}", -rounded) } else { format!("{:.0}", rounded.abs()) }
}

fn outcome(t: Texts, row: &Row) -> &'static str {
    match row.outcome {
        Outcome::Tied => t.introductions_brings_tied(),
        Outcome::Agreed => t.introductions_brings_agreed(),
        Outcome::Met => t.introductions_brings_met(),
        Outcome::Exchanged => t.introductions_brings_exchanged(),
        Outcome::Alive => t.introductions_brings_alive(),
    }
}

fn difference(t: Texts, lift: &Lift) -> String {
    let (low, high) = (of_hundred(lift.low), of_hundred(lift.high));
    match lift.tells() {
        Tells::More => t.introductions_brings_more(high, low),
        Tells::Less => t.introductions_brings_less(of_hundred(-lift.low), of_hundred(-lift.high)),
        Tells::Nothing => t.introductions_brings_nothing(high, low),
    }
}

fn offering(t: Texts, call: &TieCall) -> String {
    let what = &call.call.tie.subject_offers;
    if what.is_empty() { String::new() } else { t.ties_call_offer(what) }
}
