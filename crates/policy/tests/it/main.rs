//! The engine as its users see it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_range_loop
)]

mod faults;
#[cfg(feature = "files")]
mod files;
mod invent;
mod laws;
mod national;
mod oracle;
mod settle;
mod stories;
