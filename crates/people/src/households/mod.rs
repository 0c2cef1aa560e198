//! Households (家庭): who belongs together, in three units that are never merged.
//!
//! The registration book (户籍户), the people living together (共同居住户) and the means-test unit (救助核算单元) are three
//! different things, so a person may belong to one open household of each kind. Each household has exactly one head; members
//! carry their relation to the head and a half-open period. Whoever leaves is ended with a reason, never deleted.
//!
//! A household may name another head, split, or join another one of its kind; a death ends the membership. Who belongs to a
//! means-test unit is proposed by the rule of [`unit`] from the two other kinds, and decided by a person, with the answers kept.
//!
//! A household lies in a village and is readable by place; its members are shown only to whoever may see the persons.
//! [`sheet`] puts everybody who is due on one page, so that one trip serves a household.

pub mod actions;
pub mod changes;
pub mod http;
pub mod model;
pub mod proposal;
pub mod row;
pub mod sheet;
pub mod store;
pub mod unit;

use kernel::{Sees, permits};

use crate::persons::row::person;
use row::household;

pub use http::{HouseholdShort, routes, shorts};

permits! {
    /// Reading households.
    Read = "people.households.read", "查看家庭", "Read households", sees [household::Entity];
    /// Changing households.
    Change = "people.households.change", "修改家庭", "Change households", sees [household::Entity, person::Entity];
}

// The history of a household is open to whoever may see the household under these permits.
impl Sees<household::Entity> for access::history::ReadHistory {}
impl Sees<household::Entity> for access::history::ReadAccessLog {}
