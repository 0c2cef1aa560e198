//! Screening (政策筛查): what all policies said of everybody last time, kept with the person [G13, G10].
//!
//! The rules are the business of the policies (wing `aid`, room `screening`); here lie the rows, so that moves, merges and
//! division events carry them, and the readers of [`known`] that give everything policies ask for of many persons at once.
//! States and findings are worked out: they have no revision and no audit, and are forgotten when somebody is no longer a
//! client. What a worker says of a finding on a second look is kept and audited.

pub mod changed;
pub mod known;
pub mod row;
pub mod store;
