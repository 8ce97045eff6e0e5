use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use network::share::Share;
use network::vocabulary::{Alone, Benefit, ExchangeAction, Use};
use serde::{Deserialize, Serialize};
use store::Micros;
use store::ids::ActorId;
use utoipa::{OpenApi, ToSchema};
use web::{Asker, Problem};

use super::ExchangeId;
use super::actions::{self, Draft, Readers};
use super::queries::{self, Exchange};
use super::whole;
use crate::promises::PromiseId;
use crate::{App, dates};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show, create, act, balance, network, hopes, put_hopes),
    components(schemas(
        ExchangeOf, Exchanges, NewExchangeOf, ExchangeAct, BalanceOf, KindOf, ShareOf, WholeOf, HopeOf, Hopes
    )),
    tags((name = "exchanges"))
)]
pub struct Api;

/// What somebody gave somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeOf {
    /// `exc_…`
    pub id: String,
    /// Who gave, `mem_…`.
    pub provider: String,
    pub receiver: String,
    pub what: String,
    /// `deliver_service`, `work`, `transfer`, `use` (lent) or `cite` (knowledge)
    pub action: String,
    pub quantity: String,
    pub effort_minutes: Option<i64>,
    /// `2026-11-22`
    pub on: String,
    /// The promise it fulfils, `prm_…`.
    pub promise: Option<String>,
    /// `recorded`, `confirmed` or `disputed`
    pub state: String,
    /// `not_yet`, `used` or `helped`
    pub use_state: String,
}

impl From<Exchange> for ExchangeOf {
    fn from(exchange: Exchange) -> Self {
        Self {
            id: exchange.id.to_string(),
            provider: exchange.provider.to_string(),
            receiver: exchange.receiver.to_string(),
            on: dates::day(Micros(exchange.on_day.saturating_mul(Micros::DAY))).to_string(),
            promise: exchange.promise.map(|id| id.to_string()),
            state: exchange.state.word().to_owned(),
            use_state: exchange.use_.unwrap_or(Use::NotYet).word().to_owned(),
            what: exchange.what,
            action: exchange.action,
            quantity: exchange.quantity,
            effort_minutes: exchange.effort_minutes,
        }
    }
}

/// Your exchanges, the newest hundred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exchanges {
    pub exchanges: Vec<ExchangeOf>,
}

/// What happened: a promise that was kept, or anything else given or received.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewExchangeOf {
    /// The promise that was kept, `prm_…`; then nothing else is needed.
    pub promise: Option<String>,
    /// With whom, `mem_…`.
    pub with: String,
    /// Whether you gave it; otherwise you received it.
    pub i_gave: bool,
    /// At most 300 letters.
    pub what: String,
    pub action: Option<String>,
    pub quantity: String,
    pub effort_minutes: Option<i64>,
    /// `2026-11-22`; without it, today.
    pub on: Option<String>,
    /// What you gained, such as `knowledge`, where you received.
    pub benefits: Vec<String>,
}

/// What you say of an exchange; each act reads its own fields.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ExchangeAct {
    /// For `thanks` and `dispute`.
    pub words: String,
    /// For `thanks`: whether the network's members may read it.
    pub public: bool,
    /// For `gained`.
    pub benefits: Vec<String>,
    /// For `gained`: `could_not`, `with_effort` or `could`. Shown to nobody.
    pub alone: Option<String>,
    /// For `helped`: `used` or `helped`.
    pub use_state: Option<String>,
}

/// How often one kind of benefit was given and received.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindOf {
    pub benefit: String,
    pub given: u32,
    pub received: u32,
}

/// What you gave and received: for your eyes alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceOf {
    pub given: u32,
    pub received: u32,
    pub kinds: Vec<KindOf>,
}

/// A share with its 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareOf {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub of: u32,
}

impl From<Share> for ShareOf {
    fn from(share: Share) -> Self {
        Self { value: share.value, low: share.low, high: share.high, of: share.of }
    }
}

/// The network as a whole in the past year; what would speak of fewer than five people is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeOf {
    pub exchanges: Option<i64>,
    pub promises_kept: Option<ShareOf>,
    pub helped: Option<ShareOf>,
    pub two_way: Option<ShareOf>,
    /// Results of which both sides say, apart, that they could not have done it alone.
    pub more_than_alone: Option<ShareOf>,
}

/// What you hope for, and how much of it came.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HopeOf {
    pub benefit: String,
    /// 1 not at all to 5 fully.
    #[serde(default)]
    pub level: Option<i64>,
}

