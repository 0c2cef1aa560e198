//! Tests of this wing through HTTP, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a broken arrangement stops the test

mod accounts;
mod audit;
mod drafts;
mod signing;
mod writes;
