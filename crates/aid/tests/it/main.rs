//! Tests of this wing, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod applications;
mod browser;
#[allow(dead_code)] // shared with the tests of the engine
#[path = "../../../policy/tests/it/national/cases.rs"]
mod cases;
mod entitlements;
#[allow(dead_code)] // shared with the tests of people
#[path = "../../../people/tests/it/field.rs"]
mod field;
mod history;
mod library;
mod papers;
mod revisions;
mod screening;
