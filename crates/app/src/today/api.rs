use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::pages;
use crate::App;
use crate::parts::{Card, CardAct};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list), components(schemas(TodayOf, CardOf, ActOf)), tags((name = "today")))]
pub struct Api;

/// What is yours to do now, the most pressing first, at most seven; empty is a good state.
#[derive(Debug, Serialize, ToSchema)]
pub struct TodayOf {
    pub cards: Vec<CardOf>,
}

/// One thing to do, in the language asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardOf {
    pub title: String,
    /// One sentence from true causes.
    pub why: String,
    /// The page of the whole, its last part an id that the address of the same name under `/api/v1` takes.
    pub link: String,
    /// 0 somebody waits for you or your word is due, 1 somebody is due, 2 you could help, 3 the rest
    pub rank: u8,
    pub act: ActOf,
}

/// What one tap on the page does.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActOf {
    /// `look`, `answer` (yes or no), `do`, or `contact` (say that you were in contact)
    pub kind: String,
    /// The page that does it.
    pub address: String,
}

impl From<Card> for CardOf {
    fn from(card: Card) -> Self {
        let (kind, address) = match card.act {
            CardAct::Go { address, .. } => ("look", address),
            CardAct::Answer { address, .. } => ("answer", address),
            CardAct::Do { address, .. } => ("do", address),
            CardAct::Contact { address, .. } => ("contact", address),
        };
        let act = ActOf { kind: kind.to_owned(), address };
        Self { title: card.title, why: card.why, link: card.link, rank: card.rank, act }
    }
}

/// What is yours to do today, and why.
#[utoipa::path(get, path = "/api/v1/today", tag = "today",
    responses((status = 200, body = TodayOf), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<TodayOf>, Problem> {
    let (actor, _) = asker.member()?;
    let asked = asker.clone();
    let (others, pools) = (app.cards, app.pools.clone());
    let cards =
        app.house.read(&asker.viewer, move |r| pages::gathered(r, &asked, actor, others, &pools)).await?;
    Ok(Json(TodayOf { cards: cards.into_iter().map(CardOf::from).collect() }))
}
