//! Merging two records of one person (合并重复档案), and taking a merge back (撤销合并).
//!
//! One record survives, the other is absorbed. Field by field somebody chooses the value that stays; a rule proposes (a
//! verified number before none, something before nothing, the newer telephone and address). Visits, categories, households
//! and tasks go to the survivor; [`carry`] names every column that holds a person, and a test compares it with the live
//! schema. Of the two ledgers one goes on; the other keeps its episodes and steps with the absorbed record, closed as
//! `duplicate`, and the survivor's page shows both. Last days, timers and counters are worked out again from the facts.
//!
//! The absorbed record stays as a row with `merged_into`. It lies in no place, so it is in nobody's reach: no list, search,
//! counter or coverage sees it; its address leads to the survivor. What the merge changed is set aside cell by cell.
//!
//! **Undo** puts every cell back that nobody changed since; what was changed later stays as it is now. Visits and categories
//! entered after the merge stay with the survivor unless they are given back by choice. It is refused, with the reason, when
//! the survivor was itself merged or removed, when a later merge into it still stands, or when house or ledger that came
//! from the absorbed record went on since. *Equal* after an undo means: every column of every table except `rev` and
//! `audit_no`, which only ever grow, the audit chains, receipts, and the merge's own record.
//!
//! Where both records lie in one township, whoever may merge there does; where they lie in two, it takes a second person:
//! the county proposes, the station that gives the record up (or another county officer) confirms. Across counties nobody
//! reaches both. Domain reference §4.1, §5.4 [G14].

pub mod actions;
pub mod carry;
pub mod compare;
pub mod homes;
pub mod http;
pub mod model;
pub mod row;
pub mod shell;
pub mod store;
pub mod undo;

use kernel::{Sees, permits};

use crate::{households::row::household, persons::row::person, visits::row::visit};
use row::person_merge;

pub(crate) use http::name_of;
pub use http::routes;

permits! {
    /// Reading merges.
    Read = "people.merges.read", "查看档案合并", "Read merges", sees [person_merge::Entity, person::Entity];
    /// Comparing and merging two records, and taking a merge back.
    Merge = "people.merges.merge", "合并与撤销合并", "Merge records and undo", sees [person_merge::Entity, person::Entity, household::Entity, visit::Entity];
    /// Confirming a merge across townships that somebody else proposed.
    Confirm = "people.merges.confirm", "确认跨乡镇合并", "Confirm merges across townships", sees [person_merge::Entity, person::Entity];
}

/// Waits for a second person.
pub const PROPOSED: &str = "proposed";
/// The second person said no.
pub const DECLINED: &str = "declined";
/// Carried out.
pub const DONE: &str = "merged";
/// Taken back.
pub const UNDONE: &str = "undone";

// The history of a merge is open to whoever may see it under these permits.
impl Sees<person_merge::Entity> for access::history::ReadHistory {}
impl Sees<person_merge::Entity> for access::history::ReadAccessLog {}
