use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use web::{Answer, Asker, Page, Place, assets};

use crate::Texts;

#[derive(Template)]
#[template(path = "offline/page.html")]
struct Waiting {
    t: Texts,
    words: String,
    script: String,
}

/// What the script says, in the reader's language.
fn words(t: Texts) -> Value {
    json!({
        "refused": t.offline_refused(),
        "old": t.offline_old(),
        "kinds": [
            ["/ties/", t.offline_contact()],
            ["/exchanges/kept/", t.offline_kept()],
            ["/exchanges/", t.offline_thanks()],
        ],
    })
}

/// `GET /offline`: what waits on this device. The list is the device's own; nobody here knows it.
pub async fn page(asker: Asker) -> Answer {
    asker.member()?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.offline_title()).at(Place::Today).with(&Waiting {
        t,
        words: words(t).to_string(),
        script: assets::address("offline.js"),
    })
}

/// `GET /manifest.webmanifest`: how a phone puts us on its first screen.
pub async fn manifest(asker: Asker) -> Response {
    let w = asker.texts();
    let icon = |name: &str, sizes: &str, purpose: &str| {
        let kind = if name.ends_with("svg") { "image/svg+xml" } else { "image/png" };
        json!({ "src": assets::address(name), "sizes": sizes, "type": kind, "purpose": purpose })
    };
    let manifest = json!({
        "id": "/today",
        "name": w.web_name(),
        "short_name": w.web_name(),
        "lang": asker.lang.tag(),
        "dir": "ltr",
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#22406b",
        "icons": [
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-maskable.png", "512x512", "maskable"),
            icon("icon.svg", "any", "any"),
        ],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    (headers, Json(manifest)).into_response()
}

/// `GET /worker.js`: the program that works on the device. It stands at the root, because it may see no more than what
/// stands below it; a browser asks for it anew each time.
pub async fn worker() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, assets::worker()).into_response()
}
