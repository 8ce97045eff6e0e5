use askama::Template;
use axum::extract::{Query, State};
use index::Count;
use serde::Deserialize;
use store::Reading;
use web::{Asker, Lang, Page, Problem};

use super::engine::{Engine, Wanted};
use super::queries::{self, Card};
use crate::{App, Texts};

/// Cards on a page.
pub const ROWS: usize = 10;

/// What `/search?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub q: String,
    pub kind: String,
    pub from: usize,
}

/// The kinds one may ask for alone; `members` is all four kinds of members.
pub const KINDS: [&str; 6] = ["person", "group", "organization", "network", "offer", "need"];

/// What was found, with its cards.
#[derive(Debug, Clone)]
pub struct Shown {
    pub cards: Vec<Card>,
    pub count: Count,
    pub suggestions: Vec<String>,
}

/// Asks, and reads the cards.
pub fn look(r: &Reading<'_>, engine: &Engine, typed: &Typed, rows: usize) -> Result<Shown, Problem> {
    let kinds = KINDS.iter().filter(|kind| **kind == typed.kind).map(|kind| (*kind).to_owned());
    let wanted = Wanted {
        text: typed.q.clone(),
        kinds: kinds.collect(),
        skip: typed.from.min(index::MOST_COUNTED),
        most: rows,
        ..Wanted::default()
    };
    let answer = engine.ask(r, &wanted)?;
    let objects: Vec<i64> = answer.hits.iter().map(|hit| hit.object).collect();
    let cards = queries::cards(r, &objects)?;
    Ok(Shown { cards, count: answer.count, suggestions: answer.suggestions })
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct Found<'a> {
    t: Texts,
    lang: Lang,
    typed: &'a Typed,
    kinds: Vec<(&'static str, &'static str)>,
    shown: Option<&'a Shown>,
    count: String,
    next: Option<String>,
}

/// The word for what was found.
pub fn kind_label(t: Texts, kind: &str) -> &'static str {
    match kind {
        "person" => t.search_kind_person(),
        "group" => t.search_kind_group(),
        "organization" => t.search_kind_organization(),
        "network" => t.search_kind_network(),
        "offer" => t.search_kind_offer(),
        _ => t.search_kind_need(),
    }
}

fn address(q: &str, kind: &str, from: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q);
    if !kind.is_empty() {
        query.append_pair("kind", kind);
    }
    if from > 0 {
        query.append_pair("from", &from.to_string());
    }
    format!("/search?{}", query.finish())
}

/// The address of a suggestion.
fn suggested(q: &str) -> String {
    address(q, "", 0)
}

/// `GET /search`
pub async fn page(asker: Asker, State(app): State<App>, Query(typed): Query<Typed>) -> web::Answer {
    asker.member()?;
    let t = Texts(asker.lang);
    let typed = Typed { q: typed.q.trim().chars().take(200).collect(), ..typed };
    let shown = if typed.q.is_empty() { None } else { find(&asker, &app, &typed).await? };
    if !typed.q.is_empty() && shown.is_none() {
        return Page::new(&asker, t.search_title()).with(&Preparing { t });
    }
    let count = match shown.as_ref().map(|shown| shown.count) {
        Some(Count::More) => t.search_count_more().to_owned(),
        Some(Count::Exactly(n)) => t.search_count(i64::try_from(n).unwrap_or(i64::MAX)),
        None => String::new(),
    };
    let all = match shown.as_ref().map(|shown| shown.count) {
        Some(Count::More) => index::MOST_COUNTED,
        Some(Count::Exactly(n)) => n,
        None => 0,
    };
    let next = typed.from.saturating_add(ROWS);
    let next = (next < all).then(|| address(&typed.q, &typed.kind, next));
    let kinds = KINDS.map(|kind| (kind, kind_label(t, kind))).to_vec();
    Page::new(&asker, t.search_title()).with(&Found {
        t,
        lang: asker.lang,
        typed: &typed,
        kinds,
        shown: shown.as_ref(),
        count,
        next,
    })
}

#[derive(Template)]
#[template(path = "search/preparing.html")]
struct Preparing {
    t: Texts,
}

/// Nothing while the index is being built.
pub async fn find(asker: &Asker, app: &App, typed: &Typed) -> Result<Option<Shown>, Problem> {
    let (engine, db) = (app.search.clone(), std::sync::Arc::clone(app.house.database()));
    let ready =
        engine.is_ready() || web::on_a_thread(move || Ok::<_, Problem>(engine.ready_soon(&db))).await?;
    if !ready {
        return Ok(None);
    }
    let (engine, typed) = (app.search.clone(), typed.clone());
    app.house.read(&asker.viewer, move |r| look(r, &engine, &typed, ROWS)).await.map(Some)
}
