//! Areas (片区): a station of a large township divides its villages into areas, each with a worker to turn to [G2].
//!
//! A village lies in at most one open area of its station, and only villages of the station's own township can be named. When
//! villages change hands the old row is ended and not erased, so that an area of last year can still be told.

pub mod actions;
pub mod http;
pub mod row;
pub mod store;
