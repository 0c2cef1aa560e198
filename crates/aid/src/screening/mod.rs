//! Screening (政策筛查): all policies over everybody of a place, so that nobody is left out because nobody asked (漏保发现)
//! [G13, G10].
//!
//! Every night the counties are gone through: whoever changed, whose birthday it is, of whom something told has grown too old,
//! or whose standards are others is looked at again; once a week everybody, as the check of the nights before. The product is
//! the *difference* since last time (newly eligible, lost, newly unknown), as tasks of who answers for the person, and the
//! list of *findings*: who may fit and does not receive. A county's first run is the baseline: findings, no tasks.
//!
//! A finding is a hint and decides nothing (个人信息保护法 art. 24): a worker looks, helps to apply, or sets it aside with a
//! reason. Benefits of the open cards only: neither duties of an agency nor policies of restricted records are screened. Bulk
//! says what the engine knows for sure; the page of one person may settle more ([`crate::entitlements`]). Nothing but policy,
//! kind and day is kept: reasons are worked out when somebody opens the person.

pub mod actions;
pub mod apply;
pub mod evaluate;
pub mod http;
pub mod load;
pub mod model;
pub mod run;
pub mod view;

pub use http::routes;

use people::{
    persons::row::person,
    screening::row::{screening_finding, screening_run},
};

kernel::permits! {
    /// Seeing what a screening found.
    Read = "aid.screening.read", "查看政策筛查", "See what a screening found", sees [screening_finding::Entity, person::Entity];
    /// Seeing when a county was screened.
    Runs = "aid.screening.runs", "查看筛查运行情况", "See when a county was screened", sees [screening_run::Entity];
    /// Screening a county or township now.
    Run = "aid.screening.run", "立即筛查", "Screen now", sees [screening_run::Entity, person::Entity];
    /// Setting a finding aside after a second look.
    Dismiss = "aid.screening.dismiss", "核实筛查线索", "Set findings aside", sees [screening_finding::Entity, person::Entity];
}
