//! Tests of the program as a whole: commands, crashes, tampering.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a broken arrangement stops the test

mod added;
mod commands;
mod crash;
mod crash_ledger;
mod printing;
mod program;
mod screen;
mod tampering;
