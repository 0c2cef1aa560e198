//! Saved lists (常用筛选、工作清单): a list with its filter, columns and order under a name, opened again with one click.
//!
//! A saved list belongs to the account that saved it. A station head (or whoever holds `people.worklists.share`) may share one
//! with a place: everybody who works in that place, or in a part of it, sees it then and nobody else. Sharing shares the
//! question, never rows: whoever opens it sees the live list inside the own reach.
//!
//! The filter is a query string in the one grammar of all lists (`field=value`, repeated means or, `field.from=`, `field.to=`) and
//! is checked by the list itself, when it is saved and each time it is counted. Counting stops at 10,000 and says so. Removing
//! takes a list out of the menu; its row stays. [G12]

pub mod http;
pub mod lists;
pub mod model;
pub mod row;
pub mod store;

pub use http::routes;
use row::worklist;

kernel::permits! {
    /// Keeping saved lists of one's own and reading those shared with one's place.
    Keep = "people.worklists.keep", "保存常用筛选", "Keep saved lists", sees [worklist::Entity];
    /// Sharing saved lists with a place.
    Share = "people.worklists.share", "共享常用筛选", "Share saved lists", sees [worklist::Entity];
}
