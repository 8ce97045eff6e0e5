//! What introductions bring, for programs of coordinators.

use axum::Json;
use axum::extract::State;
use network::introduction::lift::Side;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Asker, Problem};

use super::super::bringing;
use crate::App;

/// Pairs of one side.
#[derive(Debug, Serialize, ToSchema)]
pub struct SideOf {
    /// Pairs old enough for the outcome.
    pub pairs: u32,
    /// Of how many it came true; none with fewer than 20 pairs on either side.
    pub came: Option<u32>,
}

/// What became of proposed pairs and of those left alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct BringsOf {
    /// `tied` (within 90 days), `agreed` (through an introduction), `met` (in contact within 30 days of the tie),
    /// `exchanged` (within 90 days of it) or `alive` (in contact in the second half of the 180 days after it)
    pub outcome: String,
    /// Days after which a pair is old enough.
    pub days: i64,
    pub proposed: SideOf,
    pub left_alone: SideOf,
    /// How much larger the share of the proposed is, −1 to 1, and its 95 % interval (Newcombe 1998, method 10); none with
    /// fewer than 20 pairs on either side.
    pub more: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// What introductions bring: counts, never who.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntroductionsBring {
    /// An outcome with too few pairs ends the list.
    pub outcomes: Vec<BringsOf>,
    /// Introduced pairs of whom both said whether it was worth it.
    pub said_worth: u32,
    /// The share of them in which both said yes; none below 20.
    pub worth: Option<f64>,
}

/// For coordinators: what became of pairs that were proposed, beside those of the tenth that is left alone.
#[utoipa::path(get, path = "/api/v1/introductions/brings", tag = "introductions",
    responses((status = 200, body = IntroductionsBring), (status = 401), (status = 403)))]
pub async fn brings(asker: Asker, State(app): State<App>) -> Result<Json<IntroductionsBring>, Problem> {
    let (_, network) = asker.coordinator()?;
    let brought =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(bringing::brought(r, network)?)).await?;
    let outcomes = brought.rows.iter().map(|row| {
        let side = |of: Side| SideOf { pairs: of.pairs, came: row.lift.map(|_| of.came) };
        BringsOf {
            outcome: row.outcome.word().to_owned(),
            days: row.outcome.days(),
            proposed: side(row.proposed),
            left_alone: side(row.left_alone),
            more: row.lift.map(|lift| lift.more),
            low: row.lift.map(|lift| lift.low),
            high: row.lift.map(|lift| lift.high),
        }
    });
    Ok(Json(IntroductionsBring {
        outcomes: outcomes.collect(),
        said_worth: brought.said,
        worth: brought.worth.map(|share| share.value),
    }))
}
