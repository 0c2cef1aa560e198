//! Visits (走访): a worker went to see somebody, or tried to; the record of it, and what follows.
//!
//! A visit is recorded by the responsible worker, in a kind and a mode, with a result. It *counts as service* when it is
//! completed, somebody was met (`met`, `proxy_met`) and the mode is one of `coverage.served_modes` on its day; only that
//! moves service coverage. A telephone call is a visit worth recording, but no service.
//!
//! Within `visit.lock_days` after it was entered a visit can be corrected; then it is locked and only addenda (补充记录) are
//! added. A visit entered in error is voided with a reason, never deleted. After every change the person's last days,
//! failures in a row and next due day are worked out again from the visits themselves, so a visit dated in the past can
//! neither lower nor double anything, and the counters move in the same transaction.
//!
//! A red risk sign, a reported death and repeated failure to reach a priority client raise a task to the station head at
//! once. A reported death is not yet a death: that needs evidence and is entered on the person's page.
//!
//! Rules and sources: domain reference §3.5, §5.3, §6.1-6.3.

pub mod actions;
pub mod asked;
pub mod content;
pub mod http;
pub mod model;
pub mod row;
pub mod served;
pub mod store;

use access::history::{ReadAccessLog, ReadHistory};
use kernel::Sees;
use row::visit;

use crate::persons::row::person;

pub use actions::{follow, put, settle};
pub use content::{NewVisit, ReviseVisit};
pub use http::{VisitView, routes};

kernel::permits! {
    /// Reading visits, due lists, the day's page and timelines.
    Read = "people.visits.read", "查看走访", "Read visits", sees [visit::Entity, person::Entity];
    /// Recording a visit to somebody in the caller's care.
    Record = "people.visits.record", "记录走访", "Record visits", sees [visit::Entity, person::Entity];
    /// Correcting a visit that is not locked, and adding to one that is.
    Revise = "people.visits.revise", "修改和补充走访", "Correct and add to visits", sees [visit::Entity, person::Entity];
    /// Voiding a visit entered in error.
    Void = "people.visits.void", "作废走访", "Void visits", sees [visit::Entity, person::Entity, crate::recycle::row::recycled::Entity];
}

/// State of a visit that stands.
pub const COMPLETED: &str = "completed";
/// State of a visit entered in error.
pub const VOID: &str = "void";

impl Sees<visit::Entity> for ReadHistory {}
impl Sees<visit::Entity> for ReadAccessLog {}
