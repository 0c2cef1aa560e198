//! Tests of this wing, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
mod bulk;
mod due;
mod exports;
mod field;
mod figures;
mod handovers;
mod household_changes;
mod households;
mod ledger;
mod minors;
mod persons;
mod placing;
mod plan;
mod restricted;
mod reviews;
mod services;
mod timers;
mod visits;
mod worklists;
mod world;
