use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use store::Reading;
use store::ids::ActorId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::queries::Size;
use super::{actions, queries};
use crate::{App, Figures, gatherings};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, show, change, gatherings), components(schemas(NetworkOf, Networks, NetworkChange, GatheringOf, Gatherings)), tags((name = "networks")))]
pub struct Api;

/// A network.
#[derive(Debug, Serialize, ToSchema)]
pub struct NetworkOf {
    /// `mem_…`: a network is a member of kind network.
    pub id: String,
    pub name: String,
    pub about: String,
    /// `grassroots`, `established` or `evolved`
    pub origin: Option<String>,
    pub stage: Option<String>,
    pub people: i64,
    pub groups: i64,
    pub organizations: i64,
    /// Grows with every change of name or purpose.
    pub version: i64,
}

/// What a network says about itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NetworkChange {
    /// At most 200 letters.
    pub name: String,
    /// At most 2,000 letters.
    #[serde(default)]
    pub about: String,
    /// The version that was read: a change made in the meantime is not overwritten.
    pub version: i64,
}

/// The network that is shown to you, if there is one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Networks {
    pub networks: Vec<NetworkOf>,
}

fn described(r: &Reading<'_>, sizes: &Figures<Size>, id: ActorId) -> Result<NetworkOf, store::Error> {
    let network = queries::find(r, id)?;
    let size = sizes.of(r, id, || queries::size(r, id))?;
    let count = |kind: &str| size.members.iter().find(|(of, _)| of == kind).map_or(0, |(_, n)| *n);
    Ok(NetworkOf {
        id: network.id.to_string(),
        name: network.name,
        about: network.about,
        origin: network.origin,
        stage: network.stage,
        people: count("person"),
        groups: count("group"),
        organizations: count("organization"),
        version: network.version,
    })
}

/// The network that is shown to you.
#[utoipa::path(get, path = "/api/v1/networks", tag = "networks",
    responses((status = 200, body = Networks), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Networks>, Problem> {
    let (_, session) = asker.member()?;
    let (network, sizes) = (session.network, app.sizes.clone());
    let networks = app
        .house
        .read(&asker.viewer, move |r| {
            Ok::<_, Problem>(network.map(|id| described(r, &sizes, id)).transpose()?.into_iter().collect())
        })
        .await?;
    Ok(Json(Networks { networks }))
}

/// One network.
#[utoipa::path(get, path = "/api/v1/networks/{id}", tag = "networks", params(("id" = String, Path)),
    responses((status = 200, body = NetworkOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<NetworkOf>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let sizes = app.sizes.clone();
    let network = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(described(r, &sizes, id)?)).await?;
    Ok(Json(network))
}

/// Changes name and purpose of the network that is shown to you, if you coordinate it.
#[utoipa::path(put, path = "/api/v1/networks/{id}", tag = "networks", params(("id" = String, Path)),
    request_body = NetworkChange, responses((status = 200, body = NetworkOf), (status = 403), (status = 404),
    (status = 409, description = "changed in the meantime"), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NetworkChange>,
) -> Result<Json<NetworkOf>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let (_, shown) = asker.coordinator()?;
    if shown != id {
        return Err(Problem::not_found());
    }
    let (name, about) =
        (thai::text::normalize(&new.name).into_owned(), thai::text::normalize(&new.about).into_owned());
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Problem::invalid("name"));
    }
    if about.chars().count() > 2000 {
        return Err(Problem::invalid("about"));
    }
    let sizes = app.sizes.clone();
    let network = app
        .house
        .write(&asker.acting(), move |w| {
            actions::describe(w, id, new.version, &name, &about)?;
            let network = described(w, &sizes, id)?;
            Ok::<_, Problem>(w.finished(network)?)
        })
        .await?;
    Ok(Json(network))
}

/// What a network comes together for.
#[derive(Debug, Serialize, ToSchema)]
pub struct GatheringOf {
    pub title: String,
    /// When it comes next, or was last; RFC 3339.
    pub starts_at: String,
    /// As it was written; may be empty.
    pub place: String,
    /// `planned` or `cancelled`
    pub status: String,
}

/// What a network comes together for: what is to come, soonest first, then what was held, latest first; eight at most.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gatherings {
    pub gatherings: Vec<GatheringOf>,
}

/// The gatherings of a network, as its page shows them.
#[utoipa::path(get, path = "/api/v1/networks/{id}/gatherings", tag = "networks", params(("id" = String, Path)),
    responses((status = 200, body = Gatherings), (status = 404)))]
pub async fn gatherings(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Gatherings>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let found = app
        .house
        .read(&asker.viewer, move |r| {
            queries::find(r, id)?;
            Ok::<_, Problem>(gatherings::next(r, gatherings::OF_NETWORK, id, 8)?)
        })
        .await?;
    let moment = |at: store::Micros| {
        jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
    };
    let gatherings = found
        .into_iter()
        .map(|next| GatheringOf {
            title: next.title,
            starts_at: moment(next.at),
            place: next.place,
            status: if next.called_off { "cancelled" } else { "planned" }.to_owned(),
        })
        .collect();
    Ok(Json(Gatherings { gatherings }))
}
