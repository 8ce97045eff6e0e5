//! The description of the API: OpenAPI 3.1, put together from what each feature says of itself.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(Debug, OpenApi)]
#[openapi(info(
    title = "Saan",
    description = "Weaving networks of persons, groups and organizations. Sign in with a personal access token of your \
                   settings: `Authorization: Bearer saan_…`; the scope `write` is needed for everything but GET. Lists \
                   page by cursor: `next` of one answer is `after` (or `before`) of the next request. Problems are \
                   RFC 9457. A POST with an `Idempotency-Key` is done once. With `Act-As: mem_…` a request \
                   speaks for a group or organization that its person acts for.",
    license(name = "AGPL-3.0-or-later")
))]
struct Base;

/// The whole description.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    for part in [
        app::joining::api::Api::openapi(),
        app::members::api::Api::openapi(),
        app::ties::api::Api::openapi(),
        app::ties::api::contacts::Api::openapi(),
        app::rhythm::api::Api::openapi(),
        app::introductions::api::Api::openapi(),
        app::networks::api::Api::openapi(),
        app::giving::Api::openapi(),
        app::promises::api::Api::openapi(),
        app::exchanges::api::Api::openapi(),
        app::resources::api::Api::openapi(),
        app::referrals::api::Api::openapi(),
        app::giving::api::acts::Api::openapi(),
        app::joining::api::own::Api::openapi(),
        app::administration::api::Api::openapi(),
        app::notices::api::Api::openapi(),
        app::search::Api::openapi(),
        app::transfer::api::Api::openapi(),
        app::vouches::api::Api::openapi(),
        app::words::api::Api::openapi(),
    ] {
        document.merge(part);
    }
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("token", token);
    document.security =
        Some(vec![utoipa::openapi::security::SecurityRequirement::new("token", Vec::<String>::new())]);
    document
}

/// `GET /api/v1/openapi.json`
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
