//! The server: the store opened, the router around it, a listener, the worker that does what must follow a commit.

pub mod router;
mod worker;

use std::net::SocketAddr;
use std::sync::Arc;

use app::App;
use store::Database;
use tokio::net::TcpListener;
use web::{House, Setup};

/// Everything a handler is given.
#[must_use]
pub fn assemble(db: Arc<Database>, setup: Setup) -> App {
    App {
        house: House::new(db, Arc::new(setup)),
        panels: router::PANELS,
        search: app::search::Engine::default(),
        pools: app::giving::Pools::default(),
    }
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // the index is built while everything else is served
    app.search.prepare(app.house.database());
    let worker = tokio::spawn(worker::run(Arc::clone(app.house.database())));
    let router = router::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(stop).await;
    worker.abort();
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
