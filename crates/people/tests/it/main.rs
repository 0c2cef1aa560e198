//! Tests of this wing, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
mod bulk;
mod double;
mod due;
mod exports;
mod field;
mod figures;
mod handovers;
mod household_changes;
mod households;
mod ledger;
mod merges;
mod minors;
mod persons;
mod placing;
mod plan;
mod recycle;
mod restricted;
mod reviews;
mod services;
mod timers;
mod twins;
mod visits;
mod worklists;
mod world;
