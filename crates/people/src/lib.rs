//! People: persons, their categories, households and ledger, the visits they get, and the counters screens read.

pub mod agreement;
pub mod applications;
pub mod bulk;
pub mod categories;
pub mod clearances;
pub mod due;
pub mod duplicates;
pub mod exports;
pub mod facts;
pub mod figures;
pub mod handovers;
pub mod households;
pub mod ledger;
pub mod merges;
pub mod minors;
pub mod persons;
pub mod placing;
pub mod plan;
pub mod recycle;
pub mod restricted;
pub mod reviews;
pub mod risks;
pub mod screening;
pub mod services;
pub mod timeline;
pub mod timers;
pub mod today;
pub mod visits;
pub mod worklists;

use access::{House, audit::Watched, history::Kind};
use utoipa_axum::router::OpenApiRouter;

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] = &[
    persons::PERMITS,
    categories::PERMITS,
    ledger::PERMITS,
    handovers::PERMITS,
    households::PERMITS,
    visits::PERMITS,
    placing::PERMITS,
    bulk::PERMITS,
    reviews::PERMITS,
    restricted::PERMITS,
    clearances::PERMITS,
    minors::PERMITS,
    worklists::PERMITS,
    exports::PERMITS,
    duplicates::PERMITS,
    merges::PERMITS,
    recycle::PERMITS,
];

/// The kinds of record of this wing whose history can be read.
pub fn kinds() -> Vec<Kind> {
    vec![
        minors::kinds::person(),
        Kind::of::<households::row::household::Entity>(),
        minors::kinds::visit(),
        restricted::kind(),
        Kind::of::<handovers::row::handover::Entity>(),
        Kind::of::<merges::row::person_merge::Entity>(),
        Kind::of::<recycle::row::recycled::Entity>(),
    ]
}

/// The routes of this wing.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(persons::routes())
        .merge(categories::routes())
        .merge(ledger::routes())
        .merge(households::routes())
        .merge(visits::routes())
        .merge(risks::routes())
        .merge(handovers::routes())
        .merge(due::routes())
        .merge(today::routes())
        .merge(timeline::routes())
        .merge(bulk::routes())
        .merge(plan::routes())
        .merge(reviews::routes())
        .merge(placing::routes())
        .merge(restricted::routes())
        .merge(clearances::routes())
        .merge(minors::routes())
        .merge(worklists::routes())
        .merge(exports::routes())
        .merge(duplicates::routes())
        .merge(merges::routes())
        .merge(recycle::routes())
}

/// The audited tables of this wing.
pub fn watched() -> Vec<Watched> {
    vec![
        Watched::of::<persons::row::person::Entity>(),
        Watched::of::<households::row::household::Entity>(),
        Watched::of::<households::row::membership::Entity>(),
        Watched::of::<households::row::unit_decision::Entity>(),
        Watched::of::<handovers::row::handover::Entity>(),
        Watched::of::<worklists::row::worklist::Entity>(),
        Watched::of::<categories::row::category_assignment::Entity>(),
        Watched::of::<categories::row::category_review::Entity>(),
        Watched::of::<risks::row::risk::Entity>(),
        Watched::of::<facts::row::person_fact::Entity>(),
        Watched::of::<screening::row::screening_dismissal::Entity>(),
        Watched::of::<ledger::row::ledger_entry::Entity>(),
        Watched::of::<visits::row::visit::Entity>(),
        Watched::of::<visits::row::addendum::Entity>(),
        Watched::of::<bulk::row::bulk_run::Entity>(),
        Watched::of::<reviews::row::visit_review::Entity>(),
        Watched::of::<restricted::row::restricted_entry::Entity>(),
        Watched::of::<merges::row::person_merge::Entity>(),
        Watched::of::<recycle::row::recycled::Entity>(),
    ]
}
