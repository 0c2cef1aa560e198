//! Workload (工作量): how many clients each worker of a station looks after, and how many of them wait [D1].
//!
//! About a thousand clients per worker are normal; the figures show what cannot be met and are no ranking, so workers come in
//! the order of their assignments. Clients are those the worker is responsible for in the station's township.

pub mod http;
pub mod store;
