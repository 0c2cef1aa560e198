//! The ledger (兜底民生服务对象台账): how somebody comes in, is graded, pauses, leaves and may come back.
//!
//! `lead → verifying → active ⇄ suspended → exited → archived`; a lead or verification may be dismissed with a reason, and
//! whoever left may come back: a dismissed lead as a lead, an exited or archived one as a new episode. Each step is a row of
//! its own with day, reason, note and actor; nothing is edited backwards.
//!
//! Entry and grading take two people: whoever may move the ledger *proposes*, and another account with the right to approve
//! *confirms* by the same call. A station head's own proposal is confirmed by another head or by the township reviewer; where
//! a station has one worker that is always the reviewer (parameter `ledger.single_worker_approver`). Pausing, resuming,
//! leaving and coming back are the head's: a worker's call there becomes a task for the head and changes nothing yet.

pub mod actions;
pub mod grading;
pub mod http;
pub mod model;
pub mod review;
pub mod row;
pub mod store;
pub mod suggest;

use kernel::permits;

use crate::persons::row::person;

pub use http::{LedgerView, routes};

permits! {
    /// Moving ledger entries and proposing entry and grades.
    Move = "people.ledger.move", "办理台账变动", "Move ledger entries", sees [person::Entity];
    /// Approving entry, grades, pauses and exits.
    Approve = "people.ledger.approve", "审批台账变动", "Approve ledger entries", sees [person::Entity];
}
