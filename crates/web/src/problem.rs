//! What went wrong, as a page for people and as RFC 9457 JSON for programs.
//!
//! A feature's error becomes a [`Problem`] in one place of that feature. A problem knows its sentence in both
//! languages; which one is shown is decided at the door, where it is known who asked.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use thai::Lang;

use crate::{Asker, Page, Texts};

/// One clear sentence, and what kind of problem it is.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    /// A word that programs may rely on, such as `not-found`.
    pub code: &'static str,
    thai: String,
    english: String,
    /// Which field, for forms sent as JSON.
    pub field: Option<String>,
    /// After how many seconds another try may do better.
    wait: Option<u32>,
}

/// More than any refusal of an extractor says.
const LONGEST_REFUSAL: usize = 4_096;

impl Problem {
    /// A problem with its sentence in both languages.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, sentence: impl Fn(Lang) -> String) -> Self {
        Self {
            status,
            code,
            thai: sentence(Lang::Thai),
            english: sentence(Lang::English),
            field: None,
            wait: None,
        }
    }

    fn ours(status: StatusCode, code: &'static str, sentence: fn(Texts) -> &'static str) -> Self {
        Self::new(status, code, |lang| sentence(Texts(lang)).to_owned())
    }

    /// Named for the field it belongs to.
    #[must_use]
    pub fn in_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> &str {
        match lang {
            Lang::Thai => &self.thai,
            Lang::English => &self.english,
        }
    }

    /// There is nothing here, or nothing for you: the two are never told apart.
    #[must_use]
    pub fn not_found() -> Self {
        Self::ours(StatusCode::NOT_FOUND, "not-found", Texts::web_problem_not_found)
    }
    /// Only for those in charge.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::ours(StatusCode::FORBIDDEN, "forbidden", Texts::web_problem_forbidden)
    }
    /// Only for those signed in; a page becomes the way to sign in.
    #[must_use]
    pub fn sign_in() -> Self {
        Self::ours(StatusCode::UNAUTHORIZED, "sign-in", Texts::web_problem_sign_in)
    }
    /// A form that another site sent.
    #[must_use]
    pub fn cross_site() -> Self {
        Self::ours(StatusCode::FORBIDDEN, "cross-site", Texts::web_problem_cross_site)
    }
    /// More than we take.
    #[must_use]
    pub fn too_large() -> Self {
        Self::ours(StatusCode::PAYLOAD_TOO_LARGE, "too-large", Texts::web_problem_too_large)
    }
    /// Not readable as what it should be.
    #[must_use]
    pub fn bad_request() -> Self {
        Self::ours(StatusCode::BAD_REQUEST, "bad-request", Texts::web_problem_bad_request)
    }
    /// A form that was filled in by another person on the same device.
    #[must_use]
    pub fn another_person() -> Self {
        Self::ours(StatusCode::PRECONDITION_FAILED, "another-person", Texts::web_problem_another)
    }
    /// Too many tries in too short a time. `wait`: seconds until one is let through again, where waiting helps.
    #[must_use]
    pub fn too_many(wait: Option<u32>) -> Self {
        let problem = Self::ours(StatusCode::TOO_MANY_REQUESTS, "too-many", Texts::web_problem_too_many);
        Self { wait, ..problem }
    }
    /// A parameter in the address that nobody reads.
    #[must_use]
    pub fn parameter(name: &str) -> Self {
        Self::ours(StatusCode::BAD_REQUEST, "unknown-parameter", Texts::web_problem_parameter).in_field(name)
    }
    /// An access token that may not do this.
    #[must_use]
    pub fn scope() -> Self {
        Self::ours(StatusCode::FORBIDDEN, "scope", Texts::web_problem_scope)
    }
    /// The same request is being done at this moment.
    #[must_use]
    pub fn under_way() -> Self {
        Self::ours(StatusCode::CONFLICT, "under-way", Texts::web_problem_under_way)
    }
    /// A field that needs another look.
    #[must_use]
    pub fn invalid(field: &str) -> Self {
        Self::ours(StatusCode::UNPROCESSABLE_ENTITY, "invalid", Texts::web_problem_invalid).in_field(field)
    }
    /// Sent before with the same key and other content.
    #[must_use]
    pub fn sent_twice() -> Self {
        Self::ours(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key", Texts::web_problem_twice)
    }

    /// As the one who asked should see it.
    #[must_use]
    pub fn into_answer(self, asker: &Asker) -> Response {
        let wait = self.wait;
        let mut response = self.shown_to(asker);
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    fn shown_to(self, asker: &Asker) -> Response {
        let path = asker.path.split('?').next().unwrap_or_default();
        if path.starts_with("/api/") {
            return self.json(asker.lang);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let back: String = form_urlencoded::byte_serialize(asker.path.as_bytes()).collect();
            return crate::see_other(&format!("/joining/sign-in?back={back}"));
        }
        let page = Page::new(asker, self.sentence(asker.lang)).problem();
        let mut response = page.show();
        *response.status_mut() = self.status;
        response
    }

    /// RFC 9457.
    fn json(&self, lang: Lang) -> Response {
        let mut body = json!({
            "type": format!("/problems/{}", self.code),
            "title": self.sentence(lang),
            "status": self.status.as_u16(),
        });
        if let (Some(field), Some(object)) = (&self.field, body.as_object_mut()) {
            object.insert("field".to_owned(), json!(field));
        }
        let headers =
            [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, lang.tag())];
        (self.status, headers, body.to_string()).into_response()
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::not_found(),
            store::Error::Busy => {
                Self::ours(StatusCode::SERVICE_UNAVAILABLE, "busy", Texts::web_problem_busy)
            }
            store::Error::Changed | store::Error::Taken(_) => {
                Self::ours(StatusCode::CONFLICT, "changed", Texts::web_problem_changed)
            }
            store::Error::Open(why) | store::Error::Fault(why) => {
                tracing::error!("{why}");
                Self::ours(StatusCode::INTERNAL_SERVER_ERROR, "fault", Texts::web_problem_fault)
            }
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::from(store::Error::Fault(format!("template: {error}")))
    }
}

