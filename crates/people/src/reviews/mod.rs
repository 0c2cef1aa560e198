//! Review of visits (督导审阅): a supervisor or station head reads a drawn sample and says good, or asks back [F8].
//!
//! The sample is drawn in two steps from the last `review.window_days`: days first, then visits of each day, so that quiet
//! days are not drowned by busy ones. A seed makes it repeatable: the same seed over the same visits draws the same ones.
//! Nobody reviews own visits, and what was reviewed once is not drawn again.
//!
//! Asking back needs a reason (list `review_reason`) or a comment and becomes a task of the worker, due after
//! `review.answer_days`; the answer of the worker settles it. A review changes nothing in the visit: corrections and addenda
//! go their usual way. Supervisors see masked names, as everywhere. Reviews are talk about records, never marks for people.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod store;

pub use http::routes;

use kernel::Sees;

use crate::{
    persons::row::person,
    visits::{self, row::visit},
};
use row::visit_review;

kernel::permits! {
    /// Drawing a sample of visits and saying what was found.
    Review = "people.visits.review", "审阅走访记录", "Review visits",
        sees [visit_review::Entity, visit::Entity, person::Entity];
}

/// Who reads visits reads what was said of them.
impl Sees<visit_review::Entity> for visits::Read {}
/// Who corrects visits answers questions about them.
impl Sees<visit_review::Entity> for visits::Revise {}
