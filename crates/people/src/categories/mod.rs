//! Categories (服务对象类别): why somebody is served, each with evidence and a period.
//!
//! Categories overlap, and a person may have none (有需人士): such a person is served but stands outside the denominator of
//! service coverage. What an authority decided (法定类别) is told apart from what a worker judged. The period is half-open:
//! it ends on the first day without the category, and neither day may lie in the future, so figures change by writes only.
//! Restricted (C4) categories are refused here and never shown: they stand in restricted files only (room `restricted`).
//!
//! Each category has a next review: by its period (`review.months.*`, counted from its beginning or last review), by the last
//! day of certificate or recognition, or early for a cause (list `recheck_cause`: a member of the household died, self-care
//! changed …). A review keeps or ends the category and says on which evidence. Lists of departments will come in as
//! differences to what stands here (source `system_import`), never as overwriting.
//!
//! `person.cat_bits` and `person.is_target` repeat what the open assignments say and are renewed in the same transaction.

pub mod actions;
pub mod http;
pub mod model;
pub mod review;
pub mod row;
pub mod store;

use kernel::permits;

use crate::persons::row::person;

pub use http::{CategoryView, routes};
pub use model::NewCategory;

permits! {
    /// Assigning and ending categories.
    Change = "people.categories.change", "认定类别", "Assign categories", sees [person::Entity];
    /// Writing down the review of a category: by the station, or by the office that owns the decision.
    Review = "people.categories.review", "登记类别复核", "Record category reviews", sees [person::Entity];
}
