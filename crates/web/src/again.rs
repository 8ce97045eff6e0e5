//! `Idempotency-Key`: a request to the API that is sent again with the same key gets the first one's answer and makes
//! nothing new (draft-ietf-httpapi-idempotency-key-header). The key is reserved before the request is done, so that two
//! at once make one object; a request that failed lets its key go. The write marks the key as done in its own
//! transaction, so that a process killed before the answer was remembered makes no second object either.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, Limited};
use store::idempotency::{self, Reserved};
use store::ids::AccountId;
use store::sessions;

use crate::{Asker, House, Problem};

/// The largest request that may carry a key, and the largest answer remembered.
const LARGEST: usize = 256 * 1024;
/// The same for files.
const LARGEST_FILES: usize = 40 * 1024 * 1024;

/// Does a request with a key once.
pub async fn once_a_key(State(house): State<House>, asker: Asker, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let (Some(key), Some(account)) = (key, asker.viewer.account()) else { return next.run(request).await };
    if request.method() != Method::POST || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    if !(1..=200).contains(&key.len()) {
        return Problem::bad_request().into_response();
    }
    match answered(&house, account, key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answered(
    house: &House,
    account: AccountId,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let files = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let most = if files { LARGEST_FILES } else { LARGEST };
    let body = Limited::new(body, most).collect().await.map_err(|_| Problem::too_large())?.to_bytes();
    let digest = sessions::hash(&format!("{} {}", parts.uri.path(), String::from_utf8_lossy(&body)));
    let key = format!("api/{key}");
    let db = house.database().clone();
    let reserving = key.clone();
    let reserved = crate::on_a_thread(move || {
        db.bookkeeping("idempotency", |w| idempotency::reserve(w, account, &reserving, &digest))
            .map_err(Problem::from)
    })
    .await?;
    match reserved {
        Reserved::Fresh => {}
        // what was made is there; its answer is lost with the process that made it
        Reserved::Done => return Ok(replayed(200, "{\"done\":true}".to_owned())),
        Reserved::UnderWay => return Err(Problem::under_way()),
        Reserved::OtherRequest => return Err(Problem::sent_twice()),
        Reserved::Answered { status, answer } => return Ok(replayed(status, answer)),
    }
    if let Some(asker) = parts.extensions.get_mut::<Asker>() {
        asker.key = Some(key.as_str().into());
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let status = response.status();
    let (head, body) = response.into_parts();
    let bytes =
        Limited::new(body, LARGEST).collect().await.map_or_else(|_| Bytes::new(), |body| body.to_bytes());
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let db = house.database().clone();
    crate::on_a_thread(move || {
        db.bookkeeping("idempotency", |w| {
            if status.is_success() {
                idempotency::finish(w, account, &key, i64::from(status.as_u16()), &answer)
            } else {
                idempotency::release(w, account, &key)
            }
        })
        .map_err(Problem::from)
    })
    .await?;
    Ok(Response::from_parts(head, Body::from(bytes)))
}

fn replayed(status: i64, answer: String) -> Response {
    let status =
        u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, answer).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
