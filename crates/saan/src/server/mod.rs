//! The server: the store opened, the router around it, a listener, the worker that does what must follow a commit.

#[cfg(feature = "providers")]
pub mod fetch;
pub mod metrics;
pub mod openapi;
pub mod router;
mod worker;

use std::net::SocketAddr;
use std::sync::Arc;

use app::App;
use axum::middleware::from_fn_with_state;
use store::Database;
use tokio::net::TcpListener;
use web::{House, Setup};

/// Everything a handler is given.
#[must_use]
pub fn assemble(db: Arc<Database>, setup: Setup) -> App {
    App {
        house: House::new(db, Arc::new(setup)),
        panels: router::PANELS,
        intent_panels: router::INTENT_PANELS,
        cards: router::CARDS,
        timelines: router::TIMELINES,
        days: router::DAYS,
        rooms: router::ROOMS,
        search: app::search::Engine::default(),
        pools: app::giving::Pools::default(),
        pairs: app::introductions::Pairs::default(),
        sizes: app::Figures::default(),
        growth: app::Figures::default(),
        providers: app::joining::Providers::default(),
        webhook: None,
    }
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: App,
    metrics: Option<TcpListener>,
    carrier: post::Carrier,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // what is kept in memory is read while everything else is served
    app.search.prepare(app.house.database());
    app.pools.prepare(app.house.database());
    let worker = tokio::spawn(worker::run(Arc::clone(app.house.database())));
    let drawing = tokio::spawn(worker::draw_pairs(
        Arc::clone(app.house.database()),
        app.pools.clone(),
        app.pairs.clone(),
    ));
    let setup = &app.house.setup;
    let line = setup.line.clone();
    let outside = setup.public_url.clone().map(|origin| app::notices::Outside { origin, line });
    let letters = tokio::spawn(worker::carry(Arc::clone(app.house.database()), carrier, outside));
    let counted = metrics::Metrics::default();
    let watched =
        metrics.map(|at| tokio::spawn(metrics::serve(at, counted.clone(), Arc::clone(app.house.database()))));
    // only what is watched is counted
    let router = match &watched {
        Some(_) => router::router(app).layer(from_fn_with_state(counted, metrics::count)),
        None => router::router(app),
    };
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(stop).await;
    worker.abort();
    drawing.abort();
    letters.abort();
    if let Some(watched) = watched {
        watched.abort();
    }
    served
}

/// Resolves when the process is asked to end.
pub async fn asked_to_stop() {
    let interrupted = async {
        // without signals the process can only be killed, which is safe as well
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = terminated => {} }
}
