//! People: persons, their categories, households and ledger, the visits they get, and the counters screens read.

pub mod categories;
pub mod due;
pub mod figures;
pub mod households;
pub mod ledger;
pub mod persons;
pub mod visits;