impl IntoResponse for Problem {
    /// Carried to the door, where [`shown`] makes it a page or JSON.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns a problem on its way out, and the bare refusals of extractors, into what the one who asked can read.
pub(crate) async fn shown(mut response: Response, asker: &Asker) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return problem.into_answer(asker);
    }
    let ours = response.headers().contains_key(header::CONTENT_LANGUAGE)
        || response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|t| !t.as_bytes().starts_with(b"text/plain"));
    if ours {
        return response;
    }
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Problem::not_found().into_answer(asker),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large().into_answer(asker),
        status if status.is_client_error() => {
            let said = axum::body::to_bytes(response.into_body(), LONGEST_REFUSAL).await.unwrap_or_default();
            let field = field_named(&String::from_utf8_lossy(&said));
            field.map_or_else(Problem::bad_request, |field| Problem::invalid(&field)).into_answer(asker)
        }
        status if status.is_server_error() => {
            Problem::from(store::Error::Fault(format!("{status} at {}", asker.path))).into_answer(asker)
        }
        _ => response,
    }
}

/// The field that a body of JSON lacks, or whose value is of another kind, from what its reader says of it, such as
/// `Failed to deserialize the JSON body into the target type: choices[0].when: missing field `scope` at line 1 column 9`.
fn field_named(said: &str) -> Option<String> {
    let (_, what) = said.split_once("into the target type: ")?;
    let is_path =
        |text: &&str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'));
    let path = what.split_once(": ").map(|(path, _)| path).filter(is_path).filter(|path| *path != ".");
    let of_path = path.unwrap_or_default();
    let quoted = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|words| what.split_once(words))
        .and_then(|(_, rest)| rest.split_once('`'))
        .map(|(name, _)| name);
    match (of_path, quoted) {
        ("", None) => None,
        ("", Some(name)) => Some(name.to_owned()),
        // an unknown field stands in the path already
        (path, Some(name)) if path == name || path.ends_with(&format!(".{name}")) => Some(path.to_owned()),
        (path, Some(name)) => Some(format!("{path}.{name}")),
        (path, None) => Some(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_of_a_refused_body_is_named() {
        let said = |what: &str| {
            field_named(&format!(
                "Failed to deserialize the JSON body into the target type: {what} at line 1 column 2"
            ))
        };
        assert_eq!(said("missing field `text`").as_deref(), Some("text"));
        assert_eq!(said("area: invalid type: integer `5`, expected a string").as_deref(), Some("area"));
        assert_eq!(said("choices[0]: missing field `scope`").as_deref(), Some("choices[0].scope"));
        assert_eq!(said("a.b: unknown field `b`, expected `c`").as_deref(), Some("a.b"));
        assert_eq!(said("expected value"), None);
        assert_eq!(field_named("Expected request with `Content-Type: application/json`"), None);
    }
}
