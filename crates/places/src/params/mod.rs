//! Parameters (参数): the numbers and lists that places may set, as they hold at a place on a day.
//!
//! Nothing that a place may decide is a literal in code: intervals, denominators, limits. National values stand in
//! `data/params/*.toml` with the document behind each; a value is `verified` only where a text that states it was read.
//! The nearest place wins: village, township, county, prefecture, province, nation. Changing values on the screen comes
//! with a later part; until then a place's own values stand in the same files.

pub mod http;

pub use http::routes;

kernel::permits! {
    /// Look at parameters.
    ReadParams = "places.params.read", "查看参数", "Read parameters",
        sees [crate::divisions::division::Entity, crate::divisions::version::Entity];
}
