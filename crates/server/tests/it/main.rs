//! Tests over all operations at once: doors, roles, bad input, foreign rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a broken arrangement stops the test

mod bad_input;
mod canary;
mod doors;
mod escalation;
mod foreign_rows;
mod names;
mod object_swap;
mod standing;
mod states;
mod tampering;
mod town;
mod world;
