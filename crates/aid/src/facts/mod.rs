//! Telling facts (登记核对情况): what a visit, a paper or a match found out, so that policies can be answered [G13, G10].
//!
//! A fact is checked against the dictionary: its kind, its bounds, the sources it may come from. Approved statuses come from
//! the ledger and from matches, never from what somebody says. Facts of a household told of one member count for all who are
//! assessed together. What policies of restricted records ask for alone (艾滋病、精神障碍、矫正、戒毒) is not told here.

pub mod actions;
pub mod http;
pub mod model;

pub use http::routes;

use people::persons::row::person;

kernel::permits! {
    /// Telling facts of a person.
    State = "aid.facts.state", "登记核对情况", "State facts for policies", sees [person::Entity];
}
