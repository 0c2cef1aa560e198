//! Bulk acts (批量操作): one wish carried out on many people, with a result for each row and one undo.
//!
//! Kinds: `assign` gives people to a responsible worker, `grade` proposes (or, by a second person, confirms) a grade,
//! `confirm` confirms the grades that wait, `edit` sets a few columns from a grid, as pasted from a spreadsheet.
//!
//! Nothing here is a second way in: every row goes through the same rule and the same permit as the single act, so a grade
//! still takes two people and whoever sees own clients only cannot hand them over. What was chosen is frozen in the rows
//! before the first is touched; each row is one transaction that also notes its result, so a stop in the middle loses
//! nothing and the same call goes on where it stopped. `edit` is one transaction: with a fault nothing is saved, unless
//! the caller chooses to save the good rows.
//!
//! Undo is offered for `bulk.undo_hours`. It puts back only what still stands as the act left it; the rest is listed as
//! kept. Limits: `bulk.max_rows` people. Mission F4, F7; domain reference §15 (no self-approval).

pub mod actions;
pub mod edit;
pub mod http;
pub mod model;
pub mod row;
pub mod store;
pub mod undo;

pub use http::routes;

use kernel::Sees;

use crate::persons::{Change, row::person};
use row::bulk_run;

/// A grid is saved under the permit to change people, in one transaction with the act that can undo it.
impl Sees<bulk_run::Entity> for Change {}

kernel::permits! {
    /// Acting on many people at once; each row needs the permit of the single act as well.
    Run = "people.bulk.run", "批量操作", "Act on many people at once", sees [bulk_run::Entity, person::Entity];
}
