//! A site of its own for a test: a fresh store with the demo network, the router, and somebody who asks.

use std::sync::Arc;

use app::App;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use store::Database;
use testing::Fresh;
use tower::ServiceExt as _;

/// The program on a fresh store.
pub struct Site {
    pub fresh: Arc<Fresh>,
    pub db: Arc<Database>,
    pub app: App,
    runtime: tokio::runtime::Runtime,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: Option<String>,
    pub cookies: Vec<String>,
    pub content_type: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// Somebody with a browser: keeps the session cookie.
pub struct Person<'a> {
    pub site: &'a Site,
    pub cookie: Option<String>,
    pub lang: &'static str,
}

/// Runs a test on the demo network, once on each database.
pub fn on_demo(test: impl Fn(&Site)) {
    testing::on_both(|fresh| {
        saan::demo::plant(&fresh.settings).unwrap();
        test(&Site::on(Arc::new(fresh)));
    });
}

/// Runs a test on the demo network of an instance that sends letters, once on each database.
pub fn on_demo_with_letters(test: impl Fn(&Site)) {
    testing::on_both(|fresh| {
        saan::demo::plant(&fresh.settings).unwrap();
        let setup = web::Setup {
            public_url: Some("https://saan.example".to_owned()),
            letters: true,
            ..web::Setup::default()
        };
        test(&Site::with(Arc::new(fresh), setup));
    });
}

/// Runs a test on an empty store, once on each database.
pub fn on_empty(test: impl Fn(&Site)) {
    testing::on_both(|fresh| {
        test(&Site::on(Arc::new(fresh)));
    });
}

impl Site {
    fn on(fresh: Arc<Fresh>) -> Self {
        Self::with(fresh, web::Setup::default())
    }

    pub fn with(fresh: Arc<Fresh>, setup: web::Setup) -> Self {
        let db = Arc::new(fresh.open());
        let app = saan::server::assemble(db.clone(), setup);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { fresh, db, app, runtime }
    }

    /// The same site with services that sign people in.
    pub fn with_providers(mut self, list: Vec<credentials::provider::Settings>) -> Self {
        self.app.providers = app::joining::Providers {
            list: Arc::new(list),
            fetch: Some(Arc::new(saan::server::fetch::Client::default())),
        };
        self
    }

    /// A second process on the same store.
    pub fn beside(&self) -> Self {
        Self::on(Arc::clone(&self.fresh))
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Person<'_> {
        Person { site: self, cookie: None, lang: "th" }
    }

    /// Somebody who comes back with the cookie of before.
    pub fn with_cookie(&self, cookie: Option<String>) -> Person<'_> {
        Person { site: self, cookie, lang: "th" }
    }

    /// One of the demo accounts, signed in.
    pub fn sign_in(&self, name: &str) -> Person<'_> {
        self.stranger().comes_in("/joining/sign-in", &[("name", name), ("password", saan::demo::PASSWORD)])
    }

    pub fn send(&self, request: Request<Body>) -> Reply {
        self.runtime.block_on(async {
            let response = saan::server::router::router(self.app.clone()).oneshot(request).await.unwrap();
            let status = response.status();
            let text = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
            let location = text(header::LOCATION);
            let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
            let cookies = response
                .headers()
                .get_all(header::SET_COOKIE)
                .iter()
                .map(|value| value.to_str().unwrap().to_owned())
                .collect();
            let headers = response.headers().clone();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            Reply {
                status,
                location,
                cookies,
                content_type,
                headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }
}

impl<'a> Person<'a> {
    /// Sends a form that signs somebody in: whoever has the session from then on.
    pub fn comes_in(&self, path: &str, fields: &[(&str, &str)]) -> Person<'a> {
        let reply = self.post(path, fields);
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path} with {fields:?}: {}", reply.body);
        let cookie = reply
            .cookies
            .iter()
            .find_map(|c| c.strip_prefix("saan_session="))
            .map(|rest| format!("saan_session={}", rest.split(';').next().unwrap()));
        assert!(cookie.is_some(), "{path} begins a session");
        Person { site: self.site, cookie, lang: self.lang }
    }
}

impl Person<'_> {
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut cookies = vec![format!("saan_lang={}", self.lang)];
        cookies.extend(self.cookie.clone());
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "saan.test")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies.join("; "))
    }

    /// A request of this person's, to be completed.
    pub fn asks(&self, method: &str, path: &str) -> axum::http::request::Builder {
        self.request(method, path)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.site.send(self.request("GET", path).body(Body::empty()).unwrap())
    }

    /// The page, which must be there.
    pub fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, StatusCode::OK, "GET {path}: {}", reply.body);
        reply.body
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.site.send(request)
    }

    /// Posts JSON; answers the status and the JSON that came back.
    pub fn post_json(&self, path: &str, body: &serde_json::Value) -> (StatusCode, serde_json::Value) {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let reply = self.site.send(request);
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
    }

    /// Posts a form that must be done; answers where it leads.
    pub fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.post(path, fields);
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "POST {path}: {}", reply.body);
        reply.location.unwrap()
    }
}

impl Person<'_> {
    /// Uploads one file as the import page does.
    pub fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Reply {
        self.upload_as("files", path, name, bytes)
    }

    /// Uploads one file under the name of a form's field.
    pub fn upload_as(&self, field: &str, path: &str, name: &str, bytes: &[u8]) -> Reply {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap();
        self.site.send(request)
    }
}

/// The address behind the first link whose text this is.
pub fn link(page: &str, text: &str) -> String {
    page.split("<a ")
        .find(|part| part.split("</a>").next().is_some_and(|inside| inside.ends_with(&format!(">{text}"))))
        .and_then(|part| part.split("href=\"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no link “{text}” in {page}"))
        .to_owned()
}
