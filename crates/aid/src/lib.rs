//! Aid: which policies may fit somebody and why, what is missing, and the way there. Hints for workers; people decide
//! (个人信息保护法 art. 24).

pub mod applications;
pub mod entitlements;
pub mod facts;
pub mod library;
pub mod papers;
pub mod policies;
pub mod revisions;
pub mod screening;

use access::{House, audit::Watched, history::Kind};
use people::applications::row::{application, application_step};
use revisions::row::policy_revision;
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] = &[
    policies::PERMITS,
    entitlements::PERMITS,
    facts::PERMITS,
    applications::PERMITS,
    papers::PERMITS,
    revisions::PERMITS,
    screening::PERMITS,
];

/// The kinds of record of this wing whose history can be read.
pub fn kinds() -> Vec<Kind> {
    vec![applications::kinds::application(), Kind::of::<policy_revision::Entity>()]
}

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(policies::routes())
        .merge(library::routes())
        .merge(entitlements::routes())
        .merge(facts::routes())
        .merge(applications::routes())
        .merge(papers::routes())
        .merge(revisions::routes())
        .merge(screening::routes())
}

/// The audited tables of this wing.
pub fn watched() -> Vec<Watched> {
    vec![
        Watched::of::<application::Entity>(),
        Watched::of::<application_step::Entity>(),
        Watched::of::<policy_revision::Entity>(),
    ]
}
