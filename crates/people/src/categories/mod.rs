//! categories
pub mod row;
