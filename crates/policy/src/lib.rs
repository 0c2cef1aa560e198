//! Policy engine (政策引擎): who may be entitled to what, why, and what is missing. Pure: no I/O, no clock, no database.
//!
//! - [`dictionary`]: facts and parameters that conditions may name. [`card`]: one policy as data, with versions.
//!   [`text`]: the short text form of conditions. [`library`]: all of them, checked together, and the plan of a day.
//! - [`params`]: numbers by place and day, inherited down the tree of places. [`local`]: a plan at a place.
//! - [`ledger`]: the facts of many persons in narrow columns. [`screen`]: all policies over all of them, on several threads.
//! - [`person`]: one person with reasons; [`missing`]: the smallest sets of facts that would settle an unknown.
//! - [`sql`]: the same policies as SQL, to be checked against a database.
//!
//! Every answer is three-valued (Kleene): true, false, or unknown because a fact or parameter is missing. Nothing is ever
//! assumed. A result is a hint for a worker, never a decision (个人信息保护法 art. 24).

#![deny(unsafe_code)]

mod block;
pub mod card;
pub mod core;
pub mod dictionary;
pub mod fault;
#[cfg(feature = "files")]
pub mod files;
mod lane;
pub mod lanes;
pub mod ledger;
pub mod library;
pub mod local;
pub mod lower;
pub mod missing;
pub mod params;
pub mod person;
mod program;
pub mod screen;
pub mod sql;
pub mod text;