/// Your hopes in this network: shown to nobody else.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Hopes {
    pub hopes: Vec<HopeOf>,
}

fn benefits(words: &[String]) -> Result<Vec<Benefit>, Problem> {
    words.iter().map(|word| Benefit::from_word(word).ok_or_else(|| Problem::invalid("benefits"))).collect()
}

fn text(field: &str, given: &str, most: usize) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
}

/// Your exchanges.
#[utoipa::path(get, path = "/api/v1/exchanges", tag = "exchanges",
    responses((status = 200, body = Exchanges), (status = 401)))]
pub async fn list(asker: Asker, State(app): State<App>) -> Result<Json<Exchanges>, Problem> {
    let (me, _) = asker.member()?;
    let exchanges =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::of_member(r, me, 0, 100)?)).await?;
    Ok(Json(Exchanges { exchanges: exchanges.into_iter().map(ExchangeOf::from).collect() }))
}

/// One exchange.
#[utoipa::path(get, path = "/api/v1/exchanges/{id}", tag = "exchanges", params(("id" = String, Path)),
    responses((status = 200, body = ExchangeOf), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ExchangeOf>, Problem> {
    asker.member()?;
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let exchange = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(exchange.into()))
}

/// Records what was given or received, or that a promise was kept. Once for an `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/exchanges", tag = "exchanges", request_body = NewExchangeOf,
    responses((status = 201, body = ExchangeOf), (status = 404), (status = 409), (status = 422)))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewExchangeOf>,
) -> Result<(StatusCode, Json<ExchangeOf>), Problem> {
    let (me, network) = asker.member_and_network()?;
    if let Some(promise) = &new.promise {
        let promise: PromiseId = promise.parse().map_err(|_| Problem::not_found())?;
        let exchange = app
            .house
            .write(&asker.acting(), move |w| {
                let id = actions::keep(w, promise, 0)?;
                let exchange = queries::find(w, id)?;
                Ok::<_, Problem>(w.finished(exchange)?)
            })
            .await?;
        return Ok((StatusCode::CREATED, Json(exchange.into())));
    }
    let other: ActorId = new.with.parse().map_err(|_| Problem::not_found())?;
    let what = text("what", &new.what, 300)?;
    if what.is_empty() {
        return Err(Problem::invalid("what"));
    }
    let action = match new.action.as_deref() {
        None => ExchangeAction::DeliverService,
        Some(word) => ExchangeAction::from_word(word).ok_or_else(|| Problem::invalid("action"))?,
    };
    let on_day = match new.on.as_deref() {
        None => app.house.database().now().day(7),
        Some(day) => dates::read(day).ok_or_else(|| Problem::invalid("on"))?.day(7),
    };
    if new.effort_minutes.is_some_and(|minutes| !(1..=60_000).contains(&minutes)) {
        return Err(Problem::invalid("effort_minutes"));
    }
    let (provider, receiver) = if new.i_gave { (me, other) } else { (other, me) };
    let draft = Draft {
        network,
        provider,
        receiver,
        what,
        action,
        quantity: text("quantity", &new.quantity, 80)?,
        effort_minutes: new.effort_minutes,
        on_day,
        intent: None,
        promise: None,
        benefits: if new.i_gave { Vec::new() } else { benefits(&new.benefits)? },
    };
    let exchange = app
        .house
        .write(&asker.acting(), move |w| {
            let id = actions::say(w, &draft)?;
            let exchange = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(exchange)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(exchange.into())))
}

/// What you say of an exchange: `confirm`, `dispute`, `gained`, `helped` or `thanks`.
#[utoipa::path(post, path = "/api/v1/exchanges/{id}/{act}", tag = "exchanges",
    params(("id" = String, Path), ("act" = String, Path)), request_body = ExchangeAct,
    responses((status = 200, body = ExchangeOf), (status = 404), (status = 409), (status = 422)))]
