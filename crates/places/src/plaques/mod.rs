//! Plaques (挂牌): hanging, replacing and removing the plaque of a station or point, each with its day and document [G1].
//!
//! "正式挂牌运作" needs a plaque on the wall, so the events are kept and not only the last day. The owner's `plaque_on` is the
//! day since which a plaque has hung without a break; replacing one does not break it.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
