//! The description of the API: OpenAPI 3.1, put together from what each feature says of itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};
use utoipa::{OpenApi, PartialSchema as _, ToSchema};

#[derive(Debug, OpenApi)]
#[openapi(info(
    title = "Saan",
    description = "Weaving networks of persons, groups and organizations. Sign in with a personal access token of your \
                   settings: `Authorization: Bearer saan_…`; the scope `write` is needed for everything but GET. Lists \
                   page by cursor: `next` of one answer is `after` (or `before`) of the next request. Problems are \
                   RFC 9457: `Problem` is the body of every answer of 4xx and 5xx. A POST with an `Idempotency-Key` is done once. With `Act-As: mem_…` a request \
                   speaks for a group or organization that its person acts for.",
    license(name = "AGPL-3.0-or-later")
))]
struct Base;

/// What went wrong, for programs and for people (RFC 9457).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what web::Problem writes")]
struct Problem {
    /// A word programs may rely on, such as `/problems/not-found`.
    #[schema(rename = "type", format = "uri-reference")]
    kind: String,
    /// One sentence, in the language asked for.
    title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Which field of the request needs another look.
    #[schema(nullable = false)]
    field: Option<String>,
}

/// The errors that operations share: name, status, and when.
const ERRORS: [(&str, &str, &str); 9] = [
    ("Unreadable", "400", "not readable as what it should be"),
    ("NoToken", "401", "no token, or one that is not known"),
    ("NotAllowed", "403", "the token's scopes, or the role in the network, are not enough"),
    ("NotFound", "404", "there is nothing here, or nothing for you"),
    (
        "Conflict",
        "409",
        "the state of things does not allow it, or the same key is being used at this moment",
    ),
    ("TooLarge", "413", "more than is taken"),
    ("Invalid", "422", "a field needs another look, or the key was used for another request"),
    ("Broken", "500", "something broke here"),
    ("Busy", "503", "the database is busy: try again"),
];

fn problem(description: &str) -> Response {
    let mut response = Response::new(description);
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    response.content.insert("application/problem+json".to_owned(), RefOr::T(body));
    response
}

/// Names the errors that every operation of a kind can end in, beside those it names itself, and says what the body of
/// an error is.
fn name_errors(path: &str, item: &mut PathItem) {
    let once = item.post.iter_mut().map(|operation| (operation, vec!["409", "422"]));
    let others = item.get.iter_mut().chain(item.put.iter_mut()).chain(item.delete.iter_mut());
    for (operation, mut errors) in others.map(|operation| (operation, Vec::new())).chain(once) {
        errors.extend(["401", "403", "500", "503"]);
        let queried =
            operation.parameters.iter().flatten().any(
                |parameter| matches!(parameter, RefOr::T(one) if one.parameter_in == ParameterIn::Query),
            );
        if operation.request_body.is_some() || queried {
            errors.push("400");
        }
        if operation.request_body.is_some() {
            errors.push("413");
        }
        if path.contains('{') {
            errors.push("404");
        }
        give_bodies(operation, &errors);
    }
}

fn give_bodies(operation: &mut Operation, errors: &[&str]) {
    let responses = &mut operation.responses.responses;
    for (name, status, _) in ERRORS {
        let shared = || RefOr::Ref(Ref::from_response_name(name));
        match responses.get_mut(status) {
            // what an operation says of its own is kept
            Some(RefOr::T(own)) if !own.description.is_empty() => *own = problem(&own.description),
            Some(own) => *own = shared(),
            None if errors.contains(&status) => {
                responses.insert(status.to_owned(), shared());
            }
            None => {}
        }
    }
}

/// The whole description.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    for part in [
        app::joining::api::Api::openapi(),
        app::members::api::Api::openapi(),
        app::ties::api::Api::openapi(),
        app::ties::api::contacts::Api::openapi(),
        app::ties::api::sides::Api::openapi(),
        app::rhythm::api::Api::openapi(),
        app::rhythm::api::inherited::Api::openapi(),
        app::introductions::api::Api::openapi(),
        app::networks::api::Api::openapi(),
        app::today::api::Api::openapi(),
        app::giving::Api::openapi(),
        app::promises::api::Api::openapi(),
        app::exchanges::api::Api::openapi(),
        app::resources::api::Api::openapi(),
        app::referrals::api::Api::openapi(),
        app::giving::api::acts::Api::openapi(),
        app::joining::api::own::Api::openapi(),
        app::joining::api::belonging::Api::openapi(),
        app::joining::api::growth::Api::openapi(),
        app::administration::api::Api::openapi(),
        app::notices::api::Api::openapi(),
        app::search::Api::openapi(),
        app::transfer::api::Api::openapi(),
        app::vouches::api::Api::openapi(),
        app::words::api::Api::openapi(),
    ] {
        document.merge(part);
    }
    for (path, item) in &mut document.paths.paths {
        name_errors(path, item);
    }
    let components = document.components.get_or_insert_default();
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    for (name, _, description) in ERRORS {
        components.responses.insert(name.to_owned(), RefOr::T(problem(description)));
    }
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("token", token);
    document.security =
        Some(vec![utoipa::openapi::security::SecurityRequirement::new("token", Vec::<String>::new())]);
    document
}

/// The parameters that an address of the API reads, by its path.
fn parameters() -> &'static HashMap<String, Vec<String>> {
    static KNOWN: OnceLock<HashMap<String, Vec<String>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let read = |item: &PathItem| {
            let all = [&item.get, &item.post, &item.put, &item.delete].into_iter().flatten();
            all.flat_map(|operation| operation.parameters.iter().flatten())
                .filter_map(|parameter| match parameter {
                    RefOr::T(one) if one.parameter_in == ParameterIn::Query => Some(one.name.clone()),
                    _ => None,
                })
                .collect()
        };
        document().paths.paths.iter().map(|(path, item)| (path.clone(), read(item))).collect()
    })
}

/// Refuses a parameter that the address does not read: a mistyped filter would otherwise be taken for none.
pub async fn known_parameters(request: Request, next: Next) -> axum::response::Response {
    let path = request.extensions().get::<MatchedPath>();
    let known = path.and_then(|path| parameters().get(path.as_str()));
    if let (Some(known), Some(query)) = (known, request.uri().query()) {
        let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        if let Some(unknown) =
            names.filter(|name| !name.is_empty()).find(|name| !known.iter().any(|k| k == name))
        {
            let name = thai::text::truncate(unknown, 60);
            return web::Problem::parameter(&name).into_response();
        }
    }
    next.run(request).await
}

/// `GET /api/v1/openapi.json`
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