pub async fn act(
    asker: Asker,
    State(app): State<App>,
    Path((id, word)): Path<(String, String)>,
    Json(given): Json<ExchangeAct>,
) -> Result<Json<ExchangeOf>, Problem> {
    asker.member()?;
    let id: ExchangeId = id.parse().map_err(|_| Problem::not_found())?;
    let words = text("words", &given.words, 500)?;
    let gained = benefits(&given.benefits)?;
    let alone = match given.alone.as_deref() {
        None => None,
        Some(word) => Some(Alone::from_word(word).ok_or_else(|| Problem::invalid("alone"))?),
    };
    let use_ = match (word.as_str(), given.use_state.as_deref()) {
        ("helped", word) => Some(word.and_then(Use::from_word).ok_or_else(|| Problem::invalid("use_state"))?),
        _ => None,
    };
    if word == "thanks" && words.is_empty() {
        return Err(Problem::invalid("words"));
    }
    let readers = if given.public { Readers::Network } else { Readers::Us };
    let exchange = app
        .house
        .write(&asker.acting(), move |w| {
            match (word.as_str(), use_) {
                ("confirm", _) => actions::confirm(w, id)?,
                ("dispute", _) => actions::dispute(w, id, &words)?,
                ("thanks", _) => actions::thank(w, id, &words, readers)?,
                ("helped", Some(use_)) => actions::put_use(w, id, use_)?,
                ("gained", _) => {
                    actions::put_benefits(w, id, &gained)?;
                    if let Some(alone) = alone {
                        actions::put_alone(w, id, alone)?;
                    }
                }
                _ => return Err(Problem::not_found()),
            }
            let exchange = queries::find(w, id)?;
            Ok::<_, Problem>(w.finished(exchange)?)
        })
        .await?;
    Ok(Json(exchange.into()))
}

/// What you gave and received, by kind.
#[utoipa::path(get, path = "/api/v1/exchanges/balance", tag = "exchanges",
    responses((status = 200, body = BalanceOf), (status = 401)))]
pub async fn balance(asker: Asker, State(app): State<App>) -> Result<Json<BalanceOf>, Problem> {
    let (me, _) = asker.member()?;
    let (all, kinds) = app
        .house
        .read(&asker.viewer, move |r| {
            Ok::<_, Problem>((queries::balance_of(r, me, 0)?, queries::kinds_of(r, me)?))
        })
        .await?;
    let kind = |(benefit, balance): &(Benefit, network::exchange::Balance)| KindOf {
        benefit: benefit.word().to_owned(),
        given: balance.given,
        received: balance.received,
    };
    Ok(Json(BalanceOf { given: all.given, received: all.received, kinds: kinds.iter().map(kind).collect() }))
}

/// What the network's members gave each other, as a whole.
#[utoipa::path(get, path = "/api/v1/exchanges/network", tag = "exchanges",
    responses((status = 200, body = WholeOf), (status = 401)))]
pub async fn network(asker: Asker, State(app): State<App>) -> Result<Json<WholeOf>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let whole = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(whole::of(r, network)?)).await?;
    Ok(Json(WholeOf {
        exchanges: whole.exchanges,
        promises_kept: whole.kept.map(ShareOf::from),
        helped: whole.helped.map(ShareOf::from),
        two_way: whole.two_way.map(ShareOf::from),
        more_than_alone: whole.more.map(ShareOf::from),
    }))
}

/// What you hope for here.
#[utoipa::path(get, path = "/api/v1/exchanges/hopes", tag = "exchanges",
    responses((status = 200, body = Hopes), (status = 401)))]
pub async fn hopes(asker: Asker, State(app): State<App>) -> Result<Json<Hopes>, Problem> {
    let (me, network) = asker.member_and_network()?;
    let hopes =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::hopes_of(r, network, me)?)).await?;
    let hope = |(benefit, level, _): (Benefit, Option<i64>, Option<Micros>)| HopeOf {
        benefit: benefit.word().to_owned(),
        level,
    };
    Ok(Json(Hopes { hopes: hopes.into_iter().map(hope).collect() }))
}

/// Says what you hope for here, and how much of it came, in place of what you said before.
#[utoipa::path(put, path = "/api/v1/exchanges/hopes", tag = "exchanges", request_body = Hopes,
    responses((status = 204), (status = 401), (status = 422)))]
pub async fn put_hopes(
    asker: Asker,
    State(app): State<App>,
    Json(given): Json<Hopes>,
) -> Result<StatusCode, Problem> {
    let (me, network) = asker.member_and_network()?;
    let mut hoped = Vec::new();
    let mut levels = Vec::new();
    for hope in &given.hopes {
        let benefit = Benefit::from_word(&hope.benefit).ok_or_else(|| Problem::invalid("benefit"))?;
        hoped.push(benefit);
        if let Some(level) = hope.level {
            if !(1..=5).contains(&level) {
                return Err(Problem::invalid("level"));
            }
            levels.push((benefit, level));
        }
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::put_hope(w, network, me, &hoped)?;
            actions::put_level(w, network, me, &levels)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
