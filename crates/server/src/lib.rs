//! The server: one router over all wings, the layers every answer passes, health and metrics, the embedded desk, start and stop.

pub mod check;
pub mod desk;
pub mod health;
pub mod layers;
pub mod openapi;
pub mod start;

use access::House;
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;

/// The operations of all wings, without prefix.
pub fn operations() -> OpenApiRouter<House> {
    access::routes().merge(places::routes()).merge(people::routes()).merge(insight::routes()).merge(aid::routes())
}

/// Permits of all wings: code, Chinese label, English label.
pub fn permits() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    [access::PERMITS, places::PERMITS, people::PERMITS, insight::PERMITS, aid::PERMITS]
        .into_iter()
        .flatten()
        .flat_map(|room| room.iter().copied())
}

/// The kinds of record whose history can be read, beside those of `access`.
pub fn kinds() -> Vec<access::history::Kind> {
    let mut kinds = places::kinds();
    kinds.extend(people::kinds());
    kinds.extend(aid::kinds());
    kinds
}

/// The whole router: operations under `/api/v1`, health, metrics and the desk.
pub fn router(house: House) -> Router {
    let (api, mut document) = openapi::describe(operations()).split_for_parts();
    openapi::name_operations(&mut document);
    Router::new()
        .merge(api.route_layer(middleware::from_fn(layers::again)).route_layer(middleware::from_fn(layers::measure)))
        .merge(openapi::route(&document))
        .merge(health::routes())
        .fallback(desk::serve)
        .layer(middleware::from_fn(layers::answer))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn(layers::security_headers))
        .layer(tower_http::compression::CompressionLayer::new().gzip(true))
        .with_state(house)
}
