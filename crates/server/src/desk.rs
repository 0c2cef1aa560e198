//! The web desk, embedded in the binary; every path that is not a file is the desk's own route.

use axum::{
    body::Body,
    http::{StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use kernel::Problem;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Serves a file of the desk, or its page.
pub async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::NotFound.into_response();
    }
    if let Some(response) = file(path) {
        return response;
    }
    // A missing asset is missing; only routes of the desk fall back to its page.
    if path.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    file("index.html").unwrap_or_else(|| {
        (StatusCode::NOT_FOUND, "The web desk is not part of this build; run `make run`.").into_response()
    })
}

fn file(path: &str) -> Option<Response> {
    let found = Files::get(path)?;
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    // Names under assets/ carry a hash of their content; the page itself is always asked for again.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    Response::builder()
        .header(header::CONTENT_TYPE, kind.as_ref())
        .header(header::CACHE_CONTROL, cache)
        .body(Body::from(found.data))
        .ok()
}
