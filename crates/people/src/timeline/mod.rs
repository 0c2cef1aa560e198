//! One timeline (时间轴) per person: visits and what was added to them, steps in the ledger, categories, households, life.
//!
//! Nothing is kept here: each page is put together from the rooms that own the facts, the latest day first. An addendum
//! stands with its visit, and says when it was written. What a visit says is shown in short; the visit itself is one click
//! away and has its own permission.

pub mod http;
pub mod model;
pub mod store;

pub use http::routes;
