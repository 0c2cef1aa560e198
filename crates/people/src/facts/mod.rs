//! Facts (核对情况): what is known of a person or household beside the ledger, as policies ask for it [G13].
//!
//! A fact has a code (`hh.income_pc`), a value or "does not apply", where it comes from and the day it was true. Rows are only
//! added: the newest of a code counts, by its day and then by when it was told, and the others are its history. Which codes
//! there are and how a value counts is the business of the policies (wing `aid`); here they are kept with the person, so
//! that a merge carries them and a household's members can be read together.

pub mod row;
pub mod store;

/// A value.
pub const VALUE: &str = "value";
/// Does not apply to this person (不适用).
pub const NONE: &str = "none";
/// Taken back: unknown again.
pub const UNKNOWN: &str = "unknown";
