//! Who may do what, where: accounts, sessions, roles, and [`Scope`], the only door to rows.
//!
//! A handler cannot reach the database. It asks for a `Scope<P>` of its permit `P`; the extractor authenticates, checks the
//! permit and works out the reach (which places, or only own rows). `scope.find::<E>()` is already narrowed to that reach,
//! `scope.write(…)` checks the place of every insert and update, raises `rev` and appends the audit record in the same
//! transaction, and a stored secret leaves only through `scope.show(…)` or an audited reveal. Not visible is 404, never 403.

pub mod accounts;
pub mod audit;
pub mod cells;
pub mod drafts;
pub mod exports;
pub mod extract;
pub mod history;
pub mod house;
pub mod known;
pub mod limits;
pub mod log;
pub mod open;
pub mod own;
pub mod owned;
pub mod placement;
pub mod preferences;
pub mod printing;
pub mod reach;
pub mod restricted;
pub mod roles;
pub mod row;
pub mod scope;
pub mod session;
pub mod shares;
pub mod task_moves;
pub mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
pub mod visible;
pub mod writing;

pub use extract::{Body, Params, Problems, Segment, read_query};
pub use ground::{Cells, Line};
pub use ground::{
    Progress,
    bulk::{Bulk, Indexes},
};
pub use house::House;
pub use kernel::{Day, Id, Level, Outcome, Page, Permit, Place, Problem, Sealed, Secret, Sees};
pub use open::Open;
pub use placement::PlaceRef;
pub use scope::{Scope, again, rest_after};
pub use visible::{PartOf, Placed, Published, Visible};
pub use writing::{Kept, Writing, Written};

/// An instant as ISO 8601 in UTC with milliseconds.
pub fn iso(at: kernel::Millis) -> String {
    chrono::DateTime::from_timestamp_millis(at)
        .map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Permits of this wing: code, Chinese label, English label.
pub const PERMITS: &[&[(&str, &str, &str)]] =
    &[accounts::PERMITS, exports::PERMITS, history::PERMITS, own::PERMITS, tasks::PERMITS, log::PERMITS];

/// The routes of this wing.
pub fn routes() -> utoipa_axum::router::OpenApiRouter<House> {
    own::routes()
        .merge(preferences::routes())
        .merge(drafts::routes())
        .merge(exports::routes())
        .merge(accounts::http::routes())
        .merge(tasks::routes())
        .merge(history::routes())
        .merge(log::routes())
}

/// The audited tables of this wing.
pub fn watched() -> Vec<audit::Watched> {
    vec![
        audit::Watched::of::<row::account::Entity>(),
        audit::Watched::of::<row::role_grant::Entity>(),
        audit::Watched::of::<row::organisation::Entity>(),
        audit::Watched::of::<row::task::Entity>(),
        audit::Watched::of::<row::share::Entity>(),
        audit::Watched::of::<row::list_export::Entity>(),
        audit::Watched::of::<restricted::row::file::Entity>(),
        audit::Watched::of::<restricted::row::clearance::Entity>(),
    ]
}
