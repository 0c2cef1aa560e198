//! Aid: which policies may fit somebody and why, what is missing, and the way there. Hints for workers; people decide
//! (个人信息保护法 art. 24).

pub mod applications;
pub mod entitlements;
pub mod facts;
pub mod policies;
pub mod screening;

use access::{House, audit::Watched, history::Kind};
use people::applications::row::{application, application_step};
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] =
    &[policies::PERMITS, entitlements::PERMITS, facts::PERMITS, applications::PERMITS];

/// The kinds of record of this wing whose history can be read.
pub fn kinds() -> Vec<Kind> {
    vec![applications::kinds::application()]
}

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(policies::routes())
        .merge(entitlements::routes())
        .merge(facts::routes())
        .merge(applications::routes())
}

/// The audited tables of this wing.
pub fn watched() -> Vec<Watched> {
    vec![Watched::of::<application::Entity>(), Watched::of::<application_step::Entity>()]
}
