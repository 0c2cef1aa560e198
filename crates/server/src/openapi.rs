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
    let (_, mut document) = describe(crate::operations()).split_for_parts();
    name_operations(&mut document);
    format!("{}\n", document.to_pretty_json().unwrap_or_default())
}

/// Names every operation by method and path, so that names are unique and stay when a handler is renamed.
pub fn name_operations(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words: Vec<&str> =
            path.trim_start_matches("/api/v1").split(['/', '{', '}', '-']).filter(|w| !w.is_empty()).collect();
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{}", words.join("_")));
            }
        }
    }
}

/// Serves the document itself (it describes doors, it opens none).
pub fn route(document: &utoipa::openapi::OpenApi) -> Router<House> {
    let text = document.to_json().unwrap_or_default();
    Router::new()
        .route("/api/v1/openapi.json", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) }))
}
