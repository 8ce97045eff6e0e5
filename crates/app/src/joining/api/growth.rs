//! Those one brought, and how the network grows, for programs.

use axum::Json;
use axum::extract::State;
use network::growth::Growth;
use network::rights::Action;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::super::pages::grown;
use super::super::queries::growth;
use crate::{App, allowed};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(brought, grows),
    components(schemas(BroughtOf, BroughtList, ReproductionOf, GenerationOf, GrowthOf)),
    tags((name = "joining"))
)]
pub struct Api;

/// Somebody you brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct BroughtOf {
    /// `mem_…`
    pub id: String,
    pub name: String,
    /// RFC 3339
    pub came_at: String,
    /// Whether you can see something they offer or need.
    pub shares: bool,
    /// Whether there is a tie between the two of you.
    pub tied: bool,
    /// How many they brought in turn, as far as you may see them.
    pub brought: i64,
}

/// Those you brought into the network that is shown, the newest first, at most two hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct BroughtList {
    pub brought: Vec<BroughtOf>,
}

/// Those you brought, as far as you may see them.
#[utoipa::path(get, path = "/api/v1/joining/brought", tag = "joining", responses((status = 200, body = BroughtList)))]
pub async fn brought(asker: Asker, State(app): State<App>) -> Result<Json<BroughtList>, Problem> {
    let (actor, network) = asker.member_and_network()?;
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ReadNetwork)?;
            Ok::<_, Problem>(growth::brought_by(r, network, actor)?)
        })
        .await?;
    let one = |one: growth::Brought| BroughtOf {
        id: one.id.to_string(),
        name: one.called().to_owned(),
        came_at: jiff::Timestamp::from_microsecond(one.came_at.0)
            .map_or_else(|_| String::new(), |at| at.to_string()),
        shares: one.shares,
        tied: one.tied,
        brought: one.brought,
    };
    Ok(Json(BroughtList { brought: found.into_iter().map(one).collect() }))
}

/// New active members per active member per generation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReproductionOf {
    pub value: f64,
    /// Where the interval of 95 % begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// How many active members were watched.
    pub members: usize,
    /// How many active members they brought.
    pub brought: usize,
    /// `grows`, `shrinks`, or `open` where the interval holds 1.
    pub growth: String,
}

/// Members so many steps from somebody whom nobody brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenerationOf {
    pub members: usize,
    pub active: usize,
}

/// How the network that is shown grows.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrowthOf {
    /// Nothing where fewer than five active members were there long enough.
    pub reproduction: Option<ReproductionOf>,
    /// From the first; empty where fewer than five were brought.
    pub generations: Vec<GenerationOf>,
}

/// How the network that is shown grows by bringing.
#[utoipa::path(get, path = "/api/v1/joining/growth", tag = "joining", responses((status = 200, body = GrowthOf)))]
pub async fn grows(asker: Asker, State(app): State<App>) -> Result<Json<GrowthOf>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let known = app.growth.clone();
    let grown = app
        .house
        .read(&asker.viewer, move |r| {
            allowed(r, network, Action::ReadNetwork)?;
            Ok::<_, Problem>(grown(r, &known, network)?)
        })
        .await?;
    let reproduction = grown.number.map(|number| ReproductionOf {
        value: number.value,
        low: number.low,
        high: number.high,
        members: number.members,
        brought: number.brought,
        growth: match number.growth() {
            Growth::Grows => "grows",
            Growth::Shrinks => "shrinks",
            Growth::Open => "open",
        }
        .to_owned(),
    });
    let generations = grown
        .generations
        .iter()
        .map(|one| GenerationOf { members: one.members, active: one.active })
        .collect();
    Ok(Json(GrowthOf { reproduction, generations }))
}
