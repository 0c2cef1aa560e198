//! The day's page (今日工作): what waits for the caller, counted and in front.
//!
//! Work first: overdue and due visits, leads to be contacted and verified, tasks, priority clients not reached; then the
//! service coverage of the caller's own place and the visits of the last thirty days. All figures are index queries or
//! counters; a count stops at ten thousand and says so. Nothing compares people with each other.

pub mod http;
pub mod store;

pub use http::routes;
