//! Agreement (核对): what a person row repeats of other tables, worked out again from the facts.
//!
//! `cat_bits`, `is_target`, `ledger_state`, `grade`, the last days, failures in a row and the next due day repeat
//! categories, ledger entry and visits; search keys repeat names and numbers; the open residence and the visits repeat where
//! the person lives. Rooms keep all that in the transaction of each change. Here it is worked out again for thousands of
//! persons at a time with the very rules the rooms use: `sheqiao check` compares ([`faults`]), and when a parameter begins
//! to hold another value, [`catch_up`] brings persons in line with it. Records that were merged or removed lie in no place and
//! show nothing; that is compared instead.

mod catch_up;
mod facts;
mod model;
mod nowhere;
mod store;

pub use catch_up::{Caught, catch_up, catch_up_with};
pub use store::faults;

use kernel::Id;

/// A person row that does not say what the facts say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The person; the household where the sentence says so.
    pub person: Id,
    /// What differs: a column, `residence`, `search keys`, `visit place`, or a sentence.
    pub what: &'static str,
}
