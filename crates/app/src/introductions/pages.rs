use askama::Template;
use axum::extract::{Path, State};
use store::ids::{ActorId, IntroductionId};
use store::journal::{Act, Entry};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::actions::{self, Pair};
use super::queries::{self, Introduction};
use crate::members::{self, Named};
use crate::{App, Texts, dates, ties};

/// A pair as the page shows it.
#[derive(Debug)]
struct Shown {
    pair: Pair,
    a: Named,
    b: Named,
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

/// An introduction under way.
#[derive(Debug)]
struct UnderWay {
    introduction: Introduction,
    a: Named,
    b: Named,
}

#[derive(Template)]
#[template(path = "introductions/list.html")]
struct List<'a> {
    t: Texts,
    lang: Lang,
    form: &'a Form,
    pairs: &'a [Shown],
    calls: &'a [Call],
    tie_calls: &'a [TieCall],
    under_way: &'a [UnderWay],
}

/// `GET /introductions`: the pairs that could help each other most, whom to call, and what is under way.
pub async fn list(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.coordinator()?;
    let lang = asker.lang;
    let (pairs, calls, tie_calls, under_way) = app
        .house
        .read(&asker.viewer, move |r| {
            let name = |id: ActorId| Ok::<_, Problem>(members::names(r, &[id])?.pop());
            let mut pairs = Vec::new();
            for pair in actions::pairs(r, network, lang)? {
                if let (Some(a), Some(b)) = (name(pair.a)?, name(pair.b)?) {
                    pairs.push(Shown { pair, a, b });
                }
            }
            let mut calls = Vec::new();
            for (id, who, about, phone) in queries::to_call(r, network)? {
                if let (Some(who), Some(about)) = (name(who)?, name(about)?) {
                    calls.push(Call { id, who, about, phone });
                }
            }
            let mut tie_calls = Vec::new();
            for call in ties::to_call(r, network)? {
                if let (Some(who), Some(from)) = (name(call.tie.object)?, name(call.tie.subject)?) {
                    tie_calls.push(TieCall { call, who, from });
                }
            }
            let mut under_way = Vec::new();
            for introduction in queries::of_network(r, network)? {
                if let (Some(a), Some(b)) = (name(introduction.a)?, name(introduction.b)?) {
                    under_way.push(UnderWay { introduction, a, b });
                }
            }
            Ok::<_, Problem>((pairs, calls, tie_calls, under_way))
        })
        .await?;
    let t = Texts(lang);
    Page::new(&asker, t.introductions_title()).at(Place::Networks).with(&List {
        t,
        lang,
        form: &Form::new(asker.texts(), Fields::default()),
        pairs: &pairs,
        calls: &calls,
        tie_calls: &tie_calls,
        under_way: &under_way,
    })
}

/// `POST /introductions`: asks both of a pair.
pub async fn ask(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (actor, network) = asker.coordinator()?;
    let member = |name: &str| fields.text(name).parse::<ActorId>().map_err(|_| Problem::not_found());
    let (a, b) = (member("a")?, member("b")?);
    let lang = asker.lang;
    let form = Form::new(asker.texts(), fields);
    crate::once(&app.house, &asker, &form, move |w| {
        // the reasons come from the pair as it stands now, not from what a browser sent
        let Some(pair) = actions::pairs(w, network, lang)?.into_iter().find(|p| (p.a, p.b) == (a, b)) else {
            return Ok::<_, Problem>(String::new());
        };
        let gains = |to: ActorId| {
            pair.whys
                .iter()
                .filter(|help| help.receiver == to)
                .map(|help| help.offer.clone())
                .collect::<Vec<_>>()
                .join(" · ")
        };
        let reason = pair.whys.first().map(|help| help.reason.clone()).unwrap_or_default();
        let (a_gains, b_gains) = (gains(a), gains(b));
        let id = actions::ask(w, network, actor, (a, &a_gains), (b, &b_gains), &reason)?;
        Ok(id.map(|id| id.to_string()).unwrap_or_default())
    })
    .await?;
    Ok(see_other("/introductions"))
}

/// `POST /introductions/{id}/answer`
pub async fn answer(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let (actor, _) = asker.member()?;
    let word = if fields.text("answer") == "yes" { "yes" } else { "no" };
    app.house
        .write(&asker.acting(), move |w| {
            actions::answer(w, id, actor, word, "page")?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/today"))
}

/// `POST /introductions/{id}/recorded/{member}`: a coordinator called, and writes down the answer.
pub async fn recorded_answer(
    asker: Asker,
    State(app): State<App>,
    Path((id, member)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let id: IntroductionId = id.parse().map_err(|_| Problem::not_found())?;
    let member: ActorId = member.parse().map_err(|_| Problem::not_found())?;
    let (_, network) = asker.coordinator()?;
    let word = if fields.text("answer") == "yes" { "yes" } else { "no" };
    let mut acting = asker.acting();
    acting.on_behalf_of = Some(member);
    app.house
        .write(&acting, move |w| {
            // only for those who cannot answer themselves
            if !queries::to_call(w, network)?.iter().any(|(open, who, _, _)| *open == id && *who == member) {
                return Err(Problem::not_found());
            }
            actions::answer(w, id, member, word, "phone")?;
            w.record(&Entry::new(Act::Administer, "introductions.record_answer", id.0).in_network(network))?;
            Ok(w.finished(())?)
        })
        .await?;
    Ok(see_other("/introductions"))
}

/// What a card about an introduction says of its end.
fn until(call: &UnderWay, lang: Lang) -> String {
    dates::short(call.introduction.closes_at, lang)
}

fn called<'a>(one: &'a Shown, id: &ActorId) -> &'a str {
    if one.a.id == *id { one.a.called() } else { one.b.called() }
}

fn offering(t: Texts, call: &TieCall) -> String {
    let what = &call.call.tie.subject_offers;
    if what.is_empty() { String::new() } else { t.ties_call_offer(what) }
}
