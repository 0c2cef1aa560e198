//! Insight: what the facts of the other wings add up to. Figures are read here and nothing is stored.

pub mod coverage;
pub mod network_coverage;
pub mod service_coverage;
pub mod service_figures;
pub mod workload;

use access::House;
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] =
    &[network_coverage::PERMITS, service_coverage::PERMITS, service_figures::PERMITS];

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    coverage::http::routes()
        .merge(network_coverage::http::routes())
        .merge(service_coverage::routes())
        .merge(workload::http::routes())
        .merge(service_figures::routes())
}
