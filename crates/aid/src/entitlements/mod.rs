//! Entitlements (政策匹配): which policies may fit a person, why, and what is missing [G13].
//!
//! Every policy of the library is asked at the person's county on this day. What the ledger knows (age, approved statuses,
//! disability) is taken from it; the rest was told ([`crate::facts`]). Nothing is assumed: without a fact or a parameter the
//! answer is *unknown*, with the smallest sets of facts that would settle it and the question that settles most. An answer
//! is a hint for a worker and decides nothing (个人信息保护法 art. 24). Duties of an agency are told apart from benefits.
//!
//! Policies whose beneficiaries stand in restricted records (限制知悉) are not answered here, and the facts only they ask for
//! are neither shown nor told.

pub mod http;
pub mod model;
pub mod view;

pub use http::routes;
pub use model::is_restricted;

use people::persons::row::person;

kernel::permits! {
    /// Seeing which policies may fit a person.
    Read = "aid.entitlements.read", "查看政策匹配", "See which policies may fit", sees [person::Entity];
}
