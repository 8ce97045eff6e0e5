//! Our styles, script and pictures, in the binary; addresses change with their content, so that they may be kept.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::OnceLock;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal $media_type:literal),+ $(,)?) => {
        &[$(Asset { name: $name, media_type: $media_type, bytes: include_bytes!(concat!("../../../assets/", $name)) }),+]
    };
}

const ALL: &[Asset] = assets! {
    "saan.css" "text/css; charset=utf-8",
    "saan.js" "text/javascript; charset=utf-8",
    "passkeys.js" "text/javascript; charset=utf-8",
    "push.js" "text/javascript; charset=utf-8",
    "offline.js" "text/javascript; charset=utf-8",
    "plex-thai-400.woff2" "font/woff2",
    "plex-thai-500.woff2" "font/woff2",
    "plex-latin-400.woff2" "font/woff2",
    "icon.svg" "image/svg+xml",
    "icon-192.png" "image/png",
    "icon-512.png" "image/png",
    "icon-maskable.png" "image/png",
};

fn mark(bytes: &[u8]) -> u64 {
    // FNV-1a: a changed file gets another address; no secret hangs on it
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The address of an asset. The styles name the letters' faces, and cannot know a mark: a changed face takes another name.
#[must_use]
pub fn address(name: &str) -> String {
    if name.ends_with(".woff2") {
        return format!("/assets/1/{name}");
    }
    static MARKS: OnceLock<Vec<(&'static str, String)>> = OnceLock::new();
    let marks = MARKS.get_or_init(|| {
        ALL.iter()
            .map(|asset| (asset.name, format!("/assets/{:016x}/{}", mark(asset.bytes), asset.name)))
            .collect()
    });
    marks
        .iter()
        .find(|(known, _)| *known == name)
        .map_or_else(|| format!("/assets/0/{name}"), |(_, at)| at.clone())
}

/// What a device needs to show pages without a signal.
const KEPT: [&str; 8] = [
    "saan.css",
    "saan.js",
    "offline.js",
    "icon.svg",
    "icon-192.png",
    "plex-thai-400.woff2",
    "plex-thai-500.woff2",
    "plex-latin-400.woff2",
];

/// The worker that keeps pages on a device, with the addresses of what it keeps beforehand.
#[must_use]
pub fn worker() -> &'static str {
    static WORKER: OnceLock<String> = OnceLock::new();
    WORKER.get_or_init(|| {
        let kept: Vec<String> = KEPT.iter().map(|name| format!("{:?}", address(name))).collect();
        format!("const ASSETS = [{}];\n{}", kept.join(", "), include_str!("../../../assets/worker.js"))
    })
}

/// Serves an asset, to be kept for a year.
pub async fn serve(Path((_, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.bytes).into_response()
}
