//! Policies (救助与福利政策库): the library the product brings, as cards, and the parameters of places [G13].
//!
//! Cards, dictionary and parameters are data (`data/policies`), read once; a fault in them is found by a test, not by a
//! worker. What places decided themselves ([`crate::revisions`]) comes on top. What is marked unverified (待核实) or example (示例)
//! is shown as such everywhere. The engine is the crate `policy`; here it is asked for the plan of a day at a place, which is
//! remembered while nothing changes.

pub mod http;
pub mod shelf;
pub mod view;

pub use http::routes;
pub use shelf::{Chain, Here, here, standards_of};

kernel::permits! {
    /// Reading the policy library.
    Read = "aid.policies.read", "查看政策库", "Read the policy library";
}
