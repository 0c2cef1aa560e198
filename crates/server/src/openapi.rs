//! The OpenAPI document, generated from the handlers; `make api` writes it to `api/openapi.json`.

use access::House;
use axum::{Router, http::header, routing::get};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "sheqiao 社桥",
        description = "Township social-work stations: network, people, visits, honest coverage. Each operation names its permit in `x-permit`.",
        license(name = "Apache-2.0")
    ),
    components(schemas(kernel::problem::ProblemBody, kernel::problem::FieldBody))
)]
struct Document;

/// Puts operations under `/api/v1` with the document's head.
pub fn describe(operations: OpenApiRouter<House>) -> OpenApiRouter<House> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", operations)
}

/// The document of all operations as pretty JSON with a final newline.
pub fn text() -> String {
    let (_, document) = describe(crate::operations()).split_for_parts();
    format!("{}\n", document.to_pretty_json().unwrap_or_default())
}

/// Serves the document itself (it describes doors, it opens none).
pub fn route(document: &utoipa::openapi::OpenApi) -> Router<House> {
    let text = document.to_json().unwrap_or_default();
    Router::new()
        .route("/api/v1/openapi.json", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) }))
}
