//! Stations (社工站): one row per station of a township, a street or a farm, with who runs it, how and since when [G1].
//!
//! A station is set up as planned and goes through the status machine of [`crate::network`]. It may open without plaque or
//! people (reality comes first), but is then not counted, and the page says why. Closing ends its areas, posts and
//! assignments on that day; a closed station stays closed, and its history and its clients stay where they are.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod store;
