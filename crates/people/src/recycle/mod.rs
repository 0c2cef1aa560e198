//! The recycle bin (回收站): what was entered in error, by place, with who, when and why.
//!
//! - A **person** entered in error: only while nothing official hangs on the record (no category an authority decided, no
//!   formal entry into the ledger, no visit that stands), and only by two people: one asks, another approves.
//! - A **visit** that was voided goes here by itself.
//! - A **household** or a **membership** that never was.
//!
//! What lies here is in no list, search, counter or coverage. For `recycle.days` it can be brought back exactly as it was,
//! cell by cell (`merges::carry`); afterwards the screen offers it no more. Nothing is physically deleted, neither now nor
//! then: the rows and their history stay in the database, and the page says so. Drafts never sent are not records and
//! are not kept here. Domain reference §5.4 (`entered_in_error`).

pub mod actions;
pub mod checks;
pub mod http;
pub mod restore;
pub mod row;
pub mod store;

use kernel::{Sees, permits};

use crate::{households::row::household, persons::row::person, visits::row::visit};
use row::recycled;

pub use http::routes;

permits! {
    /// Reading the recycle bin.
    Read = "people.recycle.read", "查看回收站", "Read the recycle bin", sees [recycled::Entity, person::Entity];
    /// Removing what was entered in error; a person only with somebody else's approval.
    Remove = "people.recycle.remove", "移入回收站", "Remove what was entered in error", sees [recycled::Entity, person::Entity, household::Entity];
    /// Approving the removal of a person somebody else asked for.
    Approve = "people.recycle.approve", "批准删除误录档案", "Approve the removal of a record", sees [recycled::Entity, person::Entity];
    /// Bringing back what was removed.
    Restore = "people.recycle.restore", "从回收站恢复", "Bring back from the recycle bin", sees [recycled::Entity, person::Entity, household::Entity, visit::Entity];
}

/// Waits for a second person.
pub const WAITING: &str = "waiting";
/// In the bin.
pub const BINNED: &str = "binned";
/// Brought back.
pub const RESTORED: &str = "restored";
/// The second person said no.
pub const DECLINED: &str = "declined";

// The history of a removal is open to whoever may see it under these permits.
impl Sees<recycled::Entity> for access::history::ReadHistory {}
impl Sees<recycled::Entity> for access::history::ReadAccessLog {}
