//! households
pub mod row;
