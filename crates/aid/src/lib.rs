//! Aid: which policies may fit somebody and why, what is missing, and the way there. Hints for workers; people decide
//! (个人信息保护法 art. 24).

pub mod entitlements;
pub mod facts;
pub mod policies;

use access::House;
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] = &[policies::PERMITS, entitlements::PERMITS, facts::PERMITS];

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().merge(policies::routes()).merge(entitlements::routes()).merge(facts::routes())
}
