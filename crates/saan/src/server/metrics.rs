//! What the operator watches, in Prometheus' text format, on a listener of its own: requests by route, how long they
//! took, jobs that wait. No names, no ids: a route is its pattern.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Router, http::header};
use store::Database;
use tokio::net::TcpListener;

/// Upper bounds of the latency buckets, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Debug, Default, Clone)]
struct Line {
    count: u64,
    seconds: f64,
    buckets: [u64; BOUNDS.len()],
}

/// Method, route, class of status.
type Counted = (String, String, u16);

/// Counts since the start, by method, route and class of status.
#[derive(Debug, Default, Clone)]
pub struct Metrics {
    lines: Arc<Mutex<BTreeMap<Counted, Line>>>,
}

impl Metrics {
    fn add(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry((method.to_owned(), route.to_owned(), status / 100)).or_default();
        line.count += 1;
        line.seconds += seconds;
        for (bucket, bound) in line.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self, jobs: (i64, i64)) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut out = String::from("# TYPE saan_requests histogram\n");
        // writing to a String cannot fail
        for ((method, route, class), line) in &lines {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{class}xx\"");
            for (count, bound) in line.buckets.iter().zip(BOUNDS) {
                let _ = writeln!(out, "saan_requests_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "saan_requests_bucket{{{labels},le=\"+Inf\"}} {}", line.count);
            let _ = writeln!(out, "saan_requests_sum{{{labels}}} {}", line.seconds);
            let _ = writeln!(out, "saan_requests_count{{{labels}}} {}", line.count);
        }
        let _ = writeln!(out, "# TYPE saan_jobs gauge");
        let _ = writeln!(out, "saan_jobs{{state=\"waiting\"}} {}", jobs.0);
        let _ = writeln!(out, "saan_jobs{{state=\"failed\"}} {}", jobs.1);
        out
    }
}

/// Counts a request under the pattern of its route; what has none is counted together, so that nobody can fill the
/// memory with invented addresses.
pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let began = Instant::now();
    let response = next.run(request).await;
    metrics.add(&method, &route, response.status().as_u16(), began.elapsed().as_secs_f64());
    response
}

/// Serves `GET /metrics` until the process ends.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, metrics: Metrics, db: Arc<Database>) -> std::io::Result<()> {
    axum::serve(listener, router(metrics, db)).await
}

/// The one address of the listener.
pub fn router(metrics: Metrics, db: Arc<Database>) -> Router {
    let answer = move || {
        let (metrics, db) = (metrics.clone(), Arc::clone(&db));
        async move {
            let jobs = web::on_a_thread(move || db.jobs_waiting()).await.unwrap_or((-1, -1));
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.text(jobs))
        }
    };
    Router::new().route("/metrics", get(answer))
}
