//! Exports of lists as CSV (导出名单): the ledger, due visits, visits.
//!
//! What is exported is the list itself: the same question, the same reach, page by page, so nobody exports a row that the list
//! would not show. Numbers and telephones are masked as on the screen; addresses are hidden; what visits found out stays out.
//! In full only with a purpose and the approval of a second person (`access::exports`), and then each person's record names the
//! export in its access log. Over 200 people the same approval is needed for masked ones.
//!
//! The sheet is UTF-8 with a mark, so that Excel and WPS read it right; no cell is a formula or loses digits (`kernel::sheet`);
//! the last lines say who made it, when and what for, in full exports every line does. [G5]

pub mod http;
pub mod job;
pub mod sheet;

pub use http::routes;

kernel::permits! {
    /// Exporting lists inside the own reach.
    Make = "people.exports.make", "导出名单", "Export lists", sees [access::row::list_export::Entity];
}
