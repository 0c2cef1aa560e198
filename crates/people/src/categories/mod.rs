//! Categories (服务对象类别): why somebody is served, each with evidence and a period.
//!
//! Categories overlap, and a person may have none (有需人士): such a person is served but stands outside the denominator of
//! service coverage. What an authority decided (法定类别) is told apart from what a worker judged. The period is half-open:
//! it ends on the first day without the category, and neither day may lie in the future, so figures change by writes only.
//! Restricted (C4) categories are refused here and never shown: they need files of their own.
//!
//! `person.cat_bits` and `person.is_target` repeat what the open assignments say and are renewed in the same transaction.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod store;

use kernel::permits;

use crate::persons::row::person;

pub use http::{CategoryView, routes};
pub use model::NewCategory;

permits! {
    /// Assigning and ending categories.
    Change = "people.categories.change", "认定类别", "Assign categories", sees [person::Entity];
}
