//! Tests of this wing, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod counting;
mod division_events;
mod divisions;
mod network;
mod params;
