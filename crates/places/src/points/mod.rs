//! Points (社工点): a desk of a station in one of its villages, open some days a week and covering villages around [G2].
//!
//! A point is seated in one village (strict coverage counts the seat) and covers this and perhaps others (area coverage counts
//! all it covers); which village was covered when is kept with dates. It runs through the same status machine as a station.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod store;
