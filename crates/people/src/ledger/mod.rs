//! ledger
pub mod row;
