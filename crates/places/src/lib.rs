//! Places: the divisions of the country, what holds where (parameters), and the network of stations and points in them.

pub mod areas;
pub mod divisions;
pub mod network;
pub mod params;
pub mod plaques;
pub mod points;
pub mod posts;
pub mod stations;

use access::{House, audit::Watched, history::Kind};
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] = &[divisions::PERMITS, params::PERMITS, network::PERMITS];

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    divisions::http::routes().merge(params::routes()).merge(network::routes())
}

/// The kinds of record whose history can be read.
pub fn kinds() -> Vec<Kind> {
    let mut kinds = divisions::kinds();
    kinds.extend(network::kinds());
    kinds
}

/// The audited tables of this wing.
pub fn watched() -> Vec<Watched> {
    vec![
        Watched::of::<divisions::row::event::Entity>(),
        Watched::of::<divisions::row::queue::Entity>(),
        Watched::of::<stations::row::station::Entity>(),
        Watched::of::<points::row::point::Entity>(),
        Watched::of::<areas::row::area::Entity>(),
        Watched::of::<posts::row::post::Entity>(),
        Watched::of::<posts::row::assignment::Entity>(),
        Watched::of::<plaques::row::plaque::Entity>(),
    ]
}
